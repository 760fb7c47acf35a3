//! What people and programs are shown: plans, findings, pages and templates as text. Pure: values in, text out; nothing is printed here, nothing is
//! decided about alarms, and no colour is known, only [`Tone`]s.

pub mod explain;
mod finding;
mod in_force;
pub mod json;
pub mod list;
mod page;
pub mod plan;
pub mod policy;
pub mod sarif;
mod scalar;
mod source;
mod table;
mod words;
pub mod yaml;

pub use finding::findings;
pub use in_force::InForce;
pub use page::{Line, Page, Tone};
pub use source::{PolicySource, Source};
pub use words::{count, thousands};

use crate::Outcome;

/// One template and what came of it.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// Where it comes from.
    pub source: Source<'a>,
    /// What the engine made of it.
    pub outcome: &'a Outcome,
    /// Whether a deployment would call Toprail, and what it would do.
    pub reach: Reach,
    /// What the reader should know about how the template was read.
    pub notes: &'a [String],
}

/// What a deployment of the template would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It would call Toprail, which would add.
    Adds,
    /// It would call Toprail, which would only report (`Mode: Audit`).
    Audits,
    /// It would not call Toprail: no `Transform` names it.
    Unlisted,
}

/// How much is shown, and in how much room.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Columns for tables.
    pub width: usize,
    /// Columns for sentences; none: they are not wrapped, because a program may read them.
    pub prose: Option<usize>,
    /// How much is shown.
    pub detail: Detail,
}

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What fits a screen.
    Summary,
    /// Every alarm with its logical id and origins, every change, every finding.
    Everything,
}
