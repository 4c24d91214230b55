//! Every message that a person reads.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that panics has failed, which is what it is for")]

mod portal;

use idbridge_application::{Denied, Error, Image, Launch, Missing, NewApplication};
use idbridge_mapping::directory::{Application as Bindings, Snapshot};
use idbridge_saml::{Credential, RsaSigner, SelfSigned};

use portal::{ACS, DAY, FIRST_KEY, SECOND_KEY, aws_metadata, configured, created, directory, id, key, metadata, now, person, request};

fn credential(pem: &str, days: u32) -> Credential {
    let signer = RsaSigner::from_pem(pem).unwrap();
    let certificate = SelfSigned::new("own", now(), DAY * days, [3; 16]).sign(&signer, &signer.public_key()).unwrap();
    Credential::new(signer, certificate).unwrap()
}

/// Each error says what was refused, what it would have to be, and what to do.
#[test]
fn errors_say_what_is_wrong() {
    let snapshot = directory();
    let mut application = configured();
    let mut bookmark = NewApplication::bookmark("Wiki", "https://wiki.example.com").create(|_| false).unwrap();
    let mut rolling = configured();
    rolling.publish_new_certificate(now(), key(SECOND_KEY, 2)).unwrap();
    let fingerprint = application.certificate().unwrap().fingerprint_sha256();
    let second = rolling.second_certificate().unwrap().fingerprint_sha256();
    let mut switched_off = configured();
    switched_off.deactivate_sso();
    let old_request = request(&application, None);

    let errors: Vec<Error> = vec![
        NewApplication::saml("a\tb").create(|_| false).unwrap_err(),
        NewApplication::saml("AWS").with_description("x".repeat(2_000)).create(|_| false).unwrap_err(),
        NewApplication::saml("百科").create(|_| false).unwrap_err(),
        NewApplication::saml("AWS").with_slug("a/b").create(|_| false).unwrap_err(),
        NewApplication::saml("AWS").with_idp_url("https://idp.example.com/#a").create(|_| false).unwrap_err(),
        NewApplication::saml("AWS").with_idp_url("idp.example.com").create(|_| false).unwrap_err(),
        NewApplication::saml("AWS").create(|_| true).unwrap_err(),
        NewApplication::bookmark("Wiki", "").create(|_| false).unwrap_err(),
        Image::new(Vec::new()).unwrap_err(),
        Image::new(vec![0; Image::LARGEST + 1]).unwrap_err(),
        application.set_idp_url("https://idp.example.com").unwrap_err(),
        application.set_login_url(Some("http://example.com")).unwrap_err(),
        application.set_default_relay_state(Some(&"x".repeat(9_000))).unwrap_err(),
        application.set_bookmark_url("https://example.com").unwrap_err(),
        bookmark.upload_metadata(&aws_metadata()).unwrap_err(),
        application.upload_metadata(&metadata("https://sp.example.com", &["http://sp.example.com"])).unwrap_err(),
        application.launch(&snapshot, &id("anna"), Some("https://evil.example")).unwrap_err(),
        application.accept(&old_request, now() + DAY).unwrap_err(),
        created().accept(&old_request, now()).unwrap_err(),
        switched_off.accept(&old_request, now()).unwrap_err(),
        created().export_metadata().unwrap_err(),
        created().publish_certificate(credential(SECOND_KEY, 1)).unwrap_err(),
        application.import_certificate(credential(SECOND_KEY, 1)).unwrap_err(),
        rolling.publish_certificate(credential(FIRST_KEY, 1)).unwrap_err(),
        application.switch_certificate().unwrap_err(),
        created().ensure_certificate(now(), || Err("no random numbers".into())).map(|_| ()).unwrap_err(),
    ];
    let lines: Vec<String> = errors.iter().map(|error| error.to_string().replace(&fingerprint, "[1]").replace(&second, "[2]")).collect();
    let hundred = "x".repeat(100);
    let expected = [
        r#"invalid display label: expected 1 to 255 characters without control characters, found "a\tb""#.to_owned(),
        format!(r#"invalid description: expected at most 1,024 characters, found "{hundred}...""#),
        r#"invalid slug: expected a slug, because the label has no letter or digit of ASCII to make one of, found "百科""#.to_owned(),
        r#"invalid slug: expected 1 to 128 letters, digits, -, _, . and ~ of ASCII, found "a/b""#.to_owned(),
        r#"invalid IdP URL: expected a URL without a fragment, found "https://idp.example.com/#a""#.to_owned(),
        r#"IdP URL: invalid URL: expected a URL that begins with https://, found "idp.example.com""#.to_owned(),
        "the IdP URL https://sso.jumpcloud.com/saml2/aws is taken by another application; choose another slug".to_owned(),
        r#"bookmark URL: invalid URL: expected a URL that begins with https://, found """#.to_owned(),
        "invalid image: expected PNG, JPEG, GIF or WebP, found something else".to_owned(),
        "invalid image: expected at most 1,048,576 bytes, found 1048577 bytes".to_owned(),
        "the IdP URL is immutable: it is https://sso.jumpcloud.com/saml2/aws-iam-identity-center; delete the application and create another one to \
         have \"https://idp.example.com\""
            .to_owned(),
        r#"Login URL: invalid URL: expected a URL that begins with https://, found "http://example.com""#.to_owned(),
        format!(r#"invalid default RelayState: expected at most 8,192 bytes, found "{hundred}...""#),
        "AWS IAM Identity Center is a SAML application; a bookmark URL is for a bookmark application".to_owned(),
        "Wiki is a bookmark application; metadata is for a SAML application".to_owned(),
        "metadata of the service provider: expected an AssertionConsumerService that a response can go to, found none of \
         https://sp.example.com: AssertionConsumerService 0 is kept out: expected a URL that begins with https://, found \
         \"http://sp.example.com\""
            .to_owned(),
        format!(
            "launch: AssertionConsumerServiceURL does not match: expected one of the metadata's: {ACS}, {}, found https://evil.example",
            portal::DUAL_STACK_ACS
        ),
        "AuthnRequest: IssueInstant: 2026-09-22T14:13:20Z is not before 2026-09-21T14:28:20Z (skew 60 s)".to_owned(),
        "denied: single sign-on is not configured; upload the metadata of the service provider".to_owned(),
        "denied: the application is switched off".to_owned(),
        "there is no certificate yet; make one, or import one, first".to_owned(),
        "there is no certificate yet; make one, or import one, first".to_owned(),
        "there is a certificate already ([1]); publish the new one beside it, and switch when the other side has it".to_owned(),
        "there is a second certificate already ([2]); retire it first".to_owned(),
        "there is no second certificate; publish one first".to_owned(),
        "no key could be made: no random numbers".to_owned(),
    ];
    assert_eq!(lines, expected);
}

/// Each denial says why, and holds no value of the directory.
#[test]
fn denials_say_why() {
    let mut snapshot = directory();
    let mut nameless = person("fay", idbridge_mapping::directory::Lifecycle::Active);
    nameless.email = Some("secret".to_owned());
    let mut other = person("gus", idbridge_mapping::directory::Lifecycle::Active);
    other.email = Some("ANNA@example.com".to_owned());
    for user in [nameless, other] {
        snapshot.application_mut().users.insert(user.id.clone());
        snapshot.insert_user(user);
    }
    let application = configured();
    let reason = |snapshot: &Snapshot, user: &str| match application.launch(snapshot, &id(user), None).unwrap() {
        Launch::Denied(denied) => denied.to_string(),
        other => panic!("{other:?}"),
    };
    let lines = ["anna", "cai", "dora", "eli", "fay", "nobody"].map(|user| reason(&snapshot, user));
    assert_eq!(
        lines,
        [
            "denied: user gus has the same name, and one would be taken for the other; correct one of the two",
            "denied: not bound to the application, and in no group that is",
            "denied: staged in the directory, and not let in yet",
            "denied: suspended in the directory",
            "denied: NameID must be an e-mail address (addr-spec of RFC 2822) and is none; correct email in the directory",
            "denied: the directory has nobody of this identifier",
        ]
    );
    assert_eq!(reason(&Snapshot::new(Bindings::default()), "anna"), "denied: the directory has nobody of this identifier");
    assert_eq!(Denied::Inactive.to_string(), "denied: the application is switched off");
    assert_eq!(
        Denied::NotConfigured { missing: Missing::Certificate }.to_string(),
        "denied: single sign-on is not configured; make a certificate, or import one"
    );
}

/// Each finding says what to do.
#[test]
fn findings_say_what_to_do() {
    let mut application = created();
    application.import_certificate(credential(FIRST_KEY, 80)).unwrap();
    application.publish_certificate(credential(SECOND_KEY, 1)).unwrap();
    let fingerprints = [application.certificate(), application.second_certificate()].map(|one| one.unwrap().fingerprint_sha256());
    let mut lines: Vec<String> = application.findings(now() + DAY * 2).iter().map(ToString::to_string).collect();
    let over = aws_metadata().replace("entityID", "validUntil=\"2026-09-01T00:00:00Z\" entityID");
    application.upload_metadata(&over).unwrap();
    lines.extend(application.findings(now()).first().map(ToString::to_string));
    let mut bookmark = NewApplication::bookmark("Wiki", "https://wiki.example.com").create(|_| false).unwrap();
    lines.extend(bookmark.activate_identity_management(now(), portal::first_key).unwrap().iter().map(ToString::to_string));
    let lines: Vec<String> = lines.iter().map(|line| line.replace(&fingerprints[0], "[1]").replace(&fingerprints[1], "[2]")).collect();
    assert_eq!(
        lines,
        [
            "SSO is not configured: upload the metadata of the service provider, and give it the metadata of this identity provider",
            "signing certificate [1]: the certificate expires in 78 days, on 2026-12-10T14:13:20Z; publish the next one beside it before then",
            "second certificate [2]: the certificate expired on 2026-09-22T14:13:20Z; parties that check its validity refuse what its key signs, so \
             replace it",
            "the metadata of the service provider is not valid any more, so nobody can sign in; upload it anew",
            "people get in by a bookmark; SAML is the recommended method of signing in",
        ]
    );
}
