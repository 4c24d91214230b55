//! The key that an application signs with, and its certificate.

use std::error::Error as StdError;
use std::time::{Duration, SystemTime};

use idbridge_saml::{Certificate, Credential, RsaSigner, SelfSigned};

use crate::error::{Error, ErrorKind, of_saml};
use crate::settings::Application;

/// The certificates of an application: the one whose key signs, and a second one beside it while it changes from one to another.
#[derive(Debug, Clone, Default)]
pub(crate) struct Certificates {
    signing: Option<Credential>,
    second: Option<Credential>,
}

impl Certificates {
    pub(crate) fn credential(&self) -> Option<&Credential> {
        self.signing.as_ref()
    }

    pub(crate) fn signing(&self) -> Option<&Certificate> {
        self.signing.as_ref().map(Credential::certificate)
    }

    pub(crate) fn second(&self) -> Option<&Certificate> {
        self.second.as_ref().map(Credential::certificate)
    }
}

/// A key that was just made, and random bytes for the serial number of its certificate.
///
/// # Examples
///
/// ```no_run
/// use idbridge_application::NewKey;
/// use idbridge_saml::{RsaBits, RsaSigner};
///
/// # fn random() -> [u8; 16] { [7; 16] }
/// // `random` asks the operating system.
/// let key = NewKey::new(RsaSigner::generate(RsaBits::Rsa2048)?, random());
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct NewKey {
    signer: RsaSigner,
    serial: [u8; 16],
}

/// How long a certificate that is made here is valid: five years, as JumpCloud's are.
const VALIDITY: Duration = Duration::from_secs(5 * 365 * 86_400);

/// RFC 5280 appendix A.1: the most characters of a common name.
const LONGEST_COMMON_NAME: usize = 64;

impl NewKey {
    /// Puts the two together.
    #[must_use]
    pub fn new(signer: RsaSigner, serial: [u8; 16]) -> Self {
        Self { signer, serial }
    }

    fn certify(self, label: &str, now: SystemTime) -> Result<Credential, Error> {
        let common_name: String = label.chars().take(LONGEST_COMMON_NAME).collect();
        let certificate = SelfSigned::new(common_name.trim_end(), now, VALIDITY, self.serial).sign(&self.signer, &self.signer.public_key());
        let certificate = certificate.map_err(of_saml("certificate"))?;
        Credential::new(self.signer, certificate).map_err(of_saml("certificate"))
    }
}

/// The certificate. There is one for each application, made once at the first need. Its key goes in, and nothing gives it out again.
impl Application {
    /// The certificate whose key signs, for people to download: [`Certificate::to_pem`], [`Certificate::der`].
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificates.signing()
    }

    /// The second certificate, which is published and does not sign: the next one, or the last one.
    #[must_use]
    pub fn second_certificate(&self) -> Option<&Certificate> {
        self.certificates.second()
    }

    /// Gives the application its certificate if it has none: self-signed, from `now` on, for five years. `make` is asked for a key only then.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::KeyNotMade`] if `make` fails, and [`ErrorKind::Saml`] if no certificate can be made of what it gives.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::time::{Duration, UNIX_EPOCH};
    /// # let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
    /// # fn random() -> [u8; 16] { [7; 16] }
    /// use idbridge_application::{NewApplication, NewKey};
    /// use idbridge_saml::{RsaBits, RsaSigner};
    ///
    /// let mut application = NewApplication::saml("AWS").create(|_| false)?;
    /// let make = || Ok(NewKey::new(RsaSigner::generate(RsaBits::Rsa2048)?, random()));
    /// let fingerprint = application.ensure_certificate(now, make)?.fingerprint_sha256();
    ///
    /// let again = application.ensure_certificate(now, || Err("is not asked".into()))?;
    /// assert_eq!(again.fingerprint_sha256(), fingerprint);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn ensure_certificate(
        &mut self,
        now: SystemTime,
        make: impl FnOnce() -> Result<NewKey, Box<dyn StdError + Send + Sync>>,
    ) -> Result<&Certificate, Error> {
        let credential = match self.certificates.signing.take() {
            Some(credential) => credential,
            None => made(make)?.certify(self.label(), now)?,
        };
        Ok(self.certificates.signing.insert(credential).certificate())
    }

    /// Takes a key of the caller's own, with its certificate, as the first one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CertificateExists`] if there is one: [`publish_certificate`](Self::publish_certificate) is the way to another.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use idbridge_application::Application;
    /// use idbridge_saml::{Certificate, Credential, RsaSigner};
    ///
    /// # fn example(application: &mut Application, key: &str, certificate: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let credential = Credential::new(RsaSigner::from_pem(key)?, Certificate::from_pem(certificate)?)?;
    /// application.import_certificate(credential)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn import_certificate(&mut self, credential: Credential) -> Result<(), Error> {
        if let Some(known) = self.certificates.signing() {
            return Err(Error::new(ErrorKind::CertificateExists { fingerprint: known.fingerprint_sha256() }));
        }
        self.certificates.signing = Some(credential);
        Ok(())
    }

    /// Publishes a second certificate beside the one that signs, so that the service provider knows it before its key signs.
    ///
    /// The way from one to another: publish, [export the metadata](Self::export_metadata), let the service provider import it,
    /// [switch](Self::switch_certificate), and when all is well [retire](Self::retire_certificate) the old one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CertificateMissing`] if there is no first one, [`ErrorKind::SecondCertificateExists`] if there is a second one, and
    /// [`ErrorKind::CertificateExists`] if it is the first one.
    pub fn publish_certificate(&mut self, credential: Credential) -> Result<(), Error> {
        let signing = self.certificates.signing().ok_or_else(|| Error::new(ErrorKind::CertificateMissing))?;
        if signing == credential.certificate() {
            return Err(Error::new(ErrorKind::CertificateExists { fingerprint: signing.fingerprint_sha256() }));
        }
        if let Some(second) = self.certificates.second() {
            return Err(Error::new(ErrorKind::SecondCertificateExists { fingerprint: second.fingerprint_sha256() }));
        }
        self.certificates.second = Some(credential);
        Ok(())
    }

    /// The same, with a certificate that is made here of a new key.
    ///
    /// # Errors
    ///
    /// As of [`publish_certificate`](Self::publish_certificate), and [`ErrorKind::Saml`] if no certificate can be made.
    pub fn publish_new_certificate(&mut self, now: SystemTime, key: NewKey) -> Result<(), Error> {
        let credential = key.certify(self.label(), now)?;
        self.publish_certificate(credential)
    }

    /// Lets the second certificate's key sign, and keeps the first one beside it: whoever has not imported the second one yet can be helped by
    /// switching back.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SecondCertificateMissing`] if there is none.
    pub fn switch_certificate(&mut self) -> Result<(), Error> {
        let second = self.certificates.second.take().ok_or_else(|| Error::new(ErrorKind::SecondCertificateMissing))?;
        self.certificates.second = self.certificates.signing.replace(second);
        Ok(())
    }

    /// Takes the second certificate out, with its key, and gives back the certificate.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SecondCertificateMissing`] if there is none.
    pub fn retire_certificate(&mut self) -> Result<Certificate, Error> {
        let second = self.certificates.second.take().ok_or_else(|| Error::new(ErrorKind::SecondCertificateMissing))?;
        Ok(second.certificate().clone())
    }
}

fn made(make: impl FnOnce() -> Result<NewKey, Box<dyn StdError + Send + Sync>>) -> Result<NewKey, Error> {
    make().map_err(|error| Error::new(ErrorKind::KeyNotMade { reason: error.to_string() }))
}
