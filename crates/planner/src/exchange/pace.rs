//! How fast requests go out.
//!
//! Two token buckets, for writes and for reads, each filled at its rate and as deep as the policy says. By default it holds one token, and then
//! requests go out evenly: a bucket that may be emptied at once is emptied by each of several clients at the same moment, and then all of them are
//! throttled. AWS counts the requests of all clients of a tenant together.
//!
//! A bucket is one time: that at which it is full again. It may be as far ahead as the tokens that were taken out, so a request may go once the time
//! is no further ahead than all tokens but one.

use std::time::{Duration, SystemTime};

use idbridge_scim::Rates;

/// The share of a published rate that is used: a service counts arrivals, and the network moves them together.
const MARGIN: f64 = 1.02;
/// How much longer the pause becomes when the service throttles, and how fast it comes back.
const SLOWER: f64 = 1.5;
const FASTER: f64 = 0.97;
const SLOWEST: f64 = 16.0;

/// A bucket of writes and a bucket of reads, filled more slowly while the service throttles.
#[derive(Debug)]
pub(super) struct Pace {
    writes: Bucket,
    reads: Bucket,
}

#[derive(Debug)]
struct Bucket {
    /// The time in which one token is filled in.
    pause: Duration,
    factor: f64,
    /// The tokens that may be taken out at once, but for one.
    saved: u32,
    /// When it is full again; it is full before the first request.
    full: Option<SystemTime>,
}

impl Bucket {
    /// A rate next to nothing makes a pause of an hour, not one without an end.
    fn new(rate: f64, burst: u32) -> Self {
        let pause = Duration::from_secs_f64((MARGIN / rate).min(3600.0));
        Self { pause, factor: 1.0, saved: burst.saturating_sub(1), full: None }
    }

    /// The time between two requests at the present rate.
    fn pause(&self) -> Duration {
        self.pause.mul_f64(self.factor)
    }

    /// How far ahead the bucket's time is when one token is left.
    fn depth(&self) -> Duration {
        self.pause().saturating_mul(self.saved)
    }

    /// When something that is ready then may go.
    fn at(&self, ready: SystemTime) -> SystemTime {
        let next = self.full.and_then(|full| full.checked_sub(self.depth()));
        next.map_or(ready, |next| next.max(ready))
    }

    /// Time that passed unused fills the bucket, and no more than that.
    fn sent(&mut self, now: SystemTime) {
        self.full = self.full.map_or(now, |full| full.max(now)).checked_add(self.pause());
    }

    /// Down in large steps and up in small ones, so that clients who share a rate find their shares of it. What was saved up is gone: the service
    /// has counted it.
    fn throttled(&mut self, now: SystemTime) {
        self.factor = (self.factor * SLOWER).min(SLOWEST);
        let emptied = now.checked_add(self.depth());
        self.full = self.full.max(emptied);
    }

    /// A little faster with each answer that is none of throttling.
    fn answered(&mut self) {
        self.factor = (self.factor * FASTER).max(1.0);
    }
}

impl Pace {
    /// A bucket for writes and one for reads, because a service counts them apart.
    pub(super) fn new(rates: Rates, burst: u32) -> Self {
        Self { writes: Bucket::new(rates.writes, burst), reads: Bucket::new(rates.reads, burst) }
    }

    /// Writes and reads have a bucket each.
    fn bucket(&mut self, is_write: bool) -> &mut Bucket {
        if is_write { &mut self.writes } else { &mut self.reads }
    }

    /// When a write that is ready then may go.
    pub(super) fn write_at(&self, ready: SystemTime) -> SystemTime {
        self.writes.at(ready)
    }

    /// When a read that is ready then may go.
    pub(super) fn read_at(&self, ready: SystemTime) -> SystemTime {
        self.reads.at(ready)
    }

    /// A write went out.
    pub(super) fn wrote(&mut self, now: SystemTime) {
        self.writes.sent(now);
    }

    /// A read went out.
    pub(super) fn read(&mut self, now: SystemTime) {
        self.reads.sent(now);
    }

    /// The service asked to slow down.
    pub(super) fn throttled(&mut self, is_write: bool, now: SystemTime) {
        self.bucket(is_write).throttled(now);
    }

    /// The service answered, and did not ask to slow down.
    pub(super) fn answered(&mut self, is_write: bool) {
        self.bucket(is_write).answered();
    }
}
