//! Many operations in one request (RFC 7644 section 3.7).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::collections::BTreeMap;

use idbridge_scim::protocol::{Request, ResourceType};
use idbridge_scim::{
    BulkMethod, BulkOperation, BulkOperationResponse, BulkRequest, BulkResponse, BulkStep, ETag, Error, ErrorKind, ErrorResponse, Location,
    Mode, PatchOp, PatchOperation, Path, Precondition, Resource, ResourceId, ScimType,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};

fn resource(json: &str) -> Resource {
    Resource::from_json(json.as_bytes()).unwrap()
}

fn read(json: &str) -> Result<BulkRequest, Error> {
    BulkRequest::from_json(json.as_bytes(), BulkRequest::MAX_OPERATIONS)
}

fn id(id: &str) -> ResourceId {
    ResourceId::new(id).unwrap()
}

/// A group under `bulk_id` with members under other bulkIds.
fn group(bulk_id: &str, members: &[&str]) -> BulkOperation {
    let members: Vec<String> = members.iter().map(|member| format!(r#"{{"value":"bulkId:{member}"}}"#)).collect();
    let data = resource(&format!(r#"{{"displayName":"{bulk_id}","members":[{}]}}"#, members.join(",")));
    BulkOperation::create(ResourceType::Group, bulk_id, data)
}

/// Section 3.7.3: a request with one operation of each method is read and written as it stands.
#[test]
fn one_operation_of_each_method() {
    let json = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"failOnErrors":2,"Operations":["#.to_owned()
        + r#"{"method":"POST","path":"/Users","bulkId":"new-1","data":{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"birgit"}},"#
        + r#"{"method":"PUT","path":"/Users/u%2F2","version":"W/\"40\"","data":{"id":"u/2","userName":"carl"}},"#
        + r#"{"method":"PATCH","path":"/Users/u-3","version":"W/\"41\"","data":{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"#
        + r#""Operations":[{"op":"remove","path":"nickName"},{"op":"replace","path":"userName","value":"dora"}]}},"#
        + r#"{"method":"DELETE","path":"/Users/u-4","version":"\"42\""}]}"#;
    let bulk = read(&json).unwrap();
    assert_eq!(bulk.to_json(), json);
    assert_eq!(bulk.fail_on_errors(), Some(2));

    let patch = PatchOp::new(vec![PatchOperation::remove(Path::of("nickName")), PatchOperation::replace(Path::of("userName"), "dora")]);
    let new = resource(r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"birgit"}"#);
    let changed = resource(r#"{"id":"u/2","userName":"carl"}"#);
    let user = ResourceType::User;
    let built = vec![
        BulkOperation::create(user, "new-1", new.clone()),
        BulkOperation::replace(user, &id("u/2"), changed.clone()).with_version(ETag::weak("40").unwrap()),
        BulkOperation::patch(user, &id("u-3"), &patch).with_version(ETag::weak("41").unwrap()),
        BulkOperation::delete(user, &id("u-4")).with_version(ETag::strong("42").unwrap()),
    ];
    assert_eq!(BulkRequest::new(built).unwrap().with_fail_on_errors(2), bulk);

    let version = |tag: &str| Precondition::if_match(tag.parse().unwrap());
    let requests: Vec<Request> = bulk.operations().iter().map(|operation| operation.to_request(Mode::Strict).unwrap()).collect();
    assert_eq!(
        requests,
        [
            Request::create(user, new),
            Request::replace(user, id("u/2"), changed).with_precondition(version("W/\"40\"")),
            Request::patch(user, id("u-3"), patch).with_precondition(version("W/\"41\"")),
            Request::delete(user, id("u-4")).with_precondition(version("\"42\"")),
        ]
    );
    let [post, put, ..] = bulk.operations() else { unreachable!() };
    assert_eq!((post.method(), post.path(), post.bulk_id(), post.version()), (BulkMethod::Post, "/Users", Some("new-1"), None));
    assert_eq!((put.method().to_string(), put.bulk_id(), put.version()), ("PUT".to_owned(), None, Some(&ETag::weak("40").unwrap())));
    assert!(put.data().is_some() && put.other().is_empty() && bulk.other().is_empty());
}

/// Section 3.7.3: outcomes are read and written as they stand, each with its status as a string.
#[test]
fn outcomes_of_each_method() {
    let json = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],"Operations":["#.to_owned()
        + r#"{"method":"POST","location":"https://example.com/v2/Users/u-1","bulkId":"new-1","version":"W/\"1\"","status":"201"},"#
        + r#"{"method":"PUT","location":"https://example.com/v2/Users/u-2","version":"W/\"41\"","status":"200","response":{"id":"u-2"}},"#
        + r#"{"method":"PATCH","location":"https://example.com/v2/Users/u-3","version":"odd","status":"412","#
        + r#""response":{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"changed since","status":"412"}},"#
        + r#"{"method":"DELETE","location":"https://example.com/v2/Users/u-4","status":"204"}]}"#;
    let response = BulkResponse::from_json(json.as_bytes(), 4).unwrap();
    assert_eq!(response.to_json(), json);
    let [created, replaced, refused, deleted] = response.operations() else { unreachable!() };
    assert_eq!(response.find("new-1"), Some(created));
    assert_eq!(response.find("u-2"), None);
    assert_eq!((created.method(), created.status(), created.is_success()), (BulkMethod::Post, 201, true));
    assert_eq!((created.version(), created.location()), (Some(ETag::weak("1").unwrap()), Some("https://example.com/v2/Users/u-1")));
    assert_eq!((created.resource(), created.error()), (None, None));
    assert_eq!((replaced.resource(), replaced.error()), (Some(&resource(r#"{"id":"u-2"}"#)), None));
    assert_eq!((refused.resource(), refused.error()), (None, Some(ErrorResponse::new(412).with_detail("changed since"))));
    assert_eq!((refused.version(), refused.is_success()), (None, false));
    assert_eq!((deleted.status(), deleted.bulk_id()), (204, None));
    assert!(response.other().is_empty() && deleted.other().is_empty());

    let built = BulkOperationResponse::new(BulkMethod::Put, 200)
        .with_location("https://example.com/v2/Users/u-2")
        .with_version(&ETag::weak("41").unwrap())
        .with_resource(resource(r#"{"id":"u-2"}"#));
    assert_eq!(&built, replaced);
    // A number is read as well.
    let number = BulkResponse::from_json(br#"{"Operations":[{"method":"DELETE","status":404}]}"#, 1).unwrap();
    assert_eq!(number.operations()[0].status(), 404);
}

/// Section 3.7.3: an error in the place of the last outcome, and a request that failed as a whole because of failOnErrors.
#[test]
fn an_outcome_may_be_an_error() {
    let error = ErrorResponse::new(400).with_scim_type(ScimType::INVALID_SYNTAX).with_detail("Request is unparsable");
    let outcome = BulkOperationResponse::new(BulkMethod::Post, 400).with_bulk_id("new-1").with_error(&error);
    let response = BulkResponse::new(vec![outcome]);
    assert_eq!(
        response.to_json(),
        r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],"Operations":[{"method":"POST","bulkId":"new-1","status":"400","response":{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"scimType":"invalidSyntax","detail":"Request is unparsable","status":"400"}}]}"#
    );
    assert_eq!(response.find("new-1").unwrap().error(), Some(error));
}

/// Section 3.7.2: a user and the group that it is in, whichever comes first.
#[test]
fn references_are_ordered_and_resolved() {
    let user = BulkOperation::create(ResourceType::User, "anna", resource(r#"{"userName":"anna","nickName":"bulkId:"}"#));
    let manager = resource(
        r#"{"userName":"bert","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"bulkId:anna"}},"title":"of bulkId:anna"}"#,
    );
    let add = resource(
        r#"{"Operations":[{"op":"add","path":"members","value":[{"value":"bulkId:bert"},{"value":"bulkId:anna"},{"value":"bulkId:anna"}]}]}"#,
    );
    let json = format!(r#"{{"Operations":[{{"method":"PATCH","path":"/Groups/bulkId:staff","data":{}}}]}}"#, add.to_json());
    let patch = read(&json).unwrap().into_operations().remove(0);
    assert_eq!(patch.references(), ["staff", "bert", "anna"]);
    let bert = BulkOperation::create(ResourceType::User, "bert", manager);
    let mut bulk = BulkRequest::new(vec![patch, group("staff", &["anna"]), bert, user]).unwrap();
    assert_eq!(bulk.order(), [BulkStep::Run(3), BulkStep::Run(1), BulkStep::Run(2), BulkStep::Run(0)]);
    let error = bulk.operations()[0].to_request(Mode::Strict).unwrap_err();
    assert_eq!(error.to_string(), "invalid operation: expected an id in the place of a bulkId, found /Groups/bulkId:staff");

    assert_eq!(bulk.resolve("nobody", &id("u-0")), 0);
    assert_eq!(bulk.resolve("anna", &id("u-1")), 4);
    assert_eq!(bulk.resolve("bert", &id("u-2")), 1);
    assert_eq!(bulk.resolve("staff", &id("g/1")), 1);
    assert_eq!(bulk.order(), [0, 1, 2, 3].map(BulkStep::Run));
    let [patch, staff, bert, _] = bulk.operations() else { unreachable!() };
    assert_eq!(patch.path(), "/Groups/g%2F1");
    assert!(matches!(patch.to_request(Mode::Strict).unwrap(), Request::Patch { id, .. } if id.as_str() == "g/1"));
    assert_eq!(staff.data().unwrap().to_json(), r#"{"displayName":"staff","members":[{"value":"u-1"}]}"#);
    let manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value";
    assert_eq!((bert.data().unwrap().text(manager), bert.data().unwrap().text("title")), (Some("u-1"), Some("of bulkId:anna")));
}

/// Section 3.7.2: many references are resolved at once as they are one by one, and those of unknown resources stay.
#[test]
fn references_are_resolved_at_once() {
    let path = r#"{"Operations":[{"method":"DELETE","path":"/Groups/bulkId:a"}]}"#;
    let delete = read(path).unwrap().into_operations().remove(0);
    let operations = vec![group("g", &["a", "b", "x", "a"]), group("h", &[]), delete];
    let mut at_once = BulkRequest::new(operations).unwrap();
    let mut one_by_one = at_once.clone();
    assert_eq!(at_once.resolve_all(&BTreeMap::new()), 0);

    let ids = BTreeMap::from([("a".to_owned(), id("u-1")), ("b".to_owned(), id("bulkId:c")), ("none".to_owned(), id("u-3"))]);
    assert_eq!(at_once.resolve_all(&ids), 4);
    assert_eq!(ids.iter().map(|(bulk_id, id)| one_by_one.resolve(bulk_id, id)).sum::<usize>(), 4);
    assert_eq!(at_once, one_by_one);
    assert_eq!(at_once.operations()[0].references(), ["c", "x"]);
    assert_eq!(at_once.operations()[2].path(), "/Groups/u-1");
    assert_eq!(at_once.resolve_all(&ids), 0);
    assert_eq!(at_once.resolve("x", &id("u-4")), 1);
}

/// Section 3.7.1: circular references are found, whatever hangs on them comes behind, and what nothing creates is told.
#[test]
fn circles_are_found() {
    use BulkStep::{Circular, Run};
    let dangling = |operation, bulk_id: &str| BulkStep::Dangling { operation, bulk_id: bulk_id.to_owned() };
    let order = |operations: Vec<BulkOperation>| BulkRequest::new(operations).unwrap().order();
    assert_eq!(order(vec![]), []);
    assert_eq!(order(vec![group("a", &["a"])]), [Circular(vec![0])]);
    assert_eq!(order(vec![group("a", &["b"]), group("b", &["a"])]), [Circular(vec![0, 1])]);
    assert_eq!(order(vec![group("a", &["b"]), group("b", &["c"]), group("c", &["b"])]), [Circular(vec![1, 2]), Run(0)]);
    assert_eq!(order(vec![group("a", &[]), group("b", &["x", "y"]), group("c", &["b"])]), [Run(0), dangling(1, "x"), Run(2)]);
    // Only a POST creates what others refer to.
    let replace = BulkOperation::replace(ResourceType::Group, &id("g-1"), Resource::new()).with_bulk_id("a");
    assert_eq!(order(vec![replace, group("b", &["a"])]), [Run(0), dangling(1, "a")]);
    let long: Vec<_> = (0..1_000).map(|index| group(&index.to_string(), &[&(index + 1).to_string()])).collect();
    let steps = order(long);
    assert_eq!((steps.len(), &steps[0], &steps[999]), (1_000, &dangling(999, "1000"), &Run(0)));
}

/// Section 3.7: each message in full, with the index of the operation.
#[test]
fn errors_say_what_is_wrong_with_which_operation() {
    let operation = |json: &str| read(&format!(r#"{{"Operations":[{{"method":"DELETE","path":"/Users/1"}},{json}]}}"#)).unwrap_err();
    let outcome = |json: &str| BulkResponse::from_json(format!(r#"{{"Operations":[{json}]}}"#).as_bytes(), 1).unwrap_err();
    let table = [
        (read("[]").unwrap_err(), "invalid JSON: expected an object, found an array"),
        (read("{}").unwrap_err(), "invalid operation: expected a list named Operations, found none"),
        (read(r#"{"Operations":{}}"#).unwrap_err(), "invalid operation: expected a list named Operations, found an object"),
        (
            read(r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],"Operations":[]}"#).unwrap_err(),
            "wrong type: expected a BulkRequest, found a message of another schema at schemas",
        ),
        (read(r#"{"schemas":7}"#).unwrap_err(), "wrong type: expected an array, found a number at schemas"),
        (
            read(r#"{"failOnErrors":-1,"Operations":[]}"#).unwrap_err(),
            "wrong type: expected a whole number from 0 to 4,294,967,295, found a number at failOnErrors",
        ),
        (
            read(r#"{"failOnErrors":"1","Operations":[]}"#).unwrap_err(),
            "wrong type: expected a whole number, found a string at failOnErrors",
        ),
        (
            BulkRequest::from_json(br#"{"Operations":[{},{},{}]}"#, 2).unwrap_err(),
            "invalid operation: expected no more operations than maxOperations, found 3 where 2 are taken",
        ),
        (operation("7"), "invalid operation: expected an object, found a number at operation 1"),
        (operation("{}"), "invalid operation: expected the method POST, PUT, PATCH or DELETE, found none at operation 1"),
        (
            operation(r#"{"method":"GET","path":"/Users/1"}"#),
            "invalid operation: expected the method POST, PUT, PATCH or DELETE, found GET at operation 1",
        ),
        (operation(r#"{"method":"POST","path":"/Users","data":{}}"#), "invalid operation: expected a bulkId, found none at operation 1"),
        (
            operation(r#"{"method":"PUT","bulkId":"","path":"/Users","data":{}}"#),
            "invalid operation: expected a bulkId, found an empty one at operation 1",
        ),
        (
            operation(r#"{"method":"PUT","bulkId":7}"#),
            "invalid operation: expected a bulkId that is a string, found a number at operation 1",
        ),
        (
            operation(r#"{"method":"PUT","version":"7","path":"/Users/2","data":{}}"#),
            "invalid operation: expected a version such as W/\"1\", found 7 at operation 1",
        ),
        (operation(r#"{"method":"DELETE"}"#), "invalid operation: expected a path, found none at operation 1"),
        (
            operation(r#"{"method":"DELETE","path":"Users/2"}"#),
            "invalid operation: expected a path that begins with a slash, found Users/2 at operation 1",
        ),
        (
            operation(r#"{"method":"PUT","path":"/Users/2"}"#),
            "invalid operation: expected data that is an object, found none at operation 1",
        ),
        (
            operation(
                r#"{"method":"POST","bulkId":"a","path":"/Users","data":{}},{"method":"POST","bulkId":"a","path":"/Users","data":{}}"#,
            ),
            "invalid operation: expected a bulkId of its own, found a again at operation 2",
        ),
        (
            BulkRequest::new(vec![BulkOperation::create(ResourceType::User, "", Resource::new())]).unwrap_err(),
            "invalid operation: expected a bulkId, found an empty one at operation 0",
        ),
        (outcome(r#"{"method":"PUT"}"#), "invalid operation: expected a status from 100 to 599, found none at operation 0"),
        (outcome(r#"{"method":"PUT","status":"ok"}"#), "invalid operation: expected a status from 100 to 599, found ok at operation 0"),
        (outcome(r#"{"method":"PUT","status":600}"#), "invalid operation: expected a status from 100 to 599, found 600 at operation 0"),
        (outcome(r#"{"method":"PUT","status":-1}"#), "invalid operation: expected a status from 100 to 599, found -1 at operation 0"),
        (
            outcome(r#"{"method":"PUT","status":"400","response":"x"}"#),
            "invalid operation: expected a response that is an object, found a string at operation 0",
        ),
        (
            outcome(r#"{"method":"PUT","status":"200","location":7}"#),
            "invalid operation: expected a location that is a string, found a number at operation 0",
        ),
    ];
    for (error, message) in table {
        assert_eq!(error.to_string(), message);
    }
    assert_eq!(operation("7").at(), &Location::Operation(1));
    assert!(matches!(operation("7").kind(), ErrorKind::Operation { expected: "an object", .. }));
}

/// Section 3.7: a path is that of a type for POST, and of one resource for everything else.
#[test]
fn paths_lead_to_requests() {
    let request = |method: &str, path: &str| {
        let json = format!(r#"{{"Operations":[{{"method":"{method}","bulkId":"a","path":"{path}","data":{{}}}}]}}"#);
        read(&json).unwrap().operations()[0].to_request(Mode::Strict).map_err(|error| error.to_string())
    };
    assert_eq!(request("POST", "/Groups"), Ok(Request::create(ResourceType::Group, Resource::new())));
    assert_eq!(request("DELETE", "/Users/a%20b"), Ok(Request::delete(ResourceType::User, id("a b"))));
    for (method, path, expected) in [
        ("POST", "/Users/1", "a path without an id"),
        ("PUT", "/Users", "a path with an id"),
        ("PUT", "/Users/", "a path with an id"),
        ("PUT", "/Users/1/2", "a path with an id"),
        ("PUT", "/Users/%zz", "a path with an id"),
        ("PUT", "/Users/%FF", "a path with an id"),
        ("DELETE", "/Things/1", "a path below /Users or /Groups"),
        ("DELETE", "/users/1", "a path below /Users or /Groups"),
        ("DELETE", "/", "a path below /Users or /Groups"),
        ("PATCH", "/Users/bulkId:a", "an id in the place of a bulkId"),
    ] {
        assert_eq!(request(method, path), Err(format!("invalid operation: expected {expected}, found {path}")));
    }
    assert_eq!(request("PATCH", "/Users/1"), Err("invalid operation: expected a list named Operations, found none".to_owned()));
}

/// RFC 7643 section 2.5: null is as good as nothing; members that no RFC has survive.
#[test]
fn unknown_members_are_kept() {
    let json = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"DELETE","path":"/Users/1","x":[1]}],"y":{"z":true}}"#;
    assert_eq!(read(json).unwrap().to_json(), json);
    assert_eq!(read(json).unwrap().other().len(), 1);
    let nulls = r#"{"schemas":null,"failOnErrors":null,"Operations":[{"method":"DELETE","path":"/Users/1","bulkId":null,"version":null,"data":null}]}"#;
    let deletion = BulkOperation::delete(ResourceType::User, &id("1"));
    assert_eq!(read(nulls), BulkRequest::new(vec![deletion]));
}

/// An error quotes a bounded part of what it was given.
#[test]
fn errors_are_short() {
    let long = "x".repeat(100_000);
    for operation in [
        format!(r#"{{"method":"{long}"}}"#),
        format!(r#"{{"method":"PUT","path":"{long}"}}"#),
        format!(r#"{{"method":"PUT","version":"{long}"}}"#),
    ] {
        assert!(read(&format!(r#"{{"Operations":[{operation}]}}"#)).unwrap_err().to_string().len() < 200);
    }
}

fn any_operation() -> impl Strategy<Value = BulkOperation> {
    let resource_type = prop_oneof![Just(ResourceType::User), Just(ResourceType::Group)];
    let data = vec("(bulkId:[a-d])|[a-z]{0,4}", 0..3).prop_map(|members| {
        let members: Vec<String> = members.iter().map(|member| format!(r#"{{"value":"{member}"}}"#)).collect();
        resource(&format!(r#"{{"members":[{}]}}"#, members.join(",")))
    });
    let version = option::of("[a-z0-9]{0,4}");
    (0..4, resource_type, "[a-z/%. é]{1,6}", data, version).prop_map(|(method, kind, name, data, version)| {
        let operation = match method {
            0 => BulkOperation::create(kind, "", data),
            1 => BulkOperation::replace(kind, &id(&name), data),
            2 => BulkOperation::patch(kind, &id(&name), &PatchOp::new(vec![])),
            _ => BulkOperation::delete(kind, &id(&name)),
        };
        version.iter().fold(operation, |operation, version| operation.with_version(ETag::weak(version).unwrap()))
    })
}

fn any_request() -> impl Strategy<Value = BulkRequest> {
    (vec(any_operation(), 0..7), option::of(any::<u32>())).prop_map(|(operations, errors)| {
        let operations = operations.into_iter().zip('a'..);
        let bulk = BulkRequest::new(operations.map(|(operation, name)| operation.with_bulk_id(name)).collect()).unwrap();
        errors.into_iter().fold(bulk, BulkRequest::with_fail_on_errors)
    })
}

proptest! {
    /// What is written reads the same.
    #[test]
    fn requests_survive_a_round_trip(bulk in any_request()) {
        prop_assert_eq!(read(&bulk.to_json()).unwrap(), bulk);
    }

    /// What is written reads the same.
    #[test]
    fn responses_survive_a_round_trip(
        outcomes in vec((100_u16..600, option::of("[a-z]{0,4}"), option::of("[a-z/:]{0,9}"), any::<bool>()), 0..6)
    ) {
        let outcomes = outcomes.into_iter().map(|(status, bulk_id, location, has_error)| {
            let outcome = BulkOperationResponse::new(BulkMethod::Put, status);
            let outcome = bulk_id.into_iter().fold(outcome, BulkOperationResponse::with_bulk_id);
            let outcome = location.into_iter().fold(outcome, BulkOperationResponse::with_location);
            if has_error { outcome.with_error(&ErrorResponse::new(status)) } else { outcome }
        });
        let response = BulkResponse::new(outcomes.collect());
        prop_assert_eq!(BulkResponse::from_json(response.to_json().as_bytes(), 6).unwrap(), response);
    }

    /// Each operation is in one step, and whatever it refers to is in an earlier one or in the same circle.
    #[test]
    fn each_operation_comes_behind_what_it_refers_to(bulk in any_request()) {
        let steps: Vec<Vec<usize>> = bulk.order().into_iter().map(|step| match step {
            BulkStep::Run(operation) | BulkStep::Dangling { operation, .. } => vec![operation],
            BulkStep::Circular(operations) => operations,
        }).collect();
        let mut all: Vec<usize> = steps.concat();
        all.sort_unstable();
        prop_assert_eq!(all, (0..bulk.operations().len()).collect::<Vec<_>>());
        let place = |operation: usize| steps.iter().position(|step| step.contains(&operation)).unwrap();
        for (index, operation) in bulk.operations().iter().enumerate() {
            for reference in operation.references() {
                let creates = |other: &BulkOperation| other.method() == BulkMethod::Post && other.bulk_id() == Some(reference);
                if let Some(creator) = bulk.operations().iter().position(creates) {
                    prop_assert!(place(creator) <= place(index));
                }
            }
        }
    }
}
