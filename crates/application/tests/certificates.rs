//! IM-07 and IM-08: the certificate of an application, from the first need to its successor.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that panics has failed, which is what it is for")]

mod portal;

use idbridge_application::{Application, ErrorKind, Finding, NewApplication};
use idbridge_saml::{
    Certificate, CertificateFinding, Credential, EntityDescriptor, Expected, RsaSigner, SelfSigned, SignatureAlgorithm, Signer as _,
    SigningStep,
};

use portal::{DAY, FIRST_KEY, SECOND_KEY, authentication, configured, created, directory, first_key, ids, key, now, received, unsolicited};

fn own(pem: &str, serial: u8, days: u32) -> Credential {
    let signer = RsaSigner::from_pem(pem).unwrap();
    let certificate = SelfSigned::new("our own", now(), DAY * days, [serial; 16]).sign(&signer, &signer.public_key()).unwrap();
    Credential::new(signer, certificate).unwrap()
}

/// IM-07: activating identity management makes a self-signed certificate, which can be downloaded as PEM and DER.
#[test]
fn im_07_activation_makes_a_certificate() {
    let mut application = created();
    assert_eq!(application.certificate(), None);
    application.activate_identity_management(now(), first_key).unwrap();
    let certificate = application.certificate().unwrap();
    assert!(certificate.is_self_signed());
    assert_eq!(certificate.subject(), "CN=AWS IAM Identity Center");
    assert_eq!((certificate.not_before(), certificate.not_after()), (now(), now() + 5 * 365 * DAY));
    assert_eq!(Certificate::from_pem(&certificate.to_pem()).as_ref(), Ok(certificate));
    assert_eq!(Certificate::from_der(certificate.der()).as_ref(), Ok(certificate));
    // A bookmark that goes with identity management has one too.
    let mut bookmark = NewApplication::bookmark("Wiki", "https://wiki.example.com").create(|_| false).unwrap();
    bookmark.activate_identity_management(now(), first_key).unwrap();
    assert!(bookmark.certificate().is_some());
    // A label may be longer than a certificate's name.
    let mut long = NewApplication::saml("é".repeat(255)).with_slug("long").create(|_| false).unwrap();
    assert_eq!(long.ensure_certificate(now(), first_key).unwrap().subject(), format!("CN={}", "é".repeat(64)));
}

/// IM-07: the key is shown by nothing that an application gives out.
#[test]
fn im_07_the_key_stays_inside() {
    let application = configured();
    let snapshot = directory();
    let response = unsolicited(&application, &snapshot, "anna", None).respond(&authentication(), &ids(), now()).unwrap();
    let shown = [
        format!("{application:?}"),
        format!("{:?}", unsolicited(&application, &snapshot, "anna", None)),
        format!("{:?}", key(FIRST_KEY, 1)),
        application.export_metadata().unwrap(),
        response.xml().to_owned(),
    ];
    let secret: Vec<&str> = FIRST_KEY.lines().filter(|line| !line.starts_with('-')).collect();
    for text in shown {
        assert!(!text.contains("PRIVATE") && secret.iter().all(|line| !text.contains(line)), "{text}");
    }
}

/// IM-07: a key that cannot be made is an error, and nothing is switched on.
#[test]
fn im_07_no_key_no_activation() {
    let mut application = created();
    let refused = application.activate_identity_management(now(), || Err("the module does not answer".into())).unwrap_err();
    assert_eq!(*refused.kind(), ErrorKind::KeyNotMade { reason: "the module does not answer".to_owned() });
    assert!(!application.is_identity_management_active() && application.certificate().is_none());
}

/// IM-08: there is one certificate; nobody asks for another key, whatever is activated, deactivated or uploaded again.
#[test]
fn im_08_there_is_one_certificate() {
    let never = || -> Result<_, Box<dyn std::error::Error + Send + Sync>> { panic!("a second key was asked for") };
    let mut application = configured();
    let first = application.certificate().unwrap().clone();
    for round in 1..=3 {
        application.activate_identity_management(now() + DAY * round, never).unwrap();
        application.deactivate_identity_management();
        application.deactivate_sso();
        application.activate_sso();
        application.upload_metadata(&portal::aws_metadata()).unwrap();
        application.set_label(&format!("Label {round}")).unwrap();
        assert_eq!(application.ensure_certificate(now() + DAY * 4_000, never), Ok(&first));
        assert_eq!((application.certificate(), application.second_certificate()), (Some(&first), None));
    }
}

/// IM-08: somebody's own key and certificate are taken in the place of one that is made, and not over one that is there.
#[test]
fn im_08_an_imported_certificate_is_the_one() {
    let mut application = created();
    application.import_certificate(own(SECOND_KEY, 9, 400)).unwrap();
    let fingerprint = application.certificate().unwrap().fingerprint_sha256();
    application.activate_identity_management(now(), first_key).unwrap();
    assert_eq!(application.certificate().unwrap().subject(), "CN=our own");
    let refused = application.import_certificate(own(FIRST_KEY, 8, 400)).unwrap_err();
    assert_eq!(*refused.kind(), ErrorKind::CertificateExists { fingerprint });
    // A key that is not the certificate's does not come so far.
    let certificate = application.certificate().unwrap().clone();
    assert!(Credential::new(RsaSigner::from_pem(FIRST_KEY).unwrap(), certificate).is_err());
}

/// IM-08: the way to another certificate, on which nobody is locked out: publish, import at the other side, switch, retire.
#[test]
fn im_08_a_certificate_is_rolled_over_without_a_gap() {
    let (mut application, snapshot) = (configured(), directory());
    let sign =
        |application: &Application| unsolicited(application, &snapshot, "anna", None).respond(&authentication(), &ids(), now()).unwrap();
    let published = |application: &Application| {
        let entity = EntityDescriptor::from_xml(&application.export_metadata().unwrap()).unwrap();
        entity.idp().unwrap().signing_certificates().to_vec()
    };
    let old = application.certificate().unwrap().clone();
    assert_eq!(*application.switch_certificate().unwrap_err().kind(), ErrorKind::SecondCertificateMissing);
    assert_eq!(*application.retire_certificate().unwrap_err().kind(), ErrorKind::SecondCertificateMissing);

    application.publish_new_certificate(now() + DAY, key(SECOND_KEY, 2)).unwrap();
    let new = application.second_certificate().unwrap().clone();
    assert_eq!(published(&application), [old.clone(), new.clone()]);
    let believes = |application: &Application, certificates: &[&Certificate]| {
        received(application, certificates, &sign(application), &Expected::Unsolicited).is_ok()
    };
    assert!(believes(&application, &[&old]) && believes(&application, &[&old, &new]) && !believes(&application, &[&new]));

    application.switch_certificate().unwrap();
    assert_eq!((application.certificate(), application.second_certificate()), (Some(&new), Some(&old)));
    assert_eq!(published(&application), [new.clone(), old.clone()]);
    assert!(believes(&application, &[&new]) && believes(&application, &[&old, &new]) && !believes(&application, &[&old]));

    // Somebody forgot to import it: back, and once more.
    application.switch_certificate().unwrap();
    assert!(believes(&application, &[&old]));
    application.switch_certificate().unwrap();

    assert_eq!(application.retire_certificate(), Ok(old));
    assert_eq!(published(&application), [new]);
}

/// IM-08: there is room for one certificate beside the one that signs, and it is another one.
#[test]
fn im_08_there_are_two_certificates_at_most() {
    let mut application = created();
    assert_eq!(*application.publish_certificate(own(FIRST_KEY, 1, 400)).unwrap_err().kind(), ErrorKind::CertificateMissing);
    application.import_certificate(own(FIRST_KEY, 1, 400)).unwrap();
    let fingerprint = |certificate: Option<&Certificate>| certificate.unwrap().fingerprint_sha256();
    let refused = application.publish_certificate(own(FIRST_KEY, 1, 400)).unwrap_err();
    assert_eq!(*refused.kind(), ErrorKind::CertificateExists { fingerprint: fingerprint(application.certificate()) });
    application.publish_certificate(own(FIRST_KEY, 2, 800)).unwrap();
    let refused = application.publish_certificate(own(SECOND_KEY, 3, 800)).unwrap_err();
    assert_eq!(*refused.kind(), ErrorKind::SecondCertificateExists { fingerprint: fingerprint(application.second_certificate()) });
}

/// IM-07: from 90 days before its end, a certificate is spoken of; both of them are.
#[test]
fn im_07_the_end_of_a_certificate_is_announced() {
    let mut application = created();
    application.upload_metadata(&portal::aws_metadata()).unwrap();
    application.import_certificate(own(FIRST_KEY, 1, 400)).unwrap();
    application.publish_certificate(own(SECOND_KEY, 2, 800)).unwrap();
    let found = |days| {
        let findings = application.findings(now() + DAY * days);
        let expiries = findings.into_iter().map(|finding| match finding {
            Finding::Certificate { is_signing, finding, .. } => (is_signing, finding),
            other => panic!("{other:?}"),
        });
        expiries.collect::<Vec<_>>()
    };
    let (first, second) = (now() + DAY * 400, now() + DAY * 800);
    assert_eq!(found(309), []);
    assert_eq!(found(310), [(true, CertificateFinding::Expires { days: 90, not_after: first })]);
    assert_eq!(found(401), [(true, CertificateFinding::Expired { not_after: first })]);
    assert_eq!(found(710)[1], (false, CertificateFinding::Expires { days: 90, not_after: second }));
}

/// IM-07: AWS takes certificates of 2,500 characters; one that is longer is spoken of before AWS refuses it.
#[test]
fn im_07_a_certificate_that_aws_would_not_take_is_announced() {
    let certificate = Certificate::from_pem(include_str!("fixtures/long.crt")).unwrap();
    let mut application = configured();
    assert_eq!(application.findings(now()), []);
    let found = certificate.to_pem().len();
    let fingerprint = certificate.fingerprint_sha256();
    application.publish_certificate(Credential::new(RsaSigner::from_pem(SECOND_KEY).unwrap(), certificate).unwrap()).unwrap();
    let findings = application.findings(now());
    assert_eq!(findings.last(), Some(&Finding::CertificateTooLong { fingerprint: fingerprint.clone(), found }));
    let line = format!("certificate {fingerprint} has {found} characters, and AWS IAM Identity Center takes at most 2500");
    assert_eq!(findings.last().unwrap().to_string(), line);
}

/// A key that is elsewhere signs what may be signed, and the result is what the application would have made with it.
#[test]
fn a_response_is_signed_in_steps_by_a_key_that_is_elsewhere() {
    let (application, snapshot) = (configured(), directory());
    let authorised = unsolicited(&application, &snapshot, "anna", None);
    let elsewhere = RsaSigner::from_pem(FIRST_KEY).unwrap();
    let certificate = application.certificate().unwrap();
    let unsigned = authorised.unsigned(&authentication(), &ids(), now()).unwrap();
    let mut step = SigningStep::Next(unsigned.into_signing(SignatureAlgorithm::RsaSha256, certificate).unwrap());
    let signed = loop {
        step = match step {
            SigningStep::Next(signing) => {
                let signature = elsewhere.sign(signing.bytes_to_sign()).unwrap();
                signing.provide(&signature).unwrap()
            }
            SigningStep::Done(signed) => break signed,
        };
    };
    assert_eq!(signed, authorised.respond(&authentication(), &ids(), now()).unwrap());
}
