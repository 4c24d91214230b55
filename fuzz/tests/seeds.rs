//! Replays the committed seeds on stable, without a fuzzer.

use std::fs;
use std::path::Path;

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
