//! From a SCIM request to an HTTP message.

use std::fmt::Write as _;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, IF_MATCH, IF_NONE_MATCH, USER_AGENT};
use idbridge_scim::protocol::{AttributeSelection, ListQuery, MeAction, Paging, Request};
use idbridge_scim::{Precondition, ResourceId};

use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::token::BearerToken;

/// Writes `request` as the HTTP message that asks it of the service at `endpoint`.
///
/// The message is whole: whoever sends it adds nothing but the length of its body. Identifiers are percent-encoded as one path segment; a space in
/// a filter is `%20`, and the first page of a walk is asked for with `?cursor` alone, as AWS documents it. A precondition is `If-Match` or
/// `If-None-Match`.
///
/// # Errors
///
/// [`ErrorKind::Request`] if it does not fit into an HTTP message: a cursor or a filter of more than about 64 KiB, or an identifier that is empty,
/// `.` or `..`.
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
/// let request = Request::list(ResourceType::User, query);
/// let message = encode(&request, &endpoint, &BearerToken::new("secret")?)?;
/// assert_eq!(
///     message.uri(),
///     "https://scim.eu-west-1.amazonaws.com/tenant/scim/v2/Users?cursor&filter=userName%20eq%20%22anna%2Baws%40example.com%22"
/// );
/// assert!(!format!("{message:?}").contains("secret"));
/// # Ok::<(), idbridge_client::Error>(())
/// ```
pub fn encode(request: &Request, endpoint: &Endpoint, token: &BearerToken) -> Result<http::Request<Vec<u8>>, Error> {
    let body = body(request);
    let unfit = |reason: &str| Error::new(ErrorKind::Request { operation: request.operation(), reason: reason.to_owned() });
    if named(request).is_some_and(|name| matches!(name, "" | "." | "..")) {
        // RFC 3986 section 5.2.4: encoded or not, it would be resolved away on the path, and the request would be about the whole list. So it would
        // be without a name.
        return Err(unfit("its identifier is empty, . or .."));
    }
    let mut message = http::Request::builder()
        .method(request.method())
        .uri(url(request, endpoint))
        .header(ACCEPT, HeaderValue::from_static("application/scim+json, application/json"))
        .header(USER_AGENT, HeaderValue::from_static(concat!("idbridge/", env!("CARGO_PKG_VERSION"))));
    if body.is_some() {
        message = message.header(CONTENT_TYPE, HeaderValue::from_static("application/scim+json"));
    }
    if let Some(precondition) = request.precondition() {
        let name = match precondition {
            Precondition::IfMatch(_) => IF_MATCH,
            Precondition::IfNoneMatch(_) => IF_NONE_MATCH,
        };
        let tags = HeaderValue::try_from(precondition.tags().to_string()).map_err(|_| unfit("a version is no header value"))?;
        message = message.header(name, tags);
    }
    // The value is made of what a token may consist of, so it is one.
    let authorization = token.header_value().map_err(|_| unfit("the token is no header value"))?;
    // `http` names the part that is wrong, and repeats nothing of it.
    message.header(AUTHORIZATION, authorization).body(body.unwrap_or_default().into_bytes()).map_err(|error| unfit(&error.to_string()))
}

/// The body of a request, where it has one.
fn body(request: &Request) -> Option<String> {
    match request {
        Request::Create { resource, .. } | Request::Replace { resource, .. } => Some(resource.to_json()),
        Request::Patch { patch, .. } => Some(patch.to_json()),
        Request::Search { search, .. } | Request::SearchRoot { search, .. } => Some(search.to_json()),
        Request::Bulk { bulk, .. } => Some(bulk.to_json()),
        Request::Me { action: MeAction::Create(resource) | MeAction::Replace(resource), .. } => Some(resource.to_json()),
        Request::Me { action: MeAction::Patch(patch), .. } => Some(patch.to_json()),
        _ => None,
    }
}

/// What stands behind the endpoint on the path of a request.
fn named(request: &Request) -> Option<&str> {
    match request {
        Request::ResourceType { name, .. } => Some(name),
        Request::Schema { uri, .. } => Some(uri.as_str()),
        _ => request.id().map(ResourceId::as_str),
    }
}

/// The URL, written by hand: `Url::join` would drop the last part of the endpoint's path, and form encoding writes a space as `+`.
fn url(request: &Request, endpoint: &Endpoint) -> String {
    let mut url = endpoint.to_string();
    match request {
        Request::Bulk { .. } => url.push_str("/Bulk"),
        Request::Me { .. } => url.push_str("/Me"),
        Request::ServiceProviderConfig => url.push_str("/ServiceProviderConfig"),
        Request::ResourceTypes | Request::ResourceType { .. } => url.push_str("/ResourceTypes"),
        Request::Schemas | Request::Schema { .. } => url.push_str("/Schemas"),
        // RFC 7644 section 3.4.2.1: the root itself has no endpoint behind the base URL.
        Request::ListRoot { .. } => url.push('/'),
        _ => {
            if let Some(resource_type) = request.resource_type() {
                url.push('/');
                url.push_str(resource_type.endpoint());
            }
        }
    }
    if let Some(name) = named(request) {
        url.push('/');
        push_encoded(&mut url, name);
    }
    match request {
        // RFC 7644 section 3.4.3: the query stands in the body.
        Request::Search { .. } | Request::SearchRoot { .. } => url.push_str("/.search"),
        Request::List { query, .. } | Request::ListRoot { query, .. } => push_query(&mut url, query),
        _ => {
            let mut parameters = Parameters { url: &mut url, separator: '?' };
            parameters.push_selection(request.selection());
        }
    }
    url
}

/// The parameters behind a path.
struct Parameters<'a> {
    url: &'a mut String,
    separator: char,
}

impl Parameters<'_> {
    /// A parameter, or only its name.
    fn push(&mut self, name: &str, value: Option<&str>) {
        self.push_name(name);
        if let Some(value) = value {
            self.url.push('=');
            push_encoded(self.url, value);
        }
    }

    fn push_name(&mut self, name: &str) {
        self.url.push(self.separator);
        self.separator = '&';
        self.url.push_str(name);
    }

    /// RFC 7644 section 3.9: paths with commas between them.
    fn push_selection(&mut self, selection: &AttributeSelection) {
        match selection {
            AttributeSelection::Default => return,
            AttributeSelection::Only(_) => self.push_name("attributes"),
            AttributeSelection::Except(_) => self.push_name("excludedAttributes"),
        }
        for (index, path) in selection.paths().iter().enumerate() {
            self.url.push(if index == 0 { '=' } else { ',' });
            push_encoded(self.url, &path.to_string());
        }
    }
}

fn push_query(url: &mut String, query: &ListQuery) {
    let mut parameters = Parameters { url, separator: '?' };
    match &query.paging {
        Paging::None => {}
        Paging::StartIndex(index) => parameters.push("startIndex", Some(&index.to_string())),
        // RFC 9865 section 2.1: the parameter without a value asks for the first page.
        Paging::FirstPage => parameters.push("cursor", None),
        Paging::From(cursor) => parameters.push("cursor", Some(cursor.as_str())),
    }
    if let Some(count) = query.count {
        parameters.push("count", Some(&count.to_string()));
    }
    if let Some(filter) = &query.filter {
        parameters.push("filter", Some(&filter.to_string()));
    }
    if let Some(sort) = &query.sort {
        parameters.push("sortBy", Some(&sort.by().to_string()));
        parameters.push("sortOrder", Some(sort.order().as_str()));
    }
    parameters.push_selection(&query.selection);
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
