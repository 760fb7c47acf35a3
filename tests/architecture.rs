//! The architecture of `src/lib.rs` as tests: which module may use which, that only `edit` changes JSON, and how long a file may be.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Who may use whom, from the bottom up. Whoever is in the same module is not listed.
const ALLOWED: &[(&str, &[&str])] = &[
    ("identity", &[]),
    ("template", &["identity"]),
    ("edit", &["template"]),
    ("finding", &["template"]),
    ("catalogue", &["finding"]),
    ("config", &["Context", "catalogue", "finding", "template"]),
    ("target", &["catalogue", "config", "edit", "finding", "identity", "template"]),
    ("alarm", &["Context", "catalogue", "config", "finding", "identity", "target", "template"]),
    ("guard", &["alarm", "catalogue", "config", "edit", "finding", "identity", "target", "template"]),
    ("budget", &["alarm", "catalogue", "edit", "finding", "template"]),
    ("plan", &["alarm", "budget", "catalogue", "config", "guard", "target", "template"]),
    (
        "pipeline",
        &[
            "Context",
            "alarm",
            "budget",
            "catalogue",
            "config",
            "edit",
            "finding",
            "guard",
            "plan",
            "target",
            "template",
        ],
    ),
    ("macro_event", &["Context", "Outcome", "config", "edit", "finding", "template", "transform_to_write"]),
    ("report", &["Outcome", "catalogue", "config", "finding", "guard", "plan", "target", "template"]),
    ("docs", &["catalogue", "config"]),
    ("schema", &["catalogue", "config", "docs"]),
];

/// The longest a file may be, tests apart.
const LONGEST_FILE: usize = 400;

fn sources() -> Vec<PathBuf> {
    fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                out.push(path);
            }
        }
    }
    let mut out = Vec::new();
    walk(&root(), &mut out);
    out.sort();
    out
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The file as users of the package have it: without its unit tests.
fn without_tests(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()
}

/// `template` of `src/template/document/mod.rs`, `edit` of `src/edit.rs`.
fn module(path: &Path) -> String {
    let inner = path.strip_prefix(root()).unwrap();
    let first = inner.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The files of the library.
fn library() -> impl Iterator<Item = PathBuf> {
    sources().into_iter().filter(|path| !matches!(module(path).as_str(), "bin" | "lib"))
}

/// What follows `crate::` in a line of code: one name, or those of a list in braces.
fn used(code: &str) -> BTreeSet<String> {
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let text = lines.collect::<Vec<_>>().join("\n");
    let mut out = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        let list = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default(),
            None => rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default(),
        };
        let names = list.split(',').map(|name| name.trim().split("::").next().unwrap_or_default().to_owned());
        out.extend(names.filter(|name| !name.is_empty()));
    }
    out
}

#[test]
fn arrows_go_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut against = Vec::new();
    for path in library() {
        let own = module(&path);
        let may = allowed.get(own.as_str()).unwrap_or_else(|| panic!("{own} is not in the list of modules"));
        let used = used(&without_tests(&path)).into_iter().filter(|name| *name != own);
        against.extend(
            used.filter(|name| !may.contains(&name.as_str())).map(|name| format!("{} uses {name}", path.display())),
        );
    }
    assert!(against.is_empty(), "{against:#?}");
}

#[test]
fn every_arrow_in_the_list_is_there() {
    let mut drawn: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in library() {
        drawn.entry(module(&path)).or_default().extend(used(&without_tests(&path)));
    }
    for (module, uses) in ALLOWED {
        let drawn = drawn.get(*module).unwrap_or_else(|| panic!("there is no module {module}"));
        let idle: Vec<_> = uses.iter().filter(|name| !drawn.contains(**name)).collect();
        assert!(idle.is_empty(), "{module} does not use {idle:?} any more: take it off the list");
    }
}

#[test]
fn json_is_changed_in_one_place() {
    let changes =
        ["as_object_mut", "as_array_mut", "pointer_mut", "&mut Value", "&mut Object", "&mut Map<String, Value>"];
    let mut elsewhere = Vec::new();
    for path in library().filter(|path| module(path) != "edit") {
        let code = without_tests(&path);
        elsewhere.extend(
            changes
                .iter()
                .filter(|change| code.contains(**change))
                .map(|change| format!("{}: {change}", path.display())),
        );
    }
    assert!(elsewhere.is_empty(), "{elsewhere:#?}");
}

#[test]
fn the_engine_is_a_pure_function() {
    let impure = [
        "std::env",
        "std::fs",
        "std::net",
        "std::time",
        "std::thread",
        "SystemTime",
        "HashMap",
        "HashSet",
        "println!",
        "eprintln!",
        "RefCell",
        "static mut",
    ];
    let mut found = Vec::new();
    for path in library() {
        let code = without_tests(&path);
        found.extend(
            impure.iter().filter(|word| code.contains(**word)).map(|word| format!("{}: {word}", path.display())),
        );
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let long: Vec<_> = sources()
        .into_iter()
        .filter(|path| path.file_name().is_none_or(|name| name != "tests.rs"))
        .map(|path| (without_tests(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}
