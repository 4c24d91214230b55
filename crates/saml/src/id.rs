//! Identifiers of messages and assertions.

use std::fmt;

use crate::error::{Error, ErrorKind, Location, excerpt};
use crate::xml::is_ncname;

/// The `ID` of a message or of an assertion (saml-core section 1.3.4): a name of XML without a colon, of at most 256 bytes.
///
/// # Examples
///
/// ```
/// use idbridge_saml::MessageId;
///
/// let id = MessageId::from_random([0xA5; 16]);
/// assert_eq!(id.as_str(), "_a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5");
/// assert!(MessageId::new("1 no name").is_err());
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(String);

impl MessageId {
    /// An identifier of another party.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Value`] if it is no name, or longer than 256 bytes.
    pub fn new(id: &str) -> Result<Self, Error> {
        Self::read("ID", id, || Location::Whole)
    }

    /// An identifier of our own: an underscore and 32 hexadecimal digits.
    ///
    /// saml-core 1.3.4: "the probability of two randomly chosen identifiers being identical MUST be less than or equal to 2^-128". `random` must be
    /// new for each message, from the system's generator: whoever can foretell it can answer before the right one does.
    #[must_use]
    pub fn from_random(random: [u8; 16]) -> Self {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let digit = |nibble: u8| HEX.get(usize::from(nibble)).map_or('0', |digit| char::from(*digit));
        let digits = random.into_iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
        Self(std::iter::once('_').chain(digits).collect())
    }

    /// The identifier as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn read(name: &'static str, id: &str, at: impl FnOnce() -> Location) -> Result<Self, Error> {
        if id.len() <= 256 && is_ncname(id) {
            return Ok(Self(id.to_owned()));
        }
        let expected = "a name of at most 256 bytes that begins with a letter or _ and has no colon";
        Err(Error::new(ErrorKind::Value { name, expected, found: excerpt(id) }, at()))
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
