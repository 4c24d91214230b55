//! The blocking loop that carries a machine's requests over a transport.

mod pool;
mod traffic;

use std::fmt;
use std::thread;
use std::time::{Instant, SystemTime};

use idbridge_planner::{Machine, Record, Step};

use crate::drive::pool::{Job, Pool, Returned};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::token::BearerToken;
use crate::transport::Transport;

pub use traffic::{Count, Ended, Exchanged, Traffic};

/// Drives a [`Machine`] over a connection: sends what it asks for, several requests at a time, and tells it what became of each.
///
/// ```text
///   next_step --> Store(records) --> store            before anything else goes out
///             --> Send(request)  --> a worker --> encode --> transport --> decode --+
///             --> Wait, Blocked  --> sleeps until then, or until an answer comes    |
///             --> Done                                                             |
///   handle_delivery <-- Answered, NotSent or Unknown  <-----------------------------+
/// ```
///
/// The machine is only ever touched by the calling thread. A worker is started when a request goes out and none is free, so there are as many as
/// requests were in flight at once. Times are those of the wall clock when the driver was made, and never go backwards after that.
///
/// # Examples
///
/// ```
/// use idbridge_client::{BearerToken, Driver, Endpoint, Traffic, TransportError};
/// use idbridge_planner::{Coverage, Desired, Discovery, GroupManagement, LastSent, Policy, State};
/// use idbridge_scim::Profile;
///
/// let transport = |_: http::Request<Vec<u8>>| Err(TransportError::not_sent("no network in this example"));
/// let endpoint = Endpoint::parse("http://127.0.0.1:1/tenant/scim/v2")?;
/// let token = BearerToken::new("secret")?;
/// let driver = Driver::new(&endpoint, &token, &transport);
///
/// let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
/// let desired = Desired::new(Coverage::Complete);
/// let mut discovery = Discovery::new(&desired, State::default(), LastSent::default(), &policy, 0);
/// let mut traffic = Traffic::default();
/// driver.run(&mut discovery, &mut traffic, |_records| Ok(()), |_discovery, _exchanged| {})?;
/// // Nothing is wanted, so nothing was asked.
/// assert_eq!(traffic.requests(), 0);
/// # Ok::<(), idbridge_client::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Driver<'a> {
    endpoint: &'a Endpoint,
    token: &'a BearerToken,
    transport: &'a dyn Transport,
    start: SystemTime,
    since: Instant,
}

impl<'a> Driver<'a> {
    /// A driver that asks the service at `endpoint` with `token`.
    #[must_use]
    pub fn new(endpoint: &'a Endpoint, token: &'a BearerToken, transport: &'a dyn Transport) -> Self {
        Self { endpoint, token, transport, start: SystemTime::now(), since: Instant::now() }
    }

    /// The time that machines are told. It does not go backwards, whatever happens to the clock of the machine.
    ///
    /// A plan that is made between two runs should be made at this time, so that it is not earlier than what the first run noted.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.start + self.since.elapsed()
    }

    /// Drives `machine` to its end.
    ///
    /// `store` writes records durably before it returns; no request goes out meanwhile. `observe` is told of each request that is over, after the
    /// machine was, and may look at the machine, for a progress bar or a log. Requests are counted in `traffic`, also if this ends in an error.
    ///
    /// A transport that panics is a request of which nothing is known. So is one whose answer cannot be read to its end; an answer that is whole
    /// and no SCIM message is an answer, and the machine judges it.
    ///
    /// # Errors
    ///
    /// What `store` returned: nothing is sent after that, and requests under way are waited for. [`ErrorKind::Stuck`] if the machine waits
    /// although nothing is under way.
    pub fn run<M: Machine + ?Sized>(
        &self,
        machine: &mut M,
        traffic: &mut Traffic,
        mut store: impl FnMut(&[Record]) -> Result<(), Error>,
        mut observe: impl FnMut(&M, &Exchanged<'_>),
    ) -> Result<(), Error> {
        thread::scope(|scope| {
            let mut pool = Pool::new(scope, *self);
            let mut settle = |machine: &mut M, returned: Returned| {
                let Returned { id, delivery, note } = returned;
                machine.handle_delivery(id, delivery, self.now());
                let exchanged = note.exchanged();
                traffic.count(exchanged.operation, exchanged.ended);
                observe(machine, &exchanged);
            };
            let result = loop {
                // What has come is told first: it may be the reason not to send something.
                while let Some(returned) = pool.returned() {
                    settle(machine, returned);
                }
                match machine.next_step(self.now()) {
                    Step::Store(records) => {
                        if let Err(error) = store(&records) {
                            break Err(error);
                        }
                    }
                    Step::Send { id, request } => pool.send(Job { id, request }),
                    Step::Wait { until } => {
                        let time = until.duration_since(self.now()).unwrap_or_default();
                        if let Some(returned) = pool.wait(Some(time)) {
                            settle(machine, returned);
                        }
                    }
                    Step::Blocked | Step::Done if pool.is_busy() => {
                        if let Some(returned) = pool.wait(None) {
                            settle(machine, returned);
                        }
                    }
                    Step::Blocked => break Err(Error::new(ErrorKind::Stuck)),
                    Step::Done => break Ok(()),
                }
            };
            while pool.is_busy() {
                if let Some(returned) = pool.wait(None) {
                    settle(machine, returned);
                }
            }
            result
        })
    }
}

impl fmt::Debug for Driver<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").field("endpoint", self.endpoint).finish_non_exhaustive()
    }
}
