//! `toprail completions`: a script for a shell.

use crate::args::Args;
use crate::exit::Exit;
use crate::terminal::Terminal;
use clap::CommandFactory;

/// Writes the script.
pub(crate) fn run(shell: clap_complete::Shell, terminal: &Terminal) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "toprail", &mut script);
    terminal.bytes(&script)?;
    Ok(Exit::Clean)
}
