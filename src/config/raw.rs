//! One layer of configuration as it was written: a section of the policy, `Metadata.Toprail` of the template or of a resource, or the transform's
//! parameters. Every value knows its place. Nothing is combined here.

use super::alarm_options::alarm_table;
use super::entries::{guardrails, suppressions, tags, topics};
use super::layer::{Layer, Origin, Sourced};
use super::logs::{AccessLogs, access_logs, retention};
use super::methods::{methods, throttle_or_off, verbs};
use super::reader::Reader;
use super::required_tags::{RequiredTag, required_tags};
use super::suppress::no_suppress;
use super::usage_plans::{UsagePlans, usage_plans};
use crate::catalogue::{GuardLevel, Missing, Profile, Severity};
use crate::template::Pointer;
use indexmap::IndexMap;
use serde_json::Value;

/// The default throttle of a stage: a tenth of the account's default quota of 10,000 requests/s, so that no API starves the region.
pub(crate) const DEFAULT_THROTTLE: (u32, u32) = (1000, 500);

/// Whether findings only are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Alarms and fixes are added.
    #[default]
    Inject,
    /// Nothing is changed.
    Audit,
}

impl Mode {
    /// The words in a configuration.
    pub(crate) const WORDS: &'static [(&'static str, Self)] = &[("Inject", Self::Inject), ("Audit", Self::Audit)];
}

/// A rate limit: requests/s and burst, each a number or an intrinsic.
#[derive(Debug, Clone, PartialEq)]
pub struct Throttle {
    /// `ThrottlingRateLimit`, requests/s.
    pub rate: Value,
    /// `ThrottlingBurstLimit`, requests.
    pub burst: Value,
}

/// How alarms are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmNames {
    /// Stack, API, stage, method and alarm.
    Readable,
    /// CloudFormation makes a name.
    Generated,
}

impl AlarmNames {
    /// The words in a configuration.
    pub(crate) const WORDS: &'static [(&'static str, Self)] =
        &[("Readable", Self::Readable), ("Generated", Self::Generated)];
}

/// The four lists of `Notify`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Notify {
    pub(crate) critical: Option<Sourced<Vec<Value>>>,
    pub(crate) warning: Option<Sourced<Vec<Value>>>,
    pub(crate) ok: Option<Sourced<Vec<Value>>>,
    pub(crate) insufficient_data: Option<Sourced<Vec<Value>>>,
}

/// What can be set for an alarm.
#[derive(Debug, Clone, Default)]
pub(crate) struct AlarmOptions {
    pub(crate) enabled: Option<Sourced<bool>>,
    pub(crate) threshold: Option<Sourced<Value>>,
    pub(crate) period: Option<Sourced<u32>>,
    pub(crate) evaluation_periods: Option<Sourced<u32>>,
    pub(crate) datapoints: Option<Sourced<u32>>,
    pub(crate) statistic: Option<Sourced<String>>,
    pub(crate) missing: Option<Sourced<Missing>>,
    pub(crate) min_samples: Option<Sourced<u32>>,
    pub(crate) severity: Option<Sourced<Severity>>,
    pub(crate) runbook: Option<Sourced<String>>,
    pub(crate) description: Option<Sourced<String>>,
}

/// `Alarms`: by group, then alarm. The name "" speaks for the whole group.
pub(crate) type AlarmTable = IndexMap<(String, String), AlarmOptions>;

/// An entry of `Methods`.
#[derive(Debug, Clone)]
pub(crate) struct MethodEntry {
    pub(crate) pattern: String,
    pub(crate) from: Origin,
    pub(crate) alarms: IndexMap<String, AlarmOptions>,
    pub(crate) enabled: Option<Sourced<bool>>,
    pub(crate) throttle: Option<Sourced<Throttle>>,
    pub(crate) any_methods: Option<Sourced<Vec<String>>>,
}

/// An entry of `Suppress`.
#[derive(Debug, Clone)]
pub(crate) struct Suppression {
    pub(crate) id: String,
    pub(crate) place: Option<String>,
    pub(crate) reason: String,
    pub(crate) from: Origin,
}

/// One layer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Raw {
    pub(crate) enabled: Option<Sourced<bool>>,
    pub(crate) mode: Option<Sourced<Mode>>,
    pub(crate) profile: Option<Sourced<Profile>>,
    pub(crate) notify: Notify,
    pub(crate) alarms: AlarmTable,
    pub(crate) methods: Vec<MethodEntry>,
    /// `Throttle: false` is no throttle at all.
    pub(crate) throttle: Option<Sourced<Option<Throttle>>>,
    pub(crate) tags: IndexMap<String, Sourced<Value>>,
    pub(crate) tracing: Option<Sourced<bool>>,
    pub(crate) detailed_metrics: Option<Sourced<bool>>,
    pub(crate) access_logs: Option<Sourced<AccessLogs>>,
    /// Days.
    pub(crate) log_retention: Option<Sourced<u32>>,
    pub(crate) usage_plans: UsagePlans,
    pub(crate) guardrails: IndexMap<&'static str, Sourced<GuardLevel>>,
    pub(crate) suppress: Vec<Suppression>,
    pub(crate) any_methods: Option<Sourced<Vec<String>>>,
    pub(crate) alarm_names: Option<Sourced<AlarmNames>>,
    pub(crate) runbook: Option<Sourced<String>>,
    pub(crate) budget: Option<Sourced<Value>>,
    /// A text, or a reference to a parameter.
    pub(crate) environment: Option<Sourced<Value>>,
    pub(crate) required_tags: Vec<RequiredTag>,
    /// Ids and patterns of what templates may not suppress.
    pub(crate) no_suppress: Vec<Sourced<String>>,
}

/// The keys of the template's configuration.
pub(crate) const TEMPLATE_KEYS: &[&str] = &[
    "Enabled",
    "Mode",
    "Profile",
    "Environment",
    "Notify",
    "Alarms",
    "Methods",
    "Throttle",
    "Tags",
    "RequiredTags",
    "Tracing",
    "DetailedMetrics",
    "AccessLogs",
    "LogRetention",
    "UsagePlans",
    "Guardrails",
    "Suppress",
    "AnyMethods",
    "AlarmNames",
    "Runbook",
    "Budget",
];
/// The keys of a resource's configuration.
pub(crate) const RESOURCE_KEYS: &[&str] = &[
    "Enabled",
    "Alarms",
    "Methods",
    "Throttle",
    "Tags",
    "Tracing",
    "DetailedMetrics",
    "AccessLogs",
    "LogRetention",
    "AnyMethods",
];
/// The keys of a policy's `Defaults`: a template's, but the environment is the template's to say.
pub(crate) const DEFAULTS_KEYS: &[&str] = &[
    "Enabled",
    "Mode",
    "Profile",
    "Notify",
    "Alarms",
    "Methods",
    "Throttle",
    "Tags",
    "RequiredTags",
    "Tracing",
    "DetailedMetrics",
    "AccessLogs",
    "LogRetention",
    "UsagePlans",
    "Guardrails",
    "Suppress",
    "AnyMethods",
    "AlarmNames",
    "Runbook",
    "Budget",
];
/// The keys of a policy's `Enforced`.
pub(crate) const ENFORCED_KEYS: &[&str] = &[
    "Enabled",
    "Mode",
    "Profile",
    "Notify",
    "Alarms",
    "Throttle",
    "Tags",
    "RequiredTags",
    "Tracing",
    "DetailedMetrics",
    "Guardrails",
    "NoSuppress",
    "AlarmNames",
    "Runbook",
    "Budget",
];

impl Raw {
    /// Reads a layer; mistakes go to the reader.
    pub(crate) fn read(reader: &mut Reader, value: &Value, at: &Pointer, keys: &[&'static str]) -> Self {
        let mut raw = Self::default();
        reader.each(value, at, keys, |reader, key, value, at| raw.take(reader, key, value, at));
        raw
    }

    /// Takes one top-level key.
    pub(crate) fn take(&mut self, reader: &mut Reader, key: &str, value: &Value, at: &Pointer) {
        match key {
            "Enabled" => self.enabled = reader.boolean(value, at),
            "Mode" => self.mode = reader.word(value, at, Mode::WORDS),
            "Profile" => self.profile = reader.word(value, at, Profile::WORDS),
            "Notify" => self.read_notify(reader, value, at),
            "Alarms" => self.alarms = alarm_table(reader, value, at),
            // In a policy they are defaults like all others; in a template they are said of single methods, and win.
            "Methods" if reader.layer().is_policy() => self.methods = methods(reader, value, at),
            "Methods" => self.methods = reader.within(Layer::Method, |reader| methods(reader, value, at)),
            "Throttle" => self.throttle = throttle_or_off(reader, value, at),
            "Tags" => self.tags = tags(reader, value, at),
            "Tracing" => self.tracing = reader.boolean(value, at),
            "AccessLogs" => self.access_logs = access_logs(reader, value, at),
            "LogRetention" => self.log_retention = retention(reader, value, at),
            "UsagePlans" => self.usage_plans = usage_plans(reader, value, at),
            "DetailedMetrics" => self.detailed_metrics = reader.boolean(value, at),
            "Guardrails" => self.guardrails = guardrails(reader, value, at),
            "Suppress" => self.suppress = suppressions(reader, value, at),
            "AnyMethods" => self.any_methods = verbs(reader, value, at),
            "AlarmNames" => self.alarm_names = reader.word(value, at, AlarmNames::WORDS),
            "Runbook" => self.runbook = reader.text(value, at, 512),
            "Budget" => self.budget = reader.amount(value, at),
            "Environment" => self.environment = reader.name(value, at),
            "RequiredTags" => self.required_tags = required_tags(reader, value, at),
            "NoSuppress" => self.no_suppress = no_suppress(reader, value, at),
            _ => {}
        }
    }

    fn read_notify(&mut self, reader: &mut Reader, value: &Value, at: &Pointer) {
        reader.each(value, at, &["Critical", "Warning", "Ok", "InsufficientData"], |reader, key, value, at| {
            let topics = topics(reader, value, at);
            match key {
                "Critical" => self.notify.critical = topics,
                "Warning" => self.notify.warning = topics,
                "Ok" => self.notify.ok = topics,
                _ => self.notify.insufficient_data = topics,
            }
        });
    }
}
