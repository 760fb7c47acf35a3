//! `weak-web-acl`: a web ACL before an API limits each client and knows SQL injection.

use super::web_acl::{before_apis, rules};
use crate::catalogue::guards::abuse::WEAK_WEB_ACL;
use crate::guard::check::{Check, Entry, Violation};

pub(super) const ENTRY: Entry = (&WEAK_WEB_ACL, look);

fn look(check: &mut Check<'_, '_, '_>) {
    for acl in before_apis(check.template()) {
        let rules = rules(acl);
        // A rule that cannot be read here may be the one that is missed.
        if rules.is_partly_unknown {
            continue;
        }
        let lacks = match (rules.has_rate, rules.has_sql) {
            (true, true) => continue,
            (false, true) => "no rate-based rule",
            (true, false) => "no rule against SQL injection",
            (false, false) => "neither a rate-based rule nor one against SQL injection",
        };
        let what = format!("the web ACL {} before an API has {lacks}", acl.id);
        let help = "add a rule with `RateBasedStatement`, and the managed group `AWSManagedRulesSQLiRuleSet`";
        check.report(Violation::new(acl.property_at("Rules"), acl.id, what, help));
    }
}
