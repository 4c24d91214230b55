//! The part of an IdP URL that names the application.

use std::fmt;

use crate::error::Error;

/// What an application is called in its IdP URL: 1 to 128 letters, digits, `-`, `_`, `.` and `~` of ASCII, which need no escape in a URL.
///
/// # Examples
///
/// ```
/// use idbridge_application::Slug;
///
/// assert_eq!(Slug::from_label("AWS IAM Identity Center (EU)")?.as_str(), "aws-iam-identity-center-eu");
/// assert_eq!(Slug::new("AWS_prod")?.as_str(), "AWS_prod");
/// assert!(Slug::new("a/b").is_err());
/// # Ok::<(), idbridge_application::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(Box<str>);

const LONGEST: usize = 128;

impl Slug {
    /// Takes a slug as it stands.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Value`](crate::ErrorKind::Value) if it is empty, has other characters, or is too long, and for `.` and `..`, which a browser
    /// would take out of a URL.
    pub fn new(slug: &str) -> Result<Self, Error> {
        let is_taken = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        if slug.is_empty() || slug.len() > LONGEST || !slug.bytes().all(is_taken) || matches!(slug, "." | "..") {
            let expected = "1 to 128 letters, digits, -, _, . and ~ of ASCII";
            return Err(Error::value("slug", expected, slug));
        }
        Ok(Self(slug.into()))
    }

    /// Makes a slug of a display label: lower case, with one `-` for everything between runs of letters and digits of ASCII, cut at 128 characters.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Value`](crate::ErrorKind::Value) if nothing is left, as of a label in another script; then the caller has to choose one.
    pub fn from_label(label: &str) -> Result<Self, Error> {
        let lower = label.to_lowercase();
        let words = lower.split(|c: char| !matches!(c, 'a'..='z' | '0'..='9')).filter(|word| !word.is_empty());
        let slug = words.collect::<Vec<_>>().join("-");
        let slug = slug.get(..LONGEST).unwrap_or(&slug).trim_end_matches('-');
        if slug.is_empty() {
            return Err(Error::value("slug", "a slug, because the label has no letter or digit of ASCII to make one of", label));
        }
        Self::new(slug)
    }

    /// The slug.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
