//! What a person should know of a policy before tags are sent.

use std::fmt;

use crate::abac::policy::{Effect, PRINCIPAL_TAG, Place};
use crate::error::excerpt;

/// Something about a policy and the tags that are sent, and what to do about it. It prints as one sentence and never holds the value of a tag.
///
/// # Examples
///
/// ```
/// use std::collections::BTreeMap;
/// use idbridge_mapping::abac::policy::{Policy, PolicySeverity, lint};
///
/// let policy = Policy::from_json(br#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
///     "Condition": {"StringEquals": {"aws:PrincipalTag/costcenter": "7"}}}}"#)?;
/// let findings = lint(&policy, ["CostCenter"], &BTreeMap::new());
/// assert_eq!((findings[0].code(), findings[0].severity()), ("TagCaseDiffers", PolicySeverity::Warns));
/// assert_eq!(
///     findings[0].to_string(),
///     "the policy asks for the tag costcenter, and there is CostCenter, which differs only in case; write both the same"
/// );
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFinding {
    kind: PolicyFindingKind,
}

/// How much a [`PolicyFinding`] matters. Nothing is held or left out for it: the policy is written and used at AWS.
///
/// # Examples
///
/// ```
/// use std::collections::BTreeMap;
/// use idbridge_mapping::abac::policy::{Policy, PolicySeverity, lint};
///
/// let policy = Policy::from_json(br#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#)?;
/// let findings = lint(&policy, ["Team"], &BTreeMap::new());
/// assert_eq!(findings[0].severity(), PolicySeverity::Informs);
/// assert!(PolicySeverity::Informs < PolicySeverity::Warns);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "who shows a finding must decide for each of them")]
pub enum PolicySeverity {
    /// It is only worth knowing.
    Informs,
    /// Somebody may get more or less access than was meant.
    Warns,
}

/// What was found, with the evidence.
///
/// People are named by the labels that [`lint`](crate::abac::policy::lint) was given, the first [`PolicyFinding::MOST_NAMES`] of them.
///
/// # Examples
///
/// ```
/// use std::collections::BTreeMap;
/// use idbridge_mapping::abac::policy::{Policy, PolicyFindingKind, lint};
///
/// let policy = Policy::from_json(br#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
///     "Condition": {"StringEquals": {"aws:PrincipalTag/Team": "red"}}}}"#)?;
/// let people = BTreeMap::from([("user u1".to_owned(), BTreeMap::new())]);
/// let findings = lint(&policy, ["Team"], &people);
/// assert!(matches!(findings[0].kind(), PolicyFindingKind::PeopleWithoutTag { key, count: 1, .. } if key == "Team"));
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyFindingKind {
    /// The policy asks for a tag that nobody sends. Warns.
    TagNotSent {
        /// The key as the policy writes it.
        key: String,
        /// The first place that asks for it.
        place: Place,
    },
    /// The policy asks for a tag, and what is sent or asked for elsewhere differs from it only in case (L180, L273). Warns.
    TagCaseDiffers {
        /// The key as the policy writes it.
        key: String,
        /// The other key.
        other: String,
    },
    /// Some people have no value for a tag that the policy asks for without a default. Warns.
    PeopleWithoutTag {
        /// The key.
        key: String,
        /// How many they are.
        count: usize,
        /// The first of them.
        people: Vec<String>,
    },
    /// A condition holds for people because they lack a tag: a contrary such as `StringNotEquals` holds if its key, or a variable among its values,
    /// is absent. Warns.
    NegatedMatchesAbsent {
        /// Where it stands.
        place: Place,
        /// What the statement does for them.
        effect: Effect,
        /// The key of the tag.
        key: String,
        /// How many people lack it.
        count: usize,
        /// The first of them.
        people: Vec<String>,
    },
    /// A statement that allows has `ForAllValues:` on a key, which holds if the key is absent, and no `Null` beside it. Warns.
    ForAllValuesMatchesAbsent {
        /// Where it stands.
        place: Place,
        /// The key of the condition.
        key: String,
    },
    /// A policy variable is taken letter for letter, because the policy is not of version `2012-10-17`. Warns.
    VariableNotReplaced {
        /// Where it stands.
        place: Place,
        /// What the variable names, without `${` and `}`.
        variable: String,
    },
    /// A tag is sent that this policy does not ask for; another may. Informs.
    TagNotUsed {
        /// The key.
        key: String,
    },
}

impl PolicyFinding {
    /// The most people that one finding names; all are counted.
    pub const MOST_NAMES: usize = 10;

    pub(super) fn new(kind: PolicyFindingKind) -> Self {
        Self { kind }
    }

    /// What was found, with the evidence.
    #[must_use]
    pub fn kind(&self) -> &PolicyFindingKind {
        &self.kind
    }

    /// The finding's name in reports, which stays as it is from version to version.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.kind {
            PolicyFindingKind::TagNotSent { .. } => "TagNotSent",
            PolicyFindingKind::TagCaseDiffers { .. } => "TagCaseDiffers",
            PolicyFindingKind::PeopleWithoutTag { .. } => "PeopleWithoutTag",
            PolicyFindingKind::NegatedMatchesAbsent { .. } => "NegatedMatchesAbsent",
            PolicyFindingKind::ForAllValuesMatchesAbsent { .. } => "ForAllValuesMatchesAbsent",
            PolicyFindingKind::VariableNotReplaced { .. } => "VariableNotReplaced",
            PolicyFindingKind::TagNotUsed { .. } => "TagNotUsed",
        }
    }

    /// How much it matters.
    #[must_use]
    pub fn severity(&self) -> PolicySeverity {
        match &self.kind {
            PolicyFindingKind::TagNotUsed { .. } => PolicySeverity::Informs,
            _ => PolicySeverity::Warns,
        }
    }

    /// What a person can do about it; nothing where there is nothing to do. It is the second half of the sentence that the finding prints as.
    #[must_use]
    pub fn remedy(&self) -> Option<String> {
        match &self.kind {
            PolicyFindingKind::TagNotSent { .. } => Some("send it, or take it out of the policy".to_owned()),
            PolicyFindingKind::TagCaseDiffers { .. } => Some("write both the same".to_owned()),
            PolicyFindingKind::PeopleWithoutTag { .. } => {
                Some("fill in the attribute that it comes from, or give the policy a default".to_owned())
            }
            PolicyFindingKind::NegatedMatchesAbsent { key, .. } => {
                Some(format!("fill in the attribute that the tag comes from, or add Null with {PRINCIPAL_TAG}{} \"false\"", excerpt(key)))
            }
            PolicyFindingKind::ForAllValuesMatchesAbsent { key, .. } => {
                Some(format!("add Null with {} \"false\" to the statement", excerpt(key)))
            }
            PolicyFindingKind::VariableNotReplaced { .. } => Some("write \"Version\": \"2012-10-17\" into the policy".to_owned()),
            PolicyFindingKind::TagNotUsed { .. } => None,
        }
    }
}

impl fmt::Display for PolicyFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            PolicyFindingKind::TagNotSent { key, place } => {
                write!(f, "the policy asks for the tag {}, which nobody sends, in {place}", excerpt(key))
            }
            PolicyFindingKind::TagCaseDiffers { key, other } => {
                write!(f, "the policy asks for the tag {}, and there is {}, which differs only in case", excerpt(key), excerpt(other))
            }
            PolicyFindingKind::PeopleWithoutTag { key, count, people } => {
                write!(f, "{} no tag {}, which the policy asks for", Lacking { count: *count, people }, excerpt(key))
            }
            PolicyFindingKind::NegatedMatchesAbsent { place, effect, key, count, people } => {
                let does = match effect {
                    Effect::Allow => "allows",
                    Effect::Deny => "denies",
                };
                let lacking = Lacking { count: *count, people };
                write!(f, "{lacking} no tag {}, and the condition that {does} holds where it is absent: {place}", excerpt(key))
            }
            PolicyFindingKind::ForAllValuesMatchesAbsent { place, .. } => {
                write!(f, "a condition that allows holds where its key is absent: {place}")
            }
            PolicyFindingKind::VariableNotReplaced { place, variable } => {
                write!(f, "the variable ${{{}}} is taken letter for letter in {place}", excerpt(variable))
            }
            PolicyFindingKind::TagNotUsed { key } => write!(f, "the tag {} is sent, and this policy does not ask for it", excerpt(key)),
        }?;
        match self.remedy() {
            Some(remedy) => write!(f, "; {remedy}"),
            None => Ok(()),
        }
    }
}

/// Writes the first half of a sentence: "2 people (user u1, user u2) have".
struct Lacking<'a> {
    count: usize,
    people: &'a [String],
}

impl fmt::Display for Lacking<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.people.iter().map(|name| excerpt(name)).collect();
        let (people, have) = if self.count == 1 { ("1 person".to_owned(), "has") } else { (format!("{} people", self.count), "have") };
        let more = if self.count > names.len() { ", .." } else { "" };
        write!(f, "{people} ({}{more}) {have}", names.join(", "))
    }
}
