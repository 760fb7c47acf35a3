//! `unencrypted-cache`: what a stage keeps in its cache is encrypted.

use super::cache::{Cache, switch};
use crate::catalogue::guards::abuse::UNENCRYPTED_CACHE;
use crate::edit::Edit;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::stage_property::named;
use crate::template::Template;
use serde_json::Value;

pub(super) const ENTRY: Entry = (&UNENCRYPTED_CACHE, look);

const FIELD: &str = "CacheDataEncrypted";

fn look(check: &mut Check<'_, '_, '_>) {
    let (template, apis) = (check.template(), check.view.apis);
    for (api, stage) in apis.iter().flat_map(|api| api.stages.iter().map(move |stage| (api, stage))) {
        let Some(cache) = Cache::of(template, api, stage) else { continue };
        let uses = |entry: &&Value| switch(entry, "CachingEnabled") == Some(true);
        let plain = |entry: &&Value| {
            entry.get(FIELD).is_none_or(|field| crate::template::intrinsic::as_bool(field) == Some(false))
        };
        let users: Vec<&Value> = cache.entries.iter().copied().filter(uses).collect();
        // Without a word about caching, GET methods are cached as soon as there is a cluster, and nothing says that this is encrypted.
        let is_default = cache.is_known && !cache.entries.iter().any(|entry| entry.get("CachingEnabled").is_some());
        let faulty = users.iter().filter(|entry| plain(entry)).count();
        if faulty == 0 && !(is_default && cache.entries.iter().all(&plain)) {
            continue;
        }
        let (name, owners) = named(api, stage);
        let what = format!("{name} caches responses without encryption");
        let help = "set `CacheDataEncrypted: true` beside `CachingEnabled: true` in `MethodSettings`";
        let violation = Violation::new(stage.at.clone(), &api.id, what, help).in_stage(stage.name.display());
        let violation = owners.iter().skip(1).fold(violation, |violation, owner| violation.of(owner));
        let edits = edits(template, &cache);
        check.report(match edits.len() == faulty && faulty > 0 {
            true => violation.fixed_by("encryption of the cache", edits, Vec::new()),
            false => violation,
        });
    }
}

/// The field for the author's entries that cache and do not say it, where the list is written on the stage itself.
fn edits(template: &Template<'_>, cache: &Cache<'_>) -> Vec<Edit> {
    let list = template.at(&cache.at).and_then(Value::as_array);
    let entries = list.into_iter().flatten().enumerate();
    entries
        .filter(|(_, entry)| switch(entry, "CachingEnabled") == Some(true) && entry.get(FIELD).is_none())
        .map(|(index, _)| Edit::Insert { at: cache.at.child(index).child(FIELD), value: Value::Bool(true) })
        .collect()
}
