//! `toprail list`: the catalogue.

use crate::args::{Format, ListArgs, Listing};
use crate::exit::Exit;
use crate::terminal::Terminal;
use toprail::report::list;

/// Shows a list.
pub(crate) fn run(args: &ListArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    match args.format {
        Format::Text => {
            let prose = terminal.room();
            terminal.page(&match args.what {
                Listing::Alarms => list::alarms(prose),
                Listing::Guardrails => list::guardrails(prose),
                Listing::Resources => list::resources(prose),
                Listing::Findings => list::findings(prose),
            })?;
        }
        Format::Json => {
            let value = match args.what {
                Listing::Alarms => list::alarms_json(),
                Listing::Guardrails => list::guardrails_json(),
                Listing::Resources => list::resources_json(),
                Listing::Findings => list::findings_json(),
            };
            terminal.line(&serde_json::to_string_pretty(&value)?)?;
        }
    }
    Ok(Exit::Clean)
}
