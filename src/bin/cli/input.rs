//! Reads files and standard input, never more than is wanted.

use anyhow::{Context as _, anyhow, bail};
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// The name of a file in messages.
pub(crate) fn name(path: &Path) -> String {
    if is_stdin(path) { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// The bytes of a file or of standard input; at most one more than `limit`, which tells that there are too many.
pub(crate) fn read(path: &Path, limit: usize) -> anyhow::Result<Vec<u8>> {
    let limit = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let result = if is_stdin(path) {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    result.map_err(|error| plain(&error)).with_context(|| name(path))?;
    Ok(bytes)
}

/// The same, but too many bytes are an error.
pub(crate) fn read_whole(path: &Path, limit: usize) -> anyhow::Result<Vec<u8>> {
    let bytes = read(path, limit)?;
    if bytes.len() > limit {
        bail!("{}: larger than {limit} bytes", name(path));
    }
    Ok(bytes)
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// An error of the system in plain words.
pub(crate) fn plain(error: &io::Error) -> anyhow::Error {
    let known = [
        (ErrorKind::NotFound, "no such file"),
        (ErrorKind::IsADirectory, "this is a directory: name a file"),
        (ErrorKind::PermissionDenied, "permission denied"),
    ];
    let words = known.iter().find(|(kind, _)| *kind == error.kind());
    words.map_or_else(|| anyhow!("{error}"), |(_, words)| anyhow!("{words}"))
}
