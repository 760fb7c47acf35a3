//! What keys take, and which of two values is the stricter one.

use crate::catalogue::{Comparison, GuardLevel, Missing, Profile, Severity, Unit};
use crate::config::raw::{AlarmNames, Mode};

/// What a key takes. The reader accepts the same; its tests go through all keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `true` or `false`.
    Flag,
    /// One of some words.
    Word(Words),
    /// A number of at least 0, or an intrinsic.
    Amount,
    /// A whole number of requests, or an intrinsic.
    Burst,
    /// A whole number from one to another.
    Whole(u32, u32),
    /// Seconds: a multiple of 60.
    Period,
    /// A number of days that CloudWatch Logs takes.
    Days,
    /// The ARN of a log group or a delivery stream, or an intrinsic.
    LogDestination,
    /// A text of at most so many characters.
    Text(usize),
    /// Such a text, or a list of them.
    Texts,
    /// Account ids, or patterns of them.
    Accounts,
    /// A text, or a reference to a parameter.
    Name,
    /// A statistic of CloudWatch.
    Statistic,
    /// A topic, or a list of at most five.
    Topics,
    /// A list of verbs.
    Verbs,
    /// Tags.
    Tags,
    /// Levels by guardrail.
    Guardrails,
    /// The id of an alarm, a guardrail or a finding.
    Id,
    /// A resource type, or a list of them.
    Types,
    /// The id of an organisation's own row.
    OwnId,
    /// A number of at least 0, or a share of a property.
    NumberOrShare,
    /// A number above 0.
    Positive,
    /// The id of a metric in an expression.
    MetricId,
    /// A statistic of CloudWatch, or a rank in which the threshold may stand.
    RankStatistic,
    /// Metric math.
    Expression,
    /// Seconds: 10, 20, 30, or a multiple of 60.
    FastPeriod,
    /// Dimensions, each with where its value comes from.
    Dimensions,
    /// An object with the keys below it.
    Object,
    /// The same, or `false`.
    ObjectOrFalse,
    /// The same, or `true` or `false`.
    ObjectOrFlag,
    /// A list of objects with the keys below it.
    List,
    /// What another key takes.
    As(&'static str),
}

/// A closed set of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// Of `Mode`.
    Mode,
    /// Of `Profile`.
    Profile,
    /// Of `AlarmNames`.
    AlarmNames,
    /// Of `TreatMissingData`.
    Missing,
    /// Of `Severity`.
    Severity,
    /// Of `Guardrails`.
    GuardLevel,
    /// Of the `Level` of a required tag.
    TagLevel,
    /// Of a quota's `Period`.
    QuotaPeriod,
    /// Of `ComparisonOperator`.
    Comparison,
    /// Of `Unit`.
    Unit,
}

impl Words {
    /// The words, as the reader knows them.
    pub fn all(self) -> Vec<&'static str> {
        fn names<T>(words: &[(&'static str, T)]) -> Vec<&'static str> {
            words.iter().map(|(name, _)| *name).collect()
        }
        match self {
            Self::Mode => names(Mode::WORDS),
            Self::Profile => names(Profile::WORDS),
            Self::AlarmNames => names(AlarmNames::WORDS),
            Self::Missing => names(Missing::WORDS),
            Self::Severity => names(Severity::WORDS),
            Self::GuardLevel => names(GuardLevel::WORDS),
            Self::TagLevel => names(crate::config::required_tags::LEVELS),
            Self::QuotaPeriod => names(crate::config::usage_plans::PERIODS),
            Self::Comparison => names(Comparison::WORDS),
            Self::Unit => names(Unit::WORDS),
        }
    }
}

impl Shape {
    /// What it takes, in words.
    pub fn takes(self) -> String {
        let text = match self {
            Self::Flag => "`true` or `false`",
            Self::Word(words) => {
                let all: Vec<_> = words.all().iter().map(|word| format!("`{word}`")).collect();
                let (last, others) = all.split_last().map_or(("", &[][..]), |(last, others)| (last.as_str(), others));
                return format!("{} or {last}", others.join(", "));
            }
            Self::Amount => "number, or an intrinsic",
            Self::Burst => "whole number, or an intrinsic",
            Self::Whole(from, to) => return format!("whole number, {from} to {to}"),
            Self::Period => "seconds, a multiple of 60 up to 86400",
            Self::Days => return format!("number of days: {}", crate::config::logs::listed()),
            Self::LogDestination => "ARN of a log group or a delivery stream, or an intrinsic",
            Self::Text(longest) => return format!("text, at most {longest} characters"),
            Self::Texts => "text, or a list of texts",
            Self::Accounts => "account id in quotes, a pattern such as `\"1111*\"`, or a list",
            Self::Name => "text, or `!Ref` to a parameter",
            Self::Statistic => "CloudWatch statistic",
            Self::Topics => "topic, or a list of at most 5",
            Self::Verbs => "list of verbs",
            Self::Tags => "object of keys and values",
            Self::Guardrails => "object of guardrails and levels: `Off`, `Info`, `Warn`, `Deny` or `Fix`",
            Self::Id => "id",
            Self::Types => "resource type, or a list of them",
            Self::OwnId => "group and name, each with a capital first",
            Self::NumberOrShare => "number of at least 0, or an object",
            Self::Positive => "number above 0",
            Self::MetricId => "small letter, then letters, digits and `_`; not `alarm`",
            Self::RankStatistic => "CloudWatch statistic; `PR`, `TC` and `TS` with a range too",
            Self::Expression => "metric math, at most 2048 characters",
            Self::FastPeriod => "seconds, a multiple of 60 up to 86400; 10, 20 or 30 outside of AWS's namespaces",
            Self::Dimensions => {
                "object of names, each with `Ref`, `{GetAtt: Attribute}`, `{Property: Name}` or `{Value: text}`"
            }
            Self::Object => "object",
            Self::ObjectOrFalse => "`false`, or an object",
            Self::ObjectOrFlag => "`true`, `false`, or an object",
            Self::List => "list of objects",
            Self::As(path) => return format!("as `{path}`"),
        };
        text.to_owned()
    }
}

/// Which of two values is the stricter one, for `Enforced`: a template's value stays if it is at least as strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stricter {
    /// `true` is.
    True,
    /// The later word is, in the order given.
    Order(&'static [&'static str]),
    /// The smaller number is; off is laxer than any.
    Smaller,
    /// The threshold that is crossed sooner: the smaller one of alarms that fire above it, the greater one of those that fire below.
    Sooner,
    /// Neither: the policy's value holds.
    Locked,
    /// The policy's values are added to the template's.
    Added,
}

impl Stricter {
    /// What a policy's value does to a template's, in words.
    pub fn words(self) -> String {
        match self {
            Self::True => "`true` stays `true`".to_owned(),
            Self::Order(words) => {
                format!("at least: {}", words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" < "))
            }
            Self::Smaller => "at most".to_owned(),
            Self::Sooner => "at most for alarms that fire above it, at least for those that fire below".to_owned(),
            Self::Locked => "locked".to_owned(),
            Self::Added => "added".to_owned(),
        }
    }
}
