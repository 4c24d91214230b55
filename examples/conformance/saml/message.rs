//! Responses, as an SP takes them, and requests, as an identity provider takes them.

use std::collections::BTreeMap;

use idbridge_saml::{
    AcceptedRequest, AssertionConsumerService, AuthnRequest, EntityId, Expected, IdentityProvider, MemoryReplayStore, MessageId,
    NameIdFormat, ReceivedRequest, ReceivedResponse, RegisteredSp, Registration, ServiceProvider, SpMetadata,
};
use serde_json::Value;

use super::question::{Question, Strength, missing};
use super::{Members, Refusal, members};

pub(super) fn received_response(question: &Question) -> Result<ReceivedResponse, Refusal> {
    let data = question.data()?;
    Ok(if question.is_posted()? { ReceivedResponse::from_post(&data, None)? } else { ReceivedResponse::from_xml(data) })
}

pub(super) fn response(question: &Question) -> Result<Members, Refusal> {
    // saml-profiles 4.1.4.3: what counts is the URL "to which the <Response> [...] was delivered", if it is said.
    let services = match question.text("acs_url")? {
        Some(url) => vec![url],
        None => question.texts("acs_urls")?,
    };
    if services.is_empty() {
        return Err(missing("acs_url"));
    }
    let (entity_id, idp) = (question.required_entity_id("sp_entity_id")?, question.required_entity_id("idp_entity_id")?);
    let keys = question.keys(Strength::OfToday)?;
    let sp = ServiceProvider::new(entity_id, services, idp, keys).with_clock_skew(question.clock_skew()?);
    let expected = match question.text("in_response_to")? {
        Some(id) => Expected::ResponseTo(MessageId::new(id)?),
        None => Expected::Unsolicited,
    };
    let now = question.required_now()?;
    let accepted = sp.accept(&received_response(question)?, &expected, now, &mut MemoryReplayStore::new(1))?;
    // Of several attributes of one name, the values of all.
    let mut attributes = BTreeMap::<&str, Vec<&str>>::new();
    for attribute in accepted.attributes() {
        attributes.entry(attribute.name()).or_default().extend(attribute.values().iter().map(String::as_str));
    }
    let attributes: Members = attributes.into_iter().map(|(name, values)| (name.to_owned(), values.into())).collect();
    Ok(members([
        ("name_id", accepted.name_id().value().into()),
        ("name_id_format", accepted.name_id().format().as_str().into()),
        ("attributes", attributes.into()),
    ]))
}

pub(super) fn redirected_request(question: &Question) -> Result<Members, Refusal> {
    accept(question, &ReceivedRequest::from_redirect(&question.data()?)?)
}

pub(super) fn posted_request(question: &Question) -> Result<Members, Refusal> {
    let data = question.data()?;
    let received = if question.is_posted()? {
        ReceivedRequest::from_post(&data, question.text("relay_state")?)?
    } else {
        ReceivedRequest::from_xml(&data)?
    };
    accept(question, &received)
}

/// What a request says; nothing of it is checked.
pub(super) fn request(question: &Question) -> Result<Members, Refusal> {
    let received = ReceivedRequest::from_xml(&question.xml()?)?;
    let request = received.request();
    Ok(members([
        ("id", request.id.as_str().into()),
        ("issuer", request.issuer.as_str().into()),
        ("acs_url", request.assertion_consumer_service_url.as_deref().into()),
    ]))
}

fn accept(question: &Question, received: &ReceivedRequest) -> Result<Members, Refusal> {
    let request = received.request();
    // What is not given is not checked: it is then what the request says.
    let issuer = question.entity_id("sp_entity_id")?.unwrap_or_else(|| request.issuer.clone());
    let destination = question.text("sso_url")?.or(request.destination.as_deref()).unwrap_or_default();
    let now = question.now()?.unwrap_or(request.issue_instant);
    let idp = IdentityProvider::new(EntityId::new("https://idp.example.com")?, destination)
        .with_clock_skew(question.clock_skew()?)
        .with_wants_signed_requests(question.flag("require_signed")?);
    let sp = registered(question, issuer, request)?;
    // Without a certificate, a request with a signature is refused, and says why.
    let accepted = if question.certificates()?.is_empty() {
        idp.accept(received, &sp, now)?
    } else {
        idp.accept_with_keys(received, &sp, &question.keys(Strength::OfToday)?, now)?
    };
    Ok(answer(&accepted))
}

fn answer(accepted: &AcceptedRequest<'_>) -> Members {
    let request = accepted.request();
    members([
        ("id", request.id.as_str().into()),
        ("issuer", request.issuer.as_str().into()),
        ("acs_url", accepted.assertion_consumer_service().url().into()),
        ("name_id_format", request.name_id_format.as_ref().map(NameIdFormat::as_str).into()),
        ("relay_state", accepted.relay_state().into()),
        ("force_authn", request.force_authn.into()),
        ("is_passive", request.is_passive.into()),
        ("requested_authn_context", request.requested_authn_context.iter().map(|class| Value::from(class.as_str())).collect()),
        ("subject", request.subject.as_deref().into()),
    ])
}

/// The SP with the endpoints that are given, registered by metadata as every SP is.
fn registered(question: &Question, entity_id: EntityId, request: &AuthnRequest) -> Result<RegisteredSp, Refusal> {
    let by_index = question.urls_by_index("acs_indexes")?;
    let default = question.text("default_acs_url")?;
    let mut urls = Vec::new();
    for url in question.text("acs_url")?.into_iter().chain(question.texts("acs_urls")?).chain(default) {
        if !urls.contains(&url) && !by_index.values().any(|known| *known == url) {
            urls.push(url);
        }
    }
    // Metadata has an index for every endpoint. Where none is given, it is one that no request means: least of all this one.
    let is_free = |index: &u16| !by_index.contains_key(index) && request.assertion_consumer_service_index != Some(*index);
    let without_index = (0..=u16::MAX).rev().filter(is_free).zip(urls);
    let services = without_index.chain(by_index.iter().map(|(index, url)| (*index, *url)));
    let mut default_to_name = default;
    let services: Vec<_> = services
        .map(|(index, url)| {
            let service = AssertionConsumerService::new(index, url);
            // Of two with the same URL, the first is it.
            if default_to_name.take_if(|default| *default == url).is_some() { service.with_default(true) } else { service }
        })
        .collect();
    if services.is_empty() {
        return Err(missing("acs_urls"));
    }
    let metadata = SpMetadata::new(entity_id, services).dangerous_allow_http().to_xml()?;
    Ok(RegisteredSp::from_xml(&metadata, &Registration::new().dangerous_allow_http())?)
}
