//! What metadata says (saml-metadata section 2).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use idbridge_saml::{
    AssertionConsumerService, Binding, Certificate, EntityDescriptor, EntityId, ErrorKind, Metadata, MetadataFinding, NameIdFormat,
    RsaSigner, SelfSigned, SingleSignOnService,
};
use proptest::prelude::{prop_assert_eq, proptest};

const IDENTITY_CENTER: &str = include_str!("fixtures/metadata/identity_center.xml");
const REGIONS: &str = include_str!("fixtures/metadata/identity_center_regions.xml");
const EVERYTHING: &str = include_str!("fixtures/metadata/sp_with_everything.xml");
const IDP: &str = include_str!("fixtures/metadata/idp.xml");
const FEDERATION: &str = include_str!("fixtures/metadata/federation.xml");

const PROTOCOL: &str = "protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"";
const POST: &str = "Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\"";

fn certificate(pem: &str) -> Certificate {
    Certificate::from_pem(pem).unwrap()
}

fn rsa2048() -> Certificate {
    certificate(include_str!("fixtures/rsa2048.crt"))
}

/// An entity with `inside`, and `attributes`.
fn entity(attributes: &str, inside: &str) -> String {
    let namespaces = "xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";
    format!("<EntityDescriptor {namespaces} entityID=\"https://a.example\" {attributes}>{inside}</EntityDescriptor>")
}

fn sp(attributes: &str, inside: &str) -> String {
    entity("", &format!("<SPSSODescriptor {PROTOCOL} {attributes}>{inside}</SPSSODescriptor>"))
}

fn acs(attributes: &str) -> String {
    sp("", &format!("<AssertionConsumerService {POST} Location=\"https://a.example/acs\" {attributes}/>"))
}

/// Descriptors of different keys.
fn keys(count: u8) -> String {
    let year = Duration::from_secs(31_536_000);
    let signer = RsaSigner::from_pem(include_str!("fixtures/rsa2048.pem")).unwrap();
    let keys = (1..=count).map(|serial| {
        let certificate = SelfSigned::new("sp.example.com", UNIX_EPOCH, year, [serial; 16]).sign(&signer, &signer.public_key()).unwrap();
        let data = format!("<ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data>", certificate.to_base64());
        format!("<KeyDescriptor><ds:KeyInfo>{data}</ds:KeyInfo></KeyDescriptor>")
    });
    keys.collect()
}

fn refused(text: &str) -> String {
    Metadata::from_xml(text).unwrap_err().to_string()
}

fn on(seconds_of_november: u64) -> SystemTime {
    // 2026-11-01T00:00:00Z
    UNIX_EPOCH + Duration::from_secs(1_793_491_200 + seconds_of_november)
}

const DAY: u64 = 86_400;

/// AWS's file of one Region: no key, no signature, one line.
#[test]
fn identity_center_is_read() {
    let entity = EntityDescriptor::from_xml(IDENTITY_CENTER).unwrap();
    assert_eq!(entity.entity_id().as_str(), "https://eu-central-1.signin.aws.amazon.com/platform/saml/d-0123456789");
    let sp = entity.sp().unwrap();
    let url = "https://eu-central-1.signin.aws.amazon.com/platform/saml/acs/0a1b2c3d-0001";
    assert_eq!(sp.assertion_consumer_services(), [AssertionConsumerService::new(0, url).with_default(true)]);
    assert_eq!(sp.name_id_formats(), [NameIdFormat::EMAIL_ADDRESS]);
    assert!(sp.want_assertions_signed() && !sp.authn_requests_signed());
    assert!(sp.signing_certificates().is_empty() && sp.encryption_certificates().is_empty());
    assert_eq!((entity.valid_until(), sp.valid_until(), sp.findings()), (None, None, [].as_slice()));
    assert!(entity.idp().is_none());
    assert_eq!(entity.metadata_xml(), IDENTITY_CENTER);
}

/// AWS's file since 2026: several hosts, several Regions, and spaces around values.
#[test]
fn identity_center_of_several_regions_is_read() {
    let entity = EntityDescriptor::from_xml(REGIONS).unwrap();
    let sp = entity.sp().unwrap();
    let hosts: Vec<_> = sp.assertion_consumer_services().iter().map(|acs| (acs.index(), acs.url().split('/').nth(2).unwrap())).collect();
    assert_eq!(
        hosts,
        [
            (0, "eu-central-1.signin.aws"),
            (1, "eu-central-1.sso.signin.aws"),
            (2, "eu-central-1.signin.aws.amazon.com"),
            (3, "eu-west-1.signin.aws"),
            (4, "eu-west-1.sso.signin.aws"),
        ]
    );
    assert_eq!(sp.default_assertion_consumer_service().map(AssertionConsumerService::index), Some(0));
    assert_eq!(sp.name_id_formats(), [NameIdFormat::EMAIL_ADDRESS]);
}

/// Whatever may be passed over is, and what is left is exact.
#[test]
fn an_sp_with_everything_is_read() {
    let entity = EntityDescriptor::from_xml(EVERYTHING).unwrap();
    assert_eq!((entity.sp_descriptors().len(), entity.idp_descriptors().len()), (1, 0));
    let sp = entity.sp().unwrap();
    let post = AssertionConsumerService::new;
    assert_eq!(
        sp.assertion_consumer_services(),
        [
            post(7, "https://sp.example.com/artifact-acs").with_binding(Binding::HTTP_ARTIFACT).with_default(true),
            post(5, "https://sp.example.com/acs?a=1&b=2").with_default(false),
            post(1, "https://sp.example.com/acs"),
            post(2, "http://sp.example.com/acs"),
            post(3, "https://sp.example.com/acs#fragment"),
            post(4, "https://sp.example.com/loft").with_binding(Binding::from("urn:example:pigeon")),
        ]
    );
    assert_eq!(
        sp.name_id_formats(),
        [NameIdFormat::PERSISTENT, NameIdFormat::from("urn:oasis:names:tc:SAML:2.0:nameid-format:emailAddress")]
    );
    assert!(sp.authn_requests_signed() && sp.want_assertions_signed());
    // Without `use`, the first two serve both; each is there once.
    let p256 = certificate(include_str!("fixtures/p256.crt"));
    let rsa1024 = certificate(include_str!("fixtures/rsa1024.crt"));
    assert_eq!(sp.signing_certificates(), [rsa2048(), p256.clone()]);
    assert_eq!(sp.encryption_certificates(), [rsa2048(), p256, rsa1024]);
    let findings: Vec<_> = sp.findings().iter().map(ToString::to_string).collect();
    assert_eq!(
        findings,
        [
            "KeyDescriptor 3 has a certificate that verifies nothing: unusable public key: its algorithm is 1.3.101.112; RSA and ECDSA are known",
            "KeyDescriptor 5 has no X509Certificate, and no other form of a key is read",
            "AssertionConsumerService 7 has no index and is passed over",
            "AssertionConsumerService 8 has no Binding and is passed over",
        ]
    );
}

/// An IdP whose identifier is no URI, and whose format of names no specification has.
#[test]
fn an_idp_is_read() {
    let entity = EntityDescriptor::from_xml(IDP).unwrap();
    assert_eq!(entity.entity_id().as_str(), "JumpCloud");
    assert!(entity.sp().is_none());
    let idp = entity.idp().unwrap();
    let url = "https://sso.example.com/saml2/aws";
    assert_eq!(
        idp.single_sign_on_services(),
        [SingleSignOnService::new(Binding::HTTP_REDIRECT, url), SingleSignOnService::new(Binding::HTTP_POST, url)]
    );
    assert_eq!(idp.signing_certificates(), [rsa2048()]);
    assert!(idp.encryption_certificates().is_empty() && !idp.want_authn_requests_signed());
    assert_eq!(idp.name_id_formats(), [NameIdFormat::from("urn:oasis:names:tc:SAML:1.0:nameid-format:unspecified")]);
    assert_eq!(
        idp.findings().iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["SingleSignOnService 3 has no Location and is passed over"]
    );
}

/// saml-metadata 2.3: descriptors in descriptors, all in order; extensions hold none.
#[test]
fn a_federation_is_read() {
    let metadata = Metadata::from_xml(FEDERATION).unwrap();
    let names = |entities: &mut dyn Iterator<Item = &EntityDescriptor>| {
        entities.map(|entity| entity.entity_id().as_str().trim_start_matches("https://").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&mut metadata.entities().iter()), ["idp.example.org", "sp.example.org", "members.example.org", "sp2.example.org"]);
    assert_eq!(names(&mut metadata.sps()), ["sp.example.org", "sp2.example.org"]);
    assert_eq!(names(&mut metadata.idps()), ["idp.example.org"]);
    assert!(metadata.entity(&EntityId::new("https://in-extensions.example.org").unwrap()).is_none());

    // Several descriptors of one role: the first is the one, and each has its own keys.
    let idp = metadata.entity(&EntityId::new("https://idp.example.org").unwrap()).unwrap();
    assert_eq!(idp.idp().unwrap().signing_certificates(), [rsa2048(), certificate(include_str!("fixtures/p384.crt"))]);
    let second = &idp.idp_descriptors()[1];
    assert!(second.signing_certificates().is_empty());
    assert_eq!(second.single_sign_on_services()[0].url(), "https://idp.example.org/second");

    // A certificate that cannot be read is no reason to read nothing.
    let findings = metadata.entities()[1].sp().unwrap().findings();
    let reason = "KeyDescriptor 1 has an X509Certificate that cannot be read: invalid DER: unexpected ASN.1 DER tag: expected SEQUENCE, got APPLICATION [14] (constructed)";
    assert_eq!(findings.iter().map(ToString::to_string).collect::<Vec<_>>(), [reason]);
    assert!(matches!(findings[0], MetadataFinding::UnreadableCertificate { number: 1, .. }));
}

/// saml-metadata 2.3.1, 2.3.2, 2.4.1: what is in something that ends has ended with it.
#[test]
fn the_earliest_end_counts() {
    let metadata = Metadata::from_xml(FEDERATION).unwrap();
    let [idp, sp, members, sp2] = metadata.entities() else { panic!("{metadata:?}") };
    let half = Duration::from_millis(500);
    assert_eq!(idp.valid_until(), Some(on(30 * DAY) + half), "of the federation");
    assert_eq!(idp.idp().unwrap().valid_until(), Some(on(30 * DAY) + half));
    assert_eq!(idp.idp_descriptors()[1].valid_until(), Some(on(0)), "of the role");
    assert_eq!(sp.valid_until(), Some(on(29 * DAY)), "of the group in it");
    assert_eq!(sp.sp().unwrap().valid_until(), Some(on(29 * DAY)), "what Go writes for no moment is none");
    assert_eq!(members.valid_until(), Some(on(29 * DAY)), "of the group around its group");
    assert_eq!(sp2.valid_until(), Some(on(14 * DAY)), "of its own");

    assert!(sp2.is_valid_at(on(14 * DAY - 1)));
    let error = sp2.check_valid_at(on(14 * DAY)).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooLate { .. }));
    assert_eq!(error.to_string(), "validUntil of the metadata: 2026-11-15T00:00:00Z is not before 2026-11-15T00:00:00Z (skew 0 s)");
}

/// Each party of a file can be kept on its own, and says the same then.
#[test]
fn a_party_keeps_its_own_text() {
    let metadata = Metadata::from_xml(FEDERATION).unwrap();
    for entity in metadata.entities() {
        assert_eq!(EntityDescriptor::from_xml(entity.metadata_xml()).as_ref(), Ok(entity));
    }
    assert_eq!(
        metadata.entities()[3].metadata_xml(),
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" validUntil=\"2026-12-01T00:00:00.5Z\">\
         <md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://sp2.example.org\" \
         validUntil=\"2026-11-15T00:00:00Z\">\n    \
         <md:SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n      \
         <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"https://sp2.example.org/acs\" index=\"1\"></md:AssertionConsumerService>\n    \
         </md:SPSSODescriptor>\n  </md:EntityDescriptor></md:EntitiesDescriptor>"
    );
}

/// saml-metadata 2.2.3.
#[test]
fn the_default_endpoint_is_that_of_the_standard() {
    for (defaults, index) in [
        (&[][..], None),
        (&["true"], Some(0)),
        (&["", "true", "true"], Some(1)),
        (&["false", "", ""], Some(1)),
        (&["false", "false"], Some(0)),
        (&["", ""], Some(0)),
        (&["false", "", "1"], Some(2)),
        (&["0", "", "false"], Some(1)),
    ] {
        let services: String = (0..)
            .zip(defaults)
            .map(|(index, is_default)| {
                let is_default = if is_default.is_empty() { String::new() } else { format!("isDefault=\"{is_default}\"") };
                format!("<AssertionConsumerService {POST} Location=\"https://a.example/{index}\" index=\"{index}\" {is_default}/>")
            })
            .collect();
        let entity = EntityDescriptor::from_xml(&sp("", &services)).unwrap();
        assert_eq!(entity.sp().unwrap().default_assertion_consumer_service().map(|acs| usize::from(acs.index())), index, "{defaults:?}");
    }
}

/// Decision 10 of the catalogue of attacks, CVE-2026-16443: no `use` is every use.
#[test]
fn a_key_without_use_is_for_both() {
    let key = |attributes: &str| {
        let certificate = rsa2048().to_base64();
        let data = format!("<ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>");
        let text = sp("", &format!("<KeyDescriptor {attributes}><ds:KeyInfo>{data}</ds:KeyInfo></KeyDescriptor>"));
        let entity = EntityDescriptor::from_xml(&text).unwrap();
        let sp = entity.sp().unwrap();
        (sp.signing_certificates().len(), sp.encryption_certificates().len())
    };
    assert_eq!(key(""), (1, 1));
    assert_eq!(key("use=\"signing\""), (1, 0));
    assert_eq!(key("use=\" encryption \""), (0, 1));
    assert_eq!(key("xmlns:x=\"urn:x\" x:use=\"encryption\""), (1, 1));
}

/// A role is one of SAML 2.0 if it says so (saml-metadata 2.4.1), in the namespace of metadata, in the entity.
#[test]
fn what_is_no_role_of_saml_2_counts_for_nothing() {
    let role = format!("<SPSSODescriptor {PROTOCOL}/>");
    for inside in [
        "<SPSSODescriptor/>".to_owned(),
        "<SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:1.1:protocol\"/>".to_owned(),
        "<SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol2\"/>".to_owned(),
        format!("<SPSSODescriptor xmlns=\"\" {PROTOCOL}/>"),
        format!("<SPSSODescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata/\" {PROTOCOL}/>"),
        format!("<Extensions>{role}</Extensions>"),
        format!("<RoleDescriptor {PROTOCOL} xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"SPSSODescriptor\"/>"),
        format!("<!--{role}-->"),
        format!("<x><![CDATA[{role}]]></x>"),
    ] {
        assert!(EntityDescriptor::from_xml(&entity("", &inside)).unwrap().sp().is_none(), "{inside}");
    }
    assert!(EntityDescriptor::from_xml(&entity("", &role)).unwrap().sp().is_some());
}

/// Every refusal says what, and where.
#[test]
fn what_is_refused_says_what_and_where() {
    let acs_at = "at EntityDescriptor/SPSSODescriptor/AssertionConsumerService (byte 223)";
    let root = "expected EntityDescriptor or EntitiesDescriptor of SAML 2.0 metadata, found";
    let md = "xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\"";
    let long = "x".repeat(1025);
    let identifier =
        "invalid entityID: expected 1 to 1,024 characters without control characters, and without whitespace around them, found";
    for (text, expected) in [
        (String::new(), "invalid XML at byte 0: expected an element, found the end of the text".to_owned()),
        ("<!DOCTYPE x><x/>".to_owned(), "invalid XML at byte 0: expected no document type declaration, found \"<!DOCTYPE x>\"".to_owned()),
        ("<html/>".to_owned(), format!("{root} html in no namespace at html (byte 0)")),
        ("<EntityDescriptor/>".to_owned(), format!("{root} EntityDescriptor in no namespace at EntityDescriptor (byte 0)")),
        (
            format!("<SPSSODescriptor {md}/>"),
            format!("{root} SPSSODescriptor in urn:oasis:names:tc:SAML:2.0:metadata at SPSSODescriptor (byte 0)"),
        ),
        (
            "<p:Response xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\"/>".to_owned(),
            format!("{root} Response in urn:oasis:names:tc:SAML:2.0:protocol at Response (byte 0)"),
        ),
        (format!("<EntitiesDescriptor {md}/>"), "expected an EntityDescriptor, found none at EntitiesDescriptor (byte 0)".to_owned()),
        (
            format!("<EntityDescriptor {md}/>"),
            "invalid entityID: expected an attribute, found none at EntityDescriptor (byte 0)".to_owned(),
        ),
        (format!("<EntityDescriptor {md} entityID=\"\"/>"), format!("{identifier} \"\" at EntityDescriptor (byte 0)")),
        (format!("<EntityDescriptor {md} entityID=\"a \"/>"), format!("{identifier} \"a \" at EntityDescriptor (byte 0)")),
        (
            format!("<EntityDescriptor {md} entityID=\"{long}\"/>"),
            format!("{identifier} \"{}...\" at EntityDescriptor (byte 0)", "x".repeat(200)),
        ),
        (
            entity("validUntil=\"tomorrow\"", ""),
            "invalid validUntil: expected a moment such as 2026-11-01T08:00:00Z, found tomorrow at EntityDescriptor (byte 0)".to_owned(),
        ),
        (acs("index=\"-1\""), format!("invalid index: expected a number from 0 to 65535, found \"-1\" {acs_at}")),
        (acs("index=\"+1\""), format!("invalid index: expected a number from 0 to 65535, found \"+1\" {acs_at}")),
        (acs("index=\"\""), format!("invalid index: expected a number from 0 to 65535, found \"\" {acs_at}")),
        (acs("index=\"65536\""), format!("invalid index: expected a number from 0 to 65535, found \"65536\" {acs_at}")),
        (acs("index=\"0\" isDefault=\"yes\""), format!("invalid isDefault: expected true or false, found \"yes\" {acs_at}")),
        (
            sp(
                "",
                &format!("<AssertionConsumerService {POST} Location=\"https://a.example\" index=\"01\"/>").repeat(2).replacen("01", "1", 1),
            ),
            "invalid index: expected another number for every AssertionConsumerService, found \"1\" \
             at EntityDescriptor/SPSSODescriptor/AssertionConsumerService[2] (byte 346)"
                .to_owned(),
        ),
        (
            sp("AuthnRequestsSigned=\"True\"", ""),
            "invalid AuthnRequestsSigned: expected true or false, found \"True\" at EntityDescriptor/SPSSODescriptor (byte 139)".to_owned(),
        ),
        (
            sp("WantAssertionsSigned=\"\"", ""),
            "invalid WantAssertionsSigned: expected true or false, found \"\" at EntityDescriptor/SPSSODescriptor (byte 139)".to_owned(),
        ),
        (
            entity("", &format!("<IDPSSODescriptor {PROTOCOL} WantAuthnRequestsSigned=\"2\"/>")),
            "invalid WantAuthnRequestsSigned: expected true or false, found \"2\" at EntityDescriptor/IDPSSODescriptor (byte 139)"
                .to_owned(),
        ),
        (
            sp("", "<KeyDescriptor use=\"Signing\"/>"),
            "invalid use: expected signing or encryption, found \"Signing\" at EntityDescriptor/SPSSODescriptor/KeyDescriptor (byte 223)"
                .to_owned(),
        ),
        (
            sp("", "<NameIDFormat><x/></NameIDFormat>"),
            "expected nothing but text, found x at EntityDescriptor/SPSSODescriptor/NameIDFormat/x (byte 237)".to_owned(),
        ),
        (
            sp("", &(0..65).map(|n| format!("<NameIDFormat>urn:{n}</NameIDFormat>")).collect::<String>()),
            "too much: at most 64 formats of names of one role".to_owned(),
        ),
        (sp("", &keys(17)), "too much: at most 16 certificates of one role".to_owned()),
    ] {
        assert_eq!(refused(&text), expected, "{text}");
    }
}

/// saml-core 8.3.6: at most 1,024 characters, whatever their bytes.
#[test]
fn identifiers_are_counted_in_characters() {
    let longest = "\u{e9}".repeat(1024);
    assert_eq!(EntityId::new(longest.as_str()).map(String::from), Ok(longest.clone()));
    for refused in
        [String::new(), format!("{longest}\u{e9}"), " a".to_owned(), "a\u{a0}".to_owned(), "a\nb".to_owned(), "\u{7f}".to_owned()]
    {
        assert!(EntityId::try_from(refused.clone()).is_err(), "{refused:?}");
    }
    assert!(EntityId::new("urn:with a space").is_ok());
}

/// One party is asked for, and there are more.
#[test]
fn one_party_is_one() {
    let error = EntityDescriptor::from_xml(FEDERATION).unwrap_err();
    assert_eq!(error.to_string(), "expected one EntityDescriptor, found 4");
    let one = format!("<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">{}</EntitiesDescriptor>", entity("", ""));
    assert_eq!(EntityDescriptor::from_xml(&one).unwrap().metadata_xml(), one);
}

/// Nothing grows out of proportion: depth, and a declaration that every party repeats.
#[test]
fn the_size_of_what_is_read_is_bounded() {
    let md = "xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\"";
    let nested = |depth| {
        let (open, close) = ("<EntitiesDescriptor>".repeat(depth), "</EntitiesDescriptor>".repeat(depth));
        format!("<EntitiesDescriptor {md}>{open}<EntityDescriptor entityID=\"a\"/>{close}</EntitiesDescriptor>")
    };
    assert!(Metadata::from_xml(&nested(62)).is_ok());
    assert!(refused(&nested(63)).starts_with("too much: at most 64 "));
    assert_eq!(EntityDescriptor::from_xml(&sp("", &keys(16))).unwrap().sp().unwrap().signing_certificates().len(), 16);

    let namespace = format!("urn:{}", "x".repeat(100_000));
    let parties = "<EntityDescriptor entityID=\"a\"><x:y/></EntityDescriptor>".repeat(100);
    let text = format!("<EntitiesDescriptor {md} xmlns:x=\"{namespace}\">{parties}</EntitiesDescriptor>");
    let most = text.len() * 4 + 65_536;
    assert!(refused(&text).starts_with(&format!("too much: at most {most} bytes of metadata, with each party on its own at ")));
}

/// The same party twice, as some aggregates have it: the first is found by its name.
#[test]
fn a_party_may_be_there_twice() {
    let (one, two) = (entity("", ""), acs("index=\"3\""));
    let text = format!("<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">{one}{two}</EntitiesDescriptor>");
    let metadata = Metadata::from_xml(&text).unwrap();
    assert_eq!(metadata.entities().len(), 2);
    assert!(metadata.entity(&EntityId::new("https://a.example").unwrap()).unwrap().sp().is_none());
}

proptest! {
    /// Nothing panics, and what is read is read the same again.
    #[test]
    fn any_text_may_be_metadata(text in "(<EntitiesDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata'>)?(<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata'( entityID='[a-c]?')?( validUntil='2026-1[0-3]-01T00:00:00(Z|[+]01:00)?')?(/>|>)){0,3}(<(SPSSODescriptor|NameIDFormat|KeyDescriptor use='signing')(/>|>)){0,3}(</SPSSODescriptor>)?(</EntityDescriptor>){0,2}(</EntitiesDescriptor>)?") {
        if let Ok(metadata) = Metadata::from_xml(&text) {
            for entity in metadata.entities() {
                let again = EntityDescriptor::from_xml(entity.metadata_xml());
                prop_assert_eq!(again.as_ref(), Ok(entity));
            }
        }
    }

    /// The same, of any characters at all.
    #[test]
    fn any_characters_may_be_metadata(text in "\\PC{0,64}", at in 0usize..10_000) {
        let _ = Metadata::from_xml(&text);
        // In the middle of what is some.
        let at = (0..=at % EVERYTHING.len()).rev().find(|at| EVERYTHING.is_char_boundary(*at)).unwrap();
        let _ = Metadata::from_xml(&format!("{}{text}{}", &EVERYTHING[..at], &EVERYTHING[at..]));
    }
}
