//! A list or a mapping while it is read.
//!
//! Knows what belongs into it, not what that is: nodes and keys come complete from `yaml`.

use granit_parser::StructureStyle;

use super::error::LoadError;
use super::mapping::{Key, Mapping};
use super::scalar::Meaning;
use super::spans::Span;
use super::tree::NodeId;

/// What stands before a node: `&anchor` (0 for none) and `!tag`.
pub(super) struct Properties {
    pub(super) anchor: usize,
    pub(super) meaning: Meaning,
    pub(super) tag: Span,
}

/// A collection that is not closed yet.
pub(super) struct Frame {
    /// From its start to the end of what has been read of it.
    pub(super) span: Span,
    pub(super) style: StructureStyle,
    pub(super) properties: Properties,
    pub(super) body: Body,
}

pub(super) enum Body {
    Sequence(Vec<NodeId>),
    Mapping(Mapping),
}

impl Frame {
    pub(super) fn expects_key(&self) -> bool {
        match &self.body {
            Body::Sequence(_) => false,
            Body::Mapping(mapping) => mapping.expects_key(),
        }
    }

    pub(super) fn take_key(&mut self, key: Key) {
        if let Key::Text(_, at) | Key::Merge(at) = &key {
            self.span.end = at.end;
        }
        if let Body::Mapping(mapping) = &mut self.body {
            mapping.take_key(key);
        }
    }

    /// Takes a complete node: an item, or the value of the key that came last.
    pub(super) fn place(&mut self, node: NodeId, span: Span) -> Result<(), LoadError> {
        self.span.end = span.end;
        if self.expects_key() {
            self.take_key(Key::Refused);
            return Err(LoadError::complex_key(span));
        }
        match &mut self.body {
            Body::Sequence(items) => {
                items.push(node);
                Ok(())
            }
            Body::Mapping(mapping) => mapping.insert(node),
        }
    }

    /// The whole of it. A block ends with its last node, not where the next token happens to be.
    pub(super) fn whole(&self, end: Span) -> Span {
        match self.style {
            StructureStyle::Flow => Span { start: self.span.start, end: end.end },
            StructureStyle::Block => self.span,
        }
    }
}
