//! A small company, from its first day to the day on which half of it seems to have left.
//!
//! Each chapter runs against the emulated service. What the examples need besides this crate is shown once, in the first chapter, and hidden in the
//! others: how the directory's records become wishes, and the loop that owns the connection and the store.
//!
//! | chapter | what it shows |
//! | --- | --- |
//! | [The first day](#the-first-day) | wishes, a look, a plan, a run; and that the second run does nothing |
//! | [A crash](#a-crash) | a process that ends between a request and its answer, and what the next one does |
//! | [A rename](#a-rename) | names and addresses change, identifiers stay |
//! | [Out of the group, and back](#out-of-the-group-and-back) | what is *present* is deactivated, never deleted |
//! | [A departure](#a-departure) | what is *absent* is deleted, but only from a source that was read to its end |
//! | [Something is in the way](#something-is-in-the-way) | what is held, and that the rest goes on |
//! | [Half of the company](#half-of-the-company) | the guard, and the allowance that lifts it |
//!
//! # The first day
//!
//! The directory has two people, Anna and Bo, and one group, Developers, that is associated with the application. Whoever reads the directory turns each
//! record into an [`Answer`](crate::Answer); here, both are wanted because they are in the group.
//!
//! ```
//! # use idbridge_emulator::{Service, Settings};
//! # use idbridge_planner::{
//! #     Answer, Because, Coverage, Delivery, Desired, DesiredGroup, DesiredUser, Discovery, Evidence, GroupKey, GroupManagement, LastSent, Machine,
//! #     Plan, Policy, Presence, Record, Run, State, Step, UserKey, plan,
//! # };
//! # use idbridge_scim::{Email, Group, Name, Profile, Resource, User};
//! # use std::collections::BTreeMap;
//! # use std::error::Error;
//! # use std::time::{Duration, SystemTime};
//! fn person(key: &str, given: &str, family: &str, mail: &str) -> Answer<DesiredUser> {
//!     let mut user = User::new(mail);
//!     user.name = Some(Name::new(given, family));
//!     user.display_name = Some(format!("{given} {family}"));
//!     user.emails = vec![Email::work(mail)];
//!     user.active = Some(true);
//!     let mut resource = Resource::from(user);
//!     resource.attributes_mut().remove("schemas");
//!     resource.attributes_mut().set("externalId", key);
//!     Answer::Want(DesiredUser::new(resource).entitled_by("in Developers"))
//! }
//!
//! fn group(key: &str, name: &str, members: &[&str]) -> Answer<DesiredGroup> {
//!     let mut resource = Resource::new();
//!     resource.attributes_mut().set("displayName", name);
//!     resource.attributes_mut().set("externalId", key);
//!     Answer::Want(DesiredGroup::new(resource, members.iter().map(|key| UserKey::from(*key)).collect()))
//! }
//!
//! fn company(coverage: Coverage) -> Result<Desired, idbridge_scim::Error> {
//!     let mut desired = Desired::new(coverage);
//!     // What an update may touch; displayName is written once, at create.
//!     let managed = ["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active"];
//!     desired.manage_user(managed.into_iter().map(str::parse).collect::<Result<_, _>>()?);
//!     desired.manage_group(vec!["displayName".parse()?, "externalId".parse()?]);
//!     desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Berg", "anna@example.com"));
//!     desired.set_user(UserKey::from("u2"), person("u2", "Bo", "Ek", "bo@example.com"));
//!     desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u2"]));
//!     Ok(desired)
//! }
//! # fn main() -> Result<(), Box<dyn Error>> {
//! let desired = company(Coverage::Complete)?;
//! assert_eq!((desired.users().count(), desired.groups().count()), (2, 1));
//! # Ok(())
//! # }
//! ```
//!
//! The other half is the loop. It decides nothing: it stores what it is told to store, sends what it is told to send, and tells what came of it. Here the
//! store is a map and the service an emulator; in production both are what the caller has.
//!
//! ```
//! # use idbridge_emulator::{Service, Settings};
//! # use idbridge_planner::{
//! #     Answer, Because, Coverage, Delivery, Desired, DesiredGroup, DesiredUser, Discovery, Evidence, GroupKey, GroupManagement, LastSent, Machine,
//! #     Plan, Policy, Presence, Record, Run, State, Step, UserKey, plan,
//! # };
//! # use idbridge_scim::{Email, Group, Name, Profile, Resource, User};
//! # use std::collections::BTreeMap;
//! # use std::error::Error;
//! # use std::time::{Duration, SystemTime};
//! # fn person(key: &str, given: &str, family: &str, mail: &str) -> Answer<DesiredUser> {
//! #     let mut user = User::new(mail);
//! #     user.name = Some(Name::new(given, family));
//! #     user.display_name = Some(format!("{given} {family}"));
//! #     user.emails = vec![Email::work(mail)];
//! #     user.active = Some(true);
//! #     let mut resource = Resource::from(user);
//! #     resource.attributes_mut().remove("schemas");
//! #     resource.attributes_mut().set("externalId", key);
//! #     Answer::Want(DesiredUser::new(resource).entitled_by("in Developers"))
//! # }
//! #
//! # fn group(key: &str, name: &str, members: &[&str]) -> Answer<DesiredGroup> {
//! #     let mut resource = Resource::new();
//! #     resource.attributes_mut().set("displayName", name);
//! #     resource.attributes_mut().set("externalId", key);
//! #     Answer::Want(DesiredGroup::new(resource, members.iter().map(|key| UserKey::from(*key)).collect()))
//! # }
//! #
//! # fn company(coverage: Coverage) -> Result<Desired, idbridge_scim::Error> {
//! #     let mut desired = Desired::new(coverage);
//! #     // What an update may touch; displayName is written once, at create.
//! #     let managed = ["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active"];
//! #     desired.manage_user(managed.into_iter().map(str::parse).collect::<Result<_, _>>()?);
//! #     desired.manage_group(vec!["displayName".parse()?, "externalId".parse()?]);
//! #     desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Berg", "anna@example.com"));
//! #     desired.set_user(UserKey::from("u2"), person("u2", "Bo", "Ek", "bo@example.com"));
//! #     desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u2"]));
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
//!                     let delivery = match self.service.deliver(&request, self.now).reply() {
//!                         Some(reply) => Delivery::Answered(reply),
//!                         None => Delivery::Unknown { reason: "the connection was lost".to_owned() },
//!                     };
//!                     machine.handle_delivery(id, delivery, self.now);
//!                 }
//!                 Step::Wait { until } => self.now = until,
//!                 Step::Blocked => unreachable!("every outcome was told at once"),
//!                 Step::Done => return asked,
//!             }
//!         }
//!     }
//!
//!     /// Looks, and plans over what was seen and what the store holds.
//!     fn look(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, State, Vec<&'static str>), Box<dyn Error>> {
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
//!     /// Looks, plans, and carries the plan out.
//!     fn sync(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, Vec<&'static str>), Box<dyn Error>> {
//!         let (plan, state, mut asked) = self.look(desired, policy)?;
//!         asked.extend(self.drive(&mut Run::new(&plan, state, policy, 2)));
//!         Ok((plan, asked))
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn Error>> {
//! let mut site = Site {
//!     service: Service::new(Settings::unhurried()),
//!     store: BTreeMap::new(),
//!     now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000),
//! };
//! let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
//! let desired = company(Coverage::Complete)?;
//!
//! // One page of users and one of groups tell that nobody is there, which is fewer requests than looking three records up.
//! let (plan, state, asked) = site.look(&desired, &policy)?;
//! assert_eq!(asked, ["ListUsers", "ListGroups"]);
//!
//! // The plan is for reading. Nothing has been written yet, and nothing need be.
//! assert_eq!(
//!     plan.explain().to_string(),
//!     r#"Plan: 3 changes (1 create group, 2 create user), 3 writes, at least 0.1 s. 0 records are as they shall be.
//!
//! Users
//!   + create user anna@example.com [u1]  because UL-01: is entitled (in Developers) and not at the service
//!       userName: none -> "anna@example.com"
//!       name: none -> {"givenName":"Anna","familyName":"Berg"}
//!       displayName: none -> "Anna Berg"
//!       emails: none -> [{"value":"anna@example.com","type":"work","primary":true}]
//!       active: none -> true
//!       externalId: none -> "u1"
//!   + create user bo@example.com [u2]  because UL-01: is entitled (in Developers) and not at the service
//!       userName: none -> "bo@example.com"
//!       name: none -> {"givenName":"Bo","familyName":"Ek"}
//!       displayName: none -> "Bo Ek"
//!       emails: none -> [{"value":"bo@example.com","type":"work","primary":true}]
//!       active: none -> true
//!       externalId: none -> "u2"
//!
//! Groups
//!   + create group Developers [g1]  because GM-11: is associated with the application and not at the service
//!       members: none -> 2 (anna@example.com, bo@example.com)
//! "#
//! );
//!
//! // The run sends the people first, because the group names them by identifiers that the service gives them (GM-04).
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
//!
//! # A crash
//!
//! Before a write goes out, its intent is in the store. So there are two moments at which a process can end: with an intent that was never sent, and with a
//! request whose answer nobody heard. From the store they look the same, and they are treated the same: the next run looks (UL-03).
//!
//! ```
//! # use idbridge_emulator::{Service, Settings};
//! # use idbridge_planner::{
//! #     Answer, Because, Coverage, Delivery, Desired, DesiredGroup, DesiredUser, Discovery, Evidence, GroupKey, GroupManagement, LastSent, Machine,
//! #     Plan, Policy, Presence, Record, Run, State, Step, UserKey, plan,
//! # };
//! # use idbridge_scim::{Email, Group, Name, Profile, Resource, User};
//! # use std::collections::BTreeMap;
//! # use std::error::Error;
//! # use std::time::{Duration, SystemTime};
//! # fn person(key: &str, given: &str, family: &str, mail: &str) -> Answer<DesiredUser> {
//! #     let mut user = User::new(mail);
//! #     user.name = Some(Name::new(given, family));
//! #     user.display_name = Some(format!("{given} {family}"));
//! #     user.emails = vec![Email::work(mail)];
//! #     user.active = Some(true);
//! #     let mut resource = Resource::from(user);
//! #     resource.attributes_mut().remove("schemas");
//! #     resource.attributes_mut().set("externalId", key);
//! #     Answer::Want(DesiredUser::new(resource).entitled_by("in Developers"))
//! # }
//! #
//! # fn group(key: &str, name: &str, members: &[&str]) -> Answer<DesiredGroup> {
//! #     let mut resource = Resource::new();
//! #     resource.attributes_mut().set("displayName", name);
//! #     resource.attributes_mut().set("externalId", key);
//! #     Answer::Want(DesiredGroup::new(resource, members.iter().map(|key| UserKey::from(*key)).collect()))
//! # }
//! #
//! # fn company(coverage: Coverage) -> Result<Desired, idbridge_scim::Error> {
//! #     let mut desired = Desired::new(coverage);
//! #     // What an update may touch; displayName is written once, at create.
//! #     let managed = ["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active"];
//! #     desired.manage_user(managed.into_iter().map(str::parse).collect::<Result<_, _>>()?);
//! #     desired.manage_group(vec!["displayName".parse()?, "externalId".parse()?]);
//! #     desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Berg", "anna@example.com"));
//! #     desired.set_user(UserKey::from("u2"), person("u2", "Bo", "Ek", "bo@example.com"));
//! #     desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u2"]));
//! #     Ok(desired)
//! # }
//! # struct Site {
//! #     service: Service,
//! #     store: BTreeMap<String, Vec<u8>>,
//! #     now: SystemTime,
//! # }
//! #
//! # impl Site {
//! #     fn keep(&mut self, records: Vec<Record>) {
//! #         for record in records {
//! #             match record.value() {
//! #                 Some(value) => self.store.insert(record.key().to_owned(), value.to_vec()),
//! #                 None => self.store.remove(record.key()),
//! #             };
//! #         }
//! #     }
//! #
//! #     /// Drives a machine to its end, and says what was asked of the service.
//! #     fn drive(&mut self, machine: &mut dyn Machine) -> Vec<&'static str> {
//! #         let mut asked = Vec::new();
//! #         loop {
//! #             match machine.next_step(self.now) {
//! #                 Step::Store(records) => self.keep(records),
//! #                 Step::Send { id, request } => {
//! #                     asked.push(request.operation());
//! #                     let delivery = match self.service.deliver(&request, self.now).reply() {
//! #                         Some(reply) => Delivery::Answered(reply),
//! #                         None => Delivery::Unknown { reason: "the connection was lost".to_owned() },
//! #                     };
//! #                     machine.handle_delivery(id, delivery, self.now);
//! #                 }
//! #                 Step::Wait { until } => self.now = until,
//! #                 Step::Blocked => unreachable!("every outcome was told at once"),
//! #                 Step::Done => return asked,
//! #             }
//! #         }
//! #     }
//! #
//! #     /// Looks, and plans over what was seen and what the store holds.
//! #     fn look(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, State, Vec<&'static str>), Box<dyn Error>> {
//! #         let state = State::restore(self.store.clone())?;
//! #         let mut last_sent = LastSent::default();
//! #         for key in LastSent::needed(desired, &state) {
//! #             if let Some(json) = self.store.get(&State::last_sent_record(&key)) {
//! #                 last_sent.insert(key, Resource::from_json(json)?);
//! #             }
//! #         }
//! #         let mut discovery = Discovery::new(desired, state, last_sent, policy, 1);
//! #         let asked = self.drive(&mut discovery);
//! #         let found = discovery.finish();
//! #         let plan = plan(desired, &found.observed, &found.state, &found.last_sent, policy, self.now);
//! #         Ok((plan, found.state, asked))
//! #     }
//! #
//! #     /// Looks, plans, and carries the plan out.
//! #     fn sync(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, Vec<&'static str>), Box<dyn Error>> {
//! #         let (plan, state, mut asked) = self.look(desired, policy)?;
//! #         asked.extend(self.drive(&mut Run::new(&plan, state, policy, 2)));
//! #         Ok((plan, asked))
//! #     }
//! # }
//! # fn main() -> Result<(), Box<dyn Error>> {
//! # let mut site = Site {
//! #     service: Service::new(Settings::unhurried()),
//! #     store: BTreeMap::new(),
//! #     now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000),
//! # };
//! # let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
//! let desired = company(Coverage::Complete)?;
//! let (plan, state, _) = site.look(&desired, &policy)?;
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
//! // The next process looks for both people whose creation was intended: by externalId, and Bo, who is not found, by name as well. Anna is linked, Bo is
//! // created, and nobody twice.
//! let (plan, asked) = site.sync(&desired, &policy)?;
//! assert_eq!(plan.operations().iter().map(|operation| operation.kind.name()).collect::<Vec<_>>(), ["createUser", "createGroup"]);
//! assert_eq!(asked.iter().filter(|operation| **operation == "CreateUser").count(), 1);
//! assert_eq!(site.service.users().count(), 2);
//! assert!(!State::restore(site.store.clone())?.has_intents());
//! # Ok(())
//! # }
//! ```
//!
//! There is no other recovery, and nothing to repair by hand. A run that is cancelled, a token that is refused in the middle ([`Stopped`](crate::Stopped)), a
//! service that goes away: all of them leave links, intents, or both, and the next run goes on from there.
//!
//! # A rename
//!
//! Records are told apart by the directory's identifiers, and objects by the service's. Names are attributes: they change, and nothing is deleted or created
//! for it (AC-06, UL-08).
//!
//! ```
//! # use idbridge_emulator::{Service, Settings};
//! # use idbridge_planner::{
//! #     Answer, Because, Coverage, Delivery, Desired, DesiredGroup, DesiredUser, Discovery, Evidence, GroupKey, GroupManagement, LastSent, Machine,
//! #     Plan, Policy, Presence, Record, Run, State, Step, UserKey, plan,
//! # };
//! # use idbridge_scim::{Email, Group, Name, Profile, Resource, User};
//! # use std::collections::BTreeMap;
//! # use std::error::Error;
//! # use std::time::{Duration, SystemTime};
//! # fn person(key: &str, given: &str, family: &str, mail: &str) -> Answer<DesiredUser> {
//! #     let mut user = User::new(mail);
//! #     user.name = Some(Name::new(given, family));
//! #     user.display_name = Some(format!("{given} {family}"));
//! #     user.emails = vec![Email::work(mail)];
//! #     user.active = Some(true);
//! #     let mut resource = Resource::from(user);
//! #     resource.attributes_mut().remove("schemas");
//! #     resource.attributes_mut().set("externalId", key);
//! #     Answer::Want(DesiredUser::new(resource).entitled_by("in Developers"))
//! # }
//! #
//! # fn group(key: &str, name: &str, members: &[&str]) -> Answer<DesiredGroup> {
//! #     let mut resource = Resource::new();
//! #     resource.attributes_mut().set("displayName", name);
//! #     resource.attributes_mut().set("externalId", key);
//! #     Answer::Want(DesiredGroup::new(resource, members.iter().map(|key| UserKey::from(*key)).collect()))
//! # }
//! #
//! # fn company(coverage: Coverage) -> Result<Desired, idbridge_scim::Error> {
//! #     let mut desired = Desired::new(coverage);
//! #     // What an update may touch; displayName is written once, at create.
//! #     let managed = ["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active"];
//! #     desired.manage_user(managed.into_iter().map(str::parse).collect::<Result<_, _>>()?);
//! #     desired.manage_group(vec!["displayName".parse()?, "externalId".parse()?]);
//! #     desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Berg", "anna@example.com"));
//! #     desired.set_user(UserKey::from("u2"), person("u2", "Bo", "Ek", "bo@example.com"));
//! #     desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u2"]));
//! #     Ok(desired)
//! # }
//! # struct Site {
//! #     service: Service,
//! #     store: BTreeMap<String, Vec<u8>>,
//! #     now: SystemTime,
//! # }
//! #
//! # impl Site {
//! #     fn keep(&mut self, records: Vec<Record>) {
//! #         for record in records {
//! #             match record.value() {
//! #                 Some(value) => self.store.insert(record.key().to_owned(), value.to_vec()),
//! #                 None => self.store.remove(record.key()),
//! #             };
//! #         }
//! #     }
//! #
//! #     /// Drives a machine to its end, and says what was asked of the service.
//! #     fn drive(&mut self, machine: &mut dyn Machine) -> Vec<&'static str> {
//! #         let mut asked = Vec::new();
//! #         loop {
//! #             match machine.next_step(self.now) {
//! #                 Step::Store(records) => self.keep(records),
//! #                 Step::Send { id, request } => {
//! #                     asked.push(request.operation());
//! #                     let delivery = match self.service.deliver(&request, self.now).reply() {
//! #                         Some(reply) => Delivery::Answered(reply),
//! #                         None => Delivery::Unknown { reason: "the connection was lost".to_owned() },
//! #                     };
//! #                     machine.handle_delivery(id, delivery, self.now);
//! #                 }
//! #                 Step::Wait { until } => self.now = until,
//! #                 Step::Blocked => unreachable!("every outcome was told at once"),
//! #                 Step::Done => return asked,
//! #             }
//! #         }
//! #     }
//! #
//! #     /// Looks, and plans over what was seen and what the store holds.
//! #     fn look(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, State, Vec<&'static str>), Box<dyn Error>> {
//! #         let state = State::restore(self.store.clone())?;
//! #         let mut last_sent = LastSent::default();
//! #         for key in LastSent::needed(desired, &state) {
//! #             if let Some(json) = self.store.get(&State::last_sent_record(&key)) {
//! #                 last_sent.insert(key, Resource::from_json(json)?);
//! #             }
//! #         }
//! #         let mut discovery = Discovery::new(desired, state, last_sent, policy, 1);
//! #         let asked = self.drive(&mut discovery);
//! #         let found = discovery.finish();
//! #         let plan = plan(desired, &found.observed, &found.state, &found.last_sent, policy, self.now);
//! #         Ok((plan, found.state, asked))
//! #     }
//! #
//! #     /// Looks, plans, and carries the plan out.
//! #     fn sync(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, Vec<&'static str>), Box<dyn Error>> {
//! #         let (plan, state, mut asked) = self.look(desired, policy)?;
//! #         asked.extend(self.drive(&mut Run::new(&plan, state, policy, 2)));
//! #         Ok((plan, asked))
//! #     }
//! # }
//! # fn main() -> Result<(), Box<dyn Error>> {
//! # let mut site = Site {
//! #     service: Service::new(Settings::unhurried()),
//! #     store: BTreeMap::new(),
//! #     now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000),
//! # };
//! # let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
//! # let mut desired = company(Coverage::Complete)?;
//! # site.sync(&desired, &policy)?;
//! let ids: Vec<_> = site.service.users().chain(site.service.groups()).map(Resource::id).collect();
//!
//! desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Holm", "anna.holm@example.com"));
//! desired.set_group(GroupKey::from("g1"), group("g1", "Engineers", &["u1", "u2"]));
//! let (plan, asked) = site.sync(&desired, &policy)?;
//!
//! // One look: whether another group has the new name (GM-15). Two writes, with nothing in them but what changed.
//! assert_eq!(asked, ["ListGroups", "PatchUser", "PatchGroup"]);
//! let text = plan.explain().to_string();
//! assert!(text.contains("because UL-08: has another e-mail address or username in the directory"));
//! assert!(text.contains(r#"name.familyName: "Berg" -> "Holm""#));
//! assert!(text.contains(r#"displayName: "Developers" -> "Engineers""#));
//! // The display name was written when Anna was created, and is not corrected (AC-04).
//! assert!(!text.contains("Anna Holm"));
//!
//! let after: Vec<_> = site.service.users().chain(site.service.groups()).map(Resource::id).collect();
//! assert_eq!(after, ids);
//! # Ok(())
//! # }
//! ```
//!
//! Where two people exchange their addresses, one of them takes a third name for a moment, because the service lets no two have the same (E-10). The plan shows
//! that as an operation of its own.
//!
//! # Out of the group, and back
//!
//! The application is not for Developers any more. The people are still in the directory: they are *present*, and the group is *disassociated*. The group
//! is left as it is, with its members and the permission sets that hang on it (GM-16), and whoever is in no other group is deactivated (GM-17).
//!
//! ```
//! # use idbridge_emulator::{Service, Settings};
//! # use idbridge_planner::{
//! #     Answer, Because, Coverage, Delivery, Desired, DesiredGroup, DesiredUser, Discovery, Evidence, GroupKey, GroupManagement, LastSent, Machine,
//! #     Plan, Policy, Presence, Record, Run, State, Step, UserKey, plan,
//! # };
//! # use idbridge_scim::{Email, Group, Name, Profile, Resource, User};
//! # use std::collections::BTreeMap;
//! # use std::error::Error;
//! # use std::time::{Duration, SystemTime};
//! # fn person(key: &str, given: &str, family: &str, mail: &str) -> Answer<DesiredUser> {
//! #     let mut user = User::new(mail);
//! #     user.name = Some(Name::new(given, family));
//! #     user.display_name = Some(format!("{given} {family}"));
//! #     user.emails = vec![Email::work(mail)];
//! #     user.active = Some(true);
//! #     let mut resource = Resource::from(user);
//! #     resource.attributes_mut().remove("schemas");
//! #     resource.attributes_mut().set("externalId", key);
//! #     Answer::Want(DesiredUser::new(resource).entitled_by("in Developers"))
//! # }
//! #
//! # fn group(key: &str, name: &str, members: &[&str]) -> Answer<DesiredGroup> {
//! #     let mut resource = Resource::new();
//! #     resource.attributes_mut().set("displayName", name);
//! #     resource.attributes_mut().set("externalId", key);
//! #     Answer::Want(DesiredGroup::new(resource, members.iter().map(|key| UserKey::from(*key)).collect()))
//! # }
//! #
//! # fn company(coverage: Coverage) -> Result<Desired, idbridge_scim::Error> {
//! #     let mut desired = Desired::new(coverage);
//! #     // What an update may touch; displayName is written once, at create.
//! #     let managed = ["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active"];
//! #     desired.manage_user(managed.into_iter().map(str::parse).collect::<Result<_, _>>()?);
//! #     desired.manage_group(vec!["displayName".parse()?, "externalId".parse()?]);
//! #     desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Berg", "anna@example.com"));
//! #     desired.set_user(UserKey::from("u2"), person("u2", "Bo", "Ek", "bo@example.com"));
//! #     desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u2"]));
//! #     Ok(desired)
//! # }
//! # struct Site {
//! #     service: Service,
//! #     store: BTreeMap<String, Vec<u8>>,
//! #     now: SystemTime,
//! # }
//! #
//! # impl Site {
//! #     fn keep(&mut self, records: Vec<Record>) {
//! #         for record in records {
//! #             match record.value() {
//! #                 Some(value) => self.store.insert(record.key().to_owned(), value.to_vec()),
//! #                 None => self.store.remove(record.key()),
//! #             };
//! #         }
//! #     }
//! #
//! #     /// Drives a machine to its end, and says what was asked of the service.
//! #     fn drive(&mut self, machine: &mut dyn Machine) -> Vec<&'static str> {
//! #         let mut asked = Vec::new();
//! #         loop {
//! #             match machine.next_step(self.now) {
//! #                 Step::Store(records) => self.keep(records),
//! #                 Step::Send { id, request } => {
//! #                     asked.push(request.operation());
//! #                     let delivery = match self.service.deliver(&request, self.now).reply() {
//! #                         Some(reply) => Delivery::Answered(reply),
//! #                         None => Delivery::Unknown { reason: "the connection was lost".to_owned() },
//! #                     };
//! #                     machine.handle_delivery(id, delivery, self.now);
//! #                 }
//! #                 Step::Wait { until } => self.now = until,
//! #                 Step::Blocked => unreachable!("every outcome was told at once"),
//! #                 Step::Done => return asked,
//! #             }
//! #         }
//! #     }
//! #
//! #     /// Looks, and plans over what was seen and what the store holds.
//! #     fn look(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, State, Vec<&'static str>), Box<dyn Error>> {
//! #         let state = State::restore(self.store.clone())?;
//! #         let mut last_sent = LastSent::default();
//! #         for key in LastSent::needed(desired, &state) {
//! #             if let Some(json) = self.store.get(&State::last_sent_record(&key)) {
//! #                 last_sent.insert(key, Resource::from_json(json)?);
//! #             }
//! #         }
//! #         let mut discovery = Discovery::new(desired, state, last_sent, policy, 1);
//! #         let asked = self.drive(&mut discovery);
//! #         let found = discovery.finish();
//! #         let plan = plan(desired, &found.observed, &found.state, &found.last_sent, policy, self.now);
//! #         Ok((plan, found.state, asked))
//! #     }
//! #
//! #     /// Looks, plans, and carries the plan out.
//! #     fn sync(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, Vec<&'static str>), Box<dyn Error>> {
//! #         let (plan, state, mut asked) = self.look(desired, policy)?;
//! #         asked.extend(self.drive(&mut Run::new(&plan, state, policy, 2)));
//! #         Ok((plan, asked))
//! #     }
//! # }
//! # fn main() -> Result<(), Box<dyn Error>> {
//! # let mut site = Site {
//! #     service: Service::new(Settings::unhurried()),
//! #     store: BTreeMap::new(),
//! #     now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000),
//! # };
//! # let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
//! # let entitled = company(Coverage::Complete)?;
//! # site.sync(&entitled, &policy)?;
//! let mut unbound = entitled.clone();
//! let because = Because::new("GM-16", "is not associated with the application any more");
//! unbound.set_group(GroupKey::from("g1"), Answer::Present(Presence::new(because, Evidence::Record)));
//! for key in ["u1", "u2"] {
//!     let because = Because::new("GM-20", "is in no bound group and not bound directly");
//!     unbound.set_user(UserKey::from(key), Answer::Present(Presence::new(because, Evidence::Absence)));
//! }
//! let (plan, asked) = site.sync(&unbound, &policy)?;
//! assert_eq!(plan.operations().iter().map(|operation| operation.kind.name()).collect::<Vec<_>>(), ["updateUser", "updateUser", "releaseGroup"]);
//! assert_eq!(asked, ["PatchUser", "PatchUser"]);
//! assert!(site.service.users().all(|user| user.get("active").and_then(|active| active.as_bool()) == Some(false)));
//!
//! // Associated again: the links are still there, so the same people are active again (GM-21), and the group is managed again (GM-19).
//! let (plan, asked) = site.sync(&entitled, &policy)?;
//! assert_eq!(plan.operations().iter().map(|operation| operation.kind.name()).collect::<Vec<_>>(), ["updateUser", "updateUser", "adoptGroup"]);
//! // Nobody knows who was in it meanwhile, so its members are read; nothing needed to change.
//! assert_eq!(asked, ["ListUsers", "PatchUser", "PatchUser"]);
//! # Ok(())
//! # }
//! ```
//!
//! # A departure
//!
//! Bo is no longer in the directory. If the directory was read to its end, he is *absent*, and that alone deletes (IC-12). If it was not, nothing is known of
//! him: he is held.
//!
//! ```
//! # use idbridge_emulator::{Service, Settings};
//! # use idbridge_planner::{
//! #     Answer, Because, Coverage, Delivery, Desired, DesiredGroup, DesiredUser, Discovery, Evidence, GroupKey, GroupManagement, LastSent, Machine,
//! #     Plan, Policy, Presence, Record, Run, State, Step, UserKey, plan,
//! # };
//! # use idbridge_scim::{Email, Group, Name, Profile, Resource, User};
//! # use std::collections::BTreeMap;
//! # use std::error::Error;
//! # use std::time::{Duration, SystemTime};
//! # fn person(key: &str, given: &str, family: &str, mail: &str) -> Answer<DesiredUser> {
//! #     let mut user = User::new(mail);
//! #     user.name = Some(Name::new(given, family));
//! #     user.display_name = Some(format!("{given} {family}"));
//! #     user.emails = vec![Email::work(mail)];
//! #     user.active = Some(true);
//! #     let mut resource = Resource::from(user);
//! #     resource.attributes_mut().remove("schemas");
//! #     resource.attributes_mut().set("externalId", key);
//! #     Answer::Want(DesiredUser::new(resource).entitled_by("in Developers"))
//! # }
//! #
//! # fn group(key: &str, name: &str, members: &[&str]) -> Answer<DesiredGroup> {
//! #     let mut resource = Resource::new();
//! #     resource.attributes_mut().set("displayName", name);
//! #     resource.attributes_mut().set("externalId", key);
//! #     Answer::Want(DesiredGroup::new(resource, members.iter().map(|key| UserKey::from(*key)).collect()))
//! # }
//! #
//! # fn company(coverage: Coverage) -> Result<Desired, idbridge_scim::Error> {
//! #     let mut desired = Desired::new(coverage);
//! #     // What an update may touch; displayName is written once, at create.
//! #     let managed = ["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active"];
//! #     desired.manage_user(managed.into_iter().map(str::parse).collect::<Result<_, _>>()?);
//! #     desired.manage_group(vec!["displayName".parse()?, "externalId".parse()?]);
//! #     desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Berg", "anna@example.com"));
//! #     desired.set_user(UserKey::from("u2"), person("u2", "Bo", "Ek", "bo@example.com"));
//! #     desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u2"]));
//! #     Ok(desired)
//! # }
//! # struct Site {
//! #     service: Service,
//! #     store: BTreeMap<String, Vec<u8>>,
//! #     now: SystemTime,
//! # }
//! #
//! # impl Site {
//! #     fn keep(&mut self, records: Vec<Record>) {
//! #         for record in records {
//! #             match record.value() {
//! #                 Some(value) => self.store.insert(record.key().to_owned(), value.to_vec()),
//! #                 None => self.store.remove(record.key()),
//! #             };
//! #         }
//! #     }
//! #
//! #     /// Drives a machine to its end, and says what was asked of the service.
//! #     fn drive(&mut self, machine: &mut dyn Machine) -> Vec<&'static str> {
//! #         let mut asked = Vec::new();
//! #         loop {
//! #             match machine.next_step(self.now) {
//! #                 Step::Store(records) => self.keep(records),
//! #                 Step::Send { id, request } => {
//! #                     asked.push(request.operation());
//! #                     let delivery = match self.service.deliver(&request, self.now).reply() {
//! #                         Some(reply) => Delivery::Answered(reply),
//! #                         None => Delivery::Unknown { reason: "the connection was lost".to_owned() },
//! #                     };
//! #                     machine.handle_delivery(id, delivery, self.now);
//! #                 }
//! #                 Step::Wait { until } => self.now = until,
//! #                 Step::Blocked => unreachable!("every outcome was told at once"),
//! #                 Step::Done => return asked,
//! #             }
//! #         }
//! #     }
//! #
//! #     /// Looks, and plans over what was seen and what the store holds.
//! #     fn look(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, State, Vec<&'static str>), Box<dyn Error>> {
//! #         let state = State::restore(self.store.clone())?;
//! #         let mut last_sent = LastSent::default();
//! #         for key in LastSent::needed(desired, &state) {
//! #             if let Some(json) = self.store.get(&State::last_sent_record(&key)) {
//! #                 last_sent.insert(key, Resource::from_json(json)?);
//! #             }
//! #         }
//! #         let mut discovery = Discovery::new(desired, state, last_sent, policy, 1);
//! #         let asked = self.drive(&mut discovery);
//! #         let found = discovery.finish();
//! #         let plan = plan(desired, &found.observed, &found.state, &found.last_sent, policy, self.now);
//! #         Ok((plan, found.state, asked))
//! #     }
//! #
//! #     /// Looks, plans, and carries the plan out.
//! #     fn sync(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, Vec<&'static str>), Box<dyn Error>> {
//! #         let (plan, state, mut asked) = self.look(desired, policy)?;
//! #         asked.extend(self.drive(&mut Run::new(&plan, state, policy, 2)));
//! #         Ok((plan, asked))
//! #     }
//! # }
//! # fn main() -> Result<(), Box<dyn Error>> {
//! # let mut site = Site {
//! #     service: Service::new(Settings::unhurried()),
//! #     store: BTreeMap::new(),
//! #     now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000),
//! # };
//! # let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
//! # site.sync(&company(Coverage::Complete)?, &policy)?;
//! fn without_bo(coverage: Coverage) -> Result<Desired, idbridge_scim::Error> {
//!     let company = company(coverage.clone())?;
//!     let mut desired = Desired::new(coverage);
//!     desired.manage_user(company.managed_user().to_vec());
//!     desired.manage_group(company.managed_group().to_vec());
//!     desired.set_user(UserKey::from("u1"), company.user(&UserKey::from("u1")));
//!     desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1"]));
//!     Ok(desired)
//! }
//!
//! // A page is missing. Bo may be on it, so neither he nor his membership goes, and the plan says so.
//! let partial = Coverage::Partial { reasons: vec!["page 2 of 2 was answered 500".to_owned()] };
//! let (plan, asked) = site.sync(&without_bo(partial)?, &policy)?;
//! assert!(plan.is_withholding() && asked.is_empty());
//! assert_eq!(plan.held()[0].findings[0].code, "SourceIncomplete");
//!
//! // Read to its end, it says that he has left. The service drops his membership with him (IC-13).
//! let (_, asked) = site.sync(&without_bo(Coverage::Complete)?, &policy)?;
//! assert_eq!(asked, ["DeleteUser"]);
//! assert_eq!(site.service.users().count(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! # Something is in the way
//!
//! Bo's record is not complete, and somebody else wants Anna's address. Neither is an error of the run: each is a finding about one record, with what to
//! change, and everything else goes on. Bo keeps what he has, his place in the group included.
//!
//! ```
//! # use idbridge_emulator::{Service, Settings};
//! # use idbridge_planner::{
//! #     Answer, Because, Coverage, Delivery, Desired, DesiredGroup, DesiredUser, Discovery, Evidence, GroupKey, GroupManagement, LastSent, Machine,
//! #     Plan, Policy, Presence, Record, Run, State, Step, UserKey, plan,
//! # };
//! # use idbridge_scim::{Email, Group, Name, Profile, Resource, User};
//! # use std::collections::BTreeMap;
//! # use std::error::Error;
//! # use std::time::{Duration, SystemTime};
//! # fn person(key: &str, given: &str, family: &str, mail: &str) -> Answer<DesiredUser> {
//! #     let mut user = User::new(mail);
//! #     user.name = Some(Name::new(given, family));
//! #     user.display_name = Some(format!("{given} {family}"));
//! #     user.emails = vec![Email::work(mail)];
//! #     user.active = Some(true);
//! #     let mut resource = Resource::from(user);
//! #     resource.attributes_mut().remove("schemas");
//! #     resource.attributes_mut().set("externalId", key);
//! #     Answer::Want(DesiredUser::new(resource).entitled_by("in Developers"))
//! # }
//! #
//! # fn group(key: &str, name: &str, members: &[&str]) -> Answer<DesiredGroup> {
//! #     let mut resource = Resource::new();
//! #     resource.attributes_mut().set("displayName", name);
//! #     resource.attributes_mut().set("externalId", key);
//! #     Answer::Want(DesiredGroup::new(resource, members.iter().map(|key| UserKey::from(*key)).collect()))
//! # }
//! #
//! # fn company(coverage: Coverage) -> Result<Desired, idbridge_scim::Error> {
//! #     let mut desired = Desired::new(coverage);
//! #     // What an update may touch; displayName is written once, at create.
//! #     let managed = ["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active"];
//! #     desired.manage_user(managed.into_iter().map(str::parse).collect::<Result<_, _>>()?);
//! #     desired.manage_group(vec!["displayName".parse()?, "externalId".parse()?]);
//! #     desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Berg", "anna@example.com"));
//! #     desired.set_user(UserKey::from("u2"), person("u2", "Bo", "Ek", "bo@example.com"));
//! #     desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u2"]));
//! #     Ok(desired)
//! # }
//! # struct Site {
//! #     service: Service,
//! #     store: BTreeMap<String, Vec<u8>>,
//! #     now: SystemTime,
//! # }
//! #
//! # impl Site {
//! #     fn keep(&mut self, records: Vec<Record>) {
//! #         for record in records {
//! #             match record.value() {
//! #                 Some(value) => self.store.insert(record.key().to_owned(), value.to_vec()),
//! #                 None => self.store.remove(record.key()),
//! #             };
//! #         }
//! #     }
//! #
//! #     /// Drives a machine to its end, and says what was asked of the service.
//! #     fn drive(&mut self, machine: &mut dyn Machine) -> Vec<&'static str> {
//! #         let mut asked = Vec::new();
//! #         loop {
//! #             match machine.next_step(self.now) {
//! #                 Step::Store(records) => self.keep(records),
//! #                 Step::Send { id, request } => {
//! #                     asked.push(request.operation());
//! #                     let delivery = match self.service.deliver(&request, self.now).reply() {
//! #                         Some(reply) => Delivery::Answered(reply),
//! #                         None => Delivery::Unknown { reason: "the connection was lost".to_owned() },
//! #                     };
//! #                     machine.handle_delivery(id, delivery, self.now);
//! #                 }
//! #                 Step::Wait { until } => self.now = until,
//! #                 Step::Blocked => unreachable!("every outcome was told at once"),
//! #                 Step::Done => return asked,
//! #             }
//! #         }
//! #     }
//! #
//! #     /// Looks, and plans over what was seen and what the store holds.
//! #     fn look(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, State, Vec<&'static str>), Box<dyn Error>> {
//! #         let state = State::restore(self.store.clone())?;
//! #         let mut last_sent = LastSent::default();
//! #         for key in LastSent::needed(desired, &state) {
//! #             if let Some(json) = self.store.get(&State::last_sent_record(&key)) {
//! #                 last_sent.insert(key, Resource::from_json(json)?);
//! #             }
//! #         }
//! #         let mut discovery = Discovery::new(desired, state, last_sent, policy, 1);
//! #         let asked = self.drive(&mut discovery);
//! #         let found = discovery.finish();
//! #         let plan = plan(desired, &found.observed, &found.state, &found.last_sent, policy, self.now);
//! #         Ok((plan, found.state, asked))
//! #     }
//! #
//! #     /// Looks, plans, and carries the plan out.
//! #     fn sync(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, Vec<&'static str>), Box<dyn Error>> {
//! #         let (plan, state, mut asked) = self.look(desired, policy)?;
//! #         asked.extend(self.drive(&mut Run::new(&plan, state, policy, 2)));
//! #         Ok((plan, asked))
//! #     }
//! # }
//! # use idbridge_planner::Finding;
//! # fn main() -> Result<(), Box<dyn Error>> {
//! # let mut site = Site {
//! #     service: Service::new(Settings::unhurried()),
//! #     store: BTreeMap::new(),
//! #     now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000),
//! # };
//! # let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
//! # let mut desired = company(Coverage::Complete)?;
//! # site.sync(&desired, &policy)?;
//! let nameless = Finding::new("MissingRequired", "name.familyName is required and has no value").with_remedy("fill in the last name");
//! desired.set_user(UserKey::from("u2"), Answer::Hold(vec![nameless]));
//! desired.set_user(UserKey::from("u3"), person("u3", "Anna", "Ek", "Anna@example.com"));
//! desired.set_user(UserKey::from("u4"), person("u4", "Dag", "Foss", "dag@example.com"));
//! desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u4"]));
//!
//! let (plan, asked) = site.sync(&desired, &policy)?;
//! let held: Vec<String> = plan.held().iter().flat_map(|held| &held.findings).map(ToString::to_string).collect();
//! assert_eq!(
//!     held,
//!     [
//!         "MissingRequired, user u2 (bo@example.com): name.familyName is required and has no value; remedy: fill in the last name",
//!         "DuplicateEmail, user u3 (Anna@example.com): the userName \"anna@example.com\" is wanted by user u1 as well, who keeps it; remedy: give one \
//!          of the two another e-mail address",
//!     ]
//! );
//! assert_eq!(asked, ["ListUsers", "CreateUser", "PatchGroup"]);
//! # Ok(())
//! # }
//! ```
//!
//! # Half of the company
//!
//! One morning, six of eight people are not in the directory. That may be so. It may also be a filter that somebody changed, or a directory that was restored from
//! an old copy. More than five removals within a day, and more than a fifth of those who are linked, are not sent until a person says how many may go.
//!
//! ```
//! # use idbridge_emulator::{Service, Settings};
//! # use idbridge_planner::{
//! #     Answer, Because, Coverage, Delivery, Desired, DesiredGroup, DesiredUser, Discovery, Evidence, GroupKey, GroupManagement, LastSent, Machine,
//! #     Plan, Policy, Presence, Record, Run, State, Step, UserKey, plan,
//! # };
//! # use idbridge_scim::{Email, Group, Name, Profile, Resource, User};
//! # use std::collections::BTreeMap;
//! # use std::error::Error;
//! # use std::time::{Duration, SystemTime};
//! # fn person(key: &str, given: &str, family: &str, mail: &str) -> Answer<DesiredUser> {
//! #     let mut user = User::new(mail);
//! #     user.name = Some(Name::new(given, family));
//! #     user.display_name = Some(format!("{given} {family}"));
//! #     user.emails = vec![Email::work(mail)];
//! #     user.active = Some(true);
//! #     let mut resource = Resource::from(user);
//! #     resource.attributes_mut().remove("schemas");
//! #     resource.attributes_mut().set("externalId", key);
//! #     Answer::Want(DesiredUser::new(resource).entitled_by("in Developers"))
//! # }
//! #
//! # fn group(key: &str, name: &str, members: &[&str]) -> Answer<DesiredGroup> {
//! #     let mut resource = Resource::new();
//! #     resource.attributes_mut().set("displayName", name);
//! #     resource.attributes_mut().set("externalId", key);
//! #     Answer::Want(DesiredGroup::new(resource, members.iter().map(|key| UserKey::from(*key)).collect()))
//! # }
//! #
//! # fn company(coverage: Coverage) -> Result<Desired, idbridge_scim::Error> {
//! #     let mut desired = Desired::new(coverage);
//! #     // What an update may touch; displayName is written once, at create.
//! #     let managed = ["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active"];
//! #     desired.manage_user(managed.into_iter().map(str::parse).collect::<Result<_, _>>()?);
//! #     desired.manage_group(vec!["displayName".parse()?, "externalId".parse()?]);
//! #     desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Berg", "anna@example.com"));
//! #     desired.set_user(UserKey::from("u2"), person("u2", "Bo", "Ek", "bo@example.com"));
//! #     desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u2"]));
//! #     Ok(desired)
//! # }
//! # struct Site {
//! #     service: Service,
//! #     store: BTreeMap<String, Vec<u8>>,
//! #     now: SystemTime,
//! # }
//! #
//! # impl Site {
//! #     fn keep(&mut self, records: Vec<Record>) {
//! #         for record in records {
//! #             match record.value() {
//! #                 Some(value) => self.store.insert(record.key().to_owned(), value.to_vec()),
//! #                 None => self.store.remove(record.key()),
//! #             };
//! #         }
//! #     }
//! #
//! #     /// Drives a machine to its end, and says what was asked of the service.
//! #     fn drive(&mut self, machine: &mut dyn Machine) -> Vec<&'static str> {
//! #         let mut asked = Vec::new();
//! #         loop {
//! #             match machine.next_step(self.now) {
//! #                 Step::Store(records) => self.keep(records),
//! #                 Step::Send { id, request } => {
//! #                     asked.push(request.operation());
//! #                     let delivery = match self.service.deliver(&request, self.now).reply() {
//! #                         Some(reply) => Delivery::Answered(reply),
//! #                         None => Delivery::Unknown { reason: "the connection was lost".to_owned() },
//! #                     };
//! #                     machine.handle_delivery(id, delivery, self.now);
//! #                 }
//! #                 Step::Wait { until } => self.now = until,
//! #                 Step::Blocked => unreachable!("every outcome was told at once"),
//! #                 Step::Done => return asked,
//! #             }
//! #         }
//! #     }
//! #
//! #     /// Looks, and plans over what was seen and what the store holds.
//! #     fn look(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, State, Vec<&'static str>), Box<dyn Error>> {
//! #         let state = State::restore(self.store.clone())?;
//! #         let mut last_sent = LastSent::default();
//! #         for key in LastSent::needed(desired, &state) {
//! #             if let Some(json) = self.store.get(&State::last_sent_record(&key)) {
//! #                 last_sent.insert(key, Resource::from_json(json)?);
//! #             }
//! #         }
//! #         let mut discovery = Discovery::new(desired, state, last_sent, policy, 1);
//! #         let asked = self.drive(&mut discovery);
//! #         let found = discovery.finish();
//! #         let plan = plan(desired, &found.observed, &found.state, &found.last_sent, policy, self.now);
//! #         Ok((plan, found.state, asked))
//! #     }
//! #
//! #     /// Looks, plans, and carries the plan out.
//! #     fn sync(&mut self, desired: &Desired, policy: &Policy) -> Result<(Plan, Vec<&'static str>), Box<dyn Error>> {
//! #         let (plan, state, mut asked) = self.look(desired, policy)?;
//! #         asked.extend(self.drive(&mut Run::new(&plan, state, policy, 2)));
//! #         Ok((plan, asked))
//! #     }
//! # }
//! # fn main() -> Result<(), Box<dyn Error>> {
//! # let mut site = Site {
//! #     service: Service::new(Settings::unhurried()),
//! #     store: BTreeMap::new(),
//! #     now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000),
//! # };
//! # let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
//! fn people(count: usize) -> Result<Desired, idbridge_scim::Error> {
//!     let mut desired = company(Coverage::Complete)?;
//!     for number in 3..=count {
//!         let key = format!("u{number}");
//!         desired.set_user(UserKey::from(key.as_str()), person(&key, "Some", "Body", &format!("{key}@example.com")));
//!     }
//!     Ok(desired)
//! }
//! site.sync(&people(8)?, &policy)?;
//!
//! // Six of eight are gone, and one is new: he is created, and nobody is deleted.
//! let mut desired = people(2)?;
//! desired.set_user(UserKey::from("u9"), person("u9", "Dag", "Foss", "dag@example.com"));
//! let (plan, asked) = site.sync(&desired, &policy)?;
//! assert_eq!(plan.withheld().len(), 6);
//! assert_eq!(asked.iter().filter(|operation| **operation != "ListUsers").collect::<Vec<_>>(), [&"CreateUser"]);
//! let tripped = plan.tripped().ok_or("the guard tripped")?;
//! assert_eq!(
//!     tripped.to_string(),
//!     "The guard: 6 users would be deleted or deactivated (at most 5), 0 groups deleted (at most 5). Nothing that takes access away is sent. \
//!      To let this run take away these 6 objects, allow 6 removals."
//! );
//!
//! // Somebody has looked, and it is so. The allowance is for one run, and for as many as were read.
//! let mut allowed = policy.clone();
//! allowed.allowance = Some(tripped.objects());
//! let (_, asked) = site.sync(&desired, &allowed)?;
//! assert_eq!(asked, ["DeleteUser"; 6]);
//!
//! // They count for a day: even one more is too many now, until the window is over.
//! site.now += Duration::from_secs(60 * 60);
//! let (plan, _) = site.sync(&company(Coverage::Complete)?, &policy)?;
//! assert_eq!(plan.tripped().map(|tripped| (tripped.users, tripped.earlier_users)), Some((1, 6)));
//! site.now += Duration::from_secs(24 * 60 * 60);
//! let (plan, asked) = site.sync(&company(Coverage::Complete)?, &policy)?;
//! assert_eq!((plan.tripped(), asked), (None, vec!["DeleteUser"]));
//! # Ok(())
//! # }
//! ```
