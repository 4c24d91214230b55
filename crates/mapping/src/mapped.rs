//! What mapping one record gives.

use idbridge_scim::Resource;

use crate::finding::{Finding, Severity};

/// One record, mapped: a resource that the service takes, or held with the reason.
///
/// Held is neither absent nor empty: nothing is sent for a held record, and nothing that the service has of it is taken away.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{Mapped, RuleSet, directory::{DirectoryId, User}};
/// use idbridge_scim::Profile;
///
/// let user = User::new(DirectoryId::new("u1")?);
/// let mapped = RuleSet::jumpcloud().to_scim(&user, &Profile::aws_iam_identity_center());
/// assert!(mapped.is_held());
/// assert_eq!(mapped.findings()[0].to_string(), "userName is required and has no value; fill in email in the directory");
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "who sends must decide for each of them")]
pub enum Mapped {
    /// The service takes this.
    Ready {
        /// Exactly the mapped attributes, without `schemas` and `id`.
        resource: Resource,
        /// What was left out, and what is worth knowing.
        findings: Vec<Finding>,
    },
    /// Nothing is sent.
    Held {
        /// Why; at least one of them [holds](Severity::Holds).
        findings: Vec<Finding>,
    },
}

impl Mapped {
    /// Everything that was found, in the order of the rules.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Ready { findings, .. } | Self::Held { findings } => findings,
        }
    }

    /// The resource, unless the record is held.
    #[must_use]
    pub fn resource(&self) -> Option<&Resource> {
        match self {
            Self::Ready { resource, .. } => Some(resource),
            Self::Held { .. } => None,
        }
    }

    /// Whether the record is held.
    #[must_use]
    pub fn is_held(&self) -> bool {
        matches!(self, Self::Held { .. })
    }

    pub(crate) fn new(resource: Resource, findings: Vec<Finding>) -> Self {
        if findings.iter().any(|finding| finding.severity() == Severity::Holds) {
            return Self::Held { findings };
        }
        Self::Ready { resource, findings }
    }
}
