//! Exclusive XML canonicalization 1.0 (<https://www.w3.org/TR/xml-exc-c14n/>), from the tree.
//!
//! One walk over the nodes in document order. A namespace is declared at the element that uses it in its own name or in that of an attribute, unless
//! the nearest declaration of its prefix in the output is the same; so the walk keeps the declarations that hold in the output, and takes those of an
//! element away where it closes. What stands in `InclusiveNamespaces` is declared where it is declared in the document, or at the apex if it is in
//! scope there. The result is bytes or an error, and never nothing.

use std::cmp::Ordering;

use crate::error::{Error, ErrorKind, Location};
use crate::xml::scope::NONE;
use crate::xml::tree::{Attribute, Document, Element, ElementNode, Kind};
use crate::xml::write::{escape_text, escape_value};

/// The most prefixes that an `InclusiveNamespaces` may list.
pub(crate) const MOST_PREFIXES: usize = 32;

/// How a document is made canonical.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Canonicalization<'a> {
    /// Whether comments are kept.
    pub(crate) with_comments: bool,
    /// The prefixes of `InclusiveNamespaces`, `#default` for none: they are declared where they are in scope, used or not.
    pub(crate) inclusive_prefixes: &'a [&'a str],
}

impl Canonicalization<'_> {
    /// Appends the canonical form of `element`, without the subtree of `without`: what the enveloped-signature transform leaves.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Limit`] if the canonical form is many times as long as the document, and an error if it is empty, which it never is of an
    /// element that is there: whoever digests nothing believes everything.
    pub(crate) fn element(&self, element: Element<'_>, without: Option<Element<'_>>, out: &mut Vec<u8>) -> Result<(), Error> {
        let before = out.len();
        let mut walk = Walk::new(self, element.document, out);
        walk.subtree(element.index, without.map(|without| without.index))?;
        if out.len() == before {
            let kind = ErrorKind::Element { expected: "an element to canonicalize".to_owned(), found: "nothing".to_owned() };
            return Err(Error::new(kind, element.location()));
        }
        Ok(())
    }

    /// Appends the canonical form of the whole document, with what is around its root.
    ///
    /// # Errors
    ///
    /// As of [`element`](Self::element).
    pub(crate) fn document(&self, document: &Document<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
        let end = u32::try_from(document.nodes.len()).unwrap_or(u32::MAX);
        let root_end = document.node(document.root).map_or(end, |root| root.end);
        let mut walk = Walk::new(self, document, out);
        for index in 0..document.root {
            walk.outside(index, b"", b"\n");
        }
        walk.subtree(document.root, None)?;
        for index in root_end..end {
            walk.outside(index, b"\n", b"");
        }
        Ok(())
    }
}

struct Walk<'a, 'd, 'o> {
    how: &'a Canonicalization<'a>,
    document: &'d Document<'d>,
    out: &'o mut Vec<u8>,
    /// The declarations that hold in the output here: prefix and namespace, the nearest last.
    rendered: Vec<(&'d str, u16)>,
    open: Vec<Open<'d>>,
    /// Used again for each element.
    declared: Vec<(&'d str, u16)>,
    sorted: Vec<&'d Attribute<'d>>,
    longest: usize,
}

struct Open<'d> {
    qualified: &'d str,
    end: u32,
    rendered: usize,
}

impl<'a, 'd, 'o> Walk<'a, 'd, 'o> {
    fn new(how: &'a Canonicalization<'a>, document: &'d Document<'d>, out: &'o mut Vec<u8>) -> Self {
        out.reserve(document.length);
        // A declaration may be repeated at every element that uses it; a document in which that outweighs everything else is an attack.
        let longest = out.len().saturating_add(document.length.saturating_mul(16)).saturating_add(65_536);
        Self { how, document, out, rendered: Vec::new(), open: Vec::new(), declared: Vec::new(), sorted: Vec::new(), longest }
    }

    fn subtree(&mut self, first: u32, without: Option<u32>) -> Result<(), Error> {
        let end = self.document.node(first).map_or(first, |node| node.end);
        let mut index = first;
        while index < end {
            self.close(index);
            let Some(node) = self.document.node(index) else { break };
            if without == Some(index) {
                index = node.end;
                continue;
            }
            match &node.kind {
                Kind::Element(element) => {
                    self.start(element, index, index == first);
                    self.open.push(Open { qualified: element.name.qualified(), end: node.end, rendered: self.rendered.len() });
                    if self.out.len() > self.longest {
                        return Err(Error::new(ErrorKind::Limit { what: "bytes of canonical XML", most: self.longest }, Location::Whole));
                    }
                }
                Kind::Text(text) => escape_text(text, self.out),
                Kind::Comment(_) | Kind::Instruction { .. } => self.outside(index, b"", b""),
            }
            index += 1;
        }
        self.close(end);
        Ok(())
    }

    /// Closes the elements that end before `index`.
    fn close(&mut self, index: u32) {
        while let Some(open) = self.open.pop_if(|open| open.end <= index) {
            self.out.extend_from_slice(b"</");
            self.out.extend_from_slice(open.qualified.as_bytes());
            self.out.push(b'>');
            let outer = self.open.last().map_or(0, |outer| outer.rendered);
            self.rendered.truncate(outer);
        }
    }

    fn start(&mut self, element: &'d ElementNode<'d>, index: u32, is_apex: bool) {
        self.out.push(b'<');
        self.out.extend_from_slice(element.name.qualified().as_bytes());
        let attributes = self.document.attributes(element);
        self.declare(element.name.prefix(), element.namespace);
        for attribute in attributes {
            // The prefix xml is never declared, and no prefix is no namespace.
            if attribute.name.has_prefix() && attribute.name.prefix() != "xml" {
                self.declare(attribute.name.prefix(), attribute.namespace);
            }
        }
        self.declare_inclusive(element, index, is_apex);
        self.write_declarations();
        self.write_attributes(attributes);
        self.out.push(b'>');
    }

    /// Notes a declaration, unless it holds already.
    fn declare(&mut self, prefix: &'d str, namespace: u16) {
        let holding = self.rendered.iter().rev().find(|(rendered, _)| *rendered == prefix).map_or(NONE, |(_, namespace)| *namespace);
        let is_new = holding != namespace && !self.declared.iter().any(|(declared, _)| *declared == prefix);
        if is_new && prefix != "xml" {
            self.declared.push((prefix, namespace));
        }
    }

    /// exc-c14n section 3: the prefixes on the list are handled as canonical XML handles them.
    fn declare_inclusive(&mut self, element: &'d ElementNode<'d>, index: u32, is_apex: bool) {
        if self.how.inclusive_prefixes.is_empty() {
            return;
        }
        let is_listed = |prefix: &str| {
            let token = if prefix.is_empty() { "#default" } else { prefix };
            self.how.inclusive_prefixes.contains(&token)
        };
        let mut candidates: Vec<_> = self.document.declarations(element).iter().filter(|declared| is_listed(declared.prefix)).collect();
        if is_apex {
            // What holds here is declared somewhere above; the nearest counts.
            let mut above = index;
            while let Some(parent) = self.document.node(above).map(|node| node.parent).filter(|parent| *parent != above) {
                above = parent;
                let Some(Kind::Element(outer)) = self.document.node(above).map(|node| &node.kind) else { break };
                for declared in self.document.declarations(outer) {
                    if is_listed(declared.prefix) && !candidates.iter().any(|candidate| candidate.prefix == declared.prefix) {
                        candidates.push(declared);
                    }
                }
            }
        }
        for declared in candidates {
            self.declare(declared.prefix, declared.namespace);
        }
    }

    fn write_declarations(&mut self) {
        // No prefix comes first.
        self.declared.sort_unstable();
        for (prefix, namespace) in self.declared.drain(..) {
            self.out.extend_from_slice(b" xmlns");
            if !prefix.is_empty() {
                self.out.push(b':');
                self.out.extend_from_slice(prefix.as_bytes());
            }
            self.out.extend_from_slice(b"=\"");
            escape_value(self.document.namespace(namespace), self.out);
            self.out.push(b'"');
            self.rendered.push((prefix, namespace));
        }
    }

    fn write_attributes(&mut self, attributes: &'d [Attribute<'d>]) {
        self.sorted.extend(attributes);
        let document = self.document;
        let by_name = |one: &&Attribute<'_>, other: &&Attribute<'_>| match one.namespace == other.namespace {
            true => one.name.local().cmp(other.name.local()),
            false => document.namespace(one.namespace).cmp(document.namespace(other.namespace)),
        };
        if !self.sorted.is_sorted_by(|one, other| by_name(one, other) != Ordering::Greater) {
            self.sorted.sort_unstable_by(by_name);
        }
        for attribute in self.sorted.drain(..) {
            self.out.push(b' ');
            self.out.extend_from_slice(attribute.name.qualified().as_bytes());
            self.out.extend_from_slice(b"=\"");
            escape_value(&attribute.value, self.out);
            self.out.push(b'"');
        }
    }

    /// A comment or an instruction, with what is before and behind it outside the root.
    fn outside(&mut self, index: u32, before: &[u8], behind: &[u8]) {
        match self.document.node(index).map(|node| &node.kind) {
            Some(Kind::Comment(text)) if self.how.with_comments => {
                for part in [before, b"<!--", text.as_bytes(), b"-->", behind] {
                    self.out.extend_from_slice(part);
                }
            }
            Some(Kind::Instruction { target, data }) => {
                let space: &[u8] = if data.is_empty() { b"" } else { b" " };
                for part in [before, b"<?", target.as_bytes(), space, data.as_bytes(), b"?>", behind] {
                    self.out.extend_from_slice(part);
                }
            }
            _ => {}
        }
    }
}
