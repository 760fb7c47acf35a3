//! What a target's properties say: tests of them, and thresholds that follow them. A value that only CloudFormation knows makes the answer a
//! condition where it can be one (`Fn::If`, a parameter); else it is unknown. Nothing is evaluated.

use super::items::{is_partly_unknown, items};
use crate::catalogue::Test;
use crate::template::intrinsic::{self, branches, is_no_value};
use crate::template::{Object, Resource, Template, When};
use serde_json::{Value, json};

/// Where a target's properties stand.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Properties<'t> {
    /// It has none.
    #[default]
    None,
    /// They are those of a resource, with what SAM's `Globals` add.
    Of(&'t str),
    /// They are this object, a part of a resource.
    Part(&'t Object),
}

/// What a test comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It holds under a condition; [`When::Never`]: it does not.
    When(When),
    /// The property has a value that only CloudFormation knows.
    Unknown(&'static str),
}

impl<'t> Properties<'t> {
    /// The value at a path such as `ProvisionedThroughput.ReadCapacityUnits`, with `Fn::If`s on the way moved to the outside.
    pub(crate) fn get(self, template: &Template<'t>, path: &str) -> Option<Value> {
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let value = match self {
            Self::None => None,
            Self::Of(id) => template.any_resource(id).and_then(|resource| property(template, resource, first)),
            Self::Part(object) => object.get(first),
        }?;
        rest.map_or_else(|| Some(value.clone()), |rest| descend(value, rest))
    }

    /// What a test comes to for these properties.
    pub(crate) fn test(self, template: &Template<'t>, test: Test) -> Answer {
        match test {
            Test::Always => Answer::When(When::Always),
            Test::Has(path) => Answer::When(self.get(template, path).map_or(When::Never, |value| exists(&value))),
            Test::Is(path, words) => {
                self.compare(template, path, &|text| words.iter().any(|word| word.eq_ignore_ascii_case(text)), words)
            }
            Test::Starts(path, words) => {
                let starts = |text: &str| {
                    let text = text.to_ascii_lowercase();
                    words.iter().any(|word| text.starts_with(&word.to_ascii_lowercase()))
                };
                self.compare(template, path, &starts, &[])
            }
            Test::ItemWithout(path, key) => {
                let list = self.get(template, path);
                if list.as_ref().is_some_and(is_partly_unknown) {
                    return Answer::Unknown(path);
                }
                let lacks = list.iter().flat_map(items).filter(|(item, _)| item.get(key).is_none());
                Answer::When(lacks.fold(When::Never, |when, (_, one)| when.or(one)))
            }
            Test::Not(inner) => match self.test(template, *inner) {
                Answer::When(when) => Answer::When(when.negate()),
                unknown @ Answer::Unknown(_) => unknown,
            },
            Test::All(tests) => self.combine(template, tests, When::Always, When::and, &When::Never),
            Test::Any(tests) => self.combine(template, tests, When::Never, When::or, &When::Always),
        }
    }

    /// All or any of several tests; `decides` is the answer that makes the others irrelevant, known or not.
    fn combine(
        self,
        template: &Template<'t>,
        tests: &[Test],
        start: When,
        join: fn(When, When) -> When,
        decides: &When,
    ) -> Answer {
        let (mut when, mut unknown) = (start, None);
        for test in tests {
            match self.test(template, *test) {
                Answer::When(one) => when = join(when, one),
                Answer::Unknown(path) => unknown = unknown.or(Some(path)),
            }
        }
        match unknown.filter(|_| when != *decides) {
            Some(path) => Answer::Unknown(path),
            None => Answer::When(when),
        }
    }

    fn compare(
        self,
        template: &Template<'t>,
        path: &'static str,
        fits: &dyn Fn(&str) -> bool,
        words: &[&str],
    ) -> Answer {
        match self.get(template, path) {
            None => Answer::When(When::Never),
            Some(value) => fits_when(template, &value, fits, words).map_or(Answer::Unknown(path), Answer::When),
        }
    }
}

/// A property as SAM would see it; predicted resources have no `Globals`.
fn property<'t>(template: &Template<'t>, resource: &Resource<'t>, name: &str) -> Option<&'t Value> {
    template.property(resource, name)
}

/// The value below, through objects and both branches of `Fn::If`.
fn descend(value: &Value, path: &str) -> Option<Value> {
    if let Some((condition, yes, no)) = branches(value) {
        let [yes, no] = [yes, no].map(|branch| descend(branch, path));
        if yes.is_none() && no.is_none() {
            return None;
        }
        let [yes, no] = [yes, no].map(|branch| branch.unwrap_or_else(|| intrinsic::make_ref(intrinsic::NO_VALUE)));
        return Some(json!({"Fn::If": [condition, yes, no]}));
    }
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let below = value.as_object().filter(|_| !intrinsic::is_intrinsic(value))?.get(first)?;
    rest.map_or_else(|| Some(below.clone()), |rest| descend(below, rest))
}

/// When a value is more than `AWS::NoValue`.
pub(super) fn exists(value: &Value) -> When {
    match branches(value) {
        Some((condition, yes, no)) => either(condition, exists(yes), exists(no)),
        None if is_no_value(value) => When::Never,
        None => When::Always,
    }
}

fn either(condition: &str, yes: When, no: When) -> When {
    let holds = When::named(Some(condition));
    holds.clone().and(yes).or(holds.negate().and(no))
}

/// When a value passes; none: only CloudFormation knows. `words` are the only texts that pass, where they can be listed.
fn fits_when(template: &Template<'_>, value: &Value, fits: &dyn Fn(&str) -> bool, words: &[&str]) -> Option<When> {
    if let Some((condition, yes, no)) = branches(value) {
        let yes = fits_when(template, yes, fits, words)?;
        return Some(either(condition, yes, fits_when(template, no, fits, words)?));
    }
    if is_no_value(value) {
        return Some(When::Never);
    }
    let plain = match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    match plain {
        Some(text) => Some(if fits(&text) { When::Always } else { When::Never }),
        None => parameter_fits(template, intrinsic::reference(value)?, fits, words),
    }
}

/// When a parameter's value passes: CloudFormation compares it in a condition.
fn parameter_fits(template: &Template<'_>, name: &str, fits: &dyn Fn(&str) -> bool, words: &[&str]) -> Option<When> {
    let parameter = template.section("Parameters")?.get(name)?;
    // What a parameter of Systems Manager holds is known later than conditions.
    let kind = parameter.get("Type").and_then(Value::as_str).filter(|kind| *kind == "String" || *kind == "Number")?;
    let equals = |value: &str| When::Equals(name.to_owned(), value.to_owned());
    let allowed = parameter.get("AllowedValues").and_then(Value::as_array);
    let texts: Option<Vec<String>> = allowed.map(|values| {
        values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect()
    });
    match texts {
        Some(texts) if texts.iter().all(|text| fits(text)) => Some(When::Always),
        Some(texts) => {
            Some(texts.iter().filter(|text| fits(text)).fold(When::Never, |when, text| when.or(equals(text))))
        }
        None if words.is_empty() || kind == "Number" => None,
        None => Some(words.iter().fold(When::Never, |when, word| when.or(equals(word)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Scope;

    const FIFO: Test = Test::Is("FifoQueue", &["true"]);

    fn answer(properties: Value, test: Test) -> Answer {
        let fragment = json!({
            "Parameters": {
                "P": {"Type": "String"},
                "Engine": {"Type": "String", "AllowedValues": ["mysql", "postgres", "aurora-mysql"]},
                "Secret": {"Type": "AWS::SSM::Parameter::Value<String>"},
            },
            "Resources": {"R": {"Type": "AWS::SQS::Queue", "Properties": properties}},
        });
        let template = Template::read(&fragment, Scope::Template);
        Properties::Of("R").test(&template, test)
    }

    fn holds(name: &str) -> When {
        When::Holds(name.to_owned())
    }

    #[test]
    fn literals_are_compared_whatever_their_type() {
        for (value, expected) in
            [(json!(true), When::Always), (json!("True"), When::Always), (json!(false), When::Never)]
        {
            assert_eq!(answer(json!({"FifoQueue": value}), FIFO), Answer::When(expected));
        }
        assert_eq!(answer(json!({}), FIFO), Answer::When(When::Never));
    }

    #[test]
    fn an_if_makes_a_condition() {
        let value = json!({"FifoQueue": {"Fn::If": ["C", true, {"Ref": "AWS::NoValue"}]}});
        assert_eq!(answer(value.clone(), FIFO), Answer::When(holds("C")));
        assert_eq!(answer(value, Test::Not(&Test::Has("FifoQueue"))), Answer::When(holds("C").negate()));
        let nested = json!({"A": {"Fn::If": ["C", {"B": "x"}, {}]}});
        assert_eq!(answer(nested, Test::Is("A.B", &["x"])), Answer::When(holds("C")));
    }

    #[test]
    fn a_parameter_is_compared_by_cloudformation() {
        let is = |parameter: &str, value: &str| When::Equals(parameter.to_owned(), value.to_owned());
        assert_eq!(answer(json!({"FifoQueue": {"Ref": "P"}}), FIFO), Answer::When(is("P", "true")));
        let engine = json!({"Engine": {"Ref": "Engine"}});
        let mysql = Test::Starts("Engine", &["mysql", "aurora-my"]);
        let both = is("Engine", "mysql").or(is("Engine", "aurora-mysql"));
        assert_eq!(answer(engine, mysql), Answer::When(both));
    }

    #[test]
    fn what_only_cloudformation_knows_is_unknown() {
        for value in [json!({"Ref": "Secret"}), json!({"Fn::ImportValue": "x"}), json!({"Ref": "Other"})] {
            assert_eq!(answer(json!({"FifoQueue": value}), FIFO), Answer::Unknown("FifoQueue"));
        }
        let either = Test::Any(&[FIFO, Test::Has("FifoQueue")]);
        assert_eq!(answer(json!({"FifoQueue": {"Ref": "Secret"}}), either), Answer::When(When::Always));
    }
}
