//! Recognises CloudFormation's intrinsic functions. It never evaluates one: what a `Ref` will be is CloudFormation's to know.

use serde_json::{Map, Value};

/// The value that removes a property: `{"Ref": "AWS::NoValue"}`.
pub(crate) const NO_VALUE: &str = "AWS::NoValue";

/// The name and argument of an intrinsic function: an object with exactly one key, `Ref`, `Condition` or `Fn::…`.
pub(crate) fn function(value: &Value) -> Option<(&str, &Value)> {
    let map = value.as_object()?;
    let (name, argument) = map.iter().next()?;
    let is_function = name == "Ref" || name == "Condition" || name.starts_with("Fn::");
    (map.len() == 1 && is_function).then_some((name.as_str(), argument))
}

/// The logical id, parameter or pseudo parameter of a `Ref`.
pub(crate) fn reference(value: &Value) -> Option<&str> {
    match function(value)? {
        ("Ref", name) => name.as_str(),
        _ => None,
    }
}

/// Logical id and attribute of a `Fn::GetAtt`, in its list and its string form. An attribute that is itself an intrinsic is not named.
pub(crate) fn attribute(value: &Value) -> Option<(&str, &str)> {
    match function(value)? {
        ("Fn::GetAtt", Value::String(text)) => text.split_once('.'),
        ("Fn::GetAtt", Value::Array(items)) => match items.as_slice() {
            [Value::String(id), Value::String(attribute)] => Some((id, attribute)),
            _ => None,
        },
        _ => None,
    }
}

/// Condition and the two branches of a well-formed `Fn::If`.
pub(crate) fn branches(value: &Value) -> Option<(&str, &Value, &Value)> {
    match function(value)? {
        ("Fn::If", Value::Array(items)) => match items.as_slice() {
            [Value::String(condition), yes, no] => Some((condition, yes, no)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether this is `{"Ref": "AWS::NoValue"}`.
pub(crate) fn is_no_value(value: &Value) -> bool {
    reference(value) == Some(NO_VALUE)
}

/// Whether CloudFormation, not the template's text, decides what this value is. A nested macro call counts.
pub(crate) fn is_intrinsic(value: &Value) -> bool {
    function(value).is_some() || value.as_object().is_some_and(|map| map.contains_key("Fn::Transform"))
}

/// `{"Ref": name}`.
pub(crate) fn make_ref(name: &str) -> Value {
    single("Ref", Value::from(name))
}

/// An object with one key.
pub(crate) fn single(key: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(key.to_owned(), value)]))
}

/// Reads a boolean as CloudFormation would: `true` or `"true"`.
pub(crate) fn as_bool(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| match value.as_str()? {
        text if text.eq_ignore_ascii_case("true") => Some(true),
        text if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    })
}

/// Reads a number as CloudFormation would: `30` or `"30"`. Not-a-number and infinity are no numbers.
pub(crate) fn as_number(value: &Value) -> Option<f64> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    number.filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_object_with_a_second_key_is_no_function() {
        assert_eq!(function(&json!({"Ref": "A", "x": 1})), None);
        assert_eq!(reference(&json!({"Ref": "A"})), Some("A"));
    }

    #[test]
    fn get_att_is_read_in_both_forms() {
        assert_eq!(attribute(&json!({"Fn::GetAtt": "A.B.C"})), Some(("A", "B.C")));
        assert_eq!(attribute(&json!({"Fn::GetAtt": ["A", "B.C"]})), Some(("A", "B.C")));
        assert_eq!(attribute(&json!({"Fn::GetAtt": ["A", {"Ref": "B"}]})), None);
    }

    #[test]
    fn numbers_and_booleans_may_come_as_text() {
        assert_eq!(as_number(&json!("30")), Some(30.0));
        assert_eq!(as_number(&json!("NaN")), None);
        assert_eq!(as_bool(&json!("True")), Some(true));
        assert_eq!(as_bool(&json!("yes")), None);
    }
}
