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
    #[must_use]
    pub fn groups_of(&self, user: &User) -> Vec<&str> {
        let all = self.groups.get_or_init(|| self.groups_by_member());
        all.get(&user.id).into_iter().flatten().map(|name| &**name).collect()
    }

    /// The person whom `user` reports to, if the directory has them.
    #[must_use]
    pub fn manager_of(&self, user: &User) -> Option<&'a User> {
        self.snapshot?.users().get(user.manager.as_ref()?.as_str())
    }

    /// Whether the directory may have more than was read, so that nothing can be concluded from a group or a manager who is not there.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.snapshot.is_some_and(|snapshot| *snapshot.completeness() != Completeness::Complete)
    }

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
