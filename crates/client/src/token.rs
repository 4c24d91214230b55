//! The secret that every request carries.

use std::fmt;
use std::io::Read;
use std::path::Path;

use http::HeaderValue;
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};

/// A bearer token (RFC 6750), which a service provider shows once and takes for a year.
///
/// It is never printed: `Debug` writes `BearerToken(..)`, there is no `Display`, and it cannot be serialised. Its text is overwritten with zeros
/// when it is dropped.
///
/// # Security
///
/// Whoever holds the token can create, change and delete every user of the tenant. Take it from the environment or a file, never from an
/// argument, which every process of the machine can see. The HTTP library copies the header it is sent in, and that copy is not overwritten.
///
/// # Examples
///
/// ```
/// use idbridge_client::BearerToken;
///
/// let token = BearerToken::new("bcad8d0c-0a5c-4f0f-9a7e-5f3f2a4f4a3b")?;
/// assert_eq!(format!("{token:?}"), "BearerToken(..)");
/// # Ok::<(), idbridge_client::Error>(())
/// ```
#[derive(Clone)]
pub struct BearerToken(Zeroizing<String>);

/// The longest token that is taken. AWS's are 500 to 620 characters long.
const LONGEST: usize = 8 * 1024;

const EXPECTED: &str = "1 to 8192 letters, digits and punctuation marks without a space";

impl BearerToken {
    /// Takes a token as it stands.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Token`] if it is empty, longer than 8 KiB, or has a space, a control character (such as a line break at its end) or a
    /// character that is not ASCII. The error holds nothing of the token.
    pub fn new(token: impl Into<String>) -> Result<Self, Error> {
        let token = Zeroizing::new(token.into());
        let refused = |found: String| Err(Error::new(ErrorKind::Token { expected: EXPECTED, found }));
        if token.is_empty() {
            return refused("nothing".to_owned());
        }
        if token.len() > LONGEST {
            return refused(format!("{} bytes", token.len()));
        }
        match token.bytes().position(|byte| !byte.is_ascii_graphic()) {
            None => Ok(Self(token)),
            Some(at) => {
                let what = match token.as_bytes().get(at) {
                    Some(b' ') => "a space",
                    Some(b'\r' | b'\n') => "a line break",
                    Some(byte) if byte.is_ascii() => "a control character",
                    _ => "a character that is not ASCII",
                };
                refused(format!("{what} at byte {at} of {}", token.len()))
            }
        }
    }

    /// Reads a token from a file that holds nothing else; a line break at its end is no part of it.
    ///
    /// Only so much is read as a token can be long, so a wrong path to a large file costs nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TokenFile`] if the file cannot be read, and [`ErrorKind::Token`] if what is in it cannot be a token.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_client::BearerToken;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("token");
    /// std::fs::write(&path, "bcad8d0c-0a5c-4f0f-9a7e-5f3f2a4f4a3b\n")?;
    /// let token = BearerToken::from_file(&path)?;
    /// # drop(token);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let unreadable = |error: std::io::Error| Error::new(ErrorKind::TokenFile { path: path.to_owned() }).caused_by(error);
        // Room for the largest file that can be right, so that the buffer never moves and leaves a copy behind.
        let most = LONGEST + "\r\n".len() + 1;
        let mut bytes = Zeroizing::new(Vec::with_capacity(most + 1));
        let limit = u64::try_from(most).unwrap_or(u64::MAX);
        std::fs::File::open(path).map_err(unreadable)?.take(limit).read_to_end(&mut bytes).map_err(unreadable)?;
        let Ok(text) = std::str::from_utf8(&bytes) else {
            return Err(Error::new(ErrorKind::Token { expected: EXPECTED, found: "bytes that are no text".to_owned() }));
        };
        let text = text.strip_suffix('\n').unwrap_or(text);
        Self::new(text.strip_suffix('\r').unwrap_or(text))
    }

    /// The value of the header `Authorization`, marked as sensitive: the `Debug` of a request prints `Sensitive` in its place.
    pub(crate) fn header_value(&self) -> Result<HeaderValue, http::header::InvalidHeaderValue> {
        let mut text = Zeroizing::new(String::with_capacity("Bearer ".len() + self.0.len()));
        text.push_str("Bearer ");
        text.push_str(&self.0);
        let mut value = HeaderValue::from_str(&text)?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken(..)")
    }
}
