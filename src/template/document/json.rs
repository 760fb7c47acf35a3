//! Reads JSON: the value by `serde_json`, the places by the YAML reader, of which JSON is a subset.
//!
//! There is no second JSON parser for the places. Where the YAML reader cannot follow (a key of more than 1,024
//! characters), the document is good all the same and only has no places.

use serde_json::Value;

use super::error::LoadError;
use super::spans::{Position, Span};
use super::tree::Tree;
use super::yaml;

/// Reads the value of a text.
pub(super) fn read(text: &str, first_byte: usize) -> Result<Value, LoadError> {
    serde_json::from_str(text).map_err(|error| {
        let place = position(text, &error, first_byte);
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        if message.starts_with("recursion limit") {
            LoadError::too_deep(Span::at(place))
        } else {
            LoadError::new(format!("not valid JSON: {message}"), Span::at(place))
        }
    })
}

/// Reads the places of a text that is valid JSON, and finds its duplicate keys.
pub(super) fn places(text: &str, first_byte: usize) -> Result<Option<Tree>, Vec<LoadError>> {
    // A tab is an indentation error to YAML. JSON has tabs only between tokens, so that a blank can stand for each.
    let text = text.replace('\t', " ");
    match yaml::read(&text, first_byte) {
        Ok(tree) => Ok(Some(tree)),
        Err(errors) => {
            let duplicates: Vec<_> = errors.into_iter().filter(|error| error.related.is_some()).collect();
            if duplicates.is_empty() { Ok(None) } else { Err(duplicates) }
        }
    }
}

/// `serde_json` counts columns in bytes, and names the last byte that it read.
fn position(text: &str, error: &serde_json::Error, first_byte: usize) -> Position {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    Position::of_byte(text, before + error.column().saturating_sub(1), first_byte)
}
