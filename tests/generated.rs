//! The pages of `docs/` that list things are what the tables say. `UPDATE=1 cargo test --test generated` writes them.

use std::fs;
use std::path::Path;

#[test]
fn docs_are_in_step_with_the_tables() {
    let pages = [
        ("alarms.md", toprail::docs::alarms()),
        ("configuration.md", toprail::docs::configuration()),
        ("findings.md", toprail::docs::findings()),
        ("guardrails.md", toprail::docs::guardrails()),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for (name, expected) in pages {
        let path = folder.join(name);
        #[allow(clippy::disallowed_methods, reason = "a test is told by its environment to write")]
        if std::env::var("UPDATE").is_ok() {
            fs::create_dir_all(&folder).expect("docs/ can be made");
            fs::write(&path, &expected).expect("the page can be written");
        }
        let actual = fs::read_to_string(&path).unwrap_or_default();
        assert!(actual == expected, "docs/{name} is out of step: run `UPDATE=1 cargo test --test generated`");
    }
}
