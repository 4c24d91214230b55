//! Deterministic simulation: a company, its service, its disk, its network and its clock, all from one seed. On every step the invariants hold, and
//! in the end the service is as the directory wants it and nothing is left to do.
//!
//! - `IDBRIDGE_SEED=17 cargo test -p idbridge-planner --test simulation every_company -- --nocapture` runs one seed, and tells what happens.
//! - `IDBRIDGE_SEEDS=100000 cargo test --profile simulation -p idbridge-planner --test simulation every_company` runs so many, on all cores;
//!   `IDBRIDGE_FROM=500000` lets them begin there.
//!
//! A seed that fails prints itself, the shortest script that still fails, and the plan and the calls of the sync that failed.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::type_complexity,
    clippy::unwrap_in_result,
    reason = "a test that panics has failed, and a failing seed prints itself"
)]

mod dice;
mod directory;
mod disk;
mod ending;
mod events;
mod generate;
mod invariants;
mod ledger;
mod mutations;
mod network;
mod script;
mod shrink;
mod sync;
mod world;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use directory::Change;
use mutations::Mutation;
use script::{Edit, Element, Fault, Meanwhile, Script, Switches};

/// Seeds that every test run goes through.
const SEEDS: u64 = 200;
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

/// Runs many seeds, on all cores, and returns what those that failed have to say, in their order.
fn run_all(seeds: &[u64]) -> Vec<String> {
    let (next, failed) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(seed) = seeds.get(usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap()) {
                    let script = Script::of(*seed);
                    if let Err(failure) = script.run(None) {
                        let enough = failed.lock().unwrap().len() >= 5;
                        let (script, failure) = if enough { (script, failure) } else { script.shrunk(None, failure) };
                        let told = failure.told(&script);
                        let told = if enough { told.lines().next().unwrap().to_owned() } else { told };
                        failed.lock().unwrap().push((*seed, told));
                    }
                }
            });
        }
    });
    let mut failed = failed.into_inner().unwrap();
    failed.sort();
    failed.into_iter().map(|(_, told)| told).collect()
}

#[test]
fn every_company_ends_as_its_directory_wants() {
    if let Some(seed) = number("IDBRIDGE_SEED") {
        let script = Script::of(seed);
        println!("{script}");
        if let Err(failure) = script.run_told(None, &mut |line| println!("{line}")) {
            println!("{}: {}", failure.violation.invariant, failure.violation.what);
            let (script, failure) = script.shrunk(None, failure);
            panic!("{}", failure.told(&script));
        }
        return;
    }
    let from = number("IDBRIDGE_FROM").unwrap_or(0);
    let seeds: Vec<u64> = (from..from + number("IDBRIDGE_SEEDS").unwrap_or(SEEDS)).collect();
    let failed = run_all(&seeds);
    assert!(failed.is_empty(), "{} of {} seeds failed:\n{}", failed.len(), seeds.len(), failed.join("\n"));
}

/// A script that a seed was once shrunk to.
fn script(elements: Vec<Element>) -> Script {
    Script { seed: 1, switches: Switches::default(), elements, forgets_at_the_end: false }
}

/// E-10, UL-03: who takes another name for a moment is linked before, also where all of it begins with an adoption.
#[test]
fn a_circle_of_adopted_objects_is_linked_before_it_is_renamed() {
    let hire = |person, group| Element::Change(Change::Hire { person, groups: vec![group], is_direct: false });
    let found = |group| Element::Change(Change::Found { group, members: Vec::new() });
    for swap in [Change::SwapGroupNames(0, 1), Change::SwapNames(3, 9)] {
        for crash in 1..80 {
            let elements = vec![found(0), found(1), hire(3, 0), hire(9, 1), Element::Sync, Element::Change(swap.clone()), Element::Forget];
            let failure = script(elements.into_iter().chain([Element::Crash(crash), Element::Sync]).collect()).run(None);
            assert!(failure.is_ok(), "crash at {crash}: {failure:#?}");
        }
    }
}

/// UL-09: that an object is gone is not forgotten because its record was not seen when it was found out.
#[test]
fn what_is_found_gone_while_its_record_is_held_is_made_again() {
    for crash in 1..40 {
        let hire = Element::Change(Change::Hire { person: 0, groups: Vec::new(), is_direct: true });
        let partial = Element::Partial { people: vec![0], groups: Vec::new(), members: Vec::new() };
        let elements =
            vec![hire, Element::Sync, Element::Empty, Element::Allow(1), Element::Crash(crash), Element::Sync, partial, Element::Sync];
        let failure = script(elements).run(None);
        assert!(failure.is_ok(), "crash at {crash}: {failure:#?}");
    }
}

/// UL-03: what may have been added before a crash is looked up before an event adds somebody else to the same group, or it stays for ever.
#[test]
fn what_is_open_of_a_group_is_looked_up_before_an_event_changes_it() {
    let hire = |person, groups| Element::Change(Change::Hire { person, groups, is_direct: true });
    let found = Element::Change(Change::Found { group: 0, members: Vec::new() });
    for crash in 1..60 {
        let before = [found.clone(), hire(0, vec![0]), hire(1, Vec::new()), hire(2, Vec::new()), Element::Sync];
        let joins = [Element::Change(Change::Join(0, 1)), Element::Crash(crash), Element::Sync];
        let told = [Element::Change(Change::Leave(0, 1)), Element::Change(Change::Join(0, 2)), Element::Told, Element::Sync];
        let failure = script(before.into_iter().chain(joins).chain(told).collect()).run(None);
        assert!(failure.is_ok(), "crash at {crash}: {failure:#?}");
    }
}

/// Somebody removes a person at the service at each moment of a sync, each of whose requests is answered late once, and the service is as wanted in
/// the end all the same.
fn holds_whenever_removed(person: u32, switches: Switches, before: &[Element], behind: &[Element]) {
    let cases = (1..4).flat_map(|seed| (1..9).flat_map(move |late| (1..40).map(move |moment| (seed, late, moment))));
    for (seed, late, moment) in cases {
        let removed = Element::During(moment, Meanwhile::Edit(Edit::RemoveUser(person)));
        let sync = [Element::Fault(late, Fault::Slow(2)), removed, Element::Sync];
        let elements = before.iter().cloned().chain(sync).chain(behind.iter().cloned()).collect();
        let failure = Script { seed, switches, ..script(elements) }.run(None);
        assert!(failure.is_ok(), "seed {seed}, request {late} is answered late, removed at {moment}: {failure:#?}");
    }
}

fn hire(person: u32, groups: &[u32]) -> Element {
    Element::Change(Change::Hire { person, groups: groups.to_vec(), is_direct: true })
}

fn found(group: u32, members: &[u32]) -> Element {
    Element::Change(Change::Found { group, members: members.to_vec() })
}

/// UL-09: whoever was lost while a group was created with them is in no group when made again, also by a sync that does not look at groups.
#[test]
fn who_is_lost_while_a_group_is_created_joins_it_when_made_again() {
    let before = [found(0, &[]), hire(7, &[0]), Element::Sync, hire(8, &[0]), found(1, &[8])];
    let switches = Switches { in_flight: 6, ..Switches::default() };
    holds_whenever_removed(8, switches, &before, &[Element::GroupsOff, Element::Sync]);
}

/// UL-09: whoever is lost and made again between two requests for members of one group joins it all the same.
#[test]
fn who_is_lost_before_their_turn_joins_when_made_again() {
    let before = [hire(4, &[]), hire(9, &[]), Element::Sync, hire(0, &[]), hire(7, &[]), found(0, &[0, 4, 7, 9])];
    let before = [&before[..], &[Element::Change(Change::Family(9, 2))]].concat();
    for puts in [false, true] {
        let switches = Switches { puts, members_per_request: 2, ..Switches::default() };
        holds_whenever_removed(9, switches, &before, &[]);
        holds_whenever_removed(9, Switches { in_flight: 4, ..switches }, &before, &[]);
    }
}

/// UL-09: what an answer says of whoever was lost meanwhile is about an object that is gone.
#[test]
fn who_is_lost_while_joining_joins_when_made_again() {
    let before = [hire(8, &[]), hire(9, &[]), found(0, &[8]), found(1, &[9]), Element::Sync];
    let changes = [Change::Join(0, 9), Change::Join(1, 8), Change::Family(8, 2), Change::Family(9, 2)].map(Element::Change);
    let before = [&before[..], &changes].concat();
    for puts in [false, true] {
        holds_whenever_removed(9, Switches { puts, in_flight: 4, ..Switches::default() }, &before, &[]);
    }
}

/// E-11: a group is not held for what was refused because of a member whom the service has lost.
#[test]
fn a_group_is_not_held_for_a_member_who_is_lost() {
    let before = [hire(1, &[]), Element::Sync, found(2, &[1]), Element::Change(Change::Family(1, 2))];
    for unknown_member_is_not_found in [false, true] {
        let switches = Switches { in_flight: 2, unknown_member_is_not_found, ..Switches::default() };
        holds_whenever_removed(1, switches, &before, &[]);
    }
}

/// Each wrong caller is found out by the invariant that is there for it: with the seed that is known to do it, or another one of many.
#[test]
fn every_wrong_caller_is_found_out() {
    for (mutation, expected, known) in Mutation::ALL {
        let found = std::iter::once(known)
            .chain(0..20_000)
            .find(|seed| Script::of(*seed).run(Some(mutation)).is_err_and(|failure| failure.violation.invariant == expected));
        println!("{mutation:?} breaks {expected} with seed {found:?}");
        assert!(found.is_some(), "{mutation:?} does not break {expected}");
    }
}

/// Each switch of the service and of the caller, with the other answer than usual, and all the others at rest.
#[test]
fn every_switch_holds_under_both_answers() {
    for (name, set) in Switches::ALL {
        for seed in 0..20 {
            let mut script = Script::of(seed);
            script.switches = Switches::default();
            let quiet = script.run(None);
            set(&mut script.switches);
            for ran in [quiet, script.run(None)] {
                assert!(ran.is_ok(), "{name}, seed {seed}: {}", ran.unwrap_err().told(&script));
            }
        }
    }
}

/// The same seed does the same, to the last call.
#[test]
fn a_seed_always_runs_the_same() {
    let told = |seed| {
        let mut told = String::new();
        let _ = Script::of(seed).run_told(None, &mut |line| told.push_str(line));
        told
    };
    for seed in 0..20 {
        assert_eq!(told(seed), told(seed), "seed {seed}");
    }
}

/// A script that fails is made short, fails still, and says how to run it.
#[test]
fn a_failing_script_shrinks() {
    let (script, failure) = (0..400)
        .find_map(|seed| {
            let script = Script::of(seed);
            let failure = script.run(Some(Mutation::StoresSkipped)).err()?;
            Some((script, failure))
        })
        .unwrap();
    let (short, shown) = script.shrunk(Some(Mutation::StoresSkipped), failure);
    assert!(short.elements.len() <= 3, "{short}");
    assert_eq!(short.run(Some(Mutation::StoresSkipped)).unwrap_err().violation.invariant, "intents_before_effects");
    let told = shown.told(&short);
    assert!(told.contains("breaks intents_before_effects") && told.contains("IDBRIDGE_SEED=") && told.contains("POST User"), "{told}");
}
