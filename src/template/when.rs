//! When something exists: a small algebra over the template's conditions, and the conditions that must be added to say it.
//! It never looks inside a condition: two names are two unknowns.

use super::intrinsic::single;
use crate::identity;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// CloudFormation takes two to ten conditions in one `Fn::And` or `Fn::Or`.
const MOST_OPERANDS: usize = 10;

/// The condition under which a thing exists, in a normal form: equal meanings that arise here compare equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// It always exists.
    Always,
    /// It can never exist.
    Never,
    /// A condition of the template holds.
    Holds(String),
    /// A parameter or pseudo parameter has a value.
    Equals(String, String),
    /// A condition does not hold.
    Not(Box<Self>),
    /// All hold.
    All(BTreeSet<Self>),
    /// At least one holds.
    Any(BTreeSet<Self>),
}

impl When {
    /// A named condition; none means always.
    pub(crate) fn named(name: Option<&str>) -> Self {
        name.map_or(Self::Always, |name| Self::Holds(name.to_owned()))
    }

    /// The opposite.
    pub(crate) fn negate(self) -> Self {
        match self {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::Not(inner) => *inner,
            Self::Holds(_) | Self::Equals(..) | Self::All(_) | Self::Any(_) => Self::Not(Box::new(self)),
        }
    }

    /// Both.
    pub(crate) fn and(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Never, _) | (_, Self::Never) => return Self::Never,
            (Self::Always, _) => return other,
            (_, Self::Always) => return self,
            _ => {}
        }
        let mut all = BTreeSet::new();
        for one in [self, other] {
            match one {
                Self::All(inner) => all.extend(inner),
                Self::Always => {}
                Self::Never | Self::Holds(_) | Self::Equals(..) | Self::Not(_) | Self::Any(_) => {
                    all.insert(one);
                }
            }
        }
        if contradicts(&all) {
            return Self::Never;
        }
        // A and (A or B) is A.
        let kept = absorb(&all, |one| if let Self::Any(inner) = one { Some(inner) } else { None });
        collapse(kept, Self::Always, Self::All)
    }

    /// Either.
    pub(crate) fn or(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Always, _) | (_, Self::Always) => return Self::Always,
            (Self::Never, _) => return other,
            (_, Self::Never) => return self,
            _ => {}
        }
        let mut any = BTreeSet::new();
        for one in [self, other] {
            match one {
                Self::Any(inner) => any.extend(inner),
                Self::Never => {}
                Self::Always | Self::Holds(_) | Self::Equals(..) | Self::Not(_) | Self::All(_) => {
                    any.insert(one);
                }
            }
        }
        if contradicts(&any) {
            return Self::Always;
        }
        // A or (A and B) is A.
        let kept = absorb(&any, |one| if let Self::All(inner) = one { Some(inner) } else { None });
        collapse(kept, Self::Never, Self::Any)
    }

    /// The name to write as a resource's `Condition` (none: always), and the definitions that the template needs for it.
    pub(crate) fn define(&self) -> (Option<String>, Vec<(String, Value)>) {
        match self {
            Self::Always => (None, Vec::new()),
            Self::Holds(name) => (Some(name.clone()), Vec::new()),
            Self::Never | Self::Equals(..) | Self::Not(_) | Self::All(_) | Self::Any(_) => {
                let name = identity::condition_id(&self.to_string());
                (Some(name.clone()), vec![(name, self.expression())])
            }
        }
    }

    fn expression(&self) -> Value {
        match self {
            Self::Always => json!({"Fn::Equals": ["", ""]}),
            Self::Never => json!({"Fn::Not": [{"Fn::Equals": ["", ""]}]}),
            Self::Holds(name) => json!({"Condition": name}),
            Self::Equals(parameter, value) => json!({"Fn::Equals": [{"Ref": parameter}, value]}),
            Self::Not(inner) => json!({"Fn::Not": [inner.expression()]}),
            Self::All(inner) => tree("Fn::And", inner.iter().map(Self::expression).collect()),
            Self::Any(inner) => tree("Fn::Or", inner.iter().map(Self::expression).collect()),
        }
    }
}

impl std::fmt::Display for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let join = |f: &mut std::fmt::Formatter<'_>, parts: &BTreeSet<Self>, word: &str| {
            for (index, part) in parts.iter().enumerate() {
                let word = if index > 0 { word } else { "" };
                match part {
                    Self::All(_) | Self::Any(_) => write!(f, "{word}({part})")?,
                    Self::Always | Self::Never | Self::Holds(_) | Self::Equals(..) | Self::Not(_) => {
                        write!(f, "{word}{part}")?;
                    }
                }
            }
            Ok(())
        };
        match self {
            Self::Always => f.write_str("always"),
            Self::Never => f.write_str("never"),
            Self::Holds(name) => f.write_str(name),
            Self::Equals(parameter, value) => write!(f, "{parameter} is {value}"),
            Self::Not(inner) if matches!(**inner, Self::Holds(_)) => write!(f, "not {inner}"),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::All(parts) => join(f, parts, " and "),
            Self::Any(parts) => join(f, parts, " or "),
        }
    }
}

fn contradicts(parts: &BTreeSet<When>) -> bool {
    parts.iter().any(|part| matches!(part, When::Not(inner) if parts.contains(inner)))
}

/// The parts without those that have another of them inside.
fn absorb(parts: &BTreeSet<When>, inside: fn(&When) -> Option<&BTreeSet<When>>) -> BTreeSet<When> {
    let mut kept = BTreeSet::new();
    for part in parts {
        if inside(part).is_none_or(|inner| inner.is_disjoint(parts)) {
            kept.insert(part.clone());
        }
    }
    kept
}

fn collapse(mut parts: BTreeSet<When>, empty: When, many: fn(BTreeSet<When>) -> When) -> When {
    match parts.len() {
        0 => empty,
        1 => parts.pop_first().unwrap_or(empty),
        _ => many(parts),
    }
}

fn tree(function: &str, mut operands: Vec<Value>) -> Value {
    while operands.len() > MOST_OPERANDS {
        operands = operands
            .chunks(MOST_OPERANDS)
            .map(|chunk| if let [only] = chunk { only.clone() } else { single(function, Value::from(chunk.to_vec())) })
            .collect();
    }
    Value::Object(Map::from_iter([(function.to_owned(), Value::from(operands))]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(name: &str) -> When {
        When::Holds(name.to_owned())
    }

    #[test]
    fn order_and_repetition_do_not_matter() {
        let one = holds("A").and(holds("B")).and(holds("A"));
        assert_eq!(one, holds("B").and(holds("A")));
        assert_eq!(holds("A").and(When::Always), holds("A"));
    }

    #[test]
    fn opposites_cancel() {
        assert_eq!(holds("A").and(holds("A").negate()), When::Never);
        assert_eq!(holds("A").or(holds("A").negate()), When::Always);
        assert_eq!(holds("A").negate().negate(), holds("A"));
    }

    #[test]
    fn the_weaker_alternative_absorbs_the_stronger() {
        assert_eq!(holds("A").or(holds("A").and(holds("B"))), holds("A"));
        assert_eq!(holds("A").and(holds("A").or(holds("B"))), holds("A"));
    }

    #[test]
    fn one_name_needs_no_new_condition() {
        assert_eq!(holds("A").define(), (Some("A".to_owned()), Vec::new()));
        let (name, added) = holds("A").and(holds("B").negate()).define();
        assert_eq!(added.len(), 1);
        assert_eq!(name.as_deref(), added.first().map(|(name, _)| name.as_str()));
        assert_eq!(added[0].1, json!({"Fn::And": [{"Condition": "A"}, {"Fn::Not": [{"Condition": "B"}]}]}));
    }

    #[test]
    fn more_than_ten_operands_become_a_tree() {
        let many = (0..23).fold(When::Never, |when, n| when.or(holds(&format!("C{n:02}"))));
        let (_, added) = many.define();
        let outer = added[0].1["Fn::Or"].as_array().expect("a list");
        assert_eq!(outer.len(), 3);
        assert!(outer.iter().all(|group| { group["Fn::Or"].as_array().is_some_and(|items| items.len() <= 10) }));
    }
}
