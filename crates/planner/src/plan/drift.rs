//! What others changed at the service, apart from what the directory changed.
//!
//! A [`Discovery`](crate::Discovery) compares what it saw with what was last sent. What shall be set back, it corrects in the state, which then says
//! what is there; so the repair is what any plan does about a difference, with every check that goes with it. Here it gets its name.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Change, Resource, ResourceId};
use serde::{Deserialize, Serialize};

use crate::desired::Answer;
use crate::finding::{Because, Finding};
use crate::key::{GroupKey, Key, UserKey};
use crate::look::Look;
use crate::name::folded;
use crate::observed::name_of;
use crate::operation::{OperationKind, is_deactivation};
use crate::plan::explain::{one_line, shown};
use crate::plan::{Draft, Plan};
use crate::policy::{Observation, Strangers};
use crate::state::UserLink;

/// One object of the service that is not as it was left, although the directory did not ask for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Drifted {
    /// Whose object it is; nobody's if it is a group that nobody manages.
    pub key: Option<Key>,
    /// The service's identifier.
    pub id: ResourceId,
    /// Its name at the service or, where it is lost, the last one that is known.
    pub label: String,
    /// What is different.
    pub kind: DriftKind,
    /// Whether the policy has it set back. The plan may still hold or withhold that.
    pub repairs: bool,
}

/// What is different in an object of the service (see [`Drifted`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum DriftKind {
    /// Managed attributes, from what was last sent to what is there; the `displayName` of users aside (AC-03).
    Attributes {
        /// What differs. Empty if the object is not what was last sent and the store could not say what that was.
        differences: Vec<Change>,
    },
    /// The object is gone (404). What is wanted is created again (UL-09).
    Lost,
    /// The members of a group.
    Members {
        /// Who was a member, shall be one, and is none.
        missing: Vec<UserKey>,
        /// Who is ours, was no member, shall be none, and is one.
        extra: Vec<UserKey>,
        /// Members that are nobody's.
        strangers: Vec<ResourceId>,
        /// Whether only our own users were asked for, so that there may be strangers that do not show.
        may_have_others: bool,
    },
    /// A group that nobody manages: neither linked nor taken over.
    ExtraGroup {
        /// Whether it was ours and was disassociated, so that it is left as it is (GM-16).
        released: bool,
    },
}

/// What the key of an operation on a group that nobody manages begins with, before the service's identifier.
const UNMANAGED: &str = "service:/";

/// Whether a key stands for a group that nobody manages, which was never among the linked ones.
pub(super) fn is_unmanaged(key: &GroupKey) -> bool {
    key.as_str().starts_with(UNMANAGED)
}

/// IC-05: whether the service has another `userName` than the one that we left there, which the directory does not want either. Letter case aside.
pub(crate) fn is_another_name(link: &UserLink, there: &Resource, wanted: &Resource) -> bool {
    let name = |resource| name_of(ResourceType::User, resource).map(folded);
    let Some(found) = name(there) else { return false };
    !link.user_name.is_empty() && found != folded(&link.user_name) && name(wanted).as_ref() != Some(&found)
}

impl Draft<'_> {
    /// IC-05: nothing but a deactivation is done to a user whose account has another name, because it may be somebody else's by now.
    pub(super) fn hold_other_names(&mut self) {
        let held: BTreeSet<Key> = self.held.iter().map(|held| held.key.clone()).collect();
        let mut findings = BTreeMap::new();
        for (id, there) in self.observed.users().iter() {
            let Some(key) = self.state.owner(id).map(|key| key.to_owned()) else { continue };
            let any = Key::from(key.clone());
            let (Some(link), Some(user)) = (self.state.user(&key), self.desired.wanted_user(&key)) else { continue };
            if !self.scope.contains(&any)
                || held.contains(&any)
                || self.state.intents.contains_key(&any)
                || !is_another_name(&link.to_owned(), there, &user.resource)
            {
                continue;
            }
            let label = name_of(ResourceType::User, &user.resource).unwrap_or(key.as_str()).to_owned();
            let found = name_of(ResourceType::User, there).unwrap_or_default();
            let message = format!("the service has the userName {found:?}, expected {:?}; the directory did not change it", link.user_name);
            let finding = Finding::new("UserNameMismatch", message).at("userName");
            let remedy = format!("change it back to {label} at the service, or let the policy do it");
            findings.insert(any, (label, finding.with_remedy(remedy)));
        }
        for (key, (label, finding)) in findings {
            let before = self.operations.len();
            let deactivation = self.operations.iter_mut().find(|operation| operation.key == key && operation.kind.deactivates());
            if let Some(operation) = deactivation
                && let OperationKind::UpdateUser { changes, sent, .. } = &mut operation.kind
            {
                changes.retain(is_deactivation);
                *sent = self.last_sent.get(&key).cloned().unwrap_or_default();
                sent.attributes_mut().set("active", false);
            } else {
                self.operations.retain(|operation| operation.key != key);
                if self.operations.len() == before {
                    self.unchanged = self.unchanged.saturating_sub(1);
                }
            }
            self.hold(key, label, vec![finding]);
        }
    }

    /// Says of the operations that set back what others changed that this is what they do.
    pub(super) fn name_repairs(&mut self) {
        let observed = self.observed;
        for drifted in observed.drift().iter().filter(|drifted| drifted.repairs) {
            let Some(key) = &drifted.key else { continue };
            for operation in self.operations.iter_mut().filter(|operation| operation.key == *key) {
                let rule = match (&operation.kind, &drifted.kind) {
                    (
                        OperationKind::UpdateUser { changes, .. } | OperationKind::UpdateGroup { changes, .. },
                        DriftKind::Attributes { differences },
                    ) => {
                        let drifts = |change: &Change| differences.iter().any(|other| other.path() == change.path());
                        let is_name = |change: &Change| change.path().is_within("userName");
                        match changes.iter().any(is_name) {
                            _ if !changes.iter().all(drifts) => continue,
                            true => "IC-05".into(),
                            false => operation.because.rule.clone(),
                        }
                    }
                    (OperationKind::AddMembers { users }, DriftKind::Members { missing, .. })
                        if users.iter().all(|user| missing.contains(user)) =>
                    {
                        operation.because.rule.clone()
                    }
                    (OperationKind::RemoveMembers { users, .. }, DriftKind::Members { extra, .. })
                        if users.iter().all(|user| extra.contains(user)) =>
                    {
                        operation.because.rule.clone()
                    }
                    _ => continue,
                };
                operation.because = Because::new(rule, "drift: was changed at the service, and not by the directory");
            }
        }
    }

    /// Deletes the groups that nobody manages, where the policy says so, and says what could not be seen.
    pub(super) fn delete_extra_groups(&mut self) {
        if !self.scope.is_all()
            || self.policy.drift.observation != Observation::Full
            || !self.policy.manages_groups()
            || self.observed.looks().is_empty()
        {
            return;
        }
        if !self.observed.groups().is_complete() {
            let message = "the list of groups could not be read to its end, so groups that nobody manages cannot be known";
            return self.findings.push(Finding::new("ExtraGroupsUnknown", message));
        }
        // A group of the source whose name is not known may be any of them.
        let mut unnamed =
            self.desired.groups().filter(|(key, answer)| matches!(answer, Answer::Hold(_)) && self.state.group(key).is_none());
        if self.policy.drift.groups != Strangers::Delete || self.desired.is_partial() || unnamed.next().is_some() {
            return;
        }
        let names = self.desired.groups().filter_map(|(_, answer)| match answer {
            Answer::Want(group) => name_of(ResourceType::Group, &group.resource).map(|name| Cow::Owned(folded(name).into_owned())),
            _ => None,
        });
        let names: BTreeSet<Cow<'_, str>> = names.collect();
        for drifted in self.observed.drift().iter().filter(|drifted| drifted.kind == DriftKind::ExtraGroup { released: false }) {
            let there = self.observed.groups().get(&drifted.id);
            let carried = there.and_then(Resource::external_id);
            if names.contains(&folded(&drifted.label)) || carried.is_some_and(|carried| self.desired.has_group(carried.as_str())) {
                continue;
            }
            let because = Because::new("drift", "drift: nobody manages it, and the policy deletes such groups");
            // No record of the directory has this key: a colon and a slash stand in none that a service gives out.
            let key = GroupKey::from(format!("{UNMANAGED}{}", drifted.id));
            self.add(key, drifted.label.clone(), OperationKind::DeleteGroup { id: drifted.id.clone() }, because);
        }
    }
}

impl Plan {
    /// Returns what others changed at the service, apart from what the directory changed: first what is lost, then users, groups and members, then
    /// groups that nobody manages.
    ///
    /// Lost objects show wherever they are met, the rest with [`Observation::Full`](crate::Observation) (a `userName`, IC-05, wherever it is seen).
    #[must_use]
    pub fn drift(&self) -> &[Drifted] {
        &self.drift
    }

    /// Returns how the service was looked at before planning; nothing if what was observed was filled by hand.
    #[must_use]
    pub fn looks(&self) -> &[Look] {
        &self.looks
    }

    /// Writes the section of what others changed, apart from what the directory changed.
    pub(super) fn write_drift(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.drift.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nDrift (changed at the service, and not by the directory)")?;
        self.drift.iter().try_for_each(|drifted| write!(f, "{drifted}"))
    }

    /// Writes how the service was looked at, if it was asked anything.
    pub(super) fn write_looks(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.looks.iter().all(|look| look.requests == 0) {
            return Ok(());
        }
        writeln!(f, "\nLooked at")?;
        self.looks.iter().try_for_each(|look| writeln!(f, "  . {look}"))
    }
}

impl fmt::Display for Drifted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whose = self.key.as_ref().map_or_else(|| format!("group {} that nobody manages", self.id), ToString::to_string);
        let end = if self.repairs { "is set back" } else { "stays as it is" };
        writeln!(f, "  ? {} [{}]: {end}", one_line(&self.label), one_line(&whose))?;
        match &self.kind {
            DriftKind::Attributes { differences } if differences.is_empty() => {
                writeln!(f, "      is not what was last sent, which is not known")
            }
            DriftKind::Attributes { differences } => differences.iter().try_for_each(|change| writeln!(f, "      {}", shown(change))),
            DriftKind::Lost => writeln!(f, "      is gone from the service"),
            DriftKind::Members { missing, extra, strangers, may_have_others } => {
                let counted = [("missing", missing.len()), ("extra", extra.len()), ("nobody's", strangers.len())];
                let counted: Vec<String> =
                    counted.iter().filter(|(_, count)| *count > 0).map(|(what, count)| format!("{count} {what}")).collect();
                let more = if *may_have_others { "; others were not asked for" } else { "" };
                writeln!(f, "      members: {}{more}", counted.join(", "))
            }
            DriftKind::ExtraGroup { released: true } => writeln!(f, "      was disassociated"),
            DriftKind::ExtraGroup { released: false } => Ok(()),
        }
    }
}
