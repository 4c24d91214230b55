//! The generic resource.

use serde::{Deserialize, Serialize};

use crate::attr_path::AttrPath;
use crate::error::{Error, ErrorKind, Location};
use crate::id::{ExternalId, ResourceId};
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

/// A SCIM resource of any type (RFC 7643 section 3): every attribute that was read, known or not.
///
/// # Examples
///
/// ```
/// use idbridge_scim::Resource;
///
/// let resource = Resource::from_json(br#"{"id":"7","userName":"anna@example.com","urn:example:2.0:Badge":{"colour":"blue"}}"#)?;
/// assert_eq!(resource.text("USERNAME"), Some("anna@example.com"));
/// assert_eq!(resource.text("urn:example:2.0:Badge:colour"), Some("blue"));
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Resource {
    attributes: Object,
}

impl Resource {
    /// A resource without attributes.
    #[must_use]
    pub const fn new() -> Self {
        Self { attributes: Object::new() }
    }

    /// Reads a resource from JSON.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] if the text is not a JSON object, nests deeper than 128 levels, or names an attribute twice.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(json).map_err(|error| Error::new(ErrorKind::Json { reason: error.to_string() }, Location::Whole))
    }

    /// Writes compact JSON, attributes in their order.
    #[must_use]
    pub fn to_json(&self) -> String {
        Value::Object(self.attributes.clone()).to_string()
    }

    /// The attributes.
    #[must_use]
    pub fn attributes(&self) -> &Object {
        &self.attributes
    }

    /// The attributes, to be changed in place.
    pub fn attributes_mut(&mut self) -> &mut Object {
        &mut self.attributes
    }

    /// The value of a top-level attribute or extension.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.attributes.get(name)
    }

    /// The value at `path`; of a multi-valued attribute's sub-attribute, the first value's.
    ///
    /// A path with a schema looks into that extension. Unassigned values are given as they are written.
    #[must_use]
    pub fn at(&self, path: &AttrPath) -> Option<&Value> {
        let holder = match path.schema() {
            Some(schema) => self.attributes.get(schema.as_str())?.as_object()?,
            None => &self.attributes,
        };
        let value = holder.get(path.attribute().as_str())?;
        match (path.sub_attribute(), value) {
            (None, value) => Some(value),
            (Some(sub), Value::Object(object)) => object.get(sub.as_str()),
            (Some(sub), Value::Array(values)) => values.first()?.as_object()?.get(sub.as_str()),
            (Some(_), _) => None,
        }
    }

    /// The text at `path`, written as an attribute path; nothing if the path is none, or what is there is no text.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        self.at(&path.parse().ok()?)?.as_str()
    }

    /// The service provider's `id`, if it is a string that can be one.
    #[must_use]
    pub fn id(&self) -> Option<ResourceId> {
        ResourceId::new(self.get("id")?.as_str()?).ok()
    }

    /// The provisioning client's `externalId`, if it is a string that can be one.
    #[must_use]
    pub fn external_id(&self) -> Option<ExternalId> {
        ExternalId::new(self.get("externalId")?.as_str()?).ok()
    }

    /// The `value` of the primary value of a multi-valued attribute, or of its first one if none is primary (RFC 7643 section 2.4).
    #[must_use]
    pub fn primary_value(&self, attribute: &str) -> Option<&str> {
        let values = self.get(attribute)?.as_array()?;
        let objects = || values.iter().filter_map(Value::as_object);
        objects()
            .find(|object| object.get("primary").and_then(Value::as_bool) == Some(true))
            .or_else(|| objects().next())?
            .get("value")?
            .as_str()
    }

    /// A resource with only the attributes at `paths`: what a rule set manages, out of what the service holds.
    ///
    /// A multi-valued attribute is kept if a path names it or a sub-attribute of it; its values then keep the sub-attributes named, and `type`
    /// and `primary`, which tell the values apart.
    #[must_use]
    pub fn project(&self, paths: &[AttrPath]) -> Self {
        let mut kept = Self::new();
        for (name, value) in self.attributes.iter() {
            let is_extension = |path: &AttrPath| path.schema().is_some_and(|schema| name.is(schema.as_str()));
            if let Value::Object(extension) = value
                && paths.iter().any(is_extension)
            {
                let inner = paths.iter().filter(|path| is_extension(path));
                let projected = project_object(extension, inner);
                if !projected.is_empty() {
                    kept.attributes.set(name.as_str(), projected);
                }
                continue;
            }
            if let Some(value) = project_attribute(name.as_str(), value, paths.iter().filter(|path| path.schema().is_none())) {
                kept.attributes.set(name.as_str(), value);
            }
        }
        kept
    }

    /// Writes `schemas` first: the core schema `core`, and the URI of every extension that is there (RFC 7643 section 3).
    #[must_use]
    pub fn with_schemas(&self, core: &SchemaUri) -> Self {
        let extensions = self.attributes.iter().filter(|(name, _)| name.as_str().contains(':')).map(|(name, _)| name.as_str());
        let schemas = std::iter::once(core.as_str()).chain(extensions).map(Value::from).collect();
        let mut written = Self::new();
        written.attributes.set("schemas", Value::Array(schemas));
        for (name, value) in self.attributes.iter().filter(|(name, _)| !name.is("schemas")) {
            written.attributes.set(name.as_str(), value.clone());
        }
        written
    }
}

impl From<Object> for Resource {
    fn from(attributes: Object) -> Self {
        Self { attributes }
    }
}

impl From<Resource> for Object {
    fn from(resource: Resource) -> Self {
        resource.attributes
    }
}

fn project_object<'a>(object: &Object, paths: impl Iterator<Item = &'a AttrPath> + Clone) -> Object {
    let mut kept = Object::new();
    for (name, value) in object.iter() {
        if let Some(value) = project_attribute(name.as_str(), value, paths.clone()) {
            kept.set(name.as_str(), value);
        }
    }
    kept
}

fn project_attribute<'a>(name: &str, value: &Value, paths: impl Iterator<Item = &'a AttrPath>) -> Option<Value> {
    let mut named = paths.filter(|path| path.attribute().is(name)).peekable();
    named.peek()?;
    let subs: Option<Vec<&str>> = named.map(|path| path.sub_attribute().map(|sub| sub.as_str())).collect();
    let Some(subs) = subs else {
        return Some(value.clone());
    };
    let keep = |object: &Object, also: &[&str]| {
        let mut kept = Object::new();
        for (name, value) in object.iter() {
            if subs.iter().chain(also).any(|sub| name.is(sub)) {
                kept.set(name.as_str(), value.clone());
            }
        }
        kept
    };
    match value {
        Value::Object(object) => Some(Value::Object(keep(object, &[]))).filter(|value| value.as_object().is_some_and(|o| !o.is_empty())),
        Value::Array(values) => {
            let values = values.iter().map(|value| match value {
                Value::Object(object) => Value::Object(keep(object, &["type", "primary"])),
                other => other.clone(),
            });
            Some(Value::Array(values.collect()))
        }
        other => Some(other.clone()),
    }
}
