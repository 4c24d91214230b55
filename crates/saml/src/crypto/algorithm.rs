//! Signature algorithms.

use super::DigestAlgorithm;

/// How a signature over bytes is made: the values of `SignatureMethod` that this crate knows.
///
/// An RSA signature is PKCS#1 v1.5 ([RFC 8017] section 8.2), an ECDSA signature is r and s of the curve's length one behind the other ([RFC 4051]
/// section 2.3.6, not the DER of certificates), for curves P-256 and P-384 with either digest.
///
/// # Security
///
/// [`DangerousRsaSha1`](Self::DangerousRsaSha1) can be computed, so that a caller may decide to believe it; nothing in this crate makes such a
/// signature, or believes one without being told.
///
/// # Examples
///
/// ```
/// use idbridge_saml::SignatureAlgorithm;
///
/// let algorithm = SignatureAlgorithm::from_uri("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
/// assert_eq!(algorithm, Some(SignatureAlgorithm::RsaSha256));
/// assert_eq!(SignatureAlgorithm::from_uri("http://www.w3.org/2000/09/xmldsig#hmac-sha1"), None);
/// ```
///
/// [RFC 4051]: https://www.rfc-editor.org/rfc/rfc4051
/// [RFC 8017]: https://www.rfc-editor.org/rfc/rfc8017
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// RSA with SHA-256, the algorithm that every party knows.
    RsaSha256,
    /// RSA with SHA-384.
    RsaSha384,
    /// RSA with SHA-512.
    RsaSha512,
    /// ECDSA with SHA-256.
    EcdsaSha256,
    /// ECDSA with SHA-384.
    EcdsaSha384,
    /// RSA with SHA-1, for which two documents with one signature can be computed.
    DangerousRsaSha1,
}

impl SignatureAlgorithm {
    pub(super) const ALL: [Self; 6] =
        [Self::RsaSha256, Self::RsaSha384, Self::RsaSha512, Self::EcdsaSha256, Self::EcdsaSha384, Self::DangerousRsaSha1];

    /// The URI that `SignatureMethod` and the query parameter `SigAlg` have for it.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::RsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Self::RsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            Self::RsaSha512 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
            Self::EcdsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            Self::EcdsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
            Self::DangerousRsaSha1 => "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        }
    }

    /// The algorithm that has this URI, compared byte by byte.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.uri() == uri)
    }

    /// The digest that is signed.
    #[must_use]
    pub const fn digest(self) -> DigestAlgorithm {
        match self {
            Self::RsaSha256 | Self::EcdsaSha256 => DigestAlgorithm::Sha256,
            Self::RsaSha384 | Self::EcdsaSha384 => DigestAlgorithm::Sha384,
            Self::RsaSha512 => DigestAlgorithm::Sha512,
            Self::DangerousRsaSha1 => DigestAlgorithm::DangerousSha1,
        }
    }

    /// Whether its keys are RSA keys.
    pub(super) const fn is_rsa(self) -> bool {
        matches!(self, Self::RsaSha256 | Self::RsaSha384 | Self::RsaSha512 | Self::DangerousRsaSha1)
    }
}
