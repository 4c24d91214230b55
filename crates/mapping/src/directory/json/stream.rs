//! JSON that is read as it comes, of which no more than one record is held.
//!
//! The same seeds read both: text in memory lends them its keys, and here each key is copied. The bytes are counted before they are parsed, so that
//! neither a text that goes on for ever nor white space without end is read beyond the limit.

use std::io::{self, BufReader, Read};

use serde::de::DeserializeSeed;

use crate::directory::json::{BYTE_ORDER_MARK, invalid};
use crate::error::{Error, ErrorKind, Location};

/// Reads one JSON text of at most `most` bytes into what `seed` fills.
///
/// # Errors
///
/// [`ErrorKind::Unread`] if `reader` fails, [`ErrorKind::TooLarge`] at the first byte that is too much, [`ErrorKind::Json`] if the text is not
/// JSON, [`ErrorKind::Shape`] if `seed` refuses it; the last two with line and column.
pub(in crate::directory) fn parse_from<R, S>(reader: R, most: usize, seed: S) -> Result<(), Error>
where
    R: Read,
    S: for<'de> DeserializeSeed<'de, Value = ()>,
{
    let mut counted = Counted { reader, left: most, is_over: false };
    let outcome = marked(&mut counted).map(|text| {
        let mut json = serde_json::Deserializer::from_reader(text);
        seed.deserialize(&mut json).and_then(|()| json.end())
    });
    let unread = |kind| Error::new(ErrorKind::Unread { kind }, Location::Whole);
    let error = match outcome {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => error.io_error_kind().map_or_else(|| invalid(&error), unread),
        Err(error) => unread(error.kind()),
    };
    if counted.is_over {
        return Err(Error::new(ErrorKind::TooLarge { most, found: most.saturating_add(1) }, Location::Whole));
    }
    Err(error)
}

/// The text behind a byte order mark, if there is one.
///
/// At most three bytes are looked at, and given back if they are no mark.
fn marked(reader: impl Read) -> io::Result<impl Read> {
    let mut reader = BufReader::new(reader);
    let mut start = Vec::with_capacity(BYTE_ORDER_MARK.len());
    reader.by_ref().take(3).read_to_end(&mut start)?;
    if start == BYTE_ORDER_MARK {
        start.clear();
    }
    Ok(io::Cursor::new(start).chain(reader))
}

/// A reader that fails where there is more than it may read.
///
/// It counts what was read and not what is asked for, so that the parser's buffer does not matter.
struct Counted<R> {
    reader: R,
    left: usize,
    is_over: bool,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        match self.left.checked_sub(read) {
            Some(left) => self.left = left,
            None => {
                self.is_over = true;
                return Err(io::ErrorKind::FileTooLarge.into());
            }
        }
        Ok(read)
    }
}
