//! From rows to people, and from names to the people that they name.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;

use crate::directory::csv::Options;
use crate::directory::csv::columns::comparable;
use crate::directory::csv::layout::{Layout, ReadRow, misfit};
use crate::directory::csv::table::Table;
use crate::directory::{Application, DirectoryId, Group, Incomplete, Snapshot, User};
use crate::error::Error;

/// The lists, as reasons for incompleteness name them.
const PEOPLE: &str = "people";
const GROUPS: &str = "groups";
const MEMBERSHIPS: &str = "memberships";

/// What a row must have, as the second half of a sentence.
const FIELDS: &str = "as many fields as the header";

/// Reads one table or two; the second one last, because it names people of the first.
///
/// Nothing is bound or sent here; a table that cannot be read leaves nothing behind.
pub(super) fn read(people: &[u8], memberships: Option<&[u8]>, options: &Options) -> Result<Snapshot, Error> {
    let mut reader = Reader { snapshot: Snapshot::new(Application::default()), users: Vec::new(), groups: BTreeMap::new() };
    let table = Table::open(people, options.delimiter)?;
    let layout =
        table.read(|header| Layout::new(&table, header, &options.columns), |layout, place, row| reader.person(layout, place, row))?;
    // An empty file is said to be one once: it has no people.
    if memberships.is_none() && layout.is_some_and(|layout| !layout.has_groups) {
        reader.snapshot.mark_partial(Incomplete::ListMissing { list: GROUPS });
    }
    let known = Known::new(&reader.users);
    if let Some(memberships) = memberships {
        let table = Table::open(memberships, options.delimiter)?;
        let read = table.read(|header| Pair::new(&table, header), |pair, place, row| reader.membership(pair, &known, place, row))?;
        if read.is_none() {
            reader.snapshot.mark_partial(Incomplete::ListMissing { list: MEMBERSHIPS });
        }
    }
    Ok(reader.finish(&known))
}

/// What is read so far.
///
/// People are kept aside until the end: only then is it known whom a name in a column `manager` names.
struct Reader {
    snapshot: Snapshot,
    users: Vec<User>,
    groups: BTreeMap<DirectoryId, Group>,
}

impl Reader {
    /// Takes a row of the first table. A row that has other fields than the header is kept, and makes the table doubtful.
    fn person(&mut self, layout: &Layout, row: usize, record: &StringRecord) {
        if let Some(found) = layout.misfit(record) {
            self.snapshot.mark_partial(Incomplete::EntryUnreadable { list: PEOPLE, row, expected: FIELDS, found });
        }
        let Some(ReadRow { user, groups, has_group_without_id }) = layout.person(record) else {
            self.snapshot.mark_partial(Incomplete::EntryWithoutId { list: PEOPLE, group: None, row });
            return;
        };
        if has_group_without_id {
            self.snapshot.mark_partial(Incomplete::EntryWithoutId { list: GROUPS, group: None, row });
        }
        for group in groups {
            self.group(group).members.insert(user.id.clone());
        }
        self.users.push(user);
    }

    /// Takes a row of the second table. A group is there by its name alone, with or without a member.
    fn membership(&mut self, pair: &Pair, known: &Known, row: usize, record: &StringRecord) {
        if let Some(found) = misfit(pair.width, record) {
            self.snapshot.mark_partial(Incomplete::EntryUnreadable { list: MEMBERSHIPS, row, expected: FIELDS, found });
        }
        let field = |place| record.get(place).unwrap_or_default().trim();
        let Ok(group) = DirectoryId::new(field(pair.group)) else {
            self.snapshot.mark_partial(Incomplete::EntryWithoutId { list: MEMBERSHIPS, group: None, row });
            return;
        };
        let user = field(pair.user);
        let member = if user.is_empty() { None } else { Some(DirectoryId::new(user)) };
        match member {
            None => _ = self.group(group),
            Some(Ok(member)) => _ = self.group(group).members.insert(known.resolve(member)),
            Some(Err(_)) => {
                self.group(group.clone());
                self.snapshot.mark_partial(Incomplete::EntryWithoutId { list: MEMBERSHIPS, group: Some(group), row });
            }
        }
    }

    /// The group of this name, which begins to be there now if it was not.
    fn group(&mut self, id: DirectoryId) -> &mut Group {
        let name = id.clone();
        self.groups.entry(id).or_insert_with(|| Group::new(name.clone(), name.as_str()))
    }

    /// The snapshot, with everybody and every group bound to the application.
    fn finish(mut self, known: &Known) -> Snapshot {
        if self.users.is_empty() {
            self.snapshot.mark_partial(Incomplete::NoUsers);
        }
        for mut user in self.users {
            user.manager = user.manager.map(|manager| known.resolve(manager));
            self.snapshot.application_mut().users.insert(user.id.clone());
            self.snapshot.insert_user(user);
        }
        for group in self.groups.into_values() {
            self.snapshot.application_mut().groups.insert(group.id.clone());
            self.snapshot.insert_group(group);
        }
        self.snapshot
    }
}

/// Where the columns of the second table are.
struct Pair {
    group: usize,
    user: usize,
    width: usize,
}

impl Pair {
    /// Finds the two columns.
    ///
    /// # Errors
    ///
    /// If one of them is not there, or is there twice.
    fn new(table: &Table<'_>, header: &StringRecord) -> Result<Self, Error> {
        let place_of = |name: &str| {
            let mut places = header.iter().enumerate().filter(|(_, column)| comparable(column) == name).map(|(place, _)| place);
            match (places.next(), places.next()) {
                (Some(place), None) => Ok(place),
                (None, _) => Err(table.wrong_header(format!("the header must have the columns group and user, found no {name}"))),
                (Some(_), Some(_)) => Err(table.wrong_header(format!("the header must have the column {name} once, found it twice"))),
            }
        };
        Ok(Self { group: place_of("group")?, user: place_of("user")?, width: header.len() })
    }
}

/// The people by what a table may name them.
///
/// Built once for the whole file, so that members and managers are found in time in proportion to the rows.
struct Known {
    /// Byte for byte: identifiers that differ in case are two people's.
    ids: BTreeSet<DirectoryId>,
    /// Usernames and e-mail addresses without case; nothing where two people have one.
    names: BTreeMap<String, Option<DirectoryId>>,
}

impl Known {
    /// Gathers the names of all people; whoever is first in the table is not preferred.
    fn new(users: &[User]) -> Self {
        let ids = users.iter().map(|user| user.id.clone()).collect();
        let mut names: BTreeMap<String, Option<DirectoryId>> = BTreeMap::new();
        for user in users {
            for name in [&user.username, &user.email].into_iter().flatten() {
                let named = names.entry(name.trim().to_lowercase()).or_insert_with(|| Some(user.id.clone()));
                if named.as_ref() != Some(&user.id) {
                    *named = None;
                }
            }
        }
        Self { ids, names }
    }

    /// The person whom `name` names, and `name` itself if there is none.
    ///
    /// An identifier goes before a name. A name that two people have names neither: to put the wrong one into a group would let somebody in.
    fn resolve(&self, name: DirectoryId) -> DirectoryId {
        if self.ids.contains(&name) {
            return name;
        }
        self.names.get(&name.as_str().to_lowercase()).cloned().flatten().unwrap_or(name)
    }
}
