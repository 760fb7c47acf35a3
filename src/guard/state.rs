//! Whether something is switched on, through `Fn::If` and `AWS::NoValue`.

use crate::template::intrinsic::{branches, is_intrinsic, is_no_value};
use serde_json::Value;

/// What a template says about a switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// It is on.
    On,
    /// The author switched it off.
    Off,
    /// Nobody said anything.
    Unset,
    /// It is not on under a condition; the words say which: "`C` holds".
    OffWhere(String),
    /// Only CloudFormation knows.
    Unknown,
}

/// What a value says, or what stands in it at the end of some keys. `test` reads the value itself; none: it cannot be told.
pub(super) fn state(value: Option<&Value>, keys: &[&str], test: &dyn Fn(&Value) -> Option<bool>) -> State {
    let Some(value) = value.filter(|value| !is_no_value(value)) else { return State::Unset };
    if let Some((condition, yes, no)) = branches(value) {
        let (yes, no) = (state(Some(yes), keys, test), state(Some(no), keys, test));
        return match (&yes, &no) {
            _ if yes == no => yes,
            (State::Off | State::Unset | State::OffWhere(_), _) => State::OffWhere(format!("`{condition}` holds")),
            (_, State::Off | State::Unset | State::OffWhere(_)) => {
                State::OffWhere(format!("`{condition}` does not hold"))
            }
            _ => State::Unknown,
        };
    }
    match keys.split_first() {
        None => match test(value) {
            Some(true) => State::On,
            Some(false) => State::Off,
            None => State::Unknown,
        },
        Some((key, rest)) => match value.as_object() {
            Some(object) if !is_intrinsic(value) => state(object.get(*key), rest, test),
            _ => State::Unknown,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::intrinsic::as_bool;
    use serde_json::json;

    #[test]
    fn both_branches_of_an_if_count() {
        let read = |value: Value| state(Some(&value), &["Enabled"], &as_bool);
        let of = |yes: Value, no: Value| read(json!({"Fn::If": ["C", {"Enabled": yes}, no]}));
        let nothing = json!({"Ref": "AWS::NoValue"});
        assert_eq!(of(json!("true"), json!({"Enabled": true})), State::On);
        assert_eq!(of(json!(true), nothing.clone()), State::OffWhere("`C` does not hold".to_owned()));
        assert_eq!(of(json!(false), json!({"Enabled": {"Ref": "P"}})), State::OffWhere("`C` holds".to_owned()));
        assert_eq!(of(json!({"Ref": "P"}), json!({"Enabled": true})), State::Unknown);
        assert_eq!((read(nothing), read(json!({"Ref": "P"}))), (State::Unset, State::Unknown));
    }
}
