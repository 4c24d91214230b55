//! Text files that are none.

use crate::error::{Error, ErrorKind, Location};

/// The error that there is no UTF-8, or a NUL, at `offset`; nothing if there is nothing at all.
pub(super) fn refused(bytes: &[u8], offset: usize) -> Option<Error> {
    let (before, byte) = (bytes.get(..offset)?, *bytes.get(offset)?);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    Some(Error::new(ErrorKind::Encoding { byte, offset }, Location::Text { line, column }))
}
