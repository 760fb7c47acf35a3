//! `Accounts`: for whom an entry is, and which of several wins.

use super::support::{transform_in, yaml};
use super::{context, template};
use serde_json::{Value, json};
use toprail::config::Policy;

/// The threshold that holds for an account, a region and an environment.
fn threshold(policy: &str, account: &str, region: &str, environment: Value) -> Value {
    let config = if environment.is_null() { json!({}) } else { json!({"Environment": environment}) };
    let mut context = context(&yaml(policy));
    (context.account, context.region) = (account.to_owned(), region.to_owned());
    transform_in(template(&config), context).alarm("GET /x", "LatencyP99").threshold().clone()
}

const POLICY: &str = "
    Defaults: {Alarms: {Api: {LatencyP99: {Threshold: 1}}}}
    Accounts:
      - {Account: '1111*', Defaults: {Alarms: {Api: {LatencyP99: {Threshold: 2}}}}}
      - {Account: 111122223333, Defaults: {Alarms: {Api: {LatencyP99: {Threshold: 3}}}}}
      - {Account: 111122223333, Region: 'eu-*', Defaults: {Alarms: {Api: {LatencyP99: {Threshold: 4}}}}}
      - {Environment: prod, Defaults: {Alarms: {Api: {LatencyP99: {Threshold: 5}}}}}
      - {Environment: prod, Region: [us-east-1, us-west-2], Defaults: {Alarms: {Api: {LatencyP99: {Threshold: 6}}}}}
      - {Region: us-east-1, Defaults: {Alarms: {Api: {LatencyP99: {Threshold: 7}}}}}
    ";

#[test]
fn the_most_specific_entry_wins() {
    for (account, region, environment, expected) in [
        ("", "", json!(null), 1),
        ("999988887777", "eu-west-1", json!(null), 1),
        ("111199998888", "eu-west-1", json!(null), 2),
        ("111122223333", "us-west-2", json!(null), 3),
        ("111122223333", "eu-west-1", json!(null), 4),
        ("999988887777", "eu-west-1", json!("prod"), 5),
        ("999988887777", "eu-west-1", json!("dev"), 1),
        ("999988887777", "us-west-2", json!("prod"), 6),
        ("999988887777", "us-east-1", json!(null), 7),
        ("111122223333", "eu-west-1", json!("prod"), 4),
        ("999988887777", "eu-west-1", json!({"Ref": "Stage"}), 5),
    ] {
        assert_eq!(
            threshold(POLICY, account, region, environment.clone()),
            expected,
            "{account} {region} {environment}"
        );
    }
}

#[test]
fn an_entry_may_make_an_exception_from_what_is_enforced() {
    let policy = "
        Enforced: {Alarms: {Api: {LatencyP99: {Threshold: 10, Severity: Critical}}}}
        Accounts: [{Account: 111122223333, Enforced: {Alarms: {Api: {LatencyP99: {Threshold: 90}}}}}]
        ";
    let threshold = |account: &str| {
        let mut context = context(&yaml(policy));
        context.account = account.to_owned();
        let config = json!({"Alarms": {"Api": {"LatencyP99": {"Threshold": 80, "Severity": "Warning"}}}});
        let out = transform_in(template(&config), context);
        let alarm = out.alarm("GET /x", "LatencyP99");
        (alarm.threshold().clone(), alarm.planned.severity.as_str())
    };
    assert_eq!(threshold("111122223333"), (json!(80), "Critical"));
    assert_eq!(threshold("999988887777"), (json!(10), "Critical"));
}

#[test]
fn entries_of_which_neither_is_more_specific_are_a_mistake() {
    for (one, other, is_mistake) in [
        ("Account: '1111*'", "Account: '*3333'", true),
        ("Account: '1111*'", "Account: '*33333'", false),
        ("Account: '1111*'", "Account: '2222*'", false),
        ("Account: 111122223333", "Account: [111122223333, 222233334444]", true),
        ("Region: eu-*", "Region: us-*", false),
        ("Region: eu-*", "Environment: prod", false),
        ("Environment: prod", "Environment: prod", true),
        ("Environment: prod, Region: eu-*", "Environment: prod", false),
        ("Environment: prod, Region: eu-*", "Environment: prod, Region: '*-1a'", true),
    ] {
        let policy = Policy::parse(&format!("Version: 1\nAccounts: [{{{one}}}, {{{other}}}]"));
        let places: Vec<_> =
            policy.mistakes().iter().map(|mistake| mistake.policy.as_ref().unwrap().as_str()).collect();
        let expected: &[&str] = if is_mistake { &["/Accounts/1"] } else { &[] };
        assert_eq!(places, expected, "{one} | {other}: {:?}", policy.mistakes());
    }
}

#[test]
fn an_environment_that_is_not_known_is_a_mistake() {
    for environment in [json!({"Ref": "P"}), json!({"Ref": "T"}), json!({"Ref": "Many"})] {
        let out = transform_in(template(&json!({"Environment": environment})), context(&yaml(POLICY)));
        assert_eq!(out.finding("TR201").at.as_str(), "/Metadata/Toprail/Environment", "{environment}");
    }
    let mut context = context(&yaml(POLICY));
    context.params.insert("Environment".to_owned(), json!("prod"));
    let out = transform_in(template(&json!({"Environment": "dev"})), context);
    assert_eq!(out.alarm("GET /x", "LatencyP99").threshold(), &json!(5), "the transform's parameter wins");
}
