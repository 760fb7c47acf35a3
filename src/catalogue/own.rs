//! Rows that an organisation writes itself (`Custom` of its policy), in the shape of the catalogue's. They are owned by the policy, so nothing of them
//! is `'static`.

use super::kind::Kind;
use super::rows::alarms;
use super::spec::{AlarmSpec, Comparison, MetricUse, Missing, Profile, Severity, Threshold, Unit, Window};
use super::test::Test;
use serde_json::Value;
use std::ops::Deref;
use std::sync::Arc;

/// What a row of an organisation has in place of the catalogue's kinds and metrics.
#[derive(Debug, Clone)]
pub struct Own {
    /// Which entry of `Custom` it is.
    pub index: usize,
    /// The resource types that it watches, with those that SAM makes of them or makes them from: before and after SAM is the same.
    pub types: Vec<String>,
    /// What it reads.
    pub reads: Reads,
    /// The metrics, each with its id in the expression. That of a log pattern has a name for each log group, and none here.
    pub metrics: Vec<OwnMetric>,
    /// The link in the description, unless a setting says otherwise.
    pub runbook: Option<String>,
}

/// One metric of an organisation's row, as [`MetricUse`] is one of the catalogue's.
#[derive(Debug, Clone)]
pub struct OwnMetric {
    /// Its id in the expression.
    pub id: String,
    /// `MetricName`.
    pub name: String,
    /// CloudWatch's statistic.
    pub stat: String,
}

impl OwnMetric {
    /// The only metric of a row.
    pub(crate) fn only(name: String, stat: String) -> Self {
        Self { id: "m".to_owned(), name, stat }
    }
}

/// What a row of an organisation reads.
#[derive(Debug, Clone)]
pub enum Reads {
    /// Metrics of one namespace and with one set of dimensions.
    Metric {
        /// CloudWatch's namespace.
        namespace: String,
        /// Where the values of the dimensions come from.
        dimensions: Vec<(String, ValueFrom)>,
    },
    /// The lines of functions' logs that match a filter pattern.
    Log {
        /// `FilterPattern`.
        pattern: String,
    },
}

/// Where the value of a dimension comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueFrom {
    /// `Ref` to the resource.
    Ref,
    /// An attribute of the resource, by `Fn::GetAtt`.
    GetAtt(String),
    /// A property of the resource, as the author wrote it. A resource without it is not watched.
    Property(String),
    /// The same for every resource: a text, or an intrinsic with pseudo parameters.
    Value(Value),
}

impl ValueFrom {
    /// For people: `Ref`, `GetAtt QueueName`.
    pub fn words(&self) -> String {
        match self {
            Self::Ref => "Ref".to_owned(),
            Self::GetAtt(name) => format!("GetAtt {name}"),
            Self::Property(path) => format!("property {path}"),
            Self::Value(value) => {
                value.as_str().map_or_else(|| "an intrinsic".to_owned(), |text| format!("\"{text}\""))
            }
        }
    }
}

/// What is watched by rows of an organisation alone: any resource.
pub(crate) static OWN_KIND: Kind = Kind::new("resource", "resources", &[], "", &[], &[]);

impl AlarmSpec {
    /// A row of an organisation, of which nothing else has been said.
    pub(crate) fn of_organisation(id: String, own: Own) -> Self {
        Self {
            id: id.into(),
            on: &[],
            applies: Test::Always,
            need: None,
            listed: &[],
            own: Some(own),
            expression: None,
            comparison: Comparison::Above,
            threshold: Threshold::Yours,
            unit: Unit::Count,
            window: Window::new(60, 1, 1),
            min_samples: None,
            missing: Missing::NotBreaching,
            severity: Severity::Warning,
            profile: Profile::Standard,
            what: "".into(),
            look: "".into(),
            source: "".into(),
        }
    }

    /// Whether its metric may have values more often than once a minute: those in AWS's namespaces and those of logs have not.
    pub(crate) fn takes_fast_periods(&self) -> bool {
        let reads = self.own.as_ref().map(|own| &own.reads);
        matches!(reads, Some(Reads::Metric { namespace, .. }) if !namespace.starts_with("AWS/"))
    }
}

impl Own {
    /// What it watches, for people.
    pub fn watches(&self) -> String {
        match self.reads {
            Reads::Metric { .. } => self.types.join(", "),
            Reads::Log { .. } => "log groups of functions".to_owned(),
        }
    }

    /// The metrics, as rows of the catalogue have theirs.
    pub(super) fn metrics(&self) -> impl Iterator<Item = MetricUse<'_>> + Clone {
        self.metrics.iter().map(|metric| MetricUse { id: &metric.id, name: &metric.name, stat: &metric.stat })
    }
}

/// A row of the catalogue, or of an organisation.
#[derive(Debug, Clone)]
pub enum Row {
    /// The catalogue's.
    BuiltIn(&'static AlarmSpec),
    /// An organisation's.
    Own(Arc<AlarmSpec>),
}

impl Deref for Row {
    type Target = AlarmSpec;

    fn deref(&self) -> &AlarmSpec {
        match self {
            Self::BuiltIn(row) => row,
            Self::Own(row) => row,
        }
    }
}

/// All rows that there are: the catalogue's, then those of an organisation.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    own: Arc<[Arc<AlarmSpec>]>,
}

impl Rows {
    /// The catalogue's rows with those of an organisation.
    pub fn with(own: Vec<AlarmSpec>) -> Self {
        Self { own: own.into_iter().map(Arc::new).collect() }
    }

    /// Those of the organisation.
    pub fn own(&self) -> &[Arc<AlarmSpec>] {
        &self.own
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &AlarmSpec> {
        alarms().map(|row| -> &AlarmSpec { row }).chain(self.own.iter().map(|row| &**row))
    }

    /// The row with an id such as `Api.LatencyP99`.
    pub fn find(&self, id: &str) -> Option<&AlarmSpec> {
        self.all().find(|row| row.id == id)
    }
}
