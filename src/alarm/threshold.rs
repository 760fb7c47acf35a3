//! The threshold of one alarm: a number, an intrinsic, or a share of a property as CloudFormation would read it.

use crate::catalogue::{AlarmSpec, Share, Threshold, Unit};
use crate::config::alarm_settings::Follows;
use crate::template::intrinsic::{self, as_number, branches};
use crate::template::text::{Text, thousands};
use serde_json::{Value, json};

/// What the threshold of an alarm came to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Limit {
    /// A number in the row's unit.
    Number(f64),
    /// An intrinsic that CloudFormation resolves to a number in the row's unit.
    Intrinsic(Value),
    /// A share of an intrinsic number: the metric is divided by it, since CloudFormation cannot multiply.
    Part(Share, Text),
}

/// A limit, and whether a property could not be read and its default was taken.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Derived {
    pub(crate) limit: Limit,
    pub(crate) is_fallback: bool,
}

/// The threshold that was set, or the row's; `property` gives the value at a path. None: there is no number for this resource.
pub(crate) fn limit(
    row: &AlarmSpec,
    set: Option<&Value>,
    property: impl FnOnce(&str) -> Option<Value>,
) -> Option<Derived> {
    let certain = |limit| Some(Derived { limit, is_fallback: false });
    if let Some(value) = set {
        return certain(as_number(value).map_or_else(|| Limit::Intrinsic(value.clone()), Limit::Number));
    }
    match &row.threshold {
        Threshold::Number(number) => certain(Limit::Number(*number)),
        Threshold::Share(share) => share_of(share, property(&share.property)),
        Threshold::Yours => None,
    }
}

fn share_of(share: &Share, property: Option<Value>) -> Option<Derived> {
    let limit = |number: f64| Limit::Number(number * share.scale * f64::from(share.percent) / 100.0);
    let absent = || share.absent.map(|number| Derived { limit: limit(number), is_fallback: false });
    let Some(value) = property.filter(|value| !intrinsic::is_no_value(value)) else {
        return absent();
    };
    if let Some(number) = as_number(&value).filter(|number| *number > 0.0) {
        return Some(Derived { limit: limit(number), is_fallback: false });
    }
    let value = with_default(&value, share.absent)?;
    match Text::read(&value).filter(|_| intrinsic::function(&value).is_some()) {
        Some(text) => Some(Derived { limit: Limit::Part(share.clone(), text), is_fallback: false }),
        None => absent().map(|derived| Derived { is_fallback: true, ..derived }),
    }
}

/// `AWS::NoValue` is the service's default; none: it has none.
fn with_default(value: &Value, absent: Option<f64>) -> Option<Value> {
    if intrinsic::is_no_value(value) {
        return absent.map(|absent| json!(absent.to_string()));
    }
    match branches(value) {
        Some((condition, yes, no)) => {
            Some(json!({"Fn::If": [condition, with_default(yes, absent)?, with_default(no, absent)?]}))
        }
        // Text, because the branches end up inside an expression.
        None => Some(as_number(value).map_or_else(|| value.clone(), |number| json!(number.to_string()))),
    }
}

impl Limit {
    /// What it came to, for comparing it with a policy's.
    pub(super) fn follows(&self) -> Follows {
        match self {
            Self::Number(number) => Follows::Number(*number),
            Self::Intrinsic(_) | Self::Part(..) => Follows::Intrinsic,
        }
    }

    /// The value of the alarm's `Threshold`.
    pub(crate) fn to_value(&self) -> Value {
        match self {
            Self::Number(number) => number_value(*number),
            Self::Intrinsic(value) => value.clone(),
            Self::Part(share, _) => Value::from(share.percent),
        }
    }

    /// The threshold as a person writes it.
    pub(crate) fn text(&self, unit: Unit) -> Text {
        match self {
            Self::Number(number) => Text::literal(amount(*number, unit)),
            Self::Intrinsic(value) => {
                let mut text = Text::read(value).unwrap_or_else(|| Text::literal("the threshold"));
                text.push_literal(unit.suffix());
                text
            }
            Self::Part(share, value) => {
                let mut text = Text::literal(format!("{} % of ", share.percent));
                let is_in_seconds = unit == Unit::Milliseconds && share.scale == 1000.0;
                if !is_in_seconds && share.scale != 1.0 {
                    text.push_literal(&format!("{} ", share.property));
                }
                text.push(value);
                text.push_literal(match (is_in_seconds, share.scale == 1.0) {
                    (true, _) => " s",
                    (false, true) => unit.suffix(),
                    (false, false) => "",
                });
                text
            }
        }
    }
}

/// `2,500 ms`, `10 GiB`.
fn amount(number: f64, unit: Unit) -> String {
    const SIZES: [(f64, &str); 3] = [(1_073_741_824.0, "GiB"), (1_048_576.0, "MiB"), (1024.0, "KiB")];
    let size = SIZES.iter().find(|(size, _)| unit == Unit::Bytes && number >= *size);
    match size {
        Some((size, name)) => format!("{} {name}", thousands(&((number / size * 10.0).round() / 10.0).to_string())),
        None => format!("{}{}", thousands(&number.to_string()), unit.suffix()),
    }
}

/// A whole number without a fraction, as templates have it.
fn number_value(number: f64) -> Value {
    #[allow(clippy::cast_possible_truncation, reason = "a whole number below 2^53 by the condition")]
    if number.fract() == 0.0 && number.abs() < 9e15 { json!(number as i64) } else { json!(number) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(row: &str, value: Option<Value>) -> Option<Derived> {
        limit(crate::catalogue::alarm(row).expect("the row"), None, |_| value)
    }

    fn derived(limit: Limit, is_fallback: bool) -> Option<Derived> {
        Some(Derived { limit, is_fallback })
    }

    fn timeout(value: Value) -> Option<Derived> {
        let Threshold::Share(share) = &crate::catalogue::alarm("Function.Duration").expect("the row").threshold else {
            panic!("a share")
        };
        derived(Limit::Part(share.clone(), Text::read(&value).expect("a text")), false)
    }

    #[test]
    fn ninety_percent_of_a_timeout_is_in_milliseconds() {
        assert_eq!(of("Function.Duration", Some(json!(30))), derived(Limit::Number(27_000.0), false));
        assert_eq!(of("Function.Duration", Some(json!("30"))), derived(Limit::Number(27_000.0), false));
        assert_eq!(of("Function.Duration", None), derived(Limit::Number(2_700.0), false));
    }

    #[test]
    fn an_intrinsic_timeout_is_left_to_cloudformation() {
        assert_eq!(of("Function.Duration", Some(json!({"Ref": "T"}))), timeout(json!({"Ref": "T"})));
        let either = json!({"Fn::If": ["C", 30, {"Ref": "AWS::NoValue"}]});
        assert_eq!(of("Function.Duration", Some(either)), timeout(json!({"Fn::If": ["C", "30", "3"]})));
    }

    #[test]
    fn a_timeout_that_is_nonsense_falls_back_to_the_default() {
        for value in [json!(["x"]), json!("NaN"), json!(-1)] {
            assert_eq!(of("Function.Duration", Some(value)), derived(Limit::Number(2_700.0), true));
        }
    }

    #[test]
    fn bytes_are_written_in_the_largest_unit_that_fits() {
        assert_eq!(amount(10_737_418_240.0, Unit::Bytes), "10 GiB");
        assert_eq!(amount(2500.0, Unit::Milliseconds), "2,500 ms");
    }
}
