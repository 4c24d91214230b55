//! What a run concludes from an answer, and what it leaves open: whatever it does not know for certain keeps its intent, and the next look finds out.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::time::Duration;

use common::{Place, desired, group_key, key, policy, wanted, wanted_group};
use idbridge_emulator::{Service, Settings};
use idbridge_planner::{Delivery, Desired, Machine, OutcomeKind, Run, State, Step, Stopped};
use idbridge_scim::ResourceId;
use idbridge_scim::protocol::{Body, Reply, Request, ResourceType};

fn people(names: &[&str]) -> Desired {
    let mut desired = desired();
    names.iter().for_each(|id| desired.set_user(key(id), wanted(id, id)));
    desired
}

/// A place at which Bo is known already.
fn place() -> Place {
    let mut place = Place::new();
    place.sync(&people(&["bo"]), &policy());
    place
}

/// Looks, plans, and runs, with something of its own said to each request of the run: the run, and what it sent.
fn run(place: &mut Place, desired: &Desired, mut say: impl FnMut(&mut Service, &Request) -> Option<Delivery>) -> (Run, Vec<&'static str>) {
    let (plan, state) = place.look(desired, &policy());
    let mut run = Run::new(&plan, state, &policy(), 2);
    let mut sent = Vec::new();
    loop {
        match run.next_step(place.now) {
            Step::Store(records) => place.remember(records),
            Step::Send { id, request } => {
                sent.push(request.operation());
                let said = say(&mut place.service, &request);
                let delivery = said.unwrap_or_else(|| Delivery::Answered(place.service.handle(&request, place.now)));
                place.now += Duration::from_millis(50);
                run.handle_delivery(id, delivery, place.now);
            }
            Step::Wait { until } => place.now = until,
            Step::Blocked => panic!("blocked with nothing under way"),
            Step::Done => break,
        }
    }
    place.state = State::restore(place.store.clone()).unwrap();
    (run, sent)
}

fn status(status: u16) -> Delivery {
    Delivery::Answered(Reply::new(status, Body::Empty))
}

fn findings(run: &Run) -> Vec<String> {
    let held = run.outcomes().iter().filter_map(|outcome| match &outcome.kind {
        OutcomeKind::Held { finding } => Some(finding.code.clone().into_owned()),
        OutcomeKind::Failed { status, .. } => Some(format!("failed {status:?}")),
        _ => None,
    });
    held.collect()
}

fn is_create(request: &Request) -> bool {
    matches!(request, Request::Create { .. })
}

/// Whoever leaves the directory now loses the account, whatever is known of it.
fn leaves_nothing_behind(place: &mut Place) {
    place.sync(&people(&["bo"]), &policy());
    let names: Vec<&str> = place.service.users().filter_map(|user| user.text("userName")).collect();
    assert_eq!(names, ["bo@example.com"]);
    assert!(!place.state.has_intents());
}

/// UL-03, E-12: the account was made, and the look behind the 409 does not show it yet. Nobody may forget of it what may be there.
#[test]
fn ul_03_an_account_behind_a_409_that_no_look_shows_is_found_later() {
    // The answer is lost, or the request arrives twice.
    for is_lost in [true, false] {
        let (mut place, mut creates) = (place(), 0);
        let mut before = place.service.clone();
        let (run, _) = run(&mut place, &people(&["bo", "anna"]), |service, request| {
            creates += usize::from(is_create(request));
            match is_create(request) {
                true if creates == 1 => {
                    service.handle(request, common::now());
                    is_lost.then(|| Delivery::Unknown { reason: "the connection was lost".to_owned() })
                }
                true => None,
                false => Some(Delivery::Answered(before.handle(request, common::now()))),
            }
        });
        assert_eq!(findings(&run), ["ConflictNotMatched"]);
        assert!(place.state.has_intents());
        leaves_nothing_behind(&mut place);
    }
}

/// The same where the look fails, and where the second create is refused for another reason.
#[test]
fn ul_03_an_account_behind_an_answer_that_says_nothing_of_it_is_found_later() {
    for second in [409, 400, 403] {
        let (mut place, mut creates) = (place(), 0);
        let mut before = place.service.clone();
        let (run, _) = run(&mut place, &people(&["bo", "anna"]), |service, request| {
            creates += usize::from(is_create(request));
            match (is_create(request), creates) {
                (true, 1) => {
                    service.handle(request, common::now());
                    Some(Delivery::Unknown { reason: "the connection was lost".to_owned() })
                }
                (true, _) => Some(status(second)),
                (false, 1) => Some(Delivery::Answered(before.handle(request, common::now()))),
                (false, _) => Some(status(403)),
            }
        });
        assert_eq!(findings(&run).len(), 1, "{:?}", findings(&run));
        assert!(place.state.has_intents(), "{second}");
        leaves_nothing_behind(&mut place);
    }
}

/// Created, and the answer does not say as what; the look behind it fails.
#[test]
fn ul_03_an_account_whose_identifier_was_never_seen_is_found_later() {
    let mut place = place();
    let (run, _) = run(&mut place, &people(&["bo", "anna"]), |service, request| match is_create(request) {
        true => {
            service.handle(request, common::now());
            Some(status(201))
        }
        false => Some(status(403)),
    });
    assert_eq!(findings(&run), ["failed Some(403)"]);
    leaves_nothing_behind(&mut place);
}

/// E-13: what was answered 401 has had no effect, so nothing of it is left to look up.
#[test]
fn e_13_a_refused_token_leaves_no_intent() {
    let mut place = place();
    let (run, sent) = run(&mut place, &people(&["bo", "anna"]), |_, _| Some(status(401)));
    assert_eq!((run.stopped(), sent), (Some(&Stopped::Unauthorized), vec!["CreateUser"]));
    assert!(!place.state.has_intents());
}

/// But an earlier sending of it may have had one.
#[test]
fn e_13_a_refused_token_says_nothing_of_a_write_before() {
    for is_refused_at in [2, 3] {
        let (mut place, mut requests) = (place(), 0);
        let mut before = place.service.clone();
        let (run, _) = run(&mut place, &people(&["bo", "anna"]), |service, request| {
            requests += 1;
            Some(match requests {
                _ if requests >= is_refused_at && (is_create(request) || is_refused_at == 2) => status(401),
                1 => {
                    service.handle(request, common::now());
                    Delivery::Unknown { reason: "the connection was lost".to_owned() }
                }
                _ => Delivery::Answered(before.handle(request, common::now())),
            })
        });
        assert_eq!(run.stopped(), Some(&Stopped::Unauthorized));
        assert!(place.state.has_intents());
        leaves_nothing_behind(&mut place);
    }
}

/// Others removed members whom a new group names: the group is made with the others, nothing is remembered against it, and they come back.
#[test]
fn gm_33_a_group_is_created_without_those_whom_others_removed() {
    let names = ["anna", "bo", "cy", "di", "eva"];
    for (is_not_found, gone) in
        [(false, &names[..1]), (true, &names[..1]), (false, &names[4..]), (false, &names[..2]), (true, &names[1..4]), (false, &names[..])]
    {
        let mut place = Place::new();
        let mut settings = Settings::unhurried();
        settings.unknown_member_is_not_found = is_not_found;
        place.service = Service::new(settings);
        let mut wanted = people(&names);
        place.sync(&wanted, &policy());
        for name in gone {
            let id: ResourceId = place.state.user(&key(name)).unwrap().id;
            place.service.remove_user(&id);
        }
        wanted.set_group(group_key("g"), wanted_group("g", "Staff", &names));
        let (made, _) = run(&mut place, &wanted, |_, _| None);
        assert_eq!(place.service.groups().count(), usize::from(gone.len() < names.len()), "{gone:?}");
        assert_eq!(findings(&made), [if gone.len() < names.len() { "MembersRefused" } else { "EmptyGroup" }]);
        for _ in 0..2 {
            place.sync(&wanted, &policy());
        }
        let group = place.state.group(&group_key("g")).unwrap();
        assert_eq!((place.service.users().count(), place.service.members(&group.id).len(), group.members.len()), (5, 5, 5));
    }
}

/// E-11: a group that is refused although its members are there is remembered as refused, and not sent again as it is.
#[test]
fn e_11_a_group_that_is_refused_by_itself_is_not_sent_again() {
    let names = ["anna", "bo", "cy", "di", "eva"];
    let mut place = Place::new();
    let mut wanted = people(&names);
    place.sync(&wanted, &policy());
    wanted.set_group(group_key("g"), wanted_group("g", "Staff", &names));
    let refuse = |_: &mut Service, request: &Request| {
        matches!(request, Request::Create { resource_type: ResourceType::Group, .. }).then(|| status(400))
    };
    let (refused, sent) = run(&mut place, &wanted, refuse);
    assert_eq!(
        (findings(&refused), sent),
        (vec!["failed Some(400)".to_owned()], vec!["CreateGroup", "CreateGroup", "CreateGroup", "GetUser"])
    );
    let again = place.sync(&wanted, &policy());
    assert_eq!((again.reads + again.writes, again.plan.held()[0].findings[0].code.as_ref()), (0, "RefusedByService"));
    assert!(!place.state.has_intents());
}

/// A service that answers nothing but 5xx has failed as a whole: the run does not ask in vain for each of its objects.
#[test]
fn a_service_that_only_fails_is_left_alone() {
    let names: Vec<String> = (0..400).map(|number| format!("u{number}")).collect();
    let wanted = people(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for failing in [500, 503] {
        let mut place = Place::new();
        let (run, sent) = run(&mut place, &wanted, |_, _| Some(status(failing)));
        assert!(
            matches!(run.stopped(), Some(Stopped::Unreachable { reason }) if reason.contains(&failing.to_string())),
            "{:?}",
            run.stopped()
        );
        // Twenty seconds of a service that takes twenty requests a second.
        assert!((20..700).contains(&sent.len()), "{}", sent.len());
        assert_eq!(place.state.quarantine().map(|quarantine| quarantine.failures), Some(1));
        // What it was about to do is looked up, and done, when the service is well again.
        place.now = place.state.quarantine().unwrap().until();
        place.sync(&wanted, &policy());
        assert_eq!((place.service.users().count(), place.state.quarantine()), (400, None));
    }
}

/// One other answer among them shows that it is not all that fails.
#[test]
fn a_service_that_fails_often_is_not_left_alone() {
    let names: Vec<String> = (0..40).map(|number| format!("u{number}")).collect();
    let wanted = people(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let (mut place, mut requests) = (Place::new(), 0);
    let (run, _) = run(&mut place, &wanted, |_, _| {
        requests += 1;
        (requests % 15 != 0).then(|| status(503))
    });
    assert_eq!((run.stopped(), place.state.quarantine()), (None, None));
}
