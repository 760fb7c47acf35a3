//! How changes reach users.

use super::Concern::Releases;
use super::Guard;
use super::GuardLevel::{Fix, Info, Off, Warn};

/// Functions that serve users are deployed gradually.
pub static ALL_AT_ONCE_DEPLOYMENT: Guard = Guard::new(
    ("TR535", "all-at-once-deployment"),
    Releases,
    [Off, Info, Warn],
    "Functions that serve users are deployed through an alias, gradually.",
    page!("releases/all_at_once_deployment.md"),
);

/// A gradual deployment is rolled back by alarms on the function that is deployed.
pub static MISSING_ROLLBACK_ALARMS: Guard = Guard::new(
    ("TR536", "missing-rollback-alarms"),
    Releases,
    [Info, Fix, Fix],
    "Gradual deployments are rolled back by alarms on the errors and the duration of the alias that is deployed.",
    page!("releases/missing_rollback_alarms.md"),
)
.fixed_by("the alarms of the alias, to its deployment group or `DeploymentPreference`");

pub(super) static ALL: &[&Guard] = &[&ALL_AT_ONCE_DEPLOYMENT, &MISSING_ROLLBACK_ALARMS];
