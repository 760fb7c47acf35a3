"""Replaces the programs that LocalStack would download, DynamoDB Local, kinesis-mock and OpenSearch, so that what the
tests need comes from PyPI alone.

LocalStack answers most of EC2, Redshift and others with moto, in its own process. Here moto answers for DynamoDB and
Kinesis too, below LocalStack's own code for both. An OpenSearch domain has a name and an ARN, and nothing behind them.

It also adds an attribute that CloudFormation has and LocalStack does not know.
"""

from localstack.services import providers
from localstack.services.dynamodb import provider as dynamodb
from localstack.services.events.resource_providers.aws_events_rule import EventsRuleProvider
from localstack.services.moto import MotoFallbackDispatcher, call_moto, call_moto_with_request
from localstack.services.opensearch import cluster


class MotoTables:
    """What LocalStack's DynamoDB expects of the server behind it."""

    url = "http://127.0.0.1/unused"

    def start_dynamodb(self):
        """There is nothing to start."""
        return True

    def stop_dynamodb(self):
        """There is nothing to stop."""

    def proxy(self, context, service_request=None):
        """moto's answer to a request."""
        return call_moto_with_request(context, service_request) if service_request else call_moto(context)


def name_rules():
    """Give rules their attribute `RuleName`: `Ref` names the bus as well where a rule is on a bus of its own."""
    create = EventsRuleProvider.create

    def create_with_name(self, request):
        event = create(self, request)
        event.resource_model["RuleName"] = event.resource_model["Id"].rpartition("|")[2]
        return event

    EventsRuleProvider.create = create_with_name


def use_moto():
    """Put moto behind LocalStack's DynamoDB and Kinesis, and nothing behind its OpenSearch."""
    providers.HttpFallbackDispatcher = lambda provider, _url: MotoFallbackDispatcher(provider)
    dynamodb.DynamoDBProvider._new_dynamodb_server = lambda _self: MotoTables()
    cluster.FakeEndpointProxyServer.is_up = lambda _self: True
