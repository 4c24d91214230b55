//! The typed Group.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::complex::{Attribute, complex_value, take, take_values, write_values};
use crate::error::Error;
use crate::id::{ExternalId, ResourceId};
use crate::resource::Resource;
use crate::uri::SchemaUri;
use crate::user::{Meta, at_attribute};
use crate::value::{Object, Value};

complex_value! {
    /// One member of a group (RFC 7643 section 4.2, `members`).
    ///
    /// # Examples
    ///
    /// ```
    /// let id = idbridge_scim::ResourceId::new("9067729b3d-94f1e0b3-c394-48d5-8ab1-2c122a167074")?;
    /// let member = idbridge_scim::Member::new(&id);
    /// assert_eq!(member.value.as_deref(), Some(id.as_str()));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    Member {
        /// The `id` of the member's own resource.
        value: String = "value",
        /// The URI of that resource.
        reference: String = "$ref",
        /// The type of that resource: `User` or `Group`.
        kind: String = "type",
    }
}

impl Member {
    /// The member with this `id`.
    #[must_use]
    pub fn new(id: &ResourceId) -> Self {
        Self { value: Some(id.as_str().to_owned()), ..Self::default() }
    }
}

/// A Group (RFC 7643 section 4.2).
///
/// # Examples
///
/// ```
/// use idbridge_scim::Group;
///
/// let group = Group::new("Engineering");
/// assert_eq!(
///     serde_json::to_string(&group)?,
///     r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Engineering"}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Group {
    /// The service provider's identifier.
    pub id: Option<ResourceId>,
    /// The provisioning client's identifier.
    pub external_id: Option<ExternalId>,
    /// What the service provider says of the resource.
    pub meta: Option<Meta>,
    /// The name; REQUIRED by the RFC. AWS compares it without case.
    pub display_name: Option<String>,
    /// The members. AWS takes them and never gives them back, so an empty list that was read says nothing.
    pub members: Vec<Member>,
    /// Attributes that this type does not know, kept as they were read.
    pub other: Object,
}

impl Group {
    /// A group with a `displayName` and nothing else.
    ///
    /// # Examples
    ///
    /// ```
    /// let group = idbridge_scim::Group::new("Engineering");
    /// assert_eq!(group.display_name.as_deref(), Some("Engineering"));
    /// assert!(group.members.is_empty());
    /// ```
    #[must_use]
    pub fn new(display_name: impl Into<String>) -> Self {
        Self { display_name: Some(display_name.into()), ..Self::default() }
    }
}

impl TryFrom<Resource> for Group {
    type Error = Error;

    /// Reads the attributes that a Group has; `schemas` is dropped, because it follows from them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Type`](crate::ErrorKind::Type) with the attribute's path if a known attribute has another type.
    fn try_from(resource: Resource) -> Result<Self, Error> {
        let mut object = Object::from(resource);
        object.remove("schemas");
        let object = &mut object;
        Ok(Self {
            id: take::<String>(object, "id", "")?
                .map(|text| ResourceId::new(text).map_err(|error| at_attribute(&error, "id")))
                .transpose()?,
            external_id: take::<String>(object, "externalId", "")?
                .map(|text| ExternalId::new(text).map_err(|error| at_attribute(&error, "externalId")))
                .transpose()?,
            meta: take(object, "meta", "")?,
            display_name: take(object, "displayName", "")?,
            members: take_values(object, "members", "")?,
            other: std::mem::take(object),
        })
    }
}

impl From<Group> for Resource {
    fn from(group: Group) -> Self {
        let mut object = Object::new();
        let values = [
            ("id", group.id.map(|id| Value::String(id.into()))),
            ("externalId", group.external_id.map(|id| Value::String(id.into()))),
            ("meta", group.meta.map(Attribute::write)),
            ("displayName", group.display_name.map(Value::String)),
            ("members", write_values(group.members)),
        ];
        for (name, value) in values {
            if let Some(value) = value {
                object.set(name, value);
            }
        }
        for (name, value) in group.other {
            object.set(name.as_str(), value);
        }
        Self::from(object)
    }
}

impl Serialize for Group {
    /// Writes `schemas` first, then the attributes that are there.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Resource::from(self.clone()).with_schemas(&SchemaUri::GROUP).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Group {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(Resource::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
