//! What is measured: events of three sizes, and templates that grow. Made here, so that every measurement means the same bytes.

use serde_json::{Map, Value, json};

const VERBS: [&str; 5] = ["get", "post", "put", "delete", "patch"];

/// The largest template that CloudFormation takes, less what `Toprail` may still add to a stage.
const MEGABYTE: usize = 990_000;

/// The event with a name: `a`, `b` or `c`.
pub(crate) fn event(name: &str) -> Option<Vec<u8>> {
    match name {
        "a" => Some(orders()),
        "b" => Some(event_of(&after_sam(100, 40))),
        "c" => Some(event_of(&full())),
        _ => None,
    }
}

/// (a) `examples/orders-api` after the SAM transform.
fn orders() -> Vec<u8> {
    include_bytes!("../events/rest-after-sam.json").to_vec()
}

/// An event with a fragment, as CloudFormation sends it.
pub(crate) fn event_of(fragment: &Value) -> Vec<u8> {
    let event = json!({
        "region": "eu-west-1", "accountId": "111122223333", "transformId": "111122223333::Toprail",
        "requestId": "3f0c6d0e-7b0e-4a57-9d8f-2f6b8a1c9d11", "params": {}, "templateParameterValues": {},
        "fragment": fragment,
    });
    event.to_string().into_bytes()
}

/// A REST API with methods, and functions behind it, as SAM writes them.
pub(crate) fn after_sam(methods: usize, functions: usize) -> Value {
    let mut resources = Map::new();
    for index in 0..functions {
        add_function(&mut resources, index);
    }
    let mut paths = Map::new();
    for index in 0..methods {
        let path = format!("/resource{:03}/{{id}}", index / VERBS.len());
        let entry = paths.entry(path).or_insert_with(|| json!({}));
        entry[VERBS[index % VERBS.len()]] = method(index % functions.max(1));
    }
    let body =
        json!({"swagger": "2.0", "info": {"version": "1.0", "title": {"Ref": "AWS::StackName"}}, "paths": paths});
    let api = json!({"Name": "shop", "Body": body, "Parameters": {"endpointConfigurationTypes": "REGIONAL"}});
    resources.insert("ShopApi".into(), json!({"Type": "AWS::ApiGateway::RestApi", "Properties": api}));
    let deployment = json!({"RestApiId": {"Ref": "ShopApi"}, "Description": "RestApi deployment id: 0123456789"});
    resources
        .insert("ShopApiDeployment".into(), json!({"Type": "AWS::ApiGateway::Deployment", "Properties": deployment}));
    let stage =
        json!({"RestApiId": {"Ref": "ShopApi"}, "DeploymentId": {"Ref": "ShopApiDeployment"}, "StageName": "prod"});
    resources.insert("ShopApiprodStage".into(), json!({"Type": "AWS::ApiGateway::Stage", "Properties": stage}));
    json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})
}

/// (c) 500 resources and almost as many bytes as a template may have.
fn full() -> Value {
    let mut template = after_sam(150, 80);
    let left = 500 - template["Resources"].as_object().map_or(0, Map::len);
    let size = template.to_string().len();
    let each = (MEGABYTE - size) / left;
    for index in 0..left {
        let (kind, properties) = match index % 4 {
            0 => ("AWS::SQS::Queue", json!({"VisibilityTimeout": 60})),
            1 => ("AWS::DynamoDB::Table", json!({"BillingMode": "PAY_PER_REQUEST"})),
            2 => ("AWS::SNS::Topic", json!({"DisplayName": {"Ref": "AWS::StackName"}})),
            _ => ("AWS::IAM::ManagedPolicy", json!({})),
        };
        let mut properties = properties;
        // A policy of many small statements, which is what fills large templates.
        let (mut statements, mut size) = (Vec::new(), 200);
        while size < each {
            let action = format!("dynamodb:Action{}", statements.len());
            let statement =
                json!({"Effect": "Allow", "Action": [action], "Resource": {"Fn::GetAtt": ["Role000", "Arn"]}});
            size += statement.to_string().len() + 1;
            statements.push(statement);
        }
        properties["PolicyDocument"] = json!({"Version": "2012-10-17", "Statement": statements});
        template["Resources"][format!("Thing{index:03}")] = json!({"Type": kind, "Properties": properties});
    }
    template
}

fn method(function: usize) -> Value {
    let uri = format!(
        "arn:aws:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/${{Function{function:03}.Arn}}/invocations"
    );
    json!({
        "x-amazon-apigateway-integration": {"httpMethod": "POST", "type": "aws_proxy", "uri": {"Fn::Sub": uri}},
        "responses": {},
    })
}

/// A function with its role and the permission of its API, as SAM writes them.
fn add_function(resources: &mut Map<String, Value>, index: usize) {
    let (function, role) = (format!("Function{index:03}"), format!("Role{index:03}"));
    let properties = json!({
        "Code": {"S3Bucket": "bucket", "S3Key": "key"}, "Handler": "bootstrap", "Runtime": "provided.al2023",
        "Role": {"Fn::GetAtt": [role, "Arn"]}, "Timeout": 10, "Tags": [{"Key": "lambda:createdBy", "Value": "SAM"}],
    });
    resources.insert(function.clone(), json!({"Type": "AWS::Lambda::Function", "Properties": properties}));
    let statement =
        json!({"Action": ["sts:AssumeRole"], "Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}});
    let properties = json!({
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
    });
    resources.insert(role, json!({"Type": "AWS::IAM::Role", "Properties": properties}));
    let properties = json!({
        "Action": "lambda:InvokeFunction", "FunctionName": {"Ref": function}, "Principal": "apigateway.amazonaws.com",
        "SourceArn": {"Fn::Sub": ["arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${api}/*", {"api": {"Ref": "ShopApi"}}]},
    });
    resources
        .insert(format!("{function}Permission"), json!({"Type": "AWS::Lambda::Permission", "Properties": properties}));
}
