use super::*;
use serde_json::json;

fn document(text: &str) -> Document {
    Document::load(text.as_bytes()).unwrap_or_else(|errors| panic!("{}\n{text}", lines(&errors).join("\n")))
}

fn value(text: &str) -> Value {
    document(text).value
}

fn errors(text: &str) -> Vec<String> {
    lines(&Document::load(text.as_bytes()).unwrap_err())
}

fn lines(errors: &[LoadError]) -> Vec<String> {
    errors.iter().map(ToString::to_string).collect()
}

fn at(pointer: &str) -> Pointer {
    Pointer::parse(pointer).unwrap()
}

/// `line:column-line:column` of a value, and the text that its bytes cover.
fn place<'t>(text: &'t str, document: &Document, pointer: &str) -> (String, &'t str) {
    let span = document.span(&at(pointer)).unwrap();
    (format!("{}-{}", span.start, span.end), &text[span.bytes()])
}

#[test]
fn short_tags_become_their_long_form_on_scalars_lists_and_maps() {
    let found = value(
        "a: !Ref X\nb: !Condition C\nc: !Sub [\"${A}\", {A: 1}]\nd: !Transform {Name: AWS::Include}\n\
         e: !If [C, !Ref X, !Base64 {b: !Sub x}]\nf: !Base64\n  Fn::Sub: x\ng: !Equals\n  - !Ref X\n  - 30\n\
         h: !Foo 12\ni: !GetAZs\nj: !Base64 |\n  two\n  lines\n",
    );
    let expected = json!({
        "a": {"Ref": "X"},
        "b": {"Condition": "C"},
        "c": {"Fn::Sub": ["${A}", {"A": 1}]},
        "d": {"Fn::Transform": {"Name": "AWS::Include"}},
        "e": {"Fn::If": ["C", {"Ref": "X"}, {"Fn::Base64": {"b": {"Fn::Sub": "x"}}}]},
        "f": {"Fn::Base64": {"Fn::Sub": "x"}},
        "g": {"Fn::Equals": [{"Ref": "X"}, 30]},
        "h": {"Fn::Foo": "12"},
        "i": {"Fn::GetAZs": ""},
        "j": {"Fn::Base64": "two\nlines\n"},
    });
    assert_eq!(found, expected);
}

#[test]
fn get_att_splits_at_the_first_dot_only() {
    let found = value("a: !GetAtt A.B\nb: !GetAtt A.Outputs.B\nc: !GetAtt [A, B.C]\nd: !GetAtt A\n");
    let expected = json!({
        "a": {"Fn::GetAtt": ["A", "B"]},
        "b": {"Fn::GetAtt": ["A", "Outputs.B"]},
        "c": {"Fn::GetAtt": ["A", "B.C"]},
        "d": {"Fn::GetAtt": "A"},
    });
    assert_eq!(found, expected);
}

#[test]
fn yaml_s_own_tags_are_respected_and_unknown_ones_named() {
    let found = value("a: !!str 30\nb: !!int \"30\"\nc: !!bool True\nd: !!null ''\ne: !!seq [1]\nf: ! 30\n");
    assert_eq!(found, json!({"a": "30", "b": 30, "c": true, "d": null, "e": [1], "f": "30"}));
    assert_eq!(
        errors("a: !!int 0x1f\nb: !!binary aGk=\nc: !!bool yes\n!Ref d: 1\n"),
        [
            "1:10: the tag asks for a number as JSON writes it, but this is `0x1f`: leave the tag out",
            "2:4: CloudFormation does not know this tag: leave it out",
            "3:11: the tag asks for `true` or `false`, but this is `yes`: leave the tag out",
            "4:1: a key cannot have a tag: write a plain text",
        ]
    );
}

#[test]
fn numbers_keep_their_text_and_account_ids_their_zero() {
    let found = value("a: 1.10\nb: 012345678901\nc: 1e5\nd: 2010-09-09\ne: on\nf: 'quoted'\ng: \n");
    assert_eq!(
        found.to_string(),
        r#"{"a":1.10,"b":"012345678901","c":1e5,"d":"2010-09-09","e":"on","f":"quoted","g":null}"#
    );
}

#[test]
fn keys_become_text() {
    let found = value("responses: {200: ok, 0755: b, true: c, On: d, ~: e, 1.0: f}\n");
    let expected = json!({"200": "ok", "0755": "b", "true": "c", "On": "d", "null": "e", "1.0": "f"});
    assert_eq!(found, json!({ "responses": expected }));
    assert_eq!(
        errors("a: 1\n? [x, y]\n: 2\n{b: c}: 3\nd: 4\nd: 5\n"),
        [
            "2:3: a list or a mapping cannot be a key: write a plain text",
            "4:1: a list or a mapping cannot be a key: write a plain text",
            "6:1: the key `d` is here a second time: remove or rename one (the first one is at 5:1)",
        ]
    );
}

#[test]
fn every_duplicate_key_is_named_at_both_places() {
    let text = "Resources:\n  A: 1\n  B: {x: 1, \"x\": 2}\n  A: 3\n  A: 4\n200: a\n\"200\": b\n";
    let found = Document::parse(text).unwrap_err();
    assert_eq!(
        lines(&found),
        [
            "3:13: the key `x` is here a second time: remove or rename one (the first one is at 3:7)",
            "4:3: the key `A` is here a second time: remove or rename one (the first one is at 2:3)",
            "5:3: the key `A` is here a second time: remove or rename one (the first one is at 2:3)",
            "7:1: the key `200` is here a second time: remove or rename one (the first one is at 6:1)",
        ]
    );
    let first = found[0].related.clone().unwrap().1;
    assert_eq!((&text[found[0].span.bytes()], &text[first.bytes()]), ("\"x\"", "x"));
}

#[test]
fn duplicate_keys_in_json_are_named_too() {
    assert_eq!(
        errors("{\n\t\"a\": {\"b\": 1,\t\"b\": 2},\n\t\"a\": 3\n}"),
        [
            "2:16: the key `b` is here a second time: remove or rename one (the first one is at 2:8)",
            "3:2: the key `a` is here a second time: remove or rename one (the first one is at 2:2)",
        ]
    );
}

#[test]
fn anchors_and_aliases_are_put_in_place() {
    let text = "a: &x {n: [1, !Ref R]}\nb: *x\nc: [*x, &y text, *y]\n*y : key\n&k 200: d\ne: *k\n";
    let shared = json!({"n": [1, {"Ref": "R"}]});
    assert_eq!(
        value(text),
        json!({"a": shared, "b": shared, "c": [shared, "text", "text"], "text": "key", "200": "d", "e": 200})
    );
}

#[test]
fn explicit_keys_win_over_merged_ones_and_earlier_ones_over_later() {
    let text = "a: &a {x: a, y: a}\nb: &b {y: b, z: b}\n\
                one: {x: own, <<: *a}\nlist:\n  <<: [*a, *b]\n  z: own\ntwice:\n  <<: *a\n  <<: *b\n\
                inline: {<<: {x: 1}, \"<<\": 2}\nall: &all [*a, *b]\nfrom: {<<: *all}\n";
    let found = value(text);
    assert_eq!(found["one"], json!({"x": "own", "y": "a"}));
    assert_eq!(found["list"], json!({"x": "a", "y": "a", "z": "own"}));
    assert_eq!(found["twice"], json!({"x": "a", "y": "b", "z": "b"}));
    assert_eq!(found["inline"], json!({"x": 1, "<<": 2}));
    assert_eq!(found["from"], json!({"x": "a", "y": "a", "z": "b"}));
    assert_eq!(
        errors("a: {<<: 1}\nb: {<<: [{x: 1}, y]}\n"),
        [
            "1:9: `<<` takes a mapping or a list of mappings (the merge key is at 1:5)",
            "2:18: `<<` takes a mapping or a list of mappings (the merge key is at 2:5)",
        ]
    );
}

#[test]
fn what_an_alias_or_merge_key_brought_in_stands_where_that_stands() {
    let text = "a: &a {x: {y: [1]}}\nb: *a\nc:\n  <<: *a\n  own: 1\n";
    let document = document(text);
    assert_eq!(place(text, &document, "/a/x/y/0"), ("1:16-1:17".to_owned(), "1"));
    assert_eq!(place(text, &document, "/b"), ("2:4-2:6".to_owned(), "*a"));
    assert_eq!(place(text, &document, "/b/x/y/0"), ("2:4-2:6".to_owned(), "*a"));
    assert_eq!(place(text, &document, "/c/x/y"), ("4:7-4:9".to_owned(), "*a"));
    assert_eq!(&text[document.key_span(&at("/b/x")).unwrap().bytes()], "*a");
    assert_eq!(&text[document.key_span(&at("/c/x")).unwrap().bytes()], "<<");
    assert_eq!(place(text, &document, "/c/own"), ("5:8-5:9".to_owned(), "1"));
}

#[test]
fn every_value_and_key_has_its_place() {
    let text =
        "# é\nRé:\n  A:\n    Type: \"T\"\n    P: !Sub '${X}'\n    L:\n      - é: !GetAtt A.B\n\n# end\nZ: {a: 1}\n";
    let document = document(text);
    let slices = |pointer| place(text, &document, pointer);
    assert_eq!(slices("/Ré/A/Type"), ("4:11-4:14".to_owned(), "\"T\""));
    assert_eq!(slices("/Ré/A/P"), ("5:8-5:19".to_owned(), "!Sub '${X}'"));
    assert_eq!(slices("/Ré/A/P/Fn::Sub"), ("5:13-5:19".to_owned(), "'${X}'"));
    assert_eq!(slices("/Ré/A/L/0/é/Fn::GetAtt/1"), ("7:20-7:23".to_owned(), "A.B"));
    assert_eq!(slices("/Ré/A/L"), ("7:7-7:23".to_owned(), "- é: !GetAtt A.B"));
    assert_eq!(slices("/Ré/A").0, "4:5-7:23");
    assert_eq!(slices("/Z"), ("10:4-10:10".to_owned(), "{a: 1}"));
    assert_eq!(slices("").0, "2:1-10:10");
    assert_eq!(&text[document.key_span(&at("/Ré/A")).unwrap().bytes()], "A");
    assert_eq!(document.key_span(&at("/Ré/A/L/0")), None);
    assert_eq!(document.key_span(&at("")), None);
    assert_eq!(document.span(&at("/Ré/B")), None);
    assert_eq!(document.nearest(&at("/Ré/A/L/7/x")), document.span(&at("/Ré/A/L")));
    assert_eq!(document.nearest(&at("/nothing")), document.span(&at("")));
}

#[test]
fn a_value_that_was_left_out_stands_behind_its_key() {
    let text = "a:\n\n# comment\nb: !Ref\nc: [x, ]\nd:\n  -\n  - 1\n";
    let document = document(text);
    assert_eq!(document.value, json!({"a": null, "b": {"Ref": ""}, "c": ["x"], "d": [null, 1]}));
    assert_eq!(place(text, &document, "/a").0, "1:2-1:2");
    assert_eq!(place(text, &document, "/b"), ("4:4-4:8".to_owned(), "!Ref"));
}

#[test]
fn json_is_read_as_json_tabs_and_escapes_included() {
    let text =
        "{\n\t\"a\\/\\u00e9\":\t[1.10, \"\\ud83d\\ude00\\t\"],\n\t\"<<\": {\"x\": \"!Ref y\"},\r\n\t\"e\": {}\n}\n";
    let document = document(text);
    assert_eq!(document.value.to_string(), r#"{"a/é":[1.10,"😀\t"],"<<":{"x":"!Ref y"},"e":{}}"#);
    assert_eq!(place(text, &document, "/a~1é/0"), ("2:16-2:20".to_owned(), "1.10"));
    assert_eq!(place(text, &document, "/<</x"), ("3:14-3:22".to_owned(), "\"!Ref y\""));
    assert_eq!(document.key_span(&at("/e")).unwrap().start.to_string(), "4:2");
}

#[test]
fn a_json_mistake_has_line_and_column_and_flow_yaml_is_yaml() {
    assert_eq!(errors("{\n  \"é\": 1,\n  \"b\" 2\n}"), ["3:7: not valid JSON: expected `:`"]);
    assert_eq!(errors("{\"a\": 1} x"), ["1:10: not valid JSON: trailing characters"]);
    assert_eq!(value("{a: !Ref b, c: 1,}"), json!({"a": {"Ref": "b"}, "c": 1}));
    assert_eq!(value("{\"a\": 1, # note\n}"), json!({"a": 1}));
}

#[test]
fn json_without_places_is_still_good() {
    let text = format!("{{\"{}\": 1}}", "k".repeat(2000));
    let document = document(&text);
    assert_eq!(document.value.as_object().unwrap().len(), 1);
    assert_eq!(document.nearest(&Pointer::root()), None);
}

#[test]
fn line_ends_and_byte_order_marks_do_not_matter() {
    let text = "A: 1\r\nB: |\r\n  x\r\n  y\r\nC: 2\r\n";
    let found = document(text);
    assert_eq!(found.value, json!({"A": 1, "B": "x\ny\n", "C": 2}));
    assert_eq!(place(text, &found, "/C"), ("5:4-5:5".to_owned(), "2"));
    for text in ["\u{feff}A: 1\n", "\u{feff}{\"A\": 1}"] {
        let found = document(text);
        assert_eq!(found.value, json!({"A": 1}));
        assert_eq!(place(text, &found, "/A").1, "1");
    }
    let found = document("\u{feff}A: 1\n");
    assert_eq!(found.key_span(&at("/A")).unwrap().start, Position { line: 1, column: 1, byte: 3 });
}

#[test]
fn a_file_that_is_no_template_is_refused_with_what_it_is() {
    for empty in ["", "\n  \n", "# only\n\n# comments\n", "\u{feff}", "---\n", "---\n...\n", "~"] {
        assert_eq!(errors(empty), ["1:1: the file is empty"], "{empty:?}");
    }
    let holds = |what: &str| format!("1:1: the file must hold a mapping (`key: value` lines), but it holds {what}");
    assert_eq!(errors("- a\n- b\n"), [holds("a list")]);
    assert_eq!(errors("[1]"), [holds("a list")]);
    assert_eq!(errors("Resources\n"), [holds("a text")]);
    assert_eq!(errors("12"), [holds("a number")]);
    assert_eq!(
        errors("a: 1\n---\nb: 2\n"),
        ["2:1: a second YAML document starts here, but a file can hold only one: split the file"]
    );
    assert_eq!(value("---\na: 1\n...\n"), json!({"a": 1}));
}

#[test]
fn bytes_that_are_no_text_are_refused_in_one_line() {
    let load = |bytes: &[u8]| lines(&Document::load(bytes).unwrap_err());
    assert_eq!(load(b"a: 1\n\xff\0"), ["2:1: not a text file: byte 5 is not UTF-8; save it as UTF-8 text"]);
    assert_eq!(load(b"a: 1\n\0\xff"), ["2:1: not a text file: byte 5 is zero; save it as UTF-8 text"]);
    assert_eq!(load(b"\xff\xfea\0:\0"), ["1:1: the file is UTF-16: save it as UTF-8"]);
    assert_eq!(load(b"\xfe\xff\0a\0:"), ["1:1: the file is UTF-16: save it as UTF-8"]);
    let big = vec![b'#'; 5 * 1024 * 1024];
    assert_eq!(load(&big), ["1:1: the file has 5242880 bytes, more than 4194304: CloudFormation takes 1 MB at most"]);
}

#[test]
fn an_alias_bomb_is_one_error() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..=9 {
        let aliases = vec![format!("*a{}", n - 1); 9].join(", ");
        text.push_str(&format!("a{n}: &a{n} [{aliases}]\n"));
    }
    let found = errors(&text);
    assert_eq!(found.len(), 1);
    assert!(found[0].ends_with("aliases expand to more than 200,000 values: write less through aliases"));

    let mut merges = "a0: &a0 {k0: 0}\n".to_owned();
    for n in 1..2000 {
        merges.push_str(&format!("a{n}: &a{n} {{<<: *a{}, k{n}: 0}}\n", n - 1));
    }
    assert_eq!(errors(&merges).len(), 1);

    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1_000_000), "*a, ".repeat(1000));
    assert!(errors(&long)[0].contains("more than 4 MiB of text"));
}

#[test]
fn an_alias_that_leads_nowhere_or_to_itself_is_named_and_reading_goes_on() {
    assert_eq!(
        errors("a: &a [*a]\nb: *missing\nc: &c {d: {e: *c}}\nf: *also\n"),
        [
            "1:8: this alias stands inside of what it names: it would never end",
            "2:4: no anchor `&missing` stands above this alias: define it, or put quotes around a text that starts with `*`",
            "3:15: this alias stands inside of what it names: it would never end",
            "4:4: no anchor `&also` stands above this alias: define it, or put quotes around a text that starts with `*`",
        ]
    );
}

#[test]
fn nesting_is_bounded_however_it_is_written() {
    let too_deep = "nested more than 127 levels deep: make it flatter";
    let flow = |depth: usize| format!("a: {}1{}\n", "[".repeat(depth), "]".repeat(depth));
    let block = |depth: usize| format!("a:\n  {}1\n", "- ".repeat(depth));
    let json = |depth: usize| format!("{{\"a\": {}1{}}}", "[".repeat(depth), "]".repeat(depth));
    let tags = |depth: usize| format!("a: {}1{}\n", "!If [".repeat(depth), "]".repeat(depth));
    let chain = |depth: usize| {
        (1..depth).fold("a0: &a0 1\n".to_owned(), |text, n| format!("{text}a{n}: &a{n} [*a{}]\n", n - 1))
    };
    for good in [flow(126), block(126), json(126), tags(63), chain(127)] {
        let value = value(&good);
        assert_eq!(serde_json::from_str::<Value>(&value.to_string()).unwrap(), value);
    }
    for bad in [flow(127), block(127), json(127), tags(64), chain(128)] {
        let found = errors(&bad);
        assert!(found.len() == 1 && found[0].ends_with(too_deep), "{found:?}");
    }
    for bad in [flow(10_000), block(10_000), json(10_000), tags(10_000), chain(10_000)] {
        let found = errors(&bad);
        assert!(found.len() == 1 && found[0].ends_with(too_deep), "{found:?}");
    }
}

#[test]
fn frequent_mistakes_are_named_in_plain_words() {
    let cases = [
        ("a:\n\tb: 1\n", "2:2: a tab in the indentation"),
        ("a: b: c\n", "1:5: a `key: value` cannot start here"),
        ("a: @b\n", "1:4: a text cannot start with `@`: put quotes around it"),
        ("a: !Base64 !Sub b\n", "1:12: two short tags in a row"),
        ("a: [!Base64 !Sub b]\n", "1:13: two short tags in a row"),
        ("a:\n  - b\n  c: d\n", "3:3: a list item (`- …`) was expected here"),
        ("a: 1\nb\nc: 2\n", "2:1: a `key: value` was expected here: add the `:`"),
        ("a: 'it's'\n", "1:8: text goes on behind the closing quote"),
    ];
    for (text, message) in cases {
        let found = errors(text);
        assert!(found.len() == 1 && found[0].starts_with(message), "{text} {found:?}");
    }
}

#[test]
fn a_file_full_of_errors_is_not_read_to_its_end() {
    let found = errors(&"a: 1\n".repeat(1000));
    assert_eq!(found.len(), 101);
    assert_eq!(found[100], "101:4: 100 errors found: the rest of the file was not read");
}

#[test]
fn long_keys_are_cut_in_messages() {
    let key = "k".repeat(900);
    let found = errors(&format!("{key}: 1\n{key}: 2\n"));
    assert!(found[0].contains(&format!("the key `{}…` is here", "k".repeat(60))), "{found:?}");
}
