//! What a plan does, and what it deliberately does not do.
//!
//! An operation is about one object and may take several requests; which ones, the [`Run`](crate::Run) decides as the answers come. What is held
//! and what is withheld is data of the plan as much as the operations are, so that a report can say of every record what became of it (GM-11).

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use idbridge_scim::{Change, Resource, ResourceId};
use serde::{Deserialize, Serialize};

use crate::finding::{Because, Finding};
use crate::key::{Key, UserKey};

/// One thing that a plan does to one object.
///
/// The places in [`requires`](Self::requires) and [`after`](Self::after) are places in [`Plan::operations`](crate::Plan::operations). A required
/// operation that does not succeed takes this one with it, as held; one that only comes before does not. So a group is created without the member
/// who could not be created (GM-33), but nobody gets an e-mail address that its holder has not given up (E-10).
///
/// # Examples
///
/// Anna is not at the service; her creation, and the group that waits for her:
///
/// ```
/// # use idbridge_planner::{plan, Answer, Coverage, Desired, DesiredGroup, DesiredUser, GroupKey, GroupManagement, UserKey};
/// # use idbridge_planner::{LastSent, Observed, Policy, State};
/// # use idbridge_scim::{Profile, Resource};
/// # let mut desired = Desired::new(Coverage::Complete);
/// # desired.manage_user(vec!["userName".parse()?]);
/// # let anna = Resource::from_json(br#"{"userName":"anna@example.com"}"#)?;
/// # desired.set_user(UserKey::from("anna"), Answer::Want(DesiredUser::new(anna).entitled_by("in Staff")));
/// # let staff = Resource::from_json(br#"{"displayName":"Staff"}"#)?;
/// # desired.set_group(GroupKey::from("staff"), Answer::Want(DesiredGroup::new(staff, [UserKey::from("anna")].into())));
/// # let mut observed = Observed::default();
/// # observed.users_mut().complete();
/// # observed.groups_mut().complete();
/// # let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
/// # let now = std::time::SystemTime::UNIX_EPOCH;
/// let plan = plan(&desired, &observed, &State::default(), &LastSent::default(), &policy, now);
/// let [user, group] = plan.operations() else { panic!("two operations") };
/// assert_eq!((user.kind.name(), user.label.as_str()), ("createUser", "anna@example.com"));
/// assert_eq!(user.because.to_string(), "UL-01: is entitled (in Staff) and not at the service");
/// assert_eq!((group.kind.name(), &group.requires[..], &group.after[..]), ("createGroup", &[][..], &[0][..]));
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Operation {
    /// Whose object it is: the directory's key, which stays the same when names change.
    pub key: Key,
    /// The record's name, for people: the `userName` or `displayName` that is wanted or, of a record that is not wanted, that the service holds.
    pub label: String,
    /// What is done.
    pub kind: OperationKind,
    /// Why.
    pub because: Because,
    /// Operations, by their place in the plan, that must have succeeded before: whoever gives up a name that this one takes, and the creation or
    /// adoption of the group whose members change. If one of them does not succeed, this one ends held, with a finding `Waits`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<usize>,
    /// Operations, by their place in the plan, that must be over before, however they ended: those that bring the members, and what is done to the
    /// same object earlier, because one object gets one request at a time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<usize>,
}

/// What an [`Operation`] does.
///
/// | variant | requests when nothing goes wrong | planned when | rules |
/// | --- | --- | --- | --- |
/// | `CreateUser` | 1 POST | wanted, active, and known not to be there | UL-01, UL-09 |
/// | `AdoptUser` | 1 PATCH, or none | wanted and there, found by `externalId` or name | IC-14, E-4, E-5 |
/// | | | present, not linked, and there with our `externalId` (a lost state) | E-2 |
/// | `UpdateUser` | 1 PATCH | linked, and a managed attribute differs from what was last sent | AM-19, AM-20, UL-08 |
/// | | | linked, active, and not entitled any more or suspended: `active` is false | GM-20, UL-04 |
/// | `DeleteUser` | 1 DELETE | linked and absent | IC-12 |
/// | `CreateGroup` | 1 POST, 1 PATCH for each 100 more members | wanted, known not to be there, with a member | GM-03, GM-11 |
/// | `AdoptGroup` | 1 PATCH, or none | wanted and there, or associated again | GM-08, GM-19, IC-17 |
/// | `UpdateGroup` | 1 PATCH | linked, and a managed attribute differs, such as the name | GM-14, AC-06 |
/// | `AddMembers` | 1 PATCH for each 100 members | in the directory's group and not in the service's | GM-12, GM-32 |
/// | `RemoveMembers` | 1 PATCH for each 100 members | in the service's group, ours, and not in the directory's | GM-12, E-6 |
/// | `DeleteGroup` | 1 DELETE | linked, managed, and absent | GM-22 |
/// | `ReleaseGroup` | none | linked and disassociated | GM-16 |
///
/// With [`UpdateMethod::Put`](idbridge_scim::UpdateMethod::Put), each PATCH of a user is a GET and a PUT. New variants may come; one that a program
/// does not know is still described by [`name`](Self::name), [`risk`](Self::risk) and [`Plan::explain`](crate::Plan::explain).
///
/// In a saved plan, a kind is an object with its [`name`](Self::name) and its fields, such as `{"name":"deleteUser","id":"9067729b3d-94f1e0b3"}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub enum OperationKind {
    /// A user is created, by one POST. Answered 409, or not at all, it is looked for before anything is sent again (UL-02, UL-03).
    CreateUser {
        /// The new user: every attribute that is mapped, those that are written only once among them (AC-02). The managed ones are remembered as
        /// last sent.
        resource: Arc<Resource>,
    },
    /// A user of the service that was not linked is taken over, then changed: never a second POST for somebody who is there (IC-14).
    AdoptUser {
        /// Which one.
        id: ResourceId,
        /// By what it was found.
        matched: Match,
        /// What changes; nothing if it is as it shall be. The link is remembered before the changes are sent.
        changes: Vec<Change>,
        /// The managed attributes afterwards.
        sent: Resource,
    },
    /// A user is changed, by one PATCH with nothing in it but the changes. Of somebody who is not entitled any more, that is `active` alone.
    UpdateUser {
        /// Which one.
        id: ResourceId,
        /// What changes. Where it was not known what was last sent, every managed attribute that has a value.
        changes: Vec<Change>,
        /// The managed attributes afterwards.
        sent: Resource,
        /// The whole user, to be created if the service has lost it (UL-09); nothing if it is not wanted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wanted: Option<Arc<Resource>>,
    },
    /// A user is deleted. A 404 is as good as a 204. The service drops the memberships, so none is removed before (IC-13).
    DeleteUser {
        /// Which one.
        id: ResourceId,
    },
    /// A group is created, with its members: the POST carries as many as one request may, a PATCH each further part (GM-32).
    CreateGroup {
        /// The new group, without members.
        resource: Resource,
        /// The members, by key. Whoever is not linked when the request is built is left out (GM-33); if nobody is left, there is no POST (GM-05).
        members: Vec<UserKey>,
    },
    /// A group of the service that was not linked, or was disassociated, is taken over, then changed. Memberships are operations of their own.
    AdoptGroup {
        /// Which one.
        id: ResourceId,
        /// By what it was found.
        matched: Match,
        /// What changes; nothing if it is as it shall be.
        changes: Vec<Change>,
        /// The managed attributes afterwards.
        sent: Resource,
        /// The members that it has, as far as they are ours.
        members: BTreeSet<UserKey>,
        /// Whether it has members that are nobody's, or may have. Whoever is adopted later may be one of them, and its members are read again then.
        unmanaged_members: bool,
    },
    /// A group is changed, its members aside. A rename keeps the identifier, and with it the permission sets that hang on it (AC-06).
    UpdateGroup {
        /// Which one.
        id: ResourceId,
        /// What changes.
        changes: Vec<Change>,
        /// The managed attributes afterwards.
        sent: Resource,
    },
    /// Members are added to a group. To add somebody twice does no harm.
    AddMembers {
        /// The members, by key: wanted, not held, and there or coming.
        users: Vec<UserKey>,
    },
    /// Members are removed from a group. The last one may go: a group that is empty stays (GM-06).
    RemoveMembers {
        /// The members, by key. Whoever is held stays, and whoever is about to be deleted is left out (IC-13).
        users: Vec<UserKey>,
        /// Members that are nobody in the directory, by the service's identifier; only by [`UnmanagedMembers::Remove`](crate::UnmanagedMembers).
        unmanaged: Vec<ResourceId>,
    },
    /// A group is deleted. A 404 is as good as a 204. Its members are deactivated only if nothing else entitles them (GM-24, GM-25).
    DeleteGroup {
        /// Which one.
        id: ResourceId,
    },
    /// A group was disassociated: it is left as it is, and no longer managed (GM-16). No request; the link is kept, for the day on which it is
    /// associated again.
    ReleaseGroup,
}

/// By what an object of the service was found to belong to a record (E-5).
///
/// An e-mail address alone is never a match. What is linked to another record is never found, and by name neither is what carries the `externalId`
/// of another record of the directory.
///
/// # Examples
///
/// ```
/// assert_eq!(idbridge_planner::Match::ExternalId.to_string(), "externalId");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Match {
    /// The `externalId` is the directory's identifier, compared with case: the same record, whatever its name is now (E-4).
    ExternalId,
    /// The `userName` or `displayName` is equal without case, as AWS compares them.
    Name,
    /// It was linked before, and then disassociated; only groups (GM-19).
    Link,
}

/// What an operation does to people's access: its risk grade. The order is the order of harm.
///
/// | grade | operations | taken back by |
/// | --- | --- | --- |
/// | `Harmless` | creations, take-overs, changes, additions, releases | |
/// | `TakesAccess` | deactivations, also within a take-over or a change; removals of members | activating, adding again |
/// | `ReplacesId` | deletions of users and groups | nothing: what is made again has another identifier |
///
/// # Examples
///
/// ```
/// use idbridge_planner::{OperationKind, Risk};
///
/// assert_eq!(OperationKind::ReleaseGroup.risk(), Risk::Harmless);
/// assert!(Risk::Harmless < Risk::TakesAccess && Risk::TakesAccess < Risk::ReplacesId);
/// assert_eq!(Risk::ReplacesId.to_string(), "ends an id that permission sets may hang on");
/// assert_eq!(Risk::ReplacesId.name(), "replacesId");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Risk {
    /// Nobody loses anything. The guard never withholds it.
    Harmless,
    /// Somebody loses access, and gets it back when it is undone: a deactivation, a member removal.
    TakesAccess,
    /// An object goes with its identifier, and with it the permission sets that hang on it. Whatever is made in its place has another identifier, to
    /// which somebody has to give them anew.
    ReplacesId,
}

impl Risk {
    /// Names the grade for reports and programs. The names do not change.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Harmless => "harmless",
            Self::TakesAccess => "takesAccess",
            Self::ReplacesId => "replacesId",
        }
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Harmless => "harmless",
            Self::TakesAccess => "takes access away",
            Self::ReplacesId => "ends an id that permission sets may hang on",
        })
    }
}

impl OperationKind {
    /// Names the operation for reports, such as `createUser`. The names do not change; a deactivation is an `updateUser`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::OperationKind;
    ///
    /// assert_eq!(OperationKind::AddMembers { users: Vec::new() }.name(), "addMembers");
    /// ```
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::CreateUser { .. } => "createUser",
            Self::AdoptUser { .. } => "adoptUser",
            Self::UpdateUser { .. } => "updateUser",
            Self::DeleteUser { .. } => "deleteUser",
            Self::CreateGroup { .. } => "createGroup",
            Self::AdoptGroup { .. } => "adoptGroup",
            Self::UpdateGroup { .. } => "updateGroup",
            Self::AddMembers { .. } => "addMembers",
            Self::RemoveMembers { .. } => "removeMembers",
            Self::DeleteGroup { .. } => "deleteGroup",
            Self::ReleaseGroup => "releaseGroup",
        }
    }

    /// Says what it does to people's access, by which the guard decides what it withholds.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::{OperationKind, Risk};
    /// use idbridge_scim::{Change, Path, Resource, ResourceId, Value};
    ///
    /// let id = ResourceId::new("9067729b3d-94f1e0b3")?;
    /// let off = Change::new(Path::of("active"), Some(Value::Boolean(true)), Some(Value::Boolean(false)));
    /// let update = OperationKind::UpdateUser { id: id.clone(), changes: vec![off], sent: Resource::new(), wanted: None };
    /// assert!(update.deactivates());
    /// assert_eq!(update.risk(), Risk::TakesAccess);
    /// assert_eq!(OperationKind::DeleteUser { id }.risk(), Risk::ReplacesId);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn risk(&self) -> Risk {
        match self {
            Self::DeleteUser { .. } | Self::DeleteGroup { .. } => Risk::ReplacesId,
            Self::RemoveMembers { .. } => Risk::TakesAccess,
            _ if self.deactivates() => Risk::TakesAccess,
            _ => Risk::Harmless,
        }
    }

    /// Whether it makes an active user inactive. A user of whom it is not known counts as active, so that the guard counts too much rather than too
    /// little.
    #[must_use]
    pub fn deactivates(&self) -> bool {
        self.changes().iter().any(is_deactivation)
    }

    /// Returns the changes of attributes; none for a creation, a deletion and memberships.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        match self {
            Self::AdoptUser { changes, .. }
            | Self::UpdateUser { changes, .. }
            | Self::AdoptGroup { changes, .. }
            | Self::UpdateGroup { changes, .. } => changes,
            _ => &[],
        }
    }

    /// Counts the writes that it takes when nothing goes wrong, with at most `members` in one; 0 counts as 1. The reads that PUT needs are in
    /// [`Plan::cost`](crate::Plan::cost).
    ///
    /// Members of ours and members that are nobody in the directory do not share a request, because only ours are remembered.
    ///
    /// # Examples
    ///
    /// GM-32: 250 new members of a group are three requests to AWS, which takes 100 in one.
    ///
    /// ```
    /// use idbridge_planner::{OperationKind, UserKey};
    ///
    /// let users = (0..250).map(|number| UserKey::from(format!("u{number}"))).collect();
    /// assert_eq!(OperationKind::AddMembers { users }.requests(100), 3);
    /// assert_eq!(OperationKind::ReleaseGroup.requests(100), 0);
    /// ```
    #[must_use]
    pub fn requests(&self, members: usize) -> usize {
        let members = members.max(1);
        match self {
            Self::CreateUser { .. } | Self::DeleteUser { .. } | Self::DeleteGroup { .. } => 1,
            Self::CreateGroup { members: users, .. } => users.len().div_ceil(members).max(1),
            Self::AddMembers { users } => users.len().div_ceil(members),
            Self::RemoveMembers { users, unmanaged } => users.len().div_ceil(members) + unmanaged.len().div_ceil(members),
            Self::ReleaseGroup => 0,
            Self::AdoptUser { changes, .. }
            | Self::UpdateUser { changes, .. }
            | Self::AdoptGroup { changes, .. }
            | Self::UpdateGroup { changes, .. } => usize::from(!changes.is_empty()),
        }
    }
}

/// Whether a change makes an active user inactive; one whose state was not known counts as active.
pub(crate) fn is_deactivation(change: &Change) -> bool {
    let flag = |value: Option<&idbridge_scim::Value>| value.and_then(idbridge_scim::Value::as_bool);
    change.path().is_within("active") && flag(change.after()) == Some(false) && flag(change.before()) != Some(false)
}

impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ExternalId => "externalId",
            Self::Name => "name",
            Self::Link => "an earlier link",
        })
    }
}

/// A record to which nothing is done, with the findings that stop it.
///
/// To hold is not to remove: whoever is held keeps the access that he has, stays in his groups, and proves entitlement as before (E-2, GM-26). The
/// hold ends by itself as soon as the finding does.
///
/// # Examples
///
/// ```
/// # use idbridge_planner::{plan, Answer, Coverage, Desired, Finding, GroupManagement, LastSent, Observed, Policy, State, UserKey};
/// # let mut desired = Desired::new(Coverage::Complete);
/// # let policy = Policy::new(&idbridge_scim::Profile::aws_iam_identity_center(), GroupManagement::On);
/// # let now = std::time::SystemTime::UNIX_EPOCH;
/// let finding = Finding::new("MissingRequired", "name.familyName is required and has no value").labelled("cher@example.com");
/// desired.set_user(UserKey::from("cher"), Answer::Hold(vec![finding]));
///
/// let plan = plan(&desired, &Observed::default(), &State::default(), &LastSent::default(), &policy, now);
/// let held = &plan.held()[0];
/// assert_eq!((held.key.to_string().as_str(), held.label.as_str()), ("user cher", "cher@example.com"));
/// assert_eq!(held.findings[0].code, "MissingRequired");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Held {
    /// Which record.
    pub key: Key,
    /// Its name, for people: the one that is wanted, else the one that the service holds, else the one in its findings; empty if none is known.
    pub label: String,
    /// Why: each with this record's key.
    pub findings: Vec<Finding>,
}

/// Something that takes access away and is not done, although the source asks for it (E-8, UL-10, UL-11).
///
/// Of an operation that changes more than it takes away, only the taking is withheld: a suspended user whose title changed gets the title.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Withheld {
    /// What is not done: the operation as it would have been in the plan, without places of others.
    pub operation: Operation,
    /// Why not. Where it is the guard, [`Plan::tripped`](crate::Plan::tripped) has the numbers.
    pub reason: WithheldReason,
}

/// Why something is withheld.
///
/// | reason | ends when | an allowance lifts it |
/// | --- | --- | --- |
/// | `Guard` | the window is over, or less is taken away | yes |
/// | `SourceIncomplete` | the source is read to its end | only what a record itself says: a suspension |
/// | `SourceEmpty` | the source has users and groups again | yes |
///
/// # Examples
///
/// ```
/// use idbridge_planner::WithheldReason;
///
/// assert_eq!(WithheldReason::SourceIncomplete.code(), "SourceIncomplete");
/// assert_eq!(WithheldReason::SourceIncomplete.to_string(), "the source was not read to its end");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum WithheldReason {
    /// More would be taken away than the guard, or the allowance, lets pass.
    Guard,
    /// The source was not read to its end, so nothing follows from what is not in it.
    SourceIncomplete,
    /// The source has no users, or no groups, although some are linked: more likely a fault on the way than a company without people.
    SourceEmpty,
}

impl WithheldReason {
    /// Names the reason for reports and programs. The names do not change.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Guard => "Guard",
            Self::SourceIncomplete => "SourceIncomplete",
            Self::SourceEmpty => "SourceEmpty",
        }
    }
}
