//! The object identifiers of the algorithms, as keys and certificates have them.

use x509_cert::der::asn1::ObjectIdentifier;

use super::SignatureAlgorithm;

/// `rsaEncryption` (RFC 8017 appendix A.1).
pub(super) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// `id-RSASSA-PSS` (RFC 8017 appendix A.2.3): a key for another padding than the one of this crate.
pub(super) const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
/// `id-ecPublicKey` (RFC 5480 section 2.1.1).
pub(super) const ELLIPTIC_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// `secp256r1`, P-256.
pub(super) const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
/// `secp384r1`, P-384.
pub(super) const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
/// `id-at-commonName`.
pub(super) const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// The identifier of a certificate's signature of this algorithm (RFC 4055, RFC 5758, RFC 3279).
pub(super) const fn of_signature(algorithm: SignatureAlgorithm) -> ObjectIdentifier {
    match algorithm {
        SignatureAlgorithm::RsaSha256 => ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11"),
        SignatureAlgorithm::RsaSha384 => ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12"),
        SignatureAlgorithm::RsaSha512 => ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13"),
        SignatureAlgorithm::EcdsaSha256 => ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"),
        SignatureAlgorithm::EcdsaSha384 => ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3"),
        SignatureAlgorithm::DangerousRsaSha1 => ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5"),
    }
}

/// The algorithm of a certificate's signature.
pub(super) fn signature(identifier: ObjectIdentifier) -> Option<SignatureAlgorithm> {
    SignatureAlgorithm::ALL.into_iter().find(|algorithm| of_signature(*algorithm) == identifier)
}
