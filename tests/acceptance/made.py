"""Templates made by chance, the same ones every time: combinations that people write and no collection happens to hold.

What is conditional is used only where it exists. A few SAM templates do not expand: two events on one method.
"""

import random

CONDITIONS = {
    "Production": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
    "Extra": {"Fn::And": [{"Condition": "Production"}, {"Fn::Equals": [{"Ref": "Watch"}, "yes"]}]},
}
PARAMETERS = {
    "Env": {"Type": "String", "Default": "prod"},
    "Watch": {"Type": "String", "Default": "no"},
    "Seconds": {"Type": "Number", "Default": 12},
}
VERBS = ("get", "post", "put", "delete", "patch", "options", "any")
PATHS = ("/", "/orders", "/orders/{id}", "/orders/{id}/lines", "/{proxy+}")
NAMES = (
    None,
    "shop",
    {"Ref": "Env"},
    {"Fn::Sub": "${AWS::StackName}-${Env}"},
    {"Fn::Join": ["-", ["a", {"Ref": "Env"}]]},
)
STAGES = ("prod", "v1", {"Ref": "Env"}, {"Fn::Sub": "${Env}"})
TIMEOUTS = (None, 3, "30", {"Ref": "Seconds"}, {"Fn::If": ["Production", 20, 5]})
NO_VALUE = {"Ref": "AWS::NoValue"}


def sam_template(seed):
    """A SAM template, not expanded."""
    chance = random.Random(f"sam {seed}")
    apis = {f"Api{n}": rest_api(chance) for n in range(chance.randint(0, 2))}
    apis |= {f"Http{n}": http_api(chance) for n in range(chance.randint(0, 2))}
    resources = dict(apis)
    for number in range(chance.randint(1, 4)):
        resources[f"Function{number}"] = sam_function(chance, apis, {"Fn::Sub": f"${{Env}}-{number}"})
    template = {"Transform": "AWS::Serverless-2016-10-31", "Parameters": PARAMETERS, "Conditions": CONDITIONS}
    shared = {key: make(chance) for key, make in GLOBALS.items() if chance.random() < 0.3}
    for name, api in apis.items():
        resources |= beside(chance, name, api) if chance.random() < 0.3 else {}
    return template | ({"Globals": shared} if shared else {}) | {"Resources": resources}


GLOBALS = {
    "Api": lambda chance: {"OpenApiVersion": "3.0.1"} | filled(MethodSettings=rest_settings(chance)),
    "HttpApi": lambda chance: filled(DefaultRouteSettings=chance.choice([{}, *ROUTE_SETTINGS])),
    "Function": lambda chance: filled(Timeout=chance.choice(TIMEOUTS)),
}


def rest_api(chance):
    """A REST API with a stage, in SAM."""
    properties = {"StageName": chance.choice(STAGES)}
    properties |= filled(Name=chance.choice(NAMES), MethodSettings=rest_settings(chance))
    if chance.random() < 0.4:
        properties["DefinitionBody"] = body(chance)
    return conditional(chance, {"Type": "AWS::Serverless::Api", "Properties": properties})


def http_api(chance):
    """An HTTP API with a stage, in SAM."""
    properties = filled(
        StageName=chance.choice([None, *STAGES]), DefaultRouteSettings=chance.choice([None, None, *ROUTE_SETTINGS])
    )
    if chance.random() < 0.4:
        properties["DefinitionBody"] = body(chance)
    return conditional(chance, {"Type": "AWS::Serverless::HttpApi", "Properties": properties})


def beside(chance, name, api):
    """What people add to an API of SAM in plain CloudFormation: a method or route of its own, a second stage."""
    if name.startswith("Http"):
        route = {"ApiId": {"Ref": name}, "RouteKey": f"{chance.choice(VERBS).upper()} /beside"}
        stage = {"ApiId": {"Ref": name}, "StageName": "second", "AutoDeploy": True}
        kinds = {"Route": ("ApiGatewayV2::Route", route), "Second": ("ApiGatewayV2::Stage", stage)}
    else:
        of_api = {"RestApiId": {"Ref": name}}
        path = of_api | {"ParentId": {"Fn::GetAtt": [name, "RootResourceId"]}, "PathPart": "beside"}
        method = of_api | {"ResourceId": {"Ref": f"{name}Path"}, "HttpMethod": chance.choice(VERBS).upper()}
        method |= {"AuthorizationType": "NONE", "Integration": {"Type": "MOCK"}}
        stage = of_api | {"DeploymentId": {"Ref": f"{name}Deployment"}, "StageName": "second"}
        kinds = {"Path": ("ApiGateway::Resource", path), "Method": ("ApiGateway::Method", method)}
        kinds |= {"Deployment": ("ApiGateway::Deployment", of_api), "Second": ("ApiGateway::Stage", stage)}
    made = {part: {"Type": f"AWS::{kind}", "Properties": properties} for part, (kind, properties) in kinds.items()}
    return {f"{name}{part}": same_condition(api, resource) for part, resource in made.items()}


def sam_function(chance, apis, name):
    """A function with events; conditional as an API that it uses."""
    properties = {"CodeUri": "s3://bucket/code.zip", "Handler": "app.handler", "Runtime": "python3.12"}
    properties |= filled(Timeout=chance.choice(TIMEOUTS), FunctionName=chance.choice([None, None, name]))
    api = chance.choice([None, None, *apis])
    kind = "HttpApi" if str(api).startswith("Http") or (api is None and chance.random() < 0.4) else "Api"
    events = {}
    for number in range(chance.randint(0, 3)):
        event = {"Path": chance.choice(PATHS), "Method": chance.choice(VERBS)}
        event |= {("ApiId" if kind == "HttpApi" else "RestApiId"): {"Ref": api}} if api else {}
        if kind == "HttpApi" and chance.random() < 0.3:
            event["RouteSettings"] = chance.choice(ROUTE_SETTINGS)
        events[f"Event{number}"] = {"Type": kind, "Properties": event}
    function = {"Type": "AWS::Serverless::Function", "Properties": properties | filled(Events=events)}
    condition = apis[api].get("Condition") if api else chance.choice([None, None, "Production", "Extra"])
    return function | filled(Condition=condition)


def cfn_template(seed):
    """A template in plain CloudFormation."""
    chance = random.Random(f"cfn {seed}")
    resources = {}
    for number in range(chance.randint(1, 3)):
        make = chance.choice([open_api, resource_tree, routes])
        resources |= {f"A{number}{name}": resource for name, resource in make(chance, f"A{number}").items()}
    code = {"Code": {"S3Bucket": "bucket", "S3Key": "key"}, "Role": "arn:aws:iam::123456789012:role/r"}
    code |= {"Handler": "app.handler", "Runtime": "python3.12"} | filled(Timeout=chance.choice(TIMEOUTS))
    resources["Function"] = conditional(chance, {"Type": "AWS::Lambda::Function", "Properties": code})
    return {"Parameters": PARAMETERS, "Conditions": CONDITIONS, "Resources": resources}


def open_api(chance, prefix):
    """A REST API with an OpenAPI body."""
    document = body(chance)
    if chance.random() < 0.3:
        document = {"Fn::If": ["Production", document, {"openapi": "3.0.1", "info": {"title": "none"}, "paths": {}}]}
    named = {"Name": chance.choice(NAMES[1:])} if "Fn::If" in document else filled(Name=chance.choice(NAMES))
    api = conditional(chance, {"Type": "AWS::ApiGateway::RestApi", "Properties": named | {"Body": document}})
    return {"Api": api} | rest_stages(chance, prefix, api)


def resource_tree(chance, prefix):
    """A REST API of resources and methods."""
    api = conditional(chance, {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": chance.choice(NAMES[1:])}})
    reference = {"Ref": f"{prefix}Api"}
    parents = [{"Fn::GetAtt": [f"{prefix}Api", "RootResourceId"]}]
    made = {"Api": api}
    for number, part in enumerate(("orders", "{id}", "lines")[: chance.randint(0, 3)]):
        properties = {"RestApiId": reference, "ParentId": chance.choice(parents), "PathPart": part}
        made[f"Resource{number}"] = same_condition(api, {"Type": "AWS::ApiGateway::Resource", "Properties": properties})
        parents.append({"Ref": f"{prefix}Resource{number}"})
    for number, parent in enumerate(parents):
        properties = {"RestApiId": reference, "ResourceId": parent, "HttpMethod": chance.choice(VERBS).upper()}
        properties |= {"AuthorizationType": "NONE", "Integration": {"Type": "MOCK"}}
        method = {"Type": "AWS::ApiGateway::Method", "Properties": properties}
        made[f"Method{number}"] = same_condition(api, method)
    return made | rest_stages(chance, prefix, api)


def rest_stages(chance, prefix, api):
    """A deployment and one or two stages."""
    reference = {"Ref": f"{prefix}Api"}
    deployment = {"Type": "AWS::ApiGateway::Deployment", "Properties": {"RestApiId": reference}}
    made = {"Deployment": same_condition(api, deployment)}
    for name in chance.sample(["blue", "green"], chance.randint(1, 2)):
        properties = {"RestApiId": reference, "DeploymentId": {"Ref": f"{prefix}Deployment"}, "StageName": name}
        properties |= filled(MethodSettings=rest_settings(chance))
        stage = {"Type": "AWS::ApiGateway::Stage", "Properties": properties}
        made[name] = same_condition(api, stage) if "Condition" in api else conditional(chance, stage)
    return made


def routes(chance, prefix):
    """An HTTP API of routes."""
    api = conditional(
        chance, {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "http", "ProtocolType": "HTTP"}}
    )
    properties = {
        "ApiId": {"Ref": f"{prefix}Api"},
        "StageName": chance.choice(["$default", "live"]),
        "AutoDeploy": True,
    }
    properties |= filled(DefaultRouteSettings=chance.choice([None, None, *ROUTE_SETTINGS]))
    stage = {"Type": "AWS::ApiGatewayV2::Stage", "Properties": properties}
    made = {"Api": api, "Stage": same_condition(api, stage)}
    for number, (verb, path) in enumerate(operations(chance)):
        properties = {"ApiId": {"Ref": f"{prefix}Api"}, "RouteKey": f"{verb.upper()} {path}"}
        made[f"Route{number}"] = same_condition(api, {"Type": "AWS::ApiGatewayV2::Route", "Properties": properties})
    return made


# --- Parts -------------------------------------------------------------------------------------------------------

ROUTE_SETTINGS = (
    {"ThrottlingRateLimit": 5, "ThrottlingBurstLimit": 5},
    {"DetailedMetricsEnabled": True},
    {"DetailedMetricsEnabled": False},
)


def rest_settings(chance):
    """`MethodSettings`, or nothing."""
    entries = [
        {"ResourcePath": "/*", "HttpMethod": "*", "ThrottlingRateLimit": 5, "ThrottlingBurstLimit": 5},
        {"ResourcePath": "/*", "HttpMethod": "*", "MetricsEnabled": chance.choice([True, "true", False])},
        {"ResourcePath": "/~1orders", "HttpMethod": "GET", "LoggingLevel": "OFF"},
        {"ResourcePath": "/~1orders", "HttpMethod": "POST", "MetricsEnabled": chance.choice([True, False])},
    ]
    return chance.choice([None, None, None, entries[:1], entries[1:2], entries[2:3], entries[1:3], entries[3:]])


def body(chance):
    """An OpenAPI 3 document with conditions around paths and operations."""
    paths = {}
    for verb, path in operations(chance):
        integration = {"type": "http_proxy", "httpMethod": "GET", "uri": "https://example.com"}
        operation = {"x-amazon-apigateway-integration": integration, "responses": {}}
        if chance.random() < 0.2:
            operation = {"Fn::If": [chance.choice(list(CONDITIONS)), operation, NO_VALUE]}
        key = "x-amazon-apigateway-any-method" if verb == "any" else verb
        paths.setdefault(path, {})[key] = operation
    return {"openapi": "3.0.1", "info": {"title": "shop", "version": "1"}, "paths": paths}


def operations(chance):
    """A few (verb, path), each once."""
    every = [(verb, path) for verb in VERBS for path in PATHS]
    return chance.sample(every, chance.randint(1, 5))


def conditional(chance, resource):
    """The resource, perhaps under a condition."""
    return resource | filled(Condition=chance.choice([None, None, None, "Production", "Extra"]))


def same_condition(owner, resource):
    """The resource under the condition of its owner."""
    return resource | filled(Condition=owner.get("Condition"))


def filled(**values):
    """The values that are not empty."""
    return {key: value for key, value in values.items() if value not in (None, {}, [])}
