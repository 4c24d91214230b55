//! What `sync` must not do: send when it only plans, take away without evidence, show the token, or go on when it cannot.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use common::{Company, Ended, Sync, TOKEN, World, email, key, writes};
use idbridge_emulator::{Faults, Logged, Settings, Token};
use serde_json::{Value, json};

/// A company of 20 that was synced; then so many left, one changed, and one came.
fn after_departures(departures: usize) -> (World, Company) {
    let mut company = Company::of(20);
    let world = World::new(&company);
    world.synced();
    world.take_log();
    for number in 0..departures {
        company.dismiss(number);
    }
    company.set(15, "jobTitle", "Principal");
    company.hire(20);
    company.join("g-staff", 20);
    world.write(&company);
    (world, company)
}

/// Whether a request takes a person's or a group's access away.
fn takes_away(logged: &Logged) -> bool {
    let patch = logged.patch().map(|patch| patch.to_json().to_ascii_lowercase()).unwrap_or_default();
    logged.method() == "DELETE" || patch.contains(r#""op":"remove""#) || (patch.contains("active") && patch.contains("false"))
}

/// Asserts that the run left the departed alone, and did the rest.
fn assert_nothing_taken(world: &World, departures: usize) {
    let log = world.take_log();
    assert_eq!(log.iter().filter(|logged| takes_away(logged)).collect::<Vec<_>>(), Vec::<&Logged>::new());
    let ids = world.ids();
    world.server.with(|service| {
        for number in 0..departures {
            let user = service.user(&ids[&key(number)]).unwrap();
            assert_eq!(user.get("active"), Some(&true.into()));
            assert!(service.members(&ids["g-staff"]).contains(&ids[&key(number)]));
        }
        assert_eq!(service.user(&ids[&key(15)]).unwrap().text("title"), Some("Principal"));
        assert!(service.members(&ids["g-staff"]).contains(&ids[&key(20)]));
    });
}

#[test]
fn a_dry_run_sends_only_reads_and_makes_no_state() {
    let world = World::new(&Company::of(4));
    let ended = world.sync().arg("--dry-run").run().expect_status(0);
    let log = world.take_log();
    assert!(!log.is_empty() && writes(&log).is_empty(), "{log:?}");
    assert!(ended.stdout.contains("create user") && ended.stdout.contains("Only planned, nothing applied"), "{}", ended.stdout);
    let files: BTreeSet<_> = fs::read_dir(world.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, BTreeSet::from(["directory.json".into(), "report.json".into()]));
}

#[test]
fn a_dry_run_leaves_the_state_as_it_is_byte_by_byte() {
    let (world, _) = after_departures(2);
    let before = fs::read(world.state()).unwrap();
    let ended = world.sync().arg("--dry-run").run().expect_status(0);
    assert_eq!(ended.report["operations"].as_array().unwrap().len(), ended.kinds().len());
    assert!(ended.kinds().contains(&"deleteUser") && ended.kinds().contains(&"createUser"), "{:?}", ended.kinds());
    assert!(writes(&world.take_log()).is_empty());
    assert!(before == fs::read(world.state()).unwrap(), "the state changed");
}

#[test]
fn without_yes_and_without_a_terminal_it_only_plans_and_says_so() {
    let world = World::new(&Company::of(4));
    let ended = world.asking().run().expect_status(0);
    assert!(ended.stdout.contains("There is no terminal to ask on"), "{}", ended.stdout);
    assert!(ended.stdout.contains("--yes"), "{}", ended.stdout);
    assert_eq!(ended.report["applied"], false);
    assert!(writes(&world.take_log()).is_empty());
    assert!(!world.state().exists());
}

#[test]
fn a_guard_that_trips_takes_nothing_away_and_says_what_would_allow_it() {
    // More than 5, and more than a fifth of 20.
    let (world, _) = after_departures(8);
    let ended = world.sync().run().expect_status(3);
    assert!(ended.stdout.contains("--allow-removals 8\n"), "{}", ended.stdout);
    assert_eq!((&ended.report["status"], &ended.report["guard"]["objects"]), (&json!("withheld"), &json!(8)));
    assert!(ended.report["guard"]["message"].as_str().unwrap().contains('8'), "{}", ended.report["guard"]);
    let withheld = ended.report["withheld"].as_array().unwrap();
    let deletions: BTreeSet<_> = withheld
        .iter()
        .filter(|withheld| withheld["kind"] == "deleteUser")
        .map(|withheld| withheld["key"]["user"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(deletions, (0..8).map(key).collect());
    assert!(withheld.iter().all(|withheld| withheld["because"]["rule"].is_string() && withheld["reason"].is_string()));
    assert_nothing_taken(&world, 8);
}

#[test]
fn only_an_allowance_of_enough_removals_lifts_the_guard() {
    let (world, company) = after_departures(8);
    let ended = world.sync().arg("--allow-removals").arg("7").run().expect_status(3);
    assert!(ended.stdout.contains("--allow-removals 8\n") && !ended.stdout.contains("--allow-removals 7"), "{}", ended.stdout);
    assert_nothing_taken(&world, 8);

    let ended = world.sync().arg("--allow-removals").arg("8").run().expect_status(0);
    assert_eq!(ended.requests(), &json!({"DeleteUser": {"204": 8}}));
    world.assert_holds(&company, &BTreeSet::new());
}

#[test]
fn a_handful_of_departures_is_under_the_guard() {
    let (world, company) = after_departures(3);
    let ended = world.synced();
    assert_eq!(ended.requests()["DeleteUser"], json!({"204": 3}));
    world.assert_holds(&company, &BTreeSet::new());
}

#[test]
fn a_directory_that_says_it_is_incomplete_takes_nothing_away() {
    let (world, mut company) = after_departures(2);
    company.is_complete = false;
    // Who is there is believed, but what follows for his access waits for a whole directory.
    company.leave("g-staff", 2);
    world.write(&company);
    let ended = world.sync().run().expect_status(3);
    let held: Vec<_> = ended.report["held"].as_array().unwrap().iter().map(|held| &held["key"]["user"]).collect();
    assert_eq!(held, [&json!(key(0)), &json!(key(1))]);
    let withheld = ended.report["withheld"].as_array().unwrap();
    assert!(!withheld.is_empty() && withheld.iter().all(|one| one["key"] != json!({"user": key(0)})), "{withheld:?}");
    assert!(ended.findings().contains("SourceIncomplete"), "{:?}", ended.findings());
    assert_nothing_taken(&world, 3);
}

#[test]
fn a_total_count_that_does_not_match_takes_nothing_away() {
    let (world, mut company) = after_departures(2);
    company.total_count = Some(20);
    world.write(&company);
    world.sync().run().expect_status(3);
    assert_nothing_taken(&world, 2);
    // The same file with the right number is believed.
    company.total_count = Some(19);
    world.write(&company);
    let ended = world.synced();
    assert_eq!(ended.requests(), &json!({"DeleteUser": {"204": 2}}));
}

#[test]
fn a_directory_without_anybody_takes_nothing_away() {
    let mut company = Company::of(3);
    let world = World::new(&company);
    world.synced();
    world.take_log();
    (0..3).for_each(|number| company.dismiss(number));
    world.write(&company);
    world.sync().run().expect_status(3);
    assert!(writes(&world.take_log()).is_empty());
}

/// Asserts that a run ended as an input error whose message has `words`, and that nothing was asked.
#[track_caller]
fn assert_refused(world: &World, ended: Ended, words: &[&str]) {
    let ended = ended.expect_status(1);
    for word in words {
        assert!(ended.stderr.contains(word), "no {word:?} in {}", ended.stderr);
    }
    assert_eq!((ended.report, world.take_log()), (Value::Null, Vec::new()));
}

#[test]
fn a_state_of_another_tenant_is_refused_before_any_request() {
    let company = Company::of(2);
    let world = World::new(&company);
    world.synced();
    let mut settings = Settings::unhurried();
    settings.tenant = "another-7f2c9a10-5b1e-4c3d-8a77-0d9e4f6b2c15".to_owned();
    let another = World::with_settings(&company, settings);
    // It works without that state.
    another.sync().arg("--dry-run").run().expect_status(0);
    another.take_log();
    fs::copy(world.state(), another.state()).unwrap();
    for mode in ["--yes", "--dry-run"] {
        assert_refused(&another, another.asking().arg(mode).run(), &["the state belongs to the service at", "another-7f2c9a10"]);
    }
}

#[test]
fn a_damaged_state_is_refused_before_any_request() {
    let world = World::new(&Company::of(5));
    world.synced();
    world.take_log();
    let whole = fs::read(world.state()).unwrap();
    let mut altered = whole.clone();
    let at = altered.windows(4).position(|bytes| bytes == b"u003").unwrap();
    altered[at + 1] = b'X';
    for damaged in [altered, whole[..whole.len() / 2].to_vec(), b"not a state".to_vec(), Vec::new()] {
        fs::write(world.state(), &damaged).unwrap();
        assert_refused(&world, world.sync().run(), &["state.redb"]);
        assert!(fs::read(world.state()).unwrap() == damaged, "the damaged file was touched");
    }
    fs::write(world.state(), whole).unwrap();
    world.synced();
    assert_eq!(world.take_log(), []);
}

#[test]
fn a_truncated_directory_file_is_refused_before_any_request() {
    let (world, _) = after_departures(2);
    let whole = fs::read(world.path("directory.json")).unwrap();
    for length in [0, 1, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
        fs::write(world.path("directory.json"), &whole[..length]).unwrap();
        assert_refused(&world, world.sync().run(), &["directory.json"]);
    }
    fs::remove_file(world.path("directory.json")).unwrap();
    assert_refused(&world, world.sync().run(), &["directory.json", "cannot be read"]);
}

#[test]
fn http_is_refused_to_other_machines() {
    let world = World::new(&Company::of(1));
    for endpoint in
        ["http://scim.example.com/tenant/scim/v2", "http://10.0.0.1/scim/v2", "http://localhost.example.com/scim/v2", "ftp://x/y"]
    {
        let sync = Sync::new(world.folder.path()).arg("--yes").arg("--endpoint").arg(endpoint);
        assert_refused(&world, sync.run(), &["endpoint", "https://"]);
    }
    assert!(!world.path("idbridge-state.redb").exists());
}

#[test]
fn without_a_token_nothing_is_sent() {
    let world = World::new(&Company::of(1));
    assert_refused(&world, world.sync().without_token().run(), &["AWS_SCIM_TOKEN", "AWS_SCIM_TOKEN_FILE"]);
    assert_refused(&world, world.sync().token("").run(), &["token", "found nothing"]);
    let missing = world.path("no-such-token");
    assert_refused(&world, world.sync().without_token().env("AWS_SCIM_TOKEN_FILE", missing).run(), &["no-such-token", "cannot be read"]);
    assert!(!world.state().exists());
}

/// Asserts that the token is in nothing that a run printed or wrote.
#[track_caller]
fn assert_secret(folder: &Path, ended: &Ended, token: &str) {
    for (name, text) in [("stdout", &ended.stdout), ("stderr", &ended.stderr)] {
        assert!(!text.contains(token), "the token is in {name}");
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()), "the token is in {}", path.display());
    }
}

#[test]
fn the_token_is_in_no_output_no_report_and_no_file() {
    let world = World::new(&Company::of(3));
    let ended = world.synced();
    assert!(world.state().exists() && ended.report.is_object());
    assert_secret(world.folder.path(), &ended, TOKEN);
    assert_secret(world.folder.path(), &world.sync().arg("--format").arg("json").run(), TOKEN);

    // Refused by the service, and refused before it is sent.
    let other = "zq8-another-secret-9b2e";
    fs::remove_file(world.state()).unwrap();
    assert_secret(world.folder.path(), &world.sync().token(other).run().expect_status(4), other);
    let broken = format!("{other} {other}");
    let ended = world.sync().token(&broken).run().expect_status(1);
    assert!(ended.stderr.contains("a space"), "{}", ended.stderr);
    assert_secret(world.folder.path(), &ended, other);
}

#[test]
fn a_token_that_is_refused_stops_the_run_and_a_new_one_completes_it() {
    let company = Company::of(80);
    let world = World::new(&company);
    world.hold_answers_after(20, Duration::from_millis(300));
    let mut running = world.sync().start();
    assert!(running.after_requests(&world.server, 20, |service, _| {
        service.set_tokens([Token::new("new-token")]);
        service.set_faults(Faults::none());
    }));
    let ended = running.end().expect_status(4);
    assert!(ended.stdout.contains("Stopped: "), "{}", ended.stdout);
    assert_eq!(ended.report["status"], "stopped");
    let log = world.take_log();
    let refused = log.iter().position(|logged| logged.status() == Some(401)).unwrap();
    // Only what was under way at the first 401 may still come.
    assert!(log.len() - refused <= 8, "{} requests from the first 401 on", log.len() - refused);
    assert!(log[refused..].iter().all(|logged| logged.status() == Some(401)));
    let not_started = ended.report["operations"].as_array().unwrap().iter().filter(|one| one["outcome"] == "notStarted").count();
    assert!(not_started >= 40, "{not_started} not started");

    let before = world.ids();
    assert!(before.len() >= 10 && before.len() < 80, "{} created before", before.len());
    let again = world.sync().run().expect_status(4);
    assert!(writes(&world.take_log()).len() <= 8);
    assert_eq!(again.report["status"], "stopped");
    world.sync().token("new-token").run().expect_status(0);
    let after = world.ids();
    assert!(before.iter().all(|(key, id)| after.get(key) == Some(id)), "an id changed");
    world.assert_holds(&company, &BTreeSet::new());
}

#[test]
fn an_endpoint_that_cannot_be_reached_stops_the_run_and_costs_nothing() {
    let mut company = Company::of(2);
    let world = World::new(&company);
    world.synced();
    company.hire(2);
    company.join("g-staff", 2);
    world.write(&company);
    // The same path on a port where nothing listens.
    let path = world.server.endpoint().split_once("/emulated").unwrap().1.to_owned();
    let nowhere = Sync::new(world.folder.path()).arg("--yes").arg("--directory").arg(world.path("directory.json"));
    let nowhere = nowhere.arg("--state").arg(world.state()).arg("--endpoint").arg(format!("http://127.0.0.1:1/emulated{path}"));
    let ended = nowhere.run().expect_status(4);
    assert!(ended.stdout.contains("Stopped: "), "{}", ended.stdout);
    assert_eq!(ended.report["requests"]["total"], 0);
    // The service failed as a whole, so it is left alone for a minute, unless a person says otherwise.
    let ended = world.sync().run().expect_status(4);
    assert!(ended.stdout.contains("is left alone for a while"), "{}", ended.stdout);
    assert!(ended.stdout.contains("--retry-now"), "{}", ended.stdout);
    let ended = world.sync().arg("--retry-now").run().expect_status(0);
    assert_eq!(ended.requests()["CreateUser"], json!({"201": 1}));
    assert!(ended.stdout.contains(&email(2)), "{}", ended.stdout);
    world.assert_holds(&company, &BTreeSet::new());
}
