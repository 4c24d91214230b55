//! The records of a source, numbered, with what a plan asks of them: digests, names, and who is in which group.
//!
//! All of that is made when a record is set, and mended when it is set again:
//!
//! | asked | answered from |
//! | --- | --- |
//! | is it as it was last sent? | the digest of its managed attributes, in the record |
//! | who wants this name? | an index by folded name; names that several want are kept apart, because they are few |
//! | who is in this group? | numbers of users, in order, in the group's record |
//! | in which groups is this user? | numbers of groups, in the user's record |
//!
//! A user who is named as a member and has no answer is a record without one: the source does not know it, and its membership waits.

use std::collections::BTreeSet;

use idbridge_scim::{AttrPath, Resource};

use crate::desired::{Answer, DesiredGroup, DesiredUser};
use crate::key::{GroupKey, UserKey};
use crate::name::{Name, NameIndex, folded};
use crate::observed::name_of;
use crate::plan::managed;
use crate::state::Digest;
use crate::table::{Handle, Keyed, Table};
use idbridge_scim::protocol::ResourceType;

/// A user that the source knows, or names as a member.
#[derive(Debug, Clone)]
pub(crate) struct UserRecord {
    key: UserKey,
    /// Nothing if it is named as a member and nowhere else.
    answer: Option<Answer<DesiredUser>>,
    digest: Digest,
    /// The groups that name it as a member, by number.
    groups: Vec<Handle>,
}

/// A group that the source knows; its members stand by number beside it.
#[derive(Debug, Clone)]
pub(crate) struct GroupRecord {
    key: GroupKey,
    answer: Answer<DesiredGroup>,
    digest: Digest,
    /// In the order of their numbers.
    members: Vec<Handle>,
}

impl Keyed for UserRecord {
    fn key(&self) -> &str {
        self.key.as_str()
    }
}

impl Keyed for GroupRecord {
    fn key(&self) -> &str {
        self.key.as_str()
    }
}

impl UserRecord {
    /// Whose record it is.
    pub(crate) fn user_key(&self) -> &UserKey {
        &self.key
    }

    /// What shall become of the user; nothing if it is named as a member and nowhere else.
    pub(crate) fn answer(&self) -> Option<&Answer<DesiredUser>> {
        self.answer.as_ref()
    }

    /// The user as it shall be, if it is wanted.
    pub(crate) fn wanted(&self) -> Option<&DesiredUser> {
        match &self.answer {
            Some(Answer::Want(user)) => Some(user),
            _ => None,
        }
    }

    /// The digest of the managed attributes, if it is wanted.
    pub(crate) fn digest(&self) -> Digest {
        self.digest
    }

    /// The `userName` that it wants; empty if it wants none.
    fn user_name(&self) -> &str {
        self.wanted().and_then(|user| name_of(ResourceType::User, &user.resource)).unwrap_or_default()
    }

    /// The e-mail address that it wants; empty if it wants none.
    fn email(&self) -> &str {
        self.wanted().and_then(|user| user.resource.primary_value("emails")).unwrap_or_default()
    }
}

impl GroupRecord {
    /// Whose record it is.
    pub(crate) fn group_key(&self) -> &GroupKey {
        &self.key
    }

    /// The answer, without members.
    pub(crate) fn answer(&self) -> &Answer<DesiredGroup> {
        &self.answer
    }

    /// The attributes, if it is wanted.
    pub(crate) fn resource(&self) -> Option<&Resource> {
        match &self.answer {
            Answer::Want(group) => Some(&group.resource),
            _ => None,
        }
    }

    pub(crate) fn digest(&self) -> Digest {
        self.digest
    }

    /// The members, wanted or not, by number and in the order of their numbers.
    pub(crate) fn members(&self) -> &[Handle] {
        &self.members
    }

    /// The `displayName` that is wanted; empty if there is none.
    fn name(&self) -> &str {
        self.resource().and_then(|resource| name_of(ResourceType::Group, resource)).unwrap_or_default()
    }
}

/// All records of a source.
#[derive(Debug, Clone, Default)]
pub(crate) struct Records {
    users: Table<UserRecord>,
    groups: Table<GroupRecord>,
    by_user_name: NameIndex,
    by_email: NameIndex,
    by_group_name: NameIndex,
    shared: BTreeSet<Name>,
    answered: usize,
}

impl Records {
    /// All users that the source knows or names.
    pub(crate) fn users(&self) -> &Table<UserRecord> {
        &self.users
    }

    /// All groups that the source knows.
    pub(crate) fn groups(&self) -> &Table<GroupRecord> {
        &self.groups
    }

    /// How many users have an answer.
    pub(crate) fn answered_users(&self) -> usize {
        self.answered
    }

    /// The names that more than one record wants.
    pub(crate) fn shared_names(&self) -> impl Iterator<Item = &Name> {
        self.shared.iter()
    }

    /// The users that want a name, in the order of their keys.
    pub(crate) fn users_wanting(&self, name: &Name) -> Vec<&UserRecord> {
        let (index, text): (&NameIndex, &str) = match name {
            Name::User(name) => (&self.by_user_name, name),
            Name::Email(name) => (&self.by_email, name),
            Name::Group(_) => return Vec::new(),
        };
        let is_email = matches!(name, Name::Email(_));
        let wants = |user: &&UserRecord| user.wanted().is_some() && folded(if is_email { user.email() } else { user.user_name() }) == text;
        let mut users: Vec<&UserRecord> = index.candidates(text).filter_map(|handle| self.users.at(handle)).filter(wants).collect();
        users.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        users
    }

    /// The groups that want a folded name, in the order of their keys.
    pub(crate) fn groups_wanting(&self, name: &str) -> Vec<&GroupRecord> {
        let candidates = self.by_group_name.candidates(name).filter_map(|handle| self.groups.at(handle));
        let mut groups: Vec<&GroupRecord> = candidates.filter(|group| group.resource().is_some() && folded(group.name()) == name).collect();
        groups.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        groups
    }

    /// The groups that name a user as a member, in the order of their keys.
    pub(crate) fn groups_of(&self, key: &UserKey) -> Vec<GroupKey> {
        let groups = self.users.get(key.as_str()).map(|user| user.groups.as_slice()).unwrap_or_default();
        let mut groups: Vec<GroupKey> = groups.iter().filter_map(|group| Some(self.groups.at(*group)?.key.clone())).collect();
        groups.sort_unstable();
        groups
    }

    /// The answer for a group, with its members.
    pub(crate) fn group_answer(&self, group: &GroupRecord) -> Answer<DesiredGroup> {
        match &group.answer {
            Answer::Want(wanted) => {
                let members = group.members.iter().filter_map(|member| self.users.at(*member)).map(|user| user.key.clone());
                Answer::Want(DesiredGroup::new(wanted.resource.clone(), members.collect()))
            }
            other => other.clone(),
        }
    }

    /// Takes an answer in, in the place of the one before: its digest, its names and what they are found by follow.
    pub(super) fn set_user(&mut self, key: UserKey, answer: Answer<DesiredUser>, managed: &[AttrPath]) {
        let handle = match self.users.find(key.as_str()) {
            Some(handle) => handle,
            None => self.users.insert(UserRecord { key, answer: None, digest: Digest::NONE, groups: Vec::new() }),
        };
        self.forget_user_names(handle);
        let digest = digest_of(wanted_resource(&answer, |user| &user.resource), managed);
        if let Some(user) = self.users.at_mut(handle) {
            self.answered += usize::from(user.answer.is_none());
            (user.answer, user.digest) = (Some(answer), digest);
        }
        self.index_user_names(handle);
    }

    /// An absent user is one that the source does not know, which may still be named as a member.
    pub(super) fn remove_user(&mut self, key: &UserKey) {
        let Some(handle) = self.users.find(key.as_str()) else { return };
        self.forget_user_names(handle);
        let Some(user) = self.users.at_mut(handle) else { return };
        self.answered -= usize::from(user.answer.is_some());
        (user.answer, user.digest) = (None, Digest::NONE);
        if user.groups.is_empty() {
            self.users.remove(handle);
        }
    }

    /// The same of a group; its members are numbered, and know of it.
    pub(super) fn set_group(&mut self, key: GroupKey, answer: Answer<DesiredGroup>, managed: &[AttrPath]) {
        let (answer, members) = match answer {
            Answer::Want(group) => (Answer::Want(DesiredGroup::new(group.resource, BTreeSet::new())), group.members),
            other => (other, BTreeSet::new()),
        };
        let digest = digest_of(wanted_resource(&answer, |group| &group.resource), managed);
        let handle = match self.groups.find(key.as_str()) {
            Some(handle) => {
                self.forget_group_name(handle);
                if let Some(group) = self.groups.at_mut(handle) {
                    (group.answer, group.digest) = (answer, digest);
                }
                handle
            }
            None => self.groups.insert(GroupRecord { key, answer, digest, members: Vec::new() }),
        };
        let mut members: Vec<Handle> = members.into_iter().map(|member| self.intern(member)).collect();
        members.sort_unstable();
        self.set_members(handle, members);
        self.index_group_name(handle);
    }

    /// An absent group is one that the source does not know; its members are no members any more.
    pub(super) fn remove_group(&mut self, key: &GroupKey) {
        let Some(handle) = self.groups.find(key.as_str()) else { return };
        self.set_members(handle, Vec::new());
        self.forget_group_name(handle);
        self.groups.remove(handle);
    }

    /// Says that a user is a member of a group, or none any more; nothing where the group is not wanted.
    pub(super) fn set_member(&mut self, group: &GroupKey, user: UserKey, is_member: bool) {
        let Some(handle) =
            self.groups.find(group.as_str()).filter(|handle| self.groups.at(*handle).is_some_and(|group| group.resource().is_some()))
        else {
            return;
        };
        let member = if is_member { Some(self.intern(user)) } else { self.users.find(user.as_str()) };
        let Some((member, group)) = member.zip(self.groups.at_mut(handle)) else { return };
        match (group.members.binary_search(&member), is_member) {
            (Err(place), true) => {
                group.members.insert(place, member);
                self.joined(member, handle);
            }
            (Ok(place), false) => {
                group.members.remove(place);
                self.left(member, handle);
            }
            _ => {}
        }
    }

    /// Computes all digests anew, because other attributes are managed now.
    pub(super) fn digest_users(&mut self, managed: &[AttrPath]) {
        let handles: Vec<Handle> = self.users.iter().map(|(handle, _)| handle).collect();
        for handle in handles {
            if let Some(user) = self.users.at_mut(handle) {
                user.digest = digest_of(user.wanted().map(|user| &*user.resource), managed);
            }
        }
    }

    /// The same of groups.
    pub(super) fn digest_groups(&mut self, managed: &[AttrPath]) {
        let handles: Vec<Handle> = self.groups.iter().map(|(handle, _)| handle).collect();
        for handle in handles {
            if let Some(group) = self.groups.at_mut(handle) {
                group.digest = digest_of(group.resource(), managed);
            }
        }
    }

    /// The number of a user, who is taken in without an answer if nobody knows it.
    fn intern(&mut self, key: UserKey) -> Handle {
        match self.users.find(key.as_str()) {
            Some(handle) => handle,
            None => self.users.insert(UserRecord { key, answer: None, digest: Digest::NONE, groups: Vec::new() }),
        }
    }

    /// Replaces the members of a group, and what its users know of it.
    fn set_members(&mut self, group: Handle, members: Vec<Handle>) {
        let Some(record) = self.groups.at_mut(group) else { return };
        let before = std::mem::replace(&mut record.members, members.clone());
        for member in &before {
            if members.binary_search(member).is_err() {
                self.left(*member, group);
            }
        }
        for member in members {
            if before.binary_search(&member).is_err() {
                self.joined(member, group);
            }
        }
    }

    /// Remembers on the user's side that it is in a group.
    fn joined(&mut self, member: Handle, group: Handle) {
        if let Some(user) = self.users.at_mut(member) {
            user.groups.push(group);
        }
    }

    /// Whoever is named nowhere else is not kept.
    fn left(&mut self, member: Handle, group: Handle) {
        let Some(user) = self.users.at_mut(member) else { return };
        user.groups.retain(|other| *other != group);
        if user.groups.is_empty() && user.answer.is_none() {
            self.users.remove(member);
        }
    }

    /// Takes a user out of the indexes of names, before its answer changes.
    fn forget_user_names(&mut self, handle: Handle) {
        let Some(user) = self.users.at(handle).filter(|user| user.wanted().is_some()) else { return };
        self.by_user_name.remove(user.user_name(), handle);
        self.by_email.remove(user.email(), handle);
    }

    /// Puts it into them, once it has changed.
    fn index_user_names(&mut self, handle: Handle) {
        let name = enter(&mut self.by_user_name, &self.users, handle, UserRecord::user_name).map(Name::User);
        let email = enter(&mut self.by_email, &self.users, handle, UserRecord::email).map(Name::Email);
        self.shared.extend(name.into_iter().chain(email));
    }

    /// The same of a group, before.
    fn forget_group_name(&mut self, handle: Handle) {
        if let Some(group) = self.groups.at(handle).filter(|group| group.resource().is_some()) {
            self.by_group_name.remove(group.name(), handle);
        }
    }

    /// And after.
    fn index_group_name(&mut self, handle: Handle) {
        self.shared.extend(enter(&mut self.by_group_name, &self.groups, handle, GroupRecord::name).map(Name::Group));
    }
}

/// Enters the name of a record in an index; the name, folded, if another record has it as well.
fn enter<T: Keyed>(index: &mut NameIndex, table: &Table<T>, handle: Handle, name_of: fn(&T) -> &str) -> Option<String> {
    let name = table.at(handle).map(name_of).filter(|name| !name.is_empty())?;
    let is_shared = index.candidates(name).filter_map(|other| table.at(other)).any(|other| folded(name_of(other)) == folded(name));
    index.insert(name, handle, |other| table.at(other).map(name_of).unwrap_or_default());
    is_shared.then(|| folded(name).into_owned())
}

/// The attributes of an answer, if it is that something is wanted.
fn wanted_resource<T>(answer: &Answer<T>, resource: impl Fn(&T) -> &Resource) -> Option<&Resource> {
    match answer {
        Answer::Want(wanted) => Some(resource(wanted)),
        _ => None,
    }
}

/// The digest of the managed attributes; that of nothing where nothing is wanted.
fn digest_of(resource: Option<&Resource>, paths: &[AttrPath]) -> Digest {
    resource.map_or(Digest::NONE, |resource| Digest::of(&managed(resource, paths)))
}
