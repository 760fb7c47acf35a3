"""Calls of Toprail as CloudFormation makes them, through the command."""

import json
import re
import subprocess
from typing import NamedTuple

from cfnlint.decode import decode
from evaluate import ACCOUNT, REGION, parameter_values

BATCH = 200


class Number(str):
    """A number as it was written: 1.10 is not 1.1, and 30 is not "30"."""


class Outcome(NamedTuple):
    """The line that `invoke` printed for one event, and what it says."""

    line: str
    response: dict

    @property
    def fragment(self):
        return self.response["fragment"]


def read(text):
    """JSON with numbers as they are written."""
    return json.loads(text, parse_int=Number, parse_float=Number)


def read_file(path):
    """A template file as cfn-lint reads it, which knows nothing of Toprail."""
    template, _ = decode(str(path))
    return json.loads(json.dumps(template, default=str))  # a date is a text to CloudFormation


def event(fragment, parameters=None, **fields):
    """The event for a fragment given as JSON text."""
    parameters = parameter_values(json.loads(fragment)) if parameters is None else parameters
    before = {
        "region": REGION,
        "accountId": ACCOUNT,
        "transformId": f"{ACCOUNT}::Toprail",
        "params": {},
        "requestId": "00000000-0000-4000-8000-000000000000",
        "templateParameterValues": parameters,
    } | fields
    return json.dumps(before)[:-1] + f', "fragment": {fragment}}}'


def without_transform(template):
    """A template as a macro's fragment."""
    return json.dumps({key: value for key, value in template.items() if key != "Transform"})


def invoke(command, events, folder, *options):
    """One `Outcome` for each event, by name, from as few processes as possible."""
    folder.mkdir(parents=True, exist_ok=True)
    names = list(events)
    outcomes = {}
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        files = []
        for name in batch:
            files.append(folder / name)
            files[-1].write_text(events[name], encoding="utf-8")
        outcomes |= dict(zip(batch, _run([command, "invoke", *options], files), strict=True))
    return outcomes


def _run(command, files):
    result = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    lines = result.stdout.splitlines()
    if len(lines) != len(files):
        raise AssertionError(
            f"{len(lines)} lines for {len(files)} events, exit {result.returncode}: {result.stderr[-2000:]}"
        )
    return [Outcome(line, json.loads(line)) for line in lines]


def raw_fragment(line):
    """The text of `fragment` in a response, byte for byte."""
    decoder, position = json.JSONDecoder(), line.index("{") + 1
    while True:
        key, position = decoder.raw_decode(line, _value_start(line, position))
        start = _value_start(line, line.index(":", position) + 1)
        _, position = decoder.raw_decode(line, start)
        if key == "fragment":
            return line[start:position]
        position = line.index(",", position) + 1


def _value_start(text, position):
    return re.compile(r"\s*").match(text, position).end()


def lost(before, after, path=""):
    """What of `before` is not in `after`, or not in its place: nothing may be changed, only added.

    Maps may gain keys, behind or between their own. Lists may gain items at their end, except the arguments of an
    intrinsic. The items that were in a list stay as they were; only entries of `MethodSettings` may gain keys.
    """
    if type(before) is not type(after):
        yield f"{path}: {_short(before)} became {_short(after)}"
    elif isinstance(before, dict):
        missing = [key for key in before if key not in after]
        yield from (f"{path}/{key}: removed" for key in missing)
        if not missing and [key for key in after if key in before] != list(before):
            yield f"{path}: keys in another order"
        for key in before.keys() & after.keys():
            yield from lost(before[key], after[key], f"{path}/{key}")
    elif isinstance(before, list):
        yield from _lost_items(before, after, path)
    elif before != after:
        yield f"{path}: {_short(before)} became {_short(after)}"


def _lost_items(before, after, path):
    key = path.rpartition("/")[2]
    if len(after) < len(before) or (len(after) > len(before) and key.startswith("Fn::")):
        yield f"{path}: {len(before)} items became {len(after)}"
    for index, (old, new) in enumerate(zip(before, after, strict=False)):
        if key == "MethodSettings":
            yield from lost(old, new, f"{path}/{index}")
        elif old != new or json.dumps(old) != json.dumps(new):
            yield f"{path}/{index}: {_short(old)} became {_short(new)}"


def _short(value):
    return json.dumps(value)[:80]
