//! Pages: with a cursor and without.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]

#[cfg(test)]
mod common;

use common::{assert_refused, group, list, user};
use idbridge_emulator::{Service, Settings};
use idbridge_scim::protocol::{ListQuery, Reply, ResourceType};
use idbridge_scim::{Cursor, Filter, ResourceId};

fn filled(settings: Settings, users: usize) -> Service {
    let mut service = Service::new(settings);
    for number in 0..users {
        service.seed_user(user(&format!("user{number}")));
    }
    service
}

/// Walks to the end and gives the sizes of the pages and all ids.
fn walk(service: &mut Service, resource_type: ResourceType, first: ListQuery) -> (Vec<usize>, Vec<ResourceId>) {
    let (mut sizes, mut ids) = (Vec::new(), Vec::new());
    let mut query = first;
    loop {
        let reply = list(service, resource_type, query.clone());
        let page = common::ids(&reply);
        sizes.push(page.len());
        ids.extend(page);
        match reply.list().unwrap().next_cursor() {
            Some(cursor) => query = query.next_page(cursor.clone()),
            None => return (sizes, ids),
        }
    }
}

fn counted(count: u32) -> ListQuery {
    let mut query = ListQuery::first_page(None);
    query.count = Some(count);
    query
}

fn json(reply: &Reply) -> String {
    serde_json::to_string(reply.list().unwrap()).unwrap()
}

/// Developer guide, `ListUsers`: with a cursor the answer has `itemsPerPage` and, while more follows, `nextCursor`, and no totals.
#[test]
fn a_walk_gives_every_resource_once() {
    let mut service = filled(Settings::unhurried(), 250);
    let (sizes, ids) = walk(&mut service, ResourceType::User, ListQuery::first_page(None));
    assert_eq!(sizes, [100, 100, 50]);
    let stored: Vec<_> = service.users().map(|user| user.id().unwrap()).collect();
    assert_eq!(ids, stored);
    let first = json(&list(&mut service, ResourceType::User, ListQuery::first_page(None)));
    assert!(first.starts_with(r#"{"itemsPerPage":100,"nextCursor":""#), "{first:.80}");
    assert!(!first.contains("totalResults") && !first.contains("startIndex"));
    let (sizes, _) = walk(&mut service, ResourceType::User, counted(99));
    assert_eq!(sizes, [99, 99, 52]);
}

/// Developer guide, `ListUsers`: without a cursor the totals are those of the page, and nothing says that it is cut.
#[test]
fn a_list_without_a_cursor_is_cut_without_a_word() {
    for (cap, text) in
        [(100, r#"{"totalResults":100,"itemsPerPage":100,"startIndex":1,"#), (50, r#"{"totalResults":50,"itemsPerPage":50,"#)]
    {
        let mut settings = Settings::unhurried();
        settings.cap = cap;
        let mut service = filled(settings, 120);
        let reply = list(&mut service, ResourceType::User, ListQuery::default());
        assert_eq!(common::ids(&reply).len(), cap);
        assert!(json(&reply).starts_with(text) && reply.list().unwrap().next_cursor().is_none());
    }
    let mut empty = filled(Settings::unhurried(), 0);
    assert_eq!(
        json(&list(&mut empty, ResourceType::User, ListQuery::default())),
        r#"{"totalResults":0,"itemsPerPage":0,"startIndex":1,"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[]}"#
    );
    assert_eq!(
        json(&list(&mut empty, ResourceType::Group, ListQuery::first_page(None))),
        r#"{"itemsPerPage":0,"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[]}"#
    );
}

/// Developer guide, `ListUsers`: a page may hold fewer than asked for, "even though more follow".
#[test]
fn short_pages_follow_from_the_seed_and_lose_nothing() {
    let mut settings = Settings::default();
    settings.throttle = None;
    let mut service = filled(settings.clone(), 1_000);
    let (sizes, ids) = walk(&mut service, ResourceType::User, counted(20));
    assert_eq!(ids.len(), 1_000);
    let (_, before_last) = sizes.split_last().unwrap();
    assert!(before_last.iter().any(|size| *size < 20), "{sizes:?}");
    assert_eq!(walk(&mut service, ResourceType::User, counted(20)), (sizes.clone(), ids.clone()));
    settings.seed = 2;
    service.set_settings(settings);
    let (other_sizes, other_ids) = walk(&mut service, ResourceType::User, counted(20));
    assert!(other_ids == ids && other_sizes != sizes);
}

/// Developer guide, `ListUsers`: `count` is 1 to 100.
#[test]
fn a_count_out_of_bounds_is_refused() {
    let mut service = filled(Settings::unhurried(), 3);
    for count in [0, 101, u32::MAX] {
        assert_refused(&list(&mut service, ResourceType::User, counted(count)));
    }
    for count in [1, 100] {
        assert_eq!(list(&mut service, ResourceType::User, counted(count)).status, 200);
    }
}

/// Developer guide, `ListUsers`: another filter between two pages of a walk is refused; so is a cursor that was not made here.
#[test]
fn a_cursor_belongs_to_its_walk() {
    let mut service = filled(Settings::unhurried(), 30);
    let users: Vec<ResourceId> = service.users().map(|user| user.id().unwrap()).collect();
    let tools = service.seed_group(group("Tools"), &users);
    let mut members = counted(10);
    members.filter = Some(Filter::members_of(&tools));
    let reply = list(&mut service, ResourceType::User, members.clone());
    let cursor = reply.list().unwrap().next_cursor().unwrap().clone();
    assert_refused(&list(&mut service, ResourceType::User, counted(10).next_page(cursor.clone())));
    let mut other = members.next_page(cursor.clone());
    other.filter = Some(Filter::user_name("x"));
    assert_refused(&list(&mut service, ResourceType::User, other));
    assert_refused(&list(&mut service, ResourceType::Group, counted(10).next_page(cursor.clone())));
    for forged in ["x", "0000000000000000:1/x+_=", &format!("{}=", cursor.as_str())] {
        assert_refused(&list(&mut service, ResourceType::User, members.next_page(Cursor::new(forged).unwrap())));
    }
    assert_eq!(walk(&mut service, ResourceType::User, members).1, users);
}

/// Inferred: a walk goes on where it stands when resources come and go behind it.
#[test]
fn a_walk_survives_deletes_between_its_pages() {
    let mut service = filled(Settings::unhurried(), 30);
    let users: Vec<ResourceId> = service.users().map(|user| user.id().unwrap()).collect();
    let query = counted(10);
    let reply = list(&mut service, ResourceType::User, query.clone());
    let cursor = reply.list().unwrap().next_cursor().unwrap().clone();
    for id in &users[5..15] {
        service.remove_user(id);
    }
    assert_eq!(walk(&mut service, ResourceType::User, query.next_page(cursor)).1, users[15..]);
}

/// The text of the developer guide before late 2025: no cursors, lists of 50.
#[test]
fn the_service_before_cursors_refuses_them() {
    let mut settings = Settings::before_cursors();
    settings.throttle = None;
    let mut service = filled(settings, 60);
    assert_refused(&list(&mut service, ResourceType::User, ListQuery::first_page(None)));
    assert_refused(&list(&mut service, ResourceType::User, counted(10).next_page(Cursor::new("x").unwrap())));
    assert_eq!(common::ids(&list(&mut service, ResourceType::User, ListQuery::default())).len(), 50);
}

/// RFC 9865 section 2: a cursor is made of characters that a client must encode in a query; AWS's alphabet has `+`, `/`, `=`, `:` and `_`.
#[test]
fn a_cursor_has_characters_that_must_be_encoded() {
    let mut service = filled(Settings::unhurried(), 3);
    let reply = list(&mut service, ResourceType::User, counted(1));
    let cursor = reply.list().unwrap().next_cursor().unwrap().as_str().to_owned();
    assert!(cursor.chars().all(|c| c.is_ascii_alphanumeric() || "-+=/:_".contains(c)), "{cursor}");
    assert!("+=/".chars().all(|c| cursor.contains(c)), "{cursor}");
}
