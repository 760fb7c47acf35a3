//! Text that is partly literal and partly decided by CloudFormation: `!Sub "${AWS::StackName}-api"`, a `Fn::Join`, a plain string.
//! Two values that mean the same have the same `Text`, whatever form their intrinsics take. Nothing is evaluated.

use super::Writer;
use super::intrinsic::{self, function, make_ref, single};
use serde_json::{Value, json};
use std::borrow::Cow;

/// One piece of a [`Text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Characters as they stand.
    Literal(String),
    /// A parameter, resource or pseudo parameter.
    Ref(String),
    /// Attribute of a resource: logical id and attribute.
    Attribute(String, String),
    /// Any other intrinsic.
    Opaque(Value),
}

/// A string value in normal form: adjacent literals are one part, `Fn::Sub` and `Fn::Join` are taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Text(Vec<Part>);

impl Text {
    /// Characters as they stand.
    pub(crate) fn literal(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::default() } else { Self(vec![Part::Literal(text)]) }
    }

    /// Reads a template's value. Numbers and booleans become their text; lists and plain objects have no text.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let mut out = Self::default();
        match value {
            Value::String(text) => out.push_literal(text),
            Value::Number(number) => out.push_literal(&number.to_string()),
            Value::Bool(flag) => out.push_literal(&flag.to_string()),
            Value::Object(_) => out.push_function(value)?,
            Value::Null | Value::Array(_) => return None,
        }
        Some(out)
    }

    /// The characters, where nothing is left to CloudFormation.
    pub(crate) fn as_literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether it is more than nothing.
    pub(crate) fn is_visible(&self) -> bool {
        self.as_literal().is_none_or(|text| !text.trim().is_empty())
    }

    /// The pieces, in order.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Adds literal characters.
    pub(crate) fn push_literal(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(Part::Literal(last)) => last.push_str(text),
            _ => self.0.push(Part::Literal(text.to_owned())),
        }
    }

    /// Adds another text.
    pub(crate) fn push(&mut self, other: &Self) {
        for part in &other.0 {
            match part {
                Part::Literal(text) => self.push_literal(text),
                Part::Ref(_) | Part::Attribute(..) | Part::Opaque(_) => self.0.push(part.clone()),
            }
        }
    }

    /// Adds a piece.
    pub(crate) fn push_part(&mut self, part: Part) {
        match part {
            Part::Literal(text) => self.push_literal(&text),
            Part::Ref(_) | Part::Attribute(..) | Part::Opaque(_) => self.0.push(part),
        }
    }

    fn push_function(&mut self, value: &Value) -> Option<()> {
        match function(value)? {
            ("Ref", Value::String(name)) => self.0.push(Part::Ref(name.clone())),
            ("Fn::Sub", argument) if self.push_sub(argument).is_some() => {}
            ("Fn::Join", argument) if self.push_join(argument).is_some() => {}
            ("Fn::GetAtt", _) if intrinsic::attribute(value).is_some() => {
                let (id, attribute) = intrinsic::attribute(value)?;
                self.0.push(Part::Attribute(id.to_owned(), attribute.to_owned()));
            }
            _ => self.0.push(Part::Opaque(value.clone())),
        }
        Some(())
    }

    fn push_sub(&mut self, argument: &Value) -> Option<()> {
        let (template, variables) = match (argument.as_str(), argument.as_array().map(Vec::as_slice)) {
            (Some(text), _) => (text, None),
            (_, Some([Value::String(text)])) => (text.as_str(), None),
            (_, Some([Value::String(text), Value::Object(variables)])) => (text.as_str(), Some(variables)),
            _ => return None,
        };
        let mut out = Self::default();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, tail) = after.split_once('}')?;
            out.push_literal(before);
            rest = tail;
            if let Some(literal) = name.strip_prefix('!') {
                out.push_literal(&format!("${{{literal}}}"));
            } else if let Some(value) = variables.and_then(|map| map.get(name.trim())) {
                out.push(&Self::read(value)?);
            } else if let Some((id, attribute)) = name.trim().split_once('.') {
                out.0.push(Part::Attribute(id.to_owned(), attribute.to_owned()));
            } else {
                out.0.push(Part::Ref(name.trim().to_owned()));
            }
        }
        out.push_literal(rest);
        self.push(&out);
        Some(())
    }

    fn push_join(&mut self, argument: &Value) -> Option<()> {
        let [Value::String(delimiter), Value::Array(items)] = argument.as_array()?.as_slice() else {
            return None;
        };
        let mut out = Self::default();
        for (index, item) in items.iter().enumerate() {
            let part = Self::read(item)?;
            // A list parameter or a split list would be joined with the delimiter too: that is not ours to take apart.
            if matches!(part.parts(), [Part::Opaque(_)]) || intrinsic::is_no_value(item) {
                return None;
            }
            if index > 0 {
                out.push_literal(delimiter);
            }
            out.push(&part);
        }
        self.push(&out);
        Some(())
    }

    /// As a template has it: a string, the intrinsic itself, a `Fn::Sub`, or a `Fn::Join` where a piece is another function.
    pub(crate) fn to_value(&self) -> Value {
        match (self.0.as_slice(), self.sub()) {
            ([], _) => Value::from(""),
            ([only], _) => only.to_value(),
            (_, Some(sub)) => single("Fn::Sub", sub.into()),
            (parts, None) => single("Fn::Join", json!(["", parts.iter().map(Part::to_value).collect::<Vec<_>>()])),
        }
    }

    /// Writes the same.
    pub(crate) fn write(&self, out: &mut Writer) {
        match (self.0.as_slice(), self.sub()) {
            ([Part::Literal(text)], _) => out.text(text),
            ([_, _, ..], Some(sub)) => out.object(|object| object.key("Fn::Sub").text(&sub)),
            _ => out.value(&self.to_value()),
        }
    }

    /// What `Fn::Sub` takes, where no piece is another function.
    fn sub(&self) -> Option<String> {
        let is_plain = self.0.len() > 1 && self.0.iter().all(|part| !matches!(part, Part::Opaque(_)));
        is_plain.then(|| self.0.iter().map(sub_piece).collect::<Vec<_>>().concat())
    }

    /// The text, if a person can read it; else a hash of it. Names and ids are made from this.
    pub(crate) fn brief(&self) -> Self {
        let is_readable = self.0.iter().all(|part| !matches!(part, Part::Opaque(_)));
        if is_readable { self.clone() } else { Self::literal(crate::identity::short_hash(&self.display())) }
    }

    /// A form for people: `${Name}` where CloudFormation decides.
    pub(crate) fn display(&self) -> String {
        let piece = |part: &Part| match part {
            Part::Literal(text) => text.clone(),
            Part::Ref(name) => ["${", name, "}"].concat(),
            Part::Attribute(id, attribute) => ["${", id, ".", attribute, "}"].concat(),
            Part::Opaque(value) => format!("${{{}}}", describe(value)),
        };
        self.0.iter().map(piece).collect()
    }
}

/// `Fn::If` with its argument, so that two different functions never read alike: ids are made from this.
fn describe(value: &Value) -> String {
    match function(value) {
        Some((name, argument)) => format!("{} {argument}", name.trim_start_matches("Fn::")),
        None => value.to_string(),
    }
}

/// `2500` is `2,500`.
pub(crate) fn thousands(number: &str) -> String {
    let (whole, fraction) = number.split_at(number.find('.').unwrap_or(number.len()));
    let mut out = String::with_capacity(2 * number.len());
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + fraction
}

/// The resource or parameter that a value is: a `Ref` to it, or its `attribute`, in whatever form the intrinsic takes.
pub(crate) fn referred(value: &Value, attribute: &str) -> Option<String> {
    match Text::read(value)?.parts() {
        [Part::Ref(id)] => Some(id.clone()),
        [Part::Attribute(id, name)] if name == attribute => Some(id.clone()),
        _ => None,
    }
}

impl Part {
    fn to_value(&self) -> Value {
        match self {
            Self::Literal(text) => Value::from(text.as_str()),
            Self::Ref(name) => make_ref(name),
            Self::Attribute(id, attribute) => single("Fn::GetAtt", json!([id, attribute])),
            Self::Opaque(value) => value.clone(),
        }
    }
}

fn sub_piece(part: &Part) -> Cow<'_, str> {
    match part {
        Part::Literal(text) if text.contains("${") => text.replace("${", "${!").into(),
        Part::Literal(text) => text.into(),
        Part::Ref(name) => ["${", name, "}"].concat().into(),
        Part::Attribute(id, attribute) => ["${", id, ".", attribute, "}"].concat().into(),
        Part::Opaque(_) => "".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: Value) -> Text {
        Text::read(&value).expect("a text")
    }

    #[test]
    fn sub_join_and_ref_that_mean_the_same_are_equal() {
        let sub = text(json!({"Fn::Sub": "${AWS::StackName}-api"}));
        assert_eq!(sub, text(json!({"Fn::Join": ["-", [{"Ref": "AWS::StackName"}, "api"]]})));
        assert_eq!(sub, text(json!({"Fn::Sub": ["${s}-api", {"s": {"Ref": "AWS::StackName"}}]})));
        assert_eq!(text(json!({"Fn::Sub": "${A}"})), text(json!({"Ref": "A"})));
        assert_eq!(text(json!({"Fn::Sub": "${A.Arn}"})), text(json!({"Fn::GetAtt": ["A", "Arn"]})));
    }

    #[test]
    fn what_is_read_is_written_back_with_the_same_meaning() {
        for value in [
            json!("plain"),
            json!({"Ref": "A"}),
            json!({"Fn::Sub": "a-${B}-${!c}-${D.Arn}"}),
            json!({"Fn::Join": ["", ["a", {"Fn::ImportValue": "x"}]]}),
            json!({"Fn::If": ["C", "a", "b"]}),
        ] {
            assert_eq!(text(text(value.clone()).to_value()), text(value));
        }
    }

    #[test]
    fn a_list_inside_a_join_is_left_whole() {
        let join = json!({"Fn::Join": ["-", {"Ref": "List"}]});
        assert_eq!(text(join.clone()).to_value(), join);
        let split = json!({"Fn::Join": ["-", ["a", {"Fn::Split": [",", "b,c"]}]]});
        assert_eq!(text(split.clone()).to_value(), split);
    }

    #[test]
    fn an_unclosed_variable_is_left_as_it_is() {
        let broken = json!({"Fn::Sub": "a-${B"});
        assert_eq!(text(broken.clone()).to_value(), broken);
    }
}
