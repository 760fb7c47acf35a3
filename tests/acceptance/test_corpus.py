"""Toprail on public templates, the repository's own and made ones: CloudFormation after SAM, and SAM before it."""

import json
import os
import re
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import alarm_rules
import macro
import pytest
import targets
import watches
from conditions import Conditions, TooManyVariables
from evaluate import Values, parameter_values
from results import (
    expand,
    fragments,
    lint,
    new_errors,
    own_files,
    report,
    run_all,
    spread,
)

LINT_SAMPLE = 120
API = re.compile(r'"AWS::(ApiGateway|ApiGatewayV2|Serverless)::(RestApi|Api|HttpApi)"|"(Http)?Api"')


@pytest.fixture(scope="session")
def cases(toprail, corpus, tmp_path_factory):
    """Everything, transformed."""
    found = run_all(toprail, fragments(corpus), tmp_path_factory.mktemp("cases"))
    assert found, "there is neither a public template nor one of the repository's own"
    return found


class Expansion(NamedTuple):
    """A SAM template expanded first and last, and what Toprail made of it expanded first."""

    source: dict
    expanded: dict
    expanded_then_transformed: dict
    with_metadata_then_transformed: dict
    transformed_then_expanded: dict | str
    transformed_expanded_transformed: dict


@pytest.fixture(scope="session")
def expansions(toprail, cases, tmp_path_factory):
    """Every SAM template that SAM accepts, both ways."""
    before = {name: case for name, case in cases.items() if case.is_sam and case.succeeded}
    jobs = [(case.source, metadata) for metadata in (False, True) for case in before.values()]
    jobs += [(case.first.fragment, False) for case in before.values()]
    with ProcessPoolExecutor() as pool:
        done = list(pool.map(expand, jobs, chunksize=20))
    plain, with_metadata, last = (
        dict(zip(before, done[n * len(before) : (n + 1) * len(before)], strict=True)) for n in range(3)
    )
    accepted = {name for name in before if isinstance(plain[name], dict)}
    folder = tmp_path_factory.mktemp("expanded")
    ways = {f"{name}.plain": json.dumps(plain[name]) for name in accepted}
    ways |= {f"{name}.metadata": json.dumps(with_metadata[name]) for name in accepted}
    ways |= {f"{name}.again": json.dumps(last[name]) for name in accepted if isinstance(last[name], dict)}
    after = run_all(toprail, dict(sorted(ways.items())), folder)
    made = {way: case.first.response.get("fragment", {}) for way, case in after.items()}
    return {
        name: Expansion(
            before[name].source,
            plain[name],
            made[f"{name}.plain"],
            made[f"{name}.metadata"],
            last[name],
            made.get(f"{name}.again", {}),
        )
        for name in sorted(accepted)
    }


# --- Laws of every result ----------------------------------------------------------------------------------------


def test_every_template_is_transformed(cases):
    report({n: c.first.response.get("errorMessage", c.first.line[:200]) for n, c in cases.items() if not c.succeeded})


def test_the_response_is_well_formed(cases):
    wanted = {"requestId", "status", "fragment"}
    report({n: set(c.first.response) for n, c in cases.items() if c.succeeded and set(c.first.response) != wanted})


def test_nothing_is_lost(cases):
    failures = {}
    for name, case in cases.items():
        if case.succeeded:
            after = macro.read(macro.raw_fragment(case.first.line))
            lost = list(macro.lost(macro.read(case.fragment), after))
            failures |= {name: "; ".join(lost[:5])} if lost else {}
    report(failures)


def test_parameters_are_left_alone(cases):
    """CloudFormation refuses a macro that changes them."""
    changed = [
        n for n, c in cases.items() if c.succeeded and c.source.get("Parameters") != c.first.fragment.get("Parameters")
    ]
    report(dict.fromkeys(changed, "Parameters differ"))


def test_a_second_pass_changes_nothing(cases):
    report({n: difference(c) for n, c in cases.items() if c.succeeded and c.first.line != c.second.line})


def difference(case):
    """Where the second pass went another way."""
    if case.second.response.get("status") != "success":
        return case.second.line[:300]
    before, after = case.first.fragment.get("Resources", {}), case.second.fragment.get("Resources", {})
    changed = [n for n in before | after if before.get(n) != after.get(n)]
    position = next((i for i, (a, b) in enumerate(zip(case.first.line, case.second.line, strict=False)) if a != b), -1)
    return f"resources {changed[:5]}; {case.first.line[position - 60 : position + 60]!r}"


def test_one_process_or_many_say_the_same(toprail, cases, tmp_path):
    """What an earlier event held does not reach a later one."""
    failures = {}
    for name in list(cases)[::60]:
        event = {name: macro.event(cases[name].fragment)}
        alone = macro.invoke(toprail, event, tmp_path / "alone")[name]
        failures |= {name: "differs"} if alone.line != cases[name].first.line else {}
    report(failures)


def will_be_made(problem, source):
    """Whether a name that is not defined is one that SAM makes of a resource: that is checked after expansion too."""
    name = problem.message.partition("'")[2].partition("'")[0]
    makers = (id for id, r in source["Resources"].items() if str(r.get("Type")).startswith("AWS::Serverless::"))
    return problem.rule == "reference" and any(name.startswith(maker) for maker in makers)


def test_every_alarm_can_fire(cases):
    failures = {}
    for name, case in cases.items():
        problems = alarm_rules.check(case.first.fragment, case.source) if case.succeeded else []
        problems = [problem for problem in problems if not (case.is_sam and will_be_made(problem, case.source))]
        failures |= {name: "; ".join(map(str, problems[:3]))} if problems else {}
    report(failures)


def test_every_alarm_can_fire_after_expansion(expansions):
    failures = {}
    for name, expansion in expansions.items():
        problems = []
        for after in (expansion.expanded_then_transformed, expansion.transformed_then_expanded):
            problems += alarm_rules.check(after, expansion.expanded) if isinstance(after, dict) else []
        failures |= {name: "; ".join(map(str, problems[:3]))} if problems else {}
    report(failures)


# --- Coverage ----------------------------------------------------------------------------------------------------


def results(cases, expansions):
    """Every result in plain CloudFormation, by name: (template before, template after)."""
    yield from ((n, c.source, c.first.fragment) for n, c in cases.items() if c.succeeded and not c.is_sam)
    for name, expansion in expansions.items():
        yield f"{name}, expanded first", expansion.expanded, expansion.expanded_then_transformed
        if isinstance(expansion.transformed_then_expanded, dict):
            yield f"{name}, expanded last", expansion.expanded, expansion.transformed_then_expanded


def test_everything_is_watched(cases, expansions, note):
    """Every alarm of each method and stage of an API, and of each function, whenever that exists."""
    failures, exceptions, counts = {}, defaultdict(set), Counter()
    for name, source, output in results(cases, expansions):
        values = Values(output, parameter_values(source))
        found = list(targets.targets_of(output, values))
        wanted = [target for target in found if not target.excepted]
        counts.update(" ".join(sorted(dict(target.dimensions))) for target in wanted)
        for target in found:
            if target.excepted and not name.startswith("made__"):
                exceptions[target.excepted].add(name.partition(",")[0])
        unwatched = list(missing(output, values, wanted))
        failures |= {name: "; ".join(unwatched[:5])} if unwatched else {}
    note("looked at: " + ", ".join(f"{count} by {names}" for names, count in sorted(counts.items())))
    for reason, names in sorted(exceptions.items()):
        note(f"not watched, {reason}: {' '.join(sorted(names))}")
    report(failures)


def missing(template, values, wanted):
    """The alarms that targets lack, lack under some conditions, or have without metrics."""
    watched, conditions = targets.watched(template, values), Conditions(template)
    full = len(template.get("Resources") or {}) == 500
    for target in wanted:
        here = watched.get(target.dimensions, {})
        absent = [kind for kind in target.wanted if kind not in here]
        if absent and not full:
            yield f"{target} has no {', '.join(absent)}"
        if here and not target.metrics:
            yield f"{target} has alarms but no detailed metrics"
        for kind, literals in here.items():
            if not exists_with(conditions, target, literals):
                yield f"{target} has {kind} only under {literals}"


def test_no_alarm_waits_for_metrics_that_are_off(cases, expansions):
    failures = {}
    for name, source, output in results(cases, expansions):
        values = Values(output, parameter_values(source))
        added = targets.watched(output, values).keys() - targets.watched(source, values).keys()
        found = list(targets.targets_of(output, values))
        heard = {target.dimensions for target in found if not target.excepted}
        silent = [t for t in found if t.excepted and t.dimensions in added - heard]
        failures |= {name: f"{silent[0]}: {silent[0].excepted}"} if silent else {}
    report(failures)


def exists_with(conditions, target, literals):
    """Whether one of the alarms exists whenever the target does."""
    if any(set(alternative) <= set(target.when) for alternative in literals):
        return True
    try:
        return conditions.implies(target.when, literals)
    except TooManyVariables:
        return False


# --- Before and after SAM ----------------------------------------------------------------------------------------


def test_sam_accepts_what_it_accepted_before(expansions):
    report(
        {n: e.transformed_then_expanded for n, e in expansions.items() if isinstance(e.transformed_then_expanded, str)}
    )


def test_before_or_after_sam_the_same_is_watched(cases, expansions, note):
    refused = sorted(name for name, case in cases.items() if case.is_sam and name not in expansions)
    note(f"{len(expansions)} SAM templates transformed before and after expansion, {len(refused)} that do not expand")
    failures = {}
    for name, expansion in expansions.items():
        if isinstance(expansion.transformed_then_expanded, dict):
            unlike = compared(expansion.expanded_then_transformed, expansion.transformed_then_expanded, expansion)
            failures |= {name: unlike} if unlike else {}
    report(failures)


def test_metadata_modes_of_sam_make_no_difference(expansions):
    failures = {}
    for name, expansion in expansions.items():
        unlike = compared(expansion.expanded_then_transformed, expansion.with_metadata_then_transformed, expansion)
        failures |= {name: unlike} if unlike else {}
    report(failures)


def test_before_and_after_sam_adds_nothing_twice(expansions):
    failures = {}
    for name, expansion in expansions.items():
        before, after = expansion.transformed_then_expanded, expansion.transformed_expanded_transformed
        if isinstance(before, dict):
            added = [resource for resource in after.get("Resources", {}) if resource not in before["Resources"]]
            failures |= {name: f"{len(added)} added: {added[:5]}"} if added else {}
    report(failures)


def compared(after, before, expansion):
    """How the alarms of two results differ, as text; empty when they do not."""
    parameters = parameter_values(expansion.source)
    left, right = (watches.watches(t, Values(t, parameters), expansion.expanded["Resources"]) for t in (after, before))
    return "".join(
        f"\n    {label} ({sum(only.values())}): {sorted(only)[:2]}"
        for label, only in (("only expanded first", left - right), ("only the other way", right - left))
        if only
    )


# --- cfn-lint ----------------------------------------------------------------------------------------------------


def lint_sample(cases):
    """Names spread over the templates, three of four with an API; all of them with TOPRAIL_LINT_ALL."""
    names = [name for name, case in cases.items() if case.succeeded]
    if os.environ.get("TOPRAIL_LINT_ALL"):
        return names
    with_api = [name for name in names if API.search(cases[name].fragment)]
    others = [name for name in names if name not in with_api]
    share = LINT_SAMPLE * 3 // 4
    return spread(with_api, share) + spread(others, LINT_SAMPLE - share)


def test_cfn_lint_finds_no_error_in_the_repositorys_own_templates():
    errors = lint(own_files())
    report({name: sorted(found) for name, found in errors.items() if found})


def test_cfn_lint_finds_no_new_error(cases, tmp_path, note):
    sample = lint_sample(cases)
    new, suspects = new_errors(cases, sample, tmp_path)
    note(f"{len(sample)} results linted, {suspects} of them with errors that may have been there before")
    report(new)
