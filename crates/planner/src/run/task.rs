//! What a request of a run is for.

use std::collections::{BTreeSet, VecDeque};

use idbridge_scim::protocol::{ListQuery, Reply};
use idbridge_scim::{Change, ResourceId};

use crate::finding::Finding;
use crate::key::{Key, UserKey};
use crate::operation::OperationKind;
use crate::run::Run;
use crate::state::Intent;

/// A request: for which operation, and to what end.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub(super) index: usize,
    pub(super) aim: Aim,
}

/// To what end a request is sent.
#[derive(Debug, Clone)]
pub(super) enum Aim {
    /// The object is created; of a group, with these members, under the identifiers that they had when it was sent.
    Create { members: Vec<(UserKey, ResourceId)> },
    /// The object is changed by PATCH.
    Change,
    /// The object is read, to be changed by PUT.
    ReadForReplace,
    /// The object is changed by PUT.
    Replace,
    /// The object is deleted.
    Delete,
    /// Was it created, or who stands in its way? By externalId.
    FindByExternalId { after: Doubt },
    /// The same, by name.
    FindByName { after: Doubt },
    /// What is there now?
    ReadBack,
    /// Members are added or removed.
    Members { chunk: Chunk },
    /// Did that take effect? One of them is asked for.
    CheckMember { chunk: Chunk },
    /// Is the group still there?
    ReadGroup { chunk: Chunk },
    /// Is the one user whom the group refused still there?
    ReadMember { chunk: Chunk },
    /// Is the one user still there with whom the create of a group was refused?
    ReadFirstMember { user: UserKey, refusal: Reply },
    /// Who is in the group that was adopted on the way?
    ReadMembers { query: ListQuery },
}

/// Why an object is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Its create may or may not have taken effect.
    Unknown,
    /// The service said that it is there (409).
    Conflict,
    /// It was linked, and the service does not have it any more (404).
    Lost,
}

/// Members of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) adds: bool,
    pub(super) users: Vec<UserKey>,
    pub(super) unmanaged: Vec<ResourceId>,
}

impl Aim {
    /// Whether the request changes something at the service.
    pub(super) fn is_write(&self) -> bool {
        matches!(self, Self::Create { .. } | Self::Change | Self::Replace | Self::Delete | Self::Members { .. })
    }

    /// Whether it is about the members of a group, not the group.
    pub(super) fn is_about_members(&self) -> bool {
        matches!(
            self,
            Self::Members { .. } | Self::CheckMember { .. } | Self::ReadGroup { .. } | Self::ReadMember { .. } | Self::ReadMembers { .. }
        )
    }
}

/// Where an operation stands.
#[derive(Debug, Default)]
pub(super) struct Position {
    /// How many operations it still waits for.
    pub(super) waits: usize,
    /// The requests since it last got on.
    pub(super) requests: u32,
    /// What went wrong last.
    pub(super) trouble: Option<String>,
    /// Whether the removal is in the guard's window.
    pub(super) is_counted: bool,
    /// Whether a write may have taken effect unseen. An answer says so only of the request that it answers, not of those before it.
    pub(super) is_uncertain: bool,
    /// The object that was found on the way, to be changed.
    pub(super) found: Option<ResourceId>,
    /// How many members the create of a group carries, if more were refused.
    pub(super) first_members: Option<usize>,
    /// The changes that are left to make.
    pub(super) changes: Vec<Change>,
    /// What is to be said in the end although the rest was done.
    pub(super) finding: Option<Finding>,
    /// Chunks of members that are left to send.
    pub(super) chunks: VecDeque<Chunk>,
    /// Members read so far.
    pub(super) members: BTreeSet<ResourceId>,
    /// Users whom the group refused, each alone.
    pub(super) refused: Vec<UserKey>,
}

impl Run {
    /// What must be stored before a request goes out; nothing for a read.
    pub(super) fn intent_of(&self, task: &Task) -> Option<(Key, Intent)> {
        let operation = self.operations.get(task.index)?;
        let intent = match &task.aim {
            Aim::Create { .. } => match &operation.kind {
                OperationKind::CreateGroup { resource, .. } => Intent::CreateGroup {
                    external_id: resource.external_id(),
                    display_name: resource.text("displayName").unwrap_or_default().to_owned(),
                },
                kind => {
                    let resource = kind.wanted()?;
                    Intent::CreateUser {
                        external_id: resource.external_id(),
                        user_name: resource.text("userName").unwrap_or_default().to_owned(),
                    }
                }
            },
            Aim::Change | Aim::Replace | Aim::Delete => Intent::Change,
            Aim::Members { chunk } if chunk.adds => Intent::AddMembers { users: chunk.users.clone() },
            Aim::Members { chunk } => Intent::RemoveMembers { users: chunk.users.clone() },
            _ => return None,
        };
        Some((operation.key.clone(), intent))
    }
}

impl OperationKind {
    /// The whole object that an operation wants to be there.
    pub(super) fn wanted(&self) -> Option<&idbridge_scim::Resource> {
        match self {
            Self::CreateUser { resource } => Some(resource),
            Self::CreateGroup { resource, .. } => Some(resource),
            Self::UpdateUser { wanted, .. } => wanted.as_deref(),
            _ => None,
        }
    }

    /// The object that an operation deletes.
    pub(super) fn deleted(&self) -> Option<&ResourceId> {
        match self {
            Self::DeleteUser { id } | Self::DeleteGroup { id } => Some(id),
            _ => None,
        }
    }
}
