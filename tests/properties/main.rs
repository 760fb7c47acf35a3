//! Random templates from a grammar (`grammar`) keep the nine laws, and bytes that were found by fuzzing stay harmless.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on should stop")]
#![allow(clippy::expect_used, reason = "a test that cannot go on says why")]

mod checks;
mod cloudwatch;
mod grammar;
mod laws;
mod sam;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

/// Checks the committed bytes of a fuzz target: strange ones to start from, and those that once broke something.
fn assert_harmless(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!files.is_empty(), "{}", folder.display());
    for file in files {
        let bytes = fs::read(&file).unwrap();
        assert!(catch_unwind(|| check(&bytes)).is_ok(), "{}", file.display());
    }
}

#[test]
fn bytes_that_are_no_event_or_a_strange_one_are_answered() {
    assert_harmless("event", checks::event);
}

#[test]
fn bytes_that_are_no_template_or_a_strange_one_are_read_or_refused() {
    assert_harmless("yaml", checks::yaml);
}

#[test]
fn bytes_that_are_no_configuration_or_a_strange_one_are_applied_or_refused() {
    assert_harmless("config", checks::config);
}

#[test]
fn bytes_that_are_no_policy_or_a_strange_one_are_applied_or_refused() {
    assert_harmless("policy", checks::policy);
}

#[test]
fn bytes_that_choose_a_template_choose_one_that_keeps_the_laws() {
    assert_harmless("transform", checks::transform);
}
