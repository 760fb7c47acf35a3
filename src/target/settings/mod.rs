//! The settings of a stage per method (`MethodSettings` of REST stages, `DefaultRouteSettings` and `RouteSettings` of the others): what the author
//! switched on or limited, and the additions that switch on and limit more. Nothing the author wrote is changed.
//!
//! Whether an entry for one method inherits what it does not say from the entry for all methods is not documented, so entries repeat all they need.

mod edits;
mod read;

use crate::config::Throttle;
use crate::edit::Edit;
use crate::template::{Object, Pointer};
use serde_json::Value;

/// Whether something is switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Switch {
    /// The author switched it on.
    On,
    /// The author switched it off.
    Off,
    /// The author said nothing.
    Unset,
    /// It cannot be told, and is left alone.
    Unknown,
}

/// What should be added to a stage's settings.
#[derive(Debug, Default, Clone)]
pub(crate) struct Wanted {
    /// Detailed metrics for all methods.
    pub(crate) metrics: bool,
    /// A limit for each method that has none.
    pub(crate) throttle: Option<Throttle>,
    /// Limits of single methods.
    pub(crate) methods: Vec<MethodLimit>,
}

/// The limit of one method.
#[derive(Debug, Clone)]
pub(crate) struct MethodLimit {
    /// `GET`; empty for a WebSocket route.
    pub(crate) verb: String,
    /// `/orders/{id}`, or a route key.
    pub(crate) path: String,
    /// The limit.
    pub(crate) throttle: Throttle,
    /// The condition under which the method exists: an entry for a method that does not exist fails a deployment.
    pub(crate) condition: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A list of `{ResourcePath, HttpMethod, …}`.
    MethodSettings,
    /// The maps `DefaultRouteSettings` and `RouteSettings`.
    RouteSettings,
}

/// One entry, seen through SAM's `Globals` where there are some: the first object that has a field decides.
#[derive(Debug, Clone)]
struct Entry<'t> {
    objects: Vec<&'t Object>,
    at: Pointer,
    /// Whether it can be read. One that cannot is left alone.
    is_known: bool,
}

/// The settings of one stage.
#[derive(Debug)]
pub(crate) struct StageSettings<'t> {
    form: Form,
    /// Whether the settings can be read and added to.
    readable: bool,
    /// Whether the entry for all methods is written elsewhere (in `Globals`), for this stage too.
    inherited: bool,
    /// Entries for all methods. SAM may put two of them into one list; which one counts is not documented, so all must agree.
    defaults: Vec<Entry<'t>>,
    /// Entries of single methods, by verb and path.
    specific: Vec<((String, String), Entry<'t>)>,
    at: Pointer,
    /// What else must be added when anything is.
    besides: Vec<Edit>,
    /// Whether APIs that share entries in `Globals` disagree on metrics: then these entries are left alone.
    contested: bool,
    /// What must be added before anything else, in any case.
    first: Vec<Edit>,
}

impl Form {
    fn metrics(self) -> &'static str {
        match self {
            Self::MethodSettings => "MetricsEnabled",
            Self::RouteSettings => "DetailedMetricsEnabled",
        }
    }
}

const RATE: &str = "ThrottlingRateLimit";
const BURST: &str = "ThrottlingBurstLimit";

impl<'t> Entry<'t> {
    fn get(&self, field: &str) -> Option<&'t Value> {
        self.objects.iter().find_map(|object| object.get(field))
    }

    fn is_limited(&self) -> bool {
        !self.is_known || self.get(RATE).is_some() || self.get(BURST).is_some()
    }
}

impl StageSettings<'_> {
    /// Whether anything can be switched on here.
    pub(crate) fn is_readable(&self) -> bool {
        self.readable
    }

    /// Whether the entry for all methods is written elsewhere, for this stage too.
    pub(crate) fn is_inherited(&self) -> bool {
        self.inherited
    }

    /// Whether the author limited all methods.
    pub(crate) fn is_limited(&self) -> bool {
        self.defaults.iter().any(Entry::is_limited)
    }

    /// Whether the author limited this method.
    pub(crate) fn limits(&self, verb: &str, path: &str) -> bool {
        self.find(verb, path).is_some_and(Entry::is_limited)
    }

    /// The author's limits that are higher than these (or switched off, which is -1), each with its place.
    pub(crate) fn limits_above(&self, rate: Option<f64>, burst: Option<f64>) -> Vec<(Pointer, &'static str, f64, f64)> {
        let mut above = Vec::new();
        for entry in self.defaults.iter().chain(self.specific.iter().map(|(_, entry)| entry)) {
            for (field, most) in [(RATE, rate), (BURST, burst)] {
                let own = entry.get(field).and_then(crate::template::intrinsic::as_number);
                if let (Some(own), Some(most)) = (own, most)
                    && (own > most || own < 0.0)
                {
                    above.push((entry.at.child(field), field, own, most));
                }
            }
        }
        above
    }

    /// Whether detailed metrics are on for all methods that say nothing themselves.
    pub(crate) fn metrics(&self) -> Switch {
        if !self.readable {
            return Switch::Unknown;
        }
        let switches: Vec<Switch> = self.defaults.iter().map(|entry| self.switch(entry)).collect();
        let first_of = |switch: Switch| switches.contains(&switch).then_some(switch);
        [Switch::Off, Switch::Unknown, Switch::Unset].into_iter().find_map(first_of).unwrap_or(
            match switches.is_empty() {
                true => Switch::Unset,
                false => Switch::On,
            },
        )
    }

    /// Whether detailed metrics are on for one method.
    pub(crate) fn metrics_of(&self, verb: &str, path: &str) -> Switch {
        match self.find(verb, path).map(|entry| (self.switch(entry), self.is_contested(entry))) {
            Some((Switch::Unset, true)) => Switch::Unknown,
            Some((Switch::Unset, false)) | None => self.metrics(),
            Some((switch, _)) => switch,
        }
    }

    fn is_contested(&self, entry: &Entry<'_>) -> bool {
        self.contested && entry.at.segments().next().is_some_and(|section| section == "Globals")
    }

    fn switch(&self, entry: &Entry<'_>) -> Switch {
        match entry.get(self.form.metrics()).map(crate::template::intrinsic::as_bool) {
            _ if !entry.is_known => Switch::Unknown,
            None => Switch::Unset,
            Some(Some(true)) => Switch::On,
            Some(Some(false)) => Switch::Off,
            Some(None) => Switch::Unknown,
        }
    }

    fn find(&self, verb: &str, path: &str) -> Option<&Entry<'_>> {
        let verb = verb_in_key(verb, path);
        self.specific.iter().find(|((v, p), _)| v == verb && p == path).map(|(_, entry)| entry)
    }
}

/// The default route takes any verb, and its key names none.
fn verb_in_key<'v>(verb: &'v str, path: &str) -> &'v str {
    if path == "$default" { "" } else { verb }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit;
    use serde_json::json;

    fn wanted() -> Wanted {
        Wanted { metrics: true, throttle: Some(Throttle { rate: json!(1000), burst: json!(500) }), methods: Vec::new() }
    }

    fn rest(list: Option<Value>) -> Value {
        let mut stage = json!({});
        let at = Pointer::root().child("MethodSettings");
        let edits = StageSettings::method_settings(list.as_ref(), at).edits(&wanted());
        if let Some(list) = list {
            stage["MethodSettings"] = list;
        }
        assert_eq!(edit::apply(&mut stage, edits), []);
        let again =
            StageSettings::method_settings(stage.get("MethodSettings"), Pointer::root().child("MethodSettings"));
        assert_eq!(again.edits(&wanted()), [], "a second time nothing is added");
        stage["MethodSettings"].take()
    }

    #[test]
    fn a_stage_without_settings_gets_one_entry_for_all_methods() {
        let all = json!([{"ResourcePath": "/*", "HttpMethod": "*", "MetricsEnabled": true, "ThrottlingRateLimit": 1000, "ThrottlingBurstLimit": 500}]);
        assert_eq!(rest(None), all);
    }

    #[test]
    fn an_authors_limit_and_other_fields_stay() {
        let list = json!([{"ResourcePath": "/*", "HttpMethod": "*", "ThrottlingRateLimit": 7, "LoggingLevel": "INFO"}]);
        let out = json!([{"ResourcePath": "/*", "HttpMethod": "*", "ThrottlingRateLimit": 7, "LoggingLevel": "INFO", "MetricsEnabled": true}]);
        assert_eq!(rest(Some(list)), out);
    }

    #[test]
    fn an_entry_for_one_method_repeats_what_is_added_for_all() {
        let list = json!([{"ResourcePath": "/~1a", "HttpMethod": "GET", "CachingEnabled": true}, {"ResourcePath": "/b", "HttpMethod": "GET", "ThrottlingBurstLimit": 1}]);
        let out = rest(Some(list));
        assert_eq!(out[0]["ThrottlingRateLimit"], json!(1000));
        assert_eq!(out[0]["MetricsEnabled"], json!(true));
        assert_eq!(out[1]["ThrottlingRateLimit"], json!(null), "the author's limit is not completed");
        assert_eq!(out[2]["ResourcePath"], json!("/*"));
    }

    #[test]
    fn settings_that_cannot_be_read_are_left_alone() {
        for list in [
            json!({"Fn::If": ["C", [], []]}),
            json!([{"Fn::If": ["C", {}, {}]}]),
            json!([{"ResourcePath": {"Ref": "P"}, "HttpMethod": "*"}]),
        ] {
            let settings = StageSettings::method_settings(Some(&list), Pointer::root());
            assert_eq!((settings.metrics(), settings.edits(&wanted())), (Switch::Unknown, Vec::new()));
        }
    }

    #[test]
    fn a_limit_of_one_method_brings_the_other_settings_along() {
        let list = json!([{"ResourcePath": "/*", "HttpMethod": "*", "LoggingLevel": "INFO"}]);
        let settings = StageSettings::method_settings(Some(&list), Pointer::root().child("MethodSettings"));
        let mut wanted = wanted();
        let throttle = Throttle { rate: json!(20), burst: json!(40) };
        let limit = |path: &str, condition| MethodLimit {
            verb: "POST".into(),
            path: path.into(),
            throttle: throttle.clone(),
            condition,
        };
        wanted.methods = vec![limit("/orders/{id}", None), limit("/x", Some("C".to_owned()))];
        let mut stage = json!({"MethodSettings": list});
        edit::apply(&mut stage, settings.edits(&wanted));
        let added = json!({"ResourcePath": "/~1orders~1{id}", "HttpMethod": "POST", "LoggingLevel": "INFO", "MetricsEnabled": true, "ThrottlingRateLimit": 20, "ThrottlingBurstLimit": 40});
        assert_eq!(stage["MethodSettings"][1], added);
        assert_eq!(stage["MethodSettings"][2]["Fn::If"][0], json!("C"));
        assert_eq!(stage["MethodSettings"][2]["Fn::If"][1]["ResourcePath"], json!("/~1x"));
    }

    #[test]
    fn route_settings_of_http_apis_are_completed_in_place() {
        let stage = json!({"RouteSettings": {"GET /x": {"ThrottlingRateLimit": 1}}});
        let settings = StageSettings::route_settings(&[stage.as_object().expect("an object")], Pointer::root());
        let mut out = stage.clone();
        edit::apply(&mut out, settings.edits(&wanted()));
        assert_eq!(out["RouteSettings"]["GET /x"], json!({"ThrottlingRateLimit": 1, "DetailedMetricsEnabled": true}));
        assert_eq!(out["DefaultRouteSettings"]["ThrottlingBurstLimit"], json!(500));
    }
}
