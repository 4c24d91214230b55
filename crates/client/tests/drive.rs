//! The blocking loop, over transports that are closures.

#![allow(
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use idbridge_application::desired;
use idbridge_client::{
    BearerToken, Driver, Ended, Endpoint, Error, ErrorKind, MemoryStore, StateStore, Traffic, Transport, TransportError,
};
use idbridge_emulator::{Service, Settings};
use idbridge_mapping::RuleSet;
use idbridge_mapping::directory::jumpcloud;
use idbridge_planner::{
    Delivery, DeliveryId, Desired, Discovery, GroupManagement, LastSent, Machine, OutcomeKind, Plan, Policy, Run, State, Step, Stopped,
    plan,
};
use idbridge_scim::{Profile, Resource};

type Message = http::Request<Vec<u8>>;
type Answer = Result<http::Response<Vec<u8>>, TransportError>;

/// A service in this process, and what is needed to drive a run against it.
struct Bench {
    service: Mutex<Service>,
    endpoint: Endpoint,
    token: BearerToken,
    policy: Policy,
}

impl Bench {
    fn new() -> Self {
        let settings = Settings::unhurried();
        let endpoint = Endpoint::parse(&format!("http://127.0.0.1/{}/scim/v2", settings.tenant)).unwrap();
        let token = BearerToken::new(settings.tokens[0].expose()).unwrap();
        let mut policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::Off);
        policy.rates.writes = 10_000.0;
        policy.rates.reads = 10_000.0;
        Self { service: Mutex::new(Service::new(settings)), endpoint, token, policy }
    }

    fn answer(&self, request: Message) -> Answer {
        Ok(self.service.lock().unwrap().respond(request, SystemTime::now()))
    }

    fn driver<'a>(&'a self, transport: &'a dyn Transport) -> Driver<'a> {
        Driver::new(&self.endpoint, &self.token, transport)
    }

    /// A plan that creates so many users, whose keys are `u0`, `u1` and so on.
    fn plan(&self, users: usize) -> Plan {
        let desired = wanted(users);
        let mut discovery = Discovery::new(&desired, State::default(), LastSent::default(), &self.policy, 0);
        let transport = |request: Message| self.answer(request);
        self.driver(&transport).run(&mut discovery, &mut Traffic::default(), |_| Ok(()), |_, _| {}).unwrap();
        let found = discovery.finish();
        let plan = plan(&desired, &found.observed, &found.state, &found.last_sent, &self.policy, SystemTime::now());
        assert_eq!(plan.operations().len(), users);
        plan
    }

    fn run(&self, users: usize) -> Run {
        Run::new(&self.plan(users), State::default(), &self.policy, 0)
    }
}

fn wanted(users: usize) -> Desired {
    let people: Vec<String> = (0..users)
        .map(|n| format!(r#"{{"_id":"u{n}","username":"user{n}","email":"user{n}@example.com","firstname":"User","lastname":"Nr{n}"}}"#))
        .collect();
    let ids: Vec<String> = (0..users).map(|n| format!("\"u{n}\"")).collect();
    let json = format!(r#"{{"systemusers":[{}],"usergroups":[],"application":{{"users":[{}]}}}}"#, people.join(","), ids.join(","));
    desired(&jumpcloud::read(json.as_bytes()).unwrap(), &RuleSet::jumpcloud(), &Profile::aws_iam_identity_center())
}

fn done(run: &Run) -> usize {
    run.outcomes().iter().filter(|outcome| outcome.kind == OutcomeKind::Done).count()
}

/// A run is carried to its end; what is stored makes the same state, and every request is counted and told.
#[test]
fn a_run_is_driven_to_its_end() {
    let bench = Bench::new();
    let mut run = bench.run(30);
    let transport = |request: Message| bench.answer(request);
    let mut store = MemoryStore::new();
    let mut traffic = Traffic::default();
    let mut told = Vec::new();
    let result = bench.driver(&transport).run(
        &mut run,
        &mut traffic,
        |records| store.commit(records),
        |run, exchanged| {
            assert!(exchanged.request_id.is_some());
            told.push((exchanged.operation, exchanged.ended == Ended::Answered { status: 201 }, run.summary()));
        },
    );
    result.unwrap();
    assert_eq!(done(&run), 30);
    assert_eq!(bench.service.lock().unwrap().users().count(), 30);
    assert_eq!(told.len(), 30);
    assert!(told.iter().all(|(operation, is_created, _)| *operation == "CreateUser" && *is_created));
    assert_eq!((traffic.requests(), traffic.of("CreateUser").answered(201)), (30, 30));
    let mut records = Vec::new();
    store.load(&mut |key, value| records.push((key, value))).unwrap();
    assert_eq!(&State::restore(records).unwrap(), run.state());
}

/// The intent of a write is stored before the service sees the write.
#[test]
fn intents_are_stored_before_they_are_sent() {
    let bench = Bench::new();
    let mut run = bench.run(30);
    let store = Mutex::new(MemoryStore::new());
    let transport = |request: Message| {
        let user = Resource::from_json(request.body()).unwrap();
        let key = format!("intent/user/{}", user.external_id().unwrap());
        assert!(store.lock().unwrap().read(&key).unwrap().is_some(), "{key} was not stored");
        bench.answer(request)
    };
    let result = bench.driver(&transport).run(
        &mut run,
        &mut Traffic::default(),
        |records| store.lock().unwrap().commit(records),
        |_, exchanged| assert_eq!(exchanged.ended, Ended::Answered { status: 201 }),
    );
    result.unwrap();
}

/// Requests go out side by side, as many as the policy says and no more.
#[test]
fn several_requests_are_in_flight() {
    let bench = Bench::new();
    let mut run = bench.run(40);
    let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let threads = Mutex::new(BTreeSet::new());
    let transport = |request: Message| {
        threads.lock().unwrap().insert(format!("{:?}", thread::current().id()));
        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        // Nobody is answered before as many are under way as shall be.
        let started = Instant::now();
        while most.load(Ordering::SeqCst) < 8 && started.elapsed() < Duration::from_secs(5) {
            thread::sleep(Duration::from_millis(1));
        }
        now.fetch_sub(1, Ordering::SeqCst);
        bench.answer(request)
    };
    bench.driver(&transport).run(&mut run, &mut Traffic::default(), |_| Ok(()), |_, _| {}).unwrap();
    assert_eq!(most.load(Ordering::SeqCst), 8);
    assert!(threads.lock().unwrap().len() <= 8);
    assert_eq!(done(&run), 40);
}

/// When the store fails, nothing more is sent; what is under way is waited for and told.
#[test]
fn a_store_that_fails_ends_the_run() {
    let bench = Bench::new();
    let mut run = bench.run(200);
    let has_failed = AtomicUsize::new(0);
    let under_way = AtomicUsize::new(0);
    let transport = |request: Message| {
        assert_eq!(has_failed.load(Ordering::SeqCst), 0, "a request was sent without its intent");
        under_way.fetch_add(1, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(20));
        under_way.fetch_sub(1, Ordering::SeqCst);
        bench.answer(request)
    };
    let mut commits = 0;
    let mut traffic = Traffic::default();
    let result = bench.driver(&transport).run(
        &mut run,
        &mut traffic,
        |_| {
            commits += 1;
            if commits < 3 {
                return Ok(());
            }
            // Those that are under way by now were started before.
            while under_way.load(Ordering::SeqCst) > 0 {
                thread::sleep(Duration::from_millis(1));
            }
            has_failed.store(1, Ordering::SeqCst);
            Err(Error::store("write the state", "the disk is full"))
        },
        |_, _| {},
    );
    let error = result.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Store { action: "write the state" });
    assert_eq!(under_way.load(Ordering::SeqCst), 0);
    assert!(traffic.requests() > 0 && traffic.requests() < 200);
    assert_eq!(u64::try_from(bench.service.lock().unwrap().users().count()).unwrap(), traffic.requests());
    assert_eq!(u64::try_from(done(&run)).unwrap(), traffic.requests());
}

/// A transport that panics does not hang the loop: nothing is known of its request, and the run looks it up.
#[test]
fn a_panic_in_a_transport_is_an_unknown_outcome() {
    let bench = Bench::new();
    let mut run = bench.run(10);
    let calls = AtomicUsize::new(0);
    let transport = |request: Message| {
        let call = calls.fetch_add(1, Ordering::SeqCst);
        let answer = bench.answer(request);
        assert!(call != 3, "the fourth call fails");
        answer
    };
    let mut traffic = Traffic::default();
    let mut lost = Vec::new();
    let result = bench.driver(&transport).run(
        &mut run,
        &mut traffic,
        |_| Ok(()),
        |_, exchanged| {
            if let Ended::Lost { reason } = exchanged.ended {
                lost.push(reason.to_owned());
            }
        },
    );
    result.unwrap();
    assert_eq!(lost, ["the transport panicked"]);
    assert_eq!((done(&run), bench.service.lock().unwrap().users().count()), (10, 10));
    assert_eq!(traffic.of("CreateUser").lost(), 1);
    assert!(traffic.of("ListUsers").requests() > 0);
}

/// Without a connection, the run ends by itself, and no request is counted.
#[test]
fn an_endpoint_that_cannot_be_reached_ends_the_run() {
    let bench = Bench::new();
    let mut run = bench.run(30);
    let transport = |_: Message| Err(TransportError::not_sent("connection refused"));
    let mut traffic = Traffic::default();
    bench.driver(&transport).run(&mut run, &mut traffic, |_| Ok(()), |_, _| {}).unwrap();
    assert_eq!(run.stopped(), Some(&Stopped::Unreachable { reason: "connection refused".to_owned() }));
    assert_eq!(traffic.requests(), 0);
    assert!(traffic.of("CreateUser").not_sent() >= 6);
}

/// A machine that says what it was made to say.
struct Scripted {
    steps: Vec<Step>,
    times: Vec<SystemTime>,
}

impl Machine for Scripted {
    fn next_step(&mut self, now: SystemTime) -> Step {
        self.times.push(now);
        self.steps.pop().unwrap_or(Step::Done)
    }

    fn handle_delivery(&mut self, _: DeliveryId, _: Delivery, _: SystemTime) {}
}

fn scripted(steps: impl FnOnce(SystemTime) -> Vec<Step>) -> (Result<(), Error>, Scripted, Duration) {
    let bench = Bench::new();
    let transport = |request: Message| bench.answer(request);
    let driver = bench.driver(&transport);
    let mut machine = Scripted { steps: steps(driver.now()), times: Vec::new() };
    let started = Instant::now();
    let result = driver.run(&mut machine, &mut Traffic::default(), |_| Ok(()), |_, _| {});
    (result, machine, started.elapsed())
}

/// A wait is as long as the machine says, also when nothing is under way, and the time it is told then has come.
#[test]
fn a_wait_ends_at_its_time() {
    let mut until = SystemTime::UNIX_EPOCH;
    let (result, machine, elapsed) = scripted(|now| {
        until = now + Duration::from_millis(100);
        // The last one is the first; a time that has passed is no wait.
        vec![Step::Wait { until: now }, Step::Wait { until }]
    });
    result.unwrap();
    assert!(elapsed >= Duration::from_millis(95) && elapsed < Duration::from_secs(2), "{elapsed:?}");
    assert_eq!(machine.times.len(), 3);
    assert!(machine.times.is_sorted() && machine.times[1] >= until);
}

/// A machine that waits for nothing would hang for ever.
#[test]
fn a_machine_that_waits_for_nothing_is_an_error() {
    let (result, _, _) = scripted(|_| vec![Step::Blocked]);
    assert_eq!(result.unwrap_err().kind(), &ErrorKind::Stuck);
}

/// IM-10: neither the driver nor what it tells holds the token.
#[test]
fn im_10_a_driver_does_not_print_its_token() {
    let endpoint = Endpoint::parse("http://127.0.0.1/t").unwrap();
    let token = BearerToken::new("hunter2").unwrap();
    let transport = |_: Message| Err(TransportError::not_sent(""));
    assert!(!format!("{:?}", Driver::new(&endpoint, &token, &transport)).contains("hunter2"));
}

/// What points to a transport is one.
#[test]
fn a_transport_is_shared_and_boxed() {
    fn status(transport: impl Transport) -> u16 {
        transport.send(http::Request::new(Vec::new())).unwrap().status().as_u16()
    }
    let transport = |_: Message| -> Answer { Ok(http::Response::new(Vec::new())) };
    let boxed: Box<dyn Transport> = Box::new(transport);
    assert_eq!([status(transport), status(&*boxed), status(Arc::new(transport)), status(boxed)], [200; 4]);
}

/// The counts as they stand in a report.
#[test]
fn traffic_is_serialised_by_operation_and_by_status() {
    let mut traffic = Traffic::default();
    for (operation, ended) in [
        ("CreateUser", Ended::Answered { status: 201 }),
        ("CreateUser", Ended::Answered { status: 429 }),
        ("CreateUser", Ended::NotSent { reason: "" }),
        ("ListUsers", Ended::Lost { reason: "" }),
    ] {
        traffic.count(operation, ended);
    }
    let mut more = Traffic::default();
    more.count("CreateUser", Ended::Answered { status: 201 });
    traffic.add(&more);
    assert_eq!(
        serde_json::to_string(&traffic).unwrap(),
        concat!(
            r#"{"total":4,"by_operation":{"CreateUser":{"201":2,"429":1,"notSent":1},"ListUsers":{"lost":1}},"#,
            r#""by_status":{"201":2,"429":1,"lost":1,"notSent":1}}"#
        )
    );
    assert_eq!(traffic.to_string(), "4 requests: CreateUser 3, ListUsers 1");
    assert_eq!(Traffic::default().to_string(), "0 requests");
}

/// Two runs over one store: the one that began first is refused with its next commit and sends nothing more; the other goes on to its end.
#[test]
fn a_run_that_was_overtaken_sends_nothing_more() {
    let bench = Bench::new();
    let plan = bench.plan(200);
    let store = Mutex::new(MemoryStore::new());
    let transport = |request: Message| bench.answer(request);
    let load = || {
        let mut records = Vec::new();
        store.lock().unwrap().load(&mut |key, value| records.push((key, value))).unwrap();
        State::restore(records).unwrap()
    };
    let mut first = Run::new(&plan, State::default(), &bench.policy, 0);
    let (mut commits, mut sent) = (0, None);
    let mut traffic = Traffic::default();
    let result = bench.driver(&transport).run(
        &mut first,
        &mut traffic,
        |records| {
            commits += 1;
            if commits == 2 {
                // Another process begins over what is stored by now.
                let records = beginning(&load());
                store.lock().unwrap().commit(&records)?;
                sent = Some(bench.service.lock().unwrap().users().count());
            }
            store.lock().unwrap().commit(records)
        },
        |_, _| {},
    );
    assert_eq!(result.unwrap_err().kind(), &ErrorKind::AnotherRun { expected: "1".to_owned(), found: "2".to_owned() });
    assert_eq!(commits, 2);
    let sent = sent.unwrap();
    assert!(sent > 0 && sent < 200, "{sent}");
    // What was under way when it was refused is all that came behind.
    assert!(traffic.requests() <= u64::try_from(sent + bench.policy.in_flight).unwrap());

    // The state has the intents of the first one, which the next look settles.
    let state = load();
    assert!(state.has_intents() && state.generation() == 2);
    let desired = wanted(200);
    let mut traffic = Traffic::default();
    let mut discovery = Discovery::new(&desired, state, LastSent::default(), &bench.policy, 0);
    bench.driver(&transport).run(&mut discovery, &mut traffic, |records| store.lock().unwrap().commit(records), |_, _| {}).unwrap();
    let found = discovery.finish();
    let plan = idbridge_planner::plan(&desired, &found.observed, &found.state, &found.last_sent, &bench.policy, SystemTime::now());
    let mut second = Run::new(&plan, found.state, &bench.policy, 0);
    bench.driver(&transport).run(&mut second, &mut traffic, |records| store.lock().unwrap().commit(records), |_, _| {}).unwrap();
    assert_eq!(done(&second), plan.operations().len());
    assert_eq!((bench.service.lock().unwrap().users().count(), load().linked_users()), (200, 200));
}

/// The records with which another process begins.
fn beginning(state: &State) -> Vec<idbridge_planner::Record> {
    state.clone().apply(&idbridge_planner::StateChange::Begun)
}
