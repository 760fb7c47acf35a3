//! The threshold of one alarm: a number, an intrinsic, or a share of a property as CloudFormation would read it.

use crate::catalogue::{AlarmSpec, Threshold, Unit};
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
    /// So many percent of an intrinsic number of seconds: the metric is divided by it, since CloudFormation cannot multiply.
    PercentOf(u32, Text),
}

/// The threshold that was set, or the row's. The flag says that a property could not be read and its default was taken.
pub(crate) fn limit(row: &AlarmSpec, set: Option<&Value>, property: Option<&Value>) -> (Limit, bool) {
    if let Some(value) = set {
        return (as_number(value).map_or_else(|| Limit::Intrinsic(value.clone()), Limit::Number), false);
    }
    match row.threshold {
        Threshold::Number(number) => (Limit::Number(number), false),
        Threshold::PercentOfSeconds { percent, absent, .. } => share(percent, absent, property),
    }
}

/// Percent of a number of seconds, in ms.
fn share(percent: u32, absent: u32, property: Option<&Value>) -> (Limit, bool) {
    let in_ms = |seconds: f64| Limit::Number(seconds * 10.0 * f64::from(percent));
    let value = property.map_or_else(|| json!(absent), |value| with_default(value, absent));
    if let Some(seconds) = as_number(&value).filter(|seconds| *seconds > 0.0) {
        return (in_ms(seconds), false);
    }
    match Text::read(&value).filter(|_| intrinsic::function(&value).is_some()) {
        Some(text) => (Limit::PercentOf(percent, text), false),
        None => (in_ms(f64::from(absent)), true),
    }
}

/// `AWS::NoValue` is the service's default.
fn with_default(value: &Value, absent: u32) -> Value {
    if intrinsic::is_no_value(value) {
        return json!(absent.to_string());
    }
    match branches(value) {
        Some((condition, yes, no)) => {
            json!({"Fn::If": [condition, with_default(yes, absent), with_default(no, absent)]})
        }
        // Text, because the branches end up inside an expression.
        None => as_number(value).map_or_else(|| value.clone(), |number| json!(number.to_string())),
    }
}

impl Limit {
    /// The number, where it is one.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Intrinsic(_) | Self::PercentOf(..) => None,
        }
    }

    /// The value of the alarm's `Threshold`.
    pub(crate) fn to_value(&self) -> Value {
        match self {
            Self::Number(number) => number_value(*number),
            Self::Intrinsic(value) => value.clone(),
            Self::PercentOf(percent, _) => json!(percent),
        }
    }

    /// The threshold as a person writes it.
    pub(crate) fn text(&self, unit: Unit) -> Text {
        match self {
            Self::Number(number) => Text::literal(format!("{}{}", thousands(&number.to_string()), unit.suffix())),
            Self::Intrinsic(value) => {
                let mut text = Text::read(value).unwrap_or_else(|| Text::literal("the threshold"));
                text.push_literal(unit.suffix());
                text
            }
            Self::PercentOf(percent, seconds) => {
                let mut text = Text::literal(format!("{percent} % of "));
                text.push(seconds);
                text.push_literal(" s");
                text
            }
        }
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

    fn duration(timeout: Option<Value>) -> (Limit, bool) {
        limit(crate::catalogue::alarm("Function.Duration").expect("the row"), None, timeout.as_ref())
    }

    #[test]
    fn ninety_percent_of_a_timeout_is_in_milliseconds() {
        assert_eq!(duration(Some(json!(30))), (Limit::Number(27_000.0), false));
        assert_eq!(duration(Some(json!("30"))), (Limit::Number(27_000.0), false));
        assert_eq!(duration(None), (Limit::Number(2_700.0), false));
    }

    #[test]
    fn an_intrinsic_timeout_is_left_to_cloudformation() {
        let text = Text::read(&json!({"Ref": "T"})).expect("a text");
        assert_eq!(duration(Some(json!({"Ref": "T"}))), (Limit::PercentOf(90, text), false));
        let (limit, fallback) = duration(Some(json!({"Fn::If": ["C", 30, {"Ref": "AWS::NoValue"}]})));
        let either = Text::read(&json!({"Fn::If": ["C", "30", "3"]})).expect("a text");
        assert_eq!((limit, fallback), (Limit::PercentOf(90, either), false));
    }

    #[test]
    fn a_timeout_that_is_nonsense_falls_back_to_the_default() {
        assert_eq!(duration(Some(json!(["x"]))), (Limit::Number(2_700.0), true));
        assert_eq!(duration(Some(json!("NaN"))), (Limit::Number(2_700.0), true));
    }
}
