//! `toprail explain`: the page of an alarm, a guardrail or a finding.

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::terminal::Terminal;
use anyhow::bail;
use toprail::report::explain::{self, Unknown};

/// Longer lines are hard to read.
const WIDEST: usize = 100;

/// Shows a page.
pub(crate) fn run(args: &ExplainArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let id = &args.id;
    match explain::find(id) {
        Ok(subject) => terminal.page(&explain::page(subject, terminal.room().map(|room| room.min(WIDEST))))?,
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
