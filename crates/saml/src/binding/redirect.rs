//! The HTTP Redirect binding (saml-bindings section 3.4).

use std::fmt;

use crate::binding::check_location;
use crate::binding::parameters::{Parameters, RelayState};
use crate::canonical::utf8;
use crate::crypto::SignatureAlgorithm;
use crate::dsig::{Credential, TrustedKeys};
use crate::encoding::{deflate, from_base64, inflate, percent_decode, percent_encode, to_base64};
use crate::error::{Error, ErrorKind, Location, excerpt};

/// The most bytes that a message from a query has when it is decompressed.
const MOST_INFLATED: usize = 128 * 1024;

/// The one encoding of messages in a query that there is (saml-bindings section 3.4.4.1).
const DEFLATE: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";

/// A message out of a query, as it came.
#[derive(Debug)]
pub(crate) struct Redirected {
    pub(crate) xml: String,
    pub(crate) relay_state: Option<RelayState>,
    pub(crate) signature: Option<QuerySignature>,
}

/// A signature over a query.
#[derive(Debug, Clone)]
pub(crate) struct QuerySignature {
    algorithm: SignatureAlgorithm,
    /// The octets that were signed: the parameters as they came, escapes and all.
    signed: String,
    value: Vec<u8>,
}

impl Redirected {
    /// Reads the message `name` from the raw query of a URL, without its `?`.
    pub(crate) fn read(query: &str, name: &'static str) -> Result<Self, Error> {
        let parameters = Parameters::read(query)?;
        let raw = parameters.message(name)?;
        if let Some(encoding) = parameters.encoding {
            let at = Location::Parameter("SAMLEncoding");
            let encoding = percent_decode(encoding, at.clone())?;
            if encoding != DEFLATE {
                return Err(Error::new(ErrorKind::Unsupported { what: format!("the encoding {}", excerpt(&encoding)) }, at));
            }
        }
        let at = || Location::Parameter(name);
        let compressed = from_base64(&no_spaces(raw, name)?, at)?;
        let xml = inflate(&compressed, MOST_INFLATED, at())?;
        let xml = utf8(&xml).map_err(|error| error.with_location(at()))?.to_owned();
        let signature = QuerySignature::read(&parameters, name, raw)?;
        Ok(Self { xml, relay_state: RelayState::read(parameters.relay_state)?, signature })
    }
}

impl QuerySignature {
    fn read(parameters: &Parameters<'_>, name: &'static str, message: &str) -> Result<Option<Self>, Error> {
        let missing = |name| {
            let kind = ErrorKind::Value { name: "parameter", expected: "SigAlg and Signature, or neither", found: "none".to_owned() };
            Error::new(kind, Location::Parameter(name))
        };
        let (raw_algorithm, raw_value) = match (parameters.algorithm, parameters.signature) {
            (None, None) => return Ok(None),
            (Some(algorithm), Some(value)) => (algorithm, value),
            (Some(_), None) => return Err(missing("Signature")),
            (None, Some(_)) => return Err(missing("SigAlg")),
        };
        let at = Location::Parameter("SigAlg");
        let uri = percent_decode(raw_algorithm, at.clone())?;
        let algorithm = SignatureAlgorithm::from_uri(&uri);
        let algorithm = algorithm.ok_or_else(|| Error::new(ErrorKind::Algorithm { found: excerpt(&uri), is_weak: false }, at))?;
        let value = from_base64(&no_spaces(raw_value, "Signature")?, || Location::Parameter("Signature"))?;
        // saml-bindings 3.4.4.1: "the original URL-encoded values it received on the query string" are what was signed, in this order.
        let mut signed = format!("{name}={message}");
        if let Some(relay_state) = parameters.relay_state {
            signed.push_str("&RelayState=");
            signed.push_str(relay_state);
        }
        signed.push_str("&SigAlg=");
        signed.push_str(raw_algorithm);
        Ok(Some(Self { algorithm, signed, value }))
    }

    pub(crate) fn verify(&self, keys: &TrustedKeys) -> Result<(), Error> {
        let verified = keys.verify(self.algorithm, self.signed.as_bytes(), &self.value, "the query");
        verified.map_err(|error| error.with_location(Location::Parameter("Signature")))
    }
}

/// A `+` that was not escaped is a space to whoever reads a query, and then the base64 is another one.
fn no_spaces(raw: &str, name: &'static str) -> Result<String, Error> {
    if raw.contains('+') {
        let kind =
            ErrorKind::Encoding { encoding: "percent-encoding", reason: "a + of base64 must be written as %2B in a query".to_owned() };
        return Err(Error::new(kind, Location::Parameter(name)));
    }
    percent_decode(raw, Location::Parameter(name)).map(std::borrow::Cow::into_owned)
}

/// A URL that carries a message to whom it is for, to send a browser to.
///
/// It prints as the URL. A message in it may be read by whoever sees the URL; an assertion never travels so.
///
/// # Examples
///
/// ```
/// # use std::time::{Duration, UNIX_EPOCH};
/// # use idbridge_saml::*;
/// # let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.pem"));
/// # let certificate = Certificate::from_pem(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.crt")))?;
/// # let credential = Credential::new(RsaSigner::from_pem(pem)?, certificate.clone())?;
/// # let acs = AssertionConsumerService::new(0, "https://sp.example.com/acs");
/// # let sp = RegisteredSp::from_xml(&SpMetadata::new(EntityId::new("https://sp.example.com")?, [acs]).to_xml()?, &Registration::new())?;
/// # let idp = IdentityProvider::new(EntityId::new("https://idp.example.com")?, "https://idp.example.com/sso");
/// # let login = Login::new(NameId::email_address("anna@example.com")?, now);
/// # let ids = ResponseIds::from_random([1; 16], [2; 16]);
/// let request = AuthnRequest::new(MessageId::from_random([3; 16]), sp.entity_id().clone(), now);
/// let url = request.to_redirect("https://idp.example.com/sso?tenant=1", Some("a b"), Some(&credential))?;
/// assert!(url.as_str().starts_with("https://idp.example.com/sso?tenant=1&SAMLRequest="));
/// assert!(url.as_str().contains("&RelayState=a%20b&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&Signature="));
/// assert_eq!(format!("{url:?}"), "RedirectUrl(https://idp.example.com/sso?..)");
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RedirectUrl(String);

impl RedirectUrl {
    pub(crate) fn new(
        location: &str,
        name: &'static str,
        xml: &[u8],
        relay_state: Option<&RelayState>,
        credential: Option<&Credential>,
    ) -> Result<Self, Error> {
        check_location(location)?;
        let mut query = format!("{name}={}", percent_encode(&to_base64(&deflate(xml))));
        if let Some(relay_state) = relay_state {
            query.push_str("&RelayState=");
            query.push_str(&percent_encode(relay_state.as_str()));
        }
        if let Some(credential) = credential {
            query.push_str("&SigAlg=");
            query.push_str(&percent_encode(credential.algorithm().uri()));
            let signature = credential.sign(query.as_bytes())?;
            query.push_str("&Signature=");
            query.push_str(&percent_encode(&to_base64(&signature)));
        }
        // A location may have a query of its own.
        let separator = if location.contains('?') { '&' } else { '?' };
        Ok(Self(format!("{location}{separator}{query}")))
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RedirectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RedirectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let location = self.0.split('?').next().unwrap_or_default();
        write!(f, "RedirectUrl({location}?..)")
    }
}
