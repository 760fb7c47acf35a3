//! Reads one configuration value after the other, and collects every mistake with its place, what was found and what is allowed.

use super::layer::{Layer, Origin, Sourced};
use crate::catalogue::Rows;
use crate::finding::{Finding, WRONG_CONFIGURATION, WRONG_POLICY};
use crate::template::{Pointer, intrinsic};
use serde_json::Value;

/// Below this similarity a key is no misspelling of another.
const ALIKE: f64 = 0.75;

/// A longer list of what is allowed is not shown beside a suggestion.
const LONG_LIST: usize = 40;

/// The reader of one layer.
#[derive(Debug)]
pub(crate) struct Reader {
    layer: Layer,
    /// The rows that can be configured.
    rows: Rows,
    /// Every mistake so far.
    pub(crate) mistakes: Vec<Finding>,
}

impl Reader {
    /// For values of a layer.
    pub(crate) fn new(layer: Layer) -> Self {
        Self { layer, rows: Rows::default(), mistakes: Vec::new() }
    }

    /// The same, where an organisation has rows of its own.
    pub(crate) fn knowing(self, rows: Rows) -> Self {
        Self { rows, ..self }
    }

    /// The rows that can be configured.
    pub(crate) fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Whose values are read.
    pub(crate) fn layer(&self) -> Layer {
        self.layer
    }

    /// Reads something as another layer's.
    pub(crate) fn within<T>(&mut self, layer: Layer, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.layer, layer);
        let result = read(self);
        self.layer = outer;
        result
    }

    /// Notes a mistake.
    pub(crate) fn mistake(&mut self, at: &Pointer, what: String, help: String) {
        let code = if self.layer.is_policy() { &WRONG_POLICY } else { &WRONG_CONFIGURATION };
        self.mistakes.push(Origin { layer: self.layer, at: at.clone() }.finding(code, what, help));
    }

    /// A value together with where it stands.
    pub(crate) fn sourced<T>(&self, value: T, at: &Pointer) -> Sourced<T> {
        Sourced { value, from: Origin { layer: self.layer, at: at.clone() } }
    }

    /// Calls `take` with each member of an object whose key is allowed, and names those that are not.
    pub(crate) fn each<'v, 'k>(
        &mut self,
        value: &'v Value,
        at: &Pointer,
        allowed: &[&'k str],
        mut take: impl FnMut(&mut Self, &'k str, &'v Value, &Pointer),
    ) {
        let Some(object) = value.as_object().filter(|_| intrinsic::function(value).is_none()) else {
            self.wrong(at, value, &format!("an object with {}", list(allowed)));
            return;
        };
        for (key, member) in object {
            let here = at.child(key);
            match allowed.iter().find(|allowed| *allowed == key) {
                Some(key) => take(self, key, member, &here),
                None => self.unknown_key(&here, key, allowed),
            }
        }
    }

    fn unknown_key(&mut self, at: &Pointer, key: &str, allowed: &[&str]) {
        let help = match nearest(key, allowed) {
            // Nobody reads a hundred names to find the one that is given already.
            Some(near) if allowed.len() > LONG_LIST => format!("did you mean `{near}`?"),
            Some(near) => format!("did you mean `{near}`? Allowed here: {}", list(allowed)),
            None => format!("allowed here: {}", list(allowed)),
        };
        self.mistake(at, format!("`{key}` is not a setting of Toprail here"), help);
    }

    /// Notes a value of the wrong kind.
    pub(crate) fn wrong(&mut self, at: &Pointer, value: &Value, expected: &str) {
        self.mistake(at, format!("{} is not allowed here", shown(value)), format!("write {expected}"));
    }

    /// `true`, `false`, or their text.
    pub(crate) fn boolean(&mut self, value: &Value, at: &Pointer) -> Option<Sourced<bool>> {
        let Some(flag) = intrinsic::as_bool(value) else {
            self.wrong(at, value, "true or false");
            return None;
        };
        Some(self.sourced(flag, at))
    }

    /// One of a closed set of words.
    pub(crate) fn word<T: Copy>(
        &mut self,
        value: &Value,
        at: &Pointer,
        words: &[(&'static str, T)],
    ) -> Option<Sourced<T>> {
        let names: Vec<_> = words.iter().map(|(name, _)| *name).collect();
        if let Some((_, meaning)) = words.iter().find(|(name, _)| value.as_str() == Some(name)) {
            return Some(self.sourced(*meaning, at));
        }
        match value.as_str().and_then(|text| nearest(text, &names)) {
            Some(near) => self.wrong(at, value, &format!("{} (did you mean `{near}`?)", list(&names))),
            None => self.wrong(at, value, &format!("one of {}", list(&names))),
        }
        None
    }

    /// A whole number within bounds.
    pub(crate) fn whole(
        &mut self,
        value: &Value,
        at: &Pointer,
        bounds: std::ops::RangeInclusive<u32>,
    ) -> Option<Sourced<u32>> {
        let number = intrinsic::as_number(value)
            .filter(|number| number.fract() == 0.0 && *number >= 0.0 && *number <= f64::from(u32::MAX));
        // In range by the filter above, so the cast is exact.
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number within u32 by the filter"
        )]
        match number.map(|number| number as u32).filter(|number| bounds.contains(number)) {
            Some(number) => Some(self.sourced(number, at)),
            None => {
                self.wrong(at, value, &format!("a whole number from {} to {}", bounds.start(), bounds.end()));
                None
            }
        }
    }

    /// A number of at least zero, or an intrinsic that CloudFormation resolves to one.
    pub(crate) fn amount(&mut self, value: &Value, at: &Pointer) -> Option<Sourced<Value>> {
        let is_number = intrinsic::as_number(value).is_some_and(|number| number >= 0.0);
        if is_number || (intrinsic::function(value).is_some() && !intrinsic::is_no_value(value)) {
            return Some(self.sourced(value.clone(), at));
        }
        self.wrong(at, value, "a number of at least 0, or an intrinsic such as !Ref or !FindInMap");
        None
    }

    /// A short text, or a reference to a parameter.
    pub(crate) fn name(&mut self, value: &Value, at: &Pointer) -> Option<Sourced<Value>> {
        let is_text = value.as_str().is_some_and(|text| !text.trim().is_empty() && text.chars().count() <= 128);
        if is_text || intrinsic::reference(value).is_some_and(|name| !name.starts_with("AWS::")) {
            return Some(self.sourced(value.clone(), at));
        }
        self.wrong(at, value, "a text of 1 to 128 characters, or a !Ref to a parameter");
        None
    }

    /// Texts: one, or a list of at least one.
    pub(crate) fn texts(&mut self, value: &Value, at: &Pointer) -> Vec<Sourced<String>> {
        let Some(items) = value.as_array() else {
            return self.text(value, at, 256).into_iter().collect();
        };
        if items.is_empty() {
            self.wrong(at, value, "a text, or a list of at least one");
        }
        items.iter().enumerate().filter_map(|(index, item)| self.text(item, &at.child(index), 256)).collect()
    }

    /// Text with at most `longest` characters.
    pub(crate) fn text(&mut self, value: &Value, at: &Pointer, longest: usize) -> Option<Sourced<String>> {
        match value.as_str().filter(|text| !text.trim().is_empty() && text.chars().count() <= longest) {
            Some(text) => Some(self.sourced(text.to_owned(), at)),
            None => {
                self.wrong(at, value, &format!("a text of 1 to {longest} characters"));
                None
            }
        }
    }
}

/// The known word that a misspelt one is nearest to.
pub(crate) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let likeness = |known: &str| strsim::jaro_winkler(&word.to_lowercase(), &known.to_lowercase());
    known
        .iter()
        .copied()
        .map(|known| (likeness(known), known))
        .filter(|(score, _)| *score >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|best| best.1)
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// A value as a message may show it: configuration only, short.
fn shown(value: &Value) -> String {
    match value {
        Value::Object(_) => "an object".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::String(text) if text.is_empty() => "an empty text".to_owned(),
        Value::String(text) => format!("`{}`", text.chars().take(40).collect::<String>()),
        Value::Null => "nothing (null)".to_owned(),
        Value::Bool(_) | Value::Number(_) => format!("`{value}`"),
    }
}
