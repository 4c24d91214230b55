//! What was gathered from a file, and the snapshot that comes of it once everything is read.
//!
//! People and groups go into the snapshot as they are read. What refers to another record waits for the end, because the lists come in any order:
//!
//! | what waits | what becomes of it |
//! | --- | --- |
//! | a manager, told by an address | the identifier of the one person who has the address, or nothing |
//! | a list of members, by group | members and nested groups of that group, if it is there |
//! | a member whose type is not told | a person, if there is one of that identifier; otherwise a nested group, which may be missing |
//! | what the application is bound to | identifiers; without an application, those of everybody and of every group |
//! | what a list lacks | a reason why the snapshot is not complete |
//!
//! The reasons are noted list by list, people first, and groups by identifier, so that the same records give the same snapshot however they were
//! arranged.

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

use crate::directory::cloud::list::Progress;
use crate::directory::cloud::{Format, Listed, Member, Members};
use crate::directory::flatten::MOST_MEMBERSHIPS;
use crate::directory::json::Field;
use crate::directory::{Application, DirectoryId, Incomplete, Snapshot};
use crate::error::{Error, ErrorKind, Location};

/// What is read so far.
pub(super) struct Gathered<F> {
    /// The people and the groups, without their members.
    pub(super) snapshot: Snapshot,
    /// How far the list of people was read.
    pub(super) users: Progress,
    /// How far the list of groups was read.
    pub(super) groups: Progress,
    /// What of groups is known beside their records.
    pub(super) named: Named,
    /// Whether there was an object of members; a second one would be a second opinion.
    pub(super) has_members: bool,
    /// The members by the identifier or the address of their group.
    pub(super) members: BTreeMap<String, Members>,
    /// What the application is bound to; nothing if the file tells of no application.
    pub(super) bound: Option<Bound>,
    /// What the file says of its own completeness.
    pub(super) complete: Field<bool>,
    /// When the file says that it was taken.
    pub(super) taken_at: Field<String>,
    format: PhantomData<F>,
}

/// What of groups is known beside their records.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// The groups by e-mail address, where the format has one.
    pub(super) groups: Addresses,
    /// The members that came with a group.
    expanded: BTreeMap<DirectoryId, Members>,
}

/// What the application is bound to, as it is named: by identifier or, where the format knows addresses, by address.
#[derive(Debug, Default)]
pub(super) struct Bound {
    /// How far the list of groups was read. It must be there if the application is.
    pub(super) groups: Progress,
    /// The groups.
    pub(super) group_names: BTreeSet<DirectoryId>,
    /// How far the list of people was read. It may be left out.
    pub(super) users: Progress,
    /// The people who are bound directly.
    pub(super) user_names: BTreeSet<DirectoryId>,
}

/// Records by e-mail address, compared without case and without outer spaces.
///
/// An address that two records have leads to neither of them: whichever was taken, somebody could get what is another's.
#[derive(Debug, Default)]
pub(super) struct Addresses(BTreeMap<String, Option<DirectoryId>>);

impl Addresses {
    /// Notes that the record `id` has `address`.
    pub(super) fn add(&mut self, address: &str, id: &DirectoryId) {
        let known = self.0.entry(address.trim().to_lowercase()).or_insert_with(|| Some(id.clone()));
        if known.as_ref() != Some(id) {
            *known = None;
        }
    }

    /// The one record that has `address`.
    fn find(&self, address: &str) -> Option<&DirectoryId> {
        self.0.get(&address.trim().to_lowercase())?.as_ref()
    }
}

impl Named {
    /// Keeps the members that came with a group; those of a group that is there twice are members by either.
    pub(super) fn add_expanded(&mut self, group: &DirectoryId, members: Members) {
        self.expanded.entry(group.clone()).or_default().join(members);
    }
}

impl Members {
    /// Takes another list of the same group to this one, so that nobody loses a membership by it.
    fn join(&mut self, other: Self) {
        self.is_read |= other.is_read;
        self.is_followed |= other.is_followed;
        self.members.extend(other.members);
        self.without_id.extend(other.without_id);
    }
}

impl<F: Format> Gathered<F> {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            snapshot: Snapshot::new(Application::default()),
            users: Progress::default(),
            groups: Progress::default(),
            named: Named::default(),
            has_members: false,
            members: BTreeMap::new(),
            bound: None,
            complete: Field::Absent,
            taken_at: Field::Absent,
            format: PhantomData,
        }
    }

    /// The snapshot, once the file has been read to its end. What is missing is noted in one order, whichever the lists came in.
    ///
    /// 1. What the lists of people and of groups lack is noted, with the different records that were read as the number to compare with.
    /// 2. Managers and members are looked up, and each group gets its members.
    /// 3. The application is bound; this needs all people and groups, and none of their members.
    /// 4. Nested groups are flattened, last, because every list of members has to be in its group by then.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`] if the groups that everybody is in have too many members.
    pub(super) fn finish(mut self) -> Result<Snapshot, Error> {
        let is_nobody_there = self.users.is_read() && self.snapshot.users().is_empty();
        let (people, groups) = (self.snapshot.users().len(), self.snapshot.groups().len());
        std::mem::take(&mut self.users).compare(Listed::Users, people, &mut self.snapshot);
        if is_nobody_there {
            self.snapshot.mark_partial(Incomplete::NoUsers);
        }
        std::mem::take(&mut self.groups).compare(Listed::Groups, groups, &mut self.snapshot);
        let addresses = if F::KNOWS_ADDRESSES { self.addresses() } else { Addresses::default() };
        if F::KNOWS_ADDRESSES {
            self.resolve_managers(&addresses);
        }
        self.put_members(&addresses)?;
        self.bind(&addresses);
        match self.complete {
            Field::Absent | Field::Is(true) => {}
            Field::Is(false) => self.snapshot.mark_partial(Incomplete::Declared),
            Field::Not(_) => self.snapshot.mark_partial(Incomplete::DeclarationUnreadable),
        }
        if let Field::Is(taken_at) = self.taken_at {
            self.snapshot.set_taken_at(taken_at);
        }
        self.snapshot.flatten();
        Ok(self.snapshot)
    }

    /// The people by what they log in by and by e-mail address. Whoever has one text for both has it once.
    fn addresses(&self) -> Addresses {
        let mut addresses = Addresses::default();
        for user in self.snapshot.users().values() {
            for address in user.username.iter().chain(&user.email) {
                addresses.add(address, &user.id);
            }
        }
        addresses
    }

    /// Puts the identifier where a manager is told by an address; an address that is not exactly one person's tells nobody.
    ///
    /// Until then the address stands in the place of the identifier, so that two records that differ in it are two different ones. An identifier of a
    /// person goes before an address that reads the same.
    fn resolve_managers(&mut self, addresses: &Addresses) {
        let users = self.snapshot.users();
        let mut resolved = Vec::new();
        for user in users.values() {
            if let Some(manager) = user.manager.as_ref().filter(|manager| !users.contains_key(*manager)) {
                resolved.push((user.id.clone(), addresses.find(manager.as_str()).cloned()));
            }
        }
        for (id, manager) in resolved {
            if let Some(user) = self.snapshot.user_mut(&id) {
                user.manager = manager;
            }
        }
    }

    /// Puts the members into their groups, and notes which group lacks some.
    ///
    /// A group without a list of its own keeps whoever is in what there is of one: nobody loses a membership because the rest was not read.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`] if the groups that everybody is in have more than [`MOST_MEMBERSHIPS`] members together: a line of a file for each group
    /// would otherwise ask for memory for everybody.
    fn put_members(&mut self, addresses: &Addresses) -> Result<(), Error> {
        let mut lists = self.lists_by_group();
        let mut by_everybody: usize = 0;
        let (mut missing, mut resolved) = (Vec::new(), Vec::new());
        for id in self.snapshot.groups().keys() {
            let Members { is_read, is_followed, members, without_id } = lists.remove(id).unwrap_or_default();
            if !is_read {
                missing.push(Incomplete::MembersMissing { group: id.clone() });
            }
            let list = self.resolve(members, without_id, addresses);
            for row in &list.without_id {
                missing.push(Incomplete::EntryWithoutId { list: "members", group: Some(id.clone()), row: *row });
            }
            if is_followed {
                missing.push(Incomplete::MoreMembers { group: id.clone() });
            }
            if list.is_everybody {
                by_everybody = by_everybody.saturating_add(self.snapshot.users().len());
            }
            resolved.push((id.clone(), list));
        }
        if by_everybody > MOST_MEMBERSHIPS {
            let reason = format!("groups with everybody in them have {by_everybody} members, more than {MOST_MEMBERSHIPS}");
            return Err(Error::new(ErrorKind::Shape { reason }, Location::Whole));
        }
        self.add_members(resolved);
        missing.into_iter().for_each(|reason| self.snapshot.mark_partial(reason));
        Ok(())
    }

    /// The lists of members by the identifier of their group.
    ///
    /// A list of a group that is not there says nothing: without the group, nobody is in it. A group that is named by its identifier in one place and
    /// by its address in another has the members of both. What came with the group is often cut short by the interface, so a list of its own, once
    /// it was read, goes before.
    fn lists_by_group(&mut self) -> BTreeMap<DirectoryId, Members> {
        let mut lists: BTreeMap<DirectoryId, Members> = BTreeMap::new();
        for (name, members) in std::mem::take(&mut self.members) {
            let by_id = self.snapshot.groups().get_key_value(name.as_str()).map(|(id, _)| id);
            if let Some(id) = by_id.or_else(|| self.named.groups.find(&name)) {
                lists.entry(id.clone()).or_default().join(members);
            }
        }
        for (id, members) in std::mem::take(&mut self.named.expanded) {
            let list = lists.entry(id).or_default();
            if !list.is_read {
                list.join(members);
            }
        }
        lists
    }

    /// Adds to each group the members that its list means.
    fn add_members(&mut self, resolved: Vec<(DirectoryId, Resolved)>) {
        let is_needed = resolved.iter().any(|(_, list)| list.is_everybody);
        let everybody: Vec<DirectoryId> = if is_needed { self.snapshot.users().keys().cloned().collect() } else { Vec::new() };
        for (id, list) in resolved {
            let Some(group) = self.snapshot.group_mut(&id) else { continue };
            group.members.extend(list.users);
            group.groups.extend(list.groups);
            if list.is_everybody {
                group.members.extend(everybody.iter().cloned());
            }
        }
    }

    /// Whom the entries of a list mean.
    ///
    /// An address that a person and a group have is the person's. Who is named in a way that does not say whether it is a person or a group, and is
    /// neither, may be a group that was not read.
    fn resolve(&self, members: BTreeSet<Member>, without_id: Vec<usize>, addresses: &Addresses) -> Resolved {
        let mut resolved = Resolved { without_id, ..Resolved::default() };
        for member in members {
            match member {
                Member::User(id) => resolved.users.push(id),
                Member::Either(id) if self.snapshot.users().contains_key(&id) => resolved.users.push(id),
                Member::Group(id) | Member::Either(id) => resolved.groups.push(id),
                Member::Address(address, row) => match (addresses.find(&address), self.named.groups.find(&address)) {
                    (Some(user), _) => resolved.users.push(user.clone()),
                    (None, Some(group)) => resolved.groups.push(group.clone()),
                    (None, None) => resolved.without_id.push(row),
                },
                Member::Everybody => resolved.is_everybody = true,
                Member::Nobody => {}
            }
        }
        resolved.without_id.sort_unstable();
        resolved
    }

    /// Binds what the application is bound to; everything, where no application is told of.
    ///
    /// Everybody is bound directly then, and not by way of groups alone, because a person without a group is in the directory as well. Who of them is
    /// provisioned is for the rules to say.
    fn bind(&mut self, addresses: &Addresses) {
        let Some(bound) = self.bound.take() else {
            let groups = self.snapshot.groups().keys().cloned().collect();
            let users = self.snapshot.users().keys().cloned().collect();
            let application = self.snapshot.application_mut();
            (application.groups, application.users) = (groups, users);
            return;
        };
        let groups = self.bound_ids(bound.group_names, &self.named.groups, |snapshot, name| snapshot.groups().contains_key(name));
        let users = self.bound_ids(bound.user_names, addresses, |snapshot, name| snapshot.users().contains_key(name));
        bound.groups.compare(Listed::BoundGroups, groups.len(), &mut self.snapshot);
        if bound.users.is_begun() {
            bound.users.compare(Listed::BoundUsers, users.len(), &mut self.snapshot);
        }
        let application = self.snapshot.application_mut();
        (application.groups, application.users) = (groups, users);
    }

    /// The identifiers that are named; a name that is neither an identifier nor an address of anybody is kept, and found later to lead nowhere.
    fn bound_ids(
        &self,
        names: BTreeSet<DirectoryId>,
        addresses: &Addresses,
        is_known: impl Fn(&Snapshot, &DirectoryId) -> bool,
    ) -> BTreeSet<DirectoryId> {
        let id = |name: DirectoryId| match addresses.find(name.as_str()) {
            Some(id) if !is_known(&self.snapshot, &name) => id.clone(),
            _ => name,
        };
        names.into_iter().map(id).collect()
    }
}

/// Whom a list of members means.
#[derive(Default)]
struct Resolved {
    /// People, and identifiers that are said to be a person's and are nobody's here; a finding tells of the latter.
    users: Vec<DirectoryId>,
    /// Groups, and identifiers that may be a group's.
    groups: Vec<DirectoryId>,
    /// Whether everybody is a member.
    is_everybody: bool,
    /// The places in the list, from 1, whose entries mean nobody that could be told.
    without_id: Vec<usize>,
}
