//! How a source is printed and read.

use std::fmt::{self, Write};
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Location, excerpt};
use crate::rule::source::{AddressPart, Source};

/// The sources that are one word, with the word.
static WORDS: [(&str, Source); 18] = [
    ("id", Source::Id),
    ("username", Source::Username),
    ("email", Source::Email),
    ("firstname", Source::FirstName),
    ("middlename", Source::MiddleName),
    ("lastname", Source::LastName),
    ("firstname + lastname", Source::ComposedName),
    ("displayname", Source::DisplayName),
    ("active", Source::Active),
    ("jobTitle", Source::JobTitle),
    ("company", Source::Company),
    ("department", Source::Department),
    ("costCenter", Source::CostCenter),
    ("employeeType", Source::EmployeeType),
    ("employeeIdentifier", Source::EmployeeIdentifier),
    ("location", Source::Location),
    ("manager", Source::Manager),
    ("name", Source::Name),
];

impl Source {
    /// The source that `word` names by itself.
    pub(crate) fn word(word: &str) -> Option<&'static Self> {
        WORDS.iter().find(|(known, _)| *known == word).map(|(_, source)| source)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WorkAddress(part) => write!(f, "addresses.work.{part}"),
            Self::Address { kind, part } => write!(f, "addresses.{kind}.{part}"),
            Self::WorkPhone => f.write_str("phoneNumbers.work.number"),
            Self::PhoneNumber { kind } => write!(f, "phoneNumbers.{kind}.number"),
            Self::Custom(name) => write!(f, "attributes.{name}"),
            Self::Constant(text) => quote(text, f),
            #[cfg(feature = "expressions")]
            Self::Expression(expression) => write!(f, "= {expression}"),
            _ => f.write_str(WORDS.iter().find(|(_, source)| source == self).map_or("", |(word, _)| word)),
        }
    }
}

impl FromStr for Source {
    type Err = Error;

    /// Reads what [`Display`](fmt::Display) writes. An address or a telephone number of type `work`, in any case, is
    /// [`WorkAddress`](Self::WorkAddress) or [`WorkPhone`](Self::WorkPhone).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Source`] for a text that is none, and `ErrorKind::Expression` for an expression that is none.
    fn from_str(text: &str) -> Result<Self, Error> {
        if let Some(source) = Self::word(text) {
            return Ok(source.clone());
        }
        #[cfg(feature = "expressions")]
        if let Some(expression) = text.strip_prefix("= ") {
            return expression.parse().map(Self::Expression);
        }
        let not_empty = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let address = |rest: &str| {
            let (kind, part) = rest.rsplit_once('.')?;
            Some(Self::address(not_empty(kind)?, part.parse().ok()?))
        };
        let source = if let Some(name) = text.strip_prefix("attributes.") {
            not_empty(name).map(Self::Custom)
        } else if let Some(rest) = text.strip_prefix("addresses.") {
            address(rest)
        } else if let Some(rest) = text.strip_prefix("phoneNumbers.") {
            rest.strip_suffix(".number").and_then(not_empty).map(Self::phone_number)
        } else {
            unquote(text).map(Self::Constant)
        };
        source.ok_or_else(|| Error::new(ErrorKind::Source { found: excerpt(text) }, Location::Whole))
    }
}

impl fmt::Display for AddressPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StreetAddress => "streetAddress",
            Self::Locality => "locality",
            Self::Region => "region",
            Self::PostalCode => "postalCode",
            Self::Country => "country",
        })
    }
}

impl FromStr for AddressPart {
    type Err = Error;

    /// Reads what [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Source`] for a text that is none.
    fn from_str(text: &str) -> Result<Self, Error> {
        let part = Self::ALL.into_iter().find(|part| part.to_string() == text);
        part.ok_or_else(|| Error::new(ErrorKind::Source { found: excerpt(text) }, Location::Whole))
    }
}

/// Writes `text` in quotation marks; what would end it, or break the line, is escaped.
///
/// A constant prints on one line whatever is in it, so that a table of rules has one line a rule.
fn quote(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            c if c.is_control() => write!(f, "\\u{{{:x}}}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}

/// Reads what [`quote`] writes.
///
/// Nothing but what [`quote`] writes is read: a text with a quotation mark in the middle, or with an escape that is none, is refused, not guessed.
fn unquote(text: &str) -> Option<String> {
    let mut rest = text.strip_prefix('"')?.strip_suffix('"')?.chars();
    let mut read = String::new();
    while let Some(c) = rest.next() {
        let c = match c {
            '"' => return None,
            '\\' => match rest.next()? {
                c @ ('"' | '\\') => c,
                'u' => {
                    let (number, behind) = rest.as_str().strip_prefix('{')?.split_once('}')?;
                    rest = behind.chars();
                    char::from_u32(u32::from_str_radix(number, 16).ok()?)?
                }
                _ => return None,
            },
            c => c,
        };
        read.push(c);
    }
    Some(read)
}
