//! One sync: what the script has for it, and the loop that drives a machine over the simulated disk, network, service and clock.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, SystemTime};

use idbridge_emulator::{Fault as ServiceFault, Faults, Outcome, Service};
use idbridge_planner::{Delivery, DeliveryId, Discovery, GroupKey, Key, Machine, Policy, Run, Scope, Step, UserKey};
use idbridge_scim::protocol::{Body, Reply, Request, ResourceType};
use idbridge_scim::{Resource, ResourceId};

use crate::dice::Dice;
use crate::directory::Directory;
use crate::invariants::{self, AT_SENDING, Effect, Facts, Violation, broken, is_active};
use crate::ledger::Taken;
use crate::mutations::Mutation;
use crate::network::{Event, Network, TIME_OUT, delay};
use crate::script::{Fault, Meanwhile};
use crate::world::World;

/// What a script has for the next sync.
#[derive(Debug, Clone, Default)]
pub(crate) struct Happenings {
    pub(crate) faults: BTreeMap<usize, Fault>,
    pub(crate) outages: Vec<(usize, usize, bool)>,
    pub(crate) stale: Vec<(usize, usize, u64)>,
    pub(crate) during: Vec<(usize, Meanwhile)>,
    pub(crate) crash: Option<usize>,
    pub(crate) cancel: Option<usize>,
    pub(crate) expire: Option<usize>,
    pub(crate) partial: Option<(Vec<u32>, Vec<u32>, Vec<(u32, u32)>)>,
    pub(crate) is_empty: bool,
    pub(crate) allowance: Option<usize>,
    pub(crate) groups_off: bool,
    pub(crate) is_told: bool,
    pub(crate) is_saved: bool,
    pub(crate) overtaken: Option<usize>,
}

/// A sync under way.
#[derive(Debug)]
pub(crate) struct Sync {
    pub(crate) number: usize,
    pub(crate) happenings: Happenings,
    /// The directory as this sync saw it.
    pub(crate) view: Directory,
    pub(crate) is_partial: bool,
    /// The directory as the sync before saw it, and all that happened since is told.
    pub(crate) told_since: Option<Directory>,
    /// What the plan is about, once there is one.
    pub(crate) scope: Scope,
    pub(crate) policy: Policy,
    pub(crate) removes_strangers: bool,
    /// What the policy protects.
    pub(crate) protected: BTreeSet<ResourceId>,
    pub(crate) was_refused: bool,
    pub(crate) in_flight: BTreeSet<DeliveryId>,
    /// What was taken away so far.
    pub(crate) taken: BTreeSet<Key>,
    pub(crate) requests: usize,
    pub(crate) calls: Vec<String>,
    pub(crate) plan: String,
    pub(crate) moment: usize,
    /// The service before each of the last writes, for reads that are answered as of before.
    history: VecDeque<(SystemTime, Service)>,
}

/// How driving a machine ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Done,
    Crashed,
}

/// One of the two machines; only a run can be cancelled.
pub(crate) enum Driven<'a, 'b> {
    Discovery(&'a mut Discovery<'b>),
    Run(&'a mut Run),
}

impl Driven<'_, '_> {
    fn machine(&mut self) -> &mut dyn Machine {
        match self {
            Self::Discovery(discovery) => *discovery,
            Self::Run(run) => *run,
        }
    }
}

impl Sync {
    pub(crate) fn new(number: usize, happenings: Happenings, view: Directory, policy: Policy, removes_strangers: bool) -> Self {
        let is_partial = happenings.partial.is_some();
        Self {
            number,
            happenings,
            view,
            is_partial,
            told_since: None,
            scope: Scope::all(),
            policy,
            removes_strangers,
            protected: BTreeSet::new(),
            was_refused: false,
            in_flight: BTreeSet::new(),
            taken: BTreeSet::new(),
            requests: 0,
            calls: Vec::new(),
            plan: String::new(),
            moment: 0,
            history: VecDeque::new(),
        }
    }

    fn fault(&self, request: usize) -> Option<Fault> {
        let outage = self.happenings.outages.iter().find(|(from, requests, _)| (*from..from + requests).contains(&request));
        match outage {
            Some((_, _, true)) => Some(Fault::Lost { applied: false }),
            Some((_, _, false)) => Some(Fault::NotSent),
            None => self.happenings.faults.get(&request).copied(),
        }
    }
}

impl World {
    /// Drives a machine to its end, or to the moment at which the process dies.
    pub(crate) fn drive(&mut self, mut driven: Driven<'_, '_>, sync: &mut Sync) -> Result<Ended, Violation> {
        let mut network = Network::default();
        let mut skipped = Vec::new();
        sync.in_flight.clear();
        for _ in 0..200_000 {
            while let Some(event) = network.take(self.now) {
                if self.moment(&mut driven, sync) {
                    return self.die(&mut network, sync);
                }
                match event {
                    Event::Arrives { id, number, request, sent } => self.arrive(&mut network, sync, id, number, &request, sent)?,
                    Event::Told { id, delivery } => {
                        sync.was_refused |= matches!(&delivery, Delivery::Answered(reply) if reply.status == 401);
                        sync.in_flight.remove(&id);
                        let delivery = self.mutated(delivery);
                        driven.machine().handle_delivery(id, delivery, self.now);
                    }
                }
            }
            if self.moment(&mut driven, sync) {
                return self.die(&mut network, sync);
            }
            match driven.machine().next_step(self.now) {
                Step::Store(records) if self.mutation == Some(Mutation::StoresSkipped) => skipped.extend(records),
                Step::Store(records) if sync.happenings.overtaken.is_some_and(|moment| moment <= sync.moment) => {
                    sync.happenings.overtaken = None;
                    self.die(&mut network, sync)?;
                    let before = self.disk.generation().map(<[u8]>::to_vec);
                    self.sync()?;
                    let is_overtaken = before.as_deref() != self.disk.generation();
                    if self.disk.commit(&records) && is_overtaken {
                        return broken("overtaken_stores_nothing", "another sync has begun, and what the first one stores is taken");
                    }
                    return Ok(Ended::Crashed);
                }
                Step::Store(records) => {
                    if !self.disk.commit(&records) {
                        return broken("disk_is_what_is_known", "nobody else has begun, and the disk refuses");
                    }
                }
                Step::Send { id, request } => self.send(&mut network, sync, id, request)?,
                Step::Wait { until } => self.now = network.next_at().unwrap_or(until).min(until).max(self.now),
                Step::Blocked => match network.next_at() {
                    Some(at) => self.now = self.now.max(at),
                    None => return broken("it_goes_on", "the machine waits for an outcome, and nothing is under way"),
                },
                Step::Done => {
                    let _ = self.disk.commit(&skipped);
                    return Ok(Ended::Done);
                }
            }
        }
        broken("it_ends", "200,000 steps, and no end")
    }

    /// What the script has for this moment; says whether the process dies.
    fn moment(&mut self, driven: &mut Driven<'_, '_>, sync: &mut Sync) -> bool {
        sync.moment += 1;
        let during: Vec<Meanwhile> =
            sync.happenings.during.iter().filter(|(moment, _)| *moment == sync.moment).map(|(_, meanwhile)| meanwhile.clone()).collect();
        for meanwhile in during {
            match meanwhile {
                Meanwhile::Change(change) => self.change(&change),
                Meanwhile::Edit(edit) => self.edit(&edit),
            }
        }
        if sync.happenings.cancel == Some(sync.moment)
            && let Driven::Run(run) = driven
        {
            run.cancel();
        }
        sync.happenings.crash == Some(sync.moment)
    }

    /// The process is gone. What it had sent may still arrive, before another one starts.
    fn die(&mut self, network: &mut Network, sync: &mut Sync) -> Result<Ended, Violation> {
        let mut dice = Dice::of(self.script_seed, &[sync.number, 3]);
        for request in network.take_requests() {
            if !request.is_write() || dice.chance(2) {
                continue;
            }
            self.serve(sync, &request, None)?;
        }
        Ok(Ended::Crashed)
    }

    fn send(&mut self, network: &mut Network, sync: &mut Sync, id: DeliveryId, request: Request) -> Result<(), Violation> {
        sync.requests += 1;
        sync.in_flight.insert(id);
        let number = sync.requests;
        sync.calls.push(format!("{number:3} {}", self.described(&request)));
        for invariant in AT_SENDING {
            invariant(&Facts { disk: &self.disk, ledger: &self.ledger, sync, service: &self.service, now: self.now }, &request)?;
        }
        if sync.happenings.expire == Some(number) {
            self.is_token_refused = true;
        }
        let mut dice = Dice::of(self.script_seed, &[sync.number, 1, number]);
        match sync.fault(number) {
            Some(Fault::NotSent) => {
                let delivery = Delivery::NotSent { reason: "connection refused".to_owned() };
                network.bring(self.now + delay(&mut dice), Event::Told { id, delivery });
            }
            _ => network.bring(self.now + delay(&mut dice), Event::Arrives { id, number, request, sent: self.now }),
        }
        Ok(())
    }

    /// A request is at the service: it has its effect, and something comes back.
    fn arrive(
        &mut self,
        network: &mut Network,
        sync: &mut Sync,
        id: DeliveryId,
        number: usize,
        request: &Request,
        sent: SystemTime,
    ) -> Result<(), Violation> {
        let fault = sync.fault(number);
        let mut dice = Dice::of(self.script_seed, &[sync.number, 2, number]);
        let mut after = delay(&mut dice);
        let lost = || Delivery::Unknown { reason: "the connection was lost".to_owned() };
        let delivery = if self.is_token_refused {
            Delivery::Answered(Reply::new(401, Body::Empty))
        } else {
            let at_service = match fault {
                Some(Fault::Throttled(seconds)) => Some(ServiceFault::Throttled { retry_after: seconds.map(Duration::from_secs) }),
                Some(Fault::Failed { status, applied }) => Some(ServiceFault::Failed { status, applied }),
                Some(Fault::Lost { applied }) => Some(ServiceFault::Dropped { applied }),
                Some(Fault::Cut) => Some(ServiceFault::Truncated),
                _ => None,
            };
            if fault == Some(Fault::DoneTwice) {
                self.serve(sync, request, None)?;
            }
            let stale = sync.happenings.stale.iter().find(|(from, requests, _)| (*from..from + requests).contains(&number));
            let outcome = match stale {
                Some((_, _, milliseconds)) if !request.is_write() => self.read_before(sync, request, Duration::from_millis(*milliseconds)),
                _ => self.serve(sync, request, at_service)?,
            };
            match outcome {
                Outcome::Replied(reply) | Outcome::Late { reply, .. } => Delivery::Answered(reply),
                // The status is there and the body is not: a client may see either.
                Outcome::Cut(reply) if self.switches.shows_cut_answers => Delivery::Answered(reply),
                Outcome::Cut(_) | Outcome::Lost { .. } => lost(),
            }
        };
        if let Some(Fault::Slow(seconds)) = fault {
            after += Duration::from_secs(seconds);
        }
        let at = self.now + after;
        if fault == Some(Fault::ToldTwice) {
            network.bring(at + delay(&mut dice), Event::Told { id, delivery: delivery.clone() });
        }
        if at > sent + TIME_OUT {
            // The caller gives up, and what comes later is told as well.
            network.bring(sent + TIME_OUT, Event::Told { id, delivery: lost() });
        }
        network.bring(at, Event::Told { id, delivery });
        Ok(())
    }

    /// What the service showed a while before.
    fn read_before(&mut self, sync: &Sync, request: &Request, age: Duration) -> Outcome<Reply> {
        let then = self.now - age;
        match sync.history.iter().find(|(at, _)| *at > then) {
            Some((_, before)) => Outcome::Replied(before.clone().handle(request, self.now)),
            None => {
                self.service.set_faults(Faults::none());
                self.service.deliver(request, self.now)
            }
        }
    }

    /// Lets a request have its effect, and checks what it did.
    fn serve(&mut self, sync: &mut Sync, request: &Request, fault: Option<ServiceFault>) -> Result<Outcome<Reply>, Violation> {
        if request.is_write() && !sync.happenings.stale.is_empty() {
            sync.history.push_back((self.now, self.service.clone()));
            if sync.history.len() > 6 {
                sync.history.pop_front();
            }
        }
        let facts = Facts { disk: &self.disk, ledger: &self.ledger, sync, service: &self.service, now: self.now };
        let before = Before::of(&self.service, request);
        let key = invariants::key_of(&facts, request);
        self.service.set_faults(Faults::script([fault]));
        let outcome = self.service.deliver(request, self.now);
        if let Some(key) = key.filter(|_| request.is_write()) {
            if let Some(effect) = before.effects(&self.service, request, &key) {
                self.took_effect(sync, effect)?;
            }
            if let Request::Patch { id, .. } | Request::Replace { id, .. } = request {
                // What carries a record's identifier, once written, is its own from now on.
                let there = self.service.user(id).or_else(|| self.service.group(id));
                if !self.switches.external_ids
                    || there.and_then(Resource::external_id).is_some_and(|carried| carried.as_str() == key.as_str())
                {
                    self.ledger.belongs.entry(id.clone()).or_insert(key);
                }
            }
        }
        Ok(outcome)
    }

    fn took_effect(&mut self, sync: &mut Sync, effect: Effect) -> Result<(), Violation> {
        let facts = |world: &Self, sync: &Sync, check: &dyn Fn(&Facts<'_>) -> Result<(), Violation>| {
            check(&Facts { disk: &world.disk, ledger: &world.ledger, sync, service: &world.service, now: world.now })
        };
        let is_allowed = sync.policy.allowance.is_some() && self.mutation != Some(Mutation::AllowanceIgnored);
        match effect {
            Effect::Made(id, key) => {
                self.ledger.belongs.insert(id.clone(), key.clone());
                self.ledger.made.insert(id.clone(), key.clone());
                *self.ledger.creations.entry(key.clone()).or_default() += 1;
                facts(self, sync, &|facts| invariants::one_object_for_each(facts, &id, &key))
            }
            Effect::Deactivated(key) => {
                sync.taken.insert(key.clone());
                self.ledger.taken.push(Taken { at: self.now, key, is_allowed, is_deletion: false });
                facts(self, sync, &|facts| invariants::guard_is_kept(facts))
            }
            Effect::Deleted(id, key) => {
                self.ledger.ended(&id);
                sync.taken.insert(key.clone());
                self.ledger.taken.push(Taken { at: self.now, key, is_allowed, is_deletion: true });
                facts(self, sync, &|facts| invariants::guard_is_kept(facts))
            }
        }
    }

    /// A wrong driver, where one is simulated.
    fn mutated(&self, delivery: Delivery) -> Delivery {
        match (self.mutation, delivery) {
            (Some(Mutation::UnknownToldAsNotSent), Delivery::Unknown { reason }) => Delivery::NotSent { reason },
            (Some(Mutation::RefusedTokenToldAsForbidden), Delivery::Answered(reply)) if reply.status == 401 => {
                Delivery::Answered(Reply::new(403, Body::Empty))
            }
            (Some(Mutation::FailureToldAsSuccess), Delivery::Answered(reply)) if reply.status >= 500 => {
                Delivery::Answered(Reply::new(204, Body::Empty))
            }
            (_, delivery) => delivery,
        }
    }
}

/// What a write may change, before it does.
struct Before {
    ids: BTreeSet<ResourceId>,
    was_active: bool,
    was_there: bool,
}

impl Before {
    fn of(service: &Service, request: &Request) -> Self {
        let mut before = Self { ids: BTreeSet::new(), was_active: false, was_there: false };
        match request {
            Request::Create { resource_type, .. } => before.ids = ids(service, *resource_type),
            Request::Patch { id, .. } | Request::Replace { id, .. } => before.was_active = service.user(id).is_some_and(is_active),
            Request::Delete { id, .. } => before.was_there = service.user(id).is_some() || service.group(id).is_some(),
            _ => {}
        }
        before
    }

    fn effects(&self, service: &Service, request: &Request, key: &Key) -> Option<Effect> {
        match request {
            Request::Create { resource_type, .. } => {
                ids(service, *resource_type).difference(&self.ids).next().map(|id| Effect::Made(id.clone(), key.clone()))
            }
            Request::Patch { id, .. } | Request::Replace { id, .. } => {
                let is_inactive = service.user(id).is_some_and(|user| !is_active(user));
                (self.was_active && is_inactive).then(|| Effect::Deactivated(key.clone()))
            }
            Request::Delete { id, .. } => {
                let is_gone = service.user(id).is_none() && service.group(id).is_none();
                (self.was_there && is_gone).then(|| Effect::Deleted(id.clone(), key.clone()))
            }
            _ => None,
        }
    }
}

fn ids(service: &Service, resource_type: ResourceType) -> BTreeSet<ResourceId> {
    match resource_type {
        ResourceType::Group => service.groups().filter_map(Resource::id).collect(),
        _ => service.users().filter_map(Resource::id).collect(),
    }
}

/// The key of a person.
pub(crate) fn user(number: u32) -> Key {
    UserKey::from(crate::directory::person_key(number)).into()
}

/// The key of a group.
pub(crate) fn group(number: u32) -> Key {
    GroupKey::from(crate::directory::group_key(number)).into()
}
