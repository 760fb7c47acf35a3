//! `unlimited-log-retention`: log groups do not keep their entries for ever.

use crate::catalogue::guards::observability::UNLIMITED_LOG_RETENTION;
use crate::edit::Edit;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::state::{State, state};
use crate::template::intrinsic::is_no_value;
use crate::template::text::{Part, Text};
use crate::template::{Resource, Template};
use serde_json::{Value, json};

const PROPERTY: &str = "RetentionInDays";
const FUNCTIONS: &[&str] = &["AWS::Lambda::Function", "AWS::Serverless::Function"];
/// How many functions a finding names.
const NAMED: usize = 3;

pub(super) const ENTRY: Entry = (&UNLIMITED_LOG_RETENTION, look);

fn look(check: &mut Check<'_, '_, '_>) {
    let settings = check.view.settings;
    for group in check.written(&["AWS::Logs::LogGroup"]) {
        // Logs for delivery to S3 or Firehose are kept for a day or two whatever is set.
        if group.own("LogGroupClass").and_then(Value::as_str) == Some("DELIVERY") {
            continue;
        }
        let at = group.property_at(PROPERTY);
        let what = match state(group.own(PROPERTY), &[], &|_| Some(true)) {
            State::On | State::Unknown => continue,
            State::Unset | State::Off => format!("the log group {} keeps its entries for ever", group.id),
            State::OffWhere(when) => format!("the log group {} keeps its entries for ever where {when}", group.id),
        };
        let wanted = settings.log_retention(&[group.id.to_owned()]);
        let help = match &wanted {
            Some(days) => format!("set `RetentionInDays: {}`: older entries are then deleted", days.value),
            None => {
                "set `RetentionInDays`, or `LogRetention` in Toprail's configuration: older entries are then deleted"
                    .to_owned()
            }
        };
        let violation = Violation::new(at.clone(), group.id, what, help);
        let is_free = group.own(PROPERTY).is_none() && group.takes_properties();
        check.report(match wanted.filter(|_| is_free) {
            Some(days) => {
                let edit = Edit::Insert { at, value: json!(days.value) };
                violation.asked_for(true).fixed_by(
                    format!("retention of {} days", days.value),
                    vec![edit],
                    vec![days.from],
                )
            }
            None => violation,
        });
    }
    look_at_functions(check);
}

/// Lambda makes a log group for a function that has none in the template, and that one has no retention. A function that already runs has one, so that
/// a new log group of the same name would fail the deployment: nothing is added, and the finding is one for all of them.
fn look_at_functions(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    let groups: Vec<Text> =
        check.written(&["AWS::Logs::LogGroup"]).filter_map(|group| Text::read(group.own("LogGroupName")?)).collect();
    // A name that CloudFormation decides may be that of any function.
    if groups.iter().any(|name| !name.parts().iter().any(|part| matches!(part, Part::Literal(_)))) {
        return;
    }
    let mut without = check
        .written(FUNCTIONS)
        .filter(|function| !writes_elsewhere(template, function) && !has_group(template, function, &groups));
    let named: Vec<&Resource<'_>> = without.by_ref().take(NAMED).collect();
    let more = without.count();
    let Some(first) = named.first() else { return };
    let names = named.iter().map(|function| function.id).collect::<Vec<_>>().join(", ");
    let (names, verb) = match (named.len(), more) {
        (1, 0) => (format!("the function {names}"), "has"),
        (_, 0) => (format!("the functions {names}"), "have"),
        _ => (format!("the functions {names} and {more} more"), "have"),
    };
    let what = format!(
        "{names} {verb} no log group in the template, so that Lambda makes one that keeps its entries for ever"
    );
    let help = "set the retention of the log group `/aws/lambda/<function>` outside the template, or let the function write to a log group of the \
                template (`LoggingConfig`)";
    check.report(Violation::new(first.at.clone(), first.id, what, help).unknown());
}

/// Whether a function writes to a log group that the author chose.
fn writes_elsewhere(template: &Template<'_>, function: &Resource<'_>) -> bool {
    let logging = template.property(function, "LoggingConfig");
    logging.is_some_and(|logging| match logging.as_object() {
        Some(object) if object.contains_key("LogGroup") => !object.get("LogGroup").is_some_and(is_no_value),
        Some(object) => object.keys().any(|key| key.starts_with("Fn::") || key == "Ref"),
        None => false,
    })
}

/// Whether one of the names is that of the function's log group, in any form: `/aws/lambda/${F}`, or with the name that the author gave it.
fn has_group(template: &Template<'_>, function: &Resource<'_>, groups: &[Text]) -> bool {
    let mut named = Text::literal("/aws/lambda/");
    named.push_part(Part::Ref(function.id.to_owned()));
    let chosen = template.property(function, "FunctionName").and_then(Text::read).map(|name| {
        let mut text = Text::literal("/aws/lambda/");
        text.push(&name);
        text
    });
    groups.iter().any(|group| *group == named || Some(group) == chosen.as_ref())
}
