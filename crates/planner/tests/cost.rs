//! What a plan costs is what its run sends, where nothing goes wrong.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::collections::BTreeMap;
use std::time::Duration;

use common::{Place, desired, group_key, key, policy, user, wanted, wanted_group};
use idbridge_planner::{Answer, Desired, DesiredUser, Policy, UnmanagedMembers};
use idbridge_scim::protocol::{Request, ResourceType};
use idbridge_scim::{Rates, Resource, UpdateMethod};

/// Carries a plan out and compares its cost with what was sent.
#[track_caller]
fn assert_costs(place: &mut Place, desired: &Desired, policy: &Policy, expected: &[(&str, usize)]) {
    let (plan, state) = place.look(desired, policy);
    let cost = plan.cost().clone();
    let mut sent: BTreeMap<&str, usize> = BTreeMap::new();
    for (operation, _) in place.carry_out(&plan, state, policy) {
        *sent.entry(operation).or_default() += 1;
    }
    assert_eq!(cost.requests, sent, "{}", plan.explain());
    assert_eq!(cost.requests.iter().map(|(kind, count)| (*kind, *count)).collect::<Vec<_>>(), expected);
    assert_eq!((cost.total(), cost.writes), (sent.values().sum(), plan.writes()));
    assert!(place.look(desired, policy).0.is_empty());
}

fn people(desired: &mut Desired, ids: &[&str]) {
    ids.iter().for_each(|id| desired.set_user(key(id), wanted(id, id)));
}

fn titled(id: &str, name: &str, title: &str) -> Answer<DesiredUser> {
    let mut resource = user(id, name);
    resource.attributes_mut().set("title", title);
    Answer::Want(DesiredUser::new(resource))
}

/// A first sync, no change, one changed user, a swap of names, and everybody gone.
#[test]
fn each_kind_is_counted_as_it_is_sent() {
    let (mut place, mut policy) = (Place::new(), policy());
    policy.allowance = Some(10);
    let mut first = desired();
    people(&mut first, &["anna", "bo"]);
    first.set_group(group_key("g"), wanted_group("g", "Staff", &["anna", "bo"]));
    assert_costs(&mut place, &first, &policy, &[("CreateGroup", 1), ("CreateUser", 2)]);
    assert_costs(&mut place, &first, &policy, &[]);

    let mut changed = first.clone();
    changed.set_user(key("anna"), titled("anna", "anna", "Lead"));
    changed.set_group(group_key("g"), wanted_group("g", "Crew", &["anna"]));
    assert_costs(&mut place, &changed, &policy, &[("PatchGroup", 2), ("PatchUser", 1)]);

    let mut swapped = desired();
    swapped.set_user(key("anna"), wanted("anna", "bo"));
    swapped.set_user(key("bo"), wanted("bo", "anna"));
    swapped.set_group(group_key("g"), wanted_group("g", "Crew", &["anna"]));
    assert_costs(&mut place, &swapped, &policy, &[("PatchUser", 3)]);
    assert_costs(&mut place, &desired(), &policy, &[("DeleteGroup", 1), ("DeleteUser", 2)]);
}

/// With PUT, each changed user is read and then written whole; groups are patched all the same.
#[test]
fn a_put_is_a_read_and_a_write() {
    let (mut place, mut policy) = (Place::new(), policy());
    policy.user_update = UpdateMethod::Put;
    let mut wanted_now = desired();
    people(&mut wanted_now, &["anna", "bo"]);
    wanted_now.set_group(group_key("g"), wanted_group("g", "Staff", &["anna"]));
    assert_costs(&mut place, &wanted_now, &policy, &[("CreateGroup", 1), ("CreateUser", 2)]);
    wanted_now.set_user(key("anna"), titled("anna", "anna", "Lead"));
    wanted_now.set_group(group_key("g"), wanted_group("g", "Staff", &["anna", "bo"]));
    let (plan, _) = place.look(&wanted_now, &policy);
    assert_eq!(plan.cost().to_string(), "2 writes (1 PatchGroup, 1 PutUser) and 1 read (1 GetUser), at least 0.1 s");
    assert_costs(&mut place, &wanted_now, &policy, &[("GetUser", 1), ("PatchGroup", 1), ("PutUser", 1)]);
}

/// GM-32: 250 members are a POST with 100 and then PATCH twice; to remove them again, three times.
#[test]
fn members_are_counted_by_the_hundred() {
    let (mut place, mut policy) = (Place::new(), policy());
    policy.allowance = Some(0);
    let ids: Vec<String> = (0..250).map(|number| format!("u{number:03}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut wanted_now = desired();
    people(&mut wanted_now, &ids);
    wanted_now.set_group(group_key("g"), wanted_group("g", "Staff", &ids));
    assert_costs(&mut place, &wanted_now, &policy, &[("CreateGroup", 1), ("CreateUser", 250), ("PatchGroup", 2)]);
    wanted_now.set_group(group_key("g"), wanted_group("g", "Staff", &[]));
    assert_costs(&mut place, &wanted_now, &policy, &[("PatchGroup", 3)]);
}

/// Ours and strangers do not share a request, because only ours are remembered.
#[test]
fn ours_and_strangers_do_not_share_a_request() {
    let (mut place, mut policy) = (Place::new(), policy());
    let mut wanted_now = desired();
    people(&mut wanted_now, &["anna", "bo"]);
    place.sync(&wanted_now, &policy);
    let anna = place.state.user(&key("anna")).unwrap().id.clone();
    let mut stranger = user("stranger", "stranger");
    stranger.attributes_mut().remove("externalId");
    let request =
        |resource, resource_type: ResourceType| Request::create(resource_type, Resource::with_schemas(resource, &resource_type.schema()));
    let reply = place.service.handle(&request(&stranger, ResourceType::User), place.now);
    let stranger = reply.resource().unwrap().id().unwrap();
    let group = Resource::from_json(
        format!(r#"{{"displayName":"Staff","members":[{{"value":"{}"}},{{"value":"{}"}}]}}"#, anna.as_str(), stranger.as_str()).as_bytes(),
    );
    assert_eq!(place.service.handle(&request(&group.unwrap(), ResourceType::Group), place.now).status, 201);
    policy.unmanaged_members = UnmanagedMembers::Remove;
    wanted_now.set_group(group_key("g"), wanted_group("g", "Staff", &["bo"]));
    // The externalId of the group, anna and the stranger out, bo in.
    assert_costs(&mut place, &wanted_now, &policy, &[("PatchGroup", 4)]);
}

/// No members in a request counts as one, in the run as in the bill.
#[test]
fn no_members_in_a_request_counts_as_one() {
    let (mut place, mut policy) = (Place::new(), policy());
    policy.members_per_request = 0;
    let mut wanted_now = desired();
    people(&mut wanted_now, &["anna", "bo"]);
    wanted_now.set_group(group_key("g"), wanted_group("g", "Staff", &["anna", "bo"]));
    assert_costs(&mut place, &wanted_now, &policy, &[("CreateGroup", 1), ("CreateUser", 2), ("PatchGroup", 1)]);
}

/// Writes and reads go out in lines of their own: the longer one is the shortest time.
#[test]
fn the_shortest_time_is_that_of_the_longer_line() {
    let (mut place, mut policy) = (Place::new(), policy());
    policy.user_update = UpdateMethod::Put;
    let mut wanted_now = desired();
    people(&mut wanted_now, &["anna", "bo"]);
    place.sync(&wanted_now, &policy);
    wanted_now.set_user(key("anna"), titled("anna", "anna", "Lead"));
    wanted_now.set_user(key("bo"), titled("bo", "bo", "Lead"));
    for (writes, reads, seconds, words) in [(0.5, 2.0, 4, "4.0 s"), (4.0, 0.02, 100, "1 min 40 s"), (0.0005, 1.0, 4_000, "1 h 6 min")] {
        policy.rates = Rates::new(writes, reads).unwrap();
        let (plan, _) = place.look(&wanted_now, &policy);
        assert_eq!((plan.writes(), plan.shortest_time()), (2, Duration::from_secs(seconds)));
        assert!(plan.cost().to_string().ends_with(&format!("at least {words}")), "{}", plan.cost());
    }
}
