//! Why an expression or a text for an assertion does not go through.

use std::fmt;

/// Why an expression cannot be evaluated for a record.
#[cfg(feature = "expressions")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExpressionFailure {
    /// It takes more steps, or more memory on the way, than an expression may.
    TooManySteps,
    /// What it reads or gives is longer than an expression may handle.
    TooLong {
        /// The most bytes.
        longest: usize,
    },
    /// It gives something else than it must: a text for an attribute, or true or false for who is provisioned.
    WrongType {
        /// What it must give.
        expected: &'static str,
        /// What it gives.
        found: &'static str,
    },
    /// It does something with a value that such a value does not allow, such as adding a text to a number.
    Invalid,
    /// It asks for groups or for the manager, and the directory was not read to its end.
    DirectoryIncomplete,
}

/// Why a text cannot be sent in an assertion.
#[cfg(feature = "saml")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SamlRefusal {
    /// It is longer than AWS takes.
    TooLong {
        /// The most characters that it may have.
        longest: usize,
        /// The characters that it has.
        found: usize,
    },
    /// It has a character that XML cannot carry, or, of a tag for access control, that AWS does not take.
    Character {
        /// The first such character.
        found: char,
        /// Its place in the text, in characters from 0.
        at: usize,
    },
}
#[cfg(feature = "expressions")]
impl ExpressionFailure {
    pub(super) fn remedy(self) -> String {
        match self {
            Self::DirectoryIncomplete => "read the directory again, to its end".to_owned(),
            _ => "change the expression, or what it reads in the directory".to_owned(),
        }
    }
}

#[cfg(feature = "expressions")]
impl fmt::Display for ExpressionFailure {
    /// Writes the second half of a sentence: "takes ..".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManySteps => f.write_str("takes more steps than an expression may"),
            Self::TooLong { longest } => write!(f, "handles a text of more than {longest} bytes"),
            Self::WrongType { expected, found } => write!(f, "must give {expected} and gives {found}"),
            Self::Invalid => f.write_str("does something with a value that it does not allow"),
            Self::DirectoryIncomplete => f.write_str("asks for groups or for the manager, and the directory was not read to its end"),
        }
    }
}

#[cfg(feature = "saml")]
impl fmt::Display for SamlRefusal {
    /// Writes the second half of a sentence: "has ..".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { longest, found } => write!(f, "has {found} characters, at most {longest} are taken"),
            Self::Character { found, at } => {
                write!(f, "has the character '{}' (U+{:04X}) at {at}, which is refused", found.escape_debug(), u32::from(*found))
            }
        }
    }
}
