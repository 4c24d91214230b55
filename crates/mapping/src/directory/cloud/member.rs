//! Members of a group, before it is known whom an entry means.
//!
//! | the entry has | and is |
//! | --- | --- |
//! | a type and an identifier | [`Member::User`] or [`Member::Group`] |
//! | an identifier alone, or a type that is not known | [`Member::Either`] |
//! | an address alone | [`Member::Address`] |
//! | the type of all people there are | [`Member::Everybody`] |
//! | the type of what is no person and no group | [`Member::Nobody`] |
//! | none of these | nothing, and its place in the list is kept |

use std::collections::BTreeSet;

use crate::directory::DirectoryId;

/// Whom or what an entry of a group's members means.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::directory) enum Member {
    /// A person.
    User(DirectoryId),
    /// A group, whose members are meant.
    Group(DirectoryId),
    /// A person or a group; the entry does not say which.
    Either(DirectoryId),
    /// A person or a group, known by an e-mail address only. The number is the entry's place in the list, from 1.
    Address(String, usize),
    /// Everybody in the directory.
    Everybody,
    /// Nobody who could be provisioned, such as a device.
    Nobody,
}

/// A list of members, as far as it was read. It is a set: who is in it twice is in it once, and the order says nothing.
#[derive(Debug, Default)]
pub(in crate::directory) struct Members {
    /// Whether there was a list at all, and one on each of its pages.
    pub(super) is_read: bool,
    /// Whether there are more of them.
    pub(super) is_followed: bool,
    /// Who they are.
    pub(super) members: BTreeSet<Member>,
    /// The places in the list, from 1, whose entries mean nobody that could be told.
    pub(super) without_id: Vec<usize>,
}

impl Members {
    /// A list that came with its group, and whether there are more of them than came.
    pub(in crate::directory) fn expanded(is_followed: bool) -> Self {
        Self { is_read: true, is_followed, ..Self::default() }
    }

    /// Adds what is at the place `row` of the list.
    pub(in crate::directory) fn add(&mut self, row: usize, member: Option<Member>) {
        match member {
            Some(Member::Nobody) => {}
            Some(Member::Address(address, _)) => {
                self.members.insert(Member::Address(address, row));
            }
            Some(member) => {
                self.members.insert(member);
            }
            None => self.without_id.push(row),
        }
    }
}
