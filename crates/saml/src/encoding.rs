//! Base64, percent-encoding and DEFLATE, as the bindings use them.

use std::borrow::Cow;

use base64ct::{Base64, Encoding};
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use crate::error::{Error, ErrorKind, Location};

/// Writes `bytes` in base64 (RFC 4648 section 4) without line breaks.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// How many characters of base64 so many bytes make.
pub(crate) fn base64_length(bytes: usize) -> usize {
    bytes.div_ceil(3).saturating_mul(4)
}

/// Reads base64 with its padding, in which whitespace may stand anywhere (XML Schema part 2 section 3.2.16).
///
/// # Errors
///
/// [`ErrorKind::Encoding`] for every other character, for padding that is missing or in the middle, and for bits that are left over.
pub(crate) fn from_base64(text: &str, at: impl FnOnce() -> Location) -> Result<Vec<u8>, Error> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    let compact = if text.bytes().any(|byte| is_space(&byte)) {
        Cow::Owned(text.bytes().filter(|byte| !is_space(byte)).collect::<Vec<_>>())
    } else {
        Cow::Borrowed(text.as_bytes())
    };
    let mut out = vec![0; compact.len() / 4 * 3 + 3];
    match Base64::decode(&compact, &mut out) {
        Ok(decoded) => {
            let length = decoded.len();
            out.truncate(length);
            Ok(out)
        }
        Err(_) => {
            let reason = "expected the 64 characters of RFC 4648 section 4 and padding to a multiple of four".to_owned();
            Err(Error::new(ErrorKind::Encoding { encoding: "base64", reason }, at()))
        }
    }
}

/// Escapes everything but the unreserved characters of RFC 3986 section 2.3.
pub(crate) fn percent_encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |nibble: u8| HEX.get(usize::from(nibble)).map_or('0', |digit| char::from(*digit));
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    out
}

/// Reads a value of a query or of a form: `%` escapes, and `+` for a space, as browsers write it.
///
/// # Errors
///
/// [`ErrorKind::Encoding`] for an escape that is none, and for what is no UTF-8 then.
pub(crate) fn percent_decode(text: &str, at: Location) -> Result<Cow<'_, str>, Error> {
    if !text.contains(['%', '+']) {
        return Ok(Cow::Borrowed(text));
    }
    let error = |reason: &str| Error::new(ErrorKind::Encoding { encoding: "percent-encoding", reason: reason.to_owned() }, at.clone());
    let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => match (digit(bytes.next()), digit(bytes.next())) {
                (Some(high), Some(low)) => high * 16 + low,
                _ => return Err(error("expected two hexadecimal digits behind %")),
            },
            _ => byte,
        });
    }
    String::from_utf8(out).map(Cow::Owned).map_err(|_| error("expected UTF-8"))
}

/// Compresses `bytes` by DEFLATE (RFC 1951), without a header.
pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, 6)
}

/// Decompresses DEFLATE (RFC 1951) without a header, to at most `most` bytes.
///
/// # Errors
///
/// [`ErrorKind::Limit`] beyond `most`, before more than that is held; [`ErrorKind::Encoding`] if it is no DEFLATE, ends early or has something
/// behind its end.
pub(crate) fn inflate(bytes: &[u8], most: usize, at: Location) -> Result<Vec<u8>, Error> {
    let error = |reason: &str| Error::new(ErrorKind::Encoding { encoding: "DEFLATE", reason: reason.to_owned() }, at.clone());
    let mut state = DecompressorOxide::new();
    let mut out = vec![0; bytes.len().saturating_mul(4).clamp(512, most)];
    let (mut read, mut written) = (0, 0);
    loop {
        let input = bytes.get(read..).unwrap_or_default();
        let (status, consumed, produced) = decompress(&mut state, input, &mut out, written, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF);
        read += consumed;
        written += produced;
        match status {
            TINFLStatus::Done if read == bytes.len() => {
                out.truncate(written);
                return Ok(out);
            }
            TINFLStatus::Done => return Err(error("there is something behind its end")),
            TINFLStatus::HasMoreOutput if out.len() < most => out.resize(out.len().saturating_mul(2).min(most), 0),
            TINFLStatus::HasMoreOutput => {
                return Err(Error::new(ErrorKind::Limit { what: "bytes when decompressed", most }, at));
            }
            _ => return Err(error("it is no DEFLATE stream without a header, or it ends early")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_deflated_inflates_to_the_same_within_the_bound() {
        for length in [0, 1, 511, 512, 513, 100_000] {
            let bytes: Vec<u8> = (0..length).map(|index: u32| index.to_le_bytes()[0] ^ 0x5a).collect();
            let deflated = deflate(&bytes);
            assert_eq!(inflate(&deflated, 100_000, Location::Whole).as_ref(), Ok(&bytes));
            if length > 0 {
                let short = &deflated[..deflated.len() - 1];
                assert!(matches!(inflate(short, 100_000, Location::Whole).unwrap_err().kind(), ErrorKind::Encoding { .. }));
            }
        }
        let bomb = deflate(&vec![0; 1_000_000]);
        assert_eq!(inflate(&bomb, 1_000, Location::Whole).unwrap_err().to_string(), "too much: at most 1000 bytes when decompressed");
        let mut longer = deflate(b"x");
        longer.push(0);
        assert!(inflate(&longer, 1_000, Location::Whole).is_err());
    }

    #[test]
    fn base64_is_strict_but_for_whitespace() {
        let read = |text| from_base64(text, || Location::Whole).ok();
        assert_eq!(read("YQ==").as_deref(), Some(&b"a"[..]));
        assert_eq!(read(" Y\r\nQ=\t= ").as_deref(), Some(&b"a"[..]));
        for text in ["YQ", "YQ=", "YQ==YQ==", "YR==", "Y-==", "YQ==\u{b}", "="] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn percent_encoding_is_read_back() {
        let text = "a b+c&d=e/\u{e9}%";
        assert_eq!(percent_decode(&percent_encode(text), Location::Whole).as_deref(), Ok(text));
        assert_eq!(percent_decode("a+b%20c", Location::Whole).as_deref(), Ok("a b c"));
        for text in ["%", "%4", "%4g", "%ff"] {
            assert!(percent_decode(text, Location::Whole).is_err(), "{text}");
        }
    }
}
