//! What is in doubt is looked at, and takes nothing away: intents behind events, groups found on the way, members who are held, staged removals.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::collections::BTreeSet;

use common::{Place, desired, group, group_key, key, partial, policy, user, wanted, wanted_group};
use idbridge_emulator::Outcome;
use idbridge_planner::{
    Answer, Correction, Delivery, Desired, DesiredUser, Discovery, Event, Finding, Machine, Observation, Plan, Policy, Run, Scope, State,
    StateChange, Step, SuspendedNewcomers, UserKey, plan_within,
};
use idbridge_scim::ResourceId;

/// How far a request gets, told by AWS's name of its operation.
type Fate<'a> = &'a mut dyn FnMut(&str) -> Reaches;

/// How far a request gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reaches {
    /// There and back.
    Back,
    /// The service; its answer is lost.
    Service,
    /// The service; then the process dies.
    Death,
    /// Nobody.
    Nobody,
}

/// Drives a machine to its end, or to the death of the process.
fn drive(place: &mut Place, machine: &mut dyn Machine, fate: Fate<'_>) {
    for _ in 0..100_000 {
        match machine.next_step(place.now) {
            Step::Store(records) => place.remember(records),
            Step::Send { id, request } => {
                let reaches = fate(request.operation());
                let lost = || Delivery::Unknown { reason: "the connection was lost".to_owned() };
                let delivery = match reaches {
                    Reaches::Nobody => lost(),
                    _ => match place.service.deliver(&request, place.now) {
                        Outcome::Replied(reply) if reaches == Reaches::Back => Delivery::Answered(reply),
                        _ => lost(),
                    },
                };
                if reaches == Reaches::Death {
                    return;
                }
                machine.handle_delivery(id, delivery, place.now);
            }
            Step::Wait { until } => place.now = until,
            Step::Blocked => panic!("blocked with nothing under way"),
            Step::Done => return,
        }
    }
    panic!("it does not end");
}

fn looked(place: &mut Place, scope: &Scope, desired: &Desired, policy: &Policy) -> (Plan, State) {
    let mut discovery = Discovery::within(scope, desired, place.state.clone(), place.last_sent(desired), policy, 1);
    drive(place, &mut discovery, &mut |_| Reaches::Back);
    let found = discovery.finish();
    assert_eq!(found.stopped, None);
    let plan = plan_within(scope, desired, &found.observed, &found.state, &found.last_sent, policy, place.now);
    (plan, found.state)
}

fn run(place: &mut Place, plan: &Plan, state: State, policy: &Policy, fate: Fate<'_>) {
    let mut run = Run::new(plan, state, policy, 2);
    drive(place, &mut run, fate);
    place.state = State::restore(place.store.clone()).unwrap();
}

/// Looks, plans and runs what one event touches.
fn happens(place: &mut Place, desired: &mut Desired, policy: &Policy, event: Event) -> Plan {
    let scope = desired.apply(event, &place.state);
    let (plan, state) = looked(place, &scope, desired, policy);
    run(place, &plan, state, policy, &mut |_| Reaches::Back);
    plan
}

fn id_of(place: &Place, user: &str) -> ResourceId {
    place.state.user(&key(user)).unwrap().id
}

fn members(place: &Place, group: &str) -> BTreeSet<UserKey> {
    let id = place.state.group(&group_key(group)).unwrap().id;
    place.service.members(&id).iter().filter_map(|id| place.state.owner(id)).collect()
}

fn keys<const N: usize>(keys: [&str; N]) -> BTreeSet<UserKey> {
    keys.into_iter().map(UserKey::from).collect()
}

/// People with these keys, in one group `g` named Staff, synced.
fn staff(people: &[&str]) -> (Place, Desired) {
    let (mut place, mut wishes) = (Place::new(), desired());
    for name in people {
        wishes.set_user(key(name), wanted(name, name));
    }
    wishes.set_group(group_key("g"), wanted_group("g", "Staff", people));
    place.sync(&wishes, &policy());
    (place, wishes)
}

/// An event that touches one membership of a group looks up what became of the group's request of an earlier run, before its intent is replaced.
/// Else bo, who left, came back and was removed at the service, is out for good, and the state says that he is in.
#[test]
fn a_membership_event_resolves_what_was_under_way_for_its_group() {
    let (mut place, mut wishes) = staff(&["anna", "bo"]);
    let policy = policy();
    wishes.set_user(key("cleo"), wanted("cleo", "cleo"));
    place.sync(&wishes, &policy);

    // The answer to the removal is never heard.
    let scope =
        wishes.apply(Event::MembershipRemoved { group: group_key("g"), user: key("bo"), answer: wanted("bo", "bo") }, &place.state.clone());
    let (plan, state) = looked(&mut place, &scope, &wishes, &policy);
    run(&mut place, &plan, state, &policy, &mut |_| Reaches::Death);
    assert!(place.state.has_intents());
    assert_eq!(members(&place, "g"), keys(["anna"]));

    for (user, group) in [("bo", "g"), ("cleo", "g")] {
        let event = Event::MembershipAdded { group: group_key(group), user: key(user), answer: wanted(user, user) };
        happens(&mut place, &mut wishes, &policy, event);
    }
    place.sync(&wishes, &policy);
    assert_eq!(members(&place, "g"), keys(["anna", "bo", "cleo"]));
}

/// The same on the other side: whoever was added without an answer, and left, is not left in for good.
#[test]
fn a_membership_event_does_not_forget_who_may_have_been_added() {
    let (mut place, mut wishes) = staff(&["anna"]);
    let policy = policy();
    for name in ["bo", "cleo"] {
        wishes.set_user(key(name), wanted(name, name));
    }
    place.sync(&wishes, &policy);
    let event = Event::MembershipAdded { group: group_key("g"), user: key("bo"), answer: wanted("bo", "bo") };
    let scope = wishes.apply(event, &place.state.clone());
    let (plan, state) = looked(&mut place, &scope, &wishes, &policy);
    run(&mut place, &plan, state, &policy, &mut |_| Reaches::Death);
    assert_eq!(members(&place, "g"), keys(["anna", "bo"]));

    let event = Event::MembershipRemoved { group: group_key("g"), user: key("bo"), answer: wanted("bo", "bo") };
    happens(&mut place, &mut wishes, &policy, event);
    let event = Event::MembershipAdded { group: group_key("g"), user: key("cleo"), answer: wanted("cleo", "cleo") };
    happens(&mut place, &mut wishes, &policy, event);
    place.sync(&wishes, &policy);
    assert_eq!(members(&place, "g"), keys(["anna", "cleo"]));
}

/// Within one run: a removal of which nothing is known is not forgotten because the additions to the same group go on.
#[test]
fn a_removal_without_an_answer_is_not_forgotten_by_the_addition_behind_it() {
    let (mut place, mut wishes) = staff(&["anna", "bo"]);
    let policy = policy();
    wishes.set_user(key("cleo"), wanted("cleo", "cleo"));
    place.sync(&wishes, &policy);
    wishes.set_group(group_key("g"), wanted_group("g", "Staff", &["anna", "cleo"]));
    let (plan, state) = looked(&mut place, &Scope::all(), &wishes, &policy);
    // The first PATCH takes effect and its answer is lost; so are all reads behind it, until the run gives it up.
    let mut patches = 0;
    run(&mut place, &plan, state, &policy, &mut |operation| {
        patches += usize::from(operation == "PatchGroup");
        match operation {
            "PatchGroup" if patches == 1 => Reaches::Service,
            "PatchGroup" => Reaches::Back,
            _ => Reaches::Nobody,
        }
    });
    assert!(!members(&place, "g").contains(&key("bo")));
    // He is back before the next sync.
    wishes.set_group(group_key("g"), wanted_group("g", "Staff", &["anna", "bo", "cleo"]));
    place.sync(&wishes, &policy);
    assert_eq!(members(&place, "g"), keys(["anna", "bo", "cleo"]));
}

/// E-8: what the guard withholds from a full plan is not done one by one by events that have nothing to do with it.
#[test]
fn an_event_does_not_do_what_the_guard_withheld() {
    let people: Vec<String> = (0..12).map(|number| format!("u{number:02}")).collect();
    let (mut place, _) = staff(&people.iter().map(String::as_str).collect::<Vec<_>>());
    // A source that lost half of its people.
    let mut wishes = desired();
    let left: Vec<&str> = people.iter().take(6).map(String::as_str).collect();
    for name in &left {
        wishes.set_user(key(name), wanted(name, name));
    }
    wishes.set_group(group_key("g"), wanted_group("g", "Staff", &left));
    let policy = policy();
    let synced = place.sync(&wishes, &policy);
    assert_eq!((synced.plan.withheld().len(), synced.writes), (6, 0), "{}", synced.plan.explain());

    let id = id_of(&place, "u11");
    let event = Event::UserCreated { key: key("new"), answer: wanted("new", "u11") };
    let plan = happens(&mut place, &mut wishes, &policy, event);
    assert!(place.service.user(&id).is_some(), "{}", plan.explain());
}

/// The same of members: while a full plan withholds everything that takes access away, an event of one person takes no membership.
#[test]
fn an_event_removes_no_member_while_the_guard_withholds() {
    let people: Vec<String> = (0..12).map(|number| format!("u{number:02}")).collect();
    let (mut place, _) = staff(&people.iter().map(String::as_str).collect::<Vec<_>>());
    let mut wishes = desired();
    let left: Vec<&str> = people.iter().take(6).map(String::as_str).collect();
    for name in &left {
        wishes.set_user(key(name), wanted(name, name));
    }
    wishes.set_group(group_key("g"), wanted_group("g", "Staff", &left));
    let policy = policy();
    place.sync(&wishes, &policy);
    let event = Event::MembershipRemoved { group: group_key("g"), user: key("u00"), answer: wanted("u00", "u00") };
    happens(&mut place, &mut wishes, &policy, event);
    assert!(members(&place, "g").contains(&key("u00")));
}

/// E-2: whoever is held is not taken out of a group that is found on the way, also where the plan is not about them.
#[test]
fn who_is_held_stays_in_a_group_that_is_found_on_the_way() {
    let (mut place, mut wishes) = staff(&["anna", "bo"]);
    let policy = policy();
    wishes.set_user(key("bo"), Answer::Hold(vec![Finding::new("Held", "is held by the test")]));
    let event = Event::GroupCreated { key: group_key("new"), answer: wanted_group("new", "New", &["anna"]) };
    let scope = wishes.apply(event, &place.state);
    let (plan, state) = looked(&mut place, &scope, &wishes, &policy);
    // Meanwhile somebody makes the group by hand.
    let bo = id_of(&place, "bo");
    let mut by_hand = group("new", "New");
    by_hand.attributes_mut().remove("externalId");
    place.service.seed_group(by_hand, [&bo]);
    run(&mut place, &plan, state, &policy, &mut |_| Reaches::Back);
    assert_eq!(members(&place, "new"), keys(["anna", "bo"]));
}

/// The same of whoever a full plan would delete, or withhold from being deleted.
#[test]
fn who_is_not_in_the_source_stays_in_a_group_that_is_found_on_the_way() {
    let people: Vec<String> = (0..12).map(|number| format!("u{number:02}")).collect();
    let (mut place, _) = staff(&people.iter().map(String::as_str).collect::<Vec<_>>());
    let mut wishes = desired();
    wishes.set_user(key("u00"), wanted("u00", "u00"));
    wishes.set_group(group_key("g"), wanted_group("g", "Staff", &["u00"]));
    let policy = policy();
    let event = Event::GroupCreated { key: group_key("new"), answer: wanted_group("new", "New", &["u00"]) };
    let scope = wishes.apply(event, &place.state);
    let (plan, state) = looked(&mut place, &scope, &wishes, &policy);
    let there = id_of(&place, "u05");
    let mut by_hand = group("new", "New");
    by_hand.attributes_mut().remove("externalId");
    place.service.seed_group(by_hand, [&there]);
    run(&mut place, &plan, state, &policy, &mut |_| Reaches::Back);
    assert!(members(&place, "new").contains(&key("u05")));
}

/// E-2: whoever a full plan holds stays in a group that an event takes over.
#[test]
fn who_is_held_as_a_duplicate_stays_in_a_group_that_an_event_takes_over() {
    let (mut place, mut wishes) = staff(&["anna", "dora"]);
    let policy = policy();
    wishes.set_user(key("dora"), wanted("dora", "anna"));
    let mut by_hand = group("h", "Hand");
    by_hand.attributes_mut().remove("externalId");
    let dora = id_of(&place, "dora");
    place.service.seed_group(by_hand, [&dora]);
    let event = Event::GroupAssociated { key: group_key("h"), answer: wanted_group("h", "Hand", &["anna"]), users: Vec::new() };
    let plan = happens(&mut place, &mut wishes, &policy, event);
    assert_eq!(members(&place, "h"), keys(["anna", "dora"]), "{}", plan.explain());
}

/// A remembered member who has no link is in no group under the identifier that they get: they join like anybody who is new.
#[test]
fn a_member_without_a_link_joins_when_created() {
    let (mut place, mut wishes) = staff(&["anna"]);
    let policy = policy();
    // As an adoption of the group leaves it whose member was to be adopted as well, and was held in the end.
    let mut link = place.state.group(&group_key("g")).unwrap();
    link.members.insert(key("bo"));
    let sent = group("g", "Staff");
    let records = place.state.apply(&StateChange::GroupLinked { key: group_key("g"), link, sent });
    place.remember(records);

    wishes.set_user(key("bo"), wanted("bo", "bo"));
    wishes.set_group(group_key("g"), wanted_group("g", "Staff", &["anna", "bo"]));
    place.sync(&wishes, &policy);
    place.sync(&wishes, &policy);
    assert_eq!(members(&place, "g"), keys(["anna", "bo"]));
}

/// UL-11: over a source that was not read to its end, nobody is deactivated, not even somebody who is found on the way.
#[test]
fn nobody_who_is_found_on_the_way_is_deactivated_over_a_partial_source() {
    let mut place = Place::new();
    let mut policy = policy();
    policy.suspended_newcomers = SuspendedNewcomers::CreatedInactive;
    let mut wishes = partial();
    let mut suspended = user("anna", "anna");
    suspended.attributes_mut().set("active", false);
    wishes.set_user(key("anna"), Answer::Want(DesiredUser::new(suspended)));
    let (plan, state) = looked(&mut place, &Scope::all(), &wishes, &policy);
    let mut by_hand = user("anna", "anna");
    by_hand.attributes_mut().remove("externalId");
    let id = place.service.seed_user(by_hand);
    run(&mut place, &plan, state, &policy, &mut |_| Reaches::Back);
    assert_eq!(place.service.user(&id).and_then(|user| user.get("active")?.as_bool()), Some(true));
}

/// What is only reported is not set back, whatever else is read in the same look.
#[test]
fn a_reported_member_stays_where_somebody_is_adopted() {
    let mut place = Place::new();
    let mut policy = policy();
    policy.drift.observation = Observation::Full;
    let mut wishes = desired();
    for name in ["anna", "bo"] {
        wishes.set_user(key(name), wanted(name, name));
    }
    wishes.set_group(group_key("g"), wanted_group("g", "Staff", &["anna"]));
    // A group that is taken over with a member who is nobody's.
    let stranger = place.service.seed_user(user("stranger", "stranger"));
    let mut there = group("g", "Staff");
    there.attributes_mut().remove("externalId");
    place.service.seed_group(there, [&stranger]);
    place.sync(&wishes, &policy);
    let (group, bo) = (place.state.group(&group_key("g")).unwrap().id, id_of(&place, "bo"));
    assert!(place.service.add_member(&group, &bo));

    // Somebody is adopted, who might be among them.
    let mut by_hand = user("cleo", "cleo");
    by_hand.attributes_mut().remove("externalId");
    place.service.seed_user(by_hand);
    wishes.set_user(key("cleo"), wanted("cleo", "cleo"));
    assert_eq!(policy.drift.members, Correction::Report);
    let synced = place.sync(&wishes, &policy);
    assert!(synced.plan.drift().iter().all(|drifted| !drifted.repairs));
    assert!(place.service.members(&group).contains(&bo), "{}", synced.plan.explain());
}
