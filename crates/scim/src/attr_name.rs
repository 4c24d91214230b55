//! Attribute names.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

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

/// The names of RFC 7643 that resources carry, by their length, so that only a few are compared; reading one of them allocates nothing.
const COMMON: [&[&str]; 18] = [
    &[],
    &[],
    &["id"],
    &["ims"],
    &["name", "type", "meta", "$ref"],
    &["value", "title", "roles"],
    &["active", "emails", "locale", "region", "groups", "photos", "schema"],
    &["primary", "members", "country", "manager", "display", "created", "version", "schemas"],
    &["userName", "nickName", "userType", "timezone", "locality", "location", "division", "password"],
    &["givenName", "addresses", "formatted"],
    &["externalId", "familyName", "middleName", "postalCode", "profileUrl", "department", "costCenter"],
    &["displayName"],
    &["phoneNumbers", "organization", "lastModified", "resourceType", "entitlements"],
    &["streetAddress"],
    &["employeeNumber"],
    &["honorificPrefix", "honorificSuffix"],
    &["x509Certificates"],
    &["preferredLanguage"],
];

/// The name in [`COMMON`], or the URI of the enterprise extension, that is spelled exactly so.
fn common(name: &str) -> Option<&'static str> {
    let known = COMMON.get(name.len()).copied().unwrap_or(&["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]);
    known.iter().copied().find(|known| *known == name)
}

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
        if let Some(known) = common(name) {
            return Ok(Self(Cow::Borrowed(known)));
        }
        if !is_grammatical(name.as_bytes()) {
            let kind = ErrorKind::AttributeName { found: excerpt(name) };
            return Err(Error::new(kind, Location::Whole));
        }
        Ok(Self(Cow::Owned(name.to_owned())))
    }

    /// A name that is known when the program is written.
    ///
    /// # Panics
    ///
    /// If `name` does not follow the rule of [`AttrName::new`]; in a constant, when the program is built.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::AttrName;
    ///
    /// const TITLE: AttrName = AttrName::from_static("title");
    /// assert!(TITLE.is("Title"));
    /// ```
    #[must_use]
    pub const fn from_static(name: &'static str) -> Self {
        assert!(is_grammatical(name.as_bytes()), "an attribute name is a letter or $, then letters, digits, - or _");
        Self(Cow::Borrowed(name))
    }

    /// A name that is known when the program is written and is no URI.
    pub(crate) const fn plain(name: &'static str) -> Self {
        assert!(!is_urn(name.as_bytes()), "an attribute name has no colon; a path with a URI is read from its text");
        Self::from_static(name)
    }

    /// Keeps a name that a service provider sent, whatever its letters, because nothing unknown is dropped.
    pub(crate) fn kept(name: &str) -> Self {
        Self(common(name).map_or_else(|| Cow::Owned(name.to_owned()), Cow::Borrowed))
    }

    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this follows the rule of [`AttrName::new`], as a name that was kept need not.
    pub(crate) fn is_well_formed(&self) -> bool {
        is_grammatical(self.0.as_bytes())
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

/// RFC 7643 section 2.1: `ATTRNAME = ALPHA *(nameChar)`, `nameChar = "$" / "-" / "_" / DIGIT / ALPHA`; `$ref` shows that `$` may lead. A URN has the
/// letters of RFC 8141 besides, less the ones that mean something in a filter.
const fn is_grammatical(name: &[u8]) -> bool {
    let (Some((first, mut rest)), is_urn) = (name.split_first(), is_urn(name)) else {
        return false;
    };
    if !first.is_ascii_alphabetic() && *first != b'$' {
        return false;
    }
    while let Some((byte, behind)) = rest.split_first() {
        let in_name = byte.is_ascii_alphanumeric() || matches!(*byte, b'$' | b'-' | b'_');
        let in_urn = is_urn && matches!(*byte, b':' | b'.' | b'/' | b'~' | b'%' | b'+' | b'=' | b'@' | b'!' | b',' | b';' | b'*');
        if !in_name && !in_urn {
            return false;
        }
        rest = behind;
    }
    true
}

const fn is_urn(name: &[u8]) -> bool {
    matches!(name, [b'u' | b'U', b'r' | b'R', b'n' | b'N', b':', ..])
}

impl FromStr for AttrName {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::new(name)
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

#[cfg(test)]
mod tests {
    use super::COMMON;

    #[test]
    fn common_names_stand_under_their_length() {
        for (length, names) in COMMON.iter().enumerate() {
            assert!(names.iter().all(|name| name.len() == length), "{names:?}");
        }
    }
}
