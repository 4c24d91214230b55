//! Nothing is done to what the policy protects, whatever the directory says.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::{Place, desired, group_key, key, policy, wanted, wanted_group};
use idbridge_planner::{Answer, Because, Desired, Evidence, Plan, Policy, Presence, Protection};

fn company() -> Desired {
    let mut desired = desired();
    ["anna", "bo", "cy"].into_iter().for_each(|id| desired.set_user(key(id), wanted(id, id)));
    desired.set_group(group_key("g"), wanted_group("g", "Staff", &["anna", "bo", "cy"]));
    desired.set_group(group_key("h"), wanted_group("h", "Admins", &["bo"]));
    desired
}

fn synced() -> Place {
    let mut place = Place::new();
    place.sync(&company(), &policy());
    place
}

fn operations(plan: &Plan) -> Vec<String> {
    plan.operations().iter().map(|operation| format!("{} {}", operation.kind.name(), operation.key)).collect()
}

fn held(plan: &Plan) -> Vec<String> {
    plan.held().iter().flat_map(|held| &held.findings).map(ToString::to_string).collect()
}

/// The three ways in which a policy may name anna.
fn ways(place: &Place) -> Vec<(Policy, String)> {
    let id = place.state.user(&key("anna")).unwrap().id.clone();
    let ways = [
        (Protection::Id(id.clone()), format!("id {:?}", id.as_str())),
        (Protection::Name("ANNA@example.com".to_owned()), r#"name "ANNA@example.com""#.to_owned()),
        (Protection::ExternalId("anna".to_owned()), r#"externalId "anna""#.to_owned()),
    ];
    let named = ways.map(|(way, words)| {
        let mut policy = policy();
        policy.protected.user(way);
        (policy, words)
    });
    named.into()
}

/// By identifier, by name without case, by externalId: neither deleted, nor deactivated, nor renamed.
#[test]
fn a_protected_user_is_left_alone() {
    for (policy, words) in ways(&synced()) {
        let because = Because::new("GM-20", "is in no bound group");
        let answers = [Answer::Absent, Answer::Present(Presence::new(because, Evidence::Record)), wanted("anna", "anna.berg")];
        for answer in answers {
            let mut place = synced();
            let mut desired = company();
            desired.set_user(key("anna"), answer);
            let done = place.sync(&desired, &policy);
            assert_eq!((operations(&done.plan), done.writes), (vec![], 0), "{}", done.plan.explain());
            assert_eq!(
                held(&done.plan).first().unwrap(),
                &format!(
                    "Protected, user anna (anna{}@example.com): the service's user with the {words} is protected, so nothing is done to it; remedy: \
                     take it off the policy's protected users, or change it at the service by hand",
                    if done.plan.held()[0].label.contains("berg") { ".berg" } else { "" }
                )
            );
            assert!(place.state.user(&key("anna")).is_some());
        }
    }
}

/// A protected user stays in the groups that it is in, and joins none; the others do.
#[test]
fn a_protected_user_is_neither_added_nor_removed() {
    for (policy, _) in ways(&synced()) {
        let mut place = synced();
        let mut desired = company();
        desired.set_group(group_key("g"), wanted_group("g", "Staff", &["cy"]));
        desired.set_group(group_key("h"), wanted_group("h", "Admins", &["anna", "bo", "cy"]));
        let done = place.sync(&desired, &policy);
        assert_eq!(operations(&done.plan), ["removeMembers group g", "addMembers group h"]);
        assert_eq!(
            done.plan.findings().iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["group g (Staff)", "group h (Admins)"].map(|group| format!(
                "Protected, {group}: 1 of its members are protected, and are neither added nor removed (anna); remedy: take them off the \
                 policy's protected users, or change it by hand"
            ))
        );
        let members =
            |group: &str| place.state.group(&group_key(group)).unwrap().members.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!((members("g"), members("h")), (vec!["anna".to_owned(), "cy".to_owned()], vec!["bo".to_owned(), "cy".to_owned()]));
    }
}

/// A protected group is neither deleted nor renamed, and its members stay; to let it go is no request.
#[test]
fn a_protected_group_is_left_alone() {
    let id = synced().state.group(&group_key("h")).unwrap().id.clone();
    for way in [Protection::Id(id), Protection::Name("admins".to_owned()), Protection::ExternalId("h".to_owned())] {
        let mut policy = policy();
        policy.protected.group(way);
        for answer in [Answer::Absent, wanted_group("h", "Operators", &["bo"]), wanted_group("h", "Admins", &["anna"])] {
            let mut desired = company();
            desired.set_group(group_key("h"), answer);
            let done = synced().sync(&desired, &policy);
            assert_eq!((operations(&done.plan), done.writes), (vec![], 0), "{}", done.plan.explain());
            assert!(held(&done.plan)[0].starts_with("Protected, group h ("), "{:?}", held(&done.plan));
        }
        let mut desired = company();
        desired.set_group(group_key("h"), Answer::Present(Presence::new(Because::new("GM-16", "is not bound"), Evidence::Record)));
        assert_eq!(operations(&synced().sync(&desired, &policy).plan), ["releaseGroup group h"]);
    }
}

/// What is protected is not adopted, and a protected name is given to nobody.
#[test]
fn what_is_protected_is_not_adopted() {
    let mut place = synced();
    (place.state, place.store) = Default::default();
    let mut policy = policy();
    policy.protected.user(Protection::Name("anna@example.com".to_owned()));
    policy.protected.group(Protection::Name("Admins".to_owned()));
    policy.protected.user(Protection::Name("dag@example.com".to_owned()));
    let mut desired = company();
    desired.set_user(key("dag"), wanted("dag", "dag"));
    let plan = place.sync(&desired, &policy).plan;
    assert!(
        !operations(&plan).iter().any(|operation| operation.ends_with("anna") || operation.ends_with("dag") || operation.ends_with(" h"))
    );
    assert_eq!(plan.held().iter().map(|held| held.key.to_string()).collect::<Vec<_>>(), ["user anna", "user dag", "group h"]);
    assert_eq!((place.state.user(&key("anna")), place.service.users().count()), (None, 3));
}

/// A run that finds a protected object on its way, behind a conflict, does not take it over.
#[test]
fn a_run_does_not_adopt_what_is_protected() {
    let mut place = Place::new();
    let policy_before = policy();
    let mut first = desired();
    first.set_user(key("anna"), wanted("anna", "anna"));
    let (plan, state) = place.look(&first, &policy_before);
    // Somebody creates her by hand in between, and protects the object by its identifier.
    let mut other = Place::new();
    other.sync(&first, &policy_before);
    place.service = other.service;
    let id = other.state.user(&key("anna")).unwrap().id.clone();
    let mut policy = policy_before;
    policy.protected.user(Protection::Id(id));
    let sent: Vec<&str> = place.carry_out(&plan, state, &policy).into_iter().map(|(operation, _)| operation).collect();
    assert_eq!(sent, ["CreateUser", "ListUsers"]);
    assert_eq!(place.state.user(&key("anna")), None);
}

/// What is withheld or counted by the guard are only operations that might go out.
#[test]
fn the_guard_does_not_count_what_is_protected() {
    let mut policy = policy();
    (policy.guard.least, policy.guard.share) = (2, 0.0);
    let mut desired = company();
    ["anna", "bo", "cy"].into_iter().for_each(|id| desired.set_user(key(id), Answer::Absent));
    assert!(synced().sync(&desired, &policy).plan.tripped().is_some());
    policy.protected.user(Protection::Name("anna@example.com".to_owned()));
    let plan = synced().sync(&desired, &policy).plan;
    assert_eq!((plan.tripped(), operations(&plan)), (None, vec!["deleteUser user bo".to_owned(), "deleteUser user cy".to_owned()]));
}
