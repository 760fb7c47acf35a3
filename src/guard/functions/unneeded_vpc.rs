//! `unneeded-vpc`: a function is in a VPC because something there needs it to be.

use super::FUNCTIONS;
use crate::catalogue::guards::functions::UNNEEDED_VPC;
use crate::guard::check::{Check, Entry, Violation};
use crate::target::leaves;
use crate::template::{Resource, Template};
use serde_json::Value;

pub(super) const ENTRY: Entry = (&UNNEEDED_VPC, look);

/// What lives in a VPC, or leads out of one on purpose, by the start of its type.
const REASONS: &[&str] = &[
    "AWS::RDS::",
    "AWS::ElastiCache::",
    "AWS::MemoryDB::",
    "AWS::Redshift",
    "AWS::DocDB",
    "AWS::Neptune",
    "AWS::DAX::",
    "AWS::EFS::",
    "AWS::FSx::",
    "AWS::S3Files::",
    "AWS::OpenSearchService::",
    "AWS::OpenSearchServerless::VpcEndpoint",
    "AWS::Elasticsearch::",
    "AWS::MSK::",
    "AWS::AmazonMQ::",
    "AWS::Timestream::InfluxDB",
    "AWS::ECS::",
    "AWS::EKS::",
    "AWS::Batch::",
    "AWS::EMR::",
    "AWS::DMS::",
    "AWS::AutoScaling::",
    "AWS::ElasticLoadBalancing",
    "AWS::ServiceDiscovery::",
    "AWS::VpcLattice::",
    "AWS::DirectoryService::",
    "AWS::Transfer::",
    "AWS::Route53Resolver::",
    "AWS::EC2::Instance",
    "AWS::EC2::LaunchTemplate",
    "AWS::EC2::VPCEndpoint",
    "AWS::EC2::NatGateway",
    "AWS::EC2::EIP",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::TransitGateway",
    "AWS::EC2::VPCPeering",
    "AWS::EC2::VPN",
    "AWS::EC2::NetworkInterface",
    "AWS::ApiGateway::VpcLink",
    "AWS::ApiGatewayV2::VpcLink",
];

/// Words in the names of parameters, environment variables and outputs of other stacks that speak of something in a VPC.
const WORDS: &[&str] = &[
    "database",
    "postgres",
    "mysql",
    "aurora",
    "rds",
    "redis",
    "valkey",
    "cache",
    "cluster",
    "db_",
    "_db",
    "dbhost",
    "dbname",
    "dbuser",
    "dbsecret",
    "dbpass",
    "mongo",
    "kafka",
    "broker",
    "opensearch",
    "elasticsearch",
    "efs",
    "neptune",
    "redshift",
    "endpoint",
    "proxy",
    "private",
    "internal",
    "hostname",
    "_host",
];

fn look(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    if template.resources.values().any(is_reason) || speaks_of_one(template) {
        return;
    }
    for function in check.written(FUNCTIONS) {
        let Some(config) = template.property(function, "VpcConfig").filter(|config| is_in_vpc(config)) else {
            continue;
        };
        if template.property(function, "FileSystemConfigs").is_some() {
            continue;
        }
        let is_shared = !is_of_this_template(template, config);
        let unseen = if is_shared { ", as far as can be seen: the subnets come from elsewhere" } else { "" };
        let id = function.id;
        let what = format!("{id} is in a VPC, and nothing in this template needs it to be there{unseen}");
        let help = format!("remove `VpcConfig` of {id}, unless it calls something that only the VPC can reach");
        let violation = Violation::new(function.property_at("VpcConfig"), id, what, help);
        // What lives in a shared network stands in other templates: worth a look, no more.
        check.report(if is_shared { violation.unknown() } else { violation });
    }
}

/// Whether a configuration has subnets: none takes a function out of its VPC.
fn is_in_vpc(config: &Value) -> bool {
    let subnets =
        |config: &Value| config.get("SubnetIds").is_some_and(|ids| ids.as_array().is_none_or(|ids| !ids.is_empty()));
    leaves(config).iter().any(|(config, _)| subnets(config))
}

/// Whether the subnets are made here.
fn is_of_this_template(template: &Template<'_>, config: &Value) -> bool {
    let named = config.get("SubnetIds").and_then(|ids| template.resource_in(ids));
    named.and_then(|id| template.resources.get(id.as_str())).is_some_and(|found| found.kind == "AWS::EC2::Subnet")
}

/// Whether a resource is a reason for functions to be in a VPC. A security group with rules of its own for what goes out is made for something.
fn is_reason(resource: &Resource<'_>) -> bool {
    let has_rules =
        || ["SecurityGroupEgress", "SecurityGroupIngress"].iter().any(|rules| resource.own(rules).is_some());
    REASONS.iter().any(|start| resource.kind.starts_with(start))
        || (resource.kind == "AWS::EC2::SecurityGroup" && has_rules())
        || resource.kind.starts_with("AWS::CloudFormation::Stack")
}

/// Whether the names of parameters or environment variables speak of something in a VPC.
fn speaks_of_one(template: &Template<'_>) -> bool {
    let parameters = template.section("Parameters").into_iter().flat_map(|section| section.keys());
    let variables = template.of_types(FUNCTIONS).flat_map(|function| {
        let all = [function.own("Environment"), template.global(function, "Environment")];
        let variables = all.into_iter().flatten().filter_map(|environment| environment.get("Variables")?.as_object());
        variables.flat_map(|variables| variables.keys())
    });
    let is_place = |name: &str| ["subnet", "vpc", "securitygroup"].iter().any(|word| name.contains(word));
    parameters
        .chain(variables)
        .map(|name| name.to_ascii_lowercase())
        .any(|name| !is_place(&name) && WORDS.iter().any(|word| name.contains(word) || name.ends_with("host")))
}
