//! Reads JSON into values that take no more memory than they need. serde_json's own reader leaves room for more in every object and list, which is
//! half of what a large template takes; nothing is ever added to most of them.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// How serde_json hands over a number whose digits it keeps (`arbitrary_precision`), unless it is a short whole one: as an object with this key. The
/// tests here would see it change.
const NUMBER: &str = "$serde_json::private::Number";

/// Reads a whole text.
pub(crate) fn read(bytes: &[u8]) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Reader(&mut Unfinished::default()).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// The members and items of what is not closed yet; each object and list is made when it is known how many it has.
#[derive(Default)]
struct Unfinished {
    members: Vec<(String, Value)>,
    items: Vec<Value>,
}

struct Reader<'u>(&'u mut Unfinished);

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::from(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let Self(unfinished) = self;
        let first = unfinished.items.len();
        while let Some(item) = list.next_element_seed(Reader(unfinished))? {
            unfinished.items.push(item);
        }
        Ok(Value::Array(unfinished.items.drain(first..).collect()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let Self(unfinished) = self;
        let first = unfinished.members.len();
        while let Some(key) = object.next_key::<String>()? {
            if key == NUMBER && unfinished.members.len() == first {
                return object.next_value::<String>()?.parse().map(Value::Number).map_err(Error::custom);
            }
            let value = object.next_value_seed(Reader(unfinished))?;
            unfinished.members.push((key, value));
        }
        let members = unfinished.members.drain(first..);
        let mut map = Map::with_capacity(members.len());
        map.extend(members);
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_byte_for_byte() {
        let text = r#"{"b":[],"a":{"x":[1,-0,1.0,1e+400,12345678901234567890123,{"y":null}],"é\n":true},"":[[{}],"\ud83d\ude00"]}"#;
        let value = read(text.as_bytes()).expect("JSON");
        assert_eq!(value.to_string(), text.replace(r"\ud83d\ude00", "😀"));
        assert_eq!(value, serde_json::from_str::<Value>(text).expect("JSON"));
    }

    #[test]
    fn of_two_members_with_one_key_the_later_one_counts() {
        assert_eq!(read(br#"{"a":1,"b":2,"a":3}"#).expect("JSON").to_string(), r#"{"a":3,"b":2}"#);
    }

    #[test]
    fn what_is_no_json_is_refused_where_it_stops_being_it() {
        for (text, column) in [("{\"a\":1} x", 9), ("[1,]", 4), ("{\"a\":tru}", 9), ("", 0)] {
            assert_eq!(read(text.as_bytes()).expect_err("no JSON").column(), column, "{text}");
        }
        assert!(read("[".repeat(100_000).as_bytes()).is_err());
    }
}
