//! The generic resource.

use serde::{Deserialize, Serialize};

use crate::attr_name::AttrName;
use crate::attr_path::AttrPath;
use crate::attributes::{Attributes, View, sealed};
use crate::error::{Error, read_json};
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
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) if the text is not a JSON object, nests deeper than 127 levels, names an attribute twice, or
    /// has an object of more than 1,000 attributes.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        read_json(json)
    }

    /// Writes compact JSON, attributes in their order.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Texts, numbers and names that are texts can all be written, so there is no error to tell.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The attributes.
    #[must_use]
    pub fn attributes(&self) -> &Object {
        &self.attributes
    }

    /// The attributes, to be changed in place.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Resource;
    ///
    /// let mut user = Resource::new();
    /// user.attributes_mut().set("title", "Engineer");
    /// assert_eq!(user.to_json(), r#"{"title":"Engineer"}"#);
    /// ```
    pub fn attributes_mut(&mut self) -> &mut Object {
        &mut self.attributes
    }

    /// The value of a top-level attribute or extension.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Resource, Value};
    ///
    /// let user = Resource::from_json(br#"{"userName":"anna"}"#)?;
    /// assert_eq!(user.get("USERNAME").and_then(Value::as_str), Some("anna"));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.attributes.get(name)
    }

    /// The value at `path`; of a multi-valued attribute's sub-attribute, the first value's.
    ///
    /// A path with a schema looks into that extension. Unassigned values are given as they are written.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Resource, Value};
    ///
    /// let user = Resource::from_json(br#"{"emails":[{"primary":true}]}"#)?;
    /// assert_eq!(user.at(&"emails.primary".parse()?), Some(&Value::Boolean(true)));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn at(&self, path: &AttrPath) -> Option<&Value> {
        let holder = match path.extension() {
            Some(schema) => match self.attributes.get(schema.as_str()) {
                Some(extension) => extension.as_object()?,
                // The URI of an extension looks like an attribute of a shorter one.
                None if path.sub_attribute().is_none() => return self.attributes.get(&path.to_string()),
                None => return None,
            },
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
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Resource;
    ///
    /// let user = Resource::from_json(br#"{"emails":[{"value":"a@example.com"},{"value":"b@example.com","primary":true}]}"#)?;
    /// assert_eq!(user.primary_value("emails"), Some("b@example.com"));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
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
    /// and `primary`, which tell the values apart. A complex attribute or an extension of which nothing is named is left out.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttrPath, Resource};
    ///
    /// let held = Resource::from_json(br#"{"id":"7","title":"Engineer","name":{"givenName":"Anna","formatted":"Anna Berg"}}"#)?;
    /// let paths: [AttrPath; 2] = ["title".parse()?, "name.givenName".parse()?];
    /// assert_eq!(held.project(&paths).to_json(), r#"{"title":"Engineer","name":{"givenName":"Anna"}}"#);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn project(&self, paths: &[AttrPath]) -> Self {
        let mut kept = Object::with_capacity(self.attributes.len());
        for (name, value) in self.attributes.iter() {
            let projected = match project_attribute(name, value, None, paths) {
                None if name.is_uri() => project_extension(name, value, paths),
                projected => projected,
            };
            if let Some(value) = projected {
                kept.push(name.clone(), value);
            }
        }
        Self::from(kept)
    }

    /// Writes `schemas` first: the core schema `core`, and the URI of every extension that has a value (RFC 7643 section 3).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Resource, SchemaUri};
    ///
    /// let user = Resource::from_json(br#"{"userName":"anna@example.com"}"#)?;
    /// assert!(user.with_schemas(&SchemaUri::USER).to_json().starts_with(r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"#));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn with_schemas(&self, core: &SchemaUri) -> Self {
        let is_extension = |(name, value): &(&AttrName, &Value)| name.is_uri() && !value.is_unassigned();
        let extensions = self.attributes.iter().filter(is_extension).map(|(name, _)| name.as_str());
        let schemas = std::iter::once(core.as_str()).chain(extensions).map(Value::from).collect();
        let mut written = Object::with_capacity(self.attributes.len() + 1);
        written.push(AttrName::from_static("schemas"), Value::Array(schemas));
        for (name, value) in self.attributes.iter().filter(|(name, _)| !name.is("schemas")) {
            written.push(name.clone(), value.clone());
        }
        Self::from(written)
    }
}

impl sealed::Sealed for Resource {}

impl Attributes for Resource {
    fn view(&self, name: &str) -> View<'_> {
        self.attributes.view(name)
    }

    fn is_unassigned(&self) -> bool {
        self.attributes.is_unassigned()
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

/// What `paths` name in the extension `uri`.
fn project_extension(uri: &AttrName, value: &Value, paths: &[AttrPath]) -> Option<Value> {
    let extension = value.as_object()?;
    let mut kept = Object::with_capacity(extension.len());
    for (name, value) in extension.iter() {
        if let Some(value) = project_attribute(name, value, Some(uri), paths) {
            kept.push(name.clone(), value);
        }
    }
    (!kept.is_empty()).then_some(Value::Object(kept))
}

/// What `paths` name of the attribute `name` in `extension`, or of the core attribute.
fn project_attribute(name: &AttrName, value: &Value, extension: Option<&AttrName>, paths: &[AttrPath]) -> Option<Value> {
    let is_in = |path: &AttrPath| match (path.extension(), extension) {
        (None, None) => true,
        (Some(schema), Some(uri)) => uri.is(schema.as_str()),
        _ => false,
    };
    let mut is_named = false;
    let mut subs = Vec::new();
    // Names are short and mostly differ in length, schemas are long and mostly equal: names are compared first.
    for path in paths.iter().filter(|path| path.attribute() == name && is_in(path)) {
        is_named = true;
        match path.sub_attribute() {
            Some(sub) => subs.push(sub),
            None => return Some(value.clone()),
        }
    }
    if !is_named {
        return None;
    }
    let names_sub = |sub: &AttrName| subs.contains(&sub);
    let tells_apart = |sub: &AttrName| sub.is("type") || sub.is("primary");
    match value {
        Value::Object(object) => {
            let kept = part(object, names_sub);
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        Value::Array(values) => {
            let values = values.iter().map(|value| match value {
                Value::Object(object) => Value::Object(part(object, |sub| names_sub(sub) || tells_apart(sub))),
                other => other.clone(),
            });
            Some(Value::Array(values.collect()))
        }
        other => Some(other.clone()),
    }
}

/// The sub-attributes of `object` that pass `keeps`.
fn part(object: &Object, keeps: impl Fn(&AttrName) -> bool) -> Object {
    let mut kept = Object::with_capacity(object.len());
    for (name, value) in object.iter().filter(|(name, _)| keeps(name)) {
        kept.push(name.clone(), value.clone());
    }
    kept
}
