//! What a machine asks of whoever owns the connection.
//!
//! Both machines speak the same five steps, so one loop drives both, over HTTP or over a service in the same process. The loop decides nothing: what
//! is sent, when, and how often is all said by the machine.

use std::time::SystemTime;

use idbridge_scim::protocol::Request;

use crate::exchange::{Delivery, DeliveryId};
use crate::state::{Quarantine, Record};

/// What to do next.
///
/// | step | what to do | then |
/// | --- | --- | --- |
/// | `Store` | commit all of the records, in their order | ask again at once |
/// | `Send` | send the request, and tell its outcome when it is there | ask again at once, for the next may go out meanwhile |
/// | `Wait` | wait until the time, or until an outcome is there | tell the outcome, if one came, and ask again |
/// | `Blocked` | wait until an outcome is there | tell it, and ask again |
/// | `Done` | stop asking | read what came of it |
///
/// # Examples
///
/// A driver with one request at a time, over the emulated service:
///
/// ```
/// use idbridge_emulator::{Service, Settings};
/// use idbridge_planner::{Delivery, Machine, Step};
/// use std::{collections::BTreeMap, time::SystemTime};
///
/// fn drive(machine: &mut dyn Machine, service: &mut Service, store: &mut BTreeMap<String, Vec<u8>>, mut now: SystemTime) {
///     loop {
///         match machine.next_step(now) {
///             Step::Store(records) => records.iter().for_each(|record| match record.value() {
///                 Some(value) => drop(store.insert(record.key().to_owned(), value.to_vec())),
///                 None => drop(store.remove(record.key())),
///             }),
///             Step::Send { id, request } => {
///                 let reply = service.handle(&request, now);
///                 machine.handle_delivery(id, Delivery::Answered(reply), now);
///             }
///             Step::Wait { until } => now = until,
///             Step::Blocked => unreachable!("every request was answered at once"),
///             Step::Done => return,
///         }
///     }
/// }
/// # use idbridge_planner::{Coverage, Desired, Discovery, GroupManagement, LastSent, Policy, State};
/// # let policy = Policy::new(&idbridge_scim::Profile::aws_iam_identity_center(), GroupManagement::On);
/// # let desired = Desired::new(Coverage::Complete);
/// # let mut discovery = Discovery::new(&desired, State::default(), LastSent::default(), &policy, 0);
/// # drive(&mut discovery, &mut Service::new(Settings::default()), &mut BTreeMap::new(), SystemTime::UNIX_EPOCH);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "whoever drives must act on each")]
pub enum Step {
    /// Write these records, all together and durably, before the next step is asked for.
    ///
    /// The first of them may say what must be there already ([`Record::expected`]): where it is not, another run has begun over the same state, and
    /// none of them may be written.
    ///
    /// Among them are the intents of the writes that come next. If the process ends behind a request whose intent was not stored, nobody knows of
    /// that request any more, and it may be made a second time. Where storing fails, drop the machine and send nothing more.
    Store(Vec<Record>),
    /// Send this request, once, and tell its outcome under this name; more requests may go out meanwhile. Do not repeat it or follow a redirect:
    /// repetitions are the machine's, which knows what must be looked up before.
    Send {
        /// The name of the request.
        id: DeliveryId,
        /// The request.
        request: Request,
    },
    /// Nothing to do before this time, or before an outcome is told: the pace of the service, or the pause behind a failure.
    Wait {
        /// The time.
        until: SystemTime,
    },
    /// Nothing to do before an outcome is told: as many requests are under way as may be, or what comes next depends on them.
    Blocked,
    /// It is over. Asked again, a machine says it again.
    Done,
}

/// Something that asks for requests and is fed with their outcomes: a [`Discovery`](crate::Discovery) or a [`Run`](crate::Run).
///
/// It does no IO and reads no clock, so a loop of a few lines drives it over any connection, and a test over a service in the same process.
/// `now` must not go backwards. What is told in another order than it was sent is taken as it comes, because every request has a name of its own.
pub trait Machine {
    /// Says what to do next. It may be asked at any time; a step is handed out once, so what is not carried out is lost.
    fn next_step(&mut self, now: SystemTime) -> Step;

    /// Takes the outcome of a request. One that is told twice, or under a name that was never handed out, is ignored.
    ///
    /// Every request must get one, even if nothing is known of it: without it, the place of the request stays taken, and the machine waits.
    fn handle_delivery(&mut self, id: DeliveryId, delivery: Delivery, now: SystemTime);
}

/// Why a machine stopped before its end.
///
/// Nothing is taken away because of it (IM-11). What was under way is known by its intents, and the next run over the same state goes on from there.
///
/// | reason | a discovery | a run | what to do |
/// | --- | --- | --- | --- |
/// | `Unauthorized` | 401, or 403 to the first look behind a 401 | 401 | set a new token |
/// | `Unreachable` | no connection, 6 times in a row over 6 s; or nothing but 5xx and lost answers, 20 times in a row over 20 s | the same | try later |
/// | `Unreadable` | a list is refused, stays unreadable or repeats its pages | never | see the reason |
/// | `Quarantined` | begun before the pause behind one of the last two is over | the same | wait, or [`Policy::ignores_quarantine`](crate::Policy) |
///
/// # Examples
///
/// ```
/// let stopped = idbridge_planner::Stopped::Unreachable { reason: "connection refused".to_owned() };
/// assert_eq!(stopped.to_string(), "the service cannot be reached: connection refused");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Stopped {
    /// The service refused the token; no request was started after that (E-13). It is remembered, so that the next discovery asks once whether the
    /// token is taken before it does anything else.
    #[error("the service refused the token (401); a new token over the same state goes on from here")]
    Unauthorized,
    /// The service does not answer, or only with 5xx. The time is counted from the last answer, of any status or below 500, or from the first request.
    #[error("the service cannot be reached: {reason}")]
    Unreachable {
        /// The last failure.
        reason: String,
    },
    /// What is there could not be read, so nothing can be planned: to plan over half a list would create what is on the other half.
    #[error("what is at the service could not be read: {reason}")]
    Unreadable {
        /// What was asked, and what the service answered.
        reason: String,
    },
    /// The service failed as a whole before, and is left alone for a while; nothing was sent.
    #[error("the service failed {} and is left alone for a while: {reason}", in_a_row(*failures))]
    Quarantined {
        /// When it may be asked again.
        until: SystemTime,
        /// How often in a row it failed.
        failures: u32,
        /// How it failed last.
        reason: String,
    },
}

impl Stopped {
    /// A machine that may not ask, by this quarantine.
    pub(crate) fn quarantined(quarantine: &Quarantine) -> Self {
        Self::Quarantined { until: quarantine.until(), failures: quarantine.failures, reason: quarantine.reason.clone() }
    }

    /// How the service failed as a whole, if it did. A refused token is no failure of the service.
    pub(crate) fn failure(&self) -> Option<&str> {
        match self {
            Self::Unreachable { reason } | Self::Unreadable { reason } => Some(reason),
            Self::Unauthorized | Self::Quarantined { .. } => None,
        }
    }
}

fn in_a_row(failures: u32) -> String {
    match failures {
        1 => "as a whole".to_owned(),
        failures => format!("as a whole {failures} times in a row"),
    }
}
