//! Laws that hold for every input.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{
    AttrName, AttrPath, CompareOp, CompareValue, ErrorResponse, Filter, Group, ListResponse, Mode, Number, Object, PatchOp, PatchOperation,
    Path, Profile, Resource, Schema, SchemaUri, Schemas, User, Value, changes,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::select;

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
        let schema = schema.map(|uri| format!("{uri}:")).unwrap_or_default();
        let sub = sub.map(|sub| format!(".{sub}")).unwrap_or_default();
        format!("{schema}{name}{sub}").parse().unwrap()
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

fn operator() -> impl Strategy<Value = CompareOp> {
    prop_oneof![
        Just(CompareOp::Equal),
        Just(CompareOp::NotEqual),
        Just(CompareOp::Contains),
        Just(CompareOp::StartsWith),
        Just(CompareOp::EndsWith),
        Just(CompareOp::GreaterThan),
        Just(CompareOp::GreaterOrEqual),
        Just(CompareOp::LessThan),
        Just(CompareOp::LessOrEqual),
    ]
}

fn compare_value() -> impl Strategy<Value = CompareValue> {
    simple().prop_map(|value| match value {
        Value::Boolean(value) => CompareValue::from(value),
        Value::Number(number) => CompareValue::from(number),
        Value::String(text) => CompareValue::from(text),
        _ => CompareValue::Null,
    })
}

/// Filters without brackets, of the rest of the grammar of RFC 7644 section 3.4.2.2.
fn inner_filter() -> impl Strategy<Value = Filter> {
    let compare = (attr_path(), operator(), compare_value()).prop_map(|(path, operator, value)| Filter::compare(path, operator, value));
    joined(prop_oneof![compare, attr_path().prop_map(Filter::present)])
}

/// Filters of the whole grammar.
fn filter() -> impl Strategy<Value = Filter> {
    let bracketed = (attr_path(), inner_filter()).prop_map(|(path, filter)| {
        // Brackets stand behind an attribute and not a sub-attribute.
        Filter::value_path(path, filter.clone()).unwrap_or(filter)
    });
    joined(prop_oneof![2 => inner_filter(), 1 => bracketed])
}

fn joined(terms: impl Strategy<Value = Filter>) -> impl Strategy<Value = Filter> {
    (vec((terms, 0..6), 1..4)).prop_map(|terms| {
        let negated = terms.into_iter().map(|(term, kind)| (if kind % 3 == 2 { !term } else { term }, kind));
        let joined = negated.reduce(|(left, _), (right, kind)| (if kind < 3 { left.and(right) } else { left.or(right) }, 0));
        joined.unwrap().0
    })
}

fn path() -> impl Strategy<Value = Path> {
    (attr_path(), option::of(inner_filter()), option::of(name())).prop_map(|(attribute, filter, sub)| match filter {
        Some(filter) if attribute.sub_attribute().is_none() => {
            let path = Path::new(attribute).where_value(filter).unwrap();
            if let Some(sub) = sub { format!("{path}.{sub}").parse().unwrap() } else { path }
        }
        _ => Path::new(attribute),
    })
}

/// Operations of every kind; `remove` with a value, which lenient mode takes, only if asked for.
fn patch(with_values: bool) -> impl Strategy<Value = PatchOp> {
    let kinds = if with_values { 0..5 } else { 0..4 };
    let operation = (kinds, path(), value()).prop_map(|(kind, path, value)| match kind {
        0 => PatchOperation::Add { path: Some(path), value },
        1 => PatchOperation::Replace { path: Some(path), value },
        2 => PatchOperation::Remove { path, value: None },
        // RFC 7643 section 2.5: a value that is null is none.
        4 => PatchOperation::Remove { path, value: Some(value).filter(|value| *value != Value::Null) },
        _ => PatchOperation::Add { path: None, value: Value::Object(object([("x".to_owned(), value)])) },
    });
    vec(operation, 1..4).prop_map(PatchOp::new)
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
            // A required attribute is there, and is not empty.
            let user_name = |value: Option<Value>| value.filter(|value| value.as_str() != Some("")).unwrap_or_else(|| Value::from("a"));
            let values = texts.into_iter().enumerate().map(|(index, value)| if index == 0 { Some(user_name(value)) } else { value });
            let mut members: Vec<_> = names.into_iter().zip(values).filter_map(|(name, value)| Some((name, value?))).collect();
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

/// A name, mostly spelled as in the schema.
fn spelled(names: &'static [&'static str]) -> impl Strategy<Value = String> {
    (select(names), 0..8).prop_map(|(name, case)| match case {
        0 => name.to_uppercase(),
        1 => name.to_lowercase(),
        _ => name.to_owned(),
    })
}

/// The text of a JSON object, in which a name may be there twice.
fn object_text(member: impl Strategy<Value = (String, String)>, most: usize) -> impl Strategy<Value = String> {
    vec(member, 0..most).prop_map(|members| {
        let members: Vec<_> = members.into_iter().map(|(name, value)| format!("{}:{value}", Value::from(name))).collect();
        format!("{{{}}}", members.join(","))
    })
}

/// What nobody knows, and what is known under another type.
fn odd_member() -> impl Strategy<Value = (String, String)> {
    let name =
        prop_oneof![6 => any::<String>(), 2 => "[a-z]{1,4}", 1 => spelled(&["userName", "active", "emails", "value", "name", "schemas"])];
    (name, value().prop_map(|value| value.to_string()))
}

fn or_null(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop_oneof![5 => text, 1 => Just("null".to_owned())]
}

/// The text of a complex value, with any sub-attributes that some record has.
fn complex_text() -> impl Strategy<Value = String> {
    const TEXTS: &[&str] =
        &["value", "type", "display", "$ref", "formatted", "givenName", "streetAddress", "created", "department", "displayName"];
    let text = || or_null(text().prop_map(|text| text.to_string()));
    let member = prop_oneof![
        6 => (spelled(TEXTS), text()),
        1 => (Just("primary".to_owned()), or_null(any::<bool>().prop_map(|value| value.to_string()))),
        1 => (Just("manager".to_owned()), or_null(object_text((spelled(&["value", "$ref", "displayName", "x"]), text()), 3))),
        1 => odd_member(),
    ];
    object_text(member, 4)
}

/// The text of a user or a group: attributes in odd case, twice, null, of another type, and ones that nobody knows.
fn resource_text() -> impl Strategy<Value = String> {
    const TEXTS: &[&str] = &[
        "id",
        "externalId",
        "userName",
        "displayName",
        "nickName",
        "profileUrl",
        "title",
        "userType",
        "preferredLanguage",
        "locale",
        "timezone",
        "password",
    ];
    const COMPLEX: &[&str] = &["meta", "name", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:2.0:Badge"];
    const LISTS: &[&str] =
        &["emails", "addresses", "phoneNumbers", "ims", "photos", "groups", "entitlements", "roles", "x509Certificates", "members"];
    let list = |values: Vec<String>| format!("[{}]", values.join(","));
    let member = prop_oneof![
        6 => (spelled(TEXTS), or_null(text().prop_map(|text| text.to_string()))),
        1 => (spelled(&["active"]), or_null(any::<bool>().prop_map(|value| value.to_string()))),
        2 => (spelled(COMPLEX), or_null(complex_text())),
        4 => (spelled(LISTS), or_null(vec(or_null(complex_text()), 0..3).prop_map(list))),
        1 => (spelled(&["schemas"]), or_null(vec(or_null(text().prop_map(|text| text.to_string())), 0..3).prop_map(list))),
        1 => odd_member(),
    ];
    object_text(member, 7)
}

/// A typed record is read and written as its generic resource is.
macro_rules! typed_is_generic {
    ($type:ty, $text:expr, $core:expr, $put:expr) => {
        let text: String = $text;
        let generic = Resource::from_json(text.as_bytes()).and_then(<$type>::try_from);
        // Without the second reading that names the attribute of an error.
        let typed = serde_json::from_str::<$type>(&text);
        prop_assert_eq!(typed.is_ok(), generic.is_ok(), "{}: {:?}, {:?}", text, typed, generic);
        prop_assert_eq!(<$type>::from_json(text.as_bytes()), generic.clone());
        if let (Ok(mut typed), Ok(generic)) = (typed, generic) {
            prop_assert_eq!(&typed, &generic);
            prop_assert_eq!(&<$type>::try_from(Resource::from(generic.clone())).unwrap(), &generic);
            for (name, value) in $put {
                typed.other.set(&name, value);
            }
            let resource = Resource::from(typed.clone());
            let derived = resource.get("schemas").is_none_or(Value::is_unassigned);
            prop_assert_eq!(typed.to_json(), if derived { resource.with_schemas($core).to_json() } else { resource.to_json() });
        }
    };
}

proptest! {
    /// RFC 7643 section 3: a user is read from JSON, and written, as its generic resource is.
    #[test]
    fn a_typed_user_is_its_generic_resource(text in resource_text(), put in vec((spelled(&["userName", "active", "schemas", "emails", "x"]), value()), 0..2)) {
        typed_is_generic!(User, text, &SchemaUri::USER, put);
    }

    /// RFC 7643 section 3: a group is read from JSON, and written, as its generic resource is.
    #[test]
    fn a_typed_group_is_its_generic_resource(text in resource_text(), put in vec((spelled(&["displayName", "members", "schemas", "x"]), value()), 0..2)) {
        typed_is_generic!(Group, text, &SchemaUri::GROUP, put);
    }

    /// RFC 7644 section 3.4.2.2: `parse(print(filter)) == filter`.
    #[test]
    fn a_printed_filter_is_read_as_it_was(filter in filter()) {
        let printed = filter.to_string();
        prop_assert_eq!(&printed.parse::<Filter>().unwrap(), &filter);
        prop_assert_eq!(Filter::parse(&printed, Mode::Lenient).unwrap().to_string(), printed);
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

    /// RFC 7644 section 3.5.2: `parse(print(patch)) == patch`, in either mode.
    #[test]
    fn a_written_patch_is_read_as_it_was(patch in patch(false), with_values in patch(true)) {
        for mode in [Mode::Strict, Mode::Lenient] {
            prop_assert_eq!(&PatchOp::from_json(patch.to_json().as_bytes(), mode).unwrap(), &patch);
        }
        prop_assert_eq!(&PatchOp::from_json(with_values.to_json().as_bytes(), Mode::Lenient).unwrap(), &with_values);
        // By way of a generic object, it is the same.
        let body = Resource::from_json(with_values.to_json().as_bytes()).unwrap();
        prop_assert_eq!(PatchOp::from_resource(body, Mode::Lenient).unwrap(), with_values);
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
            let mut read = User::from_json(typed.to_json().as_bytes()).unwrap();
            read.schemas.clear();
            prop_assert_eq!(read, typed);
        }
    }

    /// `apply(changes(a, b), a) == b` for managed attributes in AWS's shape, and applying it again changes nothing.
    #[test]
    fn changes_lead_from_one_to_the_other(from in user(), to in user()) {
        let schemas = Schemas::user();
        let patch = PatchOp::from_changes(&changes(&from, &to));
        let mut patched = from.clone();
        prop_assert_eq!(patch.apply(&mut patched, &schemas, Mode::Strict).unwrap(), from != to);
        prop_assert_eq!(&patched, &to);
        // The same, as a service would read it.
        let mut patched = from;
        PatchOp::from_json(patch.to_json().as_bytes(), Mode::Strict).unwrap().apply(&mut patched, &schemas, Mode::Strict).unwrap();
        prop_assert_eq!(&patched, &to);
    }

    /// `changes(a, a)` is empty, whatever the order of the attributes.
    #[test]
    fn nothing_changes_from_one_to_itself(user in user()) {
        prop_assert!(changes(&user, &user).is_empty());
        let mut members: Vec<_> = Object::from(user.clone()).into_iter().map(|(name, value)| (name.as_str().to_owned(), value)).collect();
        members.reverse();
        prop_assert!(changes(&user, &Resource::from(object(members))).is_empty());
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
            let patch = PatchOp::from_changes(&changes(from, to));
            for mode in [Mode::Strict, Mode::Lenient] {
                let _ = patch.apply(&mut from.clone(), &Schemas::user(), mode);
            }
        }
        prop_assert!(changes(&any, &any).is_empty());
        prop_assert!(Schemas::user().equal(&any, &any));
    }

    /// Reading arbitrary bytes and texts never panics.
    #[test]
    fn reading_never_panics(bytes in vec(any::<u8>(), 0..64), text in any::<String>(), near in r#"[a-z:.\[\]" eqand01\\{}]{0,40}"#) {
        for bytes in [bytes.as_slice(), text.as_bytes(), near.as_bytes()] {
            let _ = (Resource::from_json(bytes), ListResponse::from_json(bytes), ErrorResponse::from_json(bytes), Schema::from_json(bytes));
            let _ = [Mode::Strict, Mode::Lenient].map(|mode| PatchOp::from_json(bytes, mode));
        }
        for text in [&text, &near] {
            let _ = (AttrName::new(text), text.parse::<AttrPath>());
            // What strict mode takes, lenient mode takes as well.
            for (strict, lenient) in [
                (Filter::parse(text, Mode::Strict).is_ok(), Filter::parse(text, Mode::Lenient).is_ok()),
                (Path::parse(text, Mode::Strict).is_ok(), Path::parse(text, Mode::Lenient).is_ok()),
            ] {
                prop_assert!(lenient || !strict, "{}", text);
            }
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
