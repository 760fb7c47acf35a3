//! DynamoDB: the parts of a table that have metrics of their own.

use super::items::{is_partly_unknown, items};
use super::properties::Properties;
use super::resource::{Found, Search, unknown_list};
use crate::catalogue::Kind;
use crate::catalogue::rows::dynamodb::{INDEX, OPERATION, REPLICA};
use crate::template::intrinsic::{make_ref, reference};
use crate::template::text::Text;
use crate::template::{Resource, When};
use serde_json::{Value, json};

/// The operations that are watched, with `SystemErrors` by default off in most profiles: the ones that applications use most.
const OPERATIONS: &[&str] = &["GetItem", "PutItem", "Query", "UpdateItem"];

/// Finds indexes, operations and replicas.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for table in template.of_types(INDEX.types) {
        indexes(search, table);
    }
    for table in template.of_types(OPERATION.types) {
        for operation in OPERATIONS {
            part(search, &OPERATION, table, json!(operation), When::Always, Properties::Of(table.id));
        }
    }
    for table in template.of_types(REPLICA.types) {
        replicas(search, table);
    }
}

fn part<'t>(
    search: &mut Search<'_, 't>,
    kind: &'static Kind,
    table: &Resource<'t>,
    value: Value,
    when: When,
    properties: Properties<'t>,
) {
    let part = Text::read(&value);
    let dimensions = vec![make_ref(table.id), value];
    search.add(Found { kind, resource: table, part, dimensions, when, properties });
}

fn indexes<'t>(search: &mut Search<'_, 't>, table: &Resource<'t>) {
    let Some(list) = table.own("GlobalSecondaryIndexes") else { return };
    if is_partly_unknown(list) {
        search.findings.push(unknown_list(&INDEX, table, "GlobalSecondaryIndexes"));
    }
    for (index, when) in items(list) {
        let (Some(name), Some(object)) = (index.get("IndexName"), index.as_object()) else { continue };
        if Text::read(name).is_some() {
            part(search, &INDEX, table, name.clone(), when, Properties::Part(object));
        }
    }
}

/// Replicas in other regions. A global table with strong consistency has no such delay.
fn replicas<'t>(search: &mut Search<'_, 't>, table: &Resource<'t>) {
    if table.own("MultiRegionConsistency").is_some_and(|mode| mode != "EVENTUAL") {
        return;
    }
    let Some(list) = table.own("Replicas") else { return };
    for (replica, when) in items(list) {
        let Some(region) = replica.get("Region") else { continue };
        match region.as_str() {
            // Which of them is the stack's own may only be known to CloudFormation.
            Some(name) if search.region.is_empty() => {
                let elsewhere = When::Equals("AWS::Region".to_owned(), name.to_owned()).negate();
                part(search, &REPLICA, table, region.clone(), when.and(elsewhere), Properties::Of(table.id));
            }
            Some(name) if name != search.region => {
                part(search, &REPLICA, table, region.clone(), when, Properties::Of(table.id));
            }
            Some(_) => {}
            None if reference(region) == Some("AWS::Region") => {}
            None => search.findings.push(unknown_list(&REPLICA, table, "Replicas")),
        }
    }
}
