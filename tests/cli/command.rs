//! Runs the binary.

#![allow(clippy::expect_used, reason = "only tests use it")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit status.
    pub(crate) status: i32,
    /// What was printed.
    pub(crate) stdout: String,
    /// What was complained about.
    pub(crate) stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self {
            status: output.status.code().expect("no signal"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

fn command<const N: usize>(args: [&str; N]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_toprail"));
    command.args(args).stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI"] {
        command.env_remove(name);
    }
    command
}

/// Runs with arguments.
pub(crate) fn toprail<const N: usize>(args: [&str; N]) -> Run {
    with_env(args, &[])
}

/// Runs in an environment.
pub(crate) fn with_env<const N: usize>(args: [&str; N], environment: &[(&str, &str)]) -> Run {
    command(args).envs(environment.iter().copied()).output().expect("the binary runs").into()
}

/// Runs with bytes on standard input.
pub(crate) fn with_input<const N: usize>(args: [&str; N], input: &[u8]) -> Run {
    let mut child = command(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    child.stdin.take().expect("a pipe").write_all(input).expect("it reads");
    child.wait_with_output().expect("it ends").into()
}

/// Runs with nobody at the other end of standard output.
pub(crate) fn with_closed_output<const N: usize>(args: [&str; N]) -> Run {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    command(args).stdout(writer).stderr(Stdio::piped()).output().expect("the binary runs").into()
}

/// Runs a line of a shell in a folder, with the command on the path.
pub(crate) fn run_shell(folder: &Path, line: &str) -> Run {
    let binary = Path::new(env!("CARGO_BIN_EXE_toprail")).parent().expect("a folder");
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", binary.display());
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).current_dir(folder).env("PATH", path).stdin(Stdio::null());
    shell.output().expect("a shell").into()
}

/// An empty folder for one test.
pub(crate) fn scratch_folder(name: &str) -> std::path::PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a writable directory");
    folder
}

/// The template of an example.
pub(crate) fn example(name: &str) -> String {
    format!("{}/examples/{name}/template.yaml", env!("CARGO_MANIFEST_DIR"))
}

/// A file for one test.
pub(crate) fn scratch(name: &str, content: impl AsRef<[u8]>) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).expect("a writable directory");
    path.to_string_lossy().into_owned()
}
