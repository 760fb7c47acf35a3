//! Authorisation, CORS, permissions and secrets, in the shapes that the guardrails' pages have no room for.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Value, json};
use support::{Out, transform, transform_resources, transform_yaml};
use toprail::finding::Level;

/// `GET /x` of every finding of a guardrail, or the place where there is no method.
fn methods(out: &Out, code: &str) -> Vec<String> {
    let name = |(verb, path): &(String, String)| format!("{verb} {path}").trim().to_owned();
    let findings = out.findings(code);
    findings.iter().map(|finding| finding.method.as_ref().map_or_else(|| finding.at.to_string(), name)).collect()
}

/// A REST API with a definition, and what is said about authorisation in it.
fn definition(body: Value) -> Vec<String> {
    let out = transform(
        json!({"Resources": {"A": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "a", "Body": body}}}}),
    );
    methods(&out, "TR520")
}

#[test]
fn security_counts_where_api_gateway_acts_on_its_scheme() {
    let schemes = json!({
        "Users": {"type": "oauth2", "x-amazon-apigateway-authorizer": {"type": "jwt"}},
        "Iam": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
        "Key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
        "Documented": {"type": "http", "scheme": "bearer"},
    });
    let of = |name: &str| json!([{name: []}]);
    let operations = json!({
        "/users": {"get": {"security": of("Users")}},
        "/iam": {"get": {"security": of("Iam")}},
        "/key": {"get": {"security": of("Key")}},
        "/auth": {"get": {"security": [], "x-amazon-apigateway-auth": {"type": "AWS_IAM"}}},
        "/documented": {"get": {"security": of("Documented")}},
        "/none": {"get": {"security": [], "x-amazon-apigateway-auth": {"type": "NONE"}}},
        "/silent": {"get": {}, "options": {}},
        "/mock": {"get": {"security": [], "x-amazon-apigateway-integration": {"type": "mock"}}},
    });
    let body = |place: &str| json!({"openapi": "3.0.1", "paths": operations, place: if place == "components" { json!({"securitySchemes": schemes}) } else { schemes.clone() }});
    for place in ["components", "securityDefinitions"] {
        assert_eq!(definition(body(place)), ["GET /documented", "GET /none", "GET /silent"], "{place}");
    }
    let mut general = body("components");
    general["security"] = of("Users");
    // Amazon API Gateway important notes: REST APIs ignore it.
    assert_eq!(definition(general.clone()), ["GET /documented", "GET /none", "GET /silent"]);
    let http = json!({"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": general}});
    let out = transform(json!({"Resources": {"A": http}}));
    assert!(out.findings("TR520").iter().all(|finding| !finding.what.contains("/silent")));
    assert!(out.findings("TR520").iter().any(|finding| finding.what.contains("/none")));
}

#[test]
fn a_condition_that_takes_authorisation_away_is_named() {
    let no_value = json!({"Ref": "AWS::NoValue"});
    let iam = json!({"x-amazon-apigateway-auth": {"type": "AWS_IAM"}});
    let template = |operation: Value| {
        transform(json!({
            "Conditions": {"Live": {"Fn::Equals": ["a", "b"]}},
            "Resources": {"A": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "a", "Body": {"paths": {"/x": {"get": operation}}}}}},
        }))
    };
    assert!(template(json!({"Fn::If": ["Live", iam, no_value]})).findings("TR520").is_empty());
    let out = template(json!({"Fn::If": ["Live", iam, {}]}));
    assert!(out.finding("TR520").what.contains("not Live"), "{}", out.finding("TR520").what);
}

#[test]
fn private_apis_and_resource_policies_authorise_all_methods() {
    let allow = |more: Value| {
        let mut statement =
            json!({"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"});
        statement.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        statement
    };
    let deny =
        json!({"Effect": "Deny", "Principal": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}});
    for (properties, is_limited) in [
        (json!({"EndpointConfiguration": {"Types": ["PRIVATE"]}}), true),
        (json!({"EndpointConfiguration": {"Types": ["REGIONAL"]}}), false),
        (json!({"Policy": {"Statement": [allow(json!({}))]}}), false),
        (json!({"Policy": {"Statement": allow(json!({"Principal": {"AWS": ["*"]}}))}}), false),
        (
            json!({"Policy": {"Statement": [allow(json!({"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}))]}}),
            true,
        ),
        (json!({"Policy": {"Statement": [allow(json!({})), deny]}}), true),
        (
            json!({"Policy": {"Statement": [allow(json!({})), {"Effect": "Deny", "Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}]}}),
            false,
        ),
        (json!({"Policy": {"Statement": [allow(json!({"Principal": {"AWS": "111122223333"}}))]}}), true),
        (
            json!({"Policy": {"Statement": [allow(json!({})), {"Effect": "Deny", "Principal": {"AWS": "111122223333"}}]}}),
            false,
        ),
        (json!({"Policy": {"Fn::Sub": "{}"}}), true),
    ] {
        let mut api = json!({"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "a", "Body": {"paths": {"/x": {"get": {}}}}}});
        api["Properties"].as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
        let out = transform(json!({"Resources": {"A": api}}));
        assert_eq!(out.findings("TR520").is_empty(), is_limited, "{properties}");
    }
}

#[test]
fn methods_and_routes_say_it_themselves() {
    let out = transform_resources(
        "
        A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
        Open: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !GetAtt A.RootResourceId, HttpMethod: GET, AuthorizationType: NONE}}
        Keyed: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !GetAtt A.RootResourceId, HttpMethod: PUT, AuthorizationType: NONE, ApiKeyRequired: 'true'}}
        Iam: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !GetAtt A.RootResourceId, HttpMethod: POST, AuthorizationType: AWS_IAM}}
        H: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: h, ProtocolType: HTTP}}
        Jwt: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref H, RouteKey: GET /jwt, AuthorizationType: JWT}}
        Bare: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref H, RouteKey: GET /bare}}
        Quick: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: q, ProtocolType: HTTP, Target: 'https://example.com'}}
        ",
    );
    assert_eq!(methods(&out, "TR520"), ["GET /bare", "GET /", "ANY $default"]);
    assert_eq!(out.findings("TR520")[1].at.as_str(), "/Resources/Open");
}

#[test]
fn only_connect_speaks_for_a_websocket_api() {
    let api = |routes: &str| {
        let out = transform_resources(&format!(
            "
        W: {{Type: AWS::ApiGatewayV2::Api, Properties: {{Name: w, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}}}}
        D: {{Type: AWS::ApiGatewayV2::Route, Properties: {{ApiId: !Ref W, RouteKey: $default}}}}
        {routes}
        "
        ));
        methods(&out, "TR520")
    };
    let connect = |kind: &str| {
        format!(
            "C: {{Type: AWS::ApiGatewayV2::Route, Properties: {{ApiId: !Ref W, RouteKey: $connect, AuthorizationType: {kind}}}}}"
        )
    };
    assert_eq!(api(&connect("AWS_IAM")), [""; 0]);
    assert_eq!(api(&connect("NONE")), ["$connect"]);
    assert_eq!(api(""), ["$connect"]);
}

/// A SAM template with one function of three events.
fn sam(apis: &str) -> Vec<String> {
    let out = transform_yaml(&format!(
        "
        {apis}
          F:
            Type: AWS::Serverless::Function
            Properties:
              Events:
                Default: {{Type: Api, Properties: {{Method: GET, Path: /default, RestApiId: !Ref A}}}}
                None: {{Type: Api, Properties: {{Method: GET, Path: /none, RestApiId: !Ref A, Auth: {{Authorizer: NONE}}}}}}
                Key: {{Type: Api, Properties: {{Method: GET, Path: /key, RestApiId: !Ref A, Auth: {{Authorizer: NONE, ApiKeyRequired: true}}}}}}
                Http: {{Type: HttpApi, Properties: {{Method: GET, Path: /http}}}}
        "
    ));
    methods(&out, "TR520")
}

#[test]
fn sams_auth_is_read_from_event_api_and_globals() {
    let bare = "Resources:\n          A: {Type: AWS::Serverless::Api, Properties: {StageName: live}}";
    assert_eq!(sam(bare), ["GET /default", "GET /http", "GET /none"]);
    let own = "Resources:\n          A: {Type: AWS::Serverless::Api, Properties: {StageName: live, Auth: {DefaultAuthorizer: AWS_IAM}}}";
    assert_eq!(sam(own), ["GET /http", "GET /none"]);
    let globals = "Globals: {Api: {Auth: {ApiKeyRequired: true}}, HttpApi: {Auth: {EnableIamAuthorizer: true, DefaultAuthorizer: AWS_IAM}}}\n        Resources:\n          A: {Type: AWS::Serverless::Api, Properties: {StageName: live}}";
    assert_eq!(sam(globals), [""; 0]);
    let private = "Resources:\n          A: {Type: AWS::Serverless::Api, Properties: {StageName: live, EndpointConfiguration: PRIVATE}}";
    assert_eq!(sam(private), ["GET /http"]);
    let policy = "Resources:\n          A: {Type: AWS::Serverless::Api, Properties: {StageName: live, Auth: {ResourcePolicy: {IpRangeWhitelist: [192.0.2.0/24]}}}}";
    assert_eq!(sam(policy), ["GET /http"]);
}

#[test]
fn a_resource_policy_of_sam_is_read_as_the_statements_that_sam_makes_of_it() {
    let of = |policy: &str| {
        sam(&format!(
            "Resources:\n          A: {{Type: AWS::Serverless::Api, Properties: {{StageName: live, Auth: {{ResourcePolicy: {policy}}}}}}}"
        ))
    };
    let open = ["GET /default", "GET /http", "GET /none"];
    assert_eq!(of("{AwsAccountWhitelist: ['111122223333']}"), ["GET /http"]);
    assert_eq!(of("{AwsAccountBlacklist: ['111122223333']}"), ["GET /http"], "nobody is let in");
    // A list of addresses or VPCs comes with a statement that lets everybody in.
    assert_eq!(of("{IpRangeBlacklist: [192.0.2.0/24]}"), open);
    assert_eq!(of("{IpRangeBlacklist: [192.0.2.0/24], AwsAccountWhitelist: ['111122223333']}"), open);
    assert_eq!(of("{SourceVpcBlacklist: [vpc-1], IntrinsicVpceWhitelist: [!Ref Endpoint]}"), ["GET /http"]);
    assert_eq!(of("{IpRangeWhitelist: []}"), open);
}

#[test]
fn certificates_authorise_where_there_is_no_way_around_them() {
    let tls = "MutualTlsAuthentication: {TruststoreUri: 's3://b/k'}";
    let rest = |api: &str, domain: &str| {
        let out = transform_resources(&format!(
            "
        A: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: a, Body: {{paths: {{/x: {{get: {{}}}}}}}}{api}}}}}
        D: {{Type: AWS::ApiGateway::DomainName, Properties: {{DomainName: a.example.com{domain}}}}}
        M: {{Type: AWS::ApiGateway::BasePathMapping, Properties: {{DomainName: !Ref D, RestApiId: !Ref A}}}}
        "
        ));
        methods(&out, "TR520").len()
    };
    assert_eq!(rest(", DisableExecuteApiEndpoint: 'true'", &format!(", {tls}")), 0);
    assert_eq!(rest("", &format!(", {tls}")), 1, "its own endpoint asks for nothing");
    assert_eq!(rest(", DisableExecuteApiEndpoint: true", ""), 1);
    let sam = |tls: &str| {
        let out = transform_resources(&format!(
            "
        H: {{Type: AWS::Serverless::HttpApi, Properties: {{DisableExecuteApiEndpoint: true, Domain: {{DomainName: h.example.com, CertificateArn: c{tls}}}, DefinitionBody: {{paths: {{/x: {{get: {{}}}}}}}}}}}}
        "
        ));
        methods(&out, "TR520").len()
    };
    assert_eq!((sam(&format!(", {tls}")), sam("")), (0, 1));
}

#[test]
fn an_event_that_sam_adds_to_a_definition_decides_about_its_operation() {
    let of = |api: &str, auth: &str| {
        let out = transform_resources(&format!(
            "
        A: {{Type: AWS::Serverless::Api, Properties: {{StageName: live, {api}, DefinitionBody: {{openapi: 3.0.1, paths: {{/x: {{get: {{}}}}}}}}}}}}
        F: {{Type: AWS::Serverless::Function, Properties: {{Events: {{E: {{Type: Api, Properties: {{Method: GET, Path: /x, RestApiId: !Ref A, Auth: {auth}}}}}}}}}}}
        "
        ));
        methods(&out, "TR520")
    };
    let (none, iam) = ("{Authorizer: NONE, OverrideApiAuth: true}", "{Authorizer: AWS_IAM, OverrideApiAuth: true}");
    let default = "Auth: {DefaultAuthorizer: AWS_IAM}";
    assert_eq!(of(default, none), ["GET /x"]);
    assert_eq!(of("Auth: {AddDefaultAuthorizerToCorsPreflight: false}", iam), [""; 0]);
    // Without the override, SAM reads nothing but the definition.
    assert_eq!(of(default, "{Authorizer: NONE}"), [""; 0]);
    assert_eq!(of("MergeDefinitions: true", "{Authorizer: AWS_IAM}"), [""; 0]);
    assert_eq!(of("MergeDefinitions: true", "{Authorizer: NONE}"), ["GET /x"]);
}

#[test]
fn a_method_is_named_public_with_a_reason() {
    let out = transform_yaml(
        "
        Metadata: {Toprail: {Suppress: [{Id: missing-authorization, Where: GET /health, Reason: asked by the load balancer}]}}
        Resources:
          A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a, Body: {paths: {/health: {get: {}}, /orders: {get: {}}}}}}
        ",
    );
    assert_eq!((methods(&out, "TR520"), out.findings("TR210").len()), (vec!["GET /orders".to_owned()], 0));
}

#[test]
fn a_function_url_is_public_in_both_forms() {
    let out = transform_resources(
        "
        Open: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: f, AuthType: NONE, Cors: {AllowOrigins: ['*']}}}
        Iam: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: f, AuthType: AWS_IAM}}
        Sam: {Type: AWS::Serverless::Function, Properties: {FunctionUrlConfig: {AuthType: NONE, Cors: {AllowOrigins: ['https://example.com', '*']}}}}
        ",
    );
    let places = ["/Resources/Open/Properties/AuthType", "/Resources/Sam/Properties/FunctionUrlConfig/AuthType"];
    assert_eq!(methods(&out, "TR520"), places);
    let places = [
        "/Resources/Open/Properties/Cors/AllowOrigins",
        "/Resources/Sam/Properties/FunctionUrlConfig/Cors/AllowOrigins",
    ];
    assert_eq!(methods(&out, "TR521"), places);
}

#[test]
fn an_api_that_lets_every_site_read_is_reported_once() {
    let out = transform_yaml(
        "
        Globals: {HttpApi: {CorsConfiguration: true}, Api: {Cors: {AllowOrigin: \"'*'\"}}}
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties:
              Events:
                Rest: {Type: Api, Properties: {Method: GET, Path: /rest}}
                Http: {Type: HttpApi, Properties: {Method: GET, Path: /http}}
          B:
            Type: AWS::ApiGateway::RestApi
            Properties:
              Name: b
              Body:
                x-amazon-apigateway-gateway-responses: {DEFAULT_4XX: {responseParameters: {gatewayresponse.header.Access-Control-Allow-Origin: \"'*'\"}}}
                paths: {/x: {options: {x-amazon-apigateway-integration: {type: mock, responses: {default: {responseParameters: {method.response.header.Access-Control-Allow-Origin: \"'*'\"}}}}}}}
          G: {Type: AWS::ApiGateway::GatewayResponse, Properties: {RestApiId: !Ref B, ResponseType: DEFAULT_5XX, ResponseParameters: {gatewayresponse.header.Access-Control-Allow-Origin: \"'*'\"}}}
        ",
    );
    let found: Vec<_> = out.findings("TR521").iter().map(|finding| finding.what.as_str()).collect();
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found.iter().any(|what| what.starts_with("B ") && what.contains("in 3 places")), "{found:#?}");
}

#[test]
fn permissions_that_are_scoped_or_for_an_account_pass() {
    let out = transform_resources(
        "
        Account: {Type: AWS::Lambda::Permission, Properties: {FunctionName: f, Action: lambda:InvokeFunction, Principal: '111122223333'}}
        Role: {Type: AWS::Lambda::Permission, Properties: {FunctionName: f, Action: lambda:InvokeFunction, Principal: !GetAtt R.Arn}}
        R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
        Same: {Type: AWS::Lambda::Permission, Properties: {FunctionName: f, Action: lambda:InvokeFunction, Principal: s3.amazonaws.com, SourceAccount: !Ref AWS::AccountId}}
        Balancer: {Type: AWS::Lambda::Permission, Properties: {FunctionName: f, Action: lambda:InvokeFunction, Principal: elasticloadbalancing.amazonaws.com}}
        Alexa: {Type: AWS::Serverless::Function, Properties: {Events: {Any: {Type: AlexaSkill}, One: {Type: AlexaSkill, Properties: {SkillId: s}}}}}
        Skill: {Type: AWS::Lambda::Permission, Properties: {FunctionName: f, Action: lambda:InvokeFunction, Principal: alexa-appkit.amazon.com, EventSourceToken: skill}}
        Organisation: {Type: AWS::Lambda::Permission, Properties: {FunctionName: f, Action: lambda:InvokeFunction, Principal: '*', PrincipalOrgID: o-1}}
        Url: {Type: AWS::Lambda::Permission, Properties: {FunctionName: f, Action: lambda:InvokeFunctionUrl, Principal: '*', FunctionUrlAuthType: NONE}}
        Any: {Type: AWS::Lambda::Permission, Properties: {FunctionName: f, Action: lambda:InvokeFunction, Principal: '*'}}
        Wild: {Type: AWS::Lambda::Permission, Properties: {FunctionName: f, Action: lambda:InvokeFunction, Principal: apigateway.amazonaws.com, SourceArn: 'arn:aws:execute-api:*:*:*'}}
        ",
    );
    let places: Vec<_> = out.findings("TR522").iter().map(|finding| finding.at.as_str()).collect();
    assert_eq!(
        places,
        ["/Resources/Alexa/Properties/Events/Any", "/Resources/Any/Properties", "/Resources/Wild/Properties/SourceArn"]
    );
}

#[test]
fn secrets_are_found_in_every_list_of_variables_and_never_told() {
    let out = transform_yaml(
        "
        Parameters: {Hidden: {Type: String, NoEcho: true, Default: hunter2}}
        Conditions: {Live: !Equals [a, b]}
        Globals: {Function: {Environment: {Variables: {API_TOKEN: hunter2}}}}
        Resources:
          F: {Type: AWS::Serverless::Function, Properties: {Environment: {Variables: {DB_PASSWORD: !If [Live, !Ref AWS::NoValue, hunter2], SECRET_NAME: hunter2, EMPTY_SECRET: ''}}}}
          B: {Type: AWS::CodeBuild::Project, Properties: {Environment: {EnvironmentVariables: [{Name: TOKEN, Value: hunter2}, {Name: TOKEN, Type: PARAMETER_STORE, Value: hunter2}]}}}
          J: {Type: AWS::Batch::JobDefinition, Properties: {Type: container, ContainerProperties: {Environment: [{Name: PWD, Value: !Ref Hidden}]}}}
          R: {Type: AWS::AppRunner::Service, Properties: {SourceConfiguration: {ImageRepository: {ImageConfiguration: {RuntimeEnvironmentVariables: [{Name: X, Value: 'mysql://a:hunter2@db'}]}}}}}
        ",
    );
    let mut places: Vec<_> = out.findings("TR523").iter().map(|finding| finding.at.to_string()).collect();
    places.sort();
    assert_eq!(
        places,
        [
            "/Globals/Function/Environment/Variables/API_TOKEN",
            "/Resources/B/Properties/Environment/EnvironmentVariables/0/Value",
            "/Resources/F/Properties/Environment/Variables/DB_PASSWORD",
            "/Resources/J/Properties/ContainerProperties/Environment/0/Value",
            "/Resources/R/Properties/SourceConfiguration/ImageRepository/ImageConfiguration/RuntimeEnvironmentVariables/0/Value",
        ]
    );
    let told = format!("{:?}", out.outcome.findings);
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn a_value_that_cloudformation_fills_in_is_worth_knowing_and_no_more() {
    let out = transform_yaml(
        "
        Parameters: {Hidden: {Type: String, NoEcho: true}}
        Resources:
          F:
            Type: AWS::Lambda::Function
            Properties:
              Environment:
                Variables:
                  A: !Ref Hidden
                  B: !Sub 'postgres://app:${Hidden}@db'
                  C_PASSWORD: '{{resolve:secretsmanager:db:SecretString:password}}'
                  D_PASSWORD: '{{resolve:ssm:/db/name}}'
                  E_SECRET: !ImportValue secret
        ",
    );
    let found = out.findings("TR523");
    assert_eq!((found.len(), found.iter().map(|finding| finding.level).max()), (3, Some(Level::Info)), "{found:#?}");
}
