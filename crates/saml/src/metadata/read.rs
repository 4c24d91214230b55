//! Reads a document of metadata, of one party or of many.

use std::sync::Arc;
use std::time::SystemTime;

use crate::canonical::utf8;
use crate::dsig::{self, TrustedKeys};
use crate::entity_id::EntityId;
use crate::error::{Error, ErrorKind, excerpt};
use crate::metadata::EntityDescriptor;
use crate::metadata::role::{earliest, trim, valid_until};
use crate::metadata::write::METADATA;
use crate::uri;
use crate::xml::{Bounds, Canonicalization, Document, Element, Writer};

/// Metadata of one party or of many, in the order of the file (saml-metadata section 2.3).
///
/// # Examples
///
/// ```
/// use idbridge_saml::{EntityId, Metadata};
///
/// let metadata = Metadata::from_xml(
///     r#"<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">
///       <EntityDescriptor entityID="https://one.example.com"/>
///       <EntitiesDescriptor><EntityDescriptor entityID="https://two.example.com"/></EntitiesDescriptor>
///     </EntitiesDescriptor>"#,
/// )?;
/// assert_eq!(metadata.entities().len(), 2);
/// assert!(metadata.entity(&EntityId::new("https://two.example.com")?).is_some());
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    entities: Vec<EntityDescriptor>,
}

impl Metadata {
    /// Reads an `EntityDescriptor`, or an `EntitiesDescriptor` with others in it, all or nothing.
    ///
    /// Nothing is looked up, no time is asked for, and no signature is verified; [`from_signed_xml`](Self::from_signed_xml) verifies one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Xml`] and [`ErrorKind::Limit`] for the text (128 MiB, 64 levels, 16 certificates and 64 formats of names in a role); [`ErrorKind::Element`] if the root is another element, or
    /// there is no party in it; [`ErrorKind::Value`] for an attribute that is missing or malformed, and for an `index` that is there twice.
    /// [`Error::at`] is the element. A certificate that cannot be read is a finding of its role.
    pub fn from_xml(text: &str) -> Result<Self, Error> {
        Self::from_xml_within(text, &Bounds::METADATA)
    }

    pub(super) fn from_xml_within(text: &str, bounds: &Bounds) -> Result<Self, Error> {
        let document = Document::parse(text, bounds)?;
        Self::read(text, &find_all(&document)?)
    }

    /// The same, of metadata that somebody signed as a whole: the signature directly in the root is verified with one of `keys`, and what is read is
    /// what was digested.
    ///
    /// So metadata that came from afar is believed for the key of whoever publishes it, and not for the way that it came. The keys are those of the
    /// publisher, configured by hand; never those that the metadata itself lists. Signatures of single parties in it are not looked at, because the
    /// outer one is over them. Whether it is out of date is for [`EntityDescriptor::check_valid_at`] to say: a signature holds forever, and old metadata
    /// with a key that was lost since is what an attacker would bring.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotSigned`] if the root carries no signature, [`ErrorKind::SignatureShape`], [`ErrorKind::Algorithm`], [`ErrorKind::Digest`] and
    /// [`ErrorKind::Signature`] for one that is not accepted, and those of [`from_xml`](Self::from_xml).
    ///
    /// # Examples
    ///
    /// ```
    /// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.crt"));
    /// use idbridge_saml::{Certificate, Metadata, TrustedKeys};
    ///
    /// let publisher = TrustedKeys::new([&Certificate::from_pem(pem)?])?;
    /// let unsigned = "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' entityID='https://sp.example.com'/>";
    /// let error = Metadata::from_signed_xml(unsigned, &publisher).unwrap_err();
    /// assert_eq!(error.to_string(), "the metadata is not signed at EntityDescriptor (byte 0)");
    /// # Ok::<(), idbridge_saml::Error>(())
    /// ```
    pub fn from_signed_xml(text: &str, keys: &TrustedKeys) -> Result<Self, Error> {
        let document = Document::parse(text, &Bounds::METADATA)?;
        let found = find_all(&document)?;
        dsig::verify(document.root(), "the metadata", keys)?;
        Self::read(text, &found)
    }

    fn read(text: &str, found: &[(Element<'_>, Outer<'_>)]) -> Result<Self, Error> {
        // One alone keeps the text as it is, with its signature and its spaces.
        if let [(descriptor, outer)] = found {
            return Ok(Self { entities: vec![EntityDescriptor::read(*descriptor, outer.valid_until, Arc::from(text))?] });
        }
        let mut pieces = Pieces { written: 0, most: text.len().saturating_mul(MOST_TIMES).saturating_add(65_536), canonical: Vec::new() };
        let entities = found.iter().map(|(descriptor, outer)| {
            let xml = pieces.piece(*descriptor, *outer)?;
            EntityDescriptor::read(*descriptor, outer.valid_until, xml)
        });
        Ok(Self { entities: entities.collect::<Result<_, _>>()? })
    }

    /// All parties, in order, at whatever level they are; there is at least one.
    #[must_use]
    pub fn entities(&self) -> &[EntityDescriptor] {
        &self.entities
    }

    /// The party that is called so; the first, if a file has it twice.
    #[must_use]
    pub fn entity(&self, entity_id: &EntityId) -> Option<&EntityDescriptor> {
        self.entities.iter().find(|entity| entity.entity_id() == entity_id)
    }

    /// Those that are SPs.
    pub fn sps(&self) -> impl Iterator<Item = &EntityDescriptor> {
        self.entities.iter().filter(|entity| entity.sp().is_some())
    }

    /// Those that are IdPs.
    pub fn idps(&self) -> impl Iterator<Item = &EntityDescriptor> {
        self.entities.iter().filter(|entity| entity.idp().is_some())
    }

    pub(super) fn into_entities(self) -> Vec<EntityDescriptor> {
        self.entities
    }
}

/// The pieces of a document are together at most so many times as long: a declaration that all of them use is in each.
const MOST_TIMES: usize = 4;

/// What the elements around an entity say of it.
#[derive(Debug, Clone, Copy, Default)]
struct Outer<'d> {
    valid_until: Option<SystemTime>,
    /// The same as it is written.
    written: Option<&'d str>,
}

fn find_all<'d>(document: &'d Document<'d>) -> Result<Vec<(Element<'d>, Outer<'d>)>, Error> {
    let mut found = Vec::new();
    find(document.root(), Outer::default(), &mut found)?;
    Ok(found)
}

/// Finds the entities in `element`. The depth is that of the document, which is bounded.
fn find<'d>(element: Element<'d>, outer: Outer<'d>, found: &mut Vec<(Element<'d>, Outer<'d>)>) -> Result<(), Error> {
    if element.is(uri::METADATA, "EntityDescriptor") {
        found.push((element, outer));
        return Ok(());
    }
    if !element.is(uri::METADATA, "EntitiesDescriptor") {
        let namespace = if element.namespace().is_empty() { "no namespace" } else { element.namespace() };
        let found = format!("{} in {}", excerpt(element.local_name()), excerpt(namespace));
        let expected = "EntityDescriptor or EntitiesDescriptor of SAML 2.0 metadata".to_owned();
        return Err(Error::new(ErrorKind::Element { expected, found }, element.location()));
    }
    let own = valid_until(element)?;
    let both = earliest(outer.valid_until, own);
    let written = if both == outer.valid_until { outer.written } else { element.attribute("validUntil").map(trim) };
    let inner = Outer { valid_until: both, written };
    let before = found.len();
    let is_group = |child: &Element<'_>| child.is(uri::METADATA, "EntityDescriptor") || child.is(uri::METADATA, "EntitiesDescriptor");
    for child in element.children().filter(is_group) {
        find(child, inner, found)?;
    }
    if found.len() == before {
        let kind = ErrorKind::Element { expected: "an EntityDescriptor".to_owned(), found: "none".to_owned() };
        return Err(Error::new(kind, element.location()));
    }
    Ok(())
}

/// Cuts the metadata of single parties out of that of many.
struct Pieces {
    /// The bytes of all pieces so far, and the most that there may be.
    written: usize,
    most: usize,
    /// Used again for each piece.
    canonical: Vec<u8>,
}

impl Pieces {
    fn piece(&mut self, descriptor: Element<'_>, outer: Outer<'_>) -> Result<Arc<str>, Error> {
        self.canonical.clear();
        Canonicalization::default().element(descriptor, None, &mut self.canonical)?;
        self.written = self.written.saturating_add(self.canonical.len()).saturating_add(outer.written.map_or(0, str::len));
        if self.written > self.most {
            let kind = ErrorKind::Limit { what: "bytes of metadata, with each party on its own", most: self.most };
            return Err(Error::new(kind, descriptor.location()));
        }
        let Some(written) = outer.written else {
            return text(&self.canonical);
        };
        let mut writer = Writer::with_capacity(self.canonical.len() + 200);
        writer.start(METADATA.named("EntitiesDescriptor"), &[("validUntil", Some(written))]);
        writer.canonical(&self.canonical);
        text(&writer.finish()?)
    }
}

/// What was made of text is text.
fn text(bytes: &[u8]) -> Result<Arc<str>, Error> {
    utf8(bytes).map(Arc::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsig::signed_by_fixture;

    const BEGIN: &str = "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" ID=\"_m\">";

    fn entity(id: &str) -> String {
        format!("<EntityDescriptor entityID=\"https://{id}.example.com\"></EntityDescriptor>")
    }

    #[test]
    fn signed_metadata_is_read_from_what_was_signed() {
        let behind = format!("{}{}</EntitiesDescriptor>", entity("one"), entity("two"));
        let (signed, publisher) = signed_by_fixture("_m", BEGIN, &behind);
        let metadata = Metadata::from_signed_xml(&signed, &publisher).unwrap();
        assert_eq!(metadata, Metadata::from_xml(&signed).unwrap());
        assert_eq!(metadata.entities().len(), 2);

        let added = signed.replace(&entity("two"), &format!("{}{}", entity("two"), entity("evil")));
        assert_eq!(Metadata::from_xml(&added).unwrap().entities().len(), 3);
        assert!(matches!(Metadata::from_signed_xml(&added, &publisher).unwrap_err().kind(), ErrorKind::Digest { .. }));

        let other = crate::Certificate::from_pem(include_str!("../../tests/fixtures/p256.crt")).unwrap();
        let stranger = TrustedKeys::new([&other]).unwrap();
        assert!(matches!(Metadata::from_signed_xml(&signed, &stranger).unwrap_err().kind(), ErrorKind::Signature { .. }));
    }

    /// The signature of a party in it is that of a part: whoever put the parts together signed nothing.
    #[test]
    fn what_is_not_signed_as_a_whole_is_not_signed() {
        let begin = "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" ID=\"_e\" entityID=\"https://one.example.com\">";
        let (part, publisher) = signed_by_fixture("_e", begin, "</EntityDescriptor>");
        assert!(Metadata::from_signed_xml(&part, &publisher).is_ok());
        let whole = format!("{BEGIN}{part}</EntitiesDescriptor>");
        assert!(matches!(Metadata::from_signed_xml(&whole, &publisher).unwrap_err().kind(), ErrorKind::NotSigned { .. }));
        // Signed once more around it, it is; in canonical form, what the outer element declares is not declared again.
        let part = part.replacen(" xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\"", "", 1);
        let (both, publisher) = signed_by_fixture("_m", BEGIN, &format!("{part}{}</EntitiesDescriptor>", entity("two")));
        assert_eq!(Metadata::from_signed_xml(&both, &publisher).unwrap().entities().len(), 2);
    }
}
