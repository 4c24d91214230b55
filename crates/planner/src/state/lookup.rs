//! Questions of the other direction: from a user to groups, from the service's identifier to a record.

use idbridge_scim::ResourceId;

use crate::key::{GroupKey, UserKey};
use crate::state::State;

impl State {
    /// The linked groups that a user is remembered to be a member of, those aside that were disassociated.
    pub(crate) fn groups_of(&self, user: &UserKey) -> Vec<GroupKey> {
        let groups = self.groups.iter().filter(|(_, link)| !link.released && link.members.contains(user));
        groups.map(|(key, _)| key.clone()).collect()
    }

    /// Whose the service's group `id` is, even if it was disassociated; nobody's if it was never taken over.
    pub(crate) fn group_owner(&self, id: &ResourceId) -> Option<GroupKey> {
        self.groups.iter().find(|(_, link)| link.id == *id).map(|(key, _)| key.clone())
    }
}
