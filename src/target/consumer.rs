//! Consumers of Kinesis streams: CloudWatch knows them by the stream's name too, and the template has its ARN.

use super::properties::Properties;
use super::relation::named;
use super::resource::{Found, Search, piece};
use crate::catalogue::rows::streams::CONSUMER;
use crate::template::When;
use crate::template::intrinsic::{function, make_ref};
use serde_json::{Value, json};

/// Finds consumers.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for consumer in template.of_types(CONSUMER.types) {
        let (Some(stream), Some(name)) = (consumer.own("StreamARN"), consumer.own("ConsumerName")) else { continue };
        let here = named(template, stream, &["AWS::Kinesis::Stream"]);
        let stream = match (here.first(), stream.as_str()) {
            (Some((found, _)), _) => make_ref(found.id),
            (None, Some(arn)) => json!(arn.rsplit('/').next().unwrap_or(arn)),
            (None, None) if function(stream).is_some() => piece(stream, "/", 1),
            (None, None) => continue,
        };
        let dimensions: Vec<Value> = vec![stream, name.clone()];
        let properties = Properties::Of(consumer.id);
        search.add(Found {
            kind: &CONSUMER,
            resource: consumer,
            part: None,
            dimensions,
            when: When::Always,
            properties,
        });
    }
}
