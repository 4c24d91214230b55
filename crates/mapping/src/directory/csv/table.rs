//! A text as rows and fields.

use csv::{ReaderBuilder, StringRecord};

use crate::directory::csv::LARGEST;
use crate::directory::encoding;
use crate::error::{Error, ErrorKind, Location};

/// The most columns that a table may have.
const MOST_COLUMNS: usize = 1_000;

/// The most bytes of one row, line breaks in quotation marks included.
const LONGEST_ROW: usize = 1 << 20;

/// The most rows, so that a small file cannot ask for much memory.
const MOST_ROWS: usize = 2_000_000;

/// What is between the fields of a row.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::csv::{self, Delimiter, Options};
///
/// // Nothing is said, so the header decides; its comma stands in quotation marks.
/// let table = b"id;\"Email\";\"Department, team\"\nu1;anna@example.com;Sales\n";
/// assert!(csv::read(table)?.users().contains_key("u1"));
///
/// let mut options = Options::default();
/// options.delimiter = Some(Delimiter::Tab);
/// assert!(csv::read_with(table, None, &options).is_err());
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delimiter {
    /// `,`, as RFC 4180 says.
    Comma,
    /// `;`, as spreadsheets write where the comma is in the numbers.
    Semicolon,
    /// The tab.
    Tab,
}

impl Delimiter {
    /// All of them, in the order in which the first of equals is taken.
    const ALL: [Self; 3] = [Self::Comma, Self::Semicolon, Self::Tab];

    /// The byte between two fields.
    const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// A table whose text, quotation marks and sizes were checked.
pub(super) struct Table<'a> {
    text: &'a str,
    delimiter: Delimiter,
    /// The line that the header is on, from 1.
    pub(super) first_line: usize,
}

impl<'a> Table<'a> {
    /// Checks a text and finds its delimiter.
    ///
    /// # Errors
    ///
    /// As [`read`](super::read) says, apart from what it says of the header.
    pub(super) fn open(bytes: &'a [u8], delimiter: Option<Delimiter>) -> Result<Self, Error> {
        if bytes.len() > LARGEST {
            return Err(Error::new(ErrorKind::TooLarge { most: LARGEST, found: bytes.len() }, Location::Whole));
        }
        let text = utf8(bytes)?;
        let (text, named, first_line) = without_preamble(text.strip_prefix('\u{FEFF}').unwrap_or(text));
        let delimiter = delimiter.or(named).unwrap_or_else(|| detect(text));
        let table = Self { text, delimiter, first_line };
        table.check()?;
        Ok(table)
    }

    /// Hands the header to `header`, and then every row that has anything in it to `row`, with its place from 1; whether there was a header.
    pub(super) fn read<T>(
        &self,
        header: impl FnOnce(&StringRecord) -> Result<T, Error>,
        mut row: impl FnMut(&T, usize, &StringRecord),
    ) -> Result<Option<T>, Error> {
        let mut reader =
            ReaderBuilder::new().has_headers(false).flexible(true).delimiter(self.delimiter.byte()).from_reader(self.text.as_bytes());
        let mut record = StringRecord::new();
        let mut next = |record: &mut StringRecord| {
            reader.read_record(record).map_err(|_| self.wrong("a row cannot be read".to_owned(), self.first_line, 1))
        };
        if !next(&mut record)? {
            return Ok(None);
        }
        if record.len() > MOST_COLUMNS {
            return Err(self.wrong(format!("at most {MOST_COLUMNS} columns are read, found {}", record.len()), self.first_line, 1));
        }
        let layout = header(&record)?;
        let mut place = 0;
        while next(&mut record)? {
            if record.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            place += 1;
            if place > MOST_ROWS {
                return Err(self.wrong(format!("at most {MOST_ROWS} rows are read"), self.first_line, 1));
            }
            row(&layout, place, &record);
        }
        Ok(Some(layout))
    }

    /// An error about the header.
    pub(super) fn wrong_header(&self, reason: impl Into<String>) -> Error {
        self.wrong(reason.into(), self.first_line, 1)
    }

    /// An error at a place of the text; `reason` never has a value of a row in it.
    fn wrong(&self, reason: String, line: usize, column: usize) -> Error {
        Error::new(ErrorKind::Shape { reason }, Location::Text { line, column })
    }

    /// Checks the quotation marks, more strictly than the reader of rows: one that is not closed makes a single field of many rows, and all
    /// those people would be absent.
    ///
    /// One pass over the bytes, before a row is handed on, so that a table is taken whole or not at all.
    fn check(&self) -> Result<(), Error> {
        let (mut state, mut opened) = (State::FieldStart, (0, 0));
        let (mut line, mut line_start, mut row_start) = (self.first_line, 0, 0);
        for (at, byte) in self.text.bytes().enumerate() {
            let column = at - line_start + 1;
            let ends_field = byte == self.delimiter.byte() || byte == b'\r' || byte == b'\n';
            state = match (state, byte) {
                (State::FieldStart, b'"') => {
                    opened = (line, column);
                    State::Quoted
                }
                (State::Quoted, b'"') => State::QuoteInQuoted,
                (State::Quoted, _) | (State::QuoteInQuoted, b'"') => State::Quoted,
                (State::Unquoted, b'"') => {
                    let reason = "a field with a quotation mark in it must be in quotation marks, and the one in it doubled";
                    return Err(self.wrong(reason.to_owned(), line, column));
                }
                (State::QuoteInQuoted, _) if !ends_field => {
                    let reason = "a field must end at its closing quotation mark, found more";
                    return Err(self.wrong(reason.to_owned(), line, column));
                }
                _ if ends_field => State::FieldStart,
                _ => State::Unquoted,
            };
            if byte == b'\n' {
                (line, line_start) = (line + 1, at + 1);
            }
            if state == State::FieldStart && byte != self.delimiter.byte() {
                row_start = at + 1;
            } else if at - row_start >= LONGEST_ROW {
                return Err(self.wrong(format!("at most {LONGEST_ROW} bytes of a row are read"), line, column));
            }
        }
        if state == State::Quoted {
            return Err(self.wrong("the quotation mark is never closed".to_owned(), opened.0, opened.1));
        }
        Ok(())
    }
}

/// Where the check of quotation marks stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Unquoted,
    Quoted,
    /// After a quotation mark in a quoted field, which ends the field or is the first of two.
    QuoteInQuoted,
}

/// The text, if it is one: UTF-16 shows by its byte order mark or by its NULs.
///
/// UTF-16 without its mark is valid UTF-8 as long as it is ASCII, but for its NULs; a table full of them would have columns of no known name.
fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    let text = std::str::from_utf8(bytes);
    let offset = match &text {
        Ok(text) => text.find('\0'),
        Err(error) => Some(error.valid_up_to()),
    };
    match offset.and_then(|offset| encoding::refused(bytes, offset)) {
        Some(error) => Err(error),
        None => Ok(text.unwrap_or_default()),
    }
}

/// The text after lines that are for a program and not part of the table, the delimiter that they name, and the line that the rest begins on.
fn without_preamble(text: &str) -> (&str, Option<Delimiter>, usize) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let first = first.trim_end_matches('\r');
    if first.starts_with("#TYPE ") {
        return (rest, None, 2);
    }
    let named =
        Delimiter::ALL.into_iter().find(|delimiter| first.strip_prefix("sep=").is_some_and(|named| named.as_bytes() == [delimiter.byte()]));
    if named.is_some() { (rest, named, 2) } else { (text, None, 1) }
}

/// The delimiter that the header has most of, outside quotation marks; the earlier in [`Delimiter::ALL`] if there are as many.
///
/// Only the header is looked at: values have commas and semicolons of their own, and names of columns seldom do.
fn detect(text: &str) -> Delimiter {
    let (mut is_quoted, mut counts) = (false, [0_usize; 3]);
    for byte in text.trim_start_matches(['\r', '\n']).bytes() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b'\r' | b'\n' => break,
            _ => {
                for (delimiter, count) in Delimiter::ALL.iter().zip(&mut counts) {
                    *count += usize::from(delimiter.byte() == byte);
                }
            }
        }
    }
    let mut best = (Delimiter::Comma, 0);
    for (delimiter, count) in Delimiter::ALL.into_iter().zip(counts) {
        if count > best.1 {
            best = (delimiter, count);
        }
    }
    best.0
}
