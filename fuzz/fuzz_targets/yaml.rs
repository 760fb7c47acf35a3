//! The bytes of a template file through the reader, and what it read through the writer and the engine.
#![no_main]

#[path = "../../tests/properties/checks.rs"]
#[allow(dead_code, reason = "every target uses one of them")]
mod checks;
#[path = "../../tests/properties/grammar/mod.rs"]
#[allow(dead_code, reason = "only one target makes templates")]
mod grammar;
#[path = "../../tests/support/mod.rs"]
mod support;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::yaml(bytes));
