//! The directory file, from its outermost value to its lists.
//!
//! ```text
//!   [..], {"Resources": [..]}, {resource}  --> Resources --\
//!   "Users"                                --> OfKind    ---> WireResource --> Reader::take --> Snapshot, and groups until the end
//!   "Groups"                               --> OfKind    --/
//!   "application"                          --> Bindings
//! ```
//!
//! Groups wait for the end of the file, because a member without a type may be a person or a group who comes later, and because members are named
//! by `id` also where records are known by `externalId`.
//!
//! | what is missing | is noted as |
//! |---|---|
//! | people or groups, without even an empty list of them | `ListMissing` |
//! | records that `totalResults` counts | `CountDiffers`, `CountMissing` |
//! | a page after a `nextCursor` | `MorePages` |
//! | an identifier | `EntryWithoutId` |
//! | what a resource is | `EntryOfNoType` |
//! | the members of a group | `MembersMissing` |

use std::collections::{BTreeMap, BTreeSet};

use serde::de::{Error, IgnoredAny, MapAccess};

use crate::directory::json::{Count, Faults, Field, Key, List, ListSeed, Object, ObjectSeed, Page, Walked, usable};
use crate::directory::scim::ScimIds;
use crate::directory::scim::record::{Ids, Kind, Members, WireResource};
use crate::directory::scim::totals::Totals;
use crate::directory::{Application, DirectoryId, Group, Incomplete, Snapshot};
use crate::finding::Record;

const RESOURCES: &str = "Resources";
const USERS: &str = "Users";
const GROUPS: &str = "Groups";
const BOUND_GROUPS: &str = "application.groups";
const BOUND_USERS: &str = "application.users";

/// A `ListResponse` (RFC 7644 section 3.4.2).
const LIST_RESPONSE: Page = Page { entries: RESOURCES, total: Some("totalResults"), next: Some("nextCursor"), ignores_case: true };

/// What is read so far.
///
/// Every `id` is kept beside the identifier that the record is known by, because members, managers and groups name each other by `id` alone.
pub(super) struct Reader {
    ids: ScimIds,
    snapshot: Snapshot,
    /// The lists that were there.
    seen: Vec<&'static str>,
    has_user: bool,
    /// Groups, until it is known which of their members are groups.
    groups: Vec<(Group, Members)>,
    /// The identifiers of people and of groups by their `id`.
    user_ids: BTreeMap<DirectoryId, DirectoryId>,
    group_ids: BTreeMap<DirectoryId, DirectoryId>,
    totals: Totals,
    users_walked: Walked,
    groups_walked: Walked,
    has_application: bool,
}

impl Reader {
    pub(super) fn new(ids: ScimIds) -> Self {
        Self {
            ids,
            snapshot: Snapshot::new(Application::default()),
            seen: Vec::new(),
            has_user: false,
            groups: Vec::new(),
            user_ids: BTreeMap::new(),
            group_ids: BTreeMap::new(),
            totals: Totals::default(),
            users_walked: Walked::default(),
            groups_walked: Walked::default(),
            has_application: false,
        }
    }

    /// The snapshot, once the file has been read to its end.
    ///
    /// Groups are put in before the counts are compared, and everything before the groups are flattened: what is missing is noted of what the file
    /// had.
    pub(super) fn finish(mut self) -> Snapshot {
        if !self.has_user && !self.seen.contains(&USERS) {
            self.snapshot.mark_partial(Incomplete::ListMissing { list: USERS });
        }
        if self.groups.is_empty() && !self.seen.contains(&GROUPS) {
            self.snapshot.mark_partial(Incomplete::ListMissing { list: GROUPS });
        }
        if self.snapshot.users().is_empty() && self.seen.contains(&USERS) {
            self.snapshot.mark_partial(Incomplete::NoUsers);
        }
        for (group, members) in std::mem::take(&mut self.groups) {
            self.put(group, members);
        }
        if self.ids == ScimIds::ExternalId {
            self.find_managers();
        }
        let (users, groups) = (self.snapshot.users().len(), self.snapshot.groups().len());
        self.totals.compare(users, groups, &mut self.snapshot);
        self.users_walked.compare(USERS, users, &mut self.snapshot);
        self.groups_walked.compare(GROUPS, groups, &mut self.snapshot);
        self.bind();
        self.snapshot.flatten();
        self.snapshot
    }

    /// Puts a group in, with the members that can be found.
    fn put(&mut self, mut group: Group, Members { is_read, members, mut without_id }: Members) {
        if !is_read {
            self.snapshot.mark_partial(Incomplete::MembersMissing { group: group.id.clone() });
        }
        for member in members {
            let is_group = match member.kind {
                Some(kind) => kind == Kind::Group,
                None => !self.user_ids.contains_key(&member.id) && self.group_ids.contains_key(&member.id),
            };
            let known = if is_group { &self.group_ids } else { &self.user_ids };
            let id = match self.ids {
                ScimIds::Id => Some(member.id),
                // An `id` of nobody may be the `externalId` of somebody else.
                ScimIds::ExternalId => known.get(&member.id).cloned(),
            };
            match id {
                Some(id) if is_group => {
                    group.groups.insert(id);
                }
                Some(id) => {
                    group.members.insert(id);
                }
                None => without_id.push(member.row),
            }
        }
        without_id.sort_unstable();
        for row in without_id {
            self.snapshot.mark_partial(Incomplete::EntryWithoutId { list: "members", group: Some(group.id.clone()), row });
        }
        self.snapshot.insert_group(group);
    }

    /// Puts the identifiers of managers in the place of their `id`; a manager who is not there is told by no other identifier.
    fn find_managers(&mut self) {
        for id in self.user_ids.values() {
            let Some(user) = self.snapshot.user_mut(id) else { continue };
            user.manager = user.manager.take().and_then(|manager| self.user_ids.get(&manager).cloned());
        }
    }

    /// Binds everybody, unless the file says who is bound.
    fn bind(&mut self) {
        if self.has_application {
            if !self.seen.contains(&BOUND_GROUPS) {
                self.snapshot.mark_partial(Incomplete::ListMissing { list: BOUND_GROUPS });
            }
            return;
        }
        let users: BTreeSet<_> = self.snapshot.users().keys().cloned().collect();
        let groups: BTreeSet<_> = self.snapshot.groups().keys().cloned().collect();
        *self.snapshot.application_mut() = Application { groups, users };
    }

    /// Notes what the file has; what is there twice has no one value, because two readers would take two.
    fn note<E: Error>(&mut self, key: &'static str) -> Result<(), E> {
        if self.seen.contains(&key) {
            return Err(E::custom(format_args!("{key} is there twice")));
        }
        self.seen.push(key);
        Ok(())
    }

    /// Takes one resource of `list`, in which everything is of one kind unless it says otherwise, or of any kind.
    fn take(&mut self, list: &'static str, of: Option<Kind>, row: usize, entry: Field<WireResource>) {
        let Field::Is(mut resource) = entry else {
            self.snapshot.mark_partial(Incomplete::EntryWithoutId { list, group: None, row });
            return;
        };
        let Some(kind) = resource.kind(of) else {
            self.snapshot.mark_partial(Incomplete::EntryOfNoType { list, row });
            return;
        };
        if list == RESOURCES {
            self.totals.add(kind);
        }
        let Ids { id: Some(own_id), external_id } = resource.take_ids() else {
            self.snapshot.mark_partial(Incomplete::EntryWithoutId { list, group: None, row });
            return;
        };
        let id = match self.ids {
            ScimIds::Id => Some(own_id.clone()),
            ScimIds::ExternalId => external_id,
        };
        let Some(id) = id else {
            self.snapshot.mark_partial(Incomplete::EntryWithoutId { list, group: None, row });
            return;
        };
        match kind {
            Kind::User => {
                self.has_user = true;
                self.user_ids.insert(own_id, id.clone());
                self.snapshot.insert_user(resource.into_user(id));
            }
            Kind::Group => {
                self.group_ids.insert(own_id, id.clone());
                let mut faults = Faults::new(Record::Group(id.clone()));
                let (name, members) = resource.into_group(&mut faults);
                let mut group = Group::new(id, "");
                (group.name, group.findings) = (name, faults.into_findings());
                self.groups.push((group, members));
            }
        }
    }
}

/// The outermost list: resources of any kind, or the keys of a file beside none of them.
pub(super) struct Resources<'a>(pub(super) &'a mut Reader);

impl List for Resources<'_> {
    type Entry = WireResource;

    fn name(&self) -> &'static str {
        RESOURCES
    }

    fn page(&self) -> Option<Page> {
        Some(LIST_RESPONSE)
    }

    fn may_be_single(&self) -> bool {
        true
    }

    fn begin<E: Error>(&mut self) -> Result<(), E> {
        Ok(())
    }

    fn entry<E: Error>(&mut self, row: usize, entry: Field<WireResource>) -> Result<(), E> {
        self.0.take(RESOURCES, None, row, entry);
        Ok(())
    }

    /// The keys of a file, as they are written here: a resource has an attribute `groups` of its own.
    fn outermost<'de, A: MapAccess<'de>>(&mut self, key: &Key<'_>, map: &mut A) -> Result<bool, A::Error> {
        let reader = &mut *self.0;
        match &*key.0 {
            "Users" => {
                let walked = map.next_value_seed(ListSeed(&mut OfKind { name: USERS, kind: Kind::User, reader }))?;
                if walked.is_read {
                    reader.users_walked = walked;
                }
            }
            "Groups" => {
                let walked = map.next_value_seed(ListSeed(&mut OfKind { name: GROUPS, kind: Kind::Group, reader }))?;
                if walked.is_read {
                    reader.groups_walked = walked;
                }
            }
            "application" => map.next_value_seed(ObjectSeed(&mut Bindings(reader)))?,
            "complete" => {
                reader.note("complete")?;
                match map.next_value::<Field<bool>>()? {
                    Field::Absent | Field::Is(true) => {}
                    Field::Is(false) => reader.snapshot.mark_partial(Incomplete::Declared),
                    Field::Not(_) => reader.snapshot.mark_partial(Incomplete::DeclarationUnreadable),
                }
            }
            "taken_at" => {
                reader.note("taken_at")?;
                if let Field::Is(taken_at) = map.next_value::<Field<String>>()? {
                    reader.snapshot.set_taken_at(taken_at);
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn begin_page(&mut self) {
        self.0.totals.begin_page();
    }

    fn end_page(&mut self, total: &Field<Count>, is_followed: bool) {
        self.0.totals.end_page(total, is_followed);
    }
}

/// A list of people, or one of groups.
struct OfKind<'a> {
    name: &'static str,
    kind: Kind,
    reader: &'a mut Reader,
}

impl List for OfKind<'_> {
    type Entry = WireResource;

    fn name(&self) -> &'static str {
        self.name
    }

    fn page(&self) -> Option<Page> {
        Some(LIST_RESPONSE)
    }

    fn begin<E: Error>(&mut self) -> Result<(), E> {
        self.reader.note(self.name)
    }

    fn entry<E: Error>(&mut self, row: usize, entry: Field<WireResource>) -> Result<(), E> {
        self.reader.take(self.name, Some(self.kind), row, entry);
        Ok(())
    }
}

/// What the application is bound to.
struct Bindings<'a>(&'a mut Reader);

impl Object for Bindings<'_> {
    fn name(&self) -> &'static str {
        "application"
    }

    /// `null` is as if it were not there.
    fn begin<E: Error>(&mut self, is_null: bool) -> Result<(), E> {
        self.0.has_application = !is_null;
        self.0.note("application")
    }

    fn value<'de, A: MapAccess<'de>>(&mut self, key: &Key<'_>, map: &mut A) -> Result<(), A::Error> {
        match &*key.0 {
            "groups" => {
                map.next_value_seed(ListSeed(&mut Bound { name: BOUND_GROUPS, reader: self.0 }))?;
            }
            "users" => {
                map.next_value_seed(ListSeed(&mut Bound { name: BOUND_USERS, reader: self.0 }))?;
            }
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// The groups or the people that the application is bound to, by the identifiers that the snapshot has.
struct Bound<'a> {
    name: &'static str,
    reader: &'a mut Reader,
}

impl List for Bound<'_> {
    type Entry = String;

    fn name(&self) -> &'static str {
        self.name
    }

    fn begin<E: Error>(&mut self) -> Result<(), E> {
        self.reader.note(self.name)
    }

    fn entry<E: Error>(&mut self, row: usize, entry: Field<String>) -> Result<(), E> {
        let application = self.reader.snapshot.application_mut();
        let bound = if self.name == BOUND_GROUPS { &mut application.groups } else { &mut application.users };
        match usable(entry) {
            Some(id) => {
                bound.insert(id);
            }
            None => self.reader.snapshot.mark_partial(Incomplete::EntryWithoutId { list: self.name, group: None, row }),
        }
        Ok(())
    }
}
