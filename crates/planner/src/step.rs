//! What a machine asks of whoever owns the connection.

use std::time::SystemTime;

use idbridge_scim::protocol::Request;

use crate::exchange::{Delivery, DeliveryId};
use crate::state::Record;

/// What to do next.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "whoever drives must act on each")]
pub enum Step {
    /// Write these records, all together and durably, before the next step is asked for.
    Store(Vec<Record>),
    /// Send this request and tell its outcome under this name; more requests may go out meanwhile.
    Send {
        /// The name of the request.
        id: DeliveryId,
        /// The request.
        request: Request,
    },
    /// Nothing to do before this time, or before an outcome is told.
    Wait {
        /// The time.
        until: SystemTime,
    },
    /// Nothing to do before an outcome is told.
    Blocked,
    /// It is over.
    Done,
}

/// Something that asks for requests and is fed with their outcomes: a [`Discovery`](crate::Discovery) or a [`Run`](crate::Run).
///
/// It does no IO and reads no clock, so a loop of a few lines drives it over any connection, and a test over a service in the same process.
/// `now` must not go backwards.
pub trait Machine {
    /// Says what to do next.
    fn next_step(&mut self, now: SystemTime) -> Step;

    /// Takes the outcome of a request. One that is told twice is ignored.
    fn handle_delivery(&mut self, id: DeliveryId, delivery: Delivery, now: SystemTime);
}

/// Why a machine stopped before its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Stopped {
    /// The service refused the token; no request was started after that.
    #[error("the service refused the token (401); a new token over the same state goes on from here")]
    Unauthorized,
    /// The service does not answer.
    #[error("the service cannot be reached: {reason}")]
    Unreachable {
        /// The last failure.
        reason: String,
    },
    /// What is there could not be read, so nothing can be planned.
    #[error("what is at the service could not be read: {reason}")]
    Unreadable {
        /// What was asked, and what the service answered.
        reason: String,
    },
}
