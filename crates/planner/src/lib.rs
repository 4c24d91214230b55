//! The planner: what a directory wants, what the service shows and what is remembered go in; a plan that a person can read, and a run that carries it
//! out, come out. No IO, no clock, no randomness.
//!
//! ```text
//!   Desired ----+
//!               |      Discovery            plan()               Run
//!   State ------+--> reads what the --> what is done, what --> the next request, --> State
//!               |    plan must know     is held or withheld,    fed with outcomes
//!   Policy -----+         |             and why                      |
//!                         |                                          |
//!                         +---- Step::Send <-- Machine --> Delivery -+      whoever owns a connection
//! ```
//!
//! # What it does
//!
//! - **Four answers.** A record is *wanted*, *held* (a finding stops us, nothing is done), *present* (known but not entitled: at most deactivated) or
//!   *absent* (missing from a source that was read to its end). Only what is absent is deleted.
//! - **Evidence.** Not seen is not gone: a create needs a complete list or a look-up, a drop of a link needs a 404. Members that were not read are
//!   unknown, never empty.
//! - **The guard.** More than a handful of removals within a day are withheld, all of them, until a person allows them for one run.
//! - **Few requests.** With a known state and nothing new, nothing is read and nothing written. A changed attribute is one PATCH.
//! - **Crashes.** [`Step::Store`] hands out the intent of a write before [`Step::Send`] hands out the write. Found at a start, an intent is a request
//!   with an unknown outcome, and is looked up like any other.
//! - **One run at a time.** Every batch of records is led by the state's generation, and a store refuses what comes from a run that was overtaken.
//! - **A service that fails as a whole** is left alone, for a pause that grows with each failure; nothing is asked before its end.
//!
//! # What it refuses to do
//!
//! It opens no socket and no file, and it never guesses: what may have happened is looked up before anything is sent again. What others
//! changed at the service it looks for, and sets back, only where the policy says so ([`Policy::drift`]). It reads no events; it always plans the whole directory.
//!
//! # First use
//!
//! A loop of a few lines drives a [`Machine`]; here, over nothing at all, because nothing is wanted:
//!
//! ```
//! use idbridge_planner::{plan, Coverage, Desired, Discovery, GroupManagement, LastSent, Machine, Policy, Run, State, Step};
//! use idbridge_scim::Profile;
//! use std::time::SystemTime;
//!
//! fn drive(machine: &mut dyn Machine, now: SystemTime) {
//!     loop {
//!         match machine.next_step(now) {
//!             Step::Store(_records) => { /* commit them before going on */ }
//!             Step::Send { id: _, request: _ } => { /* send it, and later tell machine.handle_delivery(id, ..) */ }
//!             Step::Wait { until: _ } | Step::Blocked => { /* wait for an answer, or until then */ }
//!             Step::Done => return,
//!         }
//!     }
//! }
//!
//! let now = SystemTime::UNIX_EPOCH;
//! let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
//! let desired = Desired::new(Coverage::Complete);
//!
//! let mut discovery = Discovery::new(&desired, State::default(), LastSent::default(), &policy, 0);
//! drive(&mut discovery, now);
//! let found = discovery.finish();
//!
//! let plan = plan(&desired, &found.observed, &found.state, &found.last_sent, &policy, now);
//! println!("{}", plan.explain());
//!
//! let mut run = Run::new(&plan, found.state, &policy, 0);
//! drive(&mut run, now);
//! assert_eq!(run.summary().failed, 0);
//! ```
//!
//! The [`guide`] walks a small company through its first day, a crash, changes, departures and the guard.
//!
//! # Which rule is where
//!
//! Operations and findings name rules, such as `GM-20`, of the project's list of rules. What they ask for is documented where it is decided:
//!
//! | question | answer |
//! | --- | --- |
//! | what becomes of a record | [`Answer`], [`OperationKind`] |
//! | what may be taken away | [`Guard`], [`Policy::allowance`], [`Protected`] |
//! | how a plan is kept and applied later | [`SavedPlan`] |
//! | what a plan costs | [`Cost`] |
//! | what stops a record, and what to change | [`Finding`] |
//! | what is read before planning | [`Discovery`] |
//! | what happens after an answer, or none | [`Run`], [`Delivery`] |
//! | what a store keeps | [`Record`], [`StateChange`], [`Intent`] |
//!
//! # Feature flags
//!
//! None.

mod desired;
mod discovery;
mod error;
mod event;
mod exchange;
mod finding;
pub mod guide;
mod key;
mod look;
mod name;
mod observed;
mod operation;
mod plan;
mod policy;
mod run;
mod scope;
mod state;
mod step;
mod table;

pub use desired::{Answer, Coverage, Desired, DesiredGroup, DesiredUser, Evidence, Presence};
pub use discovery::{Discovered, Discovery};
pub use error::{Error, ErrorKind};
pub use event::Event;
pub use exchange::{Delivery, DeliveryId};
pub use finding::{Because, Finding};
pub use key::{GroupKey, Key, UserKey};
pub use look::{Look, Subject, Way};
pub use observed::{Found, Observed, Sightings};
pub use operation::{Held, Match, Operation, OperationKind, Risk, Withheld, WithheldReason};
pub use plan::{Cost, DriftKind, Drifted, LastSent, Plan, SavedPlan, Tripped, plan, plan_within};
pub use policy::{
    Correction, Drift, GroupManagement, Guard, Observation, Pauses, Policy, Protected, Protection, Strangers, SuspendedNewcomers,
    UnmanagedMembers,
};
pub use run::{Outcome, OutcomeKind, Run, Summary};
pub use scope::Scope;
pub use state::{Digest, GroupLink, Intent, Quarantine, Record, Refusal, Removal, Staged, State, StateChange, UserLink};
pub use step::{Machine, Step, Stopped};
