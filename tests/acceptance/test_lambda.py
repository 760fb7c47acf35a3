"""The packaged function in its real process: the runtime interface emulator calls the binary that is deployed."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import macro
import pytest
from conftest import ROOT, built

EVENTS = sorted(ROOT.glob("events/*.json"))
RIE = Path(sys.executable).with_name("aws-lambda-rie")
INVOCATIONS = "/2015-03-31/functions/function/invocations"
SECRET = "hunter2MarkerNobodyMayRead"


class Function:
    """The running function, and the file that its own output goes to, without the emulator's."""

    def __init__(self, address, log):
        self.host, self.port = address
        self.log = log

    def call(self, payload):
        """The response to an event given as text, decoded."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        connection.request("POST", INVOCATIONS, payload.encode())
        body = connection.getresponse().read().decode()
        connection.close()
        return macro.read(body)

    def logged(self, payload):
        """What the function logs for one event: its lines, decoded."""
        start = self.log.stat().st_size
        self.call(payload)
        deadline = time.monotonic() + 5
        while self.log.stat().st_size == start and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.2)
        return [json.loads(line) for line in self.log.read_bytes()[start:].decode().splitlines()]


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process):
    """Return when the emulator listens."""
    for _ in range(200):
        if process.poll() is not None:
            pytest.fail(f"the emulator stopped with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the emulator does not listen")


@pytest.fixture(scope="module")
def function(tmp_path_factory):
    """The built bootstrap behind the emulator."""
    bootstrap = built("TOPRAIL_BOOTSTRAP", "lambda/toprail-macro/bootstrap")
    folder = tmp_path_factory.mktemp("function")
    log, start, port = folder / "log", folder / "start", free_port()
    log.touch()
    start.write_text(f'#!/bin/sh\nexec "{bootstrap}" >>"{log}" 2>&1\n')
    start.chmod(0o755)
    command = [os.environ.get("TOPRAIL_RIE", RIE), "--log-level", "error"]
    command += ["--runtime-interface-emulator-address", f"127.0.0.1:{port}"]
    command += ["--runtime-api-address", f"127.0.0.1:{free_port()}", start]
    environment = {
        "PATH": os.environ["PATH"],
        "AWS_LAMBDA_FUNCTION_NAME": "toprail",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": "60",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
    }
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=environment, start_new_session=True, **quiet)
    try:
        wait_for(port, process)
        yield Function(("127.0.0.1", port), log)
    finally:
        os.killpg(process.pid, 9)
        process.wait()


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
