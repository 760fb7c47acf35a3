//! `toprail explain`: the page of an alarm, a guardrail or a finding, and what holds for an alarm in a template.

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::policy_file::PolicyFile;
use crate::template_file::TemplateFile;
use crate::terminal::Terminal;
use anyhow::bail;
use std::path::Path;
use toprail::config::Destination;
use toprail::report::explain::{self, Subject, Unknown};
use toprail::report::{plan, policy};

/// Longer lines are hard to read.
const WIDEST: usize = 100;

/// Shows a page.
pub(crate) fn run(args: &ExplainArgs, policy: Option<&PolicyFile>, terminal: &Terminal) -> anyhow::Result<Exit> {
    let id = &args.id;
    let rows = policy.map(|file| file.policy.rows().clone()).unwrap_or_default();
    match explain::find(id, &rows) {
        Ok(subject) => {
            terminal.page(&explain::page(subject, terminal.room().map(|room| room.min(WIDEST))))?;
            if let Some(file) = policy {
                says(file, subject, args, terminal)?;
            }
            if let Some(template) = &args.template {
                holds(template, subject, args, policy, terminal)?;
            }
        }
        Err(Unknown::Ambiguous(ids)) => bail!("`{id}` is the name of several alarms: {}", ids.join(", ")),
        Err(Unknown::Missing(near)) if near.is_empty() => {
            bail!(
                "nothing is called `{id}`: `toprail list alarms`, `list guardrails` and `list findings` show what there is"
            )
        }
        Err(Unknown::Missing(near)) => bail!("nothing is called `{id}`: did you mean {}?", near.join(", ")),
    }
    Ok(Exit::Clean)
}

/// What the policy says about it.
fn says(file: &PolicyFile, subject: Subject<'_>, args: &ExplainArgs, terminal: &Terminal) -> anyhow::Result<()> {
    let (account, region) = (args.deployment.account.as_str(), args.deployment.region.as_str());
    let to = Destination { account, region, environment: "" };
    terminal.line("")?;
    terminal.page(&policy::about(&file.source(), &file.policy, to, subject))?;
    Ok(())
}

/// What holds for an alarm in a template.
fn holds(
    template: &Path,
    subject: Subject<'_>,
    args: &ExplainArgs,
    policy: Option<&PolicyFile>,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let Subject::Alarm(row) = subject else {
        bail!("a template can be given for an alarm; `toprail plan --verbose` shows all else");
    };
    let file = TemplateFile::read(template, &args.deployment, policy)?;
    terminal.line("")?;
    terminal.page(&plan::alarms_of(&file.report(), row))?;
    Ok(())
}
