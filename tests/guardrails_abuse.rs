//! Limits, API keys, web ACLs, caches and TLS, in the shapes that the guardrails' pages have no room for.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Value, json};
use support::{Out, transform_in, yaml};
use toprail::Context;

/// A transform of a template with guardrails at levels.
fn at(levels: Value, template: &str) -> Out {
    let config = json!({ "Guardrails": levels }).to_string();
    let params = json!({ "Config": config }).as_object().unwrap().clone();
    transform_in(yaml(template), Context { params, ..Context::default() })
}

/// What a guardrail says at `Warn`.
fn said(guard: &str, code: &str, template: &str) -> Vec<String> {
    at(json!({ guard: "Warn" }), template).findings(code).iter().map(|finding| finding.what.clone()).collect()
}

const REST: &str = "
  Orders: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
  Live: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Orders, StageName: live, DeploymentId: d}}";

const SAM: &str = "
  Orders: {Type: AWS::Serverless::Api, Properties: {StageName: live}}";

const IMPLICIT: &str = "
  Function:
    Type: AWS::Serverless::Function
    Properties: {Events: {List: {Type: Api, Properties: {Path: /orders, Method: get}}}}";

/// Whether an association with this `ResourceArn` protects the stage of a template.
fn protects(resources: &str, arn: &str) -> bool {
    let association =
        format!("{{Type: AWS::WAFv2::WebACLAssociation, Properties: {{ResourceArn: {arn}, WebACLArn: a}}}}");
    let template = format!("Parameters: {{Name: {{Type: String}}}}\nResources:{resources}\n  Acl: {association}\n");
    said("missing-web-acl", "TR515", &template).is_empty()
}

#[test]
fn an_association_names_a_stage_in_every_form() {
    let arn = |api: &str, stage: &str| {
        format!("!Sub \"arn:aws:apigateway:${{AWS::Region}}::/restapis/{api}/stages/{stage}\"")
    };
    for stage in ["live", "${Live}", "${Name}"] {
        assert!(protects(REST, &arn("${Orders}", stage)), "{stage}");
    }
    assert!(protects(
        REST,
        "!Join ['', ['arn:aws:apigateway:eu-west-1::/restapis/', !Ref Orders, /stages/, !Ref Live]]"
    ));
    assert!(protects(REST, "!Ref Name"));
    for stage in ["live", "${Orders.Stage}", "${OrdersliveStage}"] {
        assert!(protects(SAM, &arn("${Orders}", stage)), "{stage}");
    }
    for stage in ["Prod", "${ServerlessRestApi.Stage}", "${ServerlessRestApiProdStage}"] {
        assert!(protects(IMPLICIT, &arn("${ServerlessRestApi}", stage)), "{stage}");
    }
}

#[test]
fn an_association_of_another_stage_or_api_protects_nothing() {
    let other = format!(
        "{REST}\n  Test: {{Type: AWS::ApiGateway::Stage, Properties: {{RestApiId: !Ref Orders, StageName: test, DeploymentId: d}}}}"
    );
    for stage in ["test", "${Test}"] {
        let arn = format!("!Sub \"arn:aws:apigateway:eu-west-1::/restapis/${{Orders}}/stages/{stage}\"");
        let association =
            format!("{{Type: AWS::WAFv2::WebACLAssociation, Properties: {{ResourceArn: {arn}, WebACLArn: a}}}}");
        let said = said("missing-web-acl", "TR515", &format!("Resources:{other}\n  Acl: {association}\n"));
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains("stage live of Orders"), "{said:?}");
    }
    assert!(!protects(REST, "arn:aws:apigateway:eu-west-1::/restapis/abc/stages/live"));
}

#[test]
fn an_api_whose_policy_picks_its_callers_needs_no_web_acl() {
    let policy = |condition: &str| {
        let statement =
            format!("{{Effect: Allow, Principal: '*', Action: execute-api:Invoke, Resource: '*'{condition}}}");
        let template =
            REST.replace("{Name: orders}", &format!("{{Name: orders, Policy: {{Statement: [{statement}]}}}}"));
        said("missing-web-acl", "TR515", &format!("Resources:{template}\n")).len()
    };
    assert_eq!(policy(", Condition: {IpAddress: {aws:SourceIp: 192.0.2.0/24}}"), 0);
    assert_eq!(policy(""), 1);
    let of_event = "Method: get, Auth: {ResourcePolicy: {AwsAccountWhitelist: ['111122223333']}}";
    let template = IMPLICIT.replace("Method: get", of_event);
    assert_eq!(said("missing-web-acl", "TR515", &format!("Resources:{template}\n")), [""; 0]);
}

#[test]
fn a_distribution_protects_with_a_web_acl_only() {
    let with = |acl: &str| {
        let origin = "{Id: api, DomainName: !Sub '${Orders}.execute-api.eu-west-1.amazonaws.com'}";
        let distribution = format!(
            "{{Type: AWS::CloudFront::Distribution, Properties: {{DistributionConfig: {{Enabled: true, Origins: [{origin}]{acl}}}}}}}"
        );
        said("missing-web-acl", "TR515", &format!("Resources:{REST}\n  Edge: {distribution}\n")).len()
    };
    assert_eq!(with(", WebACLId: !ImportValue acl"), 0);
    assert_eq!((with(""), with(", WebACLId: !Ref AWS::NoValue"), with(", WebACLId: ''")), (1, 1, 1));
}

#[test]
fn one_web_acl_serves_all_stages_and_exists_when_one_of_them_does() {
    let template = "
Conditions: {A: !Equals [!Ref AWS::Region, a], B: !Equals [!Ref AWS::Region, b]}
Resources:
  One: {Type: AWS::Serverless::Api, Condition: A, Properties: {StageName: live}}
  Two: {Type: AWS::Serverless::Api, Condition: B, Properties: {StageName: live}}";
    let out = at(json!({"missing-web-acl": "Fix"}), template);
    let of = |kind: &str| -> Vec<&Value> {
        let resources = out.at("/Resources").as_object().unwrap();
        resources.values().filter(|resource| resource["Type"] == kind).collect()
    };
    let (acls, associations) = (of("AWS::WAFv2::WebACL"), of("AWS::WAFv2::WebACLAssociation"));
    assert_eq!((acls.len(), associations.len()), (1, 2));
    let condition = acls[0]["Condition"].as_str().unwrap();
    assert_eq!(
        out.at(&format!("/Conditions/{condition}")),
        &json!({"Fn::Or": [{"Condition": "A"}, {"Condition": "B"}]})
    );
    assert_eq!(associations.iter().map(|one| one["Condition"].as_str().unwrap()).collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(acls[0]["Properties"]["VisibilityConfig"]["MetricName"], json!({"Ref": "AWS::StackName"}));
}

/// A web ACL with rules before an API.
fn weak(rules: &str) -> Vec<String> {
    let association = "{Type: AWS::WAFv2::WebACLAssociation, Properties: {ResourceArn: !Sub 'arn:aws:apigateway:x::/restapis/${Orders}/stages/live', WebACLArn: !GetAtt Acl.Arn}}";
    let acl = format!("{{Type: AWS::WAFv2::WebACL, Properties: {{Rules: {rules}}}}}");
    said("weak-web-acl", "TR516", &format!("Resources:{REST}\n  Acl: {acl}\n  Before: {association}\n"))
}

#[test]
fn rules_count_at_any_depth_and_unknown_ones_are_trusted() {
    let rate = "{Statement: {RateBasedStatement: {Limit: 100, AggregateKeyType: IP}}}";
    let sql = "{Statement: {OrStatement: {Statements: [{GeoMatchStatement: {}}, {NotStatement: {Statement: {SqliMatchStatement: {}}}}]}}}";
    assert!(weak(&format!("[{rate}, {sql}]")).is_empty());
    assert!(weak(&format!("[{rate}]"))[0].ends_with("no rule against SQL injection"));
    assert!(weak(&format!("[{sql}]"))[0].ends_with("no rate-based rule"));
    assert!(weak("[]")[0].contains("neither"));
    let managed = |vendor: &str, name: &str| {
        format!("{{Statement: {{ManagedRuleGroupStatement: {{VendorName: {vendor}, Name: {name}}}}}}}")
    };
    assert!(weak(&format!("[{rate}, {}]", managed("AWS", "AWSManagedRulesSQLiRuleSet"))).is_empty());
    assert_eq!(weak(&format!("[{rate}, {}]", managed("AWS", "AWSManagedRulesCommonRuleSet"))).len(), 1);
    assert!(weak(&format!("[{rate}, {}]", managed("Fortinet", "all"))).is_empty());
    assert!(weak(&format!("[{rate}, !If [A, {sql}, !Ref AWS::NoValue]]")).is_empty());
}

/// What is said about usage plans of an API with a definition.
fn keyed(body: &str) -> usize {
    let template = REST.replace("{Name: orders}", &format!("{{Name: orders, Body: {body}}}"));
    said("missing-usage-plan", "TR514", &format!("Resources:{template}\n")).len()
}

#[test]
fn a_definition_asks_for_keys_by_the_security_of_its_operations() {
    let schemes = "components: {securitySchemes: {key: {type: apiKey, in: header, name: x-api-key}, users: {type: apiKey, in: header, name: x-api-key, x-amazon-apigateway-authorizer: {type: request}}}}";
    assert_eq!(keyed(&format!("{{{schemes}, paths: {{/x: {{get: {{security: [{{key: []}}]}}}}}}}}")), 1);
    assert_eq!(keyed(&format!("{{{schemes}, paths: {{/x: {{get: {{security: [{{users: []}}]}}}}}}}}")), 0);
    assert_eq!(
        keyed(&format!("{{{schemes}, security: [{{key: []}}], paths: {{/x: {{get: {{}}}}}}}}")),
        0,
        "API Gateway ignores it"
    );
}

#[test]
fn a_key_under_a_condition_is_a_key() {
    let method = |required: &str| {
        let method = format!(
            "{{Type: AWS::ApiGateway::Method, Properties: {{RestApiId: !Ref Orders, ResourceId: !GetAtt Orders.RootResourceId, HttpMethod: GET, ApiKeyRequired: {required}}}}}"
        );
        said(
            "missing-usage-plan",
            "TR514",
            &format!("Conditions: {{C: !Equals [a, b]}}\nResources:{REST}\n  Get: {method}\n"),
        )
        .len()
    };
    assert_eq!(
        (method("!If [C, true, false]"), method("'true'"), method("!If [C, false, false]"), method("!Ref P")),
        (1, 1, 0, 0)
    );
}

#[test]
fn auth_of_globals_and_of_the_api_is_one() {
    let said = |auth: &str| {
        said("missing-usage-plan", "TR514", &format!("
Globals: {{Api: {{Auth: {{ApiKeyRequired: true, UsagePlan: {{CreateUsagePlan: SHARED, Quota: {{Limit: 5, Period: DAY}}}}}}}}}}
Resources:
  Orders: {{Type: AWS::Serverless::Api, Properties: {{StageName: live, Auth: {auth}}}}}
  Function:
    Type: AWS::Serverless::Function
    Properties: {{Events: {{List: {{Type: Api, Properties: {{RestApiId: !Ref Orders, Path: /, Method: get}}}}}}}}
"))
    };
    assert_eq!(said("{DefaultAuthorizer: NONE}"), ["the usage plan that SAM makes for Orders has no `Throttle`"]);
    assert!(said("{UsagePlan: {Throttle: {RateLimit: 5, BurstLimit: 5}}}").is_empty());
    assert!(said("{UsagePlan: {CreateUsagePlan: NONE}}")[0].contains("no usage plan of this template"));
    // The plan is for the stage that SAM makes, not for one beside it.
    let beside = "{DefaultAuthorizer: NONE}}}\n  Second: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Orders, StageName: two";
    let both = said(beside);
    assert!(both.len() == 2 && both[1].contains("stage two of Orders"), "{both:?}");
    assert!(said("{ApiKeyRequired: false}").is_empty());
}

#[test]
fn a_limit_that_is_taken_away_is_named_with_its_condition() {
    let plan = |more: &str| {
        said(
            "missing-usage-plan",
            "TR514",
            &format!(
                "Conditions: {{C: !Equals [a, b]}}\nResources:\n  Plan: {{Type: AWS::ApiGateway::UsagePlan, Properties: {{Throttle: {{RateLimit: 5}}, {more}}}}}\n"
            ),
        )
    };
    assert!(plan("Quota: !Ref Limits").is_empty());
    assert_eq!(plan("Quota: !Ref AWS::NoValue"), ["the usage plan Plan has no `Quota`"]);
    assert!(plan("Quota: !If [C, {Limit: 5, Period: DAY}, !Ref AWS::NoValue]")[0].contains("not C"));
}

/// What is said about the cache of a stage with settings: unencrypted, idle.
fn cache(properties: &str) -> (usize, usize) {
    let template = format!(
        "Conditions: {{C: !Equals [a, b]}}\nResources:\n  Orders: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: orders}}}}\n  Live: {{Type: AWS::ApiGateway::Stage, Properties: {{RestApiId: !Ref Orders, StageName: live, DeploymentId: d, {properties}}}}}\n"
    );
    let out = at(json!({"unencrypted-cache": "Warn", "idle-cache": "Warn"}), &template);
    (out.findings("TR517").len(), out.findings("TR518").len())
}

#[test]
fn a_cluster_caches_nothing_until_settings_say_so() {
    let with = |settings: &str| cache(&format!("CacheClusterEnabled: 'true', MethodSettings: {settings}"));
    let all = |more: &str| format!("[{{ResourcePath: '/*', HttpMethod: '*', {more}}}]");
    assert_eq!(cache("CacheClusterEnabled: true"), (0, 1));
    assert_eq!(with(&all("MetricsEnabled: true")), (0, 1));
    assert_eq!(with(&all("CachingEnabled: true")), (1, 0));
    assert_eq!(with(&all("CachingEnabled: true, CacheTtlInSeconds: 0")), (0, 1));
    assert_eq!(with(&all("CachingEnabled: 'true', CacheDataEncrypted: 'true'")), (0, 0));
    assert_eq!(with(&all("CachingEnabled: true, CacheDataEncrypted: !Ref AWS::NoValue")), (1, 0));
    assert_eq!(with(&all("CachingEnabled: !Ref P")), (0, 0), "only CloudFormation knows");
    assert_eq!(with("!Ref P"), (0, 0));
    assert_eq!(cache("CacheClusterEnabled: !If [C, true, false]"), (0, 1));
    assert_eq!((cache("CacheClusterEnabled: false"), cache("CacheClusterEnabled: !Ref P")), ((0, 0), (0, 0)));
}

#[test]
fn the_stage_of_a_deployment_is_described_there() {
    let of = |description: &str| {
        let deployment = format!(
            "{{Type: AWS::ApiGateway::Deployment, Properties: {{RestApiId: !Ref Orders, StageName: live, StageDescription: {description}}}}}"
        );
        let template = format!(
            "Resources:\n  Orders: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: orders}}}}\n  Now: {deployment}\n"
        );
        let out = at(json!({"unencrypted-cache": "Warn", "idle-cache": "Warn"}), &template);
        (out.findings("TR517").len(), out.findings("TR518").len())
    };
    assert_eq!(of("{CacheClusterEnabled: true}"), (0, 1));
    assert_eq!(of("{CacheClusterEnabled: true, CachingEnabled: true}"), (1, 0));
    assert_eq!(of("{CacheClusterEnabled: true, CachingEnabled: true, CacheDataEncrypted: true}"), (0, 0));
}

#[test]
fn encryption_is_added_beside_what_the_author_wrote_and_nowhere_else() {
    let template = "
Resources:
  Orders:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      CacheClusterEnabled: true
      MethodSettings:
        - {ResourcePath: '/*', HttpMethod: '*', CachingEnabled: false}
        - {ResourcePath: /~1a, HttpMethod: GET, CachingEnabled: true, CacheTtlInSeconds: 60}
        - {ResourcePath: /~1b, HttpMethod: GET, CachingEnabled: true, CacheDataEncrypted: true}";
    let out = at(json!({"unencrypted-cache": "Fix"}), template);
    let encrypted =
        |index: usize| out.at(&format!("/Resources/Orders/Properties/MethodSettings/{index}/CacheDataEncrypted"));
    assert_eq!((encrypted(0), encrypted(1), encrypted(2)), (&Value::Null, &json!(true), &json!(true)));
}

#[test]
fn an_event_of_sam_may_limit_its_route() {
    let event = |more: &str| {
        let template = format!(
            "
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties: {{Events: {{Pay: {{Type: HttpApi, Properties: {{Path: /pay, Method: post{more}}}}}}}}}
"
        );
        said("unthrottled-method", "TR513", &template)
    };
    assert_eq!(event(", RouteSettings: {DetailedMetricsEnabled: true}").len(), 1);
    assert!(event(", RouteSettings: {ThrottlingRateLimit: 5, ThrottlingBurstLimit: 5}").is_empty());
    assert!(event(", RouteSettings: !Ref P").is_empty());
}

#[test]
fn many_methods_without_a_limit_are_one_finding() {
    let paths = "{/a: {post: {}, get: {}}, /b: {put: {}}, /c: {patch: {}}, /d: {delete: {}, post: {}}}";
    let template = REST.replace("{Name: orders}", &format!("{{Name: orders, Body: {{paths: {paths}}}}}"));
    let said = said("unthrottled-method", "TR513", &format!("Resources:{template}\n"));
    assert_eq!(
        said,
        [
            "the stage live of Orders has no limit of its own for POST /a, PUT /b, PATCH /c and 2 more, which change data"
        ]
    );
}

#[test]
fn a_domain_is_judged_by_what_it_says_and_by_its_kind() {
    let of = |kind: &str, properties: &str| {
        said(
            "weak-tls-policy",
            "TR519",
            &format!(
                "Conditions: {{C: !Equals [a, b]}}\nResources:\n  D: {{Type: {kind}, Properties: {properties}}}\n"
            ),
        )
    };
    let rest = |policy: &str| {
        of("AWS::ApiGateway::DomainName", &format!("{{DomainName: a.example.com, SecurityPolicy: {policy}}}"))
    };
    assert!(rest("!If [C, TLS_1_0, TLS_1_2]")[0].ends_with("accepts TLS 1.0 (where the condition C holds)"));
    assert!(rest("!If [C, TLS_1_2, !Ref AWS::NoValue]")[0].contains("does not say"));
    for fine in ["TLS_1_2", "SecurityPolicy_TLS13_1_3_2025_09", "!Ref P"] {
        assert!(rest(fine).is_empty(), "{fine}");
    }
    let sam =
        |kind: &str, more: &str| of(kind, &format!("{{StageName: live, Domain: {{DomainName: a.example.com{more}}}}}"));
    assert_eq!(sam("AWS::Serverless::Api", "").len(), 1);
    assert!(sam("AWS::Serverless::Api", ", EndpointConfiguration: PRIVATE").is_empty());
    assert!(sam("AWS::Serverless::HttpApi", "").is_empty());
    assert_eq!(sam("AWS::Serverless::WebSocketApi", ", SecurityPolicy: TLS_1_0").len(), 1);
}
