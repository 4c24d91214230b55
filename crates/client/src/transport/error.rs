//! Why there is no answer.

/// Whether a request that was not answered can have arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "it decides whether a write may be sent again; the caller must tell both")]
pub enum Sent {
    /// It did not leave, or not whole: nothing can have happened at the service, and it may be sent again.
    No,
    /// It may have arrived: look before a write is sent again.
    Maybe,
}

/// Why a [`Transport`](crate::Transport) has no answer.
///
/// # Examples
///
/// ```
/// use idbridge_client::{Sent, TransportError};
///
/// let error = TransportError::maybe_sent("the connection was closed");
/// assert_eq!(error.was_sent(), Sent::Maybe);
/// assert_eq!(error.to_string(), "no answer: the connection was closed");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {reason}", if *was_sent == Sent::No { "not sent" } else { "no answer" })]
pub struct TransportError {
    was_sent: Sent,
    reason: String,
}

impl TransportError {
    /// The request cannot have arrived. `reason` is for people, and holds no secret.
    #[must_use]
    pub fn not_sent(reason: impl Into<String>) -> Self {
        Self { was_sent: Sent::No, reason: reason.into() }
    }

    /// The request may have arrived, and there is no whole answer. `reason` is for people, and holds no secret.
    #[must_use]
    pub fn maybe_sent(reason: impl Into<String>) -> Self {
        Self { was_sent: Sent::Maybe, reason: reason.into() }
    }

    /// Whether the request can have arrived.
    #[must_use]
    pub fn was_sent(&self) -> Sent {
        self.was_sent
    }

    /// What went wrong, for people.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}
