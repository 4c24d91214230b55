//! What the directory wants.

use std::collections::{BTreeMap, BTreeSet};

use idbridge_scim::{AttrPath, Resource};

use crate::finding::{Because, Finding};
use crate::key::{GroupKey, Key, UserKey};

/// What a directory wants of the service: one answer for every record it knows, and whether it knows all records.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{Answer, Coverage, Desired, DesiredUser, UserKey};
/// use idbridge_scim::{Resource, User};
///
/// let mut desired = Desired::new(Coverage::Complete);
/// let user = DesiredUser::new(Resource::from(User::new("anna@example.com")));
/// desired.set_user(UserKey::from("1"), Answer::Want(user));
/// // Not in a complete source is absent; in a source that was not read to its end, it would be held.
/// assert!(matches!(desired.user(&UserKey::from("2")), Answer::Absent));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Desired {
    coverage: Coverage,
    users: BTreeMap<UserKey, Answer<DesiredUser>>,
    groups: BTreeMap<GroupKey, Answer<DesiredGroup>>,
    managed_user: Vec<AttrPath>,
    managed_group: Vec<AttrPath>,
    findings: Vec<Finding>,
}

/// Whether a source was read to its end.
///
/// Only a complete source tells that something is absent. Unknown is not empty is not absent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the caller must act on both")]
pub enum Coverage {
    /// Everything that there is was read.
    Complete,
    /// Something may be missing; nothing follows from an absence.
    Partial {
        /// Why, in sentences for people.
        reasons: Vec<String>,
    },
}

/// What the source says of one record.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "the four answers of which every rule is made")]
pub enum Answer<T> {
    /// It shall be at the service, like this.
    Want(T),
    /// A finding stops us: nothing is done to it, not even for its good.
    Hold(Vec<Finding>),
    /// It is in the source but not entitled: at most it is deactivated (a user) or left alone (a group).
    Present(Presence),
    /// It is not in the source, which was read to its end.
    Absent,
}

/// Why a record is in the source but not wanted at the service.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Presence {
    /// The rule and what made it apply.
    pub because: Because,
    /// Whether the record itself says so, or it is concluded from an absence, such as "in no bound group".
    pub evidence: Evidence,
}

/// What a conclusion rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the caller must act on both")]
pub enum Evidence {
    /// The record itself.
    Record,
    /// Something that was not there, which needs a complete source.
    Absence,
}

/// A user as it shall be.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DesiredUser {
    /// Every attribute of a new user. An update touches only the managed ones ([`Desired::manage_user`]).
    pub resource: Resource,
    /// Through what the user is entitled, for people: a group's name, or "bound directly".
    pub entitled_by: String,
}

/// A group as it shall be.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DesiredGroup {
    /// The attributes, without members.
    pub resource: Resource,
    /// The members, by key. A key that is no wanted user is not added.
    pub members: BTreeSet<UserKey>,
}

impl DesiredUser {
    /// A user with these attributes.
    #[must_use]
    pub fn new(resource: Resource) -> Self {
        Self { resource, entitled_by: String::new() }
    }

    /// The same, with the reason for which the user is entitled.
    #[must_use]
    pub fn entitled_by(mut self, reason: impl Into<String>) -> Self {
        self.entitled_by = reason.into();
        self
    }

    /// Whether the user shall be active; a missing `active` counts as active.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.resource.get("active").and_then(|value| value.as_bool()) != Some(false)
    }
}

impl DesiredGroup {
    /// A group with these attributes and members.
    #[must_use]
    pub fn new(resource: Resource, members: BTreeSet<UserKey>) -> Self {
        Self { resource, members }
    }
}

impl Presence {
    /// In the source but not entitled.
    #[must_use]
    pub fn new(because: Because, evidence: Evidence) -> Self {
        Self { because, evidence }
    }
}

impl Desired {
    /// Nothing yet.
    #[must_use]
    pub fn new(coverage: Coverage) -> Self {
        Self {
            coverage,
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            managed_user: Vec::new(),
            managed_group: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Says what shall become of a user.
    pub fn set_user(&mut self, key: UserKey, answer: Answer<DesiredUser>) {
        self.users.insert(key, answer);
    }

    /// Says what shall become of a group.
    pub fn set_group(&mut self, key: GroupKey, answer: Answer<DesiredGroup>) {
        self.groups.insert(key, answer);
    }

    /// Says which attributes of a user an update may touch. One that is mapped but not here is written once, at create.
    pub fn manage_user(&mut self, attributes: Vec<AttrPath>) {
        self.managed_user = attributes;
    }

    /// Says which attributes of a group an update may touch.
    pub fn manage_group(&mut self, attributes: Vec<AttrPath>) {
        self.managed_group = attributes;
    }

    /// Adds something that a person should know about the source.
    pub fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Whether the source was read to its end.
    #[must_use]
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// Whether nothing may be concluded from an absence.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.coverage != Coverage::Complete
    }

    /// The answer for a user; one that is not in the source is absent if the source is complete, else held.
    #[must_use]
    pub fn user(&self, key: &UserKey) -> Answer<DesiredUser> {
        self.users.get(key).cloned().unwrap_or_else(|| self.unseen(key.clone().into()))
    }

    /// The answer for a group; one that is not in the source is absent if the source is complete, else held.
    #[must_use]
    pub fn group(&self, key: &GroupKey) -> Answer<DesiredGroup> {
        self.groups.get(key).cloned().unwrap_or_else(|| self.unseen(key.clone().into()))
    }

    fn unseen<T>(&self, key: Key) -> Answer<T> {
        match &self.coverage {
            Coverage::Complete => Answer::Absent,
            Coverage::Partial { .. } => {
                let message = "is not in the source, which was not read to its end, so nothing is concluded";
                Answer::Hold(vec![Finding::new("SourceIncomplete", message).of(key)])
            }
        }
    }

    /// The users that the source knows, in the order of their keys.
    pub fn users(&self) -> impl Iterator<Item = (&UserKey, &Answer<DesiredUser>)> {
        self.users.iter()
    }

    /// The groups that the source knows, in the order of their keys.
    pub fn groups(&self) -> impl Iterator<Item = (&GroupKey, &Answer<DesiredGroup>)> {
        self.groups.iter()
    }

    /// The attributes of a user that an update may touch.
    #[must_use]
    pub fn managed_user(&self) -> &[AttrPath] {
        &self.managed_user
    }

    /// The attributes of a group that an update may touch.
    #[must_use]
    pub fn managed_group(&self) -> &[AttrPath] {
        &self.managed_group
    }

    /// What a person should know about the source.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether the source has a user with this identifier, whatever the answer for it.
    pub(crate) fn has_user(&self, id: &str) -> bool {
        self.users.contains_key(id)
    }

    /// Whether the source has a group with this identifier, whatever the answer for it.
    pub(crate) fn has_group(&self, id: &str) -> bool {
        self.groups.contains_key(id)
    }

    pub(crate) fn wanted_user(&self, key: &UserKey) -> Option<&DesiredUser> {
        match self.users.get(key) {
            Some(Answer::Want(user)) => Some(user),
            _ => None,
        }
    }
}
