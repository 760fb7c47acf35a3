//! From the nodes of a file to one JSON value: follows the aliases, within bounds.
//!
//! The only place where a small file could grow into a large value. The depth is bounded too, so that here and wherever
//! the value goes (JSON text, the macro response, another parser) recursion is safe.

use serde_json::{Map, Value};

use super::error::LoadError;
use super::spans::Span;
use super::tree::{Kind, NodeId, Tree};
use super::{MAX_BYTES, MAX_DEPTH, MAX_EXPANDED};

/// The value of a tree.
pub(super) fn expand(tree: &Tree) -> Result<Value, LoadError> {
    Expansion { tree, budget: Budget::default() }.value(tree.root(), 0, None)
}

struct Expansion<'t> {
    tree: &'t Tree,
    budget: Budget,
}

impl Expansion<'_> {
    /// `at` is where the outermost alias stands that led here.
    fn value(&mut self, id: NodeId, depth: usize, at: Option<Span>) -> Result<Value, LoadError> {
        let node = self.tree.node(id);
        if let (Kind::Alias(target), at) = (&node.kind, at.unwrap_or(node.span)) {
            return self.value(*target, depth, Some(at));
        }
        let is_scalar = matches!(node.kind, Kind::Scalar(_));
        if depth >= MAX_DEPTH && !is_scalar {
            return Err(LoadError::too_deep(at.unwrap_or(node.span)));
        }
        if let Some(at) = at {
            self.budget.spend(1, text_len(&node.kind), at)?;
        }
        match &node.kind {
            Kind::Scalar(value) => Ok(value.clone()),
            Kind::Sequence(items) => items.iter().map(|item| self.value(*item, depth + 1, at)).collect(),
            Kind::Mapping(entries) => {
                let mut map = Map::with_capacity(entries.len());
                for (key, entry) in entries {
                    map.insert(key.clone(), self.value(entry.node, depth + 1, at.or(entry.merged))?);
                }
                Ok(Value::Object(map))
            }
            Kind::Alias(_) => Ok(Value::Null),
        }
    }
}

fn text_len(kind: &Kind) -> usize {
    match kind {
        Kind::Scalar(Value::String(text)) => text.len(),
        Kind::Mapping(entries) => entries.keys().map(String::len).sum(),
        Kind::Scalar(_) | Kind::Sequence(_) | Kind::Alias(_) => 0,
    }
}

/// How much aliases and merge keys have added.
#[derive(Debug, Default)]
pub(super) struct Budget {
    values: usize,
    text: usize,
}

impl Budget {
    /// Counts what an alias adds.
    pub(super) fn spend(&mut self, values: usize, text: usize, at: Span) -> Result<(), LoadError> {
        self.values += values;
        self.text += text;
        let what = if self.values > MAX_EXPANDED {
            "200,000 values"
        } else if self.text > MAX_BYTES {
            "4 MiB of text"
        } else {
            return Ok(());
        };
        Err(LoadError::new(format!("aliases expand to more than {what}: write less through aliases"), at))
    }
}
