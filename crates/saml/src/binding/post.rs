//! The HTTP POST binding (saml-bindings section 3.5), as it is received.

use crate::binding::parameters::{Parameters, RelayState};
use crate::canonical::utf8;
use crate::encoding::{from_base64, percent_decode};
use crate::error::{Error, ErrorKind, Location};
use crate::xml::Bounds;

/// A message out of a form, as it came.
pub(crate) struct Posted {
    pub(crate) xml: String,
    pub(crate) relay_state: Option<RelayState>,
}

impl Posted {
    /// Reads the message `name` from the body of a form, `application/x-www-form-urlencoded`.
    pub(crate) fn read(body: &str, name: &'static str) -> Result<Self, Error> {
        let parameters = Parameters::read(body)?;
        // A signature that is there and not verified would pass for none.
        let of_another_binding =
            [("SigAlg", parameters.algorithm), ("Signature", parameters.signature), ("SAMLEncoding", parameters.encoding)];
        if let Some((parameter, _)) = of_another_binding.into_iter().find(|(_, value)| value.is_some()) {
            let what = format!("{parameter} in a form, which the HTTP POST binding does not have,");
            return Err(Error::new(ErrorKind::Unsupported { what }, Location::Parameter(parameter)));
        }
        let message = percent_decode(parameters.message(name)?, Location::Parameter(name))?;
        Ok(Self { xml: decode_message(&message, name)?, relay_state: RelayState::read(parameters.relay_state)? })
    }

    /// Takes the values of a form that somebody else has read.
    pub(crate) fn from_values(message: &str, relay_state: Option<&str>, name: &'static str) -> Result<Self, Error> {
        Ok(Self { xml: decode_message(message, name)?, relay_state: relay_state.map(RelayState::new).transpose()? })
    }
}

/// Decodes base64, once, to the text of a message. Nothing is decompressed: no message in a form is compressed.
fn decode_message(message: &str, name: &'static str) -> Result<String, Error> {
    let at = || Location::Parameter(name);
    if message.len() > Bounds::MESSAGE.bytes * 2 {
        return Err(Error::new(ErrorKind::Limit { what: "bytes of base64", most: Bounds::MESSAGE.bytes * 2 }, at()));
    }
    let xml = from_base64(message, at)?;
    Ok(utf8(&xml).map_err(|error| error.with_location(at()))?.to_owned())
}
