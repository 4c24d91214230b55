//! What is written alike in the metadata of an SP and of an IdP.

use std::time::SystemTime;

use crate::canonical::utf8;
use crate::crypto::Certificate;
use crate::entity_id::EntityId;
use crate::error::{Error, ErrorKind, excerpt};
use crate::metadata::role::{check_certificates, check_formats};
use crate::name_id::NameIdFormat;
use crate::time;
use crate::uri;
use crate::xml::{ElementName, Writer};

/// A prefix and what it stands for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prefix(&'static str, &'static str);

pub(super) const METADATA: Prefix = Prefix("md", uri::METADATA);
const DSIG: Prefix = Prefix("ds", uri::DSIG);

impl Prefix {
    pub(super) const fn named(self, local: &'static str) -> ElementName {
        ElementName { prefix: self.0, local, namespace: self.1 }
    }
}

/// Writes an `EntityDescriptor` around what `role` writes, with a declaration before it.
pub(super) fn entity(entity_id: &EntityId, valid_until: Option<SystemTime>, role: impl FnOnce(&mut Writer)) -> Result<String, Error> {
    let valid_until = valid_until.map(time::write).transpose()?;
    let mut writer = Writer::with_capacity(4096);
    writer.start(METADATA.named("EntityDescriptor"), &[("entityID", Some(entity_id.as_str())), ("validUntil", valid_until.as_deref())]);
    role(&mut writer);
    let document = writer.finish()?;
    Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{}", utf8(&document)?))
}

/// One `KeyDescriptor` for each certificate of a key that signs.
pub(super) fn signing_keys(writer: &mut Writer, certificates: &[Certificate]) {
    for certificate in certificates {
        writer.start(METADATA.named("KeyDescriptor"), &[("use", Some("signing"))]);
        writer.start(DSIG.named("KeyInfo"), &[]);
        writer.start(DSIG.named("X509Data"), &[]);
        writer.element(DSIG.named("X509Certificate"), &[], &certificate.to_base64());
        for _ in 0..3 {
            writer.end();
        }
    }
}

/// One `NameIDFormat` for each.
pub(super) fn name_id_formats(writer: &mut Writer, formats: &[NameIdFormat]) {
    for format in formats {
        writer.element(METADATA.named("NameIDFormat"), &[], format.as_str());
    }
}

pub(super) const fn boolean(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

/// In their order; a reader keeps the first of those that are the same.
pub(super) fn each_once(formats: impl IntoIterator<Item = NameIdFormat>) -> Vec<NameIdFormat> {
    let mut kept = Vec::new();
    for format in formats {
        if !kept.contains(&format) {
            kept.push(format);
        }
    }
    kept
}

/// Refuses what a reader would not give back as it was written: more than is read, a key that verifies nothing, a format of nothing, or one with
/// spaces around it.
pub(super) fn check(certificates: &[Certificate], formats: &[NameIdFormat]) -> Result<(), Error> {
    check_certificates(certificates.len())?;
    check_formats(formats.len())?;
    for certificate in certificates {
        certificate.public_key()?;
    }
    let is_refused = |format: &&NameIdFormat| format.as_str().is_empty() || format.as_str().trim() != format.as_str();
    formats.iter().find(is_refused).map_or(Ok(()), |format| {
        let found = format!("\"{}\"", excerpt(format.as_str()));
        Err(Error::whole(ErrorKind::Value { name: "NameIDFormat", expected: "a URI, without whitespace around it", found }))
    })
}
