//! What is between `<` and `>`, and what references stand for.

use std::borrow::Cow;

use crate::error::{Error, ErrorKind, Location};
use crate::xml::is_space;
use crate::xml::name::{illegal_character, ncname};
use crate::xml::tree::Name;

/// Reads names, values and spaces from a part of the text.
#[derive(Debug)]
pub(super) struct Cursor<'x> {
    rest: &'x str,
    /// The byte of the whole text at which `rest` begins.
    at: usize,
}

impl<'x> Cursor<'x> {
    pub(super) fn new(text: &'x str, at: usize) -> Self {
        Self { rest: text, at }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Passes over whitespace, and says whether there was any.
    pub(super) fn spaces(&mut self) -> bool {
        let spaces = self.rest.bytes().take_while(|byte| is_space(*byte)).count();
        self.advance(spaces);
        spaces > 0
    }

    /// The rest, which must not be empty for there to be anything to say about it.
    pub(super) fn rest(&self) -> &'x str {
        self.rest
    }

    pub(super) fn expect(&mut self, text: &str, expected: &'static str) -> Result<(), Error> {
        if !self.rest.starts_with(text) {
            return Err(self.error(expected));
        }
        self.advance(text.len());
        Ok(())
    }

    /// A name with at most one colon (Namespaces in XML production 7).
    pub(super) fn name(&mut self) -> Result<Name<'x>, Error> {
        let all = self.rest;
        let first = self.ncname()?;
        if !self.rest.starts_with(':') {
            return Ok(Name::new(first, 0));
        }
        self.advance(1);
        let local = self.ncname()?;
        Ok(Name::new(all.get(..first.len() + 1 + local.len()).unwrap_or_default(), first.len()))
    }

    /// A name without a colon.
    pub(super) fn ncname(&mut self) -> Result<&'x str, Error> {
        match ncname(self.rest) {
            0 => Err(self.error("a name")),
            length => Ok(self.advance(length)),
        }
    }

    /// `= "value"`, with references resolved and whitespace normalized (XML 1.0 section 3.3.3).
    pub(super) fn value(&mut self) -> Result<Cow<'x, str>, Error> {
        self.spaces();
        self.expect("=", "= behind the name of an attribute")?;
        self.spaces();
        let Some(quote @ (b'"' | b'\'')) = self.rest.bytes().next() else {
            return Err(self.error("a quoted value"));
        };
        self.advance(1);
        let Some(length) = memchr::memchr(quote, self.rest.as_bytes()) else {
            return Err(self.error("a closing quote"));
        };
        let at = self.at;
        let value = self.advance(length);
        self.advance(1);
        // Without branches, so that many bytes are looked at at once.
        let is_plain = value.bytes().fold(true, |plain, byte| plain & (byte >= 0x20) & (byte != b'<') & (byte != b'&'));
        if is_plain { Ok(Cow::Borrowed(value)) } else { normalized(value, at) }
    }

    pub(super) fn error(&self, expected: &'static str) -> Error {
        error(expected, self.rest, self.at)
    }

    #[inline]
    fn advance(&mut self, length: usize) -> &'x str {
        let (passed, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.at += passed.len();
        passed
    }
}

/// "expected .., found .." at a byte, with the first 40 bytes of what was found.
pub(super) fn error(expected: &'static str, found: &str, at: usize) -> Error {
    let end = (0..=40.min(found.len())).rev().find(|&end| found.is_char_boundary(end)).unwrap_or_default();
    let found = found.get(..end).unwrap_or_default().to_owned();
    Error::new(ErrorKind::Xml { expected, found }, Location::Byte(at))
}

/// The character that `&name;` stands for: one of the five that XML declares, or one by its number.
///
/// # Errors
///
/// [`ErrorKind::Xml`] for every other entity, and for a character that XML has not.
pub(super) fn reference(name: &str, at: usize) -> Result<char, Error> {
    let number =
        |digits: &str, radix| u32::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+')).and_then(char::from_u32);
    let character = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => match (name.strip_prefix("#x"), name.strip_prefix('#')) {
            (Some(digits), _) => number(digits, 16),
            (None, Some(digits)) => number(digits, 10),
            (None, None) => None,
        },
    };
    let is_legal = |c: &char| illegal_character(c.encode_utf8(&mut [0; 4])).is_none();
    let expected = "a character reference, or amp, lt, gt, quot or apos";
    character.filter(is_legal).ok_or_else(|| error(expected, name, at))
}

/// `text` with line ends as XML has them (XML 1.0 section 2.11).
pub(super) fn line_ends(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { Cow::Borrowed(text) }
}

fn normalized(value: &str, at: usize) -> Result<Cow<'_, str>, Error> {
    let mut normal = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(next) = rest.find(['<', '&', '\t', '\n', '\r']) {
        let (plain, special) = rest.split_at_checked(next).unwrap_or((rest, ""));
        let here = at + value.len() - special.len();
        normal.push_str(plain);
        rest = match special.as_bytes() {
            [b'<', ..] => return Err(error("no < in a value", special, here)),
            [b'&', ..] => {
                let body = special.get(1..).unwrap_or_default();
                let end = body.find(';').ok_or_else(|| error("; behind a reference", special, here))?;
                normal.push(reference(body.get(..end).unwrap_or_default(), here)?);
                body.get(end + 1..).unwrap_or_default()
            }
            // A line end is one space, however it is written.
            [b'\r', b'\n', ..] => {
                normal.push(' ');
                special.get(2..).unwrap_or_default()
            }
            _ => {
                normal.push(' ');
                special.get(1..).unwrap_or_default()
            }
        };
    }
    normal.push_str(rest);
    Ok(Cow::Owned(normal))
}
