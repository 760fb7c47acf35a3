//! Which alarms exist: the rows ([`ALARMS`]), the choice of rows for each target, and the resource that a row becomes.

mod cost;
mod existing;
mod naming;
pub(crate) mod render;
mod select;
mod spec;
mod table;
mod threshold;

pub use cost::{Cents, alarm_cost, metrics_cost};
pub(crate) use existing::Existing;
pub use select::Alarm;
pub(crate) use select::{Selection, select};
pub use spec::{AlarmSpec, Comparison, MetricUse, Missing, Profile, Severity, Threshold, Unit, Window};
pub use table::{ALARMS, alarm};
