//! Keys, what signs with them, and what verifies.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::error::Error as _;
use std::sync::Arc;

use base64ct::{Base64, Encoding as _};
use idbridge_saml::{
    Certificate, DigestAlgorithm, Error, ErrorKind, KeyKind, Location, PublicKey, RsaBits, RsaSigner, RustCryptoVerifier, SelfSigned,
    SignatureAlgorithm, Signer, Verifier, VerifyingKey,
};
use proptest::prelude::*;

const RSA: &str = include_str!("fixtures/rsa2048.pem");
const RSA_PKCS1: &str = include_str!("fixtures/rsa2048.pkcs1.pem");
const RSA_CERTIFICATE: &str = include_str!("fixtures/rsa2048.crt");
const MESSAGE: &[u8] = b"idbridge";

const ALGORITHMS: [SignatureAlgorithm; 6] = [
    SignatureAlgorithm::RsaSha256,
    SignatureAlgorithm::RsaSha384,
    SignatureAlgorithm::RsaSha512,
    SignatureAlgorithm::EcdsaSha256,
    SignatureAlgorithm::EcdsaSha384,
    SignatureAlgorithm::DangerousRsaSha1,
];

fn verifiers() -> Vec<Box<dyn Verifier>> {
    vec![
        Box::new(RustCryptoVerifier),
        #[cfg(feature = "aws-lc-rs")]
        Box::new(idbridge_saml::AwsLcVerifier),
    ]
}

fn signers(pem: &str) -> Vec<Box<dyn Signer>> {
    vec![
        Box::new(RsaSigner::from_pem(pem).unwrap()),
        #[cfg(feature = "aws-lc-rs")]
        Box::new(idbridge_saml::AwsLcSigner::from_pem(pem).unwrap()),
    ]
}

fn key_of(name: &str) -> PublicKey {
    let certificate = match name {
        "rsa2048" => RSA_CERTIFICATE,
        "rsa1024" => include_str!("fixtures/rsa1024.crt"),
        "p256" => include_str!("fixtures/p256.crt"),
        "p384" => include_str!("fixtures/p384.crt"),
        _ => panic!("no fixture {name}"),
    };
    Certificate::from_pem(certificate).unwrap().public_key().unwrap().clone()
}

/// The signatures of another implementation: the key's name, the algorithm, the bytes.
fn signatures() -> Vec<(String, SignatureAlgorithm, Vec<u8>)> {
    let line = |line: &str| {
        let parts: Vec<&str> = line.split(' ').collect();
        let algorithm = ALGORITHMS.into_iter().find(|algorithm| format!("{algorithm:?}") == parts[1]).unwrap();
        (parts[0].to_owned(), algorithm, Base64::decode_vec(parts[2]).unwrap())
    };
    include_str!("fixtures/signatures.txt").lines().map(line).collect()
}

fn der_of(pem: &str) -> Vec<u8> {
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    Base64::decode_vec(&base64).unwrap()
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", Base64::encode_string(der))
}

/// One element of DER.
fn element(tag: u8, content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    let mut element = vec![tag];
    match u8::try_from(content.len()) {
        Ok(length @ ..0x80) => element.push(length),
        Ok(length) => element.extend([0x81, length]),
        _ => {
            element.push(0x82);
            element.extend(u16::try_from(content.len()).unwrap().to_be_bytes());
        }
    }
    element.extend(content);
    element
}

fn number(bytes: &[u8]) -> Vec<u8> {
    element(2, &[&[0][..usize::from(bytes[0] >= 0x80)], bytes])
}

/// `algorithm` with `parameters`, and a public key of these bits.
fn info(algorithm: &[u8], parameters: &[u8], key: &[u8]) -> Vec<u8> {
    element(0x30, &[&element(0x30, &[&element(6, &[algorithm]), parameters]), &element(3, &[&[0], key])])
}

const RSA_IDENTIFIER: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
const EC_IDENTIFIER: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
const P256_IDENTIFIER: &[u8] = b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";

fn rsa_info(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    info(RSA_IDENTIFIER, &[5, 0], &element(0x30, &[&number(modulus), &number(exponent)]))
}

/// A modulus of so many bytes, which nobody knows the factors of.
fn modulus(bytes: usize) -> Vec<u8> {
    vec![0xff; bytes]
}

fn told(table: Vec<(Error, &str)>) {
    for (error, message) in table {
        assert_eq!(error.to_string(), message);
        assert!(error.source().is_none());
    }
}

#[test]
fn a_key_is_the_same_however_it_is_written() {
    let signer = RsaSigner::from_pem(RSA).unwrap();
    let lines: Vec<&str> = RSA.lines().collect();
    for pem in [
        RSA_PKCS1.to_owned(),
        lines.join("\r\n"),
        lines.join("\r"),
        lines.join(" "),
        format!("\u{feff}{RSA}"),
        format!("Bag Attributes\n    friendlyName: idp\nKey Attributes: <No Attributes>\n{RSA}\n\nbehind"),
    ] {
        assert_eq!(RsaSigner::from_pem(&pem).unwrap().to_pem().expose(), RSA, "{pem}");
    }
    assert_eq!(signer.to_pem().expose(), RSA);
    assert_eq!(RsaSigner::from_der(&der_of(RSA)).unwrap().public_key(), signer.public_key());
    assert_eq!(signer.public_key(), key_of("rsa2048"));
}

#[test]
fn a_key_that_is_made_is_read_back() {
    for (bits, count) in [(RsaBits::Rsa2048, 2048), (RsaBits::Rsa3072, 3072)] {
        let signer = RsaSigner::generate(bits).unwrap();
        assert_eq!((signer.public_key().kind(), signer.public_key().bits()), (KeyKind::Rsa, count));
        let again = RsaSigner::from_pem(signer.to_pem().expose()).unwrap();
        assert_eq!(again.public_key(), signer.public_key());
        assert_ne!(RsaSigner::from_pem(RSA).unwrap().public_key(), signer.public_key());
    }
}

#[test]
fn private_keys_that_are_refused_and_why() {
    let refused = |text: &str| RsaSigner::from_pem(text).unwrap_err();
    let from_der = |der: &[u8]| RsaSigner::from_der(der).unwrap_err();
    let key = der_of(RSA);
    let replaced = |from: &[u8], to: u8| {
        let mut der = key.clone();
        let at = der.windows(from.len()).position(|window| window == from).unwrap() + from.len() - 1;
        der[at] = to;
        der
    };
    let mut changed = key.clone();
    *changed.last_mut().unwrap() ^= 1;
    let mut inconsistent = key.clone();
    inconsistent[400] ^= 1;
    let small = number(&[3]);
    let numbers =
        |modulus: &[u8]| element(0x30, &[&number(&[0]), &number(modulus), &small, &small, &small, &small, &small, &small, &small]);
    told(vec![
        (refused(""), "invalid PEM: expected -----BEGIN PRIVATE KEY-----, found no block"),
        (refused("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"), "invalid PEM: expected -----BEGIN PRIVATE KEY-----, found no block"),
        (
            refused(&RSA.replace("-----END PRIVATE KEY-----", "")),
            "invalid PEM: the block PRIVATE KEY does not end with -----END PRIVATE KEY----- at byte 0",
        ),
        (
            refused(&RSA.replace("END PRIVATE", "END RSA PRIVATE")),
            "invalid PEM: the block PRIVATE KEY does not end with -----END PRIVATE KEY----- at byte 0",
        ),
        (refused(&RSA.replace("KEY-----\n", "KEY---\n")), "invalid PEM: a block begins without a label at byte 0"),
        (refused("text\n-----BEGIN -----\n-----END -----\n"), "invalid PEM: a block begins without a label at byte 5"),
        (
            refused(&format!("{RSA}{RSA_CERTIFICATE}")),
            "invalid PEM: expected one block, found PRIVATE KEY and behind it CERTIFICATE at byte 1704",
        ),
        (refused(RSA_CERTIFICATE), "invalid PEM: expected a block PRIVATE KEY or RSA PRIVATE KEY, found CERTIFICATE"),
        (refused(&RSA.replace('\n', "\\n")), "invalid base64: a backslash; were the ends of lines escaped? at byte 27"),
        (refused(&RSA.replacen("MII", "M!I", 1)), "invalid base64: this is no character of base64 at byte 29"),
        (refused(&RSA.replacen("MII", "MI", 1)), "invalid base64: it is cut off, or its padding is missing or misplaced"),
        (refused(&" ".repeat(65_537)), "too much: at most 65536 bytes of PEM"),
        (from_der(&[0x30; 65_537]), "too much: at most 65536 bytes of a private key"),
        (
            refused(include_str!("fixtures/rsa2048.encrypted.pem")),
            "unusable RSA private key: it is encrypted, and passwords are not asked for here: decrypt it first, for example with openssl pkey -in key.pem",
        ),
        (
            refused(include_str!("fixtures/rsa2048.pkcs1.encrypted.pem")),
            "unusable RSA private key: it is encrypted, and passwords are not asked for here: decrypt it first, for example with openssl pkey -in key.pem",
        ),
        (refused(include_str!("fixtures/p256.pem")), "unusable RSA private key: it is a key of another algorithm, that of elliptic curves"),
        (refused(include_str!("fixtures/ed25519.pem")), "unusable RSA private key: it is a key of another algorithm, 1.3.101.112"),
        (from_der(&replaced(RSA_IDENTIFIER, 10)), "unusable RSA private key: it is a key of another algorithm, RSASSA-PSS"),
        (refused(include_str!("fixtures/rsa1024.pem")), "unusable RSA private key: it has 1024 bits; 2048 to 8192 are signed with"),
        (
            refused(&pem("RSA PRIVATE KEY", &numbers(&modulus(1025)))),
            "unusable RSA private key: it has 8200 bits; 2048 to 8192 are signed with",
        ),
        (
            refused(&pem("RSA PRIVATE KEY", &numbers(&modulus(256)))),
            "unusable RSA private key: its numbers do not belong together, or are more than two primes",
        ),
        (from_der(&inconsistent), "unusable RSA private key: its numbers do not belong together, or are more than two primes"),
        (from_der(&key[1..]), "unusable RSA private key: it is not the DER of PKCS#8"),
        (from_der(&[&key[..], &[0]].concat()), "unusable RSA private key: it is not the DER of PKCS#8"),
        (from_der(&der_of(RSA_PKCS1)), "unusable RSA private key: it is not the DER of PKCS#8"),
        (refused(&pem("RSA PRIVATE KEY", &key)), "unusable RSA private key: it is not the DER of PKCS#1"),
    ]);
    // The last number is not needed, and computed anew.
    assert_eq!(RsaSigner::from_der(&changed).unwrap().to_pem().expose(), RSA);
}

/// RFC 8017 section 8.2: PKCS#1 v1.5 is deterministic, so that another implementation makes the same bytes.
#[test]
fn signatures_are_those_of_openssl() {
    let made: Vec<_> = signatures().into_iter().filter(|(key, ..)| key == "rsa2048").collect();
    for (_, algorithm, expected) in made {
        let signer = RsaSigner::from_pem(RSA).unwrap();
        let Ok(signer) = signer.with_algorithm(algorithm) else {
            assert_eq!(algorithm, SignatureAlgorithm::DangerousRsaSha1);
            continue;
        };
        assert_eq!(signer.algorithm(), algorithm);
        assert_eq!(signer.sign(MESSAGE).unwrap(), expected);
        #[cfg(feature = "aws-lc-rs")]
        {
            let signer = idbridge_saml::AwsLcSigner::new(&signer).unwrap();
            assert_eq!((signer.algorithm(), signer.sign(MESSAGE).unwrap()), (algorithm, expected));
        }
    }
}

#[test]
fn signatures_of_openssl_are_valid_and_nothing_near_them_is() {
    for verifier in verifiers() {
        for (name, algorithm, signature) in signatures() {
            let key = verifier.verifying_key(&key_of(&name)).unwrap();
            assert!(key.is_valid(algorithm, MESSAGE, &signature), "{key:?} {algorithm:?}");
            assert!(!key.is_valid(algorithm, b"idbridgf", &signature));
            assert!(!key.is_valid(algorithm, b"", &signature));
            for other in ALGORITHMS.into_iter().filter(|other| *other != algorithm) {
                assert!(!key.is_valid(other, MESSAGE, &signature), "{key:?} {algorithm:?} {other:?}");
            }
            for length in [0, 1, signature.len() / 2, signature.len() - 1] {
                assert!(!key.is_valid(algorithm, MESSAGE, &signature[..length]));
            }
            assert!(!key.is_valid(algorithm, MESSAGE, &[&signature[..], &[0]].concat()));
            assert!(!key.is_valid(algorithm, MESSAGE, &[&[0], &signature[..]].concat()));
            assert!(!key.is_valid(algorithm, MESSAGE, &vec![0; signature.len()]));
            assert!(!key.is_valid(algorithm, MESSAGE, &vec![0xff; signature.len()]));
        }
    }
}

#[test]
fn a_signature_is_valid_for_its_own_key_alone() {
    for verifier in verifiers() {
        for (name, algorithm, signature) in signatures() {
            for other in ["rsa2048", "rsa1024", "p256", "p384"].into_iter().filter(|other| *other != name) {
                assert!(!verifier.verifying_key(&key_of(other)).unwrap().is_valid(algorithm, MESSAGE, &signature), "{name} {other}");
            }
        }
    }
}

#[test]
fn nothing_signs_with_sha_1_or_with_another_keys_algorithm() {
    let with = |algorithm| RsaSigner::from_pem(RSA).unwrap().with_algorithm(algorithm).unwrap_err();
    told(vec![
        (
            with(SignatureAlgorithm::DangerousRsaSha1),
            "the algorithm http://www.w3.org/2000/09/xmldsig#rsa-sha1 is not accepted: it is too weak",
        ),
        (with(SignatureAlgorithm::EcdsaSha256), "an RSA key does not sign with http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"),
    ]);
    #[cfg(feature = "aws-lc-rs")]
    {
        let signer = idbridge_saml::AwsLcSigner::from_pem(RSA).unwrap();
        assert_eq!(signer.public_key(), key_of("rsa2048"));
        assert!(signer.clone().with_algorithm(SignatureAlgorithm::DangerousRsaSha1).is_err());
        let longer = signer.with_algorithm(SignatureAlgorithm::RsaSha384).unwrap();
        let key = RustCryptoVerifier.verifying_key(&longer.public_key()).unwrap();
        assert!(key.is_valid(SignatureAlgorithm::RsaSha384, MESSAGE, &longer.sign(MESSAGE).unwrap()));
    }
}

#[test]
fn public_keys_that_are_refused_and_why() {
    let from_der = |der: &[u8]| PublicKey::from_der(der).unwrap_err();
    let from_pem = |text: &str| PublicKey::from_pem(text).unwrap_err();
    let e = &[1, 0, 1][..];
    let exponent = "unusable public key: its RSA modulus is even, or its exponent is even, below 3 or longer than 33 bits";
    let mut even = modulus(256);
    even[255] = 0xfe;
    let point = [&[4][..], &[7; 64]].concat();
    told(vec![
        (from_pem(""), "invalid PEM: expected -----BEGIN PUBLIC KEY-----, found no block"),
        (from_pem(RSA), "invalid PEM: expected a block PUBLIC KEY, found PRIVATE KEY"),
        (from_der(&[0; 65_537]), "too much: at most 65536 bytes of a public key"),
        (from_der(b""), "invalid DER: ASN.1 DER message is incomplete: expected 1, actual 0 at byte 0"),
        (from_der(&[0x30, 0x80]), "invalid DER: indefinite length disallowed/malformed at byte 2"),
        (
            from_der(&[rsa_info(&modulus(256), e), vec![0]].concat()),
            "invalid DER: trailing data at end of DER message: decoded 294 bytes, 1 bytes remaining at byte 294",
        ),
        (from_der(&rsa_info(&modulus(127), e)), "unusable public key: its RSA modulus has 1016 bits; 1024 to 8192 are known"),
        (from_der(&rsa_info(&modulus(1025), e)), "unusable public key: its RSA modulus has 8200 bits; 1024 to 8192 are known"),
        (from_der(&rsa_info(&even, e)), exponent),
        (from_der(&rsa_info(&modulus(256), &[1])), exponent),
        (from_der(&rsa_info(&modulus(256), &[2])), exponent),
        (from_der(&rsa_info(&modulus(256), &[1, 0, 0, 0, 0, 1, 1])), exponent),
        (from_der(&info(RSA_IDENTIFIER, &[], &[])), "unusable public key: its RSA algorithm has other parameters than NULL"),
        (from_der(&info(RSA_IDENTIFIER, &[5, 0], &[1])), "unusable public key: it holds no RSA key"),
        (
            from_der(&info(b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", &[], &[])),
            "unusable public key: it is for RSASSA-PSS only; RSA with PKCS#1 v1.5 is known",
        ),
        (from_der(&info(b"\x2b\x65\x70", &[], &[1; 32])), "unusable public key: its algorithm is 1.3.101.112; RSA and ECDSA are known"),
        (
            from_der(&info(EC_IDENTIFIER, b"\x06\x05\x2b\x81\x04\x00\x0a", &point)),
            "unusable public key: its curve is 1.3.132.0.10; P-256 and P-384 are known",
        ),
        (from_der(&info(EC_IDENTIFIER, &[0x30, 0], &point)), "unusable public key: its curve has no name; P-256 and P-384 are known"),
        (
            from_der(&info(EC_IDENTIFIER, P256_IDENTIFIER, &point)),
            "unusable public key: its point is not on its curve, or is not encoded as it must be",
        ),
        (
            // The point at infinity, with which any signature could be made.
            from_der(&info(EC_IDENTIFIER, P256_IDENTIFIER, &[0])),
            "unusable public key: its point is not on its curve, or is not encoded as it must be",
        ),
    ]);
    // What is just within: 1,024 bits, 8,192 bits, the exponent 3.
    for (modulus, exponent, bits) in [(modulus(128), e, 1024), (modulus(1024), e, 8192), (modulus(256), &[3][..], 2048)] {
        let key = PublicKey::from_der(&rsa_info(&modulus, exponent)).unwrap();
        assert_eq!(key.bits(), bits);
        verifiers().iter().for_each(|verifier| assert!(verifier.verifying_key(&key).is_ok(), "{key}"));
    }
}

#[test]
fn public_keys_are_written_and_read_back() {
    for (name, shown, kind, bits) in [
        ("rsa2048", "RSA with 2048 bits", KeyKind::Rsa, 2048),
        ("rsa1024", "RSA with 1024 bits", KeyKind::Rsa, 1024),
        ("p256", "ECDSA P-256", KeyKind::P256, 256),
        ("p384", "ECDSA P-384", KeyKind::P384, 384),
    ] {
        let key = key_of(name);
        assert_eq!((key.to_string().as_str(), key.kind(), key.bits()), (shown, kind, bits));
        assert_eq!(PublicKey::from_pem(&key.to_pem()).unwrap(), key);
        assert_eq!(PublicKey::from_der(&key.to_der()).unwrap().to_der(), key.to_der());
        assert_eq!(format!("{key:?}"), format!("PublicKey({shown})"));
        assert_eq!(format!("{:?}", RustCryptoVerifier.verifying_key(&key).unwrap()), format!("RustCryptoKey(PublicKey({shown}))"));
        #[cfg(feature = "aws-lc-rs")]
        assert_eq!(format!("{:?}", idbridge_saml::AwsLcVerifier.verifying_key(&key).unwrap()), format!("AwsLcKey(PublicKey({shown}))"));
    }
}

/// RFC 5480 section 2.2: a point may be written with one coordinate; it is the same key.
#[test]
fn a_compressed_point_is_the_same_key() {
    let key = key_of("p256");
    let der = key.to_der();
    let (x, y) = (&der[27..59], &der[59..]);
    let compressed = [&[2 + y[31] % 2], x].concat();
    let same = PublicKey::from_der(&info(EC_IDENTIFIER, P256_IDENTIFIER, &compressed)).unwrap();
    assert_eq!(same, key);
    let (_, algorithm, signature) = signatures().into_iter().find(|(name, ..)| name == "p256").unwrap();
    for verifier in verifiers() {
        assert!(verifier.verifying_key(&same).unwrap().is_valid(algorithm, MESSAGE, &signature));
    }
}

#[test]
fn algorithms_and_their_uris() {
    for algorithm in ALGORITHMS {
        assert_eq!(SignatureAlgorithm::from_uri(algorithm.uri()), Some(algorithm));
        assert_eq!(SignatureAlgorithm::from_uri(&algorithm.uri().to_uppercase()), None);
        assert_eq!(SignatureAlgorithm::from_uri(&format!("{} ", algorithm.uri())), None);
    }
    assert_eq!(SignatureAlgorithm::RsaSha384.digest(), DigestAlgorithm::Sha384);
    assert_eq!(SignatureAlgorithm::EcdsaSha256.digest(), DigestAlgorithm::Sha256);
    assert_eq!(SignatureAlgorithm::RsaSha512.digest(), DigestAlgorithm::Sha512);
    assert_eq!(SignatureAlgorithm::DangerousRsaSha1.digest(), DigestAlgorithm::DangerousSha1);
    // An algorithm whose length an attacker may choose, and one whose key is a secret of both.
    assert_eq!(SignatureAlgorithm::from_uri("http://www.w3.org/2000/09/xmldsig#hmac-sha1"), None);
    assert_eq!(SignatureAlgorithm::from_uri(""), None);
}

#[test]
fn signers_work_behind_pointers_and_in_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<RsaSigner>();
    shared::<PublicKey>();
    shared::<Certificate>();
    shared::<Box<dyn VerifyingKey>>();
    #[cfg(feature = "aws-lc-rs")]
    shared::<idbridge_saml::AwsLcSigner>();

    fn sign(signer: impl Signer) -> (SignatureAlgorithm, Vec<u8>) {
        (signer.algorithm(), signer.sign(MESSAGE).unwrap())
    }
    for signer in signers(RSA) {
        let expected = sign(&signer);
        let shared: Arc<dyn Signer> = Arc::from(signer);
        assert_eq!(sign(shared.clone()), expected);
        assert_eq!(sign(&*shared), expected);
        assert_eq!(sign(Box::new(shared)), expected);
    }
}

#[test]
fn nothing_that_is_printed_holds_a_key() {
    let signer = RsaSigner::from_pem(RSA).unwrap();
    let shown = "RsaSigner { key: PublicKey(RSA with 2048 bits), algorithm: RsaSha256, .. }";
    assert_eq!(format!("{signer:?}"), shown);
    assert_eq!(format!("{:?}", signer.to_pem()), "PrivateKeyPem(..)");
    #[cfg(feature = "aws-lc-rs")]
    assert_eq!(format!("{:?}", idbridge_saml::AwsLcSigner::new(&signer).unwrap()), shown.replacen("RsaSigner", "AwsLcSigner", 1));
}

/// A signer whose own error becomes the reason, and one with a key of somebody else.
#[test]
fn a_signer_that_fails_is_told_by_its_own_words() {
    struct Broken;
    impl Signer for Broken {
        fn algorithm(&self) -> SignatureAlgorithm {
            SignatureAlgorithm::RsaSha256
        }

        fn sign(&self, _: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
            Err("the module is locked".into())
        }
    }
    let now = std::time::SystemTime::UNIX_EPOCH;
    let to_make = SelfSigned::new("idp", now, std::time::Duration::from_secs(60), [1; 16]);
    let error = to_make.sign(&Broken, &key_of("rsa2048")).unwrap_err();
    told(vec![(error.clone(), "the signer failed: the module is locked")]);
    assert!(matches!(error.kind(), ErrorKind::Caller { .. }));
    assert_eq!(error.at(), &Location::Whole);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is changed in a key file, the error does not quote it, and no key comes of it that is not one.
    #[test]
    fn a_damaged_key_file_is_not_quoted(at in 0..RSA.len(), to in "[ -~]|\n|\u{0}|é", cut in any::<bool>()) {
        let damaged = if cut { RSA[..at].to_owned() } else { format!("{}{to}{}", &RSA[..at], &RSA[at + 1..]) };
        match RsaSigner::from_pem(&damaged) {
            Ok(signer) => prop_assert!(signer.to_pem().expose() == RSA),
            Err(error) => {
                let message = format!("{error} {error:?}");
                // Eight characters in a row from anywhere in the key would be too much.
                let key: String = RSA.lines().filter(|line| !line.starts_with('-')).collect();
                prop_assert!(!(0..key.len() - 8).any(|from| message.contains(&key[from..from + 8])), "{}", message);
            }
        }
    }

    /// Bytes from anywhere are a key or an error, and no panic; a key that is one can be prepared and asked.
    #[test]
    fn any_bytes_are_a_key_or_an_error(at in 0..294_usize, xor in 1..=255_u8, length in 0..=294_usize) {
        let mut der = key_of("rsa2048").to_der();
        der[at] ^= xor;
        der.truncate(length.max(at + 1));
        if let Ok(key) = PublicKey::from_der(&der) {
            for verifier in verifiers() {
                if let Ok(key) = verifier.verifying_key(&key) {
                    prop_assert!(!key.is_valid(SignatureAlgorithm::RsaSha256, MESSAGE, &[1; 256]));
                }
            }
        }
    }

    /// What either signs, each verifies, and after any change of a bit none does.
    #[test]
    fn what_is_signed_is_valid_until_it_is_changed(message in prop::collection::vec(any::<u8>(), 0..200), bit in 0..2048_usize) {
        for signer in signers(RSA) {
            let signature = signer.sign(&message).unwrap();
            let mut changed = signature.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            for verifier in verifiers() {
                let key = verifier.verifying_key(&key_of("rsa2048")).unwrap();
                prop_assert!(key.is_valid(SignatureAlgorithm::RsaSha256, &message, &signature));
                prop_assert!(!key.is_valid(SignatureAlgorithm::RsaSha256, &message, &changed));
            }
        }
    }
}
