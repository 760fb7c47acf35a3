//! `unthrottled-stage`: every stage of a REST or HTTP API has a request limit of its own.

use crate::config::Settings;
use crate::config::Throttle;
use crate::target::{Protocol, Stage};

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
