"""What the packaged function answers and logs."""

import json

import macro
import pytest
from programs import ROOT
from rie import running

EVENTS = sorted(ROOT.glob("events/*.json"))
SECRET = "hunter2MarkerNobodyMayRead"


@pytest.fixture(scope="module")
def function(tmp_path_factory):
    """The built bootstrap behind the emulator."""
    with running(tmp_path_factory.mktemp("function")) as function:
        yield function


def assert_success(response, request_id):
    assert (response.keys(), response["requestId"]) == ({"requestId", "status", "fragment"}, request_id)
    assert response["status"] == "success"


def assert_failure(response, request_id):
    assert response.keys() == {"requestId", "status", "errorMessage"}
    assert (response["status"], response["requestId"]) == ("failure", request_id)
    assert response["errorMessage"].strip()


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.name)
def test_every_event_is_answered_as_by_the_command(path, function, toprail, tmp_path):
    event = path.read_text(encoding="utf-8")
    response = function.call(event)
    check = assert_failure if path.name.startswith("refused") else assert_success
    check(response, json.loads(event)["requestId"])
    assert response == macro.read(macro.invoke(toprail, {path.name: event}, tmp_path)[path.name].line)


def test_there_are_events():
    assert len(EVENTS) >= 6


NESTED = '{"a":' * 10_000 + "1" + "}" * 10_000
MALFORMED = {
    "array": ("[]", ""),
    "text": ('"text"', ""),
    "null": ("null", ""),
    "empty object": ("{}", ""),
    "no fragment": ('{"requestId": "r-1", "region": "us-east-1"}', "r-1"),
    "fragment is a text": (macro.event('"text"', {}, requestId="r-2"), "r-2"),
    "fragment is a list": (macro.event("[]", {}, requestId="r-3"), "r-3"),
    "fragment is null": (macro.event("null", {}, requestId="r-4"), "r-4"),
    "nested 10,000 deep": (macro.event(NESTED, {}, requestId="r-5"), "r-5"),
    "nested 10,000 deep before the id": (f'{{"fragment": {NESTED}, "requestId": "r-6"}}', "r-6"),
    "5 MB of text": (macro.event(json.dumps("x" * 5_000_000), {}, requestId="r-7"), "r-7"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_events_get_a_failure_that_cloudformation_can_show(name, function):
    payload, request_id = MALFORMED[name]
    assert_failure(function.call(payload), request_id)
    assert_success(function.call(macro.event('{"Resources": {}}', {}, requestId="after")), "after")


def secretive(**fields):
    """An event full of what nobody may read."""
    variables = {"Variables": {"PASSWORD": SECRET}}
    fragment = {
        "Description": SECRET,
        "Metadata": {"Note": SECRET},
        "Parameters": {"Password": {"Type": "String", "NoEcho": True}},
        "Resources": {
            f"Queue{SECRET}": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": SECRET}},
            "Api": {
                "Type": "AWS::ApiGateway::RestApi",
                "Properties": {"Name": SECRET, "Body": {"paths": {f"/{SECRET}": {"get": {}}}}},
            },
            "Stage": {
                "Type": "AWS::ApiGateway::Stage",
                "Properties": {"StageName": {"Ref": "Password"}, "RestApiId": {"Ref": "Api"}},
            },
            "Function": {"Type": "AWS::Lambda::Function", "Properties": {"Environment": variables}},
        },
    }
    return macro.event(json.dumps(fragment | fields), {"Password": SECRET + "Parameter"}, requestId="r-secret")


SECRETIVE = {
    "success": secretive(),
    "failure": secretive(Metadata={"Toprail": {SECRET: SECRET, "Mode": SECRET}}),
    "broken": json.dumps({"requestId": "r-secret", "fragment": SECRET}),
    "not an object": json.dumps(SECRET),
}


@pytest.mark.parametrize("name", SECRETIVE)
def test_logs_are_json_and_hold_nothing_of_the_template(name, function):
    lines = function.logged(SECRETIVE[name])
    assert lines
    assert SECRET.lower() not in function.log.read_text(encoding="utf-8").lower()


def test_logs_say_what_happened(function):
    [fields] = function.logged(secretive())
    assert fields["request_id"] == "r-secret"
    assert fields["success"] is True
    assert fields["duration_ms"] > 0
    assert fields["alarms"] > 0
    assert fields["changes"] > 0
    assert "TR" in fields["findings"]


def test_parameter_values_are_not_copied(function):
    response = function.call(secretive())
    assert_success(response, "r-secret")
    assert SECRET + "Parameter" not in json.dumps(response)
