//! Amazon ECS: services, whose cluster may be named in many ways, and clusters with instances of their own.

use super::items::{entries, items};
use super::properties::{Answer, Properties};
use super::relation::named;
use super::resource::{Found, Search, attribute, piece};
use crate::catalogue::Test;
use crate::catalogue::rows::ecs::{INSTANCE_CLUSTER, SERVICE, SERVICE_INSIGHTS};
use crate::finding::{Finding, METRIC_NOT_PUBLISHED};
use crate::template::intrinsic::{branches, make_ref};
use crate::template::{Pointer, Resource, Template, When};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const SERVICES: &[&str] = &["AWS::ECS::Service"];
const CLUSTER: &[&str] = &["AWS::ECS::Cluster"];
const EXPRESS: &str = "AWS::ECS::ExpressGatewayService";
/// The setting that makes a cluster publish more, and its values that do.
const INSIGHTS: (&str, Test) = ("containerInsights", Test::Is("Value", &["enabled", "enhanced"]));

/// Finds services and clusters.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    let mut told = BTreeSet::new();
    for service in template.of_types(SERVICE.types) {
        let dimensions = vec![cluster_name(template, service), service_name(service)];
        let clusters = service.own("Cluster").map(|cluster| named(template, cluster, CLUSTER)).unwrap_or_default();
        let found = |kind, when| Found {
            kind,
            resource: service,
            part: None,
            dimensions: dimensions.clone(),
            when,
            properties: Properties::Of(service.id),
        };
        search.add(found(&SERVICE, When::Always));
        let insights = clusters
            .iter()
            .fold(When::Never, |all, (cluster, when)| all.or(has_insights(template, cluster).and(when.clone())));
        if insights == When::Never {
            let at = clusters.first().map_or(&service.at, |(cluster, _)| &cluster.at);
            if told.insert(at.clone()) {
                search.findings.push(no_insights(at));
            }
        }
        search.add(found(&SERVICE_INSIGHTS, insights));
    }
    for cluster in template.of_types(CLUSTER) {
        let when = has_instances(template, cluster);
        let whole = Found::whole(template, &INSTANCE_CLUSTER, cluster);
        whole.into_iter().for_each(|whole| search.add(whole.only_when(when.clone())));
    }
}

/// An Express service has no attribute that is its name.
fn service_name(service: &Resource<'_>) -> Value {
    match (service.kind == EXPRESS, service.own("ServiceName")) {
        (true, Some(name)) => name.clone(),
        (true, None) => piece(&attribute(service.id, "ServiceArn"), "/", 2),
        (false, _) => attribute(service.id, "Name"),
    }
}

/// The name of the cluster that a service is in.
fn cluster_name(template: &Template<'_>, service: &Resource<'_>) -> Value {
    service.own("Cluster").map_or_else(|| json!("default"), |cluster| name_of(template, service, cluster))
}

fn name_of(template: &Template<'_>, service: &Resource<'_>, cluster: &Value) -> Value {
    if let Some((condition, yes, no)) = branches(cluster) {
        let [yes, no] = [yes, no].map(|branch| name_of(template, service, branch));
        return json!({"Fn::If": [condition, yes, no]});
    }
    if let Some((found, _)) = named(template, cluster, CLUSTER).first() {
        return make_ref(found.id);
    }
    match cluster.as_str() {
        Some(text) if text.starts_with("arn:") => json!(text.rsplit('/').next().unwrap_or_default()),
        Some(text) => json!(text),
        // A parameter or import may hold a name or an ARN, but the service's own ARN names the cluster: `arn:…:service/cluster/service`.
        None if service.kind == EXPRESS => piece(&attribute(service.id, "ServiceArn"), "/", 1),
        None => piece(&make_ref(service.id), "/", 1),
    }
}

/// When a cluster has Container Insights switched on.
fn has_insights(template: &Template<'_>, cluster: &Resource<'_>) -> When {
    let settings = cluster.own("ClusterSettings").map(items).unwrap_or_default();
    let (name, is_on) = INSIGHTS;
    let on = settings.into_iter().filter(|(setting, _)| setting.get("Name").is_some_and(|own| own == name));
    on.fold(When::Never, |all, (setting, when)| {
        let object = setting.as_object().map_or(Properties::None, Properties::Part);
        match object.test(template, is_on) {
            Answer::When(holds) => all.or(holds.and(when)),
            Answer::Unknown(_) => all,
        }
    })
}

fn no_insights(at: &Pointer) -> Finding {
    let what = "the number of running tasks is not watched: Container Insights is not on in this template";
    let help = "add `ClusterSettings: [{Name: containerInsights, Value: enabled}]` to the cluster; it is charged as custom metrics";
    Finding::new(&METRIC_NOT_PUBLISHED, at.clone(), what, help)
}

/// When services run on instances of a cluster that nobody scales to fit: managed scaling fills instances on purpose, and Fargate has none.
fn has_instances(template: &Template<'_>, cluster: &Resource<'_>) -> When {
    let of_cluster = |resource: &&Resource<'_>| {
        let name = resource.own("Cluster").map(|value| named(template, value, CLUSTER)).unwrap_or_default();
        name.iter().any(|(found, _)| found.id == cluster.id)
    };
    let providers: Vec<_> =
        template.of_types(&["AWS::ECS::ClusterCapacityProviderAssociations"]).filter(of_cluster).collect();
    if is_scaled(template, cluster) || providers.iter().any(|resource| is_scaled(template, resource)) {
        return When::Never;
    }
    let has_default = cluster.own("DefaultCapacityProviderStrategy").is_some() || !providers.is_empty();
    let on_instances = |service: &&Resource<'_>| match service.own("LaunchType") {
        Some(kind) => kind == "EC2",
        None => !has_default && service.own("CapacityProviderStrategy").is_none(),
    };
    let services = template.of_types(SERVICES).filter(of_cluster).filter(on_instances);
    services.fold(When::Never, |all, service| all.or(service.when()))
}

/// Whether a capacity provider of the cluster scales its instances; it does unless it says otherwise.
fn is_scaled(template: &Template<'_>, resource: &Resource<'_>) -> bool {
    let names = resource.own("CapacityProviders").map(entries).unwrap_or_default();
    let is_managed = |provider: &Resource<'_>| {
        let group = provider.own("AutoScalingGroupProvider");
        group.is_some_and(|group| group.pointer("/ManagedScaling/Status").is_none_or(|status| status != "DISABLED"))
    };
    names
        .into_iter()
        .flat_map(|(name, _)| named(template, name, &["AWS::ECS::CapacityProvider"]))
        .any(|(provider, _)| is_managed(provider))
}
