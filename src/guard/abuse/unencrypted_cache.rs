//! `unencrypted-cache`: what a stage keeps in its cache is encrypted.

use super::cache::{self, Cache, ENCRYPTED};
use crate::catalogue::guards::abuse::UNENCRYPTED_CACHE;
use crate::edit::Edit;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::methods::under;
use crate::guard::stage_property::named;
use serde_json::Value;

pub(super) const ENTRY: Entry = (&UNENCRYPTED_CACHE, look);

fn look(check: &mut Check<'_, '_, '_>) {
    let (template, apis) = (check.template(), check.view.apis);
    for (api, stage) in apis.iter().flat_map(|api| api.stages.iter().map(move |stage| (api, stage))) {
        let Some(cache) = Cache::of(template, api, stage) else { continue };
        let is_plain = |entry: &&cache::Entry<'_>| entry.caches() == Some(true) && entry.is_encrypted() != Some(true);
        let faulty: Vec<_> = cache.entries.iter().filter(is_plain).collect();
        if faulty.is_empty() {
            continue;
        }
        let (name, owners) = named(api, stage);
        let what = format!("{name} caches responses without encryption{}", under(&cache.when));
        let help = "set `CacheDataEncrypted: true` beside `CachingEnabled: true` in `MethodSettings`";
        let violation = Violation::new(stage.at.clone(), &api.id, what, help).in_stage(stage.name.display());
        let violation = owners.iter().skip(1).fold(violation, |violation, owner| violation.of(owner));
        // Whether settings of one method take what they do not say from those for all is not documented.
        let is_encrypted_for_all =
            cache.entries.iter().any(|entry| entry.is_for_all() && entry.is_encrypted() == Some(true));
        let may_inherit = |entry: &&cache::Entry<'_>| !entry.is_for_all() && entry.is_encrypted().is_none();
        let is_unknown = is_encrypted_for_all && faulty.iter().all(may_inherit);
        let violation = if is_unknown { violation.unknown() } else { violation };
        check.report(match faulty.iter().map(|entry| encryption(entry)).collect::<Option<Vec<_>>>() {
            Some(edits) => violation.fixed_by("encryption of the cache", edits, Vec::new()),
            None => violation,
        });
    }
}

/// The field for settings of the author's that do not say it.
fn encryption(entry: &cache::Entry<'_>) -> Option<Edit> {
    let at = entry.at.as_ref().filter(|_| !entry.has_field(ENCRYPTED))?;
    Some(Edit::Insert { at: at.child(ENCRYPTED), value: Value::Bool(true) })
}
