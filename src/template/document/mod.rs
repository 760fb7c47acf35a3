//! A template file, or a policy, as JSON: YAML or JSON text in, a value in CloudFormation's long form out, and for each
//! part of it the place in the file.
//!
//! It gives what CloudFormation would be given: short tags in long form, aliases and merge keys put in place as `sam package`
//! does, plain scalars typed by JSON's grammar (`scalar` says why). It evaluates no intrinsic function, knows no resource,
//! reads no file, and never recurses deeper or grows a value larger than its limits.

mod error;
mod expand;
mod frame;
mod json;
mod mapping;
mod scalar;
mod spans;
mod tree;
mod yaml;

use serde_json::Value;

pub use self::error::LoadError;
pub use self::spans::{Position, Span};
use self::tree::Tree;
use super::pointer::Pointer;

/// The largest file that is read. CloudFormation takes 1 MB at most.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// How deep lists and mappings may nest: as deep as `serde_json` reads.
pub const MAX_DEPTH: usize = 127;

/// How many values aliases and merge keys may add.
pub const MAX_EXPANDED: usize = 200_000;

const EMPTY: &str = "the file is empty";

/// The value of a file, and where its parts stand there.
#[derive(Debug, Clone)]
pub struct Document {
    /// The value, in long form; always an object.
    pub value: Value,
    places: Option<Tree>,
}

impl Document {
    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// Everything that is wrong with it, as far as it can be named at once.
    pub fn load(bytes: &[u8]) -> Result<Self, Vec<LoadError>> {
        check_size(bytes.len())?;
        Self::parse(decode(bytes).map_err(|error| vec![error])?)
    }

    /// Reads a text: JSON if it starts with `{` and is valid JSON, else YAML.
    ///
    /// # Errors
    /// Everything that is wrong with it, as far as it can be named at once.
    pub fn parse(text: &str) -> Result<Self, Vec<LoadError>> {
        check_size(text.len())?;
        check_binary(text).map_err(|error| vec![error])?;
        let body = text.strip_prefix('\u{feff}').unwrap_or(text);
        let first_byte = text.len() - body.len();
        let (value, places) = read(body, first_byte).map_err(sorted)?;
        if value.is_object() {
            return Ok(Self { value, places });
        }
        let error = match kind_of(&value) {
            None => LoadError::of_file(EMPTY),
            Some(kind) => {
                let message = format!("the file must hold a mapping (`key: value` lines), but it holds {kind}");
                LoadError::new(message, places.map_or(Span::at(Position::START), |tree| tree.walk().span))
            }
        };
        Err(vec![error])
    }

    /// Where the value at `pointer` stands; for what an alias or a merge key brought in, where that stands.
    #[must_use]
    pub fn span(&self, pointer: &Pointer) -> Option<Span> {
        match self.places.as_ref()?.find(pointer) {
            (walk, true) => Some(walk.span),
            (_, false) => None,
        }
    }

    /// Where the key of the mapping entry at `pointer` stands.
    #[must_use]
    pub fn key_span(&self, pointer: &Pointer) -> Option<Span> {
        match self.places.as_ref()?.find(pointer) {
            (walk, true) => walk.key,
            (_, false) => None,
        }
    }

    /// Where the value at `pointer` stands, or else the closest one around it that exists.
    #[must_use]
    pub fn nearest(&self, pointer: &Pointer) -> Option<Span> {
        Some(self.places.as_ref()?.find(pointer).0.span)
    }
}

fn read(text: &str, first_byte: usize) -> Result<(Value, Option<Tree>), Vec<LoadError>> {
    let inside = text.trim_start().strip_prefix('{').map(str::trim_start);
    let Some(inside) = inside else {
        return read_yaml(text, first_byte);
    };
    match json::read(text, first_byte) {
        Ok(value) => Ok((value, json::places(text, first_byte)?)),
        // A mistake in JSON is reported as such; YAML in braces has seldom a quote there.
        Err(error) => read_yaml(text, first_byte)
            .map_err(|errors| if inside.starts_with(['"', '}']) { vec![error] } else { errors }),
    }
}

fn read_yaml(text: &str, first_byte: usize) -> Result<(Value, Option<Tree>), Vec<LoadError>> {
    let mut tree = yaml::read(text, first_byte)?;
    let value = expand::expand(&tree).map_err(|error| vec![error])?;
    tree.forget_scalars();
    Ok((value, Some(tree)))
}

fn sorted(mut errors: Vec<LoadError>) -> Vec<LoadError> {
    errors.sort_unstable_by(|a, b| a.span.cmp(&b.span).then_with(|| a.message.cmp(&b.message)));
    errors
}

/// What a value is, for people; nothing for null.
fn kind_of(value: &Value) -> Option<&'static str> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some("`true` or `false`"),
        Value::Number(_) => Some("a number"),
        Value::String(_) => Some("a text"),
        Value::Array(_) => Some("a list"),
        Value::Object(_) => Some("a mapping"),
    }
}

fn check_size(bytes: usize) -> Result<(), Vec<LoadError>> {
    if bytes <= MAX_BYTES {
        return Ok(());
    }
    let message = format!("the file has {bytes} bytes, more than {MAX_BYTES}: CloudFormation takes 1 MB at most");
    Err(vec![LoadError::of_file(message)])
}

fn decode(bytes: &[u8]) -> Result<&str, LoadError> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(LoadError::of_file("the file is UTF-16: save it as UTF-8"));
    }
    let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    check_binary(valid)?;
    if valid.len() == bytes.len() { Ok(valid) } else { Err(binary(valid, valid.len(), "not UTF-8")) }
}

fn check_binary(text: &str) -> Result<(), LoadError> {
    text.find('\0').map_or(Ok(()), |byte| Err(binary(text, byte, "zero")))
}

fn binary(text: &str, byte: usize, what: &str) -> LoadError {
    let message = format!("not a text file: byte {byte} is {what}; save it as UTF-8 text");
    LoadError::new(message, Span::at(Position::of_byte(text, byte, 0)))
}

#[cfg(test)]
mod tests;
