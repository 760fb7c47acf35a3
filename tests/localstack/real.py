"""What the services themselves say that their resources are called: the values that dimensions may have.

An alarm on a name that no service knows never sees data. `Ref` and `Fn::GetAtt` often give an ARN or a URL where a
metric has a name, so a dimension is compared with what the service lists, not only with what the template says.
"""

from functools import cache

from cloud import client

# By dimension: service, operation, the list in its answer, the field of an item (None: the item itself).
LISTS = {
    "ActivityArn": ("stepfunctions", "list_activities", "activities", "activityArn"),
    "BucketName": ("s3", "list_buckets", "Buckets", "Name"),
    "CertificateArn": ("acm", "list_certificates", "CertificateSummaryList", "CertificateArn"),
    "ClusterIdentifier": ("redshift", "describe_clusters", "Clusters", "ClusterIdentifier"),
    "DeliveryStreamName": ("firehose", "list_delivery_streams", "DeliveryStreamNames", None),
    "EventBusName": ("events", "list_event_buses", "EventBuses", "Name"),
    "FunctionName": ("lambda", "list_functions", "Functions", "FunctionName"),
    "HealthCheckId": ("route53", "list_health_checks", "HealthChecks", "Id"),
    "KeyId": ("kms", "list_keys", "Keys", "KeyId"),
    "LogGroupName": ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    "NatGatewayId": ("ec2", "describe_nat_gateways", "NatGateways", "NatGatewayId"),
    "RepositoryName": ("ecr", "describe_repositories", "repositories", "repositoryName"),
    "ScheduleGroup": ("scheduler", "list_schedule_groups", "ScheduleGroups", "Name"),
    "StateMachineArn": ("stepfunctions", "list_state_machines", "stateMachines", "stateMachineArn"),
    "StreamName": ("kinesis", "list_streams", "StreamNames", None),
    "TableName": ("dynamodb", "list_tables", "TableNames", None),
    "TransitGateway": ("ec2", "describe_transit_gateways", "TransitGateways", "TransitGatewayId"),
    "VPC Endpoint Id": ("ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    "VPC Id": ("ec2", "describe_vpcs", "Vpcs", "VpcId"),
}


@cache
def known(dimension):
    """Every value that a dimension may have, or None where no service can be asked for it."""
    if dimension in LISTS:
        return _listed(*LISTS[dimension])
    return SPECIAL[dimension]() if dimension in SPECIAL else None


def _listed(service, operation, key, field):
    pages = client(service)
    if pages.can_paginate(operation):
        answers = pages.get_paginator(operation).paginate()
    else:
        answers = [getattr(pages, operation)()]
    return {item[field] if field else item for answer in answers for item in answer[key]}


def _queues():
    return {url.rpartition("/")[2] for url in client("sqs").list_queues().get("QueueUrls", [])}


def _topics():
    return {arn.rpartition(":")[2] for arn in _listed("sns", "list_topics", "Topics", "TopicArn")}


def _rules():
    events = client("events")
    buses = _listed("events", "list_event_buses", "EventBuses", "Name")
    return {rule["Name"] for bus in buses for rule in events.list_rules(EventBusName=bus)["Rules"]}


def _instances():
    reservations = client("ec2").describe_instances()["Reservations"]
    return {instance["InstanceId"] for one in reservations for instance in one["Instances"]}


def _apis():
    return client("apigateway").get_rest_apis(limit=500)["items"]


def _stages():
    found = client("apigateway")
    return {stage["stageName"] for api in _apis() for stage in found.get_stages(restApiId=api["id"])["item"]}


def _api_resources():
    found = client("apigateway")
    return [one for api in _apis() for one in found.get_resources(restApiId=api["id"], limit=500)["items"]]


def _indexes():
    tables = [client("dynamodb").describe_table(TableName=name)["Table"] for name in known("TableName")]
    return {index["IndexName"] for table in tables for index in table.get("GlobalSecondaryIndexes", [])}


def _consumers():
    kinesis = client("kinesis")
    streams = [kinesis.describe_stream_summary(StreamName=name) for name in known("StreamName")]
    arns = [one["StreamDescriptionSummary"]["StreamARN"] for one in streams]
    return {one["ConsumerName"] for arn in arns for one in kinesis.list_stream_consumers(StreamARN=arn)["Consumers"]}


def _domains():
    found = client("opensearch").list_domain_names()["DomainNames"]
    return {one["DomainName"] for one in found}


SPECIAL = {
    "ApiName": lambda: {api["name"] for api in _apis()},
    "ClientId": lambda: {client("sts").get_caller_identity()["Account"]},
    "ConsumerName": _consumers,
    "DomainName": _domains,
    "GlobalSecondaryIndexName": _indexes,
    "InstanceId": _instances,
    "Method": lambda: {method for one in _api_resources() for method in one.get("resourceMethods", {})},
    "QueueName": _queues,
    "Resource": lambda: {one["path"] for one in _api_resources()},
    "RuleName": _rules,
    "Stage": _stages,
    "TopicName": _topics,
}
