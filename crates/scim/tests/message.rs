//! Messages of a service provider: pages of a list and errors, in every shape that AWS writes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::time::Duration;

use idbridge_scim::protocol::{Body, ListQuery, Paging, Reply, Request, ResourceType};
use idbridge_scim::{Cursor, ErrorKind, ErrorResponse, Filter, ListResponse, PatchOp, Resource, ResourceId, ScimType, User};

fn page(json: &str) -> ListResponse {
    ListResponse::from_json(json.as_bytes()).unwrap()
}

fn error(json: &str) -> ErrorResponse {
    ErrorResponse::from_json(json.as_bytes()).unwrap()
}

fn user(name: &str) -> Resource {
    Resource::from_json(format!(r#"{{"userName":"{name}"}}"#).as_bytes()).unwrap()
}

/// RFC 9865 section 2 and AWS's `ListUsers`: a page asked for with a cursor has no totals, and goes on while it has `nextCursor`.
#[test]
fn cursor_pages_end_without_a_cursor() {
    let schemas = r#""schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"]"#;
    let first = page(&format!(
        r#"{{"itemsPerPage":100,"nextCursor":"a+b/c=:_-","{}":1,{schemas},"Resources":[{{"userName":"anna"}}]}}"#,
        "unknown"
    ));
    assert_eq!(first.next_cursor().map(Cursor::as_str), Some("a+b/c=:_-"));
    assert_eq!((first.total_results(), first.resources()), (None, &[user("anna")][..]));
    assert_eq!(first.schemas(), ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]);

    let last = page(&format!(r#"{{"itemsPerPage":100,{schemas},"Resources":[]}}"#));
    assert_eq!(last.next_cursor(), None);
    assert_eq!(last.into_resources(), []);
}

/// RFC 9865 section 2.1: an empty cursor asks for the first page, so a walk that follows one does not end. It is read as none.
#[test]
fn an_empty_cursor_is_none() {
    let last = page(r#"{"previousCursor":"","nextCursor":"","Resources":[]}"#);
    assert_eq!((last.previous_cursor(), last.next_cursor()), (None, None));
    assert_eq!(Cursor::new(""), None);
    assert!(serde_json::from_str::<Cursor>(r#""""#).is_err());
    assert_eq!(serde_json::from_str::<Cursor>(r#""c""#).ok(), Cursor::new("c"));
}

/// AWS's `ListUsers`: a page asked for without a cursor has the totals of the page.
#[test]
fn uncursored_pages_have_totals() {
    let page = page(r#"{"totalResults":2,"itemsPerPage":2,"startIndex":1,"Resources":[{"userName":"a"},{"userName":"b"}]}"#);
    assert_eq!((page.total_results(), page.next_cursor(), page.resources().len()), (Some(2), None, 2));
    assert!(page.schemas().is_empty());
}

/// RFC 7643 section 2.1: names of members compare without case, so a list that is spelled otherwise is no empty list.
#[test]
fn members_are_named_without_case() {
    let read =
        page(r#"{"totalresults":1,"ITEMSPERPAGE":1,"startindex":1,"NextCursor":"c","Schemas":["s"],"resources":[{"userName":"anna"}]}"#);
    assert_eq!((read.total_results(), read.items_per_page(), read.start_index()), (Some(1), Some(1), Some(1)));
    assert_eq!((read.next_cursor().map(Cursor::as_str), read.schemas()), (Some("c"), &["s".to_owned()][..]));
    assert_eq!((read.resources(), read.other().len()), (&[user("anna")][..], 0));

    let read = error(r#"{"SCHEMAS":["s"],"scimtype":"uniqueness","Detail":"It is there.","STATUS":409,"exceptionrequestid":"r"}"#);
    assert_eq!((read.status(), read.detail(), read.request_id()), (Some(409), Some("It is there."), Some("r")));
    assert_eq!((read.scim_type(), read.other().len()), (Some(&ScimType::UNIQUENESS), 0));
}

/// RFC 7643 section 2.1: a member in two spellings is there twice, and two readers would take two different values.
#[test]
fn members_in_two_spellings_are_refused() {
    for json in [r#"{"Resources":[],"resources":[]}"#, r#"{"totalResults":1,"totalresults":1}"#, r#"{"unknown":1,"Unknown":1}"#] {
        let refused = ListResponse::from_json(json.as_bytes()).unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::Json { .. }), "{json}");
    }
    for json in [r#"{"detail":"a","Detail":"a"}"#, r#"{"status":"400","STATUS":400}"#, r#"{"schema":[],"Schema":[]}"#] {
        let refused = ErrorResponse::from_json(json.as_bytes()).unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::Json { .. }), "{json}");
    }
}

/// RFC 7644 section 3.4.2: `Resources` is there only if there are results; null is written for none.
#[test]
fn resources_may_be_null_or_missing() {
    for json in [
        r#"{"totalResults":0,"itemsPerPage":0,"startIndex":1,"Resources":null,"schemas":null}"#,
        r#"{"totalResults":0,"itemsPerPage":0,"startIndex":1,"Resources":[]}"#,
        r#"{"totalResults":0,"itemsPerPage":0,"startIndex":1}"#,
        r#"{"totalResults":0,"itemsPerPage":0,"startIndex":1,"nextCursor":null}"#,
    ] {
        let page = page(json);
        assert_eq!((page.total_results(), page.resources().len(), page.next_cursor()), (Some(0), 0, None), "{json}");
    }
}

/// What is no page is refused and not taken for an empty one.
#[test]
fn what_is_no_page_is_refused() {
    for json in [
        "",
        "null",
        "7",
        "\"x\"",
        "[]",
        " [[],null]",
        "[null,null,null,null,[],[]]",
        "{",
        r#"{"Resources":{}}"#,
        r#"{"Resources":[7]}"#,
        r#"{"Resources":[{"a":1,"A":2}]}"#,
        r#"{"totalResults":-1}"#,
        r#"{"totalResults":"1"}"#,
        r#"{"Resources":[]"#,
        r#"{"Resources":[],"Resources":[]}"#,
        "<html></html>",
    ] {
        let error = ListResponse::from_json(json.as_bytes()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Json { .. }), "{json}");
    }
}

/// A page that this crate builds is written as AWS writes it, and read as it was.
#[test]
fn built_pages_are_written_as_aws_writes_them() {
    let schemas = r#""schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"]"#;
    for (page, json) in [
        (
            ListResponse::cursor_page(vec![user("a")], 100, Cursor::new("c")),
            format!(r#"{{"itemsPerPage":100,"nextCursor":"c",{schemas},"Resources":[{{"userName":"a"}}]}}"#),
        ),
        (ListResponse::cursor_page(vec![], 50, None), format!(r#"{{"itemsPerPage":50,{schemas},"Resources":[]}}"#)),
        (
            ListResponse::single_page(vec![user("a")]),
            format!(r#"{{"totalResults":1,"itemsPerPage":1,"startIndex":1,{schemas},"Resources":[{{"userName":"a"}}]}}"#),
        ),
    ] {
        assert_eq!(serde_json::to_string(&page).unwrap(), json);
        assert_eq!(ListResponse::from_json(json.as_bytes()).unwrap(), page);
    }
}

/// AWS's errors in every recorded shape: `schema` alone (before March 2022), both keys since, three keys in the user guide, any status.
#[test]
fn errors_are_read_in_every_recorded_shape() {
    let urn = "urn:ietf:params:scim:api:messages:2.0:Error";
    let times = r#""exceptionRequestId":"r-1","timeStamp":"2026-03-18 10:57:08.16""#;
    for (json, status, detail, request_id) in [
        (
            format!(r#"{{"schema":["{urn}"],"schemas":["{urn}"],"detail":"Twice.","status":"409",{times}}}"#),
            Some(409),
            Some("Twice."),
            Some("r-1"),
        ),
        (format!(r#"{{"schema":["{urn}"],"detail":"Unparsable.","status":"400",{times}}}"#), Some(400), Some("Unparsable."), Some("r-1")),
        (format!(r#"{{"schema":["{urn}"],"detail":"Unparsable.","status":"400"}}"#), Some(400), Some("Unparsable."), None),
        // RFC 7644 section 3.12 has the status as a string; others write a number.
        (format!(r#"{{"schemas":["{urn}"],"detail":"No.","status":403}}"#), Some(403), Some("No."), None),
        (r#"{"schema":null,"schemas":null,"detail":null,"status":null,"exceptionRequestId":null}"#.to_owned(), None, None, None),
        (r#"{"message":"Too many requests"}"#.to_owned(), None, None, None),
        (r#"{"status":"twelve","detail":""}"#.to_owned(), None, Some(""), None),
        ("{}".to_owned(), None, None, None),
    ] {
        let error = error(&json);
        assert_eq!((error.status(), error.detail(), error.request_id(), error.scim_type()), (status, detail, request_id, None), "{json}");
    }
    assert_eq!(error(r#"{"status":"400","scimType":"invalidFilter"}"#).scim_type(), Some(&ScimType::INVALID_FILTER));
}

/// What is no error message is refused, so that its text is not taken for the service's words.
#[test]
fn what_is_no_error_is_refused() {
    for json in
        ["", "null", "[]", r#"[["x"],["x"],null,"d","400",null,null]"#, r#"{"status":[]}"#, r#"{"detail":7}"#, "Service Unavailable"]
    {
        assert!(ErrorResponse::from_json(json.as_bytes()).is_err(), "{json}");
    }
}

/// AWS's errors are written with both keys, the status as a string and no `scimType`.
#[test]
fn errors_are_written_as_aws_writes_them() {
    let error = ErrorResponse::aws(409, "Twice.", "r-1", "2026-03-18 10:57:08.014");
    let urn = "urn:ietf:params:scim:api:messages:2.0:Error";
    let json = format!(
        r#"{{"schema":["{urn}"],"schemas":["{urn}"],"detail":"Twice.","status":"409","exceptionRequestId":"r-1","timeStamp":"2026-03-18 10:57:08.014"}}"#
    );
    assert_eq!(serde_json::to_string(&error).unwrap(), json);
    assert_eq!(ErrorResponse::from_json(json.as_bytes()).unwrap(), error);
}

/// An error shows what it has.
#[test]
fn errors_show_what_they_have() {
    for (json, shown) in [
        (r#"{"status":"409","detail":"Twice."}"#, "409: Twice."),
        (r#"{"status":500}"#, "500"),
        (r#"{"detail":"Twice."}"#, "Twice."),
        ("{}", "an error without a status or a detail"),
    ] {
        assert_eq!(error(json).to_string(), shown);
    }
}

/// RFC 7644 section 3: each request has its method, its name at AWS, and whether it writes.
#[test]
fn requests_have_method_name_and_kind() {
    let id = || ResourceId::new("1").unwrap();
    for (kind, name) in [(ResourceType::User, "User"), (ResourceType::Group, "Group")] {
        let patch = PatchOp::new(vec![]);
        for (request, method, verb, writes) in [
            (Request::create(kind, Resource::new()), "POST", "Create", true),
            (Request::read(kind, id()), "GET", "Get", false),
            (Request::list(kind, ListQuery::default()), "GET", "List", false),
            (Request::replace(kind, id(), Resource::new()), "PUT", "Put", true),
            (Request::patch(kind, id(), patch), "PATCH", "Patch", true),
            (Request::delete(kind, id()), "DELETE", "Delete", true),
        ] {
            let plural = if verb == "List" { "s" } else { "" };
            assert_eq!((request.method(), request.is_write()), (method, writes));
            assert_eq!(request.operation(), format!("{verb}{name}{plural}"));
        }
    }
    let config = Request::ServiceProviderConfig;
    assert_eq!((config.method(), config.operation(), config.is_write()), ("GET", "ServiceProviderConfig", false));
}

/// RFC 9865 section 2.1: a walk keeps its filter and count, and only the cursor goes on.
#[test]
fn a_walk_keeps_its_question() {
    let mut query = ListQuery::first_page(Some(Filter::user_name("a")));
    assert_eq!((query.paging.clone(), query.count), (Paging::FirstPage, None));
    query.count = Some(10);
    let next = query.next_page(Cursor::new("c").unwrap());
    assert_eq!((next.filter, next.paging, next.count), (query.filter, Paging::From(Cursor::new("c").unwrap()), Some(10)));
    assert_eq!(ListQuery::filtered(Filter::user_name("a")).paging, Paging::None);
}

/// A reply gives what its body is, and nothing of what it is not.
#[test]
fn replies_give_what_their_body_is() {
    let list = ListResponse::single_page(vec![]);
    let refusal = ErrorResponse::aws(409, "Twice.", "r", "t");
    let unreadable = Body::Unreadable { expected: "a page", reason: "cut off".to_owned() };
    for (reply, resource, page, detail, success) in [
        (Reply::new(201, Body::Resource(Box::new(user("a")))), true, false, None, true),
        (Reply::new(200, list.into()), false, true, None, true),
        (Reply::new(409, refusal.into()), false, false, Some("Twice."), false),
        (Reply::new(299, unreadable), false, false, None, true),
        (Reply::new(300, Body::Empty), false, false, None, false),
        (Reply::new(199, Body::Empty), false, false, None, false),
    ] {
        assert_eq!(
            (reply.resource().is_some(), reply.list().is_some(), reply.detail(), reply.is_success()),
            (resource, page, detail, success)
        );
        assert_eq!((reply.request_id, reply.retry_after), (None::<String>, None::<Duration>));
    }
}

/// RFC 7644 section 3.4.2: a page of typed resources has what the generic one has, and a resource of another shape is told by its place.
#[test]
fn typed_pages_are_read_as_generic_ones() {
    let text = br#"{"totalResults":2,"x":1,"Resources":[{"userName":"anna","emails":[{"value":"a"}]},{"USERNAME":"bert","y":[1]}]}"#;
    let (typed, generic) = (ListResponse::from_json_as::<User>(text).unwrap(), ListResponse::from_json(text).unwrap());
    let converted: Vec<User> = generic.resources().iter().cloned().map(|resource| User::try_from(resource).unwrap()).collect();
    assert_eq!((typed.resources(), typed.total_results(), typed.other()), (converted.as_slice(), Some(2), generic.other()));
    let written = ListResponse::from_json_as::<User>(typed.to_json().as_bytes()).unwrap();
    assert_eq!((written.to_json(), written.resources().len()), (typed.to_json(), 2));
    let error = ListResponse::from_json_as::<User>(br#"{"Resources":[{"userName":7}]}"#).unwrap_err();
    assert_eq!(error.to_string(), "invalid JSON: wrong type: expected a string, found a number at line 1 column 27");
}
