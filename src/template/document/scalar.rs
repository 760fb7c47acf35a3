//! What a scalar and a tag mean.
//!
//! Plain scalars are typed by JSON's grammar, not by YAML's. YAML 1.1 and 1.2 and the tools that CloudFormation's users run
//! disagree on all that JSON cannot write: `0755` is 493, 755 or a text; `012345678901`, an account id, loses
//! its zero; `2010-09-09` is a date; `1_000`, `0x1f`, `.5`, `+5` are numbers to some; `on` and `yes` are booleans to some. In a
//! template each of them is meant as the text it is, and CloudFormation, which takes strings everywhere, reads it so.
//! Numbers keep their text (`1.10` stays `1.10`).

use granit_parser::{ScalarStyle, Tag};
use serde_json::{Number, Value};

/// The prefix of YAML's own tags, `!!str` and so on.
const YAML_TAGS: &str = "tag:yaml.org,2002:";

/// What the tag of a node asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// No tag: the form decides.
    Untagged,
    /// `!!str` and `!`: a text, whatever it looks like.
    Text,
    /// `!!int`, `!!float`, `!!bool`, `!!null`: the scalar must be one.
    Typed(Type),
    /// `!!map`, `!!seq`: nothing more than what is there.
    Collection,
    /// `!X`: the key of its long form, `Ref` or `Fn::X`.
    Function(String),
    /// Any other tag.
    Unknown,
}

/// The types that a tag can ask a scalar to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Number,
    Boolean,
    Null,
}

impl Meaning {
    pub(super) fn of(tag: Option<&Tag>) -> Self {
        let Some(tag) = tag else {
            return Self::Untagged;
        };
        let uri = format!("{}{}", tag.handle(), tag.suffix());
        if let Some(name) = uri.strip_prefix('!') {
            return match name {
                "" => Self::Text,
                "Ref" | "Condition" => Self::Function(name.to_owned()),
                _ => Self::Function(format!("Fn::{name}")),
            };
        }
        match uri.strip_prefix(YAML_TAGS) {
            Some("str") => Self::Text,
            Some("int" | "float") => Self::Typed(Type::Number),
            Some("bool") => Self::Typed(Type::Boolean),
            Some("null") => Self::Typed(Type::Null),
            Some("map" | "seq") => Self::Collection,
            Some(_) | None => Self::Unknown,
        }
    }
}

/// The value of a scalar without a tag.
pub(super) fn plain(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::String(text.to_owned());
    }
    let typed = match text {
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => typed(text, Type::Boolean),
        "" | "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        _ => typed(text, Type::Number),
    };
    typed.unwrap_or_else(|| Value::String(text.to_owned()))
}

/// The value of a scalar that must be of a type, if it is.
pub(super) fn typed(text: &str, expected: Type) -> Option<Value> {
    match (expected, text) {
        (Type::Number, _) if is_json_number(text) => {
            Some(Value::Number(Number::from_string_unchecked(text.to_owned())))
        }
        (Type::Boolean, "true" | "True" | "TRUE") => Some(Value::Bool(true)),
        (Type::Boolean, "false" | "False" | "FALSE") => Some(Value::Bool(false)),
        (Type::Null, "" | "~" | "null" | "Null" | "NULL") => Some(Value::Null),
        (Type::Number | Type::Boolean | Type::Null, _) => None,
    }
}

/// The text of a key: as written, but null is `null` in all its forms.
pub(super) fn key_text(text: &str, style: ScalarStyle) -> &str {
    if plain(text, style).is_null() { "null" } else { text }
}

/// `-? (0 | [1-9] digit*) (. digit+)? ([eE] [+-]? digit+)?`
fn is_json_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let whole_is_good = is_digits(whole) && (whole == "0" || !whole.starts_with('0'));
    let exponent = exponent.map(|digits| digits.strip_prefix(['+', '-']).unwrap_or(digits));
    whole_is_good && fraction.is_none_or(is_digits) && exponent.is_none_or(is_digits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_json_cannot_write_as_a_number_stays_text() {
        for text in [
            "012345678901",
            "0755",
            "2010-09-09",
            "1_000",
            "0x1f",
            "0o17",
            ".5",
            "5.",
            "+5",
            "1e",
            "-",
            "1.2.3",
            ".inf",
            "NaN",
        ] {
            assert_eq!(plain(text, ScalarStyle::Plain), Value::String(text.to_owned()), "{text}");
        }
    }

    #[test]
    fn numbers_keep_their_text() {
        for text in ["0", "-0", "30", "1.10", "-2.50", "1e5", "1E+05", "123456789012345678901234567890"] {
            let value = plain(text, ScalarStyle::Plain);
            assert!(value.is_number(), "{text}");
            assert_eq!(value.to_string(), text);
        }
    }

    #[test]
    fn only_true_and_false_are_booleans_and_only_null_is_null() {
        for (text, value) in [("true", true), ("True", true), ("TRUE", true), ("false", false), ("FALSE", false)] {
            assert_eq!(plain(text, ScalarStyle::Plain), Value::Bool(value));
        }
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(plain(text, ScalarStyle::Plain), Value::Null);
        }
        for text in ["on", "off", "yes", "no", "y", "tRUE", "nULL", "Yes"] {
            assert_eq!(plain(text, ScalarStyle::Plain), Value::String(text.to_owned()));
        }
    }

    #[test]
    fn quoted_text_is_text() {
        assert_eq!(plain("30", ScalarStyle::SingleQuoted), Value::String("30".to_owned()));
        assert_eq!(plain("true", ScalarStyle::DoubleQuoted), Value::String("true".to_owned()));
    }
}
