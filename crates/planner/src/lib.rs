//! planner
mod desired;
mod discovery;
mod error;
mod exchange;
mod finding;
mod key;
mod observed;
mod operation;
mod plan;
mod policy;
mod run;
mod state;
mod step;

pub use desired::{Answer, Coverage, Desired, DesiredGroup, DesiredUser, Evidence, Presence};
pub use discovery::{Discovered, Discovery};
pub use error::{Error, ErrorKind};
pub use exchange::{Delivery, DeliveryId};
pub use finding::{Because, Finding};
pub use key::{GroupKey, Key, UserKey};
pub use observed::{Found, Observed, Sightings};
pub use operation::{Held, Match, Operation, OperationKind, Risk, Withheld, WithheldReason};
pub use plan::{LastSent, Plan, Tripped, plan};
pub use policy::{GroupManagement, Guard, Policy, UnmanagedMembers};
pub use run::{Outcome, OutcomeKind, Run, Summary};
pub use state::{Digest, GroupLink, Intent, Record, Refusal, Removal, State, StateChange, UserLink};
pub use step::{Machine, Step, Stopped};
