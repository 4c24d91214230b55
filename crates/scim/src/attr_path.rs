//! Attribute paths: `attrPath` of RFC 7644 section 3.4.2.2.

use std::fmt;
use std::str::FromStr;

use crate::attr_name::AttrName;
use crate::error::{Error, ErrorKind, Location, excerpt};
use crate::uri::SchemaUri;

/// The path of an attribute: `[URI ":"] ATTRNAME ["." subAttr]` (RFC 7644 section 3.4.2.2, rule `attrPath`).
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttrPath {
    schema: Option<SchemaUri>,
    attribute: AttrName,
    sub_attribute: Option<AttrName>,
}

impl AttrPath {
    /// The path of a core attribute.
    #[must_use]
    pub fn new(attribute: AttrName) -> Self {
        Self { schema: None, attribute, sub_attribute: None }
    }

    /// The same attribute in the schema `uri`; the core schemas of User and Group are left out, as when a path is read.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttrName, AttrPath, SchemaUri};
    ///
    /// let path = AttrPath::new(AttrName::from_static("department")).in_schema(SchemaUri::ENTERPRISE_USER);
    /// assert_eq!(path.to_string(), "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department");
    /// ```
    #[must_use]
    pub fn in_schema(mut self, uri: SchemaUri) -> Self {
        self.schema = Some(uri).filter(is_extension);
        self
    }

    /// The sub-attribute `name` of this attribute.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttrName, AttrPath};
    ///
    /// let path = AttrPath::new(AttrName::from_static("name")).with_sub_attribute(AttrName::from_static("givenName"));
    /// assert_eq!(path.to_string(), "name.givenName");
    /// ```
    #[must_use]
    pub fn with_sub_attribute(mut self, name: AttrName) -> Self {
        self.sub_attribute = Some(name);
        self
    }

    /// The schema, where the path names one.
    #[must_use]
    pub fn schema(&self) -> Option<&SchemaUri> {
        self.schema.as_ref()
    }

    /// The attribute.
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

// RFC 7644 section 3.10: the URI of the resource's own schema may be left out, so both spellings are one path.
fn is_extension(uri: &SchemaUri) -> bool {
    *uri != SchemaUri::USER && *uri != SchemaUri::GROUP
}

impl FromStr for AttrPath {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let invalid = |at: usize, expected| {
            let found = excerpt(text.get(at..).unwrap_or_default());
            Error::new(ErrorKind::Path { expected, found }, Location::Byte(at))
        };
        // RFC 7644 section 3.5.2 lets an extension itself be the target; its name is its URI.
        if text.eq_ignore_ascii_case(SchemaUri::ENTERPRISE_USER.as_str()) {
            return Ok(Self::new(AttrName::kept(text)));
        }
        let is_urn = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:"));
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
        let schema = schema.map(SchemaUri::from).filter(is_extension);
        Ok(Self { schema, attribute, sub_attribute })
    }
}

impl fmt::Display for AttrPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}:")?;
        }
        write!(f, "{}", self.attribute)?;
        match &self.sub_attribute {
            Some(sub) => write!(f, ".{sub}"),
            None => Ok(()),
        }
    }
}
