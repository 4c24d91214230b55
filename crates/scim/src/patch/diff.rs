//! The PatchOp that makes one resource into another.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::attr_name::AttrName;
use crate::attr_path::AttrPath;
use crate::case_fold::folded;
use crate::patch::change::{each_sub_attribute, is_managed};
use crate::patch::{PatchOp, PatchOperation, changes};
use crate::path::Path;
use crate::profile::Profile;
use crate::resource::Resource;
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

/// The most members that are removed one by one; a service would have to look through the list as often.
const MOST_REMOVALS: usize = 1_000;

/// The PatchOp that makes `from` into `to`, in the dialect of `profile`; empty if nothing is different.
///
/// | | [`Profile::rfc`] | [`Profile::aws_iam_identity_center`] |
/// | --- | --- | --- |
/// | an attribute, or a sub-attribute of a complex one | an operation with its path | the same |
/// | a list | the whole list, or a `remove` of all | the same |
/// | an extension that is gone | one `remove` of its URI | a `remove` of each attribute |
/// | members who came | one `add` with a list | the same, at most 100 in an operation |
/// | members who went | a `remove` of `members[value eq ".."]` each, or the whole list where that is shorter, or where more than 1,000 went | `remove` with a list, at most 100 in an operation |
/// | what may not be removed (`userName`, `active`) | is removed | is left as it is |
///
/// `diff(a, b, profile)` applied to `a` gives `b`: for [`Profile::rfc`] in [`Mode::Strict`](crate::Mode), for AWS in
/// [`Mode::Lenient`](crate::Mode), because the RFC has no `remove` with a list, and but for what AWS cannot be told: a member is its `value` there, so
/// one that stays keeps its `type`, and one that has no `value` is passed over. The order of values in a list, and of attributes, says nothing
/// (RFC 7643 section 2.4), and `id`, `meta`, `schemas`, `groups` and `manager.displayName` belong to the service provider.
///
/// AWS takes at most 100 changes of members in one request: see [`PatchOp::requests`].
///
/// # Examples
///
/// ```
/// use idbridge_scim::{Profile, Resource, diff};
///
/// let held = Resource::from_json(br#"{"displayName":"Cranes","members":[{"value":"u-1"},{"value":"u-2"}]}"#)?;
/// let wanted = Resource::from_json(br#"{"displayName":"Cranes","members":[{"value":"u-2"}]}"#)?;
/// let rfc = diff(&held, &wanted, &Profile::rfc());
/// assert_eq!(rfc.operations()[0].path().map(ToString::to_string).as_deref(), Some(r#"members[value eq "u-1"]"#));
/// let aws = diff(&held, &wanted, &Profile::aws_iam_identity_center());
/// assert!(aws.to_json().contains(r#"{"op":"remove","path":"members","value":[{"value":"u-1"}]}"#));
/// assert!(diff(&held, &held, &Profile::rfc()).operations().is_empty());
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[must_use]
pub fn diff(from: &Resource, to: &Resource, profile: &Profile) -> PatchOp {
    let mut operations = Vec::new();
    let gone = if profile.patch.removes_extensions { gone_extensions(from, to) } else { Vec::new() };
    for change in changes(&writable(from), &writable(to)) {
        let extension = change.path().attribute().extension();
        if extension.is_some_and(|uri| gone.iter().any(|name| name.is(uri.as_str()))) {
            continue;
        }
        let is_same = match (change.before(), change.after()) {
            (Some(Value::Array(before)), Some(Value::Array(after))) => same_values(before, after),
            (_, None) => profile.patch.keeps(change.path()),
            _ => false,
        };
        if !is_same {
            operations.push(PatchOperation::of_change(&change));
        }
    }
    operations.extend(gone.into_iter().map(|name| PatchOperation::remove(Path::new(AttrPath::kept(None, &name)))));
    let members = |resource: &'_ Resource| resource.get("members").and_then(Value::as_array).unwrap_or_default().to_vec();
    operations.extend(self::members(&members(from), &members(to), profile));
    PatchOp::new(operations)
}

/// The resource without the sub-attribute that a client may not write: `manager.displayName` (RFC 7643 section 4.3). What else is read-only is passed
/// over as a whole.
fn writable(resource: &Resource) -> Cow<'_, Resource> {
    const READ_ONLY: AttrPath = AttrPath::of_enterprise_user("manager");
    if resource.at(&READ_ONLY.then("displayName")).is_none() {
        return Cow::Borrowed(resource);
    }
    let mut writable = resource.clone();
    if let Some(Value::Object(extension)) = writable.attributes_mut().get_mut(SchemaUri::ENTERPRISE_USER.as_str())
        && let Some(Value::Object(manager)) = extension.get_mut("manager")
    {
        manager.remove("displayName");
        if manager.is_empty() {
            extension.remove("manager");
        }
    }
    Cow::Owned(writable)
}

/// The extensions that `from` has attributes of and `to` has not.
fn gone_extensions(from: &Resource, to: &Resource) -> Vec<AttrName> {
    let mut gone = Vec::new();
    each_sub_attribute(from.attributes(), to.attributes(), |name, old, new| {
        let is_there = |value: Option<&Value>| value.and_then(Value::as_object).is_some_and(|extension| !extension.is_empty());
        // Not every URI can be told from an attribute of a shorter one.
        let has_path = name.as_str().parse::<Path>().is_ok();
        if name.is_uri() && has_path && is_managed(name) && is_there(old) && !is_there(new) {
            gone.push(name.clone());
        }
    });
    gone
}

/// Whether two lists have the same values in whatever order.
fn same_values(before: &[Value], after: &[Value]) -> bool {
    if before.len() != after.len() {
        return false;
    }
    let sorted = |values: &[Value]| {
        let mut texts: Vec<String> = values.iter().map(Value::canonical).collect();
        texts.sort_unstable();
        texts
    };
    before == after || sorted(before) == sorted(after)
}

fn members(before: &[Value], after: &[Value], profile: &Profile) -> Vec<PatchOperation> {
    let (old, new) = (by_identifier(before), by_identifier(after));
    // A member without an identifier, or one that is there twice, can only be told with all the others.
    if profile.patch.replaces_members && (old.len() != before.len() || new.len() != after.len()) {
        return if same_values(before, after) { Vec::new() } else { vec![whole(after)] };
    }
    let added: Vec<&Value> = new.iter().filter(|(id, _)| !old.contains_key(*id)).map(|(_, value)| *value).collect();
    let removed: Vec<&str> = old.keys().filter(|id| !new.contains_key(*id)).copied().collect();
    let is_different = old.iter().any(|(id, value)| new.get(id).is_some_and(|other| other != value));
    if profile.patch.replaces_members && (is_different || removed.len() > after.len().min(MOST_REMOVALS) || collide(&removed, &new)) {
        return vec![whole(after)];
    }
    let mut operations = Vec::new();
    if profile.patch.removes_by_value_list {
        for chunk in removed.chunks(profile.members_per_request.max(1)) {
            let value = chunk.iter().map(|id| reference(id)).collect();
            operations.push(PatchOperation::Remove { path: Path::of("members"), value: Some(Value::Array(value)) });
        }
    } else {
        let path = |id: &&str| Path::of("members").where_equal("value", id);
        operations.extend(removed.iter().map(|id| PatchOperation::remove(path(id))));
    }
    for chunk in added.chunks(profile.members_per_request.max(1)) {
        let value = Value::Array(chunk.iter().map(|value| (*value).clone()).collect());
        operations.push(PatchOperation::Add { path: Some(Path::of("members")), value });
    }
    operations
}

/// The members that have an identifier, each once.
fn by_identifier(members: &[Value]) -> BTreeMap<&str, &Value> {
    members.iter().filter_map(|member| Some((member.as_object()?.get("value")?.as_str()?, member))).collect()
}

/// Whether a filter that names one of `removed` would match another of them, or one that stays: a member's `value` compares without case (RFC 7643 section 8.7.1).
fn collide(removed: &[&str], staying: &BTreeMap<&str, &Value>) -> bool {
    if removed.is_empty() {
        return false;
    }
    // As filters fold, because a filter is what names them.
    let mut there: BTreeSet<String> = staying.keys().map(|id| folded(id).collect()).collect();
    removed.iter().any(|id| !there.insert(folded(id).collect()))
}

fn whole(members: &[Value]) -> PatchOperation {
    if members.is_empty() {
        return PatchOperation::remove(Path::of("members"));
    }
    PatchOperation::replace(Path::of("members"), Value::Array(members.to_vec()))
}

fn reference(id: &str) -> Value {
    let mut member = Object::new();
    member.set("value", id);
    Value::Object(member)
}
