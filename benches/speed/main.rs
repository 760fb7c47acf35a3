//! Prints one table of how fast Toprail is. `scripts/bench` builds what it needs and runs it; docs/performance.md says what the rows mean.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a measurement that cannot go on stops")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is made to print")]

#[path = "../inputs.rs"]
mod inputs;
mod processes;
mod runtime_api;
mod table;
mod warm;

use std::io::Write;
use std::path::PathBuf;
use table::{Goal, Table};

/// The events by name, with what they are.
const EVENTS: [(&str, &str); 3] =
    [("a", "orders-api"), ("b", "100 methods, 40 functions"), ("c", "1 MB, 500 resources")];

fn main() {
    // `cargo bench` adds `--bench`.
    let args: Vec<_> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["event", name] => {
            let event = inputs::event(name).expect("a, b or c");
            std::io::stdout().write_all(&event).expect("standard output");
        }
        ["memory", file] => println!("{}", processes::memory_of_one_transform(file)),
        [] => print!("{}", table()),
        _ => eprintln!("usage: speed [event a|b|c]; the programs to measure are named by BENCH_… variables"),
    }
}

/// A program or file to measure, named by the environment; none where there is none.
#[allow(clippy::disallowed_methods, reason = "a measurement is told by its environment what to measure")]
fn named(variable: &str) -> Option<PathBuf> {
    std::env::var(variable).ok().map(PathBuf::from).filter(|path| path.exists())
}

fn table() -> Table {
    let mut table = Table::default();
    let warm = EVENTS.map(|(name, what)| {
        eprintln!("bench: ({name}) {what}");
        let event = inputs::event(name).expect("an event");
        let warm = warm::measure(&event);
        let what = format!("({name}) {what}: {} → {} kB", warm.bytes[0] / 1000, warm.bytes[1] / 1000);
        table.add(&what, warm.transform / 1e3, "ms", Goal::None);
        table.add("  ÷ serde_json parses input, writes output", warm.transform / warm.floor, "×", Goal::AtMost(2.0));
        table.add("  ÷ serde_json parses and writes both", warm.transform / warm.both, "×", Goal::AtMost(2.0));
        table.add("  ÷ copying input and output", warm.transform / warm.copy, "×", Goal::None);
        warm.transform / 1e3
    });
    grow(&mut table);
    processes::function(&mut table, named("BENCH_BOOTSTRAP"), named("BENCH_NOTHING"));
    processes::package(&mut table, named("BENCH_ZIP"));
    processes::plan(&mut table, named("BENCH_TOPRAIL"));
    processes::peer(&mut table, named("BENCH_PEER"), named("BENCH_BOOTSTRAP"), &warm);
    table
}

fn grow(table: &mut Table) {
    for (base, what) in [(1, "1 to 64 methods"), (16, "16 to 1,024 methods, alarms for 100 of which fit")] {
        eprintln!("bench: growth, {what}");
        let times = warm::growth(base);
        // What a small template takes is the same whatever its size; the larger half shows how it grows.
        let exponent = warm::exponent(&times).max(warm::exponent(&times[3..]));
        table.add(&format!("growth of time, {what}: exponent"), exponent, "", Goal::AtMost(1.1));
        match processes::memory_growth(base) {
            Ok(memory) => {
                let exponent = warm::exponent(&memory[3..]);
                table.add(&format!("growth of memory, {what}: exponent"), exponent, "", Goal::AtMost(1.1));
            }
            Err(error) => table.skip("growth of memory", &error.to_string()),
        }
    }
}
