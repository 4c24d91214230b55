//! Who a party is.

use std::borrow::Borrow;
use std::fmt;

use crate::error::{Error, ErrorKind, excerpt};

/// The identifier of an IdP or an SP (saml-core section 8.3.6): `entityID` in metadata, `Issuer` and `Audience` in messages.
///
/// saml-core asks for a URI of at most 1,024 characters. It is a name and no address: nothing is ever opened at it, and it is compared as an
/// exact string, character by character, never as a URL; so `https://sp.example.com` and `https://sp.example.com/` are two parties. What is no
/// URI is taken all the same, because identity providers in the field are called `JumpCloud`.
///
/// # Examples
///
/// ```
/// use idbridge_saml::EntityId;
///
/// let id = EntityId::new("https://sp.example.com")?;
/// assert_eq!(id.as_str(), "https://sp.example.com");
/// assert_ne!(id, EntityId::new("https://SP.example.com")?);
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(Box<str>);

impl EntityId {
    /// Takes the identifier as it stands.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Value`] if it is empty, has more than 1,024 characters, has a control character, or begins or ends with whitespace, which no
    /// eye would see in a comparison that fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_saml::EntityId;
    ///
    /// let error = EntityId::new("JumpCloud\n").unwrap_err();
    /// let expected = "1 to 1,024 characters without control characters, and without whitespace around them";
    /// assert_eq!(error.to_string(), format!("invalid entityID: expected {expected}, found \"JumpCloud\\n\""));
    /// ```
    pub fn new(id: impl Into<String>) -> Result<Self, Error> {
        let id = id.into();
        // Counting characters is for those that can have too many.
        let is_long = id.len() > LONGEST && id.chars().count() > LONGEST;
        if id.is_empty() || is_long || id.trim() != id || id.contains(char::is_control) {
            let expected = "1 to 1,024 characters without control characters, and without whitespace around them";
            let found = format!("\"{}\"", excerpt(&id));
            return Err(Error::whole(ErrorKind::Value { name: "entityID", expected, found }));
        }
        Ok(Self(id.into_boxed_str()))
    }

    /// The identifier as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const LONGEST: usize = 1024;

impl TryFrom<String> for EntityId {
    type Error = Error;

    fn try_from(id: String) -> Result<Self, Error> {
        Self::new(id)
    }
}

impl From<EntityId> for String {
    fn from(id: EntityId) -> Self {
        id.0.into_string()
    }
}

impl Borrow<str> for EntityId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EntityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
