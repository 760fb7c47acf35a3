//! Places in a file: what a person or an editor needs to find them.
//!
//! Knows nothing of YAML or JSON, and keeps no text.

use std::fmt;
use std::ops::Range;

/// One place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, in characters, from 1.
    pub column: u32,
    /// The byte offset from the start of the file, a byte order mark included.
    pub byte: u32,
}

/// A stretch of a file, the end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Where the first character stands.
    pub start: Position,
    /// The place behind the last character.
    pub end: Position,
}

impl Position {
    /// The first character of a file.
    pub(super) const START: Self = Self { line: 1, column: 1, byte: 0 };

    /// A place from counts of any size.
    pub(super) fn new(line: usize, column: usize, byte: usize) -> Self {
        let [line, column, byte] = [line, column, byte].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        Self { line, column, byte }
    }

    /// The place of a byte of `text`, which starts at the file's byte `first_byte`.
    pub(super) fn of_byte(text: &str, byte: usize, first_byte: usize) -> Self {
        let byte = text.floor_char_boundary(byte);
        let before = text.get(..byte).unwrap_or(text);
        let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
        Self::new(before.matches('\n').count() + 1, line.chars().count() + 1, first_byte + byte)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl Span {
    /// The bytes of the file that it covers.
    #[must_use]
    pub fn bytes(&self) -> Range<usize> {
        self.start.byte as usize..self.end.byte as usize
    }

    /// An empty stretch.
    pub(super) const fn at(place: Position) -> Self {
        Self { start: place, end: place }
    }
}
