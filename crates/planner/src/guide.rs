//! A small company, from its first day to the day on which half of it seems to have left.
//!
//! Each example runs against the emulated service. What they need besides this crate is shown once, in the first chapter, and hidden in the others:
//! how the records of a directory become wishes, and the loop that owns the connection and the store.
//!
//! | chapter | what it shows |
//! | --- | --- |
//! | [The first day](#the-first-day) | wishes, a look, a plan, a run; and that the second run does nothing |
//! | [A crash](#a-crash) | a process that ends between a request and its answer, and what the next one does |
//! | [Names, groups, people](#names-groups-people) | what changes, what is deactivated, and what alone is deleted |
//! | [What is not done](#what-is-not-done) | a record that is held, a source that is not complete, and the guard |
//!
//! # The first day
//!
//! The directory has two people, Anna and Bo, and one group, Developers, that is associated with the application. Whoever reads the directory gives
//! an [`Answer`](crate::Answer) for each of its records. Here, both people are wanted, because they are in the group.
//!
//! ```
//! use idbridge_planner::{Answer, Coverage, Desired, DesiredGroup, DesiredUser, GroupKey, UserKey};
//! use idbridge_scim::{Error, Resource};
//!
//! fn person(key: &str, given: &str, family: &str, mail: &str) -> Result<Answer<DesiredUser>, Error> {
//!     let json = format!(
//!         r#"{{"externalId":"{key}","userName":"{mail}","emails":[{{"value":"{mail}","type":"work","primary":true}}],
//!         "name":{{"givenName":"{given}","familyName":"{family}"}},"displayName":"{given} {family}","active":true}}"#
//!     );
//!     Ok(Answer::Want(DesiredUser::new(Resource::from_json(json.as_bytes())?).entitled_by("in Developers")))
//! }
//!
//! fn group(key: &str, name: &str, members: &[&str]) -> Result<Answer<DesiredGroup>, Error> {
//!     let resource = Resource::from_json(format!(r#"{{"displayName":"{name}","externalId":"{key}"}}"#).as_bytes())?;
//!     Ok(Answer::Want(DesiredGroup::new(resource, members.iter().map(|key| UserKey::from(*key)).collect())))
//! }
//!
//! fn directory(coverage: Coverage) -> Result<Desired, Error> {
//!     let mut desired = Desired::new(coverage);
//!     // What an update may touch. The display name is not among it, so it is written once, when somebody is created.
//!     let managed = ["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active"];
//!     desired.manage_user(managed.into_iter().map(str::parse).collect::<Result<_, _>>()?);
//!     desired.manage_group(vec!["displayName".parse()?, "externalId".parse()?]);
//!     desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Berg", "anna@example.com")?);
//!     Ok(desired)
//! }
//!
//! fn company() -> Result<Desired, Error> {
//!     let mut desired = directory(Coverage::Complete)?;
//!     desired.set_user(UserKey::from("u2"), person("u2", "Bo", "Ek", "bo@example.com")?);
//!     desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u2"])?);
//!     Ok(desired)
//! }
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
//! use idbridge_emulator::{Service, Settings};
//! use idbridge_planner::{Delivery, Desired, Discovery, GroupManagement, LastSent, Machine, Plan, Policy, Record, Run, State, Step, plan};
//! use idbridge_scim::{Profile, Resource};
//! use std::collections::BTreeMap;
//! use std::time::{Duration, SystemTime};
//!
//! # use idbridge_planner::{Answer, Coverage, DesiredGroup, DesiredUser, GroupKey, UserKey};
//! # use idbridge_scim::Error;
//! # fn person(key: &str, given: &str, family: &str, mail: &str) -> Result<Answer<DesiredUser>, Error> {
//! #     let json = format!(
//! #         r#"{{"externalId":"{key}","userName":"{mail}","emails":[{{"value":"{mail}","type":"work","primary":true}}],
//! #         "name":{{"givenName":"{given}","familyName":"{family}"}},"displayName":"{given} {family}","active":true}}"#
//! #     );
//! #     Ok(Answer::Want(DesiredUser::new(Resource::from_json(json.as_bytes())?).entitled_by("in Developers")))
//! # }
//! # fn group(key: &str, name: &str, members: &[&str]) -> Result<Answer<DesiredGroup>, Error> {
//! #     let resource = Resource::from_json(format!(r#"{{"displayName":"{name}","externalId":"{key}"}}"#).as_bytes())?;
//! #     Ok(Answer::Want(DesiredGroup::new(resource, members.iter().map(|key| UserKey::from(*key)).collect())))
//! # }
//! # fn directory(coverage: Coverage) -> Result<Desired, Error> {
//! #     let mut desired = Desired::new(coverage);
//! #     let managed = ["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active"];
//! #     desired.manage_user(managed.into_iter().map(str::parse).collect::<Result<_, _>>()?);
//! #     desired.manage_group(vec!["displayName".parse()?, "externalId".parse()?]);
//! #     desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Berg", "anna@example.com")?);
//! #     Ok(desired)
//! # }
//! # fn company() -> Result<Desired, Error> {
//! #     let mut desired = directory(Coverage::Complete)?;
//! #     desired.set_user(UserKey::from("u2"), person("u2", "Bo", "Ek", "bo@example.com")?);
//! #     desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u2"])?);
//! #     Ok(desired)
//! # }
//! struct Site {
//!     service: Service,
//!     store: BTreeMap<String, Vec<u8>>,
//!     now: SystemTime,
//! }
//!
//! impl Site {
//!     fn keep(&mut self, records: Vec<Record>) {
//!         for record in records {
//!             match record.value() {
//!                 Some(value) => self.store.insert(record.key().to_owned(), value.to_vec()),
//!                 None => self.store.remove(record.key()),
//!             };
//!         }
//!     }
//!
//!     /// Drives a machine to its end, and says what was asked of the service.
//!     fn drive(&mut self, machine: &mut dyn Machine) -> Vec<&'static str> {
//!         let mut asked = Vec::new();
//!         loop {
//!             match machine.next_step(self.now) {
//!                 Step::Store(records) => self.keep(records),
//!                 Step::Send { id, request } => {
//!                     asked.push(request.operation());
//!                     let reply = self.service.handle(&request, self.now);
//!                     machine.handle_delivery(id, Delivery::Answered(reply), self.now);
//!                 }
//!                 Step::Wait { until } => self.now = until,
//!                 Step::Blocked => unreachable!("every outcome was told at once"),
//!                 Step::Done => return asked,
//!             }
//!         }
//!     }
//!
//!     /// Looks, and plans over what was seen and what the store holds.
//!     fn look(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, State, Vec<&'static str>), Box<dyn std::error::Error>> {
//!         let state = State::restore(self.store.clone())?;
//!         let mut last_sent = LastSent::default();
//!         for key in LastSent::needed(desired, &state) {
//!             if let Some(json) = self.store.get(&State::last_sent_record(&key)) {
//!                 last_sent.insert(key, Resource::from_json(json)?);
//!             }
//!         }
//!         let mut discovery = Discovery::new(desired, state, last_sent, policy, 1);
//!         let asked = self.drive(&mut discovery);
//!         let found = discovery.finish();
//!         let plan = plan(desired, &found.observed, &found.state, &found.last_sent, policy, self.now);
//!         Ok((plan, found.state, asked))
//!     }
//!
//!     /// The same, and carries the plan out.
//!     fn sync(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, Vec<&'static str>), Box<dyn std::error::Error>> {
//!         let (plan, state, mut asked) = self.look(desired, policy)?;
//!         asked.extend(self.drive(&mut Run::new(&plan, state, policy, 2)));
//!         Ok((plan, asked))
//!     }
//! }
//!
//! let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
//! let mut site = Site { service: Service::new(Settings::unhurried()), store: BTreeMap::new(), now };
//! let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
//! let desired = company()?;
//!
//! // One page of users and one of groups say that nobody is there. To look three records up would take more requests.
//! let (plan, state, asked) = site.look(&desired, &policy)?;
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
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A crash
//!
//! Before a write goes out, its intent is in the store. So a process can end with an intent that was never sent, or with a request whose answer
//! nobody heard. From the store the two look the same, and they are treated the same: the next run looks (UL-03).
//!
//! ```
//! # use idbridge_emulator::{Service, Settings};
//! # use idbridge_planner::*;
//! # use idbridge_scim::{Error, Profile, Resource};
//! # use std::collections::BTreeMap;
//! # use std::time::{Duration, SystemTime};
//! # type Any<T> = Result<T, Box<dyn std::error::Error>>;
//! # fn person(key: &str, given: &str, family: &str, mail: &str) -> Result<Answer<DesiredUser>, Error> {
//! #     let json = format!(
//! #         r#"{{"externalId":"{key}","userName":"{mail}","emails":[{{"value":"{mail}","type":"work","primary":true}}],
//! #         "name":{{"givenName":"{given}","familyName":"{family}"}},"displayName":"{given} {family}","active":true}}"#
//! #     );
//! #     Ok(Answer::Want(DesiredUser::new(Resource::from_json(json.as_bytes())?).entitled_by("in Developers")))
//! # }
//! # fn group(key: &str, name: &str, members: &[&str]) -> Result<Answer<DesiredGroup>, Error> {
//! #     let resource = Resource::from_json(format!(r#"{{"displayName":"{name}","externalId":"{key}"}}"#).as_bytes())?;
//! #     Ok(Answer::Want(DesiredGroup::new(resource, members.iter().map(|key| UserKey::from(*key)).collect())))
//! # }
//! # fn directory(coverage: Coverage) -> Result<Desired, Error> {
//! #     let mut desired = Desired::new(coverage);
//! #     let managed = ["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active"];
//! #     desired.manage_user(managed.into_iter().map(str::parse).collect::<Result<_, _>>()?);
//! #     desired.manage_group(vec!["displayName".parse()?, "externalId".parse()?]);
//! #     desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Berg", "anna@example.com")?);
//! #     Ok(desired)
//! # }
//! # fn company() -> Result<Desired, Error> {
//! #     let mut desired = directory(Coverage::Complete)?;
//! #     desired.set_user(UserKey::from("u2"), person("u2", "Bo", "Ek", "bo@example.com")?);
//! #     desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u2"])?);
//! #     Ok(desired)
//! # }
//! # struct Site { service: Service, store: BTreeMap<String, Vec<u8>>, now: SystemTime }
//! # impl Site {
//! #     fn keep(&mut self, records: Vec<Record>) {
//! #         for record in records {
//! #             match record.value().map(<[u8]>::to_vec) {
//! #                 Some(value) => self.store.insert(record.key().to_owned(), value),
//! #                 None => self.store.remove(record.key()),
//! #             };
//! #         }
//! #     }
//! #     fn drive(&mut self, machine: &mut dyn Machine, asked: &mut Vec<&'static str>) {
//! #         loop {
//! #             match machine.next_step(self.now) {
//! #                 Step::Store(records) => self.keep(records),
//! #                 Step::Send { id, request } => {
//! #                     asked.push(request.operation());
//! #                     machine.handle_delivery(id, Delivery::Answered(self.service.handle(&request, self.now)), self.now);
//! #                 }
//! #                 Step::Wait { until } => self.now = until,
//! #                 Step::Blocked | Step::Done => return,
//! #             }
//! #         }
//! #     }
//! #     fn look(&mut self, desired: &Desired, policy: &Policy, asked: &mut Vec<&'static str>) -> Any<(Plan, State)> {
//! #         let state = State::restore(self.store.clone())?;
//! #         let mut sent = LastSent::default();
//! #         for key in LastSent::needed(desired, &state) {
//! #             sent.insert(key.clone(), Resource::from_json(&self.store[&State::last_sent_record(&key)])?);
//! #         }
//! #         let mut discovery = Discovery::new(desired, state, sent, policy, 1);
//! #         self.drive(&mut discovery, asked);
//! #         let found = discovery.finish();
//! #         Ok((plan(desired, &found.observed, &found.state, &found.last_sent, policy, self.now), found.state))
//! #     }
//! #     fn sync(&mut self, desired: &Desired, policy: &Policy) -> Any<(Plan, Vec<&'static str>)> {
//! #         let mut asked = Vec::new();
//! #         let (plan, state) = self.look(desired, policy, &mut asked)?;
//! #         self.drive(&mut Run::new(&plan, state, policy, 2), &mut asked);
//! #         Ok((plan, asked))
//! #     }
//! # }
//! # fn main() -> Any<()> {
//! # let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
//! # let mut site = Site { service: Service::new(Settings::unhurried()), store: BTreeMap::new(), now };
//! # let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
//! # let desired = company()?;
//! # let mut asked = Vec::new();
//! let (plan, state) = site.look(&desired, &policy, &mut asked)?;
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
//! assert!(State::restore(site.store.clone())?.has_intents());
//! assert_eq!(site.service.users().count(), 1);
//!
//! // The next process looks for both people whose creation was intended, by externalId and, Bo not being found, by name. Anna is linked, Bo is
//! // created, and nobody twice.
//! let (plan, asked) = site.sync(&desired, &policy)?;
//! let names: Vec<_> = plan.operations().iter().map(|operation| operation.kind.name()).collect();
//! assert_eq!(names, ["createUser", "createGroup"]);
//! assert_eq!(asked.iter().filter(|operation| **operation == "CreateUser").count(), 1);
//! assert_eq!(site.service.users().count(), 2);
//! assert!(!State::restore(site.store.clone())?.has_intents());
//! # Ok(())
//! # }
//! ```
//!
//! There is no other recovery, and nothing to repair by hand. A run that is cancelled, a token that is refused half-way, a service that goes away
//! ([`Stopped`](crate::Stopped)): all of them leave links, intents, or both, and the next run goes on from there.
//!
//! # Names, groups, people
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
//! # use idbridge_emulator::{Service, Settings};
//! # use idbridge_planner::*;
//! # use idbridge_scim::{Error, Profile, Resource};
//! # use std::collections::BTreeMap;
//! # use std::time::{Duration, SystemTime};
//! # type Any<T> = Result<T, Box<dyn std::error::Error>>;
//! # fn person(key: &str, given: &str, family: &str, mail: &str) -> Result<Answer<DesiredUser>, Error> {
//! #     let json = format!(
//! #         r#"{{"externalId":"{key}","userName":"{mail}","emails":[{{"value":"{mail}","type":"work","primary":true}}],
//! #         "name":{{"givenName":"{given}","familyName":"{family}"}},"displayName":"{given} {family}","active":true}}"#
//! #     );
//! #     Ok(Answer::Want(DesiredUser::new(Resource::from_json(json.as_bytes())?).entitled_by("in Developers")))
//! # }
//! # fn group(key: &str, name: &str, members: &[&str]) -> Result<Answer<DesiredGroup>, Error> {
//! #     let resource = Resource::from_json(format!(r#"{{"displayName":"{name}","externalId":"{key}"}}"#).as_bytes())?;
//! #     Ok(Answer::Want(DesiredGroup::new(resource, members.iter().map(|key| UserKey::from(*key)).collect())))
//! # }
//! # fn directory(coverage: Coverage) -> Result<Desired, Error> {
//! #     let mut desired = Desired::new(coverage);
//! #     let managed = ["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active"];
//! #     desired.manage_user(managed.into_iter().map(str::parse).collect::<Result<_, _>>()?);
//! #     desired.manage_group(vec!["displayName".parse()?, "externalId".parse()?]);
//! #     desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Berg", "anna@example.com")?);
//! #     Ok(desired)
//! # }
//! # fn company() -> Result<Desired, Error> {
//! #     let mut desired = directory(Coverage::Complete)?;
//! #     desired.set_user(UserKey::from("u2"), person("u2", "Bo", "Ek", "bo@example.com")?);
//! #     desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u2"])?);
//! #     Ok(desired)
//! # }
//! # struct Site { service: Service, store: BTreeMap<String, Vec<u8>>, now: SystemTime }
//! # impl Site {
//! #     fn keep(&mut self, records: Vec<Record>) {
//! #         for record in records {
//! #             match record.value().map(<[u8]>::to_vec) {
//! #                 Some(value) => self.store.insert(record.key().to_owned(), value),
//! #                 None => self.store.remove(record.key()),
//! #             };
//! #         }
//! #     }
//! #     fn drive(&mut self, machine: &mut dyn Machine, asked: &mut Vec<&'static str>) {
//! #         loop {
//! #             match machine.next_step(self.now) {
//! #                 Step::Store(records) => self.keep(records),
//! #                 Step::Send { id, request } => {
//! #                     asked.push(request.operation());
//! #                     machine.handle_delivery(id, Delivery::Answered(self.service.handle(&request, self.now)), self.now);
//! #                 }
//! #                 Step::Wait { until } => self.now = until,
//! #                 Step::Blocked | Step::Done => return,
//! #             }
//! #         }
//! #     }
//! #     fn look(&mut self, desired: &Desired, policy: &Policy, asked: &mut Vec<&'static str>) -> Any<(Plan, State)> {
//! #         let state = State::restore(self.store.clone())?;
//! #         let mut sent = LastSent::default();
//! #         for key in LastSent::needed(desired, &state) {
//! #             sent.insert(key.clone(), Resource::from_json(&self.store[&State::last_sent_record(&key)])?);
//! #         }
//! #         let mut discovery = Discovery::new(desired, state, sent, policy, 1);
//! #         self.drive(&mut discovery, asked);
//! #         let found = discovery.finish();
//! #         Ok((plan(desired, &found.observed, &found.state, &found.last_sent, policy, self.now), found.state))
//! #     }
//! #     fn sync(&mut self, desired: &Desired, policy: &Policy) -> Any<(Plan, Vec<&'static str>)> {
//! #         let mut asked = Vec::new();
//! #         let (plan, state) = self.look(desired, policy, &mut asked)?;
//! #         self.drive(&mut Run::new(&plan, state, policy, 2), &mut asked);
//! #         Ok((plan, asked))
//! #     }
//! # }
//! # fn main() -> Any<()> {
//! # let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
//! # let mut site = Site { service: Service::new(Settings::unhurried()), store: BTreeMap::new(), now };
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
//!
//! # What is not done
//!
//! *Held.* A record that is not complete, or that wants what somebody else has, is no error of the run. It is a finding about one record, with what
//! to change, and everything else goes on. Whoever is held keeps what he has, his place in the group included.
//!
//! *Not concluded.* If a page of the directory is missing, whoever is not in it may be on that page. Nothing is taken away for it, and the plan says
//! so (UL-11).
//!
//! *Withheld.* One morning, six of eight people are not in the directory, and it was read to its end. That may be so. It may also be a filter that
//! somebody changed, or a directory that was restored from an old copy. More than five within a day, and more than a fifth of those who are linked,
//! do not go until a person has said how many may (E-8).
//!
//! ```
//! # use idbridge_emulator::{Service, Settings};
//! # use idbridge_planner::*;
//! # use idbridge_scim::{Error, Profile, Resource};
//! # use std::collections::BTreeMap;
//! # use std::time::{Duration, SystemTime};
//! # type Any<T> = Result<T, Box<dyn std::error::Error>>;
//! # fn person(key: &str, given: &str, family: &str, mail: &str) -> Result<Answer<DesiredUser>, Error> {
//! #     let json = format!(
//! #         r#"{{"externalId":"{key}","userName":"{mail}","emails":[{{"value":"{mail}","type":"work","primary":true}}],
//! #         "name":{{"givenName":"{given}","familyName":"{family}"}},"displayName":"{given} {family}","active":true}}"#
//! #     );
//! #     Ok(Answer::Want(DesiredUser::new(Resource::from_json(json.as_bytes())?).entitled_by("in Developers")))
//! # }
//! # fn group(key: &str, name: &str, members: &[&str]) -> Result<Answer<DesiredGroup>, Error> {
//! #     let resource = Resource::from_json(format!(r#"{{"displayName":"{name}","externalId":"{key}"}}"#).as_bytes())?;
//! #     Ok(Answer::Want(DesiredGroup::new(resource, members.iter().map(|key| UserKey::from(*key)).collect())))
//! # }
//! # fn directory(coverage: Coverage) -> Result<Desired, Error> {
//! #     let mut desired = Desired::new(coverage);
//! #     let managed = ["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active"];
//! #     desired.manage_user(managed.into_iter().map(str::parse).collect::<Result<_, _>>()?);
//! #     desired.manage_group(vec!["displayName".parse()?, "externalId".parse()?]);
//! #     desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Berg", "anna@example.com")?);
//! #     Ok(desired)
//! # }
//! # fn company() -> Result<Desired, Error> {
//! #     let mut desired = directory(Coverage::Complete)?;
//! #     desired.set_user(UserKey::from("u2"), person("u2", "Bo", "Ek", "bo@example.com")?);
//! #     desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u2"])?);
//! #     Ok(desired)
//! # }
//! # struct Site { service: Service, store: BTreeMap<String, Vec<u8>>, now: SystemTime }
//! # impl Site {
//! #     fn keep(&mut self, records: Vec<Record>) {
//! #         for record in records {
//! #             match record.value().map(<[u8]>::to_vec) {
//! #                 Some(value) => self.store.insert(record.key().to_owned(), value),
//! #                 None => self.store.remove(record.key()),
//! #             };
//! #         }
//! #     }
//! #     fn drive(&mut self, machine: &mut dyn Machine, asked: &mut Vec<&'static str>) {
//! #         loop {
//! #             match machine.next_step(self.now) {
//! #                 Step::Store(records) => self.keep(records),
//! #                 Step::Send { id, request } => {
//! #                     asked.push(request.operation());
//! #                     machine.handle_delivery(id, Delivery::Answered(self.service.handle(&request, self.now)), self.now);
//! #                 }
//! #                 Step::Wait { until } => self.now = until,
//! #                 Step::Blocked | Step::Done => return,
//! #             }
//! #         }
//! #     }
//! #     fn look(&mut self, desired: &Desired, policy: &Policy, asked: &mut Vec<&'static str>) -> Any<(Plan, State)> {
//! #         let state = State::restore(self.store.clone())?;
//! #         let mut sent = LastSent::default();
//! #         for key in LastSent::needed(desired, &state) {
//! #             sent.insert(key.clone(), Resource::from_json(&self.store[&State::last_sent_record(&key)])?);
//! #         }
//! #         let mut discovery = Discovery::new(desired, state, sent, policy, 1);
//! #         self.drive(&mut discovery, asked);
//! #         let found = discovery.finish();
//! #         Ok((plan(desired, &found.observed, &found.state, &found.last_sent, policy, self.now), found.state))
//! #     }
//! #     fn sync(&mut self, desired: &Desired, policy: &Policy) -> Any<(Plan, Vec<&'static str>)> {
//! #         let mut asked = Vec::new();
//! #         let (plan, state) = self.look(desired, policy, &mut asked)?;
//! #         self.drive(&mut Run::new(&plan, state, policy, 2), &mut asked);
//! #         Ok((plan, asked))
//! #     }
//! # }
//! # fn main() -> Any<()> {
//! # let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
//! # let mut site = Site { service: Service::new(Settings::unhurried()), store: BTreeMap::new(), now };
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
//!
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
//! // Somebody has looked, and it is so. The allowance is for one run, and for as many as were read.
//! let mut allowed = policy.clone();
//! allowed.allowance = Some(tripped.objects());
//! let (_, asked) = site.sync(&company()?, &allowed)?;
//! assert_eq!(asked, ["DeleteUser"; 6]);
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
