//! Patterns for methods: `GET /orders/{id}`, `* /admin/*`, `$connect`. `*` stands for any characters; everything else is meant as it is.

/// A pattern for verb and path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pattern<'p> {
    verb: &'p str,
    path: &'p str,
}

impl<'p> Pattern<'p> {
    /// Reads `VERB PATH`, or a path or route key alone, which is for all verbs.
    pub(crate) fn read(text: &'p str) -> Self {
        let (verb, path) = text.split_once(' ').unwrap_or(("*", text));
        Self { verb, path: path.trim() }
    }

    /// Whether it is for this method.
    pub(crate) fn matches(self, verb: &str, path: &str) -> bool {
        (self.verb == "*" || self.verb == verb) && glob(self.path, path)
    }

    /// Whether it names this verb, not only all of them.
    pub(crate) fn names_verb(self, verb: &str) -> bool {
        self.verb == verb
    }

    /// The more specific of two patterns has the greater rank: no wildcard in the path, then more of the path, then a verb.
    pub(crate) fn rank(self) -> (bool, usize, bool) {
        (!self.path.contains('*'), self.path.chars().filter(|c| *c != '*').count(), self.verb != "*")
    }
}

/// Whether `text` is what `pattern` says, `*` being any characters.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(start) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match text.find(piece).and_then(|found| text.get(found + piece.len()..)) {
            Some(after) => text = after,
            None => return false,
        }
    }
    text.ends_with(last)
}

/// Whether some text is matched by both patterns.
pub(crate) fn globs_meet(one: &str, other: &str) -> bool {
    // Which ends of `other` can be left over once a part of `one` has been matched: a line of the usual table of all pairs of ends.
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut below = vec![false; other.len() + 1];
    for rest in (0..=one.len()).rev() {
        let first = one.get(rest);
        let mut line = vec![false; other.len() + 1];
        for at in (0..=other.len()).rev() {
            let is = |line: &[bool], at: usize| line.get(at).copied().unwrap_or(false);
            let meets = match (first, other.get(at)) {
                (None, None) => true,
                (Some('*'), second) => is(&below, at) || second.is_some() && is(&line, at + 1),
                (first, Some('*')) => is(&line, at + 1) || first.is_some() && is(&below, at),
                (Some(first), Some(second)) => first == second && is(&below, at + 1),
                (None, Some(_)) | (Some(_), None) => false,
            };
            if let Some(cell) = line.get_mut(at) {
                *cell = meets;
            }
        }
        below = line;
    }
    below.first().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything_and_braces_for_themselves() {
        assert!(Pattern::read("* /admin/*").matches("GET", "/admin/users/{id}"));
        assert!(!Pattern::read("* /admin/*").matches("GET", "/administer"));
        assert!(Pattern::read("GET /orders/{id}").matches("GET", "/orders/{id}"));
        assert!(!Pattern::read("GET /orders/{id}").matches("POST", "/orders/{id}"));
        assert!(Pattern::read("$connect").matches("", "$connect"));
        assert!(glob("*a*b*", "xxaxxbxx") && !glob("a*b", "ab-") && glob("*", ""));
    }

    #[test]
    fn patterns_meet_where_a_text_matches_both() {
        for (one, other) in [("a*", "*b"), ("*", ""), ("a", "a"), ("a*c", "ab*"), ("*x*", "*y*"), ("1111*", "*3333")] {
            assert!(globs_meet(one, other) && globs_meet(other, one), "{one} {other}");
        }
        for (one, other) in [("a*", "b*"), ("a", "b"), ("*a", "*b"), ("a", ""), ("a*", ""), ("ab*", "aa*")] {
            assert!(!globs_meet(one, other) && !globs_meet(other, one), "{one} {other}");
        }
    }

    #[test]
    fn the_longer_pattern_is_the_more_specific() {
        let rank = |text: &'static str| Pattern::read(text).rank();
        assert!(rank("GET /a/b") > rank("* /a/b"));
        assert!(rank("* /a/b") > rank("GET /a/*"));
        assert!(rank("* /a/b/*") > rank("GET /a/*"));
    }
}
