//! SQS queues: each is a queue like others, or somebody's dead-letter queue, where one message is one too many.

use super::dead_letter::queues;
use super::resource::{Found, Search};
use crate::catalogue::rows::sqs::{DEAD_LETTER_QUEUE, QUEUE};
use crate::template::When;

/// Finds both sorts.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    let dead = queues(template);
    for queue in template.of_types(QUEUE.types) {
        let is_dead = dead.get(queue.id).cloned().unwrap_or(When::Never);
        for (kind, when) in [(&QUEUE, is_dead.clone().negate()), (&DEAD_LETTER_QUEUE, is_dead)] {
            let found = Found::whole(template, kind, queue);
            found.into_iter().for_each(|found| search.add(found.only_when(when.clone())));
        }
    }
}
