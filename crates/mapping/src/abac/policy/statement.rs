//! A statement of a policy, and its conditions.

use std::sync::Arc;

use crate::abac::policy::operator::Operator;
use crate::abac::policy::place::Place;

/// What a statement does for the requests that it is about.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::abac::policy::{Effect, Policy};
///
/// let policy = Policy::from_json(br#"{"Statement": {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}}"#)?;
/// assert_eq!(policy.statements()[0].effect(), Effect::Deny);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a statement allows or denies")]
pub enum Effect {
    /// It allows them, unless another statement denies them.
    Allow,
    /// It denies them, whatever else allows them.
    Deny,
}

/// What a statement is about: what is listed, or everything else. The texts stand as they are in the policy, with wildcards and variables.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::abac::policy::{Listed, Policy};
///
/// let policy = Policy::from_json(br#"{"Statement": {"Effect": "Deny", "NotAction": "iam:*", "Resource": ["*"]}}"#)?;
/// let statement = &policy.statements()[0];
/// assert_eq!(statement.action(), &Listed::AllBut(vec!["iam:*".to_owned()]));
/// assert_eq!(statement.resource(), Some(&Listed::Only(vec!["*".to_owned()])));
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an element is there in its plain form or with Not before it")]
pub enum Listed {
    /// `Action` or `Resource`: what is listed.
    Only(Vec<String>),
    /// `NotAction` or `NotResource`: what is not listed.
    AllBut(Vec<String>),
}

impl Listed {
    /// What is listed, in either case.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        match self {
            Self::Only(texts) | Self::AllBut(texts) => texts,
        }
    }
}

/// One statement of a [`Policy`](crate::abac::policy::Policy).
///
/// # Examples
///
/// ```
/// use idbridge_mapping::abac::policy::Policy;
///
/// let policy = Policy::from_json(br#"{"Statement": [{"Sid": "Guests", "Effect": "Deny", "Action": "*", "Resource": "*",
///     "Condition": {"StringEquals": {"aws:PrincipalTag/Team": "guests"}, "Null": {"aws:MultiFactorAuthPresent": true}}}]}"#)?;
/// let statement = &policy.statements()[0];
/// assert_eq!((statement.number(), statement.sid()), (1, Some("Guests")));
/// assert_eq!(statement.conditions().len(), 2);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub(super) number: usize,
    pub(super) sid: Option<Arc<str>>,
    pub(super) effect: Effect,
    pub(super) action: Listed,
    pub(super) resource: Option<Listed>,
    pub(super) conditions: Vec<Condition>,
    pub(super) replaces_variables: bool,
}

impl Statement {
    /// Its place in the policy, from 1.
    #[must_use]
    pub fn number(&self) -> usize {
        self.number
    }

    /// Its own name, if it has one.
    #[must_use]
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    /// Whether it allows or denies.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// `Action` or `NotAction`.
    #[must_use]
    pub fn action(&self) -> &Listed {
        &self.action
    }

    /// `Resource` or `NotResource`; nothing in a policy that is attached to a role as whom it trusts.
    #[must_use]
    pub fn resource(&self) -> Option<&Listed> {
        self.resource.as_ref()
    }

    /// Its conditions, in the order of the policy, of which all must hold.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }
}

/// One key under one operator of a `Condition`, with the values that it is compared with.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::abac::policy::Policy;
///
/// let policy = Policy::from_json(br#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
///     "Condition": {"ForAnyValue:StringLike": {"aws:PrincipalTag/Team": ["red*", 7]}}}}"#)?;
/// let condition = &policy.statements()[0].conditions()[0];
/// assert_eq!((condition.operator(), condition.key()), ("ForAnyValue:StringLike", "aws:PrincipalTag/Team"));
/// assert_eq!(condition.values(), ["red*", "7"]);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    place: Place,
    operator: Arc<str>,
    key: Arc<str>,
    values: Vec<String>,
    pub(super) test: Option<Operator>,
}

impl Condition {
    pub(super) fn new(place: Place, operator: Arc<str>, key: Arc<str>, values: Vec<String>) -> Self {
        let test = Operator::named(&operator);
        Self { place, operator, key, values, test }
    }

    /// Where in the policy it stands.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The operator as the policy writes it, such as `ForAllValues:StringLikeIfExists`.
    #[must_use]
    pub fn operator(&self) -> &str {
        &self.operator
    }

    /// The key as the policy writes it, such as `aws:PrincipalTag/Team`.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The values, as text and with their variables.
    #[must_use]
    pub fn values(&self) -> &[String] {
        &self.values
    }
}
