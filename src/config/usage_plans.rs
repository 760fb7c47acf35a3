//! Reads `UsagePlans`: what a usage plan of each tier allows.

use super::layer::Sourced;
use super::methods::throttle;
use super::raw::Throttle;
use super::reader::Reader;
use crate::template::Pointer;
use indexmap::IndexMap;
use serde_json::Value;

/// The tiers.
pub(crate) const TIERS: &[&str] = &["Basic", "Premium", "Enterprise"];

/// The keys of a tier.
pub(crate) const KEYS: &[&str] = &["Throttle", "Quota"];

/// How often a quota starts anew. Source: API Gateway API reference, `QuotaSettings`.
pub(crate) const PERIODS: &[(&str, &str)] = &[("DAY", "DAY"), ("WEEK", "WEEK"), ("MONTH", "MONTH")];

/// The largest quota: CloudFormation's `Limit` is an integer of 32 bits with a sign.
pub(crate) const LARGEST_LIMIT: u32 = 2_147_483_647;

/// What one client may do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UsagePlan {
    /// Requests/s, and at once.
    pub(crate) throttle: Throttle,
    /// Requests in a period.
    pub(crate) limit: u32,
    /// The period, in CloudFormation's word.
    pub(crate) period: &'static str,
}

/// Usage plans by tier.
pub(crate) type UsagePlans = IndexMap<&'static str, Sourced<UsagePlan>>;

/// Reads the value of the setting; mistakes go to the reader.
pub(super) fn usage_plans(reader: &mut Reader, value: &Value, at: &Pointer) -> UsagePlans {
    let mut plans = UsagePlans::new();
    reader.each(value, at, TIERS, |reader, tier, value, at| {
        plans.extend(usage_plan(reader, value, at).map(|plan| (tier, reader.sourced(plan, at))));
    });
    plans
}

fn usage_plan(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<UsagePlan> {
    let (mut rate, mut quota) = (None, None);
    let mistakes = reader.mistakes.len();
    reader.each(value, at, KEYS, |reader, key, value, at| match key {
        "Throttle" => rate = throttle(reader, value, at),
        _ => quota = self::quota(reader, value, at),
    });
    match (rate, quota) {
        (Some(throttle), Some((limit, period))) => Some(UsagePlan { throttle: throttle.value, limit, period }),
        _ => {
            if reader.mistakes.len() == mistakes {
                let help = "write {Throttle: {Rate: 10, Burst: 20}, Quota: {Limit: 10000, Period: DAY}}".to_owned();
                reader.mistake(at, "a usage plan needs both `Throttle` and `Quota`".to_owned(), help);
            }
            None
        }
    }
}

fn quota(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<(u32, &'static str)> {
    let (mut limit, mut period) = (None, None);
    let mistakes = reader.mistakes.len();
    reader.each(value, at, &["Limit", "Period"], |reader, key, value, at| match key {
        "Limit" => limit = reader.whole(value, at, 1..=LARGEST_LIMIT),
        _ => period = reader.word(value, at, PERIODS),
    });
    if (limit.is_none() || period.is_none()) && reader.mistakes.len() == mistakes {
        let help = "write {Limit: 10000, Period: DAY}".to_owned();
        reader.mistake(at, "a quota needs both `Limit` and `Period`".to_owned(), help);
    }
    Some((limit?.value, period?.value))
}
