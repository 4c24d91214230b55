//! SS-07 to SS-14 and SS-17 to SS-19: metadata, launch, and responses that a service provider believes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that panics has failed, which is what it is for")]

mod portal;

use std::time::Duration;

use idbridge_application::{ErrorKind, Finding, Launch};
use idbridge_mapping::{RuleSet, SamlRule, SamlRuleSet, Source};
use idbridge_saml::{
    Attribute, AuthnContext, Binding, EntityDescriptor, ErrorKind as SamlErrorKind, Expected, MetadataFinding, NameIdFormat, Registration,
    SignedParts, Status, StatusCode,
};
use idbridge_scim::Profile;

use portal::{
    ACS, DAY, DUAL_STACK_ACS, SP, authentication, aws_metadata, configured, created, denied, directory, id, ids, metadata, now, received,
    request, request_id, unsolicited,
};

/// SS-07: the uploaded file says all there is to know; with a certificate, people can sign in.
#[test]
fn ss_07_metadata_fills_everything_in() {
    let mut application = created();
    assert_eq!(application.findings(now()), [Finding::SsoNotConfigured]);
    assert_eq!(application.upload_metadata(&aws_metadata()), Ok([].as_slice()));
    let sp = application.sp().unwrap();
    assert_eq!(sp.entity_id().as_str(), SP);
    let urls: Vec<_> = sp.assertion_consumer_services().iter().map(|service| (service.url(), service.binding().clone())).collect();
    assert_eq!(urls, [(ACS, Binding::HTTP_POST), (DUAL_STACK_ACS, Binding::HTTP_POST)]);
    assert_eq!(sp.name_id_formats(), [NameIdFormat::EMAIL_ADDRESS]);
    assert_eq!((sp.authn_requests_signed(), sp.want_assertions_signed()), (false, true));
    assert_eq!(application.findings(now()), []);

    application.ensure_certificate(now(), portal::first_key).unwrap();
    let snapshot = directory();
    let response = unsolicited(&application, &snapshot, "anna", None).respond(&authentication(), &ids(), now()).unwrap();
    let certificate = application.certificate().unwrap();
    assert!(received(&application, &[certificate], &response, &Expected::Unsolicited).is_ok());
}

/// SS-07: the format of names is the metadata's, unless that lists the rules' own; an administrator's word stands above both.
#[test]
fn ss_07_the_format_of_names_comes_from_the_metadata() {
    let persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    let xml = aws_metadata().replace("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress", persistent);
    let snapshot = directory();
    let format_of = |application: &idbridge_application::Application| {
        unsolicited(application, &snapshot, "anna", None).login(&authentication()).name_id.format().clone()
    };
    let mut application = configured();
    assert_eq!(format_of(&application), NameIdFormat::EMAIL_ADDRESS);
    application.upload_metadata(&xml).unwrap();
    assert_eq!(format_of(&application).as_str(), persistent);
    assert!(application.export_metadata().unwrap().contains(persistent));
    let both = aws_metadata().replace("</md:NameIDFormat>", &format!("</md:NameIDFormat><md:NameIDFormat>{persistent}</md:NameIDFormat>"));
    application.upload_metadata(&both).unwrap();
    assert_eq!(format_of(&application), NameIdFormat::EMAIL_ADDRESS);
    let none = aws_metadata().replace("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress", NameIdFormat::UNSPECIFIED.as_str());
    application.upload_metadata(&none).unwrap();
    assert_eq!(format_of(&application), NameIdFormat::EMAIL_ADDRESS);
    application.upload_metadata_with(&both, Registration::new().with_name_id_format("urn:example:own".into())).unwrap();
    assert_eq!(format_of(&application).as_str(), "urn:example:own");
}

/// SS-08: what is no metadata of an SP is refused, and nothing has changed.
#[test]
fn ss_08_a_wrong_file_changes_nothing() {
    let idp = aws_metadata().replace("SPSSODescriptor", "IDPSSODescriptor");
    let no_acs = metadata(SP, &[]);
    let http = metadata(SP, &["http://sp.example.com/acs"]);
    let artifact = aws_metadata().replace("HTTP-POST", "HTTP-Artifact");
    let cut = aws_metadata();
    let cut = &cut[..cut.len() - 20];
    for xml in ["", "<a/>", "{}", cut, "<!DOCTYPE a><a/>", &idp, &no_acs, &http, &artifact] {
        let mut application = configured();
        let (sp, exported) = (application.sp().cloned(), application.export_metadata().unwrap());
        let refused = application.upload_metadata(xml).unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::Saml { .. }), "{refused}");
        assert!(std::error::Error::source(&refused).is_some());
        assert_eq!((application.sp().cloned(), application.export_metadata().unwrap()), (sp, exported));
        assert!(created().upload_metadata(xml).is_err());
    }
}

/// SS-09: a second upload takes the place of the first; nothing of the old SP stays, and nothing goes there.
#[test]
fn ss_09_a_second_upload_replaces_everything() {
    let mut application = configured();
    let registration = Registration::new().with_name_id_format(NameIdFormat::PERSISTENT);
    application.upload_metadata_with(&aws_metadata(), registration).unwrap();
    let new = metadata("https://new.example.com", &["https://new.example.com/acs"]);
    application.upload_metadata(&new).unwrap();
    let mut fresh = created();
    fresh.upload_metadata(&new).unwrap();
    assert_eq!(application.sp(), fresh.sp());

    let snapshot = directory();
    let refused = application.launch(&snapshot, &id("anna"), Some(ACS)).unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Saml { what: "launch", .. }));
    let refused = application.accept(&request(&application, None), now()).unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Saml { what: "AuthnRequest", .. }), "{refused}");
    let authorised = unsolicited(&application, &snapshot, "anna", None);
    assert_eq!(authorised.assertion_consumer_service().url(), "https://new.example.com/acs");
}

/// SS-10: the metadata that AWS imports: who, where, and which certificate; the same bytes each time.
#[test]
fn ss_10_exported_metadata_is_stable_and_complete() {
    let mut application = created();
    assert_eq!(*application.export_metadata().unwrap_err().kind(), ErrorKind::CertificateMissing);
    application.ensure_certificate(now(), portal::first_key).unwrap();
    let xml = application.export_metadata().unwrap();
    application.ensure_certificate(now() + DAY, portal::first_key).unwrap();
    application.set_label("Another label").unwrap();
    application.set_login_url(Some("https://example.awsapps.com/start")).unwrap();
    application.upload_metadata(&aws_metadata()).unwrap();
    assert_eq!(application.export_metadata().unwrap(), xml);
    assert_eq!(application.clone().export_metadata().unwrap(), xml);

    let entity = EntityDescriptor::from_xml(&xml).unwrap();
    let idp = entity.idp().unwrap();
    assert_eq!(Some(entity.entity_id()), application.idp_entity_id());
    assert_eq!(idp.signing_certificates(), [application.certificate().unwrap().clone()]);
    assert_eq!(idp.name_id_formats(), [NameIdFormat::EMAIL_ADDRESS]);
    let services: Vec<_> = idp.single_sign_on_services().iter().map(|service| (service.binding().clone(), service.url())).collect();
    let url = application.idp_url().unwrap();
    assert_eq!(services, [(Binding::HTTP_REDIRECT, url), (Binding::HTTP_POST, url)]);
}

/// SS-11: the file of the wrong connector is taken with a warning, which stays.
#[test]
fn ss_11_amazon_web_services_is_another_connector() {
    for entity_id in ["urn:amazon:webservices", "urn:amazon:webservices:govcloud"] {
        let mut application = created();
        let findings = application.upload_metadata(&metadata(entity_id, &["https://signin.aws.amazon.com/saml"])).unwrap();
        assert!(matches!(findings, [MetadataFinding::NotIdentityCenter { .. }]));
        let lines: Vec<String> = application.findings(now()).iter().map(ToString::to_string).collect();
        assert_eq!(lines, [format!("{entity_id} is Amazon Web Services (IAM), not AWS IAM Identity Center")]);
        application.upload_metadata(&aws_metadata()).unwrap();
        assert_eq!(application.findings(now()), []);
    }
}

/// SS-12: with a Login URL, the tile leads there, and no response is made.
#[test]
fn ss_12_a_login_url_forces_the_service_provider_to_ask() {
    let (mut application, snapshot) = (configured(), directory());
    application.set_login_url(Some(" https://example.awsapps.com/start ")).unwrap();
    for at in [None, Some(ACS)] {
        let launch = application.launch(&snapshot, &id("anna"), at).unwrap();
        assert!(matches!(launch, Launch::Redirect(url) if url.as_str() == "https://example.awsapps.com/start"), "{launch:?}");
    }
    // Who may not sign in is not sent there to find that out.
    assert_eq!(denied(&application, &snapshot, "cai").to_string(), "denied: not bound to the application, and in no group that is");
    application.set_login_url(None).unwrap();
    assert!(matches!(application.launch(&snapshot, &id("anna"), None), Ok(Launch::Unsolicited(_))));
}

/// SS-13: without one, a response goes to the default ACS, or to one that the metadata has and the caller names, with the default RelayState.
#[test]
fn ss_13_without_a_login_url_a_response_goes_to_the_acs() {
    let (mut application, snapshot) = (configured(), directory());
    for (relay_state, at, acs) in
        [(None, None, ACS), (Some("https://example.com/a?b=c"), Some(DUAL_STACK_ACS), DUAL_STACK_ACS), (None, Some(ACS), ACS)]
    {
        application.set_default_relay_state(relay_state).unwrap();
        let authorised = unsolicited(&application, &snapshot, "anna", at);
        assert_eq!(authorised.assertion_consumer_service().url(), acs);
        let form = authorised.respond(&authentication(), &ids(), now()).unwrap().to_form().unwrap();
        assert_eq!((form.action(), form.relay_state()), (acs, relay_state));
    }
    for stranger in ["https://evil.example/acs", "", &format!("{ACS}/"), &ACS[..30]] {
        let refused = application.launch(&snapshot, &id("anna"), Some(stranger)).unwrap_err();
        let ErrorKind::Saml { what: "launch", error } = refused.kind() else { panic!("{refused}") };
        assert!(matches!(error.kind(), SamlErrorKind::Mismatch { .. }));
    }
    assert_eq!(application.set_default_relay_state(Some(" ")), Ok(()));
    assert_eq!(application.default_relay_state(), None);
    assert!(application.set_default_relay_state(Some(&"x".repeat(8_193))).is_err());
    application.set_default_relay_state(Some(&"x".repeat(8_192))).unwrap();
    assert!(matches!(application.launch(&snapshot, &id("anna"), None), Ok(Launch::Unsolicited(_))));
}

/// SS-14: a Login URL is of https; of http on one's own machine only.
#[test]
fn ss_14_a_login_url_is_https() {
    let mut application = configured();
    application.set_login_url(Some("https://d-9999999999.awsapps.com/start#/")).unwrap();
    for url in ["http://example.awsapps.com/start", "example.awsapps.com/start", "ftp://example.com", "//example.com", "https://a b"] {
        let refused = application.set_login_url(Some(url)).unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::Saml { what: "Login URL", .. }), "{refused}");
    }
    assert_eq!(application.login_url().unwrap().as_str(), "https://d-9999999999.awsapps.com/start#/");
    let mut local = idbridge_application::NewApplication::saml("x").dangerous_allow_http().create(|_| false).unwrap();
    assert!(local.set_login_url(Some("http://localhost:3000/start")).is_ok());
    assert!(local.upload_metadata(&metadata("sp", &["http://localhost:3000/acs"])).is_ok());
}

/// SS-17: tile, response, logged in: under the e-mail address, for this SP, in answer to nothing, once.
#[test]
fn ss_17_a_log_in_from_the_portal() {
    let (application, snapshot) = (configured(), directory());
    for user in ["anna", "bo"] {
        let authorised = unsolicited(&application, &snapshot, user, None);
        assert_eq!(authorised.user().id, id(user));
        let response = authorised.respond(&authentication(), &ids(), now()).unwrap();
        let certificate = application.certificate().unwrap();
        let assertion = received(&application, &[certificate], &response, &Expected::Unsolicited).unwrap();
        assert_eq!(assertion.name_id().value(), format!("{user}@example.com"));
        assert_eq!(assertion.name_id().format(), &NameIdFormat::EMAIL_ADDRESS);
        assert_eq!((assertion.in_response_to(), assertion.recipient(), assertion.attributes()), (None, ACS, [].as_slice()));
        assert!(received(&application, &[certificate], &response, &Expected::ResponseTo(request_id())).is_err());
    }
}

/// SS-18: request, log-in, response: in answer to the request, with its RelayState.
#[test]
fn ss_18_a_log_in_that_the_service_provider_asks_for() {
    let (mut application, snapshot) = (configured(), directory());
    application.set_login_url(Some("https://example.awsapps.com/start")).unwrap();
    application.set_default_relay_state(Some("not this one")).unwrap();
    for relay_state in [None, Some(""), Some("a b&c=d")] {
        let accepted = application.accept(&request(&application, relay_state), now()).unwrap();
        assert_eq!((accepted.relay_state(), accepted.is_signed(), accepted.request().id.clone()), (relay_state, false, request_id()));
        assert_eq!(accepted.assertion_consumer_service().url(), ACS);
        let authorised = accepted.sign_in(&snapshot, &id("anna")).unwrap();
        let response = authorised.respond(&authentication(), &ids(), now()).unwrap();
        assert_eq!(response.to_form().unwrap().relay_state(), relay_state);
        let certificate = application.certificate().unwrap();
        let assertion = received(&application, &[certificate], &response, &Expected::ResponseTo(request_id())).unwrap();
        assert_eq!((assertion.name_id().value(), assertion.in_response_to()), ("anna@example.com", Some(&request_id())));
        assert!(received(&application, &[certificate], &response, &Expected::Unsolicited).is_err());
    }
}

/// SS-18: what is said of the log-in arrives, and what is asked for and cannot be given is refused in words of SAML.
#[test]
fn ss_18_how_the_person_logged_in_is_said() {
    let (mut application, snapshot) = (configured(), directory());
    let rules = SamlRuleSet::jumpcloud()
        .with_attribute(SamlRule::access_control("Team", Source::LastName).unwrap())
        .and_then(|rules| rules.with_attribute(SamlRule::constant("origin", "portal")?))
        .unwrap();
    application.set_saml_rules(rules).unwrap();
    let certificate = application.certificate().unwrap().clone();
    let mut authentication = authentication();
    authentication.at = now() - Duration::from_secs(600);
    authentication.context = AuthnContext::MULTI_FACTOR;
    authentication.session_index = Some("session-7".to_owned());
    authentication.session_not_on_or_after = Some(now() + Duration::from_secs(3_600));

    let accepted = application.accept(&request(&application, None), now()).unwrap();
    let authorised = accepted.sign_in(&snapshot, &id("anna")).unwrap();
    assert_eq!(authorised.status_for(&authentication), None);
    let response = authorised.respond(&authentication, &ids(), now()).unwrap();
    let assertion = received(&application, &[&certificate], &response, &Expected::ResponseTo(request_id())).unwrap();
    assert_eq!((assertion.authenticated_at(), assertion.authn_context()), (authentication.at, &AuthnContext::MULTI_FACTOR));
    assert_eq!(assertion.session_index(), Some("session-7"));
    assert_eq!(assertion.session_not_on_or_after(), authentication.session_not_on_or_after);
    assert_eq!(assertion.attributes(), [Attribute::access_control("Team", "Berg"), Attribute::new("origin", ["portal"])]);

    // A request for another format of names.
    let mut wanted = idbridge_saml::AuthnRequest::new(request_id(), idbridge_saml::EntityId::new(SP).unwrap(), now());
    wanted.name_id_format = Some(NameIdFormat::TRANSIENT);
    let url = wanted.to_redirect(application.idp_url().unwrap(), None, None).unwrap().to_string();
    let wanted = idbridge_saml::ReceivedRequest::from_redirect(url.split_once('?').unwrap().1).unwrap();
    let accepted = application.accept(&wanted, now()).unwrap();
    let authorised = accepted.sign_in(&snapshot, &id("anna")).unwrap();
    assert!(matches!(authorised.respond(&authentication, &ids(), now()).unwrap_err().kind(), ErrorKind::Saml { what: "response", .. }));
    let status = authorised.status_for(&authentication).unwrap();
    let refusal = accepted.refuse(&status, &ids(), now()).unwrap();
    let error = received(&application, &[&certificate], &refusal, &Expected::ResponseTo(request_id())).unwrap_err();
    assert!(matches!(error.kind(), SamlErrorKind::Status { code, .. } if code.contains("InvalidNameIDPolicy")), "{error}");
    assert!(!refusal.xml().contains("Assertion"), "{}", refusal.xml());
    assert!(accepted.refuse(&Status::denied(StatusCode::NO_PASSIVE), &ids(), now()).is_ok());
}

/// SS-18: what may be set of responses is kept to, whatever is set afterwards.
#[test]
fn ss_18_options_of_responses_hold() {
    let (mut application, snapshot) = (configured(), directory());
    let mut options = idbridge_application::ResponseOptions::default();
    options.signed_parts = SignedParts::Assertion;
    options.wants_signed_requests = true;
    options.longest_request_age = Duration::from_secs(10);
    application.set_response_options(options).unwrap();
    application.set_idp_entity_id(idbridge_saml::EntityId::new("JumpCloud").unwrap()).unwrap();
    let response = unsolicited(&application, &snapshot, "anna", None).respond(&authentication(), &ids(), now()).unwrap();
    assert_eq!(response.xml().matches("<ds:SignatureValue>").count(), 1);
    assert!(response.xml().contains(">JumpCloud</saml:Issuer>"));
    assert!(application.export_metadata().unwrap().contains(r#"WantAuthnRequestsSigned="true""#));
    let refused = application.accept(&request(&application, None), now()).unwrap_err();
    let ErrorKind::Saml { error, .. } = refused.kind() else { panic!("{refused}") };
    assert!(matches!(error.kind(), SamlErrorKind::NotSigned { .. }));
}

/// SS-19: the NameID is the e-mail address and the SCIM userName, the same letters.
#[test]
fn ss_19_name_id_and_user_name_are_the_same_letters() {
    for email in ["Anna.Berg@Example.COM", "  o'neill+aws@example.com\t", "x@y.example"] {
        let mut snapshot = directory();
        let mut user = portal::person("new", idbridge_mapping::directory::Lifecycle::Active);
        user.email = Some(email.to_owned());
        let resource = RuleSet::jumpcloud().to_scim(&user, &Profile::aws_iam_identity_center());
        let user_name = resource.resource().unwrap().text("userName").unwrap().to_owned();
        snapshot.application_mut().users.insert(id("new"));
        snapshot.insert_user(user);
        let application = configured();
        let response = unsolicited(&application, &snapshot, "new", None).respond(&authentication(), &ids(), now()).unwrap();
        let assertion = received(&application, &[application.certificate().unwrap()], &response, &Expected::Unsolicited).unwrap();
        assert_eq!((assertion.name_id().value(), email.trim()), (&*user_name, &*user_name));
    }
}
