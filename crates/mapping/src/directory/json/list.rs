//! Lists: bare arrays, objects around them that count or name a next page, and arrays of such pages.
//!
//! ```text
//!   ListSeed -> Outer: [ element, .. ]                Element: an entry, or a page
//!                      { page }         -> Inner:     [ entry, .. ]
//!                      null                           the list was not read
//! ```
//!
//! Whether an object in an array is an entry or a page shows only when all of its keys were seen, and keeping it until then would take memory and
//! time. So it is read as both at once: [`Either`] gives its keys to the entry, and takes those of a page out on the way. If there was a list among
//! them, it was a page, and what was read as an entry is forgotten.
//!
//! Pages are not checked against each other here but gathered in [`Walked`], because only a reader knows how many different records came of them.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::value::CowStrDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use crate::directory::json::MOST_ENTRIES;
use crate::directory::json::field::{Count, Field, FieldVisitor, Key, Wanted};
use crate::directory::json::object::{wrong, wrong_types};
use crate::directory::{Incomplete, Snapshot};

/// A list of records, which takes its entries one by one.
pub(in crate::directory) trait List {
    /// What an entry is read as.
    type Entry: Wanted;

    /// What it is called in a message.
    fn name(&self) -> &'static str;

    /// The keys of an object around the entries, if there may be one.
    fn page(&self) -> Option<Page> {
        None
    }

    /// Whether one object that is no page may stand for the list of it alone.
    fn may_be_single(&self) -> bool {
        false
    }

    /// Called once, before the first entry.
    ///
    /// # Errors
    ///
    /// If the list must not be there, as when it was there before.
    fn begin<E: Error>(&mut self) -> Result<(), E>;

    /// Takes the entry at the place `row`, from 1 and over all pages.
    ///
    /// # Errors
    ///
    /// If the entry has a shape from which nothing can be told of the others.
    fn entry<E: Error>(&mut self, row: usize, entry: Field<Self::Entry>) -> Result<(), E>;

    /// Takes the value of another key of a page, or of an entry before it is known to be none; whether it did.
    ///
    /// # Errors
    ///
    /// If the value has a shape from which nothing can be told.
    fn other<'de, A: MapAccess<'de>>(&mut self, _key: &Key<'_>, _map: &mut A) -> Result<bool, A::Error> {
        Ok(false)
    }

    /// Takes the value of another key of the outermost object, where that may be more than a page; whether it did.
    ///
    /// # Errors
    ///
    /// If the value has a shape from which nothing can be told.
    fn outermost<'de, A: MapAccess<'de>>(&mut self, _key: &Key<'_>, _map: &mut A) -> Result<bool, A::Error> {
        Ok(false)
    }

    /// Called before the first entry of a page that is an object.
    fn begin_page(&mut self) {}

    /// Called after the last entry of a page that is an object, with what it states for the number of entries on all pages.
    fn end_page(&mut self, _total: &Field<Count>, _is_followed: bool) {}

    /// Whether the object that was just read, without the key of the entries, is a page all the same: one of an interface that leaves out an empty
    /// list, and says in another way that it is a page.
    fn is_empty_page(&mut self) -> bool {
        false
    }
}

/// The keys of a page. An object in the place of an entry that has the key of the entries is a page.
#[derive(Debug, Clone, Copy)]
pub(in crate::directory) struct Page {
    /// The key of the entries, such as `results`.
    pub(in crate::directory) entries: &'static str,
    /// The key of the number of entries on all pages.
    pub(in crate::directory) total: Option<&'static str>,
    /// The key that is there, and neither `null` nor empty, if another page follows.
    pub(in crate::directory) next: Option<&'static str>,
    /// Whether keys are known without regard to case.
    pub(in crate::directory) ignores_case: bool,
}

/// What is known of a list after it was read to the end of what there is.
#[derive(Debug, Default)]
pub(in crate::directory) struct Walked {
    /// Whether there was a list at all: neither `null` nor an object without entries.
    pub(in crate::directory) is_read: bool,
    /// The entries.
    pub(in crate::directory) rows: usize,
    /// Whether any page has no entries, not even an empty list of them.
    pub(in crate::directory) is_page_empty: bool,
    /// What the pages state for the number of entries on all of them; at most two numbers, of which one must be wrong.
    pub(in crate::directory) totals: BTreeSet<u64>,
    /// Whether any page does not state that number, or states no number.
    pub(in crate::directory) is_total_missing: bool,
    /// Whether the last page names a next one.
    pub(in crate::directory) is_followed: bool,
}

impl Walked {
    /// Notes in `snapshot` what of `list` may be missing, where `read` different records of it were read: a page that was skipped shows here, and
    /// so does one that was read twice in place of another. That the list is not there at all is not noted.
    pub(in crate::directory) fn compare(&self, list: &'static str, read: usize, snapshot: &mut Snapshot) {
        if !self.is_read {
            return;
        }
        if self.is_page_empty {
            snapshot.mark_partial(Incomplete::PageWithoutList { list });
        }
        if self.is_total_missing {
            snapshot.mark_partial(Incomplete::CountMissing { list });
        }
        for stated in self.totals.iter().filter(|stated| usize::try_from(**stated) != Ok(read)) {
            snapshot.mark_partial(Incomplete::CountDiffers { list, stated: *stated, read });
        }
        if self.is_followed {
            snapshot.mark_partial(Incomplete::MorePages { list });
        }
    }
}

/// Reads a [`List`].
pub(in crate::directory) struct ListSeed<'a, L>(pub(in crate::directory) &'a mut L);

impl<'de, L: List> DeserializeSeed<'de> for ListSeed<'_, L> {
    type Value = Walked;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Walked, D::Error> {
        let mut walk = Walk { list: self.0, walked: Walked::default() };
        deserializer.deserialize_any(Outer(&mut walk))?;
        Ok(walk.walked)
    }
}

/// A list and how far it has been read.
///
/// Entries are counted over all pages, so that a hostile file gains nothing by having many of them.
struct Walk<'a, L> {
    list: &'a mut L,
    walked: Walked,
}

impl<L: List> Walk<'_, L> {
    fn begin<E: Error>(&mut self) -> Result<(), E> {
        if self.walked.is_read {
            return Ok(());
        }
        self.walked.is_read = true;
        self.list.begin()
    }

    fn entry<E: Error>(&mut self, entry: Field<L::Entry>) -> Result<(), E> {
        if self.walked.rows >= MOST_ENTRIES {
            return Err(E::custom(format_args!("{} has more than {MOST_ENTRIES} entries", self.list.name())));
        }
        self.walked.rows += 1;
        self.list.entry(self.walked.rows, entry)
    }

    /// Only the last page says whether another follows, and every page may state the total; at most two of those are kept.
    fn finish_page(&mut self, page: &Page, seen: Seen) {
        self.walked.is_page_empty |= seen.entries != Some(true);
        self.list.end_page(&seen.total, seen.is_followed);
        if page.total.is_some() {
            match seen.total {
                Field::Is(Count(total)) if self.walked.totals.len() < 2 => {
                    self.walked.totals.insert(total);
                }
                Field::Is(_) => {}
                Field::Absent | Field::Not(_) => self.walked.is_total_missing = true,
            }
        }
        self.walked.is_followed = seen.is_followed;
    }
}

/// What was seen of one page.
struct Seen {
    /// Nothing if the key of the entries was not there; otherwise whether there was a list.
    entries: Option<bool>,
    total: Field<Count>,
    is_followed: bool,
    /// Whether it is more than a page or an entry, by a key that no entry has.
    is_more: bool,
}

/// The list as a whole.
///
/// Anything but an array, a page or `null` ends the reading: nobody can tell who would have been in it.
struct Outer<'a, 'l, L>(&'a mut Walk<'l, L>);

impl<L: List> Outer<'_, '_, L> {
    const EXPECTED: &'static str = "an array";

    fn name(&self) -> &'static str {
        self.0.list.name()
    }
}

impl<'de, L: List> Visitor<'de> for Outer<'_, '_, L> {
    type Value = ();

    wrong_types!(());

    /// A list that is `null` was not read.
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.0.begin()?;
        while entries.next_element_seed(Element { walk: self.0, may_be_page: true })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let Some(page) = self.0.list.page() else { return Err(wrong(self.name(), Self::EXPECTED, "an object")) };
        let (seen, entry) = walk_object(map, &page, true, self.0)?;
        if seen.entries.is_none() && self.0.list.may_be_single() {
            if seen.is_more {
                return Ok(());
            }
            self.0.begin()?;
            return self.0.entry(entry);
        }
        self.0.finish_page(&page, seen);
        Ok(())
    }
}

/// The entries of one page, which are never wrapped again.
struct Inner<'a, 'l, L>(&'a mut Walk<'l, L>);

impl<L: List> Inner<'_, '_, L> {
    const EXPECTED: &'static str = "an array";

    fn name(&self) -> &'static str {
        self.0.list.name()
    }
}

impl<'de, L: List> DeserializeSeed<'de> for Inner<'_, '_, L> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, L: List> Visitor<'de> for Inner<'_, '_, L> {
    type Value = bool;

    wrong_types!(bool);

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<bool, A::Error> {
        self.0.begin()?;
        while entries.next_element_seed(Element { walk: self.0, may_be_page: false })?.is_some() {}
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<bool, A::Error> {
        Err(wrong(self.name(), Self::EXPECTED, "an object"))
    }
}

/// One element of an array: an entry, or a page of them.
struct Element<'a, 'l, L> {
    walk: &'a mut Walk<'l, L>,
    may_be_page: bool,
}

impl<'de, L: List> DeserializeSeed<'de> for Element<'_, '_, L> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self { walk, may_be_page } = self;
        let entry =
            if may_be_page { deserializer.deserialize_any(EntryOrPage(walk))? } else { Some(Deserialize::deserialize(deserializer)?) };
        entry.map_or(Ok(()), |entry| walk.entry(entry))
    }
}

/// An entry, or a page, which is walked at once.
struct EntryOrPage<'a, 'l, L>(&'a mut Walk<'l, L>);

/// Scalars are read as those of any other value.
macro_rules! scalars {
    ($($visit:ident($($value:ident: $type:ty)?),)+) => {
        $(fn $visit<E: Error>(self $(, $value: $type)?) -> Result<Self::Value, E> {
            FieldVisitor::new().$visit($($value)?).map(Some)
        })+
    };
}

impl<'de, L: List> Visitor<'de> for EntryOrPage<'_, '_, L> {
    type Value = Option<Field<L::Entry>>;

    scalars! {
        visit_unit(),
        visit_bool(value: bool),
        visit_i64(value: i64),
        visit_u64(value: u64),
        visit_f64(value: f64),
        visit_str(value: &str),
    }

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    /// A page of an interface whose pages are bare arrays.
    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        while entries.next_element_seed(Element { walk: self.0, may_be_page: false })?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let Some(page) = self.0.list.page() else { return FieldVisitor::new().visit_map(map).map(Some) };
        let (seen, entry) = walk_object(map, &page, false, self.0)?;
        if seen.entries.is_none() {
            return Ok(Some(entry));
        }
        self.0.finish_page(&page, seen);
        Ok(None)
    }
}

/// Reads an object of which nobody knows yet whether it is a page or an entry: as both at once, so that nothing of it need be kept.
fn walk_object<'de, A: MapAccess<'de>, L: List>(
    map: A,
    page: &Page,
    is_outermost: bool,
    walk: &mut Walk<'_, L>,
) -> Result<(Seen, Field<L::Entry>), A::Error> {
    let seen = Seen { entries: None, total: Field::Absent, is_followed: false, is_more: false };
    let mut either = Either { map, page, is_outermost, walk, seen };
    let entry = L::Entry::from_map(&mut either)?.map_or(Field::Not("an object"), Field::Is);
    let Either { walk, mut seen, .. } = either;
    if walk.list.is_empty_page() && seen.entries.is_none() {
        walk.begin()?;
        seen.entries = Some(true);
    }
    Ok((seen, entry))
}

/// The keys of an object without those of a page, which are read on the way.
///
/// No value is kept while this is not known: a page is walked as it comes, so that its entries cost the memory of one.
struct Either<'a, 'l, A, L> {
    map: A,
    page: &'a Page,
    is_outermost: bool,
    walk: &'a mut Walk<'l, L>,
    seen: Seen,
}

impl<'de, A: MapAccess<'de>, L: List> Either<'_, '_, A, L> {
    /// Takes the value of a key of a page; whether it is one.
    fn take(&mut self, key: &Key<'_>) -> Result<bool, A::Error> {
        let is = |name: Option<&str>| name.is_some_and(|name| key.is(name, self.page.ignores_case));
        if is(Some(self.page.entries)) {
            if self.seen.entries.is_some() {
                return Err(A::Error::custom(format_args!("{} is there twice", self.walk.list.name())));
            }
            self.walk.list.begin_page();
            self.seen.entries = Some(self.map.next_value_seed(Inner(self.walk))?);
        } else if is(self.page.total) {
            self.seen.total.put(self.map.next_value()?);
        } else if is(self.page.next) {
            self.seen.is_followed |= !matches!(self.map.next_value()?, Field::Absent | Field::Is(Next(false)));
        } else if self.is_outermost && self.walk.list.outermost(key, &mut self.map)? {
            self.seen.is_more = true;
        } else {
            return self.walk.list.other(key, &mut self.map);
        }
        Ok(true)
    }
}

impl<'de, A: MapAccess<'de>, L: List> MapAccess<'de> for Either<'_, '_, A, L> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(key) = self.map.next_key::<Key<'de>>()? {
            if self.take(&key)? {
                continue;
            }
            let key: CowStrDeserializer<'_, A::Error> = key.0.into_deserializer();
            return seed.deserialize(key).map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// What a page says of the next one: anything but `false` says that there is one.
#[derive(Debug)]
struct Next(bool);

impl Wanted for Next {
    const EXPECTED: &'static str = "the next page";

    fn from_boolean(value: bool) -> Option<Self> {
        Some(Self(value))
    }
}
