//! PATCH: operations, and what changes between two resources.

mod apply;
mod diff;

use std::fmt;

use serde::{Serialize, Serializer};

pub use diff::{Change, diff};

use crate::complex::Attribute;
use crate::error::{Error, ErrorKind, Location, excerpt};
use crate::group::Member;
use crate::id::ResourceId;
use crate::path::Path;
use crate::resource::Resource;
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

/// A PATCH request's body (RFC 7644 section 3.5.2).
///
/// # Examples
///
/// ```
/// use idbridge_scim::{PatchOp, PatchOperation, Path};
///
/// let patch = PatchOp::new(vec![PatchOperation::replace(Path::of("active"), false)]);
/// let text = patch.to_json();
/// assert!(text.contains(r#"{"op":"replace","path":"active","value":false}"#));
/// assert_eq!(PatchOp::from_json(text.as_bytes())?, patch);
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
#[derive(Debug, Clone, PartialEq)]
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

impl PatchOperation {
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

    fn read(value: Value, index: usize) -> Result<Self, Error> {
        let invalid = |expected, found: String| Error::new(ErrorKind::Operation { expected, found }, Location::Operation(index));
        let Value::Object(mut object) = value else {
            return Err(invalid("an object", value.type_name().to_owned()));
        };
        let path = match object.remove("path") {
            None => None,
            Some(Value::String(text)) => Some(text.parse::<Path>().map_err(|error| {
                let detail = format!("{:?} ({error})", excerpt(&text));
                invalid("a path of RFC 7644 section 3.5.2", detail)
            })?),
            Some(other) => return Err(invalid("a path that is a string", other.type_name().to_owned())),
        };
        let value = object.remove("value");
        let operation = match object.remove("op") {
            Some(Value::String(operation)) => operation,
            Some(other) => return Err(invalid("an op that is a string", other.type_name().to_owned())),
            None => return Err(invalid("an op", "none".to_owned())),
        };
        // Entra ID writes Add, Replace and Remove, and AWS takes them.
        match operation.to_ascii_lowercase().as_str() {
            "remove" => match path {
                // RFC 7644 section 3.5.2.2: "If path is unspecified, the operation fails".
                None => Err(invalid("a path", "none".to_owned())),
                Some(path) => Ok(Self::Remove { path, value }),
            },
            "add" | "replace" => {
                let value = value.ok_or_else(|| invalid("a value", "none".to_owned()))?;
                if path.is_none() && value.as_object().is_none() {
                    return Err(invalid("an object of attributes where there is no path", value.type_name().to_owned()));
                }
                Ok(if operation.eq_ignore_ascii_case("add") { Self::Add { path, value } } else { Self::Replace { path, value } })
            }
            _ => Err(invalid("the op add, remove or replace", excerpt(&operation))),
        }
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
        let operations = changes.iter().map(|change| match change.after() {
            Some(value) => PatchOperation::replace(change.path().clone(), value.clone()),
            None => PatchOperation::remove(change.path().clone()),
        });
        Self::new(operations.collect())
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
    #[must_use]
    pub fn operations(&self) -> &[PatchOperation] {
        &self.operations
    }

    /// Reads a PATCH request's body.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] if the text is not a JSON object with `Operations`, [`ErrorKind::Operation`] if one of them lacks what it needs;
    /// [`Error::at`] is then its index.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let mut body = Object::from(Resource::from_json(json)?);
        let operations = match body.remove("Operations") {
            Some(Value::Array(operations)) => operations,
            Some(other) => return Err(no_operations(other.type_name())),
            None => return Err(no_operations("none")),
        };
        let operations = operations.into_iter().enumerate().map(|(index, value)| PatchOperation::read(value, index));
        Ok(Self { operations: operations.collect::<Result<_, _>>()? })
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
    /// If one operation fails, `resource` is left as it was. Attribute names compare without case.
    ///
    /// - `add` and `replace` of a complex attribute set the sub-attributes that are given and leave the others.
    /// - `add` to a list adds the values that are not in it, `replace` puts its own in their place.
    /// - `remove` with a list of values takes away those of the same `value`; a list that is empty afterwards goes away.
    /// - An extension comes with its first attribute and goes with its last.
    ///
    /// No schema is known here: what is multi-valued is seen from what is there, so a list's first value must come in an array.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoTarget`] if a path's filter matches no value, [`ErrorKind::Type`] if a value has another type than the target asks for;
    /// [`Error::at`] is the operation's index.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{PatchOp, PatchOperation, Path, Resource};
    ///
    /// let mut resource = Resource::from_json(br#"{"userName":"anna@example.com","active":true}"#)?;
    /// let patch = PatchOp::new(vec![PatchOperation::replace(Path::of("active"), false)]);
    /// assert!(patch.apply(&mut resource)?);
    /// assert!(!patch.apply(&mut resource)?);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn apply(&self, resource: &mut Resource) -> Result<bool, Error> {
        let mut patched = resource.clone();
        for (index, operation) in self.operations.iter().enumerate() {
            apply::operation(operation, &mut patched).map_err(|kind| Error::new(kind, Location::Operation(index)))?;
        }
        let changed = patched != *resource;
        *resource = patched;
        Ok(changed)
    }
}

fn members<'a>(users: impl IntoIterator<Item = &'a ResourceId>) -> Value {
    Value::Array(users.into_iter().map(|id| Member::new(id).write()).collect())
}

fn no_operations(found: &str) -> Error {
    let expected = "a list named Operations";
    Error::new(ErrorKind::Operation { expected, found: found.to_owned() }, Location::Whole)
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
