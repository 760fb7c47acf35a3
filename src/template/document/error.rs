//! Why a file could not be read, for the person who wrote it: what, where, what to do.
//!
//! Holds no text of the file but the few words that a message quotes.

use std::fmt;

use granit_parser::{ErrorKind, ScanError};

use super::MAX_DEPTH;
use super::scalar::Type;
use super::spans::{Position, Span};

/// One reason why a file could not be read. Prints as `line:column: message`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}{}", span.start, Related(related.as_ref()))]
pub struct LoadError {
    /// What is wrong, and what to do.
    pub message: String,
    /// Where it is wrong.
    pub span: Span,
    /// A second place that belongs to it, and what that is.
    pub related: Option<(String, Span)>,
}

impl LoadError {
    pub(super) fn new(message: impl Into<String>, span: Span) -> Self {
        Self { message: message.into(), span, related: None }
    }

    /// An error of the file as a whole.
    pub(super) fn of_file(message: impl Into<String>) -> Self {
        Self::new(message, Span::at(Position::START))
    }

    pub(super) fn with_related(self, what: impl Into<String>, span: Span) -> Self {
        Self { related: Some((what.into(), span)), ..self }
    }

    pub(super) fn too_deep(span: Span) -> Self {
        let message = format!("nested more than {MAX_DEPTH} levels deep: make it flatter");
        Self::new(message, span)
    }

    pub(super) fn complex_key(span: Span) -> Self {
        Self::new("a list or a mapping cannot be a key: write a plain text", span)
    }

    pub(super) fn wrong_type(text: &str, expected: Type, span: Span) -> Self {
        let expected = match expected {
            Type::Number => "a number as JSON writes it",
            Type::Boolean => "`true` or `false`",
            Type::Null => "`null`",
        };
        let text = quote(text);
        Self::new(format!("the tag asks for {expected}, but this is {text}: leave the tag out"), span)
    }

    /// What stopped the parser at a place of `text`.
    pub(super) fn scan(error: &ScanError, text: &str, span: Span) -> Self {
        if *error.kind() == ErrorKind::RecursionLimitExceeded {
            return Self::too_deep(span);
        }
        let known = PLAIN_WORDS.iter().find(|(kind, _)| kind == error.kind());
        let message = if is_second_tag(text, error.marker().byte_offset().unwrap_or_default()) {
            TWO_TAGS.to_owned()
        } else if let ErrorKind::UnexpectedCharacter { character } = error.kind() {
            format!("a text cannot start with `{character}`: put quotes around it")
        } else if let Some((_, words)) = known {
            (*words).to_owned()
        } else {
            format!("not valid YAML: {}", error.info())
        };
        Self::new(message, span)
    }
}

/// A text for a message, cut where it is long.
pub(super) fn quote(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("`{}…`", text.get(..end).unwrap_or_default()),
        None => format!("`{text}`"),
    }
}

/// Whether a tag starts at `byte`, right behind another one.
fn is_second_tag(text: &str, byte: usize) -> bool {
    let Some((before, after)) = text.split_at_checked(byte) else {
        return false;
    };
    let last_word = before.trim_end().rsplit(|end: char| end.is_whitespace() || "[{,".contains(end)).next();
    after.starts_with('!') && last_word.is_some_and(|word| word.starts_with('!'))
}

const TWO_TAGS: &str = "two short tags in a row: a value can have only one, so write the outer one in full, \
                        as in `Fn::Base64: !Sub …`";
const TAB: &str = "a tab in the indentation: YAML is indented with blanks";
const COLON: &str = "a `key: value` cannot start here: check the indentation, or put quotes around a text with `: `";
const QUOTE: &str = "text goes on behind the closing quote: a quote inside of quotes is written twice (''), \
                     or as \\\" between double quotes";

/// What the parser says of frequent mistakes, in words that say what to do.
static PLAIN_WORDS: [(ErrorKind, &str); 12] = [
    (ErrorKind::TabInIndentation, TAB),
    (ErrorKind::TabInBlockIndentation, TAB),
    (ErrorKind::TabNotAllowed, TAB),
    (ErrorKind::TabAtBlockScalarStart, TAB),
    (ErrorKind::MappingValueNotAllowed, COLON),
    (ErrorKind::InvalidIndentation, "the indentation fits no line above: line it up with what it belongs to"),
    (ErrorKind::ExpectedBlockMappingKey, "a `key: value` was expected here: check the indentation"),
    (ErrorKind::ExpectedBlockSequenceEntry, "a list item (`- …`) was expected here: check the indentation"),
    (ErrorKind::SimpleKeyExpected, "a `key: value` was expected here: add the `:`, or check the indentation"),
    (ErrorKind::UnclosedQuotedScalar, "a quote is opened here and never closed"),
    (ErrorKind::InvalidTrailingSingleQuotedScalar, QUOTE),
    (ErrorKind::InvalidTrailingDoubleQuotedScalar, QUOTE),
];

struct Related<'a>(Option<&'a (String, Span)>);

impl fmt::Display for Related<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some((what, span)) => write!(f, " ({what} at {})", span.start),
            None => Ok(()),
        }
    }
}
