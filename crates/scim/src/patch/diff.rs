//! What changes between two resources.

use std::fmt;

use crate::attr_name::AttrName;
use crate::attr_path::AttrPath;
use crate::filter::Filter;
use crate::path::Path;
use crate::resource::Resource;
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

/// One attribute that changes: where, from what, to what.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{diff, Resource};
///
/// let from = Resource::from_json(br#"{"title":"Engineer"}"#)?;
/// let to = Resource::from_json(br#"{"title":"Manager"}"#)?;
/// assert_eq!(diff(&from, &to)[0].to_string(), r#"title: "Engineer" -> "Manager""#);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    path: Path,
    before: Option<Value>,
    after: Option<Value>,
}

impl Change {
    /// A change of the attribute at `path`; without `after`, it goes away.
    #[must_use]
    pub fn new(path: Path, before: Option<Value>, after: Option<Value>) -> Self {
        Self { path, before, after }
    }

    /// Where.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is there before, if something is.
    #[must_use]
    pub fn before(&self) -> Option<&Value> {
        self.before.as_ref()
    }

    /// What is there afterwards, if something is.
    #[must_use]
    pub fn after(&self) -> Option<&Value> {
        self.after.as_ref()
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = |value: Option<&Value>| value.map_or_else(|| "none".to_owned(), ToString::to_string);
        write!(f, "{}: {} -> {}", self.path, value(self.before()), value(self.after()))
    }
}

/// The changes that make `from` into `to`, one attribute each, in the form that AWS takes.
///
/// - An attribute of a complex value, of an extension, or of the one address of a type changes by itself, so that its neighbours stay.
/// - Values that carry a `value` (e-mails, phone numbers) change as a whole, because AWS takes one of each and it must be complete.
/// - `id`, `meta`, `schemas` and `groups` belong to the service provider and never change here; `members` are added and removed one by one, with
///   [`PatchOp::add_members`](crate::PatchOp::add_members).
///
/// `PatchOp::from_changes(&diff(a, b))` applied to `a` gives `b`, those attributes aside.
#[must_use]
pub fn diff(from: &Resource, to: &Resource) -> Vec<Change> {
    let mut changes = Vec::new();
    let top = |name: &AttrName| AttrPath::new(name.clone());
    for (name, new) in to.attributes().iter().filter(|(name, _)| is_managed(name)) {
        let old = from.get(name.as_str()).filter(|value| !value.is_unassigned());
        if name.is_uri() {
            let empty = Object::new();
            let old = old.and_then(Value::as_object).unwrap_or(&empty);
            let new = new.as_object().unwrap_or(&empty);
            extension(name, old, new, &mut changes);
        } else {
            attribute(&top(name), old, Some(new).filter(|value| !value.is_unassigned()), &mut changes);
        }
    }
    for (name, old) in from.attributes().iter().filter(|(name, _)| is_managed(name)) {
        if to.get(name.as_str()).is_some() || old.is_unassigned() {
            continue;
        }
        match old {
            Value::Object(old) if name.is_uri() => extension(name, old, &Object::new(), &mut changes),
            old => attribute(&top(name), Some(old), None, &mut changes),
        }
    }
    changes
}

fn is_managed(name: &AttrName) -> bool {
    !["id", "meta", "schemas", "groups", "members"].iter().any(|own| name.is(own))
}

fn extension(uri: &AttrName, old: &Object, new: &Object, changes: &mut Vec<Change>) {
    let path = |name: &AttrName| AttrPath::new(name.clone()).in_schema(SchemaUri::from(uri.as_str()));
    each_sub_attribute(old, new, |name, old, new| attribute(&path(name), old, new, changes));
}

/// Calls `visit` for every name in `new`, then for every name that only `old` has; unassigned values are none.
fn each_sub_attribute<'a>(old: &'a Object, new: &'a Object, mut visit: impl FnMut(&AttrName, Option<&'a Value>, Option<&'a Value>)) {
    let assigned = |value: &&Value| !value.is_unassigned();
    for (name, value) in new.iter() {
        visit(name, old.get(name.as_str()).filter(assigned), Some(value).filter(assigned));
    }
    for (name, value) in old.iter().filter(|(name, _)| new.get(name.as_str()).is_none()) {
        visit(name, Some(value).filter(assigned), None);
    }
}

fn attribute(path: &AttrPath, old: Option<&Value>, new: Option<&Value>, changes: &mut Vec<Change>) {
    if old == new {
        return;
    }
    let mut change = |path, old: Option<&Value>, new: Option<&Value>| {
        if old != new {
            changes.push(Change::new(path, old.cloned(), new.cloned()));
        }
    };
    match (old, new) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => each_sub_attribute(old, new, |name, old, new| {
            change(Path::new(path.clone().with_sub_attribute(name.clone())), old, new);
        }),
        (Some(Value::Array(old_values)), Some(Value::Array(new_values))) => match same_place(old_values, new_values) {
            Some((kind, old, new)) => each_sub_attribute(old, new, |name, old, new| {
                let filter = Filter::equal(AttrPath::new(AttrName::from_static("type")), kind);
                change(Path::new(path.clone()).where_value(filter).then(name.clone()), old, new);
            }),
            None => change(Path::new(path.clone()), old, new),
        },
        _ => change(Path::new(path.clone()), old, new),
    }
}

/// The two values, if each side has one, of the same `type`, and neither is told by a `value`.
fn same_place<'a>(old: &'a [Value], new: &'a [Value]) -> Option<(&'a str, &'a Object, &'a Object)> {
    let ([Value::Object(old)], [Value::Object(new)]) = (old, new) else {
        return None;
    };
    let kind = |object: &'a Object| object.get("type").and_then(Value::as_str);
    let told_by_value = old.get("value").or_else(|| new.get("value")).is_some();
    match (kind(old), kind(new)) {
        (Some(old_kind), Some(new_kind)) if old_kind == new_kind && !told_by_value => Some((new_kind, old, new)),
        _ => None,
    }
}
