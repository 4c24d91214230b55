//! The parameters of a query or of a form.

use std::fmt;

use crate::encoding::percent_decode;
use crate::error::{Error, ErrorKind, Location, excerpt};

/// The most bytes of a query or a form that are read.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The parameters that SAML knows, as they stand in a query or a form: raw, each at most once.
#[derive(Debug, Default)]
pub(super) struct Parameters<'a> {
    pub(super) request: Option<&'a str>,
    pub(super) response: Option<&'a str>,
    pub(super) relay_state: Option<&'a str>,
    pub(super) algorithm: Option<&'a str>,
    pub(super) signature: Option<&'a str>,
    pub(super) encoding: Option<&'a str>,
}

impl<'a> Parameters<'a> {
    /// Reads `name=value` pairs with `&` between them. Parameters that SAML does not know are passed over.
    pub(super) fn read(text: &'a str) -> Result<Self, Error> {
        if text.len() > MOST_BYTES {
            return Err(Error::whole(ErrorKind::Limit { what: "bytes of a query or a form", most: MOST_BYTES }));
        }
        let mut parameters = Self::default();
        for pair in text.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decoded = percent_decode(name, Location::Whole)?;
            let (slot, known) = match &*decoded {
                "SAMLRequest" => (&mut parameters.request, "SAMLRequest"),
                "SAMLResponse" => (&mut parameters.response, "SAMLResponse"),
                "RelayState" => (&mut parameters.relay_state, "RelayState"),
                "SigAlg" => (&mut parameters.algorithm, "SigAlg"),
                "Signature" => (&mut parameters.signature, "Signature"),
                "SAMLEncoding" => (&mut parameters.encoding, "SAMLEncoding"),
                _ => continue,
            };
            let error = |expected, found| Error::new(ErrorKind::Value { name: "parameter", expected, found }, Location::Parameter(known));
            // An escaped name is another text to whoever signs or looks for it.
            if name != known {
                return Err(error("its name without escapes", excerpt(name)));
            }
            if slot.replace(value).is_some() {
                return Err(error("each parameter once", "a second one".to_owned()));
            }
        }
        Ok(parameters)
    }

    /// saml-bindings 3.4.4 and 3.5.4: a message is a request or a response.
    pub(super) fn message(&self, wanted: &'static str) -> Result<&'a str, Error> {
        let (wanted_one, other, other_name) = match wanted {
            "SAMLRequest" => (self.request, self.response, "SAMLResponse"),
            _ => (self.response, self.request, "SAMLRequest"),
        };
        if other.is_some() {
            let kind = ErrorKind::Value { name: "parameter", expected: "either a request or a response", found: other_name.to_owned() };
            return Err(Error::new(kind, Location::Parameter(other_name)));
        }
        wanted_one.ok_or_else(|| {
            let kind = ErrorKind::Value { name: "parameter", expected: "a message", found: "none".to_owned() };
            Error::new(kind, Location::Parameter(wanted))
        })
    }
}

/// What the other party wants to have back, untouched (saml-bindings section 3.4.3). It is never followed and never read.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RelayState(String);

impl RelayState {
    /// The most bytes that are given back.
    ///
    /// saml-bindings 3.4.3: "The value MUST NOT exceed 80 bytes in length". Many exceed it, so more is passed on.
    const MOST: usize = 8_192;

    pub(crate) fn new(text: &str) -> Result<Self, Error> {
        if text.len() > Self::MOST {
            return Err(Error::new(ErrorKind::Limit { what: "bytes of RelayState", most: Self::MOST }, Location::Parameter("RelayState")));
        }
        Ok(Self(text.to_owned()))
    }

    pub(super) fn read(raw: Option<&str>) -> Result<Option<Self>, Error> {
        raw.map(|raw| Self::new(&percent_decode(raw, Location::Parameter("RelayState"))?)).transpose()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RelayState {
    /// It may hold what only the other party should see.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RelayState({} bytes)", self.0.len())
    }
}
