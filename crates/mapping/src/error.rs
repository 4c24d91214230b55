//! The one error type of this crate.

use std::fmt;

/// Why bytes are not a directory, a text is not an identifier, or a rule or a file of them cannot be one.
///
/// One bad record is never an error: it is held with a [`Finding`](crate::Finding), and the rest of the directory goes on.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{Location, directory::jumpcloud};
///
/// let error = jumpcloud::read(b"{\"systemusers\": 5}").unwrap_err();
/// assert_eq!(error.to_string(), "invalid directory file at line 1 column 17: systemusers must be an array, found a number");
/// assert_eq!(error.at(), &Location::Text { line: 1, column: 17 });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    at: Location,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, at: Location) -> Self {
        Self { kind, at }
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Where it is wrong.
    #[must_use]
    pub fn at(&self) -> &Location {
        &self.at
    }
}

/// What is wrong, with the evidence. All of it is the fault of what was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is not JSON, or ends before it is complete.
    #[error("invalid JSON")]
    Json {
        /// What the JSON reader met.
        reason: String,
    },
    /// The text is JSON of another shape than a directory file.
    #[error("invalid directory file")]
    Shape {
        /// What is where it should not be, in types and never in values.
        reason: String,
    },
    /// A text file has bytes that are no UTF-8, or a NUL, which no text has.
    #[error("the directory file is not UTF-8")]
    Encoding {
        /// The first such byte.
        byte: u8,
        /// Its place in the file, in bytes from 0.
        offset: usize,
    },
    /// The text is longer than this crate reads.
    #[error("the directory file is too large: at most {most} bytes are read, found {found}")]
    TooLarge {
        /// The most bytes that are read.
        most: usize,
        /// The bytes found; of a file that is read as it comes, those after which reading stopped.
        found: usize,
    },
    /// The file could not be read to its end.
    #[error("the directory file cannot be read to its end: {kind}")]
    Unread {
        /// What the reader that was given answered.
        kind: std::io::ErrorKind,
    },
    /// An identifier is empty or too long.
    #[error("invalid identifier: expected 1 to {longest} bytes, found {found}")]
    Identifier {
        /// The most bytes an identifier may have.
        longest: usize,
        /// The bytes found.
        found: usize,
    },
    /// A text names no source.
    #[error("unknown source \"{found}\": expected a name such as email, addresses.work.region or attributes.locale")]
    Source {
        /// The text, at most 100 characters of it.
        found: String,
    },
    /// A text is no name with wildcards.
    #[error("invalid name \"{found}\": expected 1 to {longest} bytes that are not all blank")]
    NamePattern {
        /// The most bytes that it may have.
        longest: usize,
        /// The text, at most 100 characters of it.
        found: String,
    },
    /// A text is no expression; [`Error::at`] is the place in it.
    #[cfg(feature = "expressions")]
    #[error("invalid expression")]
    Expression {
        /// What is wrong with it.
        reason: String,
    },
    /// A file of rules says something that cannot be, or that nobody would want; none of its rules is used.
    #[error("invalid rule file")]
    RuleFile {
        /// The rule, or the part of the file, that it is about, at most 100 characters of it; nothing if it is none of them.
        rule: Option<String>,
        /// What is wrong.
        reason: String,
    },
    /// A text is JSON and no policy that IAM would take.
    #[cfg(feature = "abac")]
    #[error("invalid policy")]
    Policy {
        /// The statement and the elements in it that it is about; nothing if it is the whole policy.
        place: Option<String>,
        /// What is wrong.
        reason: String,
    },
    /// A text is no key of a tag in AWS.
    #[cfg(feature = "abac")]
    #[error("invalid tag key \"{found}\": expected {expected}")]
    TagKey {
        /// What a key has to be.
        expected: &'static str,
        /// The text, at most 100 characters of it.
        found: String,
    },
    /// A text names no attribute of a user that AWS makes a tag of.
    #[cfg(feature = "abac")]
    #[error("unknown attribute for access control \"{found}\": expected one that AWS lists, such as ${{path:enterprise.costCenter}}")]
    Selector {
        /// The text, at most 100 characters of it.
        found: String,
    },
    /// A text does not say who wins.
    #[cfg(feature = "abac")]
    #[error("invalid precedence \"{found}\": expected saml or console")]
    Precedence {
        /// The text, at most 100 characters of it.
        found: String,
    },
    /// The attributes for access control are none that the console of AWS could have.
    #[cfg(feature = "abac")]
    #[error("invalid attributes for access control")]
    AccessControl {
        /// What is wrong.
        reason: String,
    },
    /// A rule for SAML would make attributes that are refused, or none at all.
    #[cfg(feature = "saml")]
    #[error("invalid SAML rule for {name}: expected {expected}, found {found}")]
    SamlRule {
        /// The attribute, at most 100 characters of it.
        name: String,
        /// What the rule would have to have.
        expected: &'static str,
        /// What it has, in quotation marks, at most 100 characters of it.
        found: String,
    },
}

/// Where an [`Error`] was found: the place at which the reader stood when it knew, so the cause is there or right before it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// Nowhere in particular: the whole text.
    Whole,
    /// A place in the text, as an editor counts.
    Text {
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
    },
}

impl Location {
    /// The place of the byte `at` of `text`.
    pub(crate) fn of(text: &str, at: usize) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self::Text { line: before.bytes().filter(|byte| *byte == b'\n').count() + 1, column: before.len() - line_start + 1 }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Location::Text { line, column } = &self.at {
            write!(f, " at line {line} column {column}")?;
        }
        match &self.kind {
            ErrorKind::Json { reason } | ErrorKind::Shape { reason } => write!(f, ": {reason}"),
            ErrorKind::Encoding { byte, offset } => write!(f, ": found the byte 0x{byte:02X} at byte {offset}; save the file as UTF-8"),
            #[cfg(feature = "expressions")]
            ErrorKind::Expression { reason } => write!(f, ": {reason}"),
            #[cfg(feature = "abac")]
            ErrorKind::Policy { place: Some(place), reason } => write!(f, ", {place}: {reason}"),
            #[cfg(feature = "abac")]
            ErrorKind::Policy { place: None, reason } => write!(f, ": {reason}"),
            #[cfg(feature = "abac")]
            ErrorKind::AccessControl { reason } => write!(f, ": {reason}"),
            ErrorKind::RuleFile { rule: Some(rule), reason } => write!(f, ", {rule}: {reason}"),
            ErrorKind::RuleFile { rule: None, reason } => write!(f, ": {reason}"),
            _ => Ok(()),
        }
    }
}

/// The first characters of `text` that fit into an error, with what could break a line of a log escaped.
pub(crate) fn excerpt(text: &str) -> String {
    const MOST: usize = 100;
    let mut shown: String = text.chars().take(MOST).flat_map(char::escape_debug).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push_str("...");
    }
    shown
}
