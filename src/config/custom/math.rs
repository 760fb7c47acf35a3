//! The metric math of a row: its metrics and the expression over them. Sources: API reference of MetricDataQuery and PutMetricAlarm; CloudWatch user
//! guide, "Using math expressions with CloudWatch metrics" and "CloudWatch statistics definitions".

use super::reads;
use crate::catalogue::{OwnMetric, THRESHOLD};
use crate::config::alarm_options::{is_statistic, wrong_statistic};
use crate::config::layer::Sourced;
use crate::config::reader::{Reader, nearest};
use crate::template::Pointer;
use serde_json::Value;

/// The keys of a metric.
pub(crate) const KEYS: &[&str] = &["Id", "MetricName", "Statistic"];
/// Of an expression, in characters.
pub(super) const LONGEST_EXPRESSION: usize = 2048;
const MOST_METRICS: usize = 10;
/// The id of the expression's own result.
const RESULT: &str = "alarm";
/// What stands for the number of samples below which a period does not count.
const GATES: &[&str] = &["{min}", "{gate}"];
/// What CloudWatch refuses in alarms, or what is no threshold alarm.
const REFUSED: &[&str] = &["ANOMALY_DETECTION_BAND", "METRICS", "SEARCH"];
/// Known functions and words, for finding misspelt ones.
const FUNCTIONS: &[&str] = &[
    "ABS",
    "AND",
    "AVG",
    "CEIL",
    "DATAPOINT_COUNT",
    "DATE",
    "DAY",
    "DIFF",
    "DIFF_TIME",
    "EPOCH",
    "FILL",
    "FIRST",
    "FLOOR",
    "HOUR",
    "IF",
    "LAST",
    "LOG",
    "LOG10",
    "MAX",
    "METRIC_COUNT",
    "MIN",
    "MINUTE",
    "MONTH",
    "OR",
    "PERIOD",
    "RATE",
    "REMOVE_EMPTY",
    "RUNNING_SUM",
    "SLICE",
    "SORT",
    "STDDEV",
    "SUM",
    "TIME_SERIES",
    "YEAR",
];

/// The metrics, each with an id of its own.
pub(super) fn metrics(reader: &mut Reader, value: &Value, at: &Pointer) -> Vec<OwnMetric> {
    let Some(items) = value.as_array().filter(|items| !items.is_empty()) else {
        reader.wrong(at, value, "a list of metrics: {Id: errors, MetricName: Errors, Statistic: Sum}");
        return Vec::new();
    };
    if items.len() > MOST_METRICS {
        reader.mistake(at, format!("{} metrics", items.len()), format!("an alarm reads {MOST_METRICS} at most"));
    }
    let mut metrics: Vec<OwnMetric> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let at = at.child(index);
        let (mut id, mut name, mut stat) = (None, None, None);
        reader.each(item, &at, KEYS, |reader, key, value, at| match key {
            "Id" => id = own_id(reader, value, at),
            "MetricName" => name = reads::name(reader, value, at),
            _ => stat = statistic(reader, value, at),
        });
        let lacks: Vec<_> = KEYS.iter().filter(|key| item.is_object() && item.get(**key).is_none()).collect();
        if !lacks.is_empty() {
            let names = lacks.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            reader.mistake(&at, format!("the metric lacks {names}"), "add what is missing".to_owned());
        }
        let (Some(id), Some(name), Some(stat)) = (id, name, stat) else { continue };
        if metrics.iter().any(|metric| metric.id == id) {
            reader.mistake(&at.child("Id"), format!("`{id}` is there twice"), "choose another id".to_owned());
        }
        metrics.push(OwnMetric { id, name: name.value, stat });
    }
    metrics
}

fn own_id(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<String> {
    let id = reader.text(value, at, 255)?.value;
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if id.starts_with(|first: char| first.is_ascii_lowercase()) && id.chars().all(fits) && id != RESULT {
        return Some(id);
    }
    reader.wrong(at, value, "a small letter, then letters, digits and `_`; not `alarm`, which is the result");
    None
}

/// A statistic, or a rank in which `{threshold}` may stand: `PR(:{threshold})`, `TC(100:)`.
fn statistic(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<String> {
    let text = reader.text(value, at, 64)?.value;
    if is_statistic(&text) || is_rank(&text) {
        return Some(text);
    }
    wrong_statistic(reader, value, at);
    None
}

fn is_rank(text: &str) -> bool {
    let range =
        ["PR(", "TC(", "TS("].iter().find_map(|name| text.strip_prefix(name)).and_then(|rest| rest.strip_suffix(')'));
    let is_bound =
        |bound: &str| bound.is_empty() || bound == THRESHOLD || bound.parse::<f64>().is_ok_and(f64::is_finite);
    range
        .and_then(|range| range.split_once(':'))
        .is_some_and(|(from, to)| is_bound(from) && is_bound(to) && !(from.is_empty() && to.is_empty()))
}

/// Notes what CloudWatch would refuse about an expression, as far as that can be seen.
pub(super) fn check(
    reader: &mut Reader,
    expression: &Sourced<String>,
    metrics: &[OwnMetric],
    min_samples: Option<&Sourced<u32>>,
    metrics_at: &Pointer,
) {
    let at = &expression.from.at;
    let has_gate = GATES.iter().any(|gate| expression.value.contains(gate));
    match min_samples {
        None if has_gate => {
            let what = "`{min}` and `{gate}` stand for `MinSamples`, which the row lacks".to_owned();
            reader.mistake(at, what, "add `MinSamples`".to_owned());
        }
        Some(min) if !has_gate => {
            let what = "`MinSamples` has no effect: the expression has neither `{min}` nor `{gate}`".to_owned();
            reader.mistake(&min.from.at, what, "remove it, or write for example IF(failures >= {min}, …)".to_owned());
        }
        Some(_) | None => {}
    }
    let text = GATES.iter().fold(expression.value.clone(), |text, gate| text.replace(gate, "1"));
    if let Some(what) = unbalanced(&text) {
        reader.mistake(at, what, "close every bracket that was opened".to_owned());
    }
    let ids: Vec<&str> = metrics.iter().map(|metric| metric.id.as_str()).collect();
    let words = words(&text);
    for word in &words {
        check_word(reader, word, &ids, at);
    }
    // One that is wrong itself is named already.
    for id in ids.iter().filter(|id| !words.contains(id)) {
        let what = format!("the expression does not use the metric `{id}`, which would be paid for");
        reader.mistake(metrics_at, what, "use it or remove it".to_owned());
    }
}

fn check_word(reader: &mut Reader, word: &str, ids: &[&str], at: &Pointer) {
    if REFUSED.contains(&word) {
        let what = format!("`{word}` is not possible in an alarm with a threshold");
        reader.mistake(at, what, "write an expression of the row's metrics".to_owned());
    } else if word.starts_with(|first: char| first.is_ascii_lowercase()) && !ids.contains(&word) {
        let near = nearest(word, ids).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        reader.mistake(
            at,
            format!("`{word}` is none of the row's metrics"),
            format!("their ids: {}{near}", ids.join(", ")),
        );
    } else if word.starts_with(|first: char| first.is_ascii_uppercase()) && !FUNCTIONS.contains(&word) {
        // CloudWatch may have learned it since: only what is like another is taken for a mistake.
        let alike: Vec<&str> =
            FUNCTIONS.iter().copied().filter(|known| strsim::damerau_levenshtein(word, known) == 1).collect();
        if let Some(near) = nearest(word, &alike) {
            reader.mistake(at, format!("`{word}` is no function of metric math"), format!("did you mean `{near}`?"));
        }
    }
}

/// The names in an expression, without numbers and what stands in quotes.
fn words(text: &str) -> Vec<&str> {
    let unquoted = text.split(['"', '\'']).step_by(2);
    let parts = unquoted.flat_map(|part| part.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.'));
    parts.filter(|word| word.starts_with(|first: char| first.is_ascii_alphabetic())).collect()
}

fn unbalanced(text: &str) -> Option<String> {
    let mut open = 0_u32;
    for c in text.chars() {
        open = match c {
            '(' | '[' => open + 1,
            ')' | ']' if open == 0 => return Some(format!("the expression has a `{c}` that closes nothing")),
            ')' | ']' => open - 1,
            _ => open,
        };
    }
    (open > 0).then(|| format!("the expression leaves {open} of its brackets open"))
}
