//! `toprail list`: the catalogue.

use crate::args::{Format, ListArgs, Listing};
use crate::exit::Exit;
use crate::policy_file::PolicyFile;
use crate::terminal::Terminal;
use toprail::report::{self, InForce, list};

/// Shows a list.
pub(crate) fn run(args: &ListArgs, policy: Option<&PolicyFile>, terminal: &Terminal) -> anyhow::Result<Exit> {
    let in_force = policy.map(|file| InForce::new(file.source(), &file.policy));
    let in_force = in_force.as_ref();
    match args.format {
        Format::Text => {
            let prose = terminal.room();
            terminal.page(&match args.what {
                Listing::Alarms => list::alarms(in_force, prose),
                Listing::Guardrails => list::guardrails(in_force, prose),
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
                Listing::Alarms => list::alarms_json(in_force),
                Listing::Guardrails => list::guardrails_json(in_force),
                Listing::Resources => list::resources_json(),
                Listing::Findings => list::findings_json(in_force),
            };
            terminal.line(&serde_json::to_string_pretty(&value)?)?;
        }
    }
    Ok(Exit::Clean)
}
