//! Metadata, as the other side reads it.

use idbridge_saml::{Metadata, NameIdFormat, RegisteredSp, Registration};
use serde_json::{Value, json};

use super::question::Question;
use super::{Members, Refusal, members};

/// The first SP, registered: its endpoints are those that a response can go to.
pub(super) fn sp(question: &Question) -> Result<Members, Refusal> {
    let metadata = Metadata::from_xml(&question.xml()?)?;
    // Where there is none, the first entity says what it is instead.
    let entity = metadata.sps().next().or_else(|| metadata.entities().first());
    let entity = entity.ok_or_else(|| Refusal("the metadata has no entity".to_owned()))?;
    let sp = RegisteredSp::new(entity, &Registration::new().dangerous_allow_http())?;
    if let Some(now) = question.now()? {
        sp.check_valid_at(now)?;
    }
    let services = sp.assertion_consumer_services().iter();
    let services =
        services.map(|service| json!({"index": service.index(), "url": service.url(), "default": service.is_default() == Some(true)}));
    let encryption = entity.sp().map_or(0, |sp| sp.encryption_certificates().len());
    Ok(members([
        ("entity_id", sp.entity_id().as_str().into()),
        ("acs", services.collect()),
        ("default_acs_url", sp.default_assertion_consumer_service().url().into()),
        ("name_id_formats", sp.name_id_formats().iter().map(NameIdFormat::as_str).collect()),
        ("authn_requests_signed", sp.authn_requests_signed().into()),
        ("want_assertions_signed", sp.want_assertions_signed().into()),
        ("signing_certs", Value::from(sp.signing_certificates().len())),
        ("encryption_certs", encryption.into()),
    ]))
}

/// The first identity provider.
pub(super) fn idp(question: &Question) -> Result<Members, Refusal> {
    let metadata = Metadata::from_xml(&question.xml()?)?;
    let entity = metadata
        .idps()
        .next()
        .ok_or_else(|| Refusal("expected the metadata of an identity provider (IDPSSODescriptor), found none".to_owned()))?;
    if let Some(now) = question.now()? {
        entity.check_valid_at(now)?;
    }
    Ok(members([("entity_id", entity.entity_id().as_str().into())]))
}
