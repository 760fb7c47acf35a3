//! What an alarm is called and how it describes itself, inside CloudWatch's limits.

use super::select::Alarm;
use crate::Context;
use crate::identity::short_hash;
use crate::target::{Place, Target};
use crate::template::text::{Part, Text};
use serde_json::Value;

/// CloudWatch's limit for `AlarmName`.
const LONGEST_NAME: usize = 255;
/// CloudFormation's limit for a stack's name.
const LONGEST_STACK_NAME: usize = 128;
/// Room for a value that only CloudFormation knows, such as a stage's name.
const ROOM_FOR_A_VALUE: usize = 64;
/// CloudWatch's limit for `AlarmDescription` is 1,024; this leaves room for the values that CloudFormation fills in.
const LONGEST_DESCRIPTION: usize = 800;

/// `${AWS::StackName} OrdersApi prod GET /orders/{id} LatencyP99`, cut with a hash where it could be too long.
pub(crate) fn alarm_name(target: &Target<'_>, alarm: &str, context: &Context) -> Text {
    let mut name = Text::default();
    name.push_part(Part::Ref("AWS::StackName".to_owned()));
    name.push_literal(" ");
    let room = LONGEST_NAME - LONGEST_STACK_NAME - 1;
    let needed: usize = target.name.parts().iter().map(|part| room_for(part, context)).sum();
    if needed + 1 + alarm.chars().count() <= room {
        name.push(&target.name);
        name.push_literal(" ");
        name.push_literal(alarm);
    } else {
        let plain = target.name.display().replace("${", "").replace('}', "");
        let hash = short_hash(&target.identity.join("\u{1f}"));
        let keep = room.saturating_sub(hash.len() + alarm.len() + 2);
        name.push_literal(&format!("{} {hash} {alarm}", plain.chars().take(keep).collect::<String>().trim_end()));
    }
    name
}

fn room_for(part: &Part, context: &Context) -> usize {
    match part {
        Part::Literal(text) => text.chars().count(),
        Part::Ref(name) => {
            let actual =
                context.parameter_values.get(name).and_then(Value::as_str).map_or(0, |value| value.chars().count());
            actual.max(ROOM_FOR_A_VALUE)
        }
        Part::Attribute(..) | Part::Opaque(_) => ROOM_FOR_A_VALUE,
    }
}

/// What is wrong, where, the threshold, the first thing to look at, the runbook.
pub(crate) fn description(alarm: &Alarm<'_>, runbook: Option<&str>) -> Text {
    let mut text = alarm.target.name.clone();
    text.push_literal(": ");
    match &alarm.settings.description {
        Some(own) => text.push_literal(&own.value),
        None => push_what(&mut text, alarm),
    }
    if !alarm.row.look.is_empty() {
        text.push_literal(" ");
        text.push_literal(&alarm.row.look);
    }
    if let Some(runbook) = runbook {
        text.push_literal(" Runbook: ");
        text.push_literal(&fill(runbook, alarm));
    }
    let length: usize = text
        .parts()
        .iter()
        .map(|part| if let Part::Literal(text) = part { text.chars().count() } else { ROOM_FOR_A_VALUE })
        .sum();
    if length <= LONGEST_DESCRIPTION {
        text
    } else {
        Text::literal(text.display().replace("${", "{").chars().take(LONGEST_DESCRIPTION).collect::<String>())
    }
}

/// The row's sentence with threshold and gate filled in.
fn push_what(text: &mut Text, alarm: &Alarm<'_>) {
    let window = alarm.settings.window.value;
    let per = match window.period {
        60 => "a minute".to_owned(),
        seconds if seconds < 60 => format!("in {seconds} seconds"),
        seconds => format!("in {} minutes", seconds / 60),
    };
    let min = alarm.settings.min_samples.as_ref().map_or_else(String::new, |min| min.value.to_string());
    let mut pieces = alarm.row.what.split('{');
    text.push_literal(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (name, after) = piece.split_once('}').unwrap_or_default();
        match name {
            "min" => text.push_literal(&min),
            "per" => text.push_literal(&per),
            "threshold" => text.push(&alarm.limit.text(alarm.row.unit)),
            _ => {
                text.push_literal("{");
                text.push_literal(piece);
                continue;
            }
        }
        text.push_literal(after);
    }
}

/// Fills a runbook's URL pattern: `{alarm}`, `{resource}`, `{stage}`, `{method}`, `{path}`.
fn fill(pattern: &str, alarm: &Alarm<'_>) -> String {
    let (resource, stage, verb, path) = match &alarm.target.place {
        Place::Stage { api, stage, .. } => (api.as_str(), stage.as_str(), "", ""),
        Place::Route { api, stage, verb, path, .. } => (api.as_str(), stage.as_str(), verb.as_str(), path.as_str()),
        Place::Resource { id, .. } => (id.as_str(), "", "", ""),
    };
    let known = [
        ("{alarm}", &*alarm.row.id),
        ("{resource}", resource),
        ("{stage}", stage),
        ("{method}", verb),
        ("{path}", path),
    ];
    known.iter().fold(pattern.to_owned(), |text, (name, value)| text.replace(name, value))
}
