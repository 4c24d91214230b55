//! Requests on their way: which goes next, when, and what an outcome means for it.
//!
//! | outcome | a read | a write |
//! | --- | --- | --- |
//! | answered 2xx, 3xx or 4xx, those below aside | handed on | handed on |
//! | answered 401 | handed on as refused token | the same |
//! | answered 429 | again, later, and slower from now on | the same: it had no effect |
//! | answered 5xx | again, later | handed on as unknown |
//! | not sent | again, later | the same: it had no effect |
//! | lost | again, later | handed on as unknown |
//!
//! What is "again" is decided here and costs the owner of the request nothing; what is "unknown" is not, because only the owner knows how to look.

mod pace;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use idbridge_scim::protocol::{Body, Reply, Request};

use crate::exchange::pace::Pace;
use crate::policy::Policy;

/// The name of a request that was handed out; its outcome is told under it.
///
/// It is of one machine, and of one sending: a request that goes out again has another. Later requests have greater ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeliveryId(u64);

/// What became of a request.
///
/// The caller need not be clever here, only honest: where it is not certain that a request was not sent, it is [`Unknown`](Self::Unknown). That costs
/// one read; the other error costs a second user.
///
/// | what the caller saw | delivery |
/// | --- | --- |
/// | a status and a whole body | `Answered` |
/// | a status, and a body that is cut or is no SCIM | `Answered`, with a body that is [`Unreadable`](idbridge_scim::protocol::Body::Unreadable) |
/// | no name found, connection refused, TLS failed | `NotSent` |
/// | timeout behind the first byte sent, connection reset, closed without a status | `Unknown` |
///
/// # Examples
///
/// ```
/// use idbridge_planner::Delivery;
/// use std::io::{Error, ErrorKind};
///
/// fn failed(error: &Error) -> Delivery {
///     let reason = error.to_string();
///     match error.kind() {
///         ErrorKind::ConnectionRefused => Delivery::NotSent { reason },
///         _ => Delivery::Unknown { reason },
///     }
/// }
/// assert!(matches!(failed(&ErrorKind::TimedOut.into()), Delivery::Unknown { .. }));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "the three things that can become of a request; the caller must tell which")]
pub enum Delivery {
    /// The service answered, whatever the status. Of a reply, status, body, `Retry-After` and the request's name at the service are looked at.
    Answered(Reply),
    /// The request never left: no connection could be made. Nothing can have happened at the service, so a write goes out again as it is.
    NotSent {
        /// Why, for people.
        reason: String,
    },
    /// The request may have arrived, and no status came back. Something may have happened at the service, so a write is looked up (UL-03).
    Unknown {
        /// Why, for people.
        reason: String,
    },
}

impl Delivery {
    /// Whether the service is well by it: it did what was asked, and said so readably.
    pub(crate) fn is_well(&self) -> bool {
        matches!(self, Self::Answered(reply) if reply.is_success() && !matches!(reply.body, Body::Unreadable { .. }))
    }
}

/// What to do next.
pub(crate) enum Next<'a> {
    Send(DeliveryId, &'a Request),
    Wait(SystemTime),
    Blocked,
    Idle,
}

/// What an outcome means.
pub(crate) enum Settled<T> {
    /// The service answered, and the answer is final.
    Answered(T, Reply),
    /// A write may or may not have taken effect: look before sending it again.
    Unknown(T, String),
    /// Every attempt failed without any effect.
    Exhausted(T, String),
    /// It goes out again by itself.
    Again,
    /// The service refused the token.
    Unauthorized(T),
    /// Nobody knows this delivery; it was told twice.
    Stray,
}

/// How many requests in a row, and over what time, must stay without any answer for the endpoint to count as unreachable. Both, because eight
/// requests that are under way together fail together, and because a service that is being restarted is away for some seconds.
const UNANSWERED: u32 = 6;
const SILENCE: Duration = Duration::from_secs(6);
/// The same where connections are made and then lost, or answered 5xx, which happens in bursts: behind the last answer of another status. A run that
/// went on would ask in vain for each of its objects, as often as it may.
const FAILED: u32 = 20;
const FAILING: Duration = Duration::from_secs(20);

/// Requests on their way, each with a tag that says what it is for.
///
/// They go out in the order in which they are due, and of those in the order in which they were lined up; writes and reads have a pace each, so that
/// a look-up need not wait behind a thousand writes.
#[derive(Debug)]
pub(crate) struct Exchange<T> {
    queue: BTreeMap<(SystemTime, u64), Pending<T>>,
    writes: BTreeSet<(SystemTime, u64)>,
    reads: BTreeSet<(SystemTime, u64)>,
    in_flight: BTreeMap<DeliveryId, Pending<T>>,
    next: u64,
    pace: Pace,
    most_in_flight: usize,
    attempts: u32,
    /// Requests in a row without any answer, and of these, how many may have arrived.
    unanswered: u32,
    lost: u32,
    last_answer: Option<SystemTime>,
    /// Requests in a row without an answer below 500.
    failed: u32,
    last_whole: Option<SystemTime>,
    last_failure: String,
    is_stopped: bool,
    dice: Dice,
}

#[derive(Debug)]
struct Pending<T> {
    tag: T,
    request: Request,
    attempt: u32,
}

impl<T> Exchange<T> {
    pub(crate) fn new(policy: &Policy, seed: u64) -> Self {
        Self {
            queue: BTreeMap::new(),
            writes: BTreeSet::new(),
            reads: BTreeSet::new(),
            in_flight: BTreeMap::new(),
            next: 0,
            pace: Pace::new(policy.rates, policy.burst),
            most_in_flight: policy.in_flight.max(1),
            attempts: policy.attempts.max(1),
            unanswered: 0,
            lost: 0,
            last_answer: None,
            failed: 0,
            last_whole: None,
            last_failure: String::new(),
            is_stopped: false,
            dice: Dice(seed),
        }
    }

    /// Lines a request up, unless none starts any more.
    pub(crate) fn push(&mut self, tag: T, request: Request, not_before: SystemTime) {
        if self.is_stopped {
            return;
        }
        self.enqueue(Pending { tag, request, attempt: 1 }, not_before);
    }

    /// Puts a request in its line. A repetition comes behind what was lined up for the same time, so that one failure does not hold up the rest.
    fn enqueue(&mut self, pending: Pending<T>, not_before: SystemTime) {
        self.next += 1;
        let place = (not_before, self.next);
        let line = if pending.request.is_write() { &mut self.writes } else { &mut self.reads };
        line.insert(place);
        self.queue.insert(place, pending);
    }

    /// No request starts any more. What is under way is still settled, because its outcome is worth remembering.
    pub(crate) fn stop(&mut self) {
        self.is_stopped = true;
        self.queue.clear();
        self.writes.clear();
        self.reads.clear();
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.is_stopped
    }

    /// Why the endpoint counts as unreachable, if it does.
    pub(crate) fn unreachable(&self, now: SystemTime) -> Option<&str> {
        let since = |time: SystemTime| now.duration_since(time).unwrap_or_default();
        let never_connected = self.lost == 0 && self.unanswered >= UNANSWERED && since(self.last_answer?) >= SILENCE;
        let always_failed = self.failed >= FAILED && since(self.last_whole?) >= FAILING;
        (never_connected || always_failed).then_some(self.last_failure.as_str())
    }

    /// Whether more requests are lined up than can be of use for now: `most` in all, and enough of them due to keep the wire and the intents ahead
    /// of it busy. Those that wait for their time to try again do not keep others from going meanwhile.
    pub(crate) fn is_full(&self, most: usize, enough: usize, now: SystemTime) -> bool {
        self.queue.len() >= most && self.queue.keys().nth(enough).is_some_and(|(at, _)| *at <= now)
    }

    /// The writes that are lined up, soonest first; their effects can be intended all at once, in one commit of the store.
    pub(crate) fn upcoming(&self) -> impl Iterator<Item = &T> {
        self.writes.iter().filter_map(|place| self.queue.get(place)).map(|pending| &pending.tag)
    }

    /// The request that would go next at `now`, without sending it.
    fn choose(&self, now: SystemTime) -> Result<(SystemTime, u64), Option<SystemTime>> {
        let write = self.writes.first().map(|place| (self.pace.write_at(place.0), *place));
        let read = self.reads.first().map(|place| (self.pace.read_at(place.0), *place));
        match [write, read].into_iter().flatten().min() {
            Some((at, place)) if at <= now => Ok(place),
            Some((at, _)) => Err(Some(at)),
            None => Err(None),
        }
    }

    /// The tag of the request that [`next`](Self::next) would hand out at `now`.
    pub(crate) fn peek(&self, now: SystemTime) -> Option<&T> {
        if self.in_flight.len() >= self.most_in_flight {
            return None;
        }
        self.choose(now).ok().and_then(|place| self.queue.get(&place)).map(|pending| &pending.tag)
    }

    /// Hands the next request out, if one may go by `now`.
    pub(crate) fn next(&mut self, now: SystemTime) -> Next<'_> {
        // Silence is counted from the first request.
        self.last_answer.get_or_insert(now);
        self.last_whole.get_or_insert(now);
        if self.in_flight.len() >= self.most_in_flight {
            return Next::Blocked;
        }
        match self.choose(now) {
            Ok(place) => {
                let Some(pending) = self.queue.remove(&place) else {
                    return Next::Idle;
                };
                if pending.request.is_write() {
                    self.writes.remove(&place);
                    self.pace.wrote(now);
                } else {
                    self.reads.remove(&place);
                    self.pace.read(now);
                }
                self.next += 1;
                let id = DeliveryId(self.next);
                let pending = self.in_flight.entry(id).or_insert(pending);
                Next::Send(id, &pending.request)
            }
            Err(_) if self.queue.is_empty() && self.in_flight.is_empty() => Next::Idle,
            Err(Some(at)) => Next::Wait(at),
            Err(None) => Next::Blocked,
        }
    }

    /// Takes an outcome and says what it means. An answer of any status ends the silence after which the endpoint counts as unreachable, and one below
    /// 500 shows that it is not all that fails.
    pub(crate) fn settle(&mut self, id: DeliveryId, delivery: Delivery, now: SystemTime) -> Settled<T> {
        let Some(pending) = self.in_flight.remove(&id) else {
            return Settled::Stray;
        };
        let is_write = pending.request.is_write();
        match &delivery {
            Delivery::Answered(reply) if reply.status < 500 => {
                self.failed = 0;
                self.last_whole = Some(now);
            }
            _ => self.failed += 1,
        }
        match delivery {
            Delivery::Answered(reply) => {
                (self.unanswered, self.lost) = (0, 0);
                self.last_answer = Some(now);
                match reply.status {
                    401 => Settled::Unauthorized(pending.tag),
                    429 => {
                        self.pace.throttled(is_write, now);
                        let reason = described("the service asked to slow down", &reply);
                        self.again(pending, reason, reply.retry_after, now)
                    }
                    500.. => {
                        let reason = described("the service failed", &reply);
                        self.last_failure.clone_from(&reason);
                        if is_write { Settled::Unknown(pending.tag, reason) } else { self.again(pending, reason, reply.retry_after, now) }
                    }
                    _ => {
                        self.pace.answered(is_write);
                        Settled::Answered(pending.tag, reply)
                    }
                }
            }
            Delivery::NotSent { reason } => {
                self.unanswered += 1;
                self.last_failure.clone_from(&reason);
                self.again(pending, reason, None, now)
            }
            Delivery::Unknown { reason } => {
                self.unanswered += 1;
                self.lost += 1;
                self.last_failure.clone_from(&reason);
                if is_write { Settled::Unknown(pending.tag, reason) } else { self.again(pending, reason, None, now) }
            }
        }
    }

    /// Lines a request up again, later; the service's own word for when counts more than ours, within bounds (E-12).
    fn again(&mut self, pending: Pending<T>, reason: String, retry_after: Option<Duration>, now: SystemTime) -> Settled<T> {
        if self.is_stopped || pending.attempt >= self.attempts {
            return Settled::Exhausted(pending.tag, reason);
        }
        let delay = retry_after.map_or_else(|| self.backoff(pending.attempt), |delay| delay.clamp(SHORTEST, LONGEST_ASKED));
        self.enqueue(Pending { attempt: pending.attempt + 1, ..pending }, now + delay);
        Settled::Again
    }

    /// How long to wait behind the `attempt`th failure: twice as long each time, with jitter, between 100 ms and 5 s.
    pub(crate) fn backoff(&mut self, attempt: u32) -> Duration {
        let steps = attempt.saturating_sub(1).min(7);
        let whole = FIRST.saturating_mul(1 << steps).min(LONGEST);
        // Between half and the whole, so that clients that failed together do not come back together.
        let share = self.dice.roll() % 1000;
        let jitter = whole.mul_f64(0.5) * u32::try_from(share).unwrap_or_default() / 1000;
        (whole / 2 + jitter).max(SHORTEST)
    }
}

/// The pause behind the first failure, before jitter.
const FIRST: Duration = Duration::from_millis(240);
/// E-12: "The first retry after a 429 comes no sooner than 100 ms."
const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(5);
/// The longest that a service may ask for; a `Retry-After` of a day would end the run without ending it.
const LONGEST_ASKED: Duration = Duration::from_secs(120);

/// What a failing answer says, for people.
pub(crate) fn described(what: &str, reply: &Reply) -> String {
    let request = reply.request_id.as_deref().map(|id| format!(", request {id}")).unwrap_or_default();
    match reply.detail() {
        Some(detail) => format!("{what} ({}: {detail}{request})", reply.status),
        None => format!("{what} ({}{request})", reply.status),
    }
}

/// Random numbers from a seed that the caller gives (`SplitMix64`).
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
