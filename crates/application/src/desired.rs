//! From a directory to the planner.

use std::collections::BTreeSet;

use idbridge_mapping::directory::{Completeness, Group, Lifecycle, Snapshot, User};
use idbridge_mapping::{Mapped, Record, RuleSet, Scoped, Severity, Surroundings};
use idbridge_planner::{
    Answer, Because, Coverage, Desired, DesiredGroup, DesiredUser, Evidence, Finding, GroupKey, Key, Presence, UserKey,
};
use idbridge_scim::Profile;

use crate::entitlement::{Route, routes};

/// Says what a directory wants of a service provider: for each of its records, whether it is wanted, held or only present.
///
/// - A person is *wanted* if entitled (in a bound group or bound directly, and not staged) and mapped.
/// - What cannot be read or mapped is *held*: nothing is done to it, and its groups still prove entitlement.
/// - A person who is staged or not entitled, and a group that is not bound, is *present*; so is whoever, and which group, the rules' scope leaves out
///   (E-14). A group that is out of scope still proves that its members are entitled. Where the scope gives no answer, the record is held.
/// - Whatever is not in the snapshot is *absent* if the snapshot is complete, and otherwise held.
#[must_use]
pub fn desired(snapshot: &Snapshot, rules: &RuleSet, profile: &Profile) -> Desired {
    let mut desired = Desired::new(coverage(snapshot));
    desired.manage_user(rules.managed_user_attributes());
    desired.keep_user(rules.kept_user_attributes());
    desired.manage_group(rules.managed_group_attributes());
    for finding in snapshot.findings() {
        desired.report(translated(&finding));
    }
    let routes = routes(snapshot);
    let surroundings = Surroundings::of(snapshot);
    for (id, user) in snapshot.users() {
        let answer = user_answer(user, routes.get(id), rules, &surroundings, profile, &mut desired);
        desired.set_user(UserKey::from(id.as_str()), answer);
    }
    for (id, group) in snapshot.groups() {
        let is_bound = snapshot.application().groups.contains(id);
        let answer = group_answer(group, is_bound, rules, profile, &mut desired);
        desired.set_group(GroupKey::from(id.as_str()), answer);
    }
    desired
}

fn coverage(snapshot: &Snapshot) -> Coverage {
    match snapshot.completeness() {
        Completeness::Complete => Coverage::Complete,
        Completeness::Partial(reasons) => Coverage::Partial { reasons: reasons.iter().map(ToString::to_string).collect() },
    }
}

fn user_answer(
    user: &User,
    route: Option<&Route<'_>>,
    rules: &RuleSet,
    surroundings: &Surroundings<'_>,
    profile: &Profile,
    desired: &mut Desired,
) -> Answer<DesiredUser> {
    let label = user.email.as_deref().or(user.username.as_deref());
    let translated = |finding: &idbridge_mapping::Finding| labelled(translated(finding), label);
    if holds(&user.findings) {
        return Answer::Hold(user.findings.iter().map(translated).collect());
    }
    if user.lifecycle == Lifecycle::Staged {
        return Answer::Present(Presence::new(Because::new("E-3", "is staged in the directory"), Evidence::Record));
    }
    let Some(route) = route else {
        let because = Because::new("GM-20", "is in no bound group and not bound directly");
        return Answer::Present(Presence::new(because, Evidence::Absence));
    };
    match rules.scope.of_user(user, surroundings) {
        Scoped::In => {}
        Scoped::Out { by, rests_on_absence } => return Answer::Present(out_of_scope(&by, rests_on_absence)),
        Scoped::Unknown(finding) => return Answer::Hold(vec![translated(&finding)]),
    }
    match rules.to_scim_in(user, surroundings, profile) {
        Mapped::Ready { resource, findings } => {
            findings.iter().map(translated).for_each(|finding| desired.report(finding));
            let wanted = DesiredUser::new(resource).entitled_by(route.to_string());
            if !wanted.is_active() && user.lifecycle != Lifecycle::Suspended {
                let because =
                    Because::new("E-3", "is inactive by a rule of the rule set (locked, not activated or with an expired password)");
                return Answer::Want(wanted.inactive_because(because));
            }
            Answer::Want(wanted)
        }
        Mapped::Held { findings } => Answer::Hold(findings.iter().map(translated).collect()),
    }
}

fn group_answer(group: &Group, is_bound: bool, rules: &RuleSet, profile: &Profile, desired: &mut Desired) -> Answer<DesiredGroup> {
    let translated = |finding: &idbridge_mapping::Finding| labelled(translated(finding), group.name.as_deref());
    if holds(&group.findings) {
        return Answer::Hold(group.findings.iter().map(translated).collect());
    }
    if !is_bound {
        let because = Because::new("GM-16", "is not associated with the application any more");
        return Answer::Present(Presence::new(because, Evidence::Absence));
    }
    match rules.scope.of_group(group) {
        Scoped::In => {}
        Scoped::Out { by, rests_on_absence } => return Answer::Present(out_of_scope(&by, rests_on_absence)),
        Scoped::Unknown(finding) => return Answer::Hold(vec![translated(&finding)]),
    }
    match rules.group_to_scim(group, profile) {
        Mapped::Ready { resource, findings } => {
            findings.iter().map(translated).for_each(|finding| desired.report(finding));
            let members: BTreeSet<UserKey> = group.members.iter().map(|id| UserKey::from(id.as_str())).collect();
            Answer::Want(DesiredGroup::new(resource, members))
        }
        Mapped::Held { findings } => Answer::Hold(findings.iter().map(translated).collect()),
    }
}

/// E-14: in the directory, and left out by a rule, which the plan names.
fn out_of_scope(rule: &str, rests_on_absence: bool) -> Presence {
    let evidence = if rests_on_absence { Evidence::Absence } else { Evidence::Record };
    Presence::new(Because::new("E-14", format!("is out of scope by the rule {rule}")), evidence)
}

fn holds(findings: &[idbridge_mapping::Finding]) -> bool {
    findings.iter().any(|finding| finding.severity() == Severity::Holds)
}

/// The same finding with the record's name, because an identifier says nothing to a person.
fn labelled(finding: Finding, label: Option<&str>) -> Finding {
    match label {
        Some(label) => finding.labelled(label),
        None => finding,
    }
}

/// The same finding in the planner's words. The mapping's sentence says what to change, so the remedy is in it.
fn translated(finding: &idbridge_mapping::Finding) -> Finding {
    let mut translated = Finding::new(finding.code(), finding.to_string());
    translated.key = finding.record().map(|record| match record {
        Record::User(id) => Key::from(UserKey::from(id.as_str())),
        Record::Group(id) => Key::from(GroupKey::from(id.as_str())),
    });
    translated.path = finding.path().map(ToOwned::to_owned);
    translated
}
