//! Which URLs a browser is sent to.

use crate::error::{Error, ErrorKind, excerpt};

/// Checks the URL of an endpoint, without changing it: it stays the string that it is compared as.
///
/// # Errors
///
/// [`ErrorKind::Value`] with what [`url_expects`] says.
pub(crate) fn check_url(name: &'static str, url: &str, allow_http: bool) -> Result<(), Error> {
    url_expects(url, allow_http)
        .map_or(Ok(()), |expected| Err(Error::whole(ErrorKind::Value { name, expected, found: format!("\"{}\"", excerpt(url)) })))
}

/// What `url` would have to be to be an endpoint; nothing if it can be one.
///
/// A browser forgives much in a URL (tabs, backslashes, names before the host) and then goes elsewhere than a reader expects, so nothing that
/// it would have to forgive is taken.
pub(crate) fn url_expects(url: &str, allow_http: bool) -> Option<&'static str> {
    let Some(rest) = after_scheme(url, "https://").or_else(|| after_scheme(url, "http://").filter(|_| allow_http)) else {
        return Some(if allow_http { "a URL that begins with https:// or http://" } else { "a URL that begins with https://" });
    };
    if !url.bytes().all(is_url_byte) {
        return Some("a URL with no characters but those of RFC 3986");
    }
    if url.contains('#') {
        return Some("a URL without a fragment");
    }
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.contains('@') {
        return Some("a URL without a name before its host");
    }
    let (host, port) = split_port(authority);
    if !is_host(host) {
        return Some("a URL with a host");
    }
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    (!port.is_none_or(is_port)).then_some("a URL with a port from 0 to 65535, or without one")
}

/// What follows the scheme, which is compared without case (RFC 3986 section 3.1).
fn after_scheme<'u>(url: &'u str, scheme: &str) -> Option<&'u str> {
    url.get(..scheme.len()).filter(|start| start.eq_ignore_ascii_case(scheme))?;
    url.get(scheme.len()..)
}

/// RFC 3986 section 2: unreserved, reserved, and the percent sign.
fn is_url_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte)
}

/// The colons in the brackets of an IPv6 address are not that of a port.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        return address.strip_suffix(']').is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok());
    }
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    // One dot may end a name: that of the root.
    let name = host.strip_suffix('.').unwrap_or(host);
    name.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_endpoints() {
        let https = Some("a URL that begins with https://");
        let characters = Some("a URL with no characters but those of RFC 3986");
        let host = Some("a URL with a host");
        let port = Some("a URL with a port from 0 to 65535, or without one");
        for (url, expected) in [
            ("https://sp.example.com/acs", None),
            ("https://sp.example.com", None),
            ("HTTPS://sp.example.com./acs?a=1&b=%20", None),
            ("https://localhost:8443/acs", None),
            ("https://192.0.2.1/acs", None),
            ("https://[2001:db8::1]:8443/acs", None),
            ("https://[::1]", None),
            ("https://sp_1.example.com/a@b:c", None),
            ("http://sp.example.com/acs", https),
            ("javascript:alert(1)", https),
            ("javascript://https://sp.example.com/%0aalert(1)", https),
            ("data:text/html,x", https),
            ("//sp.example.com/acs", https),
            ("/acs", https),
            ("https:sp.example.com", https),
            ("https:/sp.example.com", https),
            (" https://sp.example.com", https),
            ("", https),
            ("\u{e9}", https),
            ("https://sp.example.com/a b", characters),
            ("https://sp.example.com/acs ", characters),
            ("https://sp.example.com/\tacs", characters),
            ("https://sp.example.com\\@evil.example/", characters),
            ("https://sp.example.com/\u{e9}", characters),
            ("https://sp.example.com/\"onclick", characters),
            ("https://sp.example.com/acs#", Some("a URL without a fragment")),
            ("https://sp.example.com@evil.example/", Some("a URL without a name before its host")),
            ("https://", host),
            ("https:///acs", host),
            ("https://?a", host),
            ("https://:443/", host),
            ("https://a..b/", host),
            ("https://a%2eb/", host),
            ("https://[::1/", host),
            ("https://[x]/", host),
            ("https://sp.example.com:/", port),
            ("https://sp.example.com:65536/", port),
            ("https://sp.example.com:+1/", port),
        ] {
            assert_eq!(url_expects(url, false), expected, "{url}");
        }
        assert_eq!(url_expects("http://localhost:3000/acs", true), None);
        assert_eq!(url_expects("ftp://localhost/", true), Some("a URL that begins with https:// or http://"));
    }
}
