//! What alarms and detailed metrics cost a month, as far as list prices tell. Source: Amazon CloudWatch pricing, US West (Oregon), first tier: a standard alarm
//! costs $0.10 for each metric it reads, one with periods below a minute $0.30; a detailed metric is billed as a custom metric, $0.30. The free tier is not taken off.

use super::own::Reads;
use super::spec::AlarmSpec;

/// Hundredths of a US dollar, a month.
pub type Cents = u64;

const ALARM_METRIC: Cents = 10;
const FAST_ALARM_METRIC: Cents = 30;
const CUSTOM_METRIC: Cents = 30;

/// An alarm that reads so many metrics.
pub fn alarm_cost(metrics: usize) -> Cents {
    ALARM_METRIC * metrics as Cents
}

/// The same, with periods of less than a minute.
pub fn fast_alarm_cost(metrics: usize) -> Cents {
    FAST_ALARM_METRIC * metrics as Cents
}

/// The alarm of a row, with its own window.
pub fn row_cost(row: &AlarmSpec) -> Cents {
    let metrics = row.metrics().count();
    let alarm = if row.window.period < 60 { fast_alarm_cost(metrics) } else { alarm_cost(metrics) };
    let counts_lines = row.own.as_ref().is_some_and(|own| matches!(own.reads, Reads::Log { .. }));
    alarm + if counts_lines { custom_metrics_cost(1) } else { 0 }
}

/// So many custom metrics; detailed metrics are billed as such.
pub fn custom_metrics_cost(metrics: usize) -> Cents {
    CUSTOM_METRIC * metrics as Cents
}
