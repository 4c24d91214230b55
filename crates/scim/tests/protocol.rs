//! What is asked and answered (RFC 7644 sections 3 and 4, RFC 9865 section 2): messages in the shape of the RFCs' figures, with our own values.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use idbridge_scim::protocol::{AttributeSelection, Body, ListQuery, MeAction, Paging, Reply, Request, ResourceType, Sort, SortOrder};
use idbridge_scim::{
    AttrPath, BulkRequest, BulkResponse, Cursor, ETag, ErrorKind, ErrorResponse, Filter, ListResponse, Location, Mode, Object, PatchOp,
    Precondition, Resource, ResourceId, SchemaUri, ScimType, SearchRequest, Value,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof, proptest};

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

fn path(path: &str) -> AttrPath {
    path.parse().unwrap()
}

fn search(json: &str) -> SearchRequest {
    SearchRequest::from_json(json.as_bytes(), Mode::Strict).unwrap()
}

fn id() -> ResourceId {
    ResourceId::new("u-1").unwrap()
}

/// RFC 7644 section 3.4.2, figure of a query: a list of users with the attributes that were asked for.
#[test]
fn a_list_of_everything() {
    let json = r#"{"totalResults":2,"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[{"id":"u-1","userName":"anna"},{"id":"u-2","userName":"bert"}]}"#;
    let list = ListResponse::from_json(json.as_bytes()).unwrap();
    assert_eq!((list.total_results(), list.items_per_page(), list.start_index()), (Some(2), None, None));
    assert_eq!((list.previous_cursor(), list.next_cursor(), list.other().len()), (None, None, 0));
    assert_eq!(list.resources()[1].text("userName"), Some("bert"));
    assert_eq!(list.to_json(), json);
}

/// RFC 7644 section 3.4.2.4: a page in the middle of a list.
#[test]
fn a_page_by_its_index() {
    let page = ListResponse::index_page(vec![resource(r#"{"id":"u-11"}"#)], 100, 11, 1);
    let json = r#"{"totalResults":100,"itemsPerPage":1,"startIndex":11,"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[{"id":"u-11"}]}"#;
    assert_eq!(page.to_json(), json);
    assert_eq!(ListResponse::from_json(json.as_bytes()).unwrap(), page);
    assert_eq!((page.total_results(), page.items_per_page(), page.start_index()), (Some(100), Some(1), Some(11)));
}

/// RFC 9865 section 2: the first page has a cursor that goes on, the next one also has a cursor that goes back, the last one only that.
#[test]
fn pages_by_cursor() {
    let cursor = |text: &str| Cursor::new(text);
    for (previous, next) in [(None, cursor("bXU0")), (cursor("Zm9v"), cursor("YmFy")), (cursor("bXU0"), None), (None, None)] {
        let page = ListResponse::cursor_page(vec![], 10, next.clone()).with_total_results(25);
        let page = previous.clone().into_iter().fold(page, ListResponse::with_previous_cursor);
        assert_eq!((page.previous_cursor(), page.next_cursor()), (previous.as_ref(), next.as_ref()));
        assert_eq!(ListResponse::from_json(page.to_json().as_bytes()).unwrap(), page);
    }
    let page = ListResponse::cursor_page(vec![], 10, cursor("YmFy")).with_total_results(25).with_previous_cursor(cursor("Zm9v").unwrap());
    assert_eq!(
        page.to_json(),
        r#"{"totalResults":25,"itemsPerPage":10,"previousCursor":"Zm9v","nextCursor":"YmFy","schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[]}"#
    );
}

/// RFC 7644 section 3.4.3: a search with everything that it may have.
#[test]
fn a_search_with_everything() {
    let json = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"attributes":["displayName","name.familyName"],"filter":"userName eq \"anna\" and active eq true","sortBy":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","sortOrder":"descending","startIndex":5,"count":10}"#;
    let read = search(json);
    assert_eq!(read.to_json(), json);
    let department = path("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department");
    let query = ListQuery::filtered("userName eq \"anna\" and active eq true".parse().unwrap())
        .with_attributes([path("displayName"), path("name.familyName")])
        .sorted(Sort::descending(department))
        .starting_at(5)
        .with_count(10);
    assert_eq!(read, SearchRequest::new(query.clone()));
    assert_eq!(read.into_query(), query);
}

/// RFC 9865 section 3: a walk through a search begins with an empty cursor.
#[test]
fn a_search_by_cursor() {
    let first = search(r#"{"cursor":"","count":5,"excludedAttributes":["members"]}"#);
    assert_eq!(first.query().paging, Paging::FirstPage);
    assert_eq!(first.query().selection, AttributeSelection::except([path("members")]));
    assert_eq!(
        first.to_json(),
        r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"excludedAttributes":["members"],"cursor":"","count":5}"#
    );
    let next = SearchRequest::new(first.query().next_page(Cursor::new("VZUTiy").unwrap()));
    assert_eq!(search(&next.to_json()).query().paging, Paging::From(Cursor::new("VZUTiy").unwrap()));
    assert_eq!(next.query().count, Some(5));
}

/// RFC 7644 sections 3.4.2.3 and 3.4.2.4: what is out of bounds is taken as the RFC says; what says nothing is nothing.
#[test]
fn searches_are_read_as_they_are_meant() {
    let paging = |json: &str| search(json).query().paging.clone();
    assert_eq!(paging(r#"{"startIndex":0}"#), Paging::StartIndex(1));
    assert_eq!(paging(r#"{"startIndex":-9}"#), Paging::StartIndex(1));
    assert_eq!(paging(r#"{"startIndex":7}"#), Paging::StartIndex(7));
    assert_eq!(ListQuery::default().starting_at(0).paging, Paging::StartIndex(1));
    let count = |json: &str| search(json).query().count;
    assert_eq!((count(r#"{"count":-1}"#), count(r#"{"count":0}"#), count("{}")), (Some(0), Some(0), None));
    assert_eq!(count(r#"{"count":99999999999}"#), Some(u32::MAX));
    assert_eq!(search(r#"{"sortBy":"userName"}"#).query().sort, Some(Sort::ascending(path("userName"))));
    assert_eq!(search(r#"{"sortBy":"userName","sortOrder":"Descending"}"#).query().sort, Some(Sort::descending(path("userName"))));
    for nothing in [
        "{}",
        r#"{"sortOrder":"descending"}"#,
        r#"{"attributes":[],"excludedAttributes":null}"#,
        r#"{"schemas":null,"filter":null,"sortBy":null,"startIndex":null,"count":null,"cursor":null}"#,
        r#"{"SCHEMAS":["URN:ietf:params:scim:api:messages:2.0:SearchRequest"]}"#,
    ] {
        assert_eq!(search(nothing), SearchRequest::default(), "{nothing}");
    }
    assert_eq!(SortOrder::default().to_string(), "ascending");
}

/// RFC 7644 section 3.4.3: each message in full.
#[test]
fn errors_of_searches_name_the_member() {
    for (json, message) in [
        ("[]", "invalid JSON: expected an object, found an array"),
        (
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]}"#,
            "wrong type: expected a SearchRequest, found a message of another schema at schemas",
        ),
        (r#"{"schemas":"x"}"#, "wrong type: expected an array, found a string at schemas"),
        (r#"{"attributes":"userName"}"#, "wrong type: expected an array, found a string at attributes"),
        (r#"{"excludedAttributes":[7]}"#, "wrong type: expected a string, found a number at excludedAttributes"),
        (
            r#"{"attributes":["a"],"excludedAttributes":["b"]}"#,
            "wrong type: expected attributes or excludedAttributes, found both at excludedAttributes",
        ),
        (r#"{"filter":true}"#, "wrong type: expected a string, found a boolean at filter"),
        (r#"{"sortBy":[]}"#, "wrong type: expected a string, found an array at sortBy"),
        (r#"{"sortOrder":"up"}"#, "wrong type: expected ascending or descending, found a string at sortOrder"),
        (r#"{"startIndex":"1"}"#, "wrong type: expected a whole number, found a string at startIndex"),
        (r#"{"count":1.5}"#, "wrong type: expected a whole number, found a number at count"),
        (r#"{"cursor":7}"#, "wrong type: expected a string, found a number at cursor"),
        (r#"{"startIndex":1,"cursor":""}"#, "wrong type: expected startIndex or cursor, found both at cursor"),
    ] {
        assert_eq!(SearchRequest::from_json(json.as_bytes(), Mode::Strict).unwrap_err().to_string(), message, "{json}");
    }
    // A filter and a path say what their own readers say.
    for json in [r#"{"filter":"userName"}"#, r#"{"sortBy":"user name"}"#, r#"{"attributes":["a..b"]}"#] {
        assert!(SearchRequest::from_json(json.as_bytes(), Mode::Strict).is_err(), "{json}");
    }
}

/// RFC 7644 sections 3.4.2.2 and 3.4.3: a filter is read as strictly as the caller says, and its error has the byte.
#[test]
fn the_filter_of_a_search_is_read_in_a_mode() {
    let json = br#"{"filter":"userName  eq \"anna\""}"#;
    let error = SearchRequest::from_json(json, Mode::Strict).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Filter { .. }));
    assert_eq!(error.at(), &Location::Byte(9));
    let read = SearchRequest::from_json(json, Mode::Lenient).unwrap();
    assert_eq!(read.into_query(), ListQuery::filtered(Filter::user_name("anna")));
}

/// RFC 7644 section 3.12: an error with its keyword, and one without.
#[test]
fn errors_in_the_shape_of_the_rfc() {
    let json = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"scimType":"mutability","detail":"Attribute 'id' is read-only","status":"400"}"#;
    let built = ErrorResponse::new(400).with_scim_type(ScimType::MUTABILITY).with_detail("Attribute 'id' is read-only");
    assert_eq!(built.to_json(), json);
    assert_eq!(ErrorResponse::from_json(json.as_bytes()).unwrap(), built);
    assert_eq!((built.scim_type(), built.status(), built.request_id()), (Some(&ScimType::MUTABILITY), Some(400), None));

    let json = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"No user u-9","status":"404"}"#;
    assert_eq!(ErrorResponse::new(404).with_detail("No user u-9").to_json(), json);
}

/// RFC 9865 section 2.4: a service provider that has cursors alone gives one unasked.
#[test]
fn a_cursor_may_come_unasked() {
    let json = r#"{"totalResults":700,"itemsPerPage":50,"nextCursor":"UGFn","schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[{"id":"u-1"}]}"#;
    let page = ListResponse::from_json(json.as_bytes()).unwrap();
    assert_eq!((page.next_cursor(), page.total_results()), (Cursor::new("UGFn").as_ref(), Some(700)));
    assert_eq!(page.to_json(), json);
}

/// RFC 9865 section 2.1: the errors of a walk.
#[test]
fn errors_of_a_walk() {
    for (json, expected) in [
        (r#"{"scimType":"invalidCursor","status":"400"}"#, ScimType::INVALID_CURSOR),
        (r#"{"scimType":"expiredCursor","status":"400"}"#, ScimType::EXPIRED_CURSOR),
        (r#"{"scimType":"invalidCount","status":"400"}"#, ScimType::INVALID_COUNT),
    ] {
        assert_eq!(ErrorResponse::from_json(json.as_bytes()).unwrap().scim_type(), Some(&expected));
    }
}

/// RFC 7644 section 3.12, table 9, and RFC 9865: the keywords; any other is kept as it was written, and case does not matter.
#[test]
fn keywords_are_an_open_registry() {
    for (constant, keyword) in [
        (ScimType::INVALID_FILTER, "invalidFilter"),
        (ScimType::TOO_MANY, "tooMany"),
        (ScimType::UNIQUENESS, "uniqueness"),
        (ScimType::MUTABILITY, "mutability"),
        (ScimType::INVALID_SYNTAX, "invalidSyntax"),
        (ScimType::INVALID_PATH, "invalidPath"),
        (ScimType::NO_TARGET, "noTarget"),
        (ScimType::INVALID_VALUE, "invalidValue"),
        (ScimType::INVALID_VERS, "invalidVers"),
        (ScimType::SENSITIVE, "sensitive"),
        (ScimType::INVALID_CURSOR, "invalidCursor"),
        (ScimType::EXPIRED_CURSOR, "expiredCursor"),
        (ScimType::INVALID_COUNT, "invalidCount"),
    ] {
        assert_eq!(constant.as_str(), keyword);
        assert_eq!(constant, ScimType::from(keyword.to_ascii_uppercase().as_str()));
    }
    let json = r#"{"scimType":"QuotaExceeded","status":"400"}"#;
    let error = ErrorResponse::from_json(json.as_bytes()).unwrap();
    assert_eq!((error.scim_type().unwrap().to_string(), error.to_json()), ("QuotaExceeded".to_owned(), json.to_owned()));
}

/// RFC 7644 section 3.12 and 3.4.2: members that no RFC has survive, the same one twice does not.
#[test]
fn unknown_members_are_kept() {
    let json = r#"{"detail":"No.","status":"400","schemas_":["x"],"errors":[{"code":7}],"Detail_":null}"#;
    let error = ErrorResponse::from_json(json.as_bytes()).unwrap();
    assert_eq!(error.to_json(), json);
    assert_eq!(error.other().get("errors"), Some(&Value::Array(vec![Value::Object(Object::from(resource(r#"{"code":7}"#)))])));

    let json = r#"{"totalResults":0,"schemas":[],"Resources":[],"took":"5ms","more":false}"#;
    let list = ListResponse::from_json(json.as_bytes()).unwrap();
    assert_eq!((list.to_json().as_str(), list.other().len()), (json, 2));

    let json = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"count":1,"domain":"example.com"}"#;
    assert_eq!((search(json).to_json().as_str(), search(json).other().len()), (json, 1));

    let many: Vec<String> = (0..=1_000).map(|index| format!("\"m{index}\":0")).collect();
    for json in [r#"{"a":1,"A":2}"#.to_owned(), r#"{"status":"1","status":"1"}"#.to_owned(), format!("{{{}}}", many.join(","))] {
        assert!(ErrorResponse::from_json(json.as_bytes()).is_err());
        assert!(ListResponse::from_json(json.replace("status", "nextCursor").as_bytes()).is_err());
    }
    for (json, message) in [
        (r#"{"a":1,"A":2}"#, "invalid JSON: the member \"A\" is there twice at line 1 column 10"),
        (r#"{"status":"1","status":"1"}"#, "invalid JSON: duplicate field `status` at line 1 column 22"),
    ] {
        assert_eq!(ErrorResponse::from_json(json.as_bytes()).unwrap_err().to_string(), message);
    }
}

/// RFC 7644 section 3.14: an answer with the resource, its version and its place.
#[test]
fn an_answer_has_version_and_place() {
    let json = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"u-1","userName":"anna","meta":{"resourceType":"User","location":"https://example.com/v2/Users/u-1","version":"W/\"e180ee84\""}}"#;
    let user = resource(json);
    let mut reply = Reply::new(200, Body::Resource(Box::new(user.clone())));
    assert_eq!((reply.etag.as_ref(), reply.location.as_deref()), (None, None));
    reply.etag = user.version();
    reply.location = user.text("meta.location").map(str::to_owned);
    assert_eq!(reply.etag, Some(ETag::weak("e180ee84").unwrap()));
    // The version that is known is not sent again, and the one that was read is the one that is changed.
    let known = Precondition::if_none_match(ETag::weak("e180ee84").unwrap());
    assert!(!known.holds(reply.etag.as_ref()));
    assert!(Precondition::if_match(ETag::weak("e180ee84").unwrap()).holds(reply.etag.as_ref()));
}

/// RFC 7644 section 3.2, table 2, and section 4: each request has its method, its name, and whether it writes.
#[test]
fn requests_have_method_name_and_kind() {
    let bulk = BulkRequest::new(vec![]).unwrap();
    let patch = PatchOp::new(vec![]);
    let none = SearchRequest::default;
    for (request, method, name, writes) in [
        (Request::list_root(ListQuery::default()), "GET", "ListAll", false),
        (Request::search(ResourceType::User, none()), "POST", "SearchUsers", false),
        (Request::search(ResourceType::Group, none()), "POST", "SearchGroups", false),
        (Request::search_root(none()), "POST", "SearchAll", false),
        (Request::bulk(bulk), "POST", "Bulk", true),
        (Request::me(MeAction::Create(Resource::new())), "POST", "CreateMe", true),
        (Request::me(MeAction::Read), "GET", "GetMe", false),
        (Request::me(MeAction::Replace(Resource::new())), "PUT", "PutMe", true),
        (Request::me(MeAction::Patch(patch)), "PATCH", "PatchMe", true),
        (Request::me(MeAction::Delete), "DELETE", "DeleteMe", true),
        (Request::ResourceTypes, "GET", "ListResourceTypes", false),
        (Request::resource_type_named("User"), "GET", "GetResourceType", false),
        (Request::Schemas, "GET", "ListSchemas", false),
        (Request::schema(SchemaUri::USER), "GET", "GetSchema", false),
    ] {
        assert_eq!((request.method(), request.operation(), request.is_write()), (method, name, writes));
        assert_eq!(request.id(), None);
    }
}

/// RFC 7644 sections 3.9 and 3.14: a request says which attributes and which versions it wants, where that means anything.
#[test]
fn requests_say_what_they_want() {
    let user = ResourceType::User;
    let one = ETag::strong("1").unwrap();
    let wanted = Precondition::if_match(one);
    let names = || [path("userName"), path("emails.value")];
    let all = [
        (Request::create(user, Resource::new()), true, false),
        (Request::read(user, id()), true, true),
        (Request::list(user, ListQuery::default()), true, false),
        (Request::list_root(ListQuery::default()), true, false),
        (Request::search(user, SearchRequest::default()), true, false),
        (Request::search_root(SearchRequest::default()), true, false),
        (Request::replace(user, id(), Resource::new()), true, true),
        (Request::patch(user, id(), PatchOp::new(vec![])), true, true),
        (Request::delete(user, id()), false, true),
        (Request::bulk(BulkRequest::new(vec![]).unwrap()), false, false),
        (Request::me(MeAction::Read), true, true),
        (Request::ServiceProviderConfig, false, false),
        (Request::Schemas, false, false),
    ];
    for (request, selects, depends) in all {
        assert_eq!((request.selection(), request.precondition()), (&AttributeSelection::Default, None));
        let only = request.clone().with_attributes(names());
        assert_eq!(only.selection().paths().len(), if selects { 2 } else { 0 });
        assert_eq!(matches!(only.selection(), AttributeSelection::Only(_)), selects);
        let except = only.without_attributes(names());
        assert_eq!(matches!(except.selection(), AttributeSelection::Except(_)), selects);
        assert_eq!(except.with_attributes([]), request);
        let careful = request.clone().with_precondition(wanted.clone());
        assert_eq!(careful.precondition(), Some(&wanted).filter(|_| depends));
        assert_eq!(careful == request, !depends);
        let is_list = matches!(request.operation(), "ListUsers" | "ListAll" | "SearchUsers" | "SearchAll");
        assert_eq!(request.query().is_some(), is_list);
    }
    let query = ListQuery::default().with_attributes(names()).without_attributes(names());
    assert_eq!((query.selection.paths(), query.selection.is_default()), (&names()[..], false));
    assert_eq!(Request::read(user, id()).resource_type(), Some(user));
    assert_eq!((Request::read(user, id()).id(), Request::Schemas.resource_type()), (Some(&id()), None));
}

/// RFC 7644 section 3.7: a reply gives what its body is, and nothing of what it is not.
#[test]
fn replies_give_what_their_body_is() {
    let bulk = Reply::new(200, BulkResponse::default().into());
    assert_eq!((bulk.bulk(), bulk.error(), bulk.list()), (Some(&BulkResponse::default()), None, None));
    let error = ErrorResponse::new(412).with_detail("changed since");
    let refused = Reply::new(412, error.clone().into());
    assert_eq!((refused.bulk(), refused.error(), refused.detail()), (None, Some(&error), Some("changed since")));
    let unchanged = Reply::new(304, Body::Empty);
    assert_eq!((unchanged.is_success(), unchanged.error(), unchanged.detail()), (false, None, None));
}

fn any_path() -> impl Strategy<Value = AttrPath> {
    prop_oneof!["[a-z][A-Za-z]{0,5}", "[a-z]{1,5}\\.[a-z]{1,5}", "urn:x:[a-z]{1,4}:2\\.0:[A-Z]:[a-z]{1,4}"].prop_map(|text| path(&text))
}

fn any_query() -> impl Strategy<Value = ListQuery> {
    let paging = prop_oneof![
        Just(Paging::None),
        (1..u64::from(u32::MAX)).prop_map(Paging::StartIndex),
        Just(Paging::FirstPage),
        ".{1,8}".prop_map(|cursor| Paging::From(Cursor::new(cursor).unwrap())),
    ];
    let filter = option::of(".{0,6}".prop_map(|name| Filter::user_name(&name)));
    let sort = option::of((any_path(), any::<bool>()));
    let selection = (vec(any_path(), 0..3), any::<bool>());
    (filter, sort, paging, option::of(any::<u32>()), selection).prop_map(|(filter, sort, paging, count, (paths, only))| {
        let mut query = if only { ListQuery::default().with_attributes(paths) } else { ListQuery::default().without_attributes(paths) };
        query.sort = sort.map(|(by, up)| if up { Sort::ascending(by) } else { Sort::descending(by) });
        (query.filter, query.paging, query.count) = (filter, paging, count);
        query
    })
}

proptest! {
    /// What is written reads the same.
    #[test]
    fn searches_survive_a_round_trip(query in any_query()) {
        let written = SearchRequest::new(query);
        prop_assert_eq!(search(&written.to_json()), written);
    }

    /// What is written reads the same.
    #[test]
    fn pages_survive_a_round_trip(
        names in vec("[a-z]{1,4}", 0..4), numbers in any::<[u64; 3]>(), cursors in option::of((".{0,5}", option::of(".{0,5}"))),
        unknown in option::of("[a-z]{1,3}_"),
    ) {
        let resources = names.iter().map(|name| resource(&format!(r#"{{"userName":"{name}"}}"#))).collect();
        let [total, start, count] = numbers;
        let page = match cursors {
            None => ListResponse::index_page(resources, total, start, count),
            Some((next, previous)) => {
                let page = ListResponse::cursor_page(resources, count, Cursor::new(next));
                previous.into_iter().filter_map(Cursor::new).fold(page, ListResponse::with_previous_cursor)
            }
        };
        let json = page.to_json();
        prop_assert_eq!(&ListResponse::from_json(json.as_bytes()).unwrap(), &page);
        if let Some(unknown) = unknown {
            let json = format!("{},\"{unknown}\":[1]}}", json.strip_suffix('}').unwrap());
            let read = ListResponse::from_json(json.as_bytes()).unwrap();
            prop_assert_eq!(read.to_json(), json);
        }
    }

    /// What is written reads the same.
    #[test]
    fn errors_survive_a_round_trip(
        status in any::<u16>(), keyword in option::of("[a-zA-Z]{0,9}"), detail in option::of(".{0,9}"), aws in any::<bool>(),
    ) {
        let error = if aws { ErrorResponse::aws(status, "d", "r", "t") } else { ErrorResponse::new(status) };
        let error = keyword.iter().fold(error, |error, keyword| error.with_scim_type(ScimType::from(keyword.as_str())));
        let error = detail.into_iter().fold(error, ErrorResponse::with_detail);
        prop_assert_eq!(error.status(), Some(status));
        prop_assert_eq!(ErrorResponse::from_json(error.to_json().as_bytes()).unwrap(), error);
    }
}
