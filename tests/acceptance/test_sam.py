"""The offline SAM expansion and the evaluation of values, on their own."""

import sam
from evaluate import Values, parameter_values

SOURCE = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Parameters": {"Env": {"Type": "String", "Default": "prod"}, "Key": {"Type": "AWS::SSM::Parameter::Value<String>"}},
    "Conditions": {"Production": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}},
    "Resources": {
        "Orders": {"Type": "AWS::Serverless::Api", "Properties": {"StageName": {"Ref": "Env"}}},
        "Get": {
            "Type": "AWS::Serverless::Function",
            "Metadata": {"Owner": "shop"},
            "Properties": {
                "CodeUri": "./target",
                "Handler": "bootstrap",
                "Runtime": "provided.al2023",
                "Events": {
                    "Get": {
                        "Type": "Api",
                        "Properties": {"Path": "/orders", "Method": "get", "RestApiId": {"Ref": "Orders"}},
                    }
                },
            },
        },
    },
}


def expanded(metadata=False):
    return sam.expand(sam.package(SOURCE), parameter_values(SOURCE), metadata)


def test_expansion_is_the_real_one():
    template = expanded()
    kinds = {name: resource["Type"] for name, resource in template["Resources"].items()}
    assert kinds["Get"] == "AWS::Lambda::Function"
    assert kinds["OrdersStage"] == "AWS::ApiGateway::Stage"
    assert template["Resources"]["Orders"]["Properties"]["Body"]["paths"]["/orders"].keys() == {"get"}
    assert "Transform" not in template


def test_expansion_leaves_its_input_alone():
    assert "Transform" in SOURCE
    assert SOURCE["Resources"]["Get"]["Properties"]["CodeUri"] == "./target"


def test_both_metadata_modes_differ_only_in_metadata():
    plain, copied = expanded(), expanded(metadata=True)
    assert plain != copied
    for template in (plain, copied):
        for resource in template["Resources"].values():
            resource.pop("Metadata", None)
    assert plain == copied


def test_values_are_written_one_way():
    template = {
        "Conditions": {"Production": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}},
        "Mappings": {"Limits": {"prod": {"Latency": 2500}}},
        "Resources": {
            "Stage": {"Type": "AWS::ApiGateway::Stage", "Properties": {"StageName": {"Ref": "Env"}}},
            "Get": {"Type": "AWS::Lambda::Function", "Properties": {}},
        },
    }
    values = Values(template, {"Env": "prod"})
    same = {
        "prod": [{"Ref": "Env"}, {"Ref": "Stage"}, {"Fn::Sub": "${Env}"}, {"Fn::If": ["Production", "prod", "test"]}],
        "${AWS::StackName}-prod": [
            {"Fn::Sub": "${AWS::StackName}-${Env}"},
            {"Fn::Join": ["-", [{"Ref": "AWS::StackName"}, {"Ref": "Env"}]]},
            {"Fn::Sub": ["${A}-prod", {"A": {"Ref": "AWS::StackName"}}]},
        ],
        "2500": [2500, "2500", 2500.0, {"Fn::FindInMap": ["Limits", {"Ref": "Env"}, "Latency"]}],
        "${Get}": [{"Ref": "Get"}, {"Fn::Sub": "${Get}"}],
        "${Get.Arn}": [{"Fn::GetAtt": ["Get", "Arn"]}, {"Fn::GetAtt": "Get.Arn"}, {"Fn::Sub": "${Get.Arn}"}],
    }
    for text, written in same.items():
        assert [values.text(value) for value in written] == [text] * len(written)


def test_a_condition_is_decided_only_by_known_values():
    formulas = {
        "Known": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
        "Unknown": {"Fn::Equals": [{"Ref": "AWS::StackName"}, "prod"]},
        "Or": {"Fn::Or": [{"Condition": "Unknown"}, {"Condition": "Known"}]},
        "And": {"Fn::And": [{"Condition": "Unknown"}, {"Condition": "Known"}]},
        "Not": {"Fn::Not": [{"Condition": "Known"}]},
    }
    values = Values({"Conditions": formulas}, {"Env": "prod"})
    truths = {name: values.condition(name) for name in formulas}
    assert truths == {"Known": True, "Unknown": None, "Or": True, "And": None, "Not": False}


def test_parameter_values_are_those_a_macro_receives():
    parameters = {
        "Text": {"Type": "String", "Default": "a"},
        "Flag": {"Type": "String", "Default": True},
        "Number": {"Type": "Number", "Default": 3},
        "List": {"Type": "CommaDelimitedList", "Default": "a, b"},
        "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/key"},
        "Open": {"Type": "String"},
    }
    expected = {"Text": "a", "Flag": "true", "Number": "3", "List": ["a", "b"]}
    assert parameter_values({"Parameters": parameters}) == expected
