//! The floor of a plan: a hash join by hand, over interned identifiers and records of a fixed size.

#![allow(dead_code, reason = "each benchmark uses its part")]

use std::collections::{HashMap, HashSet};

use crate::company::{Company, mix};

/// What is wanted, or what is there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Side {
    pub(crate) users: Vec<Row>,
    pub(crate) groups: Vec<Row>,
    /// A group in the upper half, a user in the lower.
    pub(crate) memberships: Vec<u64>,
}

/// An object: what it is called here, what its attributes come to, and whether it is active.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Row {
    pub(crate) id: u32,
    pub(crate) digest: u128,
    pub(crate) is_active: bool,
}

/// What is to be done, by identifiers.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    pub(crate) users: Changes,
    pub(crate) groups: Changes,
    pub(crate) joined: Vec<u64>,
    pub(crate) left: Vec<u64>,
}

/// The objects of one kind that are not as wanted.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) created: Vec<u32>,
    pub(crate) updated: Vec<u32>,
    pub(crate) deleted: Vec<u32>,
    /// Wanted and not there, and not to be created because they are not active.
    left_out: HashSet<u32>,
}

/// How many operations, and how many memberships in them: what a plan and the join must agree upon.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) created_users: usize,
    pub(crate) updated_users: usize,
    pub(crate) deleted_users: usize,
    pub(crate) created_groups: usize,
    pub(crate) joined: usize,
    pub(crate) left: usize,
}

impl Side {
    /// A company, with its own numbers as identifiers.
    pub(crate) fn of(company: Company) -> Self {
        let mut side = Self::default();
        for person in company.people() {
            let version = u128::from(person.is_promoted) + 2 * u128::from(person.is_suspended);
            let digest = (u128::from(mix(person.number)) << 2) + version;
            side.users.push(Row { id: person.number, digest, is_active: !person.is_suspended });
            side.memberships.extend(person.groups.map(|group| membership(group, person.number)));
        }
        side.groups = (0..company.groups()).map(|id| Row { id, digest: u128::from(mix(id)), is_active: true }).collect();
        side
    }
}

pub(crate) fn membership(group: u32, user: u32) -> u64 {
    (u64::from(group) << 32) | u64::from(user)
}

/// Says what makes `there` into `wanted`.
///
/// Nobody who is not active is created, and nobody joins who is not there; who is deleted leaves by that alone.
pub(crate) fn join(wanted: &Side, there: &Side) -> Differences {
    let (users, groups) = (changes(&wanted.users, &there.users), changes(&wanted.groups, &there.groups));
    let mut left: HashSet<u64> = there.memberships.iter().copied().collect();
    let mut joined = Vec::new();
    for membership in &wanted.memberships {
        if !left.remove(membership) && !users.left_out.contains(&user_of(*membership)) {
            joined.push(*membership);
        }
    }
    let deleted: HashSet<u32> = users.deleted.iter().copied().collect();
    let left = left.into_iter().filter(|membership| !deleted.contains(&user_of(*membership))).collect();
    Differences { users, groups, joined, left }
}

fn changes(wanted: &[Row], there: &[Row]) -> Changes {
    let mut rest: HashMap<u32, Row> = there.iter().map(|row| (row.id, *row)).collect();
    let mut changes = Changes::default();
    for row in wanted {
        match rest.remove(&row.id) {
            Some(before) if before.digest == row.digest => {}
            Some(_) => changes.updated.push(row.id),
            None if row.is_active => changes.created.push(row.id),
            None => _ = changes.left_out.insert(row.id),
        }
    }
    changes.deleted = rest.into_keys().collect();
    changes
}

fn user_of(membership: u64) -> u32 {
    u32::try_from(membership & u64::from(u32::MAX)).unwrap_or(0)
}

impl Differences {
    pub(crate) fn counts(&self) -> Counts {
        Counts {
            created_users: self.users.created.len(),
            updated_users: self.users.updated.len(),
            deleted_users: self.users.deleted.len(),
            created_groups: self.groups.created.len(),
            joined: self.joined.len(),
            left: self.left.len(),
        }
    }
}
