//! Files that are read as they come.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::{self, Read};

use idbridge_mapping::directory::scim::ScimIds;
use idbridge_mapping::directory::{Completeness, jumpcloud, scim};
use idbridge_mapping::{Error, ErrorKind, Location};

/// The beginning and the end of a file, and what is between them as often as is said; it gives at most seven bytes at a time.
struct Repeated {
    before: &'static str,
    between: Vec<u8>,
    times: usize,
    after: &'static str,
}

impl Repeated {
    fn reader(&self) -> impl Read {
        let between = (0..self.times).map(|_| self.between.as_slice());
        let parts = std::iter::once(self.before.as_bytes()).chain(between).chain([self.after.as_bytes()]);
        Slow { parts: parts.collect::<Vec<_>>().into_iter(), part: &[] }
    }
}

struct Slow<'a, I> {
    parts: I,
    part: &'a [u8],
}

impl<'a, I: Iterator<Item = &'a [u8]>> Read for Slow<'a, I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.part.is_empty() {
            let Some(part) = self.parts.next() else { return Ok(0) };
            self.part = part;
        }
        let count = buffer.len().min(self.part.len()).min(7);
        buffer[..count].copy_from_slice(&self.part[..count]);
        self.part = &self.part[count..];
        Ok(count)
    }
}

/// Reads half of a file, and then fails.
struct Broken(&'static [u8]);

impl Read for Broken {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::ErrorKind::ConnectionReset.into()),
            count => Ok(count),
        }
    }
}

/// What no rule can use is passed over as it comes, however long it is and wherever the pieces end that it comes in.
#[test]
fn what_is_passed_over_is_read_to_its_end() {
    let file = Repeated {
        before: r#"{"systemusers": [{"_id": "u1", "ssh_keys": ["#,
        between: format!(r#"{{"public_key": "{}"}},"#, "k".repeat(1_000)).into_bytes(),
        times: 4_000,
        after: r#"{}]}], "usergroups": [], "application": {"usergroups": []}}"#,
    };
    let snapshot = jumpcloud::read_from(file.reader(), 1 << 30).unwrap();
    assert_eq!(*snapshot.completeness(), Completeness::Complete);
    assert!(snapshot.users().contains_key("u1"));
}

#[test]
fn a_byte_order_mark_and_short_files_are_read_as_in_memory() {
    let file = "\u{FEFF}{\"Users\": [{\"id\": \"u1\"}], \"Groups\": []}".as_bytes();
    assert_eq!(scim::read_from(file, file.len(), ScimIds::Id), scim::read(file));
    let texts: [&[u8]; 6] = [b"", b"{", b"{}", b"[]", b"\xEF\xBB", b"\xEF\xBB\xBF"];
    for text in texts {
        let kind = |error: Error| error.kind().clone();
        assert_eq!(scim::read_from(text, 3, ScimIds::Id).map_err(kind), scim::read(text).map_err(kind), "{text:?}");
    }
}

#[test]
fn every_byte_is_counted() {
    let file = br#"{"systemusers": [{"_id": "u1"}], "usergroups": [], "application": {"usergroups": []}}"#;
    assert!(jumpcloud::read_from(file.as_slice(), file.len()).is_ok());
    let error = jumpcloud::read_from(file.as_slice(), file.len() - 1).unwrap_err();
    assert_eq!(error.to_string(), "the directory file is too large: at most 84 bytes are read, found 85");
    assert_eq!(error.at(), &Location::Whole);
    // Without a limit, this would go on for ever.
    let error = scim::read_from(io::repeat(b' '), 1 << 20, ScimIds::Id).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooLarge { most: 1_048_576, found: 1_048_577 }));
}

#[test]
fn a_reader_that_fails_is_told_from_a_file_that_ends() {
    let error = jumpcloud::read_from(Broken(br#"{"systemusers": ["#), 1_000).unwrap_err();
    assert_eq!(error.to_string(), "the directory file cannot be read to its end: connection reset");
    let error = scim::read_from(Broken(b""), 1_000, ScimIds::Id).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unread { kind: io::ErrorKind::ConnectionReset }));
    let error = jumpcloud::read_from(br#"{"systemusers": ["#.as_slice(), 1_000).unwrap_err();
    assert_eq!(error.to_string(), "invalid JSON at line 1 column 17: EOF while parsing a list");
}
