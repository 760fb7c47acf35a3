"""LocalStack without containers: a function of `provided.*` runs as a process of this machine.

LocalStack starts a container for each Lambda function. Here, its own executor is replaced by one that starts the
function's `bootstrap` behind Lambda's runtime interface emulator, so that CloudFormation calls the macro as it is
deployed. LOCALSTACK_RIE names the emulator, GATEWAY_LISTEN the address that LocalStack answers at.
"""

# ruff: noqa: E402 (LocalStack reads its options when it is imported)

import json
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

OPTIONS = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "DISABLE_EVENTS": "1",  # tells nobody about this run
    "DNS_ADDRESS": "0",
    "FILESYSTEM_ROOT": tempfile.gettempdir(),
    "LAMBDA_SYNCHRONOUS_CREATE": "1",
    "OPENSEARCH_CUSTOM_BACKEND": f"http://{os.environ['GATEWAY_LISTEN']}",
    "OVERRIDE_IN_DOCKER": "false",  # in a container too, everything goes below FILESYSTEM_ROOT
    "SKIP_SSL_CERT_DOWNLOAD": "1",
    "SQS_CLOUDWATCH_METRICS_REPORT_INTERVAL": "10",
}
os.environ.update(OPTIONS)

import requests
from backends import name_rules, use_moto
from localstack.services.lambda_.invocation import runtime_executor
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.s3 import provider as s3

EMULATOR = os.environ["LOCALSTACK_RIE"]
INVOCATIONS = "2015-03-31/functions/function/invocations"
START_SECONDS = 10
EXITED = b'{"errorType": "Runtime.ExitError", "errorMessage": "Runtime exited without providing a reason"}'


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class HostExecutor(runtime_executor.RuntimeExecutor):
    """One running function."""

    def __init__(self, executor_id, function_version):
        super().__init__(executor_id, function_version)
        self.process = None
        self.port = None
        self.log = Path(tempfile.mkdtemp(prefix="function-")) / "log"

    def start(self, env_vars):
        """Start the emulator and wait until it listens; a port may be taken meanwhile, so try again."""
        folder = Path(self.function_version.config.code.get_unzipped_code_location())
        bootstrap = folder / "bootstrap"
        if not bootstrap.exists():
            raise RuntimeError(f"only functions with a bootstrap run here: {bootstrap}")
        bootstrap.chmod(0o755)
        for _ in range(3):
            self.port = free_port()
            self.process = self._emulator(bootstrap, self._environment(env_vars, folder))
            if self._listens():
                return
        raise RuntimeError(f"the emulator did not start: {self.get_logs()}")

    def _environment(self, given, folder):
        own = {name: str(value) for name, value in given.items() if value is not None}
        return own | {
            "PATH": os.environ["PATH"],
            "HOME": tempfile.gettempdir(),
            "LAMBDA_TASK_ROOT": str(folder),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(self.function_version.config.timeout),
        }

    def _emulator(self, bootstrap, environment):
        command = [EMULATOR, "--log-level", "error"]
        command += ["--runtime-interface-emulator-address", f"127.0.0.1:{self.port}"]
        command += ["--runtime-api-address", f"127.0.0.1:{free_port()}", str(bootstrap)]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command, cwd=bootstrap.parent, env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    def _listens(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return True
            time.sleep(0.02)
        return False

    def stop(self):
        """Stop the emulator, and the function with it."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(5)

    def invoke(self, payload):
        """The function's answer to one event."""
        url = f"http://127.0.0.1:{self.port}/{INVOCATIONS}"
        response = requests.post(url, data=payload["payload"].encode(), timeout=900)
        content = response.content or EXITED  # the emulator says nothing of a function that is gone
        try:
            body = json.loads(content)
        except ValueError:
            body = None
        failed = isinstance(body, dict) and {"errorMessage", "errorType"} <= body.keys()
        return InvocationResult(
            request_id=payload["invoke-id"], payload=content, is_error=failed, logs=self.get_logs()[-4000:]
        )

    def get_logs(self):
        """What the function has written."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def get_address(self):
        """The host that the function listens on."""
        return "127.0.0.1"

    def get_endpoint_from_executor(self):
        """The host that LocalStack listens on, seen from the function."""
        return "127.0.0.1"

    def get_runtime_endpoint(self):
        """Where LocalStack's own runtime would report to: the emulator has no use for it."""
        return "http://127.0.0.1/unused"

    @classmethod
    def prepare_version(cls, function_version):
        """Unpack the function's code."""
        if function_version.config.code:
            function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version):
        """Nothing is kept for a version."""


if __name__ == "__main__":
    from localstack.runtime.main import main

    s3.DEFAULT_S3_TMP_DIR = tempfile.mkdtemp(prefix="s3-")  # else two LocalStacks would share their objects
    use_moto()
    name_rules()
    runtime_executor.get_runtime_executor = lambda: HostExecutor
    main()
