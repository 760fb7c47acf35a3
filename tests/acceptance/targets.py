"""Which API methods, stages and functions a template has, and which alarms watch them: counted without Toprail.

Knows Lambda functions, REST and HTTP APIs after SAM: OpenAPI bodies with `Fn::If` around body, paths and operations,
trees of `Resource` and `Method`, `Route` resources; stages in the template.
"""

import re
from typing import NamedTuple

import alarm_rules

OF_APIS = ("LatencyP95", "LatencyP99", "ClientErrorRate", "ServerErrorRate", "SuccessRate")
OF_FUNCTIONS = ("Errors", "Throttles", "Duration")
VERBS = ("get", "post", "put", "delete", "patch", "head")
ROUTE_KEY = re.compile(r"([A-Z]+) (/.*)")
NO_VALUE = {"Ref": "AWS::NoValue"}
# SAM makes a stage of this name by accident, with every REST API whose OpenApiVersion is not set: nobody calls it.
SAM_ACCIDENT = {"Type": "AWS::ApiGateway::Deployment", "StageName": "Stage"}


class Target(NamedTuple):
    """One method, stage or function; `when` are the literals under which it exists.

    `wanted` are the alarms it needs, `excepted` is why it cannot have them, else None; `metrics` is whether its
    metrics are switched on.
    """

    name: str
    dimensions: frozenset
    when: tuple
    wanted: tuple
    excepted: str | None = None
    metrics: bool = True

    def __str__(self):
        return self.name


def targets_of(template, values):
    """The stages and methods of every REST and HTTP API, and every function."""
    for api, resource in resources(template, "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"):
        rest = resource["Type"] == "AWS::ApiGateway::RestApi"
        if rest or (resource.get("Properties") or {}).get("ProtocolType", "HTTP") == "HTTP":
            yield from api_targets(template, values, api, rest)
    for name, resource in resources(template, "AWS::Lambda::Function"):
        dimensions = {("FunctionName", values.text({"Ref": name}))}
        yield Target(name, frozenset(dimensions), condition_of(resource), OF_FUNCTIONS)


def api_targets(template, values, api, rest):
    """The stages of one API, and its methods on each."""
    resource = template["Resources"][api]
    identity = {"ApiName": api_name(resource, values)} if rest else {"ApiId": "${" + api + "}"}
    nameless = "the API's name is not known" if None in identity.values() else None
    found = list(operations(template, api, resource, rest))
    for stage, stage_name in stages(template, api, rest):
        stage_name = values.text(stage_name)
        of_stage, exists = identity | {"Stage": stage_name}, (*condition_of(resource), *condition_of(stage))
        yield Target(f"{api} {stage_name}", frozenset(of_stage.items()), exists, OF_APIS, nameless)
        for verb, path, when in found:
            path = values.text(path)
            excepted, metrics = switches(stage, verb, path, rest)
            excepted = nameless or is_disabled(template, verb, path) or excepted
            dimensions = frozenset((of_stage | {"Resource": path, "Method": verb}).items())
            name = f"{api} {stage_name} {verb} {path}"
            yield Target(name, dimensions, (*exists, *when), OF_APIS, excepted, metrics)


def is_disabled(template, verb, path):
    """Why the configuration in the template's metadata makes no alarms for exactly this method, or None."""
    configuration = (template.get("Metadata") or {}).get("Toprail") or {}
    entry = (configuration.get("Methods") or {}).get(f"{verb} {path}") or {}
    return "the template's configuration switches it off" if alarm_rules.is_false(entry.get("Enabled")) else None


def switches(stage, verb, path, rest):
    """Why a stage gives a method no metrics that can be relied on, or None; and whether they are on."""
    properties = stage.get("Properties") or {}
    if stage["Type"] == "AWS::ApiGateway::Deployment":
        properties = properties.get("StageDescription") or {}
    said = (rest_switches if rest else route_switches)(properties, verb, path)
    if said is None or any(isinstance(switch, dict) for switch in said):
        return "the stage's settings are an intrinsic", False
    if any(alarm_rules.is_false(switch) for switch in said):
        return "the author switched metrics off", False
    return None, bool(said) and all(str(switch).lower() == "true" for switch in said)


def rest_switches(stage, verb, path):
    """What `MethodSettings` says about the metrics of a method, each entry that may count; None if not known.

    Two entries for the same methods come of SAM, which puts the lists of Globals and of an API together: which counts
    is not documented. Nor is whether an entry of its own leaves what it does not say to the entry for all: then the
    author's "off" counts there too, and "on" does not.
    """
    settings = stage.get("MethodSettings", [])
    if not isinstance(settings, list) or any("Fn::If" in entry for entry in settings):
        return None
    own, for_all = [], []
    for entry in settings:
        place = (re.sub("^//", "/", str(entry.get("ResourcePath")).replace("~1", "/")), entry.get("HttpMethod"))
        if place in ((path, verb), ("/*", "*")):
            (own if place == (path, verb) else for_all).append(entry.get("MetricsEnabled"))
    if not own and not for_all:
        return [stage.get("MetricsEnabled")]
    inherited = [switch for switch in for_all if alarm_rules.is_false(switch)]
    return [*own, *inherited] if own and None in own else own or for_all


def route_switches(stage, verb, path):
    """What an HTTP API's stage says about the metrics of a route, None if not known; "off" for all counts, as above."""
    routes, default = stage.get("RouteSettings", {}), stage.get("DefaultRouteSettings", {})
    if any(not isinstance(part, dict) or "Fn::If" in part for part in (routes, default)):
        return None
    own = without_condition(routes.get(f"{verb} {path}", default))
    said = [part.get("DetailedMetricsEnabled") for part in (own or {}, default)]
    return own and ([said[1]] if said[0] is None and alarm_rules.is_false(said[1]) else [said[0]])


def without_condition(entry):
    """An entry that `AWS::NoValue` takes away on one side of an `Fn::If`, as it is on the other; None if not known."""
    if "Fn::If" not in entry:
        return entry or {"": None}
    sides = [side for side in entry["Fn::If"][1:] if side != {"Ref": "AWS::NoValue"}]
    return sides[0] if len(sides) == 1 else None


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
        name = properties.get("StageName")
        accident = {"Type": resource["Type"], "StageName": name} == SAM_ACCIDENT
        if properties.get(key) == {"Ref": api} and name is not None and not accident:
            yield resource, name


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
    yield from {stat.metric for stat in stats} & set(OF_FUNCTIONS)
    rates = {RATES.get(stat.metric) for stat in stats} - {None}
    counted = any(stat.metric == "Count" or stat.statistic in ("SampleCount", "Average") for stat in stats)
    if rates == {"4xx"}:
        yield "ClientErrorRate"
    elif rates == {"5xx"}:
        yield "ServerErrorRate"
    elif rates and counted:
        yield "SuccessRate"
