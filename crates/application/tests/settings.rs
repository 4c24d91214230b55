//! SS-01 to SS-06: what an application is, and what may be changed of it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that panics has failed, which is what it is for")]

mod portal;

use idbridge_application::{ErrorKind, Image, Kind, NewApplication, Slug, Visibility};
use idbridge_saml::EntityId;

use portal::{configured, created, directory, id};

/// SS-01: a display label is required; description, image and visibility are not.
#[test]
fn ss_01_a_label_is_all_that_is_required() {
    for label in ["", "  ", "\n", "a\nb", &"x".repeat(256)] {
        let refused = NewApplication::saml(label).create(|_| false).unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::Value { name: "display label", .. }), "{label:?}: {refused}");
    }
    let plain = NewApplication::saml(" AWS ").create(|_| false).unwrap();
    assert_eq!((plain.label(), plain.description(), plain.image(), plain.visibility()), ("AWS", None, None, Visibility::Shown));

    let image = Image::new(b"\x89PNG\r\n\x1a\n".to_vec()).unwrap();
    let full = NewApplication::saml("AWS")
        .with_description("Our accounts")
        .with_image(image.clone())
        .with_visibility(Visibility::Hidden)
        .create(|_| false)
        .unwrap();
    assert_eq!((full.description(), full.image(), full.visibility()), (Some("Our accounts"), Some(&image), Visibility::Hidden));
}

/// SS-01: whatever is optional can be changed afterwards, and a change that is refused changes nothing.
#[test]
fn ss_01_settings_change_and_refusals_change_nothing() {
    let mut application = created();
    application.set_label("Accounts").unwrap();
    application.set_description(Some("  ")).unwrap();
    application.set_visibility(Visibility::Hidden);
    assert_eq!((application.label(), application.description(), application.visibility()), ("Accounts", None, Visibility::Hidden));
    assert!(application.set_label("").is_err());
    assert!(application.set_description(Some(&"x".repeat(1025))).is_err());
    assert!(application.set_login_url(Some("javascript:alert(1)")).is_err());
    assert_eq!((application.label(), application.description(), application.login_url()), ("Accounts", None, None));
}

/// SS-01: hidden takes the tile out of the portal, and nobody's access.
#[test]
fn ss_01_hidden_is_not_denied() {
    let (mut application, snapshot) = (configured(), directory());
    assert!(application.has_tile_for(&snapshot, &id("anna")));
    assert!(!application.has_tile_for(&snapshot, &id("cai")));
    application.set_visibility(Visibility::Hidden);
    assert!(!application.has_tile_for(&snapshot, &id("anna")));
    assert_eq!(application.may_launch(&snapshot, &id("anna")), Ok(()));
}

/// SS-01: an image is one that browsers show and that runs nothing.
#[test]
fn ss_01_images_are_told_by_their_first_bytes() {
    for (bytes, media_type) in [
        (b"\x89PNG\r\n\x1a\n\0".as_slice(), Some("image/png")),
        (b"\xFF\xD8\xFF\xE0", Some("image/jpeg")),
        (b"GIF89a", Some("image/gif")),
        (b"GIF87a", Some("image/gif")),
        (b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp")),
        (b"RIFF\0\0\0\0WAVE", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"<html>", None),
        (b"", None),
    ] {
        assert_eq!(Image::new(bytes.to_vec()).ok().map(|image| image.media_type()), media_type, "{bytes:?}");
    }
    let mut large = b"GIF89a".to_vec();
    large.resize(Image::LARGEST, 0);
    assert!(Image::new(large.clone()).is_ok());
    large.push(0);
    assert!(matches!(Image::new(large).unwrap_err().kind(), ErrorKind::Image { .. }));
}

/// SS-02: a bookmark needs a URL, and has nothing of SAML.
#[test]
fn ss_02_a_bookmark_has_a_url_and_no_saml() {
    for url in ["", "wiki.example.com", "http://wiki.example.com", "javascript:alert(1)", "https://"] {
        let refused = NewApplication::bookmark("Wiki", url).create(|_| false).unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::Saml { what: "bookmark URL", .. }), "{url}: {refused}");
    }
    // Its label needs no slug, and no URL of it can be taken.
    let mut bookmark = NewApplication::bookmark("百科", "https://wiki.example.com/#/start").create(|_| true).unwrap();
    assert_eq!(bookmark.kind(), Kind::Bookmark);
    assert_eq!((bookmark.idp_url(), bookmark.idp_entity_id(), bookmark.saml_rules()), (None, None, None));
    let refusals = [
        bookmark.upload_metadata(&portal::aws_metadata()).map(|_| ()),
        bookmark.export_metadata().map(|_| ()),
        bookmark.set_login_url(Some("https://example.com")),
        bookmark.set_default_relay_state(Some("a")),
        bookmark.set_idp_entity_id(EntityId::new("idp").unwrap()),
        bookmark.set_idp_url("https://idp.example.com"),
    ];
    for refusal in refusals {
        assert!(matches!(refusal.unwrap_err().kind(), ErrorKind::Kind { expected: Kind::Saml, found: Kind::Bookmark, .. }));
    }
    bookmark.set_bookmark_url("https://wiki.example.com/new").unwrap();
    assert_eq!(bookmark.bookmark_url().unwrap().as_str(), "https://wiki.example.com/new");
    assert!(bookmark.set_bookmark_url("http://wiki.example.com").is_err());
    let refused = created().set_bookmark_url("https://wiki.example.com").unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Kind { expected: Kind::Bookmark, found: Kind::Saml, .. }));
}

/// SS-03: without a word on it, the IdP URL is made of the slug, and the slug of the label.
#[test]
fn ss_03_the_idp_url_comes_from_the_slug() {
    for (label, url) in [
        ("AWS IAM Identity Center", "https://sso.jumpcloud.com/saml2/aws-iam-identity-center"),
        ("  R&D -- Wiki (2)! ", "https://sso.jumpcloud.com/saml2/r-d-wiki-2"),
        ("Zürich", "https://sso.jumpcloud.com/saml2/z-rich"),
    ] {
        assert_eq!(NewApplication::saml(label).create(|_| false).unwrap().idp_url(), Some(url));
    }
    let by_slug = NewApplication::saml("AWS").with_slug("prod").with_idp_url_base("https://idp.example.com/saml2").create(|_| false);
    assert_eq!(by_slug.unwrap().idp_url(), Some("https://idp.example.com/saml2/prod"));
    for label in ["百科", "!!!"] {
        let refused = NewApplication::saml(label).create(|_| false).unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::Value { name: "slug", .. }), "{refused}");
        assert!(NewApplication::saml(label).with_slug("chosen").create(|_| false).is_ok());
    }
    for slug in ["", "a b", "a/b", "../a", "..", ".", "a?b", "a#b", "ä", &"x".repeat(129)] {
        assert!(Slug::new(slug).is_err(), "{slug}");
        assert!(NewApplication::saml("AWS").with_slug(slug).create(|_| false).is_err(), "{slug}");
    }
    let long = Slug::from_label(&"ab ".repeat(80)).unwrap();
    assert_eq!((long.as_str().len(), long.as_str().ends_with("-ab")), (128, true));
}

/// SS-03: one IdP URL is for one application.
#[test]
fn ss_03_a_url_that_is_taken_is_refused() {
    let first = NewApplication::saml("AWS").create(|_| false).unwrap();
    let is_taken = |url: &str| first.idp_url() == Some(url);
    let refused = NewApplication::saml("aws").create(is_taken).unwrap_err();
    assert_eq!(*refused.kind(), ErrorKind::Taken { url: "https://sso.jumpcloud.com/saml2/aws".to_owned() });
    let refused = NewApplication::saml("x").with_idp_url("https://sso.jumpcloud.com/saml2/aws").create(is_taken).unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Taken { .. }));
    assert!(NewApplication::saml("aws").with_slug("aws-2").create(is_taken).is_ok());
}

/// SS-04: an IdP URL that is given is used as it is.
#[test]
fn ss_04_a_url_that_is_given_is_used_as_it_is() {
    let url = "https://SSO.example.com:8443/saml2/AWS?tenant=1";
    let application = NewApplication::saml("AWS").with_idp_url(url).create(|_| false).unwrap();
    assert_eq!(application.idp_url(), Some(url));
    assert_eq!(application.idp_entity_id().unwrap().as_str(), url);
    for url in ["", "sso.example.com", "http://sso.example.com", "https://sso.example.com/#a", "https://user@sso.example.com"] {
        assert!(NewApplication::saml("AWS").with_idp_url(url).create(|_| false).is_err(), "{url}");
    }
    let local = NewApplication::saml("AWS").with_idp_url("http://localhost:3000/saml2/aws").dangerous_allow_http().create(|_| false);
    assert_eq!(local.unwrap().idp_url(), Some("http://localhost:3000/saml2/aws"));
}

/// SS-05: the IdP URL never changes: not when the application is called otherwise, nor when it is switched off.
#[test]
fn ss_05_the_idp_url_is_immutable() {
    let mut application = configured();
    let url = application.idp_url().unwrap().to_owned();
    for is_active in [true, false] {
        if !is_active {
            application.deactivate_sso();
        }
        let refused = application.set_idp_url("https://sso.jumpcloud.com/saml2/other").unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::Immutable { what: "IdP URL", .. }), "{refused}");
        // A form that sends what is there already changes nothing.
        assert_eq!(application.set_idp_url(&url), Ok(()));
    }
    application.set_label("Other").unwrap();
    application.set_idp_entity_id(EntityId::new("JumpCloud").unwrap()).unwrap();
    assert_eq!((application.idp_url(), application.idp_entity_id().unwrap().as_str()), (Some(&*url), "JumpCloud"));
}

/// SS-06: whoever needs another IdP URL deletes the application and creates another one, and nothing of the old one is in it.
#[test]
fn ss_06_an_application_that_is_created_again_is_another_one() {
    let old = configured();
    let fingerprint = old.certificate().unwrap().fingerprint_sha256();
    let deleted = old.delete();
    assert_eq!(deleted.label, "AWS IAM Identity Center");
    assert_eq!(deleted.idp_url.as_deref(), Some("https://sso.jumpcloud.com/saml2/aws-iam-identity-center"));

    let mut new = NewApplication::saml(deleted.label).with_slug("aws").create(|_| false).unwrap();
    assert_eq!(new.idp_url(), Some("https://sso.jumpcloud.com/saml2/aws"));
    assert!(new.sp().is_none() && new.certificate().is_none() && !new.is_identity_management_active());
    let certificate = new.ensure_certificate(portal::now(), || Ok(portal::key(portal::SECOND_KEY, 2))).unwrap();
    assert_ne!(certificate.fingerprint_sha256(), fingerprint);
}
