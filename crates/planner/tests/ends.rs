//! A run that is cancelled and a look that has stopped start nothing more, whatever is still answered; and what is left is found by the next one.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::{Place, desired, group, group_key, key, now, policy, user, wanted, wanted_group};
use idbridge_emulator::Outcome;
use idbridge_planner::{
    Delivery, DeliveryId, Desired, Discovery, LastSent, Machine, Observed, OutcomeKind, Run, State, Step, Stopped, plan,
};
use idbridge_scim::Resource;
use idbridge_scim::protocol::{Body, Reply, Request};

/// Anna and Bo in Staff.
fn staff() -> Desired {
    let mut desired = desired();
    ["anna", "bo"].iter().for_each(|id| desired.set_user(key(id), wanted(id, id)));
    desired.set_group(group_key("g"), wanted_group("g", "Staff", &["anna", "bo"]));
    desired
}

/// The run for an empty service.
fn begun() -> Run {
    let mut observed = Observed::default();
    observed.users_mut().complete();
    observed.groups_mut().complete();
    let plan = plan(&staff(), &observed, &State::default(), &LastSent::default(), &policy(), now());
    Run::new(&plan, State::default(), &policy(), 0)
}

/// What a machine hands out until it says that it is blocked or done, with time passing while it waits.
fn steps(machine: &mut dyn Machine, place: &mut Place) -> Vec<(DeliveryId, Request)> {
    let mut sent = Vec::new();
    loop {
        match machine.next_step(place.now) {
            Step::Store(records) => place.remember(records),
            Step::Send { id, request } => sent.push((id, request)),
            Step::Wait { until } => place.now = until,
            Step::Blocked | Step::Done => return sent,
        }
    }
}

fn answer(place: &mut Place, request: &Request) -> Delivery {
    match place.service.deliver(request, place.now) {
        Outcome::Replied(reply) => Delivery::Answered(reply),
        outcome => panic!("no fault was asked for: {outcome:?}"),
    }
}

fn kinds(run: &Run) -> Vec<&'static str> {
    run.outcomes().iter().map(|outcome| outcome.kind.name()).collect()
}

/// The next sync brings everything about, and nobody is there twice.
fn goes_on(mut place: Place) {
    place.state = State::restore(place.store.clone()).unwrap();
    place.sync(&staff(), &policy());
    assert_eq!(place.sync(&staff(), &policy()).writes, 0);
    assert_eq!((place.service.users().count(), place.service.groups().count()), (2, 1));
    assert!(!place.state.has_intents());
}

#[test]
fn a_cancelled_run_does_not_start_what_waited() {
    let mut run = begun();
    let mut place = Place::new();
    let sent = steps(&mut run, &mut place);
    assert_eq!(sent.iter().map(|(_, request)| request.operation()).collect::<Vec<_>>(), ["CreateUser", "CreateUser"]);
    run.cancel();
    for (id, request) in sent {
        let delivery = answer(&mut place, &request);
        run.handle_delivery(id, delivery, now());
        assert_eq!(steps(&mut run, &mut place), []);
    }
    assert_eq!(kinds(&run), ["done", "done", "notStarted"]);
    goes_on(place);
}

#[test]
fn a_cancelled_run_does_not_look_up_what_was_lost() {
    let lost: fn(&mut Place, &Request) -> Delivery = |place, request| {
        answer(place, request);
        Delivery::Unknown { reason: "the connection was lost".to_owned() }
    };
    let failed: fn(&mut Place, &Request) -> Delivery = |_, _| Delivery::Answered(Reply::new(503, Body::Empty));
    let duplicate: fn(&mut Place, &Request) -> Delivery = |_, _| Delivery::Answered(Reply::new(409, Body::Empty));
    for outcome in [lost, failed, duplicate] {
        let mut run = begun();
        let mut place = Place::new();
        let sent = steps(&mut run, &mut place);
        run.cancel();
        for (id, request) in sent {
            let delivery = outcome(&mut place, &request);
            run.handle_delivery(id, delivery, now());
            assert_eq!(steps(&mut run, &mut place), []);
        }
        assert_eq!(kinds(&run), ["notStarted"; 3]);
        assert!(run.state().has_intents(), "the next look finds them by these");
        goes_on(place);
    }
}

/// A run over an empty service that is cancelled behind this many steps, with up to four requests under way; says whether it had ended before.
fn cancelled_after(steps: usize, place: &mut Place) -> bool {
    let mut run = begun();
    let mut under_way = Vec::new();
    for step in 0.. {
        if step == steps {
            run.cancel();
        }
        match run.next_step(place.now) {
            Step::Store(records) => place.remember(records),
            Step::Send { id, request } => {
                assert!(step < steps, "a cancelled run sends nothing");
                under_way.push((id, answer(place, &request)));
            }
            Step::Wait { until } if under_way.is_empty() => place.now = until,
            Step::Wait { .. } | Step::Blocked => {
                let (id, delivery) = under_way.remove(0);
                run.handle_delivery(id, delivery, place.now);
            }
            Step::Done => return step < steps,
        }
    }
    false
}

/// Cancelled behind any step: what was under way is remembered, and the next sync ends as wanted.
#[test]
fn a_run_that_is_cancelled_at_any_step_goes_on_later() {
    for steps in 0.. {
        let mut place = Place::new();
        let has_ended = cancelled_after(steps, &mut place);
        place.state = State::restore(place.store.clone()).unwrap();
        goes_on(place);
        if has_ended {
            assert!(steps > 6, "{steps} steps are too few to show anything");
            return;
        }
    }
}

/// A process that ends behind any step, with what was stored by then and no answer to what was under way.
#[test]
fn a_run_that_is_lost_at_any_step_goes_on_later() {
    for steps in 0.. {
        let mut place = Place::new();
        let mut run = begun();
        let mut has_ended = false;
        for _ in 0..steps {
            match run.next_step(place.now) {
                Step::Store(records) => place.remember(records),
                Step::Send { id, request } => {
                    let delivery = answer(&mut place, &request);
                    if place.service.users().count() + place.service.groups().count() != 2 {
                        run.handle_delivery(id, delivery, place.now);
                    }
                }
                Step::Wait { until } => place.now = until,
                Step::Blocked | Step::Done => {
                    has_ended = true;
                    break;
                }
            }
        }
        goes_on(place);
        if has_ended {
            return;
        }
    }
}

/// The budget of one object: as many requests as the policy says, look-ups included, and then it fails while the others go on.
#[test]
fn an_object_has_a_budget_of_attempts() {
    for attempts in [1, 2, 5, 16] {
        let mut place = Place::new();
        let mut policy = policy();
        policy.attempts = attempts;
        let mut observed = Observed::default();
        observed.users_mut().complete();
        observed.groups_mut().complete();
        let plan = plan(&staff(), &observed, &State::default(), &LastSent::default(), &policy, now());
        let mut run = Run::new(&plan, State::default(), &policy, 0);
        let mut about_anna = 0;
        loop {
            match run.next_step(place.now) {
                Step::Store(records) => place.remember(records),
                Step::Send { id, request } => {
                    let is_anna = format!("{request:?}").contains("anna");
                    about_anna += u32::from(is_anna);
                    // Anna's create never takes effect and is never answered; she is looked for and not found.
                    let delivery = match &request {
                        Request::Create { .. } if is_anna => Delivery::Unknown { reason: "connection reset".to_owned() },
                        request => answer(&mut place, request),
                    };
                    run.handle_delivery(id, delivery, place.now);
                }
                Step::Wait { until } => place.now = until,
                Step::Blocked => panic!("blocked with nothing under way"),
                Step::Done => break,
            }
        }
        assert_eq!(about_anna, attempts);
        assert_eq!(kinds(&run), ["failed", "done", "done"]);
        goes_on(place);
    }
}

/// E-5: what turns out to be there under the name of a record and carries another `externalId` is left to the next run, which has the directory at
/// hand: it takes over what is nobody's, and leaves alone what is somebody's.
#[test]
fn e_05_what_carries_another_external_id_is_not_adopted_on_the_way() {
    let mut place = Place::new();
    for (name, id) in [("anna", "other"), ("cleo", "bo")] {
        place.service.seed_user(user(id, name));
    }
    place.service.seed_group(group("other group", "Staff"), []);
    let mut run = begun();
    loop {
        match run.next_step(place.now) {
            Step::Store(records) => place.remember(records),
            Step::Send { id, request } => {
                let delivery = answer(&mut place, &request);
                run.handle_delivery(id, delivery, place.now);
            }
            Step::Wait { until } => place.now = until,
            Step::Blocked => panic!("blocked with nothing under way"),
            Step::Done => break,
        }
    }
    let words: Vec<String> = run
        .outcomes()
        .iter()
        .map(|outcome| match &outcome.kind {
            OutcomeKind::Held { finding } => finding.to_string(),
            kind => kind.name().to_owned(),
        })
        .collect();
    let id = |name: &str| place.service.users().find(|user| user.text("userName") == Some(name)).and_then(Resource::id).unwrap();
    let remedy = "remedy: plan again: the next run sees the whole directory and decides whose it is";
    assert_eq!(
        words,
        [
            format!(
                "NameTaken, user anna (anna@example.com): the service's user with its name ({}) carries another externalId, \"other\"; {remedy}",
                id("anna@example.com")
            ),
            // Found by his own identifier, whatever his name is there.
            "done".to_owned(),
            format!(
                "NameTaken, group g (Staff): the service's group with its name ({}) carries another externalId, \"other group\"; {remedy}",
                place.service.groups().next().and_then(Resource::id).unwrap()
            ),
        ]
    );
    goes_on(place);
}

/// A token that is refused while other requests are under way: what they are answered begins no further request.
#[test]
fn a_look_that_has_stopped_asks_nothing_more() {
    let desired = staff();
    let policy = policy();
    let mut discovery = Discovery::new(&desired, State::default(), LastSent::default(), &policy, 0);
    let mut place = Place::new();
    let sent = steps(&mut discovery, &mut place);
    assert_eq!(sent.iter().map(|(_, request)| request.operation()).collect::<Vec<_>>(), ["ListUsers", "ListGroups"]);
    discovery.handle_delivery(sent[0].0, Delivery::Answered(Reply::new(401, Body::Empty)), now());
    // A service without cursors, which would otherwise be asked for a plain list.
    discovery.handle_delivery(sent[1].0, Delivery::Answered(Reply::new(400, Body::Empty)), now());
    assert_eq!(steps(&mut discovery, &mut place), []);
    assert_eq!(discovery.finish().stopped, Some(Stopped::Unauthorized));
}
