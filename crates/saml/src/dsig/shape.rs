//! The one shape of a signature that is accepted. It is checked whole before anything is computed.
//!
//! ```text
//!   Signature                     directly in what it signs, behind nothing but an Issuer
//!     SignedInfo
//!       CanonicalizationMethod    exclusive, without comments, perhaps with InclusiveNamespaces
//!       SignatureMethod           RSA or ECDSA with SHA-256 or better; nothing in it
//!       Reference                 exactly one, to the ID of the element that the signature is in
//!         Transforms              enveloped-signature, then exclusive canonicalization; no other, in no other order
//!         DigestMethod, DigestValue
//!     SignatureValue
//!     KeyInfo                     passed over
//! ```

use crate::crypto::{DigestAlgorithm, SignatureAlgorithm};
use crate::encoding::from_base64;
use crate::error::{Error, ErrorKind, excerpt};
use crate::uri;
use crate::xml::{Element, MOST_PREFIXES, is_ncname};

/// A signature of the accepted shape over the element that it is directly in.
#[derive(Debug)]
pub(super) struct Shape<'d> {
    pub(super) signature: Element<'d>,
    pub(super) signed_info: Element<'d>,
    /// The prefixes that are declared in the canonical form of `signed_info`, used or not.
    pub(super) signed_info_prefixes: Vec<&'d str>,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) digest_algorithm: DigestAlgorithm,
    /// The prefixes that are declared in the canonical form of the signed element, used or not.
    pub(super) prefixes: Vec<&'d str>,
    pub(super) digest: Vec<u8>,
    pub(super) signature_value: Vec<u8>,
}

impl<'d> Shape<'d> {
    /// Reads the signature directly in `signed`, if there is one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SignatureShape`] for whatever the shape does not have, [`ErrorKind::Algorithm`] for an algorithm that is unknown, and
    /// [`ErrorKind::Element`] if there are two signatures.
    pub(super) fn read(signed: Element<'d>) -> Result<Option<Self>, Error> {
        let Some(signature) = signed.child(uri::DSIG, "Signature")? else { return Ok(None) };
        // The schemas of SAML put a signature first, behind nothing but the issuer.
        let before = signed.children().take_while(|child| *child != signature).find(|child| !child.is(uri::ASSERTION, "Issuer"));
        if let Some(before) = before {
            return Err(shape(
                "the signature behind nothing but the Issuer",
                format!("it behind {}", excerpt(before.local_name())),
                signature,
            ));
        }
        only_attributes(signature, &["Id"])?;
        let mut parts = Children::of(signature)?;
        let signed_info = parts.next("SignedInfo")?;
        let signature_value = parts.next("SignatureValue")?;
        // Whatever it says of a key is not believed: who is trusted is for the caller to say.
        parts.optional("KeyInfo");
        parts.finish()?;

        only_attributes(signed_info, &["Id"])?;
        let mut parts = Children::of(signed_info)?;
        let method = parts.next("CanonicalizationMethod")?;
        let signed_info_prefixes = canonicalization(method)?;
        let signature_method = parts.next("SignatureMethod")?;
        let reference = parts.next("Reference")?;
        parts.finish()?;

        only_attributes(signature_method, &["Algorithm"])?;
        Children::of(signature_method)?.finish()?;
        let algorithm = signature_method.required_attribute("Algorithm")?;
        let algorithm = SignatureAlgorithm::from_uri(algorithm).ok_or_else(|| unknown(algorithm, signature_method))?;
        let (digest_algorithm, prefixes, digest) = read_reference(reference, signed)?;

        only_attributes(signature_value, &["Id"])?;
        let signature_value = bytes(signature_value)?;
        Ok(Some(Self { signature, signed_info, signed_info_prefixes, algorithm, digest_algorithm, prefixes, digest, signature_value }))
    }
}

/// saml-core 5.4.2: "Signatures MUST contain a single <ds:Reference> containing a same-document reference to the ID attribute value of the root
/// element of the assertion or protocol message being signed."
fn read_reference<'d>(reference: Element<'d>, signed: Element<'d>) -> Result<(DigestAlgorithm, Vec<&'d str>, Vec<u8>), Error> {
    only_attributes(reference, &["Id", "Type", "URI"])?;
    let id = signed.attribute("ID").filter(|id| is_fragment(id));
    let id = id.ok_or_else(|| shape("an ID, which is a name, on the signed element", "none".to_owned(), signed))?;
    let target = reference.attribute("URI").unwrap_or_default();
    if target.strip_prefix('#') != Some(id) {
        return Err(shape(&format!("a Reference to #{}, which the signature is in", excerpt(id)), excerpt(target), reference));
    }
    let mut parts = Children::of(reference)?;
    let transforms = parts.next("Transforms")?;
    let digest_method = parts.next("DigestMethod")?;
    let digest_value = parts.next("DigestValue")?;
    parts.finish()?;

    // saml-core 5.4.4: "Signatures in SAML messages SHOULD NOT contain transforms other than the enveloped signature transform [...] or the
    // exclusive canonicalization transforms"; any other one may hide from the digest what is read.
    only_attributes(transforms, &[])?;
    let mut parts = Children::of(transforms)?;
    let enveloped = parts.next("Transform")?;
    only_attributes(enveloped, &["Algorithm"])?;
    Children::of(enveloped)?.finish()?;
    let found = enveloped.required_attribute("Algorithm")?;
    if found != uri::ENVELOPED_SIGNATURE {
        return Err(shape("the enveloped-signature transform first", excerpt(found), enveloped));
    }
    let prefixes = canonicalization(parts.next("Transform")?)?;
    parts.finish()?;

    only_attributes(digest_method, &["Algorithm"])?;
    Children::of(digest_method)?.finish()?;
    let algorithm = digest_method.required_attribute("Algorithm")?;
    let algorithm = DigestAlgorithm::from_uri(algorithm).ok_or_else(|| unknown(algorithm, digest_method))?;
    only_attributes(digest_value, &[])?;
    Ok((algorithm, prefixes, bytes(digest_value)?))
}

/// Whether a Reference can mean `id`, and mean nothing else by it, such as an expression: it has the characters of a name. It need not begin as one,
/// because there are parties that take a bare UUID; it is compared as a whole with the one element that the signature is in.
fn is_fragment(id: &str) -> bool {
    !id.is_empty() && is_ncname(&format!("_{id}"))
}

/// Exclusive canonicalization without comments, and the prefixes of its `InclusiveNamespaces`.
fn canonicalization(method: Element<'_>) -> Result<Vec<&str>, Error> {
    only_attributes(method, &["Algorithm"])?;
    let found = method.required_attribute("Algorithm")?;
    if found != uri::EXCLUSIVE_C14N {
        return Err(shape("exclusive canonicalization without comments", excerpt(found), method));
    }
    let list = method.child(uri::EXCLUSIVE_C14N, "InclusiveNamespaces")?;
    if let Some(other) = method.children().find(|child| Some(*child) != list) {
        return Err(shape("nothing but InclusiveNamespaces", excerpt(other.local_name()), other));
    }
    let Some(list) = list else { return Ok(Vec::new()) };
    only_attributes(list, &["PrefixList"])?;
    Children::of(list)?.finish()?;
    let prefixes: Vec<&str> = list.attribute("PrefixList").unwrap_or_default().split_ascii_whitespace().collect();
    if prefixes.len() > MOST_PREFIXES {
        return Err(Error::new(ErrorKind::Limit { what: "inclusive prefixes", most: MOST_PREFIXES }, list.location()));
    }
    Ok(prefixes)
}

/// The children of an element of a signature, which must be those that are asked for, in order, and nothing else.
struct Children<'d> {
    of: Element<'d>,
    rest: std::iter::Peekable<std::vec::IntoIter<Element<'d>>>,
}

impl<'d> Children<'d> {
    fn of(of: Element<'d>) -> Result<Self, Error> {
        if of.has_stray_text() {
            return Err(shape("no text between elements", "text".to_owned(), of));
        }
        Ok(Self { of, rest: of.children().collect::<Vec<_>>().into_iter().peekable() })
    }

    fn next(&mut self, local: &str) -> Result<Element<'d>, Error> {
        self.optional(local).ok_or_else(|| {
            let found = self.rest.peek().map_or_else(|| "none".to_owned(), |found| excerpt(found.local_name()));
            shape(&format!("ds:{local}"), found, *self.rest.peek().unwrap_or(&self.of))
        })
    }

    fn optional(&mut self, local: &str) -> Option<Element<'d>> {
        self.rest.next_if(|child| child.is(uri::DSIG, local))
    }

    fn finish(mut self) -> Result<(), Error> {
        match self.rest.next() {
            None => Ok(()),
            Some(other) => {
                let expected = format!("nothing more in {}", self.of.local_name());
                Err(shape(&expected, excerpt(other.local_name()), other))
            }
        }
    }
}

fn only_attributes(element: Element<'_>, allowed: &[&str]) -> Result<(), Error> {
    match element.attribute_names().find(|(namespace, local)| !namespace.is_empty() || !allowed.contains(local)) {
        None => Ok(()),
        Some((_, other)) => Err(shape(&format!("no attribute beside {}", allowed.join(", ")), excerpt(other), element)),
    }
}

/// The bytes of a value in base64. A comment in it is refused, because readers differ in what it does to the text.
fn bytes(element: Element<'_>) -> Result<Vec<u8>, Error> {
    if element.has_comment() {
        return Err(shape("nothing but text", "a comment".to_owned(), element));
    }
    from_base64(&element.text()?, || element.location())
}

fn shape(expected: &str, found: String, at: Element<'_>) -> Error {
    Error::new(ErrorKind::SignatureShape { expected: expected.to_owned(), found }, at.location())
}

fn unknown(algorithm: &str, at: Element<'_>) -> Error {
    Error::new(ErrorKind::Algorithm { found: excerpt(algorithm), is_weak: false }, at.location())
}
