//! One thing at a time: somebody joins, and a look, a plan and a run of that alone.
//!
//! A directory that tells what happens in it need not be read as a whole each time. An [`Event`](crate::Event) brings the new answers of the records
//! that it concerns, because who is entitled is decided where answers are made; [`Desired::apply`](crate::Desired::apply) takes them in and says what
//! has to be looked at and planned ([`Scope`](crate::Scope)). A plan within that scope does to these records what a full plan would do to them
//! (GM-13), in a time that does not grow with the company.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/company.rs"));
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/site.rs"));
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use idbridge_planner::*;
//! # use idbridge_scim::Profile;
//! # let mut site = Site::new();
//! # let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
//! # let mut desired = company()?;
//! # site.sync(&desired, &policy)?;
//! // Cleo is hired, and joins the developers.
//! let (cleo, developers) = (UserKey::from("u3"), GroupKey::from("g1"));
//! let hired = Event::UserCreated { key: cleo.clone(), answer: person("u3", "Cleo", "Dahl", "cleo@example.com")? };
//! let joins = Event::MembershipAdded {
//!     group: developers.clone(),
//!     user: cleo.clone(),
//!     answer: person("u3", "Cleo", "Dahl", "cleo@example.com")?,
//! };
//! let state = site.state()?;
//! desired.apply(hired, &state);
//! let scope = desired.apply(joins, &state);
//!
//! // Her account, and of the group the one membership: neither the others in it nor its name.
//! assert_eq!(scope.keys().into_iter().flatten().map(ToString::to_string).collect::<Vec<_>>(), ["user u3"]);
//! assert_eq!(scope.memberships().map(|(group, users)| (group, users.len())).collect::<Vec<_>>(), [(&developers, 1)]);
//!
//! let Looked { plan, state, asked } = site.look(&scope, &desired, &policy)?;
//! assert_eq!(asked, ["ListUsers"]);
//! let names: Vec<_> = plan.operations().iter().map(|operation| operation.kind.name()).collect();
//! assert_eq!(names, ["createUser", "addMembers"]);
//! assert_eq!(site.drive(&mut Run::new(&plan, state, &policy, 2)), ["CreateUser", "PatchGroup"]);
//!
//! // The next full run finds nothing to do. It makes good what an event that was missed left undone, so it stays the one that is relied on.
//! let (plan, asked) = site.sync(&desired, &policy)?;
//! assert_eq!((plan.unchanged(), asked.len()), (4, 0));
//! # Ok(())
//! # }
//! ```
//!
//! The guard counts the removals of the last day whichever plan they were in, so a hundred events that each delete one person are withheld like one
//! plan that deletes a hundred (E-8).
