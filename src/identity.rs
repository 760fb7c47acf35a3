//! Logical ids and names. They are a function of what a thing *is* (API, stage, method, alarm) and of nothing else: not of thresholds,
//! order or content. A change here deletes and recreates people's alarms, so `tests/ids.golden` freezes the results.

use sha2::{Digest, Sha256};
use std::borrow::Borrow;

/// Logical ids are cut to this length, hash included; CloudFormation takes 255, but physical names are made from them.
const LONGEST_ID: usize = 128;
/// Hexadecimal digits of the hash in an id: 32 bits beside a readable prefix.
const HASH_DIGITS: usize = 8;

/// The logical id of what the pieces name together, such as `["OrdersApi", "prod", "GET", "/orders/{id}", "LatencyP99"]`.
/// `attempt` is 0 unless the template already uses the id for something else.
pub(crate) fn logical_id<Piece: Borrow<str>>(pieces: &[Piece], attempt: usize) -> String {
    let mut identity = pieces.join("\u{1f}");
    if attempt > 0 {
        identity.push_str(&format!("\u{1f}{attempt}"));
    }
    let mut id = String::with_capacity(LONGEST_ID);
    pieces.iter().for_each(|piece| push_readable(&mut id, piece.borrow()));
    id.truncate(LONGEST_ID - HASH_DIGITS);
    if !id.starts_with(|first: char| first.is_ascii_alphabetic()) {
        id.insert(0, 'T');
        id.truncate(LONGEST_ID - HASH_DIGITS);
    }
    id + &short_hash(&identity)
}

/// The name of the condition that says what `expression` says.
pub(crate) fn condition_id(expression: &str) -> String {
    format!("ToprailWhen{}", short_hash(expression))
}

/// Eight hexadecimal digits of SHA-256.
pub(crate) fn short_hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let start = digest.iter().take(HASH_DIGITS / 2).fold(0_u32, |start, byte| (start << 8) | u32::from(*byte));
    (0..HASH_DIGITS).rev().filter_map(|place| char::from_digit((start >> (4 * place)) & 0xf, 16)).collect()
}

/// ASCII letters and digits only, each word with a capital: `/orders/{id}` becomes `OrdersId`.
fn push_readable(out: &mut String, piece: &str) {
    let upper_case_word = !piece.bytes().any(|byte| byte.is_ascii_lowercase());
    let mut word_starts = true;
    // Bytes will do: all those of other characters are no ASCII.
    for byte in piece.bytes() {
        if !byte.is_ascii_alphanumeric() {
            word_starts = true;
            continue;
        }
        out.push(char::from(match (word_starts, upper_case_word) {
            (true, _) => byte.to_ascii_uppercase(),
            (false, true) => byte.to_ascii_lowercase(),
            (false, false) => byte,
        }));
        word_starts = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(pieces: &[&str]) -> String {
        logical_id(pieces, 0)
    }

    #[test]
    fn an_id_can_be_read() {
        let id = id(&["OrdersApi", "prod", "GET", "/orders/{id}", "LatencyP99"]);
        assert!(id.starts_with("OrdersApiProdGetOrdersIdLatencyP99"), "{id}");
        assert!(id.chars().all(|c| c.is_ascii_alphanumeric()));
    }

    #[test]
    fn paths_that_read_alike_have_different_ids() {
        assert_ne!(id(&["A", "/a/b"]), id(&["A", "/ab"]));
        assert_ne!(id(&["A", "/users/{id}"]), id(&["A", "/users/id"]));
        assert_ne!(id(&["my-api"]), id(&["my_api"]));
        assert_ne!(id(&["AB", "C"]), id(&["A", "BC"]));
    }

    #[test]
    fn a_long_path_still_gives_a_valid_id() {
        let long = format!("/{}", "x/".repeat(400));
        assert_eq!(id(&["A", &long]).len(), LONGEST_ID);
        assert!(id(&["ü", "/"]).starts_with('T'));
    }
}
