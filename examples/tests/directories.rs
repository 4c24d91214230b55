//! Every bundled directory, from whatever wrote it: previewed by `mapping`, and synced by `sync` into the emulator.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]

mod common;

use std::process::Command;

use common::{Sync, program};
use serde_json::Value;

/// What is made of one bundled file.
struct Bundled {
    source: &'static str,
    file: &'static str,
    /// How many people and groups may be sent, as the preview counts.
    sent: (usize, usize),
    /// How many are made at a service that is empty: nobody who is suspended (UL-06), and no group without anybody in it (GM-03).
    made: (usize, usize),
    held: &'static [&'static str],
}

const BUNDLED: [Bundled; 7] = [
    Bundled { source: "jumpcloud", file: "jumpcloud-api.json", sent: (6, 3), made: (5, 2), held: &["MissingRequired"] },
    Bundled { source: "scim", file: "scim.json", sent: (5, 3), made: (4, 3), held: &["MissingRequired"] },
    Bundled { source: "csv", file: "people.csv", sent: (6, 3), made: (5, 3), held: &["MissingRequired"] },
    Bundled { source: "ldif", file: "people.ldif", sent: (6, 3), made: (5, 3), held: &["MissingRequired"] },
    Bundled { source: "google", file: "google.json", sent: (5, 4), made: (3, 3), held: &["MissingRequired", "UnreadableRecord"] },
    Bundled { source: "graph", file: "graph.json", sent: (5, 3), made: (4, 3), held: &["MissingRequired", "UnreadableRecord"] },
    Bundled { source: "okta", file: "okta.json", sent: (5, 2), made: (4, 2), held: &["UnreadableRecord"] },
];

fn path(file: &str) -> String {
    format!("{}/data/directories/{file}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_bundled_directory_is_synced_and_at_rest_afterwards() {
    for Bundled { source, file, made: (users, groups), held, .. } in BUNDLED {
        let folder = tempfile::tempdir().unwrap();
        let arguments = ["--source", source, "--directory", &path(file), "--format", "json", "--rate-limit", "2000/2000"];
        let ended = arguments.iter().fold(Sync::bare(folder.path()), |sync, argument| sync.arg(argument)).run().expect_status(0);
        let report: Value = serde_json::from_str(&ended.stdout).unwrap();
        let made = |kind: &str| {
            let operations = report["operations"].as_array().unwrap().iter();
            operations.filter(|operation| operation["kind"] == kind && operation["outcome"] == "done").count()
        };
        let mut codes: Vec<_> =
            report["held"].as_array().unwrap().iter().map(|held| held["findings"][0]["code"].as_str().unwrap()).collect();
        codes.sort_unstable();
        assert_eq!((source, made("createUser"), made("createGroup"), &codes[..]), (source, users, groups, held), "{report:#}");
        let (_, again) = ended.stderr.split_once("Planned again:").unwrap();
        assert!(again.trim_start().starts_with("Plan: 0 changes."), "{source}: {again}");
    }
}

#[test]
fn every_bundled_directory_is_previewed_as_it_is_synced() {
    for Bundled { source, file, sent: (users, groups), .. } in BUNDLED {
        let arguments = ["--source", source, "--directory", &path(file), "--format", "json"];
        let output = Command::new(program("mapping")).args(arguments).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let sent = |list: &str| report[list].as_array().unwrap().iter().filter(|record| record["standing"] == "sent").count();
        assert_eq!((source, sent("users"), sent("groups"), output.status.code()), (source, users, groups, Some(2)), "{report:#}");
    }
}

#[test]
fn a_rule_file_changes_what_is_previewed_and_what_is_synced() {
    let folder = tempfile::tempdir().unwrap();
    let printed = Command::new(program("mapping")).arg("--print-rules").output().unwrap();
    let rules = String::from_utf8(printed.stdout).unwrap();
    let scoped = rules + "\n[scope]\nusers = 'department == \"Nobody has this\"'\n";
    let file = folder.path().join("rules.toml");
    std::fs::write(&file, scoped).unwrap();
    let ended = Sync::bare(folder.path()).arg("--rules").arg(&file).arg("--format").arg("json").run().expect_status(0);
    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    let made = report["operations"].as_array().unwrap().iter().filter(|operation| operation["kind"] == "createUser").count();
    assert_eq!(made, 0, "{report:#}");

    std::fs::write(&file, "[[users]]\nid = \"X\"\nsourse = \"email\"\n").unwrap();
    let refused = Command::new(program("sync")).current_dir(folder.path()).arg("--rules").arg(&file).output().unwrap();
    let complaint = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(complaint.contains("rules.toml") && complaint.contains("line 3") && complaint.contains("sourse"), "{complaint}");
}
