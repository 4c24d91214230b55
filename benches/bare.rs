//! The floor of reading: the same JSON by serde into structs that borrow, and from there to what is joined.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde::Deserialize;

use crate::join::{Row, Side, membership};

/// A directory as serde reads it: what is mapped, and nothing more.
#[derive(Deserialize)]
pub(crate) struct Bare<'a> {
    #[serde(borrow)]
    systemusers: Vec<BareUser<'a>>,
    #[serde(borrow)]
    usergroups: Vec<BareGroup<'a>>,
}

#[derive(Deserialize, Hash)]
#[serde(rename_all = "camelCase")]
struct BareUser<'a> {
    #[serde(rename = "_id")]
    id: &'a str,
    email: &'a str,
    firstname: &'a str,
    lastname: &'a str,
    displayname: &'a str,
    suspended: bool,
    job_title: &'a str,
    department: &'a str,
    company: &'a str,
    cost_center: &'a str,
    employee_type: &'a str,
    employee_identifier: &'a str,
    #[serde(borrow)]
    addresses: Vec<BareAddress<'a>>,
    #[serde(borrow)]
    phone_numbers: Vec<BarePhoneNumber<'a>>,
}

#[derive(Deserialize, Hash)]
#[serde(rename_all = "camelCase")]
struct BareAddress<'a> {
    street_address: &'a str,
    locality: &'a str,
    region: &'a str,
    postal_code: &'a str,
    country: &'a str,
}

#[derive(Deserialize, Hash)]
struct BarePhoneNumber<'a> {
    number: &'a str,
}

#[derive(Deserialize)]
struct BareGroup<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(borrow)]
    members: Vec<&'a str>,
}

/// The small numbers that stand for keys; kept, as the index of a state is.
#[derive(Debug, Default)]
pub(crate) struct Interned {
    ids: HashMap<Box<str>, u32>,
}

impl Interned {
    fn id(&mut self, key: &str) -> u32 {
        if let Some(id) = self.ids.get(key) {
            return *id;
        }
        let id = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        self.ids.insert(key.into(), id);
        id
    }
}

/// Reads a directory into what is joined.
pub(crate) fn read(text: &str, interned: &mut Interned) -> Option<Side> {
    let bare: Bare<'_> = serde_json::from_str(text).ok()?;
    let mut side = Side::default();
    for user in &bare.systemusers {
        let mut hasher = DefaultHasher::new();
        user.hash(&mut hasher);
        side.users.push(Row { id: interned.id(user.id), digest: hasher.finish().into(), is_active: !user.suspended });
    }
    for group in &bare.usergroups {
        let mut hasher = DefaultHasher::new();
        group.name.hash(&mut hasher);
        let id = interned.id(group.id);
        side.groups.push(Row { id, digest: hasher.finish().into(), is_active: true });
        for member in &group.members {
            side.memberships.push(membership(id, interned.id(member)));
        }
    }
    Some(side)
}
