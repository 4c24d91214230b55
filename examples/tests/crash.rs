//! `sync` killed at any moment, and `sync` in a storm: in the end the service is as the directory says, and nothing was lost or made twice.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use common::{Company, World, email, key, writes};
use idbridge_emulator::{Fault, Faults, Logged};
use idbridge_scim::protocol::Request;
use idbridge_scim::{Resource, ResourceId};
use serde_json::json;

/// Ids by directory id, each as it was first seen.
type Ids = BTreeMap<String, ResourceId>;

/// The first state of the company.
fn founded() -> Company {
    Company::of(10).with_group("g-even", "Even", [0, 2, 4, 6, 8]).with_group("g-few", "Few", 0..3).with_group("g-old", "Old", 3..5)
}

/// The company later: a promotion, a marriage, a departure, an arrival, a renamed and a deleted group, changed members.
fn grown() -> Company {
    let mut company = founded();
    company.set(1, "jobTitle", "Principal");
    company.set(2, "lastname", "Married");
    company.set(4, "email", "changed4@example.com");
    company.dismiss(9);
    company.hire(10);
    company.join("g-staff", 10);
    company.rename("g-even", "Even numbers");
    company.leave("g-even", 8);
    company.join("g-few", 7);
    company.drop_group("g-old");
    company
}

/// Puts what nobody asked to be managed into the service, and a user of the company who was made by hand.
fn seed(world: &World) -> BTreeSet<ResourceId> {
    world.server.with(|service| {
        let user = |name: &str| {
            let user = json!({
                "userName": name,
                "name": {"givenName": "By", "familyName": "Hand"},
                "displayName": "By Hand",
                "emails": [{"value": name, "type": "work", "primary": true}],
                "active": true,
            });
            Resource::from_json(user.to_string().as_bytes()).unwrap()
        };
        let stranger = service.seed_user(user("auditor@example.com"));
        service.seed_user(user(&email(0)));
        let group = service.seed_group(Resource::from_json(br#"{"displayName":"Auditors"}"#).unwrap(), [&stranger]);
        service.seed_group(Resource::from_json(br#"{"displayName":"Few"}"#).unwrap(), [&stranger]);
        BTreeSet::from([stranger, group])
    })
}

/// Adds the ids that are there now, and asserts that none that was there before changed.
#[track_caller]
fn remember(world: &World, ids: &mut Ids) {
    for (key, id) in world.ids() {
        let first = ids.entry(key.clone()).or_insert_with(|| id.clone());
        assert_eq!(*first, id, "{key} was made a second time");
    }
}

/// Asserts of every write: it names no stranger and no user's display name, and deletes only the departed.
fn assert_innocent(log: &[Logged], strangers: &BTreeSet<ResourceId>, may_go: &BTreeSet<ResourceId>) {
    for logged in writes(log) {
        let body = match logged.request() {
            Some(Request::Patch { patch, .. }) => patch.to_json(),
            Some(Request::Create { resource, .. } | Request::Replace { resource, .. }) => resource.to_json(),
            _ => String::new(),
        };
        for stranger in strangers {
            assert!(logged.id() != Some(stranger) && !body.contains(stranger.as_str()), "{logged:?} names {stranger:?}");
        }
        if logged.operation() == Some("PatchUser") {
            assert!(!body.to_ascii_lowercase().contains("displayname"), "{body}");
        }
        if logged.method() == "DELETE" {
            assert!(logged.id().is_some_and(|id| may_go.contains(id)), "{logged:?}");
        }
    }
}

/// The ids of the user and the group that the company gives up when it has grown.
fn departed(ids: &Ids) -> BTreeSet<ResourceId> {
    [key(9), "g-old".to_owned()].iter().filter_map(|key| ids.get(key).cloned()).collect()
}

/// Asserts that the state is known: another run has nothing to write.
#[track_caller]
fn assert_settled(world: &World) {
    world.take_log();
    let ended = world.synced();
    assert_eq!(writes(&world.take_log()), Vec::<&Logged>::new());
    assert_eq!(ended.report["operations"], json!([]));
}

/// Syncs a company, killed when so many requests have come, and then again to its end; says whether the kill met it at work. At every other
/// moment the answers are held back, so that it certainly does.
fn killed_at(moment: usize, before: Option<&Company>, company: &Company) -> bool {
    let world = World::new(before.unwrap_or(company));
    let strangers = seed(&world);
    let mut ids = Ids::new();
    if before.is_some() {
        world.synced();
        remember(&world, &mut ids);
        world.write(company);
        world.take_log();
    }
    if moment.is_multiple_of(2) {
        world.hold_answers_after(moment - 1, Duration::from_secs(60));
    }
    let was_killed = world.sync().start().kill_after(&world.server, moment);
    world.calm();
    remember(&world, &mut ids);
    world.synced();
    remember(&world, &mut ids);
    world.assert_holds(company, &strangers);
    assert_innocent(&world.take_log(), &strangers, &departed(&ids));
    assert_settled(&world);
    was_killed
}

#[test]
fn a_first_sync_killed_after_any_request_is_completed_by_the_next_run() {
    let company = founded();
    // 2 lists, 10 users, 4 groups: the first moment is before the first answer, the last ones near the end.
    let killed = (1..=15).filter(|moment| killed_at(*moment, None, &company)).count();
    assert!(killed >= 7, "only {killed} of 15 runs were killed at work");
}

#[test]
fn changes_killed_after_any_request_are_completed_by_the_next_run() {
    let (before, after) = (founded(), grown());
    let killed = (1..=10).filter(|moment| killed_at(*moment, Some(&before), &after)).count();
    assert!(killed >= 5, "only {killed} of 10 runs were killed at work");
}

#[test]
fn a_run_killed_again_and_again_while_answers_are_under_way_comes_to_its_end() {
    let company = founded();
    let world = World::new(&company);
    let strangers = seed(&world);
    let mut ids = Ids::new();
    let mut kills = 0;
    loop {
        // From some request on, every answer is withheld for longer than the process lives: the effect is there, the answer is not. Every run
        // gets an answer more than the one before, because it has to find out first what became of the requests before it.
        world.hold_answers_after(3 + kills, Duration::from_secs(60));
        let so_far = world.server.with(|service| service.log().len());
        if !world.sync().start().kill_after(&world.server, so_far + 4 + kills) {
            break;
        }
        remember(&world, &mut ids);
        kills += 1;
        assert!(kills < 60, "no end in sight");
    }
    assert!(kills >= 2, "killed {kills} times");
    world.calm();
    world.synced();
    remember(&world, &mut ids);
    world.assert_holds(&company, &strangers);
    assert_innocent(&world.take_log(), &strangers, &BTreeSet::new());
    assert_settled(&world);
}

#[test]
fn a_lost_state_is_found_again_at_the_service() {
    let world = World::new(&founded());
    let strangers = seed(&world);
    let mut ids = Ids::new();
    world.synced();
    remember(&world, &mut ids);
    world.take_log();
    std::fs::remove_file(world.state()).unwrap();
    world.synced();
    remember(&world, &mut ids);
    world.assert_holds(&founded(), &strangers);
    let log = world.take_log();
    assert!(writes(&log).iter().all(|logged| matches!(logged.operation(), Some("PatchUser" | "PatchGroup"))), "{log:#?}");
    assert_innocent(&log, &strangers, &BTreeSet::new());
    assert_settled(&world);
}

/// Everything that can go wrong with a request.
fn every_fault() -> Vec<Fault> {
    let mut faults = vec![
        Fault::Throttled { retry_after: None },
        Fault::Throttled { retry_after: Some(Duration::from_secs(1)) },
        Fault::Truncated,
        Fault::Delayed(Duration::from_millis(20)),
    ];
    for applied in [false, true] {
        faults.push(Fault::Dropped { applied });
        faults.extend([500, 503].map(|status| Fault::Failed { status, applied }));
    }
    faults
}

/// Runs until everything is done, in a storm that stays.
fn weathered(world: &World, ids: &mut Ids, seed: u64) {
    const RUNS: usize = 4;
    world.server.with(|service| service.set_faults(Faults::seeded(seed, 4, every_fault())));
    for run in 1.. {
        let ended = world.sync().run();
        remember(world, ids);
        match ended.status {
            Some(0) => break,
            // Some operations failed, or the service seemed unreachable: that is what the next run is for.
            Some(2 | 4) if run < RUNS => {}
            _ => panic!("seed {seed}, run {run}: {ended:#?}"),
        }
    }
    world.calm();
}

/// A first sync and a change of everything in a storm; how many requests met a fault.
fn storm(seed_of_storm: u64) -> usize {
    let world = World::new(&founded());
    let strangers = seed(&world);
    let mut ids = Ids::new();
    weathered(&world, &mut ids, seed_of_storm);
    world.assert_holds(&founded(), &strangers);
    let may_go = departed(&ids);

    let log = world.take_log();
    assert_innocent(&log, &strangers, &BTreeSet::new());
    let faults = log.iter().filter(|logged| logged.fault().is_some()).count();

    world.write(&grown());
    weathered(&world, &mut ids, seed_of_storm + 1000);
    world.assert_holds(&grown(), &strangers);
    let log = world.take_log();
    assert_innocent(&log, &strangers, &may_go);
    assert_settled(&world);
    faults + log.iter().filter(|logged| logged.fault().is_some()).count()
}

#[test]
fn a_storm_of_every_fault_is_weathered_and_nothing_is_made_twice() {
    let faults: usize = std::thread::scope(|scope| {
        let storms: Vec<_> = (1..=6).map(|seed| (seed, scope.spawn(move || storm(seed)))).collect();
        let weathered = |(seed, storm): (u64, std::thread::ScopedJoinHandle<'_, usize>)| {
            storm.join().unwrap_or_else(|_| panic!("the storm of seed {seed} left damage"))
        };
        storms.into_iter().map(weathered).sum()
    });
    // About one request in four of some 300.
    assert!(faults >= 24, "only {faults} faults");
}
