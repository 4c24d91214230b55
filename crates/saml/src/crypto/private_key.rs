//! A private key as text.

use std::fmt;

use zeroize::Zeroizing;

/// A private key in PEM, to be written to where keys are kept.
///
/// `Debug` writes `PrivateKeyPem(..)`, there is no `Display`, and the text is overwritten when it is dropped.
///
/// # Security
///
/// Whoever reads it can sign in as anybody: keep the file readable by its owner alone, and out of version control.
///
/// # Examples
///
/// ```
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.pkcs1.pem"));
/// use idbridge_saml::RsaSigner;
///
/// let pem = RsaSigner::from_pem(pem)?.to_pem();
/// assert!(pem.expose().starts_with("-----BEGIN PRIVATE KEY-----\n"));
/// assert_eq!(format!("{pem:?}"), "PrivateKeyPem(..)");
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
pub struct PrivateKeyPem(Zeroizing<String>);

impl PrivateKeyPem {
    pub(super) fn new(text: Zeroizing<String>) -> Self {
        Self(text)
    }

    /// The key in clear text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PrivateKeyPem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKeyPem(..)")
    }
}
