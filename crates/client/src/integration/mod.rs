//! One object that syncs a directory into a service.

mod conversation;

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Instant;

use idbridge_application::desired;
use idbridge_mapping::RuleSet;
use idbridge_mapping::directory::Snapshot;
use idbridge_planner::{Desired, Discovery, LastSent, Policy, Record, Run, State, StateChange, plan};
use idbridge_scim::{Profile, Resource};

pub use conversation::{ApplyAll, Approval, Conversation, PlanOnly, Progress};

use crate::drive::{Driver, Exchanged, Traffic};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::report::SyncReport;
use crate::store::StateStore;
use crate::token::BearerToken;
use crate::transport::Transport;

/// A directory's connection to a service: where it is, what it takes, what is decided, and what is remembered.
///
/// [`Integration::sync`] looks at the service, plans, asks, carries the plan out and remembers. It owns no rule: those are the planner's and the
/// mapping's.
///
/// # Examples
///
/// A service in the same process takes the place of the network:
///
/// ```
/// use idbridge_client::{ApplyAll, BearerToken, Endpoint, Integration, MemoryStore, TransportError};
/// use idbridge_emulator::{Service, Settings};
/// use idbridge_mapping::directory::jumpcloud;
/// use idbridge_planner::{GroupManagement, Policy};
/// use idbridge_scim::Profile;
/// use std::sync::Mutex;
/// use std::time::SystemTime;
///
/// let settings = Settings::unhurried();
/// let token = BearerToken::new(settings.tokens[0].expose())?;
/// let endpoint = Endpoint::parse(&format!("http://127.0.0.1/{}/scim/v2", settings.tenant))?;
/// let service = Mutex::new(Service::new(settings));
/// let transport =
///     |request| -> Result<_, TransportError> { Ok(service.lock().expect("no thread panicked").respond(request, SystemTime::now())) };
///
/// let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
/// let mut integration = Integration::new(endpoint, token, transport, MemoryStore::new(), policy);
/// let directory = jumpcloud::read(br#"{
///     "systemusers": [{"_id": "u1", "username": "anna", "email": "anna@example.com", "firstname": "Anna", "lastname": "Berg"}],
///     "usergroups": [{"id": "g1", "name": "Staff", "members": ["u1"]}],
///     "application": {"usergroups": ["g1"]}
/// }"#)?;
/// let report = integration.sync(&directory, &mut ApplyAll)?;
/// assert_eq!(report.outcomes.len(), 2);
///
/// // A second time there is nothing to do, and nothing is asked.
/// let report = integration.sync(&directory, &mut ApplyAll)?;
/// assert_eq!(report.traffic.requests(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Integration<T, S> {
    endpoint: Endpoint,
    token: BearerToken,
    transport: T,
    store: S,
    profile: Profile,
    rules: RuleSet,
    policy: Policy,
    seed: Option<u64>,
}

impl<T: Transport, S: StateStore> Integration<T, S> {
    /// A connection to AWS IAM Identity Center with JumpCloud's rule set. The policy says whether groups are managed; that has no default.
    #[must_use]
    pub fn new(endpoint: Endpoint, token: BearerToken, transport: T, store: S, policy: Policy) -> Self {
        let profile = Profile::aws_iam_identity_center();
        Self { endpoint, token, transport, store, profile, rules: RuleSet::jumpcloud(), policy, seed: None }
    }

    /// The same with another rule set.
    #[must_use]
    pub fn with_rules(mut self, rules: RuleSet) -> Self {
        self.rules = rules;
        self
    }

    /// The same with another profile of what the service takes.
    #[must_use]
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// The same with a seed for the jitter of repeated requests, so that a test can be repeated; without one it is drawn from the system.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Looks at the service as far as needed, plans, asks `conversation`, carries the plan out, and remembers.
    ///
    /// What a person should know is in the report, and no error: held records, withheld removals, failed operations, a refused token.
    ///
    /// # Errors
    ///
    /// If the store cannot be read or written, or if it belongs to another service than this endpoint.
    pub fn sync(&mut self, directory: &Snapshot, conversation: &mut dyn Conversation) -> Result<SyncReport, Error> {
        let started = Instant::now();
        let desired = desired(directory, &self.rules, &self.profile);
        let (state, last_sent) = self.remembered(&desired)?;
        let only_plans = conversation.only_plans();

        let seed = self.seed();
        let store = &mut self.store;
        let driver = Driver::new(&self.endpoint, &self.token, &self.transport);
        let mut traffic = Traffic::default();

        let mut discovery = Discovery::new(&desired, state, last_sent, &self.policy, seed);
        // A sync that only plans changes nothing, so what became of earlier requests is looked up again by the next one.
        let keep = |records: &[Record]| if only_plans { Ok(()) } else { store.commit(records) };
        driver.run(&mut discovery, &mut traffic, keep, |_, _| {})?;
        let mut discovered = discovery.finish();
        if !only_plans && discovered.state.service().is_none() {
            let change = StateChange::ServiceNamed { service: self.endpoint.name().to_owned() };
            let mut records = discovered.state.apply(&StateChange::Begun);
            records.extend(discovered.state.apply(&change));
            store.commit(&records)?;
        }
        let report = |plan, applied, outcomes, stopped, traffic| SyncReport {
            plan,
            applied,
            outcomes,
            stopped,
            traffic,
            wall_time: started.elapsed(),
        };
        if discovered.stopped.is_some() {
            return Ok(report(None, false, Vec::new(), discovered.stopped, traffic));
        }
        let plan = plan(&desired, &discovered.observed, &discovered.state, &discovered.last_sent, &self.policy, driver.now());
        // Asked even where there is nothing to do, so that the plan can be shown.
        if conversation.approve(&plan) == Approval::OnlyPlan || only_plans {
            return Ok(report(Some(plan), false, Vec::new(), None, traffic));
        }
        let mut run = Run::new(&plan, discovered.state, &self.policy, seed);
        let observe = |run: &Run, _: &Exchanged<'_>| {
            conversation.progress(&Progress { summary: run.summary(), expected_writes: plan.writes() });
        };
        driver.run(&mut run, &mut traffic, |records| store.commit(records), observe)?;
        let (outcomes, stopped) = (run.outcomes().to_vec(), run.stopped().cloned());
        Ok(report(Some(plan), true, outcomes, stopped, traffic))
    }

    /// The state, and the values last sent that a plan for these wishes needs.
    fn remembered(&mut self, desired: &Desired) -> Result<(State, LastSent), Error> {
        let mut records = Vec::new();
        self.store.load(&mut |key, value| records.push((key, value)))?;
        let state = State::restore(records)?;
        if let Some(service) = state.service().filter(|service| *service != self.endpoint.name()) {
            let (state, endpoint) = (service.to_owned(), self.endpoint.name().to_owned());
            return Err(Error::new(ErrorKind::AnotherService { state, endpoint }));
        }
        let mut last_sent = LastSent::default();
        for key in LastSent::needed(desired, &state) {
            if let Some(values) = self.store.read(&State::last_sent_record(&key))? {
                // A value that cannot be read is read from the service instead.
                if let Ok(values) = Resource::from_json(&values) {
                    last_sent.insert(key, values);
                }
            }
        }
        Ok((state, last_sent))
    }

    fn seed(&self) -> u64 {
        self.seed.unwrap_or_else(|| RandomState::new().build_hasher().finish())
    }
}
