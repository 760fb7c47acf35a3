//! `toprail plan`: what would be added to templates.

use crate::args::{FailOn, Format, PlanArgs};
use crate::exit::Exit;
use crate::policy_file::PolicyFile;
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
    for path in &args.templates {
        let mut file = match TemplateFile::read(path, &args.deployment, policy) {
            Ok(file) => file,
            Err(error) => {
                format!("{error:#}").lines().for_each(complain);
                exit = Exit::Unable;
                continue;
            }
        };
        // Only what is shown is kept.
        file.outcome.fragment = Value::Null;
        if fails(&file, args.fail_on) {
            exit = exit.max(Exit::Findings);
        }
        if args.format == Format::Text {
            if !files.is_empty() {
                terminal.line("")?;
            }
            terminal.page(&report::plan::page(&file.report(), layout))?;
        }
        files.push(file);
    }
    let reports: Vec<Report<'_>> = files.iter().map(TemplateFile::report).collect();
    match args.format {
        Format::Json => terminal.line(&serde_json::to_string_pretty(&report::json::plans(&reports)?)?)?,
        Format::Text if reports.len() > 1 => {
            terminal.line("")?;
            terminal.page(&report::plan::total(&reports))?;
        }
        Format::Text => {}
    }
    Ok(exit.max(check_params(args, &files)))
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
fn check_params(args: &PlanArgs, files: &[TemplateFile<'_>]) -> Exit {
    let mut exit = Exit::Clean;
    for (name, _) in &args.deployment.params {
        if !files.is_empty() && !files.iter().any(|file| file.parameters.contains(name)) {
            complain(&format!("--param {name}: no parameter of the template has this name"));
            exit = Exit::Unable;
        }
    }
    exit
}
