//! Topics that the policy enforces are told as well: they come first, and the template's own follow.

use super::replaced;
use crate::config::layer::Sourced;
use crate::config::raw::Notify;
use crate::finding::Finding;
use crate::template::Template;
use serde_json::Value;

/// CloudWatch's limit for each kind of action.
const MOST_TOPICS: usize = 5;

type Topics = Option<Sourced<Vec<Value>>>;

/// Adds the enforced topics to those of a layer.
pub(super) fn hold(own: &mut Notify, enforced: &Notify, template: &Template<'_>, findings: &mut Vec<Finding>) {
    let lists: [(&str, &mut Topics, &Topics); 4] = [
        ("Critical", &mut own.critical, &enforced.critical),
        ("Warning", &mut own.warning, &enforced.warning),
        ("Ok", &mut own.ok, &enforced.ok),
        ("InsufficientData", &mut own.insufficient_data, &enforced.insufficient_data),
    ];
    for (key, own, enforced) in lists {
        if let (Some(own), Some(enforced)) = (own, enforced) {
            findings.extend(add(key, own, enforced, template));
        }
    }
}

fn add(
    key: &str,
    own: &mut Sourced<Vec<Value>>,
    enforced: &Sourced<Vec<Value>>,
    template: &Template<'_>,
) -> Option<Finding> {
    let mut topics = enforced.value.clone();
    let mut left_out = 0;
    for topic in &own.value {
        if topics.contains(topic) {
            continue;
        }
        // A list of topics cannot stand beside others in `AlarmActions`.
        if template.is_list(topic) || topics.len() == MOST_TOPICS {
            left_out += 1;
        } else {
            topics.push(topic.clone());
        }
    }
    let finding = (left_out > 0).then(|| {
        let what = format!(
            "{left_out} of the topics in `Notify.{key}` cannot stand beside those of the policy (at most {MOST_TOPICS}, and no list): they are left out"
        );
        replaced(what, &own.from, &enforced.from)
    });
    own.value = topics;
    finding.flatten()
}
