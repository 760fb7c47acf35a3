//! The entries of a list in a template, through `Fn::If` around the list and around single entries.

use crate::template::When;
use crate::template::intrinsic::{branches, is_intrinsic, is_no_value};
use serde_json::Value;

/// The entries that are written out, each with when it is one.
pub(super) fn items(list: &Value) -> Vec<(&Value, When)> {
    entries(list).into_iter().filter(|(entry, _)| !is_intrinsic(entry)).collect()
}

/// The same, with entries that are a `Ref` or another intrinsic.
pub(crate) fn entries(list: &Value) -> Vec<(&Value, When)> {
    match list.as_array() {
        Some(list) => list.iter().flat_map(leaves).collect(),
        None => leaves(list)
            .into_iter()
            .filter(|(inner, _)| inner.is_array())
            .flat_map(|(inner, when)| {
                entries(inner).into_iter().map(move |(entry, own)| (entry, own.and(when.clone())))
            })
            .collect(),
    }
}

/// Whether a list has entries that only CloudFormation knows.
pub(super) fn is_partly_unknown(list: &Value) -> bool {
    let unknown = |value: &Value| leaves(value).iter().any(|(leaf, _)| is_intrinsic(leaf));
    match list.as_array() {
        Some(entries) => entries.iter().any(unknown),
        None => leaves(list).iter().any(|(leaf, _)| !leaf.is_array() || is_partly_unknown(leaf)),
    }
}

/// The values that an `Fn::If` can give, without `AWS::NoValue`.
pub(crate) fn leaves(value: &Value) -> Vec<(&Value, When)> {
    match branches(value) {
        Some((condition, yes, no)) => {
            let holds = When::named(Some(condition));
            let under = |branch, when: When| {
                leaves(branch).into_iter().map(move |(leaf, inner): (_, When)| (leaf, inner.and(when.clone())))
            };
            under(yes, holds.clone()).chain(under(no, holds.negate())).collect()
        }
        None if is_no_value(value) => Vec::new(),
        None => vec![(value, When::Always)],
    }
}

/// The values at a key of several values, each with when it is one; `of` tells the entries of a list, or the branches of an `Fn::If`.
pub(super) fn below<'v>(
    parents: &[(&'v Value, When)],
    key: &str,
    of: fn(&'v Value) -> Vec<(&'v Value, When)>,
) -> Vec<(&'v Value, When)> {
    let inner = |(parent, when): &(&'v Value, When)| {
        let found = parent.get(key).map(of).unwrap_or_default();
        let when = when.clone();
        found.into_iter().map(move |(value, own)| (value, own.and(when.clone())))
    };
    parents.iter().flat_map(inner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn entries_are_found_behind_conditions() {
        let holds = When::Holds("C".to_owned());
        let no_value = json!({"Ref": "AWS::NoValue"});
        let around_one = json!([{"IndexName": "a"}, {"Fn::If": ["C", {"IndexName": "b"}, no_value]}]);
        let found: Vec<_> =
            items(&around_one).into_iter().map(|(item, when)| (item["IndexName"].clone(), when)).collect();
        assert_eq!(found, [(json!("a"), When::Always), (json!("b"), holds.clone())]);
        let around_all = json!({"Fn::If": ["C", ["a"], no_value]});
        assert_eq!(items(&around_all), [(&json!("a"), holds)]);
        assert!(!is_partly_unknown(&around_all) && !is_partly_unknown(&around_one));
    }

    #[test]
    fn values_below_are_found_with_all_conditions_on_the_way() {
        let holds = |name: &str| When::Holds(name.to_owned());
        let tree = json!({"Fn::If": ["A", {"L": [{"Fn::If": ["B", {"x": 1}, {"x": 2}]}, 3, "x"]}, {"Ref": "P"}]});
        let found = below(&below(&leaves(&tree), "L", items), "x", leaves);
        let expected = [(json!(1), holds("A").and(holds("B"))), (json!(2), holds("A").and(holds("B").negate()))];
        assert_eq!(found.into_iter().map(|(value, when)| (value.clone(), when)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_list_that_only_cloudformation_knows_has_no_entries() {
        for list in [json!({"Ref": "P"}), json!([{"Fn::Transform": {"Name": "X"}}]), json!("a")] {
            assert_eq!(items(&list).len(), 0, "{list}");
            assert!(is_partly_unknown(&list), "{list}");
        }
    }
}
