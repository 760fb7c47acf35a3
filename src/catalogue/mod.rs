//! What exists: the kinds of targets, the alarms, the guardrails. Data, and nothing that decides.

mod cost;
mod guards;
mod kind;
mod spec;
mod table;

pub use cost::{Cents, alarm_cost, custom_metrics_cost};
pub use guards::{GUARDS, Guard, GuardLevel, MISSING_DEFAULT_TAGS, MISSING_DETAILED_METRICS, UNTHROTTLED_STAGE};
pub use kind::Kind;
pub(crate) use kind::VERBS;
pub use spec::{AlarmSpec, Comparison, MetricUse, Missing, Profile, Severity, Threshold, Unit, Window};
pub use table::{ALARMS, alarm};
