"""Every template there is, what Toprail makes of it, and what SAM and cfn-lint say of the result."""

import json
import logging
import os
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import alarm_rules
import macro
import made
import pytest
import sam
from evaluate import parameter_values
from programs import ROOT

CFN_LINT = Path(sys.executable).with_name("cfn-lint")
MADE = 150
WRONG = "wrong.json"
WRONG_TEMPLATE = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"Nonsense": 1}}}}
SERVERLESS = re.compile(r'"AWS::Serverless::')


class Case(NamedTuple):
    """One template as a macro's fragment, what Toprail made of it, and what it made of that."""

    fragment: str
    first: macro.Outcome
    second: macro.Outcome | None

    @property
    def source(self):
        return json.loads(self.fragment)

    @property
    def is_sam(self):
        return bool(SERVERLESS.search(self.fragment))

    @property
    def succeeded(self):
        return self.second is not None


def own_files():
    """The repository's own templates, as files."""
    return [ROOT / "template.yaml", *sorted(ROOT.glob("examples/*/template.*")), *sorted(ROOT.glob("deploy/*.yaml"))]


def own_templates():
    """The repository's own templates, and the fragments of `events/`."""
    for path in own_files():
        yield "__".join(path.relative_to(ROOT).parts) + ".json", sam.package(macro.read_file(path))
    for path in sorted(ROOT.glob("events/*.json")):
        fragment = json.loads(path.read_text(encoding="utf-8")).get("fragment")
        if isinstance(fragment, dict) and "Resources" in fragment and "refused" not in path.name:
            yield f"events__{path.name}", fragment


def public_templates(corpus):
    """The public templates, SAM ones packaged."""
    for path in sorted(corpus.glob("*/*.json")) if corpus else ():
        template = json.loads(path.read_text(encoding="utf-8"))
        if path.parent.name == "sam":
            yield f"sam__{path.name}", sam.package(template)
        else:
            yield f"cfn__{path.name}", path.read_text(encoding="utf-8")


def made_templates():
    """Templates made for the purpose; MADE of each kind."""
    for seed in range(int(os.environ.get("TOPRAIL_MADE", MADE))):
        yield f"made__sam_{seed}.json", made.sam_template(seed)
        yield f"made__cfn_{seed}.json", made.cfn_template(seed)


def fragments(corpus):
    """Every template as the JSON text of a fragment, by a name that is a file name."""
    templates = dict(own_templates()) | dict(made_templates()) | dict(public_templates(corpus))
    return {n: t if isinstance(t, str) else macro.without_transform(t) for n, t in templates.items()}


def run_all(command, named_fragments, folder, *options):
    """Every fragment through `invoke`, with options of the command, and what came out of it once more."""
    events = {name: macro.event(fragment) for name, fragment in named_fragments.items()}
    first = macro.invoke(command, events, folder / "first", *options)
    again = {
        name: macro.event(macro.raw_fragment(outcome.line), parameter_values(json.loads(named_fragments[name])))
        for name, outcome in first.items()
        if outcome.response.get("status") == "success"
    }
    second = macro.invoke(command, again, folder / "second", *options)
    return {name: Case(text, first[name], second.get(name)) for name, text in named_fragments.items()}


def expand(job):
    """One expansion, or why there is none, as text: work for a process of its own."""
    logging.disable(logging.CRITICAL)
    fragment, metadata = job
    try:
        return sam.expand(fragment, parameter_values(fragment), metadata)
    except Exception as error:  # whatever SAM raises on templates that it refuses
        return f"{type(error).__name__}: {getattr(error, 'message', None) or error}"


def report(failures):
    """Fail with every failure, by template."""
    if failures:
        lines = [f"{name}: {message}" for name, message in failures.items()]
        pytest.fail("\n".join([f"{len(failures)} templates:", *lines]), pytrace=False)


def lint(paths):
    """The errors that cfn-lint finds, by file: sets of (rule, place, message)."""
    command = [CFN_LINT, "--ignore-checks", "W", "I", "--format", "json", "--", *paths]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    errors = {str(path): set() for path in paths}
    for match in json.loads(result.stdout):
        place = "/".join(map(str, match["Location"]["Path"] or []))
        message, _, _ = match["Message"].partition(" is not one of ")  # names every logical id
        errors[match["Filename"]].add((match["Rule"]["Id"], place, message))
    return errors


def lint_all(templates, folder):
    """The errors of templates, by name, from two processes, each with one that is wrong to see that it looks."""
    folder.mkdir()
    for name, template in (templates | {WRONG: WRONG_TEMPLATE}).items():
        (folder / name).write_text(json.dumps(template), encoding="utf-8")
    paths = [folder / name for name in templates]
    errors = {}
    with ProcessPoolExecutor(max_workers=2) as pool:
        for found in pool.map(lint, ([*half, folder / WRONG] for half in (paths[::2], paths[1::2]))):
            assert found.pop(str(folder / WRONG)), "cfn-lint does not look"
            errors |= found
    return {Path(path).name: found for path, found in errors.items()}


def spread(names, count):
    """`count` of `names`, evenly."""
    return [names[index * len(names) // count] for index in range(count)] if len(names) > count else names


def as_template(case, template):
    """A template as cfn-lint wants to see it: SAM named, so that it is expanded."""
    return {"Transform": "AWS::Serverless-2016-10-31", **template} if case.is_sam else template


def new_errors(cases, sample, folder):
    """What cfn-lint objects to in results and not in their templates, by name; how many results had errors at all."""
    after = lint_all({n: as_template(cases[n], cases[n].first.fragment) for n in sample}, folder / "after")
    suspects = [name for name in sample if after[name]]
    before = lint_all({n: as_template(cases[n], cases[n].source) for n in suspects}, folder / "before")
    new = {name: sorted(after[name] - before[name]) for name in suspects}
    ours = {name: [e for e in errors if not is_the_authors(e, cases[name].source)] for name, errors in new.items()}
    return {name: errors[:3] for name, errors in ours.items() if errors}, len(suspects)


def is_the_authors(error, source):
    """Whether an error is about a name that the author refers to and does not define, or that cfn-lint cannot know."""
    if error[0] == "E1010" and error[2].startswith("'ApiId'") and "AWS::Serverless::GraphQLApi" in json.dumps(source):
        return True  # cfn-lint has no attributes of this type; the one that SAM makes of it has this one
    return any(error[2].startswith(f"'{name}'") for name in alarm_rules.undefined(source))
