//! The threads that wait for answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use idbridge_planner::{Delivery, DeliveryId};
use idbridge_scim::protocol::Request;

use crate::codec::{decode, encode};
use crate::drive::Driver;
use crate::drive::traffic::{Ended, Exchanged};
use crate::transport::Sent;

/// A request to carry.
pub(super) struct Job {
    pub(super) id: DeliveryId,
    pub(super) request: Request,
}

/// A request that is over.
pub(super) struct Returned {
    pub(super) id: DeliveryId,
    pub(super) delivery: Delivery,
    pub(super) note: Note,
}

/// What an observer is told of a request, apart from the answer, which the machine takes.
pub(super) struct Note {
    operation: &'static str,
    took: Duration,
    status: Result<u16, (Sent, String)>,
    request_id: Option<String>,
}

impl Returned {
    fn new(id: DeliveryId, operation: &'static str, took: Duration, delivery: Delivery) -> Self {
        let (status, request_id) = match &delivery {
            Delivery::Answered(reply) => (Ok(reply.status), reply.request_id.clone()),
            Delivery::NotSent { reason } => (Err((Sent::No, reason.clone())), None),
            Delivery::Unknown { reason } => (Err((Sent::Maybe, reason.clone())), None),
        };
        Self { id, delivery, note: Note { operation, took, status, request_id } }
    }
}

impl Note {
    pub(super) fn exchanged(&self) -> Exchanged<'_> {
        let ended = match &self.status {
            Ok(status) => Ended::Answered { status: *status },
            Err((Sent::No, reason)) => Ended::NotSent { reason },
            Err((Sent::Maybe, reason)) => Ended::Lost { reason },
        };
        Exchanged { operation: self.operation, ended, request_id: self.request_id.as_deref(), took: self.took }
    }
}

/// Threads of a scope, each carrying one request at a time.
pub(super) struct Pool<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    driver: Driver<'env>,
    workers: Vec<Sender<Box<Job>>>,
    /// The workers without a request, by index.
    idle: Vec<usize>,
    busy: usize,
    sender: Sender<(Option<usize>, Returned)>,
    receiver: Receiver<(Option<usize>, Returned)>,
}

impl<'scope, 'env> Pool<'scope, 'env> {
    pub(super) fn new(scope: &'scope Scope<'scope, 'env>, driver: Driver<'env>) -> Self {
        let (sender, receiver) = mpsc::channel();
        Self { scope, driver, workers: Vec::new(), idle: Vec::new(), busy: 0, sender, receiver }
    }

    /// Whether a request is under way.
    pub(super) fn is_busy(&self) -> bool {
        self.busy > 0
    }

    /// Gives a request to a worker without one, and starts one if there is none.
    pub(super) fn send(&mut self, job: Job) {
        let job = Box::new(job);
        self.busy += 1;
        // The last one used: the others' connections may time out, and need not be opened again.
        let worker = self.idle.pop().map_or_else(|| self.start(), Ok);
        let job = match worker {
            Ok(worker) => match self.workers.get(worker).map(|sender| sender.send(job)) {
                // A worker ends only with its channel, so this is the one way.
                Some(Ok(())) => return,
                Some(Err(mpsc::SendError(job))) => job,
                None => return,
            },
            Err(_) => job,
        };
        let delivery = Delivery::NotSent { reason: "no thread could be started for it".to_owned() };
        let returned = Returned::new(job.id, job.request.operation(), Duration::ZERO, delivery);
        // The receiver is in the same struct.
        let _ = self.sender.send((None, returned));
    }

    /// A request that is over by now.
    pub(super) fn returned(&mut self) -> Option<Returned> {
        let received = self.receiver.try_recv().ok()?;
        Some(self.take(received))
    }

    /// Waits for a request to be over, at most for this time.
    pub(super) fn wait(&mut self, time: Option<Duration>) -> Option<Returned> {
        let received = match time {
            Some(time) => self.receiver.recv_timeout(time),
            None => self.receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        Some(self.take(received.ok()?))
    }

    fn take(&mut self, (worker, returned): (Option<usize>, Returned)) -> Returned {
        self.busy = self.busy.saturating_sub(1);
        self.idle.extend(worker);
        returned
    }

    /// Starts a worker; it ends with the pool, when its channel is closed.
    fn start(&mut self) -> std::io::Result<usize> {
        let worker = self.workers.len();
        let (jobs, receiver) = mpsc::channel::<Box<Job>>();
        let (driver, sender) = (self.driver, self.sender.clone());
        thread::Builder::new().name(format!("scim-{worker}")).spawn_scoped(self.scope, move || {
            for job in receiver {
                let returned = carry(driver, *job);
                if sender.send((Some(worker), returned)).is_err() {
                    break;
                }
            }
        })?;
        self.workers.push(jobs);
        Ok(worker)
    }
}

/// Carries one request, whatever the transport does.
fn carry(driver: Driver<'_>, job: Job) -> Returned {
    let started = Instant::now();
    // Nothing of the transport is used after a panic but by its own methods, which must cope with one of another thread as well.
    let delivery = catch_unwind(AssertUnwindSafe(|| exchange(driver, &job.request)))
        .unwrap_or_else(|_| Delivery::Unknown { reason: "the transport panicked".to_owned() });
    Returned::new(job.id, job.request.operation(), started.elapsed(), delivery)
}

/// Writes the request, sends it, and reads the answer.
fn exchange(driver: Driver<'_>, request: &Request) -> Delivery {
    let message = match encode(request, driver.endpoint, driver.token) {
        Ok(message) => message,
        Err(error) => return Delivery::NotSent { reason: error.to_string() },
    };
    match driver.transport.send(message) {
        Ok(response) => Delivery::Answered(decode(request, response)),
        Err(error) => match error.was_sent() {
            Sent::No => Delivery::NotSent { reason: error.reason().to_owned() },
            Sent::Maybe => Delivery::Unknown { reason: error.reason().to_owned() },
        },
    }
}
