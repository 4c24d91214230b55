//! A plan for people.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use idbridge_scim::{Change, Resource, SchemaUri, Value, changes};

use crate::key::UserKey;
use crate::operation::{Held, Operation, OperationKind, Risk, Withheld, WithheldReason};
use crate::plan::names::is_temporary;
use crate::plan::{Plan, Tripped};

/// The most members of a group that are named.
pub(super) const NAMES: usize = 6;
/// The longest value that is printed, in characters.
const LONGEST: usize = 80;
/// The longest sentence or name that is printed, in characters.
const LONGEST_SENTENCE: usize = 1_000;
/// The most entries of one section that are printed one by one.
pub(super) const MOST: usize = 100;
/// The same of records that an incomplete source does not show: they are held for one and the same reason.
const MOST_UNSEEN: usize = 20;
/// The most attributes of one object that are printed.
const MOST_ATTRIBUTES: usize = 50;

impl Plan {
    /// Writes the plan as a readable diff: what, on whom, old -> new, because of which rule; what is held and withheld, and why.
    ///
    /// The first line counts, the second is the bill ([`Plan::cost`]). Then come the sections, those that have something in them, in this order:
    ///
    /// | section | holds | sign |
    /// | --- | --- | --- |
    /// | Takes access away | deletions first, then deactivations and removals of members; each with its risk | `-`, `~` or `=` |
    /// | Creates | users, then groups with their members | `+` |
    /// | Changes | what is changed of users and groups that are linked | `~` |
    /// | Adopts | what is at the service already, and is taken over | `=` |
    /// | Memberships | who joins a group | `~` |
    /// | Releases | groups that are left as they are from now on | `.` |
    /// | Withheld | what takes access away and is not done until a person allows it, and which allowance lifts it | `#` |
    /// | Held | records to which nothing is done, with what to change | `!` |
    /// | Findings | what stops nothing | `.` |
    ///
    /// So `grep '^  [-]'` finds every deletion, `grep 'risk:'` whatever takes access away, and `grep '\[5c39'` what becomes of one record.
    ///
    /// The text is bounded, so that a plan of a million creations can be printed: of each section, the first 100 entries are printed and the others
    /// counted; of records that an incomplete source does not show, 20; of an object 50 attributes; of members, six names; of a value 80 characters.
    /// [`SavedPlan::to_json`](crate::SavedPlan::to_json) has all of it.
    ///
    /// Every entry is one line with its attributes below: a line break, a control character or a change of writing direction in a name is printed as
    /// its number, such as `\u{a}`, so that no name can look like another entry. A password is printed `(..)`. The same plan gives the same text, so
    /// it can be compared with the one of yesterday. It names people and their attributes: a log is no place for it unless they may stand there.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::{plan, Coverage, Desired, GroupManagement, LastSent, Observed, Policy, State};
    /// use idbridge_scim::Profile;
    /// use std::time::SystemTime;
    ///
    /// let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
    /// let desired = Desired::new(Coverage::Complete);
    /// let plan = plan(&desired, &Observed::default(), &State::default(), &LastSent::default(), &policy, SystemTime::UNIX_EPOCH);
    /// assert_eq!(plan.explain().to_string(), "Plan: 0 changes. 0 records are as they shall be.\n");
    /// ```
    #[must_use]
    pub fn explain(&self) -> impl fmt::Display {
        Explained { plan: self }
    }
}

struct Explained<'a> {
    plan: &'a Plan,
}

impl fmt::Display for Explained<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = self.plan;
        self.summary(f)?;
        self.operations(f)?;
        self.withheld(f)?;
        write_held(f, &plan.held)?;
        let findings = plan.findings.iter().map(|finding| format!("  . {}", one_line(&finding.to_string())));
        write_section(f, "Findings", findings, plan.findings.len())?;
        plan.write_drift(f)?;
        plan.write_looks(f)
    }
}

/// What a person looks for first stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    TakesAccess,
    Creates,
    Changes,
    Adopts,
    Memberships,
    Releases,
}

impl Section {
    fn of(kind: &OperationKind) -> Self {
        match kind {
            _ if kind.risk() > Risk::Harmless => Self::TakesAccess,
            OperationKind::CreateUser { .. } | OperationKind::CreateGroup { .. } => Self::Creates,
            OperationKind::AdoptUser { .. } | OperationKind::AdoptGroup { .. } => Self::Adopts,
            OperationKind::AddMembers { .. } | OperationKind::RemoveMembers { .. } => Self::Memberships,
            OperationKind::ReleaseGroup => Self::Releases,
            _ => Self::Changes,
        }
    }

    /// What stands above it.
    fn title(self) -> &'static str {
        match self {
            Self::TakesAccess => "Takes access away",
            Self::Creates => "Creates",
            Self::Changes => "Changes",
            Self::Adopts => "Adopts (they are at the service already)",
            Self::Memberships => "Memberships",
            Self::Releases => "Releases (they stay as they are)",
        }
    }
}

impl Explained<'_> {
    /// The counts and the bill: the lines that are read by who reads no others.
    fn summary(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = self.plan;
        let kinds = counts(plan.operations.iter());
        write!(f, "Plan: {}", counted(plan.operations.len(), "change", "changes"))?;
        if !kinds.is_empty() {
            write!(f, " ({kinds})")?;
        }
        match plan.operations.iter().filter(|operation| operation.kind.risk() > Risk::Harmless).count() {
            0 => {}
            1 => write!(f, ", 1 of which takes access away")?,
            several => write!(f, ", {several} of which take access away")?,
        }
        match plan.unchanged {
            1 => writeln!(f, ". 1 record is as it shall be.")?,
            unchanged => writeln!(f, ". {unchanged} records are as they shall be.")?,
        }
        if plan.operations.is_empty() {
            return Ok(());
        }
        writeln!(f, "Cost: {}.", plan.cost())
    }

    /// The sections of what is done, each in the order in which it is sent.
    fn operations(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sections: BTreeMap<Section, Vec<&Operation>> = BTreeMap::new();
        for operation in &self.plan.operations {
            sections.entry(Section::of(&operation.kind)).or_default().push(operation);
        }
        for (section, mut operations) in sections {
            // The worst first; and a name for a moment, wherever it stands in the plan, before what waits for it.
            operations.sort_by_key(|operation| (std::cmp::Reverse(operation.kind.risk()), !is_temporary(operation)));
            writeln!(f, "\n{}", section.title())?;
            let (shown, more) = operations.split_at(operations.len().min(MOST));
            shown.iter().try_for_each(|operation| self.operation(f, operation))?;
            if !more.is_empty() {
                writeln!(f, "  ... and {} more ({})", more.len(), counts(more.iter().copied()))?;
            }
        }
        Ok(())
    }

    /// One operation with its attributes or members below.
    fn operation(&self, f: &mut fmt::Formatter<'_>, operation: &Operation) -> fmt::Result {
        let kind = &operation.kind;
        writeln!(f, "  {} {}", sign(kind), titled(operation))?;
        match kind {
            OperationKind::CreateUser { resource } => write_changes(f, &changes(&Resource::new(), resource)),
            OperationKind::CreateGroup { resource, members } => {
                write_changes(f, &changes(&Resource::new(), resource))?;
                writeln!(f, "      members: none -> {}", self.people(members))
            }
            OperationKind::AddMembers { users } => writeln!(f, "      members: + {}", self.people(users)),
            OperationKind::RemoveMembers { users, unmanaged } => {
                if !users.is_empty() {
                    writeln!(f, "      members: - {}", self.people(users))?;
                }
                if !unmanaged.is_empty() {
                    writeln!(f, "      members: - {} that are nobody in the directory", unmanaged.len())?;
                }
                Ok(())
            }
            _ => write_changes(f, kind.changes()),
        }
    }

    /// How many people, and the names of the first of them.
    fn people(&self, users: &[UserKey]) -> String {
        let name = |user: &UserKey| self.plan.people.get(user).map_or_else(|| one_line(user.as_str()), |name| one_line(name)).into_owned();
        let shown: Vec<String> = users.iter().take(NAMES).map(name).collect();
        let more = if users.len() > shown.len() { ", ..." } else { "" };
        format!("{} ({}{more})", users.len(), shown.join(", "))
    }

    /// What waits, under the reason for which it waits.
    fn withheld(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let withheld = &self.plan.withheld;
        if withheld.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nWithheld (staged until allowed)")?;
        if let Some(tripped) = &self.plan.tripped {
            writeln!(f, "  {tripped}")?;
        }
        // What the guard counted is what an allowance lifts; the rest rests on an absence.
        let lifted = self.plan.tripped.as_ref().map_or(0, Tripped::objects);
        if withheld.iter().filter(|withheld| withheld.reason == WithheldReason::SourceIncomplete).count() > lifted {
            writeln!(f, "  What rests on an absence in the source is lifted by no allowance, only by reading the source to its end.")?;
        }
        let (shown, more) = withheld.split_at(withheld.len().min(MOST));
        for Withheld { operation, reason } in shown {
            writeln!(f, "  # {}; withheld: {reason}", titled(operation))?;
        }
        if !more.is_empty() {
            writeln!(f, "  ... and {} more ({})", more.len(), counts(more.iter().map(|withheld| &withheld.operation)))?;
        }
        Ok(())
    }
}

/// What is done to whom and why, on one line, with its risk where it has one.
fn titled(operation: &Operation) -> String {
    let Operation { key, label, kind, because, .. } = operation;
    let (label, key, because) = (one_line(label), one_line(key.as_str()), because.to_string());
    let mut text = format!("{} {label} [{key}]  because {}", verb(kind), one_line(&because));
    if kind.risk() > Risk::Harmless {
        text.push_str(&format!("; risk: {}", kind.risk()));
    }
    text
}

/// How many of each kind.
fn counts<'a>(operations: impl Iterator<Item = &'a Operation>) -> String {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for operation in operations {
        *kinds.entry(verb(&operation.kind)).or_default() += 1;
    }
    kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect::<Vec<_>>().join(", ")
}

/// A number and its word.
fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// What is done, in words. A deactivation has a word of its own, because it is what people look for.
fn verb(kind: &OperationKind) -> &'static str {
    match kind {
        OperationKind::CreateUser { .. } => "create user",
        OperationKind::AdoptUser { .. } if kind.deactivates() => "adopt and deactivate user",
        OperationKind::AdoptUser { .. } => "adopt user",
        OperationKind::UpdateUser { .. } if kind.deactivates() => "deactivate user",
        OperationKind::UpdateUser { .. } => "update user",
        OperationKind::DeleteUser { .. } => "delete user",
        OperationKind::CreateGroup { .. } => "create group",
        OperationKind::AdoptGroup { .. } => "adopt group",
        OperationKind::UpdateGroup { .. } => "update group",
        OperationKind::AddMembers { .. } => "add members",
        OperationKind::RemoveMembers { .. } => "remove members",
        OperationKind::DeleteGroup { .. } => "delete group",
        OperationKind::ReleaseGroup => "release group",
    }
}

/// One sign for each thing that can become of an object, so that a plan can be skimmed, and searched with `grep`.
fn sign(kind: &OperationKind) -> char {
    match kind {
        OperationKind::CreateUser { .. } | OperationKind::CreateGroup { .. } => '+',
        OperationKind::DeleteUser { .. } | OperationKind::DeleteGroup { .. } => '-',
        OperationKind::AdoptUser { .. } | OperationKind::AdoptGroup { .. } => '=',
        OperationKind::ReleaseGroup => '.',
        _ => '~',
    }
}

/// One line for each attribute, as many as are printed.
fn write_changes(f: &mut fmt::Formatter<'_>, changes: &[Change]) -> fmt::Result {
    changes.iter().take(MOST_ATTRIBUTES).try_for_each(|change| writeln!(f, "      {}", shown(change)))?;
    match changes.len().saturating_sub(MOST_ATTRIBUTES) {
        0 => Ok(()),
        more => writeln!(f, "      ... and {more} more attributes"),
    }
}

/// From what to what; a password is not printed.
pub(super) fn shown(change: &Change) -> String {
    let path = change.path();
    let is_password = path.attribute().attribute().is("password") || path.sub_attribute().is_some_and(|name| name.is("password"));
    let value = |value: Option<&Value>, none: &str| match value {
        None => none.to_owned(),
        // A person reads it, and texts are kept.
        Some(_) if is_password => "(..)".to_owned(),
        Some(value) => one_line(&cut(&value.to_string(), LONGEST)).into_owned(),
    };
    // AWS's own short name for the extension, as in `${path:enterprise.department}`.
    let path = path.to_string().replace(&format!("{}:", SchemaUri::ENTERPRISE_USER), "enterprise.");
    format!("{}: {} -> {}", one_line(&path), value(change.before(), "none"), value(change.after(), "removed"))
}

/// Cuts by characters, not bytes, so that a name in any script stays text.
fn cut(text: &str, longest: usize) -> Cow<'_, str> {
    match text.char_indices().nth(longest) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}...", text.get(..end).unwrap_or_default())),
    }
}

/// Keeps what came from elsewhere on one line, and in its direction: a name must not look like a second entry, nor turn the text around it.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    let turns = |letter: char| matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_unfit = |letter: char| letter.is_control() || turns(letter);
    let text = cut(text, LONGEST_SENTENCE);
    if !text.contains(is_unfit) {
        return text;
    }
    let escaped = text.chars().fold(String::new(), |mut escaped, letter| {
        match is_unfit(letter) {
            true => escaped.extend(letter.escape_unicode()),
            false => escaped.push(letter),
        }
        escaped
    });
    Cow::Owned(escaped)
}

/// Of an incomplete source, thousands may be held for the same reason: a few of them stand for all.
fn write_held(f: &mut fmt::Formatter<'_>, held: &[Held]) -> fmt::Result {
    if held.is_empty() {
        return Ok(());
    }
    writeln!(f, "\nHeld (nothing is done to these)")?;
    let (unseen, others): (Vec<&Held>, Vec<&Held>) =
        held.iter().partition(|held| held.findings.iter().any(|finding| finding.code == "SourceIncomplete"));
    for held in others.iter().take(MOST).chain(unseen.iter().take(MOST_UNSEEN)) {
        for finding in &held.findings {
            writeln!(f, "  ! {}", one_line(&finding.to_string()))?;
        }
    }
    if others.len() > MOST {
        let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in others.iter().skip(MOST).filter_map(|held| held.findings.first()) {
            *codes.entry(&finding.code).or_default() += 1;
        }
        let codes: Vec<String> = codes.iter().map(|(code, count)| format!("{count} {code}")).collect();
        writeln!(f, "  ... and {} more ({})", others.len() - MOST, one_line(&codes.join(", ")))?;
    }
    if unseen.len() > MOST_UNSEEN {
        writeln!(f, "  ... and {} more that the source, not read to its end, does not show", unseen.len() - MOST_UNSEEN)?;
    }
    Ok(())
}

/// A title, the first lines below it, and how many there are besides; nothing at all if there are none.
fn write_section(f: &mut fmt::Formatter<'_>, title: &str, lines: impl Iterator<Item = String>, count: usize) -> fmt::Result {
    if count == 0 {
        return Ok(());
    }
    writeln!(f, "\n{title}")?;
    lines.take(MOST).try_for_each(|line| writeln!(f, "{line}"))?;
    match count.saturating_sub(MOST) {
        0 => Ok(()),
        more => writeln!(f, "  ... and {more} more"),
    }
}

impl fmt::Display for WithheldReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Guard => "the guard lets no more be taken away",
            Self::SourceIncomplete => "the source was not read to its end",
            Self::SourceEmpty => "the source is empty although records are linked",
        })
    }
}

impl fmt::Display for Tripped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let objects = self.objects();
        match self.reason {
            WithheldReason::SourceIncomplete => {
                write!(f, "The source was not read to its end (SourceIncomplete): nothing that takes access away is sent.")?;
                return match objects {
                    0 => Ok(()),
                    1 => f.write_str(" To let this run take away the 1 object that its own record asks for, allow 1 removal."),
                    _ => write!(
                        f,
                        " To let this run take away the {objects} objects that their own records ask for, allow {objects} removals."
                    ),
                };
            }
            WithheldReason::SourceEmpty => write!(f, "The source is empty although records are linked (SourceIncomplete).")?,
            _ => match self.allowance {
                Some(allowance) => {
                    let (objects, is) = (counted(objects, "object", "objects"), if allowance == 1 { "is" } else { "are" });
                    write!(f, "The guard: {objects} would be taken away, and {allowance} {is} allowed.")?;
                }
                None => {
                    write!(f, "The guard: {} users would be deleted or deactivated", self.users)?;
                    if self.earlier_users > 0 {
                        write!(f, " after {} within the window", self.earlier_users)?;
                    }
                    if self.staged_users > 0 {
                        write!(f, ", and {} more wait for an allowance", self.staged_users)?;
                    }
                    write!(f, " (at most {}), {} groups deleted", self.users_limit, self.groups)?;
                    if self.earlier_groups > 0 {
                        write!(f, " after {} within the window", self.earlier_groups)?;
                    }
                    if self.staged_groups > 0 {
                        write!(f, ", and {} more wait for an allowance", self.staged_groups)?;
                    }
                    write!(f, " (at most {}).", self.groups_limit)?;
                }
            },
        }
        f.write_str(" Nothing that takes access away is sent.")?;
        match objects {
            0 => f.write_str(" To let this run take memberships away, allow 0 removals."),
            1 => f.write_str(" To let this run take away this object, allow 1 removal."),
            _ => write!(f, " To let this run take away these {objects} objects, allow {objects} removals."),
        }
    }
}
