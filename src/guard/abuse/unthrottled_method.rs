//! `unthrottled-method`: methods that change data have a limit of their own.

use crate::catalogue::guards::abuse::UNTHROTTLED_METHOD;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::stage_property::named;
use crate::guard::stages::owners;
use crate::target::{Api, Protocol, Route, Stage};

pub(super) const ENTRY: Entry = (&UNTHROTTLED_METHOD, look);

const CHANGES: &[&str] = &["POST", "PUT", "PATCH", "DELETE"];
/// So many methods are named.
const NAMED: usize = 3;

fn look(check: &mut Check<'_, '_, '_>) {
    let apis = check.view.apis.iter().filter(|api| api.protocol != Protocol::WebSocket);
    for (api, stage) in apis.flat_map(|api| api.stages.iter().map(move |stage| (api, stage))) {
        if !stage.settings.is_readable() {
            continue;
        }
        let owners = owners(api, stage);
        let routes = unlimited(check, api, stage, &owners);
        let Some(first) = routes.first() else { continue };
        let names: Vec<_> = routes.iter().take(NAMED).map(|route| name(route)).collect();
        let more = routes.len().saturating_sub(NAMED);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        let (stage_name, _) = named(api, stage);
        let what = format!("{stage_name} has no limit of its own for {}{rest}, which change data", names.join(", "));
        let help = format!(
            "set one in `Metadata.Toprail`: `Methods: {{\"{}\": {{Throttle: {{Rate: 20, Burst: 40}}}}}}`",
            name(first)
        );
        let violation = Violation::new(stage.at.clone(), &api.id, what, help).in_stage(stage.name.display());
        check.report(owners.iter().skip(1).fold(violation, |violation, owner| violation.of(owner)));
    }
}

fn unlimited<'a>(check: &Check<'_, '_, '_>, api: &'a Api<'_>, stage: &Stage<'_>, owners: &[String]) -> Vec<&'a Route> {
    let is_unlimited = |route: &&Route| {
        let (verb, path) = (route.verb.as_str(), route.path.display());
        let is_configured = || check.view.settings.method_throttle(owners, verb, &path).is_some();
        CHANGES.contains(&verb) && !stage.settings.limits(verb, &path) && !is_configured()
    };
    api.routes.values().filter(is_unlimited).collect()
}

fn name(route: &Route) -> String {
    format!("{} {}", route.verb.as_str(), route.path.display())
}
