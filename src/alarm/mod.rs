//! The alarms of a template: which rows of the catalogue each target gets, and the resource that a row becomes.

mod check;
mod existing;
pub(crate) mod filter;
mod naming;
pub(crate) mod render;
mod select;
mod threshold;

pub(crate) use existing::Existing;
pub use select::Alarm;
pub(crate) use select::{Selection, select};
