//! The typed User.

use serde::{Serialize, Serializer};

use crate::complex::{Record, read_resource, record, write_resource};
use crate::contact::{Address, Email, InstantMessagingAddress, Name, PhoneNumber, Photo};
use crate::enterprise_user::EnterpriseUser;
use crate::entitlement::{Entitlement, GroupMembership, Role, X509Certificate};
use crate::error::Error;
use crate::id::{ExternalId, ResourceId};
use crate::meta::Meta;
use crate::password::Password;
use crate::resource::Resource;
use crate::uri::SchemaUri;
use crate::value::Object;

record! {
    /// A User (RFC 7643 section 4.1 with the enterprise extension of section 4.3).
    ///
    /// Every attribute is optional here, because a resource may be partial: a patch's result, a list page, a request before it is checked. What
    /// a service provider requires is in its [`Profile`](crate::Profile). Attributes that this type does not know are kept in `other`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Email, Resource, User};
    ///
    /// let mut user = User::new("anna@example.com");
    /// user.emails.push(Email::work("anna@example.com"));
    /// let resource = Resource::from(user.clone());
    /// assert_eq!(resource.text("emails.value"), Some("anna@example.com"));
    /// assert_eq!(User::try_from(resource)?, user);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    User {
        /// The schemas as they were read. Where it is empty, they are written as they follow from what the user has.
        schemas: Vec<SchemaUri> = "schemas",
        /// The service provider's identifier.
        id: Option<ResourceId> = "id",
        /// The provisioning client's identifier.
        external_id: Option<ExternalId> = "externalId",
        /// What the service provider says of the resource.
        meta: Option<Meta> = "meta",
        /// The unique name with which the person logs in; REQUIRED by the RFC, compared without case.
        user_name: Option<String> = "userName",
        /// The components of the name.
        name: Option<Name> = "name",
        /// The name to show.
        display_name: Option<String> = "displayName",
        /// The casual name.
        nick_name: Option<String> = "nickName",
        /// A page about the person.
        profile_url: Option<String> = "profileUrl",
        /// The title, such as "Vice President".
        title: Option<String> = "title",
        /// The relation to the organisation, such as "Employee".
        user_type: Option<String> = "userType",
        /// The preferred language, as in `Accept-Language`.
        preferred_language: Option<String> = "preferredLanguage",
        /// The locale for currencies, dates and numbers.
        locale: Option<String> = "locale",
        /// The time zone, by its Olson name.
        timezone: Option<String> = "timezone",
        /// Whether the person may log in.
        active: Option<bool> = "active",
        /// The password in clear text, which is written and never returned.
        password: Option<Password> = "password",
        /// The e-mail addresses.
        emails: Vec<Email> = "emails",
        /// The physical addresses.
        addresses: Vec<Address> = "addresses",
        /// The telephone numbers.
        phone_numbers: Vec<PhoneNumber> = "phoneNumbers",
        /// The instant messaging addresses.
        ims: Vec<InstantMessagingAddress> = "ims",
        /// The photos, by their URIs.
        photos: Vec<Photo> = "photos",
        /// The groups that the person is in; read-only.
        groups: Vec<GroupMembership> = "groups",
        /// What the person has a right to.
        entitlements: Vec<Entitlement> = "entitlements",
        /// The roles.
        roles: Vec<Role> = "roles",
        /// The certificates.
        x509_certificates: Vec<X509Certificate> = "x509Certificates",
        /// The enterprise extension.
        enterprise: Option<EnterpriseUser> = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    }
}

impl User {
    /// A user with a `userName` and nothing else.
    #[must_use]
    pub fn new(user_name: impl Into<String>) -> Self {
        Self { user_name: Some(user_name.into()), ..Self::default() }
    }

    /// Reads a user (RFC 7643 section 4.1) from JSON, without a generic [`Resource`] in between.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) as in [`Resource::from_json`]; [`ErrorKind::Type`](crate::ErrorKind::Type) or
    /// [`ErrorKind::Identifier`](crate::ErrorKind::Identifier) with the attribute's path if a known attribute has another type.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Location, User};
    ///
    /// let user = User::from_json(br#"{"USERNAME":"anna@example.com","emails":null}"#)?;
    /// assert_eq!(user, User::new("anna@example.com"));
    /// let error = User::from_json(br#"{"name":{"givenName":7}}"#).unwrap_err();
    /// assert_eq!(error.at(), &Location::Attribute("name.givenName".to_owned()));
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
    /// let user = idbridge_scim::User::new("anna@example.com");
    /// assert_eq!(user.to_json(), r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"anna@example.com"}"#);
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        // Texts, numbers and names that are texts can all be written, so there is no error to tell.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl TryFrom<Resource> for User {
    type Error = Error;

    /// Reads the attributes that a User has.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Type`](crate::ErrorKind::Type) or [`ErrorKind::Identifier`](crate::ErrorKind::Identifier) with the attribute's path if a
    /// known attribute has another type.
    fn try_from(resource: Resource) -> Result<Self, Error> {
        Self::from_object(Object::from(resource))
    }
}

impl From<User> for Resource {
    fn from(user: User) -> Self {
        Self::from(user.into_object())
    }
}

impl Serialize for User {
    /// Writes `schemas` first, then the attributes that are there.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let extension = self.enterprise.as_ref().map(|_| &SchemaUri::ENTERPRISE_USER);
        write_resource(self, &self.schemas, &SchemaUri::USER, extension, serializer)
    }
}
