//! From entries to a snapshot: names of entries become identifiers.

use std::collections::{BTreeMap, BTreeSet};

use crate::directory::ldif::dn::Dn;
use crate::directory::ldif::entry::{Entry, Remarks};
use crate::directory::ldif::record::{self, Kind, ReadPerson};
use crate::directory::{Application, DirectoryId, Group, Incomplete, Snapshot};

/// The list, as reasons for incompleteness name it.
const ENTRIES: &str = "entries";

/// What is read so far.
///
/// Names are resolved when all entries were read, because a group may stand before its members, and a person before the manager.
pub(super) struct Reader<'a> {
    custom: &'a BTreeMap<String, String>,
    snapshot: Snapshot,
    people: Vec<ReadPerson>,
    groups: Vec<ReadGroup>,
    /// What the entries are, by the normal form of their names.
    entries: BTreeMap<String, Target>,
    /// Who says of themselves that they are in a group: the groups by name.
    member_of: Vec<(Target, Dn)>,
    /// Names that lead to no entry, so that each is said once.
    missing: BTreeSet<String>,
}

/// What an entry became.
///
/// What is neither a person nor a group is remembered all the same: a member that leads to it is known, and not missing.
#[derive(Clone)]
enum Target {
    User(DirectoryId),
    Group(DirectoryId),
    /// An entry that is neither, or one without an identifier.
    Other,
}

/// A group with its members as the entry names them.
struct ReadGroup {
    group: Group,
    members: Vec<Dn>,
    /// The members' log-in names, as `posixGroup` has them.
    usernames: Vec<String>,
}

/// Members by memberOf, of one group.
#[derive(Default)]
struct Edges {
    members: BTreeSet<DirectoryId>,
    groups: BTreeSet<DirectoryId>,
}

impl<'a> Reader<'a> {
    /// A reader that keeps the attributes `custom` as custom attributes.
    pub(super) fn new(custom: &'a BTreeMap<String, String>) -> Self {
        Self {
            custom,
            snapshot: Snapshot::new(Application::default()),
            people: Vec::new(),
            groups: Vec::new(),
            entries: BTreeMap::new(),
            member_of: Vec::new(),
            missing: BTreeSet::new(),
        }
    }

    /// Takes one entry. What it names may follow later in the file, so names become identifiers at the end.
    pub(super) fn entry(&mut self, entry: &Entry) {
        let target = self.target(entry);
        if !matches!(target, Target::Other) {
            self.read_member_of(entry, &target);
        }
        let Some(dn) = &entry.dn else { return };
        if self.entries.insert(dn.normalized().to_owned(), target).is_some() {
            self.doubtful(entry, "a name of its own", "one that is there before");
        }
    }

    /// Notes that an entry can be read in part only.
    fn doubtful(&mut self, entry: &Entry, expected: &'static str, found: &'static str) {
        self.snapshot.mark_partial(Incomplete::EntryUnreadable { list: ENTRIES, row: entry.row, expected, found });
    }

    /// What the entry is; people and groups are kept.
    fn target(&mut self, entry: &Entry) -> Target {
        let kind = Kind::of(entry);
        if kind == Kind::Unknown {
            self.doubtful(entry, "an objectClass", "none");
        }
        if !matches!(kind, Kind::Person | Kind::Group) {
            return Target::Other;
        }
        let Some(id) = record::identifier(entry) else {
            self.snapshot.mark_partial(Incomplete::EntryWithoutId { list: ENTRIES, group: None, row: entry.row });
            return Target::Other;
        };
        if kind == Kind::Person {
            self.people.push(record::person(entry, id.clone(), self.custom));
            return Target::User(id);
        }
        let group = self.group(entry, id.clone());
        self.groups.push(group);
        Target::Group(id)
    }

    /// The group with the names of its members.
    ///
    /// A name that cannot be read, or a list that is cut, may be somebody who would lose access: nothing is concluded from absence then.
    fn group(&mut self, entry: &Entry, id: DirectoryId) -> ReadGroup {
        let mut group = ReadGroup { group: record::group(entry, id.clone(), self.custom), members: Vec::new(), usernames: Vec::new() };
        for list in ["member", "uniqueMember"] {
            if entry.values(list).is_some_and(|values| values.is_cut()) {
                self.snapshot.mark_partial(Incomplete::MembersCut { group: id.clone() });
            }
            for (index, member) in entry.texts(list).enumerate() {
                match member.ok().and_then(|member| Dn::parse(without_uid(member)).ok()) {
                    Some(member) => group.members.push(member),
                    None => {
                        let reason = Incomplete::EntryWithoutId { list, group: Some(id.clone()), row: index + 1 };
                        self.snapshot.mark_partial(reason);
                    }
                }
            }
        }
        for (index, username) in entry.texts("memberUid").enumerate() {
            match username {
                Ok(username) => group.usernames.push(username.trim().to_owned()),
                Err(_) => {
                    let reason = Incomplete::EntryWithoutId { list: "memberUid", group: Some(id.clone()), row: index + 1 };
                    self.snapshot.mark_partial(reason);
                }
            }
        }
        if must_have_members(entry) && entry.values("member").or_else(|| entry.values("uniqueMember")).is_none() {
            self.snapshot.mark_partial(Incomplete::MembersMissing { group: id });
        }
        group
    }

    /// Notes which groups the entry itself says that it is in.
    fn read_member_of(&mut self, entry: &Entry, target: &Target) {
        if entry.values("memberOf").is_some_and(|values| values.is_cut()) {
            self.doubtful(entry, "all values of memberOf", "a range of them");
        }
        for group in entry.texts("memberOf") {
            match group.ok().and_then(|group| Dn::parse(group).ok()) {
                Some(group) => self.member_of.push((target.clone(), group)),
                None => self.doubtful(entry, "distinguished names in memberOf", "something else"),
            }
        }
    }

    /// The snapshot, once the file has been read to its end.
    pub(super) fn finish(mut self, remarks: &Remarks, is_ended: bool) -> Snapshot {
        if remarks.is_incomplete {
            self.snapshot.mark_partial(Incomplete::Declared);
        }
        if !is_ended {
            let (row, found) = (remarks.count, "the end of the file");
            let reason = Incomplete::EntryUnreadable { list: ENTRIES, row, expected: "a line end after its last line", found };
            self.snapshot.mark_partial(reason);
        }
        if self.people.is_empty() {
            self.snapshot.mark_partial(Incomplete::NoUsers);
        }
        self.check_groups();
        let mut edges = self.edges();
        let groups = std::mem::take(&mut self.groups);
        let usernames = self.usernames();
        for read in groups {
            let edges = edges.remove(&read.group.id).unwrap_or_default();
            self.add_group(read, edges, &usernames);
        }
        for ReadPerson { mut user, manager } in std::mem::take(&mut self.people) {
            user.manager = manager.and_then(|manager| match self.entries.get(manager.normalized()) {
                Some(Target::User(id)) => Some(id.clone()),
                _ => DirectoryId::new(manager.normalized()).ok(),
            });
            self.snapshot.application_mut().users.insert(user.id.clone());
            self.snapshot.insert_user(user);
        }
        self.snapshot.flatten();
        self.snapshot
    }

    /// No group at all, or groups of which nobody is a member, says more of what was exported than of the directory.
    fn check_groups(&mut self) {
        let has_members = self.groups.iter().any(|group| !group.members.is_empty() || !group.usernames.is_empty());
        if self.groups.is_empty() {
            self.snapshot.mark_partial(Incomplete::ListMissing { list: "groups" });
        } else if !has_members && self.member_of.is_empty() {
            self.snapshot.mark_partial(Incomplete::ListMissing { list: "member" });
        }
    }

    /// The members that groups have by what people and groups say of themselves.
    fn edges(&mut self) -> BTreeMap<DirectoryId, Edges> {
        let mut edges: BTreeMap<DirectoryId, Edges> = BTreeMap::new();
        for (inner, outer) in std::mem::take(&mut self.member_of) {
            match self.entries.get(outer.normalized()) {
                Some(Target::Group(group)) => {
                    let edges = edges.entry(group.clone()).or_default();
                    match inner {
                        Target::User(id) => _ = edges.members.insert(id),
                        Target::Group(id) => _ = edges.groups.insert(id),
                        Target::Other => {}
                    }
                }
                Some(Target::User(_) | Target::Other) => {}
                None => self.miss(&outer, None),
            }
        }
        edges
    }

    /// The people by log-in name; nothing where two people have one.
    ///
    /// `memberUid` names people by it (RFC 2307), letter for letter: log-in names of Unix differ by case.
    fn usernames(&self) -> BTreeMap<String, Option<DirectoryId>> {
        let mut usernames: BTreeMap<String, Option<DirectoryId>> = BTreeMap::new();
        for ReadPerson { user, .. } in &self.people {
            let Some(username) = &user.username else { continue };
            let named = usernames.entry(username.trim().to_owned()).or_insert_with(|| Some(user.id.clone()));
            if named.as_ref() != Some(&user.id) {
                *named = None;
            }
        }
        usernames
    }

    /// Puts the group in, with the identifiers of its members.
    fn add_group(&mut self, read: ReadGroup, edges: Edges, usernames: &BTreeMap<String, Option<DirectoryId>>) {
        let ReadGroup { mut group, members, usernames: named } = read;
        group.members.extend(edges.members);
        group.groups.extend(edges.groups);
        for member in members {
            match self.entries.get(member.normalized()) {
                Some(Target::User(id)) => _ = group.members.insert(id.clone()),
                Some(Target::Group(id)) => _ = group.groups.insert(id.clone()),
                Some(Target::Other) => {}
                None => match DirectoryId::new(member.normalized()) {
                    Ok(id) if member.is_by_uid() => _ = group.members.insert(id),
                    _ => self.miss(&member, Some(&group.id)),
                },
            }
        }
        for username in named {
            let known = usernames.get(&username).cloned().flatten();
            group.members.extend(known.or_else(|| DirectoryId::new(username).ok()));
        }
        self.snapshot.application_mut().groups.insert(group.id.clone());
        self.snapshot.insert_group(group);
    }

    /// Notes a name that leads to no entry. The empty one is there because some groups must have a member.
    ///
    /// Each name is noted once, however many groups have it: a hundred thousand groups with one lost member are one reason.
    fn miss(&mut self, dn: &Dn, group: Option<&DirectoryId>) {
        if dn.is_empty() || !self.missing.insert(dn.normalized().to_owned()) {
            return;
        }
        self.snapshot.mark_partial(match DirectoryId::new(dn.normalized()) {
            Ok(entry) => Incomplete::EntryMissing { entry },
            Err(_) => Incomplete::EntryWithoutId { list: "member", group: group.cloned(), row: 1 },
        });
    }
}

/// The name without the bits that `uniqueMember` may have behind it (RFC 4517 section 3.3.21).
///
/// Only bits are taken off: `#'` may stand in a name, and what is behind it belongs to the name then.
fn without_uid(member: &str) -> &str {
    let Some(name) = member.strip_suffix("'B") else { return member };
    name.rsplit_once("#'").filter(|(_, bits)| bits.bytes().all(|bit| matches!(bit, b'0' | b'1'))).map_or(member, |(name, _)| name)
}

/// Whether a group of this class has a list of members even if nobody is in it, or has its members by a search that is not run here.
///
/// The schema of these classes asks for a member (RFC 4519 section 3.5), so that none at all means that the reader was not allowed to see the list.
fn must_have_members(entry: &Entry) -> bool {
    let classes = entry.classes();
    let is = |class: &str| classes.contains(class);
    if is("groupofurls") || entry.values("memberURL").is_some() {
        return true;
    }
    (is("groupofnames") || is("groupofuniquenames")) && !is("nestedgroup") && !is("ipausergroup")
}
