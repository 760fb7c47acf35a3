//! A file as it is written: its nodes, each with its place, aliases not yet followed.
//!
//! The nodes lie in one list and name each other by number, so that no depth of nesting or chain of aliases
//! can exhaust the stack, not even when the tree is dropped. An alias names only nodes that were complete before it:
//! following aliases always comes to an end.

use indexmap::IndexMap;
use serde_json::Value;

use super::spans::{Position, Span};
use crate::template::pointer::{self, Pointer};

/// The nodes of a file.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    root: NodeId,
}

/// Which node of its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NodeId(usize);

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Scalar(Value),
    Sequence(Vec<NodeId>),
    Mapping(IndexMap<String, Entry>),
    Alias(NodeId),
}

/// An entry of a mapping.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) key: Span,
    pub(super) node: NodeId,
    /// For an entry that a merge key brought in through an alias: where that alias stands.
    pub(super) merged: Option<Span>,
}

/// What a number that no tree gave out would name.
static NOWHERE: Node = Node { span: Span::at(Position::START), kind: Kind::Scalar(Value::Null) };

impl Tree {
    pub(super) fn new() -> Self {
        Self { nodes: Vec::new(), root: NodeId(0) }
    }

    pub(super) fn add(&mut self, span: Span, kind: Kind) -> NodeId {
        self.nodes.push(Node { span, kind });
        NodeId(self.nodes.len() - 1)
    }

    pub(super) fn set_root(&mut self, root: NodeId) {
        self.root = root;
    }

    pub(super) fn root(&self) -> NodeId {
        self.root
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0).unwrap_or(&NOWHERE)
    }

    /// The node that an alias stands for; any other node is itself.
    pub(super) fn target(&self, id: NodeId) -> NodeId {
        match self.node(id).kind {
            Kind::Alias(target) => target,
            Kind::Scalar(_) | Kind::Sequence(_) | Kind::Mapping(_) => id,
        }
    }

    /// Where the alias stands, if the node is one.
    pub(super) fn alias_at(&self, id: NodeId) -> Option<Span> {
        let node = self.node(id);
        matches!(node.kind, Kind::Alias(_)).then_some(node.span)
    }

    /// Gives up the scalars, once the value is built: the places stay.
    pub(super) fn forget_scalars(&mut self) {
        for node in &mut self.nodes {
            if let Kind::Scalar(value) = &mut node.kind {
                *value = Value::Null;
            }
        }
    }

    pub(super) fn walk(&self) -> Walk<'_> {
        let span = self.node(self.root).span;
        Walk { tree: self, id: self.root, span, key: None, expanded: None }
    }

    /// Goes down as far as the pointer exists. The flag tells whether it exists to its end.
    pub(super) fn find(&self, pointer: &Pointer) -> (Walk<'_>, bool) {
        let mut walk = self.walk();
        for segment in pointer.segments() {
            match walk.down(&segment) {
                Some(next) => walk = next,
                None => return (walk, false),
            }
        }
        (walk, true)
    }
}

/// A place on the way down a tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Walk<'t> {
    tree: &'t Tree,
    id: NodeId,
    pub(super) span: Span,
    pub(super) key: Option<Span>,
    /// Once an alias was followed: where it stands. All that is under it has that place.
    expanded: Option<Span>,
}

impl Walk<'_> {
    fn down(&self, segment: &str) -> Option<Self> {
        let here = self.tree.target(self.id);
        let through = self.expanded.or(self.tree.alias_at(self.id));
        let (id, key, merged) = match &self.tree.node(here).kind {
            Kind::Mapping(entries) => {
                let entry = entries.get(segment)?;
                (entry.node, Some(entry.key), entry.merged)
            }
            Kind::Sequence(items) => (*items.get(pointer::index(segment)?)?, None, None),
            Kind::Scalar(_) | Kind::Alias(_) => return None,
        };
        let expanded = through.or(merged);
        let span = expanded.unwrap_or(self.tree.node(id).span);
        Some(Self { tree: self.tree, id, span, key: key.map(|key| through.unwrap_or(key)), expanded })
    }
}
