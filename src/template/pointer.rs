//! A route into a JSON value: the keys and indices that lead from the root to one place.
//!
//! A pointer is its own text, the JSON pointer of RFC 6901 (`/Resources/Orders/Properties`), so that it
//! compares, hashes and prints without work and clones without copying. It holds no value and no line number:
//! [`Document`](super::document::Document) knows where in a file a pointer stands.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::Value;

/// A route of keys and indices; prints as an RFC 6901 JSON pointer. The default is the root, which prints as nothing.
///
/// Pointers sort by their segments: a parent before its children, list entries by number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Pointer(Arc<str>);

/// One step of a [`Pointer`]: `&str` and `usize` turn into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment<'a> {
    /// The key of an object.
    Key(&'a str),
    /// The index into an array.
    Index(usize),
}

/// A text that is not a JSON pointer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a JSON pointer: it is empty or starts with `/`, and writes `~` as `~0` and `/` in a key as `~1`")]
pub struct InvalidPointer(String);

impl Pointer {
    /// The pointer to the whole value.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads an RFC 6901 JSON pointer.
    ///
    /// # Errors
    /// If the text is neither empty nor starts with `/`, or holds a `~` that is not `~0` or `~1`.
    pub fn parse(text: &str) -> Result<Self, InvalidPointer> {
        let rooted = text.is_empty() || text.starts_with('/');
        let escaped = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
        if rooted && escaped { Ok(Self(text.into())) } else { Err(InvalidPointer(text.to_owned())) }
    }

    /// The place under this one.
    #[must_use]
    pub fn child<'a>(&self, segment: impl Into<Segment<'a>>) -> Self {
        let text = match segment.into() {
            Segment::Key(key) => [&self.0, "/", &escape(key)].concat(),
            Segment::Index(index) => format!("{self}/{index}"),
        };
        Self(text.into())
    }

    /// Goes down to a key.
    pub fn push(&mut self, key: &str) {
        *self = self.child(key);
    }

    /// Goes down to an index.
    pub fn push_index(&mut self, index: usize) {
        *self = self.child(index);
    }

    /// The place that holds this one; the root has none.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('/').map(|(parent, _)| Self(parent.into()))
    }

    /// The last key or index; the root has none.
    #[must_use]
    pub fn last(&self) -> Option<Cow<'_, str>> {
        self.0.rsplit_once('/').map(|(_, last)| unescape(last))
    }

    /// The keys and indices from the root on, unescaped.
    pub fn segments(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0.split('/').skip(1).map(unescape)
    }

    /// Whether this is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this is `other`, or lies under it.
    #[must_use]
    pub fn starts_with(&self, other: &Self) -> bool {
        self.0.strip_prefix(&*other.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// What stands there in `value`.
    #[must_use]
    pub fn resolve<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        way(&self.0, value).last()?
    }

    /// This place, or the nearest one around it that `value` has: something missing is reported where it is missing.
    #[must_use]
    pub fn nearest_in(&self, value: &Value) -> Self {
        let mut here = self.clone();
        while here.resolve(value).is_none() {
            let Some(parent) = here.parent() else { break };
            here = parent;
        }
        here
    }

    /// The JSON pointer as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Pointer {
    type Err = InvalidPointer;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for Pointer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Ord for Pointer {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.0 == other.0 {
            return Ordering::Equal;
        }
        // The segments that both start with are the same text; most of that is found eight bytes at a time.
        let (one, other_one) = (self.0.as_bytes(), other.0.as_bytes());
        let words = one.as_chunks::<8>().0.iter().zip(other_one.as_chunks::<8>().0);
        let words = 8 * words.take_while(|(one, other)| one == other).count();
        let rest = one.iter().zip(other_one).skip(words).take_while(|(one, other)| one == other).count();
        let same = one.get(..words + rest).unwrap_or_default();
        let start = same.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
        keys(&self.0, start).cmp(keys(&other.0, start))
    }
}

impl PartialOrd for Pointer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'a> From<&'a str> for Segment<'a> {
    fn from(key: &'a str) -> Self {
        Self::Key(key)
    }
}

impl<'a> From<&'a String> for Segment<'a> {
    fn from(key: &'a String) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Segment<'_> {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// A segment as it is written. Numbers sort by value and before texts, so that entry 10 comes after entry 2; texts sort by what they stand for.
#[derive(PartialEq, Eq)]
struct SortKey<'a>(&'a str);

impl Ord for SortKey<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (index(self.0), index(other.0)) {
            (Some(one), Some(other)) => one.cmp(&other),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => unescaped(self.0).cmp(unescaped(other.0)),
        }
    }
}

impl PartialOrd for SortKey<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Reads an array index as RFC 6901 writes it: decimal digits without a leading zero.
pub(super) fn index(segment: &str) -> Option<usize> {
    let digits = segment.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = segment == "0" || !segment.starts_with('0');
    if digits && canonical { segment.parse().ok() } else { None }
}

/// The segments from a slash on.
fn keys(pointer: &str, start: usize) -> impl Iterator<Item = SortKey<'_>> {
    pointer.get(start..).unwrap_or_default().split('/').skip(1).map(SortKey)
}

/// What stands at each place on the way that a pointer's text leads, from the value itself on; nothing where it leads nowhere.
pub(crate) fn way<'v>(pointer: &str, value: &'v Value) -> impl Iterator<Item = Option<&'v Value>> {
    let mut here = Some(value);
    let steps = pointer.split('/').skip(1).map(move |segment| {
        here = here.and_then(|here| match here {
            Value::Object(members) => members.get(&*unescape(segment)),
            Value::Array(items) => items.get(index(segment)?),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        });
        here
    });
    std::iter::once(Some(value)).chain(steps)
}

fn escape(key: &str) -> Cow<'_, str> {
    if !key.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        return Cow::Borrowed(key);
    }
    let mut out = String::with_capacity(key.len() + 8);
    for c in key.chars() {
        match c {
            '~' => out.push_str("~0"),
            '/' => out.push_str("~1"),
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The bytes of [`unescape`], which is not made to be compared and thrown away.
fn unescaped(segment: &str) -> impl Iterator<Item = u8> {
    let mut bytes = segment.bytes();
    std::iter::from_fn(move || match bytes.next()? {
        b'~' if bytes.next() == Some(b'0') => Some(b'~'),
        b'~' => Some(b'/'),
        byte => Some(byte),
    })
}

fn unescape(segment: &str) -> Cow<'_, str> {
    if !segment.as_bytes().contains(&b'~') {
        return Cow::Borrowed(segment);
    }
    let mut out = String::with_capacity(segment.len());
    let mut pieces = segment.split('~');
    out.extend(pieces.next());
    for piece in pieces {
        out.push(if piece.starts_with('0') { '~' } else { '/' });
        out.extend(piece.get(1..));
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pointer(text: &str) -> Pointer {
        Pointer::parse(text).unwrap()
    }

    #[test]
    fn the_root_prints_as_nothing_and_has_no_parent() {
        let root = Pointer::default();
        assert_eq!(root.to_string(), "");
        assert_eq!(root, pointer(""));
        assert!(root.is_root());
        assert_eq!(root.parent(), None);
        assert_eq!(root.segments().count(), 0);
        assert_eq!(root.resolve(&json!(1)), Some(&json!(1)));
    }

    #[test]
    fn keys_and_indices_print_as_a_json_pointer() {
        let mut at = Pointer::root().child("Resources");
        at.push("A");
        at.push_index(0);
        assert_eq!(at.to_string(), "/Resources/A/0");
        assert_eq!(at.parent(), Some(pointer("/Resources/A")));
        assert_eq!(at.last().as_deref(), Some("0"));
    }

    #[test]
    fn slashes_and_tildes_in_keys_survive_the_round_trip() {
        let at = Pointer::root().child("paths").child("/orders/~{id}").child("").child("~1");
        assert_eq!(at.to_string(), "/paths/~1orders~1~0{id}//~01");
        assert_eq!(pointer(at.as_str()), at);
        assert_eq!(at.segments().collect::<Vec<_>>(), ["paths", "/orders/~{id}", "", "~1"]);
        assert_eq!(at.resolve(&json!({"paths": {"/orders/~{id}": {"": {"~1": true}}}})), Some(&json!(true)));
    }

    #[test]
    fn a_pointer_that_leads_nowhere_resolves_to_nothing() {
        let value = json!({"A": [1, 2]});
        assert_eq!(pointer("/A/1").resolve(&value), Some(&json!(2)));
        for nowhere in ["/A/2", "/A/01", "/B", "/A/0/x", "/"] {
            assert_eq!(pointer(nowhere).resolve(&value), None, "{nowhere}");
        }
    }

    #[test]
    fn text_that_is_no_pointer_is_refused() {
        for text in ["Resources", "/a~", "/a~2b", "#/a"] {
            assert_eq!(Pointer::parse(text), Err(InvalidPointer(text.to_owned())));
        }
    }

    #[test]
    fn pointers_sort_parent_first_and_list_entries_by_number() {
        let sorted =
            ["", "/A", "/A/2", "/A/10", "/A/010", "/A/B", "/A/B/c", "/A-B", "/B", "/B~1", "/B~1~0", "/B0", "/B~0"];
        let mut shuffled = sorted.map(pointer).to_vec();
        shuffled.reverse();
        shuffled.sort();
        assert_eq!(shuffled, sorted.map(pointer));
    }

    #[test]
    fn only_whole_segments_count_as_a_prefix() {
        assert!(pointer("/A/B").starts_with(&pointer("/A")));
        assert!(pointer("/A").starts_with(&pointer("/A")));
        assert!(pointer("/A").starts_with(&Pointer::root()));
        assert!(!pointer("/AB").starts_with(&pointer("/A")));
        assert!(!pointer("/A").starts_with(&pointer("/A/B")));
    }
}
