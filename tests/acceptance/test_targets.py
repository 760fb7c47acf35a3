"""The independent count of what there is to watch, and of what watches it, on its own."""

import alarm_rules
import pytest
import targets
from evaluate import Values


def body(**paths):
    return {"openapi": "3.0.1", "info": {"title": "orders"}, "paths": paths}


def rest(stage=None, **properties):
    """A REST API with one stage."""
    stage = {"RestApiId": {"Ref": "Api"}, "StageName": "prod"} | (stage or {})
    return {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": properties},
        "Stage": {"Type": "AWS::ApiGateway::Stage", "Properties": stage},
    }


def http(stage=None, **properties):
    """An HTTP API with one stage."""
    stage = {"ApiId": {"Ref": "Api"}, "StageName": "$default"} | (stage or {})
    return {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": properties},
        "Stage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": stage},
    }


def found(resources):
    template = {"Resources": resources}
    return [t for t in targets.targets_of(template, Values(template, {})) if "Method" in dict(t.dimensions)]


def verbs(resources):
    return [(dict(t.dimensions)["Method"], dict(t.dimensions)["Resource"]) for t in found(resources)]


REST_DIMENSIONS = {"ApiName": "orders", "Stage": "prod", "Resource": "/orders", "Method": "GET"}


def test_verbs_of_a_body_other_than_options_and_any():
    item = {key: {} for key in ("get", "options", "x-amazon-apigateway-any-method", "parameters")}
    [method] = found(rest(Body=body(**{"/orders": item})))
    assert dict(method.dimensions) == REST_DIMENSIONS


def test_name_wins_over_title_and_without_either_it_is_not_known():
    paths = {"/orders": {"get": {}}}
    assert ("ApiName", "mine") in found(rest(Name="mine", Body=body(**paths)))[0].dimensions
    assert found(rest(Body={"paths": paths}))[0].excepted == "the API's name is not known"


def test_conditions_around_body_path_and_operation():
    operation = {"Fn::If": ["C", {"x": 1}, {"Ref": "AWS::NoValue"}]}
    paths = {"/orders": {"Fn::If": ["B", {"get": operation}, {"post": {}}]}}
    resources = rest(Name="orders", Body={"Fn::If": ["A", body(**paths), {"Ref": "AWS::NoValue"}]})
    resources["Api"]["Condition"] = "R"
    assert [(dict(t.dimensions)["Method"], t.when) for t in found(resources)] == [
        ("GET", (("R", True), ("A", True), ("B", True), ("C", True))),
        ("POST", (("R", True), ("A", True), ("B", False))),
    ]


def test_a_tree_of_resources():
    root = {"Fn::GetAtt": ["Api", "RootResourceId"]}
    resources = rest(Name="orders")
    for name, parent, part in (("Orders", root, "orders"), ("Order", {"Ref": "Orders"}, "{id}")):
        resources[name] = {"Type": "AWS::ApiGateway::Resource", "Properties": {"ParentId": parent, "PathPart": part}}
    for verb, place in (("GET", root), ("PUT", {"Ref": "Order"}), ("ANY", {"Ref": "Order"}), ("OPTIONS", root)):
        properties = {"RestApiId": {"Ref": "Api"}, "HttpMethod": verb, "ResourceId": place}
        resources[verb] = {"Type": "AWS::ApiGateway::Method", "Properties": properties}
    assert verbs(resources) == [("GET", "/"), ("PUT", "/orders/{id}")]


def test_routes_of_an_http_api():
    resources = http()
    for index, key in enumerate(("GET /orders", "$default", "ANY /any", "OPTIONS /orders")):
        route = {"ApiId": {"Ref": "Api"}, "RouteKey": key}
        resources[f"Route{index}"] = {"Type": "AWS::ApiGatewayV2::Route", "Properties": route}
    expected = {"ApiId": "${Api}", "Stage": "$default", "Resource": "/orders", "Method": "GET"}
    assert [dict(method.dimensions) for method in found(resources)] == [expected]


def test_stage_of_a_deployment_counts_unless_sam_made_it_by_accident():
    resources = rest(Name="orders", Body=body(**{"/orders": {"get": {}}}))
    for name in ("blue", "Stage"):
        properties = {"RestApiId": {"Ref": "Api"}, "StageName": name}
        resources[f"{name}Deployment"] = {"Type": "AWS::ApiGateway::Deployment", "Properties": properties}
    assert [dict(t.dimensions)["Stage"] for t in found(resources)] == ["prod", "blue"]


def test_a_method_that_is_configured_off_needs_no_alarms():
    resources = rest(Name="orders", Body=body(**{"/orders": {"get": {}}, "/": {"get": {}}}))
    configuration = {"Toprail": {"Methods": {"GET /orders": {"Enabled": False}}}}
    template = {"Metadata": configuration, "Resources": resources}
    excepted = {t.name: t.excepted for t in targets.targets_of(template, Values(template, {}))}
    off = "the template's configuration switches it off"
    assert excepted == {"Api prod": None, "Api prod GET /orders": off, "Api prod GET /": None}


def test_stages_and_functions_count_with_their_conditions():
    resources = rest(Name="orders")
    resources["Api"]["Condition"] = "R"
    resources["Stage"]["Condition"] = "S"
    resources["Get"] = {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "get"}, "Condition": "F"}
    resources["Socket"] = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"ProtocolType": "WEBSOCKET"}}
    resources["SocketStage"] = {
        "Type": "AWS::ApiGatewayV2::Stage",
        "Properties": {"ApiId": {"Ref": "Socket"}, "StageName": "prod"},
    }
    template = {"Resources": resources}
    stage, function = targets.targets_of(template, Values(template, {}))
    assert (dict(stage.dimensions), stage.when) == (
        {"ApiName": "orders", "Stage": "prod"},
        (("R", True), ("S", True)),
    )
    assert (dict(function.dimensions), function.when) == ({"FunctionName": "get"}, (("F", True),))


ALL = {"ResourcePath": "/*", "HttpMethod": "*"}
ONE = {"ResourcePath": "/~1orders", "HttpMethod": "GET"}


@pytest.mark.parametrize(
    ("settings", "excepted", "metrics"),
    [
        ([], None, False),
        ([ALL | {"MetricsEnabled": True}], None, True),
        ([ALL | {"MetricsEnabled": "true"}], None, True),
        ([ONE | {"MetricsEnabled": True}], None, True),
        ([ONE, ALL | {"MetricsEnabled": True}], None, False),
        ([ALL, ALL | {"MetricsEnabled": True}], None, False),
        ([ALL | {"MetricsEnabled": True}, ALL | {"MetricsEnabled": True}], None, True),
        ([ALL | {"MetricsEnabled": False}, ALL], "the author switched metrics off", False),
        ([ONE, ALL | {"MetricsEnabled": False}], "the author switched metrics off", False),
        ([ALL | {"MetricsEnabled": False}], "the author switched metrics off", False),
        ([ONE | {"MetricsEnabled": "false"}, ALL | {"MetricsEnabled": True}], "the author switched metrics off", False),
        ([ONE | {"MetricsEnabled": {"Ref": "P"}}], "the stage's settings are an intrinsic", False),
        ({"Fn::If": ["C", [ALL], []]}, "the stage's settings are an intrinsic", False),
    ],
)
def test_metrics_of_a_rest_method(settings, excepted, metrics):
    [method] = found(rest({"MethodSettings": settings}, Name="orders", Body=body(**{"/orders": {"get": {}}})))
    assert (method.excepted, method.metrics) == (excepted, metrics)


@pytest.mark.parametrize(
    ("settings", "excepted", "metrics"),
    [
        ({}, None, False),
        ({"DefaultRouteSettings": {"DetailedMetricsEnabled": True}}, None, True),
        ({"RouteSettings": {"GET /orders": {"DetailedMetricsEnabled": True}}}, None, True),
        ({"DefaultRouteSettings": {"DetailedMetricsEnabled": False}}, "the author switched metrics off", False),
        ({"RouteSettings": {"Fn::If": ["C", {}, {}]}}, "the stage's settings are an intrinsic", False),
    ],
)
def test_metrics_of_a_route(settings, excepted, metrics):
    [method] = found(http(settings, Body=body(**{"/orders": {"get": {}}})))
    assert (method.excepted, method.metrics) == (excepted, metrics)


def alarm(*metrics):
    dimensions = [{"Name": name, "Value": value} for name, value in REST_DIMENSIONS.items()]
    queries = [
        {"Id": f"m{n}", "MetricStat": {"Metric": {"MetricName": name, "Dimensions": dimensions}, "Stat": statistic}}
        for n, (name, statistic) in enumerate(metrics)
    ]
    return {"Type": alarm_rules.ALARM, "Condition": "C", "Properties": {"Metrics": queries}}


@pytest.mark.parametrize(
    ("metrics", "kinds"),
    [
        ([("Latency", "p95"), ("Latency", "PR(:2500)"), ("Count", "SampleCount")], ["LatencyP95"]),
        ([("Latency", "p99")], ["LatencyP99"]),
        ([("Latency", "p90")], []),
        ([("IntegrationLatency", "p99")], []),
        ([("4XXError", "Sum"), ("Count", "SampleCount")], ["ClientErrorRate"]),
        ([("5XXError", "Average")], ["ServerErrorRate"]),
        ([("4XXError", "Sum"), ("5XXError", "Sum"), ("Count", "Sum")], ["SuccessRate"]),
        ([("4XXError", "Sum"), ("5XXError", "Sum")], []),
        ([("Errors", "Sum"), ("Invocations", "Sum")], ["Errors"]),
    ],
)
def test_alarms_are_known_by_what_they_read(metrics, kinds):
    template = {"Resources": {"Alarm": alarm(*metrics)}}
    watched = targets.watched(template, Values(template, {}))
    expected = {frozenset(REST_DIMENSIONS.items()): {kind: [[("C", True)]] for kind in kinds}} if kinds else {}
    assert watched == expected
