//! A network: requests and answers on their way, each with a delay of its own, some lost, doubled, cut or late.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use idbridge_planner::{Delivery, DeliveryId};
use idbridge_scim::protocol::Request;

use crate::dice::Dice;

/// The patience of a caller with one request.
pub(crate) const TIME_OUT: Duration = Duration::from_secs(30);

/// What the network brings.
#[derive(Debug)]
pub(crate) enum Event {
    /// A request, at the service.
    Arrives { id: DeliveryId, number: usize, request: Request, sent: SystemTime },
    /// An outcome, at the machine.
    Told { id: DeliveryId, delivery: Delivery },
}

/// What is on its way, soonest first.
#[derive(Debug, Default)]
pub(crate) struct Network {
    events: BTreeMap<(SystemTime, usize), Event>,
    brought: usize,
}

impl Network {
    pub(crate) fn bring(&mut self, at: SystemTime, event: Event) {
        self.brought += 1;
        self.events.insert((at, self.brought), event);
    }

    pub(crate) fn next_at(&self) -> Option<SystemTime> {
        self.events.keys().next().map(|(at, _)| *at)
    }

    /// What is there by `now`, one by one.
    pub(crate) fn take(&mut self, now: SystemTime) -> Option<Event> {
        let place = self.events.keys().next().filter(|(at, _)| *at <= now).copied()?;
        self.events.remove(&place)
    }

    /// The requests that have not arrived yet: some of them still do when the process that sent them is gone.
    pub(crate) fn take_requests(&mut self) -> Vec<Request> {
        let events = std::mem::take(&mut self.events);
        events.into_values().filter_map(|event| if let Event::Arrives { request, .. } = event { Some(request) } else { None }).collect()
    }
}

/// How long something takes: most of it hardly any time, some of it long enough to be overtaken.
pub(crate) fn delay(dice: &mut Dice) -> Duration {
    let milliseconds = if dice.chance(6) { 50 + dice.below(900) } else { 1 + dice.below(60) };
    Duration::from_millis(u64::try_from(milliseconds).unwrap())
}
