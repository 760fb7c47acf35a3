"""The policy on its way to the function, and the JSON Schemas against what people write."""

import json
import re
import subprocess

import macro
import pytest
import sam
import yaml
from evaluate import parameter_values
from jsonschema import Draft7Validator
from programs import ROOT
from rie import running

POLICIES = [*sorted(ROOT.glob("examples/policies/*.yaml")), ROOT / "deploy" / "policy" / "toprail-policy.yaml"]
TEMPLATES = sorted(ROOT.glob("examples/*/template.yaml"))
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("src/guard/*/*.md"))]
BLOCK = re.compile(r"^```yaml[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def run(*command):
    """The command's result."""
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)


def schema(name):
    """A schema, which is one itself."""
    found = json.loads((ROOT / "schema" / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft7Validator.check_schema(found)
    return Draft7Validator(found)


def short_tags():
    """A loader that reads short tags as CloudFormation's long form."""

    class Loader(yaml.SafeLoader):
        pass

    def long_form(loader, suffix, node):
        name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
        if isinstance(node, yaml.ScalarNode):
            return {name: loader.construct_scalar(node)}
        if isinstance(node, yaml.SequenceNode):
            return {name: loader.construct_sequence(node, deep=True)}
        return {name: loader.construct_mapping(node, deep=True)}

    Loader.add_multi_constructor("!", long_form)
    return Loader


def read(text):
    """YAML as the schemas see it."""
    return yaml.load(text, short_tags())


def mistakes(validator, value):
    """The places of all that a schema refuses."""
    return ["/".join(map(str, error.absolute_path)) for error in validator.iter_errors(value)]


def blocks():
    """The YAML in the documentation: page, what it holds, and its value."""
    for page in PAGES:
        for match in BLOCK.finditer(page.read_text(encoding="utf-8")):
            value = read(match.group(1))
            if isinstance(value, dict) and "Version" in value:
                yield page, "policy", value
            elif isinstance(value, dict) and value.keys() & {"Metadata", "Resources", "Transform"}:
                yield page, "template", value


def whole(value):
    """A piece of a template as a template: what stands in it may name what does not."""
    return {"Parameters": {"Stage": {"Type": "String", "Default": "prod"}}, "Resources": {}} | value


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_policies_are_right_for_schema_and_command(path, toprail):
    assert mistakes(schema("policy"), read(path.read_text(encoding="utf-8"))) == []
    assert run(toprail, "policy", "check", path).returncode == 0


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.parent.name)
def test_templates_are_right_for_the_schema(path):
    assert mistakes(schema("template"), read(path.read_text(encoding="utf-8"))) == []


def test_every_example_of_the_documentation_is_right(toprail, tmp_path):
    found = list(blocks())
    assert {kind for _, kind, _ in found} == {"policy", "template"}
    for page, kind, value in found:
        assert mistakes(schema(kind), value) == [], f"{page.name}: {value}"
        file = tmp_path / "example.json"
        file.write_text(json.dumps(whole(value) if kind == "template" else value), encoding="utf-8")
        if kind == "policy":
            assert run(toprail, "policy", "check", file).returncode == 0, f"{page.name}: {value}"
        else:
            plan = json.loads(run(toprail, "plan", "--format", "json", "--fail-on", "never", file).stdout)
            wrong = [
                f
                for f in plan["templates"][0]["findings"]
                if f["code"] == "TR201" and "neither a resource" not in f["what"]
            ]
            assert wrong == [], f"{page.name}: {value}"


WRONG = [
    ("policy", "Version: 1\nDefault: {}", ""),
    ("policy", "Defaults: {}", ""),
    ("policy", "Version: 1\nDefaults: {Environment: prod}", "Defaults"),
    ("policy", "Version: 1\nEnforced: {Alarms: {Api: {LatencyP99: {Period: 90}}}}", "Enforced/Alarms/Api"),
    ("policy", "Version: 1\nAccounts: [{Account: prod}]", "Accounts/0/Account"),
    (
        "policy",
        "Version: 1\nEnforced: {Guardrails: {unthrottled-stage: Never}}",
        "Enforced/Guardrails/unthrottled-stage",
    ),
    ("template", "Metadata: {Toprail: {Alarm: {}}}", "Metadata/Toprail"),
    ("template", "Metadata: {Toprail: {Mode: Report}}", "Metadata/Toprail/Mode"),
    ("template", "Metadata: {Toprail: {Suppress: [{Id: TR303}]}}", "Metadata/Toprail/Suppress/0"),
    ("template", "Metadata: {Toprail: {Throttle: {Rate: 5}}}", "Metadata/Toprail/Throttle"),
    ("template", "Resources: {A: {Metadata: {Toprail: {Profile: Standard}}}}", "Resources/A/Metadata/Toprail"),
]


@pytest.mark.parametrize(("kind", "text", "place"), WRONG, ids=[text for _, text, _ in WRONG])
def test_what_is_wrong_is_wrong_for_the_schema_too(kind, text, place):
    assert mistakes(schema(kind), read(text)) == [place]


def test_the_command_writes_the_schemas(toprail):
    for name in ("template", "policy"):
        written = (ROOT / "schema" / f"{name}.schema.json").read_text(encoding="utf-8")
        assert run(toprail, "schema", name).stdout == written


EVENT = (ROOT / "events" / "rest-after-sam.json").read_text(encoding="utf-8")


def test_the_function_reads_its_policy_from_a_file_and_from_a_text(toprail, tmp_path):
    path = ROOT / "examples" / "policies" / "platform-team.yaml"
    event = tmp_path / "event.json"
    event.write_text(EVENT, encoding="utf-8")
    expected = macro.read(run(toprail, "--policy", path, "invoke", event).stdout)
    assert expected["status"] == "success"
    assert expected != macro.read(run(toprail, "invoke", event).stdout)
    for number, more in enumerate(
        [{"TOPRAIL_POLICY_FILE": str(path)}, {"TOPRAIL_POLICY": path.read_text(encoding="utf-8")}]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        with running(folder, **more) as function:
            assert function.call(EVENT) == expected


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ({"TOPRAIL_POLICY_FILE": "/opt/nowhere.yaml"}, "/opt/nowhere.yaml"),
        ({"TOPRAIL_POLICY": "Version: 1\nDefaults: {Alarm: {}, Mode: x}"}, "(policy /Defaults/Alarm)"),
        ({"TOPRAIL_POLICY": "Version: ["}, "cannot be read"),
        ({"TOPRAIL_POLICY": "Version: 1", "TOPRAIL_POLICY_FILE": "/opt/x"}, "not both"),
    ],
    ids=["no file", "mistakes", "no YAML", "two"],
)
def test_a_wrong_policy_fails_every_transform(more, part, tmp_path):
    with running(tmp_path, **more) as function:
        for _ in range(2):
            response = function.call(EVENT)
            assert (response["status"], response["requestId"]) == ("failure", json.loads(EVENT)["requestId"])
            assert "TR203" in response["errorMessage"]
            assert part in response["errorMessage"]


def test_another_policy_layer_makes_another_version_of_the_function():
    template = sam.package(macro.read_file(ROOT / "template.yaml"))
    expanded = sam.expand(template, parameter_values(template))["Resources"]
    (version,) = [r for r in expanded.values() if r["Type"] == "AWS::Lambda::Version"]
    # A change of the description replaces a version, and the value of a parameter changes nothing else.
    assert {"Ref": "PolicyLayerArn"} in version["Properties"]["Description"]["Fn::If"]
    (function,) = [r["Properties"] for r in expanded.values() if r["Type"] == "AWS::Lambda::Function"]
    assert {"Ref": "PolicyLayerArn"} in function["Layers"][0]["Fn::If"]


def test_the_layer_holds_the_file_that_the_function_reads():
    function = macro.read_file(ROOT / "template.yaml")["Resources"]["MacroFunction"]["Properties"]
    file = function["Environment"]["Variables"]["TOPRAIL_POLICY_FILE"]["Fn::If"][1]
    layer = macro.read_file(ROOT / "deploy" / "policy-layer.yaml")["Resources"]["Policy"]["Properties"]
    assert (ROOT / "deploy" / layer["ContentUri"] / file.removeprefix("/opt/")).is_file()
