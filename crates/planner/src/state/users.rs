//! The linked users, in little memory: a million of them fit into a few hundred megabytes with their memberships.
//!
//! | asked | answered from |
//! | --- | --- |
//! | which object is this record's? | the table, by key |
//! | whose is this object? | an index by the service's identifier |
//! | whose is this name at the service? | an index by folded `userName`, and one by e-mail address where that is another |
//! | in which groups is it? | numbers of groups, in the user |
//!
//! The indexes hold numbers and no texts: what they are asked for is compared with the text in the user itself. A member of a linked group who is not
//! linked has a number too, and no link.

use idbridge_scim::ResourceId;

use crate::key::UserKey;
use crate::name::{Name, NameIndex, folded};
use crate::state::{Digest, UserLink};
use crate::table::{Handle, Iter, Keyed, Table};

/// A user of the directory that is linked, or a member of a linked group; all texts are one, because each alone would cost as much again.
#[derive(Debug, Clone)]
pub(crate) struct User {
    /// The key, the service's identifier, the `userName` and the e-mail address.
    text: Box<str>,
    key_end: u32,
    id_end: u32,
    name_end: u32,
    /// Whether there is a link; a member of a group may have none yet.
    is_linked: bool,
    is_active: bool,
    digest: Digest,
    /// The linked groups that it is a member of, by number.
    groups: Box<[Handle]>,
}

/// A linked user, borrowed: what [`UserLink`] holds, without copies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Linked<'a> {
    user: &'a User,
}

impl Keyed for User {
    fn key(&self) -> &str {
        self.part(0, self.key_end)
    }
}

impl User {
    /// A user of whom nothing but the key is known.
    fn new(key: &str) -> Self {
        let end = length(key);
        Self {
            text: key.into(),
            key_end: end,
            id_end: end,
            name_end: end,
            is_linked: false,
            is_active: false,
            digest: Digest::NONE,
            groups: Box::default(),
        }
    }

    /// The link, if there is one.
    pub(crate) fn linked(&self) -> Option<Linked<'_>> {
        self.is_linked.then_some(Linked { user: self })
    }

    /// The linked groups that it is a member of, in the order of their numbers.
    pub(crate) fn groups(&self) -> &[Handle] {
        &self.groups
    }

    /// A piece of the text.
    fn part(&self, start: u32, end: u32) -> &str {
        let at = |place: u32| usize::try_from(place).unwrap_or(usize::MAX);
        self.text.get(at(start)..at(end)).unwrap_or_default()
    }

    /// Takes a link in, or lets it go; the groups stay.
    fn set(&mut self, link: Option<&UserLink>) {
        let mut text = String::from(self.key());
        self.is_linked = link.is_some();
        if let Some(link) = link {
            text.push_str(link.id.as_str());
            self.id_end = length(&text);
            text.push_str(&link.user_name);
            self.name_end = length(&text);
            text.push_str(link.email.as_deref().unwrap_or_default());
            (self.is_active, self.digest) = (link.active, link.digest);
        }
        self.text = text.into_boxed_str();
    }
}

impl<'a> Linked<'a> {
    /// The directory's key.
    pub(crate) fn key(self) -> &'a str {
        self.user.key()
    }

    /// The service's identifier.
    pub(crate) fn id(self) -> &'a str {
        self.user.part(self.user.key_end, self.user.id_end)
    }

    /// The `userName` that the service holds, as it is written there.
    pub(crate) fn user_name(self) -> &'a str {
        self.user.part(self.user.id_end, self.user.name_end)
    }

    /// The e-mail address where it differs from the `userName`.
    fn other_email(self) -> Option<&'a str> {
        let end = length(&self.user.text);
        (self.user.name_end < end).then(|| self.user.part(self.user.name_end, end))
    }

    /// The e-mail address that the service holds.
    pub(crate) fn email(self) -> &'a str {
        self.other_email().unwrap_or_else(|| self.user_name())
    }

    /// The names that the service holds, folded.
    pub(crate) fn names(self) -> [Name; 2] {
        [Name::User(folded(self.user_name()).into_owned()), Name::Email(folded(self.email()).into_owned())]
    }

    /// Whether the service has it active, as far as is known.
    pub(crate) fn is_active(self) -> bool {
        self.user.is_active
    }

    /// The digest of what was last sent.
    pub(crate) fn digest(self) -> Digest {
        self.user.digest
    }

    /// The link as it is told to others.
    pub(crate) fn to_link(self) -> Option<UserLink> {
        Some(UserLink {
            // What is here was an identifier before.
            id: ResourceId::new(self.id()).ok()?,
            user_name: self.user_name().into(),
            email: self.other_email().map(Into::into),
            active: self.is_active(),
            digest: self.digest(),
        })
    }
}

/// A text of 4 GiB would be cut; no key, identifier or name is a millionth of that.
fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// All linked users, and members of linked groups.
#[derive(Debug, Clone, Default)]
pub(crate) struct Users {
    table: Table<User>,
    by_id: NameIndex,
    by_name: NameIndex,
    /// Only of those whose e-mail address is not their `userName`.
    by_email: NameIndex,
    linked: usize,
}

impl Users {
    /// How many are linked.
    pub(crate) fn linked(&self) -> usize {
        self.linked
    }

    /// All of them, those included who are members and not linked.
    pub(crate) fn table(&self) -> &Table<User> {
        &self.table
    }

    /// The user with a number, linked or not.
    pub(crate) fn at(&self, handle: Handle) -> Option<&User> {
        self.table.at(handle)
    }

    /// The number of a user, linked or not.
    pub(crate) fn find(&self, key: &str) -> Option<Handle> {
        self.table.find(key)
    }

    /// The link of a user, if there is one.
    pub(crate) fn get(&self, key: &str) -> Option<Linked<'_>> {
        self.table.get(key)?.linked()
    }

    /// Walks the linked ones, in the order of their keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Linked<'_>> {
        let all: Iter<'_, User> = self.table.iter();
        all.filter_map(|(_, user)| user.linked())
    }

    /// Whose an object of the service is.
    pub(crate) fn owner(&self, id: &str) -> Option<Linked<'_>> {
        self.among(self.by_id.candidates(id)).find(|linked| linked.id() == id)
    }

    /// Who has this `userName` at the service, as far as is known; the greatest key if several have, which the service does not allow.
    pub(crate) fn named(&self, name: &str) -> Option<Linked<'_>> {
        let name = folded(name);
        self.among(self.by_name.candidates(&name)).filter(|linked| folded(linked.user_name()) == name).max_by_key(|linked| linked.key())
    }

    /// Who has this e-mail address at the service, as far as is known.
    pub(crate) fn with_email(&self, email: &str) -> Option<Linked<'_>> {
        let email = folded(email);
        let candidates = self.among(self.by_email.candidates(&email)).chain(self.among(self.by_name.candidates(&email)));
        candidates.filter(|linked| folded(linked.email()) == email).max_by_key(|linked| linked.key())
    }

    /// Those of some numbers who are linked.
    fn among<'a>(&'a self, handles: impl Iterator<Item = Handle> + 'a) -> impl Iterator<Item = Linked<'a>> {
        handles.filter_map(|handle| self.table.at(handle)?.linked())
    }

    /// The number of a user, which is taken in without a link if nobody knows it.
    pub(crate) fn intern(&mut self, key: &str) -> Handle {
        self.table.find(key).unwrap_or_else(|| self.table.insert(User::new(key)))
    }

    /// Takes a link in, in the place of the one before; memberships stay.
    pub(crate) fn link(&mut self, key: &UserKey, link: &UserLink) {
        let handle = self.intern(key.as_str());
        self.unindex(handle);
        if let Some(user) = self.table.at_mut(handle) {
            user.set(Some(link));
        }
        let table = &self.table;
        let linked = |handle: Handle| table.at(handle).and_then(User::linked);
        self.by_id.insert(link.id.as_str(), handle, |other| linked(other).map(Linked::id).unwrap_or_default());
        self.by_name.insert(&link.user_name, handle, |other| linked(other).map(Linked::user_name).unwrap_or_default());
        if let Some(email) = &link.email {
            self.by_email.insert(email, handle, |other| linked(other).map(Linked::email).unwrap_or_default());
        }
        self.linked += 1;
    }

    /// Ends a link, and says which groups it was a member of: it is in none any more.
    pub(crate) fn unlink(&mut self, key: &UserKey) -> Option<(Handle, Box<[Handle]>)> {
        let handle = self.table.find(key.as_str())?;
        self.unindex(handle);
        let groups = self.table.at_mut(handle).map(|user| std::mem::take(&mut user.groups)).unwrap_or_default();
        self.table.remove(handle);
        Some((handle, groups))
    }

    /// Takes a user out of the indexes; it is then not linked.
    fn unindex(&mut self, handle: Handle) {
        let Some(linked) = self.table.at(handle).and_then(User::linked) else { return };
        self.by_id.remove(linked.id(), handle);
        self.by_name.remove(linked.user_name(), handle);
        if let Some(email) = linked.other_email() {
            self.by_email.remove(email, handle);
        }
        self.linked -= 1;
        if let Some(user) = self.table.at_mut(handle) {
            user.set(None);
        }
    }

    /// Remembers on the user's side that it is a member of a group.
    pub(crate) fn joined(&mut self, handle: Handle, group: Handle) {
        if let Some(user) = self.table.at_mut(handle).filter(|user| !user.groups.contains(&group)) {
            user.groups = user.groups.iter().copied().chain([group]).collect();
        }
    }

    /// Remembers on the user's side that it is no member any more. Who is neither linked nor a member is nobody.
    pub(crate) fn left(&mut self, handle: Handle, group: Handle) {
        let Some(user) = self.table.at_mut(handle) else { return };
        user.groups = user.groups.iter().copied().filter(|other| *other != group).collect();
        if !user.is_linked && user.groups.is_empty() {
            self.table.remove(handle);
        }
    }

    /// Gives back what memory was kept for users to come.
    pub(crate) fn shrink(&mut self) {
        self.table.shrink();
        let table = &self.table;
        let linked = |handle: Handle| table.at(handle).and_then(User::linked);
        self.by_id.shrink(|other| linked(other).map(Linked::id).unwrap_or_default());
        self.by_name.shrink(|other| linked(other).map(Linked::user_name).unwrap_or_default());
        self.by_email.shrink(|other| linked(other).map(Linked::email).unwrap_or_default());
    }
}
