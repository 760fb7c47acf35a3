//! Mutual TLS: callers show a certificate. It speaks for an API that is reached in no other way: its own endpoint is switched off, and each of its domain
//! names asks. Source: API Gateway developer guide, "How to turn on mutual TLS authentication for your REST APIs in API Gateway".

use crate::guard::methods::Is;
use crate::target::values_of;
use crate::template::intrinsic::{as_bool, reference};
use crate::template::text::referred;
use crate::template::{Resource, Template};
use serde_json::Value;

/// Whether whoever calls an API has to show a certificate.
pub(super) fn asks_for_certificates(template: &Template<'_>, api: Option<&Resource<'_>>) -> Is {
    let Some(api) = api else { return Is::from(false) };
    let domains = domains(template, api);
    let asks = |domain: &Option<&Value>| domain.is_some_and(|tls| tls.get("TruststoreUri").is_some());
    Is::from(!domains.is_empty() && domains.iter().all(asks) && is_own_endpoint_off(template, api))
}

/// `MutualTlsAuthentication` of each domain name that leads to an API; none where it has none, or cannot be read.
fn domains<'t>(template: &Template<'t>, api: &Resource<'t>) -> Vec<Option<&'t Value>> {
    let leads_here = |mapping: &&Resource<'_>| {
        let id = |name: &str| mapping.own(name).and_then(|value| referred(value, name));
        id("RestApiId").or_else(|| id("ApiId")).as_deref() == Some(api.id)
    };
    let mappings = template.of_types(&["AWS::ApiGateway::BasePathMapping", "AWS::ApiGatewayV2::ApiMapping"]);
    let mapped = mappings.filter(leads_here).map(|mapping| {
        let domain = template.resources.get(reference(mapping.own("DomainName")?)?)?;
        domain.own("MutualTlsAuthentication")
    });
    let of_sam = template.property(api, "Domain").filter(|_| api.is_serverless());
    mapped.chain(of_sam.map(|domain| domain.get("MutualTlsAuthentication"))).collect()
}

/// `DisableExecuteApiEndpoint`, or API Gateway's extension in the definition.
fn is_own_endpoint_off(template: &Template<'_>, api: &Resource<'_>) -> bool {
    let mut switches: Vec<&Value> = template.property(api, "DisableExecuteApiEndpoint").into_iter().collect();
    for body in ["Body", "DefinitionBody"].into_iter().filter_map(|name| template.property(api, name)) {
        values_of(body, "disableExecuteApiEndpoint", &mut switches);
    }
    switches.into_iter().any(|switch| as_bool(switch) == Some(true))
}
