//! The typed User.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::complex::{Attribute, complex_value, joined, take, take_values, write_values};
use crate::error::{Error, ErrorKind, Location};
use crate::id::{ExternalId, ResourceId};
use crate::resource::Resource;
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

complex_value! {
    /// The components of a person's name (RFC 7643 section 4.1.1, `name`).
    ///
    /// # Examples
    ///
    /// ```
    /// let name = idbridge_scim::Name::new("Anna", "Berg");
    /// assert_eq!(name.family_name.as_deref(), Some("Berg"));
    /// ```
    Name {
        /// The full name, ready to be shown.
        formatted: String = "formatted",
        /// The family name; AWS requires it.
        family_name: String = "familyName",
        /// The given name; AWS requires it.
        given_name: String = "givenName",
        /// The middle name or names.
        middle_name: String = "middleName",
        /// A title before the name, such as "Ms.".
        honorific_prefix: String = "honorificPrefix",
        /// A suffix behind the name, such as "III".
        honorific_suffix: String = "honorificSuffix",
    }
}

complex_value! {
    /// One e-mail address (RFC 7643 section 4.1.2, `emails`). AWS takes one, and it must be primary.
    ///
    /// # Examples
    ///
    /// ```
    /// let email = idbridge_scim::Email::work("anna@example.com");
    /// assert_eq!(email.primary, Some(true));
    /// ```
    Email {
        /// The address.
        value: String = "value",
        /// What it is for: `work`, `home` or `other`.
        kind: String = "type",
        /// Whether this is the preferred one of all.
        primary: bool = "primary",
    }
}

complex_value! {
    /// One telephone number (RFC 7643 section 4.1.2, `phoneNumbers`). AWS takes one.
    ///
    /// # Examples
    ///
    /// ```
    /// let phone = idbridge_scim::PhoneNumber::work("555-0100");
    /// assert_eq!(phone.kind.as_deref(), Some("work"));
    /// ```
    PhoneNumber {
        /// The number, as it is dialled.
        value: String = "value",
        /// What it is for: `work`, `home`, `mobile`, `fax`, `pager` or `other`.
        kind: String = "type",
        /// Whether this is the preferred one of all.
        primary: bool = "primary",
    }
}

complex_value! {
    /// One physical address (RFC 7643 section 4.1.2, `addresses`). AWS takes one.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut address = idbridge_scim::Address::default();
    /// address.locality = Some("Hamburg".to_owned());
    /// assert!(address.country.is_none());
    /// ```
    Address {
        /// The full address, ready to be printed.
        formatted: String = "formatted",
        /// The street and house number.
        street_address: String = "streetAddress",
        /// The city.
        locality: String = "locality",
        /// The state or region.
        region: String = "region",
        /// The postal code.
        postal_code: String = "postalCode",
        /// The country, ISO 3166-1 alpha-2 by the RFC.
        country: String = "country",
        /// What it is for: `work`, `home` or `other`.
        kind: String = "type",
        /// Whether this is the preferred one of all.
        primary: bool = "primary",
    }
}

complex_value! {
    /// The manager of a person (RFC 7643 section 4.3, `manager`).
    ///
    /// # Examples
    ///
    /// ```
    /// let mut manager = idbridge_scim::Manager::default();
    /// manager.value = Some("9067729b3d-94f1e0b3-c394-48d5-8ab1-2c122a167074".to_owned());
    /// assert!(manager.reference.is_none());
    /// ```
    Manager {
        /// The `id` of the manager's own User resource.
        value: String = "value",
        /// The URI of that resource.
        reference: String = "$ref",
        /// The manager's name; AWS does not take it.
        display_name: String = "displayName",
    }
}

complex_value! {
    /// The enterprise User extension (RFC 7643 section 4.3).
    ///
    /// # Examples
    ///
    /// ```
    /// let mut user = idbridge_scim::User::new("anna@example.com");
    /// user.enterprise.get_or_insert_default().department = Some("Cranes".to_owned());
    /// let resource = idbridge_scim::Resource::from(user);
    /// assert_eq!(resource.text("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"), Some("Cranes"));
    /// ```
    EnterpriseUser {
        /// An identifier that the organisation gave the person.
        employee_number: String = "employeeNumber",
        /// The cost center.
        cost_center: String = "costCenter",
        /// The organisation.
        organization: String = "organization",
        /// The division.
        division: String = "division",
        /// The department.
        department: String = "department",
        /// The manager.
        manager: Manager = "manager",
    }
}

complex_value! {
    /// What the service provider says of a resource (RFC 7643 section 3.1, `meta`). Read-only.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Resource, User};
    ///
    /// let read = Resource::from_json(br#"{"meta":{"resourceType":"User"}}"#)?;
    /// assert_eq!(User::try_from(read)?.meta.and_then(|meta| meta.resource_type).as_deref(), Some("User"));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    Meta {
        /// The resource type: `User` or `Group`.
        resource_type: String = "resourceType",
        /// When it was created, a dateTime.
        created: String = "created",
        /// When it was last changed, a dateTime.
        last_modified: String = "lastModified",
        /// Its URI.
        location: String = "location",
        /// Its version, an entity tag.
        version: String = "version",
    }
}

impl Name {
    /// A name of the two components that AWS requires.
    #[must_use]
    pub fn new(given_name: impl Into<String>, family_name: impl Into<String>) -> Self {
        Self { given_name: Some(given_name.into()), family_name: Some(family_name.into()), ..Self::default() }
    }
}

impl Email {
    /// The primary work address, which is the form that AWS takes.
    #[must_use]
    pub fn work(value: impl Into<String>) -> Self {
        Self { value: Some(value.into()), kind: Some("work".to_owned()), primary: Some(true), ..Self::default() }
    }
}

impl PhoneNumber {
    /// A work number.
    #[must_use]
    pub fn work(value: impl Into<String>) -> Self {
        Self { value: Some(value.into()), kind: Some("work".to_owned()), ..Self::default() }
    }
}

/// A User (RFC 7643 section 4.1 with the enterprise extension of section 4.3).
///
/// Every attribute is optional here, because a resource may be partial: a patch's result, a list page, a request before it is checked. What a
/// service provider requires is in its [`Profile`](crate::Profile). Attributes that this type does not know are kept in `other`.
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
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct User {
    /// The service provider's identifier.
    pub id: Option<ResourceId>,
    /// The provisioning client's identifier.
    pub external_id: Option<ExternalId>,
    /// What the service provider says of the resource.
    pub meta: Option<Meta>,
    /// The unique name with which the person logs in; REQUIRED by the RFC, compared without case.
    pub user_name: Option<String>,
    /// The components of the name.
    pub name: Option<Name>,
    /// The name to show.
    pub display_name: Option<String>,
    /// The casual name.
    pub nick_name: Option<String>,
    /// A page about the person.
    pub profile_url: Option<String>,
    /// The title, such as "Vice President".
    pub title: Option<String>,
    /// The relation to the organisation, such as "Employee".
    pub user_type: Option<String>,
    /// The preferred language, as in `Accept-Language`.
    pub preferred_language: Option<String>,
    /// The locale for currencies, dates and numbers.
    pub locale: Option<String>,
    /// The time zone, by its Olson name.
    pub timezone: Option<String>,
    /// Whether the person may log in.
    pub active: Option<bool>,
    /// The e-mail addresses.
    pub emails: Vec<Email>,
    /// The physical addresses.
    pub addresses: Vec<Address>,
    /// The telephone numbers.
    pub phone_numbers: Vec<PhoneNumber>,
    /// The enterprise extension.
    pub enterprise: Option<EnterpriseUser>,
    /// Attributes that this type does not know, kept as they were read.
    pub other: Object,
}

impl User {
    /// A user with a `userName` and nothing else.
    #[must_use]
    pub fn new(user_name: impl Into<String>) -> Self {
        Self { user_name: Some(user_name.into()), ..Self::default() }
    }
}

impl TryFrom<Resource> for User {
    type Error = Error;

    /// Reads the attributes that a User has; `schemas` is dropped, because it follows from them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Type`] with the attribute's path if a known attribute has another type.
    fn try_from(resource: Resource) -> Result<Self, Error> {
        let mut object = Object::from(resource);
        object.remove("schemas");
        let object = &mut object;
        let text = |object: &mut Object, name| take::<String>(object, name, "");
        let identifier = |text: Option<String>, name: &str| {
            text.map(|text| ExternalId::new(text).map_err(|error| at_attribute(&error, name))).transpose()
        };
        let id =
            take::<String>(object, "id", "")?.map(|text| ResourceId::new(text).map_err(|error| at_attribute(&error, "id"))).transpose()?;
        let enterprise = SchemaUri::ENTERPRISE_USER;
        Ok(Self {
            id,
            external_id: identifier(text(object, "externalId")?, "externalId")?,
            meta: take(object, "meta", "")?,
            user_name: text(object, "userName")?,
            name: take(object, "name", "")?,
            display_name: text(object, "displayName")?,
            nick_name: text(object, "nickName")?,
            profile_url: text(object, "profileUrl")?,
            title: text(object, "title")?,
            user_type: text(object, "userType")?,
            preferred_language: text(object, "preferredLanguage")?,
            locale: text(object, "locale")?,
            timezone: text(object, "timezone")?,
            active: take(object, "active", "")?,
            emails: take_values(object, "emails", "")?,
            addresses: take_values(object, "addresses", "")?,
            phone_numbers: take_values(object, "phoneNumbers", "")?,
            enterprise: take(object, enterprise.as_str(), "")?,
            other: std::mem::take(object),
        })
    }
}

impl From<User> for Resource {
    fn from(user: User) -> Self {
        let mut object = Object::new();
        let values = [
            ("id", user.id.map(|id| Value::String(id.into()))),
            ("externalId", user.external_id.map(|id| Value::String(id.into()))),
            ("meta", user.meta.map(Attribute::write)),
            ("userName", user.user_name.map(Value::String)),
            ("name", user.name.map(Attribute::write)),
            ("displayName", user.display_name.map(Value::String)),
            ("nickName", user.nick_name.map(Value::String)),
            ("profileUrl", user.profile_url.map(Value::String)),
            ("title", user.title.map(Value::String)),
            ("userType", user.user_type.map(Value::String)),
            ("preferredLanguage", user.preferred_language.map(Value::String)),
            ("locale", user.locale.map(Value::String)),
            ("timezone", user.timezone.map(Value::String)),
            ("active", user.active.map(Value::Boolean)),
            ("emails", write_values(user.emails)),
            ("addresses", write_values(user.addresses)),
            ("phoneNumbers", write_values(user.phone_numbers)),
            (SchemaUri::ENTERPRISE_USER.as_str(), user.enterprise.map(Attribute::write)),
        ];
        for (name, value) in values {
            if let Some(value) = value {
                object.set(name, value);
            }
        }
        for (name, value) in user.other {
            object.set(name.as_str(), value);
        }
        Self::from(object)
    }
}

impl Serialize for User {
    /// Writes `schemas` first, then the attributes that are there.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Resource::from(self.clone()).with_schemas(&SchemaUri::USER).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for User {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(Resource::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// The same error, found at the attribute `name`.
pub(crate) fn at_attribute(error: &Error, name: &str) -> Error {
    Error::new(ErrorKind::clone(error.kind()), Location::Attribute(joined("", name)))
}
