//! What descriptors of all roles have in common (saml-metadata section 2.4.1).

use std::time::SystemTime;

use crate::crypto::Certificate;
use crate::error::{Error, ErrorKind, excerpt};
use crate::metadata::{Binding, MetadataFinding};
use crate::name_id::NameIdFormat;
use crate::time;
use crate::uri;
use crate::xml::Element;

/// The part of an [`SpSsoDescriptor`](crate::SpSsoDescriptor) or an [`IdpSsoDescriptor`](crate::IdpSsoDescriptor) that both have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Role {
    /// The earliest of the role, the entity and all that the entity is in.
    pub(super) valid_until: Option<SystemTime>,
    /// Of keys that something can be verified with, each once.
    pub(super) signing: Vec<Certificate>,
    pub(super) encryption: Vec<Certificate>,
    pub(super) name_id_formats: Vec<NameIdFormat>,
    pub(super) findings: Vec<MetadataFinding>,
}

impl Role {
    /// Reads `descriptor`, which stands in what is valid until `outer`.
    pub(super) fn read(descriptor: Element<'_>, outer: Option<SystemTime>) -> Result<Self, Error> {
        let valid_until = earliest(outer, valid_until(descriptor)?);
        let mut role = Self { valid_until, signing: Vec::new(), encryption: Vec::new(), name_id_formats: Vec::new(), findings: Vec::new() };
        for (index, key) in descriptor.children_named(uri::METADATA, "KeyDescriptor").enumerate() {
            role.key(key, index + 1)?;
        }
        for format in descriptor.children_named(uri::METADATA, "NameIDFormat") {
            let text = format.text()?;
            let text = trim(&text);
            if !text.is_empty() && !role.name_id_formats.iter().any(|known| known.as_str() == text) {
                role.name_id_formats.push(NameIdFormat::from(text));
                check_formats(role.name_id_formats.len())?;
            }
        }
        Ok(role)
    }

    /// The endpoints of `descriptor` that have all of `required`; the others are findings.
    pub(super) fn endpoints<'d>(
        &mut self,
        descriptor: Element<'d>,
        element: &'static str,
        required: &[&'static str],
    ) -> Vec<(Element<'d>, &'d str, Binding)> {
        let mut endpoints = Vec::new();
        for (index, endpoint) in descriptor.children_named(uri::METADATA, element).enumerate() {
            let missing = required.iter().find(|attribute| endpoint.attribute(attribute).is_none());
            match (missing, endpoint.attribute("Location"), endpoint.attribute("Binding")) {
                (None, Some(location), Some(binding)) => endpoints.push((endpoint, location, Binding::from(binding))),
                (missing, ..) => {
                    let missing = missing.copied().unwrap_or("Location");
                    self.findings.push(MetadataFinding::IncompleteEndpoint { element, number: index + 1, missing });
                }
            }
        }
        endpoints
    }

    /// Reads one `KeyDescriptor`.
    fn key(&mut self, descriptor: Element<'_>, number: usize) -> Result<(), Error> {
        // Section 2.4.1.1: without `use`, the key serves both. To take it for neither would switch a check off.
        let (signs, encrypts) = match descriptor.attribute("use").map(trim) {
            None => (true, true),
            Some("signing") => (true, false),
            Some("encryption") => (false, true),
            Some(found) => return Err(invalid(descriptor, "use", "signing or encryption", found)),
        };
        let mut is_empty = true;
        for element in certificates(descriptor) {
            is_empty = false;
            // A file that is read for one party is not refused for the certificate of another; importing that other one is.
            match Certificate::from_base64(&element.text()?) {
                Ok(certificate) => self.certificate(certificate, (signs, encrypts), number)?,
                Err(error) => self.findings.push(MetadataFinding::UnreadableCertificate { number, reason: error.to_string() }),
            }
        }
        if is_empty {
            self.findings.push(MetadataFinding::NoCertificate { number });
        }
        Ok(())
    }

    /// Keeps `certificate` for what it serves.
    ///
    /// One that nothing can be verified with is no certificate of a key that signs: whoever verifies with the others need not step over it.
    fn certificate(&mut self, certificate: Certificate, (signs, encrypts): (bool, bool), number: usize) -> Result<(), Error> {
        let is_usable = match certificate.public_key() {
            Ok(_) => true,
            Err(error) => {
                if signs {
                    self.findings.push(MetadataFinding::UnusableKey { number, reason: error.to_string() });
                }
                false
            }
        };
        let lists = [(signs && is_usable, &mut self.signing), (encrypts, &mut self.encryption)];
        for (_, list) in lists.into_iter().filter(|(serves, _)| *serves) {
            if !list.contains(&certificate) {
                list.push(certificate.clone());
                check_certificates(list.len())?;
            }
        }
        Ok(())
    }
}

/// Whether a role lists SAML 2.0 in `protocolSupportEnumeration`; one that does not is for another protocol.
pub(super) fn is_saml2(descriptor: Element<'_>) -> bool {
    descriptor.attribute("protocolSupportEnumeration").is_some_and(|list| list.split(SPACE).any(|protocol| protocol == uri::PROTOCOL))
}

/// The most certificates of one role, because each key is tried at every signature.
const MOST_CERTIFICATES: usize = 16;

/// The most formats of names of one role, because each is compared with all others.
const MOST_FORMATS: usize = 64;

/// Refuses more certificates than are read and written.
pub(super) fn check_certificates(count: usize) -> Result<(), Error> {
    check_count("certificates of one role", count, MOST_CERTIFICATES)
}

/// Refuses more formats of names than are read and written.
pub(super) fn check_formats(count: usize) -> Result<(), Error> {
    check_count("formats of names of one role", count, MOST_FORMATS)
}

fn check_count(what: &'static str, count: usize, most: usize) -> Result<(), Error> {
    if count <= most { Ok(()) } else { Err(Error::whole(ErrorKind::Limit { what, most })) }
}

/// Until when `element` says that it is valid.
pub(super) fn valid_until(element: Element<'_>) -> Result<Option<SystemTime>, Error> {
    match element.attribute("validUntil").map(trim) {
        // What Go writes for a moment that was never set; SPs of crewjam/saml have it in their roles.
        None | Some("0001-01-01T00:00:00Z") => Ok(None),
        Some(text) => time::read("validUntil", text, || element.location()).map(Some),
    }
}

pub(super) fn earliest(one: Option<SystemTime>, other: Option<SystemTime>) -> Option<SystemTime> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// An `xs:boolean`.
pub(super) fn boolean(element: Element<'_>, name: &'static str) -> Result<Option<bool>, Error> {
    match element.attribute(name).map(trim) {
        None => Ok(None),
        Some("true" | "1") => Ok(Some(true)),
        Some("false" | "0") => Ok(Some(false)),
        Some(found) => Err(invalid(element, name, "true or false", found)),
    }
}

/// An `xs:unsignedShort`.
pub(super) fn unsigned_short(element: Element<'_>, name: &'static str) -> Result<u16, Error> {
    let text = trim(element.required_attribute(name)?);
    let number = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    number.ok_or_else(|| invalid(element, name, "a number from 0 to 65535", text))
}

pub(super) fn invalid(element: Element<'_>, name: &'static str, expected: &'static str, found: &str) -> Error {
    Error::new(ErrorKind::Value { name, expected, found: format!("\"{}\"", excerpt(found)) }, element.location())
}

/// What is whitespace in XML, and is no part of a value in a list, a number or a name.
pub(super) const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(SPACE)
}

/// All that are in the `KeyInfo` of a `KeyDescriptor`: several in one `X509Data` are several here.
fn certificates<'d>(descriptor: Element<'d>) -> impl Iterator<Item = Element<'d>> {
    let infos = descriptor.children_named(uri::DSIG, "KeyInfo");
    let data = infos.flat_map(|info| info.children_named(uri::DSIG, "X509Data"));
    data.flat_map(|data| data.children_named(uri::DSIG, "X509Certificate"))
}
