//! The whole way, once: first sync, nothing to do, one change.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use common::World;

#[test]
fn a_first_sync_costs_one_request_an_object_and_one_read_a_list() {
    let mut world = World::with_staff(&[("anna", "Anna Berg"), ("bo", "Bo Ek")]);
    let synced = world.sync();
    assert_eq!(synced.reads(), ["GET Users", "GET Groups"]);
    assert_eq!(synced.writes(), ["POST User anna@example.com", "POST User bo@example.com", "POST Group Staff +2"]);
    assert_eq!(world.members("Staff").len(), 2);

    let synced = world.sync();
    assert!(synced.plan.is_empty(), "{}", synced.explained());
    assert_eq!(synced.calls, Vec::<String>::new());

    world.user("anna").job_title = Some("Engineer".to_owned());
    let synced = world.sync();
    assert_eq!(synced.calls, ["PATCH User anna@example.com title"]);
}
