//! Attribute paths: `attrPath` of RFC 7644 section 3.4.2.2.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::attr_name::AttrName;
use crate::error::{Error, ErrorKind, Location, excerpt};
use crate::uri::SchemaUri;

/// The path of an attribute: `[URI ":"] ATTRNAME ["." subAttr]` (RFC 7644 section 3.4.2.2, rule `attrPath`). One that exists is well-formed.
///
/// The URI of a schema alone is a path too: it names the extension as a whole, or the resource itself. Two paths are equal if they name the same
/// attribute, so the URIs of the core User and Group may be there or not (RFC 7644 section 3.10).
///
/// # Examples
///
/// ```
/// use idbridge_scim::{AttrPath, SchemaUri};
///
/// let path: AttrPath = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value".parse()?;
/// assert_eq!(path.schema(), Some(&SchemaUri::ENTERPRISE_USER));
/// assert_eq!(path.attribute().as_str(), "manager");
/// assert_eq!(path.to_string(), "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value");
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, Eq)]
pub struct AttrPath {
    schema: Option<SchemaUri>,
    attribute: AttrName,
    sub_attribute: Option<AttrName>,
}

impl AttrPath {
    /// The path of an attribute of the core schema whose name is known when the program is written; any other is read from its text.
    ///
    /// # Panics
    ///
    /// If `name` is no attribute name, as [`AttrName::from_static`] does, or is a URI; in a constant, when the program is built.
    ///
    /// # Examples
    ///
    /// ```
    /// const TITLE: idbridge_scim::AttrPath = idbridge_scim::AttrPath::of("title");
    /// assert_eq!(TITLE.to_string(), "title");
    /// ```
    #[must_use]
    pub const fn of(name: &'static str) -> Self {
        Self { schema: None, attribute: AttrName::plain(name), sub_attribute: None }
    }

    /// The path of an attribute of the enterprise extension (RFC 7643 section 4.3).
    ///
    /// # Panics
    ///
    /// If `name` is no attribute name, as [`AttrName::from_static`] does, or is a URI; in a constant, when the program is built.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::AttrPath;
    ///
    /// let path = AttrPath::of_enterprise_user("department");
    /// assert_eq!(path.to_string(), "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department");
    /// ```
    #[must_use]
    pub const fn of_enterprise_user(name: &'static str) -> Self {
        Self { schema: Some(SchemaUri::ENTERPRISE_USER), attribute: AttrName::plain(name), sub_attribute: None }
    }

    /// The sub-attribute `name` of this attribute.
    ///
    /// # Panics
    ///
    /// If `name` is no attribute name, as [`AttrName::from_static`] does, or is a URI; and if this path names a sub-attribute already, or a whole
    /// schema, for neither has sub-attributes (RFC 7644 section 3.4.2.2).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::AttrPath;
    ///
    /// assert_eq!(AttrPath::of("name").then("givenName").to_string(), "name.givenName");
    /// ```
    #[must_use]
    pub fn then(self, name: &'static str) -> Self {
        assert!(self.sub_attribute.is_none(), "a sub-attribute has no sub-attributes");
        assert!(!self.attribute.is_uri(), "a whole schema has no sub-attributes");
        self.with_sub_attribute(AttrName::plain(name))
    }

    /// The same attribute in the schema `uri`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Path`] if `uri` is no URN with a namespace and a name, for then no path could be written of it; and if this path names a whole
    /// schema, or would be read as one.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttrPath, SchemaUri};
    ///
    /// let path = AttrPath::of("department").in_schema(SchemaUri::ENTERPRISE_USER)?;
    /// assert_eq!(path.to_string(), "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department");
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn in_schema(mut self, uri: SchemaUri) -> Result<Self, Error> {
        let invalid = |expected, found| Error::new(ErrorKind::Path { expected, found: excerpt(found) }, Location::Whole);
        let is_well_formed = AttrName::new(uri.as_str()).is_ok_and(|name| name.is_uri());
        // RFC 8141 section 2: `"urn" ":" NID ":" NSS`, none of them empty.
        let named = uri.as_str().get(4..).and_then(|rest| rest.split_once(':'));
        if !is_well_formed || named.is_none_or(|(namespace, name)| namespace.is_empty() || name.is_empty()) {
            return Err(invalid("the URN of a schema", uri.as_str()));
        }
        if self.attribute.is_uri() || SchemaUri::is_known(&format!("{uri}:{}", self.attribute)) {
            return Err(invalid("an attribute and not a whole schema", self.attribute.as_str()));
        }
        self.schema = Some(uri);
        Ok(self)
    }

    /// The path of an attribute that a resource has, even if its name is one that the grammar does not have, such as one with a space: it can be
    /// shown, and [`PatchOp`](crate::PatchOp) writes it without a path.
    pub(crate) fn kept(extension: Option<&AttrName>, attribute: &AttrName) -> Self {
        Self { schema: extension.map(|uri| SchemaUri::from(uri.as_str())), attribute: attribute.clone(), sub_attribute: None }
    }

    /// Whether the grammar has this path.
    pub(crate) fn is_well_formed(&self) -> bool {
        let is_urn = |uri: &SchemaUri| AttrName::new(uri.as_str()).is_ok_and(|name| name.is_uri());
        self.schema.as_ref().is_none_or(is_urn)
            && self.attribute.is_well_formed()
            && self.sub_attribute.as_ref().is_none_or(AttrName::is_well_formed)
    }

    /// The sub-attribute `name`, which is well-formed.
    pub(crate) fn with_sub_attribute(mut self, name: AttrName) -> Self {
        self.sub_attribute = Some(name);
        self
    }

    /// The schema, where the path names one.
    #[must_use]
    pub fn schema(&self) -> Option<&SchemaUri> {
        self.schema.as_ref()
    }

    /// The extension that holds the attribute; `None` for an attribute of the core User or Group, whether its URI is written or not.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::AttrPath;
    ///
    /// let path: AttrPath = "urn:ietf:params:scim:schemas:core:2.0:User:userName".parse()?;
    /// assert!(path.schema().is_some() && path.extension().is_none());
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn extension(&self) -> Option<&SchemaUri> {
        // RFC 7644 section 3.10: the URI of the resource's own schema may be left out, so both spellings are one path.
        self.schema.as_ref().filter(|uri| !uri.is_core())
    }

    /// The attribute; the URI itself, where the path is the URI of a schema alone.
    #[must_use]
    pub fn attribute(&self) -> &AttrName {
        &self.attribute
    }

    /// The sub-attribute, where the path names one.
    #[must_use]
    pub fn sub_attribute(&self) -> Option<&AttrName> {
        self.sub_attribute.as_ref()
    }
}

impl PartialEq for AttrPath {
    fn eq(&self, other: &Self) -> bool {
        self.attribute == other.attribute && self.sub_attribute == other.sub_attribute && self.extension() == other.extension()
    }
}

impl Hash for AttrPath {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Paths that are equal hash the same, so the URI of a core schema does not count here either.
        (self.extension(), &self.attribute, &self.sub_attribute).hash(state);
    }
}

impl FromStr for AttrPath {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let invalid = |at: usize, expected| {
            let found = excerpt(text.get(at..).unwrap_or_default());
            Error::new(ErrorKind::Path { expected, found }, Location::Byte(at))
        };
        let is_urn = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:"));
        // RFC 7644 section 3.5.2 lets an extension itself be the target; its name is its URI.
        if is_urn && SchemaUri::is_known(text) {
            return Ok(Self { schema: None, attribute: AttrName::kept(text), sub_attribute: None });
        }
        // A URI holds dots (`2.0`), so the attribute begins behind its last colon.
        let (schema, start) = match text.rfind(':') {
            Some(colon) if is_urn => (text.get(..colon), colon + 1),
            Some(colon) => return Err(invalid(colon, "an attribute name without a colon, or a URI that begins with urn:")),
            None => (None, 0),
        };
        let rest = text.get(start..).unwrap_or_default();
        let (attribute, sub_attribute) = match rest.split_once('.') {
            Some((attribute, sub)) => (attribute, Some((sub, start + attribute.len() + 1))),
            None => (rest, None),
        };
        let attribute = AttrName::new(attribute).map_err(|_| invalid(start, "an attribute name"))?;
        let sub_attribute = match sub_attribute {
            Some((sub, at)) => Some(AttrName::new(sub).map_err(|_| invalid(at, "a sub-attribute name"))?),
            None => None,
        };
        if schema.is_some_and(|uri| AttrName::new(uri).is_err()) {
            return Err(invalid(0, "the URN of a schema"));
        }
        Ok(Self { schema: schema.map(SchemaUri::from), attribute, sub_attribute })
    }
}

impl fmt::Display for AttrPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}:")?;
        }
        f.write_str(self.attribute.as_str())?;
        match &self.sub_attribute {
            Some(sub) => write!(f, ".{sub}"),
            None => Ok(()),
        }
    }
}
