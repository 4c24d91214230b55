//! XML 1.0 with namespaces, as far as SAML needs it: one strict reading, one tree, its canonical form, and a writer that writes just that.
//!
//! ```text
//!   text --parse--> Document --root()--> Element: names, attributes, children, text()      what is believed
//!                       `------canonicalize---> bytes                                      what is digested
//!   Writer --> canonical text                                                              what is sent
//! ```
//!
//! A digest and a value are always read from the same nodes, so there is no second opinion of a document.

mod bounds;
mod c14n;
mod name;
mod parse;
mod scope;
mod tag;
mod tree;
mod write;

pub(crate) use bounds::Bounds;
pub(crate) use c14n::{Canonicalization, MOST_PREFIXES};
pub(crate) use name::is_ncname;
pub(crate) use tree::{Document, Element};
pub(crate) use write::{ElementName, Writer};

/// The namespace that the prefix `xml` is bound to, always and alone.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The namespace of declarations, which nothing may be bound to.
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// `text` without the whitespace of XML around it. Other spaces, such as that which does not break, are part of a name.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r'])
}

/// What is whitespace in markup (XML 1.0 production 3).
const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
