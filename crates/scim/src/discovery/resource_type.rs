//! The types of resources that a service provider has.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{take, take_schemas, write_schemas};
use crate::complex::{Attribute, Slot, complex_value};
use crate::error::{Error, ErrorKind, Location, read_json};
use crate::resource::Resource;
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

complex_value! {
    /// An extension that resources of a type may have (RFC 7643 section 6, `schemaExtensions`).
    ///
    /// AWS says that the enterprise extension is required, and takes users without it.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{SchemaExtension, SchemaUri};
    ///
    /// let extension = SchemaExtension::new(SchemaUri::ENTERPRISE_USER, false);
    /// assert_eq!(extension.schema, Some(SchemaUri::ENTERPRISE_USER));
    /// ```
    SchemaExtension {
        /// The URI of the extension; REQUIRED by the RFC.
        schema: Option<SchemaUri> = "schema",
        /// Whether every resource of the type has it; REQUIRED by the RFC.
        required: Option<bool> = "required",
    }
}

impl SchemaExtension {
    /// An extension that every resource has, or that one may have.
    #[must_use]
    pub fn new(schema: SchemaUri, required: bool) -> Self {
        Self { schema: Some(schema), required: Some(required), ..Self::default() }
    }
}

/// A type of resource, as a service provider describes it (RFC 7643 section 6).
///
/// [`protocol::ResourceType`](crate::protocol::ResourceType) names the two types that requests are made for; this is what `/ResourceTypes`
/// answers.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{ResourceTypeDefinition, SchemaUri};
///
/// let read = ResourceTypeDefinition::from_json(
///     br#"{"name":"Badge","endpoint":"/Badges","schema":"urn:example:2.0:Badge","meta":{"resourceType":"ResourceType"}}"#,
/// )?;
/// assert_eq!(read.schema, SchemaUri::from("urn:example:2.0:Badge"));
/// assert!(read.other.get("meta").is_some());
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ResourceTypeDefinition {
    /// The identifier; often the name.
    pub id: Option<String>,
    /// The name, which `meta.resourceType` of a resource has; REQUIRED by the RFC.
    pub name: String,
    /// Where the resources are, behind the base URL, with its slash: `/Users`; REQUIRED by the RFC.
    pub endpoint: String,
    /// What the resources are.
    pub description: Option<String>,
    /// The URI of the type's own schema; REQUIRED by the RFC.
    pub schema: SchemaUri,
    /// The extensions.
    pub schema_extensions: Vec<SchemaExtension>,
    /// Members that this type does not know, and `schemas` where it is not the usual one, kept as they were read.
    pub other: Object,
}

impl ResourceTypeDefinition {
    /// A type without extensions, whose identifier is its name.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::ResourceTypeDefinition;
    ///
    /// let badge = ResourceTypeDefinition::new("Badge", "/Badges", "urn:example:2.0:Badge");
    /// assert_eq!(badge.id.as_deref(), Some("Badge"));
    /// ```
    #[must_use]
    pub fn new(name: impl Into<String>, endpoint: impl Into<String>, schema: impl Into<SchemaUri>) -> Self {
        let name = name.into();
        Self {
            id: Some(name.clone()),
            name,
            endpoint: endpoint.into(),
            description: None,
            schema: schema.into(),
            schema_extensions: Vec::new(),
            other: Object::new(),
        }
    }

    /// Users, who may have the enterprise extension (RFC 7643 sections 4.1, 4.3 and 8.6).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::ResourceTypeDefinition;
    ///
    /// let user = ResourceTypeDefinition::user();
    /// assert_eq!(user.endpoint, "/Users");
    /// assert_eq!(user.schema_extensions.len(), 1);
    /// ```
    #[must_use]
    pub fn user() -> Self {
        Self {
            description: Some("A person who has an account.".to_owned()),
            schema_extensions: vec![SchemaExtension::new(SchemaUri::ENTERPRISE_USER, false)],
            ..Self::new("User", "/Users", SchemaUri::USER)
        }
    }

    /// Groups (RFC 7643 sections 4.2 and 8.6).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{ResourceTypeDefinition, SchemaUri};
    ///
    /// assert_eq!(ResourceTypeDefinition::group().schema, SchemaUri::GROUP);
    /// ```
    #[must_use]
    pub fn group() -> Self {
        Self { description: Some("Users, and other groups, under one name.".to_owned()), ..Self::new("Group", "/Groups", SchemaUri::GROUP) }
    }

    /// Reads one of the types that a service provider answers at `/ResourceTypes`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] if the text is not a JSON object, [`ErrorKind::Definition`] if the name, the endpoint or the schema is missing, and
    /// [`ErrorKind::Type`], with the path, if a member that is known has another type.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        read(read_json(json)?)
    }

    /// Writes compact JSON.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::ResourceTypeDefinition;
    ///
    /// let written = ResourceTypeDefinition::group().to_json();
    /// assert_eq!(ResourceTypeDefinition::from_json(written.as_bytes())?, ResourceTypeDefinition::group());
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        Value::Object(write(self.clone())).to_string()
    }
}

fn read(mut object: Object) -> Result<ResourceTypeDefinition, Error> {
    let object = &mut object;
    take_schemas(object, &SchemaUri::RESOURCE_TYPE);
    // RFC 7643 section 6: these three are REQUIRED, and a type without one of them can be neither found nor read.
    let missing = |expected| Error::new(ErrorKind::Definition { expected, found: "none".to_owned() }, Location::Whole);
    Ok(ResourceTypeDefinition {
        id: take(object, "id")?,
        name: take::<Option<_>>(object, "name")?.ok_or_else(|| missing("a name"))?,
        endpoint: take::<Option<_>>(object, "endpoint")?.ok_or_else(|| missing("an endpoint"))?,
        description: take(object, "description")?,
        schema: take::<Option<_>>(object, "schema")?.ok_or_else(|| missing("a schema"))?,
        schema_extensions: take(object, "schemaExtensions")?,
        other: std::mem::take(object),
    })
}

fn write(mut definition: ResourceTypeDefinition) -> Object {
    let mut object = write_schemas(&mut definition.other, &SchemaUri::RESOURCE_TYPE);
    let members = [
        ("id", definition.id.write()),
        ("name", Some(definition.name.write())),
        ("endpoint", Some(definition.endpoint.write())),
        ("description", definition.description.write()),
        ("schema", Some(definition.schema.write())),
        ("schemaExtensions", definition.schema_extensions.write()),
    ];
    for (name, value) in members {
        if let Some(value) = value {
            object.set(name, value);
        }
    }
    for (name, value) in definition.other {
        object.set(name.as_str(), value);
    }
    object
}

impl TryFrom<Resource> for ResourceTypeDefinition {
    type Error = Error;

    /// Reads a type out of a list of them.
    ///
    /// # Errors
    ///
    /// Those of [`ResourceTypeDefinition::from_json`].
    fn try_from(resource: Resource) -> Result<Self, Error> {
        read(resource.into())
    }
}

impl From<ResourceTypeDefinition> for Resource {
    fn from(definition: ResourceTypeDefinition) -> Self {
        write(definition).into()
    }
}

impl Serialize for ResourceTypeDefinition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(self.clone()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ResourceTypeDefinition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(Object::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
