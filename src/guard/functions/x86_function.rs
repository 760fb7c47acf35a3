//! `x86-function`: functions that would run on arm64 as they are run there.

use super::FUNCTIONS;
use super::behind::at_deployments;
use crate::catalogue::guards::functions::X86_FUNCTION;
use crate::guard::check::{Check, Entry, Violation};
use crate::target::{functions_of, values_of};
use crate::template::{Resource, Template};
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) const ENTRY: Entry = (&X86_FUNCTION, look);
const PROPERTY: &str = "Architectures";

/// Runtimes of interpreted or portable code that run on arm64, by their start; those that do not are listed after them. Source: Lambda developer guide,
/// "Lambda runtimes".
const PORTABLE: &[&str] = &["nodejs", "python3", "ruby3", "java", "dotnet"];
const X86_ONLY: &[&str] = &["nodejs10", "nodejs4", "nodejs6", "nodejs8", "python3.6", "python3.7", "dotnetcore"];

fn look(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    let mut skipped = at_deployments(template);
    skipped.extend(at_the_edge(template));
    for function in check.written(FUNCTIONS).filter(|function| !skipped.contains(function.id)) {
        if is_x86(template, function) && is_portable(template, function) {
            let id = function.id;
            let what = format!(
                "{id} runs on x86_64, and its runtime has arm64 too, which costs a fifth less for the same time"
            );
            let help = format!("try `{PROPERTY}: [arm64]` on {id}; check packages with native code first");
            check.report(Violation::new(function.property_at(PROPERTY), id, what, help));
        }
    }
}

/// Whether it surely runs on x86_64: nothing says otherwise, or that is what it says.
fn is_x86(template: &Template<'_>, function: &Resource<'_>) -> bool {
    template.property(function, PROPERTY).is_none_or(|list| {
        let list = list.as_array().map(Vec::as_slice);
        matches!(list, Some([] | [Value::String(_)])) && list.is_none_or(|list| list.iter().all(|one| one == "x86_64"))
    })
}

/// Whether its code runs on either: a runtime of portable code, and no layer, image or compiled binary that may not.
fn is_portable(template: &Template<'_>, function: &Resource<'_>) -> bool {
    let has = |name: &str| template.property(function, name).is_some();
    let runtime = template.property(function, "Runtime").and_then(Value::as_str).unwrap_or_default();
    let is_either = |words: &[&str]| words.iter().any(|word| runtime.starts_with(word));
    let is_listed = is_either(PORTABLE) && !is_either(X86_ONLY) && runtime != "java8";
    is_listed && !["Layers", "ImageUri", "ImageConfig"].iter().any(|name| has(name))
}

/// The functions that CloudFront runs: Lambda@Edge takes x86_64 only. Source: CloudFront developer guide, "Restrictions on Lambda@Edge". Where a role is
/// for Lambda@Edge, all functions may be.
fn at_the_edge<'t>(template: &Template<'t>) -> BTreeSet<&'t str> {
    let mut all = BTreeSet::new();
    for resource in template.resources.values() {
        let Some(properties) = resource.object.get("Properties") else { continue };
        let mut arns = Vec::new();
        if resource.kind.starts_with("AWS::CloudFront::") {
            values_of(properties, "LambdaFunctionARN", &mut arns);
        }
        all.extend(arns.into_iter().flat_map(|arn| functions_of(template, arn)).map(|(function, _)| function.id));
        if resource.kind == "AWS::IAM::Role" && properties.to_string().contains("edgelambda.amazonaws.com") {
            all.extend(template.of_types(FUNCTIONS).map(|function| function.id));
        }
    }
    all
}
