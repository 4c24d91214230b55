//! SS-15 and SS-16: who gets a response, and who gets none.

#![allow(
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed, which is what it is for"
)]

mod portal;

use std::collections::BTreeSet;

use idbridge_application::{
    Application, Denied, Kind, Launch, Missing, NewApplication, Route, authorise_applications, authorise_groups, route,
};
use idbridge_mapping::directory::{Application as Bindings, Group, Incomplete, Lifecycle, Snapshot, jumpcloud};
use proptest::prelude::*;

use portal::{authentication, configured, created, denied, directory, id, ids, now, person, request, unsolicited};

/// What comes of every door for `user`; all of them must agree.
fn decision(application: &Application, snapshot: &Snapshot, user: &str) -> Result<(), Denied> {
    let by_tile = match application.launch(snapshot, &id(user), None).unwrap() {
        Launch::Denied(denied) => Err(denied),
        Launch::Unsolicited(authorised) => {
            assert_eq!(authorised.user().id, id(user));
            authorised.respond(&authentication(), &ids(), now()).map(|_| ()).unwrap();
            Ok(())
        }
        Launch::Redirect(_) | Launch::Bookmark(_) => Ok(()),
    };
    assert_eq!(by_tile, application.may_launch(snapshot, &id(user)));
    if application.kind() == Kind::Saml {
        let by_request = application.accept(&request(application, None), now()).map(|accepted| {
            let signed_in = accepted.sign_in(snapshot, &id(user));
            signed_in.map(|authorised| authorised.respond(&authentication(), &ids(), now()).map(|_| ()).unwrap())
        });
        match by_request {
            Ok(by_request) => assert_eq!(by_tile, by_request),
            Err(error) => {
                assert!(matches!(error.kind(), idbridge_application::ErrorKind::Denied(denied) if Err(denied.clone()) == by_tile))
            }
        }
    }
    by_tile
}

/// SS-15: nobody is let in who is not authorised, by whichever door.
#[test]
fn ss_15_people_are_denied_unless_they_are_authorised() {
    let snapshot = directory();
    let bookmark = NewApplication::bookmark("Wiki", "https://wiki.example.com").create(|_| false).unwrap();
    let mut with_login_url = configured();
    with_login_url.set_login_url(Some("https://example.awsapps.com/start")).unwrap();
    for application in [configured(), with_login_url, bookmark] {
        assert_eq!(decision(&application, &snapshot, "anna"), Ok(()));
        assert_eq!(decision(&application, &snapshot, "bo"), Ok(()));
        assert_eq!(decision(&application, &snapshot, "cai"), Err(Denied::NotAuthorised));
        assert_eq!(decision(&application, &snapshot, "dora"), Err(Denied::Staged));
        assert_eq!(decision(&application, &snapshot, "eli"), Err(Denied::Suspended));
        assert_eq!(decision(&application, &snapshot, "nobody"), Err(Denied::Unknown));
    }
}

/// SS-15: a bookmark launches where it leads.
#[test]
fn ss_15_a_bookmark_is_denied_like_any_other() {
    let (bookmark, snapshot) = (NewApplication::bookmark("Wiki", "https://wiki.example.com").create(|_| false).unwrap(), directory());
    let launch = bookmark.launch(&snapshot, &id("anna"), None).unwrap();
    assert!(matches!(launch, Launch::Bookmark(url) if url.as_str() == "https://wiki.example.com"));
    // A bookmark names nobody, so that nobody has to have a name.
    let mut nameless = directory();
    let mut user = person("new", Lifecycle::Active);
    user.email = None;
    nameless.application_mut().users.insert(id("new"));
    nameless.insert_user(user);
    assert_eq!(decision(&bookmark, &nameless, "new"), Ok(()));
    assert!(matches!(decision(&configured(), &nameless, "new"), Err(Denied::Held { .. })));
}

/// SS-15: access ends with the snapshot that says so.
#[test]
fn ss_15_access_ends_when_the_directory_says_so() {
    let application = configured();
    let mut snapshot = directory();
    assert_eq!(decision(&application, &snapshot, "bo"), Ok(()));
    snapshot.application_mut().users.clear();
    assert_eq!(decision(&application, &snapshot, "bo"), Err(Denied::NotAuthorised));
    snapshot.application_mut().groups.clear();
    assert_eq!(decision(&application, &snapshot, "anna"), Err(Denied::NotAuthorised));
}

/// SS-15: without metadata or a certificate nobody gets a response.
#[test]
fn ss_15_nobody_signs_in_before_sso_is_configured() {
    let snapshot = directory();
    let mut application = created();
    assert_eq!(decision(&application, &snapshot, "anna"), Err(Denied::NotConfigured { missing: Missing::SpMetadata }));
    application.upload_metadata(&portal::aws_metadata()).unwrap();
    assert_eq!(decision(&application, &snapshot, "anna"), Err(Denied::NotConfigured { missing: Missing::Certificate }));
    application.ensure_certificate(now(), portal::first_key).unwrap();
    assert_eq!(decision(&application, &snapshot, "anna"), Ok(()));
}

/// SS-15: a record that cannot be read proves nothing; it may be of somebody who was suspended.
#[test]
fn ss_15_an_unreadable_record_is_denied() {
    let snapshot = jumpcloud::read(
        br#"{"systemusers": [
            {"_id": "anna", "email": "anna@example.com", "state": "ACTIVATED"},
            {"_id": "bo", "email": "bo@example.com", "state": "PAUSED"},
            {"_id": "cai", "email": 5, "state": "ACTIVATED"},
            {"_id": "dora", "email": "dora@example.com"}, {"_id": "dora", "email": "eve@example.com"}
        ], "usergroups": [{"id": "g", "name": "a:b", "members": ["anna", "bo", "cai", "dora"]}], "application": {"usergroups": ["g"]}}"#,
    )
    .unwrap();
    let application = configured();
    // A group that cannot be synced authorises all the same.
    assert_eq!(decision(&application, &snapshot, "anna"), Ok(()));
    for user in ["bo", "cai", "dora"] {
        let Err(Denied::Held { findings }) = decision(&application, &snapshot, user) else { panic!("{user}") };
        assert_eq!(findings.len(), 1, "{findings:?}");
    }
}

/// SS-15: an incomplete directory lets in who is in it, and nobody else.
#[test]
fn ss_15_an_incomplete_directory_lets_nobody_else_in() {
    let mut snapshot = directory();
    snapshot.mark_partial(Incomplete::Declared);
    assert_eq!(decision(&configured(), &snapshot, "anna"), Ok(()));
    assert_eq!(decision(&configured(), &snapshot, "nobody"), Err(Denied::Unknown));
}

/// SS-15 and E-7: two people of one name would be one to the service, so that neither signs in until one of them is corrected.
#[test]
fn ss_15_nobody_signs_in_as_somebody_else() {
    let application = configured();
    let with = |email: &str, lifecycle, is_bound| {
        let mut snapshot = directory();
        let mut user = person("new", lifecycle);
        user.email = Some(email.to_owned());
        if is_bound {
            snapshot.application_mut().users.insert(id("new"));
        }
        snapshot.insert_user(user);
        snapshot
    };
    for email in ["anna@example.com", "ANNA@example.com", " anna@Example.com "] {
        let snapshot = with(email, Lifecycle::Active, true);
        assert_eq!(decision(&application, &snapshot, "anna"), Err(Denied::NameShared { with: id("new") }), "{email}");
        assert_eq!(decision(&application, &snapshot, "new"), Err(Denied::NameShared { with: id("anna") }));
        assert_eq!(decision(&application, &snapshot, "bo"), Ok(()));
    }
    // Whoever is suspended still has the account; whoever is staged or not entitled never had it.
    let is_shared = |lifecycle, is_bound| {
        let snapshot = with("anna@example.com", lifecycle, is_bound);
        matches!(decision(&application, &snapshot, "anna"), Err(Denied::NameShared { .. }))
    };
    assert!(is_shared(Lifecycle::Suspended, true));
    assert!(!is_shared(Lifecycle::Staged, true));
    assert!(!is_shared(Lifecycle::Active, false));
}

/// SS-16: a group is authorised in the panel of the application or in its own; what comes of it is the same.
#[test]
fn ss_16_both_sides_authorise_alike() {
    let bound = |bindings: Bindings| {
        let mut snapshot = directory();
        *snapshot.application_mut() = bindings;
        for name in ["sales", "ops"] {
            let mut group = Group::new(id(name), name);
            group.members.insert(id(if name == "sales" { "cai" } else { "bo" }));
            snapshot.insert_group(group);
        }
        snapshot
    };
    let (mut from_application, mut from_group, mut other) = (Bindings::default(), Bindings::default(), Bindings::default());
    authorise_groups(&mut from_application, [id("staff"), id("sales")]);
    authorise_applications(&id("staff"), [(&mut from_group, true), (&mut other, true)]);
    authorise_applications(&id("sales"), [(&mut from_group, true), (&mut other, false)]);
    assert_eq!(from_application, from_group);
    assert_eq!(other.groups, BTreeSet::from([id("staff")]));

    let application = configured();
    let decisions = |snapshot: &Snapshot| ["anna", "bo", "cai", "dora", "eli"].map(|user| decision(&application, snapshot, user));
    let (one, two) = (bound(from_application.clone()), bound(from_group.clone()));
    assert_eq!(decisions(&one), decisions(&two));
    assert_eq!(decisions(&one), [Ok(()), Err(Denied::NotAuthorised), Ok(()), Err(Denied::Staged), Err(Denied::Suspended)]);

    // Unticked in the one panel is unticked in the other.
    authorise_groups(&mut from_application, [id("staff")]);
    authorise_applications(&id("sales"), [(&mut from_group, false)]);
    assert_eq!(from_application, from_group);
    assert_eq!(decision(&application, &bound(from_group), "cai"), Err(Denied::NotAuthorised));
}

/// SS-16: who may sign in is who is entitled by E-1, and not suspended; the report says through what.
#[test]
fn ss_16_who_signs_in_is_who_is_entitled() {
    let (application, snapshot) = (configured(), directory());
    let entitled: Vec<_> = snapshot.entitled().into_iter().map(|id| id.as_str()).collect();
    assert_eq!(entitled, ["anna", "bo", "eli"]);
    assert!(matches!(route(&snapshot, &id("anna")), Some(Route::Group(group)) if group.id == id("staff")));
    assert_eq!(route(&snapshot, &id("bo")), Some(Route::Direct));
    assert_eq!(route(&snapshot, &id("cai")), None);
    let shown = |user| unsolicited(&application, &snapshot, user, None).route().to_string();
    assert_eq!([shown("anna"), shown("bo")], ["in Staff", "bound directly"]);
    assert_eq!(denied(&application, &snapshot, "eli"), Denied::Suspended);
}

fn lifecycle() -> impl Strategy<Value = Lifecycle> {
    prop_oneof![3 => Just(Lifecycle::Active), 1 => Just(Lifecycle::Staged), 1 => Just(Lifecycle::Suspended)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// SS-15, as a law: by every door, a response is made for those, and only those, who are entitled, active, named, and alone with their name.
    #[test]
    fn ss_15_a_response_is_for_whoever_is_entitled_and_nobody_else(
        people in proptest::collection::vec((lifecycle(), any::<[bool; 3]>(), proptest::option::of(0_u8..6)), 1..6),
        bound in any::<[bool; 2]>(),
    ) {
        let mut bindings = Bindings::default();
        let mut groups = [Group::new(id("g0"), "G0"), Group::new(id("g1"), "G1")];
        let mut users = Vec::new();
        for (number, (lifecycle, [first, second, direct], email)) in people.iter().enumerate() {
            let mut user = person(&format!("u{number}"), *lifecycle);
            user.email = email.map(|email| format!("e{email}@example.com"));
            for (group, is_member) in groups.iter_mut().zip([first, second]) {
                if *is_member {
                    group.members.insert(user.id.clone());
                }
            }
            if *direct {
                bindings.users.insert(user.id.clone());
            }
            users.push(user);
        }
        bindings.groups = groups.iter().zip(bound).filter(|(_, is_bound)| *is_bound).map(|(group, _)| group.id.clone()).collect();
        let mut snapshot = Snapshot::new(bindings);
        groups.into_iter().for_each(|group| snapshot.insert_group(group));
        users.iter().cloned().for_each(|user| snapshot.insert_user(user));

        let application = configured();
        let entitled = snapshot.entitled();
        for user in &users {
            let is_alone = || users.iter().all(|other| other.id == user.id || other.email != user.email || !entitled.contains(&other.id));
            let expected = entitled.contains(&user.id) && user.lifecycle == Lifecycle::Active && user.email.is_some() && is_alone();
            let decision = decision(&application, &snapshot, user.id.as_str());
            prop_assert_eq!(decision.is_ok(), expected, "{:?}", decision);
        }
    }
}
