//! One transform, for `scripts/instructions` to count: `instructions INPUT nothing|transform|read|floor`. What `nothing` takes is what starting
//! the process and making the input takes; `read` is `transform` and, after it, reading the response; `floor` is `read` and, after it, the floor that
//! `speed` compares with.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a measurement that cannot go on stops"
)]

mod inputs;

use serde_json::Value;
use std::hint::black_box;
use toprail::macro_event::answer;

fn main() {
    // `cargo bench` adds `--bench`.
    let args: Vec<_> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let [input, what] = args.as_slice() else { return };
    let event = black_box(inputs::event(input).expect("a, b or c"));
    if what == "nothing" {
        return;
    }
    let response = answer(None, &event);
    assert!(response.summary.success);
    if what == "transform" {
        black_box(response);
        return;
    }
    let response: Value = serde_json::from_str(response.body.as_str()).expect("JSON");
    if what == "floor" {
        let event: Value = serde_json::from_slice(&event).expect("JSON");
        black_box((event, serde_json::to_vec(black_box(&response)).expect("JSON")));
    }
}
