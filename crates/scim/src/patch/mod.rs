//! PATCH: operations, and what changes between two resources.

mod apply;
mod change;
mod change_json;
mod conform;
mod diff;
mod list;
mod read;
mod remove;
mod set;
mod target;
mod undo;

use std::fmt;

use serde::{Serialize, Serializer};

pub use change::{Change, changes};
pub(crate) use conform::{is_base64, type_name};
pub use diff::diff;
pub(crate) use list::is_primary;
pub(crate) use target::{Target, check_path, resolve};

use crate::attr_name::AttrName;
use crate::complex::Attribute;
use crate::error::{Error, Location};
use crate::group::Member;
use crate::id::ResourceId;
use crate::mode::Mode;
use crate::patch::apply::Patching;
use crate::patch::conform::Fault;
use crate::path::Path;
use crate::profile::Profile;
use crate::resource::Resource;
use crate::schema::Schemas;
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

/// A PATCH request's body (RFC 7644 section 3.5.2).
///
/// # Examples
///
/// ```
/// use idbridge_scim::{Mode, PatchOp, PatchOperation, Path};
///
/// let patch = PatchOp::new(vec![PatchOperation::replace(Path::of("active"), false)]);
/// let text = patch.to_json();
/// assert!(text.contains(r#"{"op":"replace","path":"active","value":false}"#));
/// assert_eq!(PatchOp::from_json(text.as_bytes(), Mode::Strict)?, patch);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PatchOp {
    operations: Vec<PatchOperation>,
}

/// One operation of a [`PatchOp`].
///
/// # Examples
///
/// ```
/// use idbridge_scim::{PatchOperation, Path};
///
/// let operation = PatchOperation::remove(Path::of("title"));
/// assert_eq!((operation.name(), operation.value()), ("remove", None));
/// ```
#[derive(Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 7644 section 3.5.2 has these three and no others")]
pub enum PatchOperation {
    /// Section 3.5.2.1: adds a value, or sets an attribute that has one value.
    Add {
        /// The target; without one, `value` is an object of attributes.
        path: Option<Path>,
        /// What is added.
        value: Value,
    },
    /// Section 3.5.2.2: takes values away.
    Remove {
        /// The target, which this operation must have.
        path: Path,
        /// The values to take from a multi-valued attribute. The RFC has no such member; AWS takes members of a group away with it.
        value: Option<Value>,
    },
    /// Section 3.5.2.3: sets an attribute in the place of what it was.
    Replace {
        /// The target; without one, `value` is an object of attributes.
        path: Option<Path>,
        /// What stands there afterwards.
        value: Value,
    },
}

impl fmt::Debug for PatchOperation {
    /// Writes `(..)` for a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct(match self {
            Self::Add { .. } => "Add",
            Self::Remove { .. } => "Remove",
            Self::Replace { .. } => "Replace",
        });
        fields.field("path", &self.path());
        if self.path().is_some_and(Path::is_password) {
            return fields.finish_non_exhaustive();
        }
        fields.field("value", &self.value()).finish()
    }
}

impl PatchOperation {
    /// Adds values to the attribute at `path`, or sets it if it has one value.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{PatchOperation, Path, Value};
    ///
    /// let operation = PatchOperation::add(Path::of("nickName"), "Ann");
    /// assert_eq!((operation.name(), operation.value()), ("add", Some(&Value::from("Ann"))));
    /// ```
    #[must_use]
    pub fn add(path: Path, value: impl Into<Value>) -> Self {
        Self::Add { path: Some(path), value: value.into() }
    }

    /// Takes these values of the multi-valued attribute at `path` away and no others, in the form of AWS; the RFC has a `valuePath` for each.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Object, PatchOperation, Path, Value};
    ///
    /// let mut member = Object::new();
    /// member.set("value", "u-1");
    /// let operation = PatchOperation::remove_values(Path::of("members"), vec![Value::from(member)]);
    /// assert_eq!(operation.value().and_then(Value::as_array).map(<[Value]>::len), Some(1));
    /// ```
    #[must_use]
    pub fn remove_values(path: Path, values: impl Into<Value>) -> Self {
        Self::Remove { path, value: Some(values.into()) }
    }

    /// Sets the attribute at `path`.
    #[must_use]
    pub fn replace(path: Path, value: impl Into<Value>) -> Self {
        Self::Replace { path: Some(path), value: value.into() }
    }

    /// Takes the attribute at `path` away.
    #[must_use]
    pub fn remove(path: Path) -> Self {
        Self::Remove { path, value: None }
    }

    /// The operation's name on the wire: `add`, `remove` or `replace`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Add { .. } => "add",
            Self::Remove { .. } => "remove",
            Self::Replace { .. } => "replace",
        }
    }

    /// The target, where the operation names one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Add { path, .. } | Self::Replace { path, .. } => path.as_ref(),
            Self::Remove { path, .. } => Some(path),
        }
    }

    /// The value, where the operation has one.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Add { value, .. } | Self::Replace { value, .. } => Some(value),
            Self::Remove { value, .. } => value.as_ref(),
        }
    }

    /// The operation that carries out a change. An attribute whose name the grammar does not have is written without a path.
    fn of_change(change: &Change) -> Self {
        let path = change.path();
        let attribute = path.attribute();
        let is_well_formed = attribute.is_well_formed() && path.sub_attribute().is_none_or(AttrName::is_well_formed);
        if is_well_formed {
            return match change.after() {
                Some(value) => Self::replace(path.clone(), value.clone()),
                None => Self::remove(path.clone()),
            };
        }
        let mut value = change.after().cloned().unwrap_or(Value::Null);
        for name in [path.sub_attribute(), Some(attribute.attribute())].into_iter().flatten() {
            let mut object = Object::new();
            object.push(name.clone(), value);
            value = Value::Object(object);
        }
        if let Some(uri) = attribute.extension() {
            let mut object = Object::new();
            object.set(uri.as_str(), value);
            value = Value::Object(object);
        }
        Self::Replace { path: None, value }
    }

    /// The same in two operations, if members are among the attributes that it adds without a path.
    fn with_members_apart(self) -> Vec<Self> {
        match self {
            Self::Add { path: None, value: Value::Object(mut attributes) } => {
                let members = attributes.remove("members").map(|value| Self::Add { path: Some(Path::of("members")), value });
                let others = (!attributes.is_empty()).then_some(Self::Add { path: None, value: Value::Object(attributes) });
                others.into_iter().chain(members).collect()
            }
            operation => vec![operation],
        }
    }

    /// The same in several operations, if it adds or removes more than `most` members.
    fn in_chunks(self, most: usize) -> Vec<Self> {
        if self.member_changes() <= most {
            return vec![self];
        }
        match self {
            Self::Add { path, value: Value::Array(values) } => {
                values.chunks(most).map(|chunk| Self::Add { path: path.clone(), value: Value::Array(chunk.to_vec()) }).collect()
            }
            Self::Remove { path, value: Some(Value::Array(values)) } => {
                values.chunks(most).map(|chunk| Self::Remove { path: path.clone(), value: Some(Value::Array(chunk.to_vec())) }).collect()
            }
            operation => vec![operation],
        }
    }

    /// How many members are added, replaced or removed.
    fn member_changes(&self) -> usize {
        if !self.path().is_some_and(|path| path.is_within("members")) {
            return 0;
        }
        self.value().and_then(Value::as_array).map_or(1, <[Value]>::len)
    }

    fn write(&self) -> Value {
        let mut object = Object::new();
        object.set("op", self.name());
        if let Some(path) = self.path() {
            object.set("path", path.to_string());
        }
        if let Some(value) = self.value() {
            object.set("value", value.clone());
        }
        Value::Object(object)
    }
}

impl PatchOp {
    /// A request of these operations, in this order.
    #[must_use]
    pub fn new(operations: Vec<PatchOperation>) -> Self {
        Self { operations }
    }

    /// One operation a change, each with its own path: the form that AWS takes.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Change, PatchOp, Path};
    ///
    /// let gone = Change::new(Path::of("title"), Some("Engineer".into()), None);
    /// let patch = PatchOp::from_changes(&[gone]);
    /// assert_eq!(patch.operations()[0].name(), "remove");
    /// ```
    #[must_use]
    pub fn from_changes(changes: &[Change]) -> Self {
        Self::new(changes.iter().map(PatchOperation::of_change).collect())
    }

    /// The same operations in as many requests as the service needs: at most [`Profile::members_per_request`] changes of members in each. A `replace`
    /// of more members cannot be split, and stays whole; [`diff`](crate::diff) writes none for a service that does not take it.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{PatchOp, Profile, ResourceId};
    ///
    /// let users: Vec<ResourceId> = (0..250).map(|user| ResourceId::new(format!("u-{user}"))).collect::<Result<_, _>>()?;
    /// let requests = PatchOp::add_members(&users).requests(&Profile::aws_iam_identity_center());
    /// assert_eq!(requests.len(), 3);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn requests(self, profile: &Profile) -> Vec<Self> {
        let most = profile.members_per_request.max(1);
        let operations = self.operations.into_iter().flat_map(PatchOperation::with_members_apart);
        let mut requests = vec![Self::new(Vec::new())];
        let mut room = most;
        for operation in operations {
            for operation in operation.in_chunks(most) {
                let members = operation.member_changes();
                if members > room {
                    requests.push(Self::new(Vec::new()));
                    room = most;
                }
                room = room.saturating_sub(members);
                if let Some(request) = requests.last_mut() {
                    request.operations.push(operation);
                }
            }
        }
        requests.retain(|request| !request.operations.is_empty());
        requests
    }

    /// Adds these users to a group, as a list of values.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{PatchOp, ResourceId};
    ///
    /// let patch = PatchOp::add_members([&ResourceId::new("u-1")?]);
    /// assert!(patch.to_json().contains(r#"{"op":"add","path":"members","value":[{"value":"u-1"}]}"#));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn add_members<'a>(users: impl IntoIterator<Item = &'a ResourceId>) -> Self {
        Self::new(vec![PatchOperation::Add { path: Some(Path::of("members")), value: members(users) }])
    }

    /// Takes these users out of a group, as a list of values: the form that AWS documents, beside which the RFC has a `valuePath` per member.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{PatchOp, ResourceId};
    ///
    /// let patch = PatchOp::remove_members([&ResourceId::new("u-1")?]);
    /// assert!(patch.to_json().contains(r#"{"op":"remove","path":"members","value":[{"value":"u-1"}]}"#));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn remove_members<'a>(users: impl IntoIterator<Item = &'a ResourceId>) -> Self {
        Self::new(vec![PatchOperation::Remove { path: Path::of("members"), value: Some(members(users)) }])
    }

    /// The operations, in order.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{PatchOp, PatchOperation, Path};
    ///
    /// let patch = PatchOp::new(vec![PatchOperation::remove(Path::of("title"))]);
    /// assert_eq!(patch.operations()[0].path(), Some(&Path::of("title")));
    /// ```
    #[must_use]
    pub fn operations(&self) -> &[PatchOperation] {
        &self.operations
    }

    /// Reads a PATCH request's body.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) if the text is not a JSON object, [`ErrorKind::Operation`](crate::ErrorKind::Operation) if it has
    /// no `Operations`, more than 2,000 of them, or one that lacks what it needs, [`ErrorKind::Path`](crate::ErrorKind::Path) if a path is none; [`Error::at`] says in
    /// which operation.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Mode, PatchOp};
    ///
    /// let error = PatchOp::from_json(br#"{"Operations":[{"op":"remove"}]}"#, Mode::Lenient).unwrap_err();
    /// assert_eq!(error.to_string(), "a remove operation must have a path at operation 0");
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn from_json(json: &[u8], mode: Mode) -> Result<Self, Error> {
        read::from_json(json, mode)
    }

    /// Reads a PATCH request's body that has been read as JSON already and is known to be one, such as the data of a bulk operation: its `schemas`
    /// need not say so.
    ///
    /// # Errors
    ///
    /// As [`PatchOp::from_json`].
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Mode, PatchOp, Resource};
    ///
    /// let data = Resource::from_json(br#"{"Operations":[{"op":"remove","path":"title"}]}"#)?;
    /// assert_eq!(PatchOp::from_resource(data, Mode::Strict)?.operations().len(), 1);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn from_resource(body: Resource, mode: Mode) -> Result<Self, Error> {
        read::from_object(Object::from(body), mode)
    }

    /// Writes the request's body as compact JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.to_value().to_string()
    }

    fn to_value(&self) -> Value {
        let mut body = Object::new();
        body.set("schemas", Value::Array(vec![SchemaUri::PATCH_OP.as_str().into()]));
        body.set("Operations", Value::Array(self.operations.iter().map(PatchOperation::write).collect()));
        Value::Object(body)
    }

    /// Applies the operations to `resource` in order and says whether anything changed (RFC 7644 section 3.5.2).
    ///
    /// If one operation fails, `resource` is left as it was, to the byte. Attribute names compare without case.
    ///
    /// - `add` and `replace` of a complex attribute set the sub-attributes that are given and leave the others; `null` takes one away.
    /// - `add` to a list adds the values that are not in it, `replace` puts its own in their place. A member that is there already is told by its
    ///   `value`, whatever its `display` is.
    /// - A value that is made primary makes the others not primary.
    /// - `remove` with a list of values, which [`Mode::Lenient`] takes, takes away those and no others. A list that is empty afterwards goes away.
    /// - An extension comes with its first attribute and goes with its last, and `schemas` names it while it is there.
    /// - A value that makes no difference is no change (sections 3.5.2.1 and 3.5.2.3), so that `meta.lastModified` need not move.
    ///
    /// # Errors
    ///
    /// [`NoAttribute`](crate::ErrorKind::NoAttribute) or [`NotMultiValued`](crate::ErrorKind::NotMultiValued) for a path that the schemas do not have,
    /// [`NoTarget`](crate::ErrorKind::NoTarget) for one that matches no value, [`Type`](crate::ErrorKind::Type) for a value of another type,
    /// [`ReadOnly`](crate::ErrorKind::ReadOnly), [`Immutable`](crate::ErrorKind::Immutable) and [`Required`](crate::ErrorKind::Required) for what
    /// must not change, [`Primary`](crate::ErrorKind::Primary) for two primary values; [`Error::at`] has the operation's index and the attribute's
    /// path, [`Error::scim_type`] the keyword for an error response.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Mode, PatchOp, PatchOperation, Path, Resource, Schemas};
    ///
    /// let mut resource = Resource::from_json(br#"{"userName":"anna@example.com","active":true}"#)?;
    /// let patch = PatchOp::new(vec![PatchOperation::replace(Path::of("active"), false)]);
    /// assert!(patch.apply(&mut resource, &Schemas::user(), Mode::Strict)?);
    /// assert!(!patch.apply(&mut resource, &Schemas::user(), Mode::Strict)?);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn apply(&self, resource: &mut Resource, schemas: &Schemas, mode: Mode) -> Result<bool, Error> {
        let mut patching = Patching::new(resource.attributes_mut(), schemas, mode, self.operations.len());
        for (index, operation) in self.operations.iter().enumerate() {
            if let Err(fault) = patching.operation(operation) {
                patching.take_back();
                return Err(located(fault, operation, index));
            }
        }
        Ok(patching.finish())
    }
}

/// A fault with the place where it was found.
fn located(fault: Fault, operation: &PatchOperation, index: usize) -> Error {
    let mut path = operation.path().map(ToString::to_string).unwrap_or_default();
    // An attribute stands behind its extension's colon, a sub-attribute behind a dot.
    let mut is_extension = operation.path().is_some_and(|path| path.attribute().attribute().is_uri());
    // A path that names a sub-attribute has the name already with which a fault of that one begins.
    let named = operation.path().and_then(Path::sub_attribute);
    let begins_with_it = fault.path.first().is_some_and(|first| named.is_some_and(|sub| sub.is(first)));
    for name in fault.path.iter().skip(usize::from(begins_with_it)) {
        if !path.is_empty() {
            path.push(if is_extension { ':' } else { '.' });
        }
        is_extension = name.contains(':');
        path.push_str(name);
    }
    let at = if path.is_empty() { Location::Operation(index) } else { Location::OperationAttribute { operation: index, path } };
    Error::new(fault.kind, at)
}

fn members<'a>(users: impl IntoIterator<Item = &'a ResourceId>) -> Value {
    Value::Array(users.into_iter().map(|id| Member::new(id).write()).collect())
}

impl Serialize for PatchOp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

impl fmt::Display for PatchOp {
    /// Writes the request's body as compact JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}
