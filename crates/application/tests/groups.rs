//! Section 4 of the rules: groups, memberships, and who loses access when a group goes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::World;
use idbridge_emulator::{Fault, Faults};
use idbridge_mapping::RuleSet;
use idbridge_planner::GroupManagement;
use idbridge_scim::protocol::ResourceType;

/// Anna and Bo in Staff, Bo in Developers as well; everything synced.
fn company() -> World {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    world.group("dev", "Developers", &["bo"]);
    world.settle();
    world
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("{name}@example.com")).collect()
}

fn members(world: &World, group: &str) -> Vec<String> {
    world.members(group).into_iter().collect()
}

/// GM-01: with group management off, no request names a group, whatever happens to groups and memberships.
#[test]
fn gm_01_without_group_management_no_request_names_a_group() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    world.policy.groups = GroupManagement::Off;
    world.settle();
    world.rename("staff", "Everybody");
    world.hire("bo", "Bo Ek");
    world.join("staff", "bo");
    world.settle();
    world.group("dev", "Developers", &["anna", "bo"]);
    world.delete_group("staff");
    world.settle();
    assert!(world.service.log().iter().all(|logged| !logged.operation().unwrap_or_default().contains("Group")));
    assert_eq!(world.everybody(), names(&["anna", "bo"]));
}

/// GM-03: a bound group without members that is not at the service is not created; a finding says so.
#[test]
fn gm_03_an_empty_group_is_not_created() {
    let mut world = company();
    world.group("empty", "Empty", &[]);
    let synced = world.settle();
    assert_eq!(synced.writes(), Vec::<&str>::new());
    assert!(synced.findings().contains("EmptyGroup"));
    assert_eq!(world.every_group(), ["Developers", "Staff"]);
}

/// GM-04: its first member brings the group: the user first, then the group with the member.
#[test]
fn gm_04_the_first_member_brings_the_group() {
    let mut world = company();
    world.group("empty", "Empty", &[]);
    world.settle();
    world.hire("cleo", "Cleo Dahl");
    world.join("empty", "cleo");
    assert_eq!(world.settle().writes(), ["POST User cleo@example.com", "POST Group Empty +1"]);
    assert_eq!(members(&world, "Empty"), names(&["cleo"]));
}

/// GM-05: a group all of whose members are held counts as empty.
#[test]
fn gm_05_a_group_of_held_users_counts_as_empty() {
    let mut world = company();
    world.hire("cher", "Cher");
    world.group("stars", "Stars", &["cher"]);
    let synced = world.settle();
    assert_eq!(synced.writes(), Vec::<&str>::new());
    assert_eq!(synced.held(), ["user cher MissingRequired"]);
    assert!(synced.findings().contains("EmptyGroup"));
}

/// GM-06: a managed group that loses its last member stays, empty.
#[test]
fn gm_06_a_managed_group_that_loses_its_last_member_stays() {
    let mut world = company();
    let id = world.group_id("Developers");
    world.leave("dev", "bo");
    assert_eq!(world.settle().calls, ["PATCH Group Developers -1"]);
    assert_eq!((world.group_id("Developers"), members(&world, "Developers").len()), (id, 0));
}

/// GM-07: an empty bound group with a twin at the service is adopted, and members that nobody in the directory is stay.
#[test]
fn gm_07_an_empty_group_with_a_twin_is_adopted() {
    let mut world = company();
    let stranger = world.made_by_hand("stranger@example.com");
    let id = world.group_by_hand("Empty", &[&stranger]);
    world.group("empty", "Empty", &[]);
    let synced = world.settle();
    assert_eq!(synced.writes(), ["PATCH Group Empty externalId"]);
    assert_eq!(world.group_link("empty"), Some(id));
    assert_eq!(members(&world, "Empty"), names(&["stranger"]));
    assert!(synced.findings().contains("UnmanagedMembers"));
}

/// GM-08: a group with the name of a bound one is taken over: its members become the directory's, as far as they are ours.
#[test]
fn gm_08_a_group_of_the_same_name_is_taken_over() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek"), ("cleo", "Cleo Dahl")]);
    world.group("dev", "Developers", &["anna"]);
    let [anna, bo] = ["anna@example.com", "bo@example.com"].map(|name| world.made_by_hand(name));
    let id = world.group_by_hand("Developers", &[&bo]);
    let synced = world.settle();
    assert_eq!(world.group_link("dev"), Some(id.clone()));
    let group: Vec<_> = synced.writes().into_iter().filter(|call| call.contains("Developers")).collect();
    assert_eq!(group, ["PATCH Group Developers externalId", "PATCH Group Developers -1", "PATCH Group Developers +1"]);
    assert_eq!(members(&world, "Developers"), names(&["anna"]));
    assert_eq!((world.link("anna"), world.link("bo")), (Some(anna), Some(bo)));
}

/// GM-09, E-5: a name that differs only in case is the same name: the group is adopted, and gets the directory's spelling.
#[test]
fn gm_09_a_name_that_differs_in_case_is_adopted_and_respelled() {
    let mut world = World::with_staff(&[("anna", "Anna Berg")]);
    let id = world.group_by_hand("STAFF", &[]);
    let synced = world.settle();
    assert_eq!(synced.writes(), ["POST User anna@example.com", "PATCH Group STAFF displayName externalId", "PATCH Group Staff +1"]);
    assert_eq!(world.group_id("Staff"), id);
}

/// GM-10, E-7: two groups with one name, case ignored, are both held; a linked one keeps its name.
#[test]
fn gm_10_two_groups_with_one_name_are_held_unless_one_is_linked() {
    let mut world = company();
    world.group("sales-1", "Sales", &["anna"]);
    world.group("sales-2", "sales", &["bo"]);
    let synced = world.settle();
    assert_eq!(synced.writes(), Vec::<&str>::new());
    assert_eq!(synced.held(), ["group sales-1 DuplicateGroupName", "group sales-2 DuplicateGroupName"]);

    world.rename("sales-1", "Developers");
    let synced = world.settle();
    assert_eq!(synced.held(), ["group sales-1 DuplicateGroupName"]);
    assert_eq!(synced.writes(), ["POST Group sales +1"]);
}

/// GM-11: every bound group is created, adopted, as it shall be, or named with a reason.
#[test]
fn gm_11_no_bound_group_is_silently_missing() {
    let mut world = company();
    world.group("new", "New", &["anna"]);
    world.group_by_hand("By hand", &[]);
    world.group("hand", "By hand", &["anna"]);
    world.group("colon", "Ops: EU", &["anna"]);
    world.group("empty", "Empty", &[]);
    let synced = world.settle();
    let text = synced.explained();
    for (id, word) in [("new", "create group"), ("hand", "adopt group"), ("colon", "GroupNameColon"), ("empty", "EmptyGroup")] {
        assert!(text.lines().any(|line| line.contains(id) && line.contains(word)), "{id}:\n{text}");
    }
    assert_eq!(world.every_group(), ["By hand", "Developers", "New", "Staff"]);
}

/// GM-12: who joins or leaves is added or removed, and nobody else is named.
#[test]
fn gm_12_exactly_who_joins_or_leaves_is_named() {
    let mut world = company();
    let (anna, bo) = (world.id_of("anna@example.com"), world.id_of("bo@example.com"));
    world.join("dev", "anna");
    world.leave("dev", "bo");
    let synced = world.settle();
    assert_eq!(synced.calls, ["PATCH Group Developers -1", "PATCH Group Developers +1"]);
    let patches = world.patches();
    let [remove, add] = &patches[patches.len() - 2..] else { panic!("two patches") };
    assert!(remove.contains(bo.as_str()) && !remove.contains(anna.as_str()), "{remove}");
    assert!(add.contains(anna.as_str()) && !add.contains(bo.as_str()), "{add}");
}

/// GM-12: members whose request got no answer are asked for until the service says something, and not added a second time.
#[test]
fn gm_12_a_lost_answer_is_looked_up_until_an_answer_says_something() {
    let mut world = company();
    world.join("dev", "anna");
    let lost = Faults::none().once("PatchGroup", Fault::Dropped { applied: true }).once("ListGroups", Fault::Truncated);
    world.service.set_faults(lost);
    let synced = world.settle();
    assert_eq!(synced.writes(), ["PATCH Group Developers +1"]);
    assert_eq!(synced.reads().len(), 2, "{:?}", synced.calls);
    assert!(world.members("Developers").contains("anna@example.com"));
}

/// GM-13: a rename, a binding, an unbinding and a deletion each change their own group and no other.
#[test]
fn gm_13_a_change_of_one_group_touches_that_group_only() {
    let mut world = company();
    world.rename("dev", "Engineers");
    assert_eq!(world.settle().writes(), ["PATCH Group Developers displayName"]);
    world.group("new", "New", &["bo"]);
    assert_eq!(world.settle().writes(), ["POST Group New +1"]);
    world.unbind("new");
    assert_eq!(world.settle().writes(), Vec::<&str>::new());
    world.delete_group("dev");
    assert_eq!(world.settle().writes(), ["DELETE Group Engineers"]);
    assert_eq!(world.every_group(), ["New", "Staff"]);
}

/// GM-14: a rename together with a change of members is one PATCH of the name and one of the members, under the same identifier.
#[test]
fn gm_14_a_renamed_group_keeps_its_identifier_and_members() {
    let mut world = company();
    let id = world.group_id("Developers");
    world.rename("dev", "Engineers");
    world.join("dev", "anna");
    let synced = world.settle();
    assert_eq!(synced.writes(), ["PATCH Group Developers displayName", "PATCH Group Engineers +1"]);
    assert_eq!((world.group_id("Engineers"), members(&world, "Engineers")), (id, names(&["anna", "bo"])));
}

/// GM-15: a rename to the name of another group of the service is looked up first, and held without a write.
#[test]
fn gm_15_a_rename_to_a_name_that_is_taken_is_held() {
    let mut world = company();
    let taken = world.group_by_hand("Engineers", &[]);
    world.rename("dev", "engineers");
    let synced = world.settle_reading();
    assert_eq!(synced.writes(), Vec::<&str>::new());
    assert!(!synced.reads().is_empty());
    assert_eq!(synced.held(), ["group dev NameTaken"]);
    assert!(!world.was_written(&taken));
}

/// GM-16: an unbound group is left as it is: no delete, no membership, no rename from then on.
#[test]
fn gm_16_an_unbound_group_is_left_as_it_is() {
    let mut world = company();
    world.unbind("dev");
    let synced = world.settle();
    assert_eq!((synced.calls.len(), synced.rules()), (0, vec!["GM-16"]));
    world.rename("dev", "Engineers");
    world.join("dev", "anna");
    assert_eq!(world.settle().calls, Vec::<String>::new());
    world.delete_group("dev");
    assert_eq!(world.settle().calls, Vec::<String>::new());
    assert_eq!(members(&world, "Developers"), names(&["bo"]));
}

/// GM-16, GM-08: an unbound group that is then deleted in the directory is nobody's, and another group of its name takes it over.
#[test]
fn gm_16_an_unbound_group_that_is_deleted_can_be_taken_over() {
    let mut world = company();
    let id = world.group_id("Developers");
    world.unbind("dev");
    world.settle();
    world.delete_group("dev");
    world.group("new", "Developers", &["anna"]);
    let synced = world.settle();
    assert_eq!(synced.writes(), ["PATCH Group Developers externalId", "PATCH Group Developers -1", "PATCH Group Developers +1"]);
    assert_eq!((world.group_link("new"), world.group_link("dev")), (Some(id), None));
}

/// GM-17, GM-18: whoever is in no other bound group is deactivated when a group is unbound, and the others are not.
#[test]
fn gm_17_gm_18_only_who_is_in_no_other_bound_group_is_deactivated() {
    let mut world = company();
    let anna = world.id_of("anna@example.com");
    world.unbind("staff");
    let synced = world.settle();
    assert_eq!(synced.calls, ["PATCH User anna@example.com active=false"]);
    assert_eq!(synced.rules(), ["GM-20", "GM-16"]);
    assert!(!world.is_active("anna@example.com") && world.is_active("bo@example.com"));
    assert_eq!((world.id_of("anna@example.com"), members(&world, "Staff").len()), (anna, 2));
}

/// GM-17, E-1: a direct binding counts like another bound group.
#[test]
fn gm_17_who_is_bound_directly_is_not_deactivated() {
    let mut world = company();
    world.direct.insert("anna".to_owned());
    world.unbind("staff");
    assert_eq!(world.settle().calls, Vec::<String>::new());
}

/// GM-19, E-6: bound again, the group is adopted by its link: its members are read, ours become the directory's, and people are active again.
#[test]
fn gm_19_a_group_that_is_bound_again_is_adopted_by_its_link() {
    let mut world = company();
    let id = world.group_id("Staff");
    world.unbind("staff");
    world.settle();
    world.leave("staff", "bo");
    world.hire("cleo", "Cleo Dahl");
    world.join("staff", "cleo");
    world.bind("staff");
    let synced = world.settle();
    assert_eq!(
        synced.writes(),
        ["PATCH User anna@example.com active=true", "POST User cleo@example.com", "PATCH Group Staff -1", "PATCH Group Staff +1"]
    );
    assert_eq!((world.group_id("Staff"), members(&world, "Staff")), (id, names(&["anna", "cleo"])));
    assert!(world.is_active("anna@example.com"));
}

/// GM-20, E-1: who leaves the last bound group is removed from it and deactivated, never deleted; a direct binding keeps access.
#[test]
fn gm_20_who_leaves_the_last_group_is_deactivated() {
    let mut world = company();
    let anna = world.id_of("anna@example.com");
    world.leave("staff", "anna");
    let synced = world.settle();
    assert_eq!(synced.calls, ["PATCH User anna@example.com active=false", "PATCH Group Staff -1"]);
    assert_eq!(world.id_of("anna@example.com"), anna);

    world.direct.insert("bo".to_owned());
    world.leave("staff", "bo");
    world.leave("dev", "bo");
    assert_eq!(world.settle().writes(), ["PATCH Group Developers -1", "PATCH Group Staff -1"]);
    assert!(world.is_active("bo@example.com"));
}

/// GM-21: who comes back to a bound group is activated under the same identifier.
#[test]
fn gm_21_who_comes_back_is_activated_again() {
    let mut world = company();
    let anna = world.id_of("anna@example.com");
    world.leave("staff", "anna");
    world.settle();
    world.join("dev", "anna");
    let synced = world.settle();
    assert_eq!(synced.calls, ["PATCH User anna@example.com active=true", "PATCH Group Developers +1"]);
    assert_eq!(synced.rules(), ["GM-21", "GM-12"]);
    assert_eq!(world.id_of("anna@example.com"), anna);
}

/// GM-22: a managed group that was deleted in the directory is deleted; the link goes on 204 and on 404.
#[test]
fn gm_22_a_deleted_group_is_deleted() {
    let mut world = company();
    world.delete_group("dev");
    assert_eq!(world.settle().calls, ["DELETE Group Developers"]);
    assert_eq!((world.every_group(), world.group_link("dev")), (vec!["Staff".to_owned()], None));

    world.group("dev", "Developers", &["bo"]);
    world.settle();
    let id = world.group_id("Developers");
    world.service.remove_group(&id);
    world.delete_group("dev");
    let synced = world.settle();
    assert_eq!(synced.calls, [format!("DELETE Group {id}")]);
    assert_eq!((synced.failures().len(), world.group_link("dev")), (0, None));
}

/// GM-23: a bound group that was never linked (held, empty, management off) goes without a request about groups.
#[test]
fn gm_23_a_group_that_was_never_linked_goes_without_a_request() {
    let mut world = company();
    world.group("colon", "Ops: EU", &["bo"]);
    world.group("empty", "Empty", &[]);
    world.settle();
    world.delete_group("colon");
    world.delete_group("empty");
    assert_eq!(world.settle().calls, Vec::<String>::new());
    world.policy.groups = GroupManagement::Off;
    world.delete_group("dev");
    assert_eq!(world.settle().calls, Vec::<String>::new());
    assert_eq!(world.every_group(), ["Developers", "Staff"]);
}

/// GM-24, GM-25: of a deleted group, whoever is in no other bound group is deactivated, and the others are not.
#[test]
fn gm_24_gm_25_members_of_a_deleted_group_lose_access_unless_another_group_gives_it() {
    let mut world = company();
    world.delete_group("staff");
    let synced = world.settle();
    assert_eq!(synced.calls, ["PATCH User anna@example.com active=false", "DELETE Group Staff"]);
    assert!(!world.is_active("anna@example.com") && world.is_active("bo@example.com"));
}

/// GM-26: a group that is held still gives access: for a colon, for a name that two want, for a name that is taken.
#[test]
fn gm_26_a_held_group_still_gives_access() {
    let mut world = company();
    world.group("colon", "Ops: EU", &["anna"]);
    world.settle();
    world.unbind("staff");
    let synced = world.settle();
    assert_eq!((synced.calls.len(), synced.held()), (0, vec!["group colon GroupNameColon".to_owned()]));

    world.group("twin", "developers", &["anna"]);
    world.delete_group("colon");
    let synced = world.settle();
    assert_eq!((synced.calls.len(), synced.held()), (0, vec!["group twin DuplicateGroupName".to_owned()]));
    assert!(world.is_active("anna@example.com"));
}

/// GM-32: a group with 250 new members is one POST with the first 100 and two PATCH requests, behind the creates of all users.
#[test]
fn gm_32_at_most_100_members_go_in_one_request() {
    let mut world = World::with_staff(&[]);
    for number in 0..250 {
        world.hire(&format!("u{number:03}"), "Some Body");
        world.join("staff", &format!("u{number:03}"));
    }
    let synced = world.settle();
    let writes = synced.writes();
    assert!(writes[..250].iter().all(|call| call.starts_with("POST User")));
    assert_eq!(writes[250..], ["POST Group Staff +100", "PATCH Group Staff +100", "PATCH Group Staff +50"]);
    assert_eq!(world.members("Staff").len(), 250);
}

/// GM-33: a member who cannot be provisioned is left out, the run goes on, and he is added when he succeeds.
#[test]
fn gm_33_a_member_who_fails_is_left_out_and_added_later() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    let by_hand = r#"{"userName":"someone","name":{"givenName":"B","familyName":"E"},"displayName":"B E",
        "emails":[{"value":"bo@example.com","type":"work","primary":true}]}"#;
    let holder = world.seed(by_hand);
    let synced = world.sync();
    assert_eq!(synced.writes(), ["POST User anna@example.com", "POST User bo@example.com", "POST Group Staff +1"]);
    assert_eq!(members(&world, "Staff"), names(&["anna"]));
    world.service.remove_user(&holder);
    let synced = world.settle();
    assert_eq!(synced.writes(), ["POST User bo@example.com", "PATCH Group Staff +1"]);
    assert_eq!(members(&world, "Staff"), names(&["anna", "bo"]));
}

/// GA-01, GA-02: a group is sent with its name as displayName and its identifier as externalId, which can be switched off.
#[test]
fn ga_01_ga_02_a_group_has_its_name_and_its_identifier() {
    let mut world = company();
    let bodies = world.created(ResourceType::Group);
    assert!(bodies.iter().any(|body| body.contains(r#""displayName":"Staff""#) && body.contains(r#""externalId":"staff""#)), "{bodies:?}");

    world = World::with_staff(&[("anna", "Anna Berg")]);
    world.rules = RuleSet::jumpcloud().without_external_id();
    world.settle();
    assert!(!world.created(ResourceType::Group)[0].contains("externalId"));
}

/// GA-02: when the state is lost, a group is found by its identifier even though it was renamed meanwhile.
#[test]
fn ga_02_the_identifier_finds_a_renamed_group() {
    let mut world = company();
    let id = world.group_id("Developers");
    world.forget();
    world.rename("dev", "Engineers");
    assert_eq!(world.settle().writes(), ["PATCH Group Developers displayName"]);
    assert_eq!(world.group_id("Engineers"), id);
}
