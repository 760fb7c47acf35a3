//! Toprail: a CloudFormation macro that gives every API method, function and stage its alarms, metrics, throttles and tags.

pub mod template;
