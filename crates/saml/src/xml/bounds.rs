//! How much of a document is read.

/// The most of everything in one document. What is larger is refused before or while it is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Bytes of text.
    pub(crate) bytes: usize,
    /// Elements within one another.
    pub(crate) depth: usize,
    /// Attributes and namespace declarations of one element.
    pub(crate) attributes: usize,
    /// Namespace declarations in scope at one place, and different namespaces in the whole.
    pub(crate) namespaces: usize,
}

impl Bounds {
    /// For a message: a request, a response, the metadata of one entity.
    pub(crate) const MESSAGE: Self = Self { bytes: 2 * 1024 * 1024, depth: 64, attributes: 64, namespaces: 128 };

    /// For metadata, which may be that of a whole federation.
    pub(crate) const METADATA: Self = Self { bytes: 128 * 1024 * 1024, ..Self::MESSAGE };
}
