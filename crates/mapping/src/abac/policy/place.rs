//! Where in a policy something stands.

use std::fmt;
use std::sync::Arc;

use crate::error::excerpt;

/// A place in a policy. It prints as `statement 2 (DenyAccessByRegion), Condition, StringNotEquals, aws:RequestedRegion`.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::abac::policy::Policy;
///
/// let policy = Policy::from_json(br#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
///     "Condition": {"StringEquals": {"aws:PrincipalTag/Team": "guests"}}}}"#)?;
/// let place = policy.statements()[0].conditions()[0].place();
/// assert_eq!((place.statement(), place.element(), place.key()), (1, "Condition", Some("aws:PrincipalTag/Team")));
/// assert_eq!(place.to_string(), "statement 1, Condition, StringEquals, aws:PrincipalTag/Team");
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    statement: usize,
    // Shared, because one long text may be part of many places.
    sid: Option<Arc<str>>,
    element: &'static str,
    operator: Option<Arc<str>>,
    key: Option<Arc<str>>,
}

impl Place {
    pub(super) fn of_element(statement: usize, sid: Option<Arc<str>>, element: &'static str) -> Self {
        Self { statement, sid, element, operator: None, key: None }
    }

    pub(super) fn of_condition(statement: usize, sid: Option<Arc<str>>, operator: Arc<str>, key: Arc<str>) -> Self {
        Self { statement, sid, element: "Condition", operator: Some(operator), key: Some(key) }
    }

    /// The number of the statement, from 1.
    #[must_use]
    pub fn statement(&self) -> usize {
        self.statement
    }

    /// The statement's `Sid`, if it has one.
    #[must_use]
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    /// The element of the statement, such as `Condition` or `Resource`.
    #[must_use]
    pub fn element(&self) -> &'static str {
        self.element
    }

    /// The condition's operator with everything that belongs to it, such as `ForAllValues:StringLike`.
    #[must_use]
    pub fn operator(&self) -> Option<&str> {
        self.operator.as_deref()
    }

    /// The condition's key, such as `aws:RequestedRegion`.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement {}", self.statement)?;
        if let Some(sid) = &self.sid {
            write!(f, " ({})", excerpt(sid))?;
        }
        write!(f, ", {}", self.element)?;
        [&self.operator, &self.key].into_iter().flatten().try_for_each(|part| write!(f, ", {}", excerpt(part)))
    }
}
