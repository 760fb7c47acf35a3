//! Pages about policies: what one comes to, and what another one would change.

mod diff;
mod effective;

pub use diff::{ChangedAlarm, Compared, Diff, compare};
pub(super) use effective::is_about;
pub use effective::{about, json, page, says};
