//! The key and its certificate: made, read and held against each other.

use std::path::Path;
use std::time::{Duration, SystemTime};

use idbridge_saml::{Certificate, Credential, RsaBits, RsaSigner, SelfSigned};

use crate::arguments::{self, KeyAndCertificate};
use crate::files::{self, Output, Readers};
use crate::{Failure, clock, random, terminal};

/// How long before its end a certificate is spoken of.
const NOTICE: Duration = Duration::from_secs(60 * 86_400);

impl KeyAndCertificate {
    /// Reads both; a finding about the certificate's validity goes to standard error.
    pub(crate) fn read(&self) -> Result<Credential, Failure> {
        let certificate = certificate(&self.certificate)?;
        let credential = Credential::new(key(&self.key)?, certificate);
        credential.map_err(|error| format!("{} and {}: {error}", self.key.display(), self.certificate.display()).into())
    }
}

/// Reads a certificate. What is to be said of its validity goes to standard error.
pub(crate) fn certificate(path: &Path) -> Result<Certificate, Failure> {
    let text = files::read_text("the certificate", path)?;
    let certificate = Certificate::from_pem(&text).map_err(|error| format!("the certificate {}: {error}", path.display()))?;
    if let Some(finding) = certificate.expiry(clock::now(), NOTICE) {
        terminal::note(&format!("sso: {}: {finding}", path.display()));
    }
    Ok(certificate)
}

/// A key and its certificate that last as long as the process.
pub(crate) fn ephemeral() -> Result<Credential, Failure> {
    let signer = RsaSigner::generate(RsaBits::Rsa2048)?;
    let certificate = self_signed(&signer, "idbridge demonstration", clock::now(), 1)?;
    Ok(Credential::new(signer, certificate)?)
}

/// `sso certificate`.
pub(crate) fn make(arguments: &arguments::Certificate) -> Result<u8, Failure> {
    let signer = match &arguments.key {
        Some(path) => key(path)?,
        None => RsaSigner::generate(RsaBits::Rsa2048)?,
    };
    let certificate = self_signed(&signer, &arguments.common_name, clock::now(), arguments.days)?;
    if arguments.key.is_none() {
        let path = arguments.key_out.clone().or_else(|| arguments.out.beside("key"));
        let path = path.ok_or("where does the new key go? Give --key-out FILE, or --key FILE for a key that is there")?;
        if arguments.out == Output::File(path.clone()) {
            return Err(format!("{} cannot be the key and the certificate", path.display()).into());
        }
        // The key first: a certificate without its key is worth nothing.
        files::create_private(&path, signer.to_pem().expose())?;
        terminal::note(&format!("The key is in {}; whoever has it is everybody at AWS, so nobody else may read it.", path.display()));
    }
    arguments.out.write(&certificate.to_pem(), Readers::Everybody)?;
    terminal::note(&format!("{}, valid for {} days, SHA-256 {}", certificate.subject(), arguments.days, certificate.fingerprint_sha256()));
    Ok(0)
}

fn key(path: &Path) -> Result<RsaSigner, Failure> {
    let text = files::read_text("the key", path)?;
    RsaSigner::from_pem(&text).map_err(|error| format!("the key {}: {error}", path.display()).into())
}

fn self_signed(signer: &RsaSigner, common_name: &str, now: SystemTime, days: u32) -> Result<Certificate, Failure> {
    let valid_for = Duration::from_secs(u64::from(days) * 86_400);
    Ok(SelfSigned::new(common_name, now, valid_for, random::bytes()?).sign(signer, &signer.public_key())?)
}
