//! The `toprail` command: what a deployment would add, shown on a laptop or in CI. It reads files, prints, and leaves all decisions to the library.

mod args;
mod completions;
mod exit;
mod explain;
mod input;
mod invoke;
mod list;
mod plan;
mod policy;
mod policy_file;
mod progress;
mod sarif;
mod schema;
mod template_file;
mod terminal;
mod transform;
mod transform_list;

use args::{Args, Command};
use clap::Parser;
use exit::Exit;
use policy_file::PolicyFile;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use terminal::Terminal;

fn main() -> ExitCode {
    let args = Args::parse();
    let terminal = Terminal::new(args.color, args.width);
    // The place is enough to find a mistake; a panic's message may hold a piece of the template.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!(" ({}:{})", place.file(), place.line())).unwrap_or_default();
        terminal::complain(&format!(
            "stopped on a mistake of its own{place}: please report it, with the template if you can"
        ));
    }));
    let exit = match catch_unwind(AssertUnwindSafe(|| run(args, &terminal))) {
        Ok(Ok(exit)) => exit,
        Ok(Err(error)) if exit::is_broken_pipe(&error) => Exit::Clean,
        Ok(Err(error)) => {
            terminal::complain(&format!("{error:#}"));
            Exit::Unable
        }
        Err(_) => Exit::Unable,
    };
    ExitCode::from(exit as u8)
}

fn run(args: Args, terminal: &Terminal) -> anyhow::Result<Exit> {
    let policy = match &args.policy {
        None => None,
        Some(path) => match PolicyFile::read(path) {
            Ok(file) => Some(file),
            Err(error) => {
                sarif::no_policy(&args.command, path, &error, terminal)?;
                return Err(error);
            }
        },
    };
    if let Some(file) = &policy
        && file.complain(terminal)?
    {
        sarif::wrong_policy(&args.command, file, terminal)?;
        return Ok(Exit::Unable);
    }
    let policy = policy.as_ref();
    match args.command {
        Command::Plan(args) => plan::run(&args, policy, terminal),
        Command::Transform(args) => transform::run(&args, policy, terminal),
        Command::Invoke(args) => invoke::run(&args, policy, terminal),
        Command::Explain(args) => explain::run(&args, policy, terminal),
        Command::List(args) => list::run(&args, policy, terminal),
        Command::Policy(command) => policy::run(&command, terminal),
        Command::Schema { file } => schema::run(file, policy, terminal),
        Command::Completions { shell } => completions::run(shell, terminal),
    }
}
