//! The numbers that a property can come to: both branches of an `Fn::If`, the default where it is absent, the default of a parameter.

use crate::target::leaves;
use crate::template::intrinsic::{as_number, branches, is_no_value, reference};
use crate::template::{Resource, Template, When};
use serde_json::Value;

/// A number that a property can come to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Possible {
    /// The number.
    pub(super) number: f64,
    /// When it is that.
    pub(super) when: When,
    /// Whether the template says so. Else it is a parameter's default, which the deployment may change.
    pub(super) is_sure: bool,
}

impl Possible {
    /// `" (when Prod)"`, or nothing where it always holds.
    pub(super) fn under(&self) -> String {
        under(&self.when)
    }
}

/// `" (when Prod)"`, or nothing for what always holds.
pub(super) fn under(when: &When) -> String {
    if *when == When::Always { String::new() } else { format!(" (when {when})") }
}

/// What a property of a resource can come to, with SAM's `Globals`, while the resource exists.
pub(super) fn possible<'t>(
    template: &Template<'t>,
    resource: &Resource<'t>,
    name: &str,
    default: f64,
) -> Vec<Possible> {
    let mut all = read(template, template.property(resource, name), default);
    all.retain(|one| one.when.clone().and(resource.when()) != When::Never);
    all
}

/// What a value can come to. What only CloudFormation knows is left out, so nothing at all means: unknown.
fn read(template: &Template<'_>, value: Option<&Value>, default: f64) -> Vec<Possible> {
    let absent = |when| Possible { number: default, when, is_sure: true };
    let Some(value) = value else { return vec![absent(When::Always)] };
    if let Some((condition, yes, no)) = branches(value) {
        let holds = When::named(Some(condition));
        let below = |branch, when: When| {
            let found = read(template, Some(branch), default).into_iter();
            found.map(move |one| Possible { when: one.when.and(when.clone()), ..one })
        };
        return below(yes, holds.clone()).chain(below(no, holds.negate())).collect();
    }
    if is_no_value(value) {
        return vec![absent(When::Always)];
    }
    if let Some(number) = as_number(value) {
        return vec![Possible { number, when: When::Always, is_sure: true }];
    }
    let parameter = reference(value).and_then(|name| template.section("Parameters")?.get(name)?.get("Default"));
    let number = parameter.and_then(as_number);
    number.map(|number| Possible { number, when: When::Always, is_sure: false }).into_iter().collect()
}

/// The worst of several: what is sure before what is not, then the largest number.
pub(super) fn worst(all: Vec<Possible>) -> Option<Possible> {
    all.into_iter()
        .filter(|one| one.when != When::Never)
        .max_by(|a, b| a.is_sure.cmp(&b.is_sure).then(a.number.total_cmp(&b.number)))
}

/// When a resource exists without a property.
pub(super) fn lacks<'t>(template: &Template<'t>, resource: &Resource<'t>, name: &str) -> When {
    let when = absent(template.property(resource, name));
    if when.clone().and(resource.when()) == When::Never { When::Never } else { when }
}

/// When a value is absent: always, never, or in one branch of an `Fn::If`.
pub(super) fn absent(value: Option<&Value>) -> When {
    let present = value.map(leaves).unwrap_or_default();
    present.into_iter().fold(When::Never, |all, (_, when)| all.or(when)).negate()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Scope;
    use serde_json::json;

    #[test]
    fn every_branch_counts_and_a_parameter_has_its_default() {
        let fragment = json!({"Parameters": {"P": {"Type": "Number", "Default": "60"}, "Q": {"Type": "Number"}}});
        let template = Template::read(&fragment, Scope::Template);
        let numbers = |value: Value| {
            let found = read(&template, Some(&value), 3.0);
            found.into_iter().map(|one| (one.number, one.when.to_string(), one.is_sure)).collect::<Vec<_>>()
        };
        assert_eq!(numbers(json!("30")), [(30.0, "always".to_owned(), true)]);
        assert_eq!(numbers(json!({"Ref": "P"})), [(60.0, "always".to_owned(), false)]);
        assert_eq!(numbers(json!({"Ref": "Q"})), []);
        let either = json!({"Fn::If": ["C", 30, {"Ref": "AWS::NoValue"}]});
        assert_eq!(numbers(either.clone()), [(30.0, "C".to_owned(), true), (3.0, "not C".to_owned(), true)]);
        assert_eq!(absent(Some(&either)).to_string(), "not C");
        assert_eq!((absent(None), absent(Some(&json!(1)))), (When::Always, When::Never));
    }
}
