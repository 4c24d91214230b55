//! What is remembered between runs.

mod change;
mod record;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, SystemTime};

use idbridge_scim::{ExternalId, Resource, ResourceId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use change::StateChange;
pub use record::Record;

use crate::key::{GroupKey, Key, UserKey};

/// What is remembered between runs: which object of the service belongs to which record, what was last sent, and what was under way.
///
/// The index is in memory: a link and a 128-bit digest for each object. The values that were last sent stay in the store; they are asked for
/// ([`State::last_sent_record`]) only for the records whose digest differs. The state is a list of small [`Record`]s, which any store that can put,
/// delete and list by key can keep; [`State::apply`] says which ones a change writes.
///
/// # Examples
///
/// ```
/// use idbridge_planner::State;
///
/// // A first run begins with nothing.
/// let state = State::restore([])?;
/// assert_eq!(state.linked_users(), 0);
/// # Ok::<(), idbridge_planner::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    pub(crate) users: BTreeMap<UserKey, UserLink>,
    pub(crate) groups: BTreeMap<GroupKey, GroupLink>,
    pub(crate) intents: BTreeMap<Key, Intent>,
    pub(crate) refusals: BTreeMap<Key, Refusal>,
    pub(crate) searched: BTreeMap<Key, String>,
    pub(crate) removals: BTreeSet<Removal>,
    pub(crate) blocked_since: Option<SystemTime>,
    pub(crate) service: Option<String>,
    owners: BTreeMap<ResourceId, UserKey>,
}

/// A user of the directory and the service's user that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserLink {
    /// The service's identifier.
    pub id: ResourceId,
    /// The `userName` that the service holds.
    pub user_name: Box<str>,
    /// The e-mail address that the service holds, where it differs from the `userName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Box<str>>,
    /// Whether the user is active at the service.
    pub active: bool,
    /// The digest of the managed attributes that were last sent.
    pub digest: Digest,
}

impl UserLink {
    /// The e-mail address that the service holds.
    #[must_use]
    pub fn email(&self) -> &str {
        self.email.as_deref().unwrap_or(&self.user_name)
    }
}

/// A group of the directory and the service's group that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupLink {
    /// The service's identifier.
    pub id: ResourceId,
    /// The `displayName` that the service holds.
    pub display_name: Box<str>,
    /// The digest of the managed attributes that were last sent.
    pub digest: Digest,
    /// Whether the group was disassociated: it is left as it is until it is associated again.
    #[serde(default)]
    pub released: bool,
    /// Whether [`members`](Self::members) is what the service holds; if not, they must be read before they are changed.
    pub members_known: bool,
    /// Whether it had members that were nobody's when its members were read last, or may have had: whoever is adopted later may be one of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unmanaged_members: bool,
    /// The members, by the directory's keys.
    #[serde(skip)]
    pub members: BTreeSet<UserKey>,
}

/// A request that was about to be sent. Found at a start, it may or may not have taken effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Intent {
    /// A user was about to be created.
    CreateUser {
        /// The `externalId` of the new user, by which it is found again.
        external_id: Option<ExternalId>,
        /// The `userName` of the new user.
        user_name: String,
    },
    /// A group was about to be created.
    CreateGroup {
        /// The `externalId` of the new group, by which it is found again.
        external_id: Option<ExternalId>,
        /// The `displayName` of the new group.
        display_name: String,
    },
    /// An object was about to be changed or deleted.
    Change,
    /// Members were about to be added to a group.
    AddMembers {
        /// The members of that one request.
        users: Vec<UserKey>,
    },
    /// Members were about to be removed from a group.
    RemoveMembers {
        /// The members of that one request.
        users: Vec<UserKey>,
    },
}

/// A write that the service refused, which is not sent again while record and profile are unchanged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Refusal {
    /// The digest of what was refused.
    pub digest: Digest,
    /// The status of the refusal.
    pub status: u16,
    /// The service's words.
    pub detail: String,
}

impl Refusal {
    /// Whether another object stands in the way (409), which may go away although the record stays as it is.
    pub(crate) fn is_conflict(&self) -> bool {
        self.status == 409
    }
}

/// Something that was taken away, counted by the guard.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Removal {
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// What.
    pub key: Key,
    /// Whether the object was deleted, and so is no longer among the linked ones.
    pub deleted: bool,
}

/// A 128-bit digest of what was sent: the first half of its SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 16]);

impl Digest {
    /// The digest of a resource as it is written.
    #[must_use]
    pub fn of(resource: &Resource) -> Self {
        let full = Sha256::digest(resource.to_json().as_bytes());
        let mut half = [0; 16];
        for (to, from) in half.iter_mut().zip(full) {
            *to = from;
        }
        Self(half)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl TryFrom<String> for Digest {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut digest = [0; 16];
        if text.len() != 32 || !text.is_ascii() {
            return Err(format!("expected 32 hexadecimal digits, found {:?}", text));
        }
        for (index, byte) in digest.iter_mut().enumerate() {
            let pair = text.get(index * 2..index * 2 + 2).unwrap_or_default();
            *byte = u8::from_str_radix(pair, 16).map_err(|_| format!("expected hexadecimal digits, found {pair:?}"))?;
        }
        Ok(Self(digest))
    }
}

impl State {
    /// How many users are linked.
    #[must_use]
    pub fn linked_users(&self) -> usize {
        self.users.len()
    }

    /// How many groups are linked, those aside that were disassociated.
    #[must_use]
    pub fn linked_groups(&self) -> usize {
        self.groups.values().filter(|link| !link.released).count()
    }

    /// The service's user that belongs to `key`.
    #[must_use]
    pub fn user(&self, key: &UserKey) -> Option<&UserLink> {
        self.users.get(key)
    }

    /// The service's group that belongs to `key`.
    #[must_use]
    pub fn group(&self, key: &GroupKey) -> Option<&GroupLink> {
        self.groups.get(key)
    }

    /// The linked users, in the order of their keys.
    pub fn users(&self) -> impl Iterator<Item = (&UserKey, &UserLink)> {
        self.users.iter()
    }

    /// The linked groups, in the order of their keys.
    pub fn groups(&self) -> impl Iterator<Item = (&GroupKey, &GroupLink)> {
        self.groups.iter()
    }

    /// Whose the service's user `id` is.
    #[must_use]
    pub fn owner(&self, id: &ResourceId) -> Option<&UserKey> {
        self.owners.get(id)
    }

    /// Whether requests of an earlier run were under way when it ended.
    #[must_use]
    pub fn has_intents(&self) -> bool {
        !self.intents.is_empty()
    }

    /// Since when the service has refused the token (401), if it has.
    #[must_use]
    pub fn blocked_since(&self) -> Option<SystemTime> {
        self.blocked_since
    }

    /// What the caller named the service that this state belongs to, if it did.
    #[must_use]
    pub fn service(&self) -> Option<&str> {
        self.service.as_deref()
    }

    /// The key of the record with the values that were last sent for `key`: their JSON.
    #[must_use]
    pub fn last_sent_record(key: &Key) -> String {
        record::last_sent(key)
    }

    /// The removals within `window` before `now`.
    pub(crate) fn recent_removals(&self, window: Duration, now: SystemTime) -> impl Iterator<Item = &Removal> {
        let since = now.checked_sub(window).map_or(0, milliseconds);
        self.removals.iter().filter(move |removal| removal.at > since)
    }
}

/// Milliseconds since 1970; 0 for a time before it.
pub(crate) fn milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
