//! A user portal with one application, and its service provider, in the form of AWS IAM Identity Center.

#![allow(dead_code, reason = "each test file uses its part")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use idbridge_application::{Application, Authentication, Authorised, Denied, Launch, NewApplication, NewKey};
use idbridge_mapping::directory::{Application as Bindings, DirectoryId, Group, Lifecycle, Snapshot, User};
use idbridge_saml::{
    AcceptedAssertion, AuthnRequest, Certificate, EntityId, Error, Expected, MemoryReplayStore, MessageId, ReceivedRequest,
    ReceivedResponse, ResponseIds, RsaSigner, ServiceProvider, SignedResponse, TrustedKeys,
};

pub(crate) const FIRST_KEY: &str = include_str!("../fixtures/first.pem");
pub(crate) const SECOND_KEY: &str = include_str!("../fixtures/second.pem");

pub(crate) const SP: &str = "https://eu-north-1.signin.aws.amazon.com/platform/saml/d-9999999999";
pub(crate) const ACS: &str = "https://eu-north-1.signin.aws/platform/saml/acs/1111-2222";
pub(crate) const DUAL_STACK_ACS: &str = "https://eu-north-1.sso.signin.aws/platform/saml/acs/1111-2222";

pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000)
}

pub(crate) const DAY: Duration = Duration::from_secs(86_400);

/// The metadata of an SP with these ACS URLs, the first of them the default.
pub(crate) fn metadata(entity_id: &str, services: &[&str]) -> String {
    let services: String = services
        .iter()
        .enumerate()
        .map(|(index, url)| {
            format!(
                r#"<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="{url}" index="{index}" isDefault="{}"/>"#,
                index == 0
            )
        })
        .collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity_id}"><md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>{services}</md:SPSSODescriptor></md:EntityDescriptor>"#
    )
}

pub(crate) fn aws_metadata() -> String {
    metadata(SP, &[ACS, DUAL_STACK_ACS])
}

pub(crate) fn key(pem: &str, serial: u8) -> NewKey {
    NewKey::new(RsaSigner::from_pem(pem).unwrap(), [serial; 16])
}

pub(crate) fn first_key() -> Result<NewKey, Box<dyn std::error::Error + Send + Sync>> {
    Ok(key(FIRST_KEY, 1))
}

/// One of SAML, as it is before anything is configured.
pub(crate) fn created() -> Application {
    NewApplication::saml("AWS IAM Identity Center").create(|_| false).unwrap()
}

/// The same, configured as the seed's steps do: metadata uploaded, metadata exported.
pub(crate) fn configured() -> Application {
    let mut application = created();
    application.upload_metadata(&aws_metadata()).unwrap();
    application.ensure_certificate(now(), first_key).unwrap();
    application
}

pub(crate) fn id(text: &str) -> DirectoryId {
    DirectoryId::new(text).unwrap()
}

/// Anna is in Staff, which is bound; Bo is bound directly; Cai is in nothing; Dora is staged and Eli suspended, both in Staff.
pub(crate) fn directory() -> Snapshot {
    let mut staff = Group::new(id("staff"), "Staff");
    staff.members = ["anna", "dora", "eli"].map(id).into();
    let mut bindings = Bindings::default();
    bindings.groups.insert(id("staff"));
    bindings.users.insert(id("bo"));
    let mut snapshot = Snapshot::new(bindings);
    snapshot.insert_group(staff);
    for (name, lifecycle) in [
        ("anna", Lifecycle::Active),
        ("bo", Lifecycle::Active),
        ("cai", Lifecycle::Active),
        ("dora", Lifecycle::Staged),
        ("eli", Lifecycle::Suspended),
    ] {
        snapshot.insert_user(person(name, lifecycle));
    }
    snapshot
}

pub(crate) fn person(name: &str, lifecycle: Lifecycle) -> User {
    let mut user = User::new(id(name));
    user.username = Some(name.to_owned());
    user.email = Some(format!("{name}@example.com"));
    user.first_name = Some(name.to_owned());
    user.last_name = Some("Berg".to_owned());
    user.lifecycle = lifecycle;
    user
}

/// A request of the SP, as it comes by HTTP-Redirect.
pub(crate) fn request(application: &Application, relay_state: Option<&str>) -> ReceivedRequest {
    let request = AuthnRequest::new(request_id(), EntityId::new(SP).unwrap(), now());
    let url = request.to_redirect(application.idp_url().unwrap(), relay_state, None).unwrap().to_string();
    ReceivedRequest::from_redirect(url.split_once('?').unwrap().1).unwrap()
}

pub(crate) fn request_id() -> MessageId {
    MessageId::new("aws_cc1").unwrap()
}

pub(crate) fn ids() -> ResponseIds {
    ResponseIds::from_random([1; 16], [2; 16])
}

pub(crate) fn authentication() -> Authentication {
    Authentication::new(now())
}

/// A launch that has to come to a response.
pub(crate) fn unsolicited<'a>(application: &'a Application, snapshot: &'a Snapshot, user: &str, at: Option<&str>) -> Authorised<'a> {
    match application.launch(snapshot, &id(user), at).unwrap() {
        Launch::Unsolicited(authorised) => *authorised,
        other => panic!("{other:?}"),
    }
}

/// A launch that has to come to nothing.
pub(crate) fn denied(application: &Application, snapshot: &Snapshot, user: &str) -> Denied {
    match application.launch(snapshot, &id(user), None).unwrap() {
        Launch::Denied(denied) => denied,
        other => panic!("{other:?}"),
    }
}

/// What the SP makes of a response, if it believes just these certificates.
pub(crate) fn received(
    application: &Application,
    certificates: &[&Certificate],
    response: &SignedResponse,
    expected: &Expected,
) -> Result<AcceptedAssertion, Error> {
    let idp = application.idp_entity_id().unwrap().clone();
    let keys = TrustedKeys::new(certificates.iter().copied())?;
    let sp = ServiceProvider::new(EntityId::new(SP)?, [ACS, DUAL_STACK_ACS], idp, keys);
    let form = response.to_form()?;
    let received = ReceivedResponse::from_post(form.message(), form.relay_state())?;
    sp.accept(&received, expected, now(), &mut MemoryReplayStore::new(10))
}
