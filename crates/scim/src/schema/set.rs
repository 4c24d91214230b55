//! The schemas of one resource type.

use std::borrow::Cow;

use crate::attr_path::AttrPath;
use crate::error::{Error, Location};
use crate::patch::check_path;
use crate::path::Path;
use crate::protocol::ResourceType;
use crate::schema::core::COMMON;
use crate::schema::{AttributeDefinition, Schema};
use crate::uri::SchemaUri;

/// The schemas that the resources of one type follow: a core schema and its extensions (RFC 7643 section 6).
///
/// The common attributes of RFC 7643 section 3.1 (`id`, `externalId`, `meta`, `schemas`) belong to every set.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{Mutability, Schemas};
///
/// let schemas = Schemas::user();
/// let manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName".parse()?;
/// assert_eq!(schemas.definition(&manager).map(|attribute| attribute.mutability), Some(Mutability::ReadOnly));
/// assert!(schemas.definition(&"shoeSize".parse()?).is_none());
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Schemas {
    core: Cow<'static, Schema>,
    extensions: Vec<Cow<'static, Schema>>,
}

impl Schemas {
    /// A core schema and its extensions.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Schema, Schemas, SchemaUri};
    ///
    /// let badge = Schema::new("urn:example:2.0:Badge", "Badge", vec![]);
    /// let schemas = Schemas::new(Schema::user().clone(), vec![badge]);
    /// assert!(schemas.extension(&SchemaUri::from("urn:example:2.0:Badge")).is_some());
    /// ```
    #[must_use]
    pub fn new(core: Schema, extensions: Vec<Schema>) -> Self {
        Self { core: Cow::Owned(core), extensions: extensions.into_iter().map(Cow::Owned).collect() }
    }

    /// The User with the enterprise extension (RFC 7643 sections 4.1 and 4.3).
    #[must_use]
    pub fn user() -> Self {
        Self { core: Cow::Borrowed(Schema::user()), extensions: vec![Cow::Borrowed(Schema::enterprise_user())] }
    }

    /// The Group (RFC 7643 section 4.2).
    #[must_use]
    pub fn group() -> Self {
        Self { core: Cow::Borrowed(Schema::group()), extensions: Vec::new() }
    }

    /// The schemas of `resource_type` in RFC 7643.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Schemas, protocol::ResourceType};
    ///
    /// assert_eq!(Schemas::of(ResourceType::Group), Schemas::group());
    /// ```
    #[must_use]
    pub fn of(resource_type: ResourceType) -> Self {
        match resource_type {
            ResourceType::User => Self::user(),
            ResourceType::Group => Self::group(),
        }
    }

    /// The core schema.
    #[must_use]
    pub fn core(&self) -> &Schema {
        &self.core
    }

    /// The extensions.
    pub fn extensions(&self) -> impl Iterator<Item = &Schema> {
        self.extensions.iter().map(Cow::as_ref)
    }

    /// The extension of this URI.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{SchemaUri, Schemas};
    ///
    /// assert!(Schemas::user().extension(&SchemaUri::ENTERPRISE_USER).is_some());
    /// assert!(Schemas::group().extension(&SchemaUri::ENTERPRISE_USER).is_none());
    /// ```
    #[must_use]
    pub fn extension(&self, uri: &SchemaUri) -> Option<&Schema> {
        self.extensions().find(|schema| schema.id == *uri)
    }

    /// The attribute or sub-attribute that `path` names.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Schemas;
    ///
    /// let primary = "emails.primary".parse()?;
    /// assert_eq!(Schemas::user().definition(&primary).map(|attribute| attribute.multi_valued), Some(false));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn definition(&self, path: &AttrPath) -> Option<&AttributeDefinition> {
        let attribute = match path.schema() {
            Some(uri) if *uri == self.core.id => self.top_level(path.attribute().as_str())?,
            Some(uri) => self.extension(uri)?.attribute(path.attribute().as_str())?,
            None => self.top_level(path.attribute().as_str())?,
        };
        match path.sub_attribute() {
            None => Some(attribute),
            Some(sub) => attribute.sub_attribute(sub.as_str()),
        }
    }

    /// Refuses a path that names what these schemas do not have; its grammar says nothing of that.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoAttribute`](crate::ErrorKind::NoAttribute) for an attribute or sub-attribute that no schema has, also in the filter; [`ErrorKind::NotMultiValued`](crate::ErrorKind::NotMultiValued) for a filter
    /// behind an attribute of one value.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Schemas;
    ///
    /// let error = Schemas::user().check_path(&"emails[kind eq \"work\"]".parse()?).unwrap_err();
    /// assert_eq!(error.to_string(), "no schema of the resource has this attribute at emails[kind eq \"work\"]");
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn check_path(&self, path: &Path) -> Result<(), Error> {
        check_path(self, path).map_err(|kind| Error::new(kind, Location::Attribute(path.to_string())))
    }

    /// A common attribute, or one of the core schema.
    pub(crate) fn top_level(&self, name: &str) -> Option<&AttributeDefinition> {
        self.core.attribute(name).or_else(|| COMMON.iter().find(|attribute| attribute.name.is(name)))
    }

    /// The extension whose URI is `name`.
    pub(crate) fn extension_named(&self, name: &str) -> Option<&Schema> {
        self.extensions().find(|schema| schema.id.as_str().eq_ignore_ascii_case(name))
    }
}
