//! The directory file, from its outermost object to its lists.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::directory::jumpcloud::field::{Count, Field, Key};
use crate::directory::jumpcloud::record::{ReadGroup, Reference, WireGroup, WireUser};
use crate::directory::{Application, Incomplete, Snapshot};

/// The most entries that a list may have, so that a small file cannot ask for much memory.
const MOST_ENTRIES: usize = 2_000_000;

/// What is read so far.
pub(super) struct Reader {
    snapshot: Snapshot,
    seen: Vec<&'static str>,
}

/// The lists of the file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Users,
    Groups,
    BoundGroups,
    BoundUsers,
}

impl List {
    const fn name(self) -> &'static str {
        match self {
            Self::Users => "systemusers",
            Self::Groups => "usergroups",
            Self::BoundGroups => "application.usergroups",
            Self::BoundUsers => "application.users",
        }
    }

    /// Whether the list may be wrapped in an object that counts it, as lists of the API's version 1 are.
    const fn may_be_counted(self) -> bool {
        matches!(self, Self::Users | Self::Groups)
    }
}

impl Reader {
    pub(super) fn new() -> Self {
        Self { snapshot: Snapshot::new(Application::default()), seen: Vec::new() }
    }

    /// The snapshot, once the file has been read to its end.
    pub(super) fn finish(mut self) -> Snapshot {
        for list in [List::Users, List::Groups, List::BoundGroups] {
            if !self.seen.contains(&list.name()) {
                self.snapshot.mark_partial(Incomplete::ListMissing { list: list.name() });
            }
        }
        if self.snapshot.users().is_empty() && self.seen.contains(&List::Users.name()) {
            self.snapshot.mark_partial(Incomplete::NoUsers);
        }
        self.snapshot
    }

    /// Notes what the file has; what is there twice has no one value, because two readers would take two.
    fn note<E: Error>(&mut self, key: &'static str) -> Result<(), E> {
        if self.seen.contains(&key) {
            return Err(E::custom(format_args!("{key} is there twice")));
        }
        self.seen.push(key);
        Ok(())
    }

    fn declare(&mut self, complete: &Field<bool>) {
        match complete {
            Field::Absent | Field::Is(true) => {}
            Field::Is(false) => self.snapshot.mark_partial(Incomplete::Declared),
            Field::Not(_) => self.snapshot.mark_partial(Incomplete::DeclarationUnreadable),
        }
    }

    /// Compares what the source states with the different records that were read: a page that was skipped shows here, and so does one that was
    /// read twice in place of another.
    fn compare(&mut self, list: List, stated: &Field<Count>) {
        let read = if list == List::Users { self.snapshot.users().len() } else { self.snapshot.groups().len() };
        let list = list.name();
        match stated {
            Field::Is(Count(stated)) if usize::try_from(*stated) == Ok(read) => {}
            Field::Is(Count(stated)) => self.snapshot.mark_partial(Incomplete::CountDiffers { list, stated: *stated, read }),
            Field::Absent | Field::Not(_) => self.snapshot.mark_partial(Incomplete::CountMissing { list }),
        }
    }

    /// Reads one entry of `list`; whether there was one.
    fn entry<'de, A: SeqAccess<'de>>(&mut self, list: List, row: usize, entries: &mut A) -> Result<bool, A::Error> {
        let is_read = match list {
            List::Users => {
                let Some(entry) = entries.next_element::<Field<WireUser>>()? else { return Ok(false) };
                self.user(entry)
            }
            List::Groups => {
                let Some(entry) = entries.next_element::<Field<WireGroup>>()? else { return Ok(false) };
                self.group(entry)?
            }
            List::BoundGroups | List::BoundUsers => {
                let Some(entry) = entries.next_element::<Field<Reference>>()? else { return Ok(false) };
                let application = self.snapshot.application_mut();
                let bound = if list == List::BoundGroups { &mut application.groups } else { &mut application.users };
                Reference::of(entry).map(|id| bound.insert(id)).is_some()
            }
        };
        if !is_read {
            self.snapshot.mark_partial(Incomplete::EntryWithoutId { list: list.name(), group: None, row });
        }
        Ok(true)
    }

    fn user(&mut self, entry: Field<WireUser>) -> bool {
        let Field::Is(user) = entry else { return false };
        let Some(user) = user.into_user() else { return false };
        self.snapshot.insert_user(user);
        true
    }

    fn group<E: Error>(&mut self, entry: Field<WireGroup>) -> Result<bool, E> {
        let Field::Is(group) = entry else { return Ok(false) };
        let Some(ReadGroup { group, has_members, members_without_id }) = group.into_group()? else { return Ok(false) };
        if !has_members {
            self.snapshot.mark_partial(Incomplete::MembersMissing { group: group.id.clone() });
        }
        for row in members_without_id {
            self.snapshot.mark_partial(Incomplete::EntryWithoutId { list: "members", group: Some(group.id.clone()), row });
        }
        self.snapshot.insert_group(group);
        Ok(true)
    }
}

/// The visits of the types that are wrong at one place of the file; messages name types only, because values are nobody's business.
macro_rules! wrong_types {
    () => {
        wrong_types! {
            visit_bool(bool) = "a boolean",
            visit_i64(i64) = "a number",
            visit_u64(u64) = "a number",
            visit_f64(f64) = "a number",
            visit_str(&str) = "a string",
        }
    };
    ($($visit:ident($type:ty) = $found:literal,)+) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(Self::EXPECTED)
        }

        $(fn $visit<E: Error>(self, _: $type) -> Result<(), E> {
            Err(wrong(self.name(), Self::EXPECTED, $found))
        })+
    };
}

fn wrong<E: Error>(name: &str, expected: &str, found: &str) -> E {
    E::custom(format_args!("{name} must be {expected}, found {found}"))
}

/// The file itself.
pub(super) struct File<'a>(pub(super) &'a mut Reader);

impl File<'_> {
    const EXPECTED: &'static str = "an object";

    const fn name(&self) -> &'static str {
        "the file"
    }
}

impl<'de> DeserializeSeed<'de> for File<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for File<'_> {
    type Value = ();

    wrong_types!();

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Err(wrong(self.name(), Self::EXPECTED, "null"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(wrong(self.name(), Self::EXPECTED, "an array"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let reader = self.0;
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                "systemusers" => map.next_value_seed(Entries { list: List::Users, is_inner: false, reader })?,
                "usergroups" => map.next_value_seed(Entries { list: List::Groups, is_inner: false, reader })?,
                "application" => map.next_value_seed(Bindings(reader))?,
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
        }
        Ok(())
    }
}

/// What the application is bound to.
struct Bindings<'a>(&'a mut Reader);

impl Bindings<'_> {
    const EXPECTED: &'static str = "an object";

    const fn name(&self) -> &'static str {
        "application"
    }
}

impl<'de> DeserializeSeed<'de> for Bindings<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bindings<'_> {
    type Value = ();

    wrong_types!();

    /// As if it were not there.
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.0.note("application")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(wrong(self.name(), Self::EXPECTED, "an array"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let reader = self.0;
        reader.note("application")?;
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                "usergroups" => map.next_value_seed(Entries { list: List::BoundGroups, is_inner: false, reader })?,
                "users" => map.next_value_seed(Entries { list: List::BoundUsers, is_inner: false, reader })?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// A list: a bare array, or the `{"totalCount": .., "results": [..]}` of the API's version 1 around it.
struct Entries<'a> {
    list: List,
    /// Whether this is `results` itself, which is never wrapped again.
    is_inner: bool,
    reader: &'a mut Reader,
}

impl Entries<'_> {
    const EXPECTED: &'static str = "an array";

    const fn name(&self) -> &'static str {
        self.list.name()
    }
}

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = ();

    wrong_types!();

    /// A list that is `null` was not read, so it is noted nowhere and found missing at the end.
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.reader.note(self.name())?;
        let mut row = 1;
        while self.reader.entry(self.list, row, &mut entries)? {
            if row > MOST_ENTRIES {
                return Err(A::Error::custom(format_args!("{} has more than {MOST_ENTRIES} entries", self.name())));
            }
            row += 1;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if self.is_inner || !self.list.may_be_counted() {
            return Err(wrong(self.name(), Self::EXPECTED, "an object"));
        }
        let Self { list, reader, .. } = self;
        let mut stated = Field::Absent;
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                "totalCount" => stated.put(map.next_value()?),
                "results" => map.next_value_seed(Entries { list, is_inner: true, reader })?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if reader.seen.contains(&list.name()) {
            reader.compare(list, &stated);
        }
        Ok(())
    }
}
