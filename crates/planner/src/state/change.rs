//! What happens to the state, one small change at a time.
//!
//! Nothing else changes a state: the index in memory and the records in the store are changed by one function, so they cannot come apart.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use idbridge_scim::Resource;
use serde::{Deserialize, Serialize};

use crate::key::{GroupKey, Key, UserKey};
use crate::state::record::{self, Record};
use crate::state::{Digest, Group, GroupLink, Intent, Quarantine, Refusal, Removal, State, UserLink, milliseconds};
use crate::table::{Handle, Keyed as _};

/// One change of the [`State`].
///
/// A caller makes two of them by hand, [`Begun`](Self::Begun) and [`ServiceNamed`](Self::ServiceNamed); the others are made by the machines, and come
/// out of them as [`Step::Store`](crate::Step::Store). Next to what the table names, every change writes `format`, and one that ends an intent deletes `intent/..`.
///
/// | change | when | puts | deletes |
/// | --- | --- | --- | --- |
/// | `Intended` | before a write is sent | `intent/..` | |
/// | `Settled` | it is over and nothing else says so | | `intent/..` |
/// | `UserLinked` | created, taken over or changed | `user/..`, `sent/..` | `searched/..`, `refused/..` |
/// | `UserUnlinked` | deleted, or answered 404 | | `user/..`, `sent/..`, its `member/..` |
/// | `GroupLinked` | created, taken over or changed | `group/..`, `sent/..`, new `member/..` | former `member/..`, `searched/..`, `refused/..` |
/// | `GroupUnlinked` | deleted, answered 404, or given up | | `group/..`, `sent/..`, its `member/..` |
/// | `GroupReleased` | disassociated | `group/..` | |
/// | `MembersUnknown` | its members must be read again | `group/..` | |
/// | `MembersChanged` | a PATCH of members took effect | `member/..` | `member/..` |
/// | `Refused` | a write was answered 400, or 409 | `refused/..` | |
/// | `Searched` | searched, not there, and not to be created | `searched/..` | |
/// | `Removed` | before a deletion or deactivation is sent | `removed/..` | |
/// | `RemovalsForgotten` | they are out of the guard's window | | `removed/..` |
/// | `Blocked` | answered 401 | `blocked` | |
/// | `Unblocked` | the token is taken again | | `blocked` |
/// | `ServiceNamed` | the caller says so | `service` | |
/// | `Begun` | before the first other record of a machine | `generation` | |
/// | `Quarantined` | the service failed as a whole | `quarantine` | |
/// | `Recovered` | it answers again | | `quarantine` |
/// | `Staged` | the guard withholds a removal | `staged/..` | |
/// | `Unstaged` | the guard does not withhold it any more | | `staged/..` |
///
/// # Examples
///
/// ```
/// use idbridge_planner::{State, StateChange};
///
/// let mut state = State::default();
/// let records = state.apply(&StateChange::ServiceNamed { service: "/tenant/scim/v2".to_owned() });
/// assert_eq!(records.iter().map(|record| record.key()).collect::<Vec<_>>(), ["format", "service"]);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub enum StateChange {
    /// A request is about to be sent. The intent of an earlier request for the same record is replaced.
    Intended {
        /// For which record.
        key: Key,
        /// Which request.
        intent: Intent,
    },
    /// The request that was intended is over, and left nothing that another change says: it was refused, or never took effect.
    Settled {
        /// For which record.
        key: Key,
    },
    /// A user of the service belongs to a record, and holds these values. What was refused or searched before for that record is forgotten.
    UserLinked {
        /// Whose it is.
        key: UserKey,
        /// The link.
        link: UserLink,
        /// The managed attributes that the service holds.
        sent: Resource,
    },
    /// A user of the service is gone, and with it its memberships, which the service drops by itself (IC-13).
    /// A group that it is being added to is read again, because the answer is about the user that is gone.
    UserUnlinked {
        /// Whose it was.
        key: UserKey,
    },
    /// A group of the service belongs to a record, and holds these values and members.
    GroupLinked {
        /// Whose it is.
        key: GroupKey,
        /// The link.
        #[serde(with = "crate::state::written::group_link")]
        link: GroupLink,
        /// The managed attributes that the service holds.
        sent: Resource,
    },
    /// A group of the service is gone, or not ours any more.
    GroupUnlinked {
        /// Whose it was.
        key: GroupKey,
    },
    /// A group was disassociated: it is left as it is, and its link is kept (GM-16). It is linked again by `GroupLinked`.
    GroupReleased {
        /// Whose it is.
        key: GroupKey,
    },
    /// What the members of a group are is not known any more. Those that are remembered stay remembered and are not believed, until they are read.
    MembersUnknown {
        /// Which group.
        key: GroupKey,
    },
    /// Members of a group changed at the service, as far as they are users of the directory. Without a link to the group it says nothing.
    MembersChanged {
        /// Which group.
        key: GroupKey,
        /// Who is a member now.
        added: BTreeSet<UserKey>,
        /// Who is none any more.
        removed: BTreeSet<UserKey>,
    },
    /// The service refused a write for what the record says. Whether an earlier sending of it took effect is another question, so the intent stays
    /// until that is answered.
    Refused {
        /// For which record.
        key: Key,
        /// What was refused, and how.
        refusal: Refusal,
    },
    /// Nothing at the service belongs to a record that is not created now; it need not be searched again under this name.
    Searched {
        /// For which record.
        key: Key,
        /// The name under which it was searched.
        name: String,
    },
    /// Something was taken away, or is about to be (E-8).
    Removed {
        /// What.
        key: Key,
        /// When.
        #[serde(with = "crate::state::written::time")]
        at: SystemTime,
        /// Whether it was deleted.
        deleted: bool,
    },
    /// Removals before this time are not counted any more.
    RemovalsForgotten {
        /// Until when.
        #[serde(with = "crate::state::written::time")]
        before: SystemTime,
    },
    /// The service refused the token (401). Nothing at the service is concluded from it (IM-11).
    Blocked {
        /// When.
        #[serde(with = "crate::state::written::time")]
        at: SystemTime,
    },
    /// The service took the token again.
    Unblocked,
    /// The caller named the service that this state belongs to.
    ServiceNamed {
        /// Its name.
        service: String,
    },
    /// A machine, or a caller with a change of its own, begins to write. What another one that began before still hands out is refused by the
    /// store from here on ([`Record::expected`]).
    Begun,
    /// The service failed as a whole, and is left alone for a while.
    Quarantined {
        /// For how long, and why.
        quarantine: Quarantine,
    },
    /// The service answers again.
    Recovered,
    /// The guard withholds a removal (E-8).
    Staged {
        /// Of which record.
        key: Key,
        /// Which operation.
        operation: String,
        /// Since when.
        #[serde(with = "crate::state::written::time")]
        at: SystemTime,
    },
    /// The guard does not withhold a removal any more: it is allowed, or not wanted.
    Unstaged {
        /// Of which record.
        key: Key,
        /// Which operation.
        operation: String,
    },
}

impl State {
    /// Makes one change and says which records a store must write for it, in this order and all together.
    ///
    /// The changes of one run may be written in one commit, in the order in which they were made; a store that loses the last of them is as one that
    /// was never told, and finds the intents that were there before.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::{Intent, State, StateChange, UserKey};
    ///
    /// let key = UserKey::from("7").into();
    /// let mut state = State::default();
    /// let records = state.apply(&StateChange::Intended { key, intent: Intent::Change });
    /// assert_eq!(records[1].key(), "intent/user/7");
    /// assert_eq!(records[1].value(), Some(&br#"{"operation":"change"}"#[..]));
    /// assert!(state.has_intents());
    ///
    /// let records = state.apply(&StateChange::Settled { key: UserKey::from("7").into() });
    /// assert_eq!((records[1].key(), records[1].value()), ("intent/user/7", None));
    /// ```
    pub fn apply(&mut self, change: &StateChange) -> Vec<Record> {
        let mut records = vec![record::format()];
        match change {
            StateChange::Intended { key, intent } => {
                self.intents.insert(key.clone(), intent.clone());
                records.push(record::intent(key, Some(intent)));
            }
            StateChange::Settled { key } => self.settle(key, &mut records),
            StateChange::UserLinked { key, link, sent } => {
                let any = key.clone().into();
                self.users.link(key, link);
                records.push(record::user(key, Some(link)));
                records.push(record::sent(&any, Some(sent)));
                self.settle(&any, &mut records);
                self.forget_search_and_refusal(&any, link.digest, &mut records);
            }
            StateChange::UserUnlinked { key } => {
                let any = key.clone().into();
                records.push(record::user(key, None));
                records.push(record::sent(&any, None));
                if let Some((user, groups)) = self.users.unlink(key) {
                    for group in groups {
                        self.groups.set_member(group, user, false);
                        records.extend(self.groups.at(group).map(|group| record::member(group.group_key(), key, false)));
                    }
                }
                self.doubt_open_memberships(key, &mut records);
                self.settle(&any, &mut records);
            }
            StateChange::GroupLinked { key, link, sent } => {
                let any = key.clone().into();
                let handle = self.groups.link(key, link);
                records.push(record::group(key, Some(link)));
                records.push(record::sent(&any, Some(sent)));
                let old = self.members(handle);
                link.members.difference(&old).for_each(|user| self.set_member(handle, key, user, true, &mut records));
                old.difference(&link.members).for_each(|user| self.set_member(handle, key, user, false, &mut records));
                self.settle(&any, &mut records);
                self.forget_search_and_refusal(&any, link.digest, &mut records);
            }
            StateChange::GroupUnlinked { key } => {
                let any = key.clone().into();
                records.push(record::group(key, None));
                records.push(record::sent(&any, None));
                if let Some((group, members)) = self.groups.unlink(key) {
                    for member in members {
                        let user = self.users.at(member).map(|user| user.key().into());
                        records.extend(user.map(|user| record::member(key, &user, false)));
                        self.users.left(member, group);
                    }
                }
                self.settle(&any, &mut records);
            }
            StateChange::GroupReleased { key } => self.change_group(key, &mut records, |group| group.is_released = true),
            StateChange::MembersUnknown { key } => {
                self.change_group(key, &mut records, |group| group.members_known = false);
            }
            StateChange::MembersChanged { key, added, removed } => {
                if let Some(handle) = self.groups.find(key.as_str()) {
                    added.iter().for_each(|user| self.set_member(handle, key, user, true, &mut records));
                    removed.iter().for_each(|user| self.set_member(handle, key, user, false, &mut records));
                }
                self.settle(&key.clone().into(), &mut records);
            }
            StateChange::Refused { key, refusal } => {
                self.refusals.insert(key.clone(), refusal.clone());
                records.push(record::refusal(key, Some(refusal)));
            }
            StateChange::Searched { key, name } => {
                self.searched.insert(key.clone(), name.clone());
                records.push(record::searched(key, Some(name)));
            }
            StateChange::Removed { key, at, deleted } => {
                let removal = Removal { at: milliseconds(*at), key: key.clone(), deleted: *deleted };
                records.push(record::removal(&removal, true));
                self.count_removal(removal);
            }
            StateChange::RemovalsForgotten { before } => {
                let before = milliseconds(*before);
                while let Some(removal) = self.removals.first().filter(|removal| removal.at <= before).cloned() {
                    records.push(record::removal(&removal, false));
                    self.forget_removal(&removal);
                }
            }
            StateChange::Blocked { at } => {
                // As exact as the record is, so that a state that is read back is the same.
                self.blocked_since = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds(*at)));
                records.push(record::blocked(Some(*at)));
            }
            StateChange::Unblocked => {
                self.blocked_since = None;
                records.push(record::blocked(None));
            }
            StateChange::ServiceNamed { service } => {
                self.service = Some(service.clone());
                records.push(record::service(service));
            }
            StateChange::Begun => {
                let before = self.generation;
                self.generation = before.saturating_add(1);
                records.push(record::generation(self.generation, before));
            }
            StateChange::Quarantined { quarantine } => {
                self.quarantine = Some(quarantine.clone());
                records.push(record::quarantine(Some(quarantine)));
            }
            StateChange::Recovered => {
                self.quarantine = None;
                records.push(record::quarantine(None));
            }
            StateChange::Staged { key, operation, at } => {
                let since = milliseconds(*at);
                self.staged.entry(key.clone()).or_default().insert(operation.as_str().into(), since);
                records.push(record::staged(key, operation, Some(since)));
            }
            StateChange::Unstaged { key, operation } => {
                if let Some(operations) = self.staged.get_mut(key) {
                    operations.remove(operation.as_str());
                    if operations.is_empty() {
                        self.staged.remove(key);
                    }
                }
                records.push(record::staged(key, operation, None));
            }
        }
        records
    }

    /// Ends what was under way for `key`. Every change that an effect makes ends with it, so that effect and intent are written together.
    fn settle(&mut self, key: &Key, records: &mut Vec<Record>) {
        if self.intents.remove(key).is_some() {
            records.push(record::intent(key, None));
        }
    }

    /// What was searched in vain is found. A refusal is over once exactly what was refused is there; of anything else it stands (E-11), because
    /// another change of the same record says nothing of it.
    fn forget_search_and_refusal(&mut self, key: &Key, linked: Digest, records: &mut Vec<Record>) {
        if self.searched.remove(key).is_some() {
            records.push(record::searched(key, None));
        }
        if self.refusals.get(key).is_some_and(|refusal| refusal.digest == linked) {
            self.refusals.remove(key);
            records.push(record::refusal(key, None));
        }
    }

    /// A request under way adds the object that was linked, and its answer would be taken for whatever is linked next (UL-09). One that removes it is
    /// right whatever it answers: nobody who is linked later is in the group.
    fn doubt_open_memberships(&mut self, user: &UserKey, records: &mut Vec<Record>) {
        let names = |intent: &Intent| matches!(intent, Intent::AddMembers { users } if users.contains(user));
        let open: Vec<GroupKey> = self
            .intents
            .iter()
            .filter_map(|(key, intent)| match key {
                Key::Group(group) if names(intent) => Some(group.clone()),
                _ => None,
            })
            .collect();
        for group in open {
            self.change_group(&group, records, |group| group.members_known = false);
        }
    }

    /// Who is in a group, by number.
    fn members(&self, group: Handle) -> BTreeSet<UserKey> {
        let members = self.groups.at(group).map(Group::members).unwrap_or_default();
        members.iter().filter_map(|member| self.users.at(*member)).map(|user| user.key().into()).collect()
    }

    /// Remembers a membership, or its end, on both sides and in the store.
    fn set_member(&mut self, handle: Handle, group: &GroupKey, user: &UserKey, is_member: bool, records: &mut Vec<Record>) {
        records.push(record::member(group, user, is_member));
        if is_member {
            let user = self.users.intern(user.as_str());
            self.groups.set_member(handle, user, true);
            self.users.joined(user, handle);
        } else if let Some(user) = self.users.find(user.as_str()) {
            self.groups.set_member(handle, user, false);
            self.users.left(user, handle);
        }
    }

    /// Changes a link without touching members; a group that is not linked has nothing to change.
    fn change_group(&mut self, key: &GroupKey, records: &mut Vec<Record>, change: impl FnOnce(&mut Group)) {
        let changed = self.groups.change(key, change).map(Group::without_members);
        records.extend(changed.map(|link| record::group(key, Some(&link))));
    }
}
