//! What would be sent of a whole directory, and why something is not: a preview before anything is.

mod duplicate;
mod escape;
mod group;
mod json;
#[cfg(feature = "saml")]
mod log_in;
mod path;
mod text;
mod user;

use std::collections::BTreeSet;

use idbridge_scim::Profile;

use crate::directory::{Completeness, DirectoryId, Lifecycle, Snapshot};
use crate::finding::{Finding, FindingKind, Severity};
use crate::rule::{RuleSet, Surroundings};
#[cfg(feature = "saml")]
use crate::saml::SamlRuleSet;

pub use escape::escaped;
pub use group::GroupReport;
pub use user::UserReport;

#[cfg(feature = "saml")]
use log_in::LogIn;

use duplicate::{DuplicateGroups, DuplicateUsers};
use path::Paths;

/// What would be sent of a directory: for each person and each group whether they are sent, held and why, what of them is left out, and what will
/// not work; in the order of their identifiers.
///
/// It is made of the directory and the rules alone, as if nothing were at the service yet: of two people with one e-mail address the one with the
/// smaller identifier is sent and the other is held (E-7), where a plan, which knows the service, lets whoever is there already keep it. Who
/// is inactive, and a group of whom nobody is sent, is sent to a service that has them, and is not created (GM-03).
///
/// Besides the identifiers, the `userName`, the `displayName` and the names of groups no value of a record is in it.
///
/// [`Report::to_json`] writes it for programs, its [`Display`](std::fmt::Display) for people: a summary, the directory as a whole, and a line for each
/// record with the findings below it. Characters that could change a terminal are written as escapes.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{Report, RuleSet, Standing, directory::jumpcloud};
/// use idbridge_scim::Profile;
///
/// let snapshot = jumpcloud::read(br#"{
///     "systemusers": [
///         {"_id": "u1", "email": "anna@example.com", "firstname": "Anna", "lastname": "Berg"},
///         {"_id": "u2", "email": "ola@example.com", "firstname": "Ola"}
///     ],
///     "usergroups": [{"id": "g1", "name": "Staff", "members": ["u1", "u2"]}],
///     "application": {"usergroups": ["g1"]}
/// }"#)?;
/// let report = Report::of(&snapshot, &RuleSet::jumpcloud(), &Profile::aws_iam_identity_center());
/// assert_eq!(report.to_string(), "\
/// 2 people: 1 sent, 1 held, 0 not sent. 1 group: 1 sent, 0 held, 0 not sent.
/// The directory is complete.
///
/// People
///   u1  anna@example.com (Anna Berg): sends externalId, userName, emails, displayName, name, active
///   u2  ola@example.com (Ola): held
///       held: name.familyName is required and has no value; fill in lastname in the directory
///
/// Groups
///   g1  Staff: sends displayName, externalId; 1 of 2 members
/// ");
/// assert_eq!(report.users()[1].standing(), Standing::Held);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    taken_at: Option<String>,
    completeness: Completeness,
    findings: Vec<Finding>,
    users: Vec<UserReport>,
    groups: Vec<GroupReport>,
}

/// What is done with a record.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{Absence, Standing};
///
/// assert_eq!(Standing::Held.name(), "held");
/// assert_eq!(Absence::NotBound.to_string(), "in no bound group and not bound directly");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "who shows a report must decide for each of them")]
pub enum Standing {
    /// It is sent.
    Sent,
    /// Nothing is done to it: a finding says why.
    Held,
    /// It is in the directory and not meant for the service.
    NotSent(Absence),
}

/// Why a record is not meant for the service. It prints as the second half of a sentence: "not sent: ..".
///
/// | | what to do if they should be sent |
/// | --- | --- |
/// | [`Absence::Staged`] | activate the person in the directory |
/// | [`Absence::NotBound`] | put the person into a group that the application is bound to |
/// | [`Absence::GroupNotBound`] | bind the application to the group |
/// | [`Absence::OutOfScope`] | change the rule that [`scope_rule`](UserReport::scope_rule) names, or what it reads |
///
/// # Examples
///
/// ```
/// use idbridge_mapping::Absence;
///
/// assert_eq!(Absence::OutOfScope.name(), "outOfScope");
/// assert_eq!(format!("not sent: {}", Absence::Staged), "not sent: staged in the directory");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Absence {
    /// The person is entered, but not yet let in (E-3).
    Staged,
    /// The person is in no bound group and not bound directly (GM-20).
    NotBound,
    /// The group is not bound to the application (GM-16).
    GroupNotBound,
    /// A rule of the scope leaves the record out (E-14).
    OutOfScope,
}

/// A finding of a record, with what it means for the record here.
///
/// That is mostly its [severity](Finding::severity); but what keeps somebody from logging in holds nothing of what is sent, and a value that is dropped
/// is worth a word of its own.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{Effect, Report, RuleSet, directory::jumpcloud};
/// use idbridge_scim::Profile;
///
/// let snapshot = jumpcloud::read(br#"{
///     "systemusers": [{"_id": "u1", "email": "anna@example.com", "firstname": "Anna", "lastname": "Berg",
///         "phoneNumbers": [{"type": "work", "number": "+1 303 555 0100"}, {"type": "home", "number": "+1 303 555 0101"}]}],
///     "usergroups": [],
///     "application": {"usergroups": [], "users": ["u1"]}
/// }"#)?;
/// let report = Report::of(&snapshot, &RuleSet::jumpcloud(), &Profile::aws_iam_identity_center());
/// let second_number = &report.users()[0].consequences()[0];
/// assert_eq!(second_number.effect, Effect::Dropped);
/// assert_eq!(second_number.to_string(), "dropped: 1 value of phoneNumbers is not sent; only the first of type work is");
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Consequence {
    /// What it means.
    pub effect: Effect,
    /// What was found.
    pub finding: Finding,
}

/// What a finding means for its record, from the worst to the least. It prints as the word before the finding.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::Effect;
///
/// // The worst first, as consequences are sorted.
/// let mut effects = [Effect::Noted, Effect::Held, Effect::LeftOut];
/// effects.sort();
/// assert_eq!(effects, [Effect::Held, Effect::LeftOut, Effect::Noted]);
/// assert_eq!((Effect::WillNotWork.name(), Effect::WillNotWork.to_string().as_str()), ("willNotWork", "will not work"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "who shows a report must decide for each of them")]
pub enum Effect {
    /// Nothing is sent for the record.
    Held,
    /// It is sent, and something does not work: the person cannot log in by single sign-on, or may not get their mail.
    WillNotWork,
    /// An attribute is not sent, because the service would refuse it.
    LeftOut,
    /// A value is not sent, because the service takes one only: a second telephone number, a home address.
    Dropped,
    /// It is worth knowing.
    Noted,
}

/// How many records there are of each standing.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{Counts, Report, RuleSet, directory::{Application, Snapshot}};
/// use idbridge_scim::Profile;
///
/// let empty = Snapshot::new(Application::default());
/// let report = Report::of(&empty, &RuleSet::jumpcloud(), &Profile::aws_iam_identity_center());
/// assert_eq!(report.user_counts(), Counts::default());
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// All of them.
    pub total: usize,
    /// Those that are sent.
    pub sent: usize,
    /// Those that are held.
    pub held: usize,
    /// Those that are not meant for the service.
    pub not_sent: usize,
    /// Those that are sent, and of which something [will not work](Effect::WillNotWork).
    pub will_not_work: usize,
}

impl Report {
    /// Previews what `rules` send of `snapshot` to the service of `profile`.
    ///
    /// A `userName` that is not the e-mail address is taken as one that cannot log in, because single sign-on sends the e-mail address unless its
    /// rules say otherwise; the report `with_log_in` (feature `saml`) asks the rules.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Counts, Report, RuleSet, directory::jumpcloud};
    /// use idbridge_scim::Profile;
    ///
    /// let snapshot = jumpcloud::read(br#"{
    ///     "systemusers": [
    ///         {"_id": "u1", "email": "anna@example.com", "firstname": "Anna", "lastname": "Berg"},
    ///         {"_id": "u2", "email": "ANNA@example.com", "firstname": "Anne", "lastname": "Berger"},
    ///         {"_id": "u3", "email": "ola@example.com", "firstname": "Ola", "lastname": "Dahl", "state": "STAGED"}
    ///     ],
    ///     "usergroups": [{"id": "g1", "name": "Staff", "members": ["u1", "u2", "u3"]}],
    ///     "application": {"usergroups": ["g1"]}
    /// }"#)?;
    /// let report = Report::of(&snapshot, &RuleSet::jumpcloud(), &Profile::aws_iam_identity_center());
    /// let Counts { total, sent, held, not_sent, .. } = report.user_counts();
    /// assert_eq!((total, sent, held, not_sent), (3, 1, 1, 1));
    /// assert_eq!(report.users()[1].consequences()[0].finding.code(), "DuplicateEmail");
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn of(snapshot: &Snapshot, rules: &RuleSet, profile: &Profile) -> Self {
        let mut preview = Preview {
            snapshot,
            surroundings: Surroundings::of(snapshot),
            rules,
            profile,
            #[cfg(feature = "saml")]
            log_in: None,
            paths: Paths::default(),
        };
        Self::made(&mut preview)
    }

    /// The same, and asks `saml` whether those who are sent can log in, and what of their attributes an assertion would leave out.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Effect, Report, RuleSet, SamlRuleSet, UserNameFrom, directory::jumpcloud};
    /// use idbridge_scim::Profile;
    ///
    /// let snapshot = jumpcloud::read(br#"{
    ///     "systemusers": [{"_id": "u1", "username": "anna", "email": "anna@example.com", "firstname": "Anna", "lastname": "Berg"}],
    ///     "usergroups": [],
    ///     "application": {"usergroups": [], "users": ["u1"]}
    /// }"#)?;
    /// let rules = RuleSet::jumpcloud().with_user_name_from(UserNameFrom::Username);
    /// let report = Report::with_log_in(&snapshot, &rules, &Profile::aws_iam_identity_center(), &SamlRuleSet::jumpcloud());
    /// let anna = &report.users()[0];
    /// assert!(anna.consequences().iter().all(|found| found.effect == Effect::WillNotWork));
    /// assert_eq!(anna.consequences()[1].finding.code(), "NameIdDiffersFromUserName");
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[cfg(feature = "saml")]
    #[must_use]
    pub fn with_log_in(snapshot: &Snapshot, rules: &RuleSet, profile: &Profile, saml: &SamlRuleSet) -> Self {
        let surroundings = Surroundings::of(snapshot);
        let log_in = Some(LogIn::new(saml, snapshot));
        Self::made(&mut Preview { snapshot, surroundings, rules, profile, log_in, paths: Paths::default() })
    }

    /// People come before groups, because a group is told by how many of its members are sent; and duplicates are held before that, because who is
    /// held is
    /// not sent. Each record is mapped once.
    fn made(preview: &mut Preview<'_>) -> Self {
        let snapshot = preview.snapshot;
        let bound = bound(snapshot);
        let (mut users, mut names) = (Vec::with_capacity(snapshot.users().len()), DuplicateUsers::default());
        for user in snapshot.users().values() {
            let (report, resource) = preview.user(user, bound.contains(&user.id));
            if let Some(resource) = resource.filter(|_| report.is_active) {
                names.insert(users.len(), &resource);
            }
            users.push(report);
        }
        names.hold(&mut users);

        let is_sent = |id: &DirectoryId| {
            let place = users.binary_search_by(|user| user.id().cmp(id));
            place.ok().and_then(|place| users.get(place)).is_some_and(|user| user.standing() == Standing::Sent)
        };
        let (mut groups, mut names) = (Vec::with_capacity(snapshot.groups().len()), DuplicateGroups::default());
        for group in snapshot.groups().values() {
            let (report, resource) = preview.group(group, is_sent);
            if let Some(resource) = resource {
                names.insert(groups.len(), &resource);
            }
            groups.push(report);
        }
        names.hold(&mut groups);

        let taken_at = snapshot.taken_at().map(ToOwned::to_owned);
        Self { taken_at, completeness: snapshot.completeness().clone(), findings: snapshot.findings(), users, groups }
    }

    /// The people, by identifier.
    #[must_use]
    pub fn users(&self) -> &[UserReport] {
        &self.users
    }

    /// The groups, by identifier.
    #[must_use]
    pub fn groups(&self) -> &[GroupReport] {
        &self.groups
    }

    /// What was found of the directory as a whole: why it may not be complete, and, where it is, which identifiers lead nowhere.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether the directory was read to its end; if it was not, nothing is concluded from absence.
    #[must_use]
    pub fn completeness(&self) -> &Completeness {
        &self.completeness
    }

    /// When the directory was taken, in the source's own words.
    #[must_use]
    pub fn taken_at(&self) -> Option<&str> {
        self.taken_at.as_deref()
    }

    /// How many people there are of each standing.
    #[must_use]
    pub fn user_counts(&self) -> Counts {
        let all = self.users.iter().map(|user| (user.standing(), user.consequences()));
        Counts::of(all)
    }

    /// How many groups there are of each standing.
    #[must_use]
    pub fn group_counts(&self) -> Counts {
        let all = self.groups.iter().map(|group| (group.standing(), group.consequences()));
        Counts::of(all)
    }

    /// Whether a person or a group is held.
    ///
    /// What a script asks before it lets a sync run.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Report, RuleSet, directory::{Application, DirectoryId, Snapshot, User}};
    /// use idbridge_scim::Profile;
    ///
    /// let mut snapshot = Snapshot::new(Application::default());
    /// let id = DirectoryId::new("u1")?;
    /// snapshot.insert_user(User::new(id.clone()));
    /// let report = |snapshot: &Snapshot| Report::of(snapshot, &RuleSet::jumpcloud(), &Profile::aws_iam_identity_center());
    /// // Without an address, but not bound either: nobody misses it.
    /// assert!(!report(&snapshot).has_held());
    /// snapshot.application_mut().users.insert(id);
    /// assert!(report(&snapshot).has_held());
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn has_held(&self) -> bool {
        self.user_counts().held + self.group_counts().held > 0
    }
}

/// What a preview is made by.
struct Preview<'a> {
    snapshot: &'a Snapshot,
    surroundings: Surroundings<'a>,
    rules: &'a RuleSet,
    profile: &'a Profile,
    /// What an assertion says of people, if the caller asks for that.
    #[cfg(feature = "saml")]
    log_in: Option<LogIn<'a>>,
    paths: Paths,
}

/// Everybody who is bound, staged or not.
fn bound(snapshot: &Snapshot) -> BTreeSet<&DirectoryId> {
    snapshot.bound_groups().flat_map(|group| &group.members).chain(&snapshot.application().users).collect()
}

impl Standing {
    /// One word for programs: `sent`, `held` or `notSent`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Held => "held",
            Self::NotSent(_) => "notSent",
        }
    }
}

impl Absence {
    /// Staged goes first: to bind somebody who is staged would change nothing.
    fn of(lifecycle: Lifecycle, is_bound: bool) -> Option<Self> {
        match (lifecycle, is_bound) {
            (Lifecycle::Staged, _) => Some(Self::Staged),
            (_, false) => Some(Self::NotBound),
            (_, true) => None,
        }
    }

    /// One word for programs: `staged`, `notBound`, `groupNotBound` or `outOfScope`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Staged => "staged",
            Self::NotBound => "notBound",
            Self::GroupNotBound => "groupNotBound",
            Self::OutOfScope => "outOfScope",
        }
    }
}

impl Effect {
    /// One word for programs: `held`, `willNotWork`, `leftOut`, `dropped` or `noted`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::WillNotWork => "willNotWork",
            Self::LeftOut => "leftOut",
            Self::Dropped => "dropped",
            Self::Noted => "noted",
        }
    }
}

impl Consequence {
    /// What `finding` means for its record by itself.
    fn new(finding: Finding) -> Self {
        let effect = match (finding.kind(), finding.severity()) {
            (_, Severity::Holds) => Effect::Held,
            (_, Severity::LeavesOut) => Effect::LeftOut,
            (FindingKind::ValueDropped { .. }, _) => Effect::Dropped,
            (FindingKind::UserNameDiffersFromEmail | FindingKind::UserNameNotEmail, _) => Effect::WillNotWork,
            #[cfg(feature = "saml")]
            (FindingKind::NameIdDiffersFromUserName { .. }, _) => Effect::WillNotWork,
            (_, Severity::Informs) => Effect::Noted,
        };
        Self { effect, finding }
    }

    /// What each of `findings` means, the worst first, and otherwise in their order.
    fn all(findings: &[Finding]) -> Vec<Self> {
        let mut all: Vec<Self> = findings.iter().cloned().map(Self::new).collect();
        all.sort_by_key(|consequence| consequence.effect);
        all
    }
}

impl Counts {
    /// Counted from the records themselves, so that the counts and the lines below them cannot differ.
    fn of<'a>(all: impl Iterator<Item = (Standing, &'a [Consequence])>) -> Self {
        let mut counts = Self::default();
        for (standing, consequences) in all {
            counts.total += 1;
            match standing {
                Standing::Sent => counts.sent += 1,
                Standing::Held => counts.held += 1,
                Standing::NotSent(_) => counts.not_sent += 1,
            }
            let is_broken = consequences.iter().any(|consequence| consequence.effect == Effect::WillNotWork);
            counts.will_not_work += usize::from(is_broken && standing == Standing::Sent);
        }
        counts
    }
}
