//! How secrets look: by the name of what holds them, and by their own shape.

/// What the name of a secret ends in, word by word.
const NAMES: &[&[&str]] = &[
    &["PASSWORD"],
    &["PASSWD"],
    &["PASSPHRASE"],
    &["PWD"],
    &["SECRET"],
    &["TOKEN"],
    &["CREDENTIAL"],
    &["CREDENTIALS"],
    &["APIKEY"],
    &["API", "KEY"],
    &["SECRET", "KEY"],
    &["SECRETKEY"],
    &["PRIVATE", "KEY"],
    &["ACCESS", "KEY"],
    &["SIGNING", "KEY"],
    &["ENCRYPTION", "KEY"],
    &["DB", "PASS"],
];

/// Words in front that make the name one of a switch or a position.
const HARMLESS_STARTS: &[&str] = &["USE", "ENABLE", "REQUIRE", "HAS", "IS", "NEXT", "MAX", "MIN", "PUBLIC"];

/// Whether a name says that its value is a secret. It must end in the word for it: `DB_PASSWORD` does, `SECRET_ARN`, `TOKEN_TABLE` and
/// `PASSWORD_MIN_LENGTH` are about one.
pub(super) fn is_secret_name(name: &str) -> bool {
    let mut words = words(name);
    while words.last().is_some_and(|last| last == "VALUE" || last.chars().all(|c| c.is_ascii_digit())) {
        words.pop();
    }
    let is_harmless = words.first().is_some_and(|first| HARMLESS_STARTS.contains(&first.as_str()));
    !is_harmless
        && NAMES.iter().any(|end| {
            words.len() >= end.len() && words.iter().rev().zip(end.iter().rev()).all(|(word, end)| word == end)
        })
}

/// `dbPassword`, `DB_PASSWORD` and `db-password` are DB and PASSWORD.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && was_lower) {
            words.push(String::new());
        }
        if let Some(last) = words.last_mut().filter(|_| c.is_ascii_alphanumeric()) {
            last.push(c.to_ascii_uppercase());
        }
        was_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a text may be a secret, and is not empty, a switch, or the place where the secret is.
pub(super) fn may_be_secret(text: &str) -> bool {
    let text = text.trim();
    let is_switch = ["true", "false", "null", "none", "undefined"].iter().any(|word| text.eq_ignore_ascii_case(word));
    let is_place = ["arn:", "/", "http://", "https://", "s3://", "ssm:", "{{resolve:", "<", "./"]
        .iter()
        .any(|start| text.starts_with(start));
    !text.is_empty() && !is_switch && !is_place
}

/// A reference that CloudFormation replaces with the secret itself.
pub(super) fn is_resolved(text: &str) -> bool {
    text.contains("{{resolve:secretsmanager:")
}

/// What a text holds that is a secret whatever it is called. Sources: the issuers' documentation of their keys (AWS IAM user guide, "Unique identifiers";
/// GitHub, "About authentication"; Slack, "Token types"; Stripe, "API keys"), RFC 7468, RFC 7519, RFC 3986.
pub(super) fn shape(text: &str) -> Option<&'static str> {
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    if has_password_in_url(text) {
        return Some("a URL with a password");
    }
    let is_inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    text.split(|c| !is_inner(c)).find_map(token)
}

fn token(word: &str) -> Option<&'static str> {
    let after = |prefix: &str, least: usize| word.strip_prefix(prefix).is_some_and(|rest| rest.len() >= least);
    let any = |prefixes: &[&str], least: usize| prefixes.iter().any(|prefix| after(prefix, least));
    let is_upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    if word.len() == 20 && any(&["AKIA", "ASIA"], 16) && word.chars().all(is_upper) {
        Some("an AWS access key")
    } else if any(&["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"], 20) {
        Some("a GitHub token")
    } else if any(&["xoxb-", "xoxa-", "xoxp-", "xoxr-", "xoxs-"], 10) {
        Some("a Slack token")
    } else if any(&["sk_live_", "rk_live_"], 10) {
        Some("a Stripe key")
    } else if word.starts_with("eyJ")
        && word.split('.').count() == 3
        && word.split('.').nth(1).is_some_and(|claims| claims.starts_with("eyJ"))
    {
        Some("a JSON web token")
    } else {
        None
    }
}

/// `scheme://user:password@host`, where the password is written out.
fn has_password_in_url(text: &str) -> bool {
    text.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', '?', '#', ' ', '"', '\'']).next().unwrap_or_default();
        let password =
            authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':')).map(|(_, password)| password);
        password.is_some_and(|password| !password.is_empty() && !password.contains(['$', '{', '<', '%']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_told_from_names_about_secrets() {
        for name in [
            "DB_PASSWORD",
            "dbPassword",
            "API_KEY",
            "StripeApiKey",
            "AWS_SECRET_ACCESS_KEY",
            "TOKEN_1",
            "CLIENT_SECRET_VALUE",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "SECRET_NAME",
            "SECRET_ARN",
            "TOKEN_TABLE",
            "TOKEN_EXPIRY",
            "PASSWORD_MIN_LENGTH",
            "TOKEN_URL",
            "API_KEY_PARAMETER",
            "PRIVATE_KEY_PATH",
            "PARTITION_KEY",
            "USE_TOKEN",
            "MAX_TOKENS",
            "KEY",
            "",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn shapes_of_secrets_are_known_inside_other_text() {
        for text in [
            "AKIAIOSFODNN7EXAMPLE",
            "key=AKIAIOSFODNN7EXAMPLE;",
            "-----BEGIN RSA PRIVATE KEY-----\nabc",
            "postgres://app:hunter2@db:5432/x",
            "xoxb-123456789012-abc",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
        ] {
            assert!(shape(text).is_some(), "{text}");
        }
        for text in [
            "AKIA",
            "postgres://db:5432/x",
            "postgres://app:${Password}@db",
            "https://example.com/a@b:c",
            "eyJ.x",
            "-----BEGIN PUBLIC KEY-----",
        ] {
            assert!(shape(text).is_none(), "{text}");
        }
    }
}
