//! The published rates: a bucket of writes and a bucket of reads (user guide, quotas).
//!
//! AWS says "transactions per second" and not how it counts them. A token bucket that holds one second's worth is the usual meaning: what was
//! not used within a second is lost, and a refused request costs nothing.

use std::time::SystemTime;

use idbridge_scim::Rates;

/// Two buckets, each filled at its rate and holding one second's worth.
#[derive(Debug, Clone)]
pub(crate) struct Throttle {
    writes: Bucket,
    reads: Bucket,
}

impl Throttle {
    /// Two full buckets.
    pub(crate) fn new(rates: Rates) -> Self {
        Self { writes: Bucket::new(rates.writes), reads: Bucket::new(rates.reads) }
    }

    /// Whether one more request fits at `now`; if so, it is counted. All clients share the buckets, as they do at AWS.
    pub(crate) fn admits(&mut self, is_write: bool, now: SystemTime) -> bool {
        let bucket = if is_write { &mut self.writes } else { &mut self.reads };
        bucket.take(now)
    }
}

#[derive(Debug, Clone)]
struct Bucket {
    rate: f64,
    held: f64,
    filled: Option<SystemTime>,
}

impl Bucket {
    fn new(rate: f64) -> Self {
        // A rate below one a second must still hold one whole request.
        Self { rate, held: rate.max(1.0), filled: None }
    }

    fn take(&mut self, now: SystemTime) -> bool {
        // A clock that was set back fills nothing and takes nothing away.
        let elapsed = self.filled.and_then(|filled| now.duration_since(filled).ok()).unwrap_or_default();
        self.held = (self.held + elapsed.as_secs_f64() * self.rate).min(self.rate.max(1.0));
        self.filled = Some(self.filled.map_or(now, |filled| filled.max(now)));
        // Sums of fractions fall short of the whole by less than this.
        let fits = self.held >= 1.0 - 1e-9;
        if fits {
            self.held = (self.held - 1.0).max(0.0);
        }
        fits
    }
}
