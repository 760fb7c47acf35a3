//! Target groups, once for each load balancer that they are behind: CloudWatch knows them by both.

use super::balancer::{Balancer, balancers};
use super::properties::Properties;
use super::resource::{Found, Search, attribute};
use crate::catalogue::rows::load_balancers::{APPLICATION_TARGETS, GATEWAY_TARGETS, NETWORK_TARGETS};
use crate::finding::{Finding, UNRELATED};
use crate::template::Resource;
use crate::template::text::Text;

/// Finds the target groups of all sorts of load balancers; their protocol tells them apart.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for group in template.of_types(APPLICATION_TARGETS.types) {
        let balancers = balancers(template, group);
        if balancers.is_empty() {
            search.findings.push(unrelated(group));
        }
        for kind in [&APPLICATION_TARGETS, &NETWORK_TARGETS, &GATEWAY_TARGETS] {
            for balancer in &balancers {
                search.add(Found {
                    kind,
                    resource: group,
                    part: name(balancer),
                    dimensions: vec![attribute(group.id, "TargetGroupFullName"), balancer.full_name.clone()],
                    when: balancer.when.clone(),
                    properties: Properties::Of(group.id),
                });
            }
        }
    }
}

/// A second load balancer must not rename the alarms of the first, so the load balancer is always part of the name.
fn name(balancer: &Balancer) -> Option<Text> {
    balancer.id.as_deref().map(Text::literal).or_else(|| Text::read(&balancer.full_name))
}

fn unrelated(group: &Resource<'_>) -> Finding {
    let what = format!("no listener or rule in this template leads to {}: its targets are not watched", group.id);
    let help = "add Toprail to the template that has the listener, or give the listener's ARN as a parameter";
    Finding::new(&UNRELATED, group.at.clone(), what, help)
}
