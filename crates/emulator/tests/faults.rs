//! Faults: what a client sees, and what the service did.

#[cfg(test)]
mod common;

use std::time::Duration;

use common::{group, noon, service};
use idbridge_emulator::{Fault, Faults, Outcome, Service};
use idbridge_scim::protocol::{Body, Reply, Request, ResourceType};

fn create(name: &str) -> Request {
    Request::create(ResourceType::Group, group(name))
}

fn delete() -> Request {
    Request::delete(ResourceType::Group, common::unknown())
}

/// One create under `fault`: what came, and how many groups there are afterwards.
fn under(fault: Fault) -> (Outcome<Reply>, usize, Service) {
    let mut service = service();
    service.set_faults(Faults::script([Some(fault)]));
    let outcome = service.deliver(&create("Tools"), noon());
    let count = service.groups().count();
    (outcome, count, service)
}

/// RFC 6585 section 4 and RFC 9110 section 10.2.3: 429, with or without a time to wait.
#[test]
fn throttled_has_no_effect() {
    let wait = Some(Duration::from_secs(2));
    let (outcome, groups, service) = under(Fault::Throttled { retry_after: wait });
    let reply = outcome.reply().unwrap();
    assert_eq!((reply.status, reply.retry_after, groups), (429, wait, 0));
    assert_eq!(service.log()[0].fault(), Some(&Fault::Throttled { retry_after: wait }));
}

/// RFC 9110 section 15.6: a failure says nothing about whether the request had its effect.
#[test]
fn failed_comes_before_or_after_the_effect() {
    for (applied, expected) in [(false, 0), (true, 1)] {
        let (outcome, groups, _) = under(Fault::Failed { status: 500, applied });
        assert_eq!((outcome.reply().unwrap().status, groups), (500, expected));
    }
    let (outcome, ..) = under(Fault::Failed { status: 503, applied: false });
    assert_eq!(outcome.reply().unwrap().status, 503);
}

/// RFC 9110 section 9.2.2: a client that lost the connection cannot know whether the request had its effect.
#[test]
fn dropped_comes_before_or_after_the_effect() {
    for (applied, expected) in [(false, 0), (true, 1)] {
        let (outcome, groups, service) = under(Fault::Dropped { applied });
        assert_eq!((outcome, groups), (Outcome::Lost { applied }, expected));
        assert_eq!((service.log().len(), service.log()[0].status()), (1, None));
        assert_eq!(service.log()[0].operation(), Some("CreateGroup"));
    }
    // What was refused had no effect, however it was lost.
    let mut service = service();
    service.set_faults(Faults::script([Some(Fault::Dropped { applied: true })]));
    assert_eq!(service.deliver(&delete(), noon()), Outcome::Lost { applied: false });
}

/// RFC 9112 section 8: a body that ends before its Content-Length is incomplete.
#[test]
fn truncated_has_its_effect_and_half_a_body() {
    let (outcome, groups, _) = under(Fault::Truncated);
    let Outcome::Cut(reply) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!((reply.status, groups), (201, 1));
    assert!(matches!(reply.body, Body::Unreadable { .. }));
}

/// A 204 has no body to cut, so its whole answer is lost.
#[test]
fn truncated_without_a_body_is_lost() {
    let mut service = service();
    let id = service.seed_group(group("Tools"), []);
    service.set_faults(Faults::script([Some(Fault::Truncated)]));
    let request = Request::delete(ResourceType::Group, id);
    assert_eq!(service.deliver(&request, noon()), Outcome::Lost { applied: true });
    assert_eq!(service.log()[0].status(), None);
}

/// A time-out of the client's is a late answer of the service's.
#[test]
fn delayed_has_its_effect_and_the_whole_answer() {
    let after = Duration::from_secs(40);
    let (outcome, groups, _) = under(Fault::Delayed(after));
    assert!(matches!(&outcome, Outcome::Late { reply, after: late } if reply.status == 201 && *late == after));
    assert_eq!(groups, 1);
}

/// A script is taken in order, an awaited operation when it comes.
#[test]
fn a_script_meets_its_requests() {
    let mut service = service();
    let failed = Fault::Failed { status: 500, applied: false };
    service.set_faults(Faults::script([None, Some(failed.clone())]).once("DeleteGroup", failed));
    let mut send = |request: &Request| service.deliver(request, noon()).reply().unwrap().status;
    let statuses = [send(&create("a")), send(&create("b")), send(&create("c")), send(&delete()), send(&delete())];
    assert_eq!(statuses, [201, 500, 201, 500, 404]);
}

/// The same seed gives the same faults; their number is about what was asked for, and may be limited.
#[test]
fn a_seed_repeats_itself() {
    let storm = |seed, most| {
        let mut service = service();
        let kinds = vec![Fault::Failed { status: 500, applied: false }, Fault::Dropped { applied: true }];
        let faults = Faults::seeded(seed, 4, kinds);
        service.set_faults(if let Some(most) = most { faults.at_most(most) } else { faults });
        let outcomes = (0..400).map(|number| service.deliver(&create(&format!("g{number}")), noon()));
        outcomes.map(|outcome| outcome.reply().map(|reply| reply.status)).collect::<Vec<_>>()
    };
    let faults = |outcomes: &[Option<u16>]| outcomes.iter().filter(|status| **status != Some(201)).count();
    assert_eq!(storm(7, None), storm(7, None));
    assert_ne!(storm(7, None), storm(8, None));
    assert!((60..140).contains(&faults(&storm(7, None))), "{}", faults(&storm(7, None)));
    assert_eq!(faults(&storm(7, Some(5))), 5);
}

/// Every request with one in one, none with none in none.
#[test]
fn the_bounds_of_a_seed() {
    let failed = vec![Fault::Failed { status: 500, applied: false }];
    for (faults, expected) in [
        (Faults::seeded(1, 1, failed.clone()), 500),
        (Faults::seeded(1, 0, failed), 404),
        (Faults::seeded(1, 1, Vec::new()), 404),
        (Faults::none(), 404),
    ] {
        let mut service = service();
        service.set_faults(faults);
        assert_eq!(service.deliver(&delete(), noon()).reply().unwrap().status, expected);
    }
}

/// Without faults, [`Service::handle`] and [`Service::deliver`] are one; `handle` never has any.
#[test]
fn handle_has_no_faults() {
    let mut service = service();
    service.set_faults(Faults::seeded(1, 1, vec![Fault::Truncated]));
    assert_eq!(service.handle(&create("Tools"), noon()).status, 201);
}

/// The log keeps the latest requests, and none if it is told so.
#[test]
fn the_log_is_bounded() {
    let mut settings = idbridge_emulator::Settings::unhurried();
    settings.log_length = 10;
    let mut service = Service::new(settings.clone());
    for number in 0..25 {
        service.handle(&create(&format!("g{number}")), noon());
        assert!(service.log().len() <= 10);
    }
    let last = service.log().last().unwrap();
    assert_eq!(last.resource().unwrap().text("displayName"), Some("g24"));
    assert_eq!((last.method(), last.status(), last.at()), ("POST", Some(201), noon()));
    service.clear_log();
    assert!(service.log().is_empty());
    settings.log_length = 0;
    service.set_settings(settings);
    service.handle(&delete(), noon());
    assert!(service.log().is_empty());
}
