//! Writes compact JSON, byte for byte as serde_json does. Most of what a macro does is writing; serde_json looks at each byte of a text for one to
//! escape, this at eight.

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::Value;
use std::fmt::{Display, Write};

/// How serde_json hands on JSON that is written already: as the only field of a structure with this name. The tests here would see it change.
const RAW: &str = "$serde_json::private::RawValue";

/// JSON that is written already; serde_json takes it as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Written(String);

impl Written {
    /// The JSON.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut raw = serializer.serialize_struct(RAW, 1)?;
        raw.serialize_field(RAW, &self.0)?;
        raw.end()
    }
}

/// Writes one value.
#[derive(Debug)]
pub(crate) struct Writer(String);

impl Writer {
    /// With room for about so many bytes.
    pub(crate) fn with_room(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// What was written.
    pub(crate) fn finish(self) -> Written {
        let Self(mut out) = self;
        out.shrink_to_fit();
        Written(out)
    }

    /// A text, with its quotes.
    pub(crate) fn text(&mut self, text: &str) {
        self.0.push('"');
        self.characters(text);
        self.0.push('"');
    }

    /// The same, in pieces.
    pub(crate) fn texts<'t>(&mut self, pieces: impl IntoIterator<Item = &'t str>) {
        self.0.push('"');
        pieces.into_iter().for_each(|piece| self.characters(piece));
        self.0.push('"');
    }

    /// A number, or whatever is JSON as it is displayed.
    pub(crate) fn display(&mut self, number: impl Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.0, "{number}");
    }

    /// What is written already.
    pub(crate) fn written(&mut self, written: &Written) {
        self.0.push_str(&written.0);
    }

    /// Any value.
    pub(crate) fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.0.push_str("null"),
            Value::Bool(flag) => self.display(flag),
            Value::Number(number) => self.display(number),
            Value::String(text) => self.text(text),
            Value::Array(items) => self.list(items, Self::value),
            Value::Object(members) => self.object(|object| {
                for (key, member) in members {
                    object.key(key).value(member);
                }
            }),
        }
    }

    /// A list of what `write` writes of each item.
    pub(crate) fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.0.push('[');
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            write(self, item);
        }
        self.0.push(']');
    }

    /// An object with the members that `write` writes.
    pub(crate) fn object(&mut self, write: impl FnOnce(&mut Members<'_>)) {
        self.0.push('{');
        write(&mut Members { out: self, is_first: true });
        self.0.push('}');
    }

    fn characters(&mut self, text: &str) {
        if !has_escapes(text.as_bytes()) {
            return self.0.push_str(text);
        }
        for piece in text.split_inclusive(is_escaped) {
            match piece.strip_suffix(is_escaped).zip(piece.chars().next_back()) {
                Some((before, escaped)) => {
                    self.0.push_str(before);
                    self.escaped(escaped);
                }
                None => self.0.push_str(piece),
            }
        }
    }

    fn escaped(&mut self, c: char) {
        let short = match c {
            '"' | '\\' => c,
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\u{8}' => 'b',
            '\u{c}' => 'f',
            _ => return self.display(format_args!("\\u{:04x}", u32::from(c))),
        };
        self.0.extend(['\\', short]);
    }
}

/// The members of an object that is being written.
#[derive(Debug)]
pub(crate) struct Members<'w> {
    out: &'w mut Writer,
    is_first: bool,
}

impl Members<'_> {
    /// The key of the next member, whose value has to follow.
    pub(crate) fn key(&mut self, key: &str) -> &mut Writer {
        if !std::mem::take(&mut self.is_first) {
            self.out.0.push(',');
        }
        self.out.text(key);
        self.out.0.push(':');
        self.out
    }
}

fn is_escaped(c: char) -> bool {
    c < ' ' || matches!(c, '"' | '\\')
}

/// Whether a byte of a text must be escaped: eight at a time.
pub(super) fn has_escapes(text: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let (words, rest) = text.as_chunks::<8>();
    // Of a byte below 128 that is less than a number, the subtraction borrows the high bit; one that is equal to another is 0 against it.
    let below = |word: u64, number: u8| word.wrapping_sub(ONES * u64::from(number));
    let against = |word: u64, byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    let is_found =
        |word: u64| (below(word, b' ') | against(word, b'"') | against(word, b'\\')) & !word & (ONES * 0x80) != 0;
    words.iter().any(|word| is_found(u64::from_ne_bytes(*word)))
        || match text.last_chunk() {
            // What is left over, together with some of what was looked at.
            Some(last) => is_found(u64::from_ne_bytes(*last)),
            None => rest.iter().any(|byte| is_escaped(char::from(*byte))),
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn assert_same(value: &Value) {
        let mut out = Writer::with_room(0);
        out.value(value);
        let written = out.finish();
        assert_eq!(written.as_str(), serde_json::to_string(value).expect("JSON"));
        assert_eq!(serde_json::to_string(&[&written]).expect("JSON"), format!("[{}]", written.as_str()));
    }

    #[test]
    fn it_writes_what_serde_json_writes() {
        let text =
            r#"{"b":[],"a":{"x":[1,-0,1.0,1e+400,12345678901234567890123,{"y":null}],"é\n":true},"":[[{}],"😀",0.1]}"#;
        assert_same(&serde_json::from_str::<Value>(text).expect("JSON"));
        assert_same(&json!([f64::MAX, -1.5, 1e-7, u64::MAX, i64::MIN, "", false, {"a": {}, "b": []}]));
    }

    #[test]
    fn every_character_is_escaped_as_serde_json_escapes_it_wherever_it_stands() {
        for c in (0..0x180_u32).filter_map(char::from_u32) {
            for before in 0..9 {
                let text = format!("{}{c}{}", "x".repeat(before), "ü".repeat(9 - before));
                assert_same(&json!({text.as_str(): [text, c, format!("{c}{c}")]}));
            }
        }
    }

    #[test]
    fn pieces_of_a_text_are_one_text() {
        let mut out = Writer::with_room(0);
        out.texts(["a\"", "", "b"]);
        assert_eq!(out.finish().as_str(), r#""a\"b""#);
    }
}
