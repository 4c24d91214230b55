//! From a SCIM request to an HTTP message.

use std::fmt::Write as _;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use idbridge_scim::ResourceId;
use idbridge_scim::protocol::{ListQuery, Paging, Request, ResourceType};

use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::token::BearerToken;

/// Writes `request` as the HTTP message that asks it of the service at `endpoint`.
///
/// The message is whole: whoever sends it adds nothing but the length of its body. Identifiers are percent-encoded as one path segment; a space in
/// a filter is `%20`, and the first page of a walk is asked for with `?cursor` alone, as AWS documents it.
///
/// # Errors
///
/// [`ErrorKind::Request`] if it does not fit into an HTTP message: a cursor or a filter of more than about 64 KiB, or the identifier `.` or `..`.
///
/// # Examples
///
/// ```
/// use idbridge_client::{BearerToken, Endpoint, encode};
/// use idbridge_scim::Filter;
/// use idbridge_scim::protocol::{ListQuery, Request, ResourceType};
///
/// let endpoint = Endpoint::parse("https://scim.eu-west-1.amazonaws.com/tenant/scim/v2/")?;
/// let query = ListQuery::first_page(Some(Filter::user_name("anna+aws@example.com")));
/// let request = Request::List { resource_type: ResourceType::User, query };
/// let message = encode(&request, &endpoint, &BearerToken::new("secret")?)?;
/// assert_eq!(
///     message.uri(),
///     "https://scim.eu-west-1.amazonaws.com/tenant/scim/v2/Users?cursor&filter=userName%20eq%20%22anna%2Baws%40example.com%22"
/// );
/// assert!(!format!("{message:?}").contains("secret"));
/// # Ok::<(), idbridge_client::Error>(())
/// ```
pub fn encode(request: &Request, endpoint: &Endpoint, token: &BearerToken) -> Result<http::Request<Vec<u8>>, Error> {
    let body = match request {
        Request::Create { resource, .. } | Request::Replace { resource, .. } => Some(resource.to_json()),
        Request::Patch { patch, .. } => Some(patch.to_json()),
        _ => None,
    };
    let unfit = |reason: &str| Error::new(ErrorKind::Request { operation: request.operation(), reason: reason.to_owned() });
    if named(request).is_some_and(|id| matches!(id.as_str(), "." | "..")) {
        // RFC 3986 section 5.2.4: encoded or not, it would be resolved away on the path, and the request would be about the whole list.
        return Err(unfit("its identifier is . or .."));
    }
    let mut message = http::Request::builder()
        .method(request.method())
        .uri(url(request, endpoint))
        .header(ACCEPT, HeaderValue::from_static("application/scim+json, application/json"))
        .header(USER_AGENT, HeaderValue::from_static(concat!("idbridge/", env!("CARGO_PKG_VERSION"))));
    if body.is_some() {
        message = message.header(CONTENT_TYPE, HeaderValue::from_static("application/scim+json"));
    }
    // The value is made of what a token may consist of, so it is one.
    let authorization = token.header_value().map_err(|_| unfit("the token is no header value"))?;
    // `http` names the part that is wrong, and repeats nothing of it.
    message.header(AUTHORIZATION, authorization).body(body.unwrap_or_default().into_bytes()).map_err(|error| unfit(&error.to_string()))
}

/// The identifier on the path of a request.
fn named(request: &Request) -> Option<&ResourceId> {
    match request {
        Request::Read { id, .. } | Request::Replace { id, .. } | Request::Patch { id, .. } | Request::Delete { id, .. } => Some(id),
        _ => None,
    }
}

/// The URL, written by hand: `Url::join` would drop the last part of the endpoint's path, and form encoding writes a space as `+`.
fn url(request: &Request, endpoint: &Endpoint) -> String {
    let mut url = endpoint.to_string();
    match request {
        Request::Create { resource_type, .. } => push_type(&mut url, *resource_type),
        Request::Read { resource_type, id }
        | Request::Replace { resource_type, id, .. }
        | Request::Patch { resource_type, id, .. }
        | Request::Delete { resource_type, id } => push_resource(&mut url, *resource_type, id),
        Request::List { resource_type, query } => {
            push_type(&mut url, *resource_type);
            push_query(&mut url, query);
        }
        _ => url.push_str("/ServiceProviderConfig"),
    }
    url
}

fn push_type(url: &mut String, resource_type: ResourceType) {
    url.push('/');
    url.push_str(resource_type.endpoint());
}

fn push_resource(url: &mut String, resource_type: ResourceType, id: &ResourceId) {
    push_type(url, resource_type);
    url.push('/');
    push_encoded(url, id.as_str());
}

fn push_query(url: &mut String, query: &ListQuery) {
    let mut separator = '?';
    let mut push = |url: &mut String, name: &str, value: Option<&str>| {
        url.push(separator);
        separator = '&';
        url.push_str(name);
        if let Some(value) = value {
            url.push('=');
            push_encoded(url, value);
        }
    };
    match &query.paging {
        // RFC 9865 section 2.1: the parameter without a value asks for the first page.
        Paging::FirstPage => push(url, "cursor", None),
        Paging::From(cursor) => push(url, "cursor", Some(cursor.as_str())),
        _ => {}
    }
    if let Some(count) = query.count {
        push(url, "count", Some(&count.to_string()));
    }
    if let Some(filter) = &query.filter {
        push(url, "filter", Some(&filter.to_string()));
    }
}

/// RFC 3986 section 2.1, leaving only the unreserved characters of section 2.3 as they are.
fn push_encoded(url: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            url.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(url, "%{byte:02X}");
        }
    }
}
