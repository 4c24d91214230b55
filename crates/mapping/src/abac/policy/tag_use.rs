//! Which tags of the person who asks a policy names.

use std::fmt;

use crate::abac::policy::operator::Operator;
use crate::abac::policy::template::variables;
use crate::abac::policy::{Listed, PRINCIPAL_TAG, Place, Policy, Statement, principal_tag};
use crate::error::excerpt;

/// One place of a policy that names a tag of the person who asks.
///
/// It prints as `aws:PrincipalTag/Team in statement 1, Condition, ..`, and a policy variable as `${aws:PrincipalTag/Team} in ..`.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::abac::policy::Policy;
///
/// let policy = Policy::from_json(br#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
///     "Condition": {"StringNotEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/Region}"}}}}"#)?;
/// let uses = policy.principal_tags();
/// assert_eq!((uses[0].key.as_str(), uses[0].as_variable, uses[0].has_default), ("Region", true, false));
/// assert_eq!(uses[0].to_string(), "${aws:PrincipalTag/Region} in statement 1, Condition, StringNotEquals, aws:RequestedRegion");
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TagUse {
    /// The key of the tag, byte for byte as the policy writes it (AB-15).
    pub key: String,
    /// Where it stands.
    pub place: Place,
    /// Whether it is a policy variable, `${aws:PrincipalTag/Key}`; otherwise it is the key of a condition.
    pub as_variable: bool,
    /// Whether people without the tag are thought of: a variable with a default, or the operator `Null`.
    pub has_default: bool,
}

/// All uses in `policy`, in its order.
pub(super) fn of(policy: &Policy) -> Vec<TagUse> {
    policy.statements().iter().flat_map(of_statement).collect()
}

fn of_statement(statement: &Statement) -> Vec<TagUse> {
    let mut uses = Vec::new();
    if let Some(resource) = statement.resource() {
        let element = match resource {
            Listed::Only(_) => "Resource",
            Listed::AllBut(_) => "NotResource",
        };
        let place = Place::of_element(statement.number(), statement.sid.clone(), element);
        resource.texts().iter().for_each(|text| add_variables(&mut uses, text, &place));
    }
    for condition in statement.conditions() {
        if let Some(tag) = principal_tag(condition.key()) {
            let has_default = condition.test == Some(Operator::Null);
            uses.push(TagUse { key: tag.to_owned(), place: condition.place().clone(), as_variable: false, has_default });
        }
        condition.values().iter().for_each(|text| add_variables(&mut uses, text, condition.place()));
    }
    uses
}

fn add_variables(uses: &mut Vec<TagUse>, text: &str, place: &Place) {
    for (key, has_default) in variables(text) {
        if let Some(tag) = principal_tag(key) {
            uses.push(TagUse { key: tag.to_owned(), place: place.clone(), as_variable: true, has_default });
        }
    }
}

impl fmt::Display for TagUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = excerpt(&self.key);
        if self.as_variable {
            write!(f, "${{{PRINCIPAL_TAG}{key}}} in {}", self.place)
        } else {
            write!(f, "{PRINCIPAL_TAG}{key} in {}", self.place)
        }
    }
}
