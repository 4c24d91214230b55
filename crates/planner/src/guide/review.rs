//! A plan in a file: saved, read by a person and carried out later; and refused when it is out of date.
//!
//! A plan is made in the morning and approved in the afternoon. In between, somebody else may sync, or change the policy, or the directory moves on.
//! A [`SavedPlan`](crate::SavedPlan) holds the fingerprints of what it was made of, and is read only over exactly that.
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
//! desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Holm", "anna.holm@example.com")?);
//! let Looked { plan, state, .. } = site.look(&Scope::all(), &desired, &policy)?;
//! let file = SavedPlan::new(plan, &desired, &state, &policy).to_json();
//!
//! // Three people open it in an editor, and one of them leaves a word behind.
//! let altered = file.replace("Holm", "Holmes");
//! let refused = SavedPlan::from_json(altered.as_bytes(), &site.state()?, &policy).unwrap_err();
//! assert!(matches!(refused.kind(), ErrorKind::SavedPlanAltered { .. }));
//!
//! // In the afternoon, another process reads it over what the store holds. Nothing is looked at again: it is the same plan.
//! let saved = SavedPlan::from_json(file.as_bytes(), &site.state()?, &policy)?;
//! assert!(saved.is_made_from(&desired));
//! assert!(saved.plan().explain().to_string().contains(r#"name.familyName: "Berg" -> "Holm""#));
//! let mut run = Run::new(saved.plan(), site.state()?, &policy, 2);
//! assert_eq!(site.drive(&mut run), ["PatchUser"]);
//!
//! // Carried out once, it is not carried out again: the state is not the one that it was made of.
//! let refused = SavedPlan::from_json(file.as_bytes(), &site.state()?, &policy).unwrap_err();
//! assert!(refused.to_string().contains("something was synced since; plan again"));
//!
//! // Nor by a policy that decides otherwise. How fast it goes is nobody's concern.
//! let Looked { plan, state, .. } = site.look(&Scope::all(), &desired, &policy)?;
//! let file = SavedPlan::new(plan, &desired, &state, &policy).to_json();
//! let mut other = policy.clone();
//! other.in_flight = 1;
//! assert!(SavedPlan::from_json(file.as_bytes(), &state, &other).is_ok());
//! other.allowance = Some(100);
//! let refused = SavedPlan::from_json(file.as_bytes(), &state, &other).unwrap_err();
//! assert!(refused.to_string().contains("the policy's allowance"));
//! # Ok(())
//! # }
//! ```
//!
//! What the service itself did meanwhile is in no fingerprint. It need not be: what a run finds otherwise than it was planned, a name that is taken
//! by now or an object that is gone, it looks up before it goes on, as in any other run.
