//! Colours, width and the two streams. Nothing else prints.

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use std::io::{self, IsTerminal, Write};
use toprail::report::{Detail, Layout, Page, Tone};

/// The room of what is written into a file or a pipe.
const ROOM_ELSEWHERE: usize = 100;
/// Longer lines are hard to read.
const WIDEST_PROSE: usize = 110;

/// Where the output goes.
#[derive(Debug)]
pub(crate) struct Terminal {
    color: anstream::ColorChoice,
    width: Option<usize>,
}

impl Terminal {
    /// As the user and the environment want it: `NO_COLOR`, `CLICOLOR_FORCE`, `TERM`.
    pub(crate) fn new(color: clap::ColorChoice, width: Option<u16>) -> Self {
        let color = match color {
            clap::ColorChoice::Auto => anstream::ColorChoice::Auto,
            clap::ColorChoice::Always => anstream::ColorChoice::Always,
            clap::ColorChoice::Never => anstream::ColorChoice::Never,
        };
        let width =
            width.or_else(|| terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0)).map(usize::from);
        Self { color, width: width.filter(|width| *width > 0) }
    }

    /// The room that there is.
    pub(crate) fn layout(&self, detail: Detail) -> Layout {
        Layout { width: self.width.unwrap_or(ROOM_ELSEWHERE), prose: self.prose(), detail }
    }

    /// The room for sentences; none where nobody may be reading.
    pub(crate) fn prose(&self) -> Option<usize> {
        self.width.map(|width| width.min(WIDEST_PROSE))
    }

    /// The room for pages that are read by people wherever they go.
    pub(crate) fn room(&self) -> Option<usize> {
        Some(self.width.unwrap_or(ROOM_ELSEWHERE))
    }

    /// Whether a person reads the output.
    pub(crate) fn is_interactive() -> bool {
        io::stdout().is_terminal()
    }

    /// Prints a page.
    pub(crate) fn page(&self, page: &Page) -> io::Result<()> {
        write_page(AutoStream::new(io::stdout().lock(), self.color), page)
    }

    /// Prints a page where it does not mix with the result.
    pub(crate) fn remark(&self, page: &Page) -> io::Result<()> {
        write_page(AutoStream::new(io::stderr().lock(), self.color), page)
    }

    /// Writes bytes as they are.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    /// Writes a line.
    pub(crate) fn line(&self, text: &str) -> io::Result<()> {
        self.bytes(format!("{text}\n").as_bytes())
    }
}

/// Says why something could not be done.
pub(crate) fn complain(message: &str) {
    let clean: String = message.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    // Nobody can be told that nobody can be told.
    let _ = writeln!(io::stderr().lock(), "toprail: {clean}");
}

fn write_page(out: impl Write, page: &Page) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    for line in page.lines() {
        for (tone, text) in line.spans() {
            let style = style(tone);
            write!(out, "{style}{text}{style:#}")?;
        }
        writeln!(out)?;
    }
    out.flush()
}

fn style(tone: Tone) -> Style {
    let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    match tone {
        Tone::Plain => Style::new(),
        Tone::Strong => Style::new().bold(),
        Tone::Dim => Style::new().dimmed(),
        Tone::Critical => color(AnsiColor::Red).bold(),
        Tone::Warning => color(AnsiColor::Yellow),
        Tone::Info => color(AnsiColor::Cyan),
        Tone::Good => color(AnsiColor::Green),
    }
}
