use idbridge_emulator::{Service, Settings};
use idbridge_planner::{Delivery, Discovery, LastSent, Machine, Plan, Policy, Record, Run, Scope, State, Step, plan_within};
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

struct Site {
    service: Service,
    store: BTreeMap<String, Vec<u8>>,
    now: SystemTime,
    is_down: bool,
}

impl Site {
    fn new() -> Self {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
        Self { service: Service::new(Settings::unhurried()), store: BTreeMap::new(), now, is_down: false }
    }

    /// What the store holds, as every process finds it at its start.
    fn state(&self) -> Result<State, idbridge_planner::Error> {
        State::restore(self.store.clone())
    }

    fn keep(&mut self, records: Vec<Record>) {
        for record in records {
            match record.value() {
                Some(value) => self.store.insert(record.key().to_owned(), value.to_vec()),
                None => self.store.remove(record.key()),
            };
        }
    }

    /// Drives a machine to its end, and says what was asked of the service.
    fn drive(&mut self, machine: &mut dyn Machine) -> Vec<&'static str> {
        let mut asked = Vec::new();
        loop {
            match machine.next_step(self.now) {
                Step::Store(records) => self.keep(records),
                Step::Send { id, request } => {
                    asked.push(request.operation());
                    let delivery = match self.is_down {
                        true => Delivery::NotSent { reason: "connection refused".to_owned() },
                        false => Delivery::Answered(self.service.handle(&request, self.now)),
                    };
                    machine.handle_delivery(id, delivery, self.now);
                }
                Step::Wait { until } => self.now = until,
                Step::Blocked => unreachable!("every outcome was told at once"),
                Step::Done => return asked,
            }
        }
    }

    /// Looks, and plans over what was seen and what the store holds.
    fn look(&mut self, scope: &Scope, desired: &Desired, policy: &Policy) -> Result<Looked, Box<dyn std::error::Error>> {
        let state = self.state()?;
        let mut last_sent = LastSent::default();
        for key in LastSent::needed_within(scope, desired, &state) {
            if let Some(json) = self.store.get(&State::last_sent_record(&key)) {
                last_sent.insert(key, Resource::from_json(json)?);
            }
        }
        let mut discovery = Discovery::within(scope, desired, state, last_sent, policy, 1);
        let asked = self.drive(&mut discovery);
        let found = discovery.finish();
        let plan = plan_within(scope, desired, &found.observed, &found.state, &found.last_sent, policy, self.now);
        Ok(Looked { plan, state: found.state, asked })
    }

    /// Looks at everything, plans, and carries the plan out.
    fn sync(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, Vec<&'static str>), Box<dyn std::error::Error>> {
        let Looked { plan, state, mut asked } = self.look(&Scope::all(), desired, policy)?;
        asked.extend(self.drive(&mut Run::new(&plan, state, policy, 2)));
        Ok((plan, asked))
    }
}

/// A plan, the state that it was made over, and what was asked to make it.
struct Looked {
    plan: Plan,
    state: State,
    asked: Vec<&'static str>,
}
