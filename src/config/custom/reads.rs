//! What a row of an organisation watches and reads: resource types, namespace, metric and dimensions. Sources of the limits: CloudWatch user guide, "Metrics
//! concepts"; API reference of PutMetricAlarm and Dimension.

use crate::catalogue::ValueFrom;
use crate::config::layer::Sourced;
use crate::config::reader::Reader;
use crate::template::text::Text;
use crate::template::{Pointer, intrinsic};
use serde_json::Value;

/// SAM's types and what becomes of them under the same logical id.
const MADE_BY_SAM: &[(&str, &str)] = &[
    ("AWS::Serverless::Api", "AWS::ApiGateway::RestApi"),
    ("AWS::Serverless::Application", "AWS::CloudFormation::Stack"),
    ("AWS::Serverless::Function", "AWS::Lambda::Function"),
    ("AWS::Serverless::GraphQLApi", "AWS::AppSync::GraphQLApi"),
    ("AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Api"),
    ("AWS::Serverless::SimpleTable", "AWS::DynamoDB::Table"),
    ("AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine"),
    ("AWS::Serverless::WebSocketApi", "AWS::ApiGatewayV2::Api"),
];
/// What Toprail adds itself: a second pass would find more of it than the first.
const ADDED: &[&str] = &["AWS::CloudWatch::Alarm", "AWS::Logs::MetricFilter"];
const MOST_DIMENSIONS: usize = 30;

/// Resource types, with those that SAM makes of them or makes them from.
pub(super) fn types(reader: &mut Reader, value: &Value, at: &Pointer) -> Vec<String> {
    let mut types: Vec<String> = Vec::new();
    for kind in reader.texts(value, at) {
        let is_part = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '@' | '-'))
        };
        let name = kind.value.as_str();
        if !name.contains("::") || !name.split("::").all(is_part) {
            reader.wrong(&kind.from.at, &Value::from(name), "a resource type such as AWS::SQS::Queue or Custom::Thing");
        } else if ADDED.contains(&name) {
            reader.wrong(&kind.from.at, &Value::from(name), "another type: Toprail adds resources of this one itself");
        } else {
            types.push(kind.value);
        }
    }
    let made = |(sam, made): &(&'static str, &'static str)| {
        types.iter().any(|name| name == sam || name == made).then_some(*made)
    };
    let made: Vec<&str> = MADE_BY_SAM.iter().filter_map(made).collect();
    let both = MADE_BY_SAM.iter().filter(|(_, to)| made.contains(to)).flat_map(|(sam, to)| [*sam, *to]);
    types.extend(both.map(str::to_owned));
    types.sort_unstable();
    types.dedup();
    types
}

/// CloudWatch's namespace.
pub(super) fn namespace(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Sourced<String>> {
    let text = reader.text(value, at, 255)?;
    let fits = |c: char| c.is_ascii_alphanumeric() || " ._-/#:".contains(c);
    if text.value.starts_with(':') || !text.value.chars().all(fits) {
        reader.wrong(at, value, "a namespace of CloudWatch: letters, digits and ` ._-/#:`, no colon first");
        return None;
    }
    Some(text)
}

/// A name of a metric.
pub(super) fn name(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Sourced<String>> {
    let text = reader.text(value, at, 255)?;
    if !text.value.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
        reader.wrong(at, value, "a name in ASCII");
        return None;
    }
    Some(text)
}

/// The dimensions, each with where its value comes from.
pub(super) fn dimensions(reader: &mut Reader, value: &Value, at: &Pointer) -> Vec<(String, ValueFrom)> {
    let forms = "an object of names and where each value comes from: `Ref`, {GetAtt: Attribute}, {Property: Name} or {Value: text}";
    let Some(object) = value.as_object().filter(|object| !object.is_empty() && !intrinsic::is_intrinsic(value)) else {
        reader.wrong(at, value, forms);
        return Vec::new();
    };
    if object.len() > MOST_DIMENSIONS {
        reader.mistake(
            at,
            format!("{} dimensions", object.len()),
            format!("CloudWatch takes {MOST_DIMENSIONS} at most"),
        );
    }
    let mistakes = reader.mistakes.len();
    let mut dimensions = Vec::new();
    for (name, value) in object {
        let at = at.child(name.as_str());
        let is_ascii = name.chars().all(|c| c == ' ' || c.is_ascii_graphic());
        if name.trim().is_empty() || name.len() > 255 || name.starts_with(':') || !is_ascii {
            let help = "use 1 to 255 characters of ASCII, no colon first";
            reader.mistake(&at, format!("`{name}` is not the name of a dimension"), help.to_owned());
        }
        dimensions.extend(from(reader, value, &at).map(|from| (name.clone(), from)));
    }
    let tells = dimensions.iter().any(|(_, from)| !matches!(from, ValueFrom::Value(_)));
    if !tells && reader.mistakes.len() == mistakes {
        let help = "let one dimension be `Ref`, {GetAtt: …} or {Property: …}";
        reader.mistake(at, "all resources would have the same metric".to_owned(), help.to_owned());
    }
    dimensions
}

fn from(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<ValueFrom> {
    if value.as_str() == Some("Ref") {
        return Some(ValueFrom::Ref);
    }
    if value.as_object().is_none_or(|object| object.len() != 1 || intrinsic::is_intrinsic(value)) {
        reader.wrong(at, value, "`Ref`, {GetAtt: Attribute}, {Property: Name} or {Value: text}");
        return None;
    }
    let mut from = None;
    reader.each(value, at, &["GetAtt", "Property", "Value"], |reader, key, value, at| match key {
        "GetAtt" => from = word(reader, value, at).map(ValueFrom::GetAtt),
        "Property" => from = word(reader, value, at).map(ValueFrom::Property),
        _ => {
            let text = Text::read(value).filter(|text| text.is_visible() && !intrinsic::is_no_value(value));
            match text.filter(|text| text.as_literal().is_none_or(|text| text.chars().count() <= 1024)) {
                Some(text) => from = Some(ValueFrom::Value(text.to_value())),
                None => reader.wrong(at, value, "a text of 1 to 1024 characters, or `!Sub` with pseudo parameters"),
            }
        }
    });
    from
}

/// The name of an attribute, or the path of a property: `ProvisionedThroughput.ReadCapacityUnits`.
pub(super) fn word(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<String> {
    let text = reader.text(value, at, 255)?.value;
    if text.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric())) {
        return Some(text);
    }
    reader.wrong(at, value, "a name of letters and digits, or several with dots between them");
    None
}
