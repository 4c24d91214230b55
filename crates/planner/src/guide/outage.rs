//! A service that is down: how long it is left alone, and that nothing is concluded meanwhile.
//!
//! A caller may start a sync every minute, and need not know when the service is back. After a look or a run that failed as a whole, nothing is asked
//! for a minute, after the next one for two, and so on up to an hour ([`Pauses`](crate::Pauses)).
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
//! desired.set_user(UserKey::from("u3"), person("u3", "Cleo", "Dahl", "cleo@example.com")?);
//!
//! // A few tries over a few seconds, then the look ends. What was not seen is not concluded: Cleo is held, and nobody is missing.
//! site.is_down = true;
//! let (plan, asked) = site.sync(&desired, &policy)?;
//! assert!(!asked.is_empty() && plan.is_empty());
//! assert_eq!(plan.held()[0].findings[0].code, "NotSearched");
//! let quarantine = site.state()?.quarantine().cloned().ok_or("the failure is remembered")?;
//! assert_eq!((quarantine.failures, &*quarantine.reason), (1, "connection refused"));
//!
//! // The next process finds that in the store, and asks for nothing before its time.
//! let mut discovery = Discovery::new(&desired, site.state()?, LastSent::default(), &policy, 3);
//! assert!(site.drive(&mut discovery).is_empty());
//! let stopped = discovery.finish().stopped;
//! assert!(matches!(stopped, Some(Stopped::Quarantined { until, failures: 1, .. }) if until == quarantine.until()));
//!
//! // Still down when the pause is over: the next one is longer.
//! site.now = quarantine.until();
//! site.sync(&desired, &policy)?;
//! assert_eq!(site.state()?.quarantine().map(|quarantine| quarantine.failures), Some(2));
//!
//! // Back again, and a person who knows it does not wait. The first answer ends the quarantine.
//! site.is_down = false;
//! let mut now = policy.clone();
//! now.ignores_quarantine = true;
//! let (_, asked) = site.sync(&desired, &now)?;
//! assert_eq!(asked, ["ListUsers", "CreateUser"]);
//! assert_eq!(site.state()?.quarantine(), None);
//! # Ok(())
//! # }
//! ```
