//! The schemas that every service provider has, and the attributes that every resource has.

use std::borrow::Cow;

use super::define::{Words, complex, reference, simple, text};
use super::{AttributeDefinition, AttributeType, Returned, Schema};
use super::{group, meta, user};

const URI: Words = &[Cow::Borrowed("uri")];

static META: [AttributeDefinition; 5] = [
    text("resourceType", "The name of the resource's type.").exact().read_only(),
    simple("created", AttributeType::DateTime, "When the resource was made.").read_only(),
    simple("lastModified", AttributeType::DateTime, "When the resource was last changed.").read_only(),
    // RFC 7643 section 2.3.7: a reference is compared with case.
    reference("location", "Where the resource is.", URI).exact().read_only(),
    text("version", "The version of the resource, as an entity tag.").exact().read_only(),
];

/// The attributes of every resource (RFC 7643 section 3.1, and section 3 for `schemas`); no schema lists them.
pub(crate) static COMMON: [AttributeDefinition; 4] = [
    // RFC 7643 section 3.1: the id MUST NOT be specified by the client, so it is not required of one.
    text("id", "The service provider's identifier.").exact().read_only().given(Returned::Always).unique(),
    text("externalId", "The provisioning client's identifier.").exact(),
    complex("meta", "What the service provider says of the resource.", &META).read_only(),
    reference("schemas", "The schemas that the resource follows.", URI).many().needed().given(Returned::Always),
];

impl Schema {
    /// The core User (RFC 7643 sections 4.1 and 8.7.1).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Mutability, Returned, Schema};
    ///
    /// let password = Schema::user().attribute("password").ok_or("no password")?;
    /// assert_eq!((password.mutability, password.returned), (Mutability::WriteOnly, Returned::Never));
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn user() -> &'static Self {
        &user::USER
    }

    /// The core Group (RFC 7643 sections 4.2 and 8.7.1).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Schema;
    ///
    /// assert_eq!(Schema::group().attribute("displayName").map(|name| name.required), Some(true));
    /// ```
    #[must_use]
    pub fn group() -> &'static Self {
        &group::GROUP
    }

    /// The enterprise extension of the User (RFC 7643 sections 4.3 and 8.7.1).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttributeType, Schema};
    ///
    /// let manager = Schema::enterprise_user().attribute("manager");
    /// assert_eq!(manager.map(|manager| manager.attribute_type), Some(AttributeType::Complex));
    /// ```
    #[must_use]
    pub fn enterprise_user() -> &'static Self {
        &user::ENTERPRISE_USER
    }

    /// What a service provider can do (RFC 7643 sections 5 and 8.7.2, RFC 9865 section 2.4).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Schema;
    ///
    /// assert!(Schema::service_provider_config().attribute("pagination").is_some());
    /// ```
    #[must_use]
    pub fn service_provider_config() -> &'static Self {
        &meta::SERVICE_PROVIDER_CONFIG
    }

    /// A type of resource (RFC 7643 sections 6 and 8.7.2).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Schema;
    ///
    /// assert_eq!(Schema::resource_type().attribute("endpoint").map(|endpoint| endpoint.required), Some(true));
    /// ```
    #[must_use]
    pub fn resource_type() -> &'static Self {
        &meta::RESOURCE_TYPE
    }

    /// A schema itself (RFC 7643 sections 7 and 8.7.2).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Schema;
    ///
    /// let attributes = Schema::schema().attribute("attributes").ok_or("no attributes")?;
    /// assert!(attributes.sub_attribute("subAttributes").is_some());
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    #[expect(clippy::self_named_constructors, reason = "each function here has the name of its schema, and this schema's is Schema")]
    pub fn schema() -> &'static Self {
        &meta::SCHEMA
    }

    /// The attributes that every resource has and no schema lists: `id`, `externalId`, `meta` and `schemas` (RFC 7643 sections 3 and 3.1).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Mutability, Schema};
    ///
    /// let id = Schema::common_attributes().iter().find(|attribute| attribute.name.is("id"));
    /// assert_eq!(id.map(|id| id.mutability), Some(Mutability::ReadOnly));
    /// ```
    #[must_use]
    pub fn common_attributes() -> &'static [AttributeDefinition] {
        &COMMON
    }
}
