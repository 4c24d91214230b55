//! What is around a person in the directory: groups and manager.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::directory::{Completeness, DirectoryId, Snapshot, User};

/// What is around a person in the directory, for expressions that ask for the groups or the manager.
///
/// Who is in which group is looked up in the whole directory at the first question, and only if there is one.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{Surroundings, directory::{Application, DirectoryId, Group, Snapshot, User}};
///
/// let anna = User::new(DirectoryId::new("u1")?);
/// let mut group = Group::new(DirectoryId::new("g1")?, "Staff");
/// group.members.insert(anna.id.clone());
/// let mut snapshot = Snapshot::new(Application::default());
/// snapshot.insert_group(group);
///
/// assert_eq!(Surroundings::of(&snapshot).groups_of(&anna), ["Staff"]);
/// assert!(Surroundings::none().groups_of(&anna).is_empty());
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Surroundings<'a> {
    snapshot: Option<&'a Snapshot>,
    // Owned, so that it can be lent for shorter than the snapshot.
    groups: OnceLock<BTreeMap<DirectoryId, Vec<Arc<str>>>>,
}

impl<'a> Surroundings<'a> {
    /// Nothing is known but the person: no groups and no manager.
    ///
    /// An expression that asks for a group or for the manager finds that they are absent.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Surroundings, directory::{DirectoryId, User}};
    ///
    /// let mut anna = User::new(DirectoryId::new("u1")?);
    /// anna.manager = Some(DirectoryId::new("u2")?);
    /// let surroundings = Surroundings::none();
    /// assert!(surroundings.manager_of(&anna).is_none());
    /// assert!(!surroundings.is_partial());
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Everything that the directory has.
    #[must_use]
    pub fn of(snapshot: &'a Snapshot) -> Self {
        Self { snapshot: Some(snapshot), groups: OnceLock::new() }
    }

    /// The names of the groups that a person is in, in the order of the groups' identifiers, trimmed. A group without a name is not among them.
    ///
    /// Groups in groups count as far as the snapshot was [flattened](Snapshot::flatten).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Surroundings, directory::jumpcloud};
    ///
    /// let snapshot = jumpcloud::read(br#"{
    ///     "systemusers": [{"_id": "u1"}, {"_id": "u2"}],
    ///     "usergroups": [
    ///         {"id": "g1", "name": " Staff ", "members": ["u1", "u2"]},
    ///         {"id": "g2", "name": "Admins", "members": ["u1"]}
    ///     ],
    ///     "application": {"usergroups": []}
    /// }"#)?;
    /// let surroundings = Surroundings::of(&snapshot);
    /// assert_eq!(surroundings.groups_of(&snapshot.users()["u1"]), ["Staff", "Admins"]);
    /// assert_eq!(surroundings.groups_of(&snapshot.users()["u2"]), ["Staff"]);
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn groups_of(&self, user: &User) -> Vec<&str> {
        let all = self.groups.get_or_init(|| self.groups_by_member());
        all.get(&user.id).into_iter().flatten().map(|name| &**name).collect()
    }

    /// The person whom `user` reports to, if the directory has them.
    ///
    /// Nobody if the identifier leads nowhere, which in a directory that [is partial](Self::is_partial) says nothing of the manager.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Surroundings, directory::jumpcloud};
    ///
    /// let snapshot = jumpcloud::read(br#"{
    ///     "systemusers": [{"_id": "u1", "manager": "u2"}, {"_id": "u2", "email": "ola@example.com"}],
    ///     "usergroups": [],
    ///     "application": {"usergroups": []}
    /// }"#)?;
    /// let manager = Surroundings::of(&snapshot).manager_of(&snapshot.users()["u1"]);
    /// assert_eq!(manager.and_then(|manager| manager.email.as_deref()), Some("ola@example.com"));
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn manager_of(&self, user: &User) -> Option<&'a User> {
        self.snapshot?.users().get(user.manager.as_ref()?.as_str())
    }

    /// Whether the directory may have more than was read, so that nothing can be concluded from a group or a manager who is not there.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Surroundings, directory::{Application, Incomplete, Snapshot}};
    ///
    /// let mut snapshot = Snapshot::new(Application::default());
    /// assert!(!Surroundings::of(&snapshot).is_partial());
    /// snapshot.mark_partial(Incomplete::Declared);
    /// assert!(Surroundings::of(&snapshot).is_partial());
    /// ```
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.snapshot.is_some_and(|snapshot| *snapshot.completeness() != Completeness::Complete)
    }

    /// Turns the lists of members round, in time in proportion to the memberships: to look through all groups for each person would be quadratic. A
    /// name
    /// is held once and shared by everybody who is in the group.
    fn groups_by_member(&self) -> BTreeMap<DirectoryId, Vec<Arc<str>>> {
        let mut by_member = BTreeMap::<_, Vec<_>>::new();
        for group in self.snapshot.into_iter().flat_map(|snapshot| snapshot.groups().values()) {
            let Some(name) = group.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) else { continue };
            let name = Arc::<str>::from(name);
            for member in &group.members {
                by_member.entry(member.clone()).or_default().push(Arc::clone(&name));
            }
        }
        by_member
    }
}
