//! What to add to one resource: the tag property, and what lies around it.
//!
//! The tag property does not tell all. SAM merges `Globals` into it and copies it to other places; API Gateway
//! refuses it beside an OpenAPI body. This module knows those cases, so that a default tag never replaces a
//! resource, fails a deployment or overwrites a tag that the author set elsewhere. It must not look at other resources.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::merge::{self, Addition, Reason};
use super::shapes::{TagShape, shape_of};

/// The fields of a resource, or of its properties.
type Fields = Map<String, Value>;

/// Tag keys that SAM keeps for itself: with the first three on a function, the transform fails.
const KEPT_BY_SAM: [&str; 7] = [
    "lambda:createdBy",
    "serverlessrepo:applicationId",
    "serverlessrepo:semanticVersion",
    "stateMachine:createdBy",
    "httpapi:createdBy",
    "websocketapi:createdBy",
    "graphqlapi:createdBy",
];

/// Why a resource is not given the tags that it may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// Its tag property is unreadable or full.
    #[error(transparent)]
    Property(#[from] Reason),
    /// Adding a tag would do harm.
    #[error(transparent)]
    Harm(#[from] Obstacle),
}

/// The harm that a tag would do although the resource's type takes tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Obstacle {
    /// API Gateway answers "Redundant fields [tags=…] provided when either Body or BodyS3Location is not empty".
    #[error("an HTTP API with an OpenAPI body takes its tags from that body only, and the deployment would fail")]
    OpenApiBody,
    /// SAM answers "Tags works only with inline OpenApi" or "does not contain a valid OpenApi definition".
    #[error("SAM accepts tags on an HTTP API only where its OpenAPI 3 definition is in the template")]
    DefinitionElsewhere,
    /// The tags are part of the hash in the logical id of the version, which Lambda refuses to publish unchanged.
    #[error("with AutoPublishAliasAllProperties, a tag would publish a new version of unchanged code")]
    NewVersion,
    /// SAM copies the tags over those of resources that others share, and to one that would be replaced.
    #[error("with PropagateTags, SAM would copy a tag over the tags of resources that others share")]
    Propagated,
}

/// What to add to the tag property of a resource (all of it: `Type`, `Properties`, …), and how that is written;
/// `None` where the type does not take tags. `globals` is the template's `Globals`, while SAM has not run.
pub(crate) fn addition(
    resource: &Fields,
    globals: Option<&Value>,
    wanted: &[(String, Value)],
) -> Option<Result<(TagShape, Addition), Refusal>> {
    let resource_type = resource.get("Type")?.as_str()?;
    let shape = shape_of(resource_type)?;
    let scope = Scope { resource, resource_type, globals };
    Some(scope.addition(shape, wanted).map(|addition| (shape, addition)))
}

/// A resource with the part of `Globals` that is meant for it.
pub(super) struct Scope<'t> {
    pub(super) resource: &'t Fields,
    pub(super) resource_type: &'t str,
    pub(super) globals: Option<&'t Value>,
}

impl<'t> Scope<'t> {
    fn addition(&self, shape: TagShape, wanted: &[(String, Value)]) -> Result<Addition, Refusal> {
        let elsewhere = self.elsewhere()?;
        let set = |key: &str| elsewhere.iter().any(|other| shape.keys.same(other, key));
        let kept = |key: &str| self.section().is_some() && KEPT_BY_SAM.contains(&key);
        let open: Vec<(String, Value)> = wanted.iter().filter(|(key, _)| !set(key) && !kept(key)).cloned().collect();
        let addition = merge::missing(&shape, self.own(shape.property), &open)?;
        if addition != Addition::Nothing
            && let Some(obstacle) = self.obstacle()
        {
            return Err(obstacle.into());
        }
        Ok(addition)
    }

    /// The harm that adding a tag would do.
    fn obstacle(&self) -> Option<Obstacle> {
        let has = |name| self.own(name).is_some_and(|value| !value.is_null());
        match self.resource_type {
            "AWS::ApiGatewayV2::Api" if has("Body") || has("BodyS3Location") => Some(Obstacle::OpenApiBody),
            "AWS::Serverless::HttpApi"
                if has("DefinitionUri") || !self.own("DefinitionBody").is_none_or(is_openapi_3) =>
            {
                Some(Obstacle::DefinitionElsewhere)
            }
            "AWS::Serverless::Function"
                if self.is_on("AutoPublishAlias") && self.is_on("AutoPublishAliasAllProperties") =>
            {
                Some(Obstacle::NewVersion)
            }
            _ if self.section().is_some() && self.is_on("PropagateTags") => Some(Obstacle::Propagated),
            _ => None,
        }
    }

    /// The keys of tags that the author gave this resource in another place than its tag property.
    fn elsewhere(&self) -> Result<Vec<Cow<'t, str>>, Reason> {
        let mut keys = Vec::new();
        if let Some(tags) = self.global("Tags") {
            keys.extend(merge::literal_keys(tags)?.map(Cow::Borrowed));
        }
        if self.resource_type == "AWS::Serverless::HttpApi"
            && let Some(tags) = self.own("DefinitionBody").and_then(|body| body.get("tags"))
        {
            // SAM would overwrite the value of the tag with this name
            for tag in tags.as_array().ok_or(Reason::Unknown)? {
                keys.push(merge::named(tag, "name")?);
            }
        }
        Ok(keys)
    }

    /// A property that the author wrote on the resource.
    pub(super) fn own(&self, name: &str) -> Option<&'t Value> {
        self.resource.get("Properties")?.get(name)
    }

    /// A property that the resource has from `Globals`.
    pub(super) fn global(&self, name: &str) -> Option<&'t Value> {
        let ignored = match self.resource.get("IgnoreGlobals") {
            Some(Value::String(text)) => text == "*",
            Some(Value::Array(names)) => names.iter().any(|ignored| ignored == name),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => false,
        };
        let section = self.section().filter(|_| !ignored)?;
        self.globals?.get(section)?.get(name)
    }

    /// The section of `Globals`, which is the SAM type's name; `None` for other types.
    fn section(&self) -> Option<&'t str> {
        self.resource_type.strip_prefix("AWS::Serverless::")
    }

    /// Whether a property is set, here or in `Globals`, to anything that may mean yes.
    fn is_on(&self, name: &str) -> bool {
        self.own(name)
            .or_else(|| self.global(name))
            .is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false)) && value != "false")
    }
}

/// Whether SAM would take it for an OpenAPI 3 definition, which is where it puts the tags.
fn is_openapi_3(body: &Value) -> bool {
    let version = match body.get("openapi") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => {
            return false;
        }
    };
    let digit = |part: &str| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = version.split('.').collect();
    let is_3 = match parts.as_slice() {
        ["3", minor] => digit(minor),
        ["3", minor, patch] => digit(minor) && digit(patch),
        _ => false,
    };
    is_3 && body.get("paths").is_some_and(Value::is_object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// What is added to a resource when `Team` is wanted.
    fn ask(resource: &Value, globals: &Value) -> Option<Result<Addition, Refusal>> {
        let wanted = [("Team".to_owned(), json!("payments"))];
        addition(resource.as_object().unwrap(), Some(globals), &wanted).map(|answer| answer.map(|(_, added)| added))
    }

    fn sam(kind: &str, properties: &Value) -> Value {
        json!({ "Type": format!("AWS::Serverless::{kind}"), "Properties": properties })
    }

    fn refused(resource: &Value, globals: &Value) -> Option<Obstacle> {
        match ask(resource, globals) {
            Some(Err(Refusal::Harm(obstacle))) => Some(obstacle),
            Some(Err(Refusal::Property(_)) | Ok(_)) | None => None,
        }
    }

    fn is_set(resource: &Value, globals: &Value) -> bool {
        matches!(ask(resource, globals), Some(Ok(Addition::Set(_))))
    }

    #[test]
    fn a_resource_without_properties_is_tagged_and_one_that_takes_no_tags_is_not_a_question() {
        assert!(is_set(&json!({ "Type": "AWS::SQS::Queue" }), &json!({})));
        assert_eq!(ask(&json!({ "Type": "AWS::Lambda::Permission" }), &json!({})), None);
        assert_eq!(ask(&json!({ "Properties": {} }), &json!({})), None);
    }

    #[test]
    fn an_http_api_that_sam_expanded_keeps_its_tags_in_the_body() {
        let api = |properties| json!({ "Type": "AWS::ApiGatewayV2::Api", "Properties": properties });
        assert_eq!(refused(&api(json!({ "Body": {} })), &json!({})), Some(Obstacle::OpenApiBody));
        assert_eq!(refused(&api(json!({ "BodyS3Location": {} })), &json!({})), Some(Obstacle::OpenApiBody));
        assert!(is_set(&api(json!({ "Name": "x", "ProtocolType": "HTTP" })), &json!({})));
        assert_eq!(ask(&api(json!({ "Tags": { "Team": "x" }, "Body": {} })), &json!({})), Some(Ok(Addition::Nothing)));
    }

    #[test]
    fn sam_tags_an_http_api_only_where_its_definition_is_inline() {
        let body = |body: Value| sam("HttpApi", &json!({ "DefinitionBody": body }));
        assert!(is_set(&sam("HttpApi", &json!({})), &json!({})));
        for version in [json!("3.0"), json!("3.0.1"), json!("3.1.0"), json!(3.0)] {
            assert!(is_set(&body(json!({ "openapi": version, "paths": {} })), &json!({})), "{version}");
        }
        let elsewhere = Some(Obstacle::DefinitionElsewhere);
        assert_eq!(refused(&sam("HttpApi", &json!({ "DefinitionUri": "s3://b/k" })), &json!({})), elsewhere);
        for definition in [
            json!({ "swagger": "2.0", "paths": {} }),
            json!({ "openapi": "3", "paths": {} }),
            json!({ "openapi": "3.0.10", "paths": {} }),
            json!({ "openapi": "3.0.1" }),
            json!({ "Fn::Transform": { "Name": "AWS::Include" } }),
        ] {
            assert_eq!(refused(&body(definition.clone()), &json!({})), elsewhere, "{definition}");
        }
    }

    #[test]
    fn a_tag_that_the_author_set_in_an_openapi_body_is_not_overwritten() {
        let api = |tags: Value| {
            sam("HttpApi", &json!({ "DefinitionBody": { "openapi": "3.0.1", "paths": {}, "tags": tags } }))
        };
        let mine = json!([{ "name": "Team", "x-amazon-apigateway-tag-value": "mine" }]);
        assert_eq!(ask(&api(mine), &json!({})), Some(Ok(Addition::Nothing)));
        let unknown = Some(Err(Refusal::Property(Reason::Unknown)));
        assert_eq!(ask(&api(json!([{ "name": { "Ref": "Name" } }])), &json!({})), unknown);
    }

    #[test]
    fn a_tag_that_globals_give_is_not_overwritten() {
        let globals = json!({ "Function": { "Tags": { "team": "author" } } });
        assert_eq!(ask(&sam("Function", &json!({})), &globals), Some(Ok(Addition::Nothing)));
        assert!(is_set(&sam("HttpApi", &json!({})), &globals));
        let mut ignoring = sam("Function", &json!({}));
        for ignored in [json!("*"), json!(["Tags"])] {
            ignoring["IgnoreGlobals"] = ignored;
            assert!(is_set(&ignoring, &globals));
        }
    }

    #[test]
    fn a_function_whose_version_hashes_all_properties_is_left_alone() {
        let function = sam("Function", &json!({ "AutoPublishAlias": "live", "AutoPublishAliasAllProperties": true }));
        assert_eq!(refused(&function, &json!({})), Some(Obstacle::NewVersion));
        let globals = json!({ "Function": { "AutoPublishAliasAllProperties": true } });
        assert_eq!(
            refused(&sam("Function", &json!({ "AutoPublishAlias": "live" })), &globals),
            Some(Obstacle::NewVersion)
        );
        assert!(is_set(&sam("Function", &json!({ "AutoPublishAlias": "live" })), &json!({})));
        assert!(is_set(&sam("Function", &json!({})), &globals));
    }

    #[test]
    fn what_sam_would_propagate_is_left_alone() {
        for kind in ["Api", "Function", "StateMachine"] {
            assert_eq!(refused(&sam(kind, &json!({ "PropagateTags": true })), &json!({})), Some(Obstacle::Propagated));
            let mut globals = json!({});
            globals[kind] = json!({ "PropagateTags": true });
            assert_eq!(refused(&sam(kind, &json!({})), &globals), Some(Obstacle::Propagated));
            assert!(is_set(&sam(kind, &json!({ "PropagateTags": false })), &globals));
        }
    }

    #[test]
    fn a_key_that_sam_keeps_for_itself_is_not_added_to_a_sam_type() {
        let wanted = [("lambda:createdBy".to_owned(), json!("me"))];
        let function = sam("Function", &json!({}));
        let (_, added) = addition(function.as_object().unwrap(), None, &wanted).unwrap().unwrap();
        assert_eq!(added, Addition::Nothing);
    }
}
