//! Members of ElastiCache replication groups. A group without shards calls them `<group>-001` to `<group>-006`, for as long as nobody makes or deletes
//! replicas by hand, which get other numbers. Of a group with shards CloudWatch has metrics of the whole, but for some node types only.

use super::items::leaves;
use super::properties::{Answer, Properties};
use super::relation::named;
use super::resource::{Found, Search, place};
use crate::catalogue::Test;
use crate::catalogue::rows::caches::{GROUP, MEMBER, SHARDED};
use crate::finding::{Code, Finding, METRIC_NOT_PUBLISHED, UNKNOWN_PROPERTY, UNRELATED};
use crate::template::intrinsic::{branches, is_no_value};
use crate::template::text::Text;
use crate::template::{Resource, Template, When};
use serde_json::{Value, json};

const PARAMETER_GROUP: &[&str] = &["AWS::ElastiCache::ParameterGroup"];

/// The most members that a group without shards can have.
const MOST_MEMBERS: usize = 6;

/// Members that come from elsewhere, with names of their own.
const JOINED: Test = Test::Any(&[Test::Has("PrimaryClusterId"), Test::Has("GlobalReplicationGroupId")]);

/// Finds members, and says of which groups nothing can be watched.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for group in template.of_types(MEMBER.types) {
        members(search, group);
    }
}

fn members<'t>(search: &mut Search<'_, 't>, group: &Resource<'t>) {
    let template = search.template;
    let properties = Properties::Of(group.id);
    let by_group = properties.test(template, GROUP.applies);
    // Where it is unknown whether there are metrics of the group, that has been said already.
    let as_group = if let Answer::When(when) = &by_group { when.clone() } else { When::Never };
    let sharded = match properties.test(template, SHARDED) {
        Answer::When(when) => when.or(has_cluster_parameters(template, group)),
        Answer::Unknown(_) if as_group == When::Always => return,
        Answer::Unknown(property) => {
            search.findings.push(unknown(group, property));
            return;
        }
    };
    let joined = is_joined(template, group);
    let base = sharded.clone().or(joined.clone()).or(as_group.clone()).negate();
    let counts = counts(template, group);
    for number in 1..=MOST_MEMBERS {
        let enough = counts.iter().filter(|(count, _)| count.is_some_and(|count| count >= number));
        let exists = enough.fold(When::Never, |all, (_, one)| all.or(one.clone()));
        member(search, group, number, base.clone().and(exists));
    }
    let uncounted = counts.iter().filter(|(count, _)| count.is_none());
    if uncounted.fold(When::Never, |all, (_, one)| all.or(one.clone())).and(base.clone()) != When::Never {
        search.findings.push(unknown(group, "NumCacheClusters"));
    } else if base == When::Never && by_group == Answer::When(When::Never) {
        search.findings.push(if joined == When::Never { no_metrics(group) } else { no_names(group) });
    }
}

fn member<'t>(search: &mut Search<'_, 't>, group: &Resource<'t>, number: usize, when: When) {
    let number = format!("{number:03}");
    search.add(Found {
        kind: &MEMBER,
        resource: group,
        dimensions: vec![json!({"Fn::Sub": format!("${{{}}}-{number}", group.id)})],
        part: Some(Text::literal(number)),
        when,
        properties: Properties::Of(group.id),
    });
}

/// When a group's parameters switch cluster mode on: AWS's own groups of parameters say so in their name.
fn has_cluster_parameters(template: &Template<'_>, group: &Resource<'_>) -> When {
    let switches_on = |name: &Value| {
        let here = named(template, name, PARAMETER_GROUP);
        let is_on = |parameters: &Value| parameters.get("cluster-enabled").is_some_and(|value| value == "yes");
        name.as_str().is_some_and(|name| name.ends_with(".cluster.on"))
            || here.iter().any(|(parameters, _)| parameters.own("Properties").is_some_and(is_on))
    };
    let names = group.own("CacheParameterGroupName").map(leaves).unwrap_or_default();
    names.into_iter().filter(|(name, _)| switches_on(name)).fold(When::Never, |all, (_, one)| all.or(one))
}

/// When a group has members that were there before it, or follows another group.
fn is_joined(template: &Template<'_>, group: &Resource<'_>) -> When {
    let joined = match Properties::Of(group.id).test(template, JOINED) {
        Answer::When(when) => when,
        Answer::Unknown(_) => When::Always,
    };
    let is_usual = |name: &Value| {
        let name = Text::read(name).map(|name| name.display()).unwrap_or_default();
        let number = name.rsplit_once("-00").and_then(|(_, digit)| digit.parse().ok());
        number.is_some_and(|number: usize| (1..=MOST_MEMBERS).contains(&number))
    };
    let snapshotting = group.own("SnapshottingClusterId").map(leaves).unwrap_or_default();
    snapshotting.into_iter().filter(|(name, _)| !is_usual(name)).fold(joined, |all, (_, one)| all.or(one))
}

/// How many members a group has (none: that is not known), each number with when it is at least that.
fn counts(template: &Template<'_>, group: &Resource<'_>) -> Vec<(Option<usize>, When)> {
    let mut counts = Vec::new();
    for (members, when) in choices(group.own("NumCacheClusters")) {
        if members.is_some() {
            counts.push((members.and_then(|members| count(members, 0)), when));
            continue;
        }
        for (replicas, inner) in choices(group.own("ReplicasPerNodeGroup")) {
            let when = when.clone().and(inner);
            if replicas.is_some() {
                counts.push((replicas.and_then(|replicas| count(replicas, 1)), when));
                continue;
            }
            counts.push((Some(1), when.clone()));
            // Failover needs somebody who takes over.
            let failover = Properties::Of(group.id).test(template, Test::Is("AutomaticFailoverEnabled", &["true"]));
            if let Answer::When(failover) = failover {
                counts.push((Some(2), when.and(failover)));
            }
        }
    }
    counts
}

/// A number in the template, with the primary if that is not among it.
fn count(value: &Value, primaries: usize) -> Option<usize> {
    let written: usize = Text::read(value)?.as_literal()?.trim().parse().ok()?;
    written.checked_add(primaries).filter(|count| (1..=MOST_MEMBERS).contains(count))
}

/// What a property may be (none: absent), each with when it is that.
fn choices(value: Option<&Value>) -> Vec<(Option<&Value>, When)> {
    let Some(value) = value.filter(|value| !is_no_value(value)) else { return vec![(None, When::Always)] };
    let Some((condition, yes, no)) = branches(value) else { return vec![(Some(value), When::Always)] };
    let holds = When::named(Some(condition));
    let under = |branch, when: When| {
        choices(Some(branch)).into_iter().map(move |(value, inner): (_, When)| (value, inner.and(when.clone())))
    };
    under(yes, holds.clone()).chain(under(no, holds.negate())).collect()
}

fn unknown(group: &Resource<'_>, property: &str) -> Finding {
    let what = format!(
        "which nodes {} has depends on `{property}`, whose value is not known here, so they are not watched",
        group.id
    );
    let help = "write the number, or choose between numbers by `Fn::If`, to have each node watched";
    Finding::new(&UNKNOWN_PROPERTY, place(group, property), what, help)
}

fn no_metrics(group: &Resource<'_>) -> Finding {
    let why =
        "it has shards, but not both `NumNodeGroups` and a node type for which CloudWatch has metrics of a whole group";
    let help = "use a node type that has them (r5, r6g, r6gd, r7g, m5, m6g, m7g, c7gn) and write `NumNodeGroups`, or add alarms for its nodes by \
                hand";
    not_watched(&METRIC_NOT_PUBLISHED, group, why, help)
}

fn no_names(group: &Resource<'_>) -> Finding {
    let why = "its nodes come from elsewhere, and this template does not tell their names";
    not_watched(&UNRELATED, group, why, "add alarms for its nodes by hand")
}

fn not_watched(code: &'static Code, group: &Resource<'_>, why: &str, help: &str) -> Finding {
    Finding::new(code, group.at.clone(), format!("{} is not watched: {why}", group.id), help)
}

#[cfg(test)]
mod tests {
    use super::super::resource::{found_by, said_by};
    use super::*;

    fn fragment(properties: Value) -> Value {
        json!({"Resources": {
            "Cache": {"Type": "AWS::ElastiCache::ReplicationGroup", "Properties": properties},
            "On": {"Type": "AWS::ElastiCache::ParameterGroup", "Properties": {"Properties": {"cluster-enabled": "yes"}}},
        }})
    }

    fn nodes(properties: Value) -> Vec<(String, When)> {
        found_by(find, &fragment(properties)).into_iter().map(|(name, _, when)| (name, when)).collect()
    }

    fn said(properties: Value) -> String {
        said_by(find, &fragment(properties)).join("; ")
    }

    fn always(numbers: &[&str]) -> Vec<(String, When)> {
        numbers.iter().map(|number| (format!("Cache {number}"), When::Always)).collect()
    }

    #[test]
    fn each_member_of_a_group_without_shards_is_a_node() {
        let found = found_by(find, &fragment(json!({"NumCacheClusters": "2"})));
        let name = |number: &str| vec![json!({"Fn::Sub": format!("${{Cache}}-{number}")})];
        let expected = [("001", name("001")), ("002", name("002"))];
        let expected = expected.map(|(number, value)| (format!("Cache {number}"), value, When::Always));
        assert_eq!(found, expected);
    }

    #[test]
    fn the_number_of_members_has_a_default() {
        assert_eq!(nodes(json!({})), always(&["001"]));
        assert_eq!(nodes(json!({"AutomaticFailoverEnabled": true})), always(&["001", "002"]));
        let one_shard = json!({"NumNodeGroups": 1, "ReplicasPerNodeGroup": 2, "CacheNodeType": "cache.t4g.small"});
        assert_eq!(nodes(one_shard), always(&["001", "002", "003"]));
        let large = json!({"NumNodeGroups": 1, "CacheNodeType": "cache.r6g.large"});
        assert_eq!(nodes(large), always(&["001"]));
    }

    #[test]
    fn a_member_exists_when_the_number_is_high_enough() {
        let prod = When::Holds("Prod".to_owned());
        let found = nodes(json!({"NumCacheClusters": {"Fn::If": ["Prod", 3, {"Ref": "AWS::NoValue"}]}}));
        let expected = [("001", When::Always), ("002", prod.clone()), ("003", prod.clone())];
        assert_eq!(found, expected.map(|(number, when)| (format!("Cache {number}"), when)));
        let shards = json!({"Fn::If": ["Prod", 3, {"Ref": "AWS::NoValue"}]});
        let found = nodes(json!({"NumNodeGroups": shards, "CacheNodeType": "cache.r6g.large"}));
        assert_eq!(found, [("Cache 001".to_owned(), prod.negate())]);
    }

    #[test]
    fn a_number_that_only_cloudformation_knows_is_said() {
        for number in [json!({"Ref": "P"}), json!(9), json!("many"), json!([])] {
            let properties = json!({"NumCacheClusters": number});
            assert_eq!(nodes(properties.clone()), [], "{properties}");
            assert!(said(properties).contains("`NumCacheClusters`"));
        }
    }

    #[test]
    fn a_group_with_shards_is_watched_as_a_whole_or_not_at_all() {
        let watched = json!({"NumNodeGroups": 2, "CacheNodeType": "cache.r6g.large"});
        assert_eq!((nodes(watched.clone()), said(watched).as_str()), (vec![], ""));
        for mut properties in [
            json!({"NumNodeGroups": 2}),
            json!({"NodeGroupConfiguration": [{}]}),
            json!({"ClusterMode": "enabled"}),
            json!({"CacheParameterGroupName": "default.redis7.cluster.on"}),
            json!({"CacheParameterGroupName": {"Ref": "On"}}),
        ] {
            properties["CacheNodeType"] = json!("cache.t4g.small");
            assert_eq!(nodes(properties.clone()), [], "{properties}");
            assert!(said(properties).contains("it has shards"));
        }
    }

    #[test]
    fn members_from_elsewhere_are_left_alone() {
        for properties in [
            json!({"PrimaryClusterId": "old"}),
            json!({"GlobalReplicationGroupId": {"Ref": "G"}}),
            json!({"NumCacheClusters": 2, "SnapshottingClusterId": "old"}),
        ] {
            assert_eq!(nodes(properties.clone()), [], "{properties}");
            assert!(said(properties).contains("come from elsewhere"));
        }
        assert_eq!(nodes(json!({"SnapshottingClusterId": "cache-001"})), always(&["001"]));
    }
}
