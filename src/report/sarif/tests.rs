use super::*;
use crate::catalogue::guards::abuse::UNTHROTTLED_STAGE;
use crate::finding::{UNKNOWN_API_NAME, WRONG_POLICY};
use crate::report::PolicySource;
use crate::template::document::Document;

fn pointer(text: &str) -> Pointer {
    Pointer::parse(text).expect("a pointer")
}

#[test]
fn a_finding_keeps_its_fingerprint_when_lines_move_and_its_level_when_it_is_raised() {
    let template = "Resources:\n  Schöne: {Type: T}\n";
    let finding = Finding::new(&UNTHROTTLED_STAGE.code, pointer("/Resources/Schöne"), "no limit.", "set one")
        .at_level(Level::Error);
    let run = |text: &str| {
        let document = Document::parse(text).expect("a template");
        let source = Source { name: "t.yaml", document: Some(&document), call: None, policy: None };
        let findings = [finding.clone(), finding.clone()];
        log("/r", &[File { source, findings: &findings }], &[]).expect("JSON")["runs"][0].clone()
    };
    let (first, moved) = (run(template), run(&format!("# moved\n{template}")));
    let result = &first["results"][0];
    let region = serde_json::json!({"startLine": 2, "startColumn": 3, "endLine": 2, "endColumn": 9});
    assert_eq!(result["locations"][0]["physicalLocation"]["region"], region);
    assert_eq!(moved["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"], 3);
    assert_eq!(result["partialFingerprints"], moved["results"][0]["partialFingerprints"]);
    assert_ne!(result["partialFingerprints"], first["results"][1]["partialFingerprints"]);
    assert_eq!(result["level"], "error");
    assert_eq!(result["message"]["text"], "no limit. To do: set one.");
    let rule = &first["tool"]["driver"]["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
    assert_eq!((&rule["id"], &rule["defaultConfiguration"]["level"]), (&"TR502".into(), &"warning".into()));
    assert!(rule["help"]["markdown"].as_str().unwrap().contains("suppress"), "the guardrail's page");
}

#[test]
fn what_is_wrong_with_the_policy_is_shown_in_the_policy() {
    let document = Document::parse("Version: 1\nDefaults:\n  Mode: Off\n").expect("a policy");
    let policy = Some(PolicySource { name: "p/policy.yaml", document: &document });
    let source = Source { name: "t.yaml", document: None, call: None, policy };
    let wrong =
        Finding::new(&WRONG_POLICY, Pointer::root(), "wrong", "correct it").with_policy(pointer("/Defaults/Mode"));
    let mut laxer =
        Finding::new(&UNKNOWN_API_NAME, pointer("/Resources/A"), "laxer", "x").with_policy(pointer("/Defaults"));
    laxer.related = vec![pointer("/Resources/B")];
    let findings = [wrong, laxer];
    let value = log("", &[File { source, findings: &findings }], &[]).expect("JSON");
    let results = &value["runs"][0]["results"];
    let at = |location: &Value| {
        let physical = &location["physicalLocation"];
        (physical["artifactLocation"]["uri"].clone(), physical["region"]["startLine"].clone())
    };
    assert_eq!(at(&results[0]["locations"][0]), ("p/policy.yaml".into(), 3.into()));
    assert!(results[0].get("relatedLocations").is_none());
    assert_eq!(at(&results[1]["locations"][0]), ("t.yaml".into(), Value::Null));
    let related: Vec<_> = results[1]["relatedLocations"].as_array().unwrap().iter().map(at).collect();
    assert_eq!(related, [("t.yaml".into(), Value::Null), ("p/policy.yaml".into(), 2.into())]);
}

#[test]
fn no_text_is_longer_than_viewers_take() {
    let long = Finding::new(&SUPPRESSED, Pointer::root(), "ä".repeat(2000), "x");
    let source = Source { name: "t.yaml", document: None, call: None, policy: None };
    let value = log("", &[File { source, findings: &[long] }], &[]).expect("JSON");
    let run = &value["runs"][0];
    let message = run["results"][0]["message"]["text"].as_str().unwrap();
    assert_eq!((message.chars().count(), message.ends_with('…')), (1024, true));
    assert_eq!(run["results"][0]["suppressions"][0]["kind"], "inSource");
    for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
        let text = |key: &str| rule[key]["text"].as_str().unwrap().to_owned();
        assert!(!text("fullDescription").ends_with('…'), "{}", rule["id"]);
        assert!(text("shortDescription").ends_with('.') && text("shortDescription").len() < 200, "{rule}");
    }
}
