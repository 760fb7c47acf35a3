//! `toprail schema`: the JSON Schema of a configuration file.

use crate::args::SchemaOf;
use crate::exit::Exit;
use crate::policy_file::PolicyFile;
use crate::terminal::Terminal;
use toprail::schema;

/// Writes the schema. That of templates knows the policy's own rows.
pub(crate) fn run(of: SchemaOf, policy: Option<&PolicyFile>, terminal: &Terminal) -> anyhow::Result<Exit> {
    let rows = policy.map(|file| file.policy.rows().clone()).unwrap_or_default();
    let schema = match of {
        SchemaOf::Template => schema::template(&rows),
        SchemaOf::Policy => schema::policy(),
    };
    terminal.line(&serde_json::to_string_pretty(&schema)?)?;
    Ok(Exit::Clean)
}
