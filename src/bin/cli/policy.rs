//! `toprail policy`: whether a policy is right, what it says, and what another one would change.

use crate::args::{Format, PolicyCheckArgs, PolicyCommand, PolicyDiffArgs};
use crate::exit::Exit;
use crate::policy_file::PolicyFile;
use crate::template_file::TemplateFile;
use crate::terminal::{Terminal, complain};
use std::path::Path;
use toprail::config::Destination;
use toprail::report::policy::{self, Compared, Diff};
use toprail::report::{self, Detail};

/// Runs a subcommand.
pub(crate) fn run(command: &PolicyCommand, terminal: &Terminal) -> anyhow::Result<Exit> {
    match command {
        PolicyCommand::Check(args) => check(args, terminal),
        PolicyCommand::Diff(args) => diff(args, terminal),
    }
}

fn check(args: &PolicyCheckArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let file = PolicyFile::read(&args.file)?;
    let mistakes = file.policy.mistakes();
    if !mistakes.is_empty() {
        match args.format {
            Format::Text => {
                terminal.page(&report::findings(&file.own_source(), mistakes, terminal.layout(Detail::Everything)))?;
            }
            Format::Json => {
                let value = report::json::findings(&file.own_source(), mistakes)?;
                terminal.line(&serde_json::to_string_pretty(&value)?)?;
            }
        }
        return Ok(Exit::Findings);
    }
    let to = Destination { account: &args.account, region: &args.region, environment: &args.environment };
    match args.format {
        Format::Text => terminal.page(&policy::page(&file.source(), &file.policy, to))?,
        Format::Json => {
            let value = policy::json(&file.source(), &file.policy, to);
            terminal.line(&serde_json::to_string_pretty(&value)?)?;
        }
    }
    Ok(Exit::Clean)
}

/// Reads a policy that must be right; `none` is none.
fn right_policy(path: &Path, terminal: &Terminal) -> anyhow::Result<Result<Option<PolicyFile>, Exit>> {
    if path.as_os_str() == "none" {
        return Ok(Ok(None));
    }
    let file = PolicyFile::read(path)?;
    Ok(if file.complain(terminal)? { Err(Exit::Unable) } else { Ok(Some(file)) })
}

fn diff(args: &PolicyDiffArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let (old, new) = match (right_policy(&args.old, terminal)?, right_policy(&args.new, terminal)?) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(exit), _) | (_, Err(exit)) => return Ok(exit),
    };
    let mut exit = Exit::Clean;
    let mut diffs = Vec::new();
    for path in &args.templates {
        let read = |policy| TemplateFile::read(path, &args.deployment, policy);
        let (before, after) = match read(old.as_ref()).and_then(|before| Ok((before, read(new.as_ref())?))) {
            Ok(both) => both,
            Err(error) => {
                format!("{error:#}").lines().for_each(complain);
                exit = Exit::Unable;
                continue;
            }
        };
        let compared = Compared { name: &before.name, before: &before.outcome, after: &after.outcome };
        diffs.push(policy::compare(compared));
    }
    match args.format {
        Format::Text => {
            for diff in &diffs {
                terminal.page(&diff.page())?;
            }
            terminal.page(&Diff::total(&diffs))?;
        }
        Format::Json => terminal.line(&serde_json::to_string_pretty(&Diff::json(&diffs)?)?)?,
    }
    let fails = diffs.iter().any(|diff| diff.newly_fails);
    Ok(exit.max(if fails { Exit::Findings } else { Exit::Clean }))
}
