//! Each guard of the planner is taken out of its source, one by one, and the simulation must miss it: by the invariant that is there for it.
//!
//! `cargo test -p idbridge-planner --test source_mutations -- --ignored --nocapture`; `IDBRIDGE_MUTATION=window` takes one of them.
//!
//! The planner is copied to a workspace of its own below the target folder, so that nothing here is ever changed, and each mutation builds two crates.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test that panics has failed, and its table is what it is for"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

/// How many companies may have to be simulated until a guard is missed.
const SEEDS: &str = "6000";

struct Mutation {
    guard: &'static str,
    file: &'static str,
    /// What stands there exactly once, and what takes its place.
    text: &'static str,
    replacement: &'static str,
    /// The invariant that finds it out.
    invariant: &'static str,
}

const MUTATIONS: [Mutation; 17] = [
    Mutation {
        guard: "limit",
        file: "src/plan/guard.rs",
        text: "let users = users > 0 && users + self.earlier_users > self.users_limit;",
        replacement: "let users = false;",
        invariant: "guard_is_kept",
    },
    Mutation {
        guard: "window",
        file: "src/plan/guard.rs",
        text: "users > 0 && users + self.earlier_users > self.users_limit",
        replacement: "users > self.users_limit",
        invariant: "guard_is_kept",
    },
    Mutation {
        guard: "partial source",
        file: "src/plan/guard.rs",
        text: "    if partial {\n        // Nothing follows",
        replacement: "    if false {\n        // Nothing follows",
        invariant: "nothing_is_taken_without_evidence",
    },
    Mutation {
        guard: "empty source",
        file: "src/plan/guard.rs",
        text: "let empty = empty_source(draft);",
        replacement: "let empty = empty_source(draft).filter(|_| false);",
        invariant: "nothing_is_taken_without_evidence",
    },
    Mutation {
        guard: "held answers",
        file: "src/plan/users.rs",
        text: "                self.hold(any, label, findings.clone());",
        replacement: "                let _ = findings;\n                if let Some(id) = link.and_then(|link| ResourceId::new(link.id()).ok()) {\n                    self.add(any, label, OperationKind::DeleteUser { id }, Because::new(\"IC-12\", \"is held\"));\n                }",
        invariant: "held_is_left_alone",
    },
    Mutation {
        guard: "held members stay",
        file: "src/plan/groups.rs",
        text: "!self.frozen.contains(user) && matches!(self.desired.user_answer(user), Some(Answer::Want(_) | Answer::Present(_)))",
        replacement: "self.desired.user_answer(user).is_some()",
        invariant: "held_is_left_alone",
    },
    Mutation {
        guard: "frozen",
        file: "src/plan/mod.rs",
        text: "            self.frozen.insert(user.clone());",
        replacement: "            let _ = user;",
        invariant: "held_is_left_alone",
    },
    Mutation {
        guard: "only a 404 ends a link",
        file: "src/discovery/mod.rs",
        text: "None if reply.status == 404 => self.lost(resource_type, &key, id),",
        replacement: "None if reply.status > 0 => self.lost(resource_type, &key, id),",
        invariant: "service_is_as_wanted",
    },
    Mutation {
        guard: "adoption of linked objects",
        file: "src/plan/correlate.rs",
        text: "let is_linked = |id: &ResourceId| state.users.owner(id.as_str()).is_some();",
        replacement: "let is_linked = |id: &ResourceId| id.as_str().is_empty();",
        invariant: "only_ours_is_touched",
    },
    Mutation {
        guard: "intent before the wire",
        file: "src/run/mod.rs",
        text: "if self.intents_ahead(now) || stores {",
        replacement: "if stores {",
        invariant: "intents_before_effects",
    },
    Mutation {
        guard: "look-up after an unknown create",
        file: "src/run/objects.rs",
        text: "(Aim::Create { .. }, _) => self.find(index, Doubt::Unknown, at),",
        replacement: "(Aim::Create { .. }, _) => {\n                self.set_uncertain(index, false);\n                self.fail(index, None, \"lost\".to_owned());\n            }",
        invariant: "service_is_as_wanted",
    },
    Mutation {
        guard: "doubt behind a 409",
        file: "src/run/mod.rs",
        text: "(Aim::Create { .. }, 409) => self.set_uncertain(index, true),",
        replacement: "(Aim::Create { .. }, 409) => self.set_uncertain(index, false),",
        invariant: "service_is_as_wanted",
    },
    Mutation {
        guard: "401 stops",
        file: "src/run/mod.rs",
        text: "                self.stop(Stopped::Unauthorized);",
        replacement: "",
        invariant: "refused_token_stops",
    },
    Mutation {
        guard: "protected",
        file: "src/policy/protected.rs",
        text: "let by_id = || entries.ids.get(id?).cloned().map(Protection::Id);",
        replacement: "let by_id = || entries.ids.get(id?).cloned().map(Protection::Id).filter(|_| false);",
        invariant: "protected_is_left_alone",
    },
    Mutation {
        guard: "generation check",
        file: "src/state/record.rs",
        text: "self.expected().is_none_or(|expected| expected == found.unwrap_or_default())",
        replacement: "found.is_none_or(|_| true)",
        invariant: "overtaken_stores_nothing",
    },
    Mutation {
        guard: "quarantine",
        file: "src/state/quarantine.rs",
        text: "!left(quarantine).is_zero() && left(quarantine) <= policy.pauses.longest",
        replacement: "left(quarantine).is_zero() && left(quarantine) <= policy.pauses.longest",
        invariant: "quarantine_is_kept",
    },
    Mutation {
        guard: "management off",
        file: "src/policy/mod.rs",
        text: "        self.groups == GroupManagement::On\n    }",
        replacement: "        self.groups == GroupManagement::On || self.attempts > 0\n    }",
        invariant: "groups_off_means_off",
    },
];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &to) } else { assert!(fs::copy(&path, &to).is_ok()) }
    }
}

/// A workspace with a copy of the planner as its only member; the crates that it uses stay where they are.
fn workspace() -> PathBuf {
    let planner = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (root, place) = (planner.join("../..").canonicalize().unwrap(), Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutations"));
    let _ = fs::remove_dir_all(place.join("planner"));
    ["src", "tests/simulation"].iter().for_each(|folder| copy(&planner.join(folder), &place.join("planner").join(folder)));
    fs::copy(planner.join("Cargo.toml"), place.join("planner/Cargo.toml")).unwrap();
    fs::copy(root.join("Cargo.lock"), place.join("Cargo.lock")).unwrap();
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let (_, rest) = manifest.split_once("[workspace.package]").unwrap();
    let rest = rest.replace("\"crates/planner\"", "\"planner\"").replace("\"crates/", &format!("\"{}/crates/", root.display()));
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [\"planner\"]\n\n[workspace.package]{rest}");
    fs::write(place.join("Cargo.toml"), manifest).unwrap();
    place
}

/// Builds the simulation of the copy and runs it.
fn simulated(place: &Path) -> Output {
    let arguments = ["test", "--profile", "simulation", "-p", "idbridge-planner", "--test", "simulation", "every_company"];
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(place).args(arguments).arg("--target-dir").arg(place.join("target")).env("IDBRIDGE_SEEDS", SEEDS);
    // What is built once and run for some seconds need not be built well.
    command.env("CARGO_PROFILE_SIMULATION_OPT_LEVEL", "1").env("CARGO_PROFILE_SIMULATION_DEBUG", "false");
    command.output().unwrap()
}

#[test]
#[ignore = "builds the planner once for each guard, which takes some minutes"]
fn every_guard_is_missed() {
    let place = workspace();
    let only = std::env::var("IDBRIDGE_MUTATION").ok();
    let whole = simulated(&place);
    assert!(whole.status.success(), "the planner as it is fails: {}", String::from_utf8_lossy(&whole.stdout));
    let mut unmissed = Vec::new();
    for mutation in MUTATIONS.iter().filter(|mutation| only.as_deref().is_none_or(|only| only == mutation.guard)) {
        let Mutation { guard, file, text, replacement, invariant } = mutation;
        let path = place.join("planner").join(file);
        let source = fs::read_to_string(&path).unwrap();
        assert_eq!(source.matches(text).count(), 1, "{guard}: {file} says once: {text}");
        fs::write(&path, source.replace(text, replacement)).unwrap();
        let begun = Instant::now();
        let output = simulated(&place);
        fs::write(&path, source).unwrap();
        let (told, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(told.contains("running 1 test"), "{guard} does not build: {errors}");
        let broken = |line: &&str| line.contains(&format!(" breaks {invariant}:"));
        let seed = told.lines().find(broken).and_then(|line| line.split_whitespace().nth(1));
        let failed = told.lines().find(|line| line.contains("seeds failed")).and_then(|line| line.split_whitespace().next()).unwrap_or("0");
        println!("{guard}: {failed} of {SEEDS} seeds fail, {invariant} with seed {seed:?}, {} s", begun.elapsed().as_secs());
        if seed.is_none() {
            unmissed.push(guard);
        }
    }
    assert!(unmissed.is_empty(), "nobody misses {unmissed:?}");
}
