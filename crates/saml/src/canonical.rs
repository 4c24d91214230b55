//! Documents for callers: a text in, its canonical bytes out, or whether its signature is right.

use std::fmt;

use crate::dsig::{self, TrustedKeys};
use crate::error::{Error, ErrorKind, Location};
use crate::sp;
use crate::uri;
use crate::xml::{self, Bounds, Document, Element};

/// Exclusive XML canonicalization ([exc-c14n], algorithm `http://www.w3.org/2001/10/xml-exc-c14n#`), as it is set up.
///
/// # Examples
///
/// ```
/// use idbridge_saml::{ExclusiveCanonicalization, XmlDocument};
///
/// let document = XmlDocument::parse("<a:x xmlns:a='urn:a' xmlns:b='urn:b'  z='1' y='2'><b:y/><!-- c --></a:x>")?;
/// let canonical = ExclusiveCanonicalization::new().document(&document)?;
/// assert_eq!(canonical, br#"<a:x xmlns:a="urn:a" y="2" z="1"><b:y xmlns:b="urn:b"></b:y></a:x>"#);
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
///
/// [exc-c14n]: https://www.w3.org/TR/xml-exc-c14n/
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExclusiveCanonicalization {
    with_comments: bool,
    inclusive_prefixes: Vec<String>,
    without_signature: bool,
}

impl ExclusiveCanonicalization {
    /// Without comments and without inclusive prefixes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps comments: the algorithm `http://www.w3.org/2001/10/xml-exc-c14n#WithComments`.
    #[must_use]
    pub fn with_comments(mut self, with_comments: bool) -> Self {
        self.with_comments = with_comments;
        self
    }

    /// The `PrefixList` of `InclusiveNamespaces`; `#default` is the namespace without a prefix.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Limit`] beyond 32 prefixes.
    pub fn with_inclusive_prefixes<P: Into<String>>(mut self, prefixes: impl IntoIterator<Item = P>) -> Result<Self, Error> {
        self.inclusive_prefixes = prefixes.into_iter().map(Into::into).take(xml::MOST_PREFIXES + 1).collect();
        if self.inclusive_prefixes.len() > xml::MOST_PREFIXES {
            return Err(Error::whole(ErrorKind::Limit { what: "inclusive prefixes", most: xml::MOST_PREFIXES }));
        }
        Ok(self)
    }

    /// Leaves out the `ds:Signature` that is directly in the element: the enveloped-signature transform.
    #[must_use]
    pub fn without_signature(mut self, without_signature: bool) -> Self {
        self.without_signature = without_signature;
        self
    }

    /// The canonical form of the whole document, with the instructions (and comments, if they are kept) around its root.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Limit`] if it is many times as long as the document.
    pub fn document(&self, document: &XmlDocument<'_>) -> Result<Vec<u8>, Error> {
        if self.without_signature {
            return self.element(document, &[]);
        }
        let mut out = Vec::new();
        self.with_prefixes(|how| how.document(&document.0, &mut out))?;
        Ok(out)
    }

    /// The canonical form of one element: `target` are the indexes among the child elements from the root, and `[]` is the root.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] if there is no such element, [`ErrorKind::Element`] if there are two signatures to leave out, and
    /// [`ErrorKind::Limit`] if it is many times as long as the document.
    pub fn element(&self, document: &XmlDocument<'_>, target: &[usize]) -> Result<Vec<u8>, Error> {
        let element = target.iter().try_fold(document.0.root(), |element, index| element.children().nth(*index));
        let element = element.ok_or_else(|| {
            let reason = format!("there is no element at {target:?}, counting child elements from the root");
            Error::whole(ErrorKind::Misuse { reason })
        })?;
        let signature = if self.without_signature { element.child(uri::DSIG, "Signature")? } else { None };
        let mut out = Vec::new();
        self.with_prefixes(|how| how.element(element, signature, &mut out))?;
        Ok(out)
    }

    fn with_prefixes<T>(&self, action: impl FnOnce(xml::Canonicalization<'_>) -> T) -> T {
        let prefixes: Vec<&str> = self.inclusive_prefixes.iter().map(String::as_str).collect();
        action(xml::Canonicalization { with_comments: self.with_comments, inclusive_prefixes: &prefixes })
    }
}

/// A document that was read strictly, to be made canonical, or to have its signature verified.
///
/// It is XML 1.0 in UTF-8 with namespaces. Refused are: document types, entities that XML does not declare, XML 1.1, characters that XML has not,
/// an attribute twice by its expanded name, prefixes that are not declared, namespaces that are no absolute URIs, an identifier (`ID`, `xml:id`,
/// or `Id` of a signature's element) twice, a second root, and whatever is not well-formed. What it says cannot be read from here: values come
/// from what was verified.
pub struct XmlDocument<'x>(Document<'x>);

impl<'x> XmlDocument<'x> {
    /// Reads `text`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Xml`] with the byte and what may stand there, and [`ErrorKind::Limit`] beyond 2 MiB, 64 levels, 64 attributes of one element
    /// or 128 namespaces.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_saml::{Location, XmlDocument};
    ///
    /// let error = XmlDocument::parse("<a><b></a>").err().ok_or("read")?;
    /// assert_eq!(error.to_string(), "invalid XML at byte 6: expected the end tag of the element that is open, found \"</a>\"");
    /// assert_eq!(error.at(), &Location::Byte(6));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn parse(text: &'x str) -> Result<Self, Error> {
        Document::parse(text, &Bounds::MESSAGE).map(Self)
    }

    /// Verifies the signature that the root carries directly, in the one shape that SAML prescribes: of a request, an assertion, or metadata. Of a
    /// `Response` it is that of the response, of its assertion, or both, as the SP's side takes it.
    ///
    /// Whose message it is, for whom and when is not looked at, and nothing can be read from it: this is for tests, and for an administrator who
    /// wants to know whether a file and a certificate belong together. What was verified is read by [`ServiceProvider::accept`],
    /// [`IdentityProvider::accept`] and [`Metadata::from_signed_xml`], each from the very nodes that were digested.
    ///
    /// [`ServiceProvider::accept`]: crate::ServiceProvider::accept
    /// [`IdentityProvider::accept`]: crate::IdentityProvider::accept
    /// [`Metadata::from_signed_xml`]: crate::Metadata::from_signed_xml
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotSigned`] without a signature; [`ErrorKind::SignatureShape`] and [`ErrorKind::Algorithm`] before anything is computed,
    /// [`ErrorKind::Digest`] and [`ErrorKind::Signature`] behind it; [`ErrorKind::Element`] and [`ErrorKind::Unsupported`] for a `Response` with two
    /// assertions, or an encrypted one.
    ///
    /// # Examples
    ///
    /// ```
    /// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.crt"));
    /// use idbridge_saml::{Certificate, TrustedKeys, XmlDocument};
    ///
    /// let certificate = Certificate::from_pem(pem)?;
    /// let document = XmlDocument::parse("<Assertion xmlns='urn:oasis:names:tc:SAML:2.0:assertion' ID='_1'/>")?;
    /// let error = document.verify_signature(&TrustedKeys::new([&certificate])?).unwrap_err();
    /// assert_eq!(error.to_string(), "the root element is not signed at Assertion (byte 0)");
    /// # Ok::<(), idbridge_saml::Error>(())
    /// ```
    pub fn verify_signature(&self, keys: &TrustedKeys) -> Result<(), Error> {
        let root = self.root();
        if root.is(uri::PROTOCOL, "Response") {
            return sp::verify_signatures(&self.0, keys);
        }
        // Metadata brings along what others have signed; a message does not.
        if root.namespace() != uri::METADATA {
            dsig::only_own_signatures(root, &[root])?;
        }
        dsig::verify(root, "the root element", keys).map(|_| ())
    }

    pub(crate) fn root(&self) -> Element<'_> {
        self.0.root()
    }
}

impl fmt::Debug for XmlDocument<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("XmlDocument").field(&self.root().local_name()).finish()
    }
}

/// Reads bytes as UTF-8, which is all that is read.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|error| {
        let kind = ErrorKind::Encoding { encoding: "UTF-8", reason: "not a character".to_owned() };
        Error::new(kind, Location::Byte(error.valid_up_to()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsig::signed_by_fixture;

    fn verified(text: &str, keys: &TrustedKeys) -> Result<(), String> {
        XmlDocument::parse(text).and_then(|document| document.verify_signature(keys)).map_err(|error| error.to_string())
    }

    const ASSERTION: &str = "<Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_a\"><Issuer>i</Issuer>";
    const RESPONSE: &str = "<Response xmlns=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_r\">";

    #[test]
    fn a_signature_in_the_root_is_verified_and_a_change_is_seen() {
        let (signed, keys) = signed_by_fixture("_a", ASSERTION, "<Subject>anna</Subject></Assertion>");
        assert_eq!(verified(&signed, &keys), Ok(()));
        let changed = verified(&signed.replace("anna", "bert"), &keys).unwrap_err();
        assert!(changed.starts_with("the digest of Assertion does not match"), "{changed}");
        let moved = signed.replace("ID=\"_a\"", "ID=\"_b\"").replace("#_a", "#_b");
        assert!(verified(&moved, &keys).is_err());
        let wrapped = format!("<x>{signed}</x>");
        assert!(verified(&wrapped, &keys).unwrap_err().starts_with("the signature is not accepted"), "a root has a signature of its own");
    }

    /// What was signed without a name is no less signed; an expression is no identifier.
    #[test]
    fn an_id_may_begin_with_a_digit_and_be_no_expression() {
        let begin = |id: &str| ASSERTION.replace("_a", id);
        let (signed, keys) = signed_by_fixture("28338c8c-39ab", &begin("28338c8c-39ab"), "</Assertion>");
        assert_eq!(verified(&signed, &keys), Ok(()));
        for id in ["", "xpointer(/)", "a b", "a:b"] {
            let (signed, keys) = signed_by_fixture(id, &begin(id), "</Assertion>");
            let refusal = verified(&signed, &keys).unwrap_err();
            assert!(refusal.contains("expected an ID, which is a name"), "{id:?}: {refusal}");
        }
    }

    #[test]
    fn a_response_is_signed_itself_or_its_assertion_is() {
        let (signed, keys) = signed_by_fixture("_a", ASSERTION, "</Assertion>");
        assert_eq!(verified(&format!("{RESPONSE}{signed}</Response>"), &keys), Ok(()));
        let (response, keys) = signed_by_fixture("_r", RESPONSE, "<Status></Status></Response>");
        assert_eq!(verified(&response, &keys), Ok(()));
        for (unsigned, expected) in [
            (format!("{RESPONSE}</Response>"), "the Response, which has no Assertion, is not signed at Response (byte 0)"),
            (
                format!("{RESPONSE}{ASSERTION}</Assertion></Response>"),
                "the Assertion, alone or with the Response around it, is not signed at Response (byte 0)",
            ),
        ] {
            assert_eq!(verified(&unsigned, &keys).unwrap_err(), expected);
            let received = crate::ReceivedResponse::from_xml(unsigned);
            assert!(matches!(received.verify_signature(&keys).unwrap_err().kind(), ErrorKind::NotSigned { .. }));
        }
    }
}
