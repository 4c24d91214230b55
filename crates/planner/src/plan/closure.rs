//! What a plan of some records cannot do without.

use std::collections::BTreeSet;

use crate::desired::{Answer, Desired, GroupRecord, UserRecord};
use crate::key::{GroupKey, Key, UserKey};
use crate::name::Name;
use crate::scope::Scope;
use crate::state::{Group, Linked, State};
use crate::table::Keyed as _;

/// The scope with every record that belongs to it: who wants the same name, who may give up a name that is wanted, and those members of its groups
/// of whom something is still to be done.
///
/// It is known before the service is looked at, so that a look and a plan mean the same records.
pub(crate) fn closed(scope: &Scope, desired: &Desired, state: &State) -> Scope {
    let mut scope = scope.clone();
    let restless = scope.memberships().filter(|(group, _)| !is_at_rest(desired, state, group)).map(|(group, _)| Key::from(group.clone()));
    scope.extend(restless.collect::<Vec<Key>>());
    let mut open: BTreeSet<Key> = scope.keys().cloned().unwrap_or_default();
    while let Some(key) = open.pop_first() {
        let mut found: BTreeSet<Key> = BTreeSet::new();
        for name in names_wanted(desired, &key) {
            found.extend(wanting(desired, &name));
            found.extend(holders(state, &name).into_iter().filter(|holder| may_give_up(desired, state, holder)));
        }
        if let Key::Group(key) = &key {
            found.extend(open_members(desired, state, key));
        }
        let new: Vec<Key> = found.into_iter().filter(|key| !scope.contains(key)).collect();
        open.extend(new.iter().cloned());
        scope.extend(new);
    }
    scope
}

/// Whether a single membership of a linked group can be planned without a look at the group: nothing of it was under way or refused, its members are
/// known, and it is as it was last sent. An intent that nobody looks up is replaced by the next one, and what it may have done is never known.
fn is_at_rest(desired: &Desired, state: &State, key: &GroupKey) -> bool {
    let Some(link) = state.groups.get(key.as_str()) else { return true };
    let digest = desired.records().groups().get(key.as_str()).map(GroupRecord::digest);
    let any = Key::from(key.clone());
    let is_calm = !state.intents.contains_key(&any) && !state.refusals.contains_key(&any);
    is_calm && link.members_known && !link.is_released && digest == Some(link.digest)
}

/// The names that a record wants, if it is wanted.
pub(crate) fn names_wanted(desired: &Desired, key: &Key) -> Vec<Name> {
    match key {
        Key::User(key) => desired.wanted_user(key).map(|user| Name::of_user(&user.resource).collect()).unwrap_or_default(),
        Key::Group(key) => {
            let resource = desired.records().groups().get(key.as_str()).and_then(GroupRecord::resource);
            resource.and_then(Name::of_group).into_iter().collect()
        }
    }
}

/// The records that want a name.
pub(crate) fn wanting(desired: &Desired, name: &Name) -> Vec<Key> {
    match name {
        Name::Group(name) => desired.records().groups_wanting(name).into_iter().map(|group| group.group_key().clone().into()).collect(),
        name => desired.records().users_wanting(name).into_iter().map(|user| user.user_key().clone().into()).collect(),
    }
}

/// The linked records that hold a name, as far as is known; the service allows one.
fn holders(state: &State, name: &Name) -> Vec<Key> {
    let user = |link: Linked<'_>| UserKey::from(link.key()).into();
    match name {
        Name::User(name) => state.users.named(name).map(user).into_iter().collect(),
        Name::Email(email) => state.users.with_email(email).map(user).into_iter().collect(),
        Name::Group(name) => state.groups.named(name).into_iter().map(|group| group.group_key().clone().into()).collect(),
    }
}

/// Whether a full plan might do something to a record by which it gives a name up: it is absent, or not as it was last sent.
pub(crate) fn may_give_up(desired: &Desired, state: &State, key: &Key) -> bool {
    match key {
        Key::User(key) => {
            let record = desired.records().users().get(key.as_str());
            match record.and_then(|record| Some((record, record.answer()?))) {
                Some((record, Answer::Want(_))) => state.users.get(key.as_str()).is_none_or(|link| link.digest() != record.digest()),
                Some((_, Answer::Absent)) => true,
                Some(_) => false,
                None => !desired.is_partial(),
            }
        }
        Key::Group(key) => match desired.records().groups().get(key.as_str()) {
            Some(record) => match record.answer() {
                Answer::Want(_) => state.groups.get(key.as_str()).is_none_or(|link| link.digest != record.digest()),
                answer => matches!(answer, Answer::Absent),
            },
            None => !desired.is_partial(),
        },
    }
}

/// The members of a group, wanted or there, of whom something is still to be done: they are brought before they join (GM-04), and whoever is held
/// neither joins nor leaves.
fn open_members(desired: &Desired, state: &State, key: &GroupKey) -> Vec<Key> {
    let users = desired.records().users();
    let wanted = desired.records().groups().get(key.as_str()).map(GroupRecord::members).unwrap_or_default();
    let wanted = wanted.iter().filter_map(|member| users.at(*member));
    let there = state.groups.get(key.as_str()).map(Group::members).unwrap_or_default();
    let there = there.iter().filter_map(|member| users.get(state.users.at(*member)?.key()));
    wanted.chain(there).filter(|user| is_open(state, user)).map(|user| user.user_key().clone().into()).collect()
}

/// Whether something is still to be done to a user who is wanted, or is held.
fn is_open(state: &State, user: &UserRecord) -> bool {
    let link = state.users.get(user.user_key().as_str());
    user.wanted().is_some() && link.is_none_or(|link| link.digest() != user.digest())
}

/// The same of a user who was seen in a group, and so is not known before the look.
pub(crate) fn is_open_user(desired: &Desired, state: &State, key: &UserKey) -> bool {
    desired.records().users().get(key.as_str()).is_some_and(|user| is_open(state, user))
}
