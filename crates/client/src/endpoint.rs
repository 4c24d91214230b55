//! Where a tenant's SCIM service is.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// The base URL of a tenant's SCIM service, as the service's console shows it. One that exists may be sent a token.
///
/// Spaces around it and slashes behind it are taken away, the host is lower case, and the standard port is left out, so two endpoints are equal
/// if they are the same place. The scheme is `https`; `http` is taken for this machine only (`localhost`, `127.0.0.0/8`, `::1`), where tests and
/// emulators are. A user name, a query or a fragment is refused: none belongs there, and each may hold a secret that would end in a log.
///
/// # Examples
///
/// ```
/// use idbridge_client::Endpoint;
///
/// let endpoint = Endpoint::parse(" https://scim.eu-west-1.amazonaws.com/Hw59fdecb43-083d/scim/v2/ ")?;
/// assert_eq!(endpoint.to_string(), "https://scim.eu-west-1.amazonaws.com/Hw59fdecb43-083d/scim/v2");
/// assert_eq!(endpoint.host(), "scim.eu-west-1.amazonaws.com");
/// assert_eq!(endpoint.name(), "/Hw59fdecb43-083d/scim/v2");
/// # Ok::<(), idbridge_client::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    scheme: &'static str,
    host: String,
    port: Option<u16>,
    path: String,
}

const EXAMPLE: &str = "a URL such as https://scim.eu-west-1.amazonaws.com/TENANT/scim/v2";

impl Endpoint {
    /// Reads an endpoint as a person copied it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Endpoint`] with what was found and what to give, if it is no such URL.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if text.is_empty() {
            return Err(refused(EXAMPLE, "nothing"));
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(refused("a URL without spaces in it", "a space or a line break"));
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(refused(EXAMPLE, "no https:// at its beginning"));
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err(refused("a URL without a user name", "a user name or password in front of the host"));
        }
        if path.contains('?') {
            return Err(refused("a URL without a query", "a ? and what follows it"));
        }
        if path.contains('#') {
            return Err(refused("a URL without a fragment", "a # and what follows it"));
        }
        let (host, port) = read_authority(authority)?;
        let (scheme, standard_port) = match scheme.to_ascii_lowercase().as_str() {
            "https" => ("https", 443),
            "http" if is_loopback(&host) => ("http", 80),
            "http" => return Err(refused("https:// (http:// is for this machine only)", format!("http://{host}"))),
            _ => return Err(refused("https://", "another scheme")),
        };
        let path = path.trim_end_matches('/');
        check_path(path)?;
        Ok(Self { scheme, host, port: port.filter(|port| *port != standard_port), path: path.to_owned() })
    }

    /// The host, in lower case; an IPv6 address in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The name of the tenant's service: its path, which holds the tenant's identifier, without the host.
    ///
    /// AWS shows one tenant under two hosts (`amazonaws.com` and, for IPv6, `api.aws`), so the path is what a stored state belongs to; give it
    /// to [`StateChange::ServiceNamed`](idbridge_planner::StateChange::ServiceNamed). An endpoint without a path is named `/`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_client::Endpoint;
    ///
    /// let ipv4 = Endpoint::parse("https://scim.eu-west-1.amazonaws.com/tenant/scim/v2")?;
    /// let dual_stack = Endpoint::parse("https://scim.eu-west-1.api.aws/tenant/scim/v2/")?;
    /// assert_eq!(ipv4.name(), dual_stack.name());
    /// # Ok::<(), idbridge_client::Error>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        if self.path.is_empty() { "/" } else { &self.path }
    }

    /// Whether the endpoint is on this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }
}

impl FromStr for Endpoint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(&self.path)
    }
}

/// What was found is named, and not repeated where it may be a secret.
fn refused(expected: &'static str, found: impl Into<String>) -> Error {
    Error::new(ErrorKind::Endpoint { expected, found: found.into() })
}

/// The host in lower case, and the port. A host is written in one way only, so that `http` cannot be talked into another machine.
fn read_authority(authority: &str) -> Result<(String, Option<u16>), Error> {
    // The colons of an IPv6 address stand in brackets.
    let begin = authority.rfind(']').unwrap_or_default();
    let (host, port) = match authority.get(begin..).and_then(|rest| rest.find(':')) {
        Some(colon) => authority.split_at(begin + colon),
        None => (authority, ""),
    };
    let port = match port.strip_prefix(':') {
        None => None,
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => match digits.parse() {
            Ok(port) if port > 0 => Some(port),
            _ => return Err(refused("a port from 1 to 65535", format!("{:?} behind the host", excerpt(digits)))),
        },
        Some(_) => return Err(refused("a port from 1 to 65535", "something else behind the host")),
    };
    let host = host.to_ascii_lowercase();
    if host.is_empty() {
        return Err(refused("a host behind https://", "none"));
    }
    let is_valid = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None if host.bytes().all(|b| b.is_ascii_digit() || b == b'.') => host.parse::<Ipv4Addr>().is_ok(),
        None => host.split('.').all(is_label),
    };
    if !is_valid {
        return Err(refused("the name or the address of a host", format!("{:?}", excerpt(&host))));
    }
    Ok((host, port))
}

/// A part of a host's name; with `_`, which names in private networks have.
fn is_label(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Whether a host is this machine, whatever a resolver says of it.
fn is_loopback(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    host == "localhost"
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || address.and_then(|address| address.parse::<Ipv6Addr>().ok()).is_some_and(|address| address.is_loopback())
}

/// RFC 3986 section 3.3, without segments that a URL library would resolve or drop.
fn check_path(path: &str) -> Result<(), Error> {
    let is_segment = |segment: &str| !matches!(segment, "" | "." | "..");
    if !path.is_empty() && !path.split('/').skip(1).all(is_segment) {
        return Err(refused("a path with a name between any two slashes", "an empty, . or .. part in it"));
    }
    let is_char = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%/".contains(&b);
    match path.chars().find(|c| !u8::try_from(*c).is_ok_and(is_char)) {
        Some(c) => Err(refused("a path of the characters that a URL has", format!("{c:?} in it"))),
        None => Ok(()),
    }
}

/// The beginning of a text, for an error.
fn excerpt(text: &str) -> String {
    const LONGEST: usize = 60;
    text.chars().take(LONGEST).collect()
}
