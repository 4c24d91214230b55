//! The image of an application in the user portal.

use std::fmt;

use crate::error::{Error, ErrorKind};

/// An image for the tile of an application, in a form that browsers show and that runs no script: PNG, JPEG, GIF or WebP.
///
/// What it is is told by its first bytes, not by what somebody says of it.
///
/// # Examples
///
/// ```
/// use idbridge_application::Image;
///
/// let image = Image::new(b"\x89PNG\r\n\x1a\n....".to_vec())?;
/// assert_eq!(image.media_type(), "image/png");
///
/// let error = Image::new(b"<svg onload='alert(1)'/>".to_vec()).unwrap_err();
/// assert_eq!(error.to_string(), "invalid image: expected PNG, JPEG, GIF or WebP, found something else");
/// # Ok::<(), idbridge_application::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    media_type: &'static str,
    bytes: Vec<u8>,
}

impl Image {
    /// The most bytes that are taken.
    pub const LARGEST: usize = 1 << 20;

    /// Takes the bytes of a file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Image`] if it is of another form, or larger than [`Image::LARGEST`].
    pub fn new(bytes: Vec<u8>) -> Result<Self, Error> {
        if bytes.len() > Self::LARGEST {
            let found = format!("{} bytes", bytes.len());
            return Err(Error::new(ErrorKind::Image { expected: "at most 1,048,576 bytes", found }));
        }
        let unknown = || ErrorKind::Image { expected: "PNG, JPEG, GIF or WebP", found: "something else".to_owned() };
        let media_type = media_type(&bytes).ok_or_else(|| Error::new(unknown()))?;
        Ok(Self { media_type, bytes })
    }

    /// Its media type, to serve it with.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        self.media_type
    }

    /// The bytes as they were given.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP".as_slice());
    match bytes {
        _ if is_webp => Some("image/webp"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some("image/png"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        _ => None,
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image").field("media_type", &self.media_type).field("bytes", &self.bytes.len()).finish()
    }
}
