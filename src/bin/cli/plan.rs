//! `toprail plan`: what would be added to templates.

use crate::args::{FailOn, PlanArgs, PlanFormat};
use crate::exit::Exit;
use crate::input;
use crate::policy_file::PolicyFile;
use crate::progress::Progress;
use crate::sarif;
use crate::template_file::TemplateFile;
use crate::terminal::{Terminal, complain};
use serde_json::Value;
use toprail::finding::Level;
use toprail::report::{self, Detail, Report};

/// Shows the plans of templates.
pub(crate) fn run(args: &PlanArgs, policy: Option<&PolicyFile>, terminal: &Terminal) -> anyhow::Result<Exit> {
    let layout = terminal.layout(if args.verbose { Detail::Everything } else { Detail::Summary });
    let mut exit = Exit::Clean;
    let mut files = Vec::new();
    let mut failures = Vec::new();
    let mut progress = Progress::new(args.templates.len(), args.format == PlanFormat::Text);
    for (index, path) in args.templates.iter().enumerate() {
        progress.done(index);
        let mut file = match TemplateFile::read(path, &args.deployment, policy) {
            Ok(file) => file,
            Err(error) => {
                failures.push(sarif::failure(Some(input::name(path)), format!("{error:#}")));
                continue;
            }
        };
        // Only what is shown is kept.
        file.outcome.fragment = Value::Null;
        if fails(&file, args.fail_on) {
            exit = exit.max(Exit::Findings);
        }
        if args.format == PlanFormat::Text {
            if !files.is_empty() {
                terminal.line("")?;
            }
            terminal.page(&report::plan::page(&file.report(), layout))?;
        }
        files.push(file);
    }
    drop(progress);
    failures.extend(unknown_params(args, &files).map(|message| sarif::failure(None, message)));
    for failure in &failures {
        failure.message.lines().for_each(complain);
        exit = Exit::Unable;
    }
    let reports: Vec<Report<'_>> = files.iter().map(TemplateFile::report).collect();
    match args.format {
        PlanFormat::Json => terminal.line(&serde_json::to_string_pretty(&report::json::plans(&reports)?)?)?,
        PlanFormat::Sarif => sarif::plans(&files, failures, terminal)?,
        PlanFormat::Text if reports.len() > 1 => {
            terminal.line("")?;
            terminal.page(&report::plan::total(&reports))?;
        }
        PlanFormat::Text => {}
    }
    Ok(exit)
}

fn fails(file: &TemplateFile<'_>, fail_on: FailOn) -> bool {
    let lowest = match fail_on {
        FailOn::Error => Level::Error,
        FailOn::Warning => Level::Warn,
        FailOn::Info => Level::Info,
        FailOn::Never => return false,
    };
    file.outcome.findings.iter().any(|finding| finding.level >= lowest)
}

/// A value for a parameter that no template has is a mistake of the caller.
fn unknown_params(args: &PlanArgs, files: &[TemplateFile<'_>]) -> impl Iterator<Item = String> {
    let is_known = |name: &String| files.is_empty() || files.iter().any(|file| file.parameters.contains(name));
    let unknown = args.deployment.params.iter().filter(move |(name, _)| !is_known(name));
    unknown.map(|(name, _)| format!("--param {name}: no parameter of the template has this name"))
}
