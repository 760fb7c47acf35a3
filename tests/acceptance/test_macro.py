"""The comparison of templates before and after, on its own: it fails where something was lost."""

import json

import macro
import pytest


def losses(before, after):
    return list(macro.lost(macro.read(before), macro.read(after)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"a": 1}', '{"a": 1, "b": 2}'),
        ('{"a": 1, "c": 2}', '{"a": 1, "b": 2, "c": 2}'),
        ('{"Tags": [{"Key": "a"}]}', '{"Tags": [{"Key": "a"}, {"Key": "b"}]}'),
        ('{"MethodSettings": [{"a": 1}]}', '{"MethodSettings": [{"a": 1, "b": true}, {"c": 1}]}'),
    ],
)
def test_additions_are_no_loss(before, after):
    assert losses(before, after) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"a": 1}', "{}"),
        ('{"a": 1}', '{"a": 2}'),
        ('{"a": 1}', '{"a": "1"}'),
        ('{"a": 1.10}', '{"a": 1.1}'),
        ('{"a": true}', '{"a": "true"}'),
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}'),
        ('{"a": [1, 2]}', '{"a": [2, 1]}'),
        ('{"a": [1, 2]}', '{"a": [1]}'),
        ('{"a": [{"b": 1, "c": 2}]}', '{"a": [{"c": 2, "b": 1}]}'),
        ('{"Tags": [{"Key": "a"}]}', '{"Tags": [{"Key": "a", "Value": "b"}]}'),
        ('{"Fn::If": ["c", 1, 2]}', '{"Fn::If": ["c", 1, 2, 3]}'),
        ('{"MethodSettings": [{"a": 1}]}', '{"MethodSettings": [{"b": 1}]}'),
    ],
)
def test_losses_are_found(before, after):
    assert losses(before, after)


def test_raw_fragment_is_the_text_that_was_sent():
    fragment = '{"a":[1.10,{"fragment":"no"}],"b":"}"}'
    for space in ("", " "):
        line = f'{{{space}"requestId":{space}"x",{space}"fragment":{space}{fragment},{space}"status":"success"}}'
        assert macro.raw_fragment(line) == fragment


def test_event_holds_the_fragment_as_written():
    event = macro.event('{"Parameters":{"P":{"Type":"String","Default":"x"}},"n":1.10}')
    assert '"n":1.10' in event
    assert json.loads(event)["templateParameterValues"] == {"P": "x"}
