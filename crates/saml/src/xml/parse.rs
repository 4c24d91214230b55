//! From text to the tree. The tokenizer finds the pieces; what each may be is decided here.
//!
//! | piece | taken | refused, because readers differ in it or it does harm |
//! | --- | --- | --- |
//! | XML declaration | once, first, version 1.0, UTF-8 or no encoding | another version or encoding, another order |
//! | document type | never | entities and default values are what somebody else's text would be |
//! | element | `prefix:local`, both names of XML, the prefix declared | an end tag of another name, a second root, what is still open at the end |
//! | attribute | once by its expanded name | `<` in a value, a value without quotes, no space between two |
//! | namespace | an absolute URI, compared behind its references | a relative one, `xmlns:p=""`, `xml` or `xmlns` bound to anything else |
//! | text, CDATA | one node with what they stand for, line ends as `\n` | `]]>`, characters that XML has not |
//! | reference | by number, or one of the five that XML declares | every other entity |
//! | comment, instruction | kept for the canonical form, never part of a value | `--` in a comment, the target `xml` |
//! | identifier | `ID`, `xml:id`, and `Id` in signatures and encryption | the same one twice |

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::error::{Error, ErrorKind, Location};
use crate::xml::name::illegal_character;
use crate::xml::scope::{NONE, Scope};
use crate::xml::tag::{Cursor, error, line_ends, reference};
use crate::xml::tree::{Attribute, Declaration, Document, ElementNode, Kind, Name, Node};
use crate::xml::{Bounds, XML, XMLNS, is_space};

/// Reads a document: XML 1.0 in UTF-8 with namespaces, without a document type, with unique identifiers.
pub(super) fn document<'x>(text: &'x str, bounds: &Bounds) -> Result<Document<'x>, Error> {
    if text.len() > bounds.bytes || u32::try_from(text.len()).is_err() {
        return Err(Error::whole(ErrorKind::Limit { what: "bytes of XML", most: bounds.bytes }));
    }
    if let Some(at) = illegal_character(text) {
        return Err(error("a character that XML 1.0 has", text.get(at..).unwrap_or_default(), at));
    }
    let mut parser = Parser::new(text, bounds);
    parser.read()?;
    parser.finish()
}

struct Parser<'x, 'b> {
    text: &'x str,
    bounds: &'b Bounds,
    has_carriage_return: bool,
    has_section_end: bool,
    nodes: Vec<Node<'x>>,
    attributes: Vec<Attribute<'x>>,
    declarations: Vec<Declaration<'x>>,
    scope: Scope<'x>,
    open: Vec<Open<'x>>,
    root: Option<u32>,
    /// Text that may go on, and the byte where it began.
    pending: Option<(Cow<'x, str>, usize)>,
    /// The identifiers, and where each was.
    identifiers: Vec<(Cow<'x, str>, usize)>,
}

/// An element that is not closed yet.
struct Open<'x> {
    index: u32,
    qualified: &'x str,
    scope: usize,
}

impl<'x, 'b> Parser<'x, 'b> {
    fn new(text: &'x str, bounds: &'b Bounds) -> Self {
        let guess = text.len() / 32;
        Self {
            text,
            bounds,
            has_carriage_return: memchr::memchr(b'\r', text.as_bytes()).is_some(),
            has_section_end: memchr::memmem::find(text.as_bytes(), b"]]>").is_some(),
            nodes: Vec::with_capacity(guess),
            attributes: Vec::with_capacity(guess / 2),
            declarations: Vec::new(),
            scope: Scope::new(bounds),
            open: Vec::new(),
            root: None,
            pending: None,
            identifiers: Vec::new(),
        }
    }

    fn read(&mut self) -> Result<(), Error> {
        // U+FEFF at the beginning is a mark of the encoding and no part of the document.
        let mark = if self.text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        let rest = self.text.get(mark..).unwrap_or_default();
        // The tokenizer would pass over another one without counting it, and every piece behind it would be read three bytes off.
        if rest.starts_with('\u{FEFF}') {
            return Err(self.error("nothing but whitespace outside the element around everything", mark));
        }
        let mut reader = Reader::from_str(rest);
        let config = reader.config_mut();
        // These are checked here, with the place.
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = false;
        let position = |reader: &Reader<&[u8]>| mark + usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        loop {
            let start = position(&reader);
            let event = reader.read_event();
            let end = position(&reader);
            let piece = self.text.get(start..end).unwrap_or_default();
            match event {
                Ok(Event::Start(_)) => self.start(inner(piece, 1, 1), start, false)?,
                Ok(Event::Empty(_)) => self.start(inner(piece, 1, 2), start, true)?,
                Ok(Event::End(_)) => self.end(inner(piece, 2, 1), start)?,
                Ok(Event::Text(_)) => self.text(piece, start)?,
                Ok(Event::CData(_)) => self.section(inner(piece, 9, 3), start)?,
                Ok(Event::GeneralRef(_)) => {
                    let character = reference(inner(piece, 1, 1), start)?;
                    self.push_text(Cow::Owned(character.to_string()), start)?;
                }
                Ok(Event::Comment(_)) => self.comment(inner(piece, 4, 3), start)?,
                Ok(Event::PI(_)) => self.instruction(inner(piece, 2, 2), start)?,
                Ok(Event::Decl(_)) => self.declaration(inner(piece, 2, 2), start, mark)?,
                Ok(Event::DocType(_)) => return Err(error("no document type declaration", piece, start)),
                Ok(Event::Eof) => return Ok(()),
                Err(_) => return Err(self.error("well-formed markup", start)),
            }
        }
    }

    fn finish(mut self) -> Result<Document<'x>, Error> {
        if !self.open.is_empty() {
            return Err(self.error("the end tag of every element", self.text.len()));
        }
        let root = self.root.ok_or_else(|| self.error("an element", self.text.len()))?;
        self.identifiers.sort_unstable();
        let twins = self.identifiers.iter().zip(self.identifiers.iter().skip(1)).filter(|(first, second)| first.0 == second.0);
        if let Some((_, second)) = twins.min_by_key(|(_, second)| second.1) {
            return Err(error("every identifier once", &second.0, second.1));
        }
        Ok(Document {
            nodes: self.nodes,
            attributes: self.attributes,
            declarations: self.declarations,
            namespaces: self.scope.into_namespaces(),
            root,
            length: self.text.len(),
        })
    }

    fn error(&self, expected: &'static str, at: usize) -> Error {
        error(expected, self.text.get(at..).unwrap_or_default(), at)
    }

    /// What is in a start tag, or in the tag of an empty element.
    fn start(&mut self, content: &'x str, at: usize, is_empty: bool) -> Result<(), Error> {
        self.flush();
        if self.open.is_empty() && self.root.is_some() {
            return Err(self.error("one element around everything", at));
        }
        if self.open.len() >= self.bounds.depth {
            return Err(Error::new(ErrorKind::Limit { what: "elements within one another", most: self.bounds.depth }, Location::Byte(at)));
        }
        let mut cursor = Cursor::new(content, at + 1);
        let name = cursor.name()?;
        let scope = self.scope.depth();
        let first_declaration = index(self.declarations.len());
        let first_attribute = self.attributes.len();
        self.read_attributes(&mut cursor)?;
        let namespace = self.resolve(name, at + 1)?;
        self.bind_attributes(first_attribute, namespace, at)?;

        let node = self.push(
            Kind::Element(ElementNode {
                name,
                namespace,
                attributes: (index(first_attribute), index(self.attributes.len())),
                declarations: (first_declaration, index(self.declarations.len())),
            }),
            at,
        );
        if self.open.is_empty() {
            self.root = Some(node);
        }
        if is_empty {
            self.scope.leave(scope);
        } else {
            self.open.push(Open { index: node, qualified: name.qualified(), scope });
        }
        Ok(())
    }

    /// Attributes and namespace declarations; which namespace an attribute is in is known only behind the last of them.
    fn read_attributes(&mut self, cursor: &mut Cursor<'x>) -> Result<(), Error> {
        let first_declaration = self.declarations.len();
        let mut count = 0;
        while cursor.spaces() && !cursor.is_at_end() {
            count += 1;
            if count > self.bounds.attributes {
                let kind = ErrorKind::Limit { what: "attributes of one element", most: self.bounds.attributes };
                return Err(Error::new(kind, Location::Byte(cursor.at())));
            }
            let at = cursor.at();
            let name = cursor.name()?;
            let value = cursor.value()?;
            match (name.prefix(), name.local()) {
                ("", "xmlns") => self.declare("", value, first_declaration, at)?,
                ("xmlns", prefix) => self.declare(prefix, value, first_declaration, at)?,
                _ => self.attributes.push(Attribute { name, namespace: NONE, value }),
            }
        }
        if cursor.is_at_end() { Ok(()) } else { Err(cursor.error("whitespace between attributes")) }
    }

    /// Namespaces in XML sections 2 and 3.
    fn declare(&mut self, prefix: &'x str, namespace: Cow<'x, str>, first: usize, at: usize) -> Result<(), Error> {
        if prefix == "xmlns" || *namespace == *XMLNS || (prefix == "xml") != (*namespace == *XML) {
            return Err(self.error("the prefixes xml and xmlns bound to their own namespaces", at));
        }
        if namespace.is_empty() && !prefix.is_empty() {
            return Err(self.error("a namespace for the prefix", at));
        }
        // A relative one means another namespace in every place, and canonical XML refuses it.
        if !namespace.is_empty() && !is_absolute(&namespace) {
            return Err(self.error("an absolute URI for the namespace", at));
        }
        if self.declarations.iter().skip(first).any(|declared| declared.prefix == prefix) {
            return Err(self.error("one declaration for a prefix", at));
        }
        let namespace = self.scope.intern(namespace, at)?;
        self.scope.declare(prefix, namespace, at)?;
        self.declarations.push(Declaration { prefix, namespace });
        Ok(())
    }

    /// Gives each attribute its namespace. Namespaces in XML section 6.3: "No tag may contain two attributes which [...] have qualified names with
    /// the same local part and with prefixes which have been bound to namespace names that are identical."
    fn bind_attributes(&mut self, first: usize, element: u16, at: usize) -> Result<(), Error> {
        for current in first..self.attributes.len() {
            let Some(name) = self.attributes.get(current).map(|attribute| attribute.name) else { break };
            let namespace = if !name.has_prefix() { NONE } else { self.resolve(name, at)? };
            let earlier = self.attributes.get(first..current).unwrap_or_default();
            if earlier.iter().any(|earlier| earlier.namespace == namespace && earlier.name.local() == name.local()) {
                return Err(self.error("every attribute once", at));
            }
            let Some(attribute) = self.attributes.get_mut(current) else { break };
            attribute.namespace = namespace;
            let is_identifier = match name.local() {
                "ID" => namespace == NONE,
                "Id" => namespace == NONE && SIGNING.iter().any(|signing| self.scope.is(element, signing)),
                "id" => self.scope.is(namespace, XML),
                _ => false,
            };
            if is_identifier {
                self.identifiers.push((attribute.value.clone(), at));
            }
        }
        Ok(())
    }

    fn resolve(&self, name: Name<'x>, at: usize) -> Result<u16, Error> {
        self.scope.resolve(name.prefix()).ok_or_else(|| error("a prefix that is declared", name.qualified(), at))
    }

    /// What is between `</` and `>`.
    fn end(&mut self, content: &'x str, at: usize) -> Result<(), Error> {
        self.flush();
        let open = self.open.pop().ok_or_else(|| self.error("no end tag here", at))?;
        let rest = content.strip_prefix(open.qualified).ok_or_else(|| self.error("the end tag of the element that is open", at))?;
        if !rest.bytes().all(is_space) {
            return Err(self.error("the end tag of the element that is open", at));
        }
        self.scope.leave(open.scope);
        let end = index(self.nodes.len());
        if let Some(node) = usize::try_from(open.index).ok().and_then(|index| self.nodes.get_mut(index)) {
            node.end = end;
        }
        Ok(())
    }

    fn text(&mut self, text: &'x str, at: usize) -> Result<(), Error> {
        if self.has_section_end && text.contains("]]>") {
            return Err(self.error("no ]]> in text", at + text.find("]]>").unwrap_or_default()));
        }
        self.push_text(self.line_ends(text), at)
    }

    /// What is in a CDATA section.
    fn section(&mut self, text: &'x str, at: usize) -> Result<(), Error> {
        if self.open.is_empty() {
            return Err(self.error("markup", at));
        }
        self.push_text(self.line_ends(text), at)
    }

    /// XML 1.0 section 2.5: "the string \"--\" (double-hyphen) MUST NOT occur within comments".
    fn comment(&mut self, text: &'x str, at: usize) -> Result<(), Error> {
        if text.contains("--") || text.ends_with('-') {
            return Err(self.error("a comment without --", at));
        }
        self.flush();
        self.push(Kind::Comment(self.line_ends(text)), at);
        Ok(())
    }

    /// What is between `<?` and `?>`.
    fn instruction(&mut self, content: &'x str, at: usize) -> Result<(), Error> {
        self.flush();
        let mut cursor = Cursor::new(content, at + 2);
        let target = cursor.ncname()?;
        if target.eq_ignore_ascii_case("xml") {
            return Err(self.error("an XML declaration at the beginning only", at));
        }
        if !cursor.spaces() && !cursor.is_at_end() {
            return Err(cursor.error("whitespace behind the target of an instruction"));
        }
        let data = self.line_ends(cursor.rest());
        self.push(Kind::Instruction { target, data }, at);
        Ok(())
    }

    /// What is between `<?` and `?>` of an XML declaration (XML 1.0 production 23).
    fn declaration(&mut self, content: &'x str, at: usize, mark: usize) -> Result<(), Error> {
        if at != mark {
            return Err(self.error("an XML declaration at the beginning only", at));
        }
        let mut cursor = Cursor::new(content, at + 2);
        cursor.expect("xml", "an XML declaration")?;
        // Each may be left out behind the first, and none may come before one that stands in front of it here.
        let mut next = 0;
        while cursor.spaces() && !cursor.is_at_end() {
            let here = cursor.at();
            let name = cursor.ncname()?;
            let value = cursor.value()?;
            let position = ["version", "encoding", "standalone"].iter().position(|known| *known == name);
            let is_right = match name {
                "version" => value == "1.0",
                "encoding" => value.eq_ignore_ascii_case("UTF-8"),
                _ => value == "yes" || value == "no",
            };
            let is_in_order = position.is_some_and(|position| position >= next && (position == 0) == (next == 0));
            if !is_in_order || !is_right {
                return Err(self.error("version=\"1.0\", then encoding=\"UTF-8\" or none, then standalone or none", here));
            }
            next = position.map_or(next, |position| position + 1);
        }
        if next == 0 || !cursor.is_at_end() {
            return Err(cursor.error("version=\"1.0\""));
        }
        Ok(())
    }

    fn line_ends(&self, text: &'x str) -> Cow<'x, str> {
        if self.has_carriage_return { line_ends(text) } else { Cow::Borrowed(text) }
    }

    fn push_text(&mut self, text: Cow<'x, str>, at: usize) -> Result<(), Error> {
        if self.open.is_empty() {
            // XML 1.0 production 27: a reference to a space is not whitespace between markup.
            let is_blank = matches!(text, Cow::Borrowed(_)) || self.has_carriage_return;
            let is_space = is_blank && text.bytes().all(is_space) && !self.text.get(at..).is_some_and(|rest| rest.starts_with('&'));
            return if is_space { Ok(()) } else { Err(self.error("nothing but whitespace outside the element around everything", at)) };
        }
        match &mut self.pending {
            Some((pending, _)) => pending.to_mut().push_str(&text),
            None => self.pending = Some((text, at)),
        }
        Ok(())
    }

    /// Ends the text that was being read.
    #[inline]
    fn flush(&mut self) {
        // An empty CDATA section is no text.
        if let Some((text, at)) = self.pending.take().filter(|(text, _)| !text.is_empty()) {
            self.push(Kind::Text(text), at);
        }
    }

    fn push(&mut self, kind: Kind<'x>, at: usize) -> u32 {
        let own = index(self.nodes.len());
        let parent = self.open.last().map_or(own, |open| open.index);
        self.nodes.push(Node { kind, parent, end: own + 1, at: index(at) });
        own
    }
}

/// The namespaces whose elements are identified by `Id`: those of XML signatures and XML encryption.
const SIGNING: [&str; 2] = ["http://www.w3.org/2000/09/xmldsig#", "http://www.w3.org/2001/04/xmlenc#"];

/// Without the first `before` and the last `behind` bytes.
fn inner(piece: &str, before: usize, behind: usize) -> &str {
    piece.get(before..piece.len().saturating_sub(behind)).unwrap_or_default()
}

/// The length of the text is known to fit, and there are no more nodes than bytes.
fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// RFC 3986 section 3.1: it begins with a scheme.
fn is_absolute(uri: &str) -> bool {
    let scheme = uri.split_once(':').map_or("", |(scheme, _)| scheme);
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}
