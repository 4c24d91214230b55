//! Replays the committed seeds on stable, without a fuzzer.

use std::fs;
use std::path::Path;

use idbridge_planner::{GroupManagement, Policy, SavedPlan, State};
use idbridge_scim::Profile;

fn replay(target: &str, law: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    let mut seeds: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "no seeds in {}", folder.display());
    for seed in seeds {
        law(&fs::read(&seed).unwrap());
    }
}

#[test]
fn directory() {
    replay("directory", idbridge_fuzz::directory);
}

#[test]
fn directory_google() {
    replay("directory_google", idbridge_fuzz::directory_google);
}

#[test]
fn directory_graph() {
    replay("directory_graph", idbridge_fuzz::directory_graph);
}

#[test]
fn directory_okta() {
    replay("directory_okta", idbridge_fuzz::directory_okta);
}

#[test]
fn directory_scim() {
    replay("directory_scim", idbridge_fuzz::directory_scim);
}

#[test]
fn directory_csv() {
    replay("directory_csv", idbridge_fuzz::directory_csv);
}

#[test]
fn directory_ldif() {
    replay("directory_ldif", idbridge_fuzz::directory_ldif);
}

#[test]
fn policy() {
    replay("policy", idbridge_fuzz::policy);
}

/// The seeds that are policies stay such; the others are refused.
#[test]
fn policies_among_the_seeds_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/policy");
    for (name, is_read) in [("project", true), ("region", true), ("operators", true), ("twice", false), ("no_variable", true)] {
        let seed = fs::read(folder.join(name).with_extension("json")).unwrap();
        assert_eq!(idbridge_mapping::abac::policy::Policy::from_json(&seed).is_ok(), is_read, "{name}");
    }
}

#[test]
fn rule_set() {
    replay("rule_set", idbridge_fuzz::rule_set);
}

#[test]
fn expression() {
    replay("expression", idbridge_fuzz::expression);
}

#[test]
fn filter() {
    replay("filter", idbridge_fuzz::filter);
}

#[test]
fn path() {
    replay("path", idbridge_fuzz::path);
}

#[test]
fn patch() {
    replay("patch", idbridge_fuzz::patch);
}

#[test]
fn resource() {
    replay("resource", idbridge_fuzz::resource);
}

#[test]
fn list_response() {
    replay("list_response", idbridge_fuzz::list_response);
}

#[test]
fn events() {
    replay("events", idbridge_fuzz::events);
}

#[test]
fn saved_plan() {
    replay("saved_plan", idbridge_fuzz::saved_plan);
}

/// A seed that is refused because the format moved on leads a fuzzer nowhere: then the seeds have to be written anew.
#[test]
fn a_saved_plan_among_the_seeds_can_be_read() {
    let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
    let seed = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/saved_plan/whole.json")).unwrap();
    let saved = SavedPlan::from_json(&seed, &State::default(), &policy).unwrap();
    assert_eq!(saved.plan().operations().len(), 3);
}

#[test]
fn state() {
    replay("state", idbridge_fuzz::state);
}

#[test]
fn xml() {
    replay("xml", idbridge_fuzz::xml);
}

#[test]
fn redirect() {
    replay("redirect", idbridge_fuzz::redirect);
}

#[test]
fn response() {
    replay("response", idbridge_fuzz::response);
}

#[test]
fn metadata() {
    replay("metadata", idbridge_fuzz::metadata);
}

#[test]
fn authn_request() {
    replay("authn_request", idbridge_fuzz::authn_request);
}
