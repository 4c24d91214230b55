//! A key with its certificate.

use std::fmt;
use std::sync::Arc;

use crate::crypto::{Certificate, RustCryptoVerifier, SignatureAlgorithm, Signer, Verifier};
use crate::dsig::check_signs;
use crate::error::{Error, ErrorKind};

/// A signer and the certificate of its key, which belong together.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use idbridge_saml::{Credential, RsaBits, RsaSigner, SelfSigned};
///
/// let signer = RsaSigner::generate(RsaBits::Rsa2048)?;
/// let year = Duration::from_secs(365 * 24 * 60 * 60);
/// let certificate = SelfSigned::new("idp.example.com", SystemTime::UNIX_EPOCH, year, [7; 16]).sign(&signer, &signer.public_key())?;
/// let credential = Credential::new(signer, certificate)?;
/// assert_eq!(credential.certificate().subject(), "CN=idp.example.com");
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Clone)]
pub struct Credential {
    signer: Arc<dyn Signer + Send + Sync>,
    certificate: Certificate,
    encoded: Arc<str>,
}

impl Credential {
    /// Puts the two together. A probe is signed and verified, so that a key and a certificate that do not belong together are found here, and
    /// not by the first person who logs in.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] for a signer by SHA-1, [`ErrorKind::Caller`] if it cannot sign, and [`ErrorKind::Key`] if the certificate does not
    /// verify what it signs, or has an RSA key of less than 2,048 bits.
    pub fn new(signer: impl Signer + Send + Sync + 'static, certificate: Certificate) -> Result<Self, Error> {
        const PROBE: &[u8] = b"idbridge: does this key belong to this certificate?";
        let algorithm = signer.algorithm();
        if algorithm == SignatureAlgorithm::DangerousRsaSha1 {
            return Err(Error::whole(ErrorKind::Misuse { reason: "nothing is signed by SHA-1; choose RSA-SHA256".to_owned() }));
        }
        let key = RustCryptoVerifier.verifying_key(check_signs(&certificate)?)?;
        let signature = sign(&signer, PROBE)?;
        if !key.is_valid(algorithm, PROBE, &signature) {
            let reason = "its public key does not verify what the signer signs; the two do not belong together".to_owned();
            return Err(Error::whole(ErrorKind::Key { what: "certificate", reason }));
        }
        let encoded = certificate.to_base64().into();
        Ok(Self { signer: Arc::new(signer), certificate, encoded })
    }

    /// The certificate, for metadata.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The algorithm that is signed by.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.signer.algorithm()
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        sign(&*self.signer, message)
    }

    pub(crate) fn encoded_certificate(&self) -> Arc<str> {
        Arc::clone(&self.encoded)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

fn sign(signer: &dyn Signer, message: &[u8]) -> Result<Vec<u8>, Error> {
    signer.sign(message).map_err(|error| Error::whole(ErrorKind::Caller { what: "the signer", reason: error.to_string() }))
}
