//! The preview of one group.

use std::borrow::Cow;
use std::sync::Arc;

use idbridge_scim::Resource;

use crate::directory::{DirectoryId, Group};
use crate::finding::Severity;
use crate::mapped::Mapped;
use crate::report::{Absence, Consequence, Effect, Preview, Standing};
use crate::rule::is_attribute;
use crate::scope::Scoped;

/// One group of a [`Report`](crate::Report): whether it is sent, what of it, and what was found.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{Report, RuleSet, Standing, directory::jumpcloud};
/// use idbridge_scim::Profile;
///
/// let snapshot = jumpcloud::read(br#"{
///     "systemusers": [{"_id": "u1", "email": "anna@example.com", "firstname": "Anna", "lastname": "Berg"}],
///     "usergroups": [{"id": "g1", "name": "Ops: EU", "members": ["u1"]}],
///     "application": {"usergroups": ["g1"]}
/// }"#)?;
/// let report = Report::of(&snapshot, &RuleSet::jumpcloud(), &Profile::aws_iam_identity_center());
/// let ops = &report.groups()[0];
/// assert_eq!((ops.standing(), ops.members(), ops.members_sent()), (Standing::Held, 1, 1));
/// assert_eq!(ops.consequences()[0].finding.code(), "GroupNameColon");
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GroupReport {
    id: DirectoryId,
    name: Option<String>,
    is_bound: bool,
    members: usize,
    members_sent: usize,
    pub(super) standing: Standing,
    scope_rule: Option<String>,
    pub(super) sent: Vec<Arc<str>>,
    pub(super) consequences: Vec<Consequence>,
}

impl GroupReport {
    /// The directory's identifier.
    #[must_use]
    pub fn id(&self) -> &DirectoryId {
        &self.id
    }

    /// The `displayName` that the rules give the group, sent or not; the directory's own name where they give none.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Whether the application is bound to it.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.is_bound
    }

    /// How many members the directory states.
    #[must_use]
    pub fn members(&self) -> usize {
        self.members
    }

    /// How many of them are people who are sent.
    #[must_use]
    pub fn members_sent(&self) -> usize {
        self.members_sent
    }

    /// What is done with the record.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// The rule of the scope that leaves the record out, as it is written; nothing unless it is [out of scope](Absence::OutOfScope).
    #[must_use]
    pub fn scope_rule(&self) -> Option<&str> {
        self.scope_rule.as_deref()
    }

    /// The SCIM paths of the attributes that are sent, in the order of the rules, without the members; none unless the group is sent.
    pub fn sent(&self) -> impl Iterator<Item = &str> {
        self.sent.iter().map(|path| &**path)
    }

    /// What was found, the worst first.
    #[must_use]
    pub fn consequences(&self) -> &[Consequence] {
        &self.consequences
    }
}

impl Preview<'_> {
    /// Previews a group, with the resource if it is sent.
    pub(super) fn group(&mut self, group: &Group, is_sent: impl Fn(&DirectoryId) -> bool) -> (GroupReport, Option<Resource>) {
        let is_bound = self.snapshot.application().groups.contains(&group.id);
        let mut report = GroupReport {
            id: group.id.clone(),
            name: self.name_of(group).or_else(|| group.name.clone()),
            is_bound,
            members: group.members.len(),
            members_sent: group.members.iter().filter(|id| is_sent(id)).count(),
            standing: Standing::Held,
            scope_rule: None,
            sent: Vec::new(),
            consequences: Vec::new(),
        };
        if group.findings.iter().any(|finding| finding.severity() == Severity::Holds) {
            report.consequences = Consequence::all(&group.findings);
            return (report, None);
        }
        if !is_bound {
            report.standing = Standing::NotSent(Absence::GroupNotBound);
            report.consequences = Consequence::all(&group.findings);
            return (report, None);
        }
        match self.rules.scope.of_group(group) {
            Scoped::In => {}
            Scoped::Out { by, .. } => {
                report.standing = Standing::NotSent(Absence::OutOfScope);
                report.scope_rule = Some(by);
                report.consequences = Consequence::all(&group.findings);
                return (report, None);
            }
            Scoped::Unknown(finding) => {
                report.consequences = vec![Consequence { effect: Effect::Held, finding }];
                return (report, None);
            }
        }
        let mapped = self.rules.group_to_scim(group, self.profile);
        report.consequences = Consequence::all(mapped.findings());
        match mapped {
            Mapped::Held { .. } => (report, None),
            Mapped::Ready { resource, .. } => {
                report.standing = Standing::Sent;
                report.sent = self.paths.of(&resource);
                (report, Some(resource))
            }
        }
    }

    /// The name by the rules, because it is the one that the service will show.
    fn name_of(&self, group: &Group) -> Option<String> {
        let rule = self.rules.group.iter().find(|rule| rule.enabled && is_attribute(rule, "displayName"))?;
        rule.source.read_group(group).ok()?.map(Cow::into_owned)
    }
}
