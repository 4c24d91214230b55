//! Who is bound to the application, and through what.

use std::collections::BTreeSet;

use super::{DirectoryId, Group, Lifecycle, Snapshot};

impl Snapshot {
    /// The people who may use the application: not staged, and in a bound group or bound directly.
    ///
    /// A held group and a held person count: nobody loses access because a record could not be sent. An identifier in a member list that no
    /// person has is left out.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::jumpcloud;
    ///
    /// let snapshot = jumpcloud::read(br#"{
    ///     "systemusers": [
    ///         {"_id": "u1"},
    ///         {"_id": "u2", "state": "SUSPENDED"},
    ///         {"_id": "u3", "state": "STAGED"},
    ///         {"_id": "u4"}
    ///     ],
    ///     "usergroups": [{"id": "g1", "name": "Staff", "members": ["u1", "u2", "u3", "u9"]}],
    ///     "application": {"usergroups": ["g1"]}
    /// }"#)?;
    /// // Suspended is still entitled, staged is not; u4 is in no bound group, and u9 is nobody.
    /// assert_eq!(snapshot.entitled().into_iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["u1", "u2"]);
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn entitled(&self) -> BTreeSet<&DirectoryId> {
        let bound = self.bound_groups().flat_map(|group| &group.members);
        let people = bound.chain(&self.application().users).filter_map(|id| self.users().get(id));
        people.filter(|user| user.lifecycle != Lifecycle::Staged).map(|user| &user.id).collect()
    }

    /// The groups that are bound to the application and that list the person `user`, in the order of the groups' identifiers.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::jumpcloud;
    ///
    /// let snapshot = jumpcloud::read(br#"{
    ///     "systemusers": [{"_id": "u1"}],
    ///     "usergroups": [{"id": "g1", "name": "Staff", "members": ["u1"]}, {"id": "g2", "name": "Club", "members": ["u1"]}],
    ///     "application": {"usergroups": ["g1"]}
    /// }"#)?;
    /// let user = &snapshot.users()["u1"];
    /// assert_eq!(snapshot.bound_groups_of(&user.id).map(|group| group.id.as_str()).collect::<Vec<_>>(), ["g1"]);
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    pub fn bound_groups_of<'a>(&'a self, user: &DirectoryId) -> impl Iterator<Item = &'a Group> {
        self.bound_groups().filter(|group| group.members.contains(user))
    }

    /// The groups that are bound to the application, in the order of their identifiers; a binding to a group that is not there is none.
    pub fn bound_groups(&self) -> impl Iterator<Item = &Group> {
        self.application().groups.iter().filter_map(|id| self.groups().get(id))
    }
}
