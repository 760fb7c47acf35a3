//! A template as YAML: short tags, and quotes only where a text would otherwise be read as something else. What is written here reads back as the
//! same value with [`Document::parse`](crate::template::document::Document::parse). Comments and anchors are not known here.

use super::scalar::{self, Style};
use serde_json::{Map, Value};

/// Functions that have a short tag in CloudFormation, without `Fn::`.
const SHORT: &[&str] = &[
    "And",
    "Base64",
    "Cidr",
    "Equals",
    "FindInMap",
    "GetAZs",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
];

/// A list is written on one line up to this length.
const LONGEST_LINE: usize = 100;

/// The longest key that YAML takes without `?` is 1,024 characters long.
const LONGEST_KEY: usize = 1000;

/// A template, or any other object, as a YAML document.
pub fn to_yaml(value: &Value) -> String {
    let mut out = Writer { text: String::new() };
    match value.as_object().filter(|sections| !sections.is_empty()) {
        Some(sections) => out.sections(sections),
        None => out.value(value, 0, Spot::Document),
    }
    if !out.text.ends_with('\n') {
        out.text.push('\n');
    }
    out.text
}

/// Where a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    /// At the start of the document.
    Document,
    /// Behind `key:`.
    Entry,
    /// Behind `- `: a block collection starts on the same line.
    Item,
    /// Behind a tag.
    Tagged,
}

struct Writer {
    text: String,
}

impl Writer {
    /// The sections of a template, with an empty line before each large one and between resources.
    fn sections(&mut self, sections: &Map<String, Value>) {
        for (index, (name, section)) in sections.iter().enumerate() {
            if index > 0 && is_large(section) {
                self.text.push('\n');
            }
            match section.as_object().filter(|_| name == "Resources" && is_large(section) && tag_of(section).is_none())
            {
                Some(resources) => self.resources(resources),
                None => self.entry(name, section, 0),
            }
        }
    }

    fn resources(&mut self, resources: &Map<String, Value>) {
        self.text.push_str("Resources:\n");
        for (index, (id, resource)) in resources.iter().enumerate() {
            if index > 0 {
                self.text.push('\n');
            }
            self.indent(2);
            self.entry(id, resource, 2);
        }
    }

    /// How long the current line is.
    fn column(&self) -> usize {
        self.text.rsplit('\n').next().map_or(0, |line| line.chars().count())
    }

    fn indent(&mut self, columns: usize) {
        self.text.extend(std::iter::repeat_n(' ', columns));
    }

    /// `key: value` and the end of the line. The indentation of the key is written already.
    fn entry(&mut self, key: &str, value: &Value, indent: usize) {
        let text = scalar::write(key, Style::Line);
        if text.chars().count() > LONGEST_KEY {
            self.text.push_str(&format!("? {text}\n"));
            self.indent(indent);
        } else {
            self.text.push_str(&text);
        }
        self.text.push(':');
        self.value(value, indent, Spot::Entry);
    }

    /// A value and the end of its line. `indent` is that of what holds it.
    fn value(&mut self, value: &Value, indent: usize, spot: Spot) {
        let may_be_tagged = matches!(spot, Spot::Entry | Spot::Item);
        if let Some((tag, argument)) = tag_of(value).filter(|_| may_be_tagged) {
            self.text.push_str(if spot == Spot::Entry { " " } else { "" });
            self.text.push_str(&tag);
            return self.value(&argument, indent, Spot::Tagged);
        }
        let gap = if matches!(spot, Spot::Entry | Spot::Tagged) { " " } else { "" };
        match value {
            Value::Object(map) if !map.is_empty() => self.block_map(map, indent, spot),
            Value::Array(items) if !items.is_empty() => match flow_value(value, 0) {
                Some(line) if spot == Spot::Tagged && self.column() + line.chars().count() < LONGEST_LINE => {
                    self.text.push_str(&format!(" {line}\n"));
                }
                _ => self.block_list(items, indent, spot),
            },
            Value::String(text) => match scalar::block(text, indent + 2) {
                Some(block) if spot != Spot::Document => self.text.push_str(&format!("{gap}{block}\n")),
                _ => self.text.push_str(&format!("{gap}{}\n", scalar::write(text, Style::Line))),
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) | Value::Array(_) => {
                self.text.push_str(&format!("{gap}{value}\n"));
            }
        }
    }

    fn block_map(&mut self, map: &Map<String, Value>, indent: usize, spot: Spot) {
        let inner = self.start_block(indent, spot);
        for (index, (key, value)) in map.iter().enumerate() {
            if index > 0 || spot != Spot::Item {
                self.indent(inner);
            }
            self.entry(key, value, inner);
        }
    }

    fn block_list(&mut self, items: &[Value], indent: usize, spot: Spot) {
        let inner = self.start_block(indent, spot);
        for (index, item) in items.iter().enumerate() {
            if index > 0 || spot != Spot::Item {
                self.indent(inner);
            }
            self.text.push_str("- ");
            self.value(item, inner, Spot::Item);
        }
    }

    /// The indentation of a block inside of what stands at `indent`.
    fn start_block(&mut self, indent: usize, spot: Spot) -> usize {
        match spot {
            Spot::Entry | Spot::Tagged => self.text.push('\n'),
            Spot::Item | Spot::Document => {}
        }
        if spot == Spot::Document { 0 } else { indent + 2 }
    }
}

fn is_large(value: &Value) -> bool {
    value.as_object().is_some_and(|map| !map.is_empty())
}

/// The short form of an intrinsic function, where it has one here: tag and argument. A tag right behind a tag is no YAML, so a function whose
/// argument has a short form itself has none. What stands behind a tag is a text, so a number there has none either.
fn tag_of(value: &Value) -> Option<(String, Value)> {
    let map = value.as_object()?;
    let (key, argument) = map.iter().next()?;
    if map.len() != 1 {
        return None;
    }
    let tagged = match (key.as_str(), argument) {
        ("Ref", Value::String(_)) => ("!Ref".to_owned(), argument.clone()),
        ("Fn::GetAtt", Value::Array(items)) => {
            let [Value::String(id), Value::String(attribute)] = items.as_slice() else { return None };
            if id.contains('.') {
                return None;
            }
            ("!GetAtt".to_owned(), Value::String(format!("{id}.{attribute}")))
        }
        (key, argument) => {
            let name = key.strip_prefix("Fn::").filter(|name| SHORT.contains(name))?;
            let is_untyped = matches!(argument, Value::Null | Value::Bool(_) | Value::Number(_));
            if is_untyped || tag_of(argument).is_some() {
                return None;
            }
            (format!("!{name}"), argument.clone())
        }
    };
    Some(tagged)
}

/// A value on one line, where it holds scalars, short functions and small lists only.
fn flow_value(value: &Value, depth: usize) -> Option<String> {
    if let Some((tag, argument)) = tag_of(value) {
        return Some(format!("{} {}", tag, flow_value(&argument, depth)?));
    }
    match value {
        Value::Array(items) if depth < 2 => {
            let items: Option<Vec<_>> = items.iter().map(|item| flow_value(item, depth + 1)).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Value::String(text) if !text.contains('\n') => Some(scalar::write(text, Style::Flow)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Object(map) if map.is_empty() => Some("{}".to_owned()),
        Value::Array(_) | Value::String(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::document::Document;
    use serde_json::json;

    #[track_caller]
    fn reads_back(value: &Value) -> String {
        let text = to_yaml(value);
        let back = Document::parse(&text).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"));
        assert!(back.value == *value, "{}\n{text}", back.value);
        text
    }

    #[test]
    fn a_template_reads_as_a_person_would_write_it() {
        let text = reads_back(&json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Transform": ["AWS::Serverless-2016-10-31"],
            "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
            "Resources": {
                "Api": {"Type": "AWS::Serverless::Api", "Properties": {"Timeout": 30, "Id": "012345678901", "Tags": {}}},
                "Url": {
                    "Type": "X",
                    "Condition": "IsProd",
                    "Properties": {
                        "Data": {"Fn::Base64": {"Fn::Sub": "#!/bin/sh\necho ${Api}\n"}},
                        "Name": {"Fn::Sub": "${AWS::StackName}-x"},
                        "Arn": {"Fn::GetAtt": ["Api", "A.B"]},
                        "List": [{"Fn::If": ["IsProd", {"Ref": "Api"}, {"Ref": "AWS::NoValue"}]}, {"Key": "a", "Value": "on"}],
                    },
                },
            },
        }));
        assert_eq!(
            text,
            r#"AWSTemplateFormatVersion: "2010-09-09"
Transform:
  - AWS::Serverless-2016-10-31

Conditions:
  IsProd: !Equals [!Ref Stage, prod]

Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      Timeout: 30
      Id: "012345678901"
      Tags: {}

  Url:
    Type: X
    Condition: IsProd
    Properties:
      Data:
        Fn::Base64: !Sub |
          #!/bin/sh
          echo ${Api}
      Name: !Sub ${AWS::StackName}-x
      Arn: !GetAtt Api.A.B
      List:
        - !If [IsProd, !Ref Api, !Ref AWS::NoValue]
        - Key: a
          Value: "on"
"#
        );
    }

    #[test]
    fn odd_values_read_back_as_they_were() {
        let texts = ["", " ", "\n", "a\n", "a\n\n", " a\nb", "a\r\nb", "\t", "\u{0}"];
        let texts: Vec<_> = texts
            .into_iter()
            .chain(["\u{feff}x", "\u{2028}", "...", "---", "a: b #c", "x:", "é", "😀", "\\", "'\"'"])
            .collect();
        let keys: Map<String, Value> = texts.iter().map(|text| ((*text).to_owned(), json!(texts))).collect();
        let long = Map::from_iter([("k".repeat(1500), json!([1]))]);
        let numbers: Value =
            serde_json::from_str("[0, -0, 1.10, 1e5, 123456789012345678901234567890]").expect("numbers");
        reads_back(&json!({
            "keys": keys, "long": long, "numbers": numbers, "null": null, "<<": {"a": 1}, "nested": [[], [[]], [["a", {}], [[1, [2]]]], {"a": [{"b": {"c": []}}]}],
            "functions": [
                {"Ref": 1}, {"Ref": ["a"]}, {"Ref": "a", "b": 1}, {"Fn::GetAtt": "A.B"}, {"Fn::GetAtt": ["A.B", "C"]}, {"Fn::GetAtt": ["", ""]},
                {"Fn::GetAtt": ["A", {"Ref": "B"}]}, {"Fn::Sub": {"Ref": "A"}}, {"Fn::Sub": {"Fn::Sub": {"Fn::Sub": "x"}}}, {"Fn::Sub": null}, {"Fn::Cidr": 1},
                {"Fn::If": []}, {"Fn::If": {"a": {"Fn::If": ["a, b", "[c]", {"d": "e"}]}}}, {"Fn::Nobody": "x"}, {"Fn::": "x"}, {"Condition": "C"},
                {"Fn::Join": ["", [{"Ref": "A"}, ":", "x".repeat(200)]]}, {"Fn::Sub": "a\nb\n"}, {"Fn::Sub": ["a\nb", {"x": {"Ref": "Y"}}]},
            ],
        }));
    }
}
