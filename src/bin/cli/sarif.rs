//! `plan --format sarif`: the log is written even where nothing could be planned, so that a viewer shows why.

use crate::args::{Command, PlanFormat};
use crate::input;
use crate::policy_file::PolicyFile;
use crate::template_file::TemplateFile;
use crate::terminal::Terminal;
use std::path::Path;
use toprail::report::sarif::{self, File, Notice};

/// The log of what was read and of what could not be.
pub(crate) fn plans(files: &[TemplateFile<'_>], mut notices: Vec<Notice>, terminal: &Terminal) -> anyhow::Result<()> {
    let reports: Vec<_> = files.iter().map(TemplateFile::report).collect();
    for file in files {
        let note =
            |message: &String| Notice { file: Some(file.name.clone()), message: message.clone(), is_failure: false };
        notices.extend(file.notes.iter().map(note));
    }
    let files: Vec<_> =
        reports.iter().map(|report| File { source: report.source, findings: &report.outcome.findings }).collect();
    write(&files, &notices, terminal)
}

/// The log of a policy that is wrong.
pub(crate) fn wrong_policy(command: &Command, file: &PolicyFile, terminal: &Terminal) -> anyhow::Result<()> {
    let notice = failure(Some(file.name.clone()), format!("{}: the policy is wrong: nothing was planned", file.name));
    let file = File { source: file.own_source(), findings: file.policy.mistakes() };
    if is_wanted(command) { write(&[file], &[notice], terminal) } else { Ok(()) }
}

/// The log of a policy that could not be read.
pub(crate) fn no_policy(
    command: &Command,
    path: &Path,
    error: &anyhow::Error,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let notice = failure(Some(input::name(path)), format!("{error:#}"));
    if is_wanted(command) { write(&[], &[notice], terminal) } else { Ok(()) }
}

/// Something that could not be done.
pub(crate) fn failure(file: Option<String>, message: String) -> Notice {
    Notice { file, message, is_failure: true }
}

fn is_wanted(command: &Command) -> bool {
    matches!(command, Command::Plan(args) if args.format == PlanFormat::Sarif)
}

fn write(files: &[File<'_>], notices: &[Notice], terminal: &Terminal) -> anyhow::Result<()> {
    // Where the folder is unknown, absolute names stay absolute.
    let root = std::env::current_dir().map(|root| root.display().to_string()).unwrap_or_default();
    Ok(terminal.line(&serde_json::to_string_pretty(&sarif::log(&root, files, notices)?)?)?)
}
