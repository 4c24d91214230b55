//! Policies that ask for the tags of people.

use std::collections::BTreeMap;

use idbridge_mapping::abac::policy::{ConditionResult, Context, Policy, lint};

/// A policy that is read is held against tags without panicking, findings are one line each, and to know more of a request changes no decision.
pub fn policy(data: &[u8]) {
    let Ok(policy) = Policy::from_json(data) else { return };
    let tags = |pairs: &[(&str, &str)]| pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let people: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::from([
        ("user u1".to_owned(), tags(&[("Team", "red"), ("Region", "eu-west-1"), ("Star", "*")])),
        ("user u2".to_owned(), tags(&[("team", "a${*}?")])),
        ("user u3".to_owned(), tags(&[])),
    ]);
    let findings = lint(&policy, ["Team", "Region"], &people);
    assert!(findings.iter().all(|finding| !finding.to_string().contains('\n')));
    assert_eq!(findings, lint(&policy, ["Region", "Team"], &people), "the order of what is sent does not count");

    let more = Context::new().with("aws:RequestedRegion", ["eu-west-1"]).with("aws:TagKeys", ["a", "b"]).without("aws:SourceVpc");
    for statement in policy.statements() {
        for tags in people.values() {
            match (statement.condition_on(tags, &Context::new()), statement.condition_on(tags, &more)) {
                (ConditionResult::Holds, after) => assert_eq!(after, ConditionResult::Holds),
                (ConditionResult::DoesNotHold { .. }, after) => assert!(matches!(after, ConditionResult::DoesNotHold { .. })),
                (ConditionResult::Unknown { .. }, _) => {}
            }
        }
    }
}
