//! Managed Airflow: what an environment publishes, unless its options filter it out. Airflow 2 compares the beginning of its metrics' names with a list;
//! Airflow 3 looks for patterns anywhere in them.

use super::items::leaves;
use super::properties::{Answer, Properties};
use super::resource::{Found, Search, place};
use crate::catalogue::rows::workflow::{DAG_PROCESSING, EXECUTOR, SCHEDULER, TASKS};
use crate::catalogue::{Kind, Test};
use crate::finding::{Finding, UNKNOWN_PROPERTY};
use crate::template::intrinsic::{as_bool, is_intrinsic, is_no_value};
use crate::template::{Resource, Template, When};
use serde_json::Value;

/// Each kind with Airflow's own names of the metrics that its alarms read.
const KINDS: &[(&Kind, &[&str])] = &[
    (&SCHEDULER, &["scheduler_heartbeat"]),
    (&EXECUTOR, &["executor.queued_tasks", "executor.running_tasks"]),
    (&DAG_PROCESSING, &["dag_processing.import_errors"]),
    (&TASKS, &["ti_failures"]),
];

const OPTIONS: &str = "AirflowConfigurationOptions";
const HAS_OPTIONS: Test = Test::Has(OPTIONS);
const IS_AIRFLOW_2: Test = Test::Starts("AirflowVersion", &["1.", "2."]);

/// The lists, by the newer name and by the one from before Airflow 2.6. What is allowed wins over what is blocked.
const ALLOW: &[&str] = &["metrics.metrics_allow_list", "metrics.statsd_allow_list"];
const BLOCK: &[&str] = &["metrics.metrics_block_list", "metrics.statsd_block_list"];
const PATTERNS: &str = "metrics.metrics_use_pattern_match";

/// Finds what is published.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for environment in template.of_types(SCHEDULER.types) {
        let choices = published(template, environment);
        for (kind, metrics) in KINDS {
            let fitting = choices.iter().filter(|(published, _)| published.has(kind, metrics));
            let when = fitting.fold(When::Never, |all, (_, when)| all.or(when.clone()));
            let found = Found::whole(template, kind, environment);
            found.into_iter().for_each(|found| search.add(found.only_when(when.clone())));
        }
        if choices.iter().any(|(published, _)| matches!(published, Published::Unknown)) {
            search.findings.push(unknown(environment));
        }
    }
}

/// What an environment's options let through.
enum Published {
    /// All of Airflow's metrics.
    All,
    /// Those whose names begin with one of these.
    Only(Vec<String>),
    /// All but those whose names begin with one of these.
    AllBut(Vec<String>),
    /// All but those whose names contain one of these.
    AllWithout(Vec<String>),
    /// Only CloudFormation or Airflow knows.
    Unknown,
}

impl Published {
    /// Whether all of a kind's metrics are published. Of the scheduler no data is bad, so it is watched only where that is certain.
    fn has(&self, kind: &Kind, metrics: &[&str]) -> bool {
        let begins = |metric: &&str, words: &[String]| words.iter().any(|word| metric.starts_with(word));
        let contains = |metric: &&str, words: &[String]| words.iter().any(|word| metric.contains(word));
        match self {
            Self::All => true,
            Self::Only(words) => metrics.iter().all(|metric| begins(metric, words)),
            Self::AllBut(words) => !metrics.iter().any(|metric| begins(metric, words)),
            Self::AllWithout(words) => !metrics.iter().any(|metric| contains(metric, words)),
            Self::Unknown => *kind != SCHEDULER,
        }
    }
}

/// What an environment publishes, for each choice of options that it may have.
fn published(template: &Template<'_>, environment: &Resource<'_>) -> Vec<(Published, When)> {
    let properties = Properties::Of(environment.id);
    let is_airflow_2 = properties.test(template, IS_AIRFLOW_2) == Answer::When(When::Always);
    let has_none = match properties.test(template, HAS_OPTIONS) {
        Answer::When(has) => has.negate(),
        Answer::Unknown(_) => When::Never,
    };
    let options = environment.own(OPTIONS).map(leaves).unwrap_or_default();
    let choices = options.into_iter().map(|(options, when)| (filtered(options, is_airflow_2), when));
    choices.chain([(Published::All, has_none)]).collect()
}

fn filtered(options: &Value, is_airflow_2: bool) -> Published {
    if !options.is_object() || is_intrinsic(options) {
        return Published::Unknown;
    }
    let first = |names: &[&str]| names.iter().find_map(|name| list(options.get(*name)?));
    let (words, is_allowed) = match (first(ALLOW), first(BLOCK)) {
        (Some(words), _) => (words, true),
        (None, Some(words)) => (words, false),
        (None, None) => return Published::All,
    };
    let finds_patterns = !is_airflow_2 || options.get(PATTERNS).is_some_and(|value| as_bool(value) != Some(false));
    match words.filter(|words| words.iter().all(|word| is_plain(word))) {
        // What a name begins with is found in it as well, so this is certain for patterns too.
        Some(words) if is_allowed => Published::Only(words),
        Some(words) if finds_patterns => Published::AllWithout(words),
        Some(words) => Published::AllBut(words),
        None => Published::Unknown,
    }
}

/// The words of a list; none: it is as good as absent. Inner none: only CloudFormation knows them.
fn list(value: &Value) -> Option<Option<Vec<String>>> {
    if is_no_value(value) || value.as_str().is_some_and(str::is_empty) {
        return None;
    }
    let words = |text: &str| text.split(',').map(|word| word.trim().to_ascii_lowercase()).collect();
    Some(value.as_str().map(words))
}

/// Whether a word is no pattern, or one that fits itself.
fn is_plain(word: &str) -> bool {
    word.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.'))
}

fn unknown(environment: &Resource<'_>) -> Finding {
    let what = format!(
        "the scheduler of {} is not watched: whether its heartbeat is published depends on `{OPTIONS}`, which are not known here",
        environment.id
    );
    let help = "write the list of metrics into the template, as plain beginnings of their names with `scheduler_heartbeat` among them";
    Finding::new(&UNKNOWN_PROPERTY, place(environment, OPTIONS), what, help)
}

#[cfg(test)]
mod tests {
    use super::super::resource::{found_by, said_by};
    use super::*;
    use serde_json::json;

    const ALL: [&str; 4] = ["Scheduler", "Executor", "DAG Processing", "All"];

    fn fragment(version: &str, options: Value) -> Value {
        let properties = json!({"Name": "airflow", "AirflowVersion": version, "AirflowConfigurationOptions": options});
        json!({"Resources": {"A": {"Type": "AWS::MWAA::Environment", "Properties": properties}}})
    }

    /// The first dimension of each target, with when it exists.
    fn whens(fragment: &Value) -> Vec<(String, When)> {
        let first = |values: &[Value]| values[0].as_str().expect("a text").to_owned();
        found_by(find, fragment).into_iter().map(|(_, values, when)| (first(&values), when)).collect()
    }

    fn found(version: &str, options: Value) -> Vec<String> {
        whens(&fragment(version, options)).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn without_a_filter_all_is_published() {
        let bare = json!({"Resources": {"A": {"Type": "AWS::MWAA::Environment"}}});
        assert_eq!(whens(&bare), ALL.map(|name| (name.to_owned(), When::Always)));
        for options in [json!({}), json!({"core.dag_concurrency": 16}), json!({"metrics.metrics_allow_list": ""})] {
            assert_eq!(found("2.10.3", options), ALL);
        }
    }

    #[test]
    fn what_is_not_allowed_is_not_watched() {
        for version in ["2.10.3", "3.0.6"] {
            let allow = |list: &str| found(version, json!({"metrics.metrics_allow_list": list}));
            assert_eq!(allow("Scheduler, ti_"), ["Scheduler", "All"]);
            assert_eq!(allow("executor.queued"), [] as [&str; 0]);
            assert_eq!(allow("executor"), ["Executor"]);
            assert_eq!(allow("heartbeat"), [] as [&str; 0]);
        }
        assert_eq!(found("2.5.1", json!({"metrics.statsd_allow_list": "dag_processing"})), ["DAG Processing"]);
    }

    #[test]
    fn what_is_blocked_is_not_watched() {
        let block = |version: &str, list: &str| found(version, json!({"metrics.metrics_block_list": list}));
        assert_eq!(block("2.10.3", "executor,heartbeat"), ["Scheduler", "DAG Processing", "All"]);
        assert_eq!(block("3.0.6", "executor,heartbeat"), ["DAG Processing", "All"]);
        let patterns = json!({"metrics.metrics_block_list": "heartbeat", "metrics.metrics_use_pattern_match": "True"});
        assert_eq!(found("2.10.3", patterns), ALL[1..]);
        let both = json!({"metrics.metrics_allow_list": "ti_failures", "metrics.metrics_block_list": "ti"});
        assert_eq!(found("2.10.3", both), ["All"]);
    }

    #[test]
    fn of_a_filter_that_is_unknown_the_scheduler_is_left_out_and_that_is_said() {
        for options in [
            json!({"Ref": "Options"}),
            json!({"metrics.metrics_allow_list": {"Ref": "P"}}),
            json!({"metrics.metrics_block_list": "^scheduler"}),
            json!({"metrics.metrics_allow_list": "scheduler|ti_", "metrics.metrics_use_pattern_match": "True"}),
            json!("x"),
        ] {
            let fragment = fragment("2.10.3", options);
            let names: Vec<_> = whens(&fragment).into_iter().map(|(name, _)| name).collect();
            assert_eq!((names.as_slice(), said_by(find, &fragment).len()), (&ALL.map(str::to_owned)[1..], 1));
        }
    }

    #[test]
    fn options_under_a_condition_filter_under_that_condition() {
        let list = json!({"metrics.metrics_allow_list": "scheduler"});
        let found = whens(&fragment("2.10.3", json!({"Fn::If": ["C", list, {"Ref": "AWS::NoValue"}]})));
        let otherwise = When::Holds("C".to_owned()).negate();
        let expected = [When::Always, otherwise.clone(), otherwise.clone(), otherwise];
        assert_eq!(found, ALL.iter().map(|name| (*name).to_owned()).zip(expected).collect::<Vec<_>>());
    }
}
