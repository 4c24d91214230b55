//! Laws of PATCH and of `diff`, for users and groups as RFC 7643 has them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{
    Error, ErrorKind, Mode, Object, PatchOp, PatchOperation, Path, Profile, Resource, Rule, SchemaUri, Schemas, Value, diff,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};

/// A short text, of few kinds, so that two resources often agree.
fn text() -> impl Strategy<Value = Value> {
    prop_oneof!["[a-cA]", any::<String>()].prop_map(Value::from)
}

fn object(members: impl IntoIterator<Item = (String, Value)>) -> Object {
    let mut object = Object::new();
    for (name, value) in members {
        object.set(&name, value);
    }
    object
}

/// Some of these attributes.
fn some(names: &'static [&'static str]) -> impl Strategy<Value = Object> {
    vec(option::of(text()), names.len())
        .prop_map(move |values| object(names.iter().zip(values).filter_map(|(name, value)| Some(((*name).to_owned(), value?)))))
}

/// Up to four values of a list, at most one of them primary.
fn list(parts: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let value = (some(parts), prop_oneof![Just("work"), Just("home"), Just("ho\"]me")]);
    (vec(value, 0..4), option::of(0_usize..4)).prop_map(|(values, primary)| {
        let values = values.into_iter().enumerate().map(|(index, (mut value, kind))| {
            value.set("type", kind);
            if primary == Some(index) {
                value.set("primary", true);
            }
            Value::Object(value)
        });
        Value::Array(values.collect())
    })
}

/// A User with many values in its lists, with an extension, and with what the service provider says.
fn user() -> impl Strategy<Value = Resource> {
    let texts = some(&["displayName", "nickName", "title", "locale", "externalId", "password"]);
    let name = some(&["givenName", "familyName", "formatted"]);
    let lists = (list(&["value", "display"]), list(&["locality", "country"]), list(&["value"]), list(&["value"]));
    let extension = (some(&["department", "division", "costCenter"]), some(&["value", "$ref"]));
    ("[a-c]{1,2}", any::<bool>(), texts, name, lists, extension, any::<u8>()).prop_map(
        |(user_name, active, mut user, name, (emails, addresses, phones, roles), (mut extension, manager), turn)| {
            user.set("userName", user_name);
            user.set("active", active);
            for (attribute, value) in
                [("name", Value::Object(name)), ("emails", emails), ("addresses", addresses), ("phoneNumbers", phones), ("roles", roles)]
            {
                // The empty object is a value that says nothing, and the empty list is none.
                if value.as_object().is_none_or(|object| !object.is_empty()) {
                    user.set(attribute, value);
                }
            }
            if !manager.is_empty() {
                extension.set("manager", manager);
            }
            if !extension.is_empty() {
                user.set(SchemaUri::ENTERPRISE_USER.as_str(), extension);
            }
            turned(user, turn.into(), &SchemaUri::USER)
        },
    )
}

/// A Group of up to forty members, whose identifiers differ in case alone now and then.
fn group() -> impl Strategy<Value = Resource> {
    let ids = proptest::collection::btree_set("[a-dA-D]{1,2}", 0..40);
    ("[a-c]", ids, any::<u8>()).prop_map(|(name, ids, turn)| {
        let mut members: Vec<Value> = ids.into_iter().map(|id| Value::from(object([("value".to_owned(), Value::from(id))]))).collect();
        let length = members.len().max(1);
        members.rotate_left(usize::from(turn) % length);
        let group = object([("displayName".to_owned(), Value::from(name)), ("members".to_owned(), Value::Array(members))]);
        turned(group, turn.into(), &SchemaUri::GROUP)
    })
}

/// The resource with its attributes in another order, and with its schemas named.
fn turned(attributes: Object, turn: usize, core: &SchemaUri) -> Resource {
    let mut members: Vec<_> = attributes.into_iter().map(|(name, value)| (name.as_str().to_owned(), value)).collect();
    let length = members.len().max(1);
    members.rotate_left(turn % length);
    Resource::from(object(members)).with_schemas(core)
}

/// The same resource with its attributes and the values of its lists in the contrary order.
fn reversed(resource: &Resource) -> Resource {
    fn turn(value: Value) -> Value {
        match value {
            Value::Object(inner) => Value::Object(reverse(inner)),
            Value::Array(values) => Value::Array(values.into_iter().rev().map(turn).collect()),
            other => other,
        }
    }
    fn reverse(object: Object) -> Object {
        let mut members: Vec<_> = object.into_iter().collect();
        members.reverse();
        self::object(members.into_iter().map(|(name, inner)| (name.as_str().to_owned(), turn(inner))))
    }
    Resource::from(reverse(Object::from(resource.clone())))
}

/// Each dialect with the mode in which its operations are read.
fn dialects() -> [(Profile, Mode); 2] {
    [(Profile::rfc(), Mode::Strict), (Profile::aws_iam_identity_center(), Mode::Lenient)]
}

/// Applies the difference, at once and request by request as a service provider reads it.
fn patched(from: &Resource, to: &Resource, profile: &Profile, schemas: &Schemas, mode: Mode) -> [Resource; 2] {
    let patch = diff(from, to, profile);
    let (mut whole, mut parts) = (from.clone(), from.clone());
    let is_changed = patch.apply(&mut whole, schemas, mode).unwrap();
    assert!(is_changed || schemas.equal(from, to), "{patch}");
    for request in patch.requests(profile) {
        PatchOp::from_json(request.to_json().as_bytes(), mode).unwrap().apply(&mut parts, schemas, mode).unwrap();
    }
    [whole, parts]
}

/// Operations on what users have, many of which fail.
fn operations() -> impl Strategy<Value = PatchOp> {
    let paths = prop_oneof![
        Just("title"),
        Just("name"),
        Just("name.givenName"),
        Just("emails"),
        Just("emails.value"),
        Just("emails[type eq \"work\"]"),
        Just("emails[value sw \"a\"].primary"),
        Just("addresses[type eq \"home\"].country"),
        Just("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"),
        Just("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"),
        Just("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"),
        Just("userName"),
        Just("id"),
    ];
    let values = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        text(),
        list(&["value"]),
        some(&["givenName", "familyName"]).prop_map(Value::Object),
        Just(Value::Object(object([("givenName".to_owned(), Value::Null)]))),
        Just(Value::Object(object([("value".to_owned(), Value::Null)]))),
        Just(Value::Object(object([("title".to_owned(), Value::Null), ("active".to_owned(), Value::from(true))]))),
        some(&["department", "division"]).prop_map(Value::Object),
    ];
    let operation = (0..5, paths, values).prop_map(|(kind, path, value)| {
        let path: Path = path.parse().unwrap();
        match (kind, value) {
            (0, value @ Value::Object(_)) => PatchOperation::Replace { path: None, value },
            (0 | 1, value) => PatchOperation::Add { path: Some(path), value },
            (2, value) => PatchOperation::replace(path, value),
            _ => PatchOperation::remove(path),
        }
    });
    vec(operation, 1..8).prop_map(PatchOp::new)
}

proptest! {
    /// RFC 7644 section 3.5.2: `apply(diff(a, b), a)` is `b`, for users in both dialects.
    #[test]
    fn a_diff_leads_from_one_user_to_the_other(from in user(), to in user()) {
        let schemas = Schemas::user();
        for (profile, mode) in dialects() {
            for result in patched(&from, &to, &profile, &schemas, mode) {
                prop_assert!(schemas.equal(&result, &to), "{}: {} is not {}", profile.name, result.to_json(), to.to_json());
            }
        }
    }

    /// RFC 7644 section 3.5.2: `apply(diff(a, b), a)` is `b`, for groups in both dialects, members that differ in case alone among them.
    #[test]
    fn a_diff_leads_from_one_group_to_the_other(from in group(), to in group()) {
        let members = |group: &Resource| {
            let values = group.get("members").and_then(Value::as_array).unwrap_or_default().iter();
            let mut ids: Vec<_> = values.map(ToString::to_string).collect();
            ids.sort();
            ids
        };
        let schemas = Schemas::group();
        for (profile, mode) in dialects() {
            for result in patched(&from, &to, &profile, &schemas, mode) {
                prop_assert!(schemas.equal(&result, &to), "{}: {} is not {}", profile.name, result.to_json(), to.to_json());
                prop_assert_eq!(members(&result), members(&to));
            }
        }
    }

    /// RFC 7643 section 2.4: `diff(a, a)` is empty, whatever the order of attributes and values, and the two are equal.
    #[test]
    fn nothing_leads_from_one_to_itself(user in user(), group in group()) {
        for (resource, schemas) in [(&user, Schemas::user()), (&group, Schemas::group())] {
            prop_assert!(schemas.equal(resource, &reversed(resource)));
            for (profile, _) in dialects() {
                prop_assert_eq!(diff(resource, &reversed(resource), &profile).to_json(), PatchOp::new(vec![]).to_json());
            }
        }
    }

    /// The same inputs give the same operations, and the order of what is there decides nothing about what comes of them.
    #[test]
    fn the_order_of_the_inputs_decides_nothing(from in group(), to in group(), held in user(), wanted in user()) {
        for (profile, mode) in dialects() {
            prop_assert_eq!(diff(&from, &to, &profile).to_json(), diff(&from, &to, &profile).to_json());
            let schemas = Schemas::user();
            for result in patched(&reversed(&held), &reversed(&wanted), &profile, &schemas, mode) {
                prop_assert!(schemas.equal(&result, &wanted));
            }
            // Members are told in the order of their identifiers, so not even the text differs.
            prop_assert_eq!(member_changes(&from, &to, &profile), member_changes(&reversed(&from), &to, &profile));
        }
    }

    /// RFC 7644 section 3.5.2: a patch that fails restores every byte, and one that says it changed nothing did not.
    #[test]
    fn a_patch_is_all_or_nothing_to_the_byte(user in user(), patch in operations()) {
        for mode in [Mode::Strict, Mode::Lenient] {
            let mut patched = user.clone();
            match patch.apply(&mut patched, &Schemas::user(), mode) {
                Ok(false) => prop_assert!(Schemas::user().equal(&patched, &user), "{} gives {}", patch, patched.to_json()),
                Ok(true) => {}
                Err(_) => prop_assert_eq!(patched.to_json(), user.to_json()),
            }
        }
    }

    /// RFC 7644 section 3.5.2.3: `replace` is idempotent; the second time is no change.
    #[test]
    fn a_replacement_changes_once(user in user(), patch in operations()) {
        for operation in patch.operations().iter().filter(|operation| operation.name() == "replace") {
            let patch = PatchOp::new(vec![operation.clone()]);
            let mut patched = user.clone();
            if patch.apply(&mut patched, &Schemas::user(), Mode::Strict).is_ok() {
                let once = patched.to_json();
                // What chose the value may be what was replaced.
                if let Ok(changed) = patch.apply(&mut patched, &Schemas::user(), Mode::Strict) {
                    prop_assert_eq!((changed, patched.to_json()), (false, once));
                }
            }
        }
    }

    /// RFC 7644 section 3.5.2: what is wrong with a patch whatever it is for is found before it is applied, and nothing else is.
    #[test]
    fn a_patch_is_refused_for_what_was_found(user in user(), patch in operations()) {
        let schemas = Schemas::user();
        for mode in [Mode::Strict, Mode::Lenient] {
            for operation in patch.operations() {
                let patch = PatchOp::new(vec![operation.clone()]);
                let findings = schemas.validate_patch(&patch, mode);
                let result = patch.apply(&mut user.clone(), &schemas, mode);
                match result.as_ref().map_err(Error::kind) {
                    // Lenient mode takes what is read-only where it is the same as what is there.
                    Ok(_) => prop_assert!(findings.iter().all(|finding| mode == Mode::Lenient && finding.rule == Rule::ReadOnly), "{patch} {findings:?}"),
                    // These depend on what is there.
                    Err(ErrorKind::NoTarget | ErrorKind::Immutable | ErrorKind::Primary { .. }) => {}
                    Err(_) => prop_assert!(!findings.is_empty(), "{patch} {result:?}"),
                }
            }
        }
    }

    /// RFC 7643 section 2.4: no patch that is taken leaves more than one value primary, where there was one at most.
    #[test]
    fn one_value_at_most_is_primary(user in user(), patch in operations()) {
        for mode in [Mode::Strict, Mode::Lenient] {
            let mut patched = user.clone();
            if patch.apply(&mut patched, &Schemas::user(), mode).is_ok() {
                let emails = patched.get("emails").and_then(Value::as_array).unwrap_or_default();
                let primary = |email: &&Value| email.as_object().and_then(|email| email.get("primary")) == Some(&Value::Boolean(true));
                prop_assert!(emails.iter().filter(primary).count() <= 1, "{}", patched.to_json());
            }
        }
    }
}

/// The operations on members, as they are written.
fn member_changes(from: &Resource, to: &Resource, profile: &Profile) -> Vec<String> {
    let patch = diff(from, to, profile);
    let operations = patch.operations().iter().filter(|operation| operation.path().is_some_and(|path| path.is_within("members")));
    operations.map(|operation| PatchOp::new(vec![operation.clone()]).to_json()).collect()
}
