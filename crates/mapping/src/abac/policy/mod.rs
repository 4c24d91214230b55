//! IAM permission policies, as far as they ask for the tags of a person (AB-14, AB-15).
//!
//! ```text
//!   bytes --Policy::from_json--> Policy --principal_tags--> TagUse     every aws:PrincipalTag/<Key>, and where it stands
//!                                  |-----lint-------------> PolicyFinding   what will not work with the tags that are sent
//!                                  '-statements-> Statement::condition_on--> ConditionResult   for one person
//! ```
//!
//! A policy is written at AWS, and nothing here changes or sends one. It is read to be held against what is sent: a key that nobody sends, or in
//! another case, gives people less than was meant, and under `StringNotEquals` more.
//!
//! # What it refuses to do
//!
//! This is not IAM's evaluation. Whether a request is allowed depends on all policies of the person, the account and the resource, on boundaries and
//! on the resource itself; here is only whether the `Condition` of one statement holds, for the operators on strings and `Null`. What depends on
//! anything else is [`ConditionResult::Unknown`] and never a guess.
//!
//! `Principal`, `Action` and `Resource` are not matched against anything. `Principal` and `NotPrincipal` are passed over.

mod condition;
mod context;
mod finding;
mod json;
mod lint;
mod operator;
mod place;
mod statement;
mod tag_use;
mod template;
mod wildcard;

pub use condition::ConditionResult;
pub use context::Context;
pub use finding::{PolicyFinding, PolicyFindingKind, PolicySeverity};
pub use lint::lint;
pub use place::Place;
pub use statement::{Condition, Effect, Listed, Statement};
pub use tag_use::TagUse;

use crate::error::Error;

/// The prefix of the condition keys that stand for the tags of the person who asks; behind it is the key of the tag.
///
/// It is known in any case of its letters, as all names of condition keys are; the key behind it is taken byte for byte (AB-15).
///
/// # Examples
///
/// ```
/// use idbridge_mapping::abac::policy::PRINCIPAL_TAG;
///
/// assert_eq!(format!("{PRINCIPAL_TAG}CostCenter"), "aws:PrincipalTag/CostCenter");
/// ```
pub const PRINCIPAL_TAG: &str = "aws:PrincipalTag/";

/// An IAM policy: statements that allow or deny.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::abac::policy::Policy;
///
/// let policy = Policy::from_json(br#"{"Version": "2012-10-17", "Statement": {
///     "Effect": "Allow", "Action": "ec2:StopInstances", "Resource": "*",
///     "Condition": {"StringEquals": {"ec2:ResourceTag/Team": "${aws:PrincipalTag/Team}"}}
/// }}"#)?;
/// assert!(policy.replaces_variables());
/// assert_eq!(policy.statements().len(), 1);
/// assert_eq!(policy.principal_tags()[0].key, "Team");
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    version: Option<String>,
    id: Option<String>,
    statements: Vec<Statement>,
}

impl Policy {
    /// The most bytes that a policy may have: 1 MiB. AWS takes some 10 KiB at most.
    pub const LARGEST: usize = 1 << 20;

    /// The version of the language in which policy variables are replaced.
    const WITH_VARIABLES: &'static str = "2012-10-17";

    /// Reads a policy of at most [`Policy::LARGEST`] bytes.
    ///
    /// Numbers and booleans among the values of conditions are taken as text; a number is written as its value is, so that `1.10` is `1.1`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) for text that is not JSON, and [`ErrorKind::Policy`](crate::ErrorKind::Policy) for what is no
    /// policy: an element that there is not (the names of elements are known in their own case only), one that is missing or there twice, and a
    /// value of another type. It says in which statement; [`Error::at`] has line and column.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::abac::policy::Policy;
    ///
    /// let error = Policy::from_json(br#"{"Statement": [{"Effect": "Allow", "Effect": "Deny", "Action": "*"}]}"#).unwrap_err();
    /// assert_eq!(error.to_string(), "invalid policy at line 1 column 43, statement 1: Effect is there twice");
    /// ```
    pub fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        json::read(bytes)
    }

    /// The version of the policy language: `2012-10-17`, `2008-10-17`, or nothing, which stands for the older one.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The policy's own `Id`, which has no meaning.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The statements, in the order of the policy.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Whether `${..}` stands for a value: only in a policy of version `2012-10-17`. In any other it is taken letter for letter.
    #[must_use]
    pub fn replaces_variables(&self) -> bool {
        self.version.as_deref() == Some(Self::WITH_VARIABLES)
    }

    /// Every place that names a tag of the person who asks, in the order of the policy: as the key of a condition, and as a policy variable in
    /// `Resource`, `NotResource` and the values of conditions.
    ///
    /// Variables are listed even where the version of the policy does not replace them, because they were meant.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::abac::policy::Policy;
    ///
    /// let policy = Policy::from_json(br#"{"Version": "2012-10-17", "Statement": [{
    ///     "Sid": "OwnFolder", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::files/${aws:PrincipalTag/Team, 'none'}/*"
    /// }]}"#)?;
    /// let uses = policy.principal_tags();
    /// assert_eq!(uses[0].to_string(), "${aws:PrincipalTag/Team} in statement 1 (OwnFolder), Resource");
    /// assert!(uses[0].has_default);
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn principal_tags(&self) -> Vec<TagUse> {
        tag_use::of(self)
    }
}

/// The key of the tag, if `key` is that of a condition on a tag of the person who asks.
fn principal_tag(key: &str) -> Option<&str> {
    let (prefix, tag) = key.split_at_checked(PRINCIPAL_TAG.len())?;
    (prefix.eq_ignore_ascii_case(PRINCIPAL_TAG) && !tag.is_empty()).then_some(tag)
}
