//! Section 13 of the rules, as far as a plan and a run make them true: entitlement, adoption, the guard, names, refusals, fallbacks, the token.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::time::Duration;

use common::World;
use idbridge_emulator::{Fault, Faults, Token};
use idbridge_mapping::directory::Incomplete;
use idbridge_planner::{GroupKey, Stopped};
use idbridge_scim::Value;

/// E-1: entitled is who is in a bound group or bound directly, and not staged.
#[test]
fn e_01_entitled_is_who_is_bound_and_not_staged() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.hire("cleo", "Cleo Dahl");
    world.hire("dag", "Dag Foss");
    world.direct.insert("cleo".to_owned());
    world.stage("bo");
    world.settle();
    assert_eq!(world.everybody(), ["anna@example.com", "cleo@example.com"]);
}

/// E-2: of the four answers only absence deletes: who is staged or unbound is deactivated, who is held is left alone, who is gone is deleted.
#[test]
fn e_02_only_absence_deletes() {
    let mut world = World::company(5);
    world.stage("u00");
    world.leave("staff", "u01");
    world.user("u02").last_name = None;
    world.delete_user("u03");
    let synced = world.settle();
    assert_eq!(
        synced.writes(),
        [
            "DELETE User u03@example.com",
            "PATCH User u00@example.com active=false",
            "PATCH User u01@example.com active=false",
            "PATCH Group Staff -1"
        ]
    );
    assert_eq!(synced.held(), ["user u02 MissingRequired"]);
}

/// E-2, GM-16: of a group likewise: unbound is released, held is left alone, absent is deleted.
#[test]
fn e_02_only_an_absent_group_is_deleted() {
    let mut world = World::company(2);
    for (id, name) in [("unbound", "Unbound"), ("held", "Held"), ("absent", "Absent")] {
        world.group(id, name, &["u00"]);
    }
    world.settle();
    world.unbind("unbound");
    world.rename("held", "Held: too");
    world.delete_group("absent");
    let synced = world.settle();
    assert_eq!(synced.writes(), ["DELETE Group Absent"]);
    assert_eq!(world.every_group(), ["Held", "Staff", "Unbound"]);
}

/// E-3: suspended is inactive; an expired password, a locked account or an unfinished registration change nothing unless switched on.
#[test]
fn e_03_only_suspension_makes_inactive_by_default() {
    let mut world = World::company(3);
    world.user("u00").password_expired = true;
    world.user("u01").account_locked = true;
    world.user("u02").activated = false;
    assert_eq!(world.settle().calls, Vec::<String>::new());
    world.rules.inactive_when.account_locked = true;
    assert_eq!(world.settle().calls, ["PATCH User u01@example.com active=false"]);
}

/// E-3: a member who is nobody in a complete directory is a finding; the group goes on, and nothing is withheld.
#[test]
fn e_03_a_member_whom_the_directory_does_not_have_is_a_finding() {
    let mut world = World::company(2);
    world.join("staff", "nobody");
    world.suspend("u00");
    let synced = world.settle();
    assert_eq!(synced.calls, ["PATCH User u00@example.com active=false"]);
    assert!(synced.findings().contains("UnknownMember"));
}

/// E-11: an optional attribute with a character that the profile refuses is left out with a finding; a required one holds the record.
#[test]
fn e_11_refused_characters_are_left_out_or_hold() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.user("anna").job_title = Some("R&D <lead>".to_owned());
    world.user("bo").last_name = Some("Ek; DROP".to_owned());
    let synced = world.settle();
    assert_eq!(synced.writes(), ["POST User anna@example.com", "POST Group Staff +1"]);
    // The last name, and the display name that is composed of it.
    assert_eq!(synced.held(), ["user bo ValueRefused", "user bo ValueRefused"]);
    assert!(synced.findings().contains("AttributeLeftOut"));
    assert_eq!(world.there("anna@example.com").and_then(|user| user.get("title")), None);
}

/// E-11: a create that is answered 400 is not sent again while the record is unchanged, and is sent again when it changes.
#[test]
fn e_11_a_refused_create_is_not_sent_again() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    // This service refuses what the profile takes.
    world.service.set_faults(Faults::none().once("CreateUser", Fault::Failed { status: 400, applied: false }));
    let synced = world.sync();
    assert_eq!(synced.failures().len(), 1, "{:?}", synced.failures());
    world.service.clear_log();
    let synced = world.settle_reading();
    assert_eq!((synced.writes().len(), synced.held()), (0, vec!["user anna RefusedByService".to_owned()]));
    world.user("anna").job_title = Some("Lead".to_owned());
    assert_eq!(world.settle().writes(), ["POST User anna@example.com", "PATCH Group Staff +1"]);
}

/// E-11: a change that is answered 400 likewise, of users and of groups; the object stays as it was.
#[test]
fn e_11_a_refused_change_is_not_sent_again() {
    let mut world = World::company(2);
    let refuses = |operation| Faults::none().once(operation, Fault::Failed { status: 400, applied: false });
    world.user("u00").job_title = Some("Lead".to_owned());
    world.service.set_faults(refuses("PatchUser"));
    assert_eq!(world.sync().failures().len(), 1);
    let synced = world.settle();
    assert_eq!((synced.calls.len(), synced.held()), (0, vec!["user u00 RefusedByService".to_owned()]));
    world.rename("staff", "Everybody");
    world.service.set_faults(refuses("PatchGroup"));
    assert_eq!(world.sync().failures().len(), 1);
    let synced = world.settle_reading();
    assert_eq!(
        (synced.writes().len(), synced.held()),
        (0, vec!["user u00 RefusedByService".to_owned(), "group staff RefusedByService".to_owned()])
    );
    world.user("u00").job_title = Some("Boss".to_owned());
    world.rename("staff", "All");
    assert_eq!(world.settle().writes().len(), 2);
}

/// E-12: without cursors, the bare `?cursor` is answered 400 once a list, and the list is then read without one.
#[test]
fn e_12_without_cursors_lists_are_read_without() {
    for cap in [50, 100] {
        let mut world = World::with_staff(&[("anna", "Anna Berg")]);
        world.without_cursors(cap);
        let synced = world.settle();
        assert_eq!(synced.reads(), ["GET Users", "GET Groups", "GET Users", "GET Groups"]);
        assert_eq!(synced.writes(), ["POST User anna@example.com", "POST Group Staff +1"]);
    }
}

/// E-12: a page of exactly 50 or 100 is partial: who is not on it is looked up, and adopted where found.
#[test]
fn e_12_a_full_page_without_cursors_is_partial() {
    for cap in [50, 100] {
        let mut world = World::with_staff(&[]);
        world.without_cursors(cap);
        let mut by_hand = Vec::new();
        for number in 0..cap + 10 {
            let id = format!("u{number:03}");
            by_hand.push(world.made_by_hand(&format!("{id}@example.com")));
            world.hire(&id, "Some Body");
            world.join("staff", &id);
        }
        let synced = world.settle();
        assert!(synced.writes().iter().all(|call| !call.starts_with("POST User")), "{:?}", synced.writes());
        let linked: Vec<_> = (0..cap + 10).filter_map(|number| world.link(&format!("u{number:03}"))).collect();
        assert_eq!((linked, world.everybody().len()), (by_hand, cap + 10));
    }
}

/// E-12: without membership filters, the members of an adopted group are found by asking for each of our users.
#[test]
fn e_12_without_membership_filters_members_are_asked_one_by_one() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek"), ("cleo", "Cleo Dahl")]);
    world.without_cursors(50);
    let [anna, bo] = ["anna@example.com", "bo@example.com"].map(|name| world.made_by_hand(name));
    let group = world.group_by_hand("Staff", &[&anna, &bo]);
    world.leave("staff", "bo");
    world.direct.insert("bo".to_owned());
    let synced = world.settle();
    for user in [&anna, &bo] {
        let check = format!(r#"GET Groups id eq "{group}" and members eq "{user}""#);
        assert!(synced.reads().contains(&check.as_str()), "{check} in {:?}", synced.reads());
    }
    assert_eq!(world.members("Staff").into_iter().collect::<Vec<_>>(), ["anna@example.com", "cleo@example.com"]);
}

/// E-12: with cursors and without membership filters, the 400 to `groups.value` falls back in the same way.
#[test]
fn e_12_a_refused_membership_filter_falls_back() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    let mut settings = world.service.settings().clone();
    settings.membership_filters = false;
    world.service.set_settings(settings);
    let anna = world.made_by_hand("anna@example.com");
    let group = world.group_by_hand("Staff", &[&anna]);
    let synced = world.settle();
    assert_eq!(
        synced.reads(),
        [
            "GET Users".to_owned(),
            "GET Groups".to_owned(),
            format!(r#"GET Users groups.value eq "{group}""#),
            format!(r#"GET Groups id eq "{group}" and members eq "{anna}""#)
        ]
    );
}

/// E-12: the first retry after a 429 comes no sooner than 100 ms, even if the service asks for less; a longer wait is kept.
#[test]
fn e_12_a_retry_after_429_waits() {
    for (asked, least) in [(None, 100), (Some(0), 100), (Some(7_000), 7_000)] {
        let mut world = World::company(1);
        world.user("u00").job_title = Some("Lead".to_owned());
        let retry_after = asked.map(Duration::from_millis);
        world.service.set_faults(Faults::none().once("PatchUser", Fault::Throttled { retry_after }));
        world.service.clear_log();
        assert_eq!(world.settle().writes(), ["PATCH User u00@example.com title", "PATCH User u00@example.com title"]);
        let [first, second] = world.service.log() else { panic!("two requests") };
        assert!(second.at().duration_since(first.at()).unwrap() >= Duration::from_millis(least));
    }
}

/// E-13: after the first 401 no request starts, nothing is taken away because of it, and the state says that the token is refused.
#[test]
fn e_13_after_the_first_401_nothing_starts() {
    let mut world = World::company(3);
    for id in ["u00", "u01", "u02"] {
        world.user(id).job_title = Some("Lead".to_owned());
    }
    world.delete_user("u02");
    world.policy.in_flight = 1;
    world.service.set_faults(Faults::none().once("PatchUser", Fault::Failed { status: 401, applied: false }));
    let synced = world.sync();
    assert_eq!(synced.writes(), ["DELETE User u02@example.com", "PATCH User u00@example.com title"]);
    assert_eq!(synced.stopped, Some(Stopped::Unauthorized));
    assert!(world.state.blocked_since().is_some());
}

/// E-13: over the same state, a token that works lifts the block: one request asks, and the run goes on where it stopped.
#[test]
fn e_13_a_token_that_works_lifts_the_block() {
    let mut world = World::company(2);
    world.user("u00").job_title = Some("Lead".to_owned());
    world.service.set_faults(Faults::none().once("PatchUser", Fault::Failed { status: 401, applied: false }));
    world.sync();
    // Still refused: one request, nothing else, nothing lost.
    world.service.set_faults(Faults::none().once("ServiceProviderConfig", Fault::Failed { status: 401, applied: false }));
    let synced = world.sync();
    assert_eq!((synced.calls.as_slice(), synced.stopped), (&["ServiceProviderConfig".to_owned()][..], Some(Stopped::Unauthorized)));

    world.service.set_tokens([Token::new("new")]);
    let synced = world.settle();
    assert_eq!(synced.calls[0], "ServiceProviderConfig");
    assert_eq!(synced.writes().last(), Some(&"PATCH User u00@example.com title"));
    assert_eq!(world.state.blocked_since(), None);
}

/// E-14: falling out by another rule set is presence, not absence: deactivated within the guard, never deleted.
#[test]
fn e_14_another_rule_set_never_deletes() {
    let mut world = World::company(8);
    for number in 0..8 {
        world.user(&format!("u{number:02}")).account_locked = true;
    }
    world.rules.inactive_when.account_locked = true;
    let synced = world.sync();
    assert_eq!(synced.calls, Vec::<String>::new());
    assert_eq!((synced.withheld().len(), world.everybody().len()), (8, 8));
    // Nobody is suspended, and the plan does not say so.
    assert!(synced.plan.withheld().iter().all(|withheld| withheld.operation.because.rule == "E-3"), "{}", synced.explained());
    world.policy.allowance = Some(8);
    world.settle();
    assert_eq!(world.everybody().len(), 8);
    let active = |user: &idbridge_scim::Resource| user.get("active").and_then(Value::as_bool);
    assert!(world.service.users().all(|user| active(user) == Some(false)));
}

/// E-14: whoever is out of scope by a rule is present, whichever rule it is: what each of them would take away counts in one guard, the plan names the
/// rule of each, and nobody is deleted when it is allowed.
#[test]
fn e_14_the_plan_names_the_rule_by_which_somebody_falls_out() {
    let mut world = World::company(8);
    (0..3).for_each(|number| world.stage(&format!("u{number:02}")));
    (3..6).for_each(|number| world.leave("staff", &format!("u{number:02}")));
    let synced = world.sync();
    let users = synced.plan.withheld().iter().filter(|withheld| withheld.operation.kind.name() == "updateUser");
    let rules: Vec<&str> = users.map(|withheld| &*withheld.operation.because.rule).collect();
    assert_eq!(rules, ["E-3", "E-3", "E-3", "GM-20", "GM-20", "GM-20"]);
    assert_eq!((synced.calls.len(), synced.plan.tripped().map(|tripped| (tripped.users, tripped.users_limit))), (0, Some((6, 5))));
    world.policy.allowance = Some(6);
    let synced = world.settle();
    assert_eq!(synced.rules(), ["E-3", "E-3", "E-3", "GM-20", "GM-20", "GM-20", "GM-12"]);
    assert!(synced.writes().iter().all(|call| !call.starts_with("DELETE")), "{:?}", synced.writes());
    assert_eq!(world.everybody().len(), 8);
}

/// E-14, E-2: a partial directory whose people are in no group that was read deactivates nobody.
#[test]
fn e_14_a_group_that_was_not_read_takes_no_access() {
    let mut world = World::company(3);
    world.partial = Some(Incomplete::Declared);
    world.groups.clear();
    world.bound.clear();
    assert_eq!(world.settle().calls, Vec::<String>::new());
    world.forget();
    world.sync();
    assert_eq!(world.everybody().len(), 3);
}

/// E-14: a group that the rules' scope leaves out is released as one that is not bound any more: not deleted, its members neither removed nor switched off.
#[test]
fn e_14_a_group_out_of_scope_is_left_as_it_is() {
    let mut world = World::company(2);
    let released = |world: &World| world.state.group(&GroupKey::from("staff")).is_some_and(|link| link.released);
    world.rules.scope.exclude_groups.push("staff".parse().unwrap());
    let synced = world.sync();
    assert_eq!(synced.writes(), Vec::<String>::new(), "{}", synced.explained());
    assert!(released(&world));
    assert_eq!(world.everybody().len(), 2);
    world.rules.scope.exclude_groups.clear();
    assert_eq!(world.settle().writes(), Vec::<String>::new());
    assert!(!released(&world));
}

/// E-14: whom the rules' scope leaves out is present: what it takes away counts in the guard, the plan names the rule, and nobody is deleted.
#[test]
fn e_14_a_person_out_of_scope_is_switched_off_within_the_guard() {
    let mut world = World::company(8);
    (0..8).for_each(|number| world.user(&format!("u{number:02}")).department = Some("Sales".to_owned()));
    world.settle();
    world.rules.scope.users = Some("department == 'IT'".parse().unwrap());
    let synced = world.sync();
    assert_eq!((synced.calls.len(), synced.withheld().len()), (0, 8));
    for withheld in synced.plan.withheld() {
        let because = withheld.operation.because.to_string();
        assert_eq!(because, "E-14: is out of scope by the rule department == 'IT'");
    }
    world.policy.allowance = Some(8);
    let synced = world.settle();
    assert!(synced.writes().iter().all(|call| !call.starts_with("DELETE")), "{:?}", synced.writes());
    assert_eq!(world.everybody().len(), 8);
    // Whoever cannot be judged is held, and keeps what they have.
    world.user("u00").department = Some("IT".to_owned());
    world.settle();
    world.user("u00").department = None;
    let synced = world.settle();
    assert_eq!((synced.writes().len(), synced.held()), (0, vec!["user u00 ScopeUndecided".to_owned()]));
}

/// E-14, E-2: over a partial directory, whoever's scope rests on a group is held, and nothing is taken from them.
#[test]
fn e_14_a_scope_that_rests_on_a_group_takes_nothing_over_a_partial_directory() {
    let mut world = World::company(2);
    world.group("aws", "AWS", &["u00", "u01"]);
    world.rules.scope.users = Some("in_group('AWS')".parse().unwrap());
    world.settle();
    world.groups.get_mut("aws").unwrap().members.clear();
    world.partial = Some(Incomplete::Declared);
    let synced = world.settle();
    assert_eq!(synced.writes(), Vec::<String>::new());
    assert_eq!(synced.held().iter().filter(|held| held.contains("ScopeUndecided")).count(), 2, "{:?}", synced.held());
    world.partial = None;
    world.policy.allowance = Some(2);
    let synced = world.settle();
    let active = |user: &idbridge_scim::Resource| user.get("active").and_then(Value::as_bool);
    assert!(world.service.users().all(|user| active(user) == Some(false)), "{}", synced.explained());
    assert_eq!(world.everybody().len(), 2);
}
