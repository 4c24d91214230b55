//! What the service refuses, what it has lost, and what it does without identifiers of ours: nothing is sent twice, and nobody is there twice.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::World;
use idbridge_emulator::{Fault, Faults};
use idbridge_scim::protocol::ResourceType;

const NOTHING: [&str; 0] = [];

/// The next PATCH requests of users are answered with these statuses.
fn refused(statuses: &[u16]) -> Faults {
    statuses.iter().fold(Faults::none(), |faults, status| faults.once("PatchUser", Fault::Failed { status: *status, applied: false }))
}

/// Anna and Bo in Staff and in Developers, synced.
fn pair() -> World {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.group("dev", "Developers", &["anna", "bo"]);
    world.settle();
    world
}

/// The same without identifiers of ours (AM-00 off).
fn without_external_id(people: &[(&str, &str)]) -> World {
    let mut world = World::with_staff(people);
    world.rules = world.rules.clone().without_external_id();
    world
}

/// E-11, UL-04: a refusal of an attribute does not keep the suspension waiting that was asked for together with it, and it is not asked again.
#[test]
fn e_11_a_refused_attribute_does_not_hold_a_suspension_sent_with_it() {
    let mut world = pair();
    world.user("anna").job_title = Some("Lead".to_owned());
    world.suspend("anna");
    world.service.set_faults(refused(&[400]));
    let synced = world.sync();
    assert_eq!(synced.writes(), ["PATCH User anna@example.com active=false title", "PATCH User anna@example.com active=false"]);
    assert!(synced.findings().contains("RefusedByService"));
    world.rest(&synced);
    assert!(!world.is_active("anna@example.com"));
    assert_eq!(world.there("anna@example.com").unwrap().get("title"), None);
    // The record changes, and everything is sent.
    world.user("anna").job_title = Some("Boss".to_owned());
    assert_eq!(world.settle().calls, ["PATCH User anna@example.com title"]);
}

/// E-11, UL-04: nor one that comes later; the attribute is refused again with it, once.
#[test]
fn e_11_a_refused_attribute_does_not_hold_a_later_suspension() {
    let mut world = pair();
    world.user("anna").job_title = Some("Lead".to_owned());
    world.service.set_faults(refused(&[400]));
    assert_eq!(world.sync().failures().len(), 1);
    assert_eq!(world.settle().held(), ["user anna RefusedByService"]);
    world.suspend("anna");
    world.service.set_faults(refused(&[400]));
    let synced = world.sync();
    assert_eq!(synced.writes(), ["PATCH User anna@example.com active=false title", "PATCH User anna@example.com active=false"]);
    assert!(!world.is_active("anna@example.com"));
    let again = world.sync();
    assert_eq!((again.calls.len(), again.held()), (0, vec!["user anna RefusedByService".to_owned()]));
}

/// E-11, UL-04: when the suspension alone failed as well, the next run sends it, and only it.
#[test]
fn e_11_a_suspension_that_failed_behind_a_refusal_is_sent_alone() {
    let mut world = pair();
    world.user("anna").job_title = Some("Lead".to_owned());
    world.suspend("anna");
    world.service.set_faults(refused(&[400, 403]));
    assert_eq!(world.sync().writes().len(), 2);
    assert!(world.is_active("anna@example.com"));
    let synced = world.settle();
    assert_eq!(
        (synced.calls.as_slice(), synced.held()),
        (&["PATCH User anna@example.com active=false".to_owned()][..], vec!["user anna RefusedByService".to_owned()])
    );
    assert!(!world.is_active("anna@example.com"));
}

/// E-11: a refused deactivation of somebody who is not entitled is not sent again; it is when the record changes.
#[test]
fn e_11_a_refused_deactivation_is_not_sent_again() {
    for staged in [true, false] {
        let mut world = pair();
        if staged {
            world.stage("bo");
        } else {
            world.leave("staff", "bo");
            world.leave("dev", "bo");
        }
        world.service.set_faults(refused(&[400]));
        let synced = world.sync();
        assert!(synced.writes().contains(&"PATCH User bo@example.com active=false"));
        assert_eq!(synced.failures().len(), 1, "{:?}", synced.failures());
        let synced = world.settle();
        assert_eq!((synced.calls.len(), synced.held()), (0, vec!["user bo RefusedByService".to_owned()]));
        assert!(world.is_active("bo@example.com"));
    }
}

/// IC-24: who has the e-mail address of somebody new stands in the way; while the list shows them, the create is not sent again, and once they are
/// gone it is.
#[test]
fn ic_24_a_conflict_is_not_sent_again_while_it_is_seen() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    let holder = world.seed(
        r#"{"userName":"aberg","name":{"givenName":"A","familyName":"B"},"displayName":"A B","active":true,
        "emails":[{"value":"anna@example.com","type":"work","primary":true}]}"#,
    );
    let synced = world.sync();
    assert_eq!(synced.writes(), ["POST User anna@example.com", "POST User bo@example.com", "POST Group Staff +1"]);
    assert!(synced.findings().contains("ConflictNotMatched"));
    // What the refused create may have left is looked for once, and then the list tells.
    for look_ups in [1, 0] {
        let again = world.sync();
        assert_eq!((again.calls.len(), again.calls.last().map(String::as_str)), (look_ups + 1, Some("GET Users")));
        assert_eq!((again.writes().len(), again.held()), (0, vec!["user anna ConflictNotMatched".to_owned()]));
        assert_eq!(again.remedies("ConflictNotMatched").len(), 1);
    }
    assert!(!world.was_written(&holder));
    world.service.remove_user(&holder);
    assert_eq!(world.settle().writes(), ["POST User anna@example.com", "PATCH Group Staff +1"]);
    assert_eq!((world.everybody().len(), world.members("Staff").len()), (2, 2));
}

/// GM-32: a create that is sent again sends each further chunk of members once.
#[test]
fn gm_32_a_create_that_is_sent_again_sends_each_chunk_once() {
    for (fault, posts) in [
        (Fault::Failed { status: 500, applied: false }, 2),
        (Fault::Dropped { applied: false }, 2),
        (Fault::Throttled { retry_after: None }, 2),
    ] {
        let mut world = World::with_staff(&[]);
        for number in 0..250 {
            world.hire(&format!("u{number:03}"), "Some Body");
            world.join("staff", &format!("u{number:03}"));
        }
        world.service.set_faults(Faults::none().once("CreateGroup", fault));
        let synced = world.settle();
        let groups: Vec<&str> = synced.writes().into_iter().filter(|call| call.contains("Group")).collect();
        let mut expected = vec!["POST Group Staff +100"; posts];
        expected.extend(["PATCH Group Staff +100", "PATCH Group Staff +50"]);
        assert_eq!((groups, world.members("Staff").len()), (expected, 250));
    }
}

/// UL-09: a lost user who is created again joins the groups that the directory has him in; one that he left meanwhile is not among them.
#[test]
fn ul_09_a_lost_user_does_not_join_what_he_left() {
    let mut world = pair();
    let id = world.id_of("bo@example.com");
    world.service.remove_user(&id);
    world.leave("dev", "bo");
    world.user("bo").job_title = Some("Lead".to_owned());
    let synced = world.sync();
    assert_eq!(
        synced.writes(),
        [
            format!("PATCH User {id} title"),
            "PATCH Group Developers -1".to_owned(),
            "POST User bo@example.com".to_owned(),
            "PATCH Group Staff +1".to_owned()
        ]
    );
    world.rest(&synced);
    assert_eq!((world.members("Developers").len(), world.members("Staff").len()), (1, 2));
}

/// UL-09: nor a group that is held, released or deleted.
#[test]
fn ul_09_a_lost_user_joins_no_group_that_is_not_ours_to_change() {
    let mut world = pair();
    for (id, name) in [("held", "Held"), ("unbound", "Unbound"), ("gone", "Gone")] {
        world.group(id, name, &["anna", "bo"]);
    }
    world.settle();
    let id = world.id_of("bo@example.com");
    world.service.remove_user(&id);
    world.rename("held", "Held: too");
    world.unbind("unbound");
    world.delete_group("gone");
    world.user("bo").job_title = Some("Lead".to_owned());
    let synced = world.sync();
    assert_eq!(
        synced.writes(),
        [
            format!("PATCH User {id} title"),
            "DELETE Group Gone".to_owned(),
            "POST User bo@example.com".to_owned(),
            "PATCH Group Developers +1".to_owned(),
            "PATCH Group Staff +1".to_owned()
        ]
    );
    assert_eq!(synced.held(), ["group held GroupNameColon"]);
    world.rest(&synced);
    let counts = ["Held", "Unbound", "Developers", "Staff"].map(|name| world.members(name).len());
    assert_eq!(counts, [1, 1, 2, 2]);
    // No longer held, the group gets him back.
    world.rename("held", "Held");
    assert_eq!(world.settle().writes(), ["PATCH Group Held +1"]);
}

/// UL-06, UL-09: somebody who is suspended and whom the service has lost is not created; back from suspension, he is, with the memberships.
#[test]
fn ul_06_somebody_suspended_and_lost_is_not_created() {
    let mut world = pair();
    let id = world.id_of("bo@example.com");
    world.service.remove_user(&id);
    world.suspend("bo");
    assert_eq!(world.sync().calls, [format!("PATCH User {id} active=false")]);
    assert_eq!((world.everybody().len(), world.link("bo")), (1, None));
    assert_eq!(world.settle().writes(), NOTHING);
    assert_eq!(world.everybody(), ["anna@example.com"]);
    world.activate("bo");
    assert_eq!(world.settle().writes(), ["POST User bo@example.com", "PATCH Group Developers +1", "PATCH Group Staff +1"]);
}

/// AM-00 off, UL-01: somebody new is created though only a look-up by name was made; there is no identifier to look for.
#[test]
fn am_00_off_somebody_new_is_created_behind_a_look_up_by_name() {
    let mut world = without_external_id(&[]);
    for number in 0..150 {
        world.hire(&format!("u{number:03}"), "Some Body");
        world.join("staff", &format!("u{number:03}"));
    }
    world.settle();
    world.hire("new", "New Comer");
    world.join("staff", "new");
    let synced = world.settle();
    assert_eq!(synced.calls, [r#"GET Users userName eq "new@example.com""#, "POST User new@example.com", "PATCH Group Staff +1"]);
    assert_eq!((world.link("new"), world.members("Staff").len()), (Some(world.id_of("new@example.com")), 151));
}

/// AM-00 off, UL-03: a create that was under way in a crash is found again by the name that was sent, so another e-mail address makes no second user.
#[test]
fn am_00_off_a_create_under_way_is_found_by_the_name_that_was_sent() {
    for steps in 0..4 {
        let mut world = without_external_id(&[("anna", "Anna Berg")]);
        world.sync_steps(steps);
        world.email("anna", "anna.new");
        world.settle();
        assert_eq!((world.everybody(), world.created(ResourceType::User).len()), (vec!["anna.new@example.com".to_owned()], 1), "{steps}");
        assert_eq!((world.created(ResourceType::Group).len(), world.members("Staff").len()), (1, 1), "{steps}");
        assert_eq!(world.link("anna"), Some(world.id_of("anna.new@example.com")), "{steps}");
    }
}

/// AM-19: switching AM-00 off later removes no identifier from the service, neither by itself nor with the next change.
#[test]
fn am_19_switching_am_00_off_later_removes_no_identifier() {
    let mut world = pair();
    world.rules = world.rules.clone().without_external_id();
    assert_eq!(world.settle().calls, Vec::<String>::new());
    world.user("anna").job_title = Some("Lead".to_owned());
    world.rename("dev", "Engineers");
    assert_eq!(world.settle().writes(), ["PATCH User anna@example.com title", "PATCH Group Developers displayName"]);
    assert_eq!(world.there("anna@example.com").unwrap().text("externalId"), Some("anna"));
    assert_eq!(world.group_there("Engineers").unwrap().text("externalId"), Some("dev"));
}
