//! `toprail list`: the catalogue.

use crate::args::{Format, ListArgs, Listing};
use crate::exit::Exit;
use crate::policy_file::PolicyFile;
use crate::terminal::Terminal;
use toprail::report::{self, list};

/// Shows a list.
pub(crate) fn run(args: &ListArgs, policy: Option<&PolicyFile>, terminal: &Terminal) -> anyhow::Result<Exit> {
    match args.format {
        Format::Text => {
            let prose = terminal.room();
            terminal.page(&match args.what {
                Listing::Alarms => list::alarms(prose),
                Listing::Guardrails => list::guardrails(prose),
                Listing::Resources => list::resources(prose),
                Listing::Findings => list::findings(prose),
            })?;
            let keys: &[&str] = match args.what {
                Listing::Alarms => &["Profile", "Alarms", "Methods"],
                Listing::Guardrails => &["Guardrails", "RequiredTags"],
                Listing::Resources => &[],
                Listing::Findings => &["Suppress", "NoSuppress"],
            };
            if let Some(file) = policy {
                terminal.line("")?;
                terminal.page(&report::policy::says(&file.source(), &file.policy, keys))?;
            }
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
