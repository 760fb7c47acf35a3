//! What is written from the code is in step with it: the pages of `docs/` that list things, and the plan that the README shows.
//! `UPDATE=1 cargo test --test generated` writes them.

#![allow(clippy::expect_used, reason = "a test that cannot go on says why")]

use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn assert_in_step(name: &str, expected: &str) {
    let path = root().join(name);
    #[allow(clippy::disallowed_methods, reason = "a test is told by its environment to write")]
    if std::env::var("UPDATE").is_ok() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        fs::write(&path, expected).expect("the file can be written");
    }
    let actual = fs::read_to_string(&path).unwrap_or_default();
    assert!(actual == expected, "{name} is out of step: run `UPDATE=1 cargo test --test generated`");
}

#[test]
fn docs_are_in_step_with_the_tables() {
    assert_in_step("docs/alarms.md", &toprail::docs::alarms());
    let table = |name: &str| fs::read_to_string(root().join("tests/metrics").join(name)).expect("the table is there");
    let (peers, recommended) = (table("peers.tsv"), table("recommended_types.tsv"));
    let (left_out, types) = (table("left_out.tsv"), table("resource_types.txt"));
    let tables = toprail::docs::Tables { peers: &peers, recommended: &recommended, left_out: &left_out, types: &types };
    assert_in_step("docs/coverage.md", &toprail::docs::coverage(tables));
    assert_in_step("docs/configuration.md", &toprail::docs::configuration());
    assert_in_step("docs/findings.md", &toprail::docs::findings());
    assert_in_step("docs/guardrails.md", &toprail::docs::guardrails());
}

#[test]
fn the_readme_counts_what_the_catalogue_has() {
    let (alarms, kinds) = (toprail::catalogue::alarms().count(), toprail::catalogue::kinds().count());
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    assert!(
        readme.contains(&format!("{alarms} alarms on {kinds} kinds of things")),
        "{alarms} alarms on {kinds} kinds"
    );
}

#[test]
fn schemas_are_in_step_with_the_reference() {
    for (name, schema) in [
        ("template", toprail::schema::template(&toprail::catalogue::Rows::default())),
        ("policy", toprail::schema::policy()),
    ] {
        let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        assert_in_step(&format!("schema/{name}.schema.json"), &text);
    }
}

#[cfg(feature = "cli")]
#[test]
fn the_readme_shows_the_plan_as_it_is() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_toprail"))
        .args(["plan", "--width", "100", "--color", "never", "examples/orders-api/template.yaml"])
        .current_dir(root())
        .output()
        .expect("the command runs");
    let plan = String::from_utf8(output.stdout).expect("text");
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let (before, rest) = readme.split_once("generated` -->\n").expect("the mark before the plan");
    let (_, after) = rest.split_once("<!-- end of plan -->").expect("the mark after the plan");
    let block = format!("```text\n{}\n```\n", plan.trim_end());
    assert_in_step("README.md", &format!("{before}generated` -->\n{block}<!-- end of plan -->{after}"));
}
