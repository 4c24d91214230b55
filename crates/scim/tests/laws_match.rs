//! A filter agrees with a slow evaluator that follows the words of RFC 7644 section 3.4.2.2 one by one.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::{AttrPath, CompareOp, CompareValue, Expression, Filter, Mode, Object, Resource, SchemaUri, Schemas, Value};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};

/// The attributes of the small grammar: their paths, and whether they compare with case.
const PATHS: &[(&str, bool)] = &[
    ("userName", false),
    ("externalId", true),
    ("title", false),
    ("active", false),
    ("name.givenName", false),
    ("emails.value", false),
    ("emails.type", false),
    ("emails", false),
    ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", false),
];

fn text() -> impl Strategy<Value = String> {
    "[aAbBéÉ]{0,3}"
}

fn value() -> impl Strategy<Value = CompareValue> {
    prop_oneof![
        4 => text().prop_map(CompareValue::from),
        1 => any::<bool>().prop_map(CompareValue::from),
        1 => Just(CompareValue::Null),
        1 => (0_i64..3).prop_map(CompareValue::from),
    ]
}

fn operator() -> impl Strategy<Value = CompareOp> {
    proptest::sample::select(vec![
        CompareOp::Equal,
        CompareOp::NotEqual,
        CompareOp::Contains,
        CompareOp::StartsWith,
        CompareOp::EndsWith,
        CompareOp::GreaterThan,
        CompareOp::GreaterOrEqual,
        CompareOp::LessThan,
        CompareOp::LessOrEqual,
    ])
}

fn term(paths: Vec<&'static str>) -> impl Strategy<Value = Filter> {
    (proptest::sample::select(paths), operator(), option::weighted(0.8, value())).prop_map(|(path, operator, value)| {
        let path: AttrPath = path.parse().unwrap();
        match value {
            Some(value) => Filter::compare(path, operator, value),
            None => Filter::present(path),
        }
    })
}

fn joined(terms: impl Strategy<Value = Filter> + 'static) -> impl Strategy<Value = Filter> {
    terms.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|filter| !filter),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| left.and(right)),
            (inner.clone(), inner).prop_map(|(left, right)| left.or(right)),
        ]
    })
}

fn filter() -> impl Strategy<Value = Filter> {
    let bracketed = joined(term(vec!["value", "type"])).prop_map(|filter| Filter::value_path(AttrPath::of("emails"), filter).unwrap());
    joined(prop_oneof![3 => term(PATHS.iter().map(|(path, _)| *path).collect()), 1 => bracketed])
}

fn user() -> impl Strategy<Value = Resource> {
    let maybe = || option::of(prop_oneof![4 => text().prop_map(Value::from), 1 => Just(Value::Null)]);
    let email = (maybe(), maybe());
    (vec(maybe(), 5), option::of(any::<bool>()), option::of(vec(email, 0..3))).prop_map(|(texts, active, emails)| {
        let mut user = Object::new();
        let complex = |name: &str, value: Value| {
            let mut object = Object::new();
            object.set(name, value);
            object
        };
        for (index, text) in texts.into_iter().enumerate() {
            match (index, text) {
                (_, None) => {}
                (0, Some(text)) => user.set("userName", text),
                (1, Some(text)) => user.set("externalId", text),
                (2, Some(text)) => user.set("title", text),
                (3, Some(text)) => user.set("name", complex("givenName", text)),
                (_, Some(text)) => user.set(SchemaUri::ENTERPRISE_USER.as_str(), complex("department", text)),
            }
        }
        if let Some(active) = active {
            user.set("active", active);
        }
        if let Some(emails) = emails {
            let emails = emails.into_iter().map(|(value, kind)| {
                let mut email = Object::new();
                for (name, value) in [("value", value), ("type", kind)] {
                    if let Some(value) = value {
                        email.set(name, value);
                    }
                }
                Value::Object(email)
            });
            user.set("emails", Value::Array(emails.collect()));
        }
        Resource::from(user)
    })
}

/// Whether there is nothing in it: null, or a list or object of nothing.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.is_empty(),
        Value::Object(object) => object.iter().all(|(_, value)| is_nothing(value)),
        _ => false,
    }
}

/// Each value that the path names; one `Null` where it names none.
fn values(holder: &Object, path: &AttrPath) -> Vec<Value> {
    let holder = match path.schema() {
        Some(uri) => holder.get(uri.as_str()).and_then(Value::as_object).cloned().unwrap_or_default(),
        None => holder.clone(),
    };
    let each = |value: Option<&Value>| match value {
        Some(Value::Array(values)) if !values.is_empty() => values.clone(),
        Some(value) if !is_nothing(value) => vec![value.clone()],
        _ => vec![Value::Null],
    };
    let held = each(holder.get(path.attribute().as_str()));
    let held = held.into_iter().map(|value| if is_nothing(&value) { Value::Null } else { value });
    match path.sub_attribute() {
        None => held.collect(),
        Some(sub) => held
            .map(|value| {
                value
                    .as_object()
                    .and_then(|object| object.get(sub.as_str()))
                    .filter(|value| !is_nothing(value))
                    .cloned()
                    .unwrap_or(Value::Null)
            })
            .collect(),
    }
}

/// Whether one value compares so, by the words of table 3.
fn compares(value: &Value, operator: CompareOp, wanted: &CompareValue, case_exact: bool) -> bool {
    if *wanted == CompareValue::Null {
        return operator == CompareOp::Equal && *value == Value::Null;
    }
    // RFC 7643 section 2.4: a complex value stands for its `value`.
    let value = match value {
        Value::Object(object) => object.get("value").cloned().unwrap_or(Value::Null),
        value => value.clone(),
    };
    match (value, wanted) {
        (Value::Boolean(held), CompareValue::Boolean(wanted)) => operator == CompareOp::Equal && held == *wanted,
        (Value::String(held), CompareValue::String(wanted)) => {
            let fold = |text: &str| if case_exact { text.to_owned() } else { text.to_lowercase() };
            let (held, wanted) = (fold(&held), fold(wanted));
            match operator {
                CompareOp::Equal => held == wanted,
                CompareOp::Contains => held.contains(&wanted),
                CompareOp::StartsWith => held.starts_with(&wanted),
                CompareOp::EndsWith => held.ends_with(&wanted),
                CompareOp::GreaterThan => held > wanted,
                CompareOp::GreaterOrEqual => held >= wanted,
                CompareOp::LessThan => held < wanted,
                CompareOp::LessOrEqual => held <= wanted,
                CompareOp::NotEqual => unreachable!("the contrary of eq"),
            }
        }
        _ => false,
    }
}

/// Whether the filter passes.
fn passes(filter: &Filter, holder: &Object) -> bool {
    match filter.expression() {
        Expression::Present(path) => values(holder, path).iter().any(|value| *value != Value::Null && *value != Value::from("")),
        Expression::Compare(comparison) => {
            let path = comparison.path();
            let case_exact = PATHS.iter().any(|(name, exact)| *exact && *name == path.to_string());
            let any = |operator| values(holder, path).iter().any(|value| compares(value, operator, comparison.value(), case_exact));
            match comparison.operator() {
                CompareOp::NotEqual => !any(CompareOp::Equal),
                operator => any(operator),
            }
        }
        Expression::ValuePath(path, inner) => values(holder, path).iter().filter_map(Value::as_object).any(|value| passes(inner, value)),
        Expression::Not(inner) => !passes(inner, holder),
        Expression::And(filters) => filters.iter().all(|filter| passes(filter, holder)),
        Expression::Or(filters) => filters.iter().any(|filter| passes(filter, holder)),
    }
}

/// Whether a boolean is asked for its order, which strict mode refuses.
fn orders_booleans(filter: &Filter) -> bool {
    match filter.expression() {
        Expression::Present(_) => false,
        Expression::Compare(comparison) => {
            let orders = ["gt", "ge", "lt", "le"].contains(&comparison.operator().to_string().as_str());
            orders && (comparison.path().to_string() == "active" || matches!(comparison.value(), CompareValue::Boolean(_)))
        }
        Expression::ValuePath(_, inner) | Expression::Not(inner) => orders_booleans(inner),
        Expression::And(filters) | Expression::Or(filters) => filters.iter().any(orders_booleans),
    }
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(1_000))]

    /// RFC 7644 section 3.4.2.2: a filter passes where its words say so, and is refused in strict mode where they do.
    #[test]
    fn a_matcher_agrees_with_the_words_of_the_rfc(filter in filter(), users in vec(user(), 1..6)) {
        let schemas = Schemas::user();
        prop_assert_eq!(filter.matcher(&schemas, Mode::Strict).is_err(), orders_booleans(&filter));
        if let Ok(matcher) = filter.matcher(&schemas, Mode::Strict) {
            for user in &users {
                prop_assert_eq!(matcher.matches(user), passes(&filter, user.attributes()), "{} of {}", filter, user.to_json());
            }
        }
    }

    /// RFC 7644 section 3.4.2.2: what is printed and read again passes for the same resources.
    #[test]
    fn a_filter_that_was_printed_passes_for_the_same(filter in filter(), user in user()) {
        let read: Filter = filter.to_string().parse().unwrap();
        let schemas = Schemas::user();
        for mode in [Mode::Strict, Mode::Lenient] {
            let matches = |filter: &Filter| filter.matcher(&schemas, mode).ok().map(|matcher| matcher.matches(&user));
            prop_assert_eq!(matches(&read), matches(&filter));
        }
    }

    /// The laws of De Morgan hold, and order says nothing.
    #[test]
    fn filters_follow_the_laws_of_logic(left in filter(), right in filter(), user in user()) {
        let schemas = Schemas::user();
        let matches = |filter: Filter| filter.matcher(&schemas, Mode::Lenient).unwrap().matches(&user);
        prop_assert_eq!(matches(!left.clone().and(right.clone())), matches((!left.clone()).or(!right.clone())));
        prop_assert_eq!(matches(!left.clone().or(right.clone())), matches((!left.clone()).and(!right.clone())));
        prop_assert_eq!(matches(left.clone().and(right.clone())), matches(right.clone().and(left.clone())));
        prop_assert!(matches(left.clone().or(!left)));
    }
}
