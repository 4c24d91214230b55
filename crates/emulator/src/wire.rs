//! The service at the level of HTTP: what a request's bytes say, and the bytes of an answer.
//!
//! ```text
//!   token -> path -> tenant -> route -> query -> body -> Request      each may refuse; the first that does is answered
//! ```
//!
//! What is refused here still counts in the throttle (but for a 401) and stands in the log, with the operation as far as it was known.

use std::time::SystemTime;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, Method, StatusCode};
use idbridge_scim::protocol::{Body, ListQuery, Paging, Reply, Request, ResourceType};
use idbridge_scim::{Cursor, ErrorKind, Mode, PatchOp, Resource, ResourceId, SchemaUri, Value};

use crate::fault::Outcome;
use crate::refusal::Refusal;
use crate::service::{Asked, Service};

impl Service {
    /// Answers an HTTP request, without faults: [`handle`](Self::handle) behind the wire's own rules.
    ///
    /// The request's path is `/{tenant}/scim/v2/..`, as it stands in the request line. Without a token that is accepted, or with another
    /// tenant, the answer is 401. Query parameters other than `cursor`, `count` and `filter` are answered 400; a space in a filter may be `%20`
    /// or `+`; `?cursor` and `?cursor=` are the same. A body is JSON whatever kind of JSON its `Content-Type` says. An answer with a body says
    /// `application/json`, and every answer has an `x-amzn-RequestId`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::UNIX_EPOCH;
    ///
    /// use idbridge_emulator::{Service, Settings};
    ///
    /// let mut service = Service::new(Settings::default());
    /// let settings = service.settings();
    /// let request = http::Request::get(format!("/{}/scim/v2/Users?startIndex=1", settings.tenant))
    ///     .header("authorization", format!("Bearer {}", settings.tokens[0].expose()))
    ///     .body(Vec::new())?;
    /// assert_eq!(service.respond(request, UNIX_EPOCH).status(), 400);
    /// # Ok::<(), http::Error>(())
    /// ```
    pub fn respond(&mut self, request: http::Request<Vec<u8>>, now: SystemTime) -> http::Response<Vec<u8>> {
        let read = self.read(&request);
        encode(self.answer(&asked(&request, &read), None, now).1)
    }

    /// Answers an HTTP request as a client sees it when things may go wrong: [`respond`](Self::respond) with the
    /// [`Faults`](crate::Faults) that were set.
    ///
    /// A delay and a cut are left to the caller, who has the connection.
    pub fn exchange(&mut self, request: http::Request<Vec<u8>>, now: SystemTime) -> Outcome<http::Response<Vec<u8>>> {
        let read = self.read(&request);
        self.serve(&asked(&request, &read), now).map(encode)
    }

    /// Reads a request, or says why it is refused before it is one.
    fn read(&self, request: &http::Request<Vec<u8>>) -> Read {
        let refused = |operation, refusal| Read::Refused { operation, refusal };
        if !self.is_authorized(request.headers()) {
            return refused(None, Refusal::unauthorized());
        }
        let Some((tenant, endpoint)) = split_path(request.uri().path()) else {
            return refused(None, Refusal::not_found());
        };
        if tenant != self.settings.tenant {
            // Section "Errors" of the developer guide: 401 is also the answer to a wrong tenant id.
            return refused(None, Refusal::unauthorized());
        }
        let Some(route) = Route::find(request.method(), endpoint) else {
            return refused(None, Refusal::not_found());
        };
        match route.read(request) {
            Ok(request) => Read::Request(request),
            Err(refusal) => refused(Some(route.operation()), refusal),
        }
    }

    /// Whether the request has one header `Authorization` with a token that is accepted (RFC 6750 section 2.1).
    fn is_authorized(&self, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return false;
        };
        // RFC 9110 section 11.1: the name of a scheme compares without case.
        let credentials = value.to_str().ok().and_then(|value| value.split_once(' '));
        credentials.is_some_and(|(scheme, token)| {
            scheme.eq_ignore_ascii_case("Bearer") && self.settings.tokens.iter().any(|accepted| accepted.expose() == token)
        })
    }
}

/// What a request's bytes say.
enum Read {
    /// An operation with all it needs.
    Request(Request),
    /// None, or one that lacks something.
    Refused { operation: Option<&'static str>, refusal: Refusal },
}

/// What was read, as the service takes it.
fn asked<'a>(request: &http::Request<Vec<u8>>, read: &'a Read) -> Asked<'a> {
    match read {
        Read::Request(request) => Asked::Request(request),
        Read::Refused { operation, refusal } => {
            Asked::Refused { method: request.method().as_str().to_owned(), operation: *operation, refusal: refusal.clone() }
        }
    }
}

/// The tenant, and the endpoint behind `/{tenant}/scim/v2/`.
fn split_path(path: &str) -> Option<(&str, &str)> {
    let (tenant, rest) = path.strip_prefix('/')?.split_once('/')?;
    Some((tenant, rest.strip_prefix("scim/v2/")?))
}

/// An operation that the path and the method name (developer guide, supported operations). Endpoints are told apart by case.
enum Route {
    /// `POST /Users`.
    Create(ResourceType),
    /// `GET /Users`.
    List(ResourceType),
    /// `GET`, `PUT`, `PATCH` or `DELETE` of one resource.
    One(ResourceType, Verb, ResourceId),
    /// `GET /ServiceProviderConfig`.
    ServiceProviderConfig,
}

/// What is done to one resource.
#[derive(Clone, Copy)]
enum Verb {
    Read,
    Replace,
    Patch,
    Delete,
}

impl Route {
    /// The operation of `method` on `endpoint`, the path behind `/scim/v2/`; none where AWS has none.
    fn find(method: &Method, endpoint: &str) -> Option<Self> {
        let (name, id) = match endpoint.split_once('/') {
            Some((name, id)) => (name, Some(id)),
            None => (endpoint, None),
        };
        let resource_type = match (name, id) {
            ("Users", _) => ResourceType::User,
            ("Groups", _) => ResourceType::Group,
            ("ServiceProviderConfig", None) if method == Method::GET => return Some(Self::ServiceProviderConfig),
            _ => return None,
        };
        let Some(id) = id else {
            return match method.as_str() {
                "GET" => Some(Self::List(resource_type)),
                "POST" => Some(Self::Create(resource_type)),
                _ => None,
            };
        };
        let verb = match method.as_str() {
            "GET" => Verb::Read,
            "PUT" => Verb::Replace,
            "PATCH" => Verb::Patch,
            "DELETE" => Verb::Delete,
            _ => return None,
        };
        // An id has no slash of its own, so that one which is written as such belongs to an unknown endpoint.
        let id = decoded(id, Plus::Stays).filter(|_| !id.contains('/'))?;
        Some(Self::One(resource_type, verb, ResourceId::new(id).ok()?))
    }

    /// AWS's name of the operation.
    fn operation(&self) -> &'static str {
        use ResourceType::Group;
        match self {
            Self::Create(Group) => "CreateGroup",
            Self::Create(_) => "CreateUser",
            Self::List(Group) => "ListGroups",
            Self::List(_) => "ListUsers",
            Self::One(Group, Verb::Read, _) => "GetGroup",
            Self::One(_, Verb::Read, _) => "GetUser",
            Self::One(Group, Verb::Replace, _) => "PutGroup",
            Self::One(_, Verb::Replace, _) => "PutUser",
            Self::One(Group, Verb::Patch, _) => "PatchGroup",
            Self::One(_, Verb::Patch, _) => "PatchUser",
            Self::One(Group, Verb::Delete, _) => "DeleteGroup",
            Self::One(_, Verb::Delete, _) => "DeleteUser",
            Self::ServiceProviderConfig => "ServiceProviderConfig",
        }
    }

    /// The request with its query and its body.
    fn read(&self, request: &http::Request<Vec<u8>>) -> Result<Request, Refusal> {
        let query = request.uri().query().unwrap_or_default();
        if let Self::List(resource_type) = self {
            return Ok(Request::list(*resource_type, read_query(query)?));
        }
        // Only lists have parameters; `attributes` and `excludedAttributes` are not supported (developer guide, limitations).
        if !query.is_empty() {
            return Err(Refusal::generic());
        }
        let body = || read_json(request);
        match self {
            Self::Create(resource_type) => Ok(Request::create(*resource_type, body()?)),
            Self::One(resource_type, verb, id) => {
                let (resource_type, id) = (*resource_type, id.clone());
                Ok(match verb {
                    Verb::Read => Request::read(resource_type, id),
                    Verb::Replace => Request::replace(resource_type, id, body()?),
                    Verb::Patch => Request::patch(resource_type, id, read_patch(&body()?, request.body())?),
                    Verb::Delete => Request::delete(resource_type, id),
                })
            }
            Self::List(_) | Self::ServiceProviderConfig => Ok(Request::ServiceProviderConfig),
        }
    }
}

/// The body as a JSON object, whichever of the two types it says.
fn read_json(request: &http::Request<Vec<u8>>) -> Result<Resource, Refusal> {
    // AWS's examples send no type at all; `application/json` and `application/scim+json` are both in use.
    if let Some(content_type) = request.headers().get(CONTENT_TYPE) {
        let kind = content_type.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !["application/json", "application/scim+json"].iter().any(|known| known.eq_ignore_ascii_case(kind)) {
            return Err(Refusal::generic());
        }
    }
    Resource::from_json(request.body()).map_err(|_| Refusal::json())
}

/// The body as a PATCH. AWS has finer words for a `remove` without a path, and the sentence for everything else.
fn read_patch(body: &Resource, text: &[u8]) -> Result<PatchOp, Refusal> {
    // RFC 7644 section 3.5.2: "each PATCH operation request body MUST contain the "schemas" attribute".
    let schemas = body.get("schemas").and_then(Value::as_array).ok_or(Refusal::generic())?;
    let is_patch = |uri: &Value| uri.as_str().is_some_and(|uri| SchemaUri::from(uri) == SchemaUri::PATCH_OP);
    if !schemas.iter().all(is_patch) || schemas.is_empty() {
        return Err(Refusal::generic());
    }
    PatchOp::from_json(text, Mode::Lenient).map_err(|error| match error.kind() {
        ErrorKind::NoPath => Refusal::missing_path(),
        _ => Refusal::generic(),
    })
}

/// The parameters of a list; empty ones between two `&` are no parameters.
fn read_query(query: &str) -> Result<ListQuery, Refusal> {
    let mut read = ListQuery::default();
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let value = decoded(value, Plus::IsSpace).ok_or(Refusal::generic())?;
        match name {
            "cursor" if read.paging == Paging::None => {
                read.paging = Cursor::new(value).map_or(Paging::FirstPage, Paging::From);
            }
            "count" if read.count.is_none() => read.count = Some(value.parse().map_err(|_| Refusal::generic())?),
            "filter" if read.filter.is_none() => read.filter = Some(value.parse().map_err(|_| Refusal::filter())?),
            // Unknown, or there twice.
            _ => return Err(Refusal::generic()),
        }
    }
    Ok(read)
}

/// What a plus sign stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plus {
    /// Itself, as in a path.
    Stays,
    /// A space, as in a form; that is how real clients write a filter.
    IsSpace,
}

/// `text` without its percent-encoding; none if that is broken, or what it says is not UTF-8.
pub(crate) fn decoded(text: &str, plus: Plus) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            b'+' if plus == Plus::IsSpace => b' ',
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// The answer as HTTP: `Content-Length` and `Date` are left to whoever has the connection.
fn encode(reply: Reply) -> http::Response<Vec<u8>> {
    let Reply { status, request_id, retry_after, body, .. } = reply;
    let json = match &body {
        Body::Resource(resource) => serde_json::to_vec(resource),
        Body::List(list) => serde_json::to_vec(list),
        Body::Error(error) => serde_json::to_vec(error),
        _ => Ok(Vec::new()),
    };
    let mut response = http::Response::new(json.unwrap_or_default());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if body != Body::Empty {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if let Some(request_id) = request_id.and_then(|id| HeaderValue::from_str(&id).ok()) {
        headers.insert("x-amzn-requestid", request_id);
    }
    if let Some(wait) = retry_after {
        // The header has whole seconds; a client that waits for fewer would come too early.
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::{Plus, decoded};

    #[test]
    fn percent_encoding() {
        let cases = [
            ("a%20b+c", Plus::IsSpace, Some("a b c")),
            ("a+b", Plus::Stays, Some("a+b")),
            ("%2B", Plus::IsSpace, Some("+")),
            ("%C3%A9", Plus::IsSpace, Some("é")),
            ("%", Plus::IsSpace, None),
            ("%4", Plus::IsSpace, None),
            ("%zz", Plus::IsSpace, None),
            ("%+1", Plus::IsSpace, None),
            ("%FF", Plus::IsSpace, None),
        ];
        for (text, plus, expected) in cases {
            assert_eq!(decoded(text, plus).as_deref(), expected, "{text}");
        }
    }
}
