//! A plan for people.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use idbridge_scim::{Change, Resource, SchemaUri, Value, changes};

use crate::key::{Key, UserKey};
use crate::operation::{Held, Operation, OperationKind, Withheld, WithheldReason};
use crate::plan::names::is_temporary;
use crate::plan::{Plan, Tripped};

/// The most members of a group that are named.
pub(super) const NAMES: usize = 6;
/// The longest value that is printed, in characters.
const LONGEST: usize = 80;
/// The most records of one kind of hold that are printed one by one.
const MOST: usize = 20;

impl Plan {
    /// Writes the plan as a readable diff: what, on whom, old -> new, because of which rule; what is held and withheld, and why.
    ///
    /// | sign | |
    /// | --- | --- |
    /// | `+` | is created |
    /// | `~` | is changed, or its members are |
    /// | `=` | is at the service already, and is taken over |
    /// | `-` | is deleted |
    /// | `.` | is left as it is from now on; or a finding that stops nothing |
    /// | `#` | is withheld |
    /// | `!` | is held |
    ///
    /// Values longer than 80 characters are cut, and of members the first six are named. The same plan gives the same text, so it can be compared
    /// with the one of yesterday. It names people and their attributes: a log is no place for it unless they may stand there.
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

    /// Computes the shortest time that the writes take at the service's rates; look-ups, throttling and the time of the answers come on top.
    #[must_use]
    pub fn shortest_time(&self) -> Duration {
        let writes = u32::try_from(self.writes).unwrap_or(u32::MAX);
        Duration::try_from_secs_f64(f64::from(writes) / self.rates.writes).unwrap_or(Duration::MAX)
    }
}

struct Explained<'a> {
    plan: &'a Plan,
}

impl fmt::Display for Explained<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = self.plan;
        self.summary(f)?;
        let is_user = |operation: &&Operation| matches!(operation.key, Key::User(_));
        let users: Vec<&Operation> = plan.operations.iter().filter(is_user).collect();
        let groups: Vec<&Operation> = plan.operations.iter().filter(|operation| !is_user(operation)).collect();
        for (title, operations) in [("Users", users), ("Groups", groups)] {
            if !operations.is_empty() {
                writeln!(f, "\n{title}")?;
            }
            // A name for a moment comes first, wherever it stands in the plan.
            let (first, others): (Vec<_>, Vec<_>) = operations.into_iter().partition(|operation| is_temporary(operation));
            first.into_iter().chain(others).try_for_each(|operation| self.operation(f, operation))?;
        }
        if !plan.withheld.is_empty() {
            writeln!(f, "\nWithheld")?;
            if let Some(tripped) = &plan.tripped {
                writeln!(f, "  {tripped}")?;
            }
            plan.withheld.iter().try_for_each(|withheld| write_withheld(f, withheld))?;
        }
        write_held(f, &plan.held)?;
        if !plan.findings.is_empty() {
            writeln!(f, "\nFindings")?;
            plan.findings.iter().try_for_each(|finding| writeln!(f, "  . {finding}"))?;
        }
        plan.write_drift(f)?;
        plan.write_looks(f)
    }
}

impl Explained<'_> {
    fn operation(&self, f: &mut fmt::Formatter<'_>, operation: &Operation) -> fmt::Result {
        let Operation { key, label, kind, because, .. } = operation;
        writeln!(f, "  {} {} {label} [{}]  because {because}", sign(kind), verb(kind), key.as_str())?;
        match kind {
            OperationKind::CreateUser { resource, .. } => {
                changes(&Resource::new(), resource).iter().try_for_each(|change| writeln!(f, "      {}", shown(change)))
            }
            OperationKind::CreateGroup { members, .. } => writeln!(f, "      members: none -> {}", self.people(members)),
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
            _ => kind.changes().iter().try_for_each(|change| writeln!(f, "      {}", shown(change))),
        }
    }

    /// How many people, and the names of the first of them.
    fn people(&self, users: &[UserKey]) -> String {
        let name = |user: &UserKey| self.plan.people.get(user).cloned().unwrap_or_else(|| user.to_string());
        let shown: Vec<String> = users.iter().take(NAMES).map(name).collect();
        let more = if users.len() > shown.len() { ", ..." } else { "" };
        format!("{} ({}{more})", users.len(), shown.join(", "))
    }

    fn summary(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = self.plan;
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for operation in &plan.operations {
            *kinds.entry(verb(&operation.kind)).or_default() += 1;
        }
        write!(f, "Plan: {}", counted(plan.operations.len(), "change", "changes"))?;
        if !kinds.is_empty() {
            let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
            let seconds = plan.shortest_time().as_secs_f64();
            write!(f, " ({}), {}, at least {seconds:.1} s", kinds.join(", "), counted(plan.writes, "write", "writes"))?;
        }
        match plan.unchanged {
            1 => writeln!(f, ". 1 record is as it shall be."),
            unchanged => writeln!(f, ". {unchanged} records are as they shall be."),
        }
    }
}

fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// What is done, in words. A deactivation has a word of its own, because it is what people look for.
fn verb(kind: &OperationKind) -> &'static str {
    match kind {
        OperationKind::CreateUser { .. } => "create user",
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

pub(super) fn shown(change: &Change) -> String {
    let value = |value: Option<&Value>, none: &str| value.map_or_else(|| none.to_owned(), |value| cut(&value.to_string()));
    // AWS's own short name for the extension, as in `${path:enterprise.department}`.
    let path = change.path().to_string().replace(&format!("{}:", SchemaUri::ENTERPRISE_USER), "enterprise.");
    format!("{path}: {} -> {}", value(change.before(), "none"), value(change.after(), "removed"))
}

/// Cuts by characters, not bytes, so that a name in any script stays text.
fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let short: String = text.chars().take(LONGEST).collect();
    format!("{short}...")
}

fn write_withheld(f: &mut fmt::Formatter<'_>, withheld: &Withheld) -> fmt::Result {
    let Operation { key, label, kind, because, .. } = &withheld.operation;
    writeln!(f, "  # {} {label} [{}]  because {because}; withheld: {}", verb(kind), key.as_str(), withheld.reason)
}

/// Of an incomplete source, thousands may be held for the same reason: a few of them stand for all.
fn write_held(f: &mut fmt::Formatter<'_>, held: &[Held]) -> fmt::Result {
    if held.is_empty() {
        return Ok(());
    }
    writeln!(f, "\nHeld (nothing is done to these)")?;
    let (unseen, others): (Vec<&Held>, Vec<&Held>) =
        held.iter().partition(|held| held.findings.iter().any(|finding| finding.code == "SourceIncomplete"));
    for held in others.iter().chain(unseen.iter().take(MOST)) {
        for finding in &held.findings {
            writeln!(f, "  ! {finding}")?;
        }
    }
    if unseen.len() > MOST {
        writeln!(f, "  ! and {} more that the source, not read to its end, does not show", unseen.len() - MOST)?;
    }
    Ok(())
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
                return write!(f, "The source was not read to its end (SourceIncomplete): nothing that takes access away is sent.");
            }
            WithheldReason::SourceEmpty => write!(f, "The source is empty although records are linked (SourceIncomplete).")?,
            _ => match self.allowance {
                Some(allowance) => write!(f, "The guard: {objects} objects would be taken away, and {allowance} are allowed.")?,
                None => {
                    write!(f, "The guard: {} users would be deleted or deactivated", self.users)?;
                    if self.earlier_users > 0 {
                        write!(f, " after {} within the window", self.earlier_users)?;
                    }
                    write!(f, " (at most {}), {} groups deleted", self.users_limit, self.groups)?;
                    if self.earlier_groups > 0 {
                        write!(f, " after {} within the window", self.earlier_groups)?;
                    }
                    write!(f, " (at most {}).", self.groups_limit)?;
                }
            },
        }
        write!(f, " Nothing that takes access away is sent. To let this run take away these {objects} objects, allow {objects} removals.")
    }
}
