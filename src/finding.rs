//! What Toprail tells the author: findings, many, sorted, each with a place and something to do. A finding never holds a value of the
//! template that could be a secret: names, paths and limits only.

use crate::template::Pointer;

/// How much a finding matters. [`Level::Error`] fails the transform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Something is not protected, or not as asked.
    Warn,
    /// The transform fails.
    Error,
}

impl Level {
    /// The word that users see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warning",
            Self::Error => "error",
        }
    }
}

/// A kind of finding. Ids are never reused.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `TR301`.
    pub id: &'static str,
    /// `unknown-api-name`: reads well after "allow".
    pub name: &'static str,
    /// Its level unless a setting says otherwise.
    pub level: Level,
    /// What it means and what to do, for `explain`.
    pub page: &'static str,
}

/// One thing to know, at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which kind.
    pub code: &'static Code,
    /// How much it matters here.
    pub level: Level,
    /// Where, in the fragment.
    pub at: Pointer,
    /// What is the case: one sentence, names and limits in it.
    pub what: String,
    /// What to do: imperative, copyable where possible.
    pub help: String,
    /// Other places that belong to it.
    pub related: Vec<Pointer>,
    /// Verb and path of the method it is about, where it is about one.
    pub method: Option<(String, String)>,
    /// Where the policy says so. A finding about the policy itself has the root as its place.
    pub policy: Option<Pointer>,
}

impl Finding {
    /// A finding at its code's level.
    pub fn new(code: &'static Code, at: Pointer, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            code,
            level: code.level,
            at,
            what: what.into(),
            help: help.into(),
            related: Vec::new(),
            method: None,
            policy: None,
        }
    }

    /// The same, because of a place in the policy.
    pub(crate) fn with_policy(mut self, at: Pointer) -> Self {
        self.policy = Some(at);
        self
    }

    /// The same at another level.
    pub(crate) fn at_level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }
}

/// The order in which findings are shown: worst first, then by place.
pub fn sort(findings: &mut Vec<Finding>) {
    findings.sort_unstable_by(|a, b| {
        b.level
            .cmp(&a.level)
            .then_with(|| a.at.cmp(&b.at))
            .then_with(|| a.policy.cmp(&b.policy))
            .then_with(|| a.code.id.cmp(b.code.id))
            .then_with(|| a.what.cmp(&b.what))
            .then_with(|| a.help.cmp(&b.help))
    });
    findings.dedup();
}

macro_rules! codes {
    ($($constant:ident = $id:literal $name:literal $level:ident: $page:literal;)*) => {
        // Pages are for people: the function carries none.
        $(#[doc = $page] pub static $constant: Code =
            Code { id: $id, name: $name, level: Level::$level, page: if cfg!(feature = "cli") { $page } else { "" } };)*
        /// Every kind of finding that is no guardrail's, by id. [`crate::catalogue::codes`] has all.
        pub static CODES: &[&Code] = &[$(&$constant),*];
    };
}

codes! {
    UNEXPANDED_LOOP = "TR101" "unexpanded-loop" Info:
        "A `Fn::ForEach` has not been expanded yet, so what it will create is unknown and left alone. CloudFormation expands it when \
         `AWS::LanguageExtensions` runs: list Toprail after it in `Transform` to have the loop's resources watched.";
    UNKNOWN_SHAPE = "TR102" "unknown-shape" Info:
        "A part of the template has a shape that Toprail does not know. It is left byte for byte as it was. Nothing in it is watched or changed.";
    UNEXPANDED_INCLUDE = "TR103" "unexpanded-include" Info:
        "A nested `Fn::Transform` (such as `AWS::Include`) stands where an API's definition is expected. At deployment CloudFormation expands it \
         before Toprail is called; on a laptop it is unknown, so the plan shows less than the deployment will do.";
    PARTIAL_SCOPE = "TR104" "partial-scope" Info:
        "Toprail was called through `Fn::Transform` inside the template, so it sees only a part. Alarms need the whole template: put `Toprail` \
         into the template's `Transform` list.";
    NOT_A_TEMPLATE = "TR105" "not-a-template" Error:
        "The fragment is not something Toprail can work on. Use it in the template's `Transform` list, or as `Fn::Transform` under `Resources`, in a \
         resource, or in its `Properties`.";
    WRONG_CONFIGURATION = "TR201" "wrong-configuration" Error:
        "A setting in `Metadata.Toprail` or in the transform's parameters is wrong: an unknown key, a wrong type, or a value out of range. A wrong \
         setting fails the transform, so that it cannot be missed; all of them are named at once.";
    NOBODY_NOTIFIED = "TR202" "nobody-notified" Warn:
        "Alarms are created, but no topic is configured, so nobody is told. Set `Notify: {Critical: !Ref PagerTopic, Warning: !Ref SlackTopic}` in \
         `Metadata.Toprail`, or the transform's parameters `NotifyCritical` and `NotifyWarning`.";
    WRONG_POLICY = "TR203" "wrong-policy" Error:
        "The organisation's policy is wrong, or cannot be read. A wrong policy fails every transform, so that it cannot be missed; all its mistakes are \
         named at once. `toprail policy check FILE` finds them before it is rolled out.";
    UNUSED_ENTRY = "TR210" "unused-entry" Warn:
        "An entry of the configuration matches nothing: a suppression of something that does not occur, a `Methods` pattern that no method has. It is \
         probably a misspelling, or a leftover.";
    LAXER_THAN_POLICY = "TR220" "laxer-than-policy" Warn:
        "A setting is laxer than the organisation's policy allows (`Enforced`), or cannot be compared with it because it is an intrinsic. The policy's \
         value holds instead. A stricter setting would stay. A limit that the author wrote on a stage itself stays even where it is laxer; the finding \
         names it.";
    FORBIDDEN_SUPPRESSION = "TR221" "forbidden-suppression" Warn:
        "The organisation's policy does not allow templates to suppress this: it is on the list `NoSuppress`, or the policy keeps the alarm on. The \
         suppression has no effect. Exceptions are the policy's to make: its own `Suppress` may name the place and the reason.";
    UNKNOWN_API_NAME = "TR301" "unknown-api-name" Warn:
        "CloudWatch's dimension `ApiName` is the REST API's `Name`, or the title of its definition. Neither stands in the template (the definition is in \
         S3, imported or cloned), so no alarm of this API could ever fire and none is made. Set `Name` on the API.";
    BODY_ELSEWHERE = "TR302" "body-elsewhere" Warn:
        "The API's definition is in S3, so its methods are unknown. The API is watched at stage level. Put the definition into the template (`Body`, \
         `DefinitionBody`), or add it with `AWS::Include`, to have every method watched.";
    ANY_METHOD = "TR303" "any-method" Info:
        "What CloudWatch's `Method` dimension is for `ANY` and `$default` is not documented, so such a method is watched at stage level only. \
         `AnyMethods: [GET, POST]` asks for alarms on these verbs.";
    NO_STAGE = "TR304" "no-stage" Warn:
        "The API has methods but no stage in this template, and alarms need the stage's name. Add Toprail to the template that deploys the stage.";
    UNKNOWN_PATH = "TR305" "unknown-path" Warn:
        "The path of a method cannot be known from this template (its resource is imported or a parameter), so it has no alarms of its own. It is \
         watched at stage level.";
    METRICS_OFF = "TR306" "metrics-switched-off" Warn:
        "Alarms on a method need detailed metrics, and they are off or cannot be switched on here. The method is watched at stage level, which always \
         has data.";
    API_ELSEWHERE = "TR307" "api-elsewhere" Warn:
        "A stage, method or route belongs to an API of another stack. Of a REST API CloudWatch needs the name, which is not in this template: no alarms \
         are made here.";
    UNKNOWN_PROPERTY = "TR308" "unknown-property" Info:
        "Which alarms a resource gets depends on one of its properties, and the property has a value that only CloudFormation knows. A parameter of type \
         `String` and `Fn::If` are followed by conditions; an import or a value from Systems Manager is not.";
    METRIC_NOT_PUBLISHED = "TR309" "metric-not-published" Info:
        "An alarm needs a metric that the resource does not publish as it is configured, so the alarm is not made: it could never fire. The finding says \
         what to add, and what that costs.";
    OTHER_REGION = "TR310" "other-region" Info:
        "CloudWatch has the metrics of global services in one region only, and an alarm elsewhere could never fire.";
    UNRELATED = "TR311" "unrelated" Info:
        "The metrics of a resource are told apart by another resource, such as the load balancer of a target group, and that is not in this template or \
         cannot be told from it. No alarm is made, because it could never fire.";
    NO_LOG_GROUP = "TR312" "log-group-elsewhere" Info:
        "The organisation's policy has alarms on the logs of functions, and the log group of a function is not in this template. It may not be there when \
         the metric filter is made, and the deployment would fail, so none is made. Add the log group to the template to have its lines watched.";
    ALREADY_WATCHED = "TR401" "already-watched" Info:
        "An alarm of the author already watches the same metric and dimensions. It stays as it is and is not doubled.";
    NO_ROOM = "TR402" "no-room" Warn:
        "CloudFormation takes 500 resources and 1,000,000 bytes in a template. Alarms that do not fit are left out, least important first. Split the \
         template, switch alarms off (`Alarms`), or use `Profile: Essential`.";
    NEEDS_S3 = "TR403" "needs-s3" Info:
        "A template that is passed to CloudFormation in the request itself may have 51,200 bytes after all macros; from S3 it may have 1,000,000. \
         `sam deploy`, the CDK and `aws cloudformation deploy --s3-bucket` pass it from S3; without, the deployment would stop with \
         `Transformation data limit exceeded`.";
    SUPPRESSED = "TR404" "suppressed" Info:
        "Something was suppressed by an entry of `Suppress`, with the reason given there.";
    THRESHOLD_FALLBACK = "TR405" "threshold-fallback" Info:
        "A threshold that follows a property could not be derived from its value, so the default for an absent property is used.";
    NEEDS_THRESHOLD = "TR406" "needs-threshold" Info:
        "An alarm is on that has no threshold which fits everybody: it is made once you set its `Threshold`.";
    INTERNAL = "TR900" "internal" Error:
        "Toprail found itself in a state that should not be possible. Nothing was changed. Please report it, with the template if you can.";
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "cli")]
    use super::*;

    #[test]
    #[cfg(feature = "cli")]
    fn codes_are_unique_sorted_and_explained() {
        let ids: Vec<_> = CODES.iter().map(|code| code.id).collect();
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(ids, sorted);
        assert!(CODES.iter().all(|code| code.page.len() > 60 && code.page.ends_with('.')));
    }
}
