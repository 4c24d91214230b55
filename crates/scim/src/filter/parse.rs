//! Reads filters.

use crate::attr_name::AttrName;
use crate::attr_path::AttrPath;
use crate::error::{Error, ErrorKind, Location, excerpt};
use crate::filter::{CompareOp, CompareValue, Expression, Filter};
use crate::mode::Mode;
use crate::value::{Number, Value};

/// The longest filter or path that is read, in bytes.
pub(crate) const LONGEST: usize = 10_000;
/// How deep parentheses and brackets may stand in each other.
const DEEPEST: usize = 32;

const OPERATOR: &str = "an operator: eq, ne, co, sw, ew, gt, ge, lt, le or pr";
const VALUE: &str = "a JSON string, number, true, false or null";
const PATH: &str = "an attribute path";

pub(super) fn filter(text: &str, mode: Mode) -> Result<Filter, Error> {
    let mut reader = Reader::new(text, 0, mode);
    if text.len() > LONGEST {
        return Err(reader.error("at most 10,000 bytes"));
    }
    reader.optional_space();
    let filter = reader.filter()?;
    reader.optional_space();
    if reader.at < text.len() {
        return Err(reader.error("and, or or the end"));
    }
    Ok(filter)
}

/// Reads the filter of a `valuePath` whose opening bracket stands before byte `at`; also gives the byte behind its closing bracket.
pub(crate) fn in_brackets(text: &str, at: usize, mode: Mode) -> Result<(Filter, usize), Error> {
    let mut reader = Reader::new(text, at, mode);
    let filter = reader.in_brackets()?;
    Ok((filter, reader.at))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    is_in_brackets: bool,
    mode: Mode,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, at: usize, mode: Mode) -> Self {
        Self { text, at, depth: 0, is_in_brackets: false, mode }
    }

    /// `FILTER`: terms joined by `or`, each of them terms joined by `and`, which binds closer.
    fn filter(&mut self) -> Result<Filter, Error> {
        let first = self.conjunction()?;
        if !self.joined_by(b"or")? {
            return Ok(first);
        }
        let mut filters = first.into_or();
        filters.extend(self.conjunction()?.into_or());
        while self.joined_by(b"or")? {
            filters.extend(self.conjunction()?.into_or());
        }
        Ok(Filter { expression: Expression::Or(filters) })
    }

    fn conjunction(&mut self) -> Result<Filter, Error> {
        let first = self.term()?;
        if !self.joined_by(b"and")? {
            return Ok(first);
        }
        let mut filters = first.into_and();
        filters.extend(self.term()?.into_and());
        while self.joined_by(b"and")? {
            filters.extend(self.term()?.into_and());
        }
        Ok(Filter { expression: Expression::And(filters) })
    }

    /// Passes `SP word SP`, if it stands here.
    fn joined_by(&mut self, word: &[u8]) -> Result<bool, Error> {
        let before = self.at;
        if !self.space() || !self.word().eq_ignore_ascii_case(word) {
            self.at = before;
            return Ok(false);
        }
        self.at += word.len();
        if self.space() { Ok(true) } else { Err(self.error("a space")) }
    }

    fn term(&mut self) -> Result<Filter, Error> {
        if self.peek() == Some(b'(') {
            return self.in_parentheses();
        }
        let start = self.at;
        let word = self.word();
        if word.is_empty() {
            return Err(self.error(PATH));
        }
        self.at += word.len();
        if word.eq_ignore_ascii_case(b"not")
            && let Some(filter) = self.negation()?
        {
            return Ok(filter);
        }
        let path = self.path(start)?;
        if self.peek() == Some(b'[') {
            return self.value_path(path);
        }
        self.comparison(path)
    }

    /// What stands behind `not`; nothing if it is an attribute of that name. The ABNF has no space here, the RFC's examples have one.
    fn negation(&mut self) -> Result<Option<Filter>, Error> {
        let behind = self.at;
        self.space();
        if self.peek() == Some(b'(') {
            return Ok(Some(!self.in_parentheses()?));
        }
        let word = self.word();
        if self.mode.is_lenient() && self.at > behind && CompareOp::read(word).is_none() && !word.eq_ignore_ascii_case(b"pr") {
            return self.deeper(|reader| Ok(Some(!reader.term()?)));
        }
        self.at = behind;
        Ok(None)
    }

    fn in_parentheses(&mut self) -> Result<Filter, Error> {
        self.deeper(|reader| {
            reader.at += 1;
            reader.optional_space();
            let filter = reader.filter()?;
            reader.optional_space();
            reader.close(b')', "and, or or a closing parenthesis")?;
            Ok(filter)
        })
    }

    fn in_brackets(&mut self) -> Result<Filter, Error> {
        self.deeper(|reader| {
            reader.is_in_brackets = true;
            reader.optional_space();
            let filter = reader.filter()?;
            reader.optional_space();
            reader.is_in_brackets = false;
            reader.close(b']', "and, or or a closing bracket")?;
            Ok(filter)
        })
    }

    fn value_path(&mut self, path: AttrPath) -> Result<Filter, Error> {
        if self.is_in_brackets {
            return Err(self.error("a space and an operator, because brackets do not stand in brackets"));
        }
        if path.sub_attribute().is_some() {
            return Err(self.error("a space and an operator, because brackets stand behind an attribute and not a sub-attribute"));
        }
        self.at += 1;
        let filter = self.in_brackets()?;
        let is_left = |filter| Filter { expression: Expression::ValuePath(path, Box::new(filter)) };
        if self.mode.is_lenient() {
            return Ok(is_left(self.behind_brackets(filter)?));
        }
        Ok(is_left(filter))
    }

    /// `.value eq "x"` behind brackets, as Entra ID writes it, is one more condition on the same value; `pr` behind them is none.
    fn behind_brackets(&mut self, filter: Filter) -> Result<Filter, Error> {
        let before = self.at;
        if self.peek() == Some(b'.') {
            self.at += 1;
            let start = self.at;
            self.at += self.word().len();
            let path = self.path(start)?;
            return Ok(filter.and(self.comparison(path)?));
        }
        if self.space() && self.word().eq_ignore_ascii_case(b"pr") {
            self.at += 2;
        } else {
            self.at = before;
        }
        Ok(filter)
    }

    fn comparison(&mut self, path: AttrPath) -> Result<Filter, Error> {
        if !self.space() {
            return Err(self.error("a space and an operator"));
        }
        let word = self.word();
        if word.eq_ignore_ascii_case(b"pr") {
            self.at += word.len();
            return Ok(Filter::present(path));
        }
        let Some(operator) = CompareOp::read(word) else {
            return Err(self.error(OPERATOR));
        };
        self.at += word.len();
        if !self.space() {
            return Err(self.error("a space and a value"));
        }
        let value = self.value()?;
        Ok(Filter::compare(path, operator, value))
    }

    // RFC 7644 section 3.4.2.2: compValue is false / null / true / number / string, by the rules of JSON.
    fn value(&mut self) -> Result<CompareValue, Error> {
        if self.peek() == Some(b'"') {
            return self.string();
        }
        let word = self.word();
        let is = |literal: &[u8]| word == literal || (self.mode.is_lenient() && word.eq_ignore_ascii_case(literal));
        let value = if is(b"true") {
            CompareValue::Boolean(true)
        } else if is(b"false") {
            CompareValue::Boolean(false)
        } else if is(b"null") {
            CompareValue::Null
        } else {
            CompareValue::Number(number(word).ok_or_else(|| self.error(VALUE))?)
        };
        self.at += word.len();
        Ok(value)
    }

    fn string(&mut self) -> Result<CompareValue, Error> {
        let bytes = self.rest().as_bytes();
        let mut has_escapes = false;
        let mut end = 1;
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => {
                    has_escapes = true;
                    end += 2;
                }
                Some(0x20..) => end += 1,
                // JSON has no control characters in a string.
                Some(_) => {
                    self.at += end;
                    return Err(self.error("no control character in a string"));
                }
                None => return Err(self.error("a closing quotation mark")),
            }
        }
        let literal = self.rest().get(..=end).unwrap_or_default();
        let text = if has_escapes {
            serde_json::from_str(literal).map_err(|_| self.error("a JSON string with valid escapes"))?
        } else {
            literal.trim_matches('"').to_owned()
        };
        self.at += end + 1;
        Ok(CompareValue::String(text))
    }

    fn path(&self, start: usize) -> Result<AttrPath, Error> {
        let text = self.text.get(start..self.at).unwrap_or_default();
        text.parse().map_err(|error: Error| {
            let inner = if let Location::Byte(at) = error.at() { *at } else { 0 };
            let found = excerpt(text.get(inner..).unwrap_or_default());
            let expected = if let ErrorKind::Path { expected, .. } = error.kind() { expected } else { PATH };
            Error::new(ErrorKind::Filter { expected, found }, Location::Byte(start + inner))
        })
    }

    fn close(&mut self, byte: u8, expected: &'static str) -> Result<(), Error> {
        if self.peek() != Some(byte) {
            return Err(self.error(expected));
        }
        self.at += 1;
        Ok(())
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        if self.depth == DEEPEST {
            return Err(self.error("at most 32 parentheses and brackets in each other"));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The bytes up to a space, a parenthesis, a bracket or the end.
    fn word(&self) -> &'a [u8] {
        let bytes = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let ends = |byte: &u8| matches!(byte, b' ' | b'(' | b')' | b'[' | b']' | b'\t' | b'\n' | b'\r');
        bytes.split(ends).next().unwrap_or_default()
    }

    /// Passes the one space that the grammar has here; any white space, if lenient.
    fn space(&mut self) -> bool {
        let before = self.at;
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        self.optional_space();
        self.at > before
    }

    /// Passes white space where the grammar has none, if lenient.
    fn optional_space(&mut self) {
        while self.mode.is_lenient() && matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn error(&self, expected: &'static str) -> Error {
        let rest = self.rest();
        let word = match rest.split([' ', '\t', '\n', '\r']).next() {
            Some("") => rest.get(..1).unwrap_or_default(),
            word => word.unwrap_or_default(),
        };
        Error::new(ErrorKind::Filter { expected, found: excerpt(word) }, Location::Byte(self.at))
    }
}

fn number(word: &[u8]) -> Option<Number> {
    match serde_json::from_slice(word) {
        Ok(Value::Number(number)) => Some(number),
        _ => None,
    }
}

/// Reads an attribute name behind the dot that follows brackets.
pub(crate) fn sub_attribute(text: &str) -> Option<AttrName> {
    AttrName::new(text).ok().filter(|name| !name.is_uri())
}
