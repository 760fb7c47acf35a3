//! What a row of the catalogue can say. A row is the whole definition of an alarm; nothing about an alarm is decided elsewhere.

use super::kind::Kind;
use super::own::Own;
use super::test::{Need, Test};
use std::borrow::Cow;

/// How urgent an alarm is; `Notify` routes by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Somebody should look during working hours.
    Warning,
    /// Somebody is woken.
    Critical,
}

impl Severity {
    /// The words in a configuration.
    pub(crate) const WORDS: &'static [(&'static str, Self)] =
        &[("Critical", Self::Critical), ("Warning", Self::Warning)];

    /// The word that users see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "Warning",
            Self::Critical => "Critical",
        }
    }
}

/// How much is watched. Each profile has what the one before has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// What nobody should go live without.
    Essential,
    /// The go-live list.
    Standard,
    /// Earlier warnings, for what must not fail.
    Critical,
}

impl Profile {
    /// The words in a configuration.
    pub(crate) const WORDS: &'static [(&'static str, Self)] =
        &[("Essential", Self::Essential), ("Standard", Self::Standard), ("Critical", Self::Critical)];

    /// The word that users see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Essential => "Essential",
            Self::Standard => "Standard",
            Self::Critical => "Critical",
        }
    }
}

/// CloudWatch's `ComparisonOperator` for thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Alarm above the threshold.
    Above,
    /// Alarm at the threshold and above.
    AtLeast,
    /// Alarm below the threshold.
    Below,
    /// Alarm at the threshold and below.
    AtMost,
}

impl Comparison {
    /// CloudWatch's words.
    pub(crate) const WORDS: &'static [(&'static str, Self)] = &[
        ("GreaterThanThreshold", Self::Above),
        ("GreaterThanOrEqualToThreshold", Self::AtLeast),
        ("LessThanThreshold", Self::Below),
        ("LessThanOrEqualToThreshold", Self::AtMost),
    ];

    /// CloudWatch's word.
    pub fn operator(self) -> &'static str {
        match self {
            Self::Above => "GreaterThanThreshold",
            Self::AtLeast => "GreaterThanOrEqualToThreshold",
            Self::Below => "LessThanThreshold",
            Self::AtMost => "LessThanOrEqualToThreshold",
        }
    }

    /// `>`, `>=`, `<` or `<=`.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
        }
    }

    /// Whether it fires on the upper side: a smaller threshold is the stricter one.
    pub fn is_upper(self) -> bool {
        match self {
            Self::Above | Self::AtLeast => true,
            Self::Below | Self::AtMost => false,
        }
    }

    /// Whether an alarm on a percentage could be in either state with this threshold.
    pub(crate) fn can_divide_percents(self, threshold: f64) -> bool {
        match self {
            Self::Above => threshold < 100.0,
            Self::AtLeast | Self::Below => threshold > 0.0 && threshold <= 100.0,
            Self::AtMost => threshold < 100.0,
        }
    }
}

/// CloudWatch's `TreatMissingData`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// No data is good.
    NotBreaching,
    /// No data is bad.
    Breaching,
    /// The state stays as it is.
    Ignore,
    /// The state becomes INSUFFICIENT_DATA.
    Missing,
}

impl Missing {
    /// CloudWatch's words.
    pub(crate) const WORDS: &'static [(&'static str, Self)] = &[
        ("notBreaching", Self::NotBreaching),
        ("breaching", Self::Breaching),
        ("ignore", Self::Ignore),
        ("missing", Self::Missing),
    ];

    /// CloudWatch's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotBreaching => "notBreaching",
            Self::Breaching => "breaching",
            Self::Ignore => "ignore",
            Self::Missing => "missing",
        }
    }
}

/// What a threshold counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 0 to 100.
    Percent,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Days.
    Days,
    /// Bytes.
    Bytes,
    /// A number of events in a period, or of things.
    Count,
}

impl Unit {
    /// The words in a policy, as far as CloudWatch has them.
    pub(crate) const WORDS: &'static [(&'static str, Self)] = &[
        ("Count", Self::Count),
        ("Percent", Self::Percent),
        ("Milliseconds", Self::Milliseconds),
        ("Seconds", Self::Seconds),
        ("Bytes", Self::Bytes),
    ];

    /// The sign behind a number.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Percent => " %",
            Self::Milliseconds => " ms",
            Self::Seconds => " s",
            Self::Days => " days",
            Self::Bytes => " bytes",
            Self::Count => "",
        }
    }
}

/// Where a threshold comes from unless somebody sets it.
#[derive(Debug, Clone, PartialEq)]
pub enum Threshold {
    /// A number in the row's unit.
    Number(f64),
    /// A share of a property.
    Share(Share),
    /// No number fits everybody: the alarm is off until somebody sets its threshold.
    Yours,
}

/// A share of a property of the resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// The property's path: `Timeout`, `ProvisionedThroughput.ReadCapacityUnits`.
    pub property: Cow<'static, str>,
    /// How much of it, in percent.
    pub percent: u32,
    /// How many of the row's units one of the property's is: 1,000 where the property is in s and the metric in ms.
    pub scale: f64,
    /// The service's default where the property is absent, in the property's unit. None: then there is no threshold, and no alarm.
    pub absent: Option<f64>,
}

/// What stands for the threshold in a statistic.
pub(crate) const THRESHOLD: &str = "{threshold}";

/// One metric that an alarm reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetricUse<'r> {
    /// Its id in the expression.
    pub id: &'r str,
    /// `MetricName`, as REST APIs call it; see [`Kind::metric_name`] for the names of HTTP APIs.
    pub name: &'r str,
    /// CloudWatch statistic. `{threshold}` stands for the threshold, for percentile ranks.
    pub stat: &'r str,
}

/// Period and M of N.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// `Period`, seconds.
    pub period: u32,
    /// `DatapointsToAlarm`: M.
    pub datapoints: u32,
    /// `EvaluationPeriods`: N.
    pub evaluation_periods: u32,
}

impl Window {
    /// M of N periods.
    pub(crate) const fn new(period: u32, datapoints: u32, evaluation_periods: u32) -> Self {
        Self { period, datapoints, evaluation_periods }
    }
}

/// One alarm: a row of the catalogue.
#[derive(Debug)]
pub struct AlarmSpec {
    /// Group and name: `Api.LatencyP99`.
    pub id: Cow<'static, str>,
    /// The kinds of targets that it watches, all with one namespace; none, where it is an organisation's.
    pub on: &'static [&'static Kind],
    /// To which of them it applies.
    pub applies: Test,
    /// What must be on for its metrics to exist.
    pub need: Option<Need>,
    /// The metrics it reads, in the catalogue: see [`Self::metrics`].
    pub(crate) listed: &'static [MetricUse<'static>],
    /// What it watches and reads, where it is an organisation's.
    pub own: Option<Own>,
    /// Metric math over the metrics' ids, with `{min}` for the gate, or `{gate}` for one half less; none: the first metric as it is.
    pub expression: Option<Cow<'static, str>>,
    /// Which side of the threshold is bad.
    pub comparison: Comparison,
    /// The default threshold.
    pub threshold: Threshold,
    /// What the threshold counts.
    pub unit: Unit,
    /// Period and M of N.
    pub window: Window,
    /// `MinSamples`: how many failures (or slow requests) a period needs before it counts.
    pub min_samples: Option<u32>,
    /// What no data means.
    pub missing: Missing,
    /// How urgent it is.
    pub severity: Severity,
    /// The first profile that has it.
    pub profile: Profile,
    /// What is wrong when it fires. `{threshold}` and `{min}` are filled in.
    pub what: Cow<'static, str>,
    /// The first thing to look at.
    pub look: Cow<'static, str>,
    /// Where metric and numbers come from.
    pub source: Cow<'static, str>,
}

impl AlarmSpec {
    /// `Api` of `Api.LatencyP99`.
    pub fn group(&self) -> &str {
        self.id.get(..self.dot()).unwrap_or(&self.id)
    }

    /// `LatencyP99` of `Api.LatencyP99`.
    pub fn name(&self) -> &str {
        self.id.get(self.dot() + 1..).unwrap_or(&self.id)
    }

    /// Where the dot of its id is: ids are short and asked for often, so the bytes are looked at one by one.
    fn dot(&self) -> usize {
        self.id.bytes().position(|byte| byte == b'.').unwrap_or(self.id.len())
    }

    /// What its alarms are called among those of one target: an organisation's row by its whole id, which no row of the catalogue can have.
    pub fn label(&self) -> &str {
        if self.own.is_some() { &self.id } else { self.name() }
    }

    /// The expression with its gate filled in.
    pub fn expression_with(&self, min: u32) -> String {
        let gate = f64::from(min) - 0.5;
        let expression = self.expression.as_deref().unwrap_or_default();
        expression.replace("{min}", &min.to_string()).replace("{gate}", &gate.to_string())
    }

    /// The expression with the row's own gate.
    pub fn default_expression(&self) -> Option<String> {
        self.expression.as_ref().map(|_| self.expression_with(self.min_samples.unwrap_or_default()))
    }

    /// Whether one of its metrics is a percentile rank of the threshold, which has to be a number then.
    pub(crate) fn ranks_threshold(&self) -> bool {
        self.metrics().any(|metric| metric.stat.contains(THRESHOLD))
    }

    /// Whether another statistic of the metric makes sense: not of a rate, which needs its counts.
    pub(crate) fn takes_statistic(&self) -> bool {
        self.expression.is_none() || self.primary().is_some_and(|metric| metric.stat.starts_with('p'))
    }

    /// The metrics it reads. The first one decides what it is about.
    pub fn metrics(&self) -> impl Iterator<Item = MetricUse<'_>> + Clone {
        self.listed.iter().copied().chain(self.own.iter().flat_map(Own::metrics))
    }

    /// The metric that it is about.
    pub fn primary(&self) -> Option<MetricUse<'_>> {
        self.metrics().next()
    }
}
