//! AWS Amplify Hosting, and Amazon CloudWatch RUM.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Kind, by_attribute, by_ref};
use crate::catalogue::spec::{AlarmSpec, MetricUse, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::{Test, is_by_default};

/// A web application that Amplify hosts.
pub(crate) static APP: Kind = Kind::new(
    "Amplify app",
    "Amplify apps",
    &["WebApp"],
    "AWS/AmplifyHosting",
    &["AWS::Amplify::App"],
    &[by_attribute("App", "AppId", None)],
);

/// What real users see, as their browsers or phones report it.
pub(crate) static MONITOR: Kind = Kind::new(
    "app monitor",
    "app monitors",
    &["AppMonitor"],
    "AWS/RUM",
    &["AWS::RUM::AppMonitor"],
    &[by_ref("application_name", "Name")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&APP, &MONITOR];

/// What rates are rates of.
const REQUESTS: MetricUse = metric("n", "Requests", "Sum");

/// Monitors of web pages.
const WEB: Test = is_by_default!("Platform", "Web");

/// Monitors of applications on phones.
const MOBILE: Test = Test::Is("Platform", &["Android", "iOS"]);

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("AppMonitor.Crashes", &[&MONITOR], &[one("CrashCount", "Sum")])
        .only(MOBILE)
        .above(Threshold::Yours, Unit::Count)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("The application crashes on phones more than {threshold} times {per}.", "Look at the crashes in CloudWatch RUM: which version, which screen, and what went live last.")
        .source("CloudWatch metrics that you can collect with CloudWatch RUM: CrashCount; how many are normal depends on how many people use it."),
    alarm("AppMonitor.JsErrors", &[&MONITOR], &[one("JsErrorCount", "Sum")])
        .only(WEB)
        .above(Threshold::Yours, Unit::Count)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("Scripts fail in browsers more than {threshold} times {per}.", "Look at the errors in CloudWatch RUM: which page, which browser, and what went live last.")
        .source("CloudWatch metrics that you can collect with CloudWatch RUM: JsErrorCount; how many are normal depends on how many people use it."),
    alarm("AppMonitor.PageLoad", &[&MONITOR], &[
            metric("m", "PerformanceNavigationDuration", "p90"),
            metric("n", "PerformanceNavigationDuration", "SampleCount"),
        ])
        .only(WEB)
        .gated("IF(n >= {min}, m, 0)", 20)
        .above(number(8_000.0), Unit::Milliseconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("One page in ten takes longer than {threshold} to load in real browsers, of at least {min} {per}.", "Look at the slowest pages and resources in CloudWatch RUM, then at the API calls that they wait for.")
        .source("CloudWatch RUM calls navigations above 8,000 ms frustrating; p90, gated on the number of page loads, 3 of 3."),
    alarm("AppMonitor.ServerErrors", &[&MONITOR], &[one("Http5xxCount", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("Requests that real users' devices send get a 5xx error more than {threshold} times {per}.", "Look at the URLs in CloudWatch RUM, then at the service behind them.")
        .source("CloudWatch metrics that you can collect with CloudWatch RUM: Http5xxCount; how many are normal depends on how many people use it."),
    alarm("WebApp.ClientErrorRate", &[&APP], &[metric("e", "4xxErrors", "Sum"), REQUESTS])
        .gated("IF(e >= {min}, 100 * e / n, 0)", 5)
        .above(number(15.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says("More than {threshold} of the requests get a 4xx error, and at least {min} {per}.", "Look at the access log for the paths: a page or script that the last deployment removed, a broken redirect, or a scanner.")
        .source("Amplify Hosting guide, CloudWatch alarms, names 15 % of 4xxErrors; ours is gated on failures, 5 of 5."),
    alarm("WebApp.Latency", &[&APP], &[one("Latency", "p95")])
        .above(Threshold::Yours, Unit::Seconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("One request in twenty waits longer than {threshold} for the first byte.", "Look at pages that are rendered on the server and what they wait for, and at tokens consumed.")
        .source("Amplify Hosting guide, CloudWatch metrics: Latency (s), time to first byte; what is slow depends on how pages are rendered."),
    alarm("WebApp.ServerErrorRate", &[&APP], &[metric("e", "5xxErrors", "Sum"), REQUESTS])
        .gated("IF(e >= {min}, 100 * e / n, 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("More than {threshold} of the requests get a 5xx error, and at least {min} {per}.", "Look at the compute log of pages that are rendered on the server, at rewrites to other services, and at the last deployment.")
        .source("Our own, as for APIs: a rate of 5xxErrors in Requests, gated on failures, 3 of 5."),
];
