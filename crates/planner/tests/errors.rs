//! The words of every finding, failure and error that the planner makes: people act on them, so none changes unseen.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, which is what it is for")]

mod common;

use std::time::Duration;

use common::{Place, Synced, desired, group_key, key, now, partial, policy, user, wanted, wanted_group};
use idbridge_emulator::{Fault, Faults};
use idbridge_planner::{
    Answer, Because, Desired, DesiredUser, Evidence, LastSent, Observed, Presence, State, Stopped, WithheldReason, plan,
};
use idbridge_scim::{Resource, ResourceId};

/// Every finding of a plan and of its run, as it is printed.
fn words(synced: &Synced) -> Vec<String> {
    let held = synced.plan.held().iter().flat_map(|held| &held.findings);
    held.chain(synced.plan.findings()).map(ToString::to_string).chain(synced.findings.iter().cloned()).collect()
}

/// The findings of a plan over what was seen, with nothing remembered.
fn planned(desired: &Desired, observed: &Observed) -> Vec<String> {
    let plan = plan(desired, observed, &State::default(), &LastSent::default(), &policy(), now());
    plan.held().iter().flat_map(|held| &held.findings).chain(plan.findings()).map(ToString::to_string).collect()
}

fn staff(members: &[&str]) -> Desired {
    let mut desired = desired();
    for id in members {
        desired.set_user(key(id), wanted(id, id));
    }
    desired.set_group(group_key("g"), wanted_group("g", "Staff", members));
    desired
}

fn seen(json: &[&str]) -> Observed {
    let mut observed = Observed::default();
    json.iter().for_each(|json| observed.users_mut().see(Resource::from_json(json.as_bytes()).unwrap()));
    observed.users_mut().complete();
    observed.groups_mut().complete();
    observed
}

/// A service at which Anna and Bo are in Staff.
fn place() -> Place {
    let mut place = Place::new();
    place.sync(&staff(&["anna", "bo"]), &policy());
    place
}

fn by_hand(place: &mut Place, user_name: &str, more: &str) -> ResourceId {
    let json = format!(r#"{{"userName":"{user_name}","name":{{"givenName":"B","familyName":"H"}},"displayName":"B H"{more}}}"#);
    place.service.seed_user(Resource::from_json(json.as_bytes()).unwrap())
}

fn once(operation: &'static str, status: u16) -> Faults {
    Faults::none().once(operation, Fault::Failed { status, applied: false })
}

#[test]
fn what_was_not_searched() {
    assert_eq!(
        planned(&staff(&["anna"]), &Observed::default()),
        [
            "NotSearched, user anna (anna@example.com): the service was not searched for it, so it may be there already",
            "EmptyGroup, group g (Staff): none of its members can be provisioned now, and empty groups are not created (GM-05); remedy: see the \
             findings of its members",
        ]
    );
}

#[test]
fn what_is_ambiguous() {
    let twice = [r#"{"id":"1","userName":"anna@example.com"}"#, r#"{"id":"2","userName":"Anna@example.com"}"#];
    let mut desired = desired();
    desired.set_user(key("anna"), wanted("anna", "anna"));
    let remedy = "remedy: delete or rename the ones at the service that are not meant";
    assert_eq!(
        planned(&desired, &seen(&twice)),
        [format!("Ambiguous, user anna (anna@example.com): 2 objects of the service have its name; {remedy}")]
    );
    let twice = [r#"{"id":"1","userName":"a","externalId":"anna"}"#, r#"{"id":"2","userName":"b","externalId":"anna"}"#];
    assert_eq!(
        planned(&desired, &seen(&twice)),
        [format!("Ambiguous, user anna (anna@example.com): 2 objects of the service carry its externalId; {remedy}")]
    );
}

#[test]
fn what_two_records_want() {
    let mut desired = staff(&["anna"]);
    desired.set_user(key("bo"), wanted("bo", "Anna"));
    desired.set_group(group_key("h"), wanted_group("h", "staff", &["anna"]));
    assert_eq!(
        words(&Place::new().sync(&desired, &policy())),
        [
            "DuplicateEmail, user bo (Anna@example.com): the userName \"anna@example.com\" is wanted by user anna as well, who keeps it; remedy: \
             give one of the two another e-mail address",
            "DuplicateGroupName, group g (Staff): group h has the same name; remedy: rename one of them",
            "DuplicateGroupName, group h (staff): group g has the same name; remedy: rename one of them",
        ]
    );
}

#[test]
fn a_name_that_is_taken() {
    let remedy = "remedy: change one of the two records";
    // By a record that is found by its identifier and is held.
    let mut desired = desired();
    desired.set_user(key("anna"), wanted("anna", "anna"));
    desired.set_user(key("bo"), Answer::Hold(Vec::new()));
    assert_eq!(
        planned(&desired, &seen(&[r#"{"id":"1","userName":"anna@example.com","externalId":"bo"}"#])),
        [format!(
            "NameTaken, user anna (anna@example.com): the object of the service with its name carries the externalId of another record (1); {remedy}"
        )]
    );
    // By a record that keeps it.
    let mut place = place();
    let mut desired = staff(&["anna"]);
    desired.set_user(key("bo"), Answer::Present(Presence::new(Because::new("GM-20", "is in no bound group"), Evidence::Record)));
    desired.set_user(key("cleo"), wanted("cleo", "bo"));
    assert_eq!(
        words(&place.sync(&desired, &policy())),
        [format!(
            "NameTaken, user cleo (bo@example.com): the userName \"bo@example.com\" belongs to user bo, who keeps it for now; {remedy}"
        )]
    );
    // By a group that nobody manages.
    let taken = place.service.seed_group(Resource::from_json(br#"{"displayName":"Taken"}"#).unwrap(), []);
    let mut desired = staff(&["anna", "bo"]);
    desired.set_group(group_key("g"), wanted_group("g", "taken", &["anna", "bo"]));
    assert_eq!(
        words(&place.sync(&desired, &policy())),
        [format!(
            "NameTaken, group g (taken): another group of the service has the name \"taken\" ({taken}); remedy: rename one of the two"
        )]
    );
}

#[test]
fn a_name_that_turns_out_to_be_taken() {
    let mut place = place();
    let taken = by_hand(&mut place, "taken@example.com", "");
    let mut desired = staff(&["anna", "bo"]);
    desired.set_user(key("bo"), wanted("bo", "taken"));
    let found = words(&place.sync(&desired, &policy()));
    let [found] = found.as_slice() else { panic!("{found:?}") };
    assert!(
        found.starts_with(
            "NameTaken, user bo (taken@example.com): another object of the service has its name, e-mail address or externalId (409: Refused to \
             create a new, duplicate resource., request "
        ) && found.ends_with("); remedy: change one of the two"),
        "{found}"
    );
    assert_eq!(
        words(&place.sync(&desired, &policy())),
        [format!(
            "NameTaken, user bo (taken@example.com): the userName \"taken@example.com\" belongs to an object of the service that is not managed \
             ({taken}); remedy: change one of the two records"
        )]
    );
}

#[test]
fn a_conflict_that_matches_nothing() {
    let mut place = Place::new();
    by_hand(&mut place, "aberg", r#","emails":[{"value":"anna@example.com","type":"work","primary":true}]"#);
    assert_eq!(
        words(&place.sync(&staff(&["anna"]), &policy())),
        [
            "ConflictNotMatched, user anna (anna@example.com): the service refuses it as a duplicate (409), and has no user named \
             \"anna@example.com\"; another user has its e-mail address or externalId; remedy: change the AWS username of that user to \
             anna@example.com, or delete that user",
            "EmptyGroup, group g (Staff): none of its members could be provisioned, and empty groups are not created (GM-05)",
        ]
    );
}

#[test]
fn groups_without_members_and_with_strangers() {
    let mut place = place();
    let stranger = by_hand(&mut place, "stranger@example.com", "");
    let mut desired = staff(&["anna", "bo"]);
    place.service.seed_group(Resource::from_json(br#"{"displayName":"Hand"}"#).unwrap(), [&stranger]);
    desired.set_group(group_key("hand"), wanted_group("hand", "Hand", &["anna"]));
    desired.set_group(group_key("empty"), wanted_group("empty", "Empty", &[]));
    assert_eq!(
        words(&place.sync(&desired, &policy())),
        [
            "EmptyGroup, group empty (Empty): has no members, and empty groups are not created (GM-03); remedy: add a member in the directory"
                .to_owned(),
            format!(
                "UnmanagedMembers, group hand (Hand): 1 of its members are nobody in the directory and stay ({stranger}); remedy: remove them at \
                 the service, or let the policy remove them"
            ),
        ]
    );
}

#[test]
fn what_the_service_refused() {
    let mut place = place();
    let mut desired = staff(&["anna", "bo"]);
    let mut resource = user("bo", "bo");
    resource.attributes_mut().set("title", "Lead");
    desired.set_user(key("bo"), Answer::Want(DesiredUser::new(resource)));
    place.service.set_faults(once("PatchUser", 400));
    assert_eq!(words(&place.sync(&desired, &policy())), ["user bo: Internal server error"]);
    assert_eq!(
        words(&place.sync(&desired, &policy())),
        ["RefusedByService, user bo (bo@example.com): the service refused exactly this (400): Internal server error; remedy: change the \
             record; it is not sent again as it is"]
    );
}

#[test]
fn what_failed() {
    let refused = |what: &str, status: u16| format!("the service refused to {what} ({status}: Internal server error, request ");
    let mut gone = staff(&["anna"]);
    let mut changed = staff(&["anna", "bo"]);
    changed.set_group(group_key("g"), wanted_group("g", "Everybody", &["anna", "bo"]));
    let mut joined = staff(&["anna", "bo"]);
    joined.set_group(group_key("g"), wanted_group("g", "Staff", &["anna"]));
    gone.set_group(group_key("g"), wanted_group("g", "Staff", &["anna"]));
    let mut without = desired();
    without.set_user(key("anna"), wanted("anna", "anna"));
    without.set_user(key("bo"), wanted("bo", "bo"));
    without.set_group(group_key("other"), wanted_group("other", "Other", &[]));
    let cases = [
        ("CreateUser", staff(&["anna", "bo", "cleo"]), "user cleo: ", refused("create it", 403)),
        ("DeleteUser", gone, "user bo: ", refused("delete it", 403)),
        ("PatchGroup", changed, "group g: ", refused("change it", 403)),
        ("PatchGroup", joined, "group g: ", refused("change its members", 403)),
        ("DeleteGroup", without, "group g: ", refused("delete it", 403)),
    ];
    for (operation, desired, key, reason) in cases {
        let mut place = place();
        place.service.set_faults(once(operation, 403));
        let found = place.sync(&desired, &policy()).findings;
        assert!(found[0].starts_with(&format!("{key}{reason}")), "{operation}: {found:?}");
    }
}

#[test]
fn what_is_lost() {
    let mut place = place();
    let id = place.state.group(&group_key("g")).unwrap().id.clone();
    place.service.remove_group(&id);
    let mut desired = staff(&["anna", "bo"]);
    desired.set_group(group_key("g"), wanted_group("g", "Staff", &["anna"]));
    assert_eq!(
        place.sync(&desired, &policy()).findings,
        ["group g: the service does not have it any more; the next run looks for it again"]
    );
}

#[test]
fn what_waits_for_what_failed() {
    let mut place = place();
    let mut desired = staff(&["anna", "bo"]);
    desired.set_user(key("bo"), wanted("bo", "new"));
    desired.set_user(key("anna"), wanted("anna", "bo"));
    place.service.set_faults(once("PatchUser", 403));
    assert_eq!(
        place.sync(&desired, &policy()).findings[0],
        "Waits, user anna (bo@example.com): it needs what was to be done to \"new@example.com\" first, and that did not succeed"
    );
}

#[test]
fn a_source_that_is_not_whole() {
    let mut place = place();
    let mut some = partial();
    some.set_user(key("anna"), wanted("anna", "anna"));
    some.set_group(group_key("g"), wanted_group("g", "Staff", &["anna"]));
    assert_eq!(
        words(&place.sync(&some, &policy())),
        ["SourceIncomplete, user bo (bo@example.com): is not in the source, which was not read to its end, so nothing is concluded"]
    );
    let words = |desired: &Desired, place: &mut Place| words(&place.sync(desired, &policy()));
    let remedy = "remedy: read the source again, or allow the removals of this one run";
    let empty =
        |what: &str| format!("SourceIncomplete: the source has {what}, although some are linked, so nothing is taken away; {remedy}");
    assert_eq!(words(&desired(), &mut place), [empty("no users and no groups")]);
    let mut groups = desired();
    groups.set_group(group_key("g"), Answer::Hold(Vec::new()));
    assert_eq!(words(&groups, &mut place), [empty("no users")]);
    let mut users = desired();
    users.set_user(key("anna"), wanted("anna", "anna"));
    users.set_user(key("bo"), wanted("bo", "bo"));
    assert_eq!(words(&users, &mut place), [empty("no groups")]);
}

#[test]
fn members_that_are_not_known_or_not_taken() {
    // A group that is found, of whose members nobody was asked.
    let mut observed = seen(&[r#"{"id":"1","userName":"anna@example.com","externalId":"anna"}"#]);
    observed.groups_mut().see(Resource::from_json(br#"{"id":"2","displayName":"Staff"}"#).unwrap());
    assert_eq!(
        planned(&staff(&["anna"]), &observed),
        ["MembersUnknown, group g (Staff): its members at the service could not be read, so they are left as they are"]
    );
    // A member who is gone without our knowing: refused alone. That the user is gone is found out, so the next run creates it again.
    let mut place = place();
    let mut without = staff(&["anna", "bo"]);
    without.set_group(group_key("g"), wanted_group("g", "Staff", &["anna"]));
    place.sync(&without, &policy());
    let id = place.state.user(&key("bo")).unwrap().id.clone();
    place.service.remove_user(&id);
    assert_eq!(
        place.sync(&staff(&["anna", "bo"]), &policy()).findings,
        ["MembersRefused, group g (Staff): the service refused these members: bo; remedy: see whether they are still at the service"]
    );
    assert_eq!(place.state.user(&key("bo")), None);
}

#[test]
fn a_group_that_was_not_searched() {
    let mut observed = Observed::default();
    observed.users_mut().see(Resource::from_json(br#"{"id":"1","userName":"anna@example.com","externalId":"anna"}"#).unwrap());
    let mut desired = staff(&["anna"]);
    desired.set_group(group_key("h"), wanted_group("h", "Other", &["anna"]));
    assert_eq!(
        planned(&desired, &observed),
        ["g (Staff)", "h (Other)"]
            .map(|group| format!("NotSearched, group {group}: the service was not searched for it, so it may be there already"))
    );
}

/// Why a run or a look stopped, and why something is withheld.
#[test]
fn why_it_stopped() {
    let cases = [
        (Stopped::Unauthorized, "the service refused the token (401); a new token over the same state goes on from here"),
        (Stopped::Unreachable { reason: "no route".to_owned() }, "the service cannot be reached: no route"),
        (Stopped::Unreadable { reason: "500".to_owned() }, "what is at the service could not be read: 500"),
        (
            Stopped::Quarantined { until: now() + Duration::from_millis(1), failures: 3, reason: "no route".to_owned() },
            "the service failed as a whole 3 times in a row and is left alone for a while: no route",
        ),
    ];
    for (stopped, expected) in cases {
        assert_eq!(stopped.to_string(), expected);
    }
    let cases = [
        (WithheldReason::Guard, "Guard", "the guard lets no more be taken away"),
        (WithheldReason::SourceIncomplete, "SourceIncomplete", "the source was not read to its end"),
        (WithheldReason::SourceEmpty, "SourceEmpty", "the source is empty although records are linked"),
    ];
    for (reason, code, expected) in cases {
        assert_eq!((reason.code(), reason.to_string().as_str()), (code, expected));
    }
}
