//! `missing-redrive-policy`: messages that nobody can handle leave the queue for a dead-letter queue.

use super::possible::{lacks, under};
use super::written_as;
use crate::catalogue::guards::functions::MISSING_REDRIVE_POLICY;
use crate::guard::check::{Check, Entry, Violation};
use crate::target::{dead_letter_queues, named};
use crate::template::{Resource, Template, When};
use std::collections::BTreeSet;

pub(super) const ENTRY: Entry = (&MISSING_REDRIVE_POLICY, look);
const QUEUE: &[&str] = &["AWS::SQS::Queue"];
const PROPERTY: &str = "RedrivePolicy";

fn look(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    let (dead, consumed) = (dead_letter_queues(template), consumed(template));
    for queue in template.of_types(QUEUE) {
        let is_read = consumed.contains(queue.id);
        let is_dead = dead.contains_key(queue.id) || queue.own("RedriveAllowPolicy").is_some();
        let when = lacks(template, queue, PROPERTY);
        if is_dead || when == When::Never || (!is_read && looks_dead(queue)) {
            continue;
        }
        let violation = violation(template, queue, &under(&when));
        // Who reads it cannot be seen here: it may be no more than a place to look at.
        check.report(if is_read { violation } else { violation.unknown() });
    }
}

/// What is said of a queue. One that SAM makes for a subscription takes no settings.
fn violation(template: &Template<'_>, queue: &Resource<'_>, when: &str) -> Violation {
    let (id, is_written) = (queue.id, template.resources.contains_key(queue.id));
    let made = if is_written { "" } else { ", which SAM makes for this subscription," };
    let what = format!(
        "the queue {id}{made} has no dead-letter queue{when}: a message that always fails comes back until it expires, and is lost then"
    );
    let set = "`deadLetterTargetArn` and `maxReceiveCount` (5 or more for Lambda)";
    let help = match is_written {
        true => format!("set `{PROPERTY}` of {id}: {set}"),
        false => {
            format!("name a queue of your own (`SqsSubscription: {{QueueArn, QueueUrl}}`) with a `{PROPERTY}`: {set}")
        }
    };
    let at = if is_written { queue.property_at(PROPERTY) } else { queue.at.clone() };
    Violation::new(at, &written_as(template, queue), what, help)
}

/// The queues that something in the template reads. Sources: CloudFormation reference of event source mappings and of pipes.
fn consumed<'t>(template: &Template<'t>) -> BTreeSet<&'t str> {
    let readers = [("AWS::Lambda::EventSourceMapping", "EventSourceArn"), ("AWS::Pipes::Pipe", "Source")];
    let mut all = BTreeSet::new();
    for (kind, property) in readers {
        for reader in template.of_types(&[kind]) {
            let queues = reader.own(property).map(|arn| named(template, arn, QUEUE)).unwrap_or_default();
            all.extend(queues.into_iter().map(|(queue, _)| queue.id));
        }
    }
    all
}

/// Whether it is called a dead-letter queue: of something in another stack, or of a client.
fn looks_dead(queue: &Resource<'_>) -> bool {
    let name = queue.own("QueueName").map(ToString::to_string).unwrap_or_default();
    let called = format!("{} {name}", queue.id).to_ascii_lowercase().replace(['-', '_'], "");
    ["dlq", "deadletter", "fail", "redrive", "poison"].iter().any(|word| called.contains(word))
}
