//! Text with tones: what a renderer makes, and what a terminal colours.

use std::fmt;

/// What a stretch of text means. A terminal chooses the colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Ordinary text.
    Plain,
    /// A heading or a name that matters.
    Strong,
    /// Something that may be skipped.
    Dim,
    /// A critical alarm, an error.
    Critical,
    /// A warning.
    Warning,
    /// Worth knowing.
    Info,
    /// Something good, or something to type.
    Good,
}

/// One line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(Vec<(Tone, String)>);

/// Lines, one below the other. Prints without colours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page(Vec<Line>);

impl Line {
    /// A line of one tone.
    pub(super) fn new(tone: Tone, text: impl AsRef<str>) -> Self {
        Self::default().with(tone, text)
    }

    /// The line with more text. Control characters, which could steer a terminal, are replaced.
    #[must_use]
    pub(super) fn with(mut self, tone: Tone, text: impl AsRef<str>) -> Self {
        let clean = |c: char| if c.is_control() { '\u{fffd}' } else { c };
        let text: String = text.as_ref().chars().map(clean).collect();
        match self.0.last_mut() {
            Some((last, before)) if *last == tone => before.push_str(&text),
            _ if text.is_empty() => {}
            _ => self.0.push((tone, text)),
        }
        self
    }

    /// Blanks up to a column.
    #[must_use]
    pub(super) fn up_to(self, column: usize) -> Self {
        let missing = column.saturating_sub(self.width());
        self.with(Tone::Plain, " ".repeat(missing))
    }

    /// How many columns it takes.
    pub(super) fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| text.chars().count()).sum()
    }

    /// Its stretches.
    pub fn spans(&self) -> impl Iterator<Item = (Tone, &str)> {
        self.0.iter().map(|(tone, text)| (*tone, text.as_str()))
    }
}

impl Page {
    /// Adds a line.
    pub(super) fn push(&mut self, line: Line) {
        self.0.push(line);
    }

    /// Adds an empty line, unless there is one or the page is empty.
    pub(super) fn gap(&mut self) {
        if self.0.last().is_some_and(|line| !line.0.is_empty()) {
            self.0.push(Line::default());
        }
    }

    /// Adds the lines of another page.
    pub(super) fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Adds sentences, wrapped with `indent` in front of each line; the first line has `first` there.
    pub(super) fn prose(&mut self, first: Line, indent: usize, tone: Tone, text: &str, width: Option<usize>) {
        let room = width.unwrap_or(usize::MAX).saturating_sub(indent).max(20);
        let mut line = first.up_to(indent);
        let mut used = 0;
        for word in text.split_whitespace() {
            let length = word.chars().count();
            if used > 0 && used + 1 + length > room {
                self.push(std::mem::take(&mut line));
                line = Line::default().up_to(indent);
                used = 0;
            }
            line = line.with(tone, if used > 0 { " " } else { "" }).with(tone, word);
            used += length + usize::from(used > 0);
        }
        self.push(line);
    }

    /// Its lines.
    pub fn lines(&self) -> &[Line] {
        &self.0
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.0 {
            let text: String = line.spans().map(|(_, text)| text).collect();
            writeln!(f, "{}", text.trim_end())?;
        }
        Ok(())
    }
}

/// A text of at most `room` columns: the middle is left out, because names differ most at their ends.
pub(super) fn shorten(text: &str, room: usize) -> String {
    let length = text.chars().count();
    if length <= room {
        return text.to_owned();
    }
    let front = room.saturating_sub(1) / 3;
    let back = room.saturating_sub(1).saturating_sub(front);
    let head = text.chars().take(front);
    head.chain(['…']).chain(text.chars().skip(length - back)).collect()
}

/// A path of at most `room` columns: segments in the middle are left out, where that is enough.
pub(super) fn shorten_path(path: &str, room: usize) -> String {
    if path.chars().count() <= room {
        return path.to_owned();
    }
    let segments: Vec<&str> = path.split('/').collect();
    let tails = (1..segments.len()).filter_map(|from| Some(segments.get(from..)?.join("/")));
    let heads = [path.split_inclusive('/').take(2).collect::<String>(), "/".to_owned()];
    let candidates = tails.flat_map(|tail| heads.iter().map(|head| format!("{head}…/{tail}")).collect::<Vec<_>>());
    let best = candidates.filter(|short| short.chars().count() <= room).max_by_key(|short| short.chars().count());
    best.unwrap_or_else(|| shorten(path, room))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_hang_from_their_first_line() {
        let mut page = Page::default();
        page.prose(Line::new(Tone::Dim, "help:"), 6, Tone::Plain, "one two three four five six", Some(27));
        assert_eq!(page.to_string(), "help: one two three four\n      five six\n");
    }

    #[test]
    fn what_could_steer_a_terminal_is_replaced() {
        let mut page = Page::default();
        page.push(Line::new(Tone::Plain, "a\u{1b}[31mb\n"));
        assert_eq!(page.to_string(), "a\u{fffd}[31mb\u{fffd}\n");
    }

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(shorten("/accounts/{account}/orders/{order}", 20), "/accou…rders/{order}");
        assert_eq!(shorten("/orders", 20), "/orders");
        assert_eq!(shorten_path("/accounts/{account}/orders/{order}/items", 24), "/…/orders/{order}/items");
        assert_eq!(shorten_path("/accounts/{account}/orders/{order}", 27), "/…/{account}/orders/{order}");
        assert_eq!(shorten_path("/a-segment-that-is-very-long-indeed", 12), "/a-…g-indeed");
    }
}
