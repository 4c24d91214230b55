//! What others do: changes at the service that are listed and set back, and an account that is never touched.
//!
//! *Drift.* A plan is about what the directory changed. What an administrator changed at the service shows only to who looks, and to look at
//! everything costs requests; so it is looked for when the policy says so ([`Drift`](crate::Drift)), once a night for example. What is found is
//! listed. Whether it is also set back is said for attributes, names, members and foreign groups apart.
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
//! # site.sync(&desired, &policy)?;
//! // At the service, somebody takes Anna out of the developers, and deactivates Bo.
//! let id = |key: &str| site.state().ok()?.user(&UserKey::from(key)).map(|link| link.id);
//! let (anna, bo) = (id("u1").ok_or("linked")?, id("u2").ok_or("linked")?);
//! let developers = site.state()?.group(&GroupKey::from("g1")).ok_or("linked")?.id;
//! site.service.remove_member(&developers, &anna);
//! site.service.edit_user(&bo, |user| user.attributes_mut().set("active", false));
//!
//! // A plan that does not look sees nothing of it, and asks for nothing.
//! let (plan, asked) = site.sync(&desired, &policy)?;
//! assert_eq!((plan.drift().len(), asked.len()), (0, 0));
//!
//! // A plan that looks lists it, and leaves it.
//! let mut nightly = policy.clone();
//! nightly.drift.observation = Observation::Full;
//! let (plan, _) = site.sync(&desired, &nightly)?;
//! assert_eq!((plan.drift().len(), plan.is_empty()), (2, true));
//! assert!(plan.explain().to_string().contains("active: true -> false"));
//!
//! // Set back, it is an operation like any other, with its reason.
//! nightly.drift.attributes = Correction::Repair;
//! nightly.drift.members = Correction::Repair;
//! let (plan, asked) = site.sync(&desired, &nightly)?;
//! assert!(asked.ends_with(&["PatchUser", "PatchGroup"]));
//! assert!(plan.operations().iter().all(|operation| operation.because.reason.starts_with("drift: ")));
//! assert!(site.service.members(&developers).contains(&anna));
//! let (plan, _) = site.sync(&desired, &nightly)?;
//! assert!(plan.drift().is_empty() && plan.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! *Protected.* There is an account for emergencies, made by hand, that no directory may ever change. It is on the policy's list
//! ([`Protected`](crate::Protected)), by its identifier or by its name, and whatever the directory says, nothing is done to it.
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
//! let json = br#"{"userName":"rescue@example.com","displayName":"Rescue","name":{"givenName":"Res","familyName":"Cue"},"active":true}"#;
//! let rescue = site.service.seed_user(Resource::from_json(json)?);
//!
//! // By mistake, the directory has a person with that address, who is a developer. Without the list, the account would be adopted (E-5).
//! desired.set_user(UserKey::from("u9"), person("u9", "Wrong", "Person", "rescue@example.com")?);
//! desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u2", "u9"])?);
//! let mut careful = policy.clone();
//! careful.protected.user(Protection::Name("rescue@example.com".to_owned()));
//! let before = site.service.user(&rescue).cloned();
//! let (plan, asked) = site.sync(&desired, &careful)?;
//! assert_eq!(asked, ["ListUsers"]);
//! assert_eq!(plan.held()[0].findings[0].code, "Protected");
//! assert_eq!(site.service.user(&rescue).cloned(), before);
//! # Ok(())
//! # }
//! ```
