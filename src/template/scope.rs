//! Which part of a template a macro was given (a macro may stand in `Transform`, under `Resources`, in a resource or in its properties).

use serde_json::Value;

/// The part of a template that a fragment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole template: the macro is in `Transform`.
    Template,
    /// All resources: `Fn::Transform` under `Resources`.
    Resources,
    /// One resource: `Fn::Transform` beside its `Type`.
    Resource,
    /// The inside of a resource: `Fn::Transform` in its `Properties`, where the type is out of sight.
    Properties,
}

/// Top-level sections of a template.
const SECTIONS: &[&str] = &[
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Globals",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
];

impl Scope {
    /// Recognises a fragment; `None` for what is no part of a template that Toprail could work on.
    pub fn of(fragment: &Value) -> Option<Self> {
        let object = fragment.as_object()?;
        let is_resource = |value: &Value| value.get("Type").is_some_and(Value::is_string);
        let is_function = |key: &String| key.starts_with("Fn::");
        let mut others = object.iter().filter(|(key, _)| !is_function(key)).peekable();
        if object.get("Resources").is_some_and(|resources| resources.is_object() && !is_resource(resources)) {
            return Some(Self::Template);
        }
        if is_resource(fragment) {
            return Some(Self::Resource);
        }
        if others.peek().is_some() && others.all(|(_, value)| is_resource(value)) {
            return Some(Self::Resources);
        }
        if object.is_empty() || object.keys().all(|key| SECTIONS.contains(&key.as_str())) {
            return Some(Self::Template);
        }
        Some(Self::Properties)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_place_of_a_macro_call_is_recognised() {
        let stage = json!({"Type": "AWS::ApiGateway::Stage", "Properties": {}});
        assert_eq!(Scope::of(&json!({"Resources": {"A": stage}})), Some(Scope::Template));
        assert_eq!(Scope::of(&json!({"Parameters": {}})), Some(Scope::Template));
        assert_eq!(Scope::of(&json!({})), Some(Scope::Template));
        assert_eq!(Scope::of(&json!({"A": stage, "B": stage})), Some(Scope::Resources));
        assert_eq!(Scope::of(&stage), Some(Scope::Resource));
        assert_eq!(Scope::of(&json!({"StageName": "prod"})), Some(Scope::Properties));
        assert_eq!(Scope::of(&json!("text")), None);
        assert_eq!(Scope::of(&json!([1])), None);
    }

    #[test]
    fn a_resource_called_resources_is_not_taken_for_the_section() {
        assert_eq!(Scope::of(&json!({"Resources": {"Type": "AWS::SNS::Topic"}})), Some(Scope::Resources));
    }
}
