//! Reads the filters that AWS takes.

use crate::attr_path::AttrPath;
use crate::error::{Error, ErrorKind, Location, excerpt};
use crate::filter::{CompareOp, Comparison};
use crate::value::Value;

/// The longest filter that is read, in bytes.
const LONGEST: usize = 10_000;
/// The most comparisons that are read.
const MOST: usize = 20;

pub(super) fn filter(text: &str) -> Result<Vec<Comparison>, Error> {
    let mut reader = Reader { text, at: 0 };
    if text.len() > LONGEST {
        return Err(reader.error("at most 10,000 bytes"));
    }
    let mut comparisons = Vec::new();
    loop {
        if comparisons.len() == MOST {
            return Err(reader.error("at most 20 comparisons"));
        }
        comparisons.push(reader.comparison()?);
        if reader.rest().is_empty() {
            return Ok(comparisons);
        }
        reader.space("a space and the word and")?;
        reader.word("and", "the word and")?;
        reader.space("a space")?;
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error(&self, expected: &'static str) -> Error {
        let word = match self.rest().split(' ').next() {
            Some("") if !self.rest().is_empty() => " ",
            word => word.unwrap_or_default(),
        };
        Error::new(ErrorKind::Filter { expected, found: excerpt(word) }, Location::Byte(self.at))
    }

    fn comparison(&mut self) -> Result<Comparison, Error> {
        let end = self.rest().find(' ').unwrap_or_else(|| self.rest().len());
        let path = self.rest().get(..end).unwrap_or_default();
        let path: AttrPath = path.parse().map_err(|_| self.error("an attribute path"))?;
        self.at += end;
        self.space("a space and the operator eq")?;
        self.word("eq", "the operator eq")?;
        self.space("a space and a value")?;
        let value = self.value()?;
        Ok(Comparison { path, operator: CompareOp::Equal, value })
    }

    fn space(&mut self, expected: &'static str) -> Result<(), Error> {
        if !self.rest().starts_with(' ') {
            return Err(self.error(expected));
        }
        self.at += 1;
        Ok(())
    }

    // RFC 7644 section 3.4.2.2: "Attribute names and attribute operators used in filters are case insensitive."
    fn word(&mut self, word: &str, expected: &'static str) -> Result<(), Error> {
        let found = self.rest().split(' ').next().unwrap_or_default();
        if !found.eq_ignore_ascii_case(word) {
            return Err(self.error(expected));
        }
        self.at += word.len();
        Ok(())
    }

    // RFC 7644 section 3.4.2.2: compValue is false / null / true / number / string, by the rules of JSON.
    fn value(&mut self) -> Result<Value, Error> {
        const EXPECTED: &str = "a JSON string, number, true, false or null";
        // The grammar has one space here, where JSON would skip any white space.
        if self.rest().starts_with(|c: char| c.is_ascii_whitespace()) {
            return Err(self.error(EXPECTED));
        }
        let mut values = serde_json::Deserializer::from_str(self.rest()).into_iter::<Value>();
        let Some(Ok(value)) = values.next() else {
            return Err(self.error(EXPECTED));
        };
        if matches!(value, Value::Array(_) | Value::Object(_)) {
            return Err(self.error(EXPECTED));
        }
        self.at += values.byte_offset();
        Ok(value)
    }
}
