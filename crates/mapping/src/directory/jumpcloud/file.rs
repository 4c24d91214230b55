//! The directory file, from its outermost object to its lists.
//!
//! ```text
//!   File --systemusers--> Users          --> WireUser  --> Snapshot
//!        --usergroups---> Groups         --> WireGroup --> Snapshot
//!        --memberships--> Memberships    --> Node      --> Apart --join--> Snapshot
//!        --application--> Bindings       --> Node      --> Apart, Application
//! ```
//!
//! `systemusers`, `usergroups` and `application.usergroups` must be there: without the people, who is gone cannot be told; without the groups or
//! their bindings, who may use the application cannot.

use serde::de::{Error, IgnoredAny, MapAccess};

use crate::directory::json::{Field, Key, List, ListSeed, Object, ObjectSeed, Page, wrong};
use crate::directory::jumpcloud::bindings::{Apart, BOUND_GROUPS, Bindings, Memberships};
use crate::directory::jumpcloud::group::{ReadGroup, WireGroup};
use crate::directory::jumpcloud::record::WireUser;
use crate::directory::{Application, DirectoryId, Incomplete, Snapshot};

const USERS: &str = "systemusers";
const GROUPS: &str = "usergroups";

/// The object around a list of the API's version 1.
const COUNTED: Page = Page { entries: "results", total: Some("totalCount"), next: None, ignores_case: false };

/// What is read so far.
pub(super) struct Reader {
    pub(super) snapshot: Snapshot,
    pub(super) apart: Apart,
    seen: Vec<&'static str>,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self { snapshot: Snapshot::new(Application::default()), apart: Apart::default(), seen: Vec::new() }
    }

    /// The snapshot, once the file has been read to its end.
    pub(super) fn finish(mut self) -> Snapshot {
        for list in [USERS, GROUPS, BOUND_GROUPS] {
            if !self.seen.contains(&list) {
                self.snapshot.mark_partial(Incomplete::ListMissing { list });
            }
        }
        if self.snapshot.users().is_empty() && self.seen.contains(&USERS) {
            self.snapshot.mark_partial(Incomplete::NoUsers);
        }
        self.apart.join(&mut self.snapshot);
        self.snapshot
    }

    /// Notes what the file has; what is there twice has no one value, because two readers would take two.
    pub(super) fn note<E: Error>(&mut self, key: &'static str) -> Result<(), E> {
        if self.seen.contains(&key) {
            return Err(E::custom(format_args!("{key} is there twice")));
        }
        self.seen.push(key);
        Ok(())
    }

    /// Anything but `true` makes the snapshot partial: a file that says something unreadable of itself is not taken at its best.
    fn declare(&mut self, complete: &Field<bool>) {
        match complete {
            Field::Absent | Field::Is(true) => {}
            Field::Is(false) => self.snapshot.mark_partial(Incomplete::Declared),
            Field::Not(_) => self.snapshot.mark_partial(Incomplete::DeclarationUnreadable),
        }
    }

    pub(super) fn entry_without_id(&mut self, list: &'static str, group: Option<DirectoryId>, row: usize) {
        self.snapshot.mark_partial(Incomplete::EntryWithoutId { list, group, row });
    }

    fn group(&mut self, ReadGroup { group, has_members, members_without_id }: ReadGroup) {
        if !has_members {
            self.apart.without_members.insert(group.id.clone());
        }
        for row in members_without_id {
            self.entry_without_id("members", Some(group.id.clone()), row);
        }
        self.snapshot.insert_group(group);
    }
}

/// The file itself.
pub(super) struct File<'a>(pub(super) &'a mut Reader);

impl Object for File<'_> {
    fn name(&self) -> &'static str {
        "the file"
    }

    fn begin<E: Error>(&mut self, is_null: bool) -> Result<(), E> {
        if is_null { Err(wrong(self.name(), "an object", "null")) } else { Ok(()) }
    }

    fn value<'de, A: MapAccess<'de>>(&mut self, key: &Key<'_>, map: &mut A) -> Result<(), A::Error> {
        let reader = &mut *self.0;
        match &*key.0 {
            "systemusers" => {
                let walked = map.next_value_seed(ListSeed(&mut Users(reader)))?;
                walked.compare(USERS, reader.snapshot.users().len(), &mut reader.snapshot);
            }
            "usergroups" => {
                let walked = map.next_value_seed(ListSeed(&mut Groups(reader)))?;
                walked.compare(GROUPS, reader.snapshot.groups().len(), &mut reader.snapshot);
            }
            "memberships" => map.next_value_seed(ObjectSeed(&mut Memberships(reader)))?,
            "application" => map.next_value_seed(ObjectSeed(&mut Bindings(reader)))?,
            "complete" => {
                reader.note("complete")?;
                reader.declare(&map.next_value()?);
            }
            "taken_at" => {
                reader.note("taken_at")?;
                if let Field::Is(taken_at) = map.next_value::<Field<String>>()? {
                    reader.snapshot.set_taken_at(taken_at);
                }
            }
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// The users of the API's version 1.
struct Users<'a>(&'a mut Reader);

impl List for Users<'_> {
    type Entry = WireUser;

    fn name(&self) -> &'static str {
        USERS
    }

    fn page(&self) -> Option<Page> {
        Some(COUNTED)
    }

    fn begin<E: Error>(&mut self) -> Result<(), E> {
        self.0.note(USERS)
    }

    fn entry<E: Error>(&mut self, row: usize, entry: Field<WireUser>) -> Result<(), E> {
        let user = if let Field::Is(user) = entry { user.into_user() } else { None };
        match user {
            Some(user) => self.0.snapshot.insert_user(user),
            None => self.0.entry_without_id(USERS, None, row),
        }
        Ok(())
    }
}

/// The groups of the API's version 2.
struct Groups<'a>(&'a mut Reader);

impl List for Groups<'_> {
    type Entry = WireGroup;

    fn name(&self) -> &'static str {
        GROUPS
    }

    fn page(&self) -> Option<Page> {
        Some(COUNTED)
    }

    fn begin<E: Error>(&mut self) -> Result<(), E> {
        self.0.note(GROUPS)
    }

    fn entry<E: Error>(&mut self, row: usize, entry: Field<WireGroup>) -> Result<(), E> {
        let group = if let Field::Is(group) = entry { group.into_group()? } else { None };
        match group {
            Some(group) => self.0.group(group),
            None => self.0.entry_without_id(GROUPS, None, row),
        }
        Ok(())
    }
}
