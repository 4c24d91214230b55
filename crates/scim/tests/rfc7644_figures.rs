//! The examples of RFC 7644 about filters, PATCH and replacement, with people, places and numbers of our own in the same shape.
//!
//! Messages are beside their own tests: lists in `message.rs` and `protocol.rs`, bulk in `bulk.rs`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{AttrPath, Filter, Mode, PatchOp, Path, Resource, Schemas};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

/// Section 3.3: what is posted is right, and what comes back has an `id` and a `meta` besides.
#[test]
fn section_3_3_a_user_is_created() {
    let posted = resource(&format!(
        r#"{{"schemas":["{USER}"],"userName":"tberg","externalId":"tberg","name":{{"formatted":"Ms. Tove Berg","familyName":"Berg","givenName":"Tove"}}}}"#
    ));
    let schemas = Schemas::user();
    assert_eq!(schemas.validate_create(&posted, Mode::Strict), []);
    let created = resource(
        &posted.to_json().replace(
            r#""externalId""#,
            r#""id":"7c9e6679-7425-40de-944b","meta":{"resourceType":"User","created":"2026-04-01T09:30:00.125Z",
                "lastModified":"2026-04-01T09:30:00.125Z","location":"https://example.com/v2/Users/7c9e6679-7425-40de-944b","version":"W/\"e180ee84\""},
                "externalId""#,
        ),
    );
    assert_eq!(schemas.validate_create(&created, Mode::Strict), []);
    assert_eq!(created.id().unwrap().as_str(), "7c9e6679-7425-40de-944b");
    assert_eq!(created.text("meta.version"), Some("W/\"e180ee84\""));
    assert_eq!(Resource::from_json(created.to_json().as_bytes()).unwrap(), created);
}

/// Five users, each of which some of the filters of section 3.4.2.2 find.
fn users() -> Vec<Resource> {
    [
        format!(
            r#"{{"schemas":["{USER}","{ENTERPRISE}"],"userName":"tberg","name":{{"familyName":"O'Neil-Berg"}},"title":"Engineer","userType":"Employee",
                "emails":[{{"type":"work","value":"tove@example.com"}}],"meta":{{"lastModified":"2026-05-13T04:42:34Z"}},"{ENTERPRISE}":{{"division":"Cranes"}}}}"#
        ),
        format!(
            r#"{{"schemas":["{USER}"],"userName":"Jonas","name":{{"familyName":"Holm"}},"userType":"Employee",
                "emails":[{{"type":"home","value":"jonas@example.com"}},{{"type":"work","value":"jonas@example.org"}}],"meta":{{"lastModified":"2026-05-13T06:42:33+02:00"}}}}"#
        ),
        format!(
            r#"{{"schemas":["{USER}"],"userName":"jule","title":"Trainee","userType":"Intern","emails":[{{"type":"other","value":"jule@example.net"}}],
                "meta":{{"lastModified":"2026-05-14T00:00:00Z"}}}}"#
        ),
        format!(
            r#"{{"schemas":["{USER}"],"userName":"mara","userType":"Guest","ims":[{{"type":"xmpp","value":"mara@chat.example"}}],"emails":[{{"value":"m@example.org"}}],
                "meta":{{"lastModified":"2020-01-01T00:00:00Z"}}}}"#
        ),
        format!(r#"{{"schemas":["{USER}"],"userName":"nobody","title":""}}"#),
    ]
    .iter()
    .map(|json| resource(json))
    .collect()
}

/// Section 3.4.2.2: each shape of filter that the list of examples has, and whom it finds.
#[test]
fn section_3_4_2_2_every_filter() {
    let users = users();
    let schemas = Schemas::user();
    for (filter, found) in [
        (r#"userName eq "TBERG""#.to_owned(), &[0][..]),
        (r#"name.familyName co "o'neil""#.to_owned(), &[0]),
        (r#"userName sw "J""#.to_owned(), &[1, 2]),
        (format!(r#"{USER}:userName sw "J""#), &[1, 2]),
        ("title pr".to_owned(), &[0, 2]),
        (r#"meta.lastModified gt "2026-05-13T04:42:33Z""#.to_owned(), &[0, 2]),
        (r#"meta.lastModified ge "2026-05-13T04:42:33Z""#.to_owned(), &[0, 1, 2]),
        (r#"meta.lastModified lt "2026-05-13T04:42:34Z""#.to_owned(), &[1, 3]),
        (r#"meta.lastModified le "2026-05-13T04:42:34Z""#.to_owned(), &[0, 1, 3]),
        (r#"title pr and userType eq "Employee""#.to_owned(), &[0]),
        (r#"title pr or userType eq "Intern""#.to_owned(), &[0, 2]),
        (format!(r#"schemas eq "{ENTERPRISE}""#), &[0]),
        (r#"userType eq "Employee" and (emails co "example.net" or emails.value co "example.org")"#.to_owned(), &[1]),
        (r#"userType ne "Employee" and not (emails co "example.net" or emails.value co "example.org")"#.to_owned(), &[4]),
        (r#"userType eq "Employee" and (emails.type eq "home")"#.to_owned(), &[1]),
        (r#"userType eq "Employee" and emails[type eq "work" and value co "@example.com"]"#.to_owned(), &[0]),
        (r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@chat.example"]"#.to_owned(), &[0, 3]),
    ] {
        let parsed: Filter = filter.parse().unwrap();
        let matcher = parsed.matcher(&schemas, Mode::Strict).unwrap();
        let indexes: Vec<usize> = users.iter().enumerate().filter(|(_, user)| matcher.matches(*user)).map(|(index, _)| index).collect();
        assert_eq!(indexes, found, "{filter}");
        assert_eq!(parsed.to_string().parse::<Filter>().unwrap(), parsed);
    }
}

/// Section 3.4.2.2: names and operators have no case, so both spellings are one filter.
#[test]
fn section_3_4_2_2_case_says_nothing() {
    assert_eq!(r#"userName Eq "tove""#.parse::<Filter>().unwrap(), r#"Username eq "tove""#.parse::<Filter>().unwrap());
}

/// Section 3.5.1: a replacement with what shall be changed, and with read-only attributes that are ignored.
#[test]
fn section_3_5_1_a_user_is_replaced() {
    let held = resource(&format!(
        r#"{{"schemas":["{USER}"],"id":"7c9e","userName":"tberg","externalId":"tberg","name":{{"familyName":"Berg","givenName":"Tove"}},
            "roles":[],"emails":[{{"value":"tove@example.com"}},{{"value":"tberg@example.org"}}]}}"#
    ));
    let next = resource(&format!(
        r#"{{"schemas":["{USER}"],"id":"7c9e","userName":"tberg","externalId":"tberg","name":{{"familyName":"Berg-Holm","givenName":"Tove"}},
            "roles":[],"emails":[{{"value":"tove@example.com"}}]}}"#
    ));
    let schemas = Schemas::user();
    assert_eq!(schemas.validate_replace(&held, &next, Mode::Strict), []);
    assert!(!schemas.equal(&held, &next));
}

/// Section 3.5.2: each kind of path, with and without the schema's URI.
#[test]
fn section_3_5_2_every_path() {
    for (path, is_group) in [
        ("members", true),
        ("name.familyName", false),
        (r#"addresses[type eq "home"]"#, false),
        (r#"members[value eq "51d2e2a1"]"#, true),
        (r#"members[value eq "51d2e2a1"].displayName"#, true),
        (&format!("{USER}:name.familyName"), false),
        (&format!("{ENTERPRISE}:costCenter"), false),
    ] {
        let parsed: Path = path.parse().unwrap();
        assert_eq!(parsed.to_string(), path);
        let schemas = if is_group { Schemas::group() } else { Schemas::user() };
        assert!(schemas.check_path(&parsed).is_ok(), "{path}");
    }
}

/// Applies the operations and compares the outcome to the byte; a second time changes nothing.
fn gives_in(mode: Mode, schemas: &Schemas, before: &str, operations: &str, after: &str) {
    let text = format!(r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{operations}]}}"#);
    let patch = PatchOp::from_json(text.as_bytes(), mode).unwrap();
    assert_eq!(schemas.validate_patch(&patch, mode), []);
    let mut patched = resource(before);
    assert!(patch.apply(&mut patched, schemas, mode).unwrap());
    assert_eq!(patched.to_json(), resource(after).to_json(), "{operations}");
    assert!(!patch.apply(&mut resource(after), schemas, mode).unwrap_or(false), "{operations} a second time");
}

/// The same in both modes.
fn gives(schemas: &Schemas, before: &str, operations: &str, after: &str) {
    gives_in(Mode::Strict, schemas, before, operations, after);
    gives_in(Mode::Lenient, schemas, before, operations, after);
}

const GROUP: &str = r#"{"displayName":"Crane drivers","members":[{"display":"Tove Berg","$ref":"https://example.com/v2/Users/1","value":"1"},
    {"display":"Jonas Holm","$ref":"https://example.com/v2/Users/2","value":"2"}]}"#;

/// Section 3.5.2.1, first example: a member is added to a group.
#[test]
fn section_3_5_2_1_a_member_is_added() {
    let jule = r#"{"display":"Jule Vik","$ref":"https://example.com/v2/Users/3","value":"3"}"#;
    let after = GROUP.replace(r#""value":"2"}"#, &format!(r#""value":"2"}},{jule}"#));
    gives(&Schemas::group(), GROUP, &format!(r#"{{"op":"add","path":"members","value":[{jule}]}}"#), &after);
}

/// Section 3.5.2.1, second example: attributes are added without a path; a list keeps what it has.
#[test]
fn section_3_5_2_1_attributes_are_added_without_a_path() {
    gives(
        &Schemas::user(),
        r#"{"userName":"tberg","emails":[{"value":"tove@example.com","type":"work"}]}"#,
        r#"{"op":"add","value":{"emails":[{"value":"tove@home.example","type":"home"}],"nickname":"Tovi"}}"#,
        r#"{"userName":"tberg","emails":[{"value":"tove@example.com","type":"work"},{"value":"tove@home.example","type":"home"}],"nickName":"Tovi"}"#,
    );
}

/// Section 3.5.2.2, first example: one member is removed.
#[test]
fn section_3_5_2_2_a_member_is_removed() {
    let after =
        r#"{"displayName":"Crane drivers","members":[{"display":"Jonas Holm","$ref":"https://example.com/v2/Users/2","value":"2"}]}"#;
    gives(&Schemas::group(), GROUP, r#"{"op":"remove","path":"members[value eq \"1\"]"}"#, after);
}

/// Section 3.5.2.2, second example: all members are removed, and the attribute is unassigned.
#[test]
fn section_3_5_2_2_all_members_are_removed() {
    gives(&Schemas::group(), GROUP, r#"{"op":"remove","path":"members"}"#, r#"{"displayName":"Crane drivers"}"#);
}

/// Section 3.5.2.2, third example: values are removed by a filter of two conditions.
#[test]
fn section_3_5_2_2_values_are_removed_by_a_filter() {
    gives(
        &Schemas::user(),
        r#"{"userName":"tberg","emails":[{"type":"work","value":"tove@example.com"},{"type":"work","value":"tove@example.org"},{"type":"home","value":"t@example.com"}]}"#,
        r#"{"op":"remove","path":"emails[type eq \"work\" and value ew \"example.com\"]"}"#,
        r#"{"userName":"tberg","emails":[{"type":"work","value":"tove@example.org"},{"type":"home","value":"t@example.com"}]}"#,
    );
}

/// Section 3.5.2.2, fourth example: one member goes and another comes, in one request.
#[test]
fn section_3_5_2_2_a_member_takes_the_place_of_another() {
    gives(
        &Schemas::group(),
        r#"{"displayName":"x","members":[{"value":"1"},{"value":"2"}]}"#,
        r#"{"op":"remove","path":"members[value eq \"1\"]"},{"op":"add","path":"members","value":[{"display":"Jule Vik","value":"3"}]}"#,
        r#"{"displayName":"x","members":[{"value":"2"},{"display":"Jule Vik","value":"3"}]}"#,
    );
}

/// Section 3.5.2.2, last example: all members go and two come.
#[test]
fn section_3_5_2_2_all_members_make_room() {
    gives(
        &Schemas::group(),
        r#"{"displayName":"x","members":[{"value":"1"},{"value":"2"}]}"#,
        r#"{"op":"remove","path":"members"},{"op":"add","path":"members","value":[{"display":"Jule Vik","value":"3"},{"display":"Mara","value":"4"}]}"#,
        r#"{"displayName":"x","members":[{"display":"Jule Vik","value":"3"},{"display":"Mara","value":"4"}]}"#,
    );
}

/// Section 3.5.2.3, first example: all members are replaced in one operation.
#[test]
fn section_3_5_2_3_all_members_are_replaced() {
    gives(
        &Schemas::group(),
        GROUP,
        r#"{"op":"replace","path":"members","value":[{"display":"Jule Vik","value":"3"},{"display":"Mara","value":"4"}]}"#,
        r#"{"displayName":"Crane drivers","members":[{"display":"Jule Vik","value":"3"},{"display":"Mara","value":"4"}]}"#,
    );
}

const ADDRESSES: &str = r#"{"userName":"tberg","addresses":[{"type":"work","streetAddress":"1 Harbour Road","locality":"Hamburg"},{"type":"home","country":"SE"}]}"#;

/// Section 3.5.2.3, second example: the work address is replaced as a whole.
#[test]
fn section_3_5_2_3_an_address_is_replaced() {
    // Lenient mode merges what is given into what is there.
    gives_in(
        Mode::Strict,
        &Schemas::user(),
        ADDRESSES,
        r#"{"op":"replace","path":"addresses[type eq \"work\"]","value":{"type":"work","streetAddress":"2 Quay","postalCode":"28195","country":"DE","formatted":"2 Quay\n28195 DE","primary":true}}"#,
        r#"{"userName":"tberg","addresses":[{"type":"work","streetAddress":"2 Quay","postalCode":"28195","country":"DE","formatted":"2 Quay\n28195 DE","primary":true},{"type":"home","country":"SE"}]}"#,
    );
}

/// Section 3.5.2.3, third example: one sub-attribute of the work address is replaced.
#[test]
fn section_3_5_2_3_a_street_is_replaced() {
    gives(
        &Schemas::user(),
        ADDRESSES,
        r#"{"op":"replace","path":"addresses[type eq \"work\"].streetAddress","value":"2 Quay"}"#,
        &ADDRESSES.replace("1 Harbour Road", "2 Quay"),
    );
}

/// Section 3.5.2.3, last example: attributes are replaced without a path; a list loses what it had.
#[test]
fn section_3_5_2_3_attributes_are_replaced_without_a_path() {
    gives(
        &Schemas::user(),
        r#"{"userName":"tberg","nickName":"Tovi","emails":[{"value":"old@example.com"}]}"#,
        r#"{"op":"replace","value":{"emails":[{"value":"tove@example.com","type":"work","primary":true},{"value":"t@home.example","type":"home"}],"nickname":"Tove"}}"#,
        r#"{"userName":"tberg","nickName":"Tove","emails":[{"value":"tove@example.com","type":"work","primary":true},{"value":"t@home.example","type":"home"}]}"#,
    );
}

/// Section 3.10: each notation of an attribute names the same, that of an extension is always whole.
#[test]
fn section_3_10_every_notation() {
    let user = resource(&format!(
        r#"{{"userName":"tberg","name":{{"givenName":"Tove"}},"{ENTERPRISE}":{{"employeeNumber":"1001","manager":{{"value":"m-1"}}}}}}"#
    ));
    for (path, text) in [
        ("userName", "tberg"),
        (&format!("{USER}:userName"), "tberg"),
        (&format!("{USER}:name.givenName"), "Tove"),
        (&format!("{ENTERPRISE}:employeeNumber"), "1001"),
        (&format!("{ENTERPRISE}:manager.value"), "m-1"),
    ] {
        assert_eq!(user.text(path), Some(text));
        assert!(Schemas::user().definition(&path.parse::<AttrPath>().unwrap()).is_some());
    }
    assert_eq!(user.text("employeeNumber"), None);
}

/// Section 3.9: what `attributes` names is kept.
#[test]
fn section_3_9_attributes_are_chosen() {
    let user = resource(r#"{"id":"7","userName":"tberg","title":"Engineer","name":{"givenName":"Tove","familyName":"Berg"}}"#);
    let paths: Vec<AttrPath> = ["id", "userName", "name.familyName"].iter().map(|path| path.parse().unwrap()).collect();
    assert_eq!(user.project(&paths).to_json(), r#"{"id":"7","userName":"tberg","name":{"familyName":"Berg"}}"#);
}

/// Section 3.5.2: a value of `Operations` that fails is told with the keyword of section 3.12, table 9.
#[test]
fn section_3_12_each_keyword_of_patch() {
    for (operation, keyword) in [
        (r#"{"op":"remove"}"#, "noTarget"),
        (r#"{"op":"replace","path":"emails[type eq \"fax\"].value","value":"x"}"#, "noTarget"),
        (r#"{"op":"replace","path":"emails[type is \"fax\"].value","value":"x"}"#, "invalidPath"),
        (r#"{"op":"replace","path":"shoeSize","value":7}"#, "invalidPath"),
        (r#"{"op":"replace","path":"active","value":"maybe"}"#, "invalidValue"),
        (r#"{"op":"replace","path":"id","value":"x"}"#, "mutability"),
        (r#"{"op":"move","path":"title","value":"x"}"#, "invalidSyntax"),
    ] {
        let text = format!(r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{operation}]}}"#);
        let mut user = resource(r#"{"id":"1","userName":"tberg"}"#);
        let error = PatchOp::from_json(text.as_bytes(), Mode::Strict)
            .and_then(|patch| patch.apply(&mut user, &Schemas::user(), Mode::Strict))
            .unwrap_err();
        assert_eq!(error.scim_type().as_str(), keyword, "{operation}");
    }
}
