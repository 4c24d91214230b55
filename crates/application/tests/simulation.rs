//! Random companies, random changes, a service that fails in every way, and a process that dies at any time: in the end the service is as the
//! directory wants it, and on the way nothing was touched that must not be.
//!
//! `IDBRIDGE_SEEDS=5000` runs more seeds than usual, `IDBRIDGE_SEED=17` runs that one alone.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that panics has failed, and a failing seed prints itself"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use common::{Synced, World};
use idbridge_emulator::{Fault, Faults};
use idbridge_mapping::directory::{Incomplete, Lifecycle};
use idbridge_planner::Risk;
use idbridge_scim::protocol::{Request, ResourceType};
use idbridge_scim::{Resource, ResourceId, Value};

/// Seeds that every test run goes through.
const SEEDS: u64 = 300;
/// Seeds beyond those that once found a fault: an object given to another while its owner was not seen (E-5), a member who was found and held and
/// then taken for ours (E-6), a group of held members that was searched again and again.
const FAILED_ONCE: [u64; 5] = [14_818, 42_909, 51_685, 53_091, 53_406];

/// Random numbers from a seed (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        if from.is_empty() { None } else { Some(from[self.below(from.len())].clone()) }
    }
}

/// What nobody asked to be managed: it must be as it is at the end.
struct Strangers {
    users: Vec<(ResourceId, Resource)>,
    groups: Vec<(ResourceId, Resource)>,
}

/// A company before its first sync: some people and groups, some of them made by hand at the service already.
fn found(dice: &mut Dice) -> (World, Strangers) {
    let mut world = World::new();
    world.policy.in_flight = 1 + dice.below(8);
    world.policy.members_per_request = [2, 3, 100][dice.below(3)];
    world.shows_cut_answers = dice.chance(2);
    let mut settings = world.service.settings().clone();
    settings.seed = dice.roll();
    settings.short_pages = dice.chance(2);
    settings.page_size = 1 + dice.below(20);
    settings.unknown_member_is_not_found = dice.chance(2);
    if dice.chance(3) {
        (settings.cursor, settings.cap) = (false, [50, 100][dice.below(2)]);
    }
    settings.membership_filters = !dice.chance(3);
    world.service.set_settings(settings);
    for number in 0..1 + dice.below(4) {
        world.group(&format!("g{number}"), &format!("Group {number}"), &[]);
    }
    for number in 0..2 + dice.below(12) {
        hire(&mut world, dice, number);
    }
    for number in 0..dice.below(4) {
        world.made_by_hand(&format!("u{number}@example.com"));
    }
    let members: Vec<ResourceId> = world.service.users().filter_map(Resource::id).collect();
    if dice.chance(3) {
        world.group_by_hand("Group 0", &members.iter().collect::<Vec<_>>());
    }
    let user = world.made_by_hand("stranger@example.com");
    let group = world.group_by_hand("By hand", &[&user]);
    let strangers = Strangers {
        users: vec![(user.clone(), world.service.user(&user).unwrap().clone())],
        groups: vec![(group.clone(), world.service.group(&group).unwrap().clone())],
    };
    (world, strangers)
}

fn hire(world: &mut World, dice: &mut Dice, number: usize) {
    let id = format!("u{number}");
    world.hire(&id, &format!("First{number} Last{number}"));
    let groups: Vec<String> = world.groups.keys().cloned().collect();
    for _ in 0..dice.below(3) {
        if let Some(group) = dice.pick(&groups) {
            world.join(&group, &id);
        }
    }
    if dice.chance(8) {
        world.direct.insert(id);
    }
}

/// One thing that happens in a directory.
fn change(world: &mut World, dice: &mut Dice, hired: &mut usize) {
    let people: Vec<String> = world.users.keys().cloned().collect();
    let groups: Vec<String> = world.groups.keys().cloned().collect();
    let (Some(user), Some(other)) = (dice.pick(&people), dice.pick(&people)) else {
        *hired += 1;
        return hire(world, dice, *hired);
    };
    let group = dice.pick(&groups);
    match (dice.below(17), group) {
        (0 | 1, _) => {
            *hired += 1;
            hire(world, dice, *hired);
        }
        (2, _) => world.delete_user(&user),
        (3, _) => world.user(&user).lifecycle = [Lifecycle::Suspended, Lifecycle::Staged, Lifecycle::Active][dice.below(3)],
        (4, _) => world.activate(&user),
        (5, _) => world.user(&user).job_title = [None, Some("Lead".to_owned()), Some("Boss".to_owned())][dice.below(3)].clone(),
        (6, _) => world.user(&user).last_name = Some(format!("Last{}", dice.below(100))),
        (7, _) => {
            let (one, two) = (world.user(&user).email.clone(), world.user(&other).email.clone());
            (world.user(&user).email, world.user(&other).email) = (two, one);
        }
        (8, _) => world.user(&user).email = Some(format!("New{}@example.com", dice.below(30))),
        (9 | 10, Some(group)) => world.join(&group, &user),
        (11 | 12, Some(group)) => world.leave(&group, &user),
        (13, Some(group)) => world.rename(&group, &format!("Group {}", dice.below(9))),
        (14, Some(group)) if world.bound.contains(&group) => world.unbind(&group),
        (14, Some(group)) => world.bind(&group),
        (15, Some(group)) => world.delete_group(&group),
        (16, _) => {
            let number = 10 + dice.below(20);
            world.group(&format!("g{number}"), &format!("Group {number}"), &[&user, &other]);
        }
        _ => {}
    }
}

/// Prints what happened, for a seed that is run alone.
fn trace(world: &World, synced: &Synced) {
    if std::env::var_os("IDBRIDGE_SEED").is_some() {
        println!("{}{:#?}\nfailed {:?}\n", synced.explained(), synced.calls, synced.failures());
        println!("there {:?}, groups {:?}\n", world.everybody(), world.every_group());
    }
}

fn storm(dice: &mut Dice) -> Faults {
    let kinds = vec![
        Fault::Throttled { retry_after: None },
        Fault::Throttled { retry_after: Some(Duration::from_secs(1)) },
        Fault::Failed { status: 500, applied: false },
        Fault::Failed { status: 503, applied: true },
        Fault::Dropped { applied: false },
        Fault::Dropped { applied: true },
        Fault::Truncated,
        Fault::Delayed(Duration::from_secs(3)),
        Fault::Delayed(Duration::from_secs(60)),
    ];
    Faults::seeded(dice.roll(), 2 + dice.roll() % 8, kinds)
}

fn live(seed: u64) {
    let mut dice = Dice(seed);
    let (mut world, strangers) = found(&mut dice);
    let mut hired = 100;
    for _ in 0..3 + dice.below(4) {
        world.service.set_faults(if dice.chance(4) { Faults::none() } else { storm(&mut dice) });
        for _ in 0..1 + dice.below(2) {
            let steps = if dice.chance(2) { dice.below(30) } else { usize::MAX };
            world.policy.allowance = if dice.chance(2) { Some(1000) } else { None };
            let synced = if dice.chance(5) { half_read(&mut world, &mut dice, steps) } else { world.sync_steps(steps) };
            trace(&world, &synced);
            world.now += Duration::from_secs(60);
            check_names(&world);
        }
        for _ in 0..dice.below(5) {
            change(&mut world, &mut dice, &mut hired);
        }
        if dice.chance(10) {
            world.forget();
        }
    }
    world.service.set_faults(Faults::none());
    // The guard has tests of its own; in the end everything must get through.
    world.policy.allowance = Some(1000);
    for _ in 0..2 {
        let synced = world.sync();
        trace(&world, &synced);
    }
    let last = world.sync();
    assert!(last.plan.is_empty(), "not at rest:\n{}", last.explained());
    assert_eq!(last.writes(), Vec::<&str>::new(), "{}", last.explained());
    let looks_again = last.held().iter().any(|held| held.ends_with("NameTaken") || held.ends_with("Ambiguous"));
    assert!(looks_again || last.calls.is_empty(), "{:?}\n{}", last.calls, last.explained());
    check_end(&world, &strangers, &last.held());
}

/// A sync that sees only some of the people, groups and members, and knows that. Nobody is deleted or deactivated by it, allowance or not.
fn half_read(world: &mut World, dice: &mut Dice, steps: usize) -> Synced {
    let (users, groups, bound) = (world.users.clone(), world.groups.clone(), world.bound.clone());
    world.users.retain(|_, _| !dice.chance(3));
    world.groups.retain(|_, _| !dice.chance(3));
    world.bound.retain(|_| !dice.chance(3));
    world.partial = Some(Incomplete::Declared);
    let suspended: BTreeSet<String> =
        world.users.values().filter(|user| user.lifecycle != Lifecycle::Active).map(|user| user.id.to_string()).collect();
    let synced = world.sync_steps(steps);
    for operation in synced.plan.operations() {
        let is_said = suspended.contains(operation.key.as_str());
        let takes_access = operation.kind.risk() > Risk::Harmless;
        assert!(is_said || !takes_access, "half a directory takes away:\n{}", synced.explained());
    }
    (world.users, world.groups, world.bound, world.partial) = (users, groups, bound, None);
    synced
}

/// At any time, no two users and no two groups share a name, an identifier of the directory or an address.
fn check_names(world: &World) {
    for resources in [world.service.users().collect::<Vec<_>>(), world.service.groups().collect()] {
        let ids: Vec<_> = resources.iter().filter_map(|resource| resource.external_id()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "one record has two objects");
    }
}

/// The end: what is wanted is there, what is nobody's is as it was, and nothing was ever created twice or shown another name.
fn check_end(world: &World, strangers: &Strangers, held: &[String]) {
    let is_held = |kind: &str, id: &str| held.iter().any(|held| held.starts_with(&format!("{kind} {id} ")));
    let entitled = |id: &str| {
        world.direct.contains(id) || world.groups.iter().any(|(group, record)| world.bound.contains(group) && record.members.contains(id))
    };
    for (id, user) in world.users.iter().filter(|(id, _)| !is_held("user", id)) {
        let wanted = entitled(id) && user.lifecycle != Lifecycle::Staged;
        let there = world.link(id).and_then(|link| world.service.user(&link));
        let Some(there) = there else {
            assert!(!wanted || user.lifecycle != Lifecycle::Active, "{id} is not there");
            continue;
        };
        let active = there.get("active").and_then(Value::as_bool) == Some(true);
        assert_eq!(active, wanted && user.lifecycle == Lifecycle::Active, "{id} is active or not");
        if wanted {
            let names = (there.text("userName"), there.primary_value("emails"), there.text("name.familyName"), there.text("title"));
            let email = user.email.as_deref();
            assert_eq!(names, (email, email, user.last_name.as_deref(), user.job_title.as_deref()), "{id}");
        }
    }
    let gone = world.state.users().filter(|(key, _)| !world.users.contains_key(key.as_str())).count();
    assert_eq!(gone, 0, "somebody deleted is still linked");
    for (id, group) in world.groups.iter().filter(|(id, _)| world.bound.contains(*id) && !is_held("group", id)) {
        let Some(link) = world.group_link(id) else { continue };
        let there = world.service.group(&link).unwrap_or_else(|| panic!("group {id} is not there"));
        assert_eq!(there.text("displayName"), group.name.as_deref(), "{id}");
        let ours: BTreeSet<ResourceId> = world.state.users().map(|(_, link)| link.id.clone()).collect();
        let found: BTreeSet<ResourceId> = world.service.members(&link).intersection(&ours).cloned().collect();
        let expected = group.members.iter().filter_map(|member| {
            let (id, user) = (member.as_str(), world.users.get(member.as_str())?);
            (user.lifecycle != Lifecycle::Staged && !is_held("user", id)).then(|| world.link(id)).flatten()
        });
        let expected: BTreeSet<ResourceId> = expected.collect();
        // Who is held stays as is, and so does the membership of somebody staged, who is inactive anyway.
        let open = world.users.iter().filter(|(id, user)| is_held("user", id) || user.lifecycle == Lifecycle::Staged);
        let open: BTreeSet<ResourceId> = open.filter_map(|(id, _)| world.link(id)).collect();
        assert_eq!(found.difference(&open).collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>(), "members of {id}");
    }
    for (id, before) in strangers.users.iter() {
        assert_eq!(world.service.user(id), Some(before), "a stranger was changed");
        assert!(!world.was_written(id), "a stranger was named in a write");
    }
    for (id, before) in strangers.groups.iter() {
        assert_eq!(world.service.group(id), Some(before), "a strange group was changed");
        assert!(!world.was_written(id), "a strange group was named in a write");
    }
    check_log(world);
}

/// No PATCH of a user names displayName, and nobody who is in the directory is ever deleted and created again.
fn check_log(world: &World) {
    let mut created: BTreeMap<String, usize> = BTreeMap::new();
    for logged in world.service.log() {
        match logged.request() {
            Some(Request::Patch { resource_type: ResourceType::User, patch, .. }) => {
                assert!(!patch.to_json().contains("displayName"), "a display name was changed");
            }
            Some(Request::Create { resource_type: ResourceType::User, resource, .. }) if logged.status() == Some(201) => {
                let key = resource.external_id().map(String::from).unwrap_or_default();
                *created.entry(key).or_default() += 1;
            }
            _ => {}
        }
    }
    for (key, count) in created {
        assert!(count == 1, "{key} was created {count} times");
    }
}

#[test]
fn every_company_ends_as_its_directory_wants() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let seeds: Vec<u64> = match number("IDBRIDGE_SEED") {
        Some(seed) => vec![seed],
        None => FAILED_ONCE.into_iter().chain(0..number("IDBRIDGE_SEEDS").unwrap_or(SEEDS)).collect(),
    };
    let mut failed = Vec::new();
    for seed in seeds {
        if std::panic::catch_unwind(|| live(seed)).is_err() {
            println!("seed {seed} failed: run it alone with IDBRIDGE_SEED={seed}");
            failed.push(seed);
        }
    }
    assert!(failed.is_empty(), "seeds {failed:?} failed");
}
