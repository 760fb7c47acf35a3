//! A mapping while it is read: keys that come twice, and merge keys.

use indexmap::IndexMap;
use indexmap::map::Entry as Slot;

use super::error::{LoadError, quote};
use super::expand::Budget;
use super::spans::Span;
use super::tree::{Entry, Kind, NodeId, Tree};

/// A mapping that is not closed yet.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    entries: IndexMap<String, Entry>,
    /// The values of `<<`, each with the place of its key.
    merges: Vec<(Span, NodeId)>,
    key: Option<Key>,
}

/// A key whose value has not come yet.
#[derive(Debug)]
pub(super) enum Key {
    Text(String, Span),
    /// `<<`
    Merge(Span),
    /// Reported already: its value is passed over.
    Refused,
}

impl Mapping {
    /// The long form of a short tag.
    pub(super) fn single(key: String, at: Span, node: NodeId) -> IndexMap<String, Entry> {
        IndexMap::from([(key, Entry { key: at, node, merged: None })])
    }

    pub(super) fn expects_key(&self) -> bool {
        self.key.is_none()
    }

    pub(super) fn take_key(&mut self, key: Key) {
        self.key = Some(key);
    }

    /// Takes the value of the key that came last.
    pub(super) fn insert(&mut self, node: NodeId) -> Result<(), LoadError> {
        match self.key.take() {
            Some(Key::Text(text, key)) => match self.entries.entry(text) {
                Slot::Vacant(slot) => {
                    slot.insert(Entry { key, node, merged: None });
                }
                Slot::Occupied(slot) => {
                    let message = format!("the key {} is here a second time: remove or rename one", quote(slot.key()));
                    return Err(LoadError::new(message, key).with_related("the first one is", slot.get().key));
                }
            },
            Some(Key::Merge(key)) => self.merges.push((key, node)),
            Some(Key::Refused) | None => {}
        }
        Ok(())
    }

    /// The entries, with those that merge keys bring in. As in `sam package`: an explicit key wins over a merged one, the
    /// first mapping of a list over the later ones, and of several `<<` the last.
    pub(super) fn close(self, merging: &mut Merging<'_>) -> Result<IndexMap<String, Entry>, LoadError> {
        let mut all = IndexMap::new();
        for (key, value) in self.merges.into_iter().rev() {
            merging.merge(key, value, &mut all)?;
        }
        if all.is_empty() {
            return Ok(self.entries);
        }
        all.extend(self.entries);
        Ok(all)
    }
}

/// What merge keys need to know and may spend.
pub(super) struct Merging<'r> {
    pub(super) tree: &'r Tree,
    pub(super) budget: &'r mut Budget,
    pub(super) errors: &'r mut Vec<LoadError>,
}

impl Merging<'_> {
    /// Adds what `<<: value` brings in and is not there yet.
    fn merge(&mut self, key: Span, value: NodeId, all: &mut IndexMap<String, Entry>) -> Result<(), LoadError> {
        let tree = self.tree;
        let at = tree.alias_at(value);
        let sources = match &tree.node(tree.target(value)).kind {
            Kind::Sequence(items) => items.as_slice(),
            Kind::Mapping(_) | Kind::Scalar(_) | Kind::Alias(_) => &[value],
        };
        for source in sources {
            let at = at.or(tree.alias_at(*source));
            let here = tree.node(*source).span;
            let Kind::Mapping(entries) = &tree.node(tree.target(*source)).kind else {
                let error = LoadError::new("`<<` takes a mapping or a list of mappings", at.unwrap_or(here));
                self.errors.push(error.with_related("the merge key is", key));
                continue;
            };
            for (name, entry) in entries {
                self.budget.spend(1, name.len(), at.unwrap_or(here))?;
                let entry = at.map_or(*entry, |at| Entry { key, node: entry.node, merged: Some(at) });
                all.entry(name.clone()).or_insert(entry);
            }
        }
        Ok(())
    }
}
