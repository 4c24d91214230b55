//! The service at the level of HTTP, without a socket.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a helper of a test fails as the test does")]

#[cfg(test)]
mod common;

use std::time::Duration;

use common::{GENERIC, group, noon, user};
use idbridge_emulator::{Fault, Faults, Outcome, Service, Settings, Token};
use idbridge_scim::protocol::{ListQuery, MeAction, Request, ResourceType, Sort};
use idbridge_scim::{BulkRequest, ETags, ErrorResponse, ListResponse, Precondition, Rates, Resource, ResourceId, SchemaUri, SearchRequest};

type Response = http::Response<Vec<u8>>;

fn service() -> Service {
    common::service()
}

/// A request of the tenant with the token; `path` begins behind `/scim/v2`.
fn request(service: &Service, method: &str, path: &str, body: &str) -> http::Request<Vec<u8>> {
    let settings = service.settings();
    http::Request::builder()
        .method(method)
        .uri(format!("/{}/scim/v2{path}", settings.tenant))
        .header("Authorization", format!("Bearer {}", settings.tokens[0].expose()))
        .header("Content-Type", "application/scim+json")
        .body(body.as_bytes().to_vec())
        .unwrap()
}

fn send(service: &mut Service, method: &str, path: &str, body: &str) -> Response {
    let request = request(service, method, path, body);
    service.respond(request, noon())
}

fn status(service: &mut Service, method: &str, path: &str, body: &str) -> u16 {
    send(service, method, path, body).status().as_u16()
}

fn detail(response: &Response) -> String {
    ErrorResponse::from_json(response.body()).unwrap().detail().unwrap().to_owned()
}

fn page(service: &mut Service, path: &str) -> ListResponse {
    let response = send(service, "GET", path, "");
    assert_eq!(response.status(), 200, "{path}: {}", String::from_utf8_lossy(response.body()));
    ListResponse::from_json(response.body()).unwrap()
}

fn id(response: &Response) -> ResourceId {
    Resource::from_json(response.body()).unwrap().id().unwrap()
}

/// Developer guide, all pages: statuses of success, `application/json`, `x-amzn-RequestId`, no body with 204.
#[test]
fn operations_answer_with_awss_statuses() {
    let mut service = service();
    let created = send(&mut service, "POST", "/Users", &user("anna").to_json());
    assert_eq!(created.status(), 201);
    assert_eq!(created.headers()["content-type"], "application/json");
    assert_eq!(created.headers()["x-amzn-RequestId"].len(), 36);
    let path = format!("/Users/{}", id(&created));
    assert_eq!(status(&mut service, "GET", &path, ""), 200);
    assert_eq!(status(&mut service, "PUT", &path, &user("anna").to_json()), 201);
    let patch =
        r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":"false"}]}"#;
    let patched = send(&mut service, "PATCH", &path, patch);
    assert_eq!((patched.status().as_u16(), id(&patched)), (200, id(&created)));
    let made = send(&mut service, "POST", "/Groups", &group("Tools").to_json());
    let group_path = format!("/Groups/{}", id(&made));
    let renamed = patch.replace(r#""active","value":"false""#, r#""displayName","value":"Instruments""#);
    let patched = send(&mut service, "PATCH", &group_path, &renamed);
    assert_eq!((patched.status().as_u16(), patched.body().len(), patched.headers().get("content-type")), (204, 0, None));
    assert_eq!(status(&mut service, "PUT", &group_path, &group("Other").to_json()), 400);
    for path in [&group_path, &path] {
        let deleted = send(&mut service, "DELETE", path, "");
        assert_eq!((deleted.status().as_u16(), deleted.body().len()), (204, 0));
        assert_eq!(status(&mut service, "DELETE", path, ""), 404);
    }
    let operations: Vec<_> = service.log().iter().filter_map(|logged| logged.operation()).collect();
    let expected = "CreateUser GetUser PutUser PatchUser CreateGroup PatchGroup PutGroup DeleteGroup DeleteGroup DeleteUser DeleteUser";
    assert_eq!(operations.join(" "), expected);
}

/// Developer guide, `ServiceProviderConfig`: what it says of patch, bulk and filter, dated as it is.
#[test]
fn the_configuration_says_what_aws_says() {
    let mut service = service();
    let response = send(&mut service, "GET", "/ServiceProviderConfig", "");
    let text = String::from_utf8(response.body().clone()).unwrap();
    for part in [
        r#""patch":{"supported":true}"#,
        r#""bulk":{"supported":false,"maxOperations":1,"#,
        r#""filter":{"supported":true,"maxResults":50}"#,
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(status(&mut service, "POST", "/ServiceProviderConfig", "{}"), 404);
}

/// Developer guide, errors: 401 for a header that is missing or wrong, for a token that is not known, and for another tenant.
#[test]
fn who_has_no_token_is_answered_401() {
    let mut service = service();
    for header in [None, Some("Bearer wrong"), Some("Bearer"), Some("Basic emulated-token"), Some("emulated-token")] {
        let mut request = request(&service, "GET", "/Users", "");
        request.headers_mut().remove("authorization");
        if let Some(header) = header {
            request.headers_mut().insert("authorization", header.parse().unwrap());
        }
        assert_eq!(service.respond(request, noon()).status(), 401, "{header:?}");
    }
    let mut other = request(&service, "GET", "/Users", "");
    *other.uri_mut() = "/another-tenant/scim/v2/Users".parse().unwrap();
    assert_eq!(service.respond(other, noon()).status(), 401);
    let mut lower = request(&service, "GET", "/Users", "");
    lower.headers_mut().insert("authorization", "bearer emulated-token".parse().unwrap());
    assert_eq!(service.respond(lower, noon()).status(), 200);
    assert!(service.log().iter().take(6).all(|logged| logged.status() == Some(401) && logged.operation().is_none()));
}

/// User guide, rotate a token: two tokens hold at once, and the old one ends when it is deleted. A 401 takes nothing from the rates.
#[test]
fn tokens_are_rotated() {
    let mut settings = Settings::default();
    settings.tokens = vec![Token::new("old"), Token::new("new")];
    settings.throttle = Rates::new(1.0, 2.0);
    let mut service = Service::new(settings);
    let with = |service: &mut Service, token: &str| {
        let mut request = request(service, "GET", "/Users", "");
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        service.respond(request, noon()).status().as_u16()
    };
    assert_eq!(with(&mut service, "old"), 200);
    assert!(service.revoke_token("old") && !service.revoke_token("old"));
    assert_eq!([with(&mut service, "old"), with(&mut service, "old"), with(&mut service, "new")], [401, 401, 200]);
    service.set_tokens([Token::new("newer")]);
    assert_eq!([with(&mut service, "new"), with(&mut service, "newer")], [401, 429]);
}

/// Developer guide, limitations: what AWS does not have is answered without HTTP as it is with it.
#[test]
fn what_aws_does_not_have_is_refused_without_http_as_well() {
    let mut service = service();
    let bulk = BulkRequest::new(vec![]).unwrap();
    for request in [
        Request::list_root(ListQuery::default()),
        Request::search(ResourceType::User, SearchRequest::default()),
        Request::search_root(SearchRequest::default()),
        Request::bulk(bulk),
        Request::me(MeAction::Read),
        Request::ResourceTypes,
        Request::resource_type_named("User"),
        Request::Schemas,
        Request::schema(SchemaUri::USER),
    ] {
        assert_eq!(service.handle(&request, noon()).status, 404, "{request:?}");
    }
    let name = || ["userName".parse().unwrap()];
    for request in [
        Request::create(ResourceType::User, user("anna")).with_attributes(name()),
        Request::list(ResourceType::User, ListQuery::default().without_attributes(name())),
        Request::list(ResourceType::User, ListQuery::default().sorted(Sort::ascending("userName".parse().unwrap()))),
        Request::list(ResourceType::User, ListQuery::default().starting_at(1)),
    ] {
        let reply = service.handle(&request, noon());
        assert_eq!((reply.status, reply.detail()), (400, Some(GENERIC)), "{request:?}");
    }
    // There are no versions at AWS, so a precondition is not looked at.
    let created = service.handle(&Request::create(ResourceType::User, user("anna")), noon());
    let id = created.resource().and_then(Resource::id).unwrap();
    let request = Request::read(ResourceType::User, id).with_precondition(Precondition::IfNoneMatch(ETags::Any));
    assert_eq!(service.handle(&request, noon()).status, 200);
}

/// Developer guide, errors, and reported 2024: an unknown endpoint is 404, as is a base URL joined wrongly.
#[test]
fn an_unknown_endpoint_is_answered_404() {
    let mut service = service();
    let cases = [
        ("GET", "/Bulk"),
        ("GET", "/Me"),
        ("POST", "/Users/.search"),
        ("GET", "Groups"),
        ("GET", "/users"),
        ("GET", "/Users/"),
        ("GET", "//Users"),
        ("GET", "/Users/a/b"),
        ("DELETE", "/Users"),
        ("PATCH", "/Groups"),
        ("HEAD", "/Users"),
        ("GET", ""),
    ];
    for (method, path) in cases {
        assert_eq!(status(&mut service, method, path, "{}"), 404, "{method} {path}");
    }
    let mut outside = request(&service, "GET", "/Users", "");
    *outside.uri_mut() = "/".parse().unwrap();
    assert_eq!(service.respond(outside, noon()).status(), 404);
}

/// Developer guide, `ListUsers`: only `cursor`, `count` and `filter`.
#[test]
fn any_other_parameter_is_refused() {
    let mut service = service();
    let id = service.seed_user(user("anna"));
    let queries = [
        "startIndex=1",
        "attributes=userName",
        "excludedAttributes=name",
        "sortBy=userName",
        "Cursor",
        "count=0",
        "count=101",
        "count=x",
        "count=",
        "count=1&count=2",
        "cursor&cursor",
        "cursor=made-up",
        "cursor=%zz",
    ];
    for query in queries {
        let response = send(&mut service, "GET", &format!("/Users?{query}"), "");
        assert_eq!((response.status().as_u16(), detail(&response).as_str()), (400, GENERIC), "{query}");
    }
    assert_eq!(status(&mut service, "GET", &format!("/Users/{id}?attributes=userName"), ""), 400);
    assert_eq!(status(&mut service, "GET", "/Users?", ""), 200);
}

/// Developer guide, `ListUsers`, and real clients: `?cursor` and `?cursor=`, the next cursor percent-encoded, `%20` and `+` for a space.
#[test]
fn queries_are_read_as_clients_write_them() {
    let mut service = service();
    for number in 0..3 {
        service.seed_user(user(&format!("user+{number}")));
    }
    for first in ["/Users?cursor", "/Users?cursor=", "/Users?cursor&count=2", "/Users?count=2&cursor="] {
        assert!(page(&mut service, first).total_results().is_none(), "{first}");
    }
    assert_eq!(page(&mut service, "/Users").total_results(), Some(3));
    assert_eq!(page(&mut service, "/Users?count=2").total_results(), Some(2));
    let first = page(&mut service, "/Users?cursor&count=2");
    let cursor = first.next_cursor().unwrap().as_str();
    let encoded = cursor.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D").replace(':', "%3a");
    assert_eq!(page(&mut service, &format!("/Users?cursor={encoded}&count=2")).resources().len(), 1);
    // A plus sign that is not encoded is a space, and the cursor another.
    assert_eq!(status(&mut service, "GET", &format!("/Users?cursor={cursor}&count=2"), ""), 400);
    for filter in ["userName%20eq%20%22user%2B1@example.com%22", "userName+eq+%22user%2B1%40example.com%22"] {
        assert_eq!(page(&mut service, &format!("/Users?filter={filter}")).resources().len(), 1, "{filter}");
    }
    assert_eq!(page(&mut service, "/Users?filter=userName+eq+%22user+1%40example.com%22").resources().len(), 0);
}

/// User guide, SCIM logging: a filter that cannot be read, or is none of the documented ones.
#[test]
fn a_filter_that_cannot_be_read_is_refused() {
    let mut service = service();
    for filter in [
        "",
        "userName",
        "userName%20sw%20%22a%22",
        "userName%20eq%20a",
        "userName%20pr",
        "userName%20eq%20%22a%22%20or%20id%20eq%20%22b%22",
    ] {
        let response = send(&mut service, "GET", &format!("/Users?filter={filter}"), "");
        assert_eq!((response.status().as_u16(), detail(&response).as_str()), (400, "Invalid Filter format"), "{filter}");
        assert_eq!(service.log().last().unwrap().operation(), Some("ListUsers"));
    }
}

/// User guide, troubleshooting: `Invalid JSON from RequestBody`; SCIM logging: "Missing path in PATCH request".
#[test]
fn a_body_that_cannot_be_read_is_refused() {
    let mut service = service();
    for body in ["", "{", "[]", "null", r#"{"userName":"a","userName":"b"}"#, "\u{feff}{}"] {
        let response = send(&mut service, "POST", "/Users", body);
        assert_eq!((response.status().as_u16(), detail(&response).as_str()), (400, "Invalid JSON from RequestBody"), "{body}");
    }
    let id = service.seed_group(group("Tools"), []);
    let mut patch = |body: &str| {
        let response = send(&mut service, "PATCH", &format!("/Groups/{id}"), body);
        assert_eq!(response.status(), 400, "{body}");
        detail(&response)
    };
    let schemas = r#""schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]"#;
    assert_eq!(patch(&format!(r#"{{{schemas},"Operations":[{{"op":"remove","value":[]}}]}}"#)), "Missing path in PATCH request");
    for body in [
        format!("{{{schemas}}}"),
        format!(r#"{{{schemas},"Operations":{{}}}}"#),
        format!(r#"{{{schemas},"Operations":[{{"path":"displayName","value":"x"}}]}}"#),
        format!(r#"{{{schemas},"Operations":[{{"op":"move","path":"displayName","value":"x"}}]}}"#),
        format!(r#"{{{schemas},"Operations":[{{"op":"replace","path":"displayName"}}]}}"#),
        format!(r#"{{{schemas},"Operations":[{{"op":"replace","path":"a[","value":"x"}}]}}"#),
        r#"{"Operations":[{"op":"replace","path":"displayName","value":"x"}]}"#.to_owned(),
        r#"{"schemas":[],"Operations":[{"op":"replace","path":"displayName","value":"x"}]}"#.to_owned(),
        r#"{"schemas":["urn:x"],"Operations":[{"op":"replace","path":"displayName","value":"x"}]}"#.to_owned(),
    ] {
        assert_eq!(patch(&body), GENERIC, "{body}");
    }
}

/// Developer guide (no type at all in its examples) and real clients: both kinds of JSON are taken, others are not.
#[test]
fn a_body_is_json_whatever_its_kind() {
    let mut service = service();
    let cases = [
        (None, 201),
        (Some("application/json"), 201),
        (Some("Application/SCIM+JSON; charset=utf-8"), 201),
        (Some("text/plain"), 400),
        (Some("application/x-www-form-urlencoded"), 400),
    ];
    for (number, (kind, expected)) in cases.into_iter().enumerate() {
        let mut request = request(&service, "POST", "/Groups", &group(&format!("group{number}")).to_json());
        request.headers_mut().remove("content-type");
        if let Some(kind) = kind {
            request.headers_mut().insert("content-type", kind.parse().unwrap());
        }
        assert_eq!(service.respond(request, noon()).status(), expected, "{kind:?}");
    }
}

/// Recorded error bodies: the body says what the status and the header say.
#[test]
fn an_error_repeats_its_status_and_its_request_id() {
    let mut service = service();
    let response = send(&mut service, "GET", "/Users/nobody", "");
    let error = ErrorResponse::from_json(response.body()).unwrap();
    assert_eq!(error.status(), Some(404));
    assert_eq!(error.request_id().unwrap(), response.headers()["x-amzn-requestid"]);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(service.log()[0].request_id(), error.request_id().unwrap());
}

/// RFC 9110 section 10.2.3: Retry-After has whole seconds, rounded up.
#[test]
fn retry_after_is_rounded_up() {
    let mut settings = Settings::default();
    settings.throttle = Rates::new(1.0, 1.0);
    settings.retry_after = Some(Duration::from_millis(1_001));
    let mut service = Service::new(settings);
    assert_eq!(status(&mut service, "GET", "/Users", ""), 200);
    let refused = send(&mut service, "GET", "/Users", "");
    assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"]), (429, &"2".parse().unwrap()));
    // A request that cannot be read counts as one that can.
    assert_eq!(status(&mut service, "POST", "/Users", "{"), 400);
    assert_eq!(status(&mut service, "POST", "/Users", "{"), 429);
}

/// The faults of [`Service::deliver`], with the whole answer left to whoever cuts it.
#[test]
fn exchange_has_faults() {
    let mut service = service();
    service.set_faults(Faults::script([Some(Fault::Truncated), Some(Fault::Dropped { applied: true })]));
    let first = request(&service, "POST", "/Groups", &group("Tools").to_json());
    let Outcome::Cut(response) = service.exchange(first, noon()) else {
        panic!();
    };
    assert_eq!(Some(id(&response)), service.groups().next().and_then(Resource::id));
    let second = request(&service, "POST", "/Groups", &group("Other").to_json());
    assert!(service.exchange(second, noon()).reply().is_none());
    assert_eq!(service.groups().count(), 2);
}
