//! What changes between two resources, one attribute each.

use std::fmt;

use crate::attr_name::AttrName;
use crate::attr_path::AttrPath;
use crate::path::Path;
use crate::resource::Resource;
use crate::value::{Object, Value};

/// One attribute that changes: where, from what, to what.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{changes, Resource};
///
/// let from = Resource::from_json(br#"{"title":"Engineer"}"#)?;
/// let to = Resource::from_json(br#"{"title":"Manager"}"#)?;
/// assert_eq!(changes(&from, &to)[0].to_string(), r#"title: "Engineer" -> "Manager""#);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Change {
    path: Path,
    before: Option<Value>,
    after: Option<Value>,
}

impl Change {
    /// A change of the attribute at `path`; without `after`, it goes away.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Change, Path};
    ///
    /// let change = Change::new(Path::of("title"), None, Some("Engineer".into()));
    /// assert_eq!(change.to_string(), r#"title: none -> "Engineer""#);
    /// ```
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

impl fmt::Debug for Change {
    /// Writes `(..)` for a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Change");
        fields.field("path", &self.path);
        if self.path.is_password() {
            return fields.finish_non_exhaustive();
        }
        fields.field("before", &self.before).field("after", &self.after).finish()
    }
}

impl fmt::Display for Change {
    /// Writes `path: before -> after`, with `(..)` for a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_password = self.path.is_password();
        let value = |value: Option<&Value>| match value {
            None => "none".to_owned(),
            // A person reads it in a plan, and plans are kept.
            Some(_) if is_password => "(..)".to_owned(),
            Some(value) => value.to_string(),
        };
        write!(f, "{}: {} -> {}", self.path, value(self.before()), value(self.after()))
    }
}

/// The changes that make `from` into `to`, one attribute each, in the form that AWS takes: what a person reads in a plan.
///
/// - An attribute of a complex value, of an extension, or of the one address of a type changes by itself, so that its neighbours stay.
/// - Values that carry a `value` (e-mails, phone numbers) change as a whole, because AWS takes one of each and it must be complete.
/// - `id`, `meta`, `schemas` and `groups` belong to the service provider and never change here; `members` are added and removed one by one, with
///   [`PatchOp::add_members`](crate::PatchOp::add_members), or by [`diff`](crate::diff).
///
/// `PatchOp::from_changes(&changes(a, b))` applied to `a` gives `b`, those attributes aside. What `b` has comes first, in its order; what only `a`
/// has follows.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{changes, Resource};
///
/// let held = Resource::from_json(br#"{"name":{"givenName":"Anna","familyName":"Berg"},"title":"Engineer"}"#)?;
/// let wanted = Resource::from_json(br#"{"name":{"givenName":"Anna","familyName":"Tal"}}"#)?;
/// let changes: Vec<String> = changes(&held, &wanted).iter().map(ToString::to_string).collect();
/// assert_eq!(changes, [r#"name.familyName: "Berg" -> "Tal""#, r#"title: "Engineer" -> none"#]);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[must_use]
pub fn changes(from: &Resource, to: &Resource) -> Vec<Change> {
    let mut changes = Vec::new();
    let empty = Object::new();
    let attributes = |value| match value {
        None => Some(&empty),
        Some(value) => Value::as_object(value),
    };
    each_sub_attribute(from.attributes(), to.attributes(), |name, old, new| {
        if !is_managed(name) || name.is("members") {
            return;
        }
        // An extension holds attributes; anything else under a URI is one value like any other.
        if name.is_uri()
            && let (Some(old), Some(new)) = (attributes(old), attributes(new))
        {
            each_sub_attribute(old, new, |attribute, old, new| {
                self::attribute(&AttrPath::kept(Some(name), attribute), old, new, &mut changes);
            });
        } else {
            attribute(&AttrPath::kept(None, name), old, new, &mut changes);
        }
    });
    changes
}

/// Whether a client writes the attribute.
pub(super) fn is_managed(name: &AttrName) -> bool {
    !["id", "meta", "schemas", "groups"].iter().any(|own| name.is(own))
}

/// Calls `visit` for every name in `new`, then for every name that only `old` has; unassigned values are none.
pub(super) fn each_sub_attribute<'a>(
    old: &'a Object,
    new: &'a Object,
    mut visit: impl FnMut(&AttrName, Option<&'a Value>, Option<&'a Value>),
) {
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
                change(Path::new(path.clone()).where_equal("type", kind).with_sub_attribute(name.clone()), old, new);
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
    // A part whose name the grammar does not have is told with the whole value.
    let has_paths = old.iter().chain(new.iter()).all(|(name, _)| name.is_well_formed());
    let told_by_value = old.get("value").or_else(|| new.get("value")).is_some();
    match (kind(old), kind(new)) {
        (Some(old_kind), Some(new_kind)) if old_kind == new_kind && !told_by_value && has_paths => Some((new_kind, old, new)),
        _ => None,
    }
}
