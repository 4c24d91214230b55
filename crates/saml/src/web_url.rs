//! A URL to send a person to.

use std::fmt;

use crate::error::{Error, ErrorKind, excerpt};
use crate::metadata::url_expects;

/// A URL that a browser is sent to: https, with a host, and with nothing in it that a browser would have to forgive.
///
/// It stays exactly as it was written. The rules are those for the endpoints of metadata, with one more thing allowed: a fragment, which the pages
/// that people sign in at have now and then (`https://example.awsapps.com/start#/`).
///
/// # Examples
///
/// ```
/// use idbridge_saml::WebUrl;
///
/// let url = WebUrl::new("https://example.awsapps.com/start#/")?;
/// assert_eq!(url.as_str(), "https://example.awsapps.com/start#/");
/// assert!(url.has_fragment());
///
/// let error = WebUrl::new("javascript:alert(1)").unwrap_err();
/// assert_eq!(error.to_string(), "invalid URL: expected a URL that begins with https://, found \"javascript:alert(1)\"");
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebUrl(Box<str>);

impl WebUrl {
    /// The most bytes that are taken.
    pub const LONGEST: usize = 2_048;

    /// Takes a URL of https as it stands.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Value`] with what it would have to be.
    pub fn new(url: &str) -> Result<Self, Error> {
        Self::read(url, false)
    }

    /// Takes a URL of http, too.
    ///
    /// # Errors
    ///
    /// As of [`new`](Self::new).
    ///
    /// # Security
    ///
    /// Whoever is on the way reads and changes what is sent there. It is for one's own machine.
    pub fn dangerous_allow_http(url: &str) -> Result<Self, Error> {
        Self::read(url, true)
    }

    /// The URL as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is a `#` in it; an endpoint of metadata has none.
    #[must_use]
    pub fn has_fragment(&self) -> bool {
        self.0.contains('#')
    }

    fn read(url: &str, allow_http: bool) -> Result<Self, Error> {
        match expects(url, allow_http) {
            None => Ok(Self(url.into())),
            Some(expected) => Err(Error::whole(ErrorKind::Value { name: "URL", expected, found: format!("\"{}\"", excerpt(url)) })),
        }
    }
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn expects(url: &str, allow_http: bool) -> Option<&'static str> {
    if url.len() > WebUrl::LONGEST {
        return Some("a URL of at most 2,048 bytes");
    }
    let (page, fragment) = url.split_once('#').unwrap_or((url, ""));
    // RFC 3986 section 3.5: a fragment has the characters of a query, so that it can stand in one's place to be checked.
    let checked = url_expects(page, allow_http);
    checked.or_else(|| if fragment.is_empty() { None } else { url_expects(&format!("{page}?{fragment}"), allow_http) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_may_have_a_fragment_and_nothing_else_that_endpoints_have_not() {
        for (url, expected) in [
            ("https://example.awsapps.com/start", None),
            ("https://example.awsapps.com/start#/", None),
            ("https://example.awsapps.com/start/#/?tab=accounts", None),
            ("https://example.awsapps.com#", None),
            ("https://localhost:8443?a=1#b", None),
            ("http://localhost:3000", Some("a URL that begins with https://")),
            ("https://example.com/#a#b", Some("a URL without a fragment")),
            ("https://example.com/#<script>", Some("a URL with no characters but those of RFC 3986")),
            ("https://#a", Some("a URL with a host")),
            ("#a", Some("a URL that begins with https://")),
            ("https://user@example.com/", Some("a URL without a name before its host")),
        ] {
            assert_eq!(expects(url, false), expected, "{url}");
        }
        assert_eq!(expects("http://localhost:3000/#/", true), None);
        let long = format!("https://example.com/{}", "a".repeat(WebUrl::LONGEST - 20));
        assert_eq!(expects(&long, false), None);
        assert_eq!(expects(&format!("{long}a"), false), Some("a URL of at most 2,048 bytes"));
    }
}
