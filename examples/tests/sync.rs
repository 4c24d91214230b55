//! The program `sync` as a user runs it: what it sends, prints and reports.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Company, Sync, World, counts, email, key, writes};
use idbridge_scim::Resource;
use idbridge_scim::protocol::Request;
use serde_json::{Value, json};

/// The bundled directory, as it stands beside the program.
fn bundled() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/directory.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn without_arguments_the_bundled_directory_is_synced_and_a_second_plan_is_empty() {
    let folder = tempfile::tempdir().unwrap();
    let ended = Sync::bare(folder.path()).run().expect_status(0);
    let (before, after) = ended.stdout.split_once("Planned again:").unwrap();
    let first = bundled()["systemusers"]["results"][0]["email"].as_str().unwrap().to_owned();
    assert!(before.contains(&format!("+ create user {first}")), "{before}");
    assert!(before.contains("Plan: ") && !before.contains("Plan: 0 changes"), "{before}");
    assert!(before.contains("Held (nothing is done to these)") && before.contains("GroupNameColon"), "{before}");
    assert!(before.contains("Applied: ") && before.contains(" 0 failed"), "{before}");
    assert!(after.trim_start().starts_with("Plan: 0 changes."), "{after}");
    // A temporary state: nothing stays behind.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_bundled_directory_is_about_sixty_people_and_its_first_one_is_provisioned_first() {
    let folder = tempfile::tempdir().unwrap();
    let ended = Sync::bare(folder.path()).arg("--format").arg("json").arg("--rate-limit").arg("2000/2000").run().expect_status(0);
    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    let first = &bundled()["systemusers"]["results"][0];
    let operation = &report["operations"][0];
    assert_eq!(operation["key"], json!({"user": first["_id"]}));
    assert_eq!((&operation["kind"], &operation["outcome"]), (&json!("createUser"), &json!("done")));
    assert_eq!(report["status"], "complete");
    let codes: BTreeSet<_> = report["held"].as_array().unwrap().iter().map(|held| held["findings"][0]["code"].as_str().unwrap()).collect();
    assert_eq!(codes, BTreeSet::from(["DuplicateEmail", "GroupNameColon", "MissingRequired"]));
}

#[test]
fn a_first_sync_sends_one_create_an_object_and_one_patch_for_every_further_hundred_members() {
    let company = Company::of(205).with_group("g-few", "Few", 0..3);
    let world = World::new(&company);
    let ended = world.synced();
    let expected = json!({
        "ListUsers": {"200": 1},
        "ListGroups": {"200": 1},
        "CreateUser": {"201": 205},
        "CreateGroup": {"201": 2},
        "PatchGroup": {"204": 2},
    });
    assert_eq!(ended.requests(), &expected);
    assert_eq!(ended.report["requests"]["total"], 211);
    assert_eq!(ended.report["requests"]["by_status"], json!({"200": 2, "201": 207, "204": 2}));
    let seen = BTreeMap::from([("CreateGroup", 2), ("CreateUser", 205), ("ListGroups", 1), ("ListUsers", 1), ("PatchGroup", 2)]);
    assert_eq!(counts(&world.take_log()), seen);
    world.assert_holds(&company, &BTreeSet::new());
}

#[test]
fn a_second_run_sends_nothing() {
    let company = Company::of(8);
    let world = World::new(&company);
    world.synced();
    world.take_log();
    let ended = world.synced();
    assert_eq!(world.take_log(), []);
    assert_eq!((&ended.report["requests"]["total"], &ended.report["unchanged"]), (&json!(0), &json!(9)));
    assert!(ended.stdout.contains("Plan: 0 changes."), "{}", ended.stdout);
}

#[test]
fn one_changed_attribute_is_one_patch_of_that_attribute() {
    let mut company = Company::of(4);
    let world = World::new(&company);
    world.synced();
    world.take_log();
    company.set(2, "jobTitle", "Principal");
    world.write(&company);
    let ended = world.synced();
    assert_eq!(ended.requests(), &json!({"PatchUser": {"200": 1}}));
    let log = world.take_log();
    assert_eq!(log[0].id(), Some(&world.ids()[&key(2)]));
    let patch: Value = serde_json::from_str(&log[0].patch().unwrap().to_json()).unwrap();
    assert_eq!(patch["Operations"], json!([{"op": "replace", "path": "title", "value": "Principal"}]));
    assert!(ended.stdout.contains(r#"title: "Engineer" -> "Principal""#), "{}", ended.stdout);
    world.assert_holds(&company, &BTreeSet::new());
}

#[test]
fn a_rename_of_a_group_keeps_its_id() {
    let mut company = Company::of(3);
    let world = World::new(&company);
    world.synced();
    let before = world.ids();
    company.rename("g-staff", "Everybody");
    world.write(&company);
    let ended = world.synced();
    // One look whether the name is free (GM-15), one write.
    assert_eq!(ended.requests(), &json!({"ListGroups": {"200": 1}, "PatchGroup": {"204": 1}}));
    assert_eq!(world.ids(), before);
    world.assert_holds(&company, &BTreeSet::new());
}

#[test]
fn users_and_groups_made_by_hand_are_taken_over_and_keep_their_ids_and_display_names() {
    let company = Company::of(3);
    let world = World::new(&company);
    let (user, group) = world.server.with(|service| {
        let user = json!({
            "userName": email(1),
            "name": {"givenName": "Old", "familyName": "Name"},
            "displayName": "By Hand",
            "emails": [{"value": email(1), "type": "work", "primary": true}],
            "active": true,
        });
        let user = service.seed_user(Resource::from_json(user.to_string().as_bytes()).unwrap());
        let group = service.seed_group(Resource::from_json(br#"{"displayName":"Staff"}"#).unwrap(), [&user]);
        (user, group)
    });
    let ended = world.synced();
    let ids = world.ids();
    assert_eq!((&ids[&key(1)], &ids["g-staff"]), (&user, &group));
    assert_eq!(ended.requests()["CreateUser"], json!({"201": 2}));
    assert_eq!(ended.requests()["CreateGroup"], Value::Null);
    assert!(ended.kinds().contains(&"adoptUser") && ended.kinds().contains(&"adoptGroup"), "{:?}", ended.kinds());
    let display_name = world.server.with(|service| service.user(&user).unwrap().text("displayName").map(str::to_owned));
    assert_eq!(display_name.as_deref(), Some("By Hand"));
    world.assert_holds(&company, &BTreeSet::new());
}

#[test]
fn the_report_says_what_was_done_to_whom_why_and_under_which_request() {
    let mut company = Company::of(3).with_group("g-colon", "Ops: EU", 0..2);
    company.set(2, "lastname", "");
    let world = World::new(&company);
    // Held records are findings, no failures.
    let ended = world.synced();
    let report = &ended.report;
    assert_eq!((&report["status"], &report["applied"]), (&json!("complete"), &json!(true)));
    assert_eq!(ended.kinds(), ["createUser", "createUser", "createGroup"]);
    let request_ids: BTreeMap<_, _> =
        world.take_log().iter().filter_map(|logged| Some((created(logged.request()?)?, logged.request_id().to_owned()))).collect();
    for operation in report["operations"].as_array().unwrap() {
        let key = operation["key"]["user"].as_str().or_else(|| operation["key"]["group"].as_str()).unwrap();
        assert_eq!(operation["request_id"], json!(request_ids[key]), "{key}");
        assert_eq!((&operation["outcome"], &operation["status"]), (&json!("done"), &json!(201)));
        let (rule, reason) = (operation["because"]["rule"].as_str().unwrap(), operation["because"]["reason"].as_str().unwrap());
        assert!(rule.contains('-') && reason.len() > 5, "{rule}: {reason}");
    }
    assert_eq!(report["operations"][0]["because"]["rule"], "UL-01");
    assert_eq!(report["operations"][0]["label"], json!(email(0)));
    let changes = report["operations"][0]["changes"].as_array().unwrap();
    assert!(changes.contains(&json!({"path": "displayName", "old": null, "new": "First0 Last0"})), "{changes:?}");
    assert_eq!(report["operations"][2]["members_added"], json!([key(0), key(1)]));

    let held: BTreeMap<_, _> =
        report["held"].as_array().unwrap().iter().map(|held| (held["key"].to_string(), held["findings"][0]["code"].clone())).collect();
    let expected = [(json!({"user": key(2)}), json!("MissingRequired")), (json!({"group": "g-colon"}), json!("GroupNameColon"))];
    assert_eq!(held, expected.into_iter().map(|(key, code)| (key.to_string(), code)).collect());
    assert!(ended.findings().is_superset(&BTreeSet::from(["GroupNameColon", "MissingRequired"])), "{:?}", ended.findings());
    assert_eq!((&report["withheld"], &report["guard"], &report["unchanged"]), (&json!([]), &Value::Null, &json!(0)));
    assert!(report["wall_time_seconds"].as_f64().unwrap() > 0.0);
    assert!(ended.stdout.contains("Ops: EU") && ended.stdout.contains("name.familyName is required"), "{}", ended.stdout);
}

/// The directory id of what a request creates.
fn created(request: &Request) -> Option<String> {
    match request {
        Request::Create { resource, .. } => resource.text("externalId").map(str::to_owned),
        _ => None,
    }
}

#[test]
fn a_report_of_a_dry_run_names_what_would_be_done() {
    let world = World::new(&Company::of(2));
    let ended = world.asking().arg("--dry-run").run().expect_status(0);
    assert_eq!((&ended.report["applied"], &ended.report["status"]), (&json!(false), &json!("complete")));
    assert_eq!(ended.kinds(), ["createUser", "createUser", "createGroup"]);
    let operation = &ended.report["operations"][1];
    assert_eq!((&operation["outcome"], &operation["key"]), (&json!("planned"), &json!({"user": key(1)})));
    assert_eq!(operation["request_id"], Value::Null);
}

#[test]
fn with_format_json_standard_output_is_the_report_and_nothing_else() {
    let world = World::new(&Company::of(2));
    let ended = world.sync().arg("--format").arg("json").run().expect_status(0);
    let printed: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(printed, ended.report);
    assert!(ended.stderr.contains("Plan: 3 changes"), "{}", ended.stderr);
}

#[test]
fn without_groups_no_request_names_one() {
    let mut company = Company::of(3);
    let world = World::new(&company);
    let ended = world.sync().arg("--no-groups").run().expect_status(0);
    assert_eq!(ended.requests(), &json!({"ListUsers": {"200": 1}, "CreateUser": {"201": 3}}));
    // A person who is in no bound group any more is deactivated all the same (GM-27).
    company.leave("g-staff", 1);
    world.write(&company);
    world.take_log();
    let ended = world.sync().arg("--no-groups").run().expect_status(0);
    assert_eq!(ended.requests(), &json!({"PatchUser": {"200": 1}}));
    assert_eq!(writes(&world.take_log())[0].id(), Some(&world.ids()[&key(1)]));
    assert_eq!(world.server.with(|service| service.groups().count()), 0);
}

#[test]
fn the_endpoint_and_the_token_may_come_from_the_environment_and_a_file() {
    let company = Company::of(2);
    let world = World::new(&company);
    let token = world.path("token");
    std::fs::write(&token, format!("{}\n", common::TOKEN)).unwrap();
    let sync = Sync::bare(world.folder.path()).arg("--yes").arg("--directory").arg(world.path("directory.json"));
    sync.env("AWS_SCIM_ENDPOINT", world.server.endpoint()).env("AWS_SCIM_TOKEN_FILE", &token).run().expect_status(0);
    world.assert_holds(&company, &BTreeSet::new());
    assert!(world.path("idbridge-state.redb").is_file());
}

#[test]
fn a_command_line_that_makes_no_sense_is_status_1_and_help_is_0() {
    let world = World::new(&Company::of(1));
    for wrong in [["--rate-limit", "0/5"], ["--rate-limit", "fast"], ["--allow-removals", "many"], ["--format", "xml"], ["--colour", "red"]]
    {
        let ended = world.sync().arg(wrong[0]).arg(wrong[1]).run().expect_status(1);
        assert!(ended.stderr.contains(wrong[0]), "{wrong:?}: {}", ended.stderr);
    }
    assert_eq!(world.take_log(), []);
    let ended = Sync::bare(world.folder.path()).arg("--help").run().expect_status(0);
    assert!(ended.stdout.contains("--allow-removals") && ended.stdout.contains("Exit status"), "{}", ended.stdout);
}
