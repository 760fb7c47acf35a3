//! Which load balancers a target group is behind: through listeners and listener rules, single actions and weighted ones.

use super::relation::{named, values_of};
use super::resource::attribute;
use crate::template::text::Text;
use crate::template::{Resource, Template, When, intrinsic};
use serde_json::{Value, json};

pub(super) const BALANCER: &[&str] = &["AWS::ElasticLoadBalancingV2::LoadBalancer"];
const LISTENER: &[&str] = &["AWS::ElasticLoadBalancingV2::Listener"];
const LISTENER_OR_RULE: &[&str] =
    &["AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule"];
const TARGET_GROUP: &[&str] = &["AWS::ElasticLoadBalancingV2::TargetGroup"];

/// A load balancer that sends requests to a target group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Balancer {
    /// `LoadBalancerFullName`: the value of the dimension.
    pub(super) full_name: Value,
    /// Its logical id, where it is in the template.
    pub(super) id: Option<String>,
    /// When it sends requests there.
    pub(super) when: When,
}

/// The load balancers of a target group; the same one through two listeners is one.
pub(super) fn balancers(template: &Template<'_>, group: &Resource<'_>) -> Vec<Balancer> {
    let mut all: Vec<Balancer> = Vec::new();
    for listener in template.of_types(LISTENER_OR_RULE) {
        let Some(properties) = listener.object.get("Properties") else { continue };
        let mut arns = Vec::new();
        values_of(properties, "TargetGroupArn", &mut arns);
        let sends = arns
            .iter()
            .flat_map(|arn| named(template, arn, TARGET_GROUP))
            .filter(|(found, _)| found.id == group.id)
            .fold(When::Never, |when, (_, one)| when.or(one))
            .and(listener.when());
        if sends == When::Never {
            continue;
        }
        for mut balancer in of_listener(template, listener) {
            balancer.when = balancer.when.and(sends.clone());
            match all.iter_mut().find(|other| other.full_name == balancer.full_name) {
                Some(same) => same.when = same.when.clone().or(balancer.when),
                None => all.push(balancer),
            }
        }
    }
    all
}

/// The load balancer of a listener, or of the listener of a rule.
fn of_listener(template: &Template<'_>, listener: &Resource<'_>) -> Vec<Balancer> {
    if let Some(arn) = listener.own("LoadBalancerArn") {
        return here_or_elsewhere(template, arn, BALANCER, |arn| full_name(arn, "loadbalancer/"));
    }
    let Some(arn) = listener.own("ListenerArn") else { return Vec::new() };
    let here = named(template, arn, LISTENER);
    if here.is_empty() {
        return elsewhere(listener_balancer(arn));
    }
    let balancers = here.into_iter().flat_map(|(inner, when)| {
        let of = inner
            .own("LoadBalancerArn")
            .map(|arn| here_or_elsewhere(template, arn, BALANCER, |arn| full_name(arn, "loadbalancer/")));
        of.unwrap_or_default().into_iter().map(move |balancer| {
            let when = balancer.when.clone().and(when.clone());
            Balancer { when, ..balancer }
        })
    });
    balancers.collect()
}

fn here_or_elsewhere(
    template: &Template<'_>,
    arn: &Value,
    types: &[&str],
    name: impl Fn(&Value) -> Option<Value>,
) -> Vec<Balancer> {
    let here = named(template, arn, types);
    if here.is_empty() {
        return elsewhere(name(arn));
    }
    let balancer = |(resource, when): (&Resource<'_>, When)| Balancer {
        full_name: attribute(resource.id, "LoadBalancerFullName"),
        id: Some(resource.id.to_owned()),
        when: when.and(resource.when()),
    };
    here.into_iter().map(balancer).collect()
}

fn elsewhere(full_name: Option<Value>) -> Vec<Balancer> {
    full_name.map(|full_name| Balancer { full_name, id: None, when: When::Always }).into_iter().collect()
}

/// What stands behind a mark in an ARN: CloudFormation splits it where it is not a text.
fn full_name(arn: &Value, mark: &str) -> Option<Value> {
    match arn.as_str() {
        Some(text) => text.split_once(mark).map(|(_, name)| json!(name)),
        None if is_text_function(arn) => Some(json!({"Fn::Select": [1, {"Fn::Split": [mark, arn]}]})),
        None => None,
    }
}

/// `arn:…:listener/app/name/id/listener` belongs to the load balancer `app/name/id`.
fn listener_balancer(arn: &Value) -> Option<Value> {
    if let Some(text) = arn.as_str() {
        let mut pieces = text.split_once("listener/")?.1.split('/');
        let name = [pieces.next()?, pieces.next()?, pieces.next()?].join("/");
        return Some(json!(name));
    }
    let piece = |index: usize| json!({"Fn::Select": [index, {"Fn::Split": ["/", arn]}]});
    is_text_function(arn).then(|| json!({"Fn::Join": ["/", [piece(1), piece(2), piece(3)]]}))
}

/// An intrinsic that gives a text, and that `Fn::Split` takes.
fn is_text_function(value: &Value) -> bool {
    intrinsic::function(value).is_some() && !intrinsic::is_no_value(value) && Text::read(value).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Scope;

    fn found(listeners: Value) -> Vec<(Value, When)> {
        let mut resources = json!({
            "Group": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup"},
            "A": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer"},
            "B": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Condition": "Two"},
        });
        for (name, listener) in listeners.as_object().expect("listeners") {
            resources[name] = listener.clone();
        }
        let fragment = json!({"Resources": resources});
        let template = Template::read(&fragment, Scope::Template);
        let group = template.any_resource("Group").expect("the group");
        balancers(&template, group).into_iter().map(|balancer| (balancer.full_name, balancer.when)).collect()
    }

    fn listener(properties: Value) -> Value {
        json!({"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": properties})
    }

    fn forward() -> Value {
        json!([{"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": {"Ref": "Group"}, "Weight": 1}]}}])
    }

    #[test]
    fn a_group_may_be_behind_two_balancers() {
        let first = listener(json!({"LoadBalancerArn": {"Ref": "A"}, "DefaultActions": forward()}));
        let second = listener(
            json!({"LoadBalancerArn": {"Ref": "B"}, "DefaultActions": [{"TargetGroupArn": {"Ref": "Group"}}]}),
        );
        let name = |id: &str| json!({"Fn::GetAtt": [id, "LoadBalancerFullName"]});
        let two = When::Holds("Two".to_owned());
        assert_eq!(found(json!({"L1": first, "L2": second})), [(name("A"), When::Always), (name("B"), two)]);
    }

    #[test]
    fn a_rule_belongs_to_its_listeners_balancer() {
        let plain = listener(json!({"LoadBalancerArn": {"Ref": "A"}, "DefaultActions": []}));
        let rule = json!({"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": {"ListenerArn": {"Ref": "L"}, "Actions": forward()}});
        assert_eq!(found(json!({"L": plain, "R": rule})).len(), 1);
        let lost = json!({"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": {"Actions": forward()}});
        assert_eq!(found(json!({"R": lost})), []);
    }

    #[test]
    fn the_name_of_a_balancer_elsewhere_is_split_from_its_arn() {
        let parameter = listener(json!({"LoadBalancerArn": {"Ref": "LbArn"}, "DefaultActions": forward()}));
        let split = json!({"Fn::Select": [1, {"Fn::Split": ["loadbalancer/", {"Ref": "LbArn"}]}]});
        assert_eq!(found(json!({"L": parameter})), [(split, When::Always)]);
        let arn = "arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2";
        let rule = json!({"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": {"ListenerArn": arn, "Actions": forward()}});
        assert_eq!(found(json!({"R": rule})), [(json!("app/web/50dc6c495c0c9188"), When::Always)]);
    }
}
