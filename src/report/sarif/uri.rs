//! The names of files as URIs: what is under the root relative to it, all else absolute.

use super::log::Artifact;
use std::fmt::Write as _;

/// The base of relative URIs, by the name that viewers know.
pub(super) const BASE: &str = "%SRCROOT%";

/// A file by its name, which is absolute or relative to `root`; `root` is an absolute path, or empty where it is not known.
pub(super) fn artifact(name: &str, root: &str) -> Artifact {
    let (name, root) = (slashes(name), slashes(root));
    let inside = segments("", &root);
    let path = if is_absolute(&name) { segments("", &name) } else { segments(&root, &name) };
    match path.strip_prefix(inside.as_slice()) {
        Some(rest) if !rest.is_empty() && (!root.is_empty() || !is_absolute(&name)) => {
            Artifact { uri: encode(rest), uri_base_id: Some(BASE) }
        }
        _ => Artifact { uri: format!("file:///{}", encode(&path)), uri_base_id: None },
    }
}

fn slashes(path: &str) -> String {
    if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() }
}

/// `/a`, and on Windows `C:/a`.
fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || cfg!(windows) && path.get(1..3) == Some(":/")
}

/// The names that lead to a file, without `.` and, where something stands before it, `..`.
fn segments<'a>(root: &'a str, path: &'a str) -> Vec<&'a str> {
    let mut out: Vec<&str> = Vec::new();
    for segment in root.split('/').chain(path.split('/')) {
        match segment {
            "" | "." => {}
            ".." if out.last().is_some_and(|last| *last != "..") => {
                out.pop();
            }
            _ => out.push(segment),
        }
    }
    out
}

/// RFC 3986: everything but unreserved characters is written in percent, `:` too, because what stands before one would be a scheme.
fn encode(segments: &[&str]) -> String {
    let mut out = String::new();
    for (index, segment) in segments.iter().enumerate() {
        if index > 0 {
            out.push('/');
        }
        for byte in segment.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(char::from(byte));
            } else {
                // Writing into a text cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_under_the_root_are_relative_to_it_and_others_absolute() {
        let uri = |name: &str, root: &str| {
            let artifact = artifact(name, root);
            (artifact.uri, artifact.uri_base_id.is_some())
        };
        for (name, expected) in [
            ("template.yaml", "template.yaml"),
            ("./a/../services/orders.yaml", "services/orders.yaml"),
            ("/home/repo/mit Blank & ü.yaml", "mit%20Blank%20%26%20%C3%BC.yaml"),
            ("a:b#c?.yaml", "a%3Ab%23c%3F.yaml"),
            ("<stdin>", "%3Cstdin%3E"),
        ] {
            assert_eq!(uri(name, "/home/repo"), (expected.to_owned(), true));
        }
        assert_eq!(uri("../other/t.yaml", "/home/repo"), ("file:///home/other/t.yaml".to_owned(), false));
        assert_eq!(uri("/home/repository/t.yaml", "/home/repo"), ("file:///home/repository/t.yaml".to_owned(), false));
        assert_eq!(uri("a/t.yaml", ""), ("a/t.yaml".to_owned(), true));
        assert_eq!(uri("/a/t.yaml", ""), ("file:///a/t.yaml".to_owned(), false));
    }
}
