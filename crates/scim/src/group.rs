//! The typed Group.

use serde::{Serialize, Serializer};

use crate::complex::{Record, complex_value, read_resource, record, write_resource};
use crate::error::Error;
use crate::id::{ExternalId, ResourceId};
use crate::meta::Meta;
use crate::resource::Resource;
use crate::uri::SchemaUri;
use crate::value::Object;

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
        value: Option<String> = "value",
        /// The URI of that resource.
        reference: Option<String> = "$ref",
        /// The member's name, read-only.
        display: Option<String> = "display",
        /// The type of that resource: `User` or `Group`.
        kind: Option<String> = "type",
    }
}

impl Member {
    /// The member with this `id`.
    #[must_use]
    pub fn new(id: &ResourceId) -> Self {
        Self { value: Some(id.as_str().to_owned()), ..Self::default() }
    }
}

record! {
    /// A Group (RFC 7643 section 4.2).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Group;
    ///
    /// let group = Group::new("Engineering");
    /// assert_eq!(group.to_json(), r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Engineering"}"#);
    /// ```
    Group {
        /// The schemas as they were read. Where it is empty, they are written as they follow from what the group has.
        schemas: Vec<SchemaUri> = "schemas",
        /// The service provider's identifier.
        id: Option<ResourceId> = "id",
        /// The provisioning client's identifier.
        external_id: Option<ExternalId> = "externalId",
        /// What the service provider says of the resource.
        meta: Option<Meta> = "meta",
        /// The name; REQUIRED by the RFC. AWS compares it without case.
        display_name: Option<String> = "displayName",
        /// The members. AWS takes them and never gives them back, so an empty list that was read says nothing.
        members: Vec<Member> = "members",
    }
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

    /// Reads a group (RFC 7643 section 4.2) from JSON, without a generic [`Resource`] in between.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) as in [`Resource::from_json`]; [`ErrorKind::Type`](crate::ErrorKind::Type) or
    /// [`ErrorKind::Identifier`](crate::ErrorKind::Identifier) with the attribute's path if a known attribute has another type.
    ///
    /// # Examples
    ///
    /// ```
    /// let group = idbridge_scim::Group::from_json(br#"{"displayName":"Engineering","members":[{"value":"u-1"}]}"#)?;
    /// assert_eq!(group.members[0].value.as_deref(), Some("u-1"));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        read_resource(json)
    }

    /// Writes compact JSON: `schemas` first (RFC 7643 section 3), then the attributes that are there.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Group;
    ///
    /// let group = Group::new("Engineering");
    /// let read = Group::from_json(group.to_json().as_bytes())?;
    /// assert_eq!(read.display_name, group.display_name);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        // Texts, numbers and names that are texts can all be written, so there is no error to tell.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl TryFrom<Resource> for Group {
    type Error = Error;

    /// Reads the attributes that a Group has.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Type`](crate::ErrorKind::Type) or [`ErrorKind::Identifier`](crate::ErrorKind::Identifier) with the attribute's path if a
    /// known attribute has another type.
    fn try_from(resource: Resource) -> Result<Self, Error> {
        Self::from_object(Object::from(resource))
    }
}

impl From<Group> for Resource {
    fn from(group: Group) -> Self {
        Self::from(group.into_object())
    }
}

impl Serialize for Group {
    /// Writes `schemas` first, then the attributes that are there.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_resource(self, &self.schemas, &SchemaUri::GROUP, None, serializer)
    }
}
