//! One transform, for `scripts/instructions` to count: `instructions INPUT nothing|floor|transform`. What `nothing` takes is what starting the
//! process and making the input takes; `floor` is `transform` and, after it, the floor that `speed` compares with.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a measurement that cannot go on stops"
)]

mod inputs;

use serde_json::Value;
use std::hint::black_box;
use toprail::macro_event::respond_to_bytes;

fn main() {
    // `cargo bench` adds `--bench`.
    let args: Vec<_> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let [input, what] = args.as_slice() else { return };
    let event = black_box(inputs::event(input).expect("a, b or c"));
    if what == "nothing" {
        return;
    }
    let response = respond_to_bytes(None, &event);
    assert!(response.summary.success);
    black_box(serde_json::to_vec(&response.body).expect("JSON"));
    if what == "floor" {
        let event: Value = serde_json::from_slice(&event).expect("JSON");
        black_box((event, serde_json::to_vec(black_box(&response.body)).expect("JSON")));
    }
}
