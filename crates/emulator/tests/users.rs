//! Operations on users, as the developer guide of AWS IAM Identity Center's SCIM service describes them.

#[cfg(test)]
mod common;

use std::time::Duration;

use common::{
    DUPLICATE, GENERIC, assert_refused, create_user, created, delete, noon, patch_user, read, resource, service, unknown, user, user_with,
};
use idbridge_emulator::{Service, Settings};
use idbridge_scim::protocol::{Request, ResourceType};
use idbridge_scim::{PatchOp, PatchOperation, Path, Value};

/// Developer guide, `CreateUser`: the answer has `id`, `meta` and `schemas` in AWS's order, and neither `profileUrl` nor the manager's `$ref`.
#[test]
fn create_answers_201_with_the_user_as_aws_returns_it() {
    let mut service = service();
    let sent = resource(
        r#"{"userName":"li@example.com","displayName":"Li Wei","profileUrl":"https://people.example.com/li","active":true,
            "NAME":{"givenName":"Wei","familyName":"Li"},
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
                {"manager":{"value":"m-1","$ref":"../Users/m-1"},"department":"Tools"}}"#,
    );
    let reply = create_user(&mut service, sent);
    let id = created(&reply);
    assert_eq!(
        reply.resource().unwrap().to_json(),
        format!(
            concat!(
                r#"{{"id":"{}","meta":{{"resourceType":"User","created":"2026-03-01T12:00:00Z","lastModified":"2026-03-01T12:00:00Z"}},"#,
                r#""schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"#,
                r#""userName":"li@example.com","name":{{"familyName":"Li","givenName":"Wei"}},"displayName":"Li Wei","active":true,"#,
                r#""urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{{"department":"Tools","manager":{{"value":"m-1"}}}}}}"#
            ),
            id
        )
    );
    assert_eq!(service.user(&id).unwrap().text("profileUrl"), Some("https://people.example.com/li"));
    assert_eq!(read(&mut service, ResourceType::User, &id).resource(), reply.resource());
}

/// Developer guide, limitations: userName, both names and displayName are required.
#[test]
fn create_without_a_required_attribute_is_refused() {
    let mut service = service();
    for name in ["userName", "name", "displayName"] {
        let mut user = user("anna");
        user.attributes_mut().remove(name);
        assert_refused(&create_user(&mut service, user));
    }
    for name in [r#"{"givenName":"A"}"#, r#"{"familyName":"B"}"#] {
        assert_refused(&create_user(&mut service, user_with("name", name)));
    }
    assert_eq!(service.users().count(), 0);
}

/// Developer guide, limitations, and user guide, supported attributes: an attribute that AWS has not is refused, even empty.
#[test]
fn create_with_an_unsupported_attribute_is_refused() {
    let mut service = service();
    let cases = [
        ("photos", "[]"),
        ("password", r#""secret""#),
        ("groups", r#"[{"value":"g"}]"#),
        ("ims", r#"[{"value":"a"}]"#),
        ("entitlements", r#"[{"value":"a"}]"#),
        ("x509Certificates", r#"[{"value":"a"}]"#),
        ("department", r#""Tools""#),
        ("id", r#""1""#),
        ("emails", r#"[{"value":"a@example.com","primary":true,"display":"A"}]"#),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", r#"{"manager":{"displayName":"M"}}"#),
        ("urn:example:2.0:Badge", r#"{"colour":"blue"}"#),
    ];
    for (name, value) in cases {
        assert_refused(&create_user(&mut service, user_with(name, value)));
    }
}

/// User guide, SCIM logging: the texts for lists of more than one value.
#[test]
fn create_with_two_values_is_refused_in_awss_words() {
    let mut service = service();
    let emails = r#"[{"value":"a@example.com","primary":true},{"value":"b@example.com"}]"#;
    let cases = [
        ("emails", emails, "List attribute emails exceeds allowed limit of 1"),
        ("addresses", r#"[{"type":"work"},{"type":"home"}]"#, "List attribute addresses allowed limit of 1"),
        ("phoneNumbers", r#"[{"value":"1"},{"value":"2"}]"#, "List attribute phoneNumbers exceeds allowed limit of 1"),
        ("roles", r#"[{"value":"1"},{"value":"2"}]"#, "List attribute roles exceeds allowed limit of 1"),
    ];
    for (name, value, detail) in cases {
        let reply = create_user(&mut service, user_with(name, value));
        assert_eq!((reply.status, reply.detail()), (400, Some(detail)));
    }
}

/// Developer guide, `CreateUser`: an e-mail address must be primary; none at all is taken, and so is an address with nothing but a type.
#[test]
fn create_takes_one_primary_email_or_none() {
    let mut service = service();
    for emails in [r#"[{"value":"a@example.com"}]"#, r#"[{"value":"a@example.com","primary":false}]"#, "[]", "null"] {
        assert_refused(&create_user(&mut service, user_with("emails", emails)));
    }
    let mut user = user_with("addresses", r#"[{"type":"work"}]"#);
    user.attributes_mut().remove("emails");
    created(&create_user(&mut service, user));
}

/// Identity Store model (lengths, patterns) and user guide, SCIM logging (texts).
#[test]
fn create_with_a_text_out_of_bounds_is_refused_in_awss_words() {
    let mut service = service();
    let pattern = "Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r \u{A0}\u{3000}]+";
    let cases = [
        ("title", r#""a\u200bb""#.to_owned(), format!("1 validation errors detected: Value at 'title' failed to satisfy constraint: {pattern}")),
        (
            "title",
            r#""""#.to_owned(),
            format!(
                "2 validation errors detected: Value at 'title' failed to satisfy constraint: {pattern}; \
                 Value at 'title' failed to satisfy constraint: Member must have length greater than or equal to 1"
            ),
        ),
        (
            "title",
            format!("{:?}", "x".repeat(1025)),
            "1 validation errors detected: Value at 'title' failed to satisfy constraint: Member must have length less than or equal to 1024"
                .to_owned(),
        ),
        (
            "userName",
            format!("{:?}", "x".repeat(129)),
            "1 validation errors detected: Value at 'userName' failed to satisfy constraint: Member must have length less than or equal to 128"
                .to_owned(),
        ),
        (
            "externalId",
            r#""a b""#.to_owned(),
            "1 validation errors detected: Value at 'externalId' failed to satisfy constraint: \
             Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+"
                .to_owned(),
        ),
    ];
    for (name, value, detail) in cases {
        let reply = create_user(&mut service, user_with(name, &value));
        assert_eq!((reply.status, reply.detail()), (400, Some(detail.as_str())));
    }
    let manager = r#"{"manager":{"value":""}}"#;
    let reply = create_user(&mut service, user_with("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", manager));
    let place = "Value at 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.manager.value' failed";
    assert!(reply.detail().unwrap().contains(place), "{reply:?}");
    created(&create_user(&mut service, user_with("title", &format!("{:?}", "é".repeat(1024)))));
}

/// Reported by users of AWS and by other vendors, and not in AWS's present text: a switch.
#[test]
fn suspicious_characters_are_refused_unless_the_switch_says_otherwise() {
    let mut strict = service();
    let mut settings = Settings::unhurried();
    settings.accepts_suspicious_characters = true;
    let mut lenient = Service::new(settings);
    for character in ["<", ">", ";", ":", "%", "\\t"] {
        let title = format!("\"a{character}b\"");
        assert_refused(&create_user(&mut strict, user_with("title", &title)));
        let id = created(&create_user(&mut lenient, user_with("title", &title)));
        lenient.remove_user(&id);
    }
    // AWS's own example of CreateUser has a URL with a colon.
    assert_eq!(create_user(&mut strict, user_with("profileUrl", r#""https://e.example/\u200b""#)).status, 400);
    created(&create_user(&mut strict, user_with("profileUrl", r#""https://e.example/%20""#)));
}

/// User guide and RFC 7643 section 2.5: neither null nor a value of another type is taken.
#[test]
fn values_of_another_type_are_refused() {
    let mut service = service();
    for (name, value) in
        [("title", "null"), ("title", "7"), ("active", "1"), ("active", r#""yes""#), ("name", r#""Anna""#), ("emails", "{}")]
    {
        assert_refused(&create_user(&mut service, user_with(name, value)));
    }
}

/// Identity Store model: reserved names.
#[test]
fn reserved_names_are_refused() {
    let mut service = service();
    assert_refused(&create_user(&mut service, user_with("userName", r#""administrator""#)));
    assert_refused(&create_user(&mut service, user_with("userName", r#""AWSAdministrators""#)));
}

/// Developer guide, `CreateUser`: its example has no schemas; RFC 7643 section 3.1: if they are there, they name the core schema.
#[test]
fn schemas_may_be_left_out_and_must_be_right_if_not() {
    let mut service = service();
    let core = "urn:ietf:params:scim:schemas:core:2.0:User";
    for schemas in ["[]", "null", r#""x""#, r#"["urn:ietf:params:scim:schemas:core:2.0:Group"]"#, &format!(r#"["{core}","urn:example:x"]"#)]
    {
        assert_refused(&create_user(&mut service, user_with("schemas", schemas)));
    }
    created(&create_user(&mut service, user_with("schemas", &format!(r#"["{core}"]"#))));
}

/// Developer guide, `PatchUser`: the example sends `active` as the text "false".
#[test]
fn active_is_taken_as_text_and_returned_as_a_boolean() {
    let mut service = service();
    let id = created(&create_user(&mut service, user_with("active", r#""true""#)));
    assert_eq!(service.user(&id).unwrap().get("active"), Some(&Value::Boolean(true)));
    let reply = patch_user(&mut service, &id, r#"[{"op":"replace","path":"active","value":"false"}]"#);
    assert_eq!((reply.status, reply.resource().unwrap().get("active")), (200, Some(&Value::Boolean(false))));
}

/// Not documented: what `active` is for a user that comes without it is a switch.
#[test]
fn active_when_omitted_is_a_switch() {
    for omitted in [false, true] {
        let mut settings = Settings::unhurried();
        settings.active_when_omitted = omitted;
        let mut service = Service::new(settings);
        let mut user = user("anna");
        user.attributes_mut().remove("active");
        let reply = create_user(&mut service, user);
        assert_eq!(reply.resource().unwrap().get("active"), Some(&Value::Boolean(omitted)));
    }
}

/// User guide, troubleshooting: userName, primary e-mail and externalId are unique; the answer does not say which clashed.
#[test]
fn a_duplicate_is_refused_without_regard_to_case_and_without_naming_the_attribute() {
    let mut service = service();
    created(&create_user(&mut service, user("anna")));
    let email = r#"[{"value":"ANNA@Example.com","primary":true}]"#;
    for (name, value) in [("userName", r#""Anna@EXAMPLE.com""#), ("externalId", r#""EXT-anna""#), ("emails", email)] {
        let mut other = user("other");
        other.attributes_mut().set(name, user_with(name, value).get(name).unwrap().clone());
        let reply = create_user(&mut service, other);
        assert_eq!((reply.status, reply.detail()), (409, Some(DUPLICATE)));
    }
    assert_eq!(service.users().count(), 1);
}

/// Developer guide, errors: 404 for an id that nothing has.
#[test]
fn an_unknown_id_is_answered_404() {
    let mut service = service();
    assert_eq!(read(&mut service, ResourceType::User, &unknown()).status, 404);
    assert_eq!(delete(&mut service, ResourceType::User, &unknown()).status, 404);
    assert_eq!(patch_user(&mut service, &unknown(), r#"[{"op":"replace","path":"title","value":"x"}]"#).status, 404);
    let replace = Request::replace(ResourceType::User, unknown(), user("anna"));
    assert_eq!(service.handle(&replace, noon()).status, 404);
}

/// Developer guide, `PutUser`: 201 with the user; the id stays, and what was left out is gone (RFC 7644 section 3.5.1).
#[test]
fn put_stands_in_the_place_of_the_old_user() {
    let mut service = service();
    let id = created(&create_user(&mut service, user_with("title", r#""Engineer""#)));
    let group = service.seed_group(common::group("Tools"), [&id]);
    let mut resource = user("anders");
    resource.attributes_mut().set("id", id.as_str());
    let request = Request::replace(ResourceType::User, id.clone(), resource);
    let reply = service.handle(&request, noon() + Duration::from_secs(60));
    assert_eq!(created(&reply), id);
    let held = reply.resource().unwrap();
    assert_eq!((held.text("userName"), held.text("title")), (Some("anders@example.com"), None));
    assert_eq!(held.text("meta.created"), Some("2026-03-01T12:00:00Z"));
    assert_eq!(held.text("meta.lastModified"), Some("2026-03-01T12:01:00Z"));
    assert!(service.members(&group).contains(&id));
    // The names it gave up are free again.
    created(&create_user(&mut service, user("anna")));
}

/// Developer guide, `PutUser`: the id of the path is the one that counts; required and unique attributes hold as for a create.
#[test]
fn put_is_checked_as_a_create() {
    let mut service = service();
    let id = created(&create_user(&mut service, user("anna")));
    created(&create_user(&mut service, user("berta")));
    let mut put = |resource| service.handle(&Request::replace(ResourceType::User, id.clone(), resource), noon());
    assert_refused(&put(user_with("id", r#""another""#)));
    assert_refused(&put(user_with("photos", "[]")));
    assert_eq!(put(user("berta")).status, 409);
    assert_eq!(put(user("anna")).status, 201);
}

/// Developer guide, `PatchUser`: 200 with the whole user; paths in the forms that Entra ID's mapping for AWS uses.
#[test]
fn patch_changes_the_listed_attributes() {
    let mut service = service();
    let id = created(&create_user(&mut service, user("anna")));
    let operations = r#"[
        {"op":"add","path":"title","value":"Engineer"},
        {"op":"Replace","path":"name.givenName","value":"Anne"},
        {"op":"replace","path":"emails[type eq \"work\"].value","value":"anne@example.com"},
        {"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"Tools"},
        {"op":"replace","path":"addresses","value":[{"type":"work","locality":"Oslo"}]},
        {"op":"replace","path":"userName","value":"anne@example.com"},
        {"op":"remove","path":"externalId"}]"#;
    let reply = patch_user(&mut service, &id, operations);
    assert_eq!(reply.status, 200, "{reply:?}");
    let held = reply.resource().unwrap();
    let texts = ["title", "name.givenName", "name.familyName", "emails.value", "userName", "addresses.locality", "externalId"];
    let expected = [Some("Engineer"), Some("Anne"), Some("Family"), Some("anne@example.com"), Some("anne@example.com"), Some("Oslo"), None];
    assert_eq!(texts.map(|path| held.text(path)), expected);
    assert_eq!(held.get("schemas").and_then(Value::as_array).map(<[Value]>::len), Some(2));
    created(&create_user(&mut service, user("anna")));
}

/// Developer guide, `PatchUser`: what is not in its list is not patched.
#[test]
fn patch_of_another_attribute_is_refused() {
    let mut service = service();
    let id = created(&create_user(&mut service, user("anna")));
    let paths = ["roles", "photos", "groups", "id", "meta.created", "schemas", "password", "urn:example:2.0:Badge:colour"];
    for path in paths {
        assert_refused(&patch_user(&mut service, &id, &format!(r#"[{{"op":"add","path":"{path}","value":"x"}}]"#)));
    }
    assert_refused(&patch_user(&mut service, &id, "[]"));
    assert_refused(&patch_user(&mut service, &id, r#"[{"op":"remove","path":"emails","value":[{"value":"anna@example.com"}]}]"#));
}

/// Developer guide, `PatchUser`: userName and active are not removed, and each is changed once in a request at most.
#[test]
fn patch_of_user_name_and_active_is_limited() {
    let mut service = service();
    let id = created(&create_user(&mut service, user("anna")));
    for path in ["userName", "active", "ACTIVE"] {
        assert_refused(&patch_user(&mut service, &id, &format!(r#"[{{"op":"remove","path":"{path}"}}]"#)));
    }
    let twice = r#"[{"op":"replace","path":"active","value":false},{"op":"replace","value":{"active":true}}]"#;
    assert_refused(&patch_user(&mut service, &id, twice));
    let twice = r#"[{"op":"replace","path":"userName","value":"a"},{"op":"add","path":"username","value":"b"}]"#;
    assert_refused(&patch_user(&mut service, &id, twice));
    assert_eq!(service.user(&id).unwrap().text("userName"), Some("anna@example.com"));
}

/// Recorded 2024 (a client's issue): without a path, one attribute only; an id beside it is in use.
#[test]
fn patch_without_a_path_takes_one_attribute() {
    let mut service = service();
    let id = created(&create_user(&mut service, user("anna")));
    let reply = patch_user(&mut service, &id, &format!(r#"[{{"op":"replace","value":{{"id":"{id}","title":"Engineer"}}}}]"#));
    assert_eq!((reply.status, reply.resource().unwrap().text("title")), (200, Some("Engineer")));
    let reply = patch_user(&mut service, &id, r#"[{"op":"replace","value":{"title":"Manager","nickName":"An"}}]"#);
    let detail =
        "Current PATCH support allows omitting \"path\" attribute only for Add and Replace operations modifying a single attribute.";
    assert_eq!((reply.status, reply.detail()), (400, Some(detail)));
    assert_refused(&patch_user(&mut service, &id, r#"[{"op":"replace","value":{"id":"another","title":"Manager"}}]"#));
}

/// User guide, SCIM logging: the result of a PATCH is limited to one e-mail; it must satisfy everything else as well.
#[test]
fn patch_leaves_a_user_that_aws_takes_or_nothing() {
    let mut service = service();
    let id = created(&create_user(&mut service, user("anna")));
    let before = service.user(&id).unwrap().clone();
    let second =
        r#"[{"op":"replace","path":"title","value":"x"},{"op":"add","path":"emails","value":[{"value":"b@example.com","primary":true}]}]"#;
    let reply = patch_user(&mut service, &id, second);
    assert_eq!((reply.status, reply.detail()), (400, Some("List attribute emails exceeds allowed limit of 1")));
    for path in ["displayName", "name", "name.familyName"] {
        assert_refused(&patch_user(&mut service, &id, &format!(r#"[{{"op":"remove","path":"{path}"}}]"#)));
    }
    for value in ["null", "7", "[]"] {
        assert_refused(&patch_user(&mut service, &id, &format!(r#"[{{"op":"replace","path":"title","value":{value}}}]"#)));
    }
    let missed = r#"[{"op":"replace","path":"emails[type eq \"home\"].value","value":"h@example.com"}]"#;
    assert_refused(&patch_user(&mut service, &id, missed));
    assert_eq!(service.user(&id), Some(&before));
}

/// User guide, troubleshooting: a PATCH clashes as a create does, but never with the user itself.
#[test]
fn patch_to_a_name_that_another_has_is_a_duplicate() {
    let mut service = service();
    let id = created(&create_user(&mut service, user("anna")));
    created(&create_user(&mut service, user("berta")));
    let reply = patch_user(&mut service, &id, r#"[{"op":"replace","path":"userName","value":"BERTA@example.com"}]"#);
    assert_eq!((reply.status, reply.detail()), (409, Some(DUPLICATE)));
    assert_eq!(patch_user(&mut service, &id, r#"[{"op":"replace","path":"userName","value":"ANNA@example.com"}]"#).status, 200);
}

/// RFC 7644 section 3.5.2.1: a PATCH that changes nothing leaves `lastModified` alone.
#[test]
fn patch_that_changes_nothing_leaves_the_user_alone() {
    let mut service = service();
    let id = created(&create_user(&mut service, user("anna")));
    let patch = |active| PatchOp::new(vec![PatchOperation::replace(Path::of("active"), active)]);
    let mut send = |active| {
        let request = Request::patch(ResourceType::User, id.clone(), patch(active));
        let reply = service.handle(&request, noon() + Duration::from_secs(5));
        reply.resource().unwrap().text("meta.lastModified").unwrap().to_owned()
    };
    assert_eq!(send(true), "2026-03-01T12:00:00Z");
    assert_eq!(send(false), "2026-03-01T12:00:05Z");
}

/// Developer guide, `DeleteUser`: 204 without a body; the memberships go with the user, and its names are free.
#[test]
fn delete_drops_memberships_and_frees_the_names() {
    let mut service = service();
    let id = created(&create_user(&mut service, user("anna")));
    let group = service.seed_group(common::group("Tools"), [&id]);
    let reply = delete(&mut service, ResourceType::User, &id);
    assert_eq!((reply.status, reply.body), (204, idbridge_scim::protocol::Body::Empty));
    assert!(service.members(&group).is_empty());
    let again = created(&create_user(&mut service, user("anna")));
    assert_ne!(again, id);
}

/// Recorded error bodies (2022 to 2026): both spellings of schemas, the status as text, a request id, a time without a zone, no scimType.
#[test]
fn an_error_has_awss_body() {
    let mut service = service();
    let reply = create_user(&mut service, user_with("photos", "[]"));
    let idbridge_scim::protocol::Body::Error(error) = &reply.body else {
        panic!("{reply:?}");
    };
    let id = reply.request_id.clone().unwrap();
    assert_eq!(
        serde_json::to_string(error).unwrap(),
        format!(
            concat!(
                r#"{{"schema":["urn:ietf:params:scim:api:messages:2.0:Error"],"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"#,
                r#""detail":"{}","status":"400","exceptionRequestId":"{}","timeStamp":"2026-03-01 12:00:00.000"}}"#
            ),
            GENERIC, id
        )
    );
}

/// Seeding stands for what an administrator did: nothing is checked, identifiers stay, names are known.
#[test]
fn seeded_and_edited_users_are_there_as_any_other() {
    let mut service = service();
    let mut seeded = user("anna");
    seeded.attributes_mut().set("id", "by-hand");
    let id = service.seed_user(seeded);
    assert_eq!(id.as_str(), "by-hand");
    assert_eq!(create_user(&mut service, user("anna")).status, 409);
    assert!(service.edit_user(&id, |user| user.attributes_mut().set("userName", "renamed@example.com")));
    assert_eq!(
        common::ids(&common::filtered(&mut service, ResourceType::User, r#"userName eq "renamed@example.com""#)),
        std::slice::from_ref(&id)
    );
    assert!(common::ids(&common::filtered(&mut service, ResourceType::User, r#"userName eq "anna@example.com""#)).is_empty());
    assert!(service.remove_user(&id) && !service.remove_user(&id));
    assert!(!service.edit_user(&id, |_| ()));
}
