//! Amazon Managed Workflows for Apache Airflow, and Amazon AppFlow.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Kind, by_ref, fixed};
use crate::catalogue::spec::{AlarmSpec, Missing, Profile, Severity, Threshold, Unit};

/// The schedulers of an environment. The author may have configured Airflow not to publish their metrics: code looks.
pub(crate) static SCHEDULER: Kind = Kind::new(
    "Airflow scheduler",
    "Airflow schedulers",
    &["Airflow"],
    "AmazonMWAA",
    &["AWS::MWAA::Environment"],
    &[fixed("Function", "Scheduler"), by_ref("Environment", "Name")],
)
.found_by_code();

/// What hands an environment's tasks to workers.
pub(crate) static EXECUTOR: Kind = Kind::new(
    "Airflow executor",
    "Airflow executors",
    &["Airflow"],
    "AmazonMWAA",
    &["AWS::MWAA::Environment"],
    &[fixed("Function", "Executor"), by_ref("Environment", "Name")],
)
.found_by_code();

/// What reads an environment's DAG files.
pub(crate) static DAG_PROCESSING: Kind = Kind::new(
    "Airflow DAG processor",
    "Airflow DAG processors",
    &["Airflow"],
    "AmazonMWAA",
    &["AWS::MWAA::Environment"],
    &[fixed("Function", "DAG Processing"), by_ref("Environment", "Name")],
)
.found_by_code();

/// All tasks of all DAGs of an environment.
pub(crate) static TASKS: Kind = Kind::new(
    "Airflow environment's tasks",
    "Airflow environments' tasks",
    &["Airflow"],
    "AmazonMWAA",
    &["AWS::MWAA::Environment"],
    &[fixed("DAG", "All"), fixed("Task", "All"), by_ref("Environment", "Name")],
)
.found_by_code();

/// A flow between applications.
pub(crate) static FLOW: Kind = Kind::new(
    "data flow",
    "data flows",
    &["DataFlow"],
    "AWS/AppFlow",
    &["AWS::AppFlow::Flow"],
    &[by_ref("FlowName", "FlowName")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&SCHEDULER, &EXECUTOR, &DAG_PROCESSING, &TASKS, &FLOW];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Airflow.ImportErrors", &[&DAG_PROCESSING], &[one("ImportErrors", "Minimum")])
        .above(number(0.0), Unit::Count)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("A DAG file cannot be imported, so its DAGs do not run.", "Open Airflow's page: it shows the file and the error; most often a package is missing or a file is broken.")
        .source("Our own, 3 of 3: Apache Airflow environment metrics in CloudWatch, ImportErrors, a gauge."),
    alarm("Airflow.SchedulerHeartbeat", &[&SCHEDULER], &[one("SchedulerHeartbeat", "Sum")])
        .below(number(1.0), Unit::Count)
        .of(2, 2, 300)
        .missing(Missing::Breaching)
        .is(Severity::Critical, Profile::Essential)
        .says("The scheduler has given no sign of life for 10 minutes: no DAG starts.", "Look at the scheduler's log, its CPU and memory, and at the environment's state and last update.")
        .source("Amazon MWAA guide, recommended alarms: SchedulerHeartbeat Sum below 1, 2 of 2, missing data is bad."),
    alarm("Airflow.StuckTasks", &[&EXECUTOR], &[
            metric("q", "QueuedTasks", "Minimum"),
            metric("r", "RunningTasks", "Maximum"),
        ])
        .math("IF(q > 0 AND r < 1, q, 0)")
        .above(number(0.0), Unit::Count)
        .of(3, 3, 300)
        .is(Severity::Critical, Profile::Essential)
        .says("Tasks wait in the queue for 15 minutes, and none runs: workers are down or do not take them.", "Look at the workers' log and at their number; see whether the environment can start more.")
        .source("Our own, from QueuedTasks and RunningTasks, which the Amazon MWAA guide puts on its dashboard; 3 of 3."),
    alarm("Airflow.TaskFailures", &[&TASKS], &[one("TaskInstanceFailures", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(1, 1, 3_600)
        .is(Severity::Warning, Profile::Standard)
        .says("More than {threshold} attempts at tasks failed {per}.", "Look at Airflow's page for failed runs and read the log of the first task that failed.")
        .source("Apache Airflow environment metrics in CloudWatch: TaskInstanceFailures counts attempts, and DAGs try again; how many are normal depends on them."),
    alarm("DataFlow.FailedExecutions", &[&FLOW], &[one("FlowExecutionsFailed", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Warning, Profile::Essential)
        .says("A run of the flow failed, so its data did not arrive. AppFlow may deactivate the flow because of it.", "Look at the flow's run history for the error: expired credentials, a changed field, or a quota of the source.")
        .source("Supported metrics for resource tags for telemetry: FlowExecutionsFailed by FlowName; each failed run counts."),
];
