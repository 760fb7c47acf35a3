//! `toprail invoke`: what the Lambda function does, without Lambda.

use crate::args::InvokeArgs;
use crate::exit::Exit;
use crate::input;
use crate::policy_file::PolicyFile;
use crate::terminal::{Terminal, complain};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use toprail::macro_event::{answer as answer_event, failure, read, request_id_in};

/// Lambda takes no larger event.
const LARGEST_EVENT: usize = 6 * 1024 * 1024;

/// Answers events, one after the other.
pub(crate) fn run(args: &InvokeArgs, policy: Option<&PolicyFile>, terminal: &Terminal) -> anyhow::Result<Exit> {
    let is_pretty = args.events.len() == 1 && Terminal::is_interactive();
    let mut exit = Exit::Clean;
    for path in &args.events {
        exit = exit.max(answer(path, policy, is_pretty, terminal)?);
    }
    Ok(exit)
}

fn answer(path: &Path, policy: Option<&PolicyFile>, is_pretty: bool, terminal: &Terminal) -> anyhow::Result<Exit> {
    let event = match input::read_whole(path, LARGEST_EVENT) {
        Ok(event) => event,
        Err(error) => {
            complain(&format!("{error:#}"));
            return Ok(Exit::Unable);
        }
    };
    let policy = policy.map(|file| Arc::clone(&file.policy));
    let response = catch_unwind(AssertUnwindSafe(|| answer_event(policy, &event))).unwrap_or_else(|_| {
        let message = "TR900 internal: Toprail stopped on a mistake of its own. Nothing was changed. Please report it.";
        failure(request_id_in(&event), message)
    });
    let is_success = response.summary.success;
    if is_pretty {
        terminal.line(&serde_json::to_string_pretty(&read(response).body)?)?;
    } else {
        terminal.line(response.body.as_str())?;
    }
    Ok(if is_success { Exit::Clean } else { Exit::Findings })
}
