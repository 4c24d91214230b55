//! Laws that hold for every input.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{
    AttrName, AttrPath, ErrorResponse, Filter, Group, ListResponse, Number, Object, PatchOp, PatchOperation, Path, Profile, Resource,
    SchemaUri, User, Value, diff,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};

/// Attribute names of RFC 7643 section 2.1.
fn name() -> impl Strategy<Value = AttrName> {
    "[A-Za-z$][A-Za-z0-9$_-]{0,8}".prop_map(|name| AttrName::new(&name).unwrap())
}

fn attr_path() -> impl Strategy<Value = AttrPath> {
    let schema = prop_oneof![
        Just("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User".to_owned()),
        Just("urn:ietf:params:scim:schemas:core:2.0:User".to_owned()),
        "urn:[a-z]{1,6}(:[a-zA-Z0-9.]{1,5}){1,3}",
    ];
    (option::of(schema), name(), option::of(name())).prop_map(|(schema, name, sub)| {
        let path = AttrPath::new(name);
        let path = schema.iter().fold(path, |path, uri| path.in_schema(SchemaUri::from(uri.as_str())));
        sub.into_iter().fold(path, AttrPath::with_sub_attribute)
    })
}

/// Numbers as a text has them: whole ones, large ones, and decimals to the last bit.
fn number() -> impl Strategy<Value = Number> {
    let decimal = any::<f64>().prop_filter("finite", |number| number.is_finite());
    let text = prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        any::<u64>().prop_map(|n| n.to_string()),
        decimal.prop_map(|n| format!("{n:?}"))
    ];
    text.prop_map(|text| serde_json::from_str(&text).unwrap())
}

fn simple() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number().prop_map(Value::Number),
        any::<String>().prop_map(Value::from),
        r#"[a"\]\[\\ ]{0,6}"#.prop_map(Value::from),
    ]
}

/// Any JSON value, with any names.
fn value() -> impl Strategy<Value = Value> {
    simple().prop_recursive(4, 24, 4, |inner| {
        let members = vec((prop_oneof!["[a-zA-Z:.]{0,6}", any::<String>()], inner.clone()), 0..4);
        prop_oneof![vec(inner, 0..4).prop_map(Value::Array), members.prop_map(|members| Value::Object(object(members)))]
    })
}

/// An object of these members, the last one of each name.
fn object(members: impl IntoIterator<Item = (String, Value)>) -> Object {
    let mut object = Object::new();
    for (name, value) in members {
        object.set(&name, value);
    }
    object
}

fn filter() -> impl Strategy<Value = Filter> {
    let comparison = (attr_path(), simple()).prop_map(|(path, value)| Filter::equal(path, value));
    vec(comparison, 1..5).prop_map(|filters| filters.into_iter().reduce(Filter::and).unwrap())
}

fn path() -> impl Strategy<Value = Path> {
    (attr_path(), option::of(filter()), option::of(name())).prop_map(|(attribute, filter, sub)| match filter {
        Some(filter) if attribute.sub_attribute().is_none() => {
            let path = Path::new(attribute).where_value(filter);
            sub.into_iter().fold(path, Path::then)
        }
        _ => Path::new(attribute),
    })
}

fn patch() -> impl Strategy<Value = PatchOp> {
    let operation = (0..5, path(), value()).prop_map(|(kind, path, value)| match kind {
        0 => PatchOperation::Add { path: Some(path), value },
        1 => PatchOperation::Replace { path: Some(path), value },
        2 => PatchOperation::Remove { path, value: None },
        3 => PatchOperation::Remove { path, value: Some(value) },
        _ => PatchOperation::Add { path: None, value: Value::Object(object([("x".to_owned(), value)])) },
    });
    vec(operation, 0..4).prop_map(PatchOp::new)
}

/// A short text, of few kinds, so that two users often agree.
fn text() -> impl Strategy<Value = Value> {
    prop_oneof!["[a-c]", any::<String>()].prop_map(Value::from)
}

/// An object that has some of these sub-attributes, and at least the last one.
fn complex(names: &'static [&'static str]) -> impl Strategy<Value = Value> {
    vec(option::of(text()), names.len()).prop_flat_map(move |values| {
        text().prop_map(move |last| {
            let mut parts = object(names.iter().zip(&values).filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?))));
            if parts.is_empty() {
                parts.set(names[names.len() - 1], last);
            }
            Value::Object(parts)
        })
    })
}

/// The one value of a list, of one of two types.
fn list(parts: &'static [&'static str]) -> impl Strategy<Value = Value> {
    (complex(parts), prop_oneof![Just("work"), Just("ho\"]me")], any::<bool>()).prop_map(|(value, kind, primary)| {
        let mut value = value.as_object().unwrap().clone();
        value.set("type", kind);
        value.set("primary", primary);
        Value::Array(vec![Value::Object(value)])
    })
}

/// A user in AWS's shape: every attribute may be missing, none is empty, each list has one value.
fn user() -> impl Strategy<Value = Resource> {
    const NAME: &[&str] = &["givenName", "familyName", "middleName", "formatted"];
    const ADDRESS: &[&str] = &["locality", "region", "country", "streetAddress"];
    const ENTERPRISE: &[&str] = &["department", "division", "costCenter"];
    const MANAGER: &[&str] = &["value", "$ref"];
    let texts = vec(option::of(text()), 5);
    let complex_ones = (option::of(complex(NAME)), option::of(list(&["value"])), option::of(list(ADDRESS)), option::of(list(&["value"])));
    let extension = (option::of(complex(ENTERPRISE)), option::of(complex(MANAGER)));
    (texts, option::of(any::<bool>()), complex_ones, extension, any::<u8>()).prop_map(
        |(texts, active, (name, emails, addresses, phones), (enterprise, manager), turn)| {
            let names = ["userName", "displayName", "title", "locale", "externalId"].map(str::to_owned);
            let mut members: Vec<_> = names.into_iter().zip(texts).filter_map(|(name, value)| Some((name, value?))).collect();
            members.extend(active.map(|active| ("active".to_owned(), Value::from(active))));
            let complex = [("name", name), ("emails", emails), ("addresses", addresses), ("phoneNumbers", phones)];
            members.extend(complex.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
            let mut extension = enterprise.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
            if let Some(manager) = manager {
                extension.set("manager", manager);
            }
            if !extension.is_empty() {
                members.push((SchemaUri::ENTERPRISE_USER.as_str().to_owned(), Value::Object(extension)));
            }
            let length = members.len().max(1);
            members.rotate_left(usize::from(turn) % length);
            Resource::from(object(members))
        },
    )
}

proptest! {
    /// RFC 7644 section 3.4.2.2: `parse(print(filter)) == filter`.
    #[test]
    fn a_printed_filter_is_read_as_it_was(filter in filter()) {
        prop_assert_eq!(filter.to_string().parse::<Filter>().unwrap(), filter);
    }

    /// RFC 7644 section 3.5.2: `parse(print(path)) == path`.
    #[test]
    fn a_printed_path_is_read_as_it_was(path in path()) {
        prop_assert_eq!(path.to_string().parse::<Path>().unwrap(), path);
    }

    /// RFC 7644 section 3.10: `parse(print(path)) == path`.
    #[test]
    fn a_printed_attribute_path_is_read_as_it_was(path in attr_path()) {
        prop_assert_eq!(path.to_string().parse::<AttrPath>().unwrap(), path);
    }

    /// RFC 7644 section 3.5.2: `parse(print(patch)) == patch`.
    #[test]
    fn a_written_patch_is_read_as_it_was(patch in patch()) {
        prop_assert_eq!(PatchOp::from_json(patch.to_json().as_bytes()).unwrap(), patch);
    }

    /// RFC 7643 section 3.3: what nobody knows survives a round trip, to the byte.
    #[test]
    fn a_written_resource_is_read_as_it_was(members in vec((any::<String>(), value()), 0..6)) {
        let resource = Resource::from(object(members));
        let written = resource.to_json();
        let read = Resource::from_json(written.as_bytes()).unwrap();
        prop_assert_eq!(&read, &resource);
        prop_assert_eq!(read.to_json(), written);
    }

    /// RFC 7643 section 3: the typed views lose nothing.
    #[test]
    fn typed_and_generic_users_are_the_same(user in user()) {
        // An identifier is not empty, which a typed user insists on.
        if user.text("externalId") != Some("") {
            let typed = User::try_from(user.clone()).unwrap();
            prop_assert_eq!(Resource::from(typed.clone()), user);
            let written = serde_json::to_string(&typed).unwrap();
            prop_assert_eq!(serde_json::from_str::<User>(&written).unwrap(), typed);
        }
    }

    /// `apply(diff(a, b), a) == b` for managed attributes in AWS's shape, and applying it again changes nothing.
    #[test]
    fn a_diff_leads_from_one_to_the_other(from in user(), to in user()) {
        let patch = PatchOp::from_changes(&diff(&from, &to));
        let mut patched = from.clone();
        prop_assert_eq!(patch.apply(&mut patched).unwrap(), from != to);
        prop_assert_eq!(&patched, &to);
        // The same, as a service would read it.
        let mut patched = from;
        PatchOp::from_json(patch.to_json().as_bytes()).unwrap().apply(&mut patched).unwrap();
        prop_assert_eq!(&patched, &to);
    }

    /// `diff(a, a)` is empty, whatever the order of the attributes.
    #[test]
    fn nothing_changes_from_one_to_itself(user in user()) {
        prop_assert!(diff(&user, &user).is_empty());
        let mut members: Vec<_> = Object::from(user.clone()).into_iter().map(|(name, value)| (name.as_str().to_owned(), value)).collect();
        members.reverse();
        prop_assert!(diff(&user, &Resource::from(object(members))).is_empty());
    }

    /// RFC 7644 section 3.5.2: a patch that fails leaves the resource as it was, and one that changes nothing says so.
    #[test]
    fn a_patch_is_all_or_nothing(user in user(), patch in patch()) {
        let mut patched = user.clone();
        match patch.apply(&mut patched) {
            Ok(changed) => prop_assert_eq!(changed, patched != user),
            Err(_) => prop_assert_eq!(patched, user),
        }
    }

    /// A projection is a part of the whole, and projecting twice is projecting once.
    #[test]
    fn a_projection_is_a_part(user in user(), paths in vec(prop_oneof![attr_path(), Just("name.givenName".parse().unwrap()), Just("addresses.region".parse().unwrap())], 0..4)) {
        let kept = user.project(&paths);
        prop_assert_eq!(&kept.project(&paths), &kept);
        for (name, _) in kept.attributes().iter() {
            prop_assert!(user.get(name.as_str()).is_some());
        }
    }

    /// A check finds the same whatever the case of the names, and never panics.
    #[test]
    fn a_check_looks_past_the_case(user in user()) {
        let upper = Object::from(user.clone()).into_iter().map(|(name, value)| (name.as_str().to_uppercase(), value));
        let upper = Resource::from(object(upper));
        let profile = Profile::aws_iam_identity_center();
        let rules = |user: &Resource| profile.check_user(user).into_iter().map(|finding| finding.rule).collect::<Vec<_>>();
        prop_assert_eq!(rules(&user), rules(&upper));
    }

    /// Any value at all can be checked, projected, compared and patched without a panic.
    #[test]
    fn any_resource_can_be_worked_with(members in vec((prop_oneof!["emails|name|userName|urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", any::<String>()], value()), 0..5), user in user()) {
        let any = Resource::from(object(members));
        let profile = Profile::aws_iam_identity_center();
        let _ = (profile.check_user(&any), profile.check_group(&any), any.with_schemas(&SchemaUri::USER));
        let _ = (User::try_from(any.clone()), Group::try_from(any.clone()));
        for (from, to) in [(&any, &user), (&user, &any)] {
            let _ = PatchOp::from_changes(&diff(from, to)).apply(&mut from.clone());
        }
        prop_assert!(diff(&any, &any).is_empty());
    }

    /// Reading arbitrary bytes and texts never panics.
    #[test]
    fn reading_never_panics(bytes in vec(any::<u8>(), 0..64), text in any::<String>(), near in r#"[a-z:.\[\]" eqand01\\{}]{0,40}"#) {
        for bytes in [bytes.as_slice(), text.as_bytes(), near.as_bytes()] {
            let _ = (Resource::from_json(bytes), ListResponse::from_json(bytes), ErrorResponse::from_json(bytes), PatchOp::from_json(bytes));
        }
        for text in [&text, &near] {
            let _ = (AttrName::new(text), text.parse::<AttrPath>(), text.parse::<Path>(), text.parse::<Filter>());
            let _ = Resource::new().text(text);
        }
    }

    /// What is read is printed as something that is read the same.
    #[test]
    fn what_is_read_prints_as_itself(near in r#"(a|urn:x:y:a|a\.b)(\[(a|b) eq (1|true|"a]?")( and a eq null)?\](\.b)?)?"#) {
        if let Ok(path) = near.parse::<Path>() {
            prop_assert_eq!(path.to_string(), near);
        }
    }
}
