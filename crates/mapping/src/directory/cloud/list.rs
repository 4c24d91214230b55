//! The lists of a file, and what takes their entries.
//!
//! ```text
//!   ListSeed --entries, pages--> Listing { Progress, Sink }
//!                                   |         |       '-- what an entry is: a person, a group, a member, a bound record
//!                                   |         '---------- what the pages say of the list, and which entries say nothing
//!                                   '-------------------- which list it is, and what its pages look like
//! ```
//!
//! A page says of the list: that another one follows, how many entries there are in all, that these are only what changed, or, by its `kind`, that
//! it is a page although it has no entries. The places of entries are counted over all pages, so that it does not matter where one ends.

use std::collections::BTreeSet;

use serde::de::{Error, MapAccess};

use crate::directory::cloud::gathered::Named;
use crate::directory::cloud::{Format, Listed, Members, Paging, ReadGroup, Reference, Taken, twice};
use crate::directory::json::{Count, Field, Key, List, Page, Simple, Walked, Wanted};
use crate::directory::{DirectoryId, Incomplete, Snapshot};

/// What is known of one list of the file.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Whether a list has begun; another one of the same name would be a second opinion.
    is_begun: bool,
    /// What the walk over its pages came to.
    walked: Walked,
    /// The places in the list, from 1, whose entries have no identifier.
    without_id: Vec<usize>,
    /// What the pages state for the number of entries on all of them; at most two numbers, of which one must be wrong.
    counts: BTreeSet<u64>,
    /// Whether it holds what changed, and not what there is.
    is_change: bool,
    /// Whether the object that is being read says of itself that it is a page.
    is_page: bool,
}

impl Progress {
    /// Keeps what was walked, if it was a list. What was none, such as `null`, leaves the list unread, so that it is found missing.
    pub(super) fn finish(&mut self, walked: Walked) {
        if walked.is_read {
            self.walked = walked;
        }
    }

    /// Whether there was anything that began as a list.
    pub(super) const fn is_begun(&self) -> bool {
        self.is_begun
    }

    /// Whether there was a list, be it an empty one.
    pub(super) const fn is_read(&self) -> bool {
        self.walked.is_read
    }

    /// Notes in `snapshot` what of the list may be missing, where `read` different records of it were read.
    ///
    /// A record that was skipped shows in the number that the pages state, and so does one that was read twice in place of another.
    pub(super) fn compare(self, listed: Listed, read: usize, snapshot: &mut Snapshot) {
        let list = listed.name();
        if !self.is_read() {
            snapshot.mark_partial(Incomplete::ListMissing { list });
        }
        for row in self.without_id {
            snapshot.mark_partial(Incomplete::EntryWithoutId { list, group: None, row });
        }
        self.walked.compare(list, read, snapshot);
        for stated in self.counts.into_iter().filter(|stated| usize::try_from(*stated) != Ok(read)) {
            snapshot.mark_partial(Incomplete::CountDiffers { list, stated, read });
        }
        if self.is_change {
            snapshot.mark_partial(Incomplete::Changes { list });
        }
    }

    /// The members that were read into `members`, with what is known of the list.
    ///
    /// Nothing of it is noted yet: whether the list matters depends on whether its group is there. A number that the pages state is compared with the
    /// entries, those who are nobody included.
    pub(super) fn into_members(self, members: Members) -> Members {
        let is_read = self.is_read() && !self.walked.is_page_empty;
        let is_short = self.counts.iter().any(|stated| usize::try_from(*stated) != Ok(self.walked.rows));
        Members { is_read, is_followed: self.walked.is_followed || is_short || self.is_change, ..members }
    }
}

/// What takes the entries of a list, one by one, so that a list is never in memory twice.
pub(super) trait Sink {
    /// What an entry is read as.
    type Entry: Wanted;

    /// Takes one of them.
    ///
    /// # Errors
    ///
    /// If it has a shape from which nothing can be told of the others.
    fn take<E: Error>(&mut self, row: usize, entry: Field<Self::Entry>) -> Result<Taken<()>, E>;
}

/// One list while it is read.
pub(super) struct Listing<'a, S> {
    /// Which one it is.
    pub(super) listed: Listed,
    /// What its pages look like.
    pub(super) paging: Paging,
    /// What is known of it.
    pub(super) progress: &'a mut Progress,
    /// What takes its entries.
    pub(super) sink: S,
}

impl<S: Sink> List for Listing<'_, S> {
    type Entry = S::Entry;

    fn name(&self) -> &'static str {
        self.listed.name()
    }

    fn page(&self) -> Option<Page> {
        Some(self.paging.page)
    }

    fn begin<E: Error>(&mut self) -> Result<(), E> {
        if self.progress.is_begun {
            return Err(twice(self.name()));
        }
        self.progress.is_begun = true;
        Ok(())
    }

    fn entry<E: Error>(&mut self, row: usize, entry: Field<S::Entry>) -> Result<(), E> {
        match self.sink.take(row, entry)? {
            Taken::Record(()) => {}
            Taken::WithoutId => self.progress.without_id.push(row),
            Taken::Change => self.progress.is_change = true,
        }
        Ok(())
    }

    /// Takes what a page says beside its entries. These keys are looked for in records as well, because an object shows what it is only at its end;
    /// no record that is read here has one of them with another meaning.
    fn other<'de, A: MapAccess<'de>>(&mut self, key: &Key<'_>, map: &mut A) -> Result<bool, A::Error> {
        let is = |name: Option<&str>| name == Some(&*key.0);
        if is(self.paging.count) {
            if let Field::Is(Count(count)) = map.next_value()?
                && self.progress.counts.len() < 2
            {
                self.progress.counts.insert(count);
            }
        } else if is(self.paging.changes) {
            self.progress.is_change |= !matches!(map.next_value::<Field<Simple>>()?, Field::Absent);
        } else if let Some(kind) = self.paging.kind
            && &*key.0 == "kind"
        {
            self.progress.is_page = matches!(map.next_value::<Field<String>>()?, Field::Is(found) if found == kind);
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// What one object said of itself is forgotten with it.
    fn is_empty_page(&mut self) -> bool {
        std::mem::take(&mut self.progress.is_page)
    }
}

/// Takes people, straight into the snapshot, which holds those who are there twice in two versions.
pub(super) struct UserSink<'a, F> {
    pub(super) snapshot: &'a mut Snapshot,
    pub(super) format: std::marker::PhantomData<F>,
}

impl<F: Format> Sink for UserSink<'_, F> {
    type Entry = F::User;

    fn take<E: Error>(&mut self, _row: usize, entry: Field<F::User>) -> Result<Taken<()>, E> {
        let Field::Is(record) = entry else { return Ok(Taken::WithoutId) };
        Ok(match F::user(record) {
            Taken::Record(user) => {
                self.snapshot.insert_user(user);
                Taken::Record(())
            }
            Taken::WithoutId => Taken::WithoutId,
            Taken::Change => Taken::Change,
        })
    }
}

/// Takes groups, without their members: whom these mean is known at the end.
pub(super) struct GroupSink<'a, F> {
    pub(super) snapshot: &'a mut Snapshot,
    pub(super) named: &'a mut Named,
    pub(super) format: std::marker::PhantomData<F>,
}

impl<F: Format> Sink for GroupSink<'_, F> {
    type Entry = F::Group;

    fn take<E: Error>(&mut self, _row: usize, entry: Field<F::Group>) -> Result<Taken<()>, E> {
        let Field::Is(record) = entry else { return Ok(Taken::WithoutId) };
        let ReadGroup { group, address, members, is_change } = match F::group(record)? {
            Taken::Record(read) => read,
            Taken::WithoutId => return Ok(Taken::WithoutId),
            Taken::Change => return Ok(Taken::Change),
        };
        if let Some(address) = address {
            self.named.groups.add(&address, &group.id);
        }
        if let Some(members) = members {
            self.named.add_expanded(&group.id, members);
        }
        self.snapshot.insert_group(group);
        Ok(if is_change { Taken::Change } else { Taken::Record(()) })
    }
}

/// Takes the members of one group.
pub(super) struct MemberSink<'a, F> {
    pub(super) members: &'a mut Members,
    pub(super) format: std::marker::PhantomData<F>,
}

impl<F: Format> Sink for MemberSink<'_, F> {
    type Entry = F::Member;

    /// An entry that means nobody is noted with the members, which know their group.
    fn take<E: Error>(&mut self, row: usize, entry: Field<F::Member>) -> Result<Taken<()>, E> {
        let member = if let Field::Is(record) = entry { F::member(record) } else { None };
        self.members.add(row, member);
        Ok(Taken::Record(()))
    }
}

/// Takes what the application is bound to. Who is only bound because a group is, is left to the group: once they leave it, nothing binds them.
pub(super) struct BoundSink<'a> {
    pub(super) names: &'a mut BTreeSet<DirectoryId>,
}

impl Sink for BoundSink<'_> {
    type Entry = Reference;

    fn take<E: Error>(&mut self, _row: usize, entry: Field<Reference>) -> Result<Taken<()>, E> {
        let Field::Is(Reference { name: Some(name), is_by_group }) = entry else { return Ok(Taken::WithoutId) };
        if !is_by_group {
            self.names.insert(name);
        }
        Ok(Taken::Record(()))
    }
}
