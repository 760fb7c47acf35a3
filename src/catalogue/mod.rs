//! What exists: the kinds of targets, the alarms, the guardrails. Data, and nothing that decides.

mod build;
mod cost;
pub mod guards;
mod kind;
mod own;
pub(crate) mod rows;
mod spec;
mod test;

pub use cost::{Cents, alarm_cost, custom_metrics_cost, fast_alarm_cost, row_cost};
pub use guards::{Concern, Guard, GuardLevel, codes, codes_by_id, guard, guards};
pub(crate) use kind::VERBS;
pub use kind::{Dimension, Finder, Kind, ValueOf};
pub(crate) use own::OWN_KIND;
pub use own::{Own, OwnMetric, Reads, Row, Rows, ValueFrom};
pub use rows::{FAMILIES, Family, alarm, alarms, group_kind, kinds};
pub(crate) use spec::THRESHOLD;
pub use spec::{AlarmSpec, Comparison, MetricUse, Missing, Profile, Severity, Share, Threshold, Unit, Window};
pub use test::{Need, Test};
