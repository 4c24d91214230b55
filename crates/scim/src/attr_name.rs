//! Attribute names.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::error::{Error, ErrorKind, Location, excerpt};

/// The name of an attribute (RFC 7643 section 2.1), compared without case and printed as it was first written.
///
/// Extension containers are attributes whose name is a schema URI (RFC 7643 section 3.3), so a URI is a name as well.
///
/// # Examples
///
/// ```
/// use idbridge_scim::AttrName;
///
/// let name = AttrName::new("UserName")?;
/// assert_eq!(name, AttrName::from_static("userName"));
/// assert_eq!(name.as_str(), "UserName");
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct AttrName(Cow<'static, str>);

/// Names that nearly every message carries; reading one of them allocates nothing.
const COMMON: &[&str] = &[
    "id",
    "externalId",
    "userName",
    "name",
    "givenName",
    "familyName",
    "displayName",
    "emails",
    "value",
    "type",
    "primary",
    "active",
    "title",
    "locale",
    "addresses",
    "streetAddress",
    "locality",
    "region",
    "postalCode",
    "country",
    "formatted",
    "phoneNumbers",
    "members",
    "meta",
    "resourceType",
    "created",
    "lastModified",
    "schemas",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "employeeNumber",
    "organization",
    "department",
    "costCenter",
    "division",
    "manager",
    "$ref",
];

impl AttrName {
    /// Reads a name, following the rule `ATTRNAME` of RFC 7643 section 2.1; a schema URI is taken too.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AttributeName`] if it is empty or has another character than the rule allows.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::AttrName;
    ///
    /// assert_eq!(AttrName::new("$ref")?.as_str(), "$ref");
    /// assert!(AttrName::new("given name").is_err());
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn new(name: &str) -> Result<Self, Error> {
        if let Some(known) = COMMON.iter().find(|known| **known == name) {
            return Ok(Self(Cow::Borrowed(known)));
        }
        let is_uri = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:"));
        let mut characters = name.chars();
        // RFC 7643 section 2.1: ATTRNAME = ALPHA *(nameChar), nameChar = "$" / "-" / "_" / DIGIT / ALPHA; "$ref" shows that $ may lead.
        let leads = characters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '$');
        let follows =
            characters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '$' | '-' | '_') || (is_uri && matches!(c, ':' | '.' | '/')));
        if !leads || !follows {
            let kind = ErrorKind::AttributeName { found: excerpt(name) };
            return Err(Error::new(kind, Location::Whole));
        }
        Ok(Self(Cow::Owned(name.to_owned())))
    }

    /// A name that is known when the program is written; its letters are not checked.
    #[must_use]
    pub const fn from_static(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// Keeps a name that a service provider sent, whatever its letters, because nothing unknown is dropped.
    pub(crate) fn kept(name: &str) -> Self {
        match COMMON.iter().find(|known| **known == name) {
            Some(known) => Self(Cow::Borrowed(known)),
            None => Self(Cow::Owned(name.to_owned())),
        }
    }

    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the URI of an extension, which no plain attribute name can be (RFC 7643 section 2.1 has no colon).
    pub(crate) fn is_uri(&self) -> bool {
        self.0.contains(':')
    }

    /// Whether this is `name`, without case.
    ///
    /// # Examples
    ///
    /// ```
    /// let name = idbridge_scim::AttrName::from_static("userName");
    /// assert!(name.is("USERNAME"));
    /// assert!(!name.is("user"));
    /// ```
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        // Most names differ in length, and nearly every message spells a name as the schema does: case is folded last.
        self.0.len() == name.len() && (self.0 == name || self.0.eq_ignore_ascii_case(name))
    }
}

impl PartialEq for AttrName {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.0)
    }
}

impl Eq for AttrName {}

impl PartialOrd for AttrName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for AttrName {
    fn cmp(&self, other: &Self) -> Ordering {
        let lowered = |byte: u8| byte.to_ascii_lowercase();
        self.0.bytes().map(lowered).cmp(other.0.bytes().map(lowered))
    }
}

impl Hash for AttrName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
        // No text holds this byte, so that two names in a row hash as two.
        state.write_u8(0xFF);
    }
}

impl fmt::Display for AttrName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
