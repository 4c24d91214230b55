//! Names, groups, people: what changes, what is deactivated, and what alone is deleted.
//!
//! *Names.* Records are told apart by the directory's identifiers, and objects by the service's. A name is an attribute: it changes, and nothing is
//! deleted or created for it (AC-06, UL-08). Where two people exchange their addresses, one of them takes a third name for a moment, because the
//! service lets no two have the same (E-10).
//!
//! *Groups.* A group that is not associated with the application any more is left as it is, with its members and the permission sets that hang on it
//! (GM-16). Its people are still in the directory, so they are *present*: whoever is in no other group is deactivated, and nobody is deleted (GM-17).
//! Associated again, the same people are active again, under the same identifiers (GM-19, GM-21).
//!
//! *People.* Only who is *absent* is deleted: not in the directory, and the directory was read to its end (IC-12).
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
//! fn names(plan: &Plan) -> Vec<&'static str> {
//!     plan.operations().iter().map(|operation| operation.kind.name()).collect()
//! }
//! let ids: Vec<_> = site.service.users().chain(site.service.groups()).map(Resource::id).collect();
//!
//! // Anna marries, and the group gets another name. One look: whether another group has that name (GM-15).
//! desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Holm", "anna.holm@example.com")?);
//! desired.set_group(GroupKey::from("g1"), group("g1", "Engineers", &["u1", "u2"])?);
//! let (plan, asked) = site.sync(&desired, &policy)?;
//! assert_eq!(asked, ["ListGroups", "PatchUser", "PatchGroup"]);
//! let text = plan.explain().to_string();
//! assert!(text.contains("because UL-08: has another e-mail address or username in the directory"));
//! assert!(text.contains(r#"name.familyName: "Berg" -> "Holm""#));
//! assert!(text.contains(r#"displayName: "Developers" -> "Engineers""#));
//! // Her display name was written when she was created, and is not corrected (AC-04).
//! assert!(!text.contains("Anna Holm"));
//!
//! // The group is disassociated, and nothing else entitles the two.
//! let mut unbound = desired.clone();
//! let because = Because::new("GM-16", "is not associated with the application any more");
//! unbound.set_group(GroupKey::from("g1"), Answer::Present(Presence::new(because, Evidence::Record)));
//! for key in ["u1", "u2"] {
//!     let because = Because::new("GM-20", "is in no bound group and not bound directly");
//!     unbound.set_user(UserKey::from(key), Answer::Present(Presence::new(because, Evidence::Absence)));
//! }
//! let (plan, asked) = site.sync(&unbound, &policy)?;
//! assert_eq!(names(&plan), ["updateUser", "updateUser", "releaseGroup"]);
//! assert_eq!(asked, ["PatchUser", "PatchUser"]);
//!
//! // Associated again. Nobody knows who was in the group meanwhile, so its members are read; nothing needs to change there.
//! let (plan, asked) = site.sync(&desired, &policy)?;
//! assert_eq!(names(&plan), ["updateUser", "updateUser", "adoptGroup"]);
//! assert_eq!(asked, ["ListUsers", "PatchUser", "PatchUser"]);
//! let after: Vec<_> = site.service.users().chain(site.service.groups()).map(Resource::id).collect();
//! assert_eq!(after, ids);
//!
//! // Bo leaves the company. The service drops his membership with him, so no request does (IC-13).
//! let mut without_bo = directory(Coverage::Complete)?;
//! without_bo.set_user(UserKey::from("u1"), desired.user(&UserKey::from("u1")));
//! without_bo.set_group(GroupKey::from("g1"), group("g1", "Engineers", &["u1"])?);
//! let (plan, asked) = site.sync(&without_bo, &policy)?;
//! assert_eq!((names(&plan), asked), (vec!["deleteUser"], vec!["DeleteUser"]));
//! # Ok(())
//! # }
//! ```
