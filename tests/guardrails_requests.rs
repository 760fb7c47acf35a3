//! Request validation and timeouts, in the shapes that the guardrails' pages have no room for.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod support;

use support::{transform_resources, transform_yaml};

#[test]
fn an_api_is_reported_once_with_its_first_methods() {
    let out = transform_resources(
        "
        A:
          Type: AWS::ApiGateway::RestApi
          Properties:
            Name: a
            Body:
              paths:
                /a: {post: {}, get: {}}
                /b: {get: {parameters: [{name: q, in: query, required: true}]}, put: {x-amazon-apigateway-request-validator: all}}
                /c: {get: {parameters: [{name: c, in: path, required: true}]}, patch: {}}
                /d: {post: {x-amazon-apigateway-integration: {type: mock}}, put: {}}
                /{proxy+}: {post: {}}
        ",
    );
    assert_eq!(
        out.finding("TR524").what,
        "A passes requests on without looking at them: POST /a, GET /b, PATCH /c, 1 more"
    );
}

#[test]
fn sams_request_model_and_conditions_are_read() {
    let out = transform_yaml(
        "
        Conditions: {Live: !Equals [a, b]}
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties:
              Events:
                Good: {Type: Api, Properties: {Method: POST, Path: /good, RequestModel: {Model: M, ValidateBody: true}}}
                Bad: {Type: Api, Properties: {Method: POST, Path: /bad, RequestModel: {Model: M}}}
                Query: {Type: Api, Properties: {Method: GET, Path: /query, RequestParameters: [method.request.querystring.q: {Required: true}]}}
                Free: {Type: HttpApi, Properties: {Method: POST, Path: /free}}
          A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
          M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !GetAtt A.RootResourceId, HttpMethod: POST, AuthorizationType: NONE, RequestValidatorId: !If [Live, v, !Ref AWS::NoValue]}}
        ",
    );
    let mut found: Vec<_> = out.findings("TR524").iter().map(|finding| finding.what.clone()).collect();
    found.sort();
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].starts_with("A ") && found[1].ends_with(": POST /bad, GET /query"), "{found:#?}");
}

/// What is said of an HTTP integration with a timeout in milliseconds, whose function has one in seconds.
fn said(waits: u32, works: &str, protocol: &str) -> Vec<String> {
    let out = transform_resources(&format!(
        "
        A: {{Type: AWS::ApiGatewayV2::Api, Properties: {{Name: a, ProtocolType: {protocol}}}}}
        F: {{Type: AWS::Lambda::Function, Properties: {{Timeout: {works}}}}}
        L: {{Type: AWS::Lambda::Alias, Properties: {{Name: live, FunctionName: !Ref F, FunctionVersion: '1'}}}}
        I: {{Type: AWS::ApiGatewayV2::Integration, Properties: {{ApiId: !Ref A, IntegrationType: AWS_PROXY, IntegrationUri: !Ref L, TimeoutInMillis: {waits}}}}}
        "
    ));
    out.findings("TR525").iter().map(|finding| format!("{} {}", finding.at, finding.what)).collect()
}

#[test]
fn an_integration_waits_as_long_as_its_function_works() {
    let found = said(5000, "'20'", "HTTP");
    assert_eq!(
        found,
        [
            "/Resources/I/Properties/TimeoutInMillis the integration I waits 5,000 ms, and F may take 20,000 ms: callers get 504 while it works on"
        ]
    );
    for (waits, works) in [(20_000, "20"), (5_000, "!Ref AWS::Region"), (30_000, "30"), (5_000, "900")] {
        assert_eq!(said(waits, works, "HTTP"), [""; 0], "{waits} {works}");
    }
}

#[test]
fn each_kind_of_api_has_its_own_limit() {
    assert_eq!((said(29_500, "3", "HTTP").len(), said(29_500, "3", "WEBSOCKET").len()), (0, 1));
    assert_eq!(said(30_001, "3", "HTTP").len(), 1);
}

#[test]
fn a_function_that_is_only_started_keeps_nobody_waiting() {
    let out = transform_resources(
        "
        A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
        F: {Type: AWS::Lambda::Function, Properties: {Timeout: 25}}
        M:
          Type: AWS::ApiGateway::Method
          Properties:
            RestApiId: !Ref A
            ResourceId: !GetAtt A.RootResourceId
            HttpMethod: POST
            AuthorizationType: AWS_IAM
            Integration: {Type: AWS, TimeoutInMillis: 5000, RequestParameters: {integration.request.header.X-Amz-Invocation-Type: \"'Event'\"}, Uri: !Sub 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${F.Arn}/invocations'}
        ",
    );
    assert!(out.findings("TR525").is_empty());
}
