//! The `toprail` command: what a deployment would add, shown on a laptop or in CI. It reads files, prints, and leaves all decisions to the library.

mod args;
mod explain;
mod input;
mod invoke;
mod list;
mod plan;
mod template_file;
mod terminal;
mod transform;
mod transform_list;

use args::{Args, Command};
use clap::{CommandFactory, Parser};
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use terminal::Terminal;

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    /// Nothing to complain about.
    Clean = 0,
    /// Findings at or above the level that was asked for, or a transform that failed.
    Findings = 1,
    /// It could not run.
    Unable = 2,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let terminal = Terminal::new(args.color, args.width);
    // The place is enough to find a mistake; a panic's message may hold a piece of the template.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!(" ({}:{})", place.file(), place.line())).unwrap_or_default();
        terminal::complain(&format!("stopped on a mistake of its own{place}: please report it, with the template if you can"));
    }));
    let exit = match catch_unwind(AssertUnwindSafe(|| run(args.command, &terminal))) {
        Ok(Ok(exit)) => exit,
        Ok(Err(error)) if is_broken_pipe(&error) => Exit::Clean,
        Ok(Err(error)) => {
            terminal::complain(&format!("{error:#}"));
            Exit::Unable
        }
        Err(_) => Exit::Unable,
    };
    ExitCode::from(exit as u8)
}

fn run(command: Command, terminal: &Terminal) -> anyhow::Result<Exit> {
    match command {
        Command::Plan(args) => plan::run(&args, terminal),
        Command::Transform(args) => transform::run(&args, terminal),
        Command::Invoke(args) => invoke::run(&args, terminal),
        Command::Explain(args) => explain::run(&args, terminal),
        Command::List(args) => list::run(&args, terminal),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "toprail", &mut script);
            terminal.bytes(&script)?;
            Ok(Exit::Clean)
        }
    }
}

/// Whoever reads has seen enough.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
