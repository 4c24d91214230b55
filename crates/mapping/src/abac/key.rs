//! The keys of tags.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use idbridge_saml::Attribute;

use crate::abac::policy::PRINCIPAL_TAG;
use crate::error::{Error, ErrorKind, Location, excerpt};
use crate::saml::key_expects;

/// The key of a tag (AWS STS, `Tag`): 1 to 128 letters, digits, spaces and `_ . : / = + - @`, which do not begin with `aws:`.
///
/// Its letter case is kept: `Region` and `region` are two keys.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::abac::TagKey;
///
/// let key = TagKey::new("CostCenter")?;
/// assert_eq!(key.condition_key(), "aws:PrincipalTag/CostCenter");
/// assert_eq!(key.attribute_name(), "https://aws.amazon.com/SAML/Attributes/AccessControl:CostCenter");
///
/// let error = TagKey::new("R&D").unwrap_err();
/// assert_eq!(error.to_string(), r#"invalid tag key "R&D": expected a key of letters, digits, spaces and _ . : / = + - @"#);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagKey(String);

impl TagKey {
    /// The key that is written `text`.
    ///
    /// # Errors
    ///
    /// If AWS STS takes no such key.
    pub fn new(text: impl Into<String>) -> Result<Self, Error> {
        let text = text.into();
        match key_expects(&text) {
            None => Ok(Self(text)),
            Some(expected) => Err(Error::new(ErrorKind::TagKey { expected, found: excerpt(&text) }, Location::Whole)),
        }
    }

    /// The key as a text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a policy asks for the tag by, as a key of a condition: `aws:PrincipalTag/` and the key, byte for byte (AB-15).
    #[must_use]
    pub fn condition_key(&self) -> String {
        format!("{PRINCIPAL_TAG}{self}")
    }

    /// The same as a variable in a policy: `${aws:PrincipalTag/<Key>}`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("${{{PRINCIPAL_TAG}{self}}}")
    }

    /// The name of the attribute of an assertion that sets the tag (AB-04).
    #[must_use]
    pub fn attribute_name(&self) -> String {
        format!("{}{self}", Attribute::ACCESS_CONTROL)
    }
}

impl Borrow<str> for TagKey {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl FromStr for TagKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::new(text)
    }
}

impl fmt::Display for TagKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
