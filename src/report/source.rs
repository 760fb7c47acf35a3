//! Where a template and its policy come from, and where in those files the parts of them stand.

use crate::config::Origin;
use crate::template::Pointer;
use crate::template::document::{Document, Position, Span};

/// A template file.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The name that people know it by.
    pub name: &'a str,
    /// The file, for lines and columns.
    pub document: Option<&'a Document>,
    /// The entry of `Transform` that calls Toprail: where the fragment's pointers say `/Transform`.
    pub call: Option<&'a Pointer>,
    /// The policy that it was transformed under.
    pub policy: Option<PolicySource<'a>>,
}

/// A policy file.
#[derive(Debug, Clone, Copy)]
pub struct PolicySource<'a> {
    /// The name that people know it by.
    pub name: &'a str,
    /// The file, for lines and columns.
    pub document: &'a Document,
}

impl PolicySource<'_> {
    /// Where a part of the policy stands in its file.
    pub fn position(&self, pointer: &Pointer) -> Option<Position> {
        self.span(pointer).map(|span| span.start)
    }

    /// The same, with its end.
    pub(super) fn span(&self, pointer: &Pointer) -> Option<Span> {
        nearest(self.document, pointer.clone())
    }

    /// `policy.yaml:14:9`.
    pub(super) fn place(&self, pointer: &Pointer) -> String {
        match self.position(pointer) {
            Some(position) => format!("{}:{position}", self.name),
            None => self.name.to_owned(),
        }
    }
}

/// Where a part of a file stands: its key where it has one; for what is not there, what would hold it.
fn nearest(document: &Document, mut at: Pointer) -> Option<Span> {
    loop {
        if let Some(span) = document.key_span(&at).or_else(|| document.span(&at)) {
            return Some(span);
        }
        at = at.parent()?;
    }
}

impl Source<'_> {
    /// Where a part of the fragment stands in the file: its key where it has one; for what is not there, what would hold it.
    pub fn position(&self, pointer: &Pointer) -> Option<Position> {
        self.span(pointer).map(|span| span.start)
    }

    /// The same, with its end.
    pub(super) fn span(&self, pointer: &Pointer) -> Option<Span> {
        nearest(self.document?, self.in_file(pointer))
    }

    /// Where a setting stands, in whichever file that is.
    pub(super) fn origin(&self, origin: &Origin) -> String {
        if origin.layer.is_built_in() {
            return origin.to_string();
        }
        if origin.layer.is_policy() { self.policy_place(&origin.at) } else { self.place(&origin.at) }
    }

    /// `policy.yaml:14:9`, or as much of it as is known.
    pub(super) fn policy_place(&self, pointer: &Pointer) -> String {
        self.policy.map_or_else(|| format!("the policy's {pointer}"), |policy| policy.place(pointer))
    }

    /// `template.yaml:14:9`, or as much of it as is known.
    pub(super) fn place(&self, pointer: &Pointer) -> String {
        match self.position(pointer) {
            Some(position) => format!("{}:{position}", self.name),
            None => self.name.to_owned(),
        }
    }

    /// The engine sees the parameters of its call as `/Transform/Parameters`; in the file the call is one of a list.
    fn in_file(&self, pointer: &Pointer) -> Pointer {
        let transform = Pointer::root().child("Transform");
        match self.call {
            Some(call) if pointer.starts_with(&transform) => {
                pointer.segments().skip(1).fold(call.clone(), |at, segment| at.child(segment.as_ref()))
            }
            _ => pointer.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Transform:\n  - A\n  - Name: Toprail\n    Parameters:\n      Profile: Essential\nResources:\n  A:\n    Type: T\n";

    #[test]
    fn a_part_of_the_fragment_is_found_in_the_file() {
        let document = Document::parse(TEXT).expect("a template");
        let call = Pointer::parse("/Transform/1").expect("a pointer");
        let source = Source { name: "t.yaml", document: Some(&document), call: Some(&call), policy: None };
        let place = |pointer: &str| source.place(&Pointer::parse(pointer).expect("a pointer"));
        assert_eq!(place("/Transform/Parameters/Profile"), "t.yaml:5:7");
        assert_eq!(place("/Resources/A"), "t.yaml:7:3");
        assert_eq!(place("/Resources/A/Properties/Name"), "t.yaml:7:3");
        assert_eq!(place("/Metadata/Toprail"), "t.yaml:1:1");
        assert_eq!(Source { document: None, ..source }.place(&Pointer::root()), "t.yaml");
    }
}
