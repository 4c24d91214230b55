//! Lines, unfolded, and what is on them.

use std::borrow::Cow;

use base64ct::{Base64, Base64Unpadded, Encoding as _};

use crate::error::{Error, ErrorKind, Location};

/// The most bytes of a line when it is unfolded: a picture in base64 has its place, and is passed over.
const LONGEST_LINE: usize = 16 << 20;

/// The lines of a file, unfolded and without comments.
pub(super) struct Lines<'a> {
    rest: &'a [u8],
    /// The number of the next line, from 1.
    next: usize,
    /// Whether a line that goes on may follow.
    may_fold: bool,
}

/// A line that is none of a comment.
pub(super) enum Line<'a> {
    /// A line with nothing on it, which ends an entry.
    Blank,
    /// `name:value`, `name::base64` or `name:<url`.
    Attribute(Attribute<'a>),
}

/// One attribute with one value, as it is written.
pub(super) struct Attribute<'a> {
    text: Cow<'a, [u8]>,
    colon: usize,
    pub(super) line: usize,
}

/// A value, or why there is none.
///
/// The reason is a type and never the value, so that it may stand in a finding that anybody reads.
pub(super) enum Value<'a> {
    Bytes(Cow<'a, [u8]>),
    Not(&'static str),
}

impl<'a> Lines<'a> {
    /// Begins at the first line; a byte order mark has to be off.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, next: 1, may_fold: false }
    }

    /// The next line that is no comment; nothing at the end.
    ///
    /// # Errors
    ///
    /// If a line is no attribute, or goes on with nothing.
    pub(super) fn next(&mut self) -> Result<Option<Line<'a>>, Error> {
        loop {
            if self.rest.is_empty() {
                return Ok(None);
            }
            let line = self.next;
            let text = self.unfolded()?;
            if text.is_empty() {
                self.may_fold = false;
                return Ok(Some(Line::Blank));
            }
            if text.first() == Some(&b'#') {
                continue;
            }
            let colon = text.iter().position(|byte| *byte == b':');
            let Some(colon) = colon.filter(|colon| text.get(..*colon).is_some_and(is_description)) else {
                return Err(wrong("a line must be an attribute and its value with ':' between them, found another text", line));
            };
            return Ok(Some(Line::Attribute(Attribute { text, colon, line })));
        }
    }

    /// The next line with all the lines that go on with it. Folds may stand within a character, so this is about bytes.
    fn unfolded(&mut self) -> Result<Cow<'a, [u8]>, Error> {
        let line = self.next;
        let mut text = Cow::Borrowed(self.physical());
        if text.first() == Some(&b' ') && !self.may_fold {
            return Err(wrong("a line that begins with a space must go on with the one before, found none before it", line));
        }
        self.may_fold = true;
        while self.rest.first() == Some(&b' ') && !text.is_empty() {
            let more = self.physical();
            text.to_mut().extend_from_slice(more.get(1..).unwrap_or_default());
            if text.len() > LONGEST_LINE {
                break;
            }
        }
        if text.len() > LONGEST_LINE {
            return Err(wrong(format!("at most {LONGEST_LINE} bytes of a line are read"), line));
        }
        if text.is_empty() {
            self.may_fold = false;
        }
        Ok(text)
    }

    /// The next line as it stands, without its end.
    ///
    /// It looks at each byte once, and lends the line from the file; nothing is copied unless the line is folded.
    fn physical(&mut self) -> &'a [u8] {
        let end = self.rest.iter().position(|byte| *byte == b'\n').unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, &[]));
        self.rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        self.next += 1;
        line.strip_suffix(b"\r").unwrap_or(line)
    }
}

impl Attribute<'_> {
    /// The name in small letters, without options.
    pub(super) fn name(&self) -> String {
        self.description().split(';').next().unwrap_or_default().to_ascii_lowercase()
    }

    /// The options behind the name, in small letters.
    pub(super) fn options(&self) -> Vec<String> {
        self.description().split(';').skip(1).map(str::to_ascii_lowercase).collect()
    }

    /// The name and its options, as they are written.
    fn description(&self) -> &str {
        let name = self.text.get(..self.colon).unwrap_or_default();
        // Only ASCII gets here.
        std::str::from_utf8(name).unwrap_or_default()
    }

    /// The value, decoded. A URL is never opened.
    pub(super) fn value(&self) -> Value<'_> {
        let rest = self.text.get(self.colon + 1..).unwrap_or_default();
        match rest.first() {
            Some(b':') => base64(rest.get(1..).unwrap_or_default()),
            Some(b'<') => Value::Not("a URL"),
            _ => Value::Bytes(Cow::Borrowed(without_fill(rest))),
        }
    }
}

/// Decodes a value with or without its padding; what follows it on the line is not looked for.
///
/// Some exports leave the padding out. Anything else that is not base64 holds the record: to guess at bytes would make another name of it.
fn base64(text: &[u8]) -> Value<'static> {
    let text = without_fill(text).trim_ascii_end();
    let Ok(text) = std::str::from_utf8(text) else { return Value::Not("no base64") };
    let decoded = Base64::decode_vec(text).or_else(|_| Base64Unpadded::decode_vec(text));
    decoded.map_or(Value::Not("no base64"), |bytes| Value::Bytes(Cow::Owned(bytes)))
}

/// The value after the spaces that may stand before it.
fn without_fill(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| *byte != b' ').unwrap_or(text.len());
    text.get(start..).unwrap_or_default()
}

/// Whether this is an attribute's name or number with its options (RFC 4512 section 2.5).
///
/// What else is there is no LDIF. `_` and `*` are not of the grammar, and real servers write them, in names and in ranges.
fn is_description(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b';' | b'=' | b'_' | b'*'))
}

/// An error in a line; `reason` never has a value in it.
pub(super) fn wrong(reason: impl Into<String>, line: usize) -> Error {
    Error::new(ErrorKind::Shape { reason: reason.into() }, Location::Text { line, column: 1 })
}
