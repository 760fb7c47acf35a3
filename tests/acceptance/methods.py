"""Which API methods a CloudFormation template has, and which alarms watch them: counted without Toprail.

Knows REST and HTTP APIs after SAM: OpenAPI bodies with `Fn::If` around body, paths and operations, trees of
`Resource` and `Method`, `Route` resources; stages in the template.
"""

import re
from typing import NamedTuple

import alarm_rules

VERBS = ("get", "post", "put", "delete", "patch", "head")
ROUTE_KEY = re.compile(r"([A-Z]+) (/.*)")
NO_VALUE = {"Ref": "AWS::NoValue"}
# SAM makes this stage by accident with every REST API whose OpenApiVersion is not set.
SAM_ACCIDENT = "Stage"


class Method(NamedTuple):
    """One method of one API on one stage; `when` are the literals under which it exists."""

    api: str
    stage: str
    verb: str
    path: str
    dimensions: frozenset
    when: tuple


class Coverage(NamedTuple):
    """The methods that need alarms, and those that need none with the reason."""

    methods: list
    excepted: list


def coverage(template, values):
    """The methods of every REST and HTTP API of `template` on its stages."""
    methods, excepted = [], []
    for api, resource in resources(template, "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"):
        rest = resource["Type"] == "AWS::ApiGateway::RestApi"
        found = list(operations(template, api, resource, rest))
        for stage in stages(template, api, rest):
            for verb, path, when in found:
                method = _method(template, values, api, stage, (verb, path, when), rest)
                reason = exception(values, resource, stage, method, rest)
                (excepted.append((method, reason)) if reason else methods.append(method))
    return Coverage(methods, excepted)


def _method(template, values, api, stage, operation, rest):
    verb, path, when = operation
    stage_resource, stage_value = stage
    resource = template["Resources"][api]
    path = values.text(path)
    named = {"Stage": values.text(stage_value), "Resource": path, "Method": verb}
    named |= {"ApiName": api_name(resource, values)} if rest else {"ApiId": "${" + api + "}"}
    when = (*condition_of(resource), *condition_of(stage_resource), *when)
    return Method(api, named["Stage"], verb, path, frozenset(named.items()), when)


def exception(values, api, stage, method, rest):
    """Why a method cannot have alarms of its own, or None."""
    stage_resource, stage_value = stage
    properties = stage_resource.get("Properties") or {}
    if rest:
        if api_name(api, values) is None:
            return "the API's name is not known"
        if stage_resource["Type"] == "AWS::ApiGateway::Deployment":
            if stage_value == SAM_ACCIDENT:
                return "SAM's accidental stage"
            properties = properties.get("StageDescription") or {}
        return rest_metrics_off(properties, method)
    return route_metrics_off(properties, method)


def rest_metrics_off(stage, method):
    """Whether the author switched the metrics of a REST method off, or made that impossible to say."""
    settings = stage.get("MethodSettings", [])
    if not isinstance(settings, list) or not all(isinstance(s, dict) and "Fn::If" not in s for s in settings):
        return "MethodSettings is not a plain list"
    best = None
    for entry in settings:
        path = re.sub("^//", "/", str(entry.get("ResourcePath", "")).replace("~1", "/"))
        wide = path == "/*" and entry.get("HttpMethod") == "*"
        if wide and best is None or (path == method.path and entry.get("HttpMethod") == method.verb):
            best = entry
    if best is not None and alarm_rules.is_false(best.get("MetricsEnabled")):
        return "the author switched metrics off"
    return None


def route_metrics_off(stage, method):
    """Whether the author switched the metrics of an HTTP API's route off, or made that impossible to say."""
    routes, default = stage.get("RouteSettings", {}), stage.get("DefaultRouteSettings", {})
    if not isinstance(routes, dict) or "Fn::If" in routes or "Fn::If" in default:
        return "RouteSettings is not a plain map"
    settings = routes.get(f"{method.verb} {method.path}", default)
    if alarm_rules.is_false(settings.get("DetailedMetricsEnabled")):
        return "the author switched metrics off"
    return None


# --- What the template has ---------------------------------------------------------------------------------------


def resources(template, *kinds):
    """The resources of the given types, by logical id."""
    for name, resource in (template.get("Resources") or {}).items():
        if isinstance(resource, dict) and resource.get("Type") in kinds:
            yield name, resource


def condition_of(resource):
    """The literal under which a resource exists, as a tuple of none or one."""
    return ((resource["Condition"], True),) if "Condition" in resource else ()


def branches(value, when=()):
    """What `value` may be, through any `Fn::If`, and under which literals."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("Fn::If"), list):
        condition, then, otherwise = value["Fn::If"]
        yield from branches(then, (*when, (condition, True)))
        yield from branches(otherwise, (*when, (condition, False)))
    elif value is not None and value != NO_VALUE:
        yield value, when


def operations(template, api, resource, rest):
    """Every (VERB, path, literals) of an API."""
    yield from body_operations((resource.get("Properties") or {}).get("Body"))
    yield from tree_operations(template, api) if rest else route_operations(template, api)


def body_operations(body):
    """The operations of an OpenAPI document."""
    for document, when_body in branches(body):
        for paths, when_paths in branches(document.get("paths") if isinstance(document, dict) else None, when_body):
            for path, item in paths.items() if isinstance(paths, dict) else ():
                for operation_map, when in branches(item, when_paths):
                    if path.startswith("/") and isinstance(operation_map, dict):
                        yield from path_operations(path, operation_map, when)


def path_operations(path, item, when):
    """The operations of one path."""
    for verb in VERBS:
        for _, when_operation in branches(item.get(verb), when):
            yield verb.upper(), path, when_operation


def tree_operations(template, api):
    """The operations of `Method` resources."""
    for _, method in resources(template, "AWS::ApiGateway::Method"):
        properties = method.get("Properties") or {}
        verb = properties.get("HttpMethod")
        if properties.get("RestApiId") != {"Ref": api} or str(verb).lower() not in VERBS:
            continue
        place = resource_path(template, properties.get("ResourceId"))
        if place is not None:
            yield verb, place[0], (*condition_of(method), *place[1])


def resource_path(template, reference, depth=0):
    """The path that a `ResourceId` stands for, with its literals; None where the tree leaves the template."""
    if isinstance(reference, dict) and "Fn::GetAtt" in reference:
        attribute = reference["Fn::GetAtt"]
        attribute = attribute.split(".") if isinstance(attribute, str) else attribute
        return ("/", ()) if attribute[1] == "RootResourceId" else None
    resource = template["Resources"].get(reference.get("Ref")) if isinstance(reference, dict) else None
    if resource is None or depth > 50 or not isinstance(resource["Properties"].get("PathPart"), str):
        return None
    parent = resource_path(template, resource["Properties"].get("ParentId"), depth + 1)
    if parent is None:
        return None
    return parent[0].rstrip("/") + "/" + resource["Properties"]["PathPart"], (*condition_of(resource), *parent[1])


def route_operations(template, api):
    """The operations of `Route` resources."""
    for _, route in resources(template, "AWS::ApiGatewayV2::Route"):
        properties = route.get("Properties") or {}
        match = ROUTE_KEY.fullmatch(str(properties.get("RouteKey")))
        if properties.get("ApiId") == {"Ref": api} and match and match.group(1).lower() in VERBS:
            yield match.group(1), match.group(2), condition_of(route)


def stages(template, api, rest):
    """Every (resource, stage name) of an API that the template makes."""
    kind, key = ("AWS::ApiGateway::Stage", "RestApiId") if rest else ("AWS::ApiGatewayV2::Stage", "ApiId")
    for _, resource in resources(template, kind, *(["AWS::ApiGateway::Deployment"] if rest else [])):
        properties = resource.get("Properties") or {}
        if properties.get(key) == {"Ref": api} and "StageName" in properties:
            yield resource, properties["StageName"]


def api_name(api, values):
    """The name of a REST API as its metrics have it, or None."""
    properties = api.get("Properties") or {}
    body = properties.get("Body")
    info = body.get("info") if isinstance(body, dict) else None
    title = info.get("title") if isinstance(info, dict) else None
    name = properties.get("Name", title)
    return None if name is None else values.text(name)


# --- What watches them -------------------------------------------------------------------------------------------

RATES = {"4XXError": "4xx", "4xx": "4xx", "5XXError": "5xx", "5xx": "5xx"}
WANTED = ("LatencyP95", "LatencyP99", "ClientErrorRate", "ServerErrorRate", "SuccessRate")


def watched(template, values):
    """For each set of dimensions, which alarms watch it: {dimensions: {alarm: [literals]}}."""
    found = {}
    for _, resource in resources(template, alarm_rules.ALARM):
        stats = alarm_rules.stats(resource.get("Properties") or {})
        for dimensions in {named_values(stat, values) for stat in stats}:
            here = [stat for stat in stats if named_values(stat, values) == dimensions]
            for kind in kinds_of(here):
                found.setdefault(dimensions, {}).setdefault(kind, []).append(list(condition_of(resource)))
    return found


def named_values(stat, values):
    """The dimensions of a metric as comparable pairs."""
    dimensions = stat.dimensions if isinstance(stat.dimensions, list) else []
    return frozenset((d.get("Name"), values.text(d.get("Value"))) for d in dimensions if isinstance(d, dict))


def kinds_of(stats):
    """Which of the wanted alarms the metrics of one alarm make."""
    for statistic, kind in (("p95", "LatencyP95"), ("p99", "LatencyP99")):
        if any(stat.metric == "Latency" and stat.statistic == statistic for stat in stats):
            yield kind
    rates = {RATES.get(stat.metric) for stat in stats} - {None}
    counted = any(stat.metric == "Count" or stat.statistic in ("SampleCount", "Average") for stat in stats)
    if rates == {"4xx"}:
        yield "ClientErrorRate"
    elif rates == {"5xx"}:
        yield "ServerErrorRate"
    elif rates and counted:
        yield "SuccessRate"
