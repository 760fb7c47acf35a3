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
    fn the_longer_pattern_is_the_more_specific() {
        let rank = |text: &'static str| Pattern::read(text).rank();
        assert!(rank("GET /a/b") > rank("* /a/b"));
        assert!(rank("* /a/b") > rank("GET /a/*"));
        assert!(rank("* /a/b/*") > rank("GET /a/*"));
    }
}
