//! What a person is called in an assertion.

use std::borrow::Cow;
use std::fmt;

use crate::error::{Error, ErrorKind, excerpt};

/// The format of a name (saml-core section 8.3), compared as an exact string.
///
/// An open registry: the constants are those of saml-core, and any other string is kept as it is. Identity providers in the field send such as
/// `urn:oasis:names:tc:SAML:2.0:nameid-format:emailAddress`, which no specification has.
///
/// # Examples
///
/// ```
/// use idbridge_saml::NameIdFormat;
///
/// let read = NameIdFormat::from("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress");
/// assert_eq!(read, NameIdFormat::EMAIL_ADDRESS);
/// assert_ne!(NameIdFormat::from("urn:oasis:names:tc:SAML:2.0:nameid-format:emailAddress"), NameIdFormat::EMAIL_ADDRESS);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameIdFormat(Cow<'static, str>);

impl NameIdFormat {
    /// Section 8.3.1: whatever the two sides mean. Also what is meant where none is written (section 2.2.2).
    pub const UNSPECIFIED: Self = Self(Cow::Borrowed("urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"));
    /// Section 8.3.2: `addr-spec` of RFC 2822. What AWS IAM Identity Center asks for.
    pub const EMAIL_ADDRESS: Self = Self(Cow::Borrowed("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"));
    /// Section 8.3.3: the subject of a certificate.
    pub const X509_SUBJECT_NAME: Self = Self(Cow::Borrowed("urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"));
    /// Section 8.3.4: `DOMAIN\user`.
    pub const WINDOWS_DOMAIN_QUALIFIED_NAME: Self =
        Self(Cow::Borrowed("urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName"));
    /// Section 8.3.5: `name/instance@REALM`.
    pub const KERBEROS: Self = Self(Cow::Borrowed("urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos"));
    /// Section 8.3.6: the [`EntityId`](crate::EntityId) of a party; what an `Issuer` is.
    pub const ENTITY: Self = Self(Cow::Borrowed("urn:oasis:names:tc:SAML:2.0:nameid-format:entity"));
    /// Section 8.3.7: opaque, the same every time for one pair of IdP and SP.
    pub const PERSISTENT: Self = Self(Cow::Borrowed("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"));
    /// Section 8.3.8: opaque, another one every time.
    pub const TRANSIENT: Self = Self(Cow::Borrowed("urn:oasis:names:tc:SAML:2.0:nameid-format:transient"));
    /// Section 3.4.1.1: the name is to be encrypted, which this crate does not do.
    pub const ENCRYPTED: Self = Self(Cow::Borrowed("urn:oasis:names:tc:SAML:2.0:nameid-format:encrypted"));

    /// The format as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for NameIdFormat {
    fn from(format: &str) -> Self {
        Self(Cow::Owned(format.to_owned()))
    }
}

impl From<String> for NameIdFormat {
    fn from(format: String) -> Self {
        Self(Cow::Owned(format))
    }
}

impl fmt::Display for NameIdFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of a person, as the subject of an assertion or a request has it (saml-core section 2.2.3).
///
/// The value is never empty, and is passed on letter by letter: AWS IAM Identity Center compares it with the *user name* it was given by SCIM,
/// not with an e-mail address.
///
/// # Examples
///
/// ```
/// use idbridge_saml::{NameId, NameIdFormat};
///
/// let name = NameId::email_address("anna.berg@example.com")?;
/// assert_eq!(name.value(), "anna.berg@example.com");
/// assert_eq!(name.format(), &NameIdFormat::EMAIL_ADDRESS);
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId {
    value: String,
    format: NameIdFormat,
}

impl NameId {
    /// A name of the given format.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Value`] if it is empty or nothing but whitespace: it would be anybody's name.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_saml::{NameId, NameIdFormat};
    ///
    /// let error = NameId::new(" ", NameIdFormat::PERSISTENT).unwrap_err();
    /// assert_eq!(error.to_string(), "invalid NameID: expected a name, found \" \"");
    /// ```
    pub fn new(value: impl Into<String>, format: NameIdFormat) -> Result<Self, Error> {
        let value = value.into();
        if value.trim().is_empty() {
            let found = format!("\"{}\"", excerpt(&value));
            return Err(Error::whole(ErrorKind::Value { name: "NameID", expected: "a name", found }));
        }
        Ok(Self { value, format })
    }

    /// A name of the format [`NameIdFormat::EMAIL_ADDRESS`]. Whether it is an address is for the mailbox to say.
    ///
    /// # Errors
    ///
    /// As of [`new`](Self::new).
    pub fn email_address(value: impl Into<String>) -> Result<Self, Error> {
        Self::new(value, NameIdFormat::EMAIL_ADDRESS)
    }

    /// The name itself.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Its format; [`NameIdFormat::UNSPECIFIED`] where none was written.
    #[must_use]
    pub fn format(&self) -> &NameIdFormat {
        &self.format
    }
}
