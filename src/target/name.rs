//! The value of the dimension `ApiName`: the REST API's `Name`, else the title of its definition. No attribute carries the name, so it is copied in
//! whatever form it has. Source: API Gateway developer guide, "Amazon API Gateway dimensions and metrics".

use crate::template::intrinsic::{self, branches, make_ref};
use crate::template::text::{Part, Text};
use serde_json::{Value, json};

/// The dimension's value for an API with this `Name` and definition; `None` where neither tells it.
pub(crate) fn api_name(id: &str, name: Option<&Value>, body: Option<&Value>) -> Option<Value> {
    let title = || body.and_then(title);
    let name = match name {
        None | Some(Value::Null) => title()?,
        Some(value) if intrinsic::is_no_value(value) => title()?,
        Some(value) => without_gaps(value, &title)?,
    };
    visible(id, &name)
}

/// `Fn::If` around the name may have `AWS::NoValue` on one side: then the title takes over there.
fn without_gaps(name: &Value, title: &dyn Fn() -> Option<Value>) -> Option<Value> {
    if intrinsic::is_no_value(name) {
        return title();
    }
    match branches(name) {
        Some((condition, yes, no)) => choose(condition, without_gaps(yes, title)?, without_gaps(no, title)?),
        None => Some(name.clone()),
    }
}

/// The title of a definition, which may stand inside `Fn::If`.
fn title(body: &Value) -> Option<Value> {
    if let Some((condition, yes, no)) = branches(body) {
        return match (intrinsic::is_no_value(yes), intrinsic::is_no_value(no)) {
            (false, false) => choose(condition, title(yes)?, title(no)?),
            (false, true) => title(yes),
            (true, false) => title(no),
            (true, true) => None,
        };
    }
    match body.get("info") {
        Some(info) => match branches(info) {
            Some((condition, yes, no)) => choose(condition, yes.get("title")?.clone(), no.get("title")?.clone()),
            None => info.get("title").cloned(),
        },
        None => None,
    }
}

fn choose(condition: &str, yes: Value, no: Value) -> Option<Value> {
    Some(if yes == no { yes } else { json!({"Fn::If": [condition, yes, no]}) })
}

/// API Gateway removes characters outside ASCII from the dimension, and uses the API's id where nothing is left.
fn visible(id: &str, name: &Value) -> Option<Value> {
    if let Some((condition, yes, no)) = branches(name) {
        return choose(condition, visible(id, yes)?, visible(id, no)?);
    }
    let text = Text::read(name)?;
    let mut out = Text::default();
    for part in text.parts() {
        match part {
            Part::Literal(text) => out.push_literal(&text.chars().filter(char::is_ascii).collect::<String>()),
            Part::Ref(_) | Part::Attribute(..) | Part::Opaque(_) => out.push_part(part.clone()),
        }
    }
    match out.as_literal() {
        Some(literal) if literal.trim().is_empty() => Some(make_ref(id)),
        _ if out == text && name.is_object() => Some(name.clone()),
        _ => Some(out.to_value()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_intrinsic_is_a_name() {
        for name in [
            json!({"Ref": "P"}),
            json!({"Fn::Join": ["-", [{"Ref": "AWS::StackName"}, "api"]]}),
            json!({"Fn::If": ["IsProd", "a", "b"]}),
            json!({"Fn::ImportValue": "n"}),
            json!({"Fn::GetAtt": ["F", "Arn"]}),
            json!({"Fn::Sub": ["${s}-api", {"s": {"Ref": "Stage"}}]}),
        ] {
            assert_eq!(api_name("A", Some(&name), None), Some(name));
        }
    }

    #[test]
    fn the_name_wins_over_the_title_and_the_title_fills_its_gaps() {
        let body = json!({"info": {"title": "Titled"}});
        assert_eq!(api_name("A", Some(&json!("named")), Some(&body)), Some(json!("named")));
        assert_eq!(api_name("A", None, Some(&body)), Some(json!("Titled")));
        assert_eq!(api_name("A", None, Some(&json!({"paths": {}}))), None);
        let gap = json!({"Fn::If": ["C", "named", {"Ref": "AWS::NoValue"}]});
        assert_eq!(api_name("A", Some(&gap), Some(&body)), Some(json!({"Fn::If": ["C", "named", "Titled"]})));
    }

    #[test]
    fn characters_outside_ascii_are_not_in_the_dimension() {
        assert_eq!(api_name("A", Some(&json!("Bücher-api")), None), Some(json!("Bcher-api")));
        assert_eq!(api_name("A", Some(&json!("本")), None), Some(json!({"Ref": "A"})));
        assert_eq!(api_name("A", Some(&json!({"Fn::Sub": "ü-${S}"})), None), Some(json!({"Fn::Sub": "-${S}"})));
    }
}
