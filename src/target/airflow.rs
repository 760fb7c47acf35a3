//! Managed Airflow: the metrics that an environment publishes, unless its options filter them out.

use super::resource::{Found, Search};
use crate::catalogue::Kind;
use crate::catalogue::rows::workflow::{DAG_PROCESSING, EXECUTOR, SCHEDULER, TASKS};
use crate::template::{Object, Resource};
use serde_json::Value;

/// Each kind with Airflow's own names of its metrics.
const KINDS: &[(&Kind, &[&str])] = &[
    (&SCHEDULER, &["scheduler_heartbeat"]),
    (&EXECUTOR, &["executor.queued_tasks", "executor.running_tasks"]),
    (&DAG_PROCESSING, &["dag_processing.import_errors"]),
    (&TASKS, &["ti_failures"]),
];
const ALLOW: &[&str] = &["metrics.metrics_allow_list", "metrics.statsd_allow_list"];
const BLOCK: &[&str] = &["metrics.metrics_block_list", "metrics.statsd_block_list"];

/// Finds what is published.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for environment in template.of_types(SCHEDULER.types) {
        let published = Published::of(environment);
        for (kind, _) in KINDS.iter().filter(|(kind, metrics)| published.has(kind, metrics)) {
            Found::whole(template, kind, environment).into_iter().for_each(|found| search.add(found));
        }
    }
}

/// What an environment's options let through: prefixes of names.
enum Published<'t> {
    All,
    Only(Vec<&'t str>),
    AllBut(Vec<&'t str>),
    Unknown,
}

impl<'t> Published<'t> {
    fn of(environment: &Resource<'t>) -> Self {
        let Some(options) = environment.own("AirflowConfigurationOptions") else { return Self::All };
        let Some(options) = options.as_object().filter(|_| !crate::template::intrinsic::is_intrinsic(options)) else {
            return Self::Unknown;
        };
        match (list(options, ALLOW), list(options, BLOCK)) {
            (Some(None), _) | (None, Some(None)) => Self::Unknown,
            (Some(Some(only)), _) => Self::Only(only),
            (None, Some(Some(but))) => Self::AllBut(but),
            (None, None) => Self::All,
        }
    }

    /// Whether all of a kind's metrics are published. No data of the scheduler is bad, so it is watched only where it is certain.
    fn has(&self, kind: &Kind, metrics: &[&str]) -> bool {
        let starts = |metric: &str, prefixes: &[&str]| prefixes.iter().any(|prefix| metric.starts_with(prefix));
        match self {
            Self::All => true,
            Self::Only(prefixes) => metrics.iter().all(|metric| starts(metric, prefixes)),
            Self::AllBut(prefixes) => !metrics.iter().any(|metric| starts(metric, prefixes)),
            Self::Unknown => *kind != SCHEDULER,
        }
    }
}

/// The prefixes of the first option that is there; inner none: only CloudFormation knows them.
fn list<'t>(options: &'t Object, names: &[&str]) -> Option<Option<Vec<&'t str>>> {
    let value = names.iter().find_map(|name| options.get(*name))?;
    Some(value.as_str().map(|text| text.split(',').map(str::trim).filter(|prefix| !prefix.is_empty()).collect()))
        .filter(|_| !matches!(value, Value::Null))
}

#[cfg(test)]
mod tests {
    use super::super::resource::found_by;
    use super::*;
    use serde_json::json;

    fn found(options: Value) -> usize {
        let properties = json!({"Name": "airflow", "AirflowConfigurationOptions": options});
        let fragment = json!({"Resources": {"A": {"Type": "AWS::MWAA::Environment", "Properties": properties}}});
        found_by(find, &fragment).len()
    }

    #[test]
    fn what_is_filtered_out_is_not_watched() {
        assert_eq!(found(json!({})), 4);
        assert_eq!(found(json!({"metrics.metrics_allow_list": "scheduler, ti_"})), 2);
        assert_eq!(found(json!({"metrics.metrics_block_list": "executor"})), 3);
        assert_eq!(found(json!({"metrics.metrics_allow_list": {"Ref": "P"}})), 3);
        assert_eq!(found(json!({"Ref": "Options"})), 3);
    }
}
