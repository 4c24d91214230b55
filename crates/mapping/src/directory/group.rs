//! Groups, and what the application is bound to.

use std::collections::{BTreeMap, BTreeSet};

use crate::directory::DirectoryId;
use crate::finding::Finding;

/// A user group, as the directory has it.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::{DirectoryId, Group};
///
/// let mut group = Group::new(DirectoryId::new("g1")?, "Engineering");
/// group.members.insert(DirectoryId::new("u1")?);
/// assert_eq!(group.members.len(), 1);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// The directory's identifier.
    pub id: DirectoryId,
    /// The name, if there is one.
    pub name: Option<String>,
    /// The people in it. A list that the source did not give is empty here, and the snapshot is
    /// [`Partial`](crate::directory::Completeness::Partial).
    pub members: BTreeSet<DirectoryId>,
    /// The groups in it, whose members are members too. [`Snapshot::flatten`](crate::directory::Snapshot::flatten) puts them into `members`.
    pub groups: BTreeSet<DirectoryId>,
    /// Custom attributes by name, which the people in it may inherit (AB-09).
    pub custom: BTreeMap<String, String>,
    /// What a reader found wrong with this record; one that [holds](crate::Severity::Holds) keeps the group from being mapped. Its members are
    /// still members.
    pub findings: Vec<Finding>,
}

impl Group {
    /// A group without members.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::{DirectoryId, Group};
    ///
    /// let group = Group::new(DirectoryId::new("g1")?, "Staff");
    /// assert_eq!(group.name.as_deref(), Some("Staff"));
    /// assert!(group.members.is_empty() && group.groups.is_empty());
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn new(id: DirectoryId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: Some(name.into()),
            members: BTreeSet::new(),
            groups: BTreeSet::new(),
            custom: BTreeMap::new(),
            findings: Vec::new(),
        }
    }
}

/// What the application is bound to in the directory: who may use it.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::{Application, DirectoryId};
///
/// let mut application = Application::default();
/// application.groups.insert(DirectoryId::new("g1")?);
/// assert!(application.users.is_empty());
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Application {
    /// The bound groups.
    pub groups: BTreeSet<DirectoryId>,
    /// The people who are bound directly, not by way of a group.
    pub users: BTreeSet<DirectoryId>,
}
