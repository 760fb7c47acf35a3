//! Tags of resources: which they have, and which default tags can be added without replacing them.
//!
//! [`present()`] and [`addition()`] are what guardrails ask; it proposes, and never changes a template. Nothing here looks at more
//! of a template than one resource and `Globals`, or resolves an intrinsic.

mod addition;
mod merge;
mod present;
mod shapes;

pub(crate) use self::{
    addition::{Refusal, addition},
    merge::Addition,
    present::{Present, present},
    shapes::TagShape,
};
