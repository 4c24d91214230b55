//! base64 as XML and PEM have it: with white space between the characters, and with padding.

use base64ct::{Base64, Encoding as _};
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind, Location};

/// Reads `text`, whose white space means nothing; an error counts its bytes from `offset`.
///
/// It is strict otherwise: padding is needed, and no bit may be lost. What was read and what comes of it may be a key, so both are overwritten when
/// they are dropped, and errors do not quote.
pub(crate) fn decode(text: &str, offset: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut characters = Zeroizing::new(Vec::with_capacity(text.len()));
    for (position, byte) in text.bytes().enumerate() {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => {}
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' => characters.push(byte),
            b'\\' => return Err(invalid("a backslash; were the ends of lines escaped?", Location::Byte(offset + position))),
            _ => return Err(invalid("this is no character of base64", Location::Byte(offset + position))),
        }
    }
    let mut bytes = Zeroizing::new(vec![0; characters.len() / 4 * 3 + 3]);
    let length = match Base64::decode(characters.as_slice(), bytes.as_mut_slice()) {
        Ok(decoded) => decoded.len(),
        Err(_) => return Err(invalid("it is cut off, or its padding is missing or misplaced", Location::Whole)),
    };
    bytes.truncate(length);
    Ok(bytes)
}

/// Writes `bytes` in one line.
pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

fn invalid(reason: &str, at: Location) -> Error {
    Error::new(ErrorKind::Encoding { encoding: "base64", reason: reason.to_owned() }, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_means_nothing_and_everything_else_counts() {
        for (text, expected) in [
            ("", Ok("")),
            ("Zm9v", Ok("foo")),
            ("Zg==", Ok("f")),
            (" Z\tm\r\n9v ", Ok("foo")),
            ("Zm9", Err("invalid base64: it is cut off, or its padding is missing or misplaced")),
            ("Z", Err("invalid base64: it is cut off, or its padding is missing or misplaced")),
            ("Zg", Err("invalid base64: it is cut off, or its padding is missing or misplaced")),
            ("Zh==", Err("invalid base64: it is cut off, or its padding is missing or misplaced")),
            ("Zg==Zg==", Err("invalid base64: it is cut off, or its padding is missing or misplaced")),
            ("Zm\\n9v", Err("invalid base64: a backslash; were the ends of lines escaped? at byte 102")),
            ("Zm-v", Err("invalid base64: this is no character of base64 at byte 102")),
            ("Zm9v\u{a0}", Err("invalid base64: this is no character of base64 at byte 104")),
        ] {
            let read = decode(text, 100).map_err(|error| error.to_string());
            assert_eq!(read.as_ref().map(|bytes| bytes.as_slice()).map_err(String::as_str), expected.map(str::as_bytes), "{text:?}");
        }
    }
}
