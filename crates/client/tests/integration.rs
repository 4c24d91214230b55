//! A whole sync over HTTP messages, with the emulated service in the place of the network.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failure here is a failed test")]

use std::sync::Mutex;
use std::time::SystemTime;

use idbridge_client::{
    ApplyAll, BearerToken, Endpoint, ErrorKind, Integration, MemoryStore, PlanOnly, StateStore, SyncReport, SyncStatus, TransportError,
};
use idbridge_emulator::{Service, Settings};
use idbridge_mapping::directory::{Snapshot, jumpcloud};
use idbridge_planner::{GroupManagement, Policy};
use idbridge_scim::{Profile, Rates};

type Request = http::Request<Vec<u8>>;
type Response = Result<http::Response<Vec<u8>>, TransportError>;

fn directory(people: &str) -> Snapshot {
    let text = format!(
        r#"{{"systemusers": [{people}],
            "usergroups": [{{"id": "g1", "name": "Staff", "members": ["u1", "u2", "u3"]}}, {{"id": "g2", "name": "Ops: EU", "members": ["u1"]}}],
            "application": {{"usergroups": ["g1", "g2"]}}}}"#
    );
    jumpcloud::read(text.as_bytes()).unwrap()
}

fn anna(title: &str) -> String {
    format!(
        r#"{{"_id": "u1", "username": "anna", "email": "anna@example.com", "firstname": "Anna", "lastname": "Berg", "jobTitle": "{title}"}}"#
    )
}

const BO: &str = r#"{"_id": "u2", "username": "bo", "email": "bo@example.com", "firstname": "Bo", "lastname": "Ek"}"#;

fn policy() -> Policy {
    let mut policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
    policy.rates = Rates::new(10_000.0, 10_000.0).unwrap();
    policy
}

fn endpoint(settings: &Settings) -> Endpoint {
    Endpoint::parse(&format!("http://127.0.0.1/{}/scim/v2", settings.tenant)).unwrap()
}

fn token() -> BearerToken {
    BearerToken::new(Settings::default().tokens[0].expose()).unwrap()
}

fn transport(service: &Mutex<Service>) -> impl Fn(Request) -> Response + Send + Sync {
    |request| Ok(service.lock().unwrap().respond(request, SystemTime::now()))
}

fn sync(service: &Mutex<Service>, store: &mut MemoryStore, directory: &Snapshot) -> SyncReport {
    let endpoint = endpoint(&Settings::unhurried());
    let mut integration = Integration::new(endpoint, token(), transport(service), store, policy()).with_seed(7);
    integration.sync(directory, &mut ApplyAll).unwrap()
}

#[test]
fn a_sync_creates_and_then_changes_and_then_does_nothing() {
    let service = Mutex::new(Service::new(Settings::unhurried()));
    let mut store = MemoryStore::new();

    let report = sync(&service, &mut store, &directory(&[anna("Engineer").as_str(), BO].join(",")));
    assert_eq!(report.status(), SyncStatus::Complete);
    assert_eq!(report.traffic.of("CreateUser").answered(201), 2);
    assert_eq!(report.traffic.of("CreateGroup").answered(201), 1);
    assert_eq!(report.traffic.requests(), 5, "{}", report.traffic);

    let report = sync(&service, &mut store, &directory(&[anna("Manager").as_str(), BO].join(",")));
    assert_eq!(report.traffic.to_string(), "1 request: PatchUser 1");

    let report = sync(&service, &mut store, &directory(&[anna("Manager").as_str(), BO].join(",")));
    assert_eq!(report.traffic.requests(), 0);
    assert!(report.plan.unwrap().is_empty());
}

#[test]
fn a_plan_alone_changes_neither_the_service_nor_the_store() {
    let service = Mutex::new(Service::new(Settings::unhurried()));
    let mut store = MemoryStore::new();
    let endpoint = endpoint(&Settings::unhurried());
    let mut integration = Integration::new(endpoint, token(), transport(&service), &mut store, policy());
    let report = integration.sync(&directory(&anna("Engineer")), &mut PlanOnly).unwrap();
    assert!(!report.applied);
    assert_eq!(report.plan.unwrap().operations().len(), 2);
    assert_eq!(service.lock().unwrap().users().count(), 0);
    assert!(store.is_empty());
}

#[test]
fn a_state_belongs_to_one_service() {
    let service = Mutex::new(Service::new(Settings::unhurried()));
    let mut store = MemoryStore::new();
    sync(&service, &mut store, &directory(&anna("Engineer")));
    let other = Endpoint::parse("http://127.0.0.1/another-tenant/scim/v2").unwrap();
    let mut integration = Integration::new(other, token(), transport(&service), &mut store, policy());
    let error = integration.sync(&directory(&anna("Engineer")), &mut ApplyAll).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::AnotherService { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "the state belongs to the service at /emulated-7f2c9a10-5b1e-4c3d-8a77-0d9e4f6b2c15/scim/v2, and the endpoint is \
         /another-tenant/scim/v2; nothing was sent. Use another state for another service"
    );
}

#[test]
fn e_13_a_refused_token_stops_and_a_new_one_goes_on() {
    let service = Mutex::new(Service::new(Settings::unhurried()));
    let mut store = MemoryStore::new();
    let wrong = BearerToken::new("expired").unwrap();
    let mut integration = Integration::new(endpoint(&Settings::unhurried()), wrong, transport(&service), &mut store, policy());
    let report = integration.sync(&directory(&anna("Engineer")), &mut ApplyAll).unwrap();
    assert_eq!(report.status(), SyncStatus::Stopped);
    assert_eq!(report.status().exit_status(), 4);
    assert!(!report.to_json().contains("expired"), "the token is in no report");

    let report = sync(&service, &mut store, &directory(&anna("Engineer")));
    assert_eq!(report.status(), SyncStatus::Complete);
    assert_eq!(service.lock().unwrap().users().count(), 1);
}

/// IM-11: a run stops at the first 401, and nothing is deactivated because of it; the state remembers that it is blocked.
#[test]
fn im_11_a_refused_token_takes_nothing_away() {
    let service = Mutex::new(Service::new(Settings::unhurried()));
    let mut store = MemoryStore::new();
    sync(&service, &mut store, &directory(&[anna("Engineer").as_str(), BO].join(",")));
    service.lock().unwrap().revoke_token(Settings::default().tokens[0].expose());

    let without_bo = directory(&anna("Engineer"));
    for run in 0..2 {
        let report = sync(&service, &mut store, &without_bo);
        assert_eq!(report.status(), SyncStatus::Stopped, "run {run}");
        assert_eq!(report.traffic.requests(), 1, "one request is refused, and none is started behind it");
    }
    assert_eq!(service.lock().unwrap().users().count(), 2);

    service.lock().unwrap().set_tokens(Settings::default().tokens);
    let report = sync(&service, &mut store, &without_bo);
    assert_eq!(report.status(), SyncStatus::Complete);
    assert_eq!(service.lock().unwrap().users().count(), 1);
}

#[test]
fn a_report_says_what_was_done_and_what_was_not() {
    let service = Mutex::new(Service::new(Settings::unhurried()));
    let mut store = MemoryStore::new();
    let mut report = sync(&service, &mut store, &directory(&anna("R&D: Lead")));
    report.wall_time = std::time::Duration::ZERO;
    assert_eq!(report.to_json(), REPORT, "found:\n{}", report.to_json());
    assert_eq!(
        report.to_string(),
        "Applied: 2 done, 0 held, 0 failed in 0.0 s. 4 requests: CreateGroup 1, CreateUser 1, ListGroups 1, ListUsers 1.\n"
    );
}

#[test]
fn a_store_that_fails_stops_the_sync() {
    struct Broken;
    impl StateStore for Broken {
        fn load(&mut self, _: &mut dyn FnMut(String, Vec<u8>)) -> Result<(), idbridge_client::Error> {
            Ok(())
        }
        fn read(&mut self, _: &str) -> Result<Option<Vec<u8>>, idbridge_client::Error> {
            Ok(None)
        }
        fn commit(&mut self, _: &[idbridge_planner::Record]) -> Result<(), idbridge_client::Error> {
            Err(idbridge_client::Error::store("write the state", "the disk is full"))
        }
    }
    let service = Mutex::new(Service::new(Settings::unhurried()));
    let endpoint = endpoint(&Settings::unhurried());
    let mut integration = Integration::new(endpoint, token(), transport(&service), Broken, policy());
    let error = integration.sync(&directory(&anna("Engineer")), &mut ApplyAll).unwrap_err();
    assert_eq!(error.to_string(), "could not write the state");
    assert_eq!(service.lock().unwrap().users().count(), 0, "what cannot be remembered is not done");
}

const REPORT: &str = r#"{
  "status": "complete",
  "applied": true,
  "cost": {
    "requests": {
      "CreateGroup": 1,
      "CreateUser": 1
    },
    "writes": 2,
    "reads": 0,
    "shortest_seconds": 0.0002
  },
  "operations": [
    {
      "key": {
        "user": "u1"
      },
      "label": "anna@example.com",
      "kind": "createUser",
      "risk": "harmless",
      "because": {
        "rule": "UL-01",
        "reason": "is entitled (in Staff) and not at the service"
      },
      "outcome": "done",
      "status": 201,
      "request_id": "1260efd2-d207-7bef-8182-eade97e4df1b",
      "request_ids": [
        "1260efd2-d207-7bef-8182-eade97e4df1b"
      ],
      "changes": [
        {
          "path": "externalId",
          "old": null,
          "new": "u1"
        },
        {
          "path": "userName",
          "old": null,
          "new": "anna@example.com"
        },
        {
          "path": "emails",
          "old": null,
          "new": [
            {
              "value": "anna@example.com",
              "type": "work",
              "primary": true
            }
          ]
        },
        {
          "path": "displayName",
          "old": null,
          "new": "Anna Berg"
        },
        {
          "path": "name",
          "old": null,
          "new": {
            "givenName": "Anna",
            "familyName": "Berg"
          }
        },
        {
          "path": "active",
          "old": null,
          "new": true
        }
      ]
    },
    {
      "key": {
        "group": "g1"
      },
      "label": "Staff",
      "kind": "createGroup",
      "risk": "harmless",
      "because": {
        "rule": "GM-11",
        "reason": "is associated with the application and not at the service"
      },
      "outcome": "done",
      "status": 201,
      "request_id": "4b4f847d-1e99-7204-a74b-40fb29808b4e",
      "request_ids": [
        "4b4f847d-1e99-7204-a74b-40fb29808b4e"
      ],
      "changes": [
        {
          "path": "displayName",
          "old": null,
          "new": "Staff"
        },
        {
          "path": "externalId",
          "old": null,
          "new": "g1"
        }
      ],
      "members_added": [
        "u1"
      ]
    }
  ],
  "findings": [
    {
      "code": "UnknownMember",
      "key": {
        "group": "g1"
      },
      "message": "2 members, the first of them u2, are not in the directory; remove them from the group, or read the directory again"
    },
    {
      "code": "AttributeLeftOut",
      "key": {
        "user": "u1"
      },
      "label": "anna@example.com",
      "path": "title",
      "message": "title has the character ':' (U+003A) at 3, which the service refuses, so it is left out; change jobTitle in the directory"
    },
    {
      "code": "GroupNameColon",
      "key": {
        "group": "g2"
      },
      "label": "Ops: EU",
      "path": "displayName",
      "message": "the group's name has a ':' at 3, which the service refuses; rename the group in the directory"
    }
  ],
  "held": [
    {
      "key": {
        "group": "g2"
      },
      "label": "Ops: EU",
      "findings": [
        {
          "code": "GroupNameColon",
          "key": {
            "group": "g2"
          },
          "label": "Ops: EU",
          "path": "displayName",
          "message": "the group's name has a ':' at 3, which the service refuses; rename the group in the directory"
        }
      ]
    }
  ],
  "withheld": [],
  "unchanged": 0,
  "requests": {
    "total": 4,
    "by_operation": {
      "CreateGroup": {
        "201": 1
      },
      "CreateUser": {
        "201": 1
      },
      "ListGroups": {
        "200": 1
      },
      "ListUsers": {
        "200": 1
      }
    },
    "by_status": {
      "200": 2,
      "201": 2
    }
  },
  "wall_time_seconds": 0.0
}"#;
