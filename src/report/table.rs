//! Aligned columns.

use super::page::{Line, Page, Tone};

/// Between columns.
const GAP: usize = 2;
/// With less room than this the last column goes below.
const NARROWEST: usize = 14;

/// A table with a heading. The last column is wrapped where the room is known.
pub(super) fn table(headings: &[&str], rows: &[Vec<String>], prose: Option<usize>) -> Page {
    let mut page = Page::default();
    let last = headings.len().saturating_sub(1);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(headings.get(column).map(|heading| heading.chars().count())).max().unwrap_or_default()
    };
    let starts: Vec<usize> = headings
        .iter()
        .enumerate()
        .scan(0, |at, (column, _)| {
            let start = *at;
            *at += width(column) + GAP;
            Some(start)
        })
        .collect();
    let total = starts.last().copied().unwrap_or_default();
    // Where there is no room for the last column, it goes below.
    let is_narrow = prose.is_some_and(|room| room < total + NARROWEST);
    let mut head = Line::default();
    for (column, (heading, start)) in headings.iter().zip(&starts).enumerate() {
        if column < last || !is_narrow {
            head = head.up_to(*start).with(Tone::Dim, heading);
        }
    }
    page.push(head);
    for row in rows {
        let mut line = Line::default();
        for (column, (cell, start)) in row.iter().zip(&starts).enumerate() {
            let tone = if column == 0 { Tone::Strong } else { Tone::Plain };
            if column < last {
                line = line.up_to(*start).with(tone, cell);
            } else if is_narrow {
                page.push(std::mem::take(&mut line));
                page.prose(Line::default(), 4, tone, cell, prose);
            } else {
                page.prose(std::mem::take(&mut line), *start, tone, cell, prose);
            }
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_the_last_one_is_wrapped() {
        let rows = [
            vec!["a".to_owned(), "one two three four five six seven".to_owned()],
            vec!["long".to_owned(), "x".to_owned()],
        ];
        let text = "id    what\na     one two three four five\n      six seven\nlong  x\n";
        assert_eq!(table(&["id", "what"], &rows, Some(30)).to_string(), text);
    }
}
