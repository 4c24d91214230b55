//! How fast requests go out.
//!
//! Evenly, not in bursts: a bucket that may be emptied at once is emptied by each of several clients at the same moment, and then all of them are
//! throttled. AWS counts the requests of all clients of a tenant together.

use std::time::{Duration, SystemTime};

use idbridge_scim::Rates;

/// The share of a published rate that is used: a service counts arrivals, and the network moves them together.
const MARGIN: f64 = 1.02;
/// How much longer the pause becomes when the service throttles, and how fast it comes back.
const SLOWER: f64 = 1.5;
const FASTER: f64 = 0.97;
const SLOWEST: f64 = 16.0;

/// Evenly spaced requests, writes and reads apart, slowed while the service throttles.
#[derive(Debug)]
pub(super) struct Pace {
    writes: Line,
    reads: Line,
}

#[derive(Debug)]
struct Line {
    pause: Duration,
    factor: f64,
    next: Option<SystemTime>,
}

impl Line {
    /// A rate next to nothing makes a pause of an hour, not one without an end.
    fn new(rate: f64) -> Self {
        Self { pause: Duration::from_secs_f64((MARGIN / rate).min(3600.0)), factor: 1.0, next: None }
    }

    /// When something that is ready then may go.
    fn at(&self, ready: SystemTime) -> SystemTime {
        self.next.map_or(ready, |next| next.max(ready))
    }

    /// Time that passed unused is not saved up: the pause begins with each request.
    fn sent(&mut self, now: SystemTime) {
        self.next = now.checked_add(self.pause.mul_f64(self.factor));
    }

    /// Down in large steps and up in small ones, so that clients who share a rate find their shares of it.
    fn throttled(&mut self) {
        self.factor = (self.factor * SLOWER).min(SLOWEST);
    }

    fn answered(&mut self) {
        self.factor = (self.factor * FASTER).max(1.0);
    }
}

impl Pace {
    pub(super) fn new(rates: Rates) -> Self {
        Self { writes: Line::new(rates.writes), reads: Line::new(rates.reads) }
    }

    fn line(&mut self, is_write: bool) -> &mut Line {
        if is_write { &mut self.writes } else { &mut self.reads }
    }

    pub(super) fn write_at(&self, ready: SystemTime) -> SystemTime {
        self.writes.at(ready)
    }

    pub(super) fn read_at(&self, ready: SystemTime) -> SystemTime {
        self.reads.at(ready)
    }

    pub(super) fn wrote(&mut self, now: SystemTime) {
        self.writes.sent(now);
    }

    pub(super) fn read(&mut self, now: SystemTime) {
        self.reads.sent(now);
    }

    pub(super) fn throttled(&mut self, is_write: bool) {
        self.line(is_write).throttled();
    }

    pub(super) fn answered(&mut self, is_write: bool) {
        self.line(is_write).answered();
    }
}
