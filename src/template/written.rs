//! Writes compact JSON, byte for byte as serde_json does, in a fraction of its time: most of what a macro does is writing. serde_json looks at each
//! byte of a text for one to escape, and asks for room piece by piece.

use serde::ser::{self, Error as _, Impossible, Serialize, SerializeStruct, Serializer};
use serde_json::{Error, Number};
use std::fmt::Write;

/// How serde_json hands over a number or a text that is JSON already: as the only field of a structure with such a name. The tests here would see it
/// change.
const AS_IT_IS: &str = "$serde_json::private::";
/// The same name in full, as serde_json knows it.
const RAW: &str = "$serde_json::private::RawValue";

/// JSON that is written already; whoever writes it again takes it as it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written(String);

impl Written {
    /// Writes a value whose keys are texts. `room` is about how many bytes it takes. None: it cannot be JSON.
    pub(crate) fn new(value: &impl Serialize, room: usize) -> Option<Self> {
        let mut out = String::with_capacity(room);
        value.serialize(Writer::new(&mut out)).ok()?;
        out.shrink_to_fit();
        Some(Self(out))
    }

    /// The JSON.
    pub(crate) fn as_str(&self) -> &str {
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
struct Writer<'w> {
    out: &'w mut String,
    /// Whether a text is taken as it is.
    is_raw: bool,
}

impl<'w> Writer<'w> {
    fn new(out: &'w mut String) -> Self {
        Self { out, is_raw: false }
    }

    fn open(self, open: char, close: char) -> Inside<'w> {
        self.out.push(open);
        Inside { out: self.out, is_first: true, close: Some(close) }
    }

    /// What `Display` writes is JSON.
    fn push(self, value: impl std::fmt::Display) -> Result<(), Error> {
        write!(self.out, "{value}").map_err(Error::custom)
    }
}

/// Writes what stands between two brackets; a text that is JSON already has none.
struct Inside<'w> {
    out: &'w mut String,
    is_first: bool,
    close: Option<char>,
}

impl Inside<'_> {
    fn next(&mut self) -> Writer<'_> {
        if !std::mem::take(&mut self.is_first) {
            self.out.push(',');
        }
        Writer::new(self.out)
    }

    fn value(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        self.out.push(':');
        value.serialize(Writer::new(self.out))
    }

    fn close(self) -> Result<(), Error> {
        self.out.extend(self.close);
        Ok(())
    }
}

/// Writes a text with its quotes.
fn push_text(out: &mut String, text: &str) {
    out.push('"');
    if has_escapes(text.as_bytes()) {
        for piece in text.split_inclusive(is_escaped) {
            match piece.strip_suffix(is_escaped).zip(piece.chars().next_back()) {
                Some((before, escaped)) => {
                    out.push_str(before);
                    push_escaped(out, escaped);
                }
                None => out.push_str(piece),
            }
        }
    } else {
        out.push_str(text);
    }
    out.push('"');
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
    let is_in_words = words.iter().any(|word| is_found(u64::from_ne_bytes(*word)));
    is_in_words
        || match text.last_chunk() {
            // What is left over, together with some of what was looked at.
            Some(last) => is_found(u64::from_ne_bytes(*last)),
            None => rest.iter().any(|byte| is_escaped(char::from(*byte))),
        }
}

fn push_escaped(out: &mut String, c: char) {
    let short = match c {
        '"' | '\\' => c,
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        _ => {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
            return;
        }
    };
    out.extend(['\\', short]);
}

macro_rules! as_display {
    ($($name:ident: $type:ty),*) => {
        $(fn $name(self, value: $type) -> Result<(), Error> { self.push(value) })*
    };
}

impl<'w> Serializer for Writer<'w> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Inside<'w>;
    type SerializeTuple = Inside<'w>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Inside<'w>;
    type SerializeStruct = Inside<'w>;
    type SerializeStructVariant = Impossible<(), Error>;

    as_display!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    );

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.out.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        match Number::from_f64(value) {
            Some(number) => self.push(number),
            None => self.serialize_unit(),
        }
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        match self.is_raw {
            true => self.out.push_str(value),
            false => push_text(self.out, value),
        }
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.out.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let mut inside = self.open('{', '}');
        inside.serialize_field(variant, value)?;
        inside.close()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Inside<'w>, Error> {
        Ok(self.open('[', ']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Inside<'w>, Error> {
        Ok(self.open('[', ']'))
    }

    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        Err(Error::custom(name))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        Err(Error::custom(name))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Inside<'w>, Error> {
        Ok(self.open('{', '}'))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Inside<'w>, Error> {
        if name.starts_with(AS_IT_IS) {
            return Ok(Inside { out: self.out, is_first: true, close: None });
        }
        Ok(self.open('{', '}'))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        Err(Error::custom(name))
    }
}

impl ser::SerializeSeq for Inside<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(self.next())
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

impl ser::SerializeTuple for Inside<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(self.next())
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

impl ser::SerializeMap for Inside<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        key.serialize(self.next())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.value(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

impl SerializeStruct for Inside<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        if self.close.is_none() {
            return value.serialize(Writer { out: self.out, is_raw: true });
        }
        // The name of a field has nothing to escape.
        let out = self.next().out;
        out.push('"');
        out.push_str(key);
        out.push('"');
        self.value(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize as Derived;
    use serde_json::{Value, json};

    fn assert_same(value: &impl Serialize) {
        let written = Written::new(value, 0).expect("JSON");
        assert_eq!(written.as_str(), serde_json::to_string(value).expect("JSON"));
        // Written again, it is the same to both.
        assert_eq!(serde_json::to_string(&[&written]).expect("JSON"), format!("[{}]", written.as_str()));
        assert_eq!(Written::new(&[&written], 0).expect("JSON").as_str(), format!("[{}]", written.as_str()));
    }

    #[test]
    fn it_writes_what_serde_json_writes() {
        let text =
            r#"{"b":[],"a":{"x":[1,-0,1.0,1e+400,12345678901234567890123,{"y":null}],"é\n":true},"":[[{}],"😀",0.1]}"#;
        assert_same(&serde_json::from_str::<Value>(text).expect("JSON"));
        assert_same(&json!([
            f64::MAX,
            -1.5,
            1e-7,
            f64::NAN,
            f32::MIN,
            u64::MAX,
            i64::MIN,
            'c',
            "",
            b"bytes",
            (1, "two")
        ]));
        assert_same(&(0.1, 1e300, f64::INFINITY, 2.0_f32, 'ü', b"bytes", Some(()), [None, Some(1_u8)]));
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
    fn structures_are_written_in_the_order_of_their_fields() {
        #[derive(Derived)]
        struct Outer<'a> {
            one: u32,
            #[serde(skip_serializing_if = "Option::is_none")]
            none: Option<u32>,
            #[serde(flatten)]
            inner: Inner<'a>,
            last: Unit,
        }
        #[derive(Derived)]
        #[serde(untagged)]
        enum Inner<'a> {
            Known { name: &'a str, list: Vec<Unit> },
        }
        #[derive(Derived)]
        enum Unit {
            Plain,
            Around(u8),
        }
        let inner = Inner::Known { name: "a \"name\"", list: vec![Unit::Plain, Unit::Around(7)] };
        assert_same(&Outer { one: 1, none: None, inner, last: Unit::Plain });
    }
}
