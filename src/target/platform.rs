//! Elastic Beanstalk environments, whose health CloudWatch has only with enhanced health reporting, and queues of AWS Batch, whose name is the end of
//! their ARN.

use super::items::items;
use super::properties::{Answer, Properties};
use super::relation::named;
use super::resource::{Found, Search, piece};
use crate::catalogue::Test;
use crate::catalogue::rows::batch::{BEANSTALK, JOB_QUEUE};
use crate::finding::{Finding, METRIC_NOT_PUBLISHED};
use crate::template::intrinsic::{branches, is_no_value, make_ref};
use crate::template::text::Text;
use crate::template::{Resource, Template, When};
use serde_json::{Value, json};

const CONFIGURATION: &[&str] = &["AWS::ElasticBeanstalk::ConfigurationTemplate"];

/// The option that says how health is reported, and its value that publishes metrics.
const SYSTEM_TYPE: (&str, &str) = ("aws:elasticbeanstalk:healthreporting:system", "SystemType");
const ENHANCED: Test = Test::Is("Value", &["enhanced"]);

/// Finds environments and queues.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for environment in template.of_types(BEANSTALK.types) {
        let when = is_enhanced(template, environment);
        if when == When::Never {
            search.findings.push(not_enhanced(environment));
        }
        let whole = Found::whole(template, &BEANSTALK, environment);
        whole.into_iter().for_each(|whole| search.add(whole.only_when(when.clone())));
    }
    for queue in template.of_types(JOB_QUEUE.types) {
        let name = name_or(queue.own("JobQueueName"), &piece(&make_ref(queue.id), "job-queue/", 1));
        search.add(Found {
            kind: &JOB_QUEUE,
            resource: queue,
            part: None,
            dimensions: vec![name],
            when: When::Always,
            properties: Properties::Of(queue.id),
        });
    }
}

/// When an environment reports enhanced health: its own option wins over that of the saved configuration which it is made from.
fn is_enhanced(template: &Template<'_>, environment: &Resource<'_>) -> When {
    let own = reporting(template, environment);
    let saved = environment.own("TemplateName").map(|name| named(template, name, CONFIGURATION)).unwrap_or_default();
    let saved = saved
        .into_iter()
        .fold(When::Never, |all, (configuration, when)| all.or(reporting(template, configuration).enhanced.and(when)));
    own.enhanced.or(saved.and(own.said.negate()))
}

/// What options say of health.
struct Reporting {
    /// When they say anything.
    said: When,
    /// When they certainly say that it is enhanced.
    enhanced: When,
}

fn reporting(template: &Template<'_>, resource: &Resource<'_>) -> Reporting {
    let (namespace, name) = SYSTEM_TYPE;
    let is = |option: &Value, key: &str, word: &str| option.get(key).is_some_and(|value| value == word);
    let options = resource.own("OptionSettings").map(items).unwrap_or_default();
    let ours =
        options.into_iter().filter(|(option, _)| is(option, "Namespace", namespace) && is(option, "OptionName", name));
    let start = Reporting { said: When::Never, enhanced: When::Never };
    ours.fold(start, |all, (option, when)| {
        let properties = option.as_object().map_or(Properties::None, Properties::Part);
        let enhanced = match properties.test(template, ENHANCED) {
            Answer::When(enhanced) => all.enhanced.or(enhanced.and(when.clone())),
            Answer::Unknown(_) => all.enhanced,
        };
        Reporting { said: all.said.or(when), enhanced }
    })
}

fn not_enhanced(environment: &Resource<'_>) -> Finding {
    let what = format!(
        "the health of {} is not watched: enhanced health reporting is not on in this template",
        environment.id
    );
    let help = "add `{Namespace: aws:elasticbeanstalk:healthreporting:system, OptionName: SystemType, Value: enhanced}` to \
                `OptionSettings`; it is free and needs an instance profile and a service role with the managed policies for enhanced health";
    Finding::new(&METRIC_NOT_PUBLISHED, environment.property_at("OptionSettings"), what, help)
}

/// A name as the author wrote it, and what gives it where there is none.
fn name_or(name: Option<&Value>, generated: &Value) -> Value {
    let Some(name) = name.filter(|name| !is_no_value(name) && Text::read(name).is_some()) else {
        return generated.clone();
    };
    match branches(name) {
        Some((condition, yes, no)) => {
            json!({"Fn::If": [condition, name_or(Some(yes), generated), name_or(Some(no), generated)]})
        }
        None => name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::resource::{found_by, said_by};
    use super::*;

    fn option(value: Value) -> Value {
        json!({"Namespace": "aws:elasticbeanstalk:healthreporting:system", "OptionName": "SystemType", "Value": value})
    }

    fn fragment(properties: Value) -> Value {
        json!({"Parameters": {"Health": {"Type": "String"}}, "Resources": {
            "Saved": {"Type": "AWS::ElasticBeanstalk::ConfigurationTemplate", "Properties": {"OptionSettings": [option(json!("enhanced"))]}},
            "Web": {"Type": "AWS::ElasticBeanstalk::Environment", "Properties": properties},
        }})
    }

    fn whens(properties: Value) -> Vec<When> {
        found_by(find, &fragment(properties)).into_iter().map(|(_, _, when)| when).collect()
    }

    #[test]
    fn an_environment_with_enhanced_health_is_watched() {
        let found = found_by(find, &fragment(json!({"OptionSettings": [option(json!("enhanced"))]})));
        assert_eq!(found, [("Web".to_owned(), vec![json!({"Ref": "Web"})], When::Always)]);
    }

    #[test]
    fn health_may_hang_on_a_condition_or_a_parameter() {
        let no_value = json!({"Ref": "AWS::NoValue"});
        let holds = When::Holds("Prod".to_owned());
        let entry = json!({"Fn::If": ["Prod", option(json!("enhanced")), no_value]});
        assert_eq!(whens(json!({"OptionSettings": [entry]})), std::slice::from_ref(&holds));
        let list = json!({"Fn::If": ["Prod", [option(json!("enhanced"))], no_value]});
        assert_eq!(whens(json!({"OptionSettings": list})), [holds]);
        let parameter = option(json!({"Ref": "Health"}));
        let equals = When::Equals("Health".to_owned(), "enhanced".to_owned());
        assert_eq!(whens(json!({"OptionSettings": [parameter]})), [equals]);
    }

    #[test]
    fn the_environment_wins_over_its_saved_configuration() {
        assert_eq!(whens(json!({"TemplateName": {"Ref": "Saved"}})), [When::Always]);
        let basic = json!({"TemplateName": {"Ref": "Saved"}, "OptionSettings": [option(json!("basic"))]});
        assert_eq!(whens(basic), []);
        let sometimes = json!({"Fn::If": ["Old", option(json!("basic")), {"Ref": "AWS::NoValue"}]});
        let found = whens(json!({"TemplateName": {"Ref": "Saved"}, "OptionSettings": [sometimes]}));
        assert_eq!(found, [When::Holds("Old".to_owned()).negate()]);
    }

    #[test]
    fn without_enhanced_health_it_is_said_what_to_add() {
        for properties in [
            json!({}),
            json!({"OptionSettings": {"Ref": "List"}}),
            json!({"OptionSettings": [option(json!({"Fn::ImportValue": "x"})), "odd", 3, {"Namespace": []}]}),
            json!({"TemplateName": "elsewhere"}),
        ] {
            assert_eq!(whens(properties.clone()), [], "{properties}");
            assert_eq!(said_by(find, &fragment(properties)).len(), 1);
        }
    }

    #[test]
    fn a_queue_is_called_as_written_or_by_the_end_of_its_arn() {
        let queue = |name: Value| json!({"Type": "AWS::Batch::JobQueue", "Condition": "Q", "Properties": {"JobQueueName": name}});
        let found = |name: Value| found_by(find, &json!({"Resources": {"Jobs": queue(name)}}));
        let split = json!({"Fn::Select": [1, {"Fn::Split": ["job-queue/", {"Ref": "Jobs"}]}]});
        for (written, expected) in [
            (json!("nightly"), json!("nightly")),
            (json!({"Fn::Sub": "${AWS::StackName}-q"}), json!({"Fn::Sub": "${AWS::StackName}-q"})),
            (json!({"Ref": "AWS::NoValue"}), split.clone()),
            (json!(["odd"]), split.clone()),
            (json!({"Fn::If": ["C", "a", {"Ref": "AWS::NoValue"}]}), json!({"Fn::If": ["C", "a", split]})),
        ] {
            assert_eq!(found(written), [("Jobs".to_owned(), vec![expected], When::Holds("Q".to_owned()))]);
        }
    }
}
