//! What goes wrong on purpose.
//!
//! A client must converge whatever becomes of its requests. The cases that matter are told apart by what it sees (a status, half a body, nothing,
//! nothing in time) and by what really happened (the effect, or none), and a test may ask for every pair of them.

use std::collections::VecDeque;
use std::time::Duration;

use crate::generator::Generator;

/// One fault, applied to one request.
///
/// | what the client sees | no effect | effect |
/// | --- | --- | --- |
/// | 429 | [`Throttled`](Self::Throttled) | |
/// | 5xx | [`Failed`](Self::Failed) | [`Failed`](Self::Failed) |
/// | a connection that closes | [`Dropped`](Self::Dropped) | [`Dropped`](Self::Dropped) |
/// | half a body | | [`Truncated`](Self::Truncated) |
/// | the answer, or its own time-out | | [`Delayed`](Self::Delayed) |
///
/// A request that is refused has no effect under any of them, and its refusal is what is lost, cut or late.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// 429 before any effect.
    Throttled {
        /// The `Retry-After`, in whole seconds on the wire.
        retry_after: Option<Duration>,
    },
    /// A failure of the service: 500, or any other status of 500 and above.
    Failed {
        /// The status.
        status: u16,
        /// Whether the request has its effect before it is said to have failed.
        applied: bool,
    },
    /// The connection closes without an answer.
    Dropped {
        /// Whether the request has its effect first.
        applied: bool,
    },
    /// The request has its effect, the status comes, and the body is cut in the middle. Where there is no body, nothing comes at all.
    Truncated,
    /// The request has its effect, and the answer comes this much later.
    Delayed(Duration),
}

/// Where faults come from: a script, a seed, or nowhere.
///
/// Every request takes one draw, whether or not it gets a fault; [`once`](Self::once) waits for an operation.
///
/// # Examples
///
/// ```
/// use idbridge_emulator::{Fault, Faults};
///
/// // The second request loses its answer, and so does the first CreateUser behind it.
/// let lost = Fault::Dropped { applied: true };
/// let faults = Faults::script([None, Some(lost.clone())]).once("CreateUser", lost);
/// // One request in ten fails before its effect, twenty times at most, always the same ones.
/// let storm = Faults::seeded(7, 10, vec![Fault::Failed { status: 500, applied: false }]).at_most(20);
/// # drop((faults, storm));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// One a request, in order.
    script: VecDeque<Option<Fault>>,
    /// By operation, in the order in which they were asked for.
    awaited: Vec<(&'static str, Fault)>,
    seeded: Option<Seeded>,
    /// How many more there may be; without end if none.
    left: Option<usize>,
}

/// A source that never ends.
#[derive(Debug, Clone)]
struct Seeded {
    generator: Generator,
    /// One request in so many has a fault.
    one_in: u64,
    /// The faults to choose from, each as likely as another.
    kinds: Vec<Fault>,
}

impl Faults {
    /// Nothing goes wrong; with [`once`](Self::once) behind it, the beginning of a list of what does.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The first request gets the first of `faults`, the second the second, and so on; afterwards nothing goes wrong.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::UNIX_EPOCH;
    ///
    /// use idbridge_emulator::{Fault, Faults, Service, Settings};
    /// use idbridge_scim::protocol::Request;
    ///
    /// let mut service = Service::new(Settings::default());
    /// service.set_faults(Faults::script([None, Some(Fault::Throttled { retry_after: None })]));
    /// let mut status = || service.deliver(&Request::ServiceProviderConfig, UNIX_EPOCH).reply().map(|reply| reply.status);
    /// assert_eq!([status(), status(), status()], [Some(200), Some(429), Some(200)]);
    /// ```
    #[must_use]
    pub fn script(faults: impl IntoIterator<Item = Option<Fault>>) -> Self {
        Self { script: faults.into_iter().collect(), ..Self::default() }
    }

    /// About one request in `one_in` gets one of `kinds`, which and which one following from `seed`. With 1 every request gets one; with 0 or
    /// without kinds, none does.
    #[must_use]
    pub fn seeded(seed: u64, one_in: u64, kinds: Vec<Fault>) -> Self {
        let generator = Generator::new(seed, 2);
        Self { seeded: Some(Seeded { generator, one_in, kinds }), ..Self::default() }
    }

    /// Besides, the next request of `operation` (AWS's name, such as `CreateUser`) that gets no fault from the script gets `fault`.
    #[must_use]
    pub fn once(mut self, operation: &'static str, fault: Fault) -> Self {
        self.awaited.push((operation, fault));
        self
    }

    /// After `most` faults nothing goes wrong any more.
    #[must_use]
    pub fn at_most(mut self, most: usize) -> Self {
        self.left = Some(most);
        self
    }

    /// The fault of the next request: the script's, else one that waited for its operation, else the seed's.
    pub(crate) fn draw(&mut self, operation: Option<&str>) -> Option<Fault> {
        if self.left == Some(0) {
            return None;
        }
        let scripted = self.script.pop_front().flatten();
        let fault = scripted.or_else(|| self.take_awaited(operation)).or_else(|| self.seeded.as_mut()?.draw());
        if let (Some(left), Some(_)) = (&mut self.left, &fault) {
            *left -= 1;
        }
        fault
    }

    /// The first fault that waits for `operation`, which then waits no longer.
    fn take_awaited(&mut self, operation: Option<&str>) -> Option<Fault> {
        let index = self.awaited.iter().position(|(awaited, _)| Some(*awaited) == operation)?;
        Some(self.awaited.remove(index).1)
    }
}

impl Seeded {
    fn draw(&mut self) -> Option<Fault> {
        // Both numbers are drawn for every request, so that one more kind does not move the faults to other requests.
        let (chance, choice) = (self.generator.next(), self.generator.next());
        if chance.checked_rem(self.one_in)? != 0 {
            return None;
        }
        let kinds = u64::try_from(self.kinds.len()).ok()?;
        let index = usize::try_from(choice.checked_rem(kinds)?).ok()?;
        self.kinds.get(index).cloned()
    }
}

/// What a client sees of a request when things may go wrong.
///
/// # Examples
///
/// ```
/// use std::time::UNIX_EPOCH;
///
/// use idbridge_emulator::{Fault, Faults, Outcome, Service, Settings};
/// use idbridge_scim::protocol::Request;
///
/// let mut service = Service::new(Settings::default());
/// service.set_faults(Faults::script([Some(Fault::Dropped { applied: false })]));
/// let outcome = service.deliver(&Request::ServiceProviderConfig, UNIX_EPOCH);
/// assert_eq!(outcome, Outcome::Lost { applied: false });
/// ```
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a caller must act on each of them")]
pub enum Outcome<T> {
    /// The whole answer.
    Replied(T),
    /// The whole answer, late.
    Late {
        /// The answer.
        reply: T,
        /// How much later it comes.
        after: Duration,
    },
    /// The status and the headers, and only a part of the body. Without HTTP the body is already
    /// [`Unreadable`](idbridge_scim::protocol::Body::Unreadable); with it the whole is here, to be cut by whoever sends it.
    Cut(T),
    /// No answer.
    Lost {
        /// Whether the request had its effect; a client cannot know, a test may.
        applied: bool,
    },
}

impl<T> Outcome<T> {
    /// What arrived, whole or cut, in time or late.
    #[must_use]
    pub fn reply(self) -> Option<T> {
        match self {
            Self::Replied(reply) | Self::Late { reply, .. } | Self::Cut(reply) => Some(reply),
            Self::Lost { .. } => None,
        }
    }

    /// The same outcome with another form of the answer.
    pub(crate) fn map<U>(self, form: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Replied(reply) => Outcome::Replied(form(reply)),
            Self::Late { reply, after } => Outcome::Late { reply: form(reply), after },
            Self::Cut(reply) => Outcome::Cut(form(reply)),
            Self::Lost { applied } => Outcome::Lost { applied },
        }
    }
}
