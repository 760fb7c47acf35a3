//! `missing-failure-destination`: events that a function cannot handle are kept, not dropped.

use super::possible::{absent, under};
use crate::catalogue::guards::functions::MISSING_FAILURE_DESTINATION;
use crate::guard::check::{Check, Entry, Violation};
use crate::target::{asynchronous, functions_of, leaves, stream_mappings};
use crate::template::{Resource, Template, When};
use serde_json::Value;

pub(super) const ENTRY: Entry = (&MISSING_FAILURE_DESTINATION, look);

fn look(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    for (id, when) in asynchronous(template) {
        let Some(function) = template.resources.get(id) else { continue };
        let when = when.and(unkept(template, function));
        if when.clone().and(function.when()) == When::Never {
            continue;
        }
        let property = if function.is_serverless() { "DeadLetterQueue" } else { "DeadLetterConfig" };
        let what = format!(
            "{id} is invoked asynchronously{} and has neither a dead-letter queue nor a destination for failures: an event that fails three times is gone",
            under(&when)
        );
        let help = format!(
            "give {id} an `OnFailure` destination (`EventInvokeConfig`) or a `{property}`, and its role the right to send there"
        );
        check.report(Violation::new(function.at.clone(), id, what, help));
    }
    for mapping in stream_mappings(template) {
        stream(check, mapping);
    }
}

/// When nothing keeps what a function fails to handle.
fn unkept(template: &Template<'_>, function: &Resource<'_>) -> When {
    let properties = ["DeadLetterConfig", "DeadLetterQueue"];
    let own = properties.map(|property| absent(template.property(function, property)));
    let configs = template.of_types(&["AWS::Lambda::EventInvokeConfig"]).filter(|config| {
        let named = config.own("FunctionName").map(|name| functions_of(template, name)).unwrap_or_default();
        named.iter().any(|(named, _)| named.id == function.id)
    });
    let configured = configs.map(|config| without_destination(config).or(config.when().negate()));
    // Before SAM a configuration behind an intrinsic makes no resource that could be looked at.
    let hidden = template.property(function, "EventInvokeConfig").filter(|config| config.get("Fn::If").is_some());
    let hidden = hidden.map(|config| {
        leaves(config).iter().fold(
            When::Never,
            |all, (config, when)| {
                if has_destination(config) { all.or(when.clone()) } else { all }
            },
        )
    });
    let all = own.into_iter().chain(configured).chain(hidden.map(When::negate));
    all.fold(When::Always, When::and)
}

fn has_destination(config: &Value) -> bool {
    config.pointer("/DestinationConfig/OnFailure").is_some()
}

/// When a configuration or mapping names no destination for failures. An intrinsic may name one.
fn without_destination(by: &Resource<'_>) -> When {
    let named = by.own("DestinationConfig").map(leaves).unwrap_or_default();
    let names = |config: &Value| config.get("OnFailure").is_some() || crate::template::intrinsic::is_intrinsic(config);
    let named = named.into_iter().filter(|(config, _)| names(config));
    named
        .fold(When::Never, |all, (config, when)| {
            let inner = config.get("OnFailure").map_or(When::Always, |failure| absent(Some(failure)).negate());
            all.or(when.and(inner))
        })
        .negate()
}

/// A stream is read in order: what fails is tried until it is too old, and everything behind it waits.
fn stream(check: &mut Check<'_, '_, '_>, mapping: &Resource<'_>) {
    let when = without_destination(mapping);
    let functions = mapping.own("FunctionName").map(|name| functions_of(check.template(), name)).unwrap_or_default();
    let Some((function, _)) = functions.first().filter(|_| when != When::Never) else { return };
    let is_written = check.template().resources.contains_key(mapping.id);
    let (owner, reads) = match is_written {
        true => (mapping.id, format!("the event source mapping {} of {}", mapping.id, function.id)),
        false => (function.id, format!("the event source {} of {}", name_of_event(mapping), function.id)),
    };
    let what = format!(
        "{reads} has no destination for failures{}: records that keep failing hold up their shard until they are too old or tried too often, and are dropped then",
        under(&when)
    );
    let help = "set `DestinationConfig: {OnFailure: ...}`, and bound the tries (`MaximumRetryAttempts`, `BisectBatchOnFunctionError`)";
    // How long records may wait is the author's choice: worth knowing, no more.
    check.report(Violation::new(mapping.property_at("DestinationConfig"), owner, what, help).unknown());
}

/// The name of the event that SAM makes a mapping from.
fn name_of_event(made: &Resource<'_>) -> String {
    made.at.segments().last().map(|name| name.to_string()).unwrap_or_default()
}
