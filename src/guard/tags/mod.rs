//! Default tags, on every resource that takes them without being replaced.
//!
//! [`addition()`] is what a guardrail asks; it proposes, and never changes a template. Nothing here looks at more
//! of a template than one resource and `Globals`, or resolves an intrinsic.

mod addition;
mod merge;
mod shapes;

pub(crate) use self::{
    addition::{Refusal, addition},
    merge::Addition,
    shapes::TagShape,
};
