//! The filters, tests and functions of expressions.

use minijinja::value::Rest;
use minijinja::{Environment, Error, ErrorKind, State, Value};

use crate::expression::Expression;
use crate::expression::facts::GROUPS;
use crate::scope::is_like;

/// The filters, with what they are written as.
pub(super) const FILTERS: [&str; 16] = [
    "lower",
    "upper",
    "trim",
    "default",
    "replace",
    "remove_prefix",
    "remove_suffix",
    "split",
    "join",
    "first",
    "last",
    "local_part",
    "domain",
    "match",
    "starts_with",
    "ends_with",
];
/// The tests behind `is`.
pub(super) const TESTS: [&str; 2] = ["defined", "undefined"];
/// The functions.
pub(super) const FUNCTIONS: [&str; 2] = ["in_group", "first_of"];

pub(super) fn add_to(engine: &mut Environment<'static>) {
    engine.add_filter("lower", |value: &Value| of_text(value, |text| bounded(text.to_lowercase())));
    engine.add_filter("upper", |value: &Value| of_text(value, |text| bounded(text.to_uppercase())));
    engine.add_filter("trim", |value: &Value| of_text(value, |text| Ok(Value::from(text.trim()))));
    engine.add_filter("default", |value: &Value, other: Value| if is_absent(value) { other } else { value.clone() });
    engine.add_filter("replace", |value: &Value, from: &str, to: &str| of_text(value, |text| replace(text, from, to)));
    engine.add_filter("remove_prefix", |value: &Value, prefix: &str| {
        of_text(value, |text| Ok(Value::from(text.strip_prefix(prefix).unwrap_or(text))))
    });
    engine.add_filter("remove_suffix", |value: &Value, suffix: &str| {
        of_text(value, |text| Ok(Value::from(text.strip_suffix(suffix).unwrap_or(text))))
    });
    engine.add_filter("split", |value: &Value, separator: &str| of_text(value, |text| split(text, separator)));
    engine.add_filter("join", join);
    engine.add_filter("first", |value: &Value| of_list(value, |list| list.first().cloned()));
    engine.add_filter("last", |value: &Value| of_list(value, |list| list.last().cloned()));
    engine.add_filter("local_part", |value: &Value| of_text(value, |text| Ok(part(text.rsplit_once('@').map(|(local, _)| local)))));
    engine.add_filter("domain", |value: &Value| of_text(value, |text| Ok(part(text.rsplit_once('@').map(|(_, domain)| domain)))));
    engine.add_filter("match", |value: &Value, pattern: &str| of_text(value, |text| Ok(Value::from(is_like(text, pattern)))));
    engine.add_filter("starts_with", |value: &Value, start: &str| of_text(value, |text| Ok(Value::from(text.starts_with(start)))));
    engine.add_filter("ends_with", |value: &Value, end: &str| of_text(value, |text| Ok(Value::from(text.ends_with(end)))));
    engine.add_test("defined", |value: &Value| !is_absent(value));
    engine.add_test("undefined", is_absent);
    engine.add_function("in_group", in_group);
    engine.add_function("first_of", |values: Rest<Value>| values.iter().find(|value| !is_absent(value)).cloned().unwrap_or_default());
}

fn is_absent(value: &Value) -> bool {
    value.is_undefined() || value.is_none()
}

/// What is made of a text; absent, if it is.
fn of_text(value: &Value, make: impl FnOnce(&str) -> Result<Value, Error>) -> Result<Value, Error> {
    if is_absent(value) {
        return Ok(Value::UNDEFINED);
    }
    match value.as_str() {
        Some(text) => make(text),
        None => Err(Error::new(ErrorKind::InvalidOperation, "expected a text")),
    }
}

/// What is taken of a list; absent, if it is.
fn of_list(value: &Value, take: impl FnOnce(&[Value]) -> Option<Value>) -> Result<Value, Error> {
    if is_absent(value) {
        return Ok(Value::UNDEFINED);
    }
    Ok(take(&list(value)?).unwrap_or_default())
}

fn list(value: &Value) -> Result<Vec<Value>, Error> {
    if value.as_str().is_some() {
        return Err(Error::new(ErrorKind::InvalidOperation, "expected a list"));
    }
    // A list that is repeated is not longer in memory before it is read.
    let list: Vec<Value> = value.try_iter()?.take(Expression::LONGEST_TEXT + 1).collect();
    if list.len() > Expression::LONGEST_TEXT { Err(too_long()) } else { Ok(list) }
}

fn part(text: Option<&str>) -> Value {
    text.map(Value::from).unwrap_or_default()
}

fn too_long() -> Error {
    Error::from(ErrorKind::WriteFailure)
}

fn bounded(text: String) -> Result<Value, Error> {
    if text.len() > Expression::LONGEST_TEXT { Err(too_long()) } else { Ok(Value::from(text)) }
}

fn replace(text: &str, from: &str, to: &str) -> Result<Value, Error> {
    if from.is_empty() {
        return Err(Error::new(ErrorKind::InvalidOperation, "expected a text to replace"));
    }
    // Counted before anything is made of it.
    let added = text.matches(from).count().saturating_mul(to.len().saturating_sub(from.len()));
    if text.len().saturating_add(added) > Expression::LONGEST_TEXT {
        return Err(too_long());
    }
    bounded(text.replace(from, to))
}

fn split(text: &str, separator: &str) -> Result<Value, Error> {
    if separator.is_empty() {
        return Err(Error::new(ErrorKind::InvalidOperation, "expected a separator"));
    }
    Ok(text.split(separator).map(str::trim).collect())
}

fn join(value: &Value, separator: &str) -> Result<Value, Error> {
    if is_absent(value) {
        return Ok(Value::UNDEFINED);
    }
    let mut joined = String::new();
    for (index, part) in list(value)?.iter().filter(|part| !is_absent(part)).enumerate() {
        let Some(part) = part.as_str() else { return Err(Error::new(ErrorKind::InvalidOperation, "expected a list of texts")) };
        let separator = if index == 0 { "" } else { separator };
        if joined.len() + separator.len() + part.len() > Expression::LONGEST_TEXT {
            return Err(too_long());
        }
        joined.push_str(separator);
        joined.push_str(part);
    }
    Ok(Value::from(joined))
}

fn in_group(state: &State<'_, '_>, name: &str) -> Result<bool, Error> {
    let groups = state.lookup(GROUPS).unwrap_or_default();
    Ok(!is_absent(&groups) && list(&groups)?.iter().any(|group| group.as_str() == Some(name)))
}
