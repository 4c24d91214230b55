//! A floor for canonicalization: one pass over the text, by hand, with nothing checked.
//!
//! It takes well-formed text with names in ASCII, without comments, references, CDATA and instructions, whose prefixes mean the same everywhere.

/// The exclusive canonical form of the element that is the whole of `text`.
pub(crate) fn canonicalize(text: &str) -> Vec<u8> {
    let mut pass =
        Pass { out: Vec::with_capacity(text.len() + text.len() / 8), rendered: Vec::new(), open: Vec::new(), declared: Vec::new() };
    let mut rest = text.as_bytes();
    while let Some(start) = memchr::memchr(b'<', rest) {
        let (before, tag) = rest.split_at(start);
        pass.text(before);
        let end = memchr::memchr(b'>', tag).unwrap_or(tag.len() - 1);
        let (tag, behind) = tag.split_at(end + 1);
        let inner = tag.get(1..tag.len() - 1).unwrap_or_default();
        match inner.first() {
            Some(b'/') => pass.end(),
            _ if inner.ends_with(b"/") => {
                pass.start(inner.get(..inner.len() - 1).unwrap_or_default());
                pass.end();
            }
            _ => pass.start(inner),
        }
        rest = behind;
    }
    pass.out
}

struct Pass<'t> {
    out: Vec<u8>,
    /// The prefixes that are declared in the output here.
    rendered: Vec<&'t [u8]>,
    open: Vec<(&'t [u8], usize)>,
    /// Every declaration that was met.
    declared: Vec<(&'t [u8], &'t [u8])>,
}

impl<'t> Pass<'t> {
    fn text(&mut self, text: &[u8]) {
        if memchr::memchr2(b'>', b'\r', text).is_none() {
            return self.out.extend_from_slice(text);
        }
        for byte in text {
            match byte {
                b'>' => self.out.extend_from_slice(b"&gt;"),
                b'\r' => self.out.extend_from_slice(b"&#xD;"),
                _ => self.out.push(*byte),
            }
        }
    }

    fn start(&mut self, tag: &'t [u8]) {
        let name_end = tag.iter().position(u8::is_ascii_whitespace).unwrap_or(tag.len());
        let (name, mut rest) = tag.split_at(name_end);
        let mut attributes: Vec<(&[u8], &[u8])> = Vec::new();
        while let Some(equals) = memchr::memchr(b'=', rest) {
            let (attribute, value) = rest.split_at(equals);
            let value = value.get(2..).unwrap_or_default();
            let end = memchr::memchr2(b'"', b'\'', value).unwrap_or(value.len() - 1);
            let (value, behind) = value.split_at(end);
            match attribute.trim_ascii() {
                declared if declared.starts_with(b"xmlns:") => self.declared.push((declared.get(6..).unwrap_or_default(), value)),
                attribute => attributes.push((attribute, value)),
            }
            rest = behind.get(1..).unwrap_or_default();
        }
        self.out.push(b'<');
        self.out.extend_from_slice(name);
        let before = self.rendered.len();
        let prefix = memchr::memchr(b':', name).map_or(&b""[..], |colon| name.split_at(colon).0);
        let declaration = self.declared.iter().rev().find(|(declared, _)| *declared == prefix && !self.rendered.contains(declared));
        if let Some((_, namespace)) = declaration {
            self.rendered.push(prefix);
            for part in [b" xmlns:", prefix, b"=\"", namespace, b"\""] {
                self.out.extend_from_slice(part);
            }
        }
        attributes.sort_unstable();
        for (attribute, value) in attributes {
            for part in [b" ", attribute, b"=\"", value, b"\""] {
                self.out.extend_from_slice(part);
            }
        }
        self.out.push(b'>');
        self.open.push((name, before));
    }

    fn end(&mut self) {
        if let Some((name, before)) = self.open.pop() {
            for part in [b"</", name, b">"] {
                self.out.extend_from_slice(part);
            }
            self.rendered.truncate(before);
        }
    }
}
