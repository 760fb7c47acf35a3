//! `idle-cache`: a cache that is paid for is used.

use super::cache::{Cache, switch};
use crate::catalogue::guards::abuse::IDLE_CACHE;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::stage_property::named;

pub(super) const ENTRY: Entry = (&IDLE_CACHE, look);

fn look(check: &mut Check<'_, '_, '_>) {
    let (template, apis) = (check.template(), check.view.apis);
    for (api, stage) in apis.iter().flat_map(|api| api.stages.iter().map(move |stage| (api, stage))) {
        let Some(cache) = Cache::of(template, api, stage).filter(|cache| cache.is_known) else { continue };
        let is_off = |entry: &serde_json::Value| switch(entry, "CachingEnabled") == Some(false);
        let for_all = cache.entries.iter().filter(|entry| entry.get("ResourcePath").is_some_and(|path| path == "/*"));
        // What is cached where nothing is said is for API Gateway to know.
        if for_all.count() == 0 || !cache.entries.iter().all(|entry| is_off(entry)) {
            continue;
        }
        let (name, owners) = named(api, stage);
        let what =
            format!("{name} pays for a cache by the hour, and `CachingEnabled: false` keeps all methods from using it");
        let help =
            "switch caching on for GET methods whose answers may be some seconds old, or remove `CacheClusterEnabled`";
        let violation = Violation::new(stage.at.clone(), &api.id, what, help).in_stage(stage.name.display());
        check.report(owners.iter().skip(1).fold(violation, |violation, owner| violation.of(owner)));
    }
}
