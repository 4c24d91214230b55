//! A service that fails as a whole is left alone, longer each time; two runs over one state exclude each other; what the guard withholds is staged.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use common::{Place, desired, group_key, key, now, policy, wanted, wanted_group};
use idbridge_planner::{
    Delivery, Desired, Discovery, LastSent, Machine, Observed, Policy, Quarantine, Record, Run, State, StateChange, Step, Stopped, plan,
};
use idbridge_scim::protocol::{Body, Reply};

fn staff(count: usize) -> Desired {
    let mut desired = desired();
    let people: Vec<String> = (0..count).map(|number| format!("u{number}")).collect();
    people.iter().for_each(|id| desired.set_user(key(id), wanted(id, id)));
    desired.set_group(group_key("g"), wanted_group("g", "Staff", &people.iter().map(String::as_str).collect::<Vec<_>>()));
    desired
}

/// Nothing at the service, and all of it read.
fn nothing() -> Observed {
    let mut observed = Observed::default();
    observed.users_mut().complete();
    observed.groups_mut().complete();
    observed
}

/// Drives a machine that is answered the same each time; says how many requests it sent.
fn answered(machine: &mut dyn Machine, place: &mut Place, delivery: &Delivery) -> usize {
    let mut sent = 0;
    loop {
        match machine.next_step(place.now) {
            Step::Store(records) => place.remember(records),
            Step::Send { id, .. } => {
                sent += 1;
                machine.handle_delivery(id, delivery.clone(), place.now);
            }
            Step::Wait { until } => place.now = until,
            Step::Blocked => panic!("blocked with nothing under way"),
            Step::Done => return sent,
        }
    }
}

fn refused() -> Delivery {
    Delivery::NotSent { reason: "connection refused".to_owned() }
}

/// A look over what the store of a place holds: the requests, and why it stopped.
fn look(place: &mut Place, policy: &Policy, delivery: &Delivery) -> (usize, Option<Stopped>) {
    let wanted = staff(2);
    let state = State::restore(place.store.clone()).unwrap();
    let mut discovery = Discovery::new(&wanted, state, LastSent::default(), policy, 0);
    let sent = answered(&mut discovery, place, delivery);
    (sent, discovery.finish().stopped)
}

fn quarantine(place: &Place) -> Option<Quarantine> {
    State::restore(place.store.clone()).unwrap().quarantine().cloned()
}

#[test]
fn pauses_grow_until_the_longest() {
    let mut place = Place::new();
    for (failures, seconds) in [60, 120, 240, 480, 960, 1_920, 3_600, 3_600].into_iter().enumerate() {
        let (sent, stopped) = look(&mut place, &policy(), &refused());
        assert_eq!((sent > 0, stopped), (true, Some(Stopped::Unreachable { reason: "connection refused".to_owned() })));
        let found = quarantine(&place).unwrap();
        assert_eq!((found.failures, found.reason.as_str()), (u32::try_from(failures).unwrap() + 1, "connection refused"));
        assert_eq!(found.until().duration_since(place.now).unwrap().as_secs_f64().round(), f64::from(seconds));
        // A moment too early, nothing is asked, and the pause is not made longer.
        place.now = found.until() - Duration::from_millis(1);
        let (sent, stopped) = look(&mut place, &policy(), &refused());
        let expected = Stopped::Quarantined { until: found.until(), failures: found.failures, reason: found.reason.clone() };
        assert_eq!((sent, stopped), (0, Some(expected)));
        assert_eq!(quarantine(&place), Some(found.clone()));
        place.now = found.until();
    }
}

#[test]
fn a_service_that_stays_unreadable_is_left_alone_too() {
    for status in [403, 503] {
        let mut place = Place::new();
        for failures in 1..=3 {
            let (_, stopped) = look(&mut place, &policy(), &Delivery::Answered(Reply::new(status, Body::Empty)));
            // Refused, or nothing but failures.
            assert!(
                matches!((status, &stopped), (403, Some(Stopped::Unreadable { .. })) | (503, Some(Stopped::Unreachable { .. }))),
                "{stopped:?}"
            );
            assert_eq!(quarantine(&place).unwrap().failures, failures);
            place.now = quarantine(&place).unwrap().until();
        }
    }
}

/// A refused token has its block, and is no failure of the service.
#[test]
fn a_refused_token_is_no_failure_of_the_service() {
    let mut place = Place::new();
    let (_, stopped) = look(&mut place, &policy(), &Delivery::Answered(Reply::new(401, Body::Empty)));
    assert_eq!((stopped, quarantine(&place)), (Some(Stopped::Unauthorized), None));
}

#[test]
fn the_first_answer_ends_it() {
    let mut place = Place::new();
    look(&mut place, &policy(), &refused());
    place.now = quarantine(&place).unwrap().until();
    place.state = State::restore(place.store.clone()).unwrap();
    place.sync(&staff(2), &policy());
    assert_eq!(quarantine(&place), None);
    assert_eq!(place.service.users().count(), 2);
}

#[test]
fn a_person_may_ask_all_the_same() {
    let mut place = Place::new();
    look(&mut place, &policy(), &refused());
    place.state = State::restore(place.store.clone()).unwrap();
    let mut policy = policy();
    policy.ignores_quarantine = true;
    place.sync(&staff(2), &policy);
    assert_eq!((quarantine(&place), place.service.users().count()), (None, 2));
}

/// A clock that was far ahead when the service failed would leave it alone for years.
#[test]
fn a_pause_that_is_longer_than_the_longest_counts_as_over() {
    let mut place = Place::new();
    let far = now() + Duration::from_secs(3_601);
    place.remember(State::default().apply(&StateChange::Quarantined { quarantine: Quarantine::new(1, far, "gone") }));
    assert!(look(&mut place, &policy(), &refused()).0 > 0);
}

/// A run falls into it, and is kept from asking by it, like a look.
#[test]
fn a_run_leaves_a_failing_service_alone() {
    let mut place = Place::new();
    let wanted = staff(30);
    let plan = plan(&wanted, &nothing(), &State::default(), &LastSent::default(), &policy(), place.now);
    let mut run = Run::new(&plan, State::default(), &policy(), 0);
    assert!(answered(&mut run, &mut place, &refused()) > 0);
    assert_eq!(run.stopped(), Some(&Stopped::Unreachable { reason: "connection refused".to_owned() }));
    let state = State::restore(place.store.clone()).unwrap();
    assert_eq!(state.quarantine().map(|found| found.failures), Some(1));
    let mut again = Run::new(&plan, state.clone(), &policy(), 0);
    assert_eq!(answered(&mut again, &mut place, &refused()), 0);
    assert!(matches!(again.stopped(), Some(Stopped::Quarantined { failures: 1, .. })));
    assert_eq!(again.into_state().quarantine(), state.quarantine());
}

/// Commits as a store does: all or nothing, and nothing where a record expects something else.
fn commit(store: &mut BTreeMap<String, Vec<u8>>, records: &[Record]) -> bool {
    let may = records.iter().all(|record| record.may_replace(store.get(record.key()).map(Vec::as_slice)));
    for record in records.iter().filter(|_| may) {
        match record.value() {
            Some(value) => store.insert(record.key().to_owned(), value.to_vec()),
            None => store.remove(record.key()),
        };
    }
    may
}

/// The next batch that a machine hands out, with every request before it answered as not sent.
fn next_batch(machine: &mut dyn Machine, time: &mut SystemTime) -> Vec<Record> {
    loop {
        match machine.next_step(*time) {
            Step::Store(records) => return records,
            Step::Send { id, .. } => {
                let reply = Delivery::Answered(Reply::new(403, Body::Empty));
                machine.handle_delivery(id, reply, *time);
            }
            Step::Wait { until } => *time = until,
            step => panic!("expected a batch, found {step:?}"),
        }
    }
}

#[test]
fn a_run_that_was_overtaken_is_refused() {
    let (mut store, mut time) = (BTreeMap::new(), now());
    let plan = plan(&staff(100), &nothing(), &State::default(), &LastSent::default(), &policy(), time);
    let mut first = Run::new(&plan, State::default(), &policy(), 0);
    assert!(commit(&mut store, &next_batch(&mut first, &mut time)));
    assert!(commit(&mut store, &next_batch(&mut first, &mut time)));
    assert_eq!(first.state().generation(), 1);

    // Another process begins over what is stored now.
    let state = State::restore(store.clone()).unwrap();
    let mut second = Run::new(&plan, state, &policy(), 1);
    assert!(commit(&mut store, &next_batch(&mut second, &mut time)));
    let before = store.clone();
    let late = next_batch(&mut first, &mut time);
    assert_eq!((late[0].key(), late[0].expected()), ("generation", Some(&b"1"[..])));
    assert!(!commit(&mut store, &late));
    assert_eq!(store, before);
    assert!(commit(&mut store, &next_batch(&mut second, &mut time)));
    assert_eq!(State::restore(store).unwrap().generation(), 2);
}

/// A plan that was made before another run began must not be carried out behind it.
#[test]
fn a_run_over_an_old_state_is_refused_before_its_first_request() {
    let (mut store, mut time) = (BTreeMap::new(), now());
    let plan = plan(&staff(3), &nothing(), &State::default(), &LastSent::default(), &policy(), time);
    let mut old = Run::new(&plan, State::default(), &policy(), 0);
    let mut new = Run::new(&plan, State::default(), &policy(), 0);
    assert!(commit(&mut store, &next_batch(&mut new, &mut time)));
    let Step::Store(records) = old.next_step(time) else { panic!("the intents come before the requests") };
    assert!(!commit(&mut store, &records));
}

/// Each batch of both machines is led by the generation, and a state of before has the number 0.
#[test]
fn every_batch_is_led_by_the_generation() {
    let mut place = Place::new();
    place.sync(&staff(3), &policy());
    place.store.remove("generation");
    let state = State::restore(place.store.clone()).unwrap();
    assert_eq!(state.generation(), 0);
    // Intents of a run that died, so that the look has something to store.
    let mut dying = state.clone();
    let intent = idbridge_planner::Intent::Change;
    place.remember(dying.apply(&StateChange::Intended { key: key("u0").into(), intent }));
    let wanted = staff(3);
    let policy = policy();
    let mut discovery = Discovery::new(&wanted, dying, LastSent::default(), &policy, 0);
    let mut batches = Vec::new();
    loop {
        match discovery.next_step(place.now) {
            Step::Store(records) => {
                batches.push(records.clone());
                place.remember(records);
            }
            Step::Send { id, request } => {
                let reply = place.service.handle(&request, place.now);
                discovery.handle_delivery(id, Delivery::Answered(reply), place.now);
            }
            Step::Wait { until } => place.now = until,
            Step::Blocked => panic!("blocked with nothing under way"),
            Step::Done => break,
        }
    }
    assert!(!batches.is_empty());
    for batch in &batches {
        let led: Vec<&str> = batch.iter().filter(|record| record.expected().is_some()).map(Record::key).collect();
        assert_eq!((led, batch[0].key()), (vec!["generation"], "generation"));
    }
    assert_eq!(discovery.finish().state.generation(), 1);
}

fn staged(place: &Place) -> Vec<(String, String, SystemTime)> {
    place.state.staged().map(|staged| (staged.key.to_string(), staged.operation.to_string(), staged.since)).collect()
}

/// E-8: what the guard withholds is on the list with the time of the first plan that withheld it, until it is allowed or not wanted any more.
#[test]
fn e_08_what_the_guard_withholds_is_staged_until_it_is_not() {
    let mut place = Place::new();
    place.sync(&staff(10), &policy());
    assert_eq!(staged(&place), []);
    // A whole second, because times are kept to the millisecond.
    place.now = now() + Duration::from_secs(10);
    let first = place.now;
    let synced = place.sync(&staff(3), &policy());
    let mut expected: Vec<_> = (3..10).map(|number| (format!("user u{number}"), "deleteUser".to_owned(), first)).collect();
    assert_eq!((staged(&place), synced.writes), (expected.clone(), 0));

    // Again, later: the time of the first plan stands. Two are back in the directory and leave the list, five may go.
    place.now += Duration::from_secs(60);
    place.sync(&staff(3), &policy());
    assert_eq!(staged(&place), expected);
    place.sync(&staff(4), &policy());
    expected.remove(0);
    assert_eq!(staged(&place), expected);
    let mut allowed = policy();
    allowed.allowance = Some(6);
    place.sync(&staff(4), &allowed);
    assert_eq!((staged(&place), place.service.users().count()), (Vec::new(), 4));
}
