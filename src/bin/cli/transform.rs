//! `toprail transform`: the template that CloudFormation would get.

use crate::args::{TemplateFormat, TransformArgs};
use crate::exit::Exit;
use crate::input;
use crate::policy_file::PolicyFile;
use crate::template_file::TemplateFile;
use crate::terminal::{Terminal, complain};
use anyhow::Context as _;
use serde_json::Value;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use toprail::report::{self, Detail, Reach};

/// Writes the transformed template; nothing if the transform fails.
pub(crate) fn run(args: &TransformArgs, policy: Option<&PolicyFile>, terminal: &Terminal) -> anyhow::Result<Exit> {
    let mut file = match TemplateFile::read(&args.template, &args.deployment, policy) {
        Ok(file) => file,
        Err(error) => {
            format!("{error:#}").lines().for_each(complain);
            return Ok(Exit::Unable);
        }
    };
    if let Some((name, _)) = args.deployment.params.iter().find(|(name, _)| !file.parameters.contains(name)) {
        anyhow::bail!("--param {name}: no parameter of the template has this name");
    }
    let report = file.report();
    if file.outcome.failed() {
        terminal.remark(&report::findings(
            &report.source,
            &file.outcome.findings,
            terminal.layout(Detail::Everything),
        ))?;
        return Ok(Exit::Findings);
    }
    file.notes.iter().for_each(|note| complain(&format!("{}: {note}", file.name)));
    match report.reach {
        Reach::Adds => {}
        Reach::Audits => complain(&format!("{}: nothing is added, because `Mode` is `Audit`", file.name)),
        Reach::Unlisted => complain(&format!(
            "{}: no `Transform` of the template lists Toprail yet; this is what it would do",
            file.name
        )),
    }
    let mut template = std::mem::take(&mut file.outcome.fragment);
    if let Some(map) = template.as_object_mut() {
        file.transforms.put_back(map);
    }
    let format = args.format.unwrap_or(if file.is_json { TemplateFormat::Json } else { TemplateFormat::Yaml });
    let text = render(&template, format)?;
    match &args.output {
        None => terminal.bytes(text.as_bytes())?,
        Some(path) => write(path, text.as_bytes()).with_context(|| path.display().to_string())?,
    }
    Ok(Exit::Clean)
}

fn render(template: &Value, format: TemplateFormat) -> anyhow::Result<String> {
    Ok(match format {
        TemplateFormat::Yaml => report::yaml::to_yaml(template),
        TemplateFormat::Json => serde_json::to_string_pretty(template)? + "\n",
    })
}

/// Writes a file that is complete or as it was: beside it first, then in its place. What is no ordinary file is written to.
fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let before = fs::metadata(&target).ok();
    if before.as_ref().is_some_and(|before| !before.is_file()) {
        return fs::write(&target, bytes).map_err(|error| input::plain(&error));
    }
    let draft = draft_of(&target);
    let result = write_draft(&draft, bytes, before.map(|before| before.permissions()))
        .and_then(|()| fs::rename(&draft, &target));
    result.map_err(|error| {
        // It may not even be there.
        let _ = fs::remove_file(&draft);
        input::plain(&error)
    })
}

fn draft_of(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

fn write_draft(draft: &Path, bytes: &[u8], permissions: Option<fs::Permissions>) -> io::Result<()> {
    let mut file = fs::File::create_new(draft)?;
    file.write_all(bytes)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.sync_all()
}
