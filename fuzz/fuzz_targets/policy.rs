//! A text as an organisation's policy, and a template under it.
#![no_main]

#[path = "../../tests/properties/checks.rs"]
#[allow(dead_code, reason = "every target uses one of them")]
mod checks;
#[path = "../../tests/properties/grammar/mod.rs"]
#[allow(dead_code, reason = "only one target makes templates")]
mod grammar;
#[path = "../../tests/support/mod.rs"]
mod support;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::policy(bytes));
