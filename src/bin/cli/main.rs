//! The `toprail` command.
fn main() {}
