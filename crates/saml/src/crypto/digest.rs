//! Digests.

use std::fmt;
use std::ops::Deref;

/// How a digest is computed: the values of `DigestMethod` that this crate knows.
///
/// # Examples
///
/// ```
/// use idbridge_saml::DigestAlgorithm;
///
/// assert_eq!(DigestAlgorithm::Sha256.uri(), "http://www.w3.org/2001/04/xmlenc#sha256");
/// assert_eq!(DigestAlgorithm::from_uri("http://www.w3.org/2001/04/xmldsig-more#md5"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// SHA-256, 32 bytes.
    Sha256,
    /// SHA-384, 48 bytes.
    Sha384,
    /// SHA-512, 64 bytes.
    Sha512,
    /// SHA-1, 20 bytes, for which two documents with one digest can be computed.
    DangerousSha1,
}

impl DigestAlgorithm {
    const ALL: [Self; 4] = [Self::Sha256, Self::Sha384, Self::Sha512, Self::DangerousSha1];

    /// The URI that `DigestMethod` has for it.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Self::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
            Self::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
            Self::DangerousSha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
        }
    }

    /// The algorithm that has this URI, compared byte by byte.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.uri() == uri)
    }

    /// The digest of all `parts`, one behind the other.
    pub(crate) fn digest(self, parts: &[&[u8]]) -> Digest {
        match self {
            Self::Sha256 => Digest::of::<sha2::Sha256>(parts),
            Self::Sha384 => Digest::of::<sha2::Sha384>(parts),
            Self::Sha512 => Digest::of::<sha2::Sha512>(parts),
            Self::DangerousSha1 => Digest::of::<sha1::Sha1>(parts),
        }
    }
}

/// The bytes of a digest, without a heap allocation.
#[derive(Clone, Copy)]
pub(crate) struct Digest {
    bytes: [u8; 64],
    length: usize,
}

impl Digest {
    fn of<D: sha2::Digest>(parts: &[&[u8]]) -> Self {
        let mut state = D::new();
        parts.iter().for_each(|part| state.update(part));
        let output = state.finalize();
        let mut bytes = [0; 64];
        // Every output is at most 64 bytes long.
        bytes.iter_mut().zip(output.iter()).for_each(|(to, from)| *to = *from);
        Self { bytes, length: output.len() }
    }
}

impl Deref for Digest {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Digest {}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(")?;
        self.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4, the message "abc".
    #[test]
    fn digests_of_a_message_in_parts() {
        for (algorithm, length, expected) in [
            (DigestAlgorithm::Sha256, 32, "Digest(ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad)"),
            (
                DigestAlgorithm::Sha384,
                48,
                "Digest(cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7)",
            ),
            (
                DigestAlgorithm::Sha512,
                64,
                "Digest(ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f)",
            ),
            (DigestAlgorithm::DangerousSha1, 20, "Digest(a9993e364706816aba3e25717850c26c9cd0d89d)"),
        ] {
            let digest = algorithm.digest(&[b"a", b"", b"bc"]);
            assert_eq!((digest.len(), format!("{digest:?}").as_str()), (length, expected), "{algorithm:?}");
            assert_eq!(digest, algorithm.digest(&[b"abc"]));
            assert_ne!(digest, algorithm.digest(&[b"abd"]));
            assert_eq!(DigestAlgorithm::from_uri(algorithm.uri()), Some(algorithm));
        }
    }
}
