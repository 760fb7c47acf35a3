//! Templates from choices: what the design names, in every combination. Every template is one that CloudFormation would take as far as Toprail
//! can know, and its configuration has no mistake.

mod apis;
pub(crate) mod choices;
mod policy;
mod resources;
mod serverless;
mod settings;

use choices::Choices;
use serde_json::{Map, Value, json};
use toprail::Context;

/// The parameters that conditions ask for; each is `yes` or `no`.
pub(crate) const SWITCHES: [&str; 3] = ["PA", "PB", "PC"];

/// Part of every parameter value: it may be found nowhere.
pub(crate) const SECRET: &str = "hunter2";

const CONDITIONS: [&str; 6] = ["A", "B", "C", "NotA", "Both", "Either"];

/// A template and its deployment, under an organisation's policy where the choices say so.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) template: Value,
    pub(crate) context: Context,
}

impl Case {
    /// The case that the bytes choose.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        Maker { choices: Choices::new(bytes), resources: Map::new(), conditional: false }.case()
    }
}

/// A template that is being made.
struct Maker<'b> {
    choices: Choices<'b>,
    resources: Map<String, Value>,
    conditional: bool,
}

impl Maker<'_> {
    fn case(mut self) -> Case {
        self.conditional = self.choices.once_in(2);
        let globals = self.choices.maybe(3, serverless::globals);
        for index in 0..=self.choices.below(6) {
            match self.choices.below(9) {
                0 => self.rest(index),
                1 => self.function(index),
                2 => self.http(index),
                3 => self.socket(index),
                4 => self.serverless_api(index),
                5 => self.serverless_function(index),
                6 => self.alarm(index),
                7 => self.oddity(index),
                _ => self.resource(index),
            }
        }
        let settings = self.choices.maybe(2, settings::settings);
        let params = self.choices.maybe(4, settings::params).unwrap_or_default();
        let policy = if self.choices.once_in(3) { Some(self.policy()) } else { None };
        let mut template = json!({"Parameters": parameters(), "Conditions": conditions()});
        if let Some(globals) = globals {
            template["Globals"] = globals;
        }
        if let Some(settings) = settings {
            template["Metadata"] = json!({"Toprail": settings, "Other": [1, "1"]});
        }
        template["Resources"] = Value::Object(self.resources);
        let context = Context { params, parameter_values: values(), policy, ..Context::default() };
        Case { template, context }
    }

    /// Adds a resource, under a condition where the choices say so.
    fn add(&mut self, id: String, kind: &str, properties: Value) {
        let mut resource = json!({"Type": kind});
        if let Some(condition) = self.condition() {
            resource["Condition"] = json!(condition);
        }
        resource["Properties"] = properties;
        self.resources.insert(id, resource);
    }

    /// Adds a resource that cannot exist without another: it has the other's condition.
    fn add_to(&mut self, owner: &str, id: String, kind: &str, properties: Value) {
        let condition = self.resources[owner].get("Condition").cloned();
        self.add(id.clone(), kind, properties);
        if let Some(condition) = condition {
            self.resources[&id]["Condition"] = condition;
        }
    }

    /// A condition, or none.
    fn condition(&mut self) -> Option<&'static str> {
        if self.conditional { self.choices.maybe(3, |choices| choices.pick(&CONDITIONS)) } else { None }
    }

    /// A value, or the same behind `Fn::If`, with another value or nothing in the other branch.
    fn perhaps(&mut self, value: Value, other: Value) -> Value {
        match self.condition() {
            Some(condition) => json!({"Fn::If": [condition, value, other]}),
            None => value,
        }
    }

    /// A text in one of the forms that CloudFormation takes.
    fn text(&mut self, literal: &str) -> Value {
        match self.choices.below(8) {
            1 => json!({"Ref": "Env"}),
            2 => json!({"Fn::Sub": format!("{literal}-${{Env}}")}),
            3 => json!({"Fn::Join": ["-", [literal, {"Ref": "AWS::Region"}]]}),
            4 => json!({"Fn::Sub": [format!("{literal}-${{x}}"), {"x": {"Ref": "Env"}}]}),
            5 => json!({"Fn::ImportValue": literal}),
            6 => json!({"Fn::FindInMap": ["Names", {"Ref": "AWS::Region"}, literal]}),
            _ => json!(literal),
        }
    }

    /// A number: as it is, as a text, or known at deployment only.
    fn number(&mut self, number: u32) -> Value {
        match self.choices.below(6) {
            1 => json!(number.to_string()),
            2 => json!({"Ref": "Number"}),
            3 => self.perhaps(json!(number), json!(number + 1)),
            _ => json!(number),
        }
    }
}

/// Nothing, as CloudFormation writes it.
fn nothing() -> Value {
    json!({"Ref": "AWS::NoValue"})
}

fn parameters() -> Value {
    let of = |kind: &str| json!({"Type": kind});
    json!({"PA": of("String"), "PB": of("String"), "PC": of("String"), "Env": of("String"), "Number": of("Number"),
        "Topic": of("String"), "Topics": of("CommaDelimitedList"), "Password": {"Type": "String", "NoEcho": true}})
}

fn values() -> Map<String, Value> {
    let topic = |name: &str| format!("arn:aws:sns:eu-west-1:111122223333:{name}-{SECRET}");
    let values = json!({"PA": "yes", "PB": "no", "PC": "yes", "Env": format!("env-{SECRET}"), "Number": "77",
        "Topic": topic("a"), "Topics": [topic("b"), topic("c")], "Password": SECRET});
    values.as_object().expect("an object").clone()
}

fn conditions() -> Value {
    let is = |parameter: &str| json!({"Fn::Equals": [{"Ref": parameter}, "yes"]});
    let both = json!([{"Condition": "A"}, {"Condition": "B"}]);
    json!({"A": is("PA"), "B": is("PB"), "C": is("PC"), "NotA": {"Fn::Not": [{"Condition": "A"}]},
        "Both": {"Fn::And": both}, "Either": {"Fn::Or": both}})
}
