//! `over-budget`: the estimated monthly cost of what is added stays below what is configured.

use crate::catalogue::Cents;
use crate::catalogue::guards::ownership::OVER_BUDGET as GUARD;
use crate::config::Settings;
use crate::finding::Finding;
use crate::template::intrinsic::as_number;

/// What there is to say of a cost in a month.
pub(crate) fn finding(settings: &Settings, cost: Cents) -> Option<Finding> {
    let level = settings.guard_level(&GUARD).finding()?;
    let budget = settings.budget()?;
    let dollars = as_number(&budget.value)?;
    #[allow(clippy::cast_precision_loss, reason = "cents of a monthly bill")]
    let is_over = cost as f64 > dollars * 100.0;
    let what = format!(
        "alarms and detailed metrics cost about ${}.{:02} a month, more than the budget of ${dollars}",
        cost / 100,
        cost % 100
    );
    let help = "switch alarms off (`Alarms`, `Methods`), or raise `Budget`";
    is_over.then(|| budget.from.finding(&GUARD.code, what, help).at_level(level))
}
