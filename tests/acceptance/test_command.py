"""The command on files: what it reads, shows and refuses."""

import json
import os
import resource
import subprocess

import macro
import pytest
import sam
from evaluate import ACCOUNT, REGION, Values, parameter_values
from programs import ROOT
from targets import targets_of

EXAMPLES = sorted(ROOT.glob("examples/*/template.yaml"))
MEMORY = 1 << 30
SECONDS = 30


def run(command, *arguments):
    """One call of the command, in bounded memory and time, as from a pipe."""

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    environment = {"PATH": os.environ["PATH"]}
    return subprocess.run(
        [command, *arguments],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env=environment,
        timeout=SECONDS,
        preexec_fn=limit,
        check=False,
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_plan_shows_every_method(path, toprail):
    template = macro.read_file(path)
    if "Transform" in template:
        template = sam.expand(sam.package(template), parameter_values(template))
    shown = run(toprail, "plan", path)
    assert shown.returncode == 0, shown.stderr
    assert b"\x1b" not in shown.stdout
    text = " ".join(shown.stdout.decode().split())
    found = [dict(t.dimensions) for t in targets_of(template, Values(template, {})) if not t.excepted]
    names = [f"{method['Method']} {method['Resource']}" for method in found if "Method" in method]
    assert names
    assert [name for name in names if name not in text] == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_plan_is_json_on_request(path, toprail):
    assert isinstance(json.loads(run(toprail, "plan", "--format", "json", path).stdout), dict)


def yaml_templates(corpus):
    """The examples and the public templates in YAML."""
    return [*EXAMPLES, *(sorted(corpus.glob("yaml/*.yaml")) if corpus else ())]


def test_transform_of_a_file_is_what_the_macro_makes_of_its_json(toprail, corpus, tmp_path):
    """YAML with short tags means to Toprail what it means to CloudFormation's other readers."""
    different = {}
    for path in yaml_templates(corpus):
        template = macro.read_file(path)
        if template is None:  # cfn-lint refuses it
            continue
        values = parameter_values(template)
        arguments = ["--format", "json", "--region", REGION, "--account", ACCOUNT]
        for name, value in values.items():
            arguments += ["--param", f"{name}={','.join(value) if isinstance(value, list) else value}"]
        result = run(toprail, "transform", path, *arguments)
        event = macro.event(macro.without_transform(template), values)
        expected = macro.invoke(toprail, {path.name: event}, tmp_path)[path.name].fragment
        if result.returncode != 0:
            different[path.name] = result.stderr.decode()[:300]
        elif json.loads(result.stdout)["Resources"] != expected["Resources"]:
            different[path.name] = "the resources differ"
    assert not different


DEEP = 10_000
BAD_FILES = {
    "empty.yaml": b"",
    "binary.yaml": bytes(range(256)) * 64,
    "text.yaml": b"just a text\n",
    "large.yaml": b"a: " + b"x" * 5_000_000,
    "large.json": b'{"a": "' + b"x" * 5_000_000 + b'"}',
    "cyclic.yaml": b"Resources: &all\n  Queue: *all\n",
    "laughs.yaml": b"a0: &a0 x\n"
    + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b"*a%d, " % (n - 1) * 9) for n in range(1, 30)),
    "deep.yaml": b"Resources: " + b"[" * DEEP + b"]" * DEEP,
    "deep-block.yaml": b"".join(b" " * n + b"a:\n" for n in range(2_000)),
    "deep.json": b'{"Resources": ' + b"[" * DEEP + b"]" * DEEP + b"}",
}


@pytest.mark.parametrize("name", [*BAD_FILES, "missing.yaml"])
@pytest.mark.parametrize("subcommand", ["plan", "transform"])
def test_a_file_that_is_no_template_gets_one_line_and_exit_2(subcommand, name, toprail, tmp_path):
    path = tmp_path / name
    if name in BAD_FILES:
        path.write_bytes(BAD_FILES[name])
    result = run(toprail, subcommand, path)
    said = result.stderr.decode()
    assert (result.returncode, result.stdout) == (2, b""), said[:500]
    assert said.count("\n") == 1, said[:500]
    assert name in said
    assert len(said) < 500 + len(str(path))
