//! Writes elements in canonical form.

use crate::error::{Error, ErrorKind, excerpt};
use crate::xml::name::illegal_character;

/// Writes a document whose text is its own exclusive canonical form.
///
/// Namespaces are declared where they are first used, attributes are sorted, and values escaped; so what is signed is what is written, and nothing
/// is read again before it is signed. The caller writes no attribute with a prefix.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    out: Vec<u8>,
    /// The elements that are open: prefix, local name, and whether the prefix was declared there.
    open: Vec<(&'static str, &'static str)>,
    /// The prefixes that hold here, and how many elements were open where each was declared.
    declared: Vec<(&'static str, usize)>,
    /// The first text that XML cannot carry.
    illegal: Option<String>,
}

/// An element's prefix and local name, and the namespace that the prefix stands for in the whole document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ElementName {
    pub(crate) prefix: &'static str,
    pub(crate) local: &'static str,
    pub(crate) namespace: &'static str,
}

impl Writer {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self { out: Vec::with_capacity(capacity), ..Self::default() }
    }

    /// Opens an element. `attributes` are in no namespace; those without a value are left out.
    pub(crate) fn start(&mut self, name: ElementName, attributes: &[(&'static str, Option<&str>)]) {
        self.out.push(b'<');
        self.push_name(name.prefix, name.local);
        if !self.declared.iter().any(|(declared, _)| *declared == name.prefix) {
            self.declared.push((name.prefix, self.open.len()));
            self.out.extend_from_slice(b" xmlns:");
            self.out.extend_from_slice(name.prefix.as_bytes());
            self.out.extend_from_slice(b"=\"");
            escape_value(name.namespace, &mut self.out);
            self.out.push(b'"');
        }
        if attributes.is_sorted_by_key(|(name, _)| *name) {
            self.push_attributes(attributes);
        } else {
            let mut sorted = attributes.to_vec();
            sorted.sort_unstable_by_key(|(name, _)| *name);
            self.push_attributes(&sorted);
        }
        self.out.push(b'>');
        self.open.push((name.prefix, name.local));
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.check(text);
        escape_text(text, &mut self.out);
    }

    /// Puts in what another writer has written: canonical form that declares all it uses, of prefixes that are not declared here.
    pub(crate) fn canonical(&mut self, canonical: &[u8]) {
        self.out.extend_from_slice(canonical);
    }

    pub(crate) fn end(&mut self) {
        if let Some((prefix, local)) = self.open.pop() {
            self.out.extend_from_slice(b"</");
            self.push_name(prefix, local);
            self.out.push(b'>');
            let depth = self.open.len();
            while self.declared.pop_if(|(_, declared)| *declared >= depth).is_some() {}
        }
    }

    /// An element with nothing but text in it.
    pub(crate) fn element(&mut self, name: ElementName, attributes: &[(&'static str, Option<&str>)], text: &str) {
        self.start(name, attributes);
        self.text(text);
        self.end();
    }

    /// The bytes that are written so far.
    pub(crate) fn length(&self) -> usize {
        self.out.len()
    }

    /// What was written, with all elements closed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Value`] if a text has a character that XML 1.0 cannot carry, in no form.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, Error> {
        while !self.open.is_empty() {
            self.end();
        }
        match self.illegal {
            None => Ok(self.out),
            Some(found) => Err(Error::whole(ErrorKind::Value { name: "text", expected: "characters that XML 1.0 has", found })),
        }
    }

    fn push_name(&mut self, prefix: &str, local: &str) {
        self.out.extend_from_slice(prefix.as_bytes());
        self.out.push(b':');
        self.out.extend_from_slice(local.as_bytes());
    }

    fn push_attributes(&mut self, attributes: &[(&'static str, Option<&str>)]) {
        for (name, value) in attributes {
            let Some(value) = value else { continue };
            self.check(value);
            self.out.push(b' ');
            self.out.extend_from_slice(name.as_bytes());
            self.out.extend_from_slice(b"=\"");
            escape_value(value, &mut self.out);
            self.out.push(b'"');
        }
    }

    fn check(&mut self, text: &str) {
        if self.illegal.is_none() && illegal_character(text).is_some() {
            self.illegal = Some(excerpt(text));
        }
    }
}

/// Canonical XML 1.0 section 2.3, text nodes.
pub(super) fn escape_text(text: &str, out: &mut Vec<u8>) {
    // Without branches, so that many bytes are looked at at once; hardly any text has one.
    let is_plain = text.bytes().fold(true, |plain, byte| plain & (byte != b'&') & (byte != b'<') & (byte != b'>') & (byte != b'\r'));
    if is_plain {
        return out.extend_from_slice(text.as_bytes());
    }
    for byte in text.bytes() {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'\r' => out.extend_from_slice(b"&#xD;"),
            _ => out.push(byte),
        }
    }
}

/// Canonical XML 1.0 section 2.3, attribute nodes.
pub(super) fn escape_value(value: &str, out: &mut Vec<u8>) {
    let is_plain = value.bytes().fold(true, |plain, byte| plain & (byte != b'&') & (byte != b'<') & (byte != b'"') & (byte >= 0x20));
    if is_plain {
        return out.extend_from_slice(value.as_bytes());
    }
    for byte in value.bytes() {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'"' => out.extend_from_slice(b"&quot;"),
            b'\t' => out.extend_from_slice(b"&#x9;"),
            b'\n' => out.extend_from_slice(b"&#xA;"),
            b'\r' => out.extend_from_slice(b"&#xD;"),
            _ => out.push(byte),
        }
    }
}
