//! The additions that switch on and limit more.

use super::{BURST, Entry, Form, MethodLimit, RATE, StageSettings, Switch, Wanted, verb_in_key};
use crate::config::Throttle;
use crate::edit::Edit;
use crate::template::Object;
use serde_json::{Value, json};

/// The fields of an entry that another entry has to repeat.
const FIELDS: &[&str] = &[
    "CacheDataEncrypted",
    "CacheTtlInSeconds",
    "CachingEnabled",
    "DataTraceEnabled",
    "DetailedMetricsEnabled",
    "LoggingLevel",
    "MetricsEnabled",
    RATE,
    BURST,
];

impl StageSettings<'_> {
    /// What has to be added so that the stage is as wanted.
    pub(crate) fn edits(&self, wanted: &Wanted) -> Vec<Edit> {
        if !self.readable {
            return Vec::new();
        }
        let added = self.added_for_all(wanted);
        let mut edits = self.first.clone();
        if !self.inherited {
            self.add_default(&added, &mut edits);
        }
        for (_, entry) in &self.specific {
            edits.extend(self.repeat(entry, wanted, &added));
        }
        for limit in &wanted.methods {
            self.limit_method(limit, wanted, &added, &mut edits);
        }
        if !edits.is_empty() {
            edits.extend(self.besides.iter().cloned());
        }
        edits
    }

    /// The fields that the entries for all methods lack, or one of them does.
    fn added_for_all(&self, wanted: &Wanted) -> Object {
        let mut added = Object::new();
        let has_metrics = |entry: &Entry<'_>| entry.get(self.form.metrics()).is_some();
        if wanted.metrics && (self.defaults.is_empty() || !self.defaults.iter().all(has_metrics)) {
            added.insert(self.form.metrics().to_owned(), json!(true));
        }
        if let Some(throttle) = wanted.throttle.as_ref().filter(|_| !self.is_limited()) {
            added.extend(fields_of(throttle));
        }
        added
    }

    fn add_default(&self, added: &Object, edits: &mut Vec<Edit>) {
        if added.is_empty() {
            return;
        }
        for entry in &self.defaults {
            let lacking = added.iter().filter(|(field, _)| entry.get(field).is_none());
            edits.extend(inserts(entry, &lacking.map(|(field, value)| (field.clone(), value.clone())).collect()));
        }
        match self.form {
            _ if !self.defaults.is_empty() => {}
            Form::RouteSettings => {
                let value = Value::Object(added.clone());
                edits.push(Edit::Insert { at: self.at.child("DefaultRouteSettings"), value });
            }
            Form::MethodSettings => {
                let mut all = Object::new();
                all.extend([("ResourcePath".to_owned(), json!("/*")), ("HttpMethod".to_owned(), json!("*"))]);
                all.extend(added.clone());
                edits.push(Edit::Append { at: self.at.clone(), value: Value::Object(all) });
            }
        }
    }

    /// An entry for one method gets what was added for all, and the metrics that the author switched on for all.
    fn repeat(&self, entry: &Entry<'_>, wanted: &Wanted, added: &Object) -> Vec<Edit> {
        if !entry.is_known {
            return Vec::new();
        }
        let mut repeated = added.clone();
        if wanted.metrics && self.metrics() == Switch::On {
            repeated.insert(self.form.metrics().to_owned(), json!(true));
        }
        if self.is_contested(entry) {
            repeated.shift_remove(self.form.metrics());
        }
        repeated.retain(|field, _| {
            entry.get(field).is_none() && !(entry.is_limited() && (field == RATE || field == BURST))
        });
        inserts(entry, &repeated)
    }

    fn limit_method(&self, limit: &MethodLimit, wanted: &Wanted, added: &Object, edits: &mut Vec<Edit>) {
        let MethodLimit { verb, path, throttle, condition } = limit;
        if let Some(entry) = self.find(verb, path) {
            if !entry.is_limited() {
                edits.retain(|edit| *edit.at() != entry.at.child(RATE) && *edit.at() != entry.at.child(BURST));
                edits.extend(inserts(entry, &fields_of(throttle)));
            }
            return;
        }
        let mut fields = self.key(verb, path);
        for field in FIELDS {
            if let Some(value) = self.defaults.iter().find_map(|entry| entry.get(field)) {
                fields.insert((*field).to_owned(), value.clone());
            }
        }
        fields.extend(added.clone());
        if wanted.metrics && self.metrics() != Switch::Off {
            fields.insert(self.form.metrics().to_owned(), json!(true));
        }
        fields.extend(fields_of(throttle));
        let value = match condition {
            Some(condition) => json!({"Fn::If": [condition, fields, {"Ref": "AWS::NoValue"}]}),
            None => Value::Object(fields),
        };
        edits.push(match self.form {
            Form::MethodSettings => Edit::Append { at: self.at.clone(), value },
            Form::RouteSettings => {
                let verb = verb_in_key(verb, path);
                let key = if verb.is_empty() { path.clone() } else { format!("{verb} {path}") };
                Edit::Insert { at: self.at.child("RouteSettings").child(&key), value }
            }
        });
    }

    /// The fields that name a method: `/orders/{id}` is written `/~1orders~1{id}` in `MethodSettings`.
    fn key(&self, verb: &str, path: &str) -> Object {
        match self.form {
            Form::RouteSettings => Object::new(),
            Form::MethodSettings => {
                let encoded = if path == "/" {
                    "/".to_owned()
                } else {
                    format!("/{}", path.replace('~', "~0").replace('/', "~1"))
                };
                Object::from_iter([
                    ("ResourcePath".to_owned(), Value::from(encoded)),
                    ("HttpMethod".to_owned(), Value::from(verb)),
                ])
            }
        }
    }
}

fn fields_of(throttle: &Throttle) -> Object {
    Object::from_iter([(RATE.to_owned(), throttle.rate.clone()), (BURST.to_owned(), throttle.burst.clone())])
}

fn inserts(entry: &Entry<'_>, fields: &Object) -> Vec<Edit> {
    fields.iter().map(|(field, value)| Edit::Insert { at: entry.at.child(field), value: value.clone() }).collect()
}
