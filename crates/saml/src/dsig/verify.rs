//! Checks a signature, and gives back what is signed.

use std::ops::Deref;

use crate::dsig::TrustedKeys;
use crate::dsig::shape::Shape;
use crate::error::{Error, ErrorKind, excerpt};
use crate::uri;
use crate::xml::{Canonicalization, Element};

/// An element whose signature was verified: the digest was computed from just these nodes.
///
/// Names, attributes and whatever else decides about access are read from here and from nowhere else. It is the element without its signature:
/// nobody has signed what is in there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Verified<'d>(Element<'d>);

impl<'d> Deref for Verified<'d> {
    type Target = Element<'d>;

    fn deref(&self) -> &Element<'d> {
        &self.0
    }
}

impl<'d> Verified<'d> {
    /// What is directly in a verified element is verified with it.
    pub(crate) fn inner(&self, child: Element<'d>) -> Option<Self> {
        (child.parent() == Some(self.0) && !child.is(uri::DSIG, "Signature")).then_some(Self(child))
    }
}

/// Whether there is a signature directly in `element`.
pub(crate) fn has_signature(element: Element<'_>) -> bool {
    element.children_named(uri::DSIG, "Signature").next().is_some()
}

/// Refuses signatures anywhere but directly in one of `places`: one in another place is there to be taken for one of these.
///
/// # Errors
///
/// [`ErrorKind::SignatureShape`] with the place.
pub(crate) fn only_own_signatures(root: Element<'_>, places: &[Element<'_>]) -> Result<(), Error> {
    let is_signature = |element: &Element<'_>| element.is(uri::DSIG, "Signature");
    let is_stray = |signature: &Element<'_>| signature.parent().is_none_or(|parent| !places.contains(&parent));
    match root.descendants().filter(is_signature).find(is_stray) {
        None => Ok(()),
        Some(stray) => {
            let kind = ErrorKind::SignatureShape {
                expected: "signatures directly in what is signed".to_owned(),
                found: "one in another place".to_owned(),
            };
            Err(Error::new(kind, stray.location()))
        }
    }
}

/// Verifies the signature directly in `element` with one of `keys`.
///
/// # Errors
///
/// [`ErrorKind::NotSigned`] without a signature, [`ErrorKind::SignatureShape`] and [`ErrorKind::Algorithm`] before anything is computed,
/// [`ErrorKind::Digest`] and [`ErrorKind::Signature`] behind it.
pub(crate) fn verify<'d>(element: Element<'d>, name: &'static str, keys: &TrustedKeys) -> Result<Verified<'d>, Error> {
    let Some(shape) = Shape::read(element)? else {
        return Err(Error::new(ErrorKind::NotSigned { element: name }, element.location()));
    };
    let at = || shape.signature.location();
    keys.check_algorithms(shape.algorithm, shape.digest_algorithm).map_err(|error| error.with_location(at()))?;

    // The signature first: whoever has no key shall not choose what is canonicalized and digested.
    let mut canonical = Vec::new();
    let how = Canonicalization { with_comments: false, inclusive_prefixes: &shape.signed_info_prefixes };
    how.element(shape.signed_info, None, &mut canonical)?;
    keys.verify(shape.algorithm, &canonical, &shape.signature_value, name).map_err(|error| error.with_location(at()))?;
    canonical.clear();
    let how = Canonicalization { with_comments: false, inclusive_prefixes: &shape.prefixes };
    how.element(element, Some(shape.signature), &mut canonical)?;
    if *shape.digest_algorithm.digest(&[&canonical]) != *shape.digest {
        return Err(Error::new(ErrorKind::Digest { element: excerpt(element.local_name()) }, at()));
    }
    Ok(Verified(element))
}
