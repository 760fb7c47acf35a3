//! `weak-tls-policy`: custom domains refuse TLS 1.0 and 1.1.

use crate::catalogue::guards::abuse::WEAK_TLS_POLICY;
use crate::guard::check::{Check, Entry, Violation};
use crate::target::entries;
use crate::template::{Pointer, Resource};
use serde_json::Value;

pub(super) const ENTRY: Entry = (&WEAK_TLS_POLICY, look);

const POLICY: &str = "SecurityPolicy";

fn look(check: &mut Check<'_, '_, '_>) {
    for domain in check.written(&["AWS::ApiGateway::DomainName", "AWS::ApiGateway::DomainNameV2"]) {
        // Domains of private APIs have TLS 1.2 and nothing else.
        if domain.kind == "AWS::ApiGateway::DomainName" || domain.own(POLICY).is_some() {
            judge(check, domain, domain.property_at(POLICY), domain.own(POLICY), true);
        }
    }
    for domain in check.written(&["AWS::ApiGatewayV2::DomainName"]) {
        let at = domain.property_at("DomainNameConfigurations");
        for (configuration, _) in domain.own("DomainNameConfigurations").map(entries).unwrap_or_default() {
            judge(check, domain, at.clone(), configuration.get(POLICY), false);
        }
    }
    for api in check.written(&["AWS::Serverless::Api", "AWS::Serverless::HttpApi"]) {
        if let Some(domain) =
            check.template().property(api, "Domain").filter(|domain| domain.get("DomainName").is_some())
        {
            let is_rest = api.kind == "AWS::Serverless::Api";
            judge(check, api, api.property_at("Domain").child(POLICY), domain.get(POLICY), is_rest);
        }
    }
}

/// `has_choice`: an absent policy may be TLS 1.0, which of the two is not documented; HTTP APIs have TLS 1.2 only.
fn judge(check: &mut Check<'_, '_, '_>, owner: &Resource<'_>, at: Pointer, policy: Option<&Value>, has_choice: bool) {
    let id = owner.id;
    let help = "set `SecurityPolicy: TLS_1_2`; clients that are older than 2014 or so will then be refused";
    match policy.map(Value::as_str) {
        Some(Some("TLS_1_0")) => {
            let what = format!("the custom domain of {id} accepts TLS 1.0");
            check.report(Violation::new(at, id, what, help));
        }
        None if has_choice => {
            let what = format!("the custom domain of {id} does not say which TLS it accepts");
            check.report(Violation::new(at, id, what, help).unknown());
        }
        _ => {}
    }
}
