//! Laws that hold for every file of Google, Microsoft Graph and Okta.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::{Completeness, Snapshot, google, graph, okta};
use idbridge_mapping::{Error, RuleSet};
use idbridge_scim::Profile;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

/// One reader, with the words of its pages and its bundled file.
struct Format {
    read: fn(&[u8]) -> Result<Snapshot, Error>,
    /// The keys of the entries of users, of groups, and of members.
    entries: [&'static str; 3],
    next: &'static str,
    bundled: &'static str,
}

const FORMATS: [Format; 3] = [
    Format {
        read: google::read,
        entries: ["users", "groups", "members"],
        next: "nextPageToken",
        bundled: include_str!("../../../examples/data/directories/google.json"),
    },
    Format {
        read: graph::read,
        entries: ["value"; 3],
        next: "@odata.nextLink",
        bundled: include_str!("../../../examples/data/directories/graph.json"),
    },
    Format { read: okta::read, entries: ["items"; 3], next: "next", bundled: include_str!("../../../examples/data/directories/okta.json") },
];

/// A person, a group or a member of any of the formats, as they occur and as they should not.
fn record() -> impl Strategy<Value = String> {
    let id = prop_oneof![6 => "[a-d]".prop_map(|id| format!(r#""{id}""#)), 1 => Just("null".to_owned()), 1 => Just("5".to_owned())];
    let more = select(vec![
        "",
        r#", "primaryEmail": "a@example.com", "mail": "a@example.com", "profile": {"login": "a@example.com"}"#,
        r#", "accountEnabled": false, "suspended": true, "status": "SUSPENDED""#,
        r#", "status": "NEW", "suspended": 1, "accountEnabled": "x""#,
        r#", "email": "a@example.com", "type": "GROUP""#,
        r##", "type": "CUSTOMER", "@odata.type": "#microsoft.graph.group""##,
        r#", "type": "USER", "relations": [{"type": "manager", "value": "a@example.com"}]"#,
        r#", "name": "Staff", "displayName": "Staff", "profile": {"name": "Staff"}"#,
        r#", "@removed": {"reason": "deleted"}"#,
    ]);
    (id, more).prop_map(|(id, more)| format!(r#"{{"id": {id}{more}}}"#))
}

/// Lists, each with the places at which a new page begins.
fn list() -> impl Strategy<Value = Vec<(String, bool)>> {
    vec((record(), any::<bool>()), 0..6)
}

fn whole(list: &[(String, bool)]) -> String {
    format!("[{}]", list.iter().map(|(record, _)| record.as_str()).collect::<Vec<_>>().join(","))
}

/// The pages of a list; all but the last one name the next.
fn pages(list: &[(String, bool)], entries: &str, next: &str) -> Vec<String> {
    let mut pages: Vec<Vec<&str>> = vec![Vec::new()];
    for (record, begins_page) in list {
        if *begins_page {
            pages.push(Vec::new());
        }
        pages.last_mut().unwrap().push(record);
    }
    let last = pages.len() - 1;
    let page = |(index, page): (usize, &Vec<&str>)| {
        let next = if index == last { String::new() } else { format!(r#", "{next}": "n""#) };
        format!(r#"{{"{entries}": [{}]{next}}}"#, page.join(","))
    };
    pages.iter().enumerate().map(page).collect()
}

fn file(users: &str, groups: &str, members: &[String]) -> String {
    let members: Vec<_> = members.iter().zip(["a", "b", "c"]).map(|(list, group)| format!(r#""{group}": {list}"#)).collect();
    format!(r#"{{"users": {users}, "groups": {groups}, "members": {{{}}}}}"#, members.join(","))
}

/// Writes JSON with the keys of each object in another order.
fn shuffled(value: &Value, seed: usize) -> String {
    match value {
        Value::Array(entries) => format!("[{}]", entries.iter().map(|entry| shuffled(entry, seed)).collect::<Vec<_>>().join(",")),
        Value::Object(object) => {
            let mut keys: Vec<_> =
                object.iter().map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), shuffled(value, seed))).collect();
            if !keys.is_empty() {
                let count = keys.len();
                keys.rotate_left(seed % count);
            }
            if seed % 2 == 1 {
                keys.reverse();
            }
            format!("{{{}}}", keys.join(","))
        }
        other => other.to_string(),
    }
}

fn is_complete(snapshot: &Snapshot) -> bool {
    *snapshot.completeness() == Completeness::Complete
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..200)) {
        for format in &FORMATS {
            let _ = (format.read)(&bytes);
        }
    }

    /// A file that was cut, or of which one byte is another, is refused or read, and what is mapped is what the service takes.
    #[test]
    fn a_damaged_file_is_read_or_refused(cut in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte in select(b"\"{}[],:x0 ".to_vec())) {
        let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
        for format in &FORMATS {
            let mut bytes = format.bundled.as_bytes().to_vec();
            prop_assert!((format.read)(&bytes[..cut.index(bytes.len() - 1)]).is_err(), "a cut file is no JSON");
            let place = at.index(bytes.len());
            bytes[place] = byte;
            let Ok(snapshot) = (format.read)(&bytes) else { continue };
            for user in snapshot.users().values() {
                if let Some(resource) = rules.to_scim(user, &profile).resource() {
                    prop_assert_eq!(profile.check_user(resource), vec![]);
                }
            }
        }
    }

    /// Where the pages end says nothing, rows that cannot be read included.
    #[test]
    fn pages_split_anywhere_give_the_same_snapshot(users in list(), groups in list(), members in vec(list(), 3)) {
        for Format { read, entries, next, .. } in &FORMATS {
            let split = |list: &[(String, bool)], entries: &str| format!("[{}]", pages(list, entries, next).join(","));
            let split_members: Vec<_> = members.iter().map(|list| split(list, entries[2])).collect();
            let in_pages = file(&split(&users, entries[0]), &split(&groups, entries[1]), &split_members);
            let at_once = file(&whole(&users), &whole(&groups), &members.iter().map(|list| whole(list)).collect::<Vec<_>>());
            let snapshot = read(in_pages.as_bytes());
            prop_assert_eq!(&snapshot, &read(at_once.as_bytes()), "{}", in_pages);
            let snapshot = snapshot.unwrap();
            let says_why = snapshot.findings().iter().all(|finding| (finding.code() == "SourceIncomplete") != is_complete(&snapshot));
            prop_assert!(says_why && (is_complete(&snapshot) || !snapshot.findings().is_empty()));
        }
    }

    /// However many of the pages were read, if the last of them was not, nothing is concluded from absence.
    #[test]
    fn pages_without_the_last_are_never_complete(list in list(), read_pages in any::<prop::sample::Index>()) {
        for Format { read, entries, next, .. } in &FORMATS {
            for (place, entries) in entries.iter().enumerate() {
                let pages = pages(&list, entries, next);
                if pages.len() < 2 {
                    continue;
                }
                let some = format!("[{}]", pages[..=read_pages.index(pages.len() - 1)].join(","));
                let text = match place {
                    0 => file(&some, "[]", &[]),
                    1 => file(r#"[{"id": "u"}]"#, &some, &["[]".to_owned(), "[]".to_owned(), "[]".to_owned()]),
                    _ => file(r#"[{"id": "u"}]"#, r#"[{"id": "a"}]"#, &[some]),
                };
                prop_assert!(!is_complete(&read(text.as_bytes()).unwrap()), "{}", text);
            }
        }
    }

    /// The order of keys says nothing, of the file, of a page and of a record.
    #[test]
    fn the_order_of_keys_is_irrelevant(seed in any::<usize>()) {
        for format in &FORMATS {
            let file: Value = serde_json::from_str(format.bundled).unwrap();
            let other = shuffled(&file, seed);
            prop_assert_eq!((format.read)(other.as_bytes()).unwrap(), (format.read)(format.bundled.as_bytes()).unwrap(), "{}", other);
        }
    }

    /// So it is of a file in which much is missing: what is noted, is noted in one order.
    #[test]
    fn the_order_of_keys_is_irrelevant_where_something_is_missing(users in list(), groups in list(), members in vec(list(), 2), seed in any::<usize>()) {
        let text = file(&whole(&users), &whole(&groups), &members.iter().map(|list| whole(list)).collect::<Vec<_>>());
        let value: Value = serde_json::from_str(&text).unwrap();
        let other = shuffled(&value, seed);
        for format in &FORMATS {
            prop_assert_eq!((format.read)(other.as_bytes()), (format.read)(text.as_bytes()), "{}", other);
        }
    }
}

/// A page of people looks like a person to nobody: an object in a list that has neither an identifier nor entries is told.
#[test]
fn what_is_neither_a_page_nor_a_record_is_told() {
    for Format { read, .. } in &FORMATS {
        let snapshot = read(br#"{"users": [{"id": "1"}, {"error": {"code": 403}}], "groups": []}"#).unwrap();
        assert!(!is_complete(&snapshot));
    }
}
