//! `idle-cache`: a cache that is paid for is used.

use super::cache::Cache;
use crate::catalogue::guards::abuse::IDLE_CACHE;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::methods::under;
use crate::guard::stage_property::named;

pub(super) const ENTRY: Entry = (&IDLE_CACHE, look);

fn look(check: &mut Check<'_, '_, '_>) {
    let (template, apis) = (check.template(), check.view.apis);
    for (api, stage) in apis.iter().flat_map(|api| api.stages.iter().map(move |stage| (api, stage))) {
        let Some(cache) = Cache::of(template, api, stage).filter(|cache| cache.is_known) else { continue };
        if !cache.entries.iter().all(|entry| entry.caches() == Some(false)) {
            continue;
        }
        let (name, owners) = named(api, stage);
        let paid = format!("{name} pays for a cache by the hour{}", under(&cache.when));
        let what = format!("{paid}, and no method uses it: no settings switch `CachingEnabled` on");
        let help = "add `CachingEnabled: true` and `CacheDataEncrypted: true` to `MethodSettings` for GET methods whose answers may be some seconds old, or remove `CacheClusterEnabled`";
        let violation = Violation::new(stage.at.clone(), &api.id, what, help).in_stage(stage.name.display());
        check.report(owners.iter().skip(1).fold(violation, |violation, owner| violation.of(owner)));
    }
}
