//! Certificates: what is read of them, what is refused, and those that are made.

#![allow(clippy::unwrap_used, clippy::unwrap_in_result, clippy::indexing_slicing, clippy::print_stdout, reason = "helpers of tests")]

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use idbridge_saml::{
    Certificate, CertificateFinding, Error, ErrorKind, KeyKind, PublicKey, RsaSigner, RustCryptoVerifier, SelfSigned, SignatureAlgorithm,
    Signer, Verifier as _,
};
use proptest::prelude::*;

const RSA: &str = include_str!("fixtures/rsa2048.pem");
const RSA_CERTIFICATE: &str = include_str!("fixtures/rsa2048.crt");
const ED25519_CERTIFICATE: &str = include_str!("fixtures/ed25519.crt");
const DAY: Duration = Duration::from_secs(86_400);

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn certificate() -> Certificate {
    Certificate::from_pem(RSA_CERTIFICATE).unwrap()
}

fn rsa() -> RsaSigner {
    RsaSigner::from_pem(RSA).unwrap()
}

fn made(common_name: &str, not_before: SystemTime, valid_for: Duration) -> Result<Certificate, Error> {
    SelfSigned::new(common_name, not_before, valid_for, [0x80; 16]).sign(&rsa(), &rsa().public_key())
}

/// The fixture's bytes with the first `from` in them replaced by as many bytes.
fn patched(from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut der = certificate().der().to_vec();
    let at = der.windows(from.len()).position(|window| window == from).unwrap();
    der[at..at + to.len()].copy_from_slice(to);
    der
}

fn told(table: Vec<(Error, &str)>) {
    for (error, message) in table {
        assert_eq!(error.to_string(), message);
    }
}

/// As `openssl x509 -noout -subject -nameopt RFC2253 -serial -dates -fingerprint -sha256` prints the fixture.
#[test]
fn a_certificate_is_read_as_openssl_reads_it() {
    let certificate = certificate();
    assert_eq!(certificate.subject(), "CN=idp.example.com,O=Example");
    assert_eq!(certificate.serial_number(), "A1B2C3D4E5F60718293A4B5C6D7E8F90");
    assert_eq!((certificate.not_before(), certificate.not_after()), (at(1_795_462_487), at(2_110_822_487)));
    assert_eq!(
        certificate.fingerprint_sha256(),
        "D1:DF:52:B3:F4:07:30:25:8D:01:99:B1:B6:24:55:76:DE:02:9B:13:3C:2F:D7:60:25:84:48:F0:70:FD:67:3C"
    );
    assert_eq!(certificate.public_key().unwrap(), &rsa().public_key());
    assert_eq!(certificate.to_pem(), RSA_CERTIFICATE);
    assert_eq!(
        format!("{certificate:?}"),
        "Certificate { subject: \"CN=idp.example.com,O=Example\", fingerprint_sha256: \"D1:DF:52:B3:F4:07:30:25:8D:01:99:B1:B6:24:55:76:DE:02:9B:13:3C:2F:D7:60:25:84:48:F0:70:FD:67:3C\", .. }"
    );
}

#[test]
fn a_certificate_is_the_same_however_it_is_written() {
    let lines: Vec<&str> = RSA_CERTIFICATE.lines().collect();
    for pem in [
        lines.join("\r\n"),
        lines.join("\r"),
        format!("\u{feff}{RSA_CERTIFICATE}"),
        format!("Certificate:\n    Data:\n        Version: 3 (0x2)\n{RSA_CERTIFICATE}\nbehind"),
        lines.join("\n    "),
    ] {
        assert_eq!(Certificate::from_pem(&pem).unwrap(), certificate(), "{pem}");
    }
    let base64 = certificate().to_base64();
    assert!(!base64.contains('\n'));
    let wrapped: String = base64.as_bytes().chunks(76).map(|line| format!("\r\n\t{} ", str::from_utf8(line).unwrap())).collect();
    assert_eq!(Certificate::from_base64(&wrapped).unwrap(), certificate());
    assert_eq!(Certificate::from_der(certificate().der()).unwrap(), certificate());
}

#[test]
fn certificates_that_are_refused_and_why() {
    let pem = |text: &str| Certificate::from_pem(text).unwrap_err();
    let base64 = |text: &str| Certificate::from_base64(text).unwrap_err();
    let der = |der: &[u8]| Certificate::from_der(der).unwrap_err();
    let moment = |to: &[u8]| der(&patched(b"261123193447Z", to));
    let bytes = certificate().der().to_vec();
    let no_moment = "unusable certificate: a moment of its validity is not one from 1970 to 9999 in UTC with seconds";
    told(vec![
        (pem(""), "invalid PEM: expected -----BEGIN CERTIFICATE-----, found no block"),
        (pem(&certificate().to_base64()), "invalid PEM: expected -----BEGIN CERTIFICATE-----, found no block"),
        (pem(RSA), "invalid PEM: expected a block CERTIFICATE, found PRIVATE KEY"),
        (
            pem(&RSA_CERTIFICATE.replace("CERTIFICATE", "CERTIFICATE REQUEST")),
            "invalid PEM: expected a block CERTIFICATE, found CERTIFICATE REQUEST",
        ),
        (
            pem(&format!("{RSA_CERTIFICATE}{RSA_CERTIFICATE}")),
            "invalid PEM: expected one block, found CERTIFICATE and behind it CERTIFICATE at byte 1176",
        ),
        (
            pem(&format!("{RSA_CERTIFICATE}-----BEGIN CERTIFICATE-----\nMIID")),
            "invalid PEM: the block CERTIFICATE does not end with -----END CERTIFICATE----- at byte 1176",
        ),
        (pem(&"\n".repeat(65_537)), "too much: at most 65536 bytes of PEM"),
        (base64(&" ".repeat(65_537)), "too much: at most 65536 bytes of a certificate in base64"),
        (der(&[0; 65_537]), "too much: at most 65536 bytes of a certificate"),
        (base64(RSA_CERTIFICATE), "invalid base64: this is no character of base64 at byte 0"),
        (base64("MIIDJ"), "invalid base64: it is cut off, or its padding is missing or misplaced"),
        (base64(""), "invalid DER: ASN.1 DER message is incomplete: expected 1, actual 0 at byte 0"),
        (base64("AgEA"), "invalid DER: unexpected ASN.1 DER tag: expected SEQUENCE, got INTEGER"),
        (
            der(&[&bytes[..], &[0]].concat()),
            "invalid DER: trailing data at end of DER message: decoded 826 bytes, 1 bytes remaining at byte 826",
        ),
        (der(&bytes[..825]), "invalid DER: ASN.1 DER message is incomplete: expected 826, actual 825 at byte 825"),
        (der(&rsa().public_key().to_der()), "invalid DER: unexpected ASN.1 DER tag: expected INTEGER, got OBJECT IDENTIFIER"),
        (moment(b"500101000000Z"), no_moment),
        (moment(b"261323193447Z"), no_moment),
        (moment(b"26112319344-Z"), no_moment),
        (moment(b"261123193447+"), no_moment),
    ]);
    assert!(matches!(moment(b"500101000000Z").kind(), ErrorKind::Key { .. }));
}

/// Metadata may hold a certificate for another party beside the one that is used.
#[test]
fn a_certificate_with_an_unknown_key_is_read_and_its_key_is_not() {
    let certificate = Certificate::from_pem(ED25519_CERTIFICATE).unwrap();
    assert_eq!(certificate.subject(), "CN=ed25519.example.com");
    assert!(!certificate.is_self_signed());
    told(vec![(certificate.public_key().unwrap_err(), "unusable public key: its algorithm is 1.3.101.112; RSA and ECDSA are known")]);
}

#[test]
fn certificates_of_every_known_kind_of_key_sign_themselves() {
    for (pem, kind) in [
        (RSA_CERTIFICATE, KeyKind::Rsa),
        (include_str!("fixtures/rsa1024.crt"), KeyKind::Rsa),
        (include_str!("fixtures/p256.crt"), KeyKind::P256),
        (include_str!("fixtures/p384.crt"), KeyKind::P384),
    ] {
        let certificate = Certificate::from_pem(pem).unwrap();
        assert_eq!(certificate.public_key().unwrap().kind(), kind);
        assert!(certificate.is_self_signed(), "{certificate:?}");
        let mut changed = certificate.der().to_vec();
        *changed.last_mut().unwrap() ^= 1;
        assert!(!Certificate::from_der(&changed).unwrap().is_self_signed());
    }
    // Another issuer, another subject, another day.
    assert!(!Certificate::from_der(&patched(b"Example", b"Exampla")).unwrap().is_self_signed());
    assert!(!Certificate::from_der(&patched(b"2611231934", b"2611231935")).unwrap().is_self_signed());
}

/// RFC 5280 section 4.1.2.5: "the period of time from notBefore through notAfter, inclusive".
#[test]
fn what_is_found_about_validity() {
    let certificate = certificate();
    let (begin, end) = (certificate.not_before(), certificate.not_after());
    let second = Duration::from_secs(1);
    for (now, notice, expected) in [
        (
            begin - second,
            30 * DAY,
            Some("the certificate is not valid before 2026-11-23T19:34:47Z; check the clock, or sign with the one before it until then"),
        ),
        (begin, 30 * DAY, None),
        (end - 31 * DAY, 30 * DAY, None),
        (
            end - 30 * DAY,
            30 * DAY,
            Some("the certificate expires in 30 days, on 2036-11-20T19:34:47Z; publish the next one beside it before then"),
        ),
        (
            end - 2 * DAY + second,
            30 * DAY,
            Some("the certificate expires in 1 day, on 2036-11-20T19:34:47Z; publish the next one beside it before then"),
        ),
        (
            end - second,
            30 * DAY,
            Some("the certificate expires in less than a day, on 2036-11-20T19:34:47Z; publish the next one beside it before then"),
        ),
        (end - second, Duration::ZERO, None),
        (
            end,
            Duration::ZERO,
            Some("the certificate expires in less than a day, on 2036-11-20T19:34:47Z; publish the next one beside it before then"),
        ),
        (
            end + second,
            Duration::ZERO,
            Some(
                "the certificate expired on 2036-11-20T19:34:47Z; parties that check its validity refuse what its key signs, so replace it",
            ),
        ),
        (
            end + 10_000 * DAY,
            Duration::MAX,
            Some(
                "the certificate expired on 2036-11-20T19:34:47Z; parties that check its validity refuse what its key signs, so replace it",
            ),
        ),
    ] {
        let found = certificate.expiry(now, notice).map(|finding| finding.to_string());
        assert_eq!(found.as_deref(), expected);
    }
    assert_eq!(certificate.expiry(end - 12 * DAY, 30 * DAY), Some(CertificateFinding::Expires { days: 12, not_after: end }));
}

#[test]
fn a_certificate_that_is_made_says_what_was_asked() {
    let signer = rsa();
    let certificate =
        SelfSigned::new("idp.example.com", at(1_795_462_487), 365 * DAY, [0xab; 16]).sign(&signer, &signer.public_key()).unwrap();
    assert_eq!(certificate.subject(), "CN=idp.example.com");
    assert_eq!(certificate.serial_number(), "AB".repeat(16));
    assert_eq!((certificate.not_before(), certificate.not_after()), (at(1_795_462_487), at(1_795_462_487) + 365 * DAY));
    assert_eq!(certificate.public_key().unwrap(), &signer.public_key());
    assert!(certificate.is_self_signed());
    assert_eq!(Certificate::from_pem(&certificate.to_pem()).unwrap(), certificate);
    // The same input makes the same bytes, whatever the random numbers of blinding.
    let again = SelfSigned::new("idp.example.com", at(1_795_462_487), 365 * DAY, [0xab; 16]).sign(&signer, &signer.public_key());
    assert_eq!(again.unwrap(), certificate);
    assert_eq!(
        certificate.fingerprint_sha256(),
        "57:7C:DD:8E:B1:BA:36:0B:6C:28:A4:C5:37:3F:1D:A3:55:93:19:95:01:5B:5A:3C:7D:BD:53:84:17:04:75:27"
    );
}

/// RFC 5280 section 4.1.2.5: "dates through the year 2049 as `UTCTime`; [...] in 2050 or later MUST be encoded as `GeneralizedTime`".
#[test]
fn moments_are_written_in_the_form_of_their_year() {
    const LAST_OF_2049: u64 = 2_524_607_999;
    let holds = |certificate: &Certificate, bytes: &[u8]| certificate.der().windows(bytes.len()).any(|window| window == bytes);
    let around = made("idp", at(LAST_OF_2049), Duration::from_secs(1)).unwrap();
    assert!(holds(&around, b"\x17\x0d491231235959Z\x18\x0f20500101000000Z"));
    assert_eq!((around.not_before(), around.not_after()), (at(LAST_OF_2049), at(LAST_OF_2049 + 1)));
    let whole = made("idp", at(0), Duration::from_secs(253_402_300_799)).unwrap();
    assert!(holds(&whole, b"\x17\x0d700101000000Z\x18\x0f99991231235959Z"));
    // A fraction is cut off.
    let fraction = made("idp", at(60) + Duration::from_millis(999), Duration::from_millis(60_999)).unwrap();
    assert_eq!((fraction.not_before(), fraction.not_after()), (at(60), at(120)));
}

#[test]
fn certificates_that_are_not_made_and_why() {
    let now = at(1_795_462_487);
    let refused = |common_name: &str, not_before, valid_for| made(common_name, not_before, valid_for).unwrap_err();
    let serial = |serial| SelfSigned::new("idp", now, DAY, serial).sign(&rsa(), &rsa().public_key());
    let p256 = Certificate::from_pem(include_str!("fixtures/p256.crt")).unwrap();
    let other = SelfSigned::new("idp", now, DAY, [1; 16]).sign(&rsa(), p256.public_key().unwrap());
    let weak = SelfSigned::new("idp", now, DAY, [1; 16]).sign(&Weak, &rsa().public_key());
    told(vec![
        (refused("", now, DAY), "invalid common name: expected 1 to 64 characters, found 0"),
        (refused(&"ä".repeat(65), now, DAY), "invalid common name: expected 1 to 64 characters, found 65"),
        (
            refused("idp", now, Duration::from_millis(999)),
            "invalid validity: expected a second or more, within the years 1970 to 9999, found less than a second",
        ),
        (
            refused("idp", at(0) - Duration::from_secs(1), DAY),
            "invalid validity: expected a second or more, within the years 1970 to 9999, found a beginning before 1970",
        ),
        (
            refused("idp", at(0), Duration::from_secs(253_402_300_800)),
            "invalid validity: expected a second or more, within the years 1970 to 9999, found an end after 9999",
        ),
        (
            refused("idp", now, Duration::MAX),
            "invalid validity: expected a second or more, within the years 1970 to 9999, found an end after 9999",
        ),
        (serial([0; 16]).unwrap_err(), "invalid serial number: expected 16 random bytes, found zeros"),
        (other.unwrap_err(), "unusable public key: it does not verify what the signer signed: they are of two pairs"),
        (weak.unwrap_err(), "the algorithm http://www.w3.org/2000/09/xmldsig#rsa-sha1 is not accepted: it is too weak"),
    ]);
    assert!(made(&"ä".repeat(64), now, DAY).is_ok());
}

/// A signer of somebody else that uses SHA-1.
struct Weak;

impl Signer for Weak {
    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::DangerousRsaSha1
    }

    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        Err("asked".into())
    }
}

/// RFC 5280 section 4.1.2.2: a serial number is positive, and at most 20 octets long.
#[test]
fn serial_numbers_are_positive() {
    for (serial, shown) in [
        ([0xff; 16], "FF".repeat(16)),
        ([0x7f; 16], "7F".repeat(16)),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "01".to_owned()),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80], "80".to_owned()),
    ] {
        let certificate = SelfSigned::new("idp", at(0), DAY, serial).sign(&rsa(), &rsa().public_key()).unwrap();
        assert_eq!(certificate.serial_number(), shown);
    }
}

/// RFC 4514 section 2.4, and control characters, which have no place in a log.
#[test]
fn names_are_printed_without_ambiguity() {
    for (common_name, shown) in [
        ("Example, Inc. + \"Co\" <x>; #1 \\", "CN=Example\\, Inc. \\+ \\\"Co\\\" \\<x\\>\\; #1 \\\\"),
        ("#1", "CN=\\#1"),
        (" padded ", "CN=\\ padded\\ "),
        ("line\r\nbreak\u{0}\u{7f}", "CN=line\\0d\\0abreak\\00\\7f"),
        ("next\u{85}line", "CN=next\\c2\\85line"),
        ("Müller 日本 =/", "CN=Müller 日本 =/"),
    ] {
        assert_eq!(made(common_name, at(0), DAY).unwrap().subject(), shown);
    }
}

/// A signer with an ECDSA key, as a module would be.
struct Module(p256::ecdsa::SigningKey);

impl Signer for Module {
    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::EcdsaSha256
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        let signature: p256::ecdsa::Signature = p256::ecdsa::signature::Signer::try_sign(&self.0, message)?;
        Ok(signature.to_bytes().to_vec())
    }
}

fn module() -> (Module, PublicKey) {
    use p256::pkcs8::DecodePrivateKey as _;
    let key = p256::ecdsa::SigningKey::from_pkcs8_pem(include_str!("fixtures/p256.pem")).unwrap();
    let public = Certificate::from_pem(include_str!("fixtures/p256.crt")).unwrap().public_key().unwrap().clone();
    (Module(key), public)
}

#[test]
fn any_signer_makes_a_certificate() {
    let to_make = SelfSigned::new("idp.example.com", at(1_795_462_487), DAY, [3; 16]);
    let longer = rsa().with_algorithm(SignatureAlgorithm::RsaSha512).unwrap();
    let certificate = to_make.sign(&longer, &longer.public_key()).unwrap();
    assert!(certificate.is_self_signed());
    assert_ne!(certificate, to_make.sign(&rsa(), &rsa().public_key()).unwrap());

    let (module, key) = module();
    let certificate = to_make.sign(&module, &key).unwrap();
    assert!(certificate.is_self_signed());
    let key = RustCryptoVerifier.verifying_key(certificate.public_key().unwrap()).unwrap();
    assert!(key.is_valid(SignatureAlgorithm::EcdsaSha256, b"message", &module.sign(b"message").unwrap()));

    #[cfg(feature = "aws-lc-rs")]
    {
        let signer = idbridge_saml::AwsLcSigner::from_pem(RSA).unwrap();
        assert_eq!(to_make.sign(&signer, &signer.public_key()).unwrap(), to_make.sign(&rsa(), &rsa().public_key()).unwrap());
    }
}

/// What `openssl` answers, or nothing where it is not installed.
fn openssl(arguments: &[&str], input: &str) -> Option<String> {
    let child = Command::new("openssl").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        println!("the program openssl is not here: its opinion was not asked");
        return None;
    };
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "openssl {arguments:?}: {told}");
    Some(told)
}

#[test]
fn openssl_agrees_with_certificates_that_are_made() {
    let now = at(1_795_462_487);
    let (module, module_key) = module();
    let to_make = SelfSigned::new("idp.example.com, Müller", now, 36_500 * DAY, [0xfe; 16]);
    for (name, certificate, algorithm) in [
        ("rsa", to_make.sign(&rsa(), &rsa().public_key()).unwrap(), "sha256WithRSAEncryption"),
        ("ecdsa", to_make.sign(&module, &module_key).unwrap(), "ecdsa-with-SHA256"),
    ] {
        let Some(text) = openssl(&["x509", "-noout", "-text", "-nameopt", "RFC2253,utf8,-esc_msb"], &certificate.to_pem()) else {
            return;
        };
        for expected in [
            "Version: 3 (0x2)",
            "fe:fe:fe:fe:fe:fe:fe:fe:fe:fe:fe:fe:fe:fe:fe:fe",
            "Issuer: CN=idp.example.com\\, Müller",
            "Subject: CN=idp.example.com\\, Müller",
            "Not Before: Nov 23 19:34:47 2026 GMT",
            "Not After : Oct 30 19:34:47 2126 GMT",
            "X509v3 Basic Constraints: critical\n                CA:FALSE",
            "X509v3 Key Usage: critical\n                Digital Signature\n",
            "X509v3 Subject Key Identifier: \n",
            &format!("Signature Algorithm: {algorithm}"),
        ] {
            assert!(text.contains(expected), "{expected}\n{text}");
        }
        let file = format!("{}/{name}.pem", env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(&file, certificate.to_pem()).unwrap();
        let verified = openssl(&["verify", "-attime", "1795462488", "-check_ss_sig", "-CAfile", &file, &file], "");
        assert_eq!(verified.unwrap(), format!("{file}: OK\n"));
        let fingerprint = openssl(&["x509", "-noout", "-fingerprint", "-sha256", "-serial"], &certificate.to_pem()).unwrap();
        assert!(fingerprint.contains(&certificate.fingerprint_sha256()));
        assert!(fingerprint.contains(&format!("serial={}\n", certificate.serial_number())));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What is asked for is what is read back.
    #[test]
    fn what_is_made_is_read_back(
        common_name in "[^\\\\]{1,64}",
        not_before in 0..200_000_000_000_u64,
        valid_for in 1..50_000_000_000_u64,
        serial in any::<[u8; 16]>(),
    ) {
        prop_assume!(serial != [0; 16]);
        let (module, key) = module();
        let to_make = SelfSigned::new(common_name.as_str(), at(not_before), Duration::from_secs(valid_for), serial);
        let certificate = to_make.sign(&module, &key).unwrap();
        prop_assert!(certificate.is_self_signed());
        prop_assert_eq!((certificate.not_before(), certificate.not_after()), (at(not_before), at(not_before + valid_for)));
        prop_assert_eq!(certificate.public_key().unwrap(), &key);
        let digits: String = serial.iter().skip_while(|byte| **byte == 0).map(|byte| format!("{byte:02X}")).collect();
        prop_assert_eq!(certificate.serial_number(), digits);
        prop_assert!(certificate.subject().chars().all(|character| !character.is_control()));
        prop_assert_eq!(Certificate::from_base64(&certificate.to_base64()).unwrap(), certificate);
    }

    /// Bytes from anywhere are a certificate or an error, and no panic; what is one can be printed.
    #[test]
    fn any_bytes_are_a_certificate_or_an_error(at in 0..826_usize, to in any::<u8>(), rest in 0..=826_usize) {
        let mut der = certificate().der().to_vec();
        der[at] = to;
        if rest > at {
            der.truncate(rest);
        }
        if let Ok(certificate) = Certificate::from_der(&der) {
            let _ = (format!("{certificate:?}"), certificate.serial_number(), certificate.is_self_signed(), certificate.public_key().is_ok());
            prop_assert_eq!(certificate.der(), der);
        }
    }
}
