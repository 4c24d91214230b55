//! JumpCloud's directory as its interface answers it: pages, memberships, and bindings with attributes and paths.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use idbridge_mapping::directory::{Completeness, Lifecycle, Snapshot, jumpcloud};
use idbridge_mapping::{Mapped, RuleSet};
use idbridge_scim::Profile;
use proptest::prelude::*;

const BUNDLED: &str = include_str!("../../../examples/data/directories/jumpcloud-api.json");

fn read(text: &str) -> Snapshot {
    jumpcloud::read(text.as_bytes()).unwrap()
}

/// A file with one person in one bound group, some of whose keys are replaced.
fn file(replaced: &[(&str, &str)]) -> String {
    let mut keys = BTreeMap::from([
        ("systemusers", r#"{"totalCount": 1, "results": [{"_id": "u1"}]}"#),
        ("usergroups", r#"[{"id": "g1", "name": "Staff", "type": "user_group"}]"#),
        ("memberships", r#"{"g1": [{"id": "u1", "type": "user"}]}"#),
        ("application", r#"{"usergroups": [{"id": "g1", "type": "user_group"}]}"#),
    ]);
    keys.extend(replaced.iter().copied());
    let keys: Vec<_> = keys.into_iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
    format!("{{{}}}", keys.join(", "))
}

fn reasons(snapshot: &Snapshot) -> Vec<String> {
    match snapshot.completeness() {
        Completeness::Complete => Vec::new(),
        Completeness::Partial(reasons) => reasons.iter().map(ToString::to_string).collect(),
    }
}

fn findings(snapshot: &Snapshot) -> Vec<String> {
    let of_users = snapshot.users().values().flat_map(|user| &user.findings);
    of_users.chain(snapshot.groups().values().flat_map(|group| &group.findings)).map(ToString::to_string).collect()
}

#[test]
fn the_bundled_directory_is_complete_and_read_in_full() {
    let snapshot = read(BUNDLED);
    assert_eq!(*snapshot.completeness(), Completeness::Complete);
    assert!(snapshot.findings().is_empty() && findings(&snapshot).is_empty());
    assert_eq!((snapshot.users().len(), snapshot.groups().len()), (8, 3));
    let sizes: Vec<_> = snapshot.groups().values().map(|group| (group.name.as_deref().unwrap(), group.members.len())).collect();
    assert_eq!(sizes, [("Quay crew", 2), ("Fleet crew", 3), ("Sales", 2)]);

    let by_name: BTreeMap<_, _> = snapshot.users().values().map(|user| (user.username.as_deref().unwrap(), user)).collect();
    let (ines, tariq, hana) = (by_name["ines.aas"], by_name["tariq.noor"], by_name["hana.sato"]);
    assert_eq!((tariq.middle_name.as_deref(), tariq.manager.as_ref()), (Some("Jamal"), Some(&ines.id)));
    assert_eq!((hana.cost_center.as_deref(), hana.employee_type.as_deref()), (Some("CC-41"), Some("Contractor")));
    assert_eq!(hana.location.as_deref(), Some("Stavanger"));
    assert_eq!(by_name["vera.blum"].lifecycle, Lifecycle::Suspended);

    // Attributes of groups are those that JumpCloud does not keep for itself, and come down to people.
    let texts = |texts: &BTreeMap<String, String>| texts.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
    let quay = ["Area=Quay", "CostLimit=5000", "OnCall=true"];
    assert_eq!(texts(&snapshot.groups().values().next().unwrap().custom), quay);
    assert_eq!(texts(&tariq.inherited), quay);
    assert!(hana.inherited.is_empty());

    let entitled: Vec<_> = snapshot.entitled().into_iter().map(|id| snapshot.users()[id].username.as_deref().unwrap()).collect();
    assert_eq!(
        entitled,
        ["ines.aas", "tariq.noor", "vera.blum", "oskar.lie", "hana.sato", "pedro.reis", "emil.voss"],
        "all but the staged"
    );
    let direct: Vec<_> = snapshot.application().users.iter().map(|id| snapshot.users()[id].username.as_deref().unwrap()).collect();
    assert_eq!(direct, ["oskar.lie", "emil.voss"]);
}

#[test]
fn everybody_in_the_bundled_directory_but_one_is_mapped() {
    let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
    let snapshot = read(BUNDLED);
    let held = snapshot.users().values().filter(|user| matches!(rules.to_scim(user, &profile), Mapped::Held { .. }));
    assert_eq!(held.map(|user| user.username.as_deref().unwrap()).collect::<Vec<_>>(), ["oskar.lie"]);
}

/// UL-11: what is missing from a page, or a page that is missing, makes the snapshot partial; so does what does not add up.
#[test]
fn ul_11_pages_that_do_not_add_up_make_the_snapshot_partial() {
    let page = |total: &str, ids: &[&str]| {
        let ids: Vec<_> = ids.iter().map(|id| format!(r#"{{"_id": "{id}"}}"#)).collect();
        format!(r#"{{"totalCount": {total}, "results": [{}]}}"#, ids.join(", "))
    };
    let pages = |pages: &[String]| file(&[("systemusers", &format!("[{}]", pages.join(", ")))]);
    let whole = read(&pages(&[page("3", &["u1", "u2"]), page("3", &["u3"]), page("3", &[])]));
    assert_eq!(*whole.completeness(), Completeness::Complete);
    let bound_by = |paths: &str| {
        let users = format!(r#"{{"usergroups": ["g1"], "users": [{{"id": "u1", "paths": {paths}}}]}}"#);
        file(&[("application", &users), ("memberships", r#"{"g1": []}"#)])
    };
    let cases = [
        (pages(&[page("3", &["u1", "u2"])]), "systemusers states 3 records, and 2 were read"),
        (pages(&[page("3", &["u1", "u2"]), page("3", &["u2"])]), "systemusers states 3 records, and 2 were read"),
        (pages(&[page("2", &["u1"]), page("3", &["u2"])]), "systemusers states 3 records, and 2 were read"),
        (pages(&[page("2", &["u1"]), page("null", &["u2"])]), "systemusers does not state how many records there are"),
        (
            pages(&[page("1", &["u1"]), r#"{"totalCount": 1, "results": null}"#.to_owned()]),
            "a page of systemusers has no list in it, which is not the same as an empty one",
        ),
        (
            pages(&[page("1", &["u1"]), r#"{"message": "unauthorized"}"#.to_owned()]),
            "entry 2 of systemusers has no identifier that can be used",
        ),
        (file(&[("memberships", "{}")]), "the group g1 has no list of members, which is not the same as an empty one"),
        (file(&[("memberships", r#"{"g1": null}"#)]), "the group g1 has no list of members, which is not the same as an empty one"),
        (file(&[("memberships", r#"{"g1": [], "g2": []}"#)]), "the group g2 has members, and is not there itself"),
        (
            file(&[("memberships", r#"{"g1": [[{"id": "u1"}], [{"type": "user"}]]}"#)]),
            "entry 2 of memberships of the group g1 has no identifier that can be used",
        ),
        (file(&[("memberships", r#"{"g1": [], "": []}"#)]), "entry 2 of memberships has no identifier that can be used"),
        (
            file(&[("memberships", r#"{"g1": [{"id": "g9", "type": "USER_GROUP"}]}"#)]),
            "the group g9 is in another group, and is not there itself",
        ),
        (
            bound_by(r#"[[{"to": {"id": "g1"}}, {"to": {"id": "u1"}}]]"#),
            "the user u1 is bound to the application by way of a group, and is in no group bound to it",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(reasons(&read(&text)), [expected], "{text}");
    }
}

/// A way of one step, or no way at all, is a binding of the person; any longer way leads through a group.
#[test]
fn a_path_of_one_step_is_a_direct_binding() {
    let (step, member) = (r#"[{"to": {"id": "u1", "type": "user"}}]"#, r#"[{"to": {"id": "g1"}}, {"to": {"id": "u1"}}]"#);
    let cases = [
        (format!("[{member}]"), false),
        (format!("[{member}, {member}]"), false),
        (format!("[{member}, {step}]"), true),
        (format!("[{step}]"), true),
        ("[]".to_owned(), true),
        ("null".to_owned(), true),
        ("5".to_owned(), true),
        ("[null]".to_owned(), true),
    ];
    for (paths, is_direct) in cases {
        let application = format!(r#"{{"usergroups": ["g1"], "users": [{{"id": "u1", "type": "user", "paths": {paths}}}]}}"#);
        let snapshot = read(&file(&[("application", &application)]));
        assert_eq!(snapshot.application().users.contains("u1"), is_direct, "{paths}");
        assert!(snapshot.entitled().contains(snapshot.users().keys().next().unwrap()) && reasons(&snapshot).is_empty(), "{paths}");
    }
}

/// AB-09: group attributes that are no text are left out, and hold neither the group nor the person.
#[test]
fn ab_09_attributes_that_are_no_text_are_left_out() {
    let attributes = r#"{"a": "x", "b": -1.5, "c": [], "d": null, "e": "", "f": {"g": 1}, "h": 1, "h": 2, "sudo": {}, "radius": {}, "sambaEnabled": true}"#;
    let groups = format!(r#"[{{"id": "g1", "name": "Staff", "attributes": {attributes}}}, {{"id": "g2", "name": "B", "attributes": []}}]"#);
    let users = format!(
        r#"{{"usergroups": ["g1"], "users": [{{"id": "u1", "compiledAttributes": {attributes}}}, {{"id": "u1", "compiledAttributes": {{"a": "y", "i": true}}}}]}}"#
    );
    let snapshot = read(&file(&[("usergroups", &groups), ("application", &users), ("memberships", r#"{"g1": ["u1"], "g2": []}"#)]));
    let texts = |texts: &BTreeMap<String, String>| texts.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
    assert_eq!(texts(&snapshot.groups()["g1"].custom), ["a=x", "b=-1.5"]);
    assert_eq!(texts(&snapshot.users()["u1"].inherited), ["b=-1.5", "i=true"]);
    let left_out = |path: &str, found: &str| {
        format!("{path} must be a string, a number or a boolean, found {found}, so it is left out; write it as one text")
    };
    assert_eq!(
        findings(&snapshot),
        [
            left_out("compiledAttributes.a", "two values"),
            left_out("compiledAttributes.c", "an array"),
            left_out("compiledAttributes.f", "an object"),
            left_out("compiledAttributes.h", "two values"),
            left_out("attributes.c", "an array"),
            left_out("attributes.f", "an object"),
            left_out("attributes.h", "two values"),
            "attributes must be an object, found an array, so it is left out; write it as one text".to_owned(),
        ]
    );
}

/// Of three values of one name, the third is no more the person's than the others.
#[test]
fn a_custom_attribute_with_two_values_stays_left_out() {
    let attribute = |value: &str| format!(r#"{{"name": "Project", "value": "{value}"}}"#);
    let attributes = ["a", "b", "c", "c"].map(attribute).join(", ");
    let snapshot = read(&file(&[("systemusers", &format!(r#"[{{"_id": "u1", "attributes": [{attributes}]}}]"#))]));
    assert!(snapshot.users()["u1"].custom.is_empty());
    assert_eq!(findings(&snapshot), ["attributes.Project must be a string, found two values, so it is left out; write it as one text"]);
}

/// A record tells each of its faults once and at most fifty of them, but never fewer than that it is held.
#[test]
fn the_faults_of_one_record_are_bounded() {
    let attributes: Vec<_> = (0..200).map(|number| format!(r#"{{"name": "a{number}", "value": []}}"#)).collect();
    let phones = vec!["0"; 1_000].join(", ");
    let user = |phones: &str| format!(r#"[{{"_id": "u1", "phoneNumbers": [{phones}], "attributes": [{}, 5, 5]}}]"#, attributes.join(", "));
    let codes = |phones: &str| {
        let snapshot = read(&file(&[("systemusers", &user(phones))]));
        snapshot.users()["u1"].findings.iter().map(|finding| finding.code()).collect::<Vec<_>>()
    };
    let (held, left_out) = ("UnreadableRecord", "CustomAttributeUnreadable");
    assert_eq!(codes(""), [vec![left_out; 50], vec![held]].concat());
    assert_eq!(codes(&phones), [vec![held], vec![left_out; 49]].concat());
}

#[test]
fn groups_in_groups_are_flattened() {
    let groups = r#"[[{"id": "g1", "name": "All"}], [{"id": "g2", "name": "Some"}]]"#;
    let members = r#"{"g1": [{"to": {"id": "g2", "type": "user_group"}}], "g2": [{"to": {"id": "u1", "type": "user"}}]}"#;
    let snapshot = read(&file(&[("usergroups", groups), ("memberships", members)]));
    assert!(snapshot.groups()["g1"].members.contains("u1"));
    assert_eq!((snapshot.entitled().len(), reasons(&snapshot).len()), (1, 0));
}

#[test]
fn shapes_from_which_nothing_can_be_told_are_refused() {
    let cases = [
        (r#"{"memberships": []}"#, "invalid directory file at line 1 column 18: memberships must be an object, found an array"),
        (r#"{"memberships": {"g1": "u1"}}"#, "invalid directory file at line 1 column 27: memberships must be an array, found a string"),
        (r#"{"memberships": {"g1": {}}}"#, "invalid directory file at line 1 column 25: memberships must be an array, found an object"),
        (
            r#"{"memberships": {"g1": [], "g1": []}}"#,
            "invalid directory file at line 1 column 35: memberships of the group g1 are there twice",
        ),
        (r#"{"memberships": {}, "memberships": {}}"#, "invalid directory file at line 1 column 37: memberships is there twice"),
        (
            r#"{"systemusers": [{"totalCount": 0, "results": 5}]}"#,
            "invalid directory file at line 1 column 47: systemusers must be an array, found a number",
        ),
        (r#"{"systemusers": [{"results": [], "results": []}]}"#, "invalid directory file at line 1 column 42: systemusers is there twice"),
    ];
    for (text, expected) in cases {
        assert_eq!(jumpcloud::read(text.as_bytes()).unwrap_err().to_string(), expected, "{text}");
    }
}

/// A directory file of a few people and groups, as lists of JSON texts.
fn lists() -> impl Strategy<Value = [Vec<String>; 5]> {
    let people = prop::collection::btree_set(0..9_u8, 1..7);
    let members = prop::collection::vec(0..9_u8, 0..5);
    (people, prop::collection::vec(members.clone(), 3), members).prop_map(|(people, groups, bound)| {
        let node = |person: &u8| format!(r#"{{"id": "u{person}", "type": "user"}}"#);
        [
            people.iter().map(|person| format!(r#"{{"_id": "u{person}", "email": "u{person}@example.com"}}"#)).collect(),
            (0..groups.len()).map(|group| format!(r#"{{"id": "g{group}", "name": "G", "type": "user_group"}}"#)).collect(),
            groups[0].iter().map(node).collect(),
            groups[1].iter().map(node).collect(),
            bound.iter().map(node).collect(),
        ]
    })
}

/// The list in pages of `size`, with `count` or bare.
fn paged(list: &[String], size: usize, count: Option<usize>) -> String {
    let pages = list.chunks(size).map(|page| match count {
        Some(count) => format!(r#"{{"results": [{}], "totalCount": {count}}}"#, page.join(",")),
        None => format!("[{}]", page.join(",")),
    });
    format!("[{}]", pages.collect::<Vec<_>>().join(","))
}

proptest! {
    /// Neither the order of the keys nor where a page ends changes what is read.
    #[test]
    fn order_of_keys_and_length_of_pages_change_nothing(
        [users, groups, first, second, bound] in lists(),
        size in 1..4_usize,
        order in Just([0, 1, 2, 3]).prop_shuffle(),
    ) {
        let different: BTreeSet<_> = users.iter().collect();
        let count = different.len();
        let whole = |list: &[String]| format!("[{}]", list.join(","));
        let keys = |users: String, list: &dyn Fn(&[String]) -> String| {
            [
                format!(r#""systemusers": {users}"#),
                format!(r#""usergroups": {}"#, list(&groups)),
                format!(r#""memberships": {{"g0": {}, "g1": {}, "g2": []}}"#, list(&first), list(&second)),
                format!(r#""application": {{"usergroups": ["g0"], "users": {}}}"#, list(&bound)),
            ]
        };
        let one = keys(format!(r#"{{"totalCount": {count}, "results": {}}}"#, whole(&users)), &whole);
        let many = keys(paged(&users, size, Some(count)), &|list| paged(list, size, None));
        let many = order.map(|place| many[place].clone());
        let (one, many) = (read(&format!("{{{}}}", one.join(","))), read(&format!("{{{}}}", many.join(","))));
        prop_assert_eq!(one.completeness(), &Completeness::Complete);
        prop_assert_eq!(one, many);
    }

    /// Any bytes, and any change to a file that can be read, are read or refused, and alike if they are read as they come.
    #[test]
    fn reading_never_panics(bytes in any::<Vec<u8>>(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut changed = BUNDLED.as_bytes().to_vec();
        let at = at.index(changed.len());
        changed[at] = byte;
        for bytes in [&bytes, &changed] {
            let streamed = jumpcloud::read_from(bytes.as_slice(), bytes.len());
            prop_assert_eq!(
                streamed.map_err(|error| error.kind().clone()),
                jumpcloud::read(bytes).map_err(|error| error.kind().clone()),
            );
        }
    }
}
