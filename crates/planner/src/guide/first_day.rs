//! The first day: wishes, a look, a plan and a run; and a second run that does nothing.
//!
//! The directory has two people, Anna and Bo, and one group, Developers, that is associated with the application. Whoever reads the directory gives
//! an [`Answer`](crate::Answer) for each of its records. Here, both people are wanted, because they are in the group.
//!
//! ```
#![doc = include_str!("../../guide/company.rs")]
//!
//! let desired = company()?;
//! assert_eq!((desired.users().count(), desired.groups().count()), (2, 1));
//! # Ok::<(), Error>(())
//! ```
//!
//! The other half is the loop. It decides nothing: it stores what it is told to store, sends what it is told to send, and tells what came of it.
//! Here the store is a map and the service an emulator, which answers at once.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/company.rs"));
#![doc = include_str!("../../guide/site.rs")]
//! # fn main() {}
//! ```
//!
//! Now the first plan, and the first run:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/company.rs"));
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/site.rs"));
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use idbridge_planner::GroupManagement;
//! use idbridge_scim::Profile;
//!
//! let mut site = Site::new();
//! let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
//! let desired = company()?;
//!
//! // One page of users and one of groups say that nobody is there. To look three records up would take more requests.
//! let Looked { plan, state, asked } = site.look(&Scope::all(), &desired, &policy)?;
//! assert_eq!(asked, ["ListUsers", "ListGroups"]);
//!
//! // The plan is for reading. Nothing has been written yet, and nothing need be.
//! assert_eq!(
//!     plan.explain().to_string(),
//!     r#"Plan: 3 changes (1 create group, 2 create user). 0 records are as they shall be.
//! Cost: 3 writes (1 CreateGroup, 2 CreateUser), at least 0.1 s.
//!
//! Creates
//!   + create user anna@example.com [u1]  because UL-01: is entitled (in Developers) and not at the service
//!       externalId: none -> "u1"
//!       userName: none -> "anna@example.com"
//!       emails: none -> [{"value":"anna@example.com","type":"work","primary":true}]
//!       name: none -> {"givenName":"Anna","familyName":"Berg"}
//!       displayName: none -> "Anna Berg"
//!       active: none -> true
//!   + create user bo@example.com [u2]  because UL-01: is entitled (in Developers) and not at the service
//!       externalId: none -> "u2"
//!       userName: none -> "bo@example.com"
//!       emails: none -> [{"value":"bo@example.com","type":"work","primary":true}]
//!       name: none -> {"givenName":"Bo","familyName":"Ek"}
//!       displayName: none -> "Bo Ek"
//!       active: none -> true
//!   + create group Developers [g1]  because GM-11: is associated with the application and not at the service
//!       displayName: none -> "Developers"
//!       externalId: none -> "g1"
//!       members: none -> 2 (anna@example.com, bo@example.com)
//!
//! Looked at
//!   . users: list by cursor, 1 request (2 records to find)
//!   . groups: list by cursor, 1 request (1 record to find)
//! "#
//! );
//!
//! // The people go first, because the group names them by identifiers that the service gives them (GM-04).
//! let mut run = Run::new(&plan, state, &policy, 2);
//! assert_eq!(site.drive(&mut run), ["CreateUser", "CreateUser", "CreateGroup"]);
//! assert_eq!((run.summary().done, run.summary().failed), (3, 0));
//!
//! // With a known state and nothing new, nothing is read and nothing is written (AM-21).
//! let (plan, asked) = site.sync(&desired, &policy)?;
//! assert_eq!((plan.unchanged(), asked.len()), (3, 0));
//! # Ok(())
//! # }
//! ```
