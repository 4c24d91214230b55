//! The tree: nodes in document order, each with the end of its subtree.

use std::borrow::Cow;

use crate::error::{Error, ErrorKind, Location, excerpt, excerpt_of_path};
use crate::xml::{Bounds, parse};

/// A document that was read to its end and is well-formed.
#[derive(Debug)]
pub(crate) struct Document<'x> {
    /// In document order: what is in an element follows it.
    pub(super) nodes: Vec<Node<'x>>,
    pub(super) attributes: Vec<Attribute<'x>>,
    pub(super) declarations: Vec<Declaration<'x>>,
    /// The namespaces of the document; the first is none, the second that of `xml`.
    pub(super) namespaces: Vec<Cow<'x, str>>,
    pub(super) root: u32,
    /// The bytes of the text.
    pub(super) length: usize,
}

#[derive(Debug)]
pub(super) struct Node<'x> {
    pub(super) kind: Kind<'x>,
    /// The element that it is in; its own index if there is none.
    pub(super) parent: u32,
    /// The index behind its subtree.
    pub(super) end: u32,
    /// The byte where it begins.
    pub(super) at: u32,
}

#[derive(Debug)]
pub(super) enum Kind<'x> {
    Element(ElementNode<'x>),
    /// Text, CDATA and references, as one, with what they stand for.
    Text(Cow<'x, str>),
    Comment(Cow<'x, str>),
    Instruction {
        target: &'x str,
        data: Cow<'x, str>,
    },
}

#[derive(Debug)]
pub(super) struct ElementNode<'x> {
    pub(super) name: Name<'x>,
    pub(super) namespace: u16,
    pub(super) attributes: (u32, u32),
    pub(super) declarations: (u32, u32),
}

#[derive(Debug)]
pub(super) struct Attribute<'x> {
    pub(super) name: Name<'x>,
    pub(super) namespace: u16,
    pub(super) value: Cow<'x, str>,
}

/// `xmlns="namespace"` or `xmlns:prefix="namespace"`.
#[derive(Debug)]
pub(super) struct Declaration<'x> {
    pub(super) prefix: &'x str,
    pub(super) namespace: u16,
}

/// A qualified name: as it is written, and where its local part begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name<'x> {
    qualified: &'x str,
    local: u32,
}

impl<'x> Name<'x> {
    /// `qualified` has a prefix of `prefix` bytes and a colon behind it, or none.
    pub(super) fn new(qualified: &'x str, prefix: usize) -> Self {
        let local = if prefix == 0 { 0 } else { prefix + 1 };
        Self { qualified, local: u32::try_from(local).unwrap_or(0) }
    }

    pub(super) fn qualified(self) -> &'x str {
        self.qualified
    }

    /// Empty if there is none.
    #[inline]
    pub(super) fn prefix(self) -> &'x str {
        self.qualified.get(..self.start().saturating_sub(1)).unwrap_or_default()
    }

    #[inline]
    pub(super) fn local(self) -> &'x str {
        self.qualified.get(self.start()..).unwrap_or_default()
    }

    #[inline]
    pub(super) fn has_prefix(self) -> bool {
        self.local != 0
    }

    fn start(self) -> usize {
        usize::try_from(self.local).unwrap_or(0)
    }
}

impl<'x> Document<'x> {
    /// Reads `text`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Xml`] with the byte, and [`ErrorKind::Limit`].
    pub(crate) fn parse(text: &'x str, bounds: &Bounds) -> Result<Self, Error> {
        parse::document(text, bounds)
    }

    pub(crate) fn root(&self) -> Element<'_> {
        Element { document: self, index: self.root }
    }

    pub(super) fn node(&self, index: u32) -> Option<&Node<'x>> {
        self.nodes.get(usize::try_from(index).ok()?)
    }

    pub(super) fn namespace(&self, namespace: u16) -> &str {
        self.namespaces.get(usize::from(namespace)).map_or("", |namespace| namespace)
    }

    pub(super) fn attributes(&self, element: &ElementNode<'_>) -> &[Attribute<'x>] {
        between(&self.attributes, element.attributes)
    }

    pub(super) fn declarations(&self, element: &ElementNode<'_>) -> &[Declaration<'x>] {
        between(&self.declarations, element.declarations)
    }
}

fn between<T>(all: &[T], (start, end): (u32, u32)) -> &[T] {
    let range = usize::try_from(start).unwrap_or(usize::MAX)..usize::try_from(end).unwrap_or(usize::MAX);
    all.get(range).unwrap_or_default()
}

/// One element of a [`Document`]. Two are equal if they are the same element of the same document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'d> {
    pub(super) document: &'d Document<'d>,
    pub(super) index: u32,
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.index == other.index
    }
}

impl<'d> Element<'d> {
    /// Whether this is the element `local` of `namespace`: the expanded name, exactly.
    pub(crate) fn is(&self, namespace: &str, local: &str) -> bool {
        self.local_name() == local && self.namespace() == namespace
    }

    pub(crate) fn local_name(&self) -> &'d str {
        self.element().map_or("", |element| element.name.local())
    }

    /// Empty if it is in none.
    pub(crate) fn namespace(&self) -> &'d str {
        self.element().map_or("", |element| self.document.namespace(element.namespace))
    }

    /// The value of the attribute `local` that is in no namespace.
    pub(crate) fn attribute(&self, local: &str) -> Option<&'d str> {
        self.attributes().find(|attribute| attribute.namespace == 0 && attribute.name.local() == local).map(|attribute| &*attribute.value)
    }

    /// The names of all attributes, local and of the namespace; declarations are none.
    pub(crate) fn attribute_names(&self) -> impl Iterator<Item = (&'d str, &'d str)> + use<'d> {
        let document = self.document;
        self.attributes().map(move |attribute| (document.namespace(attribute.namespace), attribute.name.local()))
    }

    /// The elements directly in it, in order.
    pub(crate) fn children(&self) -> impl Iterator<Item = Self> + use<'d> {
        let document = self.document;
        self.child_nodes().filter(|(_, node)| matches!(node.kind, Kind::Element(_))).map(move |(index, _)| Element { document, index })
    }

    /// The elements directly in it that are called so, in order.
    pub(crate) fn children_named<'n>(&self, namespace: &'n str, local: &'n str) -> impl Iterator<Item = Self> + use<'d, 'n> {
        self.children().filter(move |child| child.is(namespace, local))
    }

    /// The one element directly in it that is called so, if there is one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Element`] if there are two.
    pub(crate) fn child(&self, namespace: &str, local: &str) -> Result<Option<Self>, Error> {
        let mut children = self.children_named(namespace, local);
        match (children.next(), children.next()) {
            (_, Some(second)) => {
                let kind = ErrorKind::Element { expected: format!("one {local}"), found: "a second one".to_owned() };
                Err(Error::new(kind, second.location()))
            }
            (first, None) => Ok(first),
        }
    }

    /// The one element directly in it that is called so.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Element`] if there is none, or if there are two.
    pub(crate) fn required(&self, namespace: &str, local: &str) -> Result<Self, Error> {
        self.child(namespace, local)?.ok_or_else(|| {
            let kind = ErrorKind::Element { expected: format!("the element {local}"), found: "none".to_owned() };
            Error::new(kind, self.location())
        })
    }

    /// The value of an attribute that must be there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Value`] if it is not.
    pub(crate) fn required_attribute(&self, local: &'static str) -> Result<&'d str, Error> {
        self.attribute(local).ok_or_else(|| {
            let kind = ErrorKind::Value { name: local, expected: "an attribute", found: "none".to_owned() };
            Error::new(kind, self.location())
        })
    }

    /// All text and CDATA directly in it, as one; comments do not end it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Element`] if there is an element or a processing instruction in it: then it is no text, and whoever reads a part of it reads
    /// another text than whoever signed it.
    pub(crate) fn text(&self) -> Result<Cow<'d, str>, Error> {
        let mut text = Cow::Borrowed("");
        for (index, node) in self.child_nodes() {
            match &node.kind {
                Kind::Text(part) if text.is_empty() => text = Cow::Borrowed(part),
                Kind::Text(part) => text.to_mut().push_str(part),
                Kind::Comment(_) => {}
                Kind::Element(element) => {
                    let kind = ErrorKind::Element { expected: "nothing but text".to_owned(), found: excerpt(element.name.qualified()) };
                    return Err(Error::new(kind, Element { document: self.document, index }.location()));
                }
                Kind::Instruction { .. } => {
                    let kind = ErrorKind::Element { expected: "nothing but text".to_owned(), found: "a processing instruction".to_owned() };
                    return Err(Error::new(kind, self.location()));
                }
            }
        }
        Ok(text)
    }

    /// Whether there is text in it beside whitespace, between its elements.
    pub(crate) fn has_stray_text(&self) -> bool {
        let is_blank = |text: &str| text.bytes().all(super::is_space);
        self.child_nodes().any(|(_, node)| matches!(&node.kind, Kind::Text(text) if !is_blank(text)))
    }

    /// Whether there is a comment directly in it.
    pub(crate) fn has_comment(&self) -> bool {
        self.child_nodes().any(|(_, node)| matches!(node.kind, Kind::Comment(_)))
    }

    /// The element that it is in.
    pub(crate) fn parent(&self) -> Option<Self> {
        let parent = self.document.node(self.index)?.parent;
        (parent != self.index).then_some(Element { document: self.document, index: parent })
    }

    /// All elements in it, at any depth, in document order, without itself.
    pub(crate) fn descendants(&self) -> impl Iterator<Item = Self> + use<'d> {
        let document = self.document;
        let end = document.node(self.index).map_or(0, |node| node.end);
        (self.index + 1..end)
            .filter(move |index| document.node(*index).is_some_and(|node| matches!(node.kind, Kind::Element(_))))
            .map(move |index| Element { document, index })
    }

    /// Where it is: the names from the root, with the number among those of the same name, and the byte.
    pub(crate) fn location(&self) -> Location {
        let mut path = Vec::new();
        let mut current = Some(*self);
        while let Some(element) = current {
            let parent = element.parent();
            let twins = parent.map_or(1, |parent| {
                let before = parent.children().take_while(|child| child.index <= element.index);
                before.filter(|child| child.local_name() == element.local_name()).count()
            });
            path.push(if twins > 1 { format!("{}[{twins}]", element.local_name()) } else { element.local_name().to_owned() });
            current = parent;
        }
        path.reverse();
        let byte = self.document.node(self.index).map_or(0, |node| node.at);
        Location::Element { path: excerpt_of_path(path.join("/")), byte: usize::try_from(byte).unwrap_or(usize::MAX) }
    }

    pub(super) fn attributes(&self) -> impl Iterator<Item = &'d Attribute<'d>> + use<'d> {
        let document = self.document;
        self.element().map(|element| document.attributes(element)).unwrap_or_default().iter()
    }

    fn element(&self) -> Option<&'d ElementNode<'d>> {
        match &self.document.node(self.index)?.kind {
            Kind::Element(element) => Some(element),
            _ => None,
        }
    }

    /// The nodes directly in it.
    fn child_nodes(&self) -> impl Iterator<Item = (u32, &'d Node<'d>)> + use<'d> {
        let document = self.document;
        let end = document.node(self.index).map_or(0, |node| node.end);
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            if next >= end {
                return None;
            }
            let index = next;
            let node = document.node(index)?;
            next = node.end;
            Some((index, node))
        })
    }
}
