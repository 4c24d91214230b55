//! The tags of people and the lint of a policy, as the user of `abac` and of `sync --policy` sees them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]

mod common;

use std::process::Command;

use common::{Sync, program};
use serde_json::Value;

fn data(file: &str) -> String {
    format!("{}/data/abac/{file}", env!("CARGO_MANIFEST_DIR"))
}

fn abac(arguments: &[&str]) -> (i32, String) {
    let ended = Command::new(program("abac")).args(arguments).output().unwrap();
    (ended.status.code().unwrap(), String::from_utf8(ended.stdout).unwrap() + &String::from_utf8(ended.stderr).unwrap())
}

#[test]
fn one_person_is_shown_with_where_each_tag_comes_from() {
    let (status, text) = abac(&["--person", "john.doe@example.com"]);
    assert_eq!(status, 2);
    for line in [
        r#"  Region      Denver       saml, and not CO of ${path:addresses[type eq "work"].region}"#,
        "  Department  Engineering  ${path:enterprise.department}",
        "  statement 1 (OwnCostCenter), which allows: depends on ec2:ResourceTag/CostCenter",
        "  statement 2 (EngineeringOnly), which denies: depends on aws:PrincipalTag/department",
    ] {
        assert!(text.lines().any(|printed| printed == line), "{line}\n{text}");
    }
    let (_, text) = abac(&["--person", "john.doe@example.com", "--precedence", "console"]);
    assert!(text.contains("CO           ${path:addresses[type eq \"work\"].region}, and not Denver of the assertion"), "{text}");
    let (status, text) = abac(&["--person", "nobody@example.com"]);
    assert_eq!((status, text.contains("nobody who may use the application")), (1, true), "{text}");
}

#[test]
fn everybody_is_shown_for_programs() {
    let (status, text) = abac(&["--format", "json"]);
    assert_eq!(status, 2);
    let page: Value = serde_json::from_str(&text).unwrap();
    let codes: Vec<_> = page["policy"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["PeopleWithoutTag", "TagCaseDiffers", "NegatedMatchesAbsent", "TagNotUsed"]);
    let people = page["people"].as_array().unwrap();
    assert!(people.len() > 40, "{}", people.len());
    let anna = people.iter().find(|person| person["label"].as_str().unwrap().starts_with("anna.berg@")).unwrap();
    assert_eq!(anna["tags"][0], serde_json::json!({"key": "CostCenter", "value": "CC-100", "origin": "saml"}));
    assert_eq!(page["unknown"].as_array().unwrap().len(), 1);
}

#[test]
fn with_a_directory_of_ones_own_only_what_is_given_is_shown() {
    let directory = format!("{}/data/directory.json", env!("CARGO_MANIFEST_DIR"));
    let (status, text) = abac(&["--directory", &directory, "--person", "anna.berg@example.com"]);
    assert_eq!(status, 0, "{text}");
    assert_eq!(text, "anna.berg@example.com (64f0a1b29c41e77a021a2b00)\n  Key  Value  Origin\n");
    let (status, text) = abac(&["--policy", &data("console.json")]);
    assert_eq!(status, 1, "{text}");
    let (status, text) = abac(&["--print-selectors"]);
    assert_eq!((status, text.lines().count()), (0, 23));
}

/// A policy is looked over before the plan, and whatever is found stops nothing.
#[test]
fn a_sync_looks_the_policy_over_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (policy, rules, console) = (data("policy.json"), data("rules.toml"), data("console.json"));
    let arguments = ["--policy", &policy, "--rules", &rules, "--console", &console, "--rate-limit", "2000/2000"];
    let ended = arguments.iter().fold(Sync::bare(folder.path()), |sync, argument| sync.arg(argument)).run().expect_status(0);
    let at = |text: &str| ended.stdout.find(text).unwrap_or_else(|| panic!("{text}\n{}", ended.stdout));
    assert!(at("Policy: 4 findings, from the tags of ") < at("  PeopleWithoutTag: 45 people"));
    assert!(at("  TagCaseDiffers: the policy asks for the tag department") < at("Planned again:"));

    let folder = tempfile::tempdir().unwrap();
    let missing = data("none.json");
    let ended = Sync::bare(folder.path()).arg("--policy").arg(&missing).run().expect_status(1);
    assert!(ended.stderr.contains("cannot be read"), "{}", ended.stderr);
}
