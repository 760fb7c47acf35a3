//! Reads a stage's settings as the author wrote them.

use super::{Entry, Form, StageSettings, verb_in_key};
use crate::template::{Object, Pointer, intrinsic};
use serde_json::Value;

impl<'t> StageSettings<'t> {
    fn empty(form: Form, at: Pointer) -> Self {
        Self {
            form,
            readable: true,
            inherited: false,
            defaults: Vec::new(),
            specific: Vec::new(),
            at,
            besides: Vec::new(),
            contested: false,
            first: Vec::new(),
        }
    }

    /// Settings that can neither be read nor added to.
    pub(crate) fn unreadable(at: Pointer) -> Self {
        Self { readable: false, ..Self::empty(Form::MethodSettings, at) }
    }

    /// A REST stage's `MethodSettings`.
    pub(crate) fn method_settings(list: Option<&'t Value>, at: Pointer) -> Self {
        Self::method_lists(&[(list, at.clone())], at)
    }

    /// `MethodSettings` that SAM puts together from several lists; what is added goes to the list at `at`.
    pub(crate) fn method_lists(lists: &[(Option<&'t Value>, Pointer)], at: Pointer) -> Self {
        let mut settings = Self::empty(Form::MethodSettings, at);
        for (list, list_at) in lists {
            match list {
                None => {}
                Some(Value::Array(items)) => {
                    for (index, item) in items.iter().enumerate() {
                        settings.read_method(item, list_at.child(&index.to_string()));
                    }
                }
                Some(_) => settings.readable = false,
            }
        }
        settings
    }

    fn read_method(&mut self, item: &'t Value, at: Pointer) {
        let text = |field: &str| item.get(field).and_then(Value::as_str);
        let (Some(path), Some(verb), Some(fields)) = (text("ResourcePath"), text("HttpMethod"), item.as_object())
        else {
            self.readable = false;
            return;
        };
        let entry = Entry { objects: vec![fields], at, is_known: true };
        match (path, verb) {
            ("/*" | "*", "*") => self.defaults.push(entry),
            _ => self.specific.push(((verb.to_ascii_uppercase(), decode(path)), entry)),
        }
    }

    /// A deployment's `StageDescription` that has settings for all methods itself.
    pub(crate) fn stage_description(description: &'t Object, at: Pointer) -> Self {
        let mut settings = Self::method_settings(description.get("MethodSettings"), at.clone());
        let own = Entry { objects: vec![description], at: at.parent().unwrap_or(at), is_known: true };
        settings.defaults.push(own);
        settings
    }

    /// `DefaultRouteSettings` and `RouteSettings`, from the stage's (or SAM API's) properties and, behind them, from `Globals`.
    /// What is added goes to the object at `at`.
    pub(crate) fn route_settings(properties: &[&'t Object], at: Pointer) -> Self {
        let mut settings = Self::empty(Form::RouteSettings, at);
        let mut defaults = Vec::new();
        for object in properties {
            match object.get("DefaultRouteSettings").map(plain) {
                None => {}
                Some(Some(fields)) => defaults.push(fields),
                Some(None) => settings.readable = false,
            }
            match object.get("RouteSettings").map(plain) {
                None => {}
                Some(Some(routes)) => settings.read_routes(routes),
                Some(None) => settings.readable = false,
            }
        }
        if !defaults.is_empty() {
            settings.defaults.push(Entry {
                objects: defaults,
                at: settings.at.child("DefaultRouteSettings"),
                is_known: true,
            });
        }
        settings
    }

    fn read_routes(&mut self, routes: &'t Object) {
        for (key, value) in routes {
            let (verb, path) = key.split_once(' ').unwrap_or(("", key));
            let id = (verb.to_owned(), path.to_owned());
            let place = self.at.child("RouteSettings").child(key);
            let entry = match optional(value) {
                Some((fields, branch)) => {
                    let at = branch.map_or(place.clone(), |branch| place.child("Fn::If").child(branch));
                    Entry { objects: vec![fields], at, is_known: true }
                }
                None => Entry { objects: Vec::new(), at: place, is_known: false },
            };
            match self.specific.iter_mut().find(|(other, _)| *other == id) {
                Some((_, own)) => {
                    own.is_known &= entry.is_known;
                    own.objects.extend(entry.objects);
                }
                None => self.specific.push((id, entry)),
            }
        }
    }

    /// The same settings, with a copy of another list behind its own, which starts at index `own`; `ignore` keeps SAM from putting that list
    /// before it.
    pub(crate) fn with_copies(mut self, own: usize, list: &'t [Value], ignore: crate::edit::Edit) -> Self {
        self.first.push(ignore);
        for (index, item) in list.iter().enumerate() {
            self.first.push(crate::edit::Edit::Append { at: self.at.clone(), value: item.clone() });
            self.read_method(item, self.at.child(own + index));
        }
        self
    }

    /// Adds the settings that an event of SAM has for its own route: they win over the API's.
    pub(crate) fn add_route(&mut self, verb: &str, path: &str, settings: &'t Value, at: Pointer) {
        let fields = plain(settings);
        let (is_known, objects) = (fields.is_some(), fields.into_iter().collect());
        let entry = Entry { objects, at, is_known };
        let id = (verb_in_key(verb, path).to_owned(), path.to_owned());
        match self.specific.iter_mut().find(|(other, _)| *other == id) {
            Some((_, own)) => {
                let others = std::mem::replace(own, entry);
                own.is_known &= others.is_known;
                own.objects.extend(others.objects);
            }
            None => self.specific.push((id, entry)),
        }
    }

    /// The same settings, where the entry for all methods is written by somebody else.
    pub(crate) fn inherited(mut self) -> Self {
        self.inherited = true;
        self
    }

    /// Leaves entries in `Globals` alone, because APIs that share them disagree on metrics.
    pub(crate) fn contest(&mut self) {
        self.contested = true;
    }

    /// The same settings, with an addition that must come along.
    pub(crate) fn besides(mut self, edit: crate::edit::Edit) -> Self {
        self.besides.push(edit);
        self
    }

    /// The same settings with nothing to add to.
    pub(crate) fn fixed(mut self) -> Self {
        self.readable = false;
        self
    }

    /// Whether there is an entry for all methods.
    pub(crate) fn has_default(&self) -> bool {
        !self.defaults.is_empty()
    }
}

/// An object that is no intrinsic.
fn plain(value: &Value) -> Option<&Object> {
    value.as_object().filter(|_| !intrinsic::is_intrinsic(value))
}

/// The fields of an entry that may be there under a condition only, and the branch that they stand in: where it is taken away, so is the route, or what
/// holds for all routes holds for it too.
fn optional(value: &Value) -> Option<(&Object, Option<&'static str>)> {
    match intrinsic::branches(value) {
        Some((_, yes, no)) if intrinsic::is_no_value(no) => Some((plain(yes)?, Some("1"))),
        Some((_, yes, no)) if intrinsic::is_no_value(yes) => Some((plain(no)?, Some("2"))),
        Some(_) => None,
        None => Some((plain(value)?, None)),
    }
}

/// `/~1pets~1{id}` is `/pets/{id}`. Some write it unencoded.
fn decode(path: &str) -> String {
    let inner = path.strip_prefix('/').unwrap_or(path).replace("~1", "/").replace("~0", "~");
    if inner.starts_with('/') { inner } else { format!("/{inner}") }
}
