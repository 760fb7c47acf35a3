"""Every guardrail at `Fix`, with all that the fixes can be told, on every template there is."""

import json
import os
import subprocess
from concurrent.futures import ProcessPoolExecutor

import macro
import pytest
from results import (
    expand,
    fragments,
    lint_all,
    new_errors,
    report,
    run_all,
    spread,
)

LINT_SAMPLE = 60
LEVELS = {"info", "warning"}
CONFIGURED = {
    "Tracing": True,
    "AccessLogs": {"CreateLogGroup": True},
    "LogRetention": 30,
    "Tags": {"Team": "payments"},
    "UsagePlans": {"Basic": {"Throttle": {"Rate": 10, "Burst": 20}, "Quota": {"Limit": 10000, "Period": "DAY"}}},
}


def guardrails(toprail):
    """The ids of all guardrails."""
    listed = subprocess.run([toprail, "list", "guardrails", "--format", "json"], capture_output=True, check=True)
    return [guard["id"] for guard in json.loads(listed.stdout)]


def policy(toprail, folder, level, more=None):
    """A policy file that sets every guardrail to a level."""
    path = folder / f"policy-{level}.json"
    defaults = {"Guardrails": dict.fromkeys(guardrails(toprail), level)} | (more or {})
    path.write_text(json.dumps({"Version": 1, "Defaults": defaults}), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def fixed(toprail, corpus, tmp_path_factory):
    """Everything, with all that can be fixed."""
    folder = tmp_path_factory.mktemp("fixed")
    return run_all(toprail, fragments(corpus), folder, "--policy", str(policy(toprail, folder, "Fix", CONFIGURED)))


def test_fixes_fail_no_transform_and_lose_nothing(fixed):
    failures = {}
    for name, case in fixed.items():
        if not case.succeeded:
            failures[name] = case.first.response.get("errorMessage", case.first.line[:200])
            continue
        lost = list(macro.lost(macro.read(case.fragment), macro.read(macro.raw_fragment(case.first.line))))
        failures |= {name: "; ".join(lost[:5])} if lost else {}
    report(failures)


def test_fixes_are_made_once(fixed):
    report({n: "a second pass differs" for n, c in fixed.items() if c.succeeded and c.first.line != c.second.line})


def test_sam_accepts_what_is_fixed(fixed, note):
    before = {name: case for name, case in fixed.items() if case.is_sam and case.succeeded}
    jobs = [(case.source, False) for case in before.values()] + [(c.first.fragment, False) for c in before.values()]
    with ProcessPoolExecutor() as pool:
        done = list(pool.map(expand, jobs, chunksize=20))
    accepted = dict(zip(before, done, strict=False))
    after = dict(zip(before, done[len(before) :], strict=True))
    note(f"{len(before)} SAM templates with every fix expanded")
    report({n: after[n] for n in before if isinstance(accepted[n], dict) and isinstance(after[n], str)})


def test_cfn_lint_objects_to_no_fix(fixed, tmp_path, note):
    names = [name for name, case in fixed.items() if case.succeeded]
    sample = names if os.environ.get("TOPRAIL_LINT_ALL") else spread(names, LINT_SAMPLE)
    note(f"{len(sample)} results with every fix linted")
    report(new_errors(fixed, sample, tmp_path)[0])


def gradual(alias="live", condition=None, **preference):
    """A template before SAM with one function that is deployed gradually."""
    function = {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "InlineCode": "def handler(event, context): pass",
            "AutoPublishAlias": alias,
            "DeploymentPreference": {"Type": "Canary10Percent5Minutes", **preference},
        },
    }
    function |= {"Condition": condition} if condition else {}
    production = {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}
    return {"Conditions": {"Production": production}, "Resources": {"Orders": function}}


GRADUAL = {
    "plain": gradual(),
    "alias-with-hyphen": gradual(alias="live-v2"),
    "own-alarm": gradual(Alarms=["own"]),
    "at-once": gradual(Type="AllAtOnce"),
    "condition": gradual(condition="Production"),
    "condition-of-the-group": gradual(condition="Production", PassthroughCondition=True),
}


def rollback_alarms(template, holds):
    """The names in the one deployment group where the condition holds or not; none: it is off."""

    def decided(value):
        if isinstance(value, dict) and "Fn::If" in value:
            return decided(value["Fn::If"][1 if holds else 2])
        if isinstance(value, dict):
            return {key: decided(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [entry for entry in map(decided, value) if entry != {"Ref": "AWS::NoValue"}]
        return value

    kind = "AWS::CodeDeploy::DeploymentGroup"
    [group] = [group for group in template["Resources"].values() if group["Type"] == kind]
    listed = decided(group["Properties"].get("AlarmConfiguration", {}))
    assert not listed.get("Enabled") or listed["Alarms"], "CodeDeploy refuses a list that is on and empty"
    return [json.dumps(alarm) for alarm in listed["Alarms"]] if listed.get("Enabled") else []


def test_rollback_alarms_are_the_same_before_and_after_sam(toprail, tmp_path):
    def transformed(fragment, name):
        return macro.invoke(toprail, {name: macro.event(json.dumps(fragment))}, tmp_path / name)[name].fragment

    results = {}
    for name, source in GRADUAL.items():
        last = transformed(expand((source, False)), f"{name}-last.json")
        first = expand((transformed(source, f"{name}-first.json"), False))
        results |= {f"{name}-first.json": first, f"{name}-last.json": last}
        for holds in (True, False):
            alarms = rollback_alarms(first, holds)
            assert alarms == rollback_alarms(last, holds), name
            is_wired = name != "at-once" and (holds or name != "condition")
            assert len(alarms) == (2 + (name == "own-alarm") if is_wired else 0), name
    assert not any(lint_all(results, tmp_path / "lint").values())


def test_every_finding_has_a_place(toprail, fixed, tmp_path):
    """With every guardrail at `Warn`, each finding names a value that the template has."""
    rules = policy(toprail, tmp_path, "Warn")
    failures = {}
    for name, case in list(fixed.items())[::5]:
        path = tmp_path / name
        path.write_text(case.fragment, encoding="utf-8")
        command = [toprail, "plan", "--format", "json", "--policy", rules, path]
        planned = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
        for finding in planned["templates"][0]["findings"]:
            if finding["level"] not in LEVELS or not exists(case.source, finding["pointer"]):
                failures[name] = f"{finding['code']} at {finding['pointer']}: {finding['what']}"
    report(failures)


def exists(template, pointer):
    """Whether a JSON pointer names something."""
    here = template
    for segment in pointer.split("/")[1:]:
        key = segment.replace("~1", "/").replace("~0", "~")
        try:
            here = here[int(key)] if isinstance(here, list) else here[key]
        except (KeyError, IndexError, TypeError, ValueError):
            return False
    return True
