//! What a person should know of a record: held, left out, or worth a look.

#[cfg(any(feature = "expressions", feature = "saml"))]
mod failure;
mod kind;
mod wording;

use crate::directory::DirectoryId;

#[cfg(feature = "expressions")]
pub use failure::ExpressionFailure;
#[cfg(feature = "saml")]
pub use failure::SamlRefusal;
pub use kind::FindingKind;

/// Something about a record or a whole directory that a person should know, and what to do about it.
///
/// A finding is no error: everything it does not concern goes on. It prints as one sentence that says what to change, and never holds a value of
/// an attribute, so that a report can be shown to anybody.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{RuleSet, Severity, directory::{DirectoryId, Group}};
/// use idbridge_scim::Profile;
///
/// let group = Group::new(DirectoryId::new("g1")?, "Ops: EU");
/// let mapped = RuleSet::jumpcloud().group_to_scim(&group, &Profile::aws_iam_identity_center());
/// let finding = &mapped.findings()[0];
/// assert_eq!(finding.code(), "GroupNameColon");
/// assert_eq!(finding.severity(), Severity::Holds);
/// assert_eq!(finding.to_string(), "the group's name has a ':' at 3, which the service refuses; rename the group in the directory");
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    record: Option<Record>,
    path: Option<String>,
    kind: FindingKind,
}

/// The record that a [`Finding`] is about. It prints as `user` or `group` and the identifier.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a directory has people and groups")]
pub enum Record {
    /// A person.
    User(DirectoryId),
    /// A group.
    Group(DirectoryId),
}

/// What a [`Finding`] does to its record, from the least to the most.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{RuleSet, Severity, directory::{DirectoryId, User}};
/// use idbridge_scim::Profile;
///
/// let user = User::new(DirectoryId::new("u1")?);
/// let mapped = RuleSet::jumpcloud().to_scim(&user, &Profile::aws_iam_identity_center());
/// let worst = mapped.findings().iter().map(|finding| finding.severity()).max();
/// assert_eq!(worst, Some(Severity::Holds));
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "who acts on a finding must decide for each of them")]
pub enum Severity {
    /// Nothing: it is only worth knowing.
    Informs,
    /// One attribute is not sent; the rest of the record is.
    LeavesOut,
    /// The record is held: nothing is sent for it, and it is not taken as absent.
    Holds,
}

impl Finding {
    pub(crate) fn new(kind: FindingKind) -> Self {
        Self { record: None, path: None, kind }
    }

    pub(crate) fn of(mut self, record: Record) -> Self {
        self.record = Some(record);
        self
    }

    pub(crate) fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// What was found, with the evidence.
    #[must_use]
    pub fn kind(&self) -> &FindingKind {
        &self.kind
    }

    /// The record that it is about; nothing if it is about the directory as a whole.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        self.record.as_ref()
    }

    /// The attribute that it is about: a SCIM path for what is sent, the directory's own name for what was read.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }
}
