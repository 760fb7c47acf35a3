//! Reads `AccessLogs` and `LogRetention`: where access logs go, and how long logs are kept.

use super::layer::Sourced;
use super::reader::Reader;
use crate::template::{Pointer, intrinsic};
use serde_json::Value;

/// The keys of `AccessLogs`.
pub(crate) const KEYS: &[&str] = &["Destination", "CreateLogGroup", "RetentionInDays", "Format"];

/// The numbers of days that CloudWatch Logs takes. Source: CloudWatch Logs API reference, `PutRetentionPolicy`.
pub(crate) const DAYS: &[u32] =
    &[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/// The longest format that is read. API Gateway takes 3 KB.
const LONGEST_FORMAT: usize = 3000;

/// Where access logs go.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum LogDestination {
    /// A log group, or a delivery stream of Firehose: an ARN or an intrinsic.
    Arn(Value),
    /// A new log group for each stage, with its retention where that is set.
    NewGroup(Option<u32>),
}

/// `AccessLogs`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AccessLogs {
    /// Where they go.
    pub(crate) destination: LogDestination,
    /// How an entry looks, where it is not Toprail's own format.
    pub(crate) format: Option<String>,
}

/// Reads the value of the setting; mistakes go to the reader.
pub(super) fn access_logs(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Sourced<AccessLogs>> {
    let (mut arn, mut creates, mut days, mut format) = (None, None, None, None);
    let mistakes = reader.mistakes.len();
    reader.each(value, at, KEYS, |reader, key, value, at| match key {
        "Destination" => arn = destination(reader, value, at),
        "CreateLogGroup" => creates = reader.boolean(value, at),
        "RetentionInDays" => days = retention(reader, value, at),
        _ => format = reader.text(value, at, LONGEST_FORMAT),
    });
    let creates = creates.map(|creates| creates.value);
    let group = LogDestination::NewGroup(days.map(|days| days.value));
    let destination = match (arn, creates) {
        (Some(arn), None | Some(false)) => Some(LogDestination::Arn(arn)),
        (None, Some(true)) => Some(group),
        // No new log groups, said at a higher layer, is no destination.
        (None, Some(false)) => None,
        (Some(_), Some(true)) | (None, None) => {
            if reader.mistakes.len() == mistakes {
                let what = "access logs need one destination".to_owned();
                reader.mistake(at, what, "write either `Destination` or `CreateLogGroup: true`".to_owned());
            }
            None
        }
    };
    let format = format.map(|format| format.value);
    destination.map(|destination| reader.sourced(AccessLogs { destination, format }, at))
}

fn destination(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Value> {
    let is_arn = value.as_str().is_some_and(|text| text.starts_with("arn:"));
    if is_arn || (intrinsic::function(value).is_some() && !intrinsic::is_no_value(value)) {
        return Some(value.clone());
    }
    reader.wrong(at, value, "the ARN of a log group or a delivery stream, or an intrinsic such as !GetAtt Logs.Arn");
    None
}

/// How long logs are kept, in days.
pub(super) fn retention(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Sourced<u32>> {
    let days = intrinsic::as_number(value);
    let known = DAYS.iter().copied().find(|known| days == Some(f64::from(*known)));
    if known.is_none() {
        reader.wrong(at, value, &format!("a number of days that CloudWatch Logs takes: {}", listed()));
    }
    known.map(|days| reader.sourced(days, at))
}

/// The numbers of days, in words.
pub(crate) fn listed() -> String {
    let days: Vec<String> = DAYS.iter().map(u32::to_string).collect();
    match days.split_last() {
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
