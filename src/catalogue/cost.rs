//! What alarms and detailed metrics cost a month, as far as list prices tell. Source: Amazon CloudWatch pricing, US West (Oregon), first tier: a standard alarm
//! costs $0.10 for each metric it reads; a detailed metric is billed as a custom metric, $0.30. The free tier is not taken off.

/// Hundredths of a US dollar, a month.
pub type Cents = u64;

const ALARM_METRIC: Cents = 10;
const CUSTOM_METRIC: Cents = 30;

/// An alarm that reads so many metrics.
pub fn alarm_cost(metrics: usize) -> Cents {
    ALARM_METRIC * metrics as Cents
}

/// So many custom metrics; detailed metrics are billed as such.
pub fn custom_metrics_cost(metrics: usize) -> Cents {
    CUSTOM_METRIC * metrics as Cents
}
