//! The directory at one moment.

use std::collections::BTreeMap;
use std::fmt;

use crate::directory::flatten::{FlatGroup, MOST_MEMBERSHIPS, flatten};
use crate::directory::{Application, DirectoryId, Group, User};
use crate::finding::{Finding, FindingKind, Record};

/// The most reasons for incompleteness that a snapshot keeps one by one; the others are counted.
const MOST_REASONS: usize = 100;

/// The directory at one moment: people, groups, what the application is bound to, and whether that is all of it.
///
/// Absence proves something only in a [`Completeness::Complete`] snapshot: a person who is missing from it was deleted. A record that cannot be
/// read is not absent; it is here, with a finding that holds it.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::{Application, DirectoryId, Group, Snapshot, User};
///
/// let (anna, staff) = (DirectoryId::new("u1")?, DirectoryId::new("g1")?);
/// let mut group = Group::new(staff.clone(), "Staff");
/// group.members.insert(anna.clone());
/// let mut application = Application::default();
/// application.groups.insert(staff);
///
/// let mut snapshot = Snapshot::new(application);
/// snapshot.insert_user(User::new(anna.clone()));
/// snapshot.insert_group(group);
/// assert!(snapshot.entitled().contains(&anna));
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    users: BTreeMap<DirectoryId, User>,
    groups: BTreeMap<DirectoryId, Group>,
    application: Application,
    completeness: Completeness,
    taken_at: Option<String>,
}

/// Whether a snapshot is the whole directory.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::{Completeness, jumpcloud};
///
/// // The first page of two: whoever is on the second one is not gone.
/// let snapshot = jumpcloud::read(br#"{
///     "systemusers": {"totalCount": 2, "results": [{"_id": "u1"}]},
///     "usergroups": [],
///     "application": {"usergroups": []}
/// }"#)?;
/// let Completeness::Partial(reasons) = snapshot.completeness() else { return Err("complete".into()) };
/// assert_eq!(reasons[0].to_string(), "systemusers states 2 records, and 1 were read");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "who concludes from absence must ask")]
pub enum Completeness {
    /// Everything is here, so what is not here does not exist.
    Complete,
    /// Something may be missing, for these reasons; nothing may be concluded from absence.
    Partial(Vec<Incomplete>),
}

/// Why a snapshot may not be the whole directory. It prints as the second half of a sentence: "the directory may not be complete: ..".
///
/// | reason | what to do |
/// | --- | --- |
/// | [`Declared`](Self::Declared), [`DeclarationUnreadable`](Self::DeclarationUnreadable) | export all of it, and say so |
/// | [`ListMissing`](Self::ListMissing), [`NoUsers`](Self::NoUsers), [`PageWithoutList`](Self::PageWithoutList) | export the list as well, even if it is empty |
/// | [`MorePages`](Self::MorePages), [`MoreMembers`](Self::MoreMembers), [`MembersCut`](Self::MembersCut) | go on to the last page |
/// | [`CountDiffers`](Self::CountDiffers), [`CountMissing`](Self::CountMissing) | export again: something changed between two pages |
/// | [`MembersMissing`](Self::MembersMissing), [`GroupMissing`](Self::GroupMissing), [`EntryMissing`](Self::EntryMissing) | export what is named, or what names it not |
/// | [`EntryWithoutId`](Self::EntryWithoutId), [`EntryUnreadable`](Self::EntryUnreadable), [`EntryOfNoType`](Self::EntryOfNoType) | correct the entry at that place |
/// | [`Changes`](Self::Changes) | ask for the whole list, not for the changes since |
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::Incomplete;
///
/// let reason = Incomplete::ListMissing { list: "usergroups" };
/// assert_eq!(reason.to_string(), "usergroups is missing, which is not the same as empty");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Incomplete {
    /// The source says of itself that it is not complete.
    Declared,
    /// The source says whether it is complete in a way that cannot be read.
    DeclarationUnreadable,
    /// A list is not there at all, which is not the same as an empty one.
    ListMissing {
        /// The list, such as `systemusers`.
        list: &'static str,
    },
    /// There is no user at all, which says more of the reading than of the directory.
    NoUsers,
    /// A group came without its list of members.
    MembersMissing {
        /// The group.
        group: DirectoryId,
    },
    /// An entry of a list of people and groups is neither, as far as can be told.
    EntryOfNoType {
        /// The list.
        list: &'static str,
        /// The entry's place in the list, from 1.
        row: usize,
    },
    /// A group has a list of members and is not there itself.
    GroupMissing {
        /// The group.
        group: DirectoryId,
    },
    /// Somebody is bound to the application by way of a group, and is in no group bound to it.
    BoundByNoGroup {
        /// The person.
        user: DirectoryId,
    },
    /// A group is in another one and is not there itself, so its members are not known.
    NestedGroupMissing {
        /// The group.
        group: DirectoryId,
    },
    /// Groups have so many members, by way of the groups in them, that they were not put in.
    MembersOverLimit {
        /// How many groups are without them.
        groups: usize,
        /// The most members that all groups with groups in them may have together.
        most: usize,
    },
    /// The source says that there is more: a page that follows was not read.
    MorePages {
        /// The list.
        list: &'static str,
    },
    /// A page has no list of records, which is not the same as an empty one.
    PageWithoutList {
        /// The list.
        list: &'static str,
    },
    /// The source says that a group has more members than were read.
    MoreMembers {
        /// The group.
        group: DirectoryId,
    },
    /// The list is what changed since an earlier answer, not what there is.
    Changes {
        /// The list.
        list: &'static str,
    },
    /// The source counts otherwise than the records do.
    CountDiffers {
        /// The list.
        list: &'static str,
        /// The number that the source states.
        stated: u64,
        /// The number of different records read.
        read: usize,
    },
    /// A list that should state its count does not, or states no number.
    CountMissing {
        /// The list.
        list: &'static str,
    },
    /// An entry of a list has no identifier that could be used.
    EntryWithoutId {
        /// The list.
        list: &'static str,
        /// The group whose list it is, for members.
        group: Option<DirectoryId>,
        /// The entry's place in the list, from 1.
        row: usize,
    },
    /// An entry of a list can be read in part only, so that who it is, or what it says of groups, is not sure.
    EntryUnreadable {
        /// The list.
        list: &'static str,
        /// The entry's place in the list, from 1.
        row: usize,
        /// What the entry should have.
        expected: &'static str,
        /// What it has.
        found: &'static str,
    },
    /// A group came with a part of its members only.
    MembersCut {
        /// The group.
        group: DirectoryId,
    },
    /// An entry that another one names as its member or its group is not there itself, and may be a group.
    EntryMissing {
        /// The entry that is missing.
        entry: DirectoryId,
    },
    /// There are more reasons than are kept one by one.
    More {
        /// How many more.
        count: usize,
    },
}

impl Snapshot {
    /// A complete snapshot without people or groups.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::{Application, Completeness, Snapshot};
    ///
    /// let snapshot = Snapshot::new(Application::default());
    /// assert!(snapshot.users().is_empty() && snapshot.groups().is_empty());
    /// assert_eq!(*snapshot.completeness(), Completeness::Complete);
    /// ```
    #[must_use]
    pub fn new(application: Application) -> Self {
        Self { users: BTreeMap::new(), groups: BTreeMap::new(), application, completeness: Completeness::Complete, taken_at: None }
    }

    /// Notes when the snapshot was taken, in the source's own words.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::{Application, Snapshot};
    ///
    /// let mut snapshot = Snapshot::new(Application::default());
    /// assert_eq!(snapshot.taken_at(), None);
    /// snapshot.set_taken_at("Tuesday, after lunch");
    /// assert_eq!(snapshot.taken_at(), Some("Tuesday, after lunch"));
    /// ```
    pub fn set_taken_at(&mut self, taken_at: impl Into<String>) {
        self.taken_at = Some(taken_at.into());
    }

    /// Puts a person in. The same record twice is one record; two different ones under one identifier are one that is held.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::{Application, DirectoryId, Snapshot, User};
    ///
    /// let mut snapshot = Snapshot::new(Application::default());
    /// let mut user = User::new(DirectoryId::new("u1")?);
    /// snapshot.insert_user(user.clone());
    /// user.email = Some("anna@example.com".to_owned());
    /// snapshot.insert_user(user);
    /// assert_eq!(snapshot.users()["u1"].findings[0].code(), "DuplicateRecord");
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    pub fn insert_user(&mut self, user: User) {
        let Some(known) = self.users.get_mut(&user.id) else {
            self.users.insert(user.id.clone(), user);
            return;
        };
        if *known != user && !is_known_duplicate(&known.findings) {
            known.findings.push(Finding::new(FindingKind::DuplicateRecord).of(Record::User(user.id)));
        }
    }

    /// Puts a group in. The same record twice is one record; two different ones under one identifier are one that is held, with the members of
    /// both, so that nobody loses access by it.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::{Application, DirectoryId, Group, Snapshot};
    ///
    /// let with_member = |member: &str| {
    ///     let mut group = Group::new(DirectoryId::new("g1")?, "Staff");
    ///     group.members.insert(DirectoryId::new(member)?);
    ///     Ok::<_, idbridge_mapping::Error>(group)
    /// };
    /// let mut snapshot = Snapshot::new(Application::default());
    /// snapshot.insert_group(with_member("u1")?);
    /// snapshot.insert_group(with_member("u2")?);
    /// let staff = &snapshot.groups()["g1"];
    /// assert_eq!(staff.members.len(), 2);
    /// assert_eq!(staff.findings[0].code(), "DuplicateRecord");
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    pub fn insert_group(&mut self, group: Group) {
        let Some(known) = self.groups.get_mut(&group.id) else {
            self.groups.insert(group.id.clone(), group);
            return;
        };
        if *known == group {
            return;
        }
        known.members.extend(group.members);
        known.groups.extend(group.groups);
        if !is_known_duplicate(&known.findings) {
            known.findings.push(Finding::new(FindingKind::DuplicateRecord).of(Record::Group(group.id)));
        }
    }

    /// Notes that something may be missing. What is noted is never taken back; after a hundred reasons the others are only counted.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::{Application, Completeness, Incomplete, Snapshot};
    ///
    /// let mut snapshot = Snapshot::new(Application::default());
    /// snapshot.mark_partial(Incomplete::Declared);
    /// assert_eq!(*snapshot.completeness(), Completeness::Partial(vec![Incomplete::Declared]));
    /// assert_eq!(snapshot.findings()[0].code(), "SourceIncomplete");
    /// ```
    pub fn mark_partial(&mut self, reason: Incomplete) {
        let reasons = match &mut self.completeness {
            Completeness::Complete => {
                self.completeness = Completeness::Partial(vec![reason]);
                return;
            }
            Completeness::Partial(reasons) => reasons,
        };
        if reasons.len() < MOST_REASONS {
            reasons.push(reason);
        } else if let Some(Incomplete::More { count }) = reasons.last_mut() {
            *count += 1;
        } else {
            reasons.push(Incomplete::More { count: 1 });
        }
    }

    /// Puts the members of nested groups into the groups that hold them, however deep; nobody is in a group twice.
    ///
    /// A circle of groups is followed once round: all of its groups have the same members then. It is no error, but it is worth a finding in each.
    /// A group that another one holds and that is not here makes a complete snapshot [`Partial`](Completeness::Partial), because its members are
    /// not known. So does a directory whose groups come to more than twenty million members all together: the groups for which that is too much
    /// keep the members that they had.
    ///
    /// It takes time in proportion to the memberships that it visits, and never more than that limit.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::{Application, DirectoryId, Group, Snapshot, User};
    ///
    /// let (anna, staff, all) = (DirectoryId::new("u1")?, DirectoryId::new("g1")?, DirectoryId::new("g2")?);
    /// let mut inner = Group::new(staff.clone(), "Staff");
    /// inner.members.insert(anna.clone());
    /// let mut outer = Group::new(all.clone(), "All");
    /// outer.groups.insert(staff);
    ///
    /// let mut snapshot = Snapshot::new(Application::default());
    /// snapshot.insert_user(User::new(anna.clone()));
    /// snapshot.insert_group(inner);
    /// snapshot.insert_group(outer);
    /// snapshot.flatten();
    /// assert!(snapshot.groups()[&all].members.contains(&anna));
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    pub fn flatten(&mut self) {
        let flat = flatten(&self.groups, MOST_MEMBERSHIPS);
        for FlatGroup { id, members, is_in_itself } in flat.groups {
            let Some(group) = self.groups.get_mut(&id) else { continue };
            group.members = members.unwrap_or_else(|| std::mem::take(&mut group.members));
            let is_told = group.findings.iter().any(|finding| *finding.kind() == FindingKind::NestedInItself);
            if is_in_itself && !is_told {
                group.findings.push(Finding::new(FindingKind::NestedInItself).of(Record::Group(id)));
            }
        }
        for group in flat.unknown {
            self.mark_partial_once(Incomplete::NestedGroupMissing { group });
        }
        if flat.over_limit > 0 {
            self.mark_partial_once(Incomplete::MembersOverLimit { groups: flat.over_limit, most: MOST_MEMBERSHIPS });
        }
    }

    /// For what may be asked for twice, so that a snapshot that is flattened again says nothing new.
    fn mark_partial_once(&mut self, reason: Incomplete) {
        if !matches!(&self.completeness, Completeness::Partial(reasons) if reasons.contains(&reason)) {
            self.mark_partial(reason);
        }
    }

    /// The people, by identifier.
    ///
    /// A person is looked up by the identifier as text, in time in proportion to the logarithm of their number.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::jumpcloud;
    ///
    /// let snapshot = jumpcloud::read(br#"{"systemusers": [{"_id": "u2"}, {"_id": "u1"}], "usergroups": [], "application": {"usergroups": []}}"#)?;
    /// assert_eq!(snapshot.users().keys().map(|id| id.as_str()).collect::<Vec<_>>(), ["u1", "u2"]);
    /// assert!(snapshot.users().get("u3").is_none());
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn users(&self) -> &BTreeMap<DirectoryId, User> {
        &self.users
    }

    /// A person, for what a reader knows of them from another place than their record.
    pub(super) fn user_mut(&mut self, id: &DirectoryId) -> Option<&mut User> {
        self.users.get_mut(id)
    }

    /// A group, for what a reader knows of it from another place than its record.
    pub(super) fn group_mut(&mut self, id: &DirectoryId) -> Option<&mut Group> {
        self.groups.get_mut(id)
    }

    /// The groups, by identifier.
    #[must_use]
    pub fn groups(&self) -> &BTreeMap<DirectoryId, Group> {
        &self.groups
    }

    /// What the application is bound to.
    #[must_use]
    pub fn application(&self) -> &Application {
        &self.application
    }

    /// What the application is bound to, to be changed in place.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::{Application, DirectoryId, Snapshot, User};
    ///
    /// let mut snapshot = Snapshot::new(Application::default());
    /// let anna = DirectoryId::new("u1")?;
    /// snapshot.insert_user(User::new(anna.clone()));
    /// assert!(snapshot.entitled().is_empty());
    /// snapshot.application_mut().users.insert(anna.clone());
    /// assert_eq!(snapshot.entitled().first(), Some(&&anna));
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    pub fn application_mut(&mut self) -> &mut Application {
        &mut self.application
    }

    /// Whether this is the whole directory.
    #[must_use]
    pub fn completeness(&self) -> &Completeness {
        &self.completeness
    }

    /// When it was taken, in the source's own words; nothing is computed from it.
    #[must_use]
    pub fn taken_at(&self) -> Option<&str> {
        self.taken_at.as_deref()
    }

    /// What is to be said of the snapshot as a whole: why it is not complete, and, where it is, which identifiers in it lead nowhere.
    ///
    /// What is to be said of one record is in its own `findings`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::jumpcloud;
    ///
    /// let snapshot = jumpcloud::read(br#"{
    ///     "systemusers": [{"_id": "u1"}],
    ///     "usergroups": [{"id": "g1", "name": "Staff", "members": ["u1", "u9"]}],
    ///     "application": {"usergroups": ["g1", "g9"]}
    /// }"#)?;
    /// let findings: Vec<String> = snapshot.findings().iter().map(ToString::to_string).collect();
    /// assert_eq!(findings, [
    ///     "the member u9 is not in the directory; remove them from the group, or read the directory again",
    ///     "g9 in application.usergroups is not in the directory; unbind them, or read the directory again",
    /// ]);
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        match &self.completeness {
            Completeness::Partial(reasons) => reasons.iter().map(|reason| incomplete(reason.clone())).collect(),
            Completeness::Complete => self.unknown_references(),
        }
    }

    /// Only a complete directory can say that an identifier leads nowhere; of another one it may lead to what was not read.
    fn unknown_references(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for group in self.groups.values() {
            let unknown = group.members.iter().filter(|id| !self.users.contains_key(*id));
            if let Some((first, count)) = first_and_count(unknown) {
                findings.push(Finding::new(FindingKind::UnknownMember { first, count }).of(Record::Group(group.id.clone())));
            }
        }
        let groups = self.application.groups.iter().filter(|id| !self.groups.contains_key(*id));
        let users = self.application.users.iter().filter(|id| !self.users.contains_key(*id));
        let bindings = [("application.usergroups", first_and_count(groups)), ("application.users", first_and_count(users))];
        for (path, unknown) in bindings {
            if let Some((first, count)) = unknown {
                findings.push(Finding::new(FindingKind::UnknownBinding { first, count }).at(path));
            }
        }
        findings
    }
}

fn is_known_duplicate(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| *finding.kind() == FindingKind::DuplicateRecord)
}

/// A reason that is about a group is a finding of that group, so that a report can show the two together.
fn incomplete(reason: Incomplete) -> Finding {
    let group = match &reason {
        Incomplete::MembersMissing { group }
        | Incomplete::MoreMembers { group }
        | Incomplete::MembersCut { group }
        | Incomplete::EntryWithoutId { group: Some(group), .. } => Some(group.clone()),
        _ => None,
    };
    let finding = Finding::new(FindingKind::SourceIncomplete { reason });
    match group {
        Some(group) => finding.of(Record::Group(group)),
        None => finding,
    }
}

/// One name and a number, so that a group that lost a hundred thousand members is one finding.
fn first_and_count<'a>(mut ids: impl Iterator<Item = &'a DirectoryId>) -> Option<(DirectoryId, usize)> {
    let first = ids.next()?.clone();
    Some((first, 1 + ids.count()))
}

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Declared => f.write_str("it says of itself that it is not complete"),
            Self::DeclarationUnreadable => f.write_str("`complete` is neither true nor false"),
            Self::ListMissing { list } => write!(f, "{list} is missing, which is not the same as empty"),
            Self::NoUsers => f.write_str("there is no user in it at all"),
            Self::MembersMissing { group } => write!(f, "the group {group} has no list of members, which is not the same as an empty one"),
            Self::EntryOfNoType { list, row } => write!(f, "entry {row} of {list} does not say whether it is a user or a group"),
            Self::GroupMissing { group } => write!(f, "the group {group} has members, and is not there itself"),
            Self::BoundByNoGroup { user } => {
                write!(f, "the user {user} is bound to the application by way of a group, and is in no group bound to it")
            }
            Self::NestedGroupMissing { group } => write!(f, "the group {group} is in another group, and is not there itself"),
            Self::MembersOverLimit { groups, most } => {
                write!(f, "{groups} groups hold other groups with more than {most} members in all, and are without them")
            }
            Self::MorePages { list } => write!(f, "{list} has a page after the last one that was read"),
            Self::PageWithoutList { list } => write!(f, "a page of {list} has no list in it, which is not the same as an empty one"),
            Self::MoreMembers { group } => write!(f, "the group {group} has more members than were read"),
            Self::Changes { list } => write!(f, "{list} is what changed since an earlier answer, not what there is"),
            Self::CountDiffers { list, stated, read } => write!(f, "{list} states {stated} records, and {read} were read"),
            Self::CountMissing { list } => write!(f, "{list} does not state how many records there are"),
            Self::EntryWithoutId { list, group: Some(group), row } => {
                write!(f, "entry {row} of {list} of the group {group} has no identifier that can be used")
            }
            Self::EntryWithoutId { list, group: None, row } => write!(f, "entry {row} of {list} has no identifier that can be used"),
            Self::EntryUnreadable { list, row, expected, found } => {
                write!(f, "entry {row} of {list} must have {expected}, found {found}")
            }
            Self::MembersCut { group } => write!(f, "the group {group} has only a part of its members"),
            Self::EntryMissing { entry } => write!(f, "{entry} is named as a member or a group, and is not there itself"),
            Self::More { count } => write!(f, "there are {count} more reasons like these"),
        }
    }
}
