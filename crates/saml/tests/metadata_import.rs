//! How an IdP comes to know an SP: rules SS-07 to SS-09 and SS-11, and no. 20 and 23 of the catalogue of attacks.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::time::{Duration, UNIX_EPOCH};

use idbridge_saml::{
    AssertionConsumerService, Certificate, EntityDescriptor, EntityId, ErrorKind, Metadata, MetadataFinding, NameIdFormat, RegisteredSp,
    Registration,
};

const IDENTITY_CENTER: &str = include_str!("fixtures/metadata/identity_center.xml");
const REGIONS: &str = include_str!("fixtures/metadata/identity_center_regions.xml");
const AMAZON_WEB_SERVICES: &str = include_str!("fixtures/metadata/amazon_web_services.xml");
const EVERYTHING: &str = include_str!("fixtures/metadata/sp_with_everything.xml");
const IDP: &str = include_str!("fixtures/metadata/idp.xml");
const FEDERATION: &str = include_str!("fixtures/metadata/federation.xml");

const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

fn entity(inside: &str) -> String {
    let namespaces = "xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";
    format!("<EntityDescriptor {namespaces} entityID=\"https://a.example\">{inside}</EntityDescriptor>")
}

fn sp(inside: &str) -> String {
    entity(&format!("<SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{inside}</SPSSODescriptor>"))
}

/// An SP with one endpoint at `url`, escaped as a value.
fn sp_at(url: &str) -> String {
    sp(&format!("<AssertionConsumerService index=\"0\" Binding=\"{POST}\" Location=\"{url}\"/>"))
}

fn register(text: &str) -> RegisteredSp {
    RegisteredSp::from_xml(text, &Registration::new()).unwrap()
}

fn refused(text: &str) -> String {
    RegisteredSp::from_xml(text, &Registration::new()).unwrap_err().to_string()
}

fn findings(sp: &RegisteredSp) -> Vec<String> {
    sp.findings().iter().map(ToString::to_string).collect()
}

/// SS-07: the file fills everything, and no further input is needed for AWS.
#[test]
fn identity_center_is_registered() {
    let sp = register(IDENTITY_CENTER);
    assert_eq!(sp.entity_id().as_str(), "https://eu-central-1.signin.aws.amazon.com/platform/saml/d-0123456789");
    let url = "https://eu-central-1.signin.aws.amazon.com/platform/saml/acs/0a1b2c3d-0001";
    assert_eq!(sp.default_assertion_consumer_service().url(), url);
    assert_eq!(sp.name_id_formats(), [NameIdFormat::EMAIL_ADDRESS]);
    assert!(sp.want_assertions_signed() && !sp.authn_requests_signed());
    assert!(sp.signing_certificates().is_empty() && sp.findings().is_empty());
    assert_eq!(sp.valid_until(), None);
    assert!(sp.is_valid_at(UNIX_EPOCH + Duration::from_secs(u32::MAX.into())));
    assert_eq!(sp.metadata_xml(), IDENTITY_CENTER);
}

/// SS-07 since 2026: every Region's endpoint is there, by index and by its very URL.
#[test]
fn endpoints_of_all_regions_are_registered() {
    let sp = register(REGIONS);
    assert_eq!(sp.assertion_consumer_services().len(), 5);
    assert_eq!(sp.default_assertion_consumer_service().index(), 0);
    let dual_stack = "https://eu-west-1.sso.signin.aws/platform/saml/acs/0a1b2c3d-0002";
    assert_eq!(sp.assertion_consumer_service_with_index(4).map(AssertionConsumerService::url), Some(dual_stack));
    assert_eq!(sp.assertion_consumer_service_at(dual_stack).map(AssertionConsumerService::index), Some(4));
    assert_eq!(sp.assertion_consumer_service_with_index(5), None);
}

/// No. 23: an endpoint is found by its exact URL, and by no other that means the same or begins alike.
#[test]
fn endpoints_are_compared_as_strings() {
    let sp = register(&sp_at("https://a.example/acs"));
    assert!(sp.assertion_consumer_service_at("https://a.example/acs").is_some());
    for url in [
        "https://a.example/acs/",
        "https://a.example/acs?",
        "https://a.example/ac",
        "https://a.example/acs/..",
        "https://a.example:443/acs",
        "https://A.example/acs",
        "HTTPS://a.example/acs",
        "https://a.example/%61cs",
        "https://a.example/acs ",
        "https://a.example.evil.example/acs",
        "",
        "*",
    ] {
        assert_eq!(sp.assertion_consumer_service_at(url), None, "{url}");
    }
}

/// No. 23, CVE-2023-45683: a browser is sent to https only, and nowhere that a URL could hide.
#[test]
fn urls_that_no_browser_is_sent_to_are_kept_out() {
    let none = "expected an AssertionConsumerService that a response can go to, found none of https://a.example";
    for (url, expected) in [
        ("http://a.example/acs", "a URL that begins with https://, found \"http://a.example/acs\""),
        ("javascript:alert(1)", "a URL that begins with https://, found \"javascript:alert(1)\""),
        ("data:text/html,x", "a URL that begins with https://, found \"data:text/html,x\""),
        ("/acs", "a URL that begins with https://, found \"/acs\""),
        ("", "a URL that begins with https://, found \"\""),
        (" https://a.example/acs", "a URL that begins with https://, found \" https://a.example/acs\""),
        ("https://a.example/acs&#x9;", "a URL with no characters but those of RFC 3986, found \"https://a.example/acs\\t\""),
        ("https://a.example\\@b.example/", "a URL with no characters but those of RFC 3986, found \"https://a.example\\@b.example/\""),
        ("https://a.example/acs#x", "a URL without a fragment, found \"https://a.example/acs#x\""),
        ("https://a.example@b.example/", "a URL without a name before its host, found \"https://a.example@b.example/\""),
        ("https:///acs", "a URL with a host, found \"https:///acs\""),
        ("https://a.example:x/", "a URL with a port from 0 to 65535, or without one, found \"https://a.example:x/\""),
    ] {
        let expected = format!("{none}: AssertionConsumerService 0 is kept out: expected {expected}");
        assert_eq!(refused(&sp_at(url)), expected, "{url}");
    }
}

/// http is for one's own machine, and has to be asked for; nothing else comes with it.
#[test]
fn http_is_taken_by_choice_only() {
    let http = Registration::new().dangerous_allow_http();
    let sp = RegisteredSp::from_xml(&sp_at("http://localhost:3000/acs"), &http).unwrap();
    assert_eq!(sp.default_assertion_consumer_service().url(), "http://localhost:3000/acs");
    for url in ["javascript:alert(1)", "ftp://localhost/", "http:///", "http://localhost/#"] {
        assert!(RegisteredSp::from_xml(&sp_at(url), &http).is_err(), "{url}");
    }
    let error = RegisteredSp::from_xml(&sp_at("javascript:"), &http).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected an AssertionConsumerService that a response can go to, found none of https://a.example: AssertionConsumerService 0 is kept \
         out: expected a URL that begins with https:// or http://, found \"javascript:\""
    );
}

/// What cannot be used beside what can is kept out, and said; the default is one of those that can.
#[test]
fn what_cannot_be_used_is_kept_out() {
    let sp = register(EVERYTHING);
    let urls: Vec<_> = sp.assertion_consumer_services().iter().map(AssertionConsumerService::url).collect();
    assert_eq!(urls, ["https://sp.example.com/acs?a=1&b=2", "https://sp.example.com/acs"]);
    // The default of the file takes artifacts; of the others, one says that it is none.
    assert_eq!(sp.default_assertion_consumer_service().url(), "https://sp.example.com/acs");
    assert_eq!(sp.assertion_consumer_service_with_index(7), None);
    assert_eq!(sp.assertion_consumer_service_at("http://sp.example.com/acs"), None);
    assert_eq!(
        findings(&sp),
        [
            "KeyDescriptor 3 has a certificate that verifies nothing: unusable public key: its algorithm is 1.3.101.112; RSA and ECDSA are known",
            "KeyDescriptor 5 has no X509Certificate, and no other form of a key is read",
            "AssertionConsumerService 7 has no index and is passed over",
            "AssertionConsumerService 8 has no Binding and is passed over",
            "AssertionConsumerService 7 is kept out: expected the binding HTTP-POST, found \"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact\"",
            "AssertionConsumerService 2 is kept out: expected a URL that begins with https://, found \"http://sp.example.com/acs\"",
            "AssertionConsumerService 3 is kept out: expected a URL without a fragment, found \"https://sp.example.com/acs#fragment\"",
            "AssertionConsumerService 4 is kept out: expected the binding HTTP-POST, found \"urn:example:pigeon\"",
        ]
    );
    assert_eq!(sp.valid_until(), Some(UNIX_EPOCH + Duration::from_secs(1_801_440_000)));
    let error = sp.check_valid_at(UNIX_EPOCH + Duration::from_secs(1_801_440_001)).unwrap_err();
    assert_eq!(error.to_string(), "validUntil of the metadata: 2027-02-01T00:00:01Z is not before 2027-02-01T00:00:00Z (skew 0 s)");
    assert!(!sp.is_valid_at(UNIX_EPOCH + Duration::from_secs(1_801_440_000)) && sp.is_valid_at(UNIX_EPOCH));
}

/// SS-08: what is no SP is refused, with what it is.
#[test]
fn what_is_no_sp_is_refused() {
    let found = |found: &str| format!("expected the metadata of an SP (SPSSODescriptor), found {found} of https://a.example");
    let no_saml_2 = |role: &str| found(&format!("{role} that does not list SAML 2.0 in protocolSupportEnumeration"));
    for (inside, expected) in [
        ("", found("an EntityDescriptor without a role")),
        ("<Organization/>", found("an EntityDescriptor without a role")),
        ("<SPSSODescriptor/>", no_saml_2("an SPSSODescriptor")),
        ("<IDPSSODescriptor/>", no_saml_2("an IDPSSODescriptor")),
        ("<RoleDescriptor/>", found("a RoleDescriptor")),
        ("<AuthnAuthorityDescriptor/>", found("the metadata of an authentication authority (AuthnAuthorityDescriptor)")),
        ("<AttributeAuthorityDescriptor/>", found("the metadata of an attribute authority (AttributeAuthorityDescriptor)")),
        ("<PDPDescriptor/>", found("the metadata of a policy decision point (PDPDescriptor)")),
        ("<AffiliationDescriptor/>", found("the metadata of an affiliation (AffiliationDescriptor)")),
    ] {
        assert_eq!(refused(&entity(inside)), expected, "{inside}");
    }
    assert_eq!(
        refused(IDP),
        "expected the metadata of an SP (SPSSODescriptor), found the metadata of an identity provider (IDPSSODescriptor) of JumpCloud"
    );
    assert_eq!(
        refused("<html/>"),
        "expected EntityDescriptor or EntitiesDescriptor of SAML 2.0 metadata, found html in no namespace at html (byte 0)"
    );
    assert_eq!(refused(FEDERATION), "expected one EntityDescriptor, found 4");
}

/// SS-08: an SP that nothing can be sent to is refused, with the first reason.
#[test]
fn an_sp_without_an_endpoint_is_refused() {
    let none = "expected an AssertionConsumerService that a response can go to, found none of https://a.example";
    for (inside, reason) in [
        ("", ""),
        ("<SingleLogoutService Binding=\"x\" Location=\"https://a.example/\"/>", ""),
        ("<AssertionConsumerService xmlns=\"\" Binding=\"x\" Location=\"https://a.example/\" index=\"0\"/>", ""),
        ("<AssertionConsumerService/>", ": AssertionConsumerService 1 has no Binding and is passed over"),
        ("<AssertionConsumerService Binding=\"x\"/>", ": AssertionConsumerService 1 has no Location and is passed over"),
        (
            "<AssertionConsumerService Binding=\"x\" Location=\"https://a.example/\"/>",
            ": AssertionConsumerService 1 has no index and is passed over",
        ),
        (
            "<AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:http-post\" Location=\"https://a.example/\" index=\"9\"/>",
            ": AssertionConsumerService 9 is kept out: expected the binding HTTP-POST, found \"urn:oasis:names:tc:SAML:2.0:bindings:http-post\"",
        ),
    ] {
        assert_eq!(refused(&sp(inside)), format!("{none}{reason}"), "{inside}");
    }
}

/// A certificate that cannot be read spoils the file; one that verifies nothing is said, and never taken for no need to verify (no. 20).
#[test]
fn certificates_are_read_or_refused() {
    let acs = format!("<AssertionConsumerService index=\"0\" Binding=\"{POST}\" Location=\"https://a.example/acs\"/>");
    let key = |certificate: &str| {
        let data = format!("<ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>");
        sp(&format!("<KeyDescriptor><ds:KeyInfo>{data}</ds:KeyInfo></KeyDescriptor>{acs}"))
            .replace("<SPSSODescriptor", "<SPSSODescriptor AuthnRequestsSigned=\"true\"")
    };
    let error = RegisteredSp::from_xml(&key("bm90IGEgY2VydGlmaWNhdGU="), &Registration::new()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Key { .. }));
    assert_eq!(
        error.to_string(),
        "unusable metadata of an SP: KeyDescriptor 1 has an X509Certificate that cannot be read: invalid DER: unexpected ASN.1 DER tag: \
         expected SEQUENCE, got APPLICATION [14] (constructed)"
    );

    let ed25519 = Certificate::from_pem(include_str!("fixtures/ed25519.crt")).unwrap();
    let registered = register(&key(&ed25519.to_base64()));
    assert_eq!(
        findings(&registered),
        [
            "AuthnRequestsSigned is true, and there is no certificate to verify a request with",
            "KeyDescriptor 1 has a certificate that verifies nothing: unusable public key: its algorithm is 1.3.101.112; RSA and ECDSA are known",
        ]
    );
    assert!(registered.authn_requests_signed());
    assert!(registered.signing_certificates().is_empty());

    let rsa2048 = Certificate::from_pem(include_str!("fixtures/rsa2048.crt")).unwrap();
    let registered = register(&key(&rsa2048.to_base64()));
    assert!(registered.findings().is_empty());
    assert_eq!(registered.signing_certificates(), [rsa2048]);
}

/// Two descriptors of an SP: the first is used, and that is said.
#[test]
fn several_descriptors_are_said() {
    let one = sp_at("https://a.example/one").replace("</EntityDescriptor>", "");
    let two = sp_at("https://a.example/two");
    let two = &two[two.find("<SPSSODescriptor").unwrap()..];
    let registered = register(&format!("{one}{two}"));
    assert_eq!(findings(&registered), ["the first SPSSODescriptor of 2 is used"]);
    assert!(registered.assertion_consumer_service_at("https://a.example/two").is_none());
}

/// SS-11: the SP of AWS IAM, in all partitions, is not Identity Center.
#[test]
fn amazon_web_services_is_not_identity_center() {
    let sp = register(AMAZON_WEB_SERVICES);
    assert_eq!(findings(&sp), ["urn:amazon:webservices is Amazon Web Services (IAM), not AWS IAM Identity Center"]);
    for (entity_id, is_iam) in [
        ("urn:amazon:webservices:govcloud", true),
        ("urn:amazon:webservices:cn-north-1", true),
        ("urn:amazon:webservices2", false),
        ("https://eu-central-1.signin.aws.amazon.com/platform/saml/d-0123456789", false),
    ] {
        let sp = register(&AMAZON_WEB_SERVICES.replace("urn:amazon:webservices", entity_id));
        let found = sp.findings() == [MetadataFinding::NotIdentityCenter { entity_id: EntityId::new(entity_id).unwrap() }];
        assert_eq!(found, is_iam, "{entity_id}");
    }
}

/// What the administrator decides stands in place of what the file says.
#[test]
fn what_is_decided_comes_first() {
    let registration =
        Registration::new().with_entity_id(EntityId::new("urn:other").unwrap()).with_name_id_format(NameIdFormat::PERSISTENT);
    let sp = RegisteredSp::from_xml(IDENTITY_CENTER, &registration).unwrap();
    assert_eq!(sp.entity_id().as_str(), "urn:other");
    assert_eq!(sp.name_id_formats(), [NameIdFormat::PERSISTENT]);
    assert_eq!(sp.registration(), &registration);
    assert_eq!(registration.entity_id().map(EntityId::as_str), Some("urn:other"));
}

/// What is stored makes the same again, of one party and of one of many.
#[test]
fn a_registration_can_be_stored() {
    let http = Registration::new().dangerous_allow_http();
    for text in [IDENTITY_CENTER, REGIONS, AMAZON_WEB_SERVICES, EVERYTHING] {
        for registration in [&Registration::new(), &http] {
            let sp = RegisteredSp::from_xml(text, registration).unwrap();
            assert_eq!(RegisteredSp::from_xml(sp.metadata_xml(), sp.registration()).as_ref(), Ok(&sp));
        }
    }
    let metadata = Metadata::from_xml(FEDERATION).unwrap();
    let sp = RegisteredSp::new(&metadata.entities()[3], &Registration::new()).unwrap();
    assert_eq!(RegisteredSp::from_xml(sp.metadata_xml(), sp.registration()).as_ref(), Ok(&sp));
}

/// SS-09: a second file makes a second value, with nothing of the first.
#[test]
fn a_second_import_replaces_the_first() {
    let (first, second) = (register(REGIONS), register(&sp_at("https://a.example/acs")));
    assert_ne!(first, second);
    assert_eq!(second.assertion_consumer_services().len(), 1);
    assert!(second.name_id_formats().is_empty() && !second.want_assertions_signed());
    assert_eq!(register(&sp_at("https://a.example/acs")), second);
    let entity = EntityDescriptor::from_xml(REGIONS).unwrap();
    assert_eq!(RegisteredSp::new(&entity, &Registration::new()), Ok(first));
}
