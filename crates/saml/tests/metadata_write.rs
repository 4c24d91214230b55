//! Metadata that is given to the other side: rule SS-10, and the law that what is written is read.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use idbridge_saml::{
    AssertionConsumerService, Binding, Certificate, EntityDescriptor, EntityId, ExclusiveCanonicalization, IdpMetadata, NameIdFormat,
    RegisteredSp, Registration, SpMetadata, XmlDocument,
};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::subsequence;

const NOVEMBER: Duration = Duration::from_secs(1_793_491_200);

fn id(text: &str) -> EntityId {
    EntityId::new(text).unwrap()
}

fn certificates() -> [Certificate; 3] {
    [include_str!("fixtures/rsa2048.crt"), include_str!("fixtures/p256.crt"), include_str!("fixtures/p384.crt")]
        .map(|pem| Certificate::from_pem(pem).unwrap())
}

fn idp() -> IdpMetadata {
    let [rsa2048, ..] = certificates();
    IdpMetadata::new(id("https://idp.example.com"), "https://idp.example.com/saml2/aws", rsa2048)
}

fn sp() -> SpMetadata {
    SpMetadata::new(id("https://sp.example.com"), [AssertionConsumerService::new(0, "https://sp.example.com/acs").with_default(true)])
}

/// SS-10: the bytes that an administrator downloads. The order is that of the schema: keys, formats, endpoints.
#[test]
fn the_metadata_of_an_idp() {
    let [rsa2048, p256, _] = certificates().map(|certificate| certificate.to_base64());
    let expected = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://idp.example.com\">\
         <md:IDPSSODescriptor WantAuthnRequestsSigned=\"false\" protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
         <md:KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>\
         <ds:X509Certificate>{rsa2048}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\
         <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>\
         <md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
         Location=\"https://idp.example.com/saml2/aws\"></md:SingleSignOnService>\
         <md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"https://idp.example.com/saml2/aws\"></md:SingleSignOnService>\
         </md:IDPSSODescriptor></md:EntityDescriptor>"
    );
    assert_eq!(idp().to_xml().unwrap(), expected);
    assert_eq!(idp().to_xml().unwrap(), expected, "the same every time");

    let [_, second, _] = certificates();
    let chosen = idp()
        .with_certificate(second)
        .with_redirect(false)
        .with_want_authn_requests_signed(true)
        .with_name_id_formats([NameIdFormat::PERSISTENT, NameIdFormat::from("urn:a&b")])
        .with_valid_until(UNIX_EPOCH + NOVEMBER + Duration::from_millis(999));
    let key = |certificate: &str| {
        format!(
            "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>\
             <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        )
    };
    let expected = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://idp.example.com\" \
         validUntil=\"2026-11-01T00:00:00Z\">\
         <md:IDPSSODescriptor WantAuthnRequestsSigned=\"true\" protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}{}\
         <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat><md:NameIDFormat>urn:a&amp;b</md:NameIDFormat>\
         <md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"https://idp.example.com/saml2/aws\"></md:SingleSignOnService>\
         </md:IDPSSODescriptor></md:EntityDescriptor>",
        key(&rsa2048),
        key(&p256)
    );
    assert_eq!(chosen.to_xml().unwrap(), expected);
}

/// The form of AWS IAM Identity Center: our own sample of it, in canonical form.
#[test]
fn the_metadata_of_an_sp() {
    let sample = include_str!("fixtures/metadata/identity_center.xml");
    let entity = EntityDescriptor::from_xml(sample).unwrap();
    let services = entity.sp().unwrap().assertion_consumer_services().iter().cloned();
    let written = SpMetadata::new(entity.entity_id().clone(), services).to_xml().unwrap();
    let canonical = |text: &str| {
        let document = XmlDocument::parse(text).unwrap();
        String::from_utf8(ExclusiveCanonicalization::new().document(&document).unwrap()).unwrap()
    };
    assert_eq!(canonical(&written), canonical(sample));
    assert_eq!(written, format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{}", canonical(sample)));
}

/// What is written can be registered.
#[test]
fn what_is_written_is_registered() {
    let written = sp().to_xml().unwrap();
    let registered = RegisteredSp::from_xml(&written, &Registration::new()).unwrap();
    assert_eq!(registered.default_assertion_consumer_service().url(), "https://sp.example.com/acs");
    assert!(registered.findings().is_empty());
}

/// What cannot be written, or would not be read, is refused.
#[test]
fn what_cannot_be_written_is_refused() {
    let [rsa2048, ..] = certificates();
    let at = |url: &str| IdpMetadata::new(id("a"), url, rsa2048.clone());
    let post = AssertionConsumerService::new;
    let url = "https://a.example/";
    let format = |text: &str| NameIdFormat::from(text);
    let late = UNIX_EPOCH + Duration::from_secs(253_402_300_800);
    let results = [
        (
            at("http://a.example/").to_xml(),
            "invalid SingleSignOnService: expected a URL that begins with https://, found \"http://a.example/\"",
        ),
        (
            at("javascript:alert(1)").dangerous_allow_http().to_xml(),
            "invalid SingleSignOnService: expected a URL that begins with https:// or http://, found \"javascript:alert(1)\"",
        ),
        (at("https://").to_xml(), "invalid SingleSignOnService: expected a URL with a host, found \"https://\""),
        (
            idp().with_name_id_formats([format("")]).to_xml(),
            "invalid NameIDFormat: expected a URI, without whitespace around it, found \"\"",
        ),
        (
            idp().with_name_id_formats([format("urn:a\n")]).to_xml(),
            "invalid NameIDFormat: expected a URI, without whitespace around it, found \"urn:a\\n\"",
        ),
        (
            idp().with_name_id_formats([format("urn:\u{1}")]).to_xml(),
            "invalid text: expected characters that XML 1.0 has, found urn:\\u{1}",
        ),
        (idp().with_name_id_formats([format(&"a".repeat(75_000))]).to_xml(), "too much: at most 75000 characters of metadata"),
        (
            sp().with_name_id_formats((0..65).map(|number| format(&number.to_string()))).to_xml(),
            "too much: at most 64 formats of names of one role",
        ),
        (
            sp().with_certificate(Certificate::from_pem(include_str!("fixtures/ed25519.crt")).unwrap()).to_xml(),
            "unusable public key: its algorithm is 1.3.101.112; RSA and ECDSA are known",
        ),
        (idp().with_valid_until(late).to_xml(), "a moment is written with a year from 1970 to 9999"),
        (SpMetadata::new(id("a"), []).to_xml(), "an SP needs an AssertionConsumerService to take responses at"),
        (
            SpMetadata::new(id("a"), [post(0, "http://a.example/")]).to_xml(),
            "invalid AssertionConsumerService: expected a URL that begins with https://, found \"http://a.example/\"",
        ),
        (
            SpMetadata::new(id("a"), [post(3, url), post(3, url)]).to_xml(),
            "invalid index: expected another number for every AssertionConsumerService, found 3",
        ),
        (
            sp().with_name_id_formats([format(" ")]).to_xml(),
            "invalid NameIDFormat: expected a URI, without whitespace around it, found \" \"",
        ),
        (sp().with_valid_until(late).to_xml(), "a moment is written with a year from 1970 to 9999"),
    ];
    for (result, expected) in results {
        assert_eq!(result.unwrap_err().to_string(), expected);
    }
    assert!(at("http://localhost:3000/").dangerous_allow_http().to_xml().is_ok());
    assert!(SpMetadata::new(id("a"), [post(0, "http://localhost/")]).dangerous_allow_http().to_xml().is_ok());
}

/// The limit is counted in characters, as AWS counts, and a file may have as many as that.
#[test]
fn the_limit_is_75_000_characters() {
    let with = |count: usize| idp().with_name_id_formats([NameIdFormat::from("\u{e9}".repeat(count))]);
    let short = with(1).to_xml().unwrap();
    let room = IdpMetadata::MOST_CHARACTERS - short.chars().count() + 1;
    assert_eq!(with(room).to_xml().unwrap().chars().count(), 75_000);
    assert!(with(room + 1).to_xml().is_err());
}

fn any_id() -> impl Strategy<Value = EntityId> {
    "[!-~\u{e9}][ -~\u{e9}]{0,20}[!-~]".prop_map(|text| id(&text))
}

fn any_url() -> impl Strategy<Value = String> {
    "https?://[a-z]{1,8}(\\.[a-z]{1,8})?(:[1-9][0-9]{0,3})?(/[a-z&'=%.;~-]{0,8})?(\\?[a-z&=]{0,8})?"
}

fn any_formats() -> impl Strategy<Value = Vec<NameIdFormat>> {
    let formats =
        [NameIdFormat::EMAIL_ADDRESS, NameIdFormat::TRANSIENT, NameIdFormat::from("urn:<a>&'b c\"\r\n]]>."), NameIdFormat::from("x")];
    subsequence(formats.to_vec(), 0..=4)
}

fn any_moment() -> impl Strategy<Value = Option<SystemTime>> {
    option::of((0..253_402_300_800_u64).prop_map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds)))
}

fn any_services() -> impl Strategy<Value = Vec<AssertionConsumerService>> {
    let binding = prop_oneof![Just(Binding::HTTP_POST), Just(Binding::PAOS), Just(Binding::from("urn:a \"b\""))];
    let service = (any_url(), binding, option::of(any::<bool>()));
    btree_map(any::<u16>(), service, 1..6).prop_map(|services| {
        let services = services.into_iter().map(|(index, (url, binding, is_default))| {
            let service = AssertionConsumerService::new(index, url).with_binding(binding);
            is_default.into_iter().fold(service, AssertionConsumerService::with_default)
        });
        services.collect()
    })
}

proptest! {
    /// What an IdP writes of itself is what is read of it.
    #[test]
    fn the_metadata_of_an_idp_survives(
        name in any_id(), url in any_url(), more in vec(0usize..3, 0..3), redirect in any::<bool>(), want in any::<bool>(),
        formats in any_formats(), end in any_moment(),
    ) {
        let all = certificates();
        // One that is there already changes nothing.
        let mut metadata = IdpMetadata::new(name.clone(), url, all[0].clone())
            .with_redirect(redirect).with_want_authn_requests_signed(want).with_name_id_formats(formats.clone()).dangerous_allow_http();
        metadata = more.iter().fold(metadata, |metadata, index| metadata.with_certificate(all[*index].clone()));
        metadata = end.into_iter().fold(metadata, IdpMetadata::with_valid_until);
        let text = metadata.to_xml().unwrap();
        prop_assert_eq!(&metadata.clone().to_xml().unwrap(), &text);

        let entity = EntityDescriptor::from_xml(&text).unwrap();
        let idp = entity.idp().unwrap();
        prop_assert_eq!(entity.entity_id(), &name);
        prop_assert_eq!((entity.valid_until(), idp.valid_until()), (end, end));
        prop_assert_eq!(idp.single_sign_on_services(), metadata.single_sign_on_services());
        prop_assert_eq!(idp.name_id_formats(), &formats);
        prop_assert_eq!(idp.want_authn_requests_signed(), want);
        prop_assert_eq!(idp.signing_certificates(), metadata.certificates());
        prop_assert_eq!(idp.encryption_certificates(), &[]);
        prop_assert_eq!(idp.findings(), &[]);
    }

    /// What an SP writes of itself is what is read of it.
    #[test]
    fn the_metadata_of_an_sp_survives(
        name in any_id(), services in any_services(), keys in subsequence(certificates().to_vec(), 0..=3), signed in any::<bool>(),
        want in any::<bool>(), formats in any_formats(), end in any_moment(),
    ) {
        let mut metadata = SpMetadata::new(name.clone(), services.clone())
            .with_authn_requests_signed(signed).with_want_assertions_signed(want).with_name_id_formats(formats.clone()).dangerous_allow_http();
        metadata = keys.iter().cloned().fold(metadata, SpMetadata::with_certificate);
        metadata = end.into_iter().fold(metadata, SpMetadata::with_valid_until);
        let entity = EntityDescriptor::from_xml(&metadata.to_xml().unwrap()).unwrap();
        let sp = entity.sp().unwrap();
        prop_assert_eq!(entity.entity_id(), &name);
        prop_assert_eq!((entity.valid_until(), sp.valid_until()), (end, end));
        prop_assert_eq!(sp.assertion_consumer_services(), &services);
        prop_assert_eq!(sp.name_id_formats(), &formats);
        prop_assert_eq!((sp.authn_requests_signed(), sp.want_assertions_signed()), (signed, want));
        prop_assert_eq!(sp.signing_certificates(), &keys);
        prop_assert_eq!(sp.findings(), &[]);
    }
}
