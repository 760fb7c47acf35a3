//! `weak-tls-policy`: custom domains refuse TLS 1.0 and 1.1.

use crate::catalogue::guards::abuse::WEAK_TLS_POLICY;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::methods::{Is, judge, under};
use crate::target::entries;
use crate::template::{Pointer, Resource};
use serde_json::Value;

pub(super) const ENTRY: Entry = (&WEAK_TLS_POLICY, look);

const POLICY: &str = "SecurityPolicy";

/// What a domain does whose policy is absent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Default {
    /// It may accept TLS 1.0: which policy a domain of REST APIs gets is not documented.
    MayBeWeak,
    /// It accepts TLS 1.2 and newer only: HTTP and WebSocket APIs have nothing else, and private APIs have it where nothing is said. Source: API Gateway
    /// developer guide, "Choose a security policy for your custom domain".
    Strong,
}

fn look(check: &mut Check<'_, '_, '_>) {
    for domain in check.written(&["AWS::ApiGateway::DomainName"]) {
        judge_domain(check, domain, domain.property_at(POLICY), domain.own(POLICY), Default::MayBeWeak);
    }
    // Domains of private APIs.
    for domain in check.written(&["AWS::ApiGateway::DomainNameV2"]) {
        judge_domain(check, domain, domain.property_at(POLICY), domain.own(POLICY), Default::Strong);
    }
    for domain in check.written(&["AWS::ApiGatewayV2::DomainName"]) {
        let at = domain.property_at("DomainNameConfigurations");
        for (configuration, _) in domain.own("DomainNameConfigurations").map(entries).unwrap_or_default() {
            judge_domain(check, domain, at.clone(), configuration.get(POLICY), Default::Strong);
        }
    }
    for api in check.written(&["AWS::Serverless::Api", "AWS::Serverless::HttpApi", "AWS::Serverless::WebSocketApi"]) {
        let domain = check.template().property(api, "Domain");
        if let Some(domain) = domain.filter(|domain| domain.get("DomainName").is_some()) {
            let is_private = domain.get("EndpointConfiguration").is_some_and(|endpoint| endpoint == "PRIVATE");
            let is_rest = api.kind == "AWS::Serverless::Api" && !is_private;
            let default = if is_rest { Default::MayBeWeak } else { Default::Strong };
            judge_domain(check, api, api.property_at("Domain").child(POLICY), domain.get(POLICY), default);
        }
    }
}

fn judge_domain(
    check: &mut Check<'_, '_, '_>,
    owner: &Resource<'_>,
    at: Pointer,
    policy: Option<&Value>,
    default: Default,
) {
    let id = owner.id;
    let help = "set `SecurityPolicy: TLS_1_2`; clients that are older than 2014 or so will then be refused";
    let is_stated = judge(policy, &|policy| Is::from(!policy.is_null()));
    if let Is::No(when) = judge(policy, &|policy| Is::from(policy != "TLS_1_0")) {
        let what = format!("the custom domain of {id} accepts TLS 1.0{}", under(&when));
        check.report(Violation::new(at, id, what, help));
    } else if let (Is::No(when), Default::MayBeWeak) = (is_stated, default) {
        let what = format!("the custom domain of {id} does not say which TLS it accepts{}", under(&when));
        check.report(Violation::new(at, id, what, help).unknown());
    }
}
