//! `unthrottled-stage`: every stage of a REST or HTTP API has a request limit of its own.

use crate::config::Settings;
use crate::config::Throttle;
use crate::finding::{Finding, LAXER_THAN_POLICY};
use crate::target::{Protocol, Stage};
use crate::template::intrinsic::as_number;
use crate::template::text::thousands;

/// The limit that a stage lacks: configured (or the default), not set by the author, and possible here.
pub(in crate::guard) fn missing_limit(
    settings: &Settings,
    owners: &[String],
    protocol: Protocol,
    stage: &Stage<'_>,
) -> Option<Throttle> {
    let can_be_limited =
        protocol != Protocol::WebSocket && stage.settings.is_readable() && !stage.settings.is_limited();
    settings.throttle(owners).filter(|_| can_be_limited)
}

/// The limits that the author wrote on a stage and that are laxer than what the policy enforces. They stay: an explicit property is the author's.
pub(in crate::guard) fn laxer_limits(settings: &Settings, api: &str, stage: &Stage<'_>) -> Vec<Finding> {
    let Some((floor, from)) = settings.enforced_throttle() else { return Vec::new() };
    let above = stage.settings.limits_above(as_number(&floor.rate), as_number(&floor.burst));
    let finding = |(at, field, own, most)| {
        let shown = |number: f64| thousands(&number.to_string());
        let own = if own < 0.0 { "switched off".to_owned() } else { shown(own) };
        let what = format!(
            "`{field}` of stage {} of {api} is {own}, laxer than the policy allows ({}); it stays, because it is written on the resource",
            stage.name.display(),
            shown(most)
        );
        let help = format!("write {most} or less, or remove the limit: Toprail adds one that the policy allows");
        Finding::new(&LAXER_THAN_POLICY, at, what, help).with_policy(from.at.clone())
    };
    above.into_iter().map(finding).collect()
}
