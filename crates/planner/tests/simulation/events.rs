//! What happened between two looks at a directory, told as events, and one look, one plan and one run within what they touch.

use std::collections::BTreeSet;

use idbridge_planner::{Answer, Desired, DesiredUser, Event, GroupKey, Key, Scope, State, UserKey};

use crate::directory::{Directory, Status, group_key, person_key};

/// The records that all of these scopes are about.
fn joined(one: Scope, other: &Scope) -> Scope {
    let Some(keys) = other.keys() else { return Scope::all() };
    let mut both = one;
    both.extend(keys.iter().cloned());
    for (group, users) in other.memberships() {
        users.iter().for_each(|user| both.add_membership(group.clone(), user.clone()));
    }
    both
}

/// Takes the events in, and says what they touch.
pub(crate) fn tell(desired: &mut Desired, events: Vec<Event>, state: &State) -> Scope {
    events.into_iter().fold(Scope::of([]), |scope, event| joined(scope, &desired.apply(event, state)))
}

/// Whether a plan within a scope may change this record's object, or these users' memberships in it.
pub(crate) fn is_within(scope: &Scope, key: &Key, users: &[UserKey]) -> bool {
    let memberships = scope.memberships().find(|(group, _)| Key::from((*group).clone()) == *key);
    scope.contains(key) || memberships.is_some_and(|(_, touched)| !users.is_empty() && users.iter().all(|user| touched.contains(user)))
}

impl Directory {
    /// What happened since the directory was as `before`, in an order in which it can have happened.
    pub(crate) fn events_since(&self, before: &Self, external_ids: bool) -> Vec<Event> {
        let mut events = Vec::new();
        let user_key = |number: u32| UserKey::from(person_key(number));
        let answer = |number: u32| self.answer_of_person(number, external_ids);
        for number in self.people.keys() {
            let (key, answer, was) = (user_key(*number), answer(*number), before.answer_of_person(*number, external_ids));
            match self.people[number].status {
                _ if answer == was => {}
                _ if was == Answer::Absent => events.push(Event::UserCreated { key, answer }),
                Status::Suspended => events.push(Event::UserSuspended { key, answer }),
                Status::Active if before.people[number].status != Status::Active => events.push(Event::UserActivated { key, answer }),
                _ => events.push(Event::UserUpdated { key, answer }),
            }
        }
        for (number, group) in &self.groups {
            let (key, of_group) = (GroupKey::from(group_key(*number)), self.answer_of_group(*number, external_ids));
            let Some(was) = before.groups.get(number) else {
                events.push(Event::GroupCreated { key, answer: of_group });
                continue;
            };
            let users = || -> Vec<(UserKey, Answer<DesiredUser>)> {
                group
                    .members
                    .union(&was.members)
                    .filter(|person| self.people.contains_key(person))
                    .map(|person| (user_key(*person), answer(*person)))
                    .collect()
            };
            match (was.is_bound, group.is_bound) {
                (false, true) => events.push(Event::GroupAssociated { key, answer: of_group, users: users() }),
                (true, false) => events.push(Event::GroupDisassociated { key, answer: of_group, users: users() }),
                _ if (was.name, was.is_held) != (group.name, group.is_held) => events.push(Event::GroupRenamed { key, answer: of_group }),
                (true, true) if !group.is_held => {
                    for person in group.members.difference(&was.members) {
                        events.push(Event::MembershipAdded { group: key.clone(), user: user_key(*person), answer: answer(*person) });
                    }
                    for person in was.members.difference(&group.members) {
                        // Whoever is gone left before.
                        let is_here = self.people.contains_key(person);
                        let answer = if is_here { answer(*person) } else { before.answer_of_person(*person, external_ids) };
                        events.push(Event::MembershipRemoved { group: key.clone(), user: user_key(*person), answer });
                    }
                }
                _ => {}
            }
        }
        let gone: BTreeSet<&u32> = before.groups.keys().filter(|number| !self.groups.contains_key(number)).collect();
        events.extend(gone.into_iter().map(|number| Event::GroupDeleted { key: GroupKey::from(group_key(*number)), users: Vec::new() }));
        let gone = before.people.keys().filter(|number| !self.people.contains_key(number));
        events.extend(gone.map(|number| Event::UserDeleted { key: user_key(*number) }));
        events
    }
}
