//! The state as records that a store keeps.
//!
//! | key | value |
//! | --- | --- |
//! | `format` | the version of this layout |
//! | `service` | the caller's name for the service |
//! | `blocked` | since when the token is refused, in milliseconds since 1970 |
//! | `user/KEY`, `group/KEY` | the link, as JSON |
//! | `sent/user/KEY`, `sent/group/KEY` | the managed attributes last sent, as JSON |
//! | `member/GROUP/USER` | nothing: being there is the membership |
//! | `intent/user/KEY`, `refused/..`, `searched/..` | what was under way, what was refused, what was searched in vain |
//! | `removed/MILLISECONDS/..` | what was taken away |
//! | `generation` | how many machines have written |
//! | `quarantine` | how often the service failed as a whole, and until when it is left alone, as JSON |
//! | `staged/OPERATION/..` | since when the guard withholds a removal |
//!
//! In a key, `%` and `/` stand as `%25` and `%2F`.
//!
//! A membership is a record of its own, because groups are large and change by one. The values last sent stand apart from the link, because the
//! index is read at every start and the values hardly ever. Removals carry their time in the key, so that a list by key is a list by age.

use std::time::{Duration, SystemTime};

use idbridge_scim::Resource;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind};
use crate::key::{GroupKey, Key, UserKey};
use crate::state::{GroupLink, Intent, Quarantine, Refusal, Removal, State, UserLink, milliseconds};
use crate::table::Handle;

/// The version of the layout.
const FORMAT: &str = "1";

/// One record to write: a value to put under a key, or a key to delete.
///
/// A store keeps keys and bytes and understands neither. It needs to put, to delete, and to list all at a start; of what it lists, the records under
/// `sent/` may be left out.
///
/// | key | value |
/// | --- | --- |
/// | `format` | the version of this layout, `1` |
/// | `service` | the caller's name for the service, as a JSON string |
/// | `blocked` | since when the token is refused, in milliseconds since 1970 |
/// | `user/KEY`, `group/KEY` | the link, as JSON |
/// | `sent/user/KEY`, `sent/group/KEY` | the managed attributes last sent, as JSON |
/// | `member/GROUP/USER` | empty: being there is the membership |
/// | `intent/user/KEY`, `intent/group/KEY` | the request under way, as JSON |
/// | `refused/user/KEY`, `refused/group/KEY` | digest, status and words of a refusal, as JSON |
/// | `searched/user/KEY`, `searched/group/KEY` | the name that was searched in vain, as a JSON string |
/// | `removed/MILLISECONDS/user/KEY`, `../group/KEY` | whether it was deleted: `true` or `false`; the time has 16 digits |
/// | `generation` | how many machines have written: a number |
/// | `quarantine` | failures in a row, until when nothing is asked, and the last reason, as JSON |
/// | `staged/OPERATION/user/KEY`, `../group/KEY` | since when a removal is withheld, in milliseconds since 1970 |
///
/// In a key, `%` and `/` stand as `%25` and `%2F`. Keys and values hold names and e-mail addresses, and no token.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{State, StateChange};
/// use std::time::{Duration, SystemTime};
///
/// let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
/// let mut state = State::default();
/// let records = state.apply(&StateChange::Blocked { at });
/// assert_eq!((records[1].key(), records[1].value()), ("blocked", Some(&b"1790000000000"[..])));
/// // No value: the record is to be deleted.
/// assert_eq!(state.apply(&StateChange::Unblocked)[1].value(), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    key: String,
    value: Option<Vec<u8>>,
    expected: Option<Vec<u8>>,
}

impl Record {
    /// Returns the key under which it is kept, with `/` between its parts.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns what is kept there; nothing if the record is to be deleted. An empty value is a value.
    #[must_use]
    pub fn value(&self) -> Option<&[u8]> {
        self.value.as_deref()
    }

    /// Returns the value that must be under the key now, if that matters; an empty one says that there must be none.
    ///
    /// It is the record `generation` that has one, and it leads every batch of a machine. A store looks at it before it writes anything, and where
    /// something else is there, it writes nothing of the whole commit and says so: another run has begun over the same state, and what this one
    /// knows of it is out of date. Look and write must be one transaction, or two runs that look at the same moment both pass.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::{State, StateChange};
    ///
    /// let mut state = State::default();
    /// assert_eq!(state.apply(&StateChange::Begun)[1].expected(), Some(&b""[..]));
    /// assert_eq!(state.apply(&StateChange::Begun)[1].expected(), Some(&b"1"[..]));
    /// assert_eq!(state.apply(&StateChange::Unblocked)[1].expected(), None);
    /// ```
    #[must_use]
    pub fn expected(&self) -> Option<&[u8]> {
        self.expected.as_deref()
    }

    /// Whether it may be written where `found` is under its key now: what [`expected`](Self::expected) asks for, in one question.
    #[must_use]
    pub fn may_replace(&self, found: Option<&[u8]>) -> bool {
        self.expected().is_none_or(|expected| expected == found.unwrap_or_default())
    }

    /// Writes a value as JSON; nothing to write deletes the record.
    fn put(key: String, value: Option<impl Serialize>) -> Self {
        // Only strings, numbers and maps with string keys are written, which JSON can always carry.
        Self { key, value: value.and_then(|value| serde_json::to_vec(&value).ok()), expected: None }
    }
}

pub(super) fn format() -> Record {
    Record { key: "format".to_owned(), value: Some(FORMAT.as_bytes().to_vec()), expected: None }
}

pub(super) fn is_format(record: &Record) -> bool {
    record.key == "format"
}

pub(super) fn service(service: &str) -> Record {
    Record::put("service".to_owned(), Some(service))
}

pub(super) fn blocked(at: Option<SystemTime>) -> Record {
    Record::put("blocked".to_owned(), at.map(milliseconds))
}

pub(super) fn user(key: &UserKey, link: Option<&UserLink>) -> Record {
    Record::put(format!("user/{}", escape(key.as_str())), link)
}

pub(super) fn group(key: &GroupKey, link: Option<&GroupLink>) -> Record {
    Record::put(format!("group/{}", escape(key.as_str())), link)
}

pub(super) fn sent(key: &Key, resource: Option<&Resource>) -> Record {
    Record::put(last_sent(key), resource)
}

pub(super) fn member(group: &GroupKey, user: &UserKey, is_member: bool) -> Record {
    let key = format!("member/{}/{}", escape(group.as_str()), escape(user.as_str()));
    Record { key, value: is_member.then(Vec::new), expected: None }
}

pub(super) fn intent(key: &Key, intent: Option<&Intent>) -> Record {
    Record::put(keyed("intent", key), intent)
}

pub(super) fn refusal(key: &Key, refusal: Option<&Refusal>) -> Record {
    Record::put(keyed("refused", key), refusal)
}

pub(super) fn searched(key: &Key, name: Option<&str>) -> Record {
    Record::put(keyed("searched", key), name)
}

pub(super) fn removal(removal: &Removal, is_kept: bool) -> Record {
    let key = keyed(&format!("removed/{:016}", removal.at), &removal.key);
    Record::put(key, is_kept.then_some(removal.deleted))
}

/// A state without this record has 0 (expected as nothing), so that what a version wrote that did not count is taken over.
pub(super) fn generation(generation: u64, before: u64) -> Record {
    let expected = if before == 0 { String::new() } else { before.to_string() };
    Record { expected: Some(expected.into_bytes()), ..Record::put("generation".to_owned(), Some(generation)) }
}

pub(super) fn quarantine(quarantine: Option<&Quarantine>) -> Record {
    Record::put("quarantine".to_owned(), quarantine)
}

pub(super) fn staged(key: &Key, operation: &str, since: Option<u64>) -> Record {
    Record::put(keyed(&format!("staged/{}", escape(operation)), key), since)
}

pub(super) fn last_sent(key: &Key) -> String {
    keyed("sent", key)
}

/// Users and groups may have equal identifiers, so the kind is part of every key.
fn keyed(table: &str, key: &Key) -> String {
    let kind = if matches!(key, Key::User(_)) { "user" } else { "group" };
    format!("{table}/{kind}/{}", escape(key.as_str()))
}

/// Keys are the directory's and may hold anything; what parts the key of a record must not stand in them.
fn escape(key: &str) -> String {
    key.replace('%', "%25").replace('/', "%2F")
}

/// The contrary of [`escape`].
fn unescape(key: &str) -> String {
    key.replace("%2F", "/").replace("%25", "%")
}

impl State {
    /// Makes the index from the records of a store, in any order. Records of last-sent values may be left out; they are not read here.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Record`] if a record is not what this version writes: the state is then not used at all, because a lost link would be
    /// created a second time.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::{ErrorKind, GroupKey, State, UserKey};
    ///
    /// let digest = "0".repeat(32);
    /// let group = format!(r#"{{"id":"g1","display_name":"Staff","digest":"{digest}","members_known":true}}"#);
    /// let records = [("member/staff/anna", String::new()), ("group/staff", group), ("format", "1".to_owned())];
    /// let state = State::restore(records.map(|(key, value)| (key.to_owned(), value.into_bytes())))?;
    /// assert!(state.group(&GroupKey::from("staff")).is_some_and(|link| link.members.contains(&UserKey::from("anna"))));
    ///
    /// let newer = State::restore([("colour/staff".to_owned(), b"red".to_vec())]).unwrap_err();
    /// assert!(matches!(newer.kind(), ErrorKind::Record { .. }));
    /// # Ok::<(), idbridge_planner::Error>(())
    /// ```
    pub fn restore(records: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<Self, Error> {
        let mut state = Self::default();
        let mut members = Vec::new();
        for (key, value) in records {
            state.restore_record(&key, &value, &mut members).map_err(|reason| Error::new(ErrorKind::Record { key, reason }))?;
        }
        // By group, so that each takes its members at once.
        members.sort_unstable();
        for of_group in members.chunk_by(|(one, _), (other, _)| one == other) {
            // A membership whose group is gone says nothing; the group's own record is what counts.
            if let Some(handle) = of_group.first().and_then(|(group, _)| state.groups.find(group.as_str())) {
                let users: Vec<Handle> = of_group.iter().map(|(_, user)| state.users.intern(user.as_str())).collect();
                users.iter().for_each(|user| state.users.joined(*user, handle));
                state.groups.restore_members(handle, users);
            }
        }
        state.users.shrink();
        Ok(state)
    }

    /// A record that this version does not know is an error: a newer version may have remembered in it what must not be forgotten.
    fn restore_record(&mut self, key: &str, value: &[u8], members: &mut Vec<(GroupKey, UserKey)>) -> Result<(), String> {
        let (table, rest) = key.split_once('/').unwrap_or((key, ""));
        match table {
            "format" if value == FORMAT.as_bytes() => {}
            "format" => return Err(format!("expected format {FORMAT}, found {}", String::from_utf8_lossy(value))),
            "service" => self.service = Some(read(value)?),
            "blocked" => self.blocked_since = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(read(value)?)),
            "user" => {
                self.users.link(&UserKey::from(unescape(rest)), &read(value)?);
            }
            "group" => {
                self.groups.link(&GroupKey::from(unescape(rest)), &read(value)?);
            }
            "sent" => {}
            "member" => {
                let (group, user) = rest.split_once('/').ok_or("expected a group and a user in its key")?;
                members.push((GroupKey::from(unescape(group)), UserKey::from(unescape(user))));
            }
            "intent" => {
                self.intents.insert(read_key(rest)?, read(value)?);
            }
            "refused" => {
                self.refusals.insert(read_key(rest)?, read(value)?);
            }
            "searched" => {
                self.searched.insert(read_key(rest)?, read(value)?);
            }
            "removed" => {
                let (at, key) = rest.split_once('/').ok_or("expected a time and a record in its key")?;
                let at = at.parse().map_err(|_| format!("expected milliseconds in its key, found {at:?}"))?;
                self.count_removal(Removal { at, key: read_key(key)?, deleted: read(value)? });
            }
            "generation" => self.generation = read(value)?,
            "quarantine" => self.quarantine = Some(read(value)?),
            "staged" => {
                let (operation, key) = rest.split_once('/').ok_or("expected an operation and a record in its key")?;
                self.staged.entry(read_key(key)?).or_default().insert(unescape(operation).into(), read(value)?);
            }
            _ => return Err("expected a record that this version knows".to_owned()),
        }
        Ok(())
    }
}

/// Values are read strictly: what does not fit is an error with its reason, not a default.
fn read<T: DeserializeOwned>(value: &[u8]) -> Result<T, String> {
    serde_json::from_slice(value).map_err(|error| error.to_string())
}

fn read_key(rest: &str) -> Result<Key, String> {
    match rest.split_once('/') {
        Some(("user", key)) => Ok(Key::User(UserKey::from(unescape(key)))),
        Some(("group", key)) => Ok(Key::Group(GroupKey::from(unescape(key)))),
        _ => Err(format!("expected user or group in its key, found {rest:?}")),
    }
}
