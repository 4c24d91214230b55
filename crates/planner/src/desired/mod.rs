//! What the directory wants.
//!
//! The planner knows no directory: who is entitled, how attributes are mapped and what a name may contain is decided before, and comes in as one
//! [`Answer`] for each record. The four answers are all that the rules of planning are made of (E-2).

mod records;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use idbridge_scim::{AttrPath, Resource};

pub(crate) use records::{GroupRecord, Records, UserRecord};

use crate::finding::{Because, Finding};
use crate::key::{GroupKey, Key, UserKey};
use crate::name::Name;

/// What a directory wants of the service: one answer for every record it knows, and whether it knows all records.
///
/// A caller gives an answer for every user and group of the directory, those that are not entitled included: a record without one counts as not in
/// the source. Users and groups are kept in the order of their keys, so the order in which they are given changes nothing in the plan.
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
/// let partial = Desired::new(Coverage::Partial { reasons: vec!["page 3 of 7 was answered 500".to_owned()] });
/// assert!(matches!(partial.user(&UserKey::from("2")), Answer::Hold(_)));
/// ```
#[derive(Debug, Clone)]
pub struct Desired {
    coverage: Coverage,
    records: Records,
    managed_user: Vec<AttrPath>,
    kept_user: Vec<AttrPath>,
    managed_group: Vec<AttrPath>,
    findings: Vec<Finding>,
}

/// Whether a source was read to its end.
///
/// Only a complete source tells that something is absent. Unknown is not empty is not absent.
///
/// Over a partial source, what the source does say goes on as always: people are created, changed and added. What is concluded from an absence is
/// not: no deletion, no deactivation of who "is in no group", no member removal, no release of a group (UL-11).
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the caller must act on both")]
pub enum Coverage {
    /// Everything that there is was read: every page, of every kind of record, at one time.
    Complete,
    /// Something may be missing; nothing follows from an absence. A caller who is not sure says this.
    Partial {
        /// Why, in sentences for people. The planner does not print them; a caller who wants them in the plan adds a finding
        /// ([`Desired::report`]).
        reasons: Vec<String>,
    },
}

/// What the source says of one record (E-2).
///
/// | answer | a linked user | a user who is not linked | a linked group | a group that is not linked |
/// | --- | --- | --- | --- | --- |
/// | `Want` | changed where it differs | adopted, or created if active or the policy says so | changed, members compared | adopted, or created if somebody is in it |
/// | `Hold` | nothing | nothing | nothing | nothing |
/// | `Present` | deactivated | nothing; deactivated if it carries our `externalId` | released | nothing |
/// | `Absent` | deleted | nothing | deleted | nothing |
///
/// # Examples
///
/// ```
/// use idbridge_planner::{Answer, Because, DesiredUser, Evidence, Finding, Presence};
/// use idbridge_scim::{Resource, User};
///
/// // One person in four situations.
/// let entitled: Answer<DesiredUser> = Answer::Want(DesiredUser::new(Resource::from(User::new("anna@example.com"))));
/// let nameless: Answer<DesiredUser> = Answer::Hold(vec![Finding::new("MissingRequired", "name.familyName has no value")]);
/// let because = Because::new("GM-20", "is in no bound group");
/// let unbound: Answer<DesiredUser> = Answer::Present(Presence::new(because, Evidence::Absence));
/// let gone: Answer<DesiredUser> = Answer::Absent;
/// # drop((entitled, nameless, unbound, gone));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "the four answers of which every rule is made")]
pub enum Answer<T> {
    /// It shall be at the service, like this. A wanted user whose `active` is false is suspended: deactivated if linked, not created if not (UL-06).
    Want(T),
    /// A finding stops us: nothing is done to it, not even for its good, and not to its memberships. What is half known is better left alone.
    Hold(Vec<Finding>),
    /// It is in the source but not entitled: at most it is deactivated (a user) or left alone (a group). Never deleted (GM-16, GM-20, E-14).
    Present(Presence),
    /// It is not in the source, which was read to its end. Of a linked record, the only answer that deletes (IC-12, GM-22). A record that was never
    /// seen need not be given it: [`Desired::user`] concludes it.
    Absent,
}

/// Why a record is in the source but not wanted at the service.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{Because, Evidence, Presence};
///
/// // The record itself says that the person is staged; no other record could change that.
/// let staged = Presence::new(Because::new("E-1", "is staged in the directory"), Evidence::Record);
/// // Being in no bound group is concluded: a group that was not read might have shown otherwise.
/// let unbound = Presence::new(Because::new("GM-20", "is in no bound group"), Evidence::Absence);
/// assert_ne!(staged.evidence, unbound.evidence);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Presence {
    /// The rule and what made it apply; the operation that follows from it carries it unchanged.
    pub because: Because,
    /// Whether the record itself says so, or it is concluded from an absence, such as "in no bound group". It decides only over a partial source.
    pub evidence: Evidence,
}

/// What a conclusion rests on.
///
/// Over a complete source the two are equal. Over a partial one, nothing that rests on an absence is done, and no allowance changes that; what
/// rests on the record is withheld as well, but an allowance lifts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the caller must act on both")]
pub enum Evidence {
    /// The record itself: it was read, and says so.
    Record,
    /// Something that was not there, which needs a complete source. A caller who cannot tell says this.
    Absence,
}

/// A user as it shall be.
///
/// # Examples
///
/// ```
/// use idbridge_planner::DesiredUser;
/// use idbridge_scim::Resource;
///
/// let resource = Resource::from_json(br#"{"userName":"bo@example.com","externalId":"5c39","active":false}"#)?;
/// let user = DesiredUser::new(resource).entitled_by("in Developers");
/// assert!(!user.is_active());
/// assert_eq!(user.entitled_by, "in Developers");
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DesiredUser {
    /// Every attribute of a new user. An update touches only the managed ones ([`Desired::manage_user`]).
    ///
    /// `userName` is its name for people and must be there; `externalId` is by what it is found again; where it is missing, an object that carries
    /// the key is taken for it. What the service would refuse is not checked here: hold such a record, or leave the attribute out (E-11).
    ///
    /// It is shared with the plans that create the user, because a first plan of a large directory would else copy all of it.
    pub resource: Arc<Resource>,
    /// Through what the user is entitled, for people: such as "in Developers" or "bound directly". It is printed where the user is created, adopted
    /// or active again, and decides nothing.
    pub entitled_by: String,
    /// Why the user shall be inactive, where it is another reason than a suspension (UL-04), such as a rule that takes locked accounts for inactive
    /// (E-3, E-14). It is printed where the user is deactivated, and decides nothing.
    pub inactive_because: Option<Because>,
}

/// A group as it shall be.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{DesiredGroup, UserKey};
/// use idbridge_scim::Resource;
///
/// let resource = Resource::from_json(br#"{"displayName":"Developers","externalId":"6026"}"#)?;
/// let group = DesiredGroup::new(resource, ["anna", "bo"].map(UserKey::from).into());
/// assert_eq!(group.members.len(), 2);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DesiredGroup {
    /// The attributes, without members: `displayName`, its name for people, and `externalId`, by which it is found again.
    pub resource: Resource,
    /// The members, by key. A key that is no wanted user is not added; one that is held is neither added nor removed.
    pub members: BTreeSet<UserKey>,
}

impl DesiredUser {
    /// Makes a user with these attributes, entitled by nothing that is said.
    #[must_use]
    pub fn new(resource: impl Into<Arc<Resource>>) -> Self {
        Self { resource: resource.into(), entitled_by: String::new(), inactive_because: None }
    }

    /// Says for which reason the user is entitled, as it goes on behind "is entitled".
    #[must_use]
    pub fn entitled_by(mut self, reason: impl Into<String>) -> Self {
        self.entitled_by = reason.into();
        self
    }

    /// Says why the user shall be inactive, where it is not because of a suspension.
    #[must_use]
    pub fn inactive_because(mut self, because: Because) -> Self {
        self.inactive_because = Some(because);
        self
    }

    /// The reason for which the user is inactive.
    pub(crate) fn inactive_reason(&self) -> Because {
        self.inactive_because.clone().unwrap_or_else(|| Because::new("UL-04", "is suspended in the directory"))
    }

    /// Whether the user shall be active; a missing `active` counts as active, as does one that is no boolean.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.resource.get("active").and_then(|value| value.as_bool()) != Some(false)
    }
}

impl DesiredGroup {
    /// Makes a group with these attributes and members.
    #[must_use]
    pub fn new(resource: Resource, members: BTreeSet<UserKey>) -> Self {
        Self { resource, members }
    }
}

impl Presence {
    /// Says that a record is in the source but not entitled, why, and how that is known.
    #[must_use]
    pub fn new(because: Because, evidence: Evidence) -> Self {
        Self { because, evidence }
    }
}

/// Two are equal if they say the same of every record, however they were made.
impl PartialEq for Desired {
    fn eq(&self, other: &Self) -> bool {
        self.coverage == other.coverage
            && self.managed_user == other.managed_user
            && self.kept_user == other.kept_user
            && self.managed_group == other.managed_group
            && self.findings == other.findings
            && self.users().eq(other.users())
            && self.groups().eq(other.groups())
    }
}

impl Desired {
    /// Begins with no record and no managed attribute. Run over a complete source as it is, it would delete all that is linked, were it not for the
    /// guard (UL-11).
    #[must_use]
    pub fn new(coverage: Coverage) -> Self {
        Self {
            coverage,
            records: Records::default(),
            managed_user: Vec::new(),
            kept_user: Vec::new(),
            managed_group: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Says what shall become of a user. Said twice, the last one stands.
    ///
    /// The digest of its managed attributes is computed here, so that to plan again costs a comparison; so say first what is managed
    /// ([`manage_user`](Self::manage_user)).
    pub fn set_user(&mut self, key: UserKey, answer: Answer<DesiredUser>) {
        self.records.set_user(key, answer, &self.managed_user);
    }

    /// Says what shall become of a group. Said twice, the last one stands. With group management off, nothing becomes of it.
    pub fn set_group(&mut self, key: GroupKey, answer: Answer<DesiredGroup>) {
        self.records.set_group(key, answer, &self.managed_group);
    }

    /// Says that the source does not have a user any more.
    pub(crate) fn remove_user(&mut self, key: &UserKey) {
        self.records.remove_user(key);
    }

    /// Says that the source does not have a group any more.
    pub(crate) fn remove_group(&mut self, key: &GroupKey) {
        self.records.remove_group(key);
    }

    /// Says that a user is a member of a group, or none any more.
    pub(crate) fn set_member(&mut self, group: &GroupKey, user: UserKey, is_member: bool) {
        self.records.set_member(group, user, is_member);
    }

    /// The groups that name a user as a member, in the order of their keys.
    pub(crate) fn groups_of(&self, key: &UserKey) -> Vec<GroupKey> {
        self.records.groups_of(key)
    }

    /// Says which attributes of a user an update may touch. One that is mapped but not here is written once, at create, and never corrected: so
    /// `displayName` is with AWS (AC-02, AC-03).
    ///
    /// They are also what the digest of a link is made of. Where the list changes, every linked user is compared anew with what was last sent: an
    /// attribute that is new on it is written, one that is no longer on it is left as it is.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::{Coverage, Desired};
    ///
    /// let mut desired = Desired::new(Coverage::Complete);
    /// desired.manage_user(vec!["userName".parse()?, "name.givenName".parse()?, "active".parse()?]);
    /// assert_eq!(desired.managed_user().len(), 3);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn manage_user(&mut self, attributes: Vec<AttrPath>) {
        self.managed_user = attributes;
        self.records.digest_users(&self.managed_user);
    }

    /// Says which managed attributes of a user stay at the service as they are where the resource that is wanted does not have them. Without this, such an
    /// attribute is removed (AM-20).
    ///
    /// It is for attributes of one value. A value of a list is sent as a whole, so a part of it goes with what is sent of the others.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::{Coverage, Desired};
    ///
    /// let mut desired = Desired::new(Coverage::Complete);
    /// desired.manage_user(vec!["userName".parse()?, "title".parse()?]);
    /// desired.keep_user(vec!["title".parse()?]);
    /// assert_eq!(desired.managed_user().len(), 2);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn keep_user(&mut self, attributes: Vec<AttrPath>) {
        self.kept_user = attributes;
    }

    /// The attributes in which `wanted` and what the service has can differ: the managed ones, without those that stay as they are.
    pub(crate) fn compared_user(&self, wanted: &Resource) -> Cow<'_, [AttrPath]> {
        if self.kept_user.is_empty() {
            return Cow::Borrowed(&self.managed_user);
        }
        let is_kept = |path: &AttrPath| self.kept_user.contains(path) && wanted.project(std::slice::from_ref(path)) == Resource::new();
        self.managed_user.iter().filter(|path| !is_kept(path)).cloned().collect()
    }

    /// Says which attributes of a group an update may touch. Members are not among them: they are compared by themselves.
    pub fn manage_group(&mut self, attributes: Vec<AttrPath>) {
        self.managed_group = attributes;
        self.records.digest_groups(&self.managed_group);
    }

    /// Adds something that a person should know about the source and that stops nothing. What stops a record belongs into [`Answer::Hold`].
    pub fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Whether the source was read to its end.
    #[must_use]
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// Whether nothing may be concluded from an absence, because the source was not read to its end.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.coverage != Coverage::Complete
    }

    /// Returns the answer for a user; one that is not in the source is absent if the source is complete, else held.
    #[must_use]
    pub fn user(&self, key: &UserKey) -> Answer<DesiredUser> {
        self.user_answer(key).cloned().unwrap_or_else(|| self.unseen(key.clone().into()))
    }

    /// Returns the answer for a group; one that is not in the source is absent if the source is complete, else held.
    #[must_use]
    pub fn group(&self, key: &GroupKey) -> Answer<DesiredGroup> {
        let found = self.records.groups().get(key.as_str()).map(|group| self.records.group_answer(group));
        found.unwrap_or_else(|| self.unseen(key.clone().into()))
    }

    /// UL-11: the one place where an absence is concluded, so that it cannot be done without a complete source.
    pub(crate) fn unseen<T>(&self, key: Key) -> Answer<T> {
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
        self.records.users().iter().filter_map(|(_, user)| Some((user.user_key(), user.answer()?)))
    }

    /// The groups that the source knows, in the order of their keys; each answer is a copy, because members are kept in less room.
    pub fn groups(&self) -> impl Iterator<Item = (&GroupKey, Answer<DesiredGroup>)> {
        self.records.groups().iter().map(|(_, group)| (group.group_key(), self.records.group_answer(group)))
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

    /// The records, without copies.
    pub(crate) fn records(&self) -> &Records {
        &self.records
    }

    /// The answer for a user, if the source has one.
    pub(crate) fn user_answer(&self, key: &UserKey) -> Option<&Answer<DesiredUser>> {
        self.records.users().get(key.as_str())?.answer()
    }

    /// The answer for a group, without its members.
    pub(crate) fn group_answer(&self, key: &GroupKey) -> Answer<DesiredGroup> {
        let found = self.records.groups().get(key.as_str()).map(|group| group.answer().clone());
        found.unwrap_or_else(|| self.unseen(key.clone().into()))
    }

    /// Whether the source has a user with this identifier, whatever the answer for it.
    pub(crate) fn has_user(&self, id: &str) -> bool {
        self.records.users().get(id).is_some_and(|user| user.answer().is_some())
    }

    /// Whether the source has a group with this identifier, whatever the answer for it.
    pub(crate) fn has_group(&self, id: &str) -> bool {
        self.records.groups().get(id).is_some()
    }

    /// Whether an identifier may be that of a user of the directory: in a source that was not read to its end, any may.
    pub(crate) fn may_have_user(&self, id: &str) -> bool {
        self.is_partial() || self.has_user(id)
    }

    /// The same of a group.
    pub(crate) fn may_have_group(&self, id: &str) -> bool {
        self.is_partial() || self.has_group(id)
    }

    /// The user behind a key, if it is wanted: held, present and absent users join no group.
    pub(crate) fn wanted_user(&self, key: &UserKey) -> Option<&DesiredUser> {
        self.records.users().get(key.as_str())?.wanted()
    }

    /// The names that more than one record wants; some of them may be wanted by one only, by now.
    pub(crate) fn shared_names(&self) -> impl Iterator<Item = &Name> {
        self.records.shared_names()
    }
}
