//! From an HTTP message to a SCIM answer.

use std::time::Duration;

use http::HeaderMap;
use http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use idbridge_scim::protocol::{Body, Reply, Request};
use idbridge_scim::{ErrorResponse, ListResponse, Resource, SchemaUri};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// Reads `response`, the answer to `request`.
///
/// Every answer is a [`Reply`]; what is no SCIM message of the shape that the request and the status ask for is [`Body::Unreadable`], and is never
/// taken for an empty list or an empty resource. What is said of such a body is its place and kind, and nothing of its text.
///
/// `Retry-After` is read in seconds; a date is left out, because it cannot be read without a clock.
///
/// # Examples
///
/// ```
/// use idbridge_client::decode;
/// use idbridge_scim::protocol::{Body, ListQuery, Request, ResourceType};
///
/// let request = Request::List { resource_type: ResourceType::User, query: ListQuery::first_page(None) };
/// // A page that was cut off on its way says nothing about who is there.
/// let response = http::Response::builder().status(200).body(br#"{"schemas":["urn:ietf:params:"#.to_vec())?;
/// let reply = decode(&request, response);
/// assert!(matches!(reply.body, Body::Unreadable { .. }));
/// # Ok::<(), http::Error>(())
/// ```
#[must_use]
pub fn decode(request: &Request, response: http::Response<Vec<u8>>) -> Reply {
    let (head, body) = response.into_parts();
    let status = head.status.as_u16();
    let body = if !head.status.is_success() {
        error(&body, &head.headers)
    } else if status == 204 || matches!(request, Request::Delete { .. }) {
        // RFC 7644 section 3.6: nothing is told about a resource that is gone.
        Body::Empty
    } else {
        success(request, &body, &head.headers)
    };
    let mut reply = Reply::new(status, body);
    reply.request_id = header(&head.headers, "x-amzn-requestid");
    reply.retry_after = head.headers.get(RETRY_AFTER).and_then(seconds);
    reply
}

fn success(request: &Request, body: &[u8], headers: &HeaderMap) -> Body {
    match request {
        Request::List { .. } => match read(body, headers).and_then(list) {
            Ok(list) => Body::List(list),
            Err(reason) => Body::Unreadable { expected: "a list", reason },
        },
        // RFC 7644 section 3.5.2: a PATCH is answered with the resource or with nothing.
        Request::Patch { .. } if body.is_empty() => Body::Empty,
        Request::ServiceProviderConfig => match read(body, headers).and_then(|config| with(config, "patch")) {
            Ok(config) => Body::Resource(Box::new(config)),
            Err(reason) => Body::Unreadable { expected: "the service provider's configuration", reason },
        },
        _ => match read(body, headers).and_then(|resource| with(resource, "id")) {
            Ok(resource) => Body::Resource(Box::new(resource)),
            Err(reason) => Body::Unreadable { expected: "a resource", reason },
        },
    }
}

/// RFC 7644 section 3.4.2. Any JSON object could be read as a list of nothing, and a list of nothing makes users be created or taken for deleted.
fn list(list: ListResponse) -> Result<ListResponse, String> {
    let is_list = |schema: &String| schema.eq_ignore_ascii_case(SchemaUri::LIST_RESPONSE.as_str());
    let is_empty = list.resources().is_empty();
    if is_empty && list.total_results().is_none() && !list.schemas().iter().any(is_list) {
        return Err("it has neither the schema of a list nor resources".to_owned());
    }
    if is_empty && list.total_results().is_some_and(|total| total > 0) {
        return Err("it announces resources and holds none".to_owned());
    }
    if list.resources().iter().any(|resource| resource.id().is_none()) {
        return Err("a resource in it has no id".to_owned());
    }
    Ok(list)
}

/// A resource that has what every one of its type has. Any JSON object could be read as a resource.
fn with(resource: Resource, attribute: &str) -> Result<Resource, String> {
    let is_there = if attribute == "id" { resource.id().is_some() } else { resource.get(attribute).is_some() };
    if is_there { Ok(resource) } else { Err(format!("it has no {attribute}")) }
}

fn error(body: &[u8], headers: &HeaderMap) -> Body {
    if body.is_empty() {
        return Body::Empty;
    }
    // Any JSON object could be read as an error that says nothing.
    let says_something = |error: &ErrorResponse| error.detail().is_some() || error.status().is_some();
    match read(body, headers) {
        Ok(error) if says_something(&error) => Body::Error(error),
        Ok(_) => Body::Unreadable { expected: "an error message", reason: "it has neither a detail nor a status".to_owned() },
        Err(reason) => Body::Unreadable { expected: "an error message", reason },
    }
}

/// Reads JSON, or says where and how it is wrong without repeating any of it: it may hold what is nobody's business in a log.
fn read<T: DeserializeOwned>(body: &[u8], headers: &HeaderMap) -> Result<T, String> {
    if body.is_empty() {
        return Err("the body is empty".to_owned());
    }
    serde_json::from_slice(body).map_err(|error| {
        let what = match error.classify() {
            Category::Eof => "the JSON is cut off",
            Category::Data => "the JSON has another shape",
            Category::Syntax | Category::Io => "it is no JSON",
        };
        let kind = header(headers, CONTENT_TYPE.as_str()).map(|kind| format!(", sent as {kind}")).unwrap_or_default();
        format!("{what} (line {}, column {}{kind})", error.line(), error.column())
    })
}

/// The text of a header, if it is short and printable.
fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    const LONGEST: usize = 200;
    let text = headers.get(name)?.to_str().ok()?;
    (!text.is_empty() && text.len() <= LONGEST).then(|| text.to_owned())
}

/// RFC 9110 section 10.2.3: a number of seconds, or a date.
fn seconds(value: &HeaderValue) -> Option<Duration> {
    value.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}
