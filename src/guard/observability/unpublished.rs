//! `missing-detailed-metrics`, for resources that publish a metric only when a property says so: it is switched on where that is free and safe.

use crate::catalogue::guards::observability::MISSING_DETAILED_METRICS as GUARD;
use crate::catalogue::{GuardLevel, Need};
use crate::config::Settings;
use crate::config::suppress::{Subject, Suppressions};
use crate::edit::Edit;
use crate::guard::{Change, Proposals};
use crate::target::{Answer, Target};
use crate::template::{Template, When};
use std::collections::BTreeSet;

/// Resources and the property of each that may be added.
pub(crate) type Publishable = BTreeSet<(String, &'static str)>;

/// What may be switched on for the rows of all targets: nothing stands there, the fix is on and not suppressed.
pub(crate) fn publishable(
    template: &Template<'_>,
    targets: &[Target<'_>],
    settings: &Settings,
    suppressions: &mut Suppressions,
) -> Publishable {
    let mut all = Publishable::new();
    for target in targets {
        let needs = target.kind.alarms().filter_map(|row| row.need.as_ref());
        for (property, need) in needs.filter_map(|need| Some((need.fix?.0, need))) {
            let Some((owner, resource)) =
                target.owners.first().and_then(|id| Some((id, template.resources.get(id.as_str())?)))
            else {
                continue;
            };
            let subject =
                Subject { ids: &[GUARD.id, GUARD.code.id], owners: &target.owners, at: &target.at, method: None };
            let is_free = resource.takes_properties() && resource.own(property).is_none();
            if is_free
                && target.properties.test(template, need.on) == Answer::When(When::Never)
                && settings.guard_level(&GUARD) == GuardLevel::Fix
                && settings.wants_detailed_metrics_of(&target.owners)
                && suppressions.reason(subject).is_none()
            {
                all.insert((owner.clone(), property));
            }
        }
    }
    all
}

/// Whether what a metric needs may be switched on for a target.
pub(crate) fn may_publish(publishable: &Publishable, target: &Target<'_>, need: &Need) -> bool {
    let property = need.fix.map(|(property, _)| property);
    target
        .owners
        .first()
        .zip(property)
        .is_some_and(|(owner, property)| publishable.contains(&(owner.clone(), property)))
}

/// Switches on what alarms need.
pub(crate) fn propose(
    template: &Template<'_>,
    needs: &BTreeSet<(String, &'static str, &'static str)>,
    proposals: &mut Proposals,
) {
    for (owner, property, value) in needs {
        let Some(resource) = template.resources.get(owner.as_str()) else { continue };
        // The value stands in the catalogue, whose tests parse it.
        let Ok(value) = serde_json::from_str(value) else { continue };
        let at = resource.property_at(property);
        proposals.edits.push(Edit::Insert { at: at.clone(), value });
        let what = format!("metrics published (`{property}`)");
        proposals.changes.push(Change {
            guard: GUARD.id,
            at,
            what,
            owner: owner.clone(),
            stage: None,
            from: Vec::new(),
        });
    }
}
