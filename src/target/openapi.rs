//! Finds the methods in an OpenAPI 2 or 3 definition, with `Fn::If` around the body, the paths, a path or a method. The definition is
//! walked as it stands, because a typed model would refuse the intrinsics inside it.

use super::api::{Route, Verb};
use crate::finding::{Finding, UNEXPANDED_INCLUDE, UNKNOWN_SHAPE};
use crate::template::intrinsic::{self, branches};
use crate::template::text::Text;
use crate::template::{Object, Pointer, When};
use serde_json::Value;

/// A walk through one definition.
pub(crate) struct Walk<'f> {
    /// What the walk has found.
    pub(crate) routes: Vec<Route>,
    /// What it could not read.
    pub(crate) findings: &'f mut Vec<Finding>,
    /// What stands before every path (an imported `basePath`).
    pub(crate) prefix: String,
}

impl Walk<'_> {
    /// The whole definition.
    pub(crate) fn body(&mut self, body: &Value, at: &Pointer, when: &When) {
        let Some(object) = self.object(body, at, when, Self::body, "the API's definition") else {
            return;
        };
        if let Some(paths) = object.get("paths") {
            self.paths(paths, &at.child("paths"), when);
        }
    }

    fn paths(&mut self, paths: &Value, at: &Pointer, when: &When) {
        let Some(object) = self.object(paths, at, when, Self::paths, "`paths`") else {
            return;
        };
        for (path, item) in object {
            if path.starts_with('/') || path == "$default" {
                self.path(path, item, &at.child(path), when);
            } else if path == "Fn::Transform" {
                self.include(at);
            }
        }
    }

    fn path(&mut self, path: &str, item: &Value, at: &Pointer, when: &When) {
        if let Some((condition, yes, no)) = branches(item) {
            let (inner, holds) = (at.child("Fn::If"), When::named(Some(condition)));
            self.path(path, yes, &inner.child("1"), &when.clone().and(holds.clone()));
            self.path(path, no, &inner.child("2"), &when.clone().and(holds.negate()));
            return;
        }
        let Some(object) = item.as_object().filter(|_| !intrinsic::is_no_value(item)) else {
            return;
        };
        if object.contains_key("Fn::Transform") {
            self.include(at);
        }
        for (key, operation) in object {
            // `parameters`, `summary`, `x-…` and `trace` are no methods; nor is `any`, which only the extension writes.
            if Verb::read(key).is_known() && !matches!(key.to_ascii_lowercase().as_str(), "any" | "*") {
                self.operation(path, key, operation, &at.child(key), when);
            }
        }
    }

    fn operation(&mut self, path: &str, key: &str, operation: &Value, at: &Pointer, when: &When) {
        let when = when.clone().and(exists(operation));
        if when == When::Never {
            return;
        }
        let verb = if path == "$default" { Verb::Any } else { Verb::read(key) };
        let path =
            if path == "$default" { Text::literal(path) } else { Text::literal(format!("{}{path}", self.prefix)) };
        self.routes.push(Route { verb, path, when, at: at.clone() });
    }

    /// The object to look into; a `Fn::If` is walked on both sides instead.
    fn object<'v>(
        &mut self,
        value: &'v Value,
        at: &Pointer,
        when: &When,
        again: fn(&mut Self, &Value, &Pointer, &When),
        what: &str,
    ) -> Option<&'v Object> {
        if let Some((condition, yes, no)) = branches(value) {
            let (inner, holds) = (at.child("Fn::If"), When::named(Some(condition)));
            again(self, yes, &inner.child("1"), &when.clone().and(holds.clone()));
            again(self, no, &inner.child("2"), &when.clone().and(holds.negate()));
            return None;
        }
        if intrinsic::is_no_value(value) || value.is_null() {
            return None;
        }
        if value.get("Fn::Transform").is_some() {
            self.include(at);
        } else if intrinsic::function(value).is_some() || !value.is_object() {
            let what = format!("{what} is not an object that can be read here: its methods are unknown");
            self.findings.push(Finding::new(
                &UNKNOWN_SHAPE,
                at.clone(),
                what,
                "write the definition into the template",
            ));
            return None;
        }
        value.as_object()
    }

    fn include(&mut self, at: &Pointer) {
        let what = "a nested `Fn::Transform` is not expanded here: the methods it brings are unknown";
        let help = "nothing at deployment (CloudFormation expands it first); on a laptop the plan lacks these methods";
        self.findings.push(Finding::new(&UNEXPANDED_INCLUDE, at.clone(), what, help));
    }
}

/// When a value exists: a `Fn::If` with `AWS::NoValue` on one side takes it away.
fn exists(value: &Value) -> When {
    if intrinsic::is_no_value(value) {
        return When::Never;
    }
    match branches(value) {
        Some((condition, yes, no)) => {
            let holds = When::named(Some(condition));
            holds.clone().and(exists(yes)).or(holds.negate().and(exists(no)))
        }
        None => When::Always,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn routes(body: &Value) -> Vec<String> {
        let mut findings = Vec::new();
        let mut walk = Walk { routes: Vec::new(), findings: &mut findings, prefix: String::new() };
        walk.body(body, &Pointer::root(), &When::Always);
        walk.routes
            .iter()
            .map(|route| format!("{} {} {}", route.verb.as_str(), route.path.display(), route.when))
            .collect()
    }

    #[test]
    fn only_methods_are_methods() {
        let body = json!({"paths": {
            "/x": {"parameters": [], "GET": {}, "x-amazon-apigateway-any-method": {}, "options": {}, "trace": {}, "summary": "s"},
            "x-extension": {"get": {}},
        }});
        assert_eq!(routes(&body), ["GET /x always", "ANY /x always", "OPTIONS /x always"]);
    }

    #[test]
    fn conditions_around_body_path_and_method_travel() {
        let no_value = json!({"Ref": "AWS::NoValue"});
        let body = json!({"Fn::If": ["A", {"paths": {
            "/x": {"Fn::If": ["B", {"get": {"Fn::If": ["C", {}, no_value]}}, no_value]},
            "/y": {"post": {"Fn::If": ["C", {"x": 1}, {"x": 2}]}},
        }}, no_value]});
        assert_eq!(routes(&body), ["GET /x A and B and C", "POST /y A"]);
    }
}
