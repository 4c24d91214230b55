//! What a test does behind the service's back: fill it, look into it, change it.
//!
//! Nothing here is a request: it is not throttled, not logged, has no faults and is not checked. That makes it good for the state that a test
//! begins with (what an administrator made by hand, what another tool left behind), for drift in the middle of it, and for its assertions.

use std::collections::BTreeSet;

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Resource, ResourceId};

use crate::log::Logged;
use crate::service::Service;
use crate::settings::Token;
use crate::shape;
use crate::time::date_time;

impl Service {
    /// The users as they are stored, in the order of their ids. They have what AWS takes and does not return, such as `profileUrl`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_emulator::{Service, Settings};
    /// use idbridge_scim::{Resource, User};
    ///
    /// let mut service = Service::new(Settings::default());
    /// service.seed_user(Resource::from(User::new("anna@example.com")));
    /// let names: Vec<_> = service.users().filter_map(|user| user.text("userName")).collect();
    /// assert_eq!(names, ["anna@example.com"]);
    /// ```
    pub fn users(&self) -> impl Iterator<Item = &Resource> {
        self.store.shelf(ResourceType::User).iter().map(|(_, entry)| &entry.resource)
    }

    /// The groups as they are stored, in the order of their ids, without members; [`members`](Self::members) has those.
    pub fn groups(&self) -> impl Iterator<Item = &Resource> {
        self.store.shelf(ResourceType::Group).iter().map(|(_, entry)| &entry.resource)
    }

    /// The user with this id, as it is stored.
    #[must_use]
    pub fn user(&self, id: &ResourceId) -> Option<&Resource> {
        self.store.shelf(ResourceType::User).get(id).map(|entry| &entry.resource)
    }

    /// The group with this id, as it is stored.
    #[must_use]
    pub fn group(&self, id: &ResourceId) -> Option<&Resource> {
        self.store.shelf(ResourceType::Group).get(id).map(|entry| &entry.resource)
    }

    /// The members of a group; none if there is no such group. AWS never tells, so this is what a test asserts on.
    #[must_use]
    pub fn members(&self, group: &ResourceId) -> BTreeSet<ResourceId> {
        self.store.shelf(ResourceType::Group).get(group).map(|entry| entry.linked.clone()).unwrap_or_default()
    }

    /// The groups of a user; none if there is no such user.
    #[must_use]
    pub fn memberships(&self, user: &ResourceId) -> BTreeSet<ResourceId> {
        self.store.shelf(ResourceType::User).get(user).map(|entry| entry.linked.clone()).unwrap_or_default()
    }

    /// Puts a user there without a request, as an administrator might have made it by hand: nothing is checked, not even for duplicates.
    ///
    /// A later PUT or PATCH is checked as a whole, so one that leaves a resource AWS would not take is refused even if it changes something else.
    /// A resource that has an `id` keeps it, and takes the place of the one that has it already. It is created at the time of the latest
    /// request, or in 1970.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_emulator::{Service, Settings};
    /// use idbridge_scim::Resource;
    ///
    /// let mut service = Service::new(Settings::default());
    /// let by_hand = Resource::from_json(br#"{"id":"9067729b3d-1","userName":"jdoe"}"#)?;
    /// assert_eq!(service.seed_user(by_hand).as_str(), "9067729b3d-1");
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn seed_user(&mut self, user: Resource) -> ResourceId {
        self.seed(ResourceType::User, &user)
    }

    /// Puts a group there without a request, with those of `members` that are users; else as [`seed_user`](Self::seed_user).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_emulator::{Service, Settings};
    /// use idbridge_scim::{Group, Resource, User};
    ///
    /// let mut service = Service::new(Settings::default());
    /// let anna = service.seed_user(Resource::from(User::new("anna@example.com")));
    /// let group = service.seed_group(Resource::from(Group::new("Engineering")), [&anna]);
    /// assert!(service.members(&group).contains(&anna));
    /// ```
    pub fn seed_group<'a>(&mut self, group: Resource, members: impl IntoIterator<Item = &'a ResourceId>) -> ResourceId {
        let mut group = group;
        group.attributes_mut().remove("members");
        let id = self.seed(ResourceType::Group, &group);
        for member in members {
            self.store.link(&id, member);
        }
        id
    }

    /// Puts a user into a group without a request, and says whether that changed anything.
    pub fn add_member(&mut self, group: &ResourceId, user: &ResourceId) -> bool {
        self.store.link(group, user)
    }

    /// Takes a user out of a group without a request, and says whether that changed anything.
    pub fn remove_member(&mut self, group: &ResourceId, user: &ResourceId) -> bool {
        self.store.unlink(group, user)
    }

    /// Takes a user and its memberships away without a request, and says whether it was there.
    pub fn remove_user(&mut self, id: &ResourceId) -> bool {
        self.store.remove(ResourceType::User, id)
    }

    /// Takes a group and its memberships away without a request, and says whether it was there.
    pub fn remove_group(&mut self, id: &ResourceId) -> bool {
        self.store.remove(ResourceType::Group, id)
    }

    /// Changes a user without a request and without a check, as an administrator might; its `id` stays. Says whether it was there.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_emulator::{Service, Settings};
    /// use idbridge_scim::{Resource, User};
    ///
    /// let mut service = Service::new(Settings::default());
    /// let anna = service.seed_user(Resource::from(User::new("anna@example.com")));
    /// assert!(service.edit_user(&anna, |user| user.attributes_mut().set("active", false)));
    /// ```
    pub fn edit_user(&mut self, id: &ResourceId, edit: impl FnOnce(&mut Resource)) -> bool {
        self.edit(ResourceType::User, id, edit)
    }

    /// Changes a group without a request and without a check, as an administrator might; its `id` stays. Says whether it was there.
    pub fn edit_group(&mut self, id: &ResourceId, edit: impl FnOnce(&mut Resource)) -> bool {
        self.edit(ResourceType::Group, id, edit)
    }

    /// Accepts these tokens and no others: a rotation when there are two, the end of access when there are none.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_emulator::{Service, Settings, Token};
    ///
    /// let mut service = Service::new(Settings::default());
    /// service.set_tokens([Token::new("old"), Token::new("new")]);
    /// assert!(service.revoke_token("old"));
    /// ```
    pub fn set_tokens(&mut self, tokens: impl IntoIterator<Item = Token>) {
        self.settings.tokens = tokens.into_iter().collect();
    }

    /// Accepts this token no longer, and says whether it was accepted.
    pub fn revoke_token(&mut self, token: &str) -> bool {
        let before = self.settings.tokens.len();
        self.settings.tokens.retain(|accepted| accepted.expose() != token);
        self.settings.tokens.len() < before
    }

    /// The requests that came, oldest first, with the refused and the lost ones.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::UNIX_EPOCH;
    ///
    /// use idbridge_emulator::{Service, Settings};
    /// use idbridge_scim::Filter;
    /// use idbridge_scim::protocol::{ListQuery, Request, ResourceType};
    ///
    /// let mut service = Service::new(Settings::default());
    /// let query = ListQuery::filtered(Filter::user_name("anna@example.com"));
    /// service.handle(&Request::list(ResourceType::User, query), UNIX_EPOCH);
    ///
    /// // How many requests did it take, and were any of them writes?
    /// assert_eq!(service.log().len(), 1);
    /// assert!(service.log().iter().all(|logged| logged.method() == "GET"));
    /// ```
    #[must_use]
    pub fn log(&self) -> &[Logged] {
        self.log.entries()
    }

    /// Forgets the requests that came, so that a test counts from here on.
    pub fn clear_log(&mut self) {
        self.log.clear();
    }

    /// Stores what is given under its own id or a new one, and keeps a `meta.created` that it has.
    fn seed(&mut self, resource_type: ResourceType, resource: &Resource) -> ResourceId {
        let id = resource.id().unwrap_or_else(|| self.next_id());
        let created = shape::created(resource).map_or_else(|| date_time(self.clock), str::to_owned);
        let stored = shape::stored(resource_type, &shape::given(resource), &id, &created, self.clock);
        self.store.put(resource_type, &id, stored);
        id
    }

    /// Changes what was given of a resource, and says whether there is one.
    fn edit(&mut self, resource_type: ResourceType, id: &ResourceId, edit: impl FnOnce(&mut Resource)) -> bool {
        let Some(entry) = self.store.shelf(resource_type).get(id) else {
            return false;
        };
        let created = shape::created(&entry.resource).unwrap_or_default().to_owned();
        let mut edited = shape::given(&entry.resource);
        edit(&mut edited);
        let stored = shape::stored(resource_type, &shape::given(&edited), id, &created, self.clock);
        self.store.put(resource_type, id, stored);
        true
    }
}
