//! The rows: one file a service family, with its kinds on top. Each list is sorted by id; the tests below hold all rows to what CloudWatch can
//! evaluate and what a person needs to know.

mod api_gateway;
mod lambda;

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
