//! Which prefix stands for which namespace, where.

use std::borrow::Cow;

use crate::error::{Error, ErrorKind, Location};
use crate::xml::{Bounds, XML};

/// The namespaces of a document, and the declarations that hold at the present place.
///
/// Namespaces are compared as they read after references are resolved, because every other reader compares them so.
#[derive(Debug)]
pub(super) struct Scope<'x> {
    namespaces: Vec<Cow<'x, str>>,
    /// Prefix and namespace, the nearest declaration last.
    declared: Vec<(&'x str, u16)>,
    most: usize,
}

/// The index of no namespace.
pub(super) const NONE: u16 = 0;

impl<'x> Scope<'x> {
    pub(super) fn new(bounds: &Bounds) -> Self {
        Self { namespaces: vec![Cow::Borrowed(""), Cow::Borrowed(XML)], declared: vec![("", NONE), ("xml", 1)], most: bounds.namespaces }
    }

    /// The namespace that `prefix` stands for here.
    pub(super) fn resolve(&self, prefix: &str) -> Option<u16> {
        self.declared.iter().rev().find(|(declared, _)| *declared == prefix).map(|(_, namespace)| *namespace)
    }

    /// The number of a namespace.
    pub(super) fn intern(&mut self, namespace: Cow<'x, str>, at: usize) -> Result<u16, Error> {
        if let Some(known) = self.namespaces.iter().position(|known| *known == namespace) {
            return Ok(u16::try_from(known).unwrap_or(NONE));
        }
        let index = u16::try_from(self.namespaces.len()).ok().filter(|index| usize::from(*index) <= self.most);
        let index = index.ok_or_else(|| self.limit(at))?;
        self.namespaces.push(namespace);
        Ok(index)
    }

    pub(super) fn declare(&mut self, prefix: &'x str, namespace: u16, at: usize) -> Result<(), Error> {
        if self.declared.len() > self.most {
            return Err(self.limit(at));
        }
        self.declared.push((prefix, namespace));
        Ok(())
    }

    /// Whether the number is that of this namespace.
    pub(super) fn is(&self, number: u16, namespace: &str) -> bool {
        self.namespaces.get(usize::from(number)).is_some_and(|known| *known == namespace)
    }

    /// How many declarations hold here, for [`leave`](Self::leave).
    pub(super) fn depth(&self) -> usize {
        self.declared.len()
    }

    pub(super) fn leave(&mut self, depth: usize) {
        self.declared.truncate(depth);
    }

    pub(super) fn into_namespaces(self) -> Vec<Cow<'x, str>> {
        self.namespaces
    }

    fn limit(&self, at: usize) -> Error {
        Error::new(ErrorKind::Limit { what: "namespaces", most: self.most }, Location::Byte(at))
    }
}
