"""The stacks of all templates, created once through the macro, and the notes that tests leave at the end of a run."""

import io
import json
import os
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import cloud
import pytest
from planned import Plan, plan
from programs import built, toprail
from resolve import Resolver

__all__ = ["toprail"]

TEMPLATES = {path.stem: path for path in sorted(Path(__file__).with_name("templates").glob("*.yaml"))}
MACRO = Path(__file__).with_name("macro.yaml")
AT_ONCE = 4
NOTES = []


class Deployed(NamedTuple):
    """A template, what was planned for it, and its stack."""

    name: str
    plan: Plan
    stack: cloud.Stack
    attribute_values: dict

    @property
    def resolver(self):
        """Resolves the intrinsics of the transformed template by what the stack is made of."""
        # LocalStack says that a stack is complete before it says what its parameters are: all have their defaults.
        parameters = self.plan.template.get("Parameters", {}).items()
        defaults = {name: parameter["Default"] for name, parameter in parameters}
        references = self.stack.physical_ids | defaults | {"AWS::StackName": self.stack.name}
        return Resolver(self.plan.template, references, self.attribute_values)


@pytest.fixture(scope="session")
def macro():
    """The registered macro, and the code of the functions that templates have."""
    if "LOCALSTACK_URL" not in os.environ:
        pytest.exit("LOCALSTACK_URL is not set: scripts/localstack starts LocalStack and runs these tests", 2)
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="code")
    s3.upload_file(str(built("TOPRAIL_ZIP", "lambda/toprail-macro/bootstrap.zip")), "code", "macro.zip")
    s3.put_object(Bucket="code", Key="function.zip", Body=empty_function())
    # LocalStack's CloudFormation makes no Elastic IP address, and its NAT gateway needs one.
    address = cloud.client("ec2").allocate_address(Domain="vpc")["AllocationId"]
    cloud.client("ssm").put_parameter(Name="/network/address", Type="String", Value=address)
    stack = cloud.create("toprail", MACRO.read_text())
    assert stack.status == "CREATE_COMPLETE", stack.failures


def empty_function():
    """A package whose function fails whenever it is called."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("bootstrap", "#!/bin/sh\nexit 1\n")
    return package.getvalue()


def deploy(toprail, path, name=None):
    """Create the stack of a template. Outputs are added to it that say what the attributes come to that alarms use."""
    planned = plan(toprail, path)
    text = path.read_text()
    outputs = {f"Attribute{index}": _output(*item) for index, item in enumerate(planned.attributes.items())}
    if outputs:
        assert "\nOutputs:" not in text, f"{path.name} may have no outputs of its own"
        text += f"\nOutputs: {json.dumps(outputs)}\n"
    stack = cloud.create(name or f"test-{path.stem}", text)
    values = {attribute: stack.outputs.get(key) for key, attribute in zip(outputs, planned.attributes, strict=True)}
    return Deployed(path.stem, planned, stack, values)


def _output(attribute, condition):
    resource, _, name = attribute.partition(".")
    output = {"Value": {"Fn::GetAtt": [resource, name]}}
    return output | {"Condition": condition} if condition else output


@pytest.fixture(scope="session")
def stacks(macro, toprail):
    """Every template's stack, by the template's name."""
    cloud.prepare()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(lambda path: _attempt(toprail, path), TEMPLATES.values())
        return dict(zip(TEMPLATES, found, strict=True))


def _attempt(toprail, path):
    try:
        return deploy(toprail, path)
    except Exception as error:  # one template that fails is one test that fails, not all of them
        return error


def stack_of(stacks, name):
    """The stack of a template, which must have been made."""
    if isinstance(stacks[name], Exception):
        raise AssertionError(f"{name} could not be deployed") from stacks[name]
    return stacks[name]


@pytest.fixture
def note():
    """Leaves a line in the summary at the end of the run."""
    return NOTES.append


def pytest_terminal_summary(terminalreporter):
    """Print the notes."""
    if NOTES:
        terminalreporter.section("notes")
        for line in dict.fromkeys(NOTES):
            terminalreporter.line(line)
