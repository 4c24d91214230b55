//! SCIM requests and answers on the wire.

#![allow(
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

use std::time::Duration;

use idbridge_client::{BearerToken, Endpoint, ErrorKind, decode, encode};
use idbridge_scim::protocol::{Body, ListQuery, MeAction, Reply, Request, ResourceType, Sort};
use idbridge_scim::{
    AttrPath, BulkOperation, BulkRequest, Cursor, ETag, ETags, Filter, PatchOp, Precondition, Resource, ResourceId, SchemaUri,
    SearchRequest,
};

fn encoded(request: &Request) -> http::Request<Vec<u8>> {
    let endpoint = Endpoint::parse("https://scim.eu-west-1.amazonaws.com/tenant/scim/v2/").unwrap();
    encode(request, &endpoint, &BearerToken::new("secret").unwrap()).unwrap()
}

/// The URL behind the endpoint.
fn target(request: &Request) -> String {
    let url = encoded(request).uri().to_string();
    url.strip_prefix("https://scim.eu-west-1.amazonaws.com/tenant/scim/v2").unwrap().to_owned()
}

fn users(query: ListQuery) -> Request {
    Request::list(ResourceType::User, query)
}

fn id(id: &str) -> ResourceId {
    ResourceId::new(id).unwrap()
}

fn user() -> Resource {
    Resource::from_json(br#"{"userName":"anna@example.com","displayName":"Anna \"A\" B\u00e4rg"}"#).unwrap()
}

fn answered(request: &Request, status: u16, body: &str) -> Reply {
    decode(request, http::Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap())
}

fn reason(reply: &Reply) -> String {
    match &reply.body {
        Body::Unreadable { expected, reason } => format!("{expected}: {reason}"),
        other => panic!("{other:?}"),
    }
}

/// Each request has the method and the place of RFC 7644 section 3.2.
#[test]
fn every_request_has_its_method_and_place() {
    let resource_type = ResourceType::User;
    let patch = PatchOp::add_members([&id("u1")]);
    for (request, method, expected) in [
        (Request::create(resource_type, user()), "POST", "/Users"),
        (Request::read(resource_type, id("u1")), "GET", "/Users/u1"),
        (users(ListQuery::default()), "GET", "/Users"),
        (Request::replace(resource_type, id("u1"), user()), "PUT", "/Users/u1"),
        (Request::patch(ResourceType::Group, id("g1"), patch), "PATCH", "/Groups/g1"),
        (Request::delete(resource_type, id("90677c608a-7afcdc23")), "DELETE", "/Users/90677c608a-7afcdc23"),
        (Request::ServiceProviderConfig, "GET", "/ServiceProviderConfig"),
    ] {
        let message = encoded(&request);
        assert_eq!((message.method().as_str(), target(&request).as_str()), (method, expected));
        assert_eq!(message.headers()["accept"], "application/scim+json, application/json");
        assert_eq!(message.headers()["user-agent"], concat!("idbridge/", env!("CARGO_PKG_VERSION")));
        assert_eq!(message.headers().contains_key("content-type"), matches!(method, "POST" | "PUT" | "PATCH"));
        assert_eq!(message.body().is_empty(), matches!(method, "GET" | "DELETE"));
    }
}

/// A body is the JSON of the resource or the patch, as UTF-8.
#[test]
fn a_body_is_the_json_of_what_is_sent() {
    let request = Request::create(ResourceType::User, user());
    let message = encoded(&request);
    assert_eq!(message.headers()["content-type"], "application/scim+json");
    assert_eq!(Resource::from_json(message.body()).unwrap(), user());
    let patch = PatchOp::add_members([&id("u1"), &id("u2")]);
    let request = Request::patch(ResourceType::Group, id("g1"), patch.clone());
    assert_eq!(encoded(&request).body(), patch.to_json().as_bytes());
}

/// RFC 9865 section 2.1 and AWS's `ListUsers`: the first page is asked for with a bare `cursor`, the next ones with a value that has `+/=:` in it.
#[test]
fn cursors_are_written_as_aws_reads_them() {
    let first = ListQuery::first_page(None);
    assert_eq!(target(&users(first.clone())), "/Users?cursor");
    assert_eq!(target(&users(first.next_page(Cursor::new("a+b/c=:_-d").unwrap()))), "/Users?cursor=a%2Bb%2Fc%3D%3A_-d");
    let mut query = ListQuery::first_page(Some(Filter::user_name("anna")));
    query.count = Some(100);
    assert_eq!(target(&users(query)), "/Users?cursor&count=100&filter=userName%20eq%20%22anna%22");
}

/// A space is `%20` in a filter, never `+`, and a `+` is `%2B`.
#[test]
fn filters_are_percent_encoded() {
    for (filter, expected) in [
        (Filter::user_name("anna+aws@example.com"), "userName%20eq%20%22anna%2Baws%40example.com%22"),
        (Filter::display_name("R&D = 100%?#"), "displayName%20eq%20%22R%26D%20%3D%20100%25%3F%23%22"),
        (Filter::display_name("a\"b\\c"), "displayName%20eq%20%22a%5C%22b%5C%5Cc%22"),
        (Filter::display_name("Bücher"), "displayName%20eq%20%22B%C3%BCcher%22"),
        (
            Filter::equal(AttrPath::of("id"), "g1").and(Filter::equal(AttrPath::of("members"), "u1")),
            "id%20eq%20%22g1%22%20and%20members%20eq%20%22u1%22",
        ),
    ] {
        assert_eq!(target(&users(ListQuery::filtered(filter))), format!("/Users?filter={expected}"));
    }
}

/// An identifier is one segment of the path, whatever is in it.
#[test]
fn identifiers_stay_one_segment() {
    for (given, expected) in
        [("a/b", "a%2Fb"), ("a?b#c", "a%3Fb%23c"), ("../x", "..%2Fx"), ("ü", "%C3%BC"), ("a b", "a%20b"), ("%41", "%2541")]
    {
        let request = Request::delete(ResourceType::User, id(given));
        assert_eq!(target(&request), format!("/Users/{expected}"));
    }
    let endpoint = Endpoint::parse("https://scim.example.com/t").unwrap();
    let token = BearerToken::new("secret").unwrap();
    for given in [".", ".."] {
        let request = Request::delete(ResourceType::User, id(given));
        let error = encode(&request, &endpoint, &token).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Request { operation: "DeleteUser", .. }), "{error}");
    }
    let request = users(ListQuery::first_page(None).next_page(Cursor::new("x".repeat(70_000)).unwrap()));
    assert!(matches!(encode(&request, &endpoint, &token).unwrap_err().kind(), ErrorKind::Request { operation: "ListUsers", .. }));
}

/// What AWS answers to a list, asked with and without a cursor.
#[test]
fn lists_are_read() {
    let request = users(ListQuery::first_page(None));
    let page = r#"{"itemsPerPage":100,"nextCursor":"abc","schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "Resources":[{"id":"u1","userName":"anna"}]}"#;
    let reply = answered(&request, 200, page);
    assert_eq!(reply.list().unwrap().next_cursor().unwrap().as_str(), "abc");
    assert_eq!(reply.list().unwrap().resources().len(), 1);
    for nothing in [
        r#"{"totalResults":0,"itemsPerPage":0,"startIndex":1,"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[]}"#,
        r#"{"itemsPerPage":0,"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[]}"#,
        r#"{"totalResults":0}"#,
    ] {
        assert!(answered(&request, 200, nothing).list().unwrap().resources().is_empty());
    }
}

/// A list of nothing makes users be created, or taken for deleted: what only looks like one is not taken.
#[test]
fn what_is_no_list_is_not_an_empty_list() {
    let request = users(ListQuery::first_page(None));
    for (body, expected) in [
        ("", "the body is empty"),
        ("{}", "it has neither the schema of a list nor resources"),
        (r#"{"message":"Welcome"}"#, "it has neither the schema of a list nor resources"),
        (r#"{"Resources":null}"#, "it has neither the schema of a list nor resources"),
        (r#"{"totalResults":5}"#, "it announces resources and holds none"),
        (r#"{"totalResults":1,"Resources":[{"userName":"anna"}]}"#, "a resource in it has no id"),
        (r#"{"totalResults":1,"Resources":[{"id":"u1","userNa"#, "the JSON is cut off (line 1, column 49)"),
        ("<html>\n<p>Log in to the Wi-Fi</p>", "it is no JSON (line 1, column 1)"),
        ("[]", "the JSON has another shape (line 1, column 2)"),
        (r#"{"totalResults":"hunter2"}"#, "the JSON has another shape (line 1, column 25)"),
    ] {
        assert_eq!(reason(&answered(&request, 200, body)), format!("a list: {expected}"), "{body}");
    }
}

/// What is said of an unreadable body holds nothing of it.
#[test]
fn nothing_of_a_body_is_repeated() {
    let create = Request::create(ResourceType::User, user());
    for body in [r#""hunter2""#, r#"{"id": "hunter2"#, "hunter2", r#"{"hunter2":1,"hunter2":2}"#, r#"["hunter2"]"#] {
        for status in [201, 400] {
            let reply = answered(&create, status, body);
            assert!(!reason(&reply).contains("hunter2"), "{reply:?}");
        }
    }
    let response = http::Response::builder().status(200).header("content-type", "text/html").body(b"<html>".to_vec()).unwrap();
    assert_eq!(reason(&decode(&create, response)), "a resource: it is no JSON (line 1, column 1, sent as text/html)");
}

/// A resource has an `id` (RFC 7643 section 3.1); a deletion and a patch may be answered without one.
#[test]
fn resources_are_read_by_what_was_asked() {
    let resource_type = ResourceType::User;
    let create = Request::create(resource_type, user());
    assert_eq!(answered(&create, 201, r#"{"id":"u1"}"#).resource().unwrap().id(), Some(id("u1")));
    assert_eq!(reason(&answered(&create, 201, "{}")), "a resource: it has no id");
    assert_eq!(reason(&answered(&create, 201, "")), "a resource: the body is empty");
    let patch = Request::patch(resource_type, id("u1"), PatchOp::new(Vec::new()));
    assert_eq!(answered(&patch, 204, "").body, Body::Empty);
    assert_eq!(answered(&patch, 200, "").body, Body::Empty);
    assert_eq!(answered(&patch, 200, r#"{"id":"u1"}"#).resource().unwrap().id(), Some(id("u1")));
    let delete = Request::delete(resource_type, id("u1"));
    assert_eq!(answered(&delete, 204, "").body, Body::Empty);
    assert_eq!(answered(&delete, 200, "<html>").body, Body::Empty);
    assert!(answered(&Request::ServiceProviderConfig, 200, r#"{"patch":{"supported":true}}"#).resource().is_some());
    let expected = "the service provider's configuration: it has no patch";
    assert_eq!(reason(&answered(&Request::ServiceProviderConfig, 200, r#"{"hello":1}"#)), expected);
}

/// Errors as AWS writes them; whatever else a status comes with is no error message.
#[test]
fn errors_are_read() {
    let request = users(ListQuery::first_page(None));
    let body = r#"{"schema":["urn:ietf:params:scim:api:messages:2.0:Error"],"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],
        "detail":"Refused to create a new, duplicate resource.","status":"409","exceptionRequestId":"r1","timeStamp":"2022-03-18 10:57:08.014"}"#;
    let reply = answered(&request, 409, body);
    assert_eq!((reply.status, reply.detail()), (409, Some("Refused to create a new, duplicate resource.")));
    assert_eq!(answered(&request, 401, "").body, Body::Empty);
    assert_eq!(reason(&answered(&request, 403, r#"{"Message":"Forbidden"}"#)), "an error message: it has neither a detail nor a status");
    assert_eq!(reason(&answered(&request, 502, "<html>")), "an error message: it is no JSON (line 1, column 1)");
    // A redirect is an answer, and no list.
    assert_eq!(answered(&request, 302, "").body, Body::Empty);
}

/// The service's name for the request, and how long it asks to wait.
#[test]
fn headers_are_read() {
    let request = users(ListQuery::first_page(None));
    let reply =
        |name: &str, value: &str| decode(&request, http::Response::builder().status(429).header(name, value).body(Vec::new()).unwrap());
    assert_eq!(reply("x-amzn-RequestId", "6f2a-11").request_id.as_deref(), Some("6f2a-11"));
    assert_eq!(reply("x-amzn-RequestId", &"x".repeat(500)).request_id, None);
    for (value, expected) in
        [("7", Some(7)), (" 7 ", Some(7)), ("0", Some(0)), ("-1", None), ("1.5", None), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("", None)]
    {
        assert_eq!(reply("Retry-After", value).retry_after, expected.map(Duration::from_secs), "{value:?}");
    }
}

fn precondition(tag: &str) -> Precondition {
    Precondition::if_match(tag.parse().unwrap())
}

/// RFC 7644 sections 3.2 (table 2), 3.4.2.1, 3.4.3, 3.7, 3.11 and 4: what AWS does not have has its method and its place, too.
#[test]
fn every_other_request_has_its_method_and_place() {
    let query = || ListQuery::filtered(Filter::user_name("anna"));
    let search = || SearchRequest::new(query());
    let bulk = BulkRequest::new(vec![BulkOperation::delete(ResourceType::User, &id("u1"))]).unwrap();
    let patch = PatchOp::add_members([&id("u1")]);
    let sent = |text: String| Some(text);
    for (request, method, expected, body) in [
        (Request::list_root(query()), "GET", "/?filter=userName%20eq%20%22anna%22", None),
        (Request::search(ResourceType::Group, search()), "POST", "/Groups/.search", sent(search().to_json())),
        (Request::search_root(search()), "POST", "/.search", sent(search().to_json())),
        (Request::bulk(bulk.clone()), "POST", "/Bulk", sent(bulk.to_json())),
        (Request::me(MeAction::Create(user())), "POST", "/Me", sent(user().to_json())),
        (Request::me(MeAction::Read), "GET", "/Me", None),
        (Request::me(MeAction::Replace(user())), "PUT", "/Me", sent(user().to_json())),
        (Request::me(MeAction::Patch(patch.clone())), "PATCH", "/Me", sent(patch.to_json())),
        (Request::me(MeAction::Delete), "DELETE", "/Me", None),
        (Request::ResourceTypes, "GET", "/ResourceTypes", None),
        (Request::resource_type_named("User"), "GET", "/ResourceTypes/User", None),
        (Request::Schemas, "GET", "/Schemas", None),
        (Request::schema(SchemaUri::USER), "GET", "/Schemas/urn%3Aietf%3Aparams%3Ascim%3Aschemas%3Acore%3A2.0%3AUser", None),
    ] {
        let message = encoded(&request);
        assert_eq!((message.method().as_str(), target(&request).as_str()), (method, expected));
        assert_eq!(message.headers().contains_key("content-type"), body.is_some());
        assert_eq!(message.body(), body.unwrap_or_default().as_bytes());
    }
    let endpoint = Endpoint::parse("https://scim.example.com/t").unwrap();
    let token = BearerToken::new("secret").unwrap();
    for name in ["", ".", ".."] {
        for request in [Request::resource_type_named(name), Request::schema(name.into())] {
            let error = encode(&request, &endpoint, &token).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Request { .. }), "{error}");
        }
    }
}

/// RFC 7644 sections 3.4.2.3, 3.4.2.4 and 3.9: order, index and attributes are parameters; the commas between paths stay.
#[test]
fn parameters_are_percent_encoded() {
    let path = |path: &str| path.parse::<AttrPath>().unwrap();
    let department = || path("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department");
    let query =
        ListQuery::filtered(Filter::user_name("a")).starting_at(11).with_count(10).sorted(Sort::descending(path("name.familyName")));
    assert_eq!(
        target(&users(query.with_attributes([path("userName"), path("emails.value")]))),
        "/Users?startIndex=11&count=10&filter=userName%20eq%20%22a%22&sortBy=name.familyName&sortOrder=descending&attributes=userName,emails.value"
    );
    let encoded = "urn%3Aietf%3Aparams%3Ascim%3Aschemas%3Aextension%3Aenterprise%3A2.0%3AUser%3Adepartment";
    assert_eq!(
        target(&users(ListQuery::default().sorted(Sort::ascending(department())))),
        format!("/Users?sortBy={encoded}&sortOrder=ascending")
    );
    let resource_type = ResourceType::User;
    let patch = || PatchOp::new(Vec::new());
    for (request, place) in [
        (Request::create(resource_type, user()), "/Users"),
        (Request::read(resource_type, id("u1")), "/Users/u1"),
        (Request::replace(resource_type, id("u1"), user()), "/Users/u1"),
        (Request::patch(resource_type, id("u1"), patch()), "/Users/u1"),
        (Request::me(MeAction::Read), "/Me"),
    ] {
        assert_eq!(target(&request.clone().with_attributes([path("userName")])), format!("{place}?attributes=userName"));
        let excluded = request.without_attributes([department(), path("members")]);
        assert_eq!(target(&excluded), format!("{place}?excludedAttributes={encoded},members"));
    }
    // A search has its query in the body alone.
    let search = Request::search_root(SearchRequest::default()).with_attributes([path("userName")]);
    assert_eq!(target(&search), "/.search");
}

/// RFC 7644 section 3.14: a precondition is a header, and no request has one unasked.
#[test]
fn preconditions_are_headers() {
    let resource_type = ResourceType::User;
    for request in [
        Request::read(resource_type, id("u1")),
        Request::replace(resource_type, id("u1"), user()),
        Request::patch(resource_type, id("u1"), PatchOp::new(Vec::new())),
        Request::delete(resource_type, id("u1")),
        Request::me(MeAction::Delete),
    ] {
        let names = |message: &http::Request<Vec<u8>>| ["if-match", "if-none-match"].map(|name| message.headers().contains_key(name));
        assert_eq!(names(&encoded(&request)), [false, false]);
        let matching = encoded(&request.clone().with_precondition(precondition("W/\"1\"")));
        assert_eq!((&matching.headers()["if-match"], names(&matching)), (&"W/\"1\"".parse().unwrap(), [true, false]));
        let tags = "\"1\", W/\"2\"".parse().unwrap();
        let other = encoded(&request.clone().with_precondition(Precondition::IfNoneMatch(tags)));
        assert_eq!((&other.headers()["if-none-match"], names(&other)), (&"\"1\", W/\"2\"".parse().unwrap(), [false, true]));
        assert_eq!(encoded(&request.with_precondition(Precondition::IfMatch(ETags::Any))).headers()["if-match"], "*");
    }
    // Bytes beyond ASCII are obs-text (RFC 9110 section 8.8.3).
    let request = Request::delete(resource_type, id("u1")).with_precondition(precondition("\"\u{e9}\""));
    assert_eq!(encoded(&request).headers()["if-match"].as_bytes(), "\"\u{e9}\"".as_bytes());
}

/// RFC 7644 sections 3.3 and 3.14: `ETag` where it is one, `Location` as it stands, both bounded.
#[test]
fn versions_and_places_are_read() {
    let request = Request::create(ResourceType::User, user());
    let reply = |name: &str, value: &str| {
        let response = http::Response::builder().status(201).header(name, value.as_bytes());
        decode(&request, response.body(br#"{"id":"u1"}"#.to_vec()).unwrap())
    };
    assert_eq!(reply("ETag", "W/\"e180\"").etag, Some(ETag::weak("e180").unwrap()));
    assert_eq!(reply("ETag", "\"\u{e9}\"").etag, Some(ETag::strong("\u{e9}").unwrap()));
    for no_tag in ["e180", "\"", "*", ""] {
        assert_eq!(reply("ETag", no_tag).etag, None);
    }
    assert_eq!(reply("ETag", &format!("\"{}\"", "x".repeat(2_000))).etag, None);
    let place = format!("https://example.com/v2/Users/{}", "1".repeat(1_000));
    assert_eq!(reply("Location", &place).location, Some(place));
    assert_eq!(reply("Location", &"x".repeat(10_000)).location, None);
    assert_eq!((reply("X", "y").etag, reply("X", "y").location), (None, None));
}

/// RFC 7644 section 3.14: a version that is known, and one that is not the resource's, are answers and no failures of the transport.
#[test]
fn what_a_precondition_brings_about_is_a_reply() {
    let read = Request::read(ResourceType::User, id("u1")).with_precondition(Precondition::if_none_match(ETag::weak("1").unwrap()));
    let unchanged = http::Response::builder().status(304).header("etag", "W/\"1\"").body(Vec::new()).unwrap();
    let reply = decode(&read, unchanged);
    assert_eq!((reply.status, reply.is_success(), reply.body), (304, false, Body::Empty));
    assert_eq!(reply.etag, Some(ETag::weak("1").unwrap()));
    let replace = Request::replace(ResourceType::User, id("u1"), user()).with_precondition(precondition("W/\"1\""));
    let refused = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"changed since","status":"412"}"#;
    let reply = answered(&replace, 412, refused);
    assert_eq!((reply.status, reply.detail()), (412, Some("changed since")));
    assert_eq!(answered(&replace, 412, "").body, Body::Empty);
}

/// RFC 7644 sections 3.4.3, 3.7, 3.11 and 4: each answer is read by what was asked.
#[test]
fn every_other_answer_is_read_by_what_was_asked() {
    let page = r#"{"totalResults":1,"Resources":[{"id":"u1"}]}"#;
    for request in [
        Request::list_root(ListQuery::default()),
        Request::search(ResourceType::User, SearchRequest::default()),
        Request::search_root(SearchRequest::default()),
        Request::Schemas,
    ] {
        assert_eq!(answered(&request, 200, page).list().unwrap().resources().len(), 1);
        assert_eq!(reason(&answered(&request, 200, "{}")), "a list: it has neither the schema of a list nor resources");
        let nameless = r#"{"totalResults":1,"Resources":[{"name":"x"}]}"#;
        assert_eq!(reason(&answered(&request, 200, nameless)), "a list: a resource in it has no id");
    }
    let types = r#"{"totalResults":1,"Resources":[{"name":"User","endpoint":"/Users"}]}"#;
    assert!(answered(&Request::ResourceTypes, 200, types).list().is_some());
    assert_eq!(reason(&answered(&Request::ResourceTypes, 200, page)), "a list: a resource in it has no name");
    assert!(answered(&Request::resource_type_named("User"), 200, r#"{"name":"User"}"#).resource().is_some());
    assert_eq!(reason(&answered(&Request::resource_type_named("User"), 200, "{}")), "a resource type: it has no name");
    assert_eq!(reason(&answered(&Request::schema(SchemaUri::USER), 200, "{}")), "a schema: it has no id");

    let me = |action| Request::me(action);
    assert!(answered(&me(MeAction::Read), 200, r#"{"id":"u1"}"#).resource().is_some());
    assert_eq!(reason(&answered(&me(MeAction::Read), 200, "{}")), "a resource: it has no id");
    assert_eq!(answered(&me(MeAction::Patch(PatchOp::new(Vec::new()))), 200, "").body, Body::Empty);
    assert_eq!(answered(&me(MeAction::Delete), 200, "<html>").body, Body::Empty);
}

/// RFC 7644 section 3.7: outcomes are read, no more than were asked for, and nothing of a body that holds none is repeated.
#[test]
fn outcomes_are_read() {
    let bulk = Request::bulk(BulkRequest::new(vec![BulkOperation::delete(ResourceType::User, &id("u1"))]).unwrap());
    let one = r#"{"Operations":[{"method":"DELETE","status":"204"}]}"#;
    assert_eq!(answered(&bulk, 200, one).bulk().unwrap().operations()[0].status(), 204);
    let two = r#"{"Operations":[{"method":"DELETE","status":"204"},{"method":"DELETE","status":"hunter2"}]}"#;
    for (body, expected) in [
        ("", "the body is empty"),
        ("hunter2", "it is no JSON (line 1, column 1)"),
        ("[7]", "the JSON has another shape (line 0, column 0)"),
        ("{}", "it has not the outcomes of what was sent"),
        (two, "it has not the outcomes of what was sent"),
        (r#"{"Operations":[{"method":"hunter2"}]}"#, "the outcome 0 in it lacks what an outcome has"),
    ] {
        assert_eq!(reason(&answered(&bulk, 200, body)), format!("a bulk response: {expected}"), "{body}");
    }
    let too_large = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"too large","status":"413"}"#;
    assert_eq!(answered(&bulk, 413, too_large).detail(), Some("too large"));
}
