//! A directory in a few lines: people, groups, who is bound, and what follows for each of them. It yields the answers directly, without a mapping.

use std::collections::{BTreeMap, BTreeSet};

use idbridge_planner::{
    Answer, Because, Coverage, Desired, DesiredGroup, DesiredUser, Evidence, Finding, GroupKey, Key, Presence, UserKey,
};
use idbridge_scim::{Email, Group as ScimGroup, Name, Resource, User};

/// The title that the service refuses.
pub(crate) const REFUSED_TITLE: u32 = 9;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Active,
    Suspended,
    Staged,
    /// Something in the record is wrong.
    Held,
}

#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) name: u32,
    pub(crate) email: u32,
    pub(crate) family: u32,
    pub(crate) title: Option<u32>,
    pub(crate) status: Status,
    pub(crate) is_direct: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) name: u32,
    pub(crate) members: BTreeSet<u32>,
    pub(crate) is_bound: bool,
    pub(crate) is_held: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Directory {
    pub(crate) people: BTreeMap<u32, Person>,
    pub(crate) groups: BTreeMap<u32, Group>,
}

/// Something that happens in a directory. What is not there does not change.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Change {
    Hire { person: u32, groups: Vec<u32>, is_direct: bool },
    Fire(u32),
    Status(u32, Status),
    Title(u32, Option<u32>),
    Family(u32, u32),
    Rename(u32, u32),
    Readdress(u32, u32),
    SwapNames(u32, u32),
    Direct(u32, bool),
    Found { group: u32, members: Vec<u32> },
    Dissolve(u32),
    Bind(u32, bool),
    HoldGroup(u32, bool),
    RenameGroup(u32, u32),
    SwapGroupNames(u32, u32),
    Join(u32, u32),
    Leave(u32, u32),
}

/// What a directory says of a person or a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Says {
    Wanted {
        active: bool,
    },
    Held,
    /// Known and not entitled; whether the record itself says so.
    Present {
        by_record: bool,
    },
    /// Not there, as far as was read.
    Nothing,
}

impl Directory {
    pub(crate) fn apply(&mut self, change: &Change) {
        match change {
            Change::Hire { person, groups, is_direct } => {
                let (name, is_direct) = (*person, *is_direct);
                let hired = Person { name, email: name, family: name, title: None, status: Status::Active, is_direct };
                self.people.entry(*person).or_insert(hired);
                for group in groups {
                    self.apply(&Change::Join(*group, *person));
                }
            }
            Change::Fire(person) => {
                self.people.remove(person);
                self.groups.values_mut().for_each(|group| group.members.retain(|member| member != person));
            }
            Change::Status(person, status) => self.person(*person, |found| found.status = *status),
            Change::Title(person, title) => self.person(*person, |found| found.title = *title),
            Change::Family(person, family) => self.person(*person, |found| found.family = *family),
            Change::Rename(person, name) => self.person(*person, |found| (found.name, found.email) = (*name, *name)),
            Change::Readdress(person, email) => self.person(*person, |found| found.email = *email),
            Change::SwapNames(one, two) => {
                let names = |person: &Person| (person.name, person.email);
                if let (Some(first), Some(second)) = (self.people.get(one).map(names), self.people.get(two).map(names)) {
                    self.person(*one, |found| (found.name, found.email) = second);
                    self.person(*two, |found| (found.name, found.email) = first);
                }
            }
            Change::Direct(person, is_direct) => self.person(*person, |found| found.is_direct = *is_direct),
            Change::Found { group, members } => {
                let members = members.iter().filter(|person| self.people.contains_key(person)).copied().collect();
                self.groups.entry(*group).or_insert(Group { name: *group, members, is_bound: true, is_held: false });
            }
            Change::Dissolve(group) => drop(self.groups.remove(group)),
            Change::Bind(group, is_bound) => self.group(*group, |found| found.is_bound = *is_bound),
            Change::HoldGroup(group, is_held) => self.group(*group, |found| found.is_held = *is_held),
            Change::RenameGroup(group, name) => self.group(*group, |found| found.name = *name),
            Change::SwapGroupNames(one, two) => {
                if let (Some(first), Some(second)) = (self.groups.get(one).map(|one| one.name), self.groups.get(two).map(|two| two.name)) {
                    self.group(*one, |found| found.name = second);
                    self.group(*two, |found| found.name = first);
                }
            }
            Change::Join(group, person) => {
                if self.people.contains_key(person) {
                    self.group(*group, |found| found.members.extend([*person]));
                }
            }
            Change::Leave(group, person) => self.group(*group, |found| found.members.retain(|member| member != person)),
        }
    }

    fn person(&mut self, person: u32, change: impl FnOnce(&mut Person)) {
        if let Some(found) = self.people.get_mut(&person) {
            change(found);
        }
    }

    fn group(&mut self, group: u32, change: impl FnOnce(&mut Group)) {
        if let Some(found) = self.groups.get_mut(&group) {
            change(found);
        }
    }

    pub(crate) fn says_of_person(&self, person: u32) -> Says {
        let Some(found) = self.people.get(&person) else {
            return Says::Nothing;
        };
        let is_entitled = found.is_direct || self.groups.values().any(|group| group.is_bound && group.members.contains(&person));
        match found.status {
            Status::Held => Says::Held,
            Status::Staged => Says::Present { by_record: true },
            _ if !is_entitled => Says::Present { by_record: false },
            status => Says::Wanted { active: status == Status::Active },
        }
    }

    pub(crate) fn says_of_group(&self, group: u32) -> Says {
        match self.groups.get(&group) {
            None => Says::Nothing,
            Some(group) if group.is_held => Says::Held,
            Some(group) if !group.is_bound => Says::Present { by_record: false },
            Some(_) => Says::Wanted { active: true },
        }
    }

    /// Without what is not seen.
    pub(crate) fn without(&self, people: &[u32], groups: &[u32], members: &[(u32, u32)]) -> Self {
        let mut seen = self.clone();
        seen.people.retain(|person, _| !people.contains(person));
        seen.groups.retain(|group, _| !groups.contains(group));
        members.iter().for_each(|(group, person)| seen.apply(&Change::Leave(*group, *person)));
        seen
    }

    /// What is wanted of the service, as a caller would say it.
    pub(crate) fn desired(&self, is_partial: bool, external_ids: bool) -> Desired {
        let reasons = vec!["a page is missing".to_owned()];
        let mut desired = Desired::new(if is_partial { Coverage::Partial { reasons } } else { Coverage::Complete });
        let of_user = ["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active", "title"];
        let of_group = ["externalId", "displayName"];
        let managed = |paths: &[&str]| paths.iter().skip(usize::from(!external_ids)).map(|path| path.parse().unwrap()).collect();
        desired.manage_user(managed(&of_user));
        desired.manage_group(managed(&of_group));
        for number in self.people.keys() {
            desired.set_user(UserKey::from(person_key(*number)), self.answer_of_person(*number, external_ids));
        }
        for number in self.groups.keys() {
            desired.set_group(GroupKey::from(group_key(*number)), self.answer_of_group(*number, external_ids));
        }
        desired
    }

    /// What shall become of a person.
    pub(crate) fn answer_of_person(&self, number: u32, external_ids: bool) -> Answer<DesiredUser> {
        match self.says_of_person(number) {
            Says::Wanted { .. } => {
                Answer::Want(DesiredUser::new(user(number, &self.people[&number], external_ids)).entitled_by("in a bound group"))
            }
            Says::Held => Answer::Hold(vec![Finding::new("Held", "has something wrong in its record")]),
            Says::Present { by_record: true } => Answer::Present(Presence::new(Because::new("E-1", "is staged"), Evidence::Record)),
            Says::Present { by_record: false } => {
                Answer::Present(Presence::new(Because::new("GM-20", "is in no bound group"), Evidence::Absence))
            }
            Says::Nothing => Answer::Absent,
        }
    }

    /// What shall become of a group.
    pub(crate) fn answer_of_group(&self, number: u32, external_ids: bool) -> Answer<DesiredGroup> {
        match self.says_of_group(number) {
            Says::Wanted { .. } => {
                let group = &self.groups[&number];
                let members = group.members.iter().map(|person| UserKey::from(person_key(*person))).collect();
                Answer::Want(DesiredGroup::new(group_resource(number, group, external_ids), members))
            }
            Says::Held => Answer::Hold(vec![Finding::new("Held", "has something wrong in its record")]),
            Says::Present { .. } => Answer::Present(Presence::new(Because::new("GM-16", "is not bound"), Evidence::Absence)),
            Says::Nothing => Answer::Absent,
        }
    }
}

pub(crate) fn person_key(person: u32) -> String {
    format!("p{person}")
}

pub(crate) fn group_key(group: u32) -> String {
    format!("g{group}")
}

/// The number of a person or a group, from its key.
pub(crate) fn number_of(key: &Key) -> u32 {
    key.as_str()[1..].parse().unwrap()
}

/// The name and the address of the people who are called so.
pub(crate) fn address(name: u32) -> String {
    format!("name{name}@example.com")
}

pub(crate) fn group_name(name: u32) -> String {
    format!("Group {name}")
}

pub(crate) fn title(title: u32) -> String {
    if title == REFUSED_TITLE { "<refused>".to_owned() } else { format!("Title {title}") }
}

/// The user that the service shall hold. `nickName` is written once, is not managed, and so shows for whom an object was made.
fn user(number: u32, person: &Person, external_ids: bool) -> Resource {
    let mut user = User::new(address(person.name));
    user.name = Some(Name::new("Given", format!("Family {}", person.family)));
    user.display_name = Some(format!("Displayed {number}"));
    user.emails = vec![Email::work(address(person.email))];
    user.active = Some(person.status == Status::Active);
    let mut resource = Resource::from(user);
    resource.attributes_mut().remove("schemas");
    resource.attributes_mut().set("nickName", person_key(number));
    if let Some(found) = person.title {
        resource.attributes_mut().set("title", title(found));
    }
    if external_ids {
        resource.attributes_mut().set("externalId", person_key(number));
    }
    resource
}

fn group_resource(number: u32, group: &Group, external_ids: bool) -> Resource {
    let mut resource = Resource::from(ScimGroup::new(group_name(group.name)));
    resource.attributes_mut().remove("schemas");
    resource.attributes_mut().remove("members");
    if external_ids {
        resource.attributes_mut().set("externalId", group_key(number));
    }
    resource
}
