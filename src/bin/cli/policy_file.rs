//! The policy file that `--policy` names.

use crate::input;
use crate::template_file::mistakes;
use crate::terminal::Terminal;
use anyhow::bail;
use std::path::Path;
use std::sync::Arc;
use toprail::config::Policy;
use toprail::report::{self, Detail, PolicySource, Source};
use toprail::template::document::{Document, MAX_BYTES};

/// A policy file that has been read.
#[derive(Debug)]
pub(crate) struct PolicyFile {
    /// Its name, for people.
    pub(crate) name: String,
    /// What it says.
    pub(crate) policy: Arc<Policy>,
    document: Document,
}

impl PolicyFile {
    /// Reads a file, whatever it says.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let name = input::name(path);
        let bytes = input::read_whole(path, MAX_BYTES)?;
        let document = match Document::load(&bytes) {
            Ok(document) => document,
            Err(errors) => bail!(mistakes(&name, &errors)),
        };
        let policy = Arc::new(Policy::read(&document.value));
        Ok(Self { name, policy, document })
    }

    /// Its places, for a renderer.
    pub(crate) fn source(&self) -> PolicySource<'_> {
        PolicySource { name: &self.name, document: &self.document }
    }

    /// Names all that is wrong with it, if anything is, and says whether.
    pub(crate) fn complain(&self, terminal: &Terminal) -> anyhow::Result<bool> {
        let mistakes = self.policy.mistakes();
        if !mistakes.is_empty() {
            let layout = terminal.layout(Detail::Everything);
            terminal.remark(&report::findings(&self.own_source(), mistakes, layout))?;
        }
        Ok(!mistakes.is_empty())
    }

    /// A source for findings that are about the policy alone.
    pub(crate) fn own_source(&self) -> Source<'_> {
        Source { name: &self.name, document: None, call: None, policy: Some(self.source()) }
    }
}
