//! The published rates: 25 writes and 40 reads a second (user guide, quotas).

#[cfg(test)]
mod common;

use std::time::Duration;

use common::{group, noon};
use idbridge_emulator::{Service, Settings};
use idbridge_scim::Rates;
use idbridge_scim::protocol::{ListQuery, Request, ResourceType};

fn read() -> Request {
    Request::list(ResourceType::User, ListQuery::default())
}

fn write(number: usize) -> Request {
    Request::create(ResourceType::Group, group(&format!("group{number}")))
}

/// User guide, quotas: reads and writes are counted apart, and each has a second's worth to begin with.
#[test]
fn beyond_the_rates_the_answer_is_429() {
    let mut service = Service::new(Settings::default());
    let writes: Vec<u16> = (0..30).map(|number| service.handle(&write(number), noon()).status).collect();
    assert_eq!(writes.iter().filter(|status| **status == 201).count(), 25);
    assert_eq!(writes[25..], [429; 5]);
    let reads: Vec<u16> = (0..45).map(|_| service.handle(&read(), noon()).status).collect();
    assert_eq!((reads[39], reads[40]), (200, 429));
    assert_eq!(service.groups().count(), 25);
    let refused = service.handle(&read(), noon());
    assert_eq!((refused.retry_after, refused.detail()), (None, Some("Rate exceeded")));
}

/// User guide, quotas: the rate comes back with time.
#[test]
fn time_lets_requests_in_again() {
    let mut service = Service::new(Settings::default());
    for number in 0..25 {
        service.handle(&write(number), noon());
    }
    assert_eq!(service.handle(&write(25), noon() + Duration::from_millis(39)).status, 429);
    assert_eq!(service.handle(&write(25), noon() + Duration::from_millis(40)).status, 201);
    assert_eq!(service.handle(&write(26), noon() + Duration::from_millis(40)).status, 429);
    // A clock that goes back gives nothing and breaks nothing.
    assert_eq!(service.handle(&write(26), noon() - Duration::from_secs(60)).status, 429);
    assert_eq!(service.handle(&write(26), noon() + Duration::from_secs(60)).status, 201);
}

/// The rates are a switch, and so is Retry-After, which no source has seen.
#[test]
fn rates_and_retry_after_are_switches() {
    let mut settings = Settings::default();
    settings.throttle = Rates::new(0.5, 1.0);
    settings.retry_after = Some(Duration::from_millis(1_500));
    let mut service = Service::new(settings.clone());
    assert_eq!(service.handle(&write(0), noon()).status, 201);
    let refused = service.handle(&write(1), noon());
    assert_eq!((refused.status, refused.retry_after), (429, Some(Duration::from_millis(1_500))));
    settings.throttle = None;
    service.set_settings(settings);
    assert!((1..200).all(|number| service.handle(&write(number), noon()).status == 201));
}

/// Not recorded: whether a 429 has a body is a switch.
#[test]
fn bare_errors_have_no_body() {
    let mut settings = Settings::default();
    settings.throttle = Rates::new(1.0, 1.0);
    settings.bare_errors = true;
    let mut service = Service::new(settings);
    service.handle(&read(), noon());
    let refused = service.handle(&read(), noon());
    assert_eq!((refused.status, refused.body), (429, idbridge_scim::protocol::Body::Empty));
    let request = Request::delete(ResourceType::User, common::unknown());
    assert!(service.handle(&request, noon()).detail().is_some());
}
