//! Reads YAML into a [`Tree`]: places, keys, short tags, anchors, merge keys.
//!
//! Keeps a stack of its own instead of calling itself, names as many errors as it can, and follows no alias: what an alias
//! stands for is put in its place by `expand`.

use granit_parser::{Event, Marker, Parser, ScalarStyle, Tag, options};
use indexmap::IndexMap;
use serde_json::Value;

use super::error::{LoadError, quote};
use super::expand::Budget;
use super::frame::{Body, Frame, Properties};
use super::mapping::{Key, Mapping, Merging};
use super::scalar::{self, Meaning};
use super::spans::{Position, Span};
use super::tree::{Entry, Kind, NodeId, Tree};

/// After so many errors the rest of the file is not read.
const MAX_ERRORS: usize = 100;

/// Reads the one document of a text whose first byte is the file's byte `first_byte`.
pub(super) fn read(text: &str, first_byte: usize) -> Result<Tree, Vec<LoadError>> {
    let mut reader = Reader {
        tree: Tree::new(),
        first_byte,
        open: Vec::new(),
        anchors: IndexMap::new(),
        documents: 0,
        has_root: false,
        merged: Budget::default(),
        errors: Vec::new(),
    };
    if let Err(error) = reader.run(text) {
        reader.errors.push(error);
    }
    if reader.errors.is_empty() && !reader.has_root {
        reader.errors.push(LoadError::of_file(super::EMPTY));
    }
    if reader.errors.is_empty() { Ok(reader.tree) } else { Err(reader.errors) }
}

struct Reader {
    tree: Tree,
    first_byte: usize,
    /// The collections around the current node, outermost first.
    open: Vec<Frame>,
    anchors: IndexMap<usize, Anchor>,
    documents: usize,
    has_root: bool,
    merged: Budget,
    errors: Vec<LoadError>,
}

/// What an anchor names.
#[derive(Debug, Clone, Copy)]
enum Anchor {
    /// A collection that is not closed yet: an alias to it would hold itself.
    Open,
    Node(NodeId),
}

impl Reader {
    /// Stops at the first error that leaves nothing to go on with.
    fn run(&mut self, text: &str) -> Result<(), LoadError> {
        let options = options! { emit_comments: false, emit_unresolved_aliases: true };
        let mut parser = Parser::new_from_str_with_options(text, options);
        while let Some(next) = parser.next_event() {
            let (event, span) = next.map_err(|error| {
                let place = self.position(error.marker());
                LoadError::scan(&error, text, Span::at(place))
            })?;
            self.event(event, &span)?;
            if self.errors.len() >= MAX_ERRORS {
                let message = format!("{MAX_ERRORS} errors found: the rest of the file was not read");
                return Err(LoadError::new(message, self.span(&span)));
            }
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, raw: &granit_parser::Span) -> Result<(), LoadError> {
        let span = self.span(raw);
        match event {
            Event::DocumentStart(..) => self.document(span)?,
            Event::Scalar(text, style, anchor, tag) => {
                let properties = self.properties(anchor, tag.as_deref(), raw);
                self.scalar(&text, style, properties, span);
            }
            Event::SequenceStart(style, anchor, tag) => {
                let properties = self.properties(anchor, tag.as_deref(), raw);
                self.start(Frame { span, style, properties, body: Body::Sequence(Vec::new()) });
            }
            Event::MappingStart(style, anchor, tag) => {
                let properties = self.properties(anchor, tag.as_deref(), raw);
                self.start(Frame { span, style, properties, body: Body::Mapping(Mapping::default()) });
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::UnresolvedAlias(name) => self.unknown_alias(&name, span),
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Anchor(..) | Event::Comment(..) => {}
            _ => {}
        }
        Ok(())
    }

    fn document(&mut self, span: Span) -> Result<(), LoadError> {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        let message = "a second YAML document starts here, but a file can hold only one: split the file";
        Err(LoadError::new(message, span))
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, properties: Properties, span: Span) {
        let empty = span.start == span.end && style == ScalarStyle::Plain;
        let span = match properties.meaning {
            _ if !empty => span,
            Meaning::Untagged => self.place_of_nothing(span),
            Meaning::Text | Meaning::Typed(_) | Meaning::Collection | Meaning::Function(_) | Meaning::Unknown => {
                Span::at(properties.tag.end)
            }
        };
        if self.expects_key() {
            let key = self.key(text, style, &properties, span);
            if properties.anchor != 0 {
                let value = scalar::plain(text, style);
                let id = self.tree.add(span, Kind::Scalar(value));
                self.anchors.insert(properties.anchor, Anchor::Node(id));
            }
            self.take_key(key);
            return;
        }
        let value = match properties.meaning {
            Meaning::Untagged => scalar::plain(text, style),
            Meaning::Typed(expected) => scalar::typed(text, expected).unwrap_or_else(|| {
                self.errors.push(LoadError::wrong_type(text, expected, span));
                Value::Null
            }),
            Meaning::Text | Meaning::Collection | Meaning::Function(_) | Meaning::Unknown => text.into(),
        };
        let id = self.tree.add(span, Kind::Scalar(value));
        self.finish(id, properties);
    }

    fn key(&mut self, text: &str, style: ScalarStyle, properties: &Properties, span: Span) -> Key {
        match properties.meaning {
            Meaning::Untagged if text == "<<" && style == ScalarStyle::Plain => Key::Merge(span),
            Meaning::Untagged => Key::Text(scalar::key_text(text, style).to_owned(), span),
            Meaning::Text | Meaning::Typed(_) => Key::Text(text.to_owned(), span),
            Meaning::Function(_) | Meaning::Collection | Meaning::Unknown => {
                self.errors.push(LoadError::new("a key cannot have a tag: write a plain text", properties.tag));
                Key::Refused
            }
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) {
        match self.anchors.get(&anchor).copied() {
            Some(Anchor::Node(target)) if self.expects_key() => {
                let key = match &self.tree.node(target).kind {
                    Kind::Scalar(Value::String(text)) => Key::Text(text.clone(), span),
                    Kind::Scalar(value) => Key::Text(value.to_string(), span),
                    Kind::Sequence(_) | Kind::Mapping(_) | Kind::Alias(_) => {
                        self.errors.push(LoadError::complex_key(span));
                        Key::Refused
                    }
                };
                self.take_key(key);
            }
            Some(Anchor::Node(target)) => {
                let id = self.tree.add(span, Kind::Alias(target));
                self.place(id);
            }
            Some(Anchor::Open) | None => {
                self.errors.push(LoadError::new("this alias stands inside of what it names: it would never end", span));
                self.place_nothing(span);
            }
        }
    }

    fn unknown_alias(&mut self, name: &str, span: Span) {
        let message = format!(
            "no anchor {} stands above this alias: define it, or put quotes around a text that starts with `*`",
            quote(&format!("&{name}"))
        );
        self.errors.push(LoadError::new(message, span));
        self.place_nothing(span);
    }

    fn start(&mut self, frame: Frame) {
        if frame.properties.anchor != 0 {
            self.anchors.insert(frame.properties.anchor, Anchor::Open);
        }
        self.open.push(frame);
    }

    fn end(&mut self, end: Span) -> Result<(), LoadError> {
        let Some(frame) = self.open.pop() else {
            return Ok(());
        };
        let span = frame.whole(end);
        let kind = match frame.body {
            Body::Sequence(items) => Kind::Sequence(items),
            Body::Mapping(mapping) => Kind::Mapping(self.close(mapping)?),
        };
        let id = self.tree.add(span, kind);
        self.finish(id, frame.properties);
        Ok(())
    }

    fn close(&mut self, mapping: Mapping) -> Result<IndexMap<String, Entry>, LoadError> {
        let mut merging = Merging { tree: &self.tree, budget: &mut self.merged, errors: &mut self.errors };
        mapping.close(&mut merging)
    }

    /// A node is complete: gives it the form that its tag asks for, and its place.
    fn finish(&mut self, id: NodeId, properties: Properties) {
        let at = properties.tag;
        let id = match properties.meaning {
            Meaning::Function(key) => self.long_form(id, key, at),
            Meaning::Unknown => {
                self.errors.push(LoadError::new("CloudFormation does not know this tag: leave it out", at));
                id
            }
            Meaning::Untagged | Meaning::Text | Meaning::Typed(_) | Meaning::Collection => id,
        };
        if properties.anchor != 0 {
            self.anchors.insert(properties.anchor, Anchor::Node(id));
        }
        self.place(id);
    }

    /// `!X node` as `{"Fn::X": node}`.
    fn long_form(&mut self, id: NodeId, key: String, at: Span) -> NodeId {
        let node = self.tree.node(id);
        let span = node.span;
        let attribute = match &node.kind {
            Kind::Scalar(Value::String(text)) if key == "Fn::GetAtt" => {
                text.split_once('.').map(|(id, attribute)| [id.to_owned(), attribute.to_owned()])
            }
            Kind::Scalar(_) | Kind::Sequence(_) | Kind::Mapping(_) | Kind::Alias(_) => None,
        };
        let argument = match attribute {
            Some(parts) => {
                let parts = parts.map(|part| self.tree.add(span, Kind::Scalar(part.into())));
                self.tree.add(span, Kind::Sequence(parts.to_vec()))
            }
            None => id,
        };
        let entries = Mapping::single(key, at, argument);
        self.tree.add(Span { start: at.start, end: span.end }, Kind::Mapping(entries))
    }

    /// Puts a complete node where it belongs.
    fn place(&mut self, id: NodeId) {
        let span = self.tree.node(id).span;
        match self.open.last_mut() {
            None => {
                self.tree.set_root(id);
                self.has_root = true;
            }
            Some(frame) => self.errors.extend(frame.place(id, span).err()),
        }
    }

    /// Stands in for a node that could not be read, so that reading can go on.
    fn place_nothing(&mut self, span: Span) {
        if self.expects_key() {
            self.take_key(Key::Refused);
        } else {
            let id = self.tree.add(span, Kind::Scalar(Value::Null));
            self.place(id);
        }
    }

    fn take_key(&mut self, key: Key) {
        if let Some(frame) = self.open.last_mut() {
            frame.take_key(key);
        }
    }

    fn expects_key(&self) -> bool {
        self.open.last().is_some_and(Frame::expects_key)
    }

    /// A value that was left out stands behind what is before it, not where the next token happens to be.
    fn place_of_nothing(&self, span: Span) -> Span {
        self.open.last().map_or(span, |frame| Span::at(frame.span.end.min(span.end)))
    }

    fn properties(&self, anchor: usize, tag: Option<&Tag>, raw: &granit_parser::Span) -> Properties {
        Properties { anchor, meaning: Meaning::of(tag), tag: self.span(&raw.tag_span().unwrap_or(*raw)) }
    }

    fn span(&self, raw: &granit_parser::Span) -> Span {
        Span { start: self.position(&raw.start), end: self.position(&raw.end) }
    }

    fn position(&self, marker: &Marker) -> Position {
        let byte = self.first_byte + marker.byte_offset().unwrap_or_default();
        Position::new(marker.line(), marker.col() + 1, byte)
    }
}
