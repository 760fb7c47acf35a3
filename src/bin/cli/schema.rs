//! `toprail schema`: the JSON Schema of a configuration file.

use crate::args::SchemaOf;
use crate::exit::Exit;
use crate::terminal::Terminal;
use toprail::schema;

/// Writes the schema.
pub(crate) fn run(of: SchemaOf, terminal: &Terminal) -> anyhow::Result<Exit> {
    let schema = match of {
        SchemaOf::Template => schema::template(),
        SchemaOf::Policy => schema::policy(),
    };
    terminal.line(&serde_json::to_string_pretty(&schema)?)?;
    Ok(Exit::Clean)
}
