//! The rows: one file a service family, with its kinds on top. Each list is sorted by id; the tests below hold all rows to what CloudWatch can
//! evaluate and what a person needs to know.

pub(crate) mod api_gateway;
pub(crate) mod app_services;
pub(crate) mod auto_scaling;
pub(crate) mod batch;
pub(crate) mod brokers;
pub(crate) mod caches;
pub(crate) mod canaries;
pub(crate) mod certificates;
pub(crate) mod cloudfront;
pub(crate) mod code;
pub(crate) mod contact_center;
pub(crate) mod containers;
pub(crate) mod desktops;
pub(crate) mod dns;
pub(crate) mod document_graph;
pub(crate) mod dynamodb;
pub(crate) mod ec2;
pub(crate) mod ecs;
pub(crate) mod events;
pub(crate) mod file_systems;
pub(crate) mod games;
pub(crate) mod keys;
pub(crate) mod lambda;
pub(crate) mod load_balancers;
pub(crate) mod machine_learning;
pub(crate) mod media;
pub(crate) mod migration;
pub(crate) mod network;
pub(crate) mod observability;
pub(crate) mod outposts;
pub(crate) mod rds;
pub(crate) mod s3;
pub(crate) mod search;
pub(crate) mod sns;
pub(crate) mod sqs;
pub(crate) mod step_functions;
pub(crate) mod streams;
pub(crate) mod transfer;
pub(crate) mod vpn;
pub(crate) mod waf;
pub(crate) mod warehouse;
pub(crate) mod web_apps;
pub(crate) mod workflow;

use super::kind::Kind;
use super::spec::AlarmSpec;

pub(crate) use api_gateway::{HTTP_ROUTE, HTTP_STAGE, REST_METHOD, REST_STAGE, WEBSOCKET_ROUTE, WEBSOCKET_STAGE};

/// A service family: its kinds and its rows, which watch no others.
#[derive(Debug)]
pub struct Family {
    /// The kinds.
    pub kinds: &'static [&'static Kind],
    /// The rows, by id.
    pub rows: &'static [AlarmSpec],
}

/// All families, in the order in which a plan shows them.
pub static FAMILIES: &[Family] = &[
    Family { kinds: api_gateway::KINDS, rows: api_gateway::ROWS },
    Family { kinds: lambda::KINDS, rows: lambda::ROWS },
    Family { kinds: step_functions::KINDS, rows: step_functions::ROWS },
    Family { kinds: sqs::KINDS, rows: sqs::ROWS },
    Family { kinds: sns::KINDS, rows: sns::ROWS },
    Family { kinds: events::KINDS, rows: events::ROWS },
    Family { kinds: streams::KINDS, rows: streams::ROWS },
    Family { kinds: app_services::KINDS, rows: app_services::ROWS },
    Family { kinds: brokers::KINDS, rows: brokers::ROWS },
    Family { kinds: dynamodb::KINDS, rows: dynamodb::ROWS },
    Family { kinds: rds::KINDS, rows: rds::ROWS },
    Family { kinds: document_graph::KINDS, rows: document_graph::ROWS },
    Family { kinds: caches::KINDS, rows: caches::ROWS },
    Family { kinds: search::KINDS, rows: search::ROWS },
    Family { kinds: warehouse::KINDS, rows: warehouse::ROWS },
    Family { kinds: s3::KINDS, rows: s3::ROWS },
    Family { kinds: file_systems::KINDS, rows: file_systems::ROWS },
    Family { kinds: migration::KINDS, rows: migration::ROWS },
    Family { kinds: keys::KINDS, rows: keys::ROWS },
    Family { kinds: ec2::KINDS, rows: ec2::ROWS },
    Family { kinds: auto_scaling::KINDS, rows: auto_scaling::ROWS },
    Family { kinds: load_balancers::KINDS, rows: load_balancers::ROWS },
    Family { kinds: ecs::KINDS, rows: ecs::ROWS },
    Family { kinds: containers::KINDS, rows: containers::ROWS },
    Family { kinds: batch::KINDS, rows: batch::ROWS },
    Family { kinds: cloudfront::KINDS, rows: cloudfront::ROWS },
    Family { kinds: certificates::KINDS, rows: certificates::ROWS },
    Family { kinds: dns::KINDS, rows: dns::ROWS },
    Family { kinds: waf::KINDS, rows: waf::ROWS },
    Family { kinds: network::KINDS, rows: network::ROWS },
    Family { kinds: vpn::KINDS, rows: vpn::ROWS },
    Family { kinds: observability::KINDS, rows: observability::ROWS },
    Family { kinds: canaries::KINDS, rows: canaries::ROWS },
    Family { kinds: code::KINDS, rows: code::ROWS },
    Family { kinds: contact_center::KINDS, rows: contact_center::ROWS },
    Family { kinds: desktops::KINDS, rows: desktops::ROWS },
    Family { kinds: games::KINDS, rows: games::ROWS },
    Family { kinds: machine_learning::KINDS, rows: machine_learning::ROWS },
    Family { kinds: media::KINDS, rows: media::ROWS },
    Family { kinds: outposts::KINDS, rows: outposts::ROWS },
    Family { kinds: transfer::KINDS, rows: transfer::ROWS },
    Family { kinds: web_apps::KINDS, rows: web_apps::ROWS },
    Family { kinds: workflow::KINDS, rows: workflow::ROWS },
];

/// Every kind.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    FAMILIES.iter().flat_map(|family| family.kinds.iter().copied())
}

/// Every row.
pub fn alarms() -> impl Iterator<Item = &'static AlarmSpec> {
    FAMILIES.iter().flat_map(|family| family.rows)
}

/// The row with an id such as `Api.LatencyP99`.
pub fn alarm(id: &str) -> Option<&'static AlarmSpec> {
    alarms().find(|row| row.id == id)
}

/// The first kind that a group of `Alarms` configures: what the group is about.
pub fn group_kind(group: &str) -> Option<&'static Kind> {
    kinds().find(|kind| kind.groups.contains(&group))
}

impl Kind {
    /// The rows that watch this kind, in order.
    pub fn alarms(&'static self) -> impl Iterator<Item = &'static AlarmSpec> {
        let family = FAMILIES.iter().find(|family| family.kinds.contains(&self));
        family.into_iter().flat_map(|family| family.rows).filter(move |row| row.on.contains(&self))
    }
}
