//! The planner: what a directory wants, what the service shows and what is remembered go in; a plan that a person can read, and a run that carries it
//! out, come out. No IO, no clock, no randomness.
//!
//! ```text
//!   Event --apply--> Desired --> Scope: all records, or those that something happened to
//!                       |          |
//!                       v          v
//!   State, Policy --> Discovery ------------> plan ----------------------------> Run
//!     ^               reads what the plan     what is done, held or withheld,    the next request, fed
//!     |               must know               and why; Plan or SavedPlan         with outcomes
//!     |                  |                       (a person reads it)                |
//!     |                  +------------------ Machine: one step at a time -----------+
//!     |                                         |              |
//!     +-- State::restore <-- store <-- Step::Store        Step::Send --> service --> Delivery --> the machine again
//! ```
//!
//! The store and the connection are whoever's the caller likes; they decide nothing.
//!
//! # What it does
//!
//! - **Four answers.** A record is *wanted*, *held* (a finding stops us, nothing is done), *present* (known but not entitled: at most deactivated) or
//!   *absent* (missing from a source that was read to its end). Only what is absent is deleted.
//! - **Evidence.** Not seen is not gone: a create needs a complete list or a look-up, a drop of a link needs a 404. Members that were not read are
//!   unknown, never empty.
//! - **The guard.** More than a handful of removals within a day are withheld, all of them, until a person allows them for one run. The state says
//!   what waits, and since when ([`State::staged`]).
//! - **Few requests.** With a known state and nothing new, nothing is read and nothing written. A changed attribute is one PATCH.
//! - **One thing at a time.** An [`Event`] says which records it touches; a look and a plan of these alone do to them what a full plan would do, in a
//!   time that does not grow with the directory.
//! - **A plan is a value.** It can be read, costed ([`Plan::cost`]), graded by [`Risk`], kept in a file and carried out later, over exactly what it was
//!   made of and nothing else ([`SavedPlan`]).
//! - **Drift.** Where the policy asks for it, everything is looked at, what others changed is listed ([`Plan::drift`]) and, if it says so, set back.
//! - **Crashes.** [`Step::Store`] hands out the intent of a write before [`Step::Send`] hands out the write. Found at a start, an intent is a request
//!   with an unknown outcome, and is looked up like any other.
//! - **One run at a time.** Every batch of records is led by the state's generation, and a store refuses what comes from a run that was overtaken.
//! - **A service that fails as a whole** is left alone, for a pause that grows with each failure; nothing is asked before its end.
//!
//! # What it refuses to do
//!
//! It opens no socket and no file, knows no directory and no HTTP, and decides nobody's entitlement: answers come from the caller. It never guesses:
//! what may have happened is looked up before anything is sent again. It concludes nothing from what was not read, deletes nobody for not being
//! entitled, creates no object anew to rename it, and touches nothing that is neither linked nor adopted, unless the policy names it
//! ([`Strangers::Delete`]). What is [`Protected`] it does not touch at all.
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
//! The [`guide`] walks a small company through its first day, a crash, changes, events, a plan that waits for approval, drift, an outage, departures
//! and the guard.
//!
//! # Which rule is where
//!
//! Operations and findings name rules, such as `GM-20`, of the project's list of rules, `docs/rules.md`, which says in a sentence what each asks for
//! and which tests show it. How it is met is documented where it is decided:
//!
//! | question | answer |
//! | --- | --- |
//! | what becomes of a record | [`Answer`], [`OperationKind`] |
//! | what an event touches | [`Event`], [`Desired::apply`], [`Scope`] |
//! | what may be taken away | [`Guard`], [`Policy::allowance`], [`Protected`], [`Staged`] |
//! | what becomes of what others changed | [`Drift`], [`Drifted`] |
//! | how a plan is kept and applied later | [`SavedPlan`] |
//! | what a plan costs; how grave it is | [`Cost`]; [`Risk`] |
//! | what stops a record, and what to change | [`Finding`] |
//! | what is read before planning, and which way | [`Discovery`], [`Look`] |
//! | what happens after an answer, or none | [`Run`], [`Delivery`] |
//! | what ends a run before its end | [`Stopped`], [`Quarantine`], [`Pauses`] |
//! | what a store keeps, and what it refuses | [`Record`], [`StateChange`], [`Intent`], [`State::generation`] |
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
