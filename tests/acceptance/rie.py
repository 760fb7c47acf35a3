"""The packaged function in its real process: the runtime interface emulator calls the binary that is deployed."""

import contextlib
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
from programs import built

RIE = Path(sys.executable).with_name("aws-lambda-rie")
INVOCATIONS = "/2015-03-31/functions/function/invocations"


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


@contextlib.contextmanager
def running(folder, **more):
    """The built bootstrap behind the emulator, with more variables in its environment."""
    bootstrap = built("TOPRAIL_BOOTSTRAP", "lambda/toprail-macro/bootstrap")
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
    } | more
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=environment, start_new_session=True, **quiet)
    try:
        wait_for(port, process)
        yield Function(("127.0.0.1", port), log)
    finally:
        os.killpg(process.pid, 9)
        process.wait()
