//! The macro's Lambda function.
fn main() {}
