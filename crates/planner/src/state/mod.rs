//! What is remembered between runs.
//!
//! The state answers three questions: which object of the service is whose (links), what was last sent to it (digests here, values in the store),
//! and what may have happened when the last run ended (intents). What was refused and what was searched in vain saves requests. What was taken away
//! lately is counted by the guard, and what it withholds is staged. Who wrote last (the generation) keeps two runs apart, and a service that fails as
//! a whole is remembered (the quarantine), so that a process that has just begun leaves it alone as well.
//!
//! | file | holds |
//! | --- | --- |
//! | `change`, `record` | a change, and the records that it writes; from records back to a state |
//! | `users`, `groups` | the index in memory: links by key, by identifier and by name, memberships both ways |
//! | `journal` | the batches of a machine, and the generation that leads them |
//! | `quarantine`, `staged` | a service that is left alone; removals that wait |
//! | `fingerprint` | a digest of all of it, for plans that are kept in files |
//! | `written` | how a link is written where it is part of a change in such a file |

mod change;
mod fingerprint;
mod groups;
mod journal;
mod quarantine;
mod record;
mod staged;
mod users;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, SystemTime};

use idbridge_scim::{ExternalId, Resource, ResourceId};
use serde::{Deserialize, Serialize};

pub use change::StateChange;
pub(crate) use fingerprint::Fingerprint;
pub(crate) use groups::{Group, Groups};
pub(crate) use journal::Journal;
pub use quarantine::Quarantine;
pub use record::Record;
pub use staged::Staged;
pub(crate) use users::{Linked, User, Users};

use crate::key::{GroupKey, Key, UserKey};

/// What is remembered between runs: which object of the service belongs to which record, what was last sent, and what was under way.
///
/// The index is in memory: a link and a 128-bit digest for each object. The values that were last sent stay in the store; they are asked for
/// ([`State::last_sent_record`]) only for the records whose digest differs. The state is a list of small [`Record`]s, which any store that can put,
/// delete and list by key can keep; [`State::apply`] says which ones a change writes.
///
/// A state belongs to one service: the identifiers in it mean nothing at another, and there every 404 would end a link. A caller keeps them apart
/// by naming the service ([`StateChange::ServiceNamed`]) and by comparing the name at the start.
///
/// To lose the state loses no object: what is wanted is found again by its `externalId`, at the cost of reading the service once. But a person who
/// left the directory meanwhile is then nobody's, and stays at the service as it was.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{State, StateChange};
/// use std::collections::BTreeMap;
///
/// // A first run begins with nothing.
/// let mut state = State::restore([])?;
/// assert_eq!(state.linked_users(), 0);
///
/// // What a change writes is all that a store needs to give the same state back.
/// let mut store = BTreeMap::new();
/// for record in state.apply(&StateChange::ServiceNamed { service: "/tenant/scim/v2".to_owned() }) {
///     match record.value() {
///         Some(value) => store.insert(record.key().to_owned(), value.to_vec()),
///         None => store.remove(record.key()),
///     };
/// }
/// let restored = State::restore(store)?;
/// assert_eq!(restored, state);
/// assert_eq!(restored.service(), Some("/tenant/scim/v2"));
/// # Ok::<(), idbridge_planner::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct State {
    pub(crate) users: Users,
    pub(crate) groups: Groups,
    pub(crate) intents: BTreeMap<Key, Intent>,
    pub(crate) refusals: BTreeMap<Key, Refusal>,
    pub(crate) searched: BTreeMap<Key, String>,
    pub(crate) removals: BTreeSet<Removal>,
    /// When each record was taken away last, in milliseconds since 1970.
    pub(crate) removed_last: BTreeMap<Key, u64>,
    /// How many users and groups these are.
    removed_count: (usize, usize),
    pub(crate) blocked_since: Option<SystemTime>,
    pub(crate) service: Option<String>,
    pub(crate) generation: u64,
    pub(crate) quarantine: Option<Quarantine>,
    /// Withheld removals, by record and operation: since when, in milliseconds since 1970.
    pub(crate) staged: BTreeMap<Key, BTreeMap<Box<str>, u64>>,
}

/// A user of the directory and the service's user that belongs to it.
///
/// The names in it are those that the service holds, as far as we know: they say whose name it is when two want one (E-7), and what a deleted
/// person was called. A link ends with a deletion or a 404, and with nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserLink {
    /// The service's identifier. It stays when the `userName` changes (UL-08).
    pub id: ResourceId,
    /// The `userName` that the service holds; empty if it is not managed and was never seen.
    pub user_name: Box<str>,
    /// The e-mail address that the service holds, where it differs from the `userName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Box<str>>,
    /// Whether the user is active at the service, as last sent or, at a take-over, as it was seen there.
    pub active: bool,
    /// The digest of the managed attributes that were last sent. While it is that of what is wanted, nothing is read and nothing is sent (AM-21).
    pub digest: Digest,
}

impl UserLink {
    /// Returns the e-mail address that the service holds: the `userName` where the two are equal, which with AWS they are (IC-04).
    #[must_use]
    pub fn email(&self) -> &str {
        self.email.as_deref().unwrap_or(&self.user_name)
    }
}

/// A group of the directory and the service's group that belongs to it.
///
/// In a store, each member is a record of its own, so that somebody who joins a group of ten thousand writes one small record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupLink {
    /// The service's identifier.
    pub id: ResourceId,
    /// The `displayName` that the service holds.
    pub display_name: Box<str>,
    /// The digest of the managed attributes that were last sent.
    pub digest: Digest,
    /// Whether the group was disassociated: it is left as it is until it is associated again (GM-16, GM-19). Deleted in the directory meanwhile, it
    /// is not deleted at the service, and its link goes.
    #[serde(default)]
    pub released: bool,
    /// Whether [`members`](Self::members) is what the service holds; if not, they must be read before they are changed.
    pub members_known: bool,
    /// Whether it had members that were nobody's when its members were read last, or may have had: whoever is adopted later may be one of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unmanaged_members: bool,
    /// The members, by the directory's keys; those who are nobody in the directory are not among them.
    #[serde(skip)]
    pub members: BTreeSet<UserKey>,
}

/// A request that was about to be sent. Found at a start, it may or may not have taken effect.
///
/// It is stored before the request goes out and deleted with the outcome, so it can be found although nothing was sent; to look once too often
/// costs one read. It says just enough to look:
///
/// | intent | what a discovery asks | then |
/// | --- | --- | --- |
/// | `CreateUser`, `CreateGroup` | by `externalId`, if it was sent; else, or not found, by name | linked if found by what was sent, else settled |
/// | `Change` | the object, by its `id` | its values are what was last sent; a 404 ends the link |
/// | `AddMembers`, `RemoveMembers` | whether one of them is a member | all of them count as changed, or none |
///
/// A record has one request under way at a time, and so one intent. While group management is off, intents of groups wait until it is on again,
/// because no request may name a group (GM-01).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Intent {
    /// A user was about to be created (UL-03).
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
    /// An object was about to be changed or deleted. What is there is read, so what was to be changed need not be remembered.
    Change,
    /// Members were about to be added to a group. One of them tells of all, because a PATCH is all or nothing (RFC 7644 section 3.5.2).
    AddMembers {
        /// The members of that one request.
        users: Vec<UserKey>,
    },
    /// Members were about to be removed from a group. Those who are nobody in the directory are not named.
    RemoveMembers {
        /// The members of that one request.
        users: Vec<UserKey>,
    },
}

/// A write that the service refused, which is not sent again while the record is unchanged (E-11).
///
/// It is of one digest: as soon as the record's managed attributes are others, it is sent again. A 400 is about the record itself, which is held
/// with a finding `RefusedByService`. A 409 is about another object, which may have gone: the name is looked up, and the write is sent if it is free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Refusal {
    /// The digest of the managed attributes as they would have been.
    pub digest: Digest,
    /// The status of the refusal: 400 or 409.
    pub status: u16,
    /// The service's words, for people; they are shown each time that the record is held.
    pub detail: String,
}

impl Refusal {
    /// Whether another object stands in the way (409), which may go away although the record stays as it is.
    pub(crate) fn is_conflict(&self) -> bool {
        self.status == 409
    }
}

/// Something that was taken away, counted by the guard (E-8).
///
/// It is remembered with the intent, before the request goes out, and so counts even if nothing came of it.
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

/// A 128-bit digest of what was sent: the first half of the SHA-256 of its JSON, 32 hexadecimal digits in a store.
///
/// It tells whether what is wanted is what was last sent, without keeping the values in memory. Two different resources have one digest with a
/// chance of 2^-128; attributes in another order are another digest, and then the values decide.
///
/// # Examples
///
/// ```
/// use idbridge_planner::Digest;
/// use idbridge_scim::Resource;
///
/// let active = Digest::of(&Resource::from_json(br#"{"active":true}"#)?);
/// assert_eq!(active, Digest::of(&Resource::from_json(br#"{ "active": true }"#)?));
/// assert_ne!(active, Digest::of(&Resource::from_json(br#"{"active":false}"#)?));
/// assert_eq!(Digest::try_from(active.to_string())?, active);
/// assert!(Digest::try_from("no digest".to_owned()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 16]);

impl Digest {
    /// That of nothing that is sent.
    pub(crate) const NONE: Self = Self([0; 16]);

    /// Computes the digest of a resource as it is written: its attributes in their order, without spaces.
    #[must_use]
    pub fn of(resource: &Resource) -> Self {
        Self::of_text(&resource.to_json())
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
        // One digest is one text: capitals and signs, which numbers may have, are none of it.
        if text.len() != 32 || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(format!("expected 32 hexadecimal digits, found {text:?}"));
        }
        for (index, byte) in digest.iter_mut().enumerate() {
            let pair = text.get(index * 2..index * 2 + 2).unwrap_or_default();
            *byte = u8::from_str_radix(pair, 16).map_err(|_| format!("expected hexadecimal digits, found {pair:?}"))?;
        }
        Ok(Self(digest))
    }
}

impl State {
    /// Counts the linked users, active or not: what the guard's share is of.
    #[must_use]
    pub fn linked_users(&self) -> usize {
        self.users.linked()
    }

    /// Counts the linked groups, those aside that were disassociated.
    #[must_use]
    pub fn linked_groups(&self) -> usize {
        self.groups.managed()
    }

    /// Returns the link to the service's user that belongs to `key`: a copy, because the index keeps links in less room.
    #[must_use]
    pub fn user(&self, key: &UserKey) -> Option<UserLink> {
        self.users.get(key.as_str())?.to_link()
    }

    /// Returns the link to the service's group that belongs to `key`, even if it was disassociated: a copy, with its members.
    #[must_use]
    pub fn group(&self, key: &GroupKey) -> Option<GroupLink> {
        self.groups.get(key.as_str()).map(|group| group.to_link(&self.users))
    }

    /// Walks the linked users, in the order of their keys; each link is a copy.
    pub fn users(&self) -> impl Iterator<Item = (UserKey, UserLink)> {
        self.users.iter().filter_map(|linked| Some((UserKey::from(linked.key()), linked.to_link()?)))
    }

    /// Walks the linked groups, in the order of their keys, those that were disassociated among them; each link is a copy, with its members.
    pub fn groups(&self) -> impl Iterator<Item = (GroupKey, GroupLink)> {
        self.groups.iter().map(|group| (group.group_key().clone(), group.to_link(&self.users)))
    }

    /// Says whose the service's user `id` is; nobody's if it was never taken over, and then no request ever names it (IC-18).
    #[must_use]
    pub fn owner(&self, id: &ResourceId) -> Option<UserKey> {
        self.users.owner(id.as_str()).map(|linked| linked.key().into())
    }

    /// Says whose the service's group `id` is; nobody's if it was never taken over.
    #[must_use]
    pub fn group_owner(&self, id: &ResourceId) -> Option<GroupKey> {
        self.groups.owner(id.as_str()).map(|group| group.group_key().clone())
    }

    /// Returns the linked groups that a user is a member of, as far as is known, in the order of their keys.
    #[must_use]
    pub fn groups_of(&self, key: &UserKey) -> Vec<GroupKey> {
        let user = self.users.table().get(key.as_str());
        let groups = user.map(User::groups).unwrap_or_default().iter().filter_map(|group| self.groups.at(*group));
        let mut groups: Vec<GroupKey> = groups.map(|group| group.group_key().clone()).collect();
        groups.sort_unstable();
        groups
    }

    /// Whether requests of an earlier run were under way when it ended, so that the next discovery looks before anything else.
    #[must_use]
    pub fn has_intents(&self) -> bool {
        !self.intents.is_empty()
    }

    /// Says since when the service has refused the token (401), if it has. A caller shows it; a discovery asks again whether the token is taken.
    #[must_use]
    pub fn blocked_since(&self) -> Option<SystemTime> {
        self.blocked_since
    }

    /// Returns what the caller named the service that this state belongs to, if it did. The planner stores the name and never looks at it.
    #[must_use]
    pub fn service(&self) -> Option<&str> {
        self.service.as_deref()
    }

    /// Names the record with the values that were last sent for `key`: their JSON. It is read for the keys of [`LastSent::needed`] only.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::{State, UserKey};
    ///
    /// assert_eq!(State::last_sent_record(&UserKey::from("a/b").into()), "sent/user/a%2Fb");
    /// ```
    ///
    /// [`LastSent::needed`]: crate::LastSent::needed
    #[must_use]
    pub fn last_sent_record(key: &Key) -> String {
        record::last_sent(key)
    }

    /// Whether removals are remembered that were made at this time or earlier.
    pub(crate) fn remembers_removals(&self, until: SystemTime) -> bool {
        self.removals.first().is_some_and(|removal| removal.at <= milliseconds(until))
    }

    /// The removals within `window` before `now`. A window longer than the time since 1970 holds all of them.
    pub(crate) fn recent_removals(&self, window: Duration, now: SystemTime) -> impl Iterator<Item = &Removal> {
        let since = window_begin(window, now);
        self.removals.iter().rev().take_while(move |removal| removal.at > since)
    }

    /// Counts the records that were taken away within `window` before `now`, users and groups apart, without a walk over them: only what is over
    /// is walked, and that is forgotten with the next plan.
    pub(crate) fn count_removed(&self, window: Duration, now: SystemTime) -> (usize, usize) {
        let since = window_begin(window, now);
        let (users, groups) = self.removed_count;
        let over = self.removals.iter().take_while(|removal| removal.at <= since);
        let over = over.filter(|removal| self.removed_last.get(&removal.key) == Some(&removal.at));
        over.fold((users, groups), |(users, groups), removal| match removal.key {
            Key::User(_) => (users.saturating_sub(1), groups),
            Key::Group(_) => (users, groups.saturating_sub(1)),
        })
    }

    /// Whether a record was taken away within `window` before `now`.
    pub(crate) fn was_removed(&self, key: &Key, window: Duration, now: SystemTime) -> bool {
        self.removed_last.get(key).is_some_and(|at| *at > window_begin(window, now))
    }
}

/// Two states are equal if they remember the same, however it came there.
impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.users().eq(other.users())
            && self.groups().eq(other.groups())
            && self.intents == other.intents
            && self.refusals == other.refusals
            && self.searched == other.searched
            && self.removals == other.removals
            && self.blocked_since == other.blocked_since
            && self.service == other.service
            && self.generation == other.generation
            && self.quarantine == other.quarantine
            && self.staged == other.staged
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("users", &self.users().collect::<BTreeMap<_, _>>())
            .field("groups", &self.groups().collect::<BTreeMap<_, _>>())
            .field("intents", &self.intents)
            .field("refusals", &self.refusals)
            .field("searched", &self.searched)
            .field("removals", &self.removals)
            .field("blocked_since", &self.blocked_since)
            .field("service", &self.service)
            .field("generation", &self.generation)
            .field("quarantine", &self.quarantine)
            .field("staged", &self.staged)
            .finish()
    }
}

impl State {
    /// Counts a removal, next to the record of it.
    fn count_removal(&mut self, removal: Removal) {
        let last = self.removed_last.insert(removal.key.clone(), removal.at);
        match last {
            // Read back in any order: the latest one counts.
            Some(last) if last > removal.at => {
                self.removed_last.insert(removal.key.clone(), last);
            }
            Some(_) => {}
            None => self.recount(&removal.key, |count| count + 1),
        }
        self.removals.insert(removal);
    }

    /// Forgets a removal; the record is not counted any more if that was its last one.
    fn forget_removal(&mut self, removal: &Removal) {
        self.removals.remove(removal);
        if self.removed_last.get(&removal.key) == Some(&removal.at) {
            self.removed_last.remove(&removal.key);
            self.recount(&removal.key, |count| count.saturating_sub(1));
        }
    }

    /// Counts users and groups apart, because each kind has its limit.
    fn recount(&mut self, key: &Key, change: impl FnOnce(usize) -> usize) {
        let (users, groups) = &mut self.removed_count;
        let count = if matches!(key, Key::User(_)) { users } else { groups };
        *count = change(*count);
    }
}

/// The last millisecond before the guard's window.
fn window_begin(window: Duration, now: SystemTime) -> u64 {
    now.checked_sub(window).map_or(0, milliseconds)
}

/// Milliseconds since 1970; 0 for a time before it.
pub(crate) fn milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
