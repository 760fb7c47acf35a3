//! Which load balancers a target group is behind: through listeners and listener rules, single actions and weighted ones.

use super::items::{entries, items};
use super::relation::{named, values_of};
use super::resource::{attribute, piece};
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
    for route in routes(template) {
        let groups = route.groups.iter().flat_map(|value| named(template, value, TARGET_GROUP));
        let sends = groups
            .filter(|(found, _)| found.id == group.id)
            .fold(When::Never, |when, (_, one)| when.or(one))
            .and(route.by.when());
        for mut balancer in if sends == When::Never { Vec::new() } else { route.balancers(template) } {
            balancer.when = balancer.when.and(sends.clone());
            match all.iter_mut().find(|other| other.full_name == balancer.full_name) {
                Some(same) => same.when = same.when.clone().or(balancer.when),
                None => all.push(balancer),
            }
        }
    }
    all
}

/// Something that sends the requests of listeners to target groups.
struct Route<'a, 't> {
    /// The resource that says so.
    by: &'a Resource<'t>,
    /// What names the target groups.
    groups: Vec<&'a Value>,
    /// What names the listeners or their rules; none: the resource itself is one.
    listeners: Option<Vec<&'a Value>>,
}

impl Route<'_, '_> {
    fn balancers(&self, template: &Template<'_>) -> Vec<Balancer> {
        match &self.listeners {
            None => of_listener(template, self.by),
            Some(listeners) => listeners.iter().flat_map(|arn| of_listener_arn(template, arn)).collect(),
        }
    }
}

/// Listeners and rules; services and deployment groups that switch between two target groups of one listener.
fn routes<'a, 't>(template: &'a Template<'t>) -> Vec<Route<'a, 't>> {
    let below = |value: &'a Value, keys: &[&str]| {
        let mut out = Vec::new();
        keys.iter().for_each(|key| values_of(value, key, &mut out));
        out
    };
    let mut routes = Vec::new();
    for by in template.of_types(LISTENER_OR_RULE) {
        let groups = by.object.get("Properties").map(|properties| below(properties, &["TargetGroupArn"]));
        routes.push(Route { by, groups: groups.unwrap_or_default(), listeners: None });
    }
    for by in template.of_types(&["AWS::ECS::Service"]) {
        for (entry, _) in by.own("LoadBalancers").map(items).unwrap_or_default() {
            let groups = below(entry, &["TargetGroupArn", "AlternateTargetGroupArn"]);
            let listeners = Some(below(entry, &["ProductionListenerRule", "TestListenerRule"]));
            routes.push(Route { by, groups, listeners });
        }
    }
    for by in template.of_types(&["AWS::CodeDeploy::DeploymentGroup"]) {
        let info = by.own("LoadBalancerInfo").and_then(|info| info.get("TargetGroupPairInfoList"));
        for (pair, _) in info.map(items).unwrap_or_default() {
            let groups = pair.get("TargetGroups").map(|groups| below(groups, &["Name"])).unwrap_or_default();
            let lists = below(pair, &["ListenerArns"]);
            let listeners = lists.into_iter().flat_map(entries).map(|(arn, _)| arn).collect();
            routes.push(Route { by, groups, listeners: Some(listeners) });
        }
    }
    routes
}

/// The load balancer of the listener or rule that a value names.
fn of_listener_arn(template: &Template<'_>, arn: &Value) -> Vec<Balancer> {
    let here = named(template, arn, LISTENER_OR_RULE);
    if here.is_empty() {
        return elsewhere(listener_balancer(arn));
    }
    let balancers = here.into_iter().flat_map(|(listener, when)| {
        of_listener(template, listener).into_iter().map(move |balancer| {
            let when = balancer.when.clone().and(when.clone());
            Balancer { when, ..balancer }
        })
    });
    balancers.collect()
}

/// The load balancer of a listener, or of the listener of a rule.
fn of_listener(template: &Template<'_>, listener: &Resource<'_>) -> Vec<Balancer> {
    match (listener.own("LoadBalancerArn"), listener.own("ListenerArn")) {
        (Some(arn), _) => here_or_elsewhere(template, arn),
        // A rule of a rule is nonsense: only listeners are looked for.
        (None, Some(arn)) if named(template, arn, LISTENER).is_empty() => elsewhere(listener_balancer(arn)),
        (None, Some(arn)) => of_listener_arn(template, arn),
        (None, None) => Vec::new(),
    }
}

fn here_or_elsewhere(template: &Template<'_>, arn: &Value) -> Vec<Balancer> {
    let here = named(template, arn, BALANCER);
    if here.is_empty() {
        return elsewhere(full_name(arn, "loadbalancer/"));
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
        None if is_text_function(arn) => Some(piece(arn, mark, 1)),
        None => None,
    }
}

/// `arn:…:listener/app/name/id/listener` belongs to the load balancer `app/name/id`.
fn listener_balancer(arn: &Value) -> Option<Value> {
    if let Some(text) = arn.as_str() {
        let (_, rest) = text.split_once("listener/").or_else(|| text.split_once("listener-rule/"))?;
        let mut pieces = rest.split('/');
        let name = [pieces.next()?, pieces.next()?, pieces.next()?].join("/");
        return Some(json!(name));
    }
    let pieces = [1, 2, 3].map(|index| piece(arn, "/", index));
    is_text_function(arn).then(|| json!({"Fn::Join": ["/", pieces]}))
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
    fn a_deployment_switches_between_two_groups_of_a_listener() {
        let plain = listener(json!({"LoadBalancerArn": {"Ref": "A"}, "DefaultActions": []}));
        let name = json!({"Fn::GetAtt": ["Group", "TargetGroupName"]});
        let pair = json!({"ProdTrafficRoute": {"ListenerArns": [{"Ref": "L"}]}, "TargetGroups": [{"Name": name}]});
        let deployment = json!({"Type": "AWS::CodeDeploy::DeploymentGroup", "Properties": {"LoadBalancerInfo": {"TargetGroupPairInfoList": [pair]}}});
        assert_eq!(found(json!({"L": plain, "D": deployment})).len(), 1);
        let entry = json!({"TargetGroupArn": {"Ref": "Other"}, "AdvancedConfiguration": {"AlternateTargetGroupArn": {"Ref": "Group"}, "ProductionListenerRule": {"Ref": "L"}}});
        let service = json!({"Type": "AWS::ECS::Service", "Properties": {"LoadBalancers": [entry]}});
        assert_eq!(found(json!({"L": plain, "S": service})).len(), 1);
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
