//! What alarms and detailed metrics cost a month, as far as list prices tell. Source: Amazon CloudWatch pricing, US East, first tier: a standard alarm
//! costs $0.10 for each metric it reads; a detailed metric is billed as a custom metric, $0.30. The free tier is not taken off.

use crate::target::Protocol;

/// Hundredths of a US dollar, a month.
pub type Cents = u64;

const ALARM_METRIC: Cents = 10;
const CUSTOM_METRIC: Cents = 30;

/// An alarm that reads so many metrics.
pub fn alarm_cost(metrics: usize) -> Cents {
    ALARM_METRIC * metrics as Cents
}

/// The detailed metrics of so many methods. REST: 4XXError, 5XXError, Count, Latency, IntegrationLatency (the two cache metrics exist with a cache
/// only); HTTP has DataProcessed too; WebSocket has six others.
pub fn metrics_cost(protocol: Protocol, methods: usize) -> Cents {
    let each = match protocol {
        Protocol::Rest => 5,
        Protocol::Http | Protocol::WebSocket => 6,
    };
    CUSTOM_METRIC * each * methods as Cents
}
