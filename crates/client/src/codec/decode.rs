//! From an HTTP message to a SCIM answer.

use std::time::Duration;

use http::HeaderMap;
use http::header::{CONTENT_TYPE, ETAG, HeaderValue, LOCATION, RETRY_AFTER};
use idbridge_scim::protocol::{Body, MeAction, Reply, Request};
use idbridge_scim::{BulkRequest, BulkResponse, ETag, ErrorResponse, ListResponse, Location, Resource, SchemaUri};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// Reads `response`, the answer to `request`.
///
/// Every answer is a [`Reply`]; what is no SCIM message of the shape that the request and the status ask for is [`Body::Unreadable`], and is never
/// taken for an empty list or an empty resource. What is said of such a body is its place and kind, and nothing of its text.
///
/// A 304 to a read, and a 412 where a precondition does not hold, are replies like any other (RFC 7644 section 3.14). `ETag` is read where it is an
/// entity tag, `Location` as it stands.
///
/// `Retry-After` is read in seconds; a date is left out, because it cannot be read without a clock.
///
/// # Examples
///
/// ```
/// use idbridge_client::decode;
/// use idbridge_scim::protocol::{Body, ListQuery, Request, ResourceType};
///
/// let request = Request::list(ResourceType::User, ListQuery::first_page(None));
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
    } else if status == 204 || matches!(request, Request::Delete { .. } | Request::Me { action: MeAction::Delete, .. }) {
        // RFC 7644 section 3.6: nothing is told about a resource that is gone.
        Body::Empty
    } else {
        success(request, &body, &head.headers)
    };
    let mut reply = Reply::new(status, body);
    reply.request_id = header(&head.headers, "x-amzn-requestid");
    reply.retry_after = head.headers.get(RETRY_AFTER).and_then(seconds);
    reply.etag = head.headers.get(ETAG).and_then(version);
    reply.location = bounded(&head.headers, LOCATION.as_str(), LONGEST_LOCATION);
    reply
}

fn success(request: &Request, body: &[u8], headers: &HeaderMap) -> Body {
    let resource = |expected, attribute| match read(body, headers).and_then(|resource| with(resource, attribute)) {
        Ok(resource) => Body::Resource(Box::new(resource)),
        Err(reason) => Body::Unreadable { expected, reason },
    };
    let page = |attribute| match read(body, headers).and_then(|page| list(page, attribute)) {
        Ok(list) => Body::from(list),
        Err(reason) => Body::Unreadable { expected: "a list", reason },
    };
    match request {
        Request::List { .. } | Request::ListRoot { .. } | Request::Search { .. } | Request::SearchRoot { .. } | Request::Schemas => {
            page("id")
        }
        // RFC 7643 section 6: the id of a resource type is OPTIONAL, its name is REQUIRED.
        Request::ResourceTypes => page("name"),
        // RFC 7644 section 3.5.2: a PATCH is answered with the resource or with nothing.
        Request::Patch { .. } | Request::Me { action: MeAction::Patch(_), .. } if body.is_empty() => Body::Empty,
        Request::Bulk { bulk, .. } => match outcomes(bulk, body, headers) {
            Ok(outcomes) => Body::from(outcomes),
            Err(reason) => Body::Unreadable { expected: "a bulk response", reason },
        },
        Request::ServiceProviderConfig => resource("the service provider's configuration", "patch"),
        Request::ResourceType { .. } => resource("a resource type", "name"),
        Request::Schema { .. } => resource("a schema", "id"),
        _ => resource("a resource", "id"),
    }
}

/// RFC 7644 section 3.7: there are no more outcomes than there were operations.
fn outcomes(bulk: &BulkRequest, body: &[u8], headers: &HeaderMap) -> Result<BulkResponse, String> {
    BulkResponse::from_json(body, bulk.operations().len()).map_err(|error| {
        // What is no JSON is told as everywhere else; of anything else only the place, for the rest may quote the body.
        let place = match error.at() {
            Location::Operation(index) => format!("the outcome {index} in it lacks what an outcome has"),
            _ => "it has not the outcomes of what was sent".to_owned(),
        };
        read::<Resource>(body, headers).err().unwrap_or(place)
    })
}

/// RFC 7644 section 3.4.2. Any JSON object could be read as a list of nothing, and a list of nothing makes users be created or taken for deleted.
fn list(list: ListResponse, attribute: &str) -> Result<ListResponse, String> {
    let is_list = |schema: &String| schema.eq_ignore_ascii_case(SchemaUri::LIST_RESPONSE.as_str());
    let is_empty = list.resources().is_empty();
    if is_empty && list.total_results().is_none() && !list.schemas().iter().any(is_list) {
        return Err("it has neither the schema of a list nor resources".to_owned());
    }
    if is_empty && list.total_results().is_some_and(|total| total > 0) {
        return Err("it announces resources and holds none".to_owned());
    }
    if !list.resources().iter().all(|resource| has(resource, attribute)) {
        return Err(format!("a resource in it has no {attribute}"));
    }
    Ok(list)
}

/// A resource that has what every one of its type has. Any JSON object could be read as a resource.
fn with(resource: Resource, attribute: &str) -> Result<Resource, String> {
    if has(&resource, attribute) { Ok(resource) } else { Err(format!("it has no {attribute}")) }
}

fn has(resource: &Resource, attribute: &str) -> bool {
    if attribute == "id" { resource.id().is_some() } else { resource.get(attribute).is_some() }
}

fn error(body: &[u8], headers: &HeaderMap) -> Body {
    if body.is_empty() {
        return Body::Empty;
    }
    // Any JSON object could be read as an error that says nothing.
    let says_something = |error: &ErrorResponse| error.detail().is_some() || error.status().is_some();
    match read(body, headers) {
        Ok(error) if says_something(&error) => Body::from(error),
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
    bounded(headers, name, LONGEST)
}

/// The most bytes of a `Location`: as long a URL as is in use.
const LONGEST_LOCATION: usize = 8_000;

/// The text of a header, if it is printable and of at most `longest` bytes.
fn bounded(headers: &HeaderMap, name: &str, longest: usize) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?;
    (!text.is_empty() && text.len() <= longest).then(|| text.to_owned())
}

/// RFC 9110 section 8.8.3: an entity tag, which may have bytes beyond ASCII.
fn version(value: &HeaderValue) -> Option<ETag> {
    std::str::from_utf8(value.as_bytes()).ok()?.trim().parse().ok()
}

/// RFC 9110 section 10.2.3: a number of seconds, or a date.
fn seconds(value: &HeaderValue) -> Option<Duration> {
    value.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}
