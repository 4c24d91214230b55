//! What the readers of cloud directories do alike: one file with the answers of an interface that lists people, groups, and members by group.
//!
//! ```text
//!   { "users": pages, "groups": pages, "members": { group: pages }, "application": { "groups": pages, "users": pages } }
//!        |               |                 |                              |
//!     Format::user    Format::group     Format::member                 Reference
//!        '---------------'--------- Gathered --------'--------------------'
//!                                      | finish: who is meant by an id or an address, what is missing, nested groups
//!                                   Snapshot
//! ```
//!
//! The lists come in any order, so nothing is looked up before the file has been read to its end.
//!
//! # A list that is not all there
//!
//! | the file has | the snapshot is partial, because of |
//! | --- | --- |
//! | no `users` or no `groups`, `null`, or a page without its key as the only one | `ListMissing` |
//! | one page among others without its list | `PageWithoutList` |
//! | a last page that names the next | `MorePages`, or `MoreMembers` for the members of a group |
//! | a number of records that the pages state otherwise | `CountDiffers`, or `MoreMembers` |
//! | what changed, and not what there is | `Changes` |
//! | an entry that has no identifier | `EntryWithoutId` |
//! | a group whose members are nowhere | `MembersMissing` |
//! | a member that is, or may be, a group that is not there | `NestedGroupMissing` |
//! | an `application` without `groups`, or `null` | `ListMissing`, and nobody is bound by it |
//! | `"complete": false`, or something else than a boolean | `Declared`, `DeclarationUnreadable` |
//! | nobody at all | `NoUsers` |
//!
//! # To add a directory
//!
//! A module beside `google`, `graph` and `okta` declares its records with `record!`, says in a [`Format`] which keys its pages have and what a record
//! means, and calls [`read`]. What the directory says of its people stays in that module; whatever is about lists belongs here.

mod file;
mod gathered;
mod list;
mod member;
mod reference;

use crate::directory::json::{Faults, Field, Page, Simple, Wanted, parse};
use crate::directory::{Group, Snapshot, User};
use crate::error::Error;
use crate::finding::FindingKind;

use gathered::Gathered;

pub(in crate::directory) use member::{Member, Members};
pub(in crate::directory) use reference::Reference;

/// One directory's shapes: what its pages and its records look like, and what a record means.
///
/// Nothing here fails for one bad record: that is held with a finding, or noted as an entry without an identifier.
pub(in crate::directory) trait Format {
    /// A person.
    type User: Wanted;
    /// A group.
    type Group: Wanted;
    /// An entry of a group's members.
    type Member: Wanted;

    /// Whether people and groups are named by an e-mail address as well as by the identifier. A manager whose address is not exactly one person's is
    /// left out then.
    const KNOWS_ADDRESSES: bool;

    /// The keys of a page of `list`. An object in a list that has the key of the entries is a page, every other one is a record.
    fn paging(list: Listed) -> Paging;

    /// The person, as far as the record tells. What cannot be read of it is in the findings, and holds them.
    fn user(record: Self::User) -> Taken<User>;

    /// The group, as far as the record tells.
    ///
    /// # Errors
    ///
    /// If its members are no list: what a group without readable members takes away from whom cannot be told.
    fn group<E: serde::de::Error>(record: Self::Group) -> Result<Taken<ReadGroup>, E>;

    /// The member, unless there is nothing in the entry to know them by. Whoever is no concern of a directory of people is
    /// [`Member::Nobody`], which is something else than nothing.
    fn member(record: Self::Member) -> Option<Member>;
}

/// The lists of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::directory) enum Listed {
    /// The people.
    Users,
    /// The groups.
    Groups,
    /// The members of one group.
    Members,
    /// The people whom the application is bound to.
    BoundUsers,
    /// The groups that the application is bound to.
    BoundGroups,
}

impl Listed {
    /// What it is called in messages: the place in the file.
    const fn name(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Groups => "groups",
            Self::Members => "members",
            Self::BoundUsers => "application.users",
            Self::BoundGroups => "application.groups",
        }
    }
}

/// The keys of a page, beside its entries.
#[derive(Debug, Clone, Copy)]
pub(in crate::directory) struct Paging {
    /// The keys of the entries and of the next page.
    pub(in crate::directory) page: Page,
    /// The key of the number of entries on all pages, which need not be there.
    pub(in crate::directory) count: Option<&'static str>,
    /// The key that is there if the pages hold what changed since an earlier answer.
    pub(in crate::directory) changes: Option<&'static str>,
    /// The value of `kind` by which a page is known that leaves out an empty list.
    pub(in crate::directory) kind: Option<&'static str>,
}

impl Paging {
    /// Pages that have their entries under `entries`, and name the next page under `next`.
    pub(in crate::directory) const fn new(entries: &'static str, next: &'static str) -> Self {
        let page = Page { entries, total: None, next: Some(next), ignores_case: false };
        Self { page, count: None, changes: None, kind: None }
    }
}

/// What an entry of a list turned out to be.
pub(in crate::directory) enum Taken<T> {
    /// A record, which may be held.
    Record(T),
    /// Nothing that could be told from another record.
    WithoutId,
    /// Not what there is, but that something is gone.
    Change,
}

/// A group as it was read.
pub(in crate::directory) struct ReadGroup {
    /// The record, without members.
    pub(in crate::directory) group: Group,
    /// An e-mail address that members, and lists of members, may know it by.
    pub(in crate::directory) address: Option<String>,
    /// The members that came with the group.
    pub(in crate::directory) members: Option<Members>,
    /// Whether it comes from an answer that only holds changes.
    pub(in crate::directory) is_change: bool,
}

/// Reads one file.
///
/// Records are taken one by one. What is kept beside the snapshot until the end is identifiers and addresses: of members, of groups, and of what the
/// application is bound to.
///
/// # Errors
///
/// Those of [`parse`]; [`ErrorKind::Shape`](crate::ErrorKind::Shape) without a place if the groups that everybody is in have too many members.
pub(in crate::directory) fn read<F: Format>(bytes: &[u8]) -> Result<Snapshot, Error> {
    let mut gathered = Gathered::<F>::new();
    parse(bytes, file::File(&mut gathered))?;
    gathered.finish()
}

/// Adds a custom attribute. Most of them are mapped by no rule, so one that is no text, number or boolean is left out and does not hold the person.
pub(in crate::directory) fn add_custom(user: &mut User, faults: &mut Faults, path: &str, name: &str, value: Field<Simple>) {
    match value {
        Field::Absent => {}
        Field::Is(Simple(value)) => {
            user.custom.insert(name.to_owned(), value);
        }
        Field::Not(found) => faults.add(path, FindingKind::CustomAttributeUnreadable { expected: Simple::EXPECTED, found }),
    }
}

/// The error for what is there twice: it has no one value, because two readers would take two.
fn twice<E: serde::de::Error>(name: &str) -> E {
    E::custom(format_args!("{name} is there twice"))
}
