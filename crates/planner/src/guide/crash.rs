//! A process that ends between a request and its answer, and what the next one does.
//!
//! Before a write goes out, its intent is in the store. So a process can end with an intent that was never sent, or with a request whose answer
//! nobody heard. From the store the two look the same, and they are treated the same: the next run looks (UL-03).
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/company.rs"));
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/site.rs"));
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use idbridge_planner::*;
//! # use idbridge_scim::Profile;
//! # let mut site = Site::new();
//! # let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
//! # let desired = company()?;
//! let Looked { plan, state, .. } = site.look(&Scope::all(), &desired, &policy)?;
//! let mut run = Run::new(&plan, state, &policy, 2);
//!
//! // The process ends behind the first request: the service has Anna, and nobody knows it.
//! let sent = loop {
//!     match run.next_step(site.now) {
//!         Step::Store(records) => site.keep(records),
//!         Step::Wait { until } => site.now = until,
//!         Step::Send { request, .. } => break request,
//!         Step::Blocked | Step::Done => unreachable!("there is something to send"),
//!     }
//! };
//! site.service.handle(&sent, site.now);
//! drop(run);
//! assert!(site.state()?.has_intents());
//! assert_eq!(site.service.users().count(), 1);
//!
//! // The next process looks for both people whose creation was intended, by externalId and, Bo not being found, by name. Anna is linked, Bo is
//! // created, and nobody twice.
//! let (plan, asked) = site.sync(&desired, &policy)?;
//! let names: Vec<_> = plan.operations().iter().map(|operation| operation.kind.name()).collect();
//! assert_eq!(names, ["createUser", "createGroup"]);
//! assert_eq!(asked.iter().filter(|operation| **operation == "CreateUser").count(), 1);
//! assert_eq!(site.service.users().count(), 2);
//! assert!(!site.state()?.has_intents());
//! # Ok(())
//! # }
//! ```
//!
//! There is no other recovery, and nothing to repair by hand. A run that is cancelled, a token that is refused half-way, a service that goes away
//! ([`Stopped`](crate::Stopped)): all of them leave links, intents, or both, and the next run goes on from there.
//!
//! # Two processes
//!
//! What if the first process was not dead, but slow? Each machine that writes takes the next number of the state's generation with its first batch
//! of records, and each batch says which number it expects ([`Record::expected`](crate::Record::expected)). A store that compares before it commits
//! takes nothing from the one that was overtaken, which therefore sends nothing: no request goes out before its intent is stored.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/company.rs"));
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/site.rs"));
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use idbridge_planner::*;
//! # use idbridge_scim::Profile;
//! # let mut site = Site::new();
//! # let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
//! # let desired = company()?;
//! let Looked { plan, state, .. } = site.look(&Scope::all(), &desired, &policy)?;
//! let mut slow = Run::new(&plan, state.clone(), &policy, 2);
//! let mut quick = Run::new(&plan, state, &policy, 3);
//! assert_eq!(site.drive(&mut quick).len(), 3);
//!
//! let Step::Store(records) = slow.next_step(site.now) else { unreachable!("intents come before requests") };
//! let late = records.iter().find(|record| record.expected().is_some()).ok_or("a batch is led by the generation")?;
//! assert!(!late.may_replace(site.store.get(late.key()).map(Vec::as_slice)));
//! # Ok(())
//! # }
//! ```
