//! What a plan does.

use std::collections::BTreeSet;
use std::fmt;

use idbridge_scim::{Change, Resource, ResourceId};

use crate::finding::{Because, Finding};
use crate::key::{Key, UserKey};

/// One thing that a plan does to one object.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// Whose object it is.
    pub key: Key,
    /// The record's name, for people.
    pub label: String,
    /// What is done.
    pub kind: OperationKind,
    /// Why.
    pub because: Because,
    /// Operations, by their place in the plan, that must have succeeded before.
    pub requires: Vec<usize>,
    /// Operations, by their place in the plan, that must be over before, however they ended.
    pub after: Vec<usize>,
}

/// What an [`Operation`] does.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum OperationKind {
    /// A user is created.
    CreateUser {
        /// The new user.
        resource: Resource,
        /// The managed attributes among them.
        sent: Resource,
    },
    /// A user of the service that was not linked is taken over, then changed.
    AdoptUser {
        /// Which one.
        id: ResourceId,
        /// By what it was found.
        matched: Match,
        /// What changes; nothing if it is as it shall be.
        changes: Vec<Change>,
        /// The managed attributes afterwards.
        sent: Resource,
    },
    /// A user is changed.
    UpdateUser {
        /// Which one.
        id: ResourceId,
        /// What changes.
        changes: Vec<Change>,
        /// The managed attributes afterwards.
        sent: Resource,
        /// The whole user, to be created if the service has lost it; nothing if it is not wanted.
        wanted: Option<Resource>,
    },
    /// A user is deleted.
    DeleteUser {
        /// Which one.
        id: ResourceId,
    },
    /// A group is created, with its members.
    CreateGroup {
        /// The new group, without members.
        resource: Resource,
        /// The members, by key.
        members: Vec<UserKey>,
    },
    /// A group of the service that was not linked, or was disassociated, is taken over, then changed.
    AdoptGroup {
        /// Which one.
        id: ResourceId,
        /// By what it was found.
        matched: Match,
        /// What changes; nothing if it is as it shall be.
        changes: Vec<Change>,
        /// The managed attributes afterwards.
        sent: Resource,
        /// The members that it has, as far as they are ours.
        members: BTreeSet<UserKey>,
        /// Whether it has members that are nobody's, or may have.
        unmanaged_members: bool,
    },
    /// A group is changed, its members aside.
    UpdateGroup {
        /// Which one.
        id: ResourceId,
        /// What changes.
        changes: Vec<Change>,
        /// The managed attributes afterwards.
        sent: Resource,
    },
    /// Members are added to a group.
    AddMembers {
        /// The members, by key.
        users: Vec<UserKey>,
    },
    /// Members are removed from a group.
    RemoveMembers {
        /// The members, by key.
        users: Vec<UserKey>,
        /// Members that are nobody in the directory, by the service's identifier; only by policy.
        unmanaged: Vec<ResourceId>,
    },
    /// A group is deleted.
    DeleteGroup {
        /// Which one.
        id: ResourceId,
    },
    /// A group was disassociated: it is left as it is, and no longer managed. No request.
    ReleaseGroup,
}

/// By what an object of the service was found to belong to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Match {
    /// The `externalId` is the directory's identifier.
    ExternalId,
    /// The `userName` or `displayName` is equal without case.
    Name,
    /// It was linked before, and then disassociated.
    Link,
}

/// What an operation does to people's access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Risk {
    /// Nobody loses anything.
    Harmless,
    /// Somebody loses access, and gets it back when it is undone.
    TakesAccess,
    /// An object with its identifier goes, and with it the permission sets that hang on it.
    Deletes,
}

impl OperationKind {
    /// The operation's name in reports, such as `createUser`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::CreateUser { .. } => "createUser",
            Self::AdoptUser { .. } => "adoptUser",
            Self::UpdateUser { .. } => "updateUser",
            Self::DeleteUser { .. } => "deleteUser",
            Self::CreateGroup { .. } => "createGroup",
            Self::AdoptGroup { .. } => "adoptGroup",
            Self::UpdateGroup { .. } => "updateGroup",
            Self::AddMembers { .. } => "addMembers",
            Self::RemoveMembers { .. } => "removeMembers",
            Self::DeleteGroup { .. } => "deleteGroup",
            Self::ReleaseGroup => "releaseGroup",
        }
    }

    /// What it does to people's access.
    #[must_use]
    pub fn risk(&self) -> Risk {
        match self {
            Self::DeleteUser { .. } | Self::DeleteGroup { .. } => Risk::Deletes,
            Self::RemoveMembers { .. } => Risk::TakesAccess,
            _ if self.deactivates() => Risk::TakesAccess,
            _ => Risk::Harmless,
        }
    }

    /// Whether it makes an active user inactive.
    #[must_use]
    pub fn deactivates(&self) -> bool {
        self.changes().iter().any(is_deactivation)
    }

    /// The changes of attributes, where it has some.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        match self {
            Self::AdoptUser { changes, .. }
            | Self::UpdateUser { changes, .. }
            | Self::AdoptGroup { changes, .. }
            | Self::UpdateGroup { changes, .. } => changes,
            _ => &[],
        }
    }

    /// How many requests it takes when nothing goes wrong, with at most `members` in one.
    #[must_use]
    pub fn requests(&self, members: usize) -> usize {
        let members = members.max(1);
        match self {
            Self::CreateUser { .. } | Self::DeleteUser { .. } | Self::DeleteGroup { .. } => 1,
            Self::CreateGroup { members: users, .. } => users.len().div_ceil(members).max(1),
            Self::AddMembers { users } => users.len().div_ceil(members),
            Self::RemoveMembers { users, unmanaged } => (users.len() + unmanaged.len()).div_ceil(members),
            Self::ReleaseGroup => 0,
            Self::AdoptUser { changes, .. }
            | Self::UpdateUser { changes, .. }
            | Self::AdoptGroup { changes, .. }
            | Self::UpdateGroup { changes, .. } => usize::from(!changes.is_empty()),
        }
    }
}

/// Whether a change makes an active user inactive; one whose state was not known counts as active.
pub(crate) fn is_deactivation(change: &Change) -> bool {
    let flag = |value: Option<&idbridge_scim::Value>| value.and_then(idbridge_scim::Value::as_bool);
    change.path().is_within("active") && flag(change.after()) == Some(false) && flag(change.before()) != Some(false)
}

impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ExternalId => "externalId",
            Self::Name => "name",
            Self::Link => "an earlier link",
        })
    }
}

/// A record to which nothing is done, with the findings that stop it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Held {
    /// Which record.
    pub key: Key,
    /// Its name, for people.
    pub label: String,
    /// Why.
    pub findings: Vec<Finding>,
}

/// Something that takes access away and is not done, although the source asks for it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Withheld {
    /// What is not done.
    pub operation: Operation,
    /// Why not.
    pub reason: WithheldReason,
}

/// Why something is withheld.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WithheldReason {
    /// More would be taken away than the guard lets pass.
    Guard,
    /// The source was not read to its end.
    SourceIncomplete,
    /// The source has no users, or no groups, although some are linked.
    SourceEmpty,
    /// It needs something that is withheld.
    Depends,
}

impl WithheldReason {
    /// The reason's name in reports.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Guard => "Guard",
            Self::SourceIncomplete => "SourceIncomplete",
            Self::SourceEmpty => "SourceEmpty",
            Self::Depends => "Depends",
        }
    }
}
