//! Names with a wildcard.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Location, excerpt};

/// A name in which `*` stands for any text, also for none. Names are compared without regard to case, as AWS compares those of groups.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::NamePattern;
///
/// let pattern: NamePattern = "AWS * admins".parse()?;
/// assert!(pattern.is_match("aws Production Admins"));
/// assert!(!pattern.is_match("AWS admins"));
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamePattern(String);

impl NamePattern {
    /// The most bytes that a pattern may have.
    pub const LONGEST: usize = 1024;

    /// Whether the whole of `name` is like this.
    #[must_use]
    pub fn is_match(&self, name: &str) -> bool {
        is_like(name, &self.0)
    }
}

impl FromStr for NamePattern {
    type Err = Error;

    /// Takes the pattern as it stands.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NamePattern`] for one that is blank, or longer than [`NamePattern::LONGEST`].
    fn from_str(text: &str) -> Result<Self, Error> {
        if text.trim().is_empty() || text.len() > Self::LONGEST {
            let kind = ErrorKind::NamePattern { longest: Self::LONGEST, found: excerpt(text) };
            return Err(Error::new(kind, Location::Whole));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether the whole of `text` is like `pattern`, in which `*` stands for any text, also for none. Both are compared in small letters.
pub(crate) fn is_like(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.to_lowercase(), pattern.to_lowercase());
    let Some((start, rest)) = pattern.split_once('*') else { return text == pattern };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut text) = text.strip_prefix(start).and_then(|text| text.strip_suffix(end)) else { return false };
    // The first place of each part leaves most for those behind it.
    for part in middle.split('*') {
        match text.split_once(part) {
            Some((_, behind)) => text = behind,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards() {
        for (text, pattern, is_expected) in [
            ("AWS Admins", "aws *", true),
            ("AWS Admins", "AWS Admins", true),
            ("AWS Admins", "AWS", false),
            ("", "*", true),
            ("", "", true),
            ("a", "", false),
            ("ab", "a*b", true),
            ("a", "a*a", false),
            ("aXbYc", "a*b*c", true),
            ("acb", "a*b*c", false),
            ("abcbc", "a*bc", true),
            ("abab", "*ab*ab*", true),
            ("aba", "*ab*ab*", false),
            ("ÅSE", "å**e", true),
        ] {
            assert_eq!(is_like(text, pattern), is_expected, "{text} {pattern}");
        }
    }
}
