//! RM-03, RM-04, IC-01 to IC-03 and IC-25: single sign-on and identity management, each by itself.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that panics has failed, which is what it is for")]

mod portal;

use idbridge_application::{Denied, Finding, Kind, Launch, NewApplication};
use idbridge_mapping::directory::Lifecycle;
use idbridge_mapping::{RuleSet, SamlRuleSet, UserNameFrom};
use idbridge_scim::Profile;

use portal::{authentication, configured, created, denied, directory, first_key, id, ids, now, person, request, unsolicited};

/// IC-01: identity management goes without single sign-on, with a word on it.
#[test]
fn ic_01_sso_is_recommended_and_not_required() {
    let mut application = created();
    let findings = application.activate_identity_management(now(), first_key).unwrap();
    assert_eq!(findings, [Finding::SsoNotConfigured]);
    assert!(findings[0].to_string().starts_with("SSO is not configured"));
    assert!(application.is_identity_management_active());
    assert_eq!(configured().activate_identity_management(now(), first_key), Ok(vec![]));
}

/// IC-02: single sign-on goes without identity management, which nobody has to activate first.
#[test]
fn ic_02_people_log_in_without_identity_management() {
    let (application, snapshot) = (configured(), directory());
    assert!(!application.is_identity_management_active());
    let accepted = application.accept(&request(&application, None), now()).unwrap();
    assert!(accepted.sign_in(&snapshot, &id("anna")).unwrap().respond(&authentication(), &ids(), now()).is_ok());
    assert!(unsolicited(&application, &snapshot, "anna", None).respond(&authentication(), &ids(), now()).is_ok());
}

/// IC-03: SAML is the recommended method, and what is made if nobody says otherwise; a bookmark beside identity management yields a note.
#[test]
fn ic_03_saml_is_the_recommended_method() {
    assert_eq!(Kind::default(), Kind::Saml);
    assert_eq!(created().kind(), Kind::Saml);
    let mut bookmark = NewApplication::bookmark("AWS", "https://example.awsapps.com/start").create(|_| false).unwrap();
    assert_eq!(bookmark.findings(now()), []);
    assert_eq!(bookmark.activate_identity_management(now(), first_key), Ok(vec![Finding::BookmarkOnly]));
    bookmark.deactivate_identity_management();
    assert_eq!(bookmark.findings(now()), []);
}

/// IC-25: somebody whom the service knows by another userName is refused there, without a reason; it is predicted here, with the remedy.
#[test]
fn ic_25_a_log_in_that_the_service_would_refuse_is_predicted() {
    let rules = SamlRuleSet::jumpcloud();
    let user = person("anna", Lifecycle::Active);
    let predicted = rules.check_user_name(&user, "aberg").unwrap();
    assert!(predicted.to_string().starts_with("cannot log in by single sign-on: NameID is not the user name"), "{predicted}");
    assert_eq!(predicted.record().unwrap().to_string(), "user anna");
    for user_name in ["Anna@example.com", "anna@example.com ", ""] {
        assert!(rules.check_user_name(&user, user_name).is_some(), "{user_name}");
    }
    assert_eq!(rules.check_user_name(&user, "anna@example.com"), None);

    // The same for a mapping that makes it so, before anything is there.
    let by_username = RuleSet::jumpcloud().with_user_name_from(UserNameFrom::Username);
    let profile = Profile::aws_iam_identity_center();
    let user_name = |rules: &RuleSet| rules.to_scim(&user, &profile).resource().unwrap().text("userName").unwrap().to_owned();
    assert!(rules.check_user_name(&user, &user_name(&by_username)).is_some());
    assert_eq!(rules.check_user_name(&user, &user_name(&RuleSet::jumpcloud())), None);
}

/// RM-03: switching identity management off leaves single sign-on as it is.
#[test]
fn rm_03_log_ins_go_on_without_identity_management() {
    let (mut application, snapshot) = (configured(), directory());
    application.activate_identity_management(now(), first_key).unwrap();
    let exported = application.export_metadata().unwrap();
    application.deactivate_identity_management();
    assert!(!application.is_identity_management_active() && application.is_sso_active());
    assert_eq!(application.export_metadata().unwrap(), exported);
    let accepted = application.accept(&request(&application, None), now()).unwrap();
    assert!(accepted.sign_in(&snapshot, &id("anna")).unwrap().respond(&authentication(), &ids(), now()).is_ok());
    assert!(unsolicited(&application, &snapshot, "anna", None).respond(&authentication(), &ids(), now()).is_ok());
}

/// RM-04: switched off, nobody gets a response by any door, and identity management goes on; switched on again, all is as it was.
#[test]
fn rm_04_without_sso_there_is_no_response_and_identity_management_goes_on() {
    let (mut application, snapshot) = (configured(), directory());
    application.activate_identity_management(now(), first_key).unwrap();
    let (certificate, exported) = (application.certificate().cloned(), application.export_metadata().unwrap());
    application.set_login_url(Some("https://example.awsapps.com/start")).unwrap();
    application.deactivate_sso();
    assert!(!application.is_sso_active() && application.is_identity_management_active());
    assert_eq!(denied(&application, &snapshot, "anna"), Denied::Inactive);
    assert_eq!(application.may_launch(&snapshot, &id("anna")), Err(Denied::Inactive));
    assert!(!application.has_tile_for(&snapshot, &id("anna")));
    let refused = application.accept(&request(&application, None), now()).unwrap_err();
    assert_eq!(*refused.kind(), idbridge_application::ErrorKind::Denied(Denied::Inactive));

    application.activate_sso();
    application.set_login_url(None).unwrap();
    assert_eq!((application.certificate().cloned(), application.export_metadata().unwrap()), (certificate, exported));
    assert!(matches!(application.launch(&snapshot, &id("anna"), None), Ok(Launch::Unsolicited(_))));
}

/// RM-04: a bookmark is switched off alike.
#[test]
fn rm_04_a_bookmark_is_switched_off_alike() {
    let snapshot = directory();
    let mut bookmark = NewApplication::bookmark("Wiki", "https://wiki.example.com").create(|_| false).unwrap();
    assert!(matches!(bookmark.launch(&snapshot, &id("anna"), None), Ok(Launch::Bookmark(_))));
    bookmark.deactivate_sso();
    assert_eq!(denied(&bookmark, &snapshot, "anna"), Denied::Inactive);
}
