//! What is not done: a record that is held, a source that is not complete, the guard, and what waits behind it.
//!
//! *Held.* A record that is not complete, or that wants what somebody else has, is no error of the run. It is a finding about one record, with what
//! to change, and everything else goes on. Whoever is held keeps what he has, his place in the group included.
//!
//! *Not concluded.* If a page of the directory is missing, whoever is not in it may be on that page. Nothing is taken away for it, and the plan says
//! so (UL-11).
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
//! // Bo has no last name any more, a third person wants Anna's address, and Dag is new.
//! let nameless = Finding::new("MissingRequired", "name.familyName is required and has no value").with_remedy("fill in the last name");
//! desired.set_user(UserKey::from("u2"), Answer::Hold(vec![nameless]));
//! desired.set_user(UserKey::from("u3"), person("u3", "Anna", "Ek", "Anna@example.com")?);
//! desired.set_user(UserKey::from("u4"), person("u4", "Dag", "Foss", "dag@example.com")?);
//! desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u4"])?);
//! let (plan, asked) = site.sync(&desired, &policy)?;
//! let held: Vec<String> = plan.held().iter().flat_map(|held| &held.findings).map(ToString::to_string).collect();
//! assert_eq!(
//!     held,
//!     [
//!         "MissingRequired, user u2 (bo@example.com): name.familyName is required and has no value; remedy: fill in the last name",
//!         "DuplicateEmail, user u3 (Anna@example.com): the userName \"anna@example.com\" is wanted by user u1 as well, who keeps it; \
//!          remedy: give one of the two another e-mail address",
//!     ]
//! );
//! assert_eq!(asked, ["ListUsers", "CreateUser", "PatchGroup"]);
//!
//! // A page is missing, and only Anna is on the others.
//! let partial = Coverage::Partial { reasons: vec!["page 2 of 2 was answered 500".to_owned()] };
//! let (plan, asked) = site.sync(&directory(partial)?, &policy)?;
//! assert!(plan.is_withholding() && plan.is_empty() && asked.is_empty());
//! assert!(plan.held().iter().all(|held| held.findings[0].code == "SourceIncomplete"));
//! # Ok(())
//! # }
//! ```
//!
//! *Withheld.* One morning, six of eight people are not in the directory, and it was read to its end. That may be so. It may also be a filter that
//! somebody changed, or a directory that was restored from an old copy. More than five within a day, and more than a fifth of those who are linked,
//! do not go until a person has said how many may (E-8).
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/company.rs"));
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/site.rs"));
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use idbridge_planner::*;
//! # use idbridge_scim::Profile;
//! # let mut site = Site::new();
//! # let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
//! // Eight people, of whom six are gone the next morning.
//! let mut eight = company()?;
//! for key in ["u4", "u5", "u6", "u7", "u8", "u9"] {
//!     eight.set_user(UserKey::from(key), person(key, "Some", "Body", &format!("{key}@example.com"))?);
//! }
//! site.sync(&eight, &policy)?;
//! let (plan, asked) = site.sync(&company()?, &policy)?;
//! assert_eq!((plan.withheld().len(), asked.len()), (6, 0));
//! let tripped = plan.tripped().ok_or("the guard tripped")?;
//! assert_eq!(
//!     tripped.to_string(),
//!     "The guard: 6 users would be deleted or deactivated (at most 5), 0 groups deleted (at most 5). Nothing that takes access away is \
//!      sent. To let this run take away these 6 objects, allow 6 removals."
//! );
//!
//! // What is withheld is staged: the state says of whom, what, and since when, so that a person can be asked about it.
//! site.now += Duration::from_secs(60 * 60);
//! site.sync(&company()?, &policy)?;
//! let state = site.state()?;
//! assert_eq!(state.staged().count(), 6);
//! let longest = state.staged().map(|staged| staged.since).min().ok_or("six are staged")?;
//! assert!(site.now.duration_since(longest)? >= Duration::from_secs(60 * 60));
//!
//! // Somebody has looked, and it is so. The allowance is for one run, and for as many as were read.
//! let mut allowed = policy.clone();
//! allowed.allowance = Some(tripped.objects());
//! let (_, asked) = site.sync(&company()?, &allowed)?;
//! assert_eq!(asked, ["DeleteUser"; 6]);
//!
//! assert_eq!(site.state()?.staged().count(), 0);
//!
//! // They count for a day: until then, not even Anna could go. Who comes, comes.
//! site.now += Duration::from_secs(60 * 60);
//! let mut without_anna = company()?;
//! without_anna.set_user(UserKey::from("u1"), Answer::Absent);
//! without_anna.set_user(UserKey::from("u5"), person("u5", "Eva", "Lund", "eva@example.com")?);
//! let (plan, _) = site.sync(&without_anna, &policy)?;
//! assert_eq!(plan.tripped().map(|tripped| (tripped.users, tripped.earlier_users)), Some((1, 6)));
//! assert_eq!(plan.operations()[0].kind.name(), "createUser");
//! # Ok(())
//! # }
//! ```
