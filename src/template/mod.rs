//! What came in: a typed, read-only view of a fragment. It borrows from the fragment, changes nothing and decides nothing.

pub mod document;
pub(crate) mod intrinsic;
pub(crate) mod json;
mod pointer;
mod scope;
pub(crate) mod text;
mod when;
mod written;

pub use pointer::Pointer;
pub(crate) use pointer::way;
pub use scope::Scope;
pub use when::When;
pub use written::Written;
pub(crate) use written::{Members, Writer};

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// A JSON object in the template's own order.
pub(crate) type Object = Map<String, Value>;

/// A resource of the template.
#[derive(Debug, Clone)]
pub(crate) struct Resource<'t> {
    /// Its logical id.
    pub(crate) id: &'t str,
    /// Its `Type`.
    pub(crate) kind: &'t str,
    /// All of it.
    pub(crate) object: &'t Object,
    /// Its `Properties`, where they are an object.
    pub(crate) properties: Option<&'t Object>,
    /// Where it stands.
    pub(crate) at: Pointer,
}

impl<'t> Resource<'t> {
    /// A property that the resource itself has.
    pub(crate) fn own(&self, name: &str) -> Option<&'t Value> {
        self.properties?.get(name)
    }

    /// Where a property stands, or would stand.
    pub(crate) fn property_at(&self, name: &str) -> Pointer {
        self.at.child("Properties").child(name)
    }

    /// Whether properties can be added to it.
    pub(crate) fn takes_properties(&self) -> bool {
        self.properties.is_some() || !self.object.contains_key("Properties")
    }

    /// When it exists.
    pub(crate) fn when(&self) -> When {
        When::named(self.object.get("Condition").and_then(Value::as_str))
    }

    /// Whether it is a type that SAM expands.
    pub(crate) fn is_serverless(&self) -> bool {
        self.kind.starts_with("AWS::Serverless::")
    }
}

/// A resource that SAM will make.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    /// Its logical id.
    pub(crate) id: String,
    /// All of it.
    pub(crate) resource: Value,
    /// What it is made from.
    pub(crate) at: Pointer,
}

/// The view of a fragment.
#[derive(Debug)]
pub(crate) struct Template<'t> {
    /// Which part of a template this is.
    pub(crate) scope: Scope,
    /// The resources, in the template's order.
    pub(crate) resources: IndexMap<&'t str, Resource<'t>>,
    /// The resources that SAM will make from properties of others: see [`Self::with_made`].
    pub(crate) made: IndexMap<&'t str, Resource<'t>>,
    /// Entries among the resources that are no resources: `Fn::ForEach` loops and shapes that nobody knows.
    pub(crate) others: Vec<(&'t str, Pointer)>,
    root: Option<&'t Object>,
}

impl<'t> Template<'t> {
    /// Reads a fragment of a known scope.
    pub(crate) fn read(fragment: &'t Value, scope: Scope) -> Self {
        let root = fragment.as_object();
        let mut template = Self { scope, resources: IndexMap::new(), made: IndexMap::new(), others: Vec::new(), root };
        match scope {
            Scope::Template => {
                if let Some(resources) = template.section("Resources") {
                    template.read_resources(resources, &Pointer::root().child("Resources"));
                }
            }
            Scope::Resources => {
                if let Some(resources) = root {
                    template.read_resources(resources, &Pointer::root());
                }
            }
            Scope::Resource => template.read_resource("", fragment, Pointer::root()),
            Scope::Properties => {}
        }
        template
    }

    /// The same view, with the resources that SAM will make. They are watched like others, and nothing can be added to them.
    pub(crate) fn with_made(mut self, made: &'t [Made]) -> Self {
        for made in made {
            let Some((object, kind)) =
                made.resource.as_object().and_then(|object| Some((object, object.get("Type")?.as_str()?)))
            else {
                continue;
            };
            let properties = object.get("Properties").and_then(Value::as_object);
            let resource = Resource { id: &made.id, kind, object, properties, at: made.at.clone() };
            if !self.resources.contains_key(made.id.as_str()) {
                self.made.insert(&made.id, resource);
            }
        }
        self
    }

    /// A resource, written by the author or made by SAM.
    pub(crate) fn any_resource(&self, id: &str) -> Option<&Resource<'t>> {
        self.resources.get(id).or_else(|| self.made.get(id))
    }

    /// The resources of some types, written by the author or made by SAM.
    pub(crate) fn of_types<'a>(&'a self, types: &'a [&'a str]) -> impl Iterator<Item = &'a Resource<'t>> {
        self.resources.values().chain(self.made.values()).filter(move |resource| types.contains(&resource.kind))
    }

    fn read_resources(&mut self, resources: &'t Object, at: &Pointer) {
        for (id, value) in resources {
            self.read_resource(id, value, at.child(id));
        }
    }

    fn read_resource(&mut self, id: &'t str, value: &'t Value, at: Pointer) {
        let Some((object, kind)) = value.as_object().and_then(|object| Some((object, object.get("Type")?.as_str()?)))
        else {
            self.others.push((id, at));
            return;
        };
        let properties = object.get("Properties").and_then(Value::as_object);
        self.resources.insert(id, Resource { id, kind, object, properties, at });
    }

    /// The bytes of the fragment as compact JSON.
    pub(crate) fn length(&self) -> usize {
        self.root.map_or(0, |root| root.iter().map(|(key, value)| key.len() + json_length(value) + 4).sum())
    }

    /// What stands at a place below the root.
    pub(crate) fn at(&self, at: &Pointer) -> Option<&'t Value> {
        let first = at.segments().next()?;
        let value = self.root?.get(first.as_ref())?;
        // A pointer is its own text, so what follows the first segment is a pointer again.
        let rest = at.as_str().get(1..)?.find('/').and_then(|end| at.as_str().get(end + 1..)).unwrap_or_default();
        pointer::way(rest, value).last()?
    }

    /// The resource, written by the author, that a place is in.
    pub(crate) fn resource_at(&self, at: &Pointer) -> Option<&Resource<'t>> {
        let depth = match self.scope {
            Scope::Template => 1,
            Scope::Resources => 0,
            Scope::Resource => return self.resources.first().map(|(_, resource)| resource),
            Scope::Properties => return None,
        };
        let id = at.segments().nth(depth)?;
        self.resources.get(id.as_ref()).filter(|resource| at.starts_with(&resource.at))
    }

    /// A top-level section that is an object. Only a whole template has sections.
    pub(crate) fn section(&self, name: &str) -> Option<&'t Object> {
        match self.scope {
            Scope::Template => self.root?.get(name)?.as_object(),
            Scope::Resources | Scope::Resource | Scope::Properties => None,
        }
    }

    /// Where new resources go, if this scope can take any.
    pub(crate) fn resources_at(&self) -> Option<Pointer> {
        match self.scope {
            Scope::Template => Some(Pointer::root().child("Resources")),
            Scope::Resources => Some(Pointer::root()),
            Scope::Resource | Scope::Properties => None,
        }
    }

    /// The resources of a type, in order.
    pub(crate) fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Resource<'t>> {
        self.resources.values().filter(move |resource| resource.kind == kind)
    }

    /// Whether a name is taken by a parameter or a loop: logical ids and parameter names share one space.
    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.others.iter().any(|(id, _)| *id == name)
            || self.section("Parameters").is_some_and(|parameters| parameters.contains_key(name))
    }

    /// Whether an intrinsic gives a list: a `Ref` to a parameter of a list type, or `Fn::Split`.
    pub(crate) fn is_list(&self, value: &Value) -> bool {
        let parameter = |name: &str| self.section("Parameters")?.get(name)?.get("Type")?.as_str();
        let is_list_type = |kind: &str| kind.contains("CommaDelimitedList") || kind.contains("List<");
        match intrinsic::function(value) {
            Some(("Ref", Value::String(name))) => parameter(name).is_some_and(is_list_type),
            Some((name, _)) => name == "Fn::Split",
            None => false,
        }
    }

    /// A resource that a value refers to, at any depth.
    pub(crate) fn resource_in(&self, value: &Value) -> Option<String> {
        let named = |name: &str| self.resources.contains_key(name).then(|| name.to_owned());
        let part = |part: &text::Part| match part {
            text::Part::Ref(name) => named(name),
            text::Part::Attribute(id, _) => named(id),
            text::Part::Literal(_) | text::Part::Opaque(_) => None,
        };
        let direct = text::Text::read(value).and_then(|text| text.parts().iter().find_map(part));
        direct.or_else(|| match value {
            Value::Array(items) => items.iter().find_map(|item| self.resource_in(item)),
            Value::Object(map) => map.values().find_map(|item| self.resource_in(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        })
    }

    /// Whether conditions can be added: a whole template whose `Conditions`, if it has any, are an object.
    pub(crate) fn takes_conditions(&self) -> bool {
        let conditions = self.root.and_then(|root| root.get("Conditions"));
        self.scope == Scope::Template && conditions.is_none_or(Value::is_object)
    }

    /// Whether settings can be added to a section of `Globals`.
    pub(crate) fn takes_globals(&self, section: &str) -> bool {
        let globals = self.root.and_then(|root| root.get("Globals"));
        globals.is_none_or(|globals| globals.is_object() && globals.get(section).is_none_or(Value::is_object))
    }

    /// A property as SAM would see it: the resource's own, else the one in `Globals`, unless `IgnoreGlobals` says otherwise.
    pub(crate) fn property(&self, resource: &Resource<'t>, name: &str) -> Option<&'t Value> {
        resource.own(name).or_else(|| self.global(resource, name))
    }

    /// A key of a property that is an object, as SAM would see it: it puts the resource's own object over the one in `Globals`, key by key.
    pub(crate) fn member(&self, resource: &Resource<'t>, property: &str, key: &str) -> Option<&'t Value> {
        let own = resource.own(property).and_then(|own| own.get(key));
        own.or_else(|| self.global(resource, property)?.get(key))
    }

    /// What `Globals` gives a resource for a property.
    pub(crate) fn global(&self, resource: &Resource<'t>, name: &str) -> Option<&'t Value> {
        let section = resource.kind.strip_prefix("AWS::Serverless::")?;
        if self.ignores_globals(resource, name) { None } else { self.globals(section)?.get(name) }
    }

    /// Whether `IgnoreGlobals` keeps a property of `Globals` away from a resource.
    pub(crate) fn ignores_globals(&self, resource: &Resource<'t>, name: &str) -> bool {
        match resource.object.get("IgnoreGlobals") {
            Some(Value::String(all)) => all == "*",
            Some(Value::Array(names)) => names.iter().any(|ignored| ignored == name),
            _ => false,
        }
    }

    /// A section of `Globals`.
    pub(crate) fn globals(&self, section: &str) -> Option<&'t Object> {
        self.section("Globals")?.get(section)?.as_object()
    }
}

/// The bytes of a value as compact JSON.
pub(crate) fn json_length(value: &Value) -> usize {
    // Brackets and a comma between each two; brackets alone.
    let around = |count: usize| 1 + count.max(1);
    match value {
        Value::Null | Value::Bool(true) => 4,
        Value::Bool(false) => 5,
        Value::Number(number) => number.as_str().len(),
        Value::String(text) => text_length(text),
        Value::Array(items) => around(items.len()) + items.iter().map(json_length).sum::<usize>(),
        Value::Object(map) => {
            let member = |(key, value): (&String, &Value)| text_length(key) + 1 + json_length(value);
            around(map.len()) + map.iter().map(member).sum::<usize>()
        }
    }
}

/// The bytes of a text with its quotes and escapes.
fn text_length(text: &str) -> usize {
    if !written::has_escapes(text.as_bytes()) {
        return 2 + text.len();
    }
    let is_escaped = |byte: &u8| *byte < 0x20 || matches!(byte, b'"' | b'\\');
    let more = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 1,
        _ => 5,
    };
    2 + text.len() + text.bytes().filter(is_escaped).map(more).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn globals_stand_in_for_what_the_resource_does_not_say() {
        let fragment = json!({
            "Globals": {"Function": {"Timeout": 9, "MemorySize": 256}},
            "Resources": {
                "F": {"Type": "AWS::Serverless::Function", "Properties": {"MemorySize": 512}},
                "G": {"Type": "AWS::Serverless::Function", "IgnoreGlobals": ["Timeout"]},
                "Fn::ForEach::X": ["A", [], {}],
            },
        });
        let template = Template::read(&fragment, Scope::Template);
        let (f, g) = (&template.resources["F"], &template.resources["G"]);
        assert_eq!(template.property(f, "Timeout"), Some(&json!(9)));
        assert_eq!(template.property(f, "MemorySize"), Some(&json!(512)));
        assert_eq!(template.property(g, "Timeout"), None);
        assert_eq!(template.others.len(), 1);
    }

    #[test]
    fn a_place_leads_to_its_value_and_its_resource() {
        let fragment = json!({"Resources": {"A": {"Type": "X", "Properties": {"/x": [{"b": 1}]}}}});
        let template = Template::read(&fragment, Scope::Template);
        for (place, expected) in [
            ("/Resources/A/Properties/~1x/0/b", Some(json!(1))),
            ("/Resources", Some(fragment["Resources"].clone())),
            ("/Resources/B", None),
            ("", None),
        ] {
            let at = Pointer::parse(place).expect("a pointer");
            assert_eq!(template.at(&at), expected.as_ref(), "{place}");
            assert_eq!(template.resource_at(&at).is_some(), place.contains("/A/"), "{place}");
        }
    }

    #[test]
    fn a_length_is_that_of_the_text() {
        let text: String = (0..0x100_u32).filter_map(char::from_u32).collect();
        for value in [
            json!({}),
            json!([]),
            json!({"a": [], "": {"x": null, "y": [true, false, -1.50, 7]}}),
            json!({text.as_str(): text}),
        ] {
            assert_eq!(json_length(&value), value.to_string().len(), "{value}");
        }
    }
}
