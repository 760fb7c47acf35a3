//! The `toprail` command.
#![allow(clippy::print_stdout, reason = "a command prints")]
fn main() {
    for path in std::env::args().skip(2) {
        let bytes = std::fs::read(&path).unwrap_or_default();
        println!("{}", toprail::macro_event::respond_to_bytes(&bytes).body);
    }
}
