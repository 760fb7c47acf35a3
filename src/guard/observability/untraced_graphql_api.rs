//! `untraced-graphql-api`: GraphQL APIs send traces to X-Ray.

use crate::catalogue::guards::observability::UNTRACED_GRAPHQL_API;
use crate::edit::Edit;
use crate::guard::check::{Check, Entry, Violation};
use serde_json::Value;

const TYPES: &[&str] = &["AWS::AppSync::GraphQLApi", "AWS::Serverless::GraphQLApi"];
const PROPERTY: &str = "XrayEnabled";

pub(super) const ENTRY: Entry = (&UNTRACED_GRAPHQL_API, look);

fn look(check: &mut Check<'_, '_, '_>) {
    for api in check.written(TYPES) {
        let at = api.property_at(PROPERTY);
        let what = |is: &str| format!("the GraphQL API {} {is}", api.id);
        let help = "set `XrayEnabled: true`";
        match api.own(PROPERTY).map(crate::template::intrinsic::as_bool) {
            Some(Some(true)) => {}
            Some(Some(false)) => check.report(Violation::new(at, api.id, what("has tracing switched off"), help)),
            Some(None) => {
                let what = what("may be traced or not: only CloudFormation knows the value of `XrayEnabled`");
                check.report(Violation::new(at, api.id, what, help).unknown());
            }
            None => {
                let violation = Violation::new(at.clone(), api.id, what("is not traced"), help);
                check.report(match api.takes_properties() {
                    true => {
                        violation.fixed_by("tracing", vec![Edit::Insert { at, value: Value::Bool(true) }], Vec::new())
                    }
                    false => violation,
                });
            }
        }
    }
}
