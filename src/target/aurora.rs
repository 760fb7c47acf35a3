//! Aurora clusters: by their writer where the template has an instance of them, and with readers where it has two. The metrics are of the role, which
//! nobody has before there is an instance, nor in the secondary clusters of a global database.

use super::properties::{Answer, Properties};
use super::relation::named;
use super::resource::{Found, Search};
use crate::catalogue::rows::rds::{AURORA_WITH_READERS, AURORA_WRITER};
use crate::catalogue::{Kind, Test};
use crate::finding::{Finding, UNRELATED};
use crate::template::intrinsic::as_number;
use crate::template::{Resource, Template, When};

const INSTANCE: &[&str] = &["AWS::RDS::DBInstance"];
const SCALABLE: &[&str] = &["AWS::ApplicationAutoScaling::ScalableTarget"];

/// A cluster that joins a global database, with no data of its own: it has readers only. Source: Aurora user guide, "Configuration requirements of an
/// Amazon Aurora global database".
const SECONDARY: Test = Test::All(&[
    Test::Has("GlobalClusterIdentifier"),
    Test::Not(&Test::Any(&[
        Test::Has("MasterUsername"),
        Test::Has("SnapshotIdentifier"),
        Test::Has("SourceDBClusterIdentifier"),
    ])),
]);

/// Finds clusters with a writer, and with readers.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for cluster in template.of_types(AURORA_WRITER.types) {
        match Properties::Of(cluster.id).test(template, AURORA_WRITER.applies) {
            Answer::When(When::Never) => {}
            Answer::When(_) => by_role(search, cluster),
            // Says what is unknown.
            Answer::Unknown(_) => add(search, &AURORA_WRITER, cluster, When::Always, &[]),
        }
    }
}

fn by_role<'t>(search: &mut Search<'_, 't>, cluster: &Resource<'t>) {
    let template = search.template;
    let secondary = match Properties::Of(cluster.id).test(template, SECONDARY) {
        Answer::When(when) => when,
        Answer::Unknown(_) => When::Always,
    };
    let instances = instances(template, cluster);
    let ids: Vec<String> = instances.iter().map(|(id, _)| (*id).to_owned()).collect();
    let mut exist: Vec<When> = instances.into_iter().map(|(_, when)| when).collect();
    let one = exist.iter().fold(When::Never, |all, one| all.or(one.clone()));
    exist.extend(scaled(template, cluster));
    let two = at_least_two(&exist).and(one.clone());
    if secondary == When::Always {
        search.findings.push(no_writer(cluster));
    } else if one == When::Never {
        search.findings.push(no_instance(cluster));
    }
    let primary = secondary.negate();
    add(search, &AURORA_WRITER, cluster, one.and(primary.clone()), &ids);
    add(search, &AURORA_WITH_READERS, cluster, two.and(primary), &ids);
}

fn add<'t>(search: &mut Search<'_, 't>, kind: &'static Kind, cluster: &Resource<'t>, when: When, after: &[String]) {
    if let Some(whole) = Found::whole(search.template, kind, cluster) {
        search.add_after(whole.only_when(when), after);
    }
}

/// The instances of a cluster, each with when it exists.
fn instances<'t>(template: &Template<'t>, cluster: &Resource<'t>) -> Vec<(&'t str, When)> {
    let of_cluster = |instance: &Resource<'t>| {
        let named = names(template, cluster, instance, "DBClusterIdentifier");
        (named != When::Never).then(|| (instance.id, named.and(instance.when())))
    };
    template.of_types(INSTANCE).filter_map(of_cluster).filter(|(_, when)| *when != When::Never).collect()
}

/// When auto scaling keeps a reader that is in no template.
fn scaled(template: &Template<'_>, cluster: &Resource<'_>) -> Option<When> {
    let keeps_one = |target: &&Resource<'_>| {
        target.own("ScalableDimension").is_some_and(|dimension| dimension == "rds:cluster:ReadReplicaCount")
            && target.own("MinCapacity").and_then(as_number).is_some_and(|least| least >= 1.0)
    };
    let targets = template.of_types(SCALABLE).filter(keeps_one);
    let whens = targets.map(|target| names(template, cluster, target, "ResourceId").and(target.when()));
    Some(whens.fold(When::Never, When::or)).filter(|when| *when != When::Never)
}

/// When a property of a resource names the cluster. Clusters are stored in lower case, whatever case is written.
fn names(template: &Template<'_>, cluster: &Resource<'_>, resource: &Resource<'_>, property: &str) -> When {
    let Some(value) = resource.own(property) else { return When::Never };
    let found = named(template, value, AURORA_WRITER.types);
    let here = found.into_iter().filter(|(found, _)| found.id == cluster.id);
    let when = here.fold(When::Never, |all, (_, one)| all.or(one));
    let literal = cluster.own("DBClusterIdentifier").and_then(|own| own.as_str()).zip(value.as_str());
    let is_same = literal.is_some_and(|(own, other)| own.eq_ignore_ascii_case(other));
    if is_same { When::Always } else { when }
}

/// When two of several things exist, whichever they are.
fn at_least_two(exist: &[When]) -> When {
    let pairs = exist.iter().enumerate().flat_map(|(index, one)| {
        exist.iter().skip(index.saturating_add(1)).map(move |other| one.clone().and(other.clone()))
    });
    pairs.fold(When::Never, When::or)
}

fn no_instance(cluster: &Resource<'_>) -> Finding {
    let what = format!("the writer of {} is not watched: the template has no instance of this cluster", cluster.id);
    let help = format!(
        "add an `AWS::RDS::DBInstance` with `DBClusterIdentifier: !Ref {}`, or alarms where its instances are",
        cluster.id
    );
    Finding::new(&UNRELATED, cluster.at.clone(), what, help)
}

fn no_writer(cluster: &Resource<'_>) -> Finding {
    let what = format!(
        "the writer of {} is not watched: a secondary cluster of a global database has readers only",
        cluster.id
    );
    let help = "watch the writer from the template that has the primary cluster";
    Finding::new(&UNRELATED, cluster.property_at("GlobalClusterIdentifier"), what, help)
}

#[cfg(test)]
mod tests {
    use super::super::resource::{found_by, said_by, targets};
    use super::*;
    use crate::template::Scope;
    use serde_json::{Value, json};

    fn fragment(cluster: Value, others: Value) -> Value {
        let mut resources = json!({"Db": {"Type": "AWS::RDS::DBCluster", "Properties": cluster}});
        for (id, other) in others.as_object().expect("resources") {
            resources[id] = other.clone();
        }
        json!({"Resources": resources})
    }

    fn found(others: Value) -> Vec<When> {
        let cluster = json!({"Engine": "aurora-mysql", "DBClusterIdentifier": "Orders"});
        found_by(find, &fragment(cluster, others)).into_iter().map(|(_, _, when)| when).collect()
    }

    fn instance(of: Value) -> Value {
        json!({"Type": "AWS::RDS::DBInstance", "Properties": {"DBClusterIdentifier": of}})
    }

    fn only_if(condition: &str) -> Value {
        json!({"Type": "AWS::RDS::DBInstance", "Condition": condition, "Properties": {"DBClusterIdentifier": {"Ref": "Db"}}})
    }

    fn holds(name: &str) -> When {
        When::Holds(name.to_owned())
    }

    #[test]
    fn a_cluster_with_an_instance_has_a_writer() {
        let cluster = json!({"Engine": "aurora-postgresql"});
        let found = found_by(find, &fragment(cluster, json!({"One": instance(json!({"Ref": "Db"}))})));
        assert_eq!(found, [("Db".to_owned(), vec![json!({"Ref": "Db"}), json!("WRITER")], When::Always)]);
    }

    #[test]
    fn an_instance_names_its_cluster_in_any_form() {
        for name in [json!({"Ref": "Db"}), json!({"Fn::Sub": "${Db}"}), json!("Orders"), json!("orders")] {
            assert_eq!(found(json!({"One": instance(name)})), [When::Always]);
        }
        let either = json!({"Fn::If": ["C", {"Ref": "Db"}, {"Ref": "Elsewhere"}]});
        assert_eq!(found(json!({"One": instance(either)})), [holds("C")]);
    }

    #[test]
    fn two_instances_are_a_writer_and_a_reader() {
        let always = instance(json!({"Ref": "Db"}));
        assert_eq!(found(json!({"A": always, "B": always})), [When::Always, When::Always]);
        assert_eq!(found(json!({"A": always, "B": only_if("Two")})), [When::Always, holds("Two")]);
        let (one, two) = (holds("One"), holds("Two"));
        let expected = [one.clone().or(two.clone()), one.and(two)];
        assert_eq!(found(json!({"A": only_if("One"), "B": only_if("Two")})), expected);
    }

    #[test]
    fn alarms_of_a_cluster_come_after_all_its_instances() {
        let instances =
            json!({"B": instance(json!({"Ref": "Db"})), "A": only_if("Two"), "C": instance(json!("other"))});
        let fragment = fragment(json!({"Engine": "aurora-mysql"}), instances);
        let template = Template::read(&fragment, Scope::Template);
        let targets = targets(&template, "", &mut Vec::new());
        let writer = targets.iter().find(|target| *target.kind == AURORA_WRITER);
        assert_eq!(writer.map(|writer| writer.after.as_slice()), Some(["B".to_owned(), "A".to_owned()].as_slice()));
    }

    #[test]
    fn readers_of_auto_scaling_count_if_there_is_always_one() {
        let scaling = |least: Value| {
            json!({"Type": "AWS::ApplicationAutoScaling::ScalableTarget", "Properties": {
            "ScalableDimension": "rds:cluster:ReadReplicaCount", "ResourceId": {"Fn::Sub": "cluster:${Db}"}, "MinCapacity": least}})
        };
        let one = instance(json!({"Ref": "Db"}));
        assert_eq!(found(json!({"A": one, "S": scaling(json!(1))})).len(), 2);
        assert_eq!(found(json!({"A": one, "S": scaling(json!(0))})).len(), 1);
        assert_eq!(found(json!({"A": one, "S": scaling(json!({"Ref": "P"}))})).len(), 1);
        assert_eq!(found(json!({"S": scaling(json!(1))})).len(), 0);
    }

    #[test]
    fn a_cluster_without_a_writer_is_left_alone() {
        let plain = json!({"Engine": "aurora-mysql"});
        let lost = fragment(plain, json!({"One": instance(json!(["odd"]))}));
        assert_eq!((found_by(find, &lost).len(), said_by(find, &lost).len()), (0, 1));
        let secondary = json!({"Engine": "aurora-mysql", "GlobalClusterIdentifier": {"Ref": "G"}});
        let secondary = fragment(secondary, json!({"One": instance(json!({"Ref": "Db"}))}));
        assert_eq!((found_by(find, &secondary).len(), said_by(find, &secondary).len()), (0, 1));
        let other = fragment(json!({"Engine": "mysql"}), json!({}));
        assert_eq!((found_by(find, &other).len(), said_by(find, &other).len()), (0, 0));
    }
}
