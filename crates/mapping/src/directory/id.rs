//! The identifier of a record.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Location};

/// The identifier that a directory gave a user or a group: opaque, compared byte for byte, 1 to 1,024 bytes.
///
/// It is what stays when the name, the e-mail address and everything else change, and so it becomes the SCIM `externalId`. JumpCloud's are 24
/// hexadecimal digits. A clone shares the text: a person's identifier stands in every group that they are in.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::DirectoryId;
///
/// let id = DirectoryId::new("64f0a1b2c3d4e5f607180001")?;
/// assert_eq!(id.as_str(), "64f0a1b2c3d4e5f607180001");
/// assert!(DirectoryId::new("").is_err());
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DirectoryId(Arc<str>);

impl DirectoryId {
    /// The most bytes that an identifier may have.
    pub const LONGEST: usize = 1024;

    /// Takes the identifier as it stands.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Identifier`] if it is empty or longer than [`DirectoryId::LONGEST`].
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::DirectoryId;
    ///
    /// // Nothing is trimmed and no case is changed: these are three records.
    /// assert_ne!(DirectoryId::new("u1")?, DirectoryId::new("U1")?);
    /// assert_ne!(DirectoryId::new("u1")?, DirectoryId::new(" u1")?);
    /// let error = DirectoryId::new("x".repeat(2000)).unwrap_err();
    /// assert_eq!(error.to_string(), "invalid identifier: expected 1 to 1024 bytes, found 2000");
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    pub fn new(id: impl Into<String>) -> Result<Self, Error> {
        let id = id.into();
        if id.is_empty() || id.len() > Self::LONGEST {
            let kind = ErrorKind::Identifier { longest: Self::LONGEST, found: id.len() };
            return Err(Error::new(kind, Location::Whole));
        }
        Ok(Self(id.into()))
    }

    /// The identifier as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for DirectoryId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DirectoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
