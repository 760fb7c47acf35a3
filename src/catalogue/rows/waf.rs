//! AWS WAF: web ACLs. The name by which CloudWatch knows one is that of its `VisibilityConfig`, not its own.

use crate::catalogue::build::{alarm, one};
use crate::catalogue::kind::{Kind, by_property, fixed, pseudo};
use crate::catalogue::spec::{AlarmSpec, Missing, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::Test;

const TYPES: &[&str] = &["AWS::WAFv2::WebACL"];
const METRICS_ON: Test = Test::Is("VisibilityConfig.CloudWatchMetricsEnabled", &["true"]);

/// A web ACL for resources of a region. Its `Region` is that of the stack.
pub(crate) static WEB_ACL: Kind = Kind::new(
    "web ACL",
    "web ACLs",
    &["WebAcl"],
    "AWS/WAFV2",
    TYPES,
    &[by_property("WebACL", "VisibilityConfig.MetricName"), fixed("Rule", "ALL"), pseudo("Region", "AWS::Region")],
)
.only(Test::All(&[Test::Is("Scope", &["REGIONAL"]), METRICS_ON]));

/// A web ACL for CloudFront: it has no `Region`, and is made in one region only.
pub(crate) static EDGE_WEB_ACL: Kind = Kind::new(
    "web ACL for CloudFront",
    "web ACLs for CloudFront",
    &["EdgeWebAcl"],
    "AWS/WAFV2",
    TYPES,
    &[by_property("WebACL", "VisibilityConfig.MetricName"), fixed("Rule", "ALL")],
)
.only(Test::All(&[Test::Is("Scope", &["CLOUDFRONT"]), METRICS_ON]))
.only_in("us-east-1");

const ALLOWED: &str = "Fewer than {threshold} requests {per} have been allowed for 15 minutes: a rule may block everybody, or nobody comes.";
const ALLOWED_LOOK: &str = "Compare with BlockedRequests by rule; set a rule that blocks too much to Count.";
const BLOCKED: &str =
    "More than {threshold} requests {per} have been blocked for five minutes: an attack, or a rule that blocks users.";
const BLOCKED_LOOK: &str = "Look at the sampled requests by rule: which rule blocks, which paths and which clients.";

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&WEB_ACL, &EDGE_WEB_ACL];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("EdgeWebAcl.EdgeAllowedRequests", &[&EDGE_WEB_ACL], &[one("AllowedRequests", "Sum")])
        .below(Threshold::Yours, Unit::Count)
        .of(3, 3, 300)
        // WAF publishes no zeros.
        .missing(Missing::Breaching)
        .is(Severity::Warning, Profile::Critical)
        .says(ALLOWED, ALLOWED_LOOK)
        .source("WAF developer guide, AllowedRequests, published when not zero; the number is that of your traffic."),
    alarm("EdgeWebAcl.EdgeBlockedRequests", &[&EDGE_WEB_ACL], &[one("BlockedRequests", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(BLOCKED, BLOCKED_LOOK)
        .source(
            "WAF developer guide, BlockedRequests, published when not zero; what is normal depends on who scans you.",
        ),
    alarm("WebAcl.AllowedRequests", &[&WEB_ACL], &[one("AllowedRequests", "Sum")])
        .below(Threshold::Yours, Unit::Count)
        .of(3, 3, 300)
        // WAF publishes no zeros.
        .missing(Missing::Breaching)
        .is(Severity::Warning, Profile::Critical)
        .says(ALLOWED, ALLOWED_LOOK)
        .source("WAF developer guide, AllowedRequests, published when not zero; the number is that of your traffic."),
    alarm("WebAcl.BlockedRequests", &[&WEB_ACL], &[one("BlockedRequests", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(BLOCKED, BLOCKED_LOOK)
        .source(
            "WAF developer guide, BlockedRequests, published when not zero; what is normal depends on who scans you.",
        ),
];
