//! Section 5 of the rules: the life of a user at the service.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::World;
use idbridge_emulator::{Fault, Faults};
use idbridge_planner::SuspendedNewcomers;
use idbridge_scim::protocol::ResourceType;

fn company() -> World {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.settle();
    world
}

/// UL-01: somebody new and entitled is looked for in the list, and created if there is none. The created user is linked.
#[test]
fn ul_01_somebody_new_is_created_and_linked() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    let synced = world.settle();
    assert_eq!(synced.calls, ["GET Users", "GET Groups", "POST User anna@example.com", "POST Group Staff +1"]);
    assert_eq!(synced.rules(), ["UL-01", "GM-11"]);
    assert_eq!(world.link("anna"), Some(world.id_of("anna@example.com")));
}

/// UL-01: where a list costs more than a look-up, the look-up is by externalId and then by userName.
#[test]
fn ul_01_where_it_is_cheaper_somebody_new_is_looked_up() {
    let mut world = World::with_staff(&[]);
    for number in 0..300 {
        world.hire(&format!("u{number:03}"), "Some Body");
        world.join("staff", &format!("u{number:03}"));
    }
    world.settle();
    world.hire("new", "New Comer");
    world.join("staff", "new");
    let synced = world.settle();
    assert_eq!(
        synced.calls,
        [
            r#"GET Users externalId eq "new""#,
            r#"GET Users userName eq "new@example.com""#,
            "POST User new@example.com",
            "PATCH Group Staff +1"
        ]
    );
}

/// UL-02: a create that is answered 409 is looked up, and exactly one match is adopted.
#[test]
fn ul_02_a_conflict_with_what_is_ours_is_adopted() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    // The list does not show her yet; somebody makes her by hand before the create arrives.
    let synced = world.sync_meanwhile(|world| drop(world.made_by_hand("anna@example.com")));
    assert_eq!(
        synced.calls[2..],
        [
            "POST User anna@example.com",
            r#"GET Users externalId eq "anna""#,
            r#"GET Users userName eq "anna@example.com""#,
            "PATCH User anna@example.com externalId emails name.givenName name.familyName remove title",
            "POST Group Staff +1",
        ]
    );
    world.rest(&synced);
    assert_eq!(world.everybody(), ["anna@example.com"]);
    assert_eq!(world.members("Staff").len(), 1);
}

/// UL-03: a create whose answer was lost is looked up before it is sent again: not again if it took effect, once more if it did not.
#[test]
fn ul_03_a_create_without_an_answer_is_looked_up_first() {
    for (applied, posts) in [(true, 1), (false, 2)] {
        for fault in [Fault::Dropped { applied }, Fault::Failed { status: 500, applied }] {
            let mut world = World::with_staff(&[("anna", "Anna Berg")]);
            world.service.set_faults(Faults::none().once("CreateUser", fault.clone()).once("CreateGroup", fault));
            let synced = world.settle();
            let count = |what: &str| synced.calls.iter().filter(|call| call.starts_with(what)).count();
            assert_eq!((count("POST User"), count("POST Group")), (posts, posts), "{:?}", synced.calls);
            let first = synced.calls.iter().position(|call| call.starts_with("POST User")).unwrap();
            assert_eq!(synced.calls[first + 1], r#"GET Users externalId eq "anna""#);
            assert_eq!((world.everybody().len(), world.members("Staff").len()), (1, 1));
        }
    }
}

/// UL-03: the same after a crash: what was under way is looked up by the next run before anything is sent. Anna's create had arrived, Bo's had not.
#[test]
fn ul_03_a_create_under_way_in_a_crash_is_looked_up_first() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.sync_steps(1);
    assert_eq!((world.everybody().len(), world.link("anna")), (1, None));
    let synced = world.settle();
    assert_eq!(
        synced.calls,
        [
            r#"GET Users externalId eq "anna""#,
            r#"GET Users externalId eq "bo""#,
            "GET Users",
            "GET Groups",
            "POST User bo@example.com",
            "POST Group Staff +2"
        ]
    );
    assert_eq!(world.link("anna"), Some(world.id_of("anna@example.com")));
}

/// UL-04: a suspended user is deactivated and stays in the groups.
#[test]
fn ul_04_a_suspended_user_is_deactivated() {
    let mut world = company();
    world.suspend("bo");
    let synced = world.settle();
    assert_eq!((synced.calls.as_slice(), synced.rules()), (&["PATCH User bo@example.com active=false".to_owned()][..], vec!["UL-04"]));
    assert_eq!((world.is_active("bo@example.com"), world.members("Staff").len()), (false, 2));
}

/// UL-05: back from suspension, the user is activated under the same identifier.
#[test]
fn ul_05_a_user_back_from_suspension_is_activated() {
    let mut world = company();
    let id = world.id_of("bo@example.com");
    world.suspend("bo");
    world.settle();
    world.activate("bo");
    assert_eq!(world.settle().calls, ["PATCH User bo@example.com active=true"]);
    assert_eq!((world.is_active("bo@example.com"), world.id_of("bo@example.com")), (true, id));
}

/// UL-06: somebody suspended who was never provisioned is not created and no member; back from suspension, both.
#[test]
fn ul_06_a_suspended_user_who_was_never_there_is_not_created() {
    let mut world = company();
    world.hire("cleo", "Cleo Dahl");
    world.join("staff", "cleo");
    world.suspend("cleo");
    assert_eq!(world.settle().writes(), Vec::<&str>::new());
    world.activate("cleo");
    assert_eq!(world.settle().writes(), ["POST User cleo@example.com", "PATCH Group Staff +1"]);
}

/// UL-06: by policy, somebody suspended who was never provisioned is created inactive and is a member; one whom the service has lost is created again.
#[test]
fn ul_06_a_policy_creates_who_is_suspended_inactive() {
    let mut world = company();
    world.policy.suspended_newcomers = SuspendedNewcomers::CreatedInactive;
    world.hire("cleo", "Cleo Dahl");
    world.suspend("cleo");
    world.group("new", "New", &["cleo"]);
    assert_eq!(world.settle().writes(), ["POST User cleo@example.com", "POST Group New +1"]);
    assert!(!world.is_active("cleo@example.com"));
    let id = world.id_of("cleo@example.com");
    world.service.remove_user(&id);
    world.user("cleo").job_title = Some("Lead".to_owned());
    let writes = [format!("PATCH User {id} title"), "POST User cleo@example.com".to_owned(), "PATCH Group New +1".to_owned()];
    assert_eq!(world.settle().writes(), writes);
    assert!(!world.is_active("cleo@example.com"));
    world.activate("cleo");
    assert_eq!(world.settle().calls, ["PATCH User cleo@example.com active=true"]);
}

/// UL-06, E-5: somebody suspended who is at the service already is adopted and deactivated, because the directory says so.
#[test]
fn ul_06_a_suspended_user_who_is_there_is_adopted_and_deactivated() {
    let mut world = company();
    world.hire("cleo", "Cleo Dahl");
    world.join("staff", "cleo");
    world.suspend("cleo");
    world.made_by_hand("cleo@example.com");
    let synced = world.settle();
    assert_eq!(
        synced.writes(),
        ["PATCH User cleo@example.com externalId emails name.givenName name.familyName active=false remove title", "PATCH Group Staff +1"]
    );
}

/// UL-07: who is not entitled and was never linked causes no request.
#[test]
fn ul_07_who_is_not_entitled_causes_no_request() {
    let mut world = company();
    world.hire("cleo", "Cleo Dahl");
    assert_eq!(world.settle().calls, Vec::<String>::new());
    world.stage("cleo");
    world.join("staff", "cleo");
    assert_eq!(world.settle().calls, Vec::<String>::new());
    assert_eq!(world.everybody().len(), 2);
}

/// UL-08: another e-mail address changes userName and e-mail under the same identifier.
#[test]
fn ul_08_another_email_address_keeps_the_identifier() {
    let mut world = company();
    let id = world.id_of("anna@example.com");
    world.user("anna").email = Some("anna.holm@example.com".to_owned());
    let synced = world.settle();
    assert_eq!((synced.calls.as_slice(), synced.rules()), (&["PATCH User anna@example.com userName emails".to_owned()][..], vec!["UL-08"]));
    assert_eq!(world.id_of("anna.holm@example.com"), id);
    assert_eq!(world.service.user(&id).and_then(|user| user.primary_value("emails")), Some("anna.holm@example.com"));
}

/// UL-08, E-10: the same address in other letters is a change of spelling, which the user itself does not stand in the way of.
#[test]
fn ul_08_another_spelling_of_the_same_address_is_sent() {
    let mut world = company();
    let id = world.id_of("anna@example.com");
    world.user("anna").email = Some("Anna@Example.com".to_owned());
    assert_eq!(world.settle().calls, ["PATCH User anna@example.com userName emails"]);
    assert_eq!(world.id_of("Anna@Example.com"), id);
}

/// UL-09: a linked user whom the service has lost is looked for, created again and put back into the groups.
#[test]
fn ul_09_a_lost_user_is_created_again_with_memberships() {
    let mut world = company();
    world.group("dev", "Developers", &["bo"]);
    world.settle();
    let id = world.id_of("bo@example.com");
    world.service.remove_user(&id);
    world.user("bo").job_title = Some("Lead".to_owned());
    let synced = world.settle();
    assert_eq!(
        synced.calls,
        [
            format!("PATCH User {id} title"),
            r#"GET Users externalId eq "bo""#.to_owned(),
            r#"GET Users userName eq "bo@example.com""#.to_owned(),
            "POST User bo@example.com".to_owned(),
            "PATCH Group Developers +1".to_owned(),
            "PATCH Group Staff +1".to_owned(),
        ]
    );
    assert_eq!((world.members("Staff").len(), world.members("Developers").len()), (2, 1));
}

/// UL-09: a list that does not show a linked user is no evidence; a 404 to the identifier is. The user is then created again.
#[test]
fn ul_09_a_loss_that_a_list_shows_is_confirmed_first() {
    let mut world = company();
    let id = world.id_of("bo@example.com");
    world.service.remove_user(&id);
    world.hire("cleo", "Cleo Dahl");
    world.join("staff", "cleo");
    let synced = world.settle();
    assert_eq!(synced.reads(), ["GET Users".to_owned(), format!("GET User {id}")]);
    assert_eq!(synced.writes(), ["POST User bo@example.com", "POST User cleo@example.com", "PATCH Group Staff +2"]);
    assert_eq!(world.members("Staff").len(), 3);
}

/// UL-09: a lost user who joins a group is refused as a member; that the user is gone is found out, and the next run makes it good.
#[test]
fn ul_09_a_lost_user_who_joins_a_group_is_found_out() {
    let mut world = company();
    world.group("dev", "Developers", &["anna"]);
    world.settle();
    let id = world.id_of("bo@example.com");
    world.service.remove_user(&id);
    world.hire("cleo", "Cleo Dahl");
    world.join("dev", "bo");
    let synced = world.sync();
    assert_eq!(synced.calls, ["PATCH Group Developers +1".to_owned(), format!("GET User {id}")]);
    let synced = world.settle();
    assert_eq!(synced.writes(), ["POST User bo@example.com", "PATCH Group Developers +1", "PATCH Group Staff +1"]);
    assert_eq!((world.members("Staff").len(), world.members("Developers").len()), (2, 2));
}

/// UL-09: a lost user whom nobody wants active is not created again.
#[test]
fn ul_09_a_lost_user_who_is_not_entitled_is_not_created_again() {
    let mut world = company();
    let id = world.id_of("bo@example.com");
    world.service.remove_user(&id);
    world.leave("staff", "bo");
    let synced = world.settle();
    assert!(synced.calls.iter().all(|call| !call.starts_with("POST")), "{:?}", synced.calls);
    assert_eq!((world.everybody().len(), world.link("bo")), (1, None));
}

/// UL-10: more deletions and deactivations than the guard lets pass are withheld as a whole; everything else goes on.
#[test]
fn ul_10_too_many_removals_are_withheld_as_a_whole() {
    let mut world = World::with_staff(&[]);
    for number in 0..10 {
        world.hire(&format!("u{number}"), "Some Body");
        world.join("staff", &format!("u{number}"));
    }
    world.settle();
    for number in 0..6 {
        world.delete_user(&format!("u{number}"));
    }
    world.hire("new", "New Comer");
    world.join("staff", "new");
    world.user("u9").job_title = Some("Lead".to_owned());
    let synced = world.sync();
    assert_eq!(synced.writes(), ["PATCH User u9@example.com title", "POST User new@example.com", "PATCH Group Staff +1"]);
    assert_eq!(synced.withheld().len(), 6);
    assert_eq!(world.everybody().len(), 11);
    assert!(synced.explained().contains("To let this run take away these 6 objects, allow 6 removals."), "{}", synced.explained());
}

/// UL-11: an empty directory takes nothing away; a finding says that it cannot be the whole.
#[test]
fn ul_11_an_empty_directory_takes_nothing_away() {
    let mut world = company();
    let (users, groups) = (std::mem::take(&mut world.users), std::mem::take(&mut world.groups));
    let synced = world.sync();
    assert_eq!(synced.calls, Vec::<String>::new());
    assert!(synced.findings().contains("SourceIncomplete"));
    assert_eq!(
        synced.withheld(),
        ["deleteUser user anna: SourceEmpty", "deleteUser user bo: SourceEmpty", "deleteGroup group staff: SourceEmpty"]
    );
    (world.users, world.groups) = (users, groups);
    assert_eq!(world.settle().calls, Vec::<String>::new());
}

/// UL-11: a partial directory takes nothing away, not even within the guard; it still creates, changes and adds.
#[test]
fn ul_11_a_partial_directory_takes_nothing_away() {
    let mut world = company();
    world.delete_user("bo");
    world.partial = Some(idbridge_mapping::directory::Incomplete::Declared);
    world.hire("cleo", "Cleo Dahl");
    world.join("staff", "cleo");
    let synced = world.settle();
    assert_eq!(synced.writes(), ["POST User cleo@example.com", "PATCH Group Staff +1"]);
    assert!(synced.findings().contains("SourceIncomplete"));
    assert_eq!(world.members("Staff").len(), 3);
    world.partial = None;
    assert_eq!(world.settle().calls, ["DELETE User bo@example.com"]);
}

/// UL-12, E-7: of two entitled people with one e-mail address, case ignored, the smallest identifier is created; the other is held without a
/// request, and the one who is linked keeps the address from then on.
#[test]
fn ul_12_and_e_07_of_two_people_with_one_address_one_is_held() {
    let mut world = World::with_staff(&[("b", "Bo Ek"), ("c", "Cleo Dahl")]);
    world.user("b").email = Some("shared@example.com".to_owned());
    world.user("c").email = Some("Shared@example.com".to_owned());
    let synced = world.settle();
    assert_eq!(synced.writes(), ["POST User shared@example.com", "POST Group Staff +1"]);
    assert_eq!(synced.held(), ["user c DuplicateEmail"]);

    world.hire("a", "Anna Berg").email = Some("shared@example.com".to_owned());
    world.join("staff", "a");
    let synced = world.settle();
    assert_eq!(synced.calls, Vec::<String>::new());
    assert_eq!(synced.held(), ["user a DuplicateEmail", "user c DuplicateEmail"]);

    world.user("c").email = Some("cleo@example.com".to_owned());
    assert_eq!(world.settle().writes(), ["POST User cleo@example.com", "PATCH Group Staff +1"]);
}

/// UL-01, AM-00: a state that was lost is built again from the service without any write.
#[test]
fn ul_01_a_lost_state_is_built_again_without_a_write() {
    let mut world = company();
    world.group("dev", "Developers", &["bo"]);
    world.settle();
    let before = world.state.clone();
    world.forget();
    let synced = world.settle();
    assert_eq!(synced.writes(), Vec::<&str>::new());
    assert_eq!(world.state.users().collect::<Vec<_>>(), before.users().collect::<Vec<_>>());
    assert_eq!(world.state.groups().collect::<Vec<_>>(), before.groups().collect::<Vec<_>>());
    assert_eq!(world.created(ResourceType::User).len(), 2);
}
