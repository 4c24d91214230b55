//! Signing in, without HTTP: whom the service believes, about whom, and for how long.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]

#[cfg(test)]
mod common;

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use common::idp::{ENTITY_ID, Idp, SSO_URL, arrived, by_hand, login, post, post_xml, service_for};
use common::{create_user, created, delete, noon, patch_user, service, user};
use idbridge_emulator::{AccessPortal, Error, ErrorKind, ExternalIdentityProvider, IgnoredReason, Service, SignIn, StartedBy};
use idbridge_saml::{
    Attribute, Binding, EntityId, ErrorKind as Saml, IdentityProvider, Login, NameId, NameIdFormat, RegisteredSp, Registration,
    SignedParts, Status, StatusCode,
};
use idbridge_scim::protocol::ResourceType;

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

/// The check that a response failed, which nobody was signed in by.
#[track_caller]
fn refused(service: &Service, outcome: Result<SignIn, Error>) -> &'static str {
    let error = outcome.unwrap_err();
    assert!(service.sign_ins().is_empty());
    assert_eq!(service.failed_sign_ins().last().unwrap().error(), &error);
    error.check()
}

/// User guide, "IdP-initiated": what the identity provider starts needs no request; the record says whose it is and for how long.
#[test]
fn the_identity_provider_may_begin() {
    let mut idp = Idp::new();
    let mut service = service_for(&idp);
    let mut anna = login("anna@example.com");
    anna.attributes.push(Attribute::access_control("Department", "Research"));
    let response = idp.unsolicited(&service, &anna, noon());
    let sign_in = post(&mut service, &response, noon() + minutes(1)).unwrap();

    assert_eq!(service.sign_ins(), std::slice::from_ref(&sign_in));
    assert_eq!((sign_in.user_name(), sign_in.started_by()), ("anna@example.com", StartedBy::IdentityProvider));
    assert_eq!(service.user(sign_in.user()).unwrap().text("userName"), Some("anna@example.com"));
    assert_eq!(sign_in.session_tag("Department"), Some("Research"));
    assert_eq!((sign_in.at(), sign_in.authenticated_at()), (noon() + minutes(1), noon()));
    assert_eq!(sign_in.session_end(), noon() + minutes(1 + 8 * 60));
    assert_eq!(sign_in.assertion_consumer_service(), service.access_portal().assertion_consumer_services()[0].url());
    assert_eq!((sign_in.relay_state(), sign_in.request_id()), (Some("https://console.aws.amazon.com/"), None));
    assert!(service.failed_sign_ins().is_empty());
}

/// Reference: requests begin with `aws_` and are not signed; the answer must be theirs. By both bindings, at every assertion consumer service.
#[test]
fn the_portal_may_begin() {
    for posts in [false, true] {
        for index in [None, Some(0), Some(1)] {
            let mut idp = Idp::new();
            let mut service = service_for(&idp);
            let mut settings = service.settings().clone();
            settings.posts_requests = posts;
            service.set_settings(settings);

            let started = service.start_sign_in(index, [5; 32], noon()).unwrap();
            assert_eq!(started.redirect_url().is_none(), posts);
            let received = arrived(&started);
            assert!(!received.is_signed());
            let request = received.request();
            assert!(request.id.as_str().starts_with("aws_") && request.id == *started.id());
            assert_eq!(request.issuer.as_str(), service.access_portal().entity_id());
            assert_eq!(request.destination.as_deref(), Some(SSO_URL));
            assert_eq!(request.name_id_format, Some(NameIdFormat::EMAIL_ADDRESS));
            assert_eq!(received.relay_state(), Some(started.relay_state()));

            let response = idp.answer(&service, &received, &login("anna@example.com"), noon());
            let expected = service.access_portal().assertion_consumer_services()[usize::from(index.unwrap_or_default())].url();
            assert_eq!(response.destination(), expected);
            let sign_in = post(&mut service, &response, noon()).unwrap();
            assert_eq!((sign_in.started_by(), sign_in.request_id()), (StartedBy::ServiceProvider, Some(started.id())));
        }
    }
}

/// The identity provider is asked by the binding that it takes.
#[test]
fn the_other_binding_is_used_where_there_is_no_choice() {
    let idp = Idp::new();
    let mut service = service_for(&idp);
    service.import_idp_metadata(&idp.metadata().with_redirect(false).to_xml().unwrap()).unwrap();
    assert!(service.start_sign_in(None, [5; 32], noon()).unwrap().redirect_url().is_none());
    let error = service.start_sign_in(Some(7), [6; 32], noon()).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::UnknownIndex { index: 7 });
}

/// User guide: "the user must exist"; nobody is created by signing in, and who is not active stays outside.
#[test]
fn who_is_not_provisioned_or_not_active_is_refused() {
    let mut idp = Idp::new();
    let mut service = service_for(&idp);
    let response = idp.unsolicited(&service, &login("nobody@example.com"), noon());
    let error = post(&mut service, &response, noon()).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::NotProvisioned { name_id: "nobody@example.com".to_owned() });
    let response = idp.unsolicited(&service, &login("bo@example.com"), noon());
    let error = post(&mut service, &response, noon()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotActive { user_name, .. } if user_name == "bo@example.com"), "{error}");
    assert_eq!((service.users().count(), service.sign_ins().len(), service.failed_sign_ins().len()), (2, 0, 2));
}

/// authentik #22771: the `NameID` is compared with `userName`, and not with an e-mail address.
#[test]
fn the_name_is_the_user_name() {
    let mut idp = Idp::new();
    let mut service = service_for(&idp);
    by_hand(&mut service, r#"{"userName":"carla@corp.example.com","emails":[{"value":"carla@example.com","primary":true}],"active":true}"#);
    let response = idp.unsolicited(&service, &login("carla@example.com"), noon());
    assert_eq!(refused_by(&mut service, &response), "userName");
    let response = idp.unsolicited(&service, &login("carla@corp.example.com"), noon());
    assert!(post(&mut service, &response, noon()).is_ok());
}

#[track_caller]
fn refused_by(service: &mut Service, response: &idbridge_saml::SignedResponse) -> &'static str {
    let outcome = post(service, response, noon());
    refused(service, outcome)
}

/// Schema: `userName` is `caseExact: false`, and so is the comparison; the setting has the other answer.
#[test]
fn case_counts_only_where_the_settings_say_so() {
    let mut idp = Idp::new();
    let mut service = service_for(&idp);
    let response = idp.unsolicited(&service, &login("Anna@Example.com"), noon());
    assert_eq!(post(&mut service, &response, noon()).unwrap().user_name(), "anna@example.com");

    let mut service = service_for(&idp);
    let mut settings = service.settings().clone();
    settings.case_sensitive_sign_in = true;
    service.set_settings(settings);
    let response = idp.unsolicited(&service, &login("Anna@Example.com"), noon());
    assert_eq!(refused_by(&mut service, &response), "userName");
    let response = idp.unsolicited(&service, &login("anna@example.com"), noon());
    assert!(post(&mut service, &response, noon()).is_ok());
}

/// Two users of one name, which only seeding can make, are nobody.
#[test]
fn two_users_of_one_name_are_nobody() {
    let mut idp = Idp::new();
    let mut service = service_for(&idp);
    by_hand(&mut service, r#"{"userName":"ANNA@example.com","active":true}"#);
    let response = idp.unsolicited(&service, &login("anna@example.com"), noon());
    let error = post(&mut service, &response, noon()).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Ambiguous { name_id: "anna@example.com".to_owned(), users: 2 });
}

/// User guide, `other-idps`: the format must be that of an e-mail address, and the value one.
#[test]
fn the_name_must_be_an_email_address() {
    let mut idp = Idp::new();
    let mut service = service_for(&idp);
    for format in [NameIdFormat::UNSPECIFIED, NameIdFormat::PERSISTENT, "urn:oasis:names:tc:SAML:2.0:nameid-format:emailAddress".into()] {
        let anna = Login::new(NameId::new("anna@example.com", format.clone()).unwrap(), noon());
        let response = idp.unsolicited(&service, &anna, noon());
        let error = post(&mut service, &response, noon()).unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::NameIdFormat { found: format });
        assert_eq!(error.aws().as_deref(), Some("Response contains invalid name id policy format"));
    }
    by_hand(&mut service, r#"{"userName":"anna","active":true}"#);
    let response = idp.unsolicited(&service, &login("anna"), noon());
    assert_eq!(refused_by(&mut service, &response), "NameID");
}

/// `WantAssertionsSigned` is true: the response's signature alone is not enough, and no signature is none.
#[test]
fn the_assertion_must_be_signed() {
    let mut idp = Idp::new();
    idp.provider = idp.provider.with_signed_parts(SignedParts::Response);
    let mut service = service_for(&idp);
    let metadata = service.sp_metadata().unwrap().replace("WantAssertionsSigned=\"true\"", "WantAssertionsSigned=\"false\"");
    let sp = RegisteredSp::from_xml(&metadata, &Registration::new()).unwrap();
    let ids = idp.ids();
    let unsolicited = idp.provider.unsolicited(&sp, None, None).unwrap();
    let response = unsolicited.respond(&login("anna@example.com"), &ids, noon()).unwrap().sign(&idp.credential).unwrap();
    assert_eq!(refused_by(&mut service, &response), "signature");

    let mut idp = Idp::new().signing_assertions();
    let response = idp.unsolicited(&service, &login("anna@example.com"), noon());
    let (before, rest) = response.xml().split_once("<ds:Signature").unwrap();
    let (_, after) = rest.split_once("</ds:Signature>").unwrap();
    let outcome = post_xml(&mut service, &response, &format!("{before}{after}"), noon());
    assert_eq!(refused(&service, outcome), "signature");
    // The same with its signature is taken.
    assert!(post(&mut service, &response, noon()).is_ok());
}

/// What was changed behind the signature, what another key signed, and what is signed by SHA-1 is not believed.
#[test]
fn a_signature_must_be_right() {
    let mut idp = Idp::new().signing_assertions();
    let mut service = service_for(&idp);
    let response = idp.unsolicited(&service, &login("bo@example.com"), noon());
    let outcome = post_xml(&mut service, &response, &response.xml().replace("bo@example.com", "anna@example.com"), noon());
    assert_eq!(refused(&service, outcome), "signature");

    let weak = response.xml().replace("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1");
    assert_ne!(weak, response.xml());
    let error = post_xml(&mut service, &response, &weak, noon()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Saml(error) if matches!(error.kind(), Saml::Algorithm { is_weak: true, .. })), "{error}");

    let mut stranger = Idp::with_other_key();
    let response = stranger.unsolicited(&service, &login("anna@example.com"), noon());
    assert_eq!(refused_by(&mut service, &response), "signature");
}

/// User guide, `other-idps`: encryption is not supported.
#[test]
fn an_encrypted_assertion_is_refused() {
    let idp = Idp::new();
    let mut service = service_for(&idp);
    let url = service.access_portal().assertion_consumer_services()[0].url().to_owned();
    let xml = r#"<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0" IssueInstant="2026-03-01T12:00:00Z"><a:EncryptedAssertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"/></p:Response>"#;
    let outcome = service.consume_response(&url, &common::idp::body_of(xml, None), noon());
    let error = outcome.unwrap_err();
    assert_eq!(error.check(), "unsupported");
    assert!(error.to_string().starts_with("an encrypted assertion is not supported at Response/EncryptedAssertion"), "{error}");
}

/// Who issued it, for whom, and to where: each must be exactly right.
#[test]
fn issuer_audience_recipient_and_destination_must_be_right() {
    let mut idp = Idp::new();
    let mut service = service_for(&idp);
    let anna = login("anna@example.com");

    let mut other = Idp::new();
    other.provider = IdentityProvider::new(EntityId::new("https://other.example.com").unwrap(), SSO_URL);
    let response = other.unsolicited(&service, &anna, noon());
    assert_eq!(refused_by(&mut service, &response), "Issuer of the Response");

    let mut other = Idp::new();
    other.registration = Registration::new().with_entity_id(EntityId::new("https://sp.example.com").unwrap());
    let response = other.unsolicited(&service, &anna, noon());
    assert_eq!(refused_by(&mut service, &response), "Audience");

    // Brought to another assertion consumer service of the same instance than it is addressed to.
    let response = idp.unsolicited(&service, &anna, noon());
    let second = service.access_portal().assertion_consumer_services()[1].url().to_owned();
    let outcome = service.consume_response(&second, &common::idp::body(&response), noon());
    assert_eq!(refused(&service, outcome), "Destination");
    // The Response around a signed assertion can be readdressed, and the assertion in it cannot.
    let response = Idp::new().signing_assertions().unsolicited(&service, &anna, noon());
    let readdressed =
        response.xml().replacen(&format!("Destination=\"{}\"", response.destination()), &format!("Destination=\"{second}\""), 1);
    assert_ne!(readdressed, response.xml());
    let outcome = service.consume_response(&second, &common::idp::body_of(&readdressed, None), noon());
    assert_eq!(refused(&service, outcome), "Recipient");

    for url in [second.trim_end_matches(char::is_alphanumeric), "https://evil.example.com/acs", &format!("{second}/")] {
        let outcome = service.consume_response(url, &common::idp::body(&response), noon());
        assert_eq!(refused(&service, outcome), "AssertionConsumerService", "{url}");
    }
}

/// Times are those of the assertion, with the skew of the settings.
#[test]
fn it_must_be_in_time() {
    let mut idp = Idp::new();
    let mut service = service_for(&idp);
    let response = idp.unsolicited(&service, &login("anna@example.com"), noon());
    let mut at = |now: SystemTime| {
        let outcome = post(&mut service, &response, now);
        refused(&service, outcome)
    };
    assert_eq!(at(noon() - minutes(2)), "IssueInstant");
    assert_eq!(at(noon() + minutes(6)), "NotOnOrAfter of the SubjectConfirmationData");
    let mut settings = service.settings().clone();
    settings.clock_skew = minutes(2);
    service.set_settings(settings);
    assert!(post(&mut service, &response, noon() + minutes(6)).is_ok());
}

/// User guide, `configure-user-session`: the shorter of `SessionNotOnOrAfter` and the instance's own holds.
#[test]
fn the_shorter_session_holds() {
    let cases = [(None, 480), (Some(60), 60), (Some(24 * 60), 480)];
    for (ends, expected) in cases {
        let mut idp = Idp::new();
        let mut service = service_for(&idp);
        let mut anna = login("anna@example.com");
        anna.session_not_on_or_after = ends.map(|ends| noon() + minutes(ends));
        let response = idp.unsolicited(&service, &anna, noon());
        assert_eq!(post(&mut service, &response, noon()).unwrap().session_end(), noon() + minutes(expected));
    }
}

/// saml-profiles 4.1.4.5: an assertion signs in once, also if the response around it is another one.
#[test]
fn a_replay_is_refused() {
    let mut idp = Idp::new().signing_assertions();
    let mut service = service_for(&idp);
    let response = idp.unsolicited(&service, &login("anna@example.com"), noon());
    post(&mut service, &response, noon()).unwrap();
    assert_eq!(post(&mut service, &response, noon()).unwrap_err().check(), "replay");
    let again = response.xml().replacen(response.id().as_str(), "_another", 1);
    assert_eq!(post_xml(&mut service, &response, &again, noon()).unwrap_err().check(), "replay");
    assert_eq!((service.sign_ins().len(), service.failed_sign_ins().len()), (1, 2));
}

/// `CloudTrail`: "Not a valid response for the provided request id": an answer must answer what is outstanding, in time, once.
#[test]
fn an_answer_needs_its_request() {
    let mut idp = Idp::new();
    let mut service = service_for(&idp);
    let anna = login("anna@example.com");

    // Of another instance that is called the same.
    let mut twin = service_for(&idp);
    let request = twin.start_sign_in(None, [4; 32], noon()).unwrap();
    let response = idp.answer(&service, &arrived(&request), &anna, noon());
    let error = post(&mut service, &response, noon()).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::UnknownRequest { in_response_to: request.id().to_string() });
    assert_eq!(error.aws(), Some(format!("Not a valid response for the provided request id: {}", request.id())));

    // Too late.
    let request = service.start_sign_in(None, [5; 32], noon()).unwrap();
    let later = noon() + minutes(15);
    let response = idp.answer(&service, &arrived(&request), &anna, later);
    let error = post(&mut service, &response, later).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::RequestExpired { .. }), "{error}");

    // A second answer to what was answered.
    let request = service.start_sign_in(None, [6; 32], noon()).unwrap();
    let first = idp.answer(&service, &arrived(&request), &login("bo@example.com"), noon());
    assert_eq!(post(&mut service, &first, noon()).unwrap_err().check(), "active");
    let second = idp.answer(&service, &arrived(&request), &anna, noon());
    assert_eq!(refused_by(&mut service, &second), "InResponseTo");

    // Without the RelayState, or with another one.
    for relay_state in [None, Some("another")] {
        let request = service.start_sign_in(None, [7; 32], noon()).unwrap();
        let response = idp.answer(&service, &arrived(&request), &anna, noon());
        let outcome = service.consume_response(response.destination(), &common::idp::body_of(response.xml(), relay_state), noon());
        assert_eq!(refused(&service, outcome), "RelayState");
    }
}

/// What answers a request cannot be made to answer none, nor the other way round, though the Response around the assertion is not signed.
#[test]
fn an_answer_stays_an_answer() {
    let mut idp = Idp::new().signing_assertions();
    let mut service = service_for(&idp);
    let anna = login("anna@example.com");
    let request = service.start_sign_in(None, [5; 32], noon()).unwrap();
    let claim = format!(" InResponseTo=\"{}\"", request.id());

    let response = idp.answer(&service, &arrived(&request), &anna, noon());
    let outcome = post_xml(&mut service, &response, &response.xml().replacen(&claim, "", 1), noon());
    assert_eq!(refused(&service, outcome), "InResponseTo of the SubjectConfirmationData");

    let response = idp.unsolicited(&service, &anna, noon());
    let claimed = response.xml().replacen(" Version=\"2.0\"", &format!("{claim} Version=\"2.0\""), 1);
    let outcome = post_xml(&mut service, &response, &claimed, noon());
    assert_eq!(refused(&service, outcome), "InResponseTo of the SubjectConfirmationData");
}

/// saml-core 3.2.2: a response that says it failed signs nobody in.
#[test]
fn a_status_of_failure_is_refused() {
    let mut idp = Idp::new();
    let mut service = service_for(&idp);
    let request = service.start_sign_in(None, [5; 32], noon()).unwrap();
    let status = Status::denied(StatusCode::NO_PASSIVE).with_message("log in first");
    let response = idp.refuse(&service, &arrived(&request), &status, noon());
    let error = post(&mut service, &response, noon()).unwrap_err();
    assert_eq!(error.check(), "Status");
    assert!(error.to_string().contains("log in first"), "{error}");
}

/// What is no response at all is refused with where it is wrong.
#[test]
fn bytes_that_are_no_response_are_refused() {
    let idp = Idp::new();
    let mut service = service_for(&idp);
    let url = service.access_portal().assertion_consumer_services()[0].url().to_owned();
    for (body, check) in
        [("", "parameter"), ("SAMLResponse=%", "document"), ("SAMLResponse=PGE%2B", "document"), ("SAMLResponse=PGEvPg%3D%3D", "document")]
    {
        let outcome = service.consume_response(&url, body, noon());
        assert_eq!(refused(&service, outcome), check, "{body}");
    }
    let mut bare = common::service();
    let error = bare.consume_response(&url, "SAMLResponse=PGEvPg%3D%3D", noon()).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::NoIdentityProvider);
}

/// User guide, `attributesforaccesscontrol`; IAM user guide, session tags: what becomes a tag, and why the rest does not.
#[test]
fn session_tags() {
    let tag = |key: &str, value: &str| Attribute::access_control(key, value);
    let (longest_key, longest_value) = ("k".repeat(128), "é".repeat(256));
    let mut anna = login("anna@example.com");
    anna.attributes = vec![
        tag("CostCenter", "4711 / a_b.c:d=e+f-g@h"),
        tag(&longest_key, &longest_value),
        tag("Empty", ""),
        tag("Ort", "Zürich 東京"),
        tag("Upper", "one"),
        tag("upper", "two"),
        Attribute::new(format!("{}Teams", Attribute::ACCESS_CONTROL), ["a", "b"]),
        tag("", "x"),
        tag(&"k".repeat(129), "x"),
        tag("Long", &"v".repeat(257)),
        tag("Key!", "x"),
        tag("Html", "<b>"),
        tag("Sign", "a\u{301}"),
        tag("aws:reserved", "x"),
        Attribute::new("email", ["anna@example.com"]),
        Attribute::new("https://aws.amazon.com/SAML/Attributes/TransitiveTagKeys", ["CostCenter"]),
    ];
    let mut idp = Idp::new();
    let mut service = service_for(&idp);
    let response = idp.unsolicited(&service, &anna, noon());
    let sign_in = post(&mut service, &response, noon()).unwrap();

    let expected = [
        ("CostCenter".to_owned(), "4711 / a_b.c:d=e+f-g@h".to_owned()),
        (longest_key, longest_value),
        ("Empty".to_owned(), String::new()),
        ("Ort".to_owned(), "Zürich 東京".to_owned()),
    ];
    assert_eq!(sign_in.session_tags(), &BTreeMap::from(expected));
    let reasons: Vec<_> = sign_in.ignored_attributes().iter().map(|ignored| ignored.reason().clone()).collect();
    assert_eq!(
        reasons,
        [
            IgnoredReason::KeyTwice,
            IgnoredReason::KeyTwice,
            IgnoredReason::SeveralValues { values: 2 },
            IgnoredReason::KeyLength { characters: 0 },
            IgnoredReason::KeyLength { characters: 129 },
            IgnoredReason::ValueLength { characters: 257 },
            IgnoredReason::KeyCharacter { found: '!' },
            IgnoredReason::ValueCharacter { found: '<' },
            IgnoredReason::ValueCharacter { found: '\u{301}' },
            IgnoredReason::ReservedKey,
            IgnoredReason::NotASessionTag,
            IgnoredReason::NotASessionTag,
        ]
    );
    assert_eq!(sign_in.ignored_attributes()[2].name(), "https://aws.amazon.com/SAML/Attributes/AccessControl:Teams");
}

/// STS: a session has 50 tags at most.
#[test]
fn fifty_session_tags_are_taken() {
    let mut anna = login("anna@example.com");
    anna.attributes = (0..51).map(|number| Attribute::access_control(&format!("Key{number}"), "x")).collect();
    let mut idp = Idp::new();
    let mut service = service_for(&idp);
    let response = idp.unsolicited(&service, &anna, noon());
    let sign_in = post(&mut service, &response, noon()).unwrap();
    assert_eq!(sign_in.session_tags().len(), 50);
    assert_eq!(sign_in.ignored_attributes()[0].reason(), &IgnoredReason::TooMany);
}

/// AWS's own file: one line, no key, what is wanted of the identity provider, and several assertion consumer services.
#[test]
fn the_metadata_has_the_form_of_aws() {
    let mut service = service();
    service.set_access_portal(AccessPortal::aws("eu-central-1", "d-99670f2a1b").unwrap().with_additional_region("eu-west-1").unwrap());
    let xml = service.sp_metadata().unwrap();
    assert!(!xml.contains('\n') && !xml.contains("KeyDescriptor") && !xml.contains(" ID=") && !xml.contains("Signature"), "{xml}");
    let head = "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
        entityID=\"https://eu-central-1.signin.aws.amazon.com/platform/saml/d-99670f2a1b\"><md:SPSSODescriptor AuthnRequestsSigned=\"false\" \
        WantAssertionsSigned=\"true\" protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><md:NameIDFormat>\
        urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat><md:AssertionConsumerService \
        Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://eu-central-1.signin.aws.amazon.com/platform/saml/acs/";
    assert!(xml.contains(head), "{xml}");
    let sp = RegisteredSp::from_xml(&xml, &Registration::new()).unwrap();
    let services = sp.assertion_consumer_services();
    assert_eq!(
        services.iter().map(|service| (service.index(), service.is_default())).collect::<Vec<_>>(),
        [(0, Some(true)), (1, None), (2, None)]
    );
    assert!(services[1].url().starts_with("https://eu-central-1.sso.signin.aws/platform/saml/acs/"));
    assert_eq!(sp.default_assertion_consumer_service().index(), 0);
    // The same instance has the same file.
    assert_eq!(service.clone().sp_metadata().unwrap(), xml);

    for (region, instance) in [("", "d-1"), ("eu central", "d-1"), ("eu-central-1", "d/1"), ("eu-central-1", "")] {
        assert!(AccessPortal::aws(region, instance).is_err(), "{region:?} {instance:?}");
    }
    for base in ["", "ftp://a", "http://", "https:///x", "http://a?b", "http://a#b", "http://a b", "javascript:alert(1)"] {
        assert!(AccessPortal::at(base, "d-1").is_err(), "{base:?}");
    }
}

/// User guide, `other-idps`: what the identity provider's file must have; a file that is refused changes nothing.
#[test]
fn metadata_is_imported_whole_or_not_at_all() {
    let idp = Idp::new();
    let mut service = service();
    assert_eq!(service.start_sign_in(None, [5; 32], noon()).unwrap_err().kind(), &ErrorKind::NoIdentityProvider);
    let xml = idp.metadata().to_xml().unwrap();
    let imported = service.import_idp_metadata(&xml).unwrap();
    assert_eq!(imported.entity_id().as_str(), ENTITY_ID);
    assert_eq!(imported.certificates(), [idp.credential.certificate().clone()]);
    assert_eq!(imported.single_sign_on_url(&Binding::HTTP_REDIRECT), Some(SSO_URL));
    assert_eq!(imported.single_sign_on_url(&Binding::SOAP), None);

    let padding = |characters: usize| format!("{xml}<!--{}-->", "é".repeat(characters - xml.chars().count() - 7));
    let key = format!("<md:KeyDescriptor{}</md:KeyDescriptor>", between(&xml, "<md:KeyDescriptor", "</md:KeyDescriptor>"));
    let cases = [
        (padding(75_001), "length"),
        (xml.replace(" entityID=", " id="), "entityID"),
        (xml.replace(&key, ""), "X509Certificate"),
        (xml.replace("use=\"signing\"", "use=\"encryption\""), "X509Certificate"),
        (xml.replace("https://idp.example.com/sso", "http://idp.example.com/sso"), "SingleSignOnService"),
        (xml.replace("https://idp.example.com/sso", "javascript:alert(1)"), "SingleSignOnService"),
        (xml.replace("SingleSignOnService", "SingleLogoutService"), "SingleSignOnService"),
        (service.sp_metadata().unwrap(), "IDPSSODescriptor"),
        (xml.replace("<md:NameIDFormat>", "<md:NameIDFormat"), "document"),
        (format!("<!DOCTYPE a>{}", between(&xml, "?>", "")), "document"),
    ];
    for (text, check) in cases {
        assert_eq!(service.import_idp_metadata(&text).unwrap_err().check(), check, "{}", text.chars().take(300).collect::<String>());
        assert_eq!(service.identity_provider().unwrap().entity_id().as_str(), ENTITY_ID);
    }
    assert_eq!(ExternalIdentityProvider::MOST_CHARACTERS, 75_000);
    assert!(service.import_idp_metadata(&padding(75_000)).is_ok());
    assert!(service.import_idp_metadata(&format!("\u{FEFF}{xml}")).is_ok());

    // Over loopback there is no TLS on either side.
    service.set_access_portal(AccessPortal::at("http://127.0.0.1:8080", "d-1").unwrap());
    assert!(service.import_idp_metadata(&xml.replace("https://idp.example.com/sso", "http://127.0.0.1:8081/sso")).is_ok());
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap();
    if end.is_empty() { rest } else { rest.split_once(end).unwrap().0 }
}

/// User guide, certificates: while there are two, both are believed; when the old one is gone, it is not any more.
#[test]
fn keys_roll_over() {
    let (mut old, mut new) = (Idp::new(), Idp::with_other_key());
    let mut service = service_for(&old);
    let anna = login("anna@example.com");
    let both = old.metadata().with_certificate(new.credential.certificate().clone());
    let (before, after) = (old.metadata(), new.metadata());
    for (metadata, expected) in [(before, (true, false)), (both, (true, true)), (after, (false, true))] {
        service.import_idp_metadata(&metadata.to_xml().unwrap()).unwrap();
        assert_eq!(service.identity_provider().unwrap().certificates(), metadata.certificates());
        let responses = (old.unsolicited(&service, &anna, noon()), new.unsolicited(&service, &anna, noon()));
        let believed = (post(&mut service, &responses.0, noon()).is_ok(), post(&mut service, &responses.1, noon()).is_ok());
        assert_eq!(believed, expected);
    }
}

/// The law: whatever was provisioned and taken away before, who signs in is a user who is there and active, and everybody who is may.
#[test]
fn who_signs_in_is_provisioned_and_active() {
    let mut idp = Idp::new();
    let mut service = service();
    service.import_idp_metadata(&idp.metadata().to_xml().unwrap()).unwrap();
    let names = ["anna", "bo", "carla", "dan"];
    let mut model: BTreeMap<&str, (idbridge_scim::ResourceId, bool)> = BTreeMap::new();
    let mut state = 7_u64;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let (mut ins, mut outs) = (0, 0);
    for step in 0..100_u64 {
        let name = names[usize::try_from(draw(4)).unwrap()];
        match (draw(3), model.get(name).cloned()) {
            (0, Some((id, _))) => {
                assert_eq!(delete(&mut service, ResourceType::User, &id).status, 204);
                model.remove(name);
            }
            (_, Some((id, active))) => {
                let patch = format!(r#"[{{"op":"replace","path":"active","value":{}}}]"#, !active);
                assert_eq!(patch_user(&mut service, &id, &patch).status, 200);
                model.insert(name, (id, !active));
            }
            (_, None) => {
                let id = created(&create_user(&mut service, user(name)));
                model.insert(name, (id, true));
            }
        }
        let who = names[usize::try_from(draw(4)).unwrap()];
        let now = noon() + Duration::from_secs(step);
        let login = login(&format!("{who}@example.com"));
        let response = if draw(2) == 0 {
            idp.unsolicited(&service, &login, now)
        } else {
            let request = service.start_sign_in(None, [u8::try_from(step).unwrap(); 32], now).unwrap();
            idp.answer(&service, &arrived(&request), &login, now)
        };
        let before = service.sign_ins().len();
        match (post(&mut service, &response, now), model.get(who)) {
            (Ok(sign_in), Some((id, true))) => {
                assert_eq!(sign_in.user(), id);
                ins += 1;
            }
            (Err(error), None) => {
                assert!(matches!(error.kind(), ErrorKind::NotProvisioned { .. }), "{error}");
                outs += 1;
            }
            (Err(error), Some((_, false))) => {
                assert!(matches!(error.kind(), ErrorKind::NotActive { .. }), "{error}");
                outs += 1;
            }
            (outcome, expected) => panic!("{who}: {outcome:?}, {expected:?}"),
        }
        assert_eq!(service.sign_ins().len() - before, usize::from(model.get(who).is_some_and(|(_, active)| *active)));
    }
    assert!(ins > 20 && outs > 20, "{ins} and {outs}");
}
