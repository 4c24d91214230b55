//! What happens in a directory, one thing at a time.

use crate::desired::{Answer, Desired, DesiredGroup, DesiredUser, GroupRecord};
use crate::key::{GroupKey, Key, UserKey};
use crate::name::{Name, folded};
use crate::plan::wanting;
use crate::scope::Scope;
use crate::state::{Linked, State};

/// One thing that happened in a directory, with the new answers of the records that it concerns.
///
/// [`Desired::apply`] takes it in and says which records have to be planned: to look, plan and run within that [`Scope`] does what a full plan would
/// do to these records, in a time that does not grow with the directory. Who is entitled is decided where answers are made, so an event that
/// changes it for others, such as the disassociation of a group, brings their answers along in `users`.
///
/// Events are told in the order in which they happened. One that was missed is made good by the next full plan.
///
/// # Examples
///
/// Anna is hired into a group that is linked: her account, and one membership.
///
/// ```
/// use idbridge_planner::{Answer, Coverage, Desired, DesiredGroup, DesiredUser, Event, GroupKey, Key, State, UserKey};
/// use idbridge_scim::{Group, Resource, User};
///
/// let anna = || DesiredUser::new(Resource::from(User::new("anna@example.com"))).entitled_by("in Staff");
/// let staff = GroupKey::from("staff");
/// let mut desired = Desired::new(Coverage::Complete);
/// desired.set_group(staff.clone(), Answer::Want(DesiredGroup::new(Resource::from(Group::new("Staff")), [].into())));
///
/// let state = State::default();
/// let scope = desired.apply(Event::UserCreated { key: UserKey::from("anna"), answer: Answer::Want(anna()) }, &state);
/// assert!(scope.contains(&UserKey::from("anna").into()));
///
/// let joins = Event::MembershipAdded { group: staff.clone(), user: UserKey::from("anna"), answer: Answer::Want(anna()) };
/// let scope = desired.apply(joins, &state);
/// // The group is not linked yet, so all of it is planned; of a linked one it would be the one membership.
/// assert!(scope.contains(&Key::Group(staff)));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A person is new in the directory.
    UserCreated {
        /// Who.
        key: UserKey,
        /// What shall become of them.
        answer: Answer<DesiredUser>,
    },
    /// Attributes of a person changed, the name and the e-mail address among them (UL-08).
    UserUpdated {
        /// Who.
        key: UserKey,
        /// What shall become of them.
        answer: Answer<DesiredUser>,
    },
    /// A person was suspended: wanted, and not active (UL-04).
    UserSuspended {
        /// Who.
        key: UserKey,
        /// What shall become of them.
        answer: Answer<DesiredUser>,
    },
    /// A person was activated, or is not suspended any more (UL-05).
    UserActivated {
        /// Who.
        key: UserKey,
        /// What shall become of them.
        answer: Answer<DesiredUser>,
    },
    /// A person was deleted (IC-12). Only a deletion that the directory itself tells of: that a record cannot be read is none.
    UserDeleted {
        /// Who.
        key: UserKey,
    },
    /// A group is new in the directory.
    GroupCreated {
        /// Which.
        key: GroupKey,
        /// What shall become of it.
        answer: Answer<DesiredGroup>,
    },
    /// A group has another name, or other attributes (GM-14, GM-15).
    GroupRenamed {
        /// Which.
        key: GroupKey,
        /// What shall become of it.
        answer: Answer<DesiredGroup>,
    },
    /// A group was deleted (GM-22).
    GroupDeleted {
        /// Which.
        key: GroupKey,
        /// The answers of those who were in it (GM-24, GM-25).
        users: Vec<(UserKey, Answer<DesiredUser>)>,
    },
    /// A group was associated with the application (GM-11, GM-19).
    GroupAssociated {
        /// Which.
        key: GroupKey,
        /// What shall become of it.
        answer: Answer<DesiredGroup>,
        /// The answers of those who are in it.
        users: Vec<(UserKey, Answer<DesiredUser>)>,
    },
    /// A group was disassociated from the application (GM-16).
    GroupDisassociated {
        /// Which.
        key: GroupKey,
        /// What shall become of it: that it is present.
        answer: Answer<DesiredGroup>,
        /// The answers of those who are in it (GM-17, GM-18).
        users: Vec<(UserKey, Answer<DesiredUser>)>,
    },
    /// A person joined a group (GM-12, GM-04).
    MembershipAdded {
        /// Which group.
        group: GroupKey,
        /// Who.
        user: UserKey,
        /// What shall become of them now.
        answer: Answer<DesiredUser>,
    },
    /// A person left a group (GM-12, GM-20).
    MembershipRemoved {
        /// Which group.
        group: GroupKey,
        /// Who.
        user: UserKey,
        /// What shall become of them now.
        answer: Answer<DesiredUser>,
    },
    /// Group management was switched on or off: plan with the new policy (GM-02, GM-28, GM-31). All groups are looked at.
    ManagementSwitched,
}

impl Event {
    /// Names the event for reports and programs. The names do not change.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(idbridge_planner::Event::ManagementSwitched.name(), "managementSwitched");
    /// ```
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::UserCreated { .. } => "userCreated",
            Self::UserUpdated { .. } => "userUpdated",
            Self::UserSuspended { .. } => "userSuspended",
            Self::UserActivated { .. } => "userActivated",
            Self::UserDeleted { .. } => "userDeleted",
            Self::GroupCreated { .. } => "groupCreated",
            Self::GroupRenamed { .. } => "groupRenamed",
            Self::GroupDeleted { .. } => "groupDeleted",
            Self::GroupAssociated { .. } => "groupAssociated",
            Self::GroupDisassociated { .. } => "groupDisassociated",
            Self::MembershipAdded { .. } => "membershipAdded",
            Self::MembershipRemoved { .. } => "membershipRemoved",
            Self::ManagementSwitched => "managementSwitched",
        }
    }
}

impl Desired {
    /// Takes in what happened, and says which records have to be planned for it.
    ///
    /// Of a group that is linked, a change of one person touches that one membership; a group that is not linked yet is planned as a whole, because
    /// it may have to be created. `state` tells which is which; it is not changed.
    ///
    /// A deletion is taken as what it says, whether or not the source as a whole was read to its end: the record itself is gone. With a partial
    /// source nothing is deleted all the same (UL-11), because the plan withholds what takes access away.
    pub fn apply(&mut self, event: Event, state: &State) -> Scope {
        let mut scope = Scope::of([]);
        match event {
            Event::UserCreated { key, answer }
            | Event::UserUpdated { key, answer }
            | Event::UserSuspended { key, answer }
            | Event::UserActivated { key, answer } => self.user_changed(key, answer, state, &mut scope),
            Event::UserDeleted { key } => {
                let names = self.names_of_user(&key, state);
                self.touch_groups(&key, state, &mut scope);
                self.remove_user(&key);
                scope.extend([key.into()]);
                self.touch_waiting(&names, &mut scope);
            }
            Event::GroupCreated { key, answer } | Event::GroupRenamed { key, answer } => {
                self.group_changed(key, Some(answer), state, &mut scope);
            }
            Event::GroupDeleted { key, users } => {
                self.group_changed(key, None, state, &mut scope);
                self.users_changed(users, state, &mut scope);
            }
            Event::GroupAssociated { key, answer, users } | Event::GroupDisassociated { key, answer, users } => {
                self.group_changed(key, Some(answer), state, &mut scope);
                self.users_changed(users, state, &mut scope);
            }
            Event::MembershipAdded { group, user, answer } => {
                self.set_member(&group, user.clone(), true);
                self.user_changed(user.clone(), answer, state, &mut scope);
                touch_membership(group, user, state, &mut scope);
            }
            Event::MembershipRemoved { group, user, answer } => {
                self.set_member(&group, user.clone(), false);
                self.user_changed(user.clone(), answer, state, &mut scope);
                touch_membership(group, user, state, &mut scope);
            }
            Event::ManagementSwitched => {
                let wanted = self.groups().map(|(key, _)| Key::from(key.clone()));
                scope.extend(wanted.collect::<Vec<Key>>());
                scope.extend(state.groups.iter().map(|group| Key::from(group.group_key().clone())));
            }
        }
        scope
    }

    /// Takes in the answers that an event about a group brings along.
    fn users_changed(&mut self, users: Vec<(UserKey, Answer<DesiredUser>)>, state: &State, scope: &mut Scope) {
        for (key, answer) in users {
            self.user_changed(key, answer, state, scope);
        }
    }

    /// Takes in the answer for one person, and touches the memberships and whoever waits for a name that is given up.
    fn user_changed(&mut self, key: UserKey, answer: Answer<DesiredUser>, state: &State, scope: &mut Scope) {
        let names = self.names_of_user(&key, state);
        self.set_user(key.clone(), answer);
        self.touch_groups(&key, state, scope);
        scope.extend([key.into()]);
        self.touch_waiting(&names, scope);
    }

    /// Takes in the answer for a group, or that it is gone, and touches whoever waits for its name.
    fn group_changed(&mut self, key: GroupKey, answer: Option<Answer<DesiredGroup>>, state: &State, scope: &mut Scope) {
        let wanted = self.records().groups().get(key.as_str()).and_then(GroupRecord::resource).and_then(Name::of_group);
        let linked = state.groups.get(key.as_str()).map(|link| Name::Group(folded(&link.display_name).into_owned()));
        match answer {
            Some(answer) => self.set_group(key.clone(), answer),
            None => self.remove_group(&key),
        }
        scope.extend([key.into()]);
        self.touch_waiting(&wanted.into_iter().chain(linked).collect::<Vec<Name>>(), scope);
    }

    /// The names that a user had until now, in the source and at the service.
    fn names_of_user(&self, key: &UserKey, state: &State) -> Vec<Name> {
        let wanted = self.wanted_user(key).into_iter().flat_map(|user| Name::of_user(&user.resource));
        let linked = state.users.get(key.as_str()).into_iter().flat_map(Linked::names);
        wanted.chain(linked).collect()
    }

    /// Whoever waits for a name that may be given up now is planned as well.
    fn touch_waiting(&self, names: &[Name], scope: &mut Scope) {
        scope.extend(names.iter().flat_map(|name| wanting(self, name)).collect::<Vec<Key>>());
    }

    /// Who is wanted now may have to join, and who is not held any more may have to leave: the memberships on both sides.
    fn touch_groups(&self, key: &UserKey, state: &State, scope: &mut Scope) {
        for group in self.groups_of(key).into_iter().chain(state.groups_of(key)) {
            touch_membership(group, key.clone(), state, scope);
        }
    }
}

/// A group that is linked and at rest is touched in one membership, and one that was disassociated not at all, because its members are left as they
/// are (GM-16); any other as a whole.
fn touch_membership(group: GroupKey, user: UserKey, state: &State, scope: &mut Scope) {
    match state.groups.get(group.as_str()) {
        Some(link) if link.is_released => {}
        Some(link) if link.members_known => scope.add_membership(group, user),
        _ => scope.extend([group.into()]),
    }
}
