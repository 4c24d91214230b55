//! PEM: one block of base64 between two lines that say what it is (RFC 7468).

use base64ct::{Base64, Encoding as _};
use zeroize::Zeroizing;

use crate::crypto::{base64, bounded};
use crate::error::{Error, ErrorKind, Location};

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// The one block of a text.
pub(super) struct Block<'a> {
    /// What it says that it is.
    pub(super) label: &'a str,
    body: &'a str,
    begin: usize,
}

impl<'a> Block<'a> {
    /// Finds the one block in `text`, with anything around it and any ends of lines.
    ///
    /// Where there are more, it is not for this code to choose.
    pub(super) fn only(text: &'a str, expected: &str) -> Result<Self, Error> {
        bounded("bytes of PEM", text.len())?;
        let Some(block) = Self::next(text, 0)? else {
            return Err(invalid(format!("expected {BEGIN}{expected}{DASHES}, found no block"), Location::Whole));
        };
        match Self::next(text, block.body_at() + block.body.len())? {
            None => Ok(block),
            Some(second) => {
                let reason = format!("expected one block, found {} and behind it {}", block.label, second.label);
                Err(invalid(reason, Location::Byte(second.begin)))
            }
        }
    }

    /// The error for a block that is something else.
    pub(super) fn unexpected(&self, expected: &str) -> Error {
        invalid(format!("expected a block {expected}, found {}", self.label), Location::Whole)
    }

    /// Whether a password is needed to read it: as PKCS#8 says it, or as RFC 1421 does.
    pub(super) fn is_encrypted(&self) -> bool {
        self.label == "ENCRYPTED PRIVATE KEY" || self.body.contains("4,ENCRYPTED")
    }

    /// What the block holds.
    pub(super) fn decode(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        base64::decode(self.body, self.body_at())
    }

    fn body_at(&self) -> usize {
        self.begin + BEGIN.len() + self.label.len() + DASHES.len()
    }

    /// The first block that begins behind `from`.
    fn next(text: &'a str, from: usize) -> Result<Option<Self>, Error> {
        let Some(begin) = text.get(from..).and_then(|rest| rest.find(BEGIN)).map(|found| from + found) else {
            return Ok(None);
        };
        let behind = text.get(begin + BEGIN.len()..).unwrap_or_default();
        // A label is short and of few characters, so that no error quotes a key whose line was cut in the middle.
        let label = behind.split_once(DASHES).map(|(label, _)| label).filter(|label| is_label(label));
        let label = label.ok_or_else(|| invalid("a block begins without a label".to_owned(), Location::Byte(begin)))?;
        let end = format!("{END}{label}{DASHES}");
        let rest = behind.get(label.len() + DASHES.len()..).unwrap_or_default();
        let (body, _) = rest
            .split_once(end.as_str())
            .ok_or_else(|| invalid(format!("the block {label} does not end with {end}"), Location::Byte(begin)))?;
        Ok(Some(Self { label, body, begin }))
    }
}

/// Writes a block with lines of 64 characters, as RFC 7468 section 2 asks of generators.
pub(super) fn write(label: &str, der: &[u8]) -> Zeroizing<String> {
    let lines = der.len().div_ceil(48);
    // All of it is reserved at once: growing would leave pieces of a key behind.
    let mut text = Zeroizing::new(String::with_capacity(lines * 65 + 2 * (END.len() + label.len() + DASHES.len() + 3)));
    text.extend([BEGIN, label, DASHES, "\n"]);
    let mut line = Zeroizing::new([0; 64]);
    for bytes in der.chunks(48) {
        text.extend([Base64::encode(bytes, line.as_mut_slice()).unwrap_or_default(), "\n"]);
    }
    text.extend([END, label, DASHES, "\n"]);
    text
}

fn is_label(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' ')
}

fn invalid(reason: String, at: Location) -> Error {
    Error::new(ErrorKind::Encoding { encoding: "PEM", reason }, at)
}
