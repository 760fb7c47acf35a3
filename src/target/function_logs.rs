//! The log groups that functions write to, as far as they are resources of the template. Source: Lambda developer guide, "Sending Lambda function logs to
//! CloudWatch Logs": `/aws/lambda/` and the function's name, unless `LoggingConfig` names another.

use super::properties::Properties;
use super::relation::named;
use crate::template::intrinsic::{branches, is_no_value};
use crate::template::text::{Part, Text};
use crate::template::{Resource, Template, When};
use serde_json::Value;

pub(super) const FUNCTIONS: &[&str] = &["AWS::Lambda::Function", "AWS::Serverless::Function"];
const LOG_GROUP: &[&str] = &["AWS::Logs::LogGroup"];
const PREFIX: &str = "/aws/lambda/";

/// The log groups of a function, each with when it is the one.
pub(super) fn groups<'a, 't>(template: &'a Template<'t>, function: &Resource<'t>) -> Vec<(&'a Resource<'t>, When)> {
    let configured = Properties::Of(function.id).get(template, "LoggingConfig.LogGroup");
    match configured {
        Some(value) => chosen(template, function, &value),
        None => by_default(template, function),
    }
}

/// `AWS::NoValue` is the default one.
fn chosen<'a, 't>(template: &'a Template<'t>, function: &Resource<'t>, value: &Value) -> Vec<(&'a Resource<'t>, When)> {
    if is_no_value(value) {
        return by_default(template, function);
    }
    let Some((condition, yes, no)) = branches(value) else {
        return named(template, value, LOG_GROUP).into_iter().filter(|(group, _)| is_own(template, group)).collect();
    };
    let holds = When::named(Some(condition));
    let under = |branch: &Value, when: When| {
        let found = chosen(template, function, branch).into_iter();
        found.map(|(group, inner)| (group, inner.and(when.clone()))).collect::<Vec<_>>()
    };
    [under(yes, holds.clone()), under(no, holds.negate())].concat()
}

fn by_default<'a, 't>(template: &'a Template<'t>, function: &Resource<'t>) -> Vec<(&'a Resource<'t>, When)> {
    let groups = template.of_kind("AWS::Logs::LogGroup");
    let of = |group: &'a Resource<'t>| Some((group, is_for(template, function, group.own("LogGroupName")?)));
    groups.filter_map(of).filter(|(_, when)| *when != When::Never).collect()
}

/// Whether the author wrote it: what SAM will make cannot be referred to by a name that is not known yet.
fn is_own(template: &Template<'_>, group: &Resource<'_>) -> bool {
    template.resources.contains_key(group.id)
}

/// When a log group's name is the default one of a function.
fn is_for(template: &Template<'_>, function: &Resource<'_>, name: &Value) -> When {
    if let Some((condition, yes, no)) = branches(name) {
        let holds = When::named(Some(condition));
        let [yes, no] = [yes, no].map(|branch| is_for(template, function, branch));
        return holds.clone().and(yes).or(holds.negate().and(no));
    }
    let Some(text) = Text::read(name) else { return When::Never };
    let refers = match text.parts() {
        [Part::Literal(prefix), Part::Ref(id)] => prefix == PREFIX && id == function.id,
        _ => false,
    };
    let chosen = template.property(function, "FunctionName").and_then(Text::read);
    let same = chosen.is_some_and(|chosen| {
        chosen.is_visible() && text.display().strip_prefix(PREFIX) == Some(chosen.display().as_str())
    });
    if refers || same { When::Always } else { When::Never }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Scope;
    use serde_json::json;

    /// The log groups of `F`, whose properties these are, beside `L` with this name.
    fn of(function: Value, name: Value) -> Vec<(String, When)> {
        let fragment = json!({"Resources": {
            "F": {"Type": "AWS::Lambda::Function", "Properties": function},
            "L": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": name}},
            "Other": {"Type": "AWS::Logs::LogGroup"},
        }});
        let template = Template::read(&fragment, Scope::Template);
        let function = template.any_resource("F").expect("the function");
        groups(&template, function).into_iter().map(|(group, when)| (group.id.to_owned(), when)).collect()
    }

    #[test]
    fn a_log_group_is_known_in_every_form_of_its_name() {
        let always = [("L".to_owned(), When::Always)];
        for (function, name) in [
            (json!({}), json!({"Fn::Sub": "/aws/lambda/${F}"})),
            (json!({}), json!({"Fn::Join": ["/", ["/aws/lambda", {"Ref": "F"}]]})),
            (json!({"FunctionName": "orders"}), json!("/aws/lambda/orders")),
            (
                json!({"FunctionName": {"Fn::Sub": "${AWS::StackName}-f"}}),
                json!({"Fn::Join": ["", ["/aws/lambda/", {"Ref": "AWS::StackName"}, "-f"]]}),
            ),
            (json!({"LoggingConfig": {"LogGroup": {"Ref": "L"}}}), json!("mine")),
        ] {
            assert_eq!(of(function, name.clone()), always, "{name}");
        }
    }

    #[test]
    fn the_log_group_of_something_else_is_not_its_own() {
        for (function, name) in [
            (json!({}), json!({"Fn::Sub": "/aws/lambda/${F}-old"})),
            (json!({}), json!({"Fn::Sub": "/app/${F}"})),
            (json!({"FunctionName": "orders"}), json!("/aws/lambda/my-orders")),
            (json!({"LoggingConfig": {"LogGroup": "elsewhere"}}), json!({"Fn::Sub": "/aws/lambda/${F}"})),
        ] {
            assert_eq!(of(function, name.clone()), [], "{name}");
        }
    }

    #[test]
    fn a_choice_between_two_is_followed() {
        let choice =
            json!({"LoggingConfig": {"Fn::If": ["C", {"LogGroup": {"Ref": "Other"}}, {"Ref": "AWS::NoValue"}]}});
        let holds = When::Holds("C".to_owned());
        let both = [("Other".to_owned(), holds.clone()), ("L".to_owned(), holds.negate())];
        assert_eq!(of(choice, json!({"Fn::Sub": "/aws/lambda/${F}"})), both);
    }
}
