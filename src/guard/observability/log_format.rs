//! The default format of access logs: one line of JSON, in the variables that each kind of API has. Sources: API Gateway developer guide, "Variables
//! for access logging", "Customize HTTP API access logs" and "Configure logging for WebSocket APIs".
//!
//! A variable without a value is written as `-`, so all of them stand in quotes. `$context.error.messageString` brings its own and is not used: what
//! it writes when there was no error is not documented, and a bare `-` would break the line.

use crate::target::Protocol;

const EVERYWHERE: &[(&str, &str)] = &[
    ("requestId", "requestId"),
    ("extendedRequestId", "extendedRequestId"),
    ("ip", "identity.sourceIp"),
    ("userAgent", "identity.userAgent"),
    ("caller", "identity.caller"),
    ("user", "identity.user"),
    ("requestTime", "requestTime"),
];

/// Of a request over HTTP.
const REQUEST: &[(&str, &str)] = &[
    ("httpMethod", "httpMethod"),
    ("path", "path"),
    ("protocol", "protocol"),
    ("responseLength", "responseLength"),
    ("responseLatency", "responseLatency"),
];

const ANSWER: &[(&str, &str)] = &[
    ("status", "status"),
    ("integrationStatus", "integration.status"),
    ("integrationLatency", "integration.latency"),
    ("integrationError", "integration.error"),
    ("integrationRequestId", "integration.requestId"),
    ("errorMessage", "error.message"),
    ("errorResponseType", "error.responseType"),
    ("authorizerError", "authorizer.error"),
];

const AUTHORIZER: &[(&str, &str)] =
    &[("authorizerStatus", "authorizer.status"), ("authorizerLatency", "authorizer.latency")];

const REST: &[(&str, &str)] = &[
    ("resourcePath", "resourcePath"),
    ("wafStatus", "waf.status"),
    ("wafError", "waf.error"),
    ("wafResponseCode", "wafResponseCode"),
    ("xrayTraceId", "xrayTraceId"),
];

const ROUTE: &[(&str, &str)] = &[("routeKey", "routeKey")];

const MESSAGE: &[(&str, &str)] =
    &[("connectionId", "connectionId"), ("eventType", "eventType"), ("messageId", "messageId")];

/// The format for a kind of API.
pub(super) fn default_format(protocol: Protocol) -> String {
    let own = match protocol {
        Protocol::Rest => [REQUEST, REST, ANSWER, AUTHORIZER],
        Protocol::Http => [REQUEST, ROUTE, ANSWER, &[]],
        Protocol::WebSocket => [MESSAGE, ROUTE, ANSWER, AUTHORIZER],
    };
    let all = EVERYWHERE.iter().chain(own.into_iter().flatten());
    let fields: Vec<String> = all.map(|(name, variable)| format!("\"{name}\":\"$context.{variable}\"")).collect();
    format!("{{{}}}", fields.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_one_line_of_json_with_the_request_id() {
        for protocol in [Protocol::Rest, Protocol::Http, Protocol::WebSocket] {
            let format = default_format(protocol);
            let parsed: serde_json::Value = serde_json::from_str(&format).expect("JSON");
            assert_eq!(parsed["requestId"], "$context.requestId");
            assert!(format.len() < 3000 && !format.contains('\n'), "{format}");
        }
    }
}
