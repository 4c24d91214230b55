//! Names that compare without case, and who has them.

use std::borrow::Cow;

use hashbrown::HashTable;
use idbridge_scim::Resource;
use idbridge_scim::protocol::ResourceType;

use crate::observed::name_of;
use crate::table::{Handle, hashed};

/// A name as it is compared without case (E-5): in lower case, and with no other folding, because what AWS folds besides is not known.
pub(crate) fn folded(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(name.to_lowercase())
}

/// A name that only one object may have, folded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Name {
    User(String),
    Email(String),
    Group(String),
}

impl Name {
    /// Names it for people, with its kind.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::User(name) => format!("the userName {name:?}"),
            Self::Email(name) => format!("the e-mail address {name:?}"),
            Self::Group(name) => format!("the group name {name:?}"),
        }
    }

    /// What must be unique of a user: the `userName` and the primary e-mail address, each in a name space of its own.
    pub(crate) fn of_user(resource: &Resource) -> impl Iterator<Item = Self> {
        let name = name_of(ResourceType::User, resource).map(|name| Self::User(folded(name).into_owned()));
        let email = resource.primary_value("emails").map(|email| Self::Email(folded(email).into_owned()));
        name.into_iter().chain(email)
    }

    /// What must be unique of a group.
    pub(crate) fn of_group(resource: &Resource) -> Option<Self> {
        name_of(ResourceType::Group, resource).map(|name| Self::Group(folded(name).into_owned()))
    }
}

/// Who has which name. It holds numbers alone: what a number's name is, the caller says.
#[derive(Debug, Clone, Default)]
pub(crate) struct NameIndex {
    handles: HashTable<Handle>,
}

impl NameIndex {
    /// Says that `handle` has `name`; an empty name is none. `name_of` is asked for the names of the others when the index grows.
    pub(crate) fn insert<'a>(&mut self, name: &str, handle: Handle, name_of: impl Fn(Handle) -> &'a str) {
        if name.is_empty() {
            return;
        }
        self.handles.insert_unique(hashed(&folded(name)), handle, |other| hashed(&folded(name_of(*other))));
    }

    /// Says that `handle` does not have `name` any more.
    pub(crate) fn remove(&mut self, name: &str, handle: Handle) {
        if name.is_empty() {
            return;
        }
        if let Ok(entry) = self.handles.find_entry(hashed(&folded(name)), |other| *other == handle) {
            entry.remove();
        }
    }

    /// Walks those who may have `name`, in no order that means anything; the caller compares, because two names may share a hash.
    pub(crate) fn candidates<'a>(&'a self, name: &str) -> impl Iterator<Item = Handle> + use<'a> {
        self.handles.iter_hash(hashed(&folded(name))).copied()
    }

    /// Gives back what memory was kept for names to come.
    pub(crate) fn shrink<'a>(&mut self, name_of: impl Fn(Handle) -> &'a str) {
        self.handles.shrink_to_fit(|other| hashed(&folded(name_of(*other))));
    }
}
