//! Which of the wanted tags a tag property lacks.
//!
//! A pure function of what the author wrote and what is wanted. It must not overwrite or reorder a tag, resolve an
//! intrinsic, or change the value itself: it says what to add.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::shapes::{Form, TagShape};

/// What to add to a tag property.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Addition {
    /// It has all that is wanted.
    Nothing,
    /// It is absent: set it to this list or map.
    Set(Value),
    /// Add these at the end of the list.
    Append(Vec<Value>),
    /// Add these to the map.
    Insert(Vec<(String, Value)>),
}

/// Why nothing is added although something may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Reason {
    /// The property, an element of it or a key is an intrinsic, or has a shape that the type does not have.
    #[error("its tags are not all written out, so that what is missing is not known")]
    Unknown,
    /// The deployment would fail.
    #[error("it has {have} tags, and {adding} more would pass the limit of {max}")]
    TooMany {
        /// Tags that are there.
        have: usize,
        /// Tags that are missing.
        adding: usize,
        /// The most that the type takes.
        max: u16,
    },
}

/// What to add to the property, which is as the author wrote it (`None`: absent), to give it the wanted tags.
///
/// A key that the author has is left as it is, whatever its value. Wanted values are copied, intrinsics included.
pub(crate) fn missing(
    shape: &TagShape,
    existing: Option<&Value>,
    wanted: &[(String, Value)],
) -> Result<Addition, Reason> {
    let mut keys = existing.map_or(Ok(Vec::new()), |tags| keys_of(shape.form, tags))?;
    let have = keys.len();
    let mut adding: Vec<(&str, &Value)> = Vec::new();
    for (key, value) in wanted {
        if !keys.iter().any(|present| shape.keys.same(present, key)) {
            keys.push(Cow::Borrowed(key));
            adding.push((key, value));
        }
    }
    if adding.is_empty() {
        return Ok(Addition::Nothing);
    }
    if keys.len() > usize::from(shape.max) {
        return Err(Reason::TooMany { have, adding: adding.len(), max: shape.max });
    }
    let pairs = || adding.iter().map(|&(key, value)| (key.to_owned(), value.clone()));
    let elements = || adding.iter().map(|&(key, value)| element(shape.form, key, value));
    Ok(match (shape.form, existing) {
        (Form::Map, None) => Addition::Set(Value::Object(pairs().collect())),
        (Form::Map, Some(_)) => Addition::Insert(pairs().collect()),
        (Form::List | Form::ListPropagate, None) => Addition::Set(elements().collect()),
        (Form::List | Form::ListPropagate, Some(_)) => Addition::Append(elements().collect()),
    })
}

/// The keys of a tag property, all of them, or `Unknown`.
fn keys_of(form: Form, tags: &Value) -> Result<Vec<Cow<'_, str>>, Reason> {
    match form {
        Form::Map => literal_keys(tags).map(|keys| keys.map(Cow::Borrowed).collect()),
        Form::List | Form::ListPropagate => {
            let elements = tags.as_array().ok_or(Reason::Unknown)?;
            elements.iter().map(|element| named(element, "Key")).collect()
        }
    }
}

/// The keys of a map that is written out.
pub(super) fn literal_keys(tags: &Value) -> Result<impl Iterator<Item = &str>, Reason> {
    let map = tags.as_object().filter(|map| !has_intrinsic(map)).ok_or(Reason::Unknown)?;
    Ok(map.keys().map(String::as_str))
}

/// The literal text of a field of a list's element.
pub(super) fn named<'t>(element: &'t Value, field: &str) -> Result<Cow<'t, str>, Reason> {
    let fields = element.as_object().filter(|map| !has_intrinsic(map)).ok_or(Reason::Unknown)?;
    match fields.get(field) {
        Some(Value::String(text)) => Ok(Cow::Borrowed(text)),
        // a key such as 4711 need not be quoted in YAML
        Some(Value::Number(number)) => Ok(Cow::Owned(number.to_string())),
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => Err(Reason::Unknown),
    }
}

/// Whether CloudFormation would put something else in the place of this map, or of a part of it.
fn has_intrinsic(map: &Map<String, Value>) -> bool {
    map.keys().any(|key| key.starts_with("Fn::")) || (map.len() == 1 && map.contains_key("Ref"))
}

/// One element of a list.
fn element(form: Form, key: &str, value: &Value) -> Value {
    match form {
        Form::ListPropagate => json!({ "Key": key, "Value": value, "PropagateAtLaunch": true }),
        Form::List | Form::Map => json!({ "Key": key, "Value": value }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::ownership::tags::shapes::shape_of;

    fn wanted() -> Vec<(String, Value)> {
        vec![("Team".to_owned(), json!("payments")), ("Stack".to_owned(), json!({ "Ref": "AWS::StackName" }))]
    }

    fn ask(resource_type: &str, existing: Option<&Value>) -> Result<Addition, Reason> {
        missing(&shape_of(resource_type).unwrap(), existing, &wanted())
    }

    /// The property with the addition made.
    fn applied(existing: Option<Value>, addition: Addition) -> Value {
        match (existing, addition) {
            (_, Addition::Set(value)) => value,
            (Some(Value::Array(mut list)), Addition::Append(more)) => {
                list.extend(more);
                Value::Array(list)
            }
            (Some(Value::Object(mut map)), Addition::Insert(more)) => {
                map.extend(more);
                Value::Object(map)
            }
            (existing, addition) => panic!("{addition:?} to {existing:?}"),
        }
    }

    #[test]
    fn an_absent_property_is_set_in_the_form_of_its_type() {
        let stack = json!({ "Ref": "AWS::StackName" });
        let cases = [
            ("AWS::SQS::Queue", json!([{ "Key": "Team", "Value": "payments" }, { "Key": "Stack", "Value": stack }])),
            ("AWS::ApiGatewayV2::Stage", json!({ "Team": "payments", "Stack": stack })),
            (
                "AWS::AutoScaling::AutoScalingGroup",
                json!([
                    { "Key": "Team", "Value": "payments", "PropagateAtLaunch": true },
                    { "Key": "Stack", "Value": stack, "PropagateAtLaunch": true },
                ]),
            ),
        ];
        for (resource_type, tags) in cases {
            assert_eq!(ask(resource_type, None), Ok(Addition::Set(tags)));
        }
    }

    #[test]
    fn what_the_author_wrote_wins() {
        let list = json!([{ "Key": "Team", "Value": { "Fn::If": ["Prod", "a", "b"] } }]);
        let stack = json!({ "Key": "Stack", "Value": { "Ref": "AWS::StackName" } });
        assert_eq!(ask("AWS::SQS::Queue", Some(&list)), Ok(Addition::Append(vec![stack])));
        let map = json!({ "Stack": "mine" });
        let team = ("Team".to_owned(), json!("payments"));
        assert_eq!(ask("AWS::SSM::Parameter", Some(&map)), Ok(Addition::Insert(vec![team])));
    }

    #[test]
    fn applied_twice_it_adds_nothing_the_second_time() {
        for (resource_type, before) in [
            ("AWS::SQS::Queue", None),
            ("AWS::SQS::Queue", Some(json!([]))),
            ("AWS::SQS::Queue", Some(json!([{ "Key": "Team", "Value": "" }]))),
            ("AWS::AutoScaling::AutoScalingGroup", None),
            ("AWS::Serverless::Function", Some(json!({}))),
            ("AWS::Cognito::UserPool", Some(json!({ "Other": "x" }))),
        ] {
            let addition = ask(resource_type, before.as_ref()).unwrap();
            let after = applied(before, addition);
            assert_eq!(ask(resource_type, Some(&after)), Ok(Addition::Nothing), "{resource_type}");
        }
    }

    #[test]
    fn tags_that_are_not_all_written_out_are_left_alone() {
        for tags in [
            json!(null),
            json!({ "Team": "a map where a list belongs" }),
            json!({ "Fn::If": ["Prod", [], []] }),
            json!({ "Ref": "Tags" }),
            json!([{ "Fn::If": ["Prod", { "Key": "Team", "Value": "x" }, { "Ref": "AWS::NoValue" }] }]),
            json!([{ "Key": { "Ref": "Key" }, "Value": "x" }]),
            json!([{ "TagKey": "Team", "TagValue": "x" }]),
            json!(["Team"]),
        ] {
            assert_eq!(ask("AWS::SQS::Queue", Some(&tags)), Err(Reason::Unknown), "{tags}");
        }
        for tags in [json!([]), json!({ "Fn::If": ["Prod", {}, {}] }), json!({ "a": "b", "Fn::Transform": {} })] {
            assert_eq!(ask("AWS::SSM::Parameter", Some(&tags)), Err(Reason::Unknown), "{tags}");
        }
    }

    #[test]
    fn a_limit_is_never_passed() {
        let full = |count| (0..count).map(|at| json!({ "Key": format!("k{at}"), "Value": "" })).collect::<Value>();
        assert!(matches!(ask("AWS::SQS::Queue", Some(&full(48))), Ok(Addition::Append(_))));
        let refused = Err(Reason::TooMany { have: 49, adding: 2, max: 50 });
        assert_eq!(ask("AWS::SQS::Queue", Some(&full(49))), refused);
        let shape = shape_of("AWS::SQS::Queue").unwrap();
        assert_eq!(missing(&shape, Some(&full(60)), &[]), Ok(Addition::Nothing));
    }

    #[test]
    fn iam_and_sam_do_not_get_a_key_twice_in_another_case() {
        let list = json!([{ "Key": "team", "Value": "x" }, { "Key": "STACK", "Value": "y" }]);
        assert_eq!(ask("AWS::IAM::Role", Some(&list)), Ok(Addition::Nothing));
        assert_eq!(ask("AWS::Serverless::Function", Some(&json!({ "team": 1, "stack": 2 }))), Ok(Addition::Nothing));
        assert!(matches!(ask("AWS::SQS::Queue", Some(&list)), Ok(Addition::Append(more)) if more.len() == 2));
    }

    #[test]
    fn a_key_that_yaml_read_as_a_number_is_that_key() {
        let list = json!([{ "Key": 4711, "Value": "x" }]);
        let shape = shape_of("AWS::SQS::Queue").unwrap();
        assert_eq!(missing(&shape, Some(&list), &[("4711".to_owned(), json!("y"))]), Ok(Addition::Nothing));
    }
}
