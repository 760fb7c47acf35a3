//! `untraced-graphql-api`: GraphQL APIs send traces to X-Ray.

use super::tracing::{Traced, report};
use crate::catalogue::guards::observability::UNTRACED_GRAPHQL_API;
use crate::edit::Edit;
use crate::guard::check::{Check, Entry};
use crate::guard::state::state;
use crate::template::intrinsic::as_bool;
use serde_json::Value;

const TYPES: &[&str] = &["AWS::AppSync::GraphQLApi", "AWS::Serverless::GraphQLApi"];
const PROPERTY: &str = "XrayEnabled";

pub(super) const ENTRY: Entry = (&UNTRACED_GRAPHQL_API, look);

fn look(check: &mut Check<'_, '_, '_>) {
    for api in check.written(TYPES) {
        let at = api.property_at(PROPERTY);
        let is_free = api.own(PROPERTY).is_none() && api.takes_properties();
        let traced = Traced {
            name: format!("the GraphQL API {}", api.id),
            owners: vec![api.id.to_owned()],
            stage: None,
            at: at.clone(),
            property: PROPERTY,
            state: state(api.own(PROPERTY), &[], &as_bool),
            help: "set `XrayEnabled: true`".to_owned(),
            fix: is_free.then(|| vec![Edit::Insert { at, value: Value::Bool(true) }]),
        };
        report(check, traced);
    }
}
