//! Deterministic simulation: a company, its service, its disk, its network and its clock, all from one seed. On every step the invariants hold, and
//! in the end the service is as the directory wants it and nothing is left to do.
//!
//! - `IDBRIDGE_SEED=17 cargo test -p idbridge-planner --test simulation every_company` runs one seed, and tells what happens.
//! - `IDBRIDGE_SEEDS=100000 cargo test --profile simulation -p idbridge-planner --test simulation every_company` runs so many, on all cores;
//!   `IDBRIDGE_FROM=500000` lets them begin there.
//!
//! A seed that fails prints itself, the shortest script that still fails, and the plan and the calls of the sync that failed.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that panics has failed, and a failing seed prints itself"
)]

mod dice;
mod directory;
mod disk;
mod ending;
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

use mutations::Mutation;
use script::{Script, Switches};

/// Seeds that every test run goes through.
const SEEDS: u64 = 200;
/// Seeds beyond those that once found a fault.
const FAILED_ONCE: [u64; 0] = [];

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
    let seeds: Vec<u64> = FAILED_ONCE.into_iter().chain(from..from + number("IDBRIDGE_SEEDS").unwrap_or(SEEDS)).collect();
    let failed = run_all(&seeds);
    assert!(failed.is_empty(), "{} of {} seeds failed:\n{}", failed.len(), seeds.len(), failed.join("\n"));
}
