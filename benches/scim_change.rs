//! What filters and patches cost, as a ratio to a floor measured in the same run, because machines are noisy.
//!
//! ```text
//! cargo bench -p idbridge-benches --bench scim_change
//! cargo bench -p idbridge-benches --bench scim_change -- --quick    to see that it runs
//! ```
//!
//! | measured | floor |
//! | --- | --- |
//! | a filter read | a recursive descent written for this filter's grammar, which borrows its text |
//! | a filter over a typed `User` | a closure that asks the same |
//! | a filter over a generic `Resource` | the same closure over a typed `User` |
//! | a `PatchOp` read, with its paths | the same text into borrowed bare structs by serde |
//! | a `PatchOp` applied to a user | the same assignments to a typed `User` |
//! | 100 members added and one removed, of 1,000 | the same with a hash set; both change a copy |

mod measure;

use std::borrow::Cow;
use std::collections::HashSet;
use std::hint::black_box;

use idbridge_scim::{Email, Filter, Mode, Name, PatchOp, Resource, Schemas, User, Value};
use measure::{compare, say};
use serde::Deserialize;

fn main() {
    reading_a_filter();
    evaluating_a_filter();
    reading_a_patch();
    patching_a_user();
    patching_a_group();
}

const FILTER: &str = r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#;

fn reading_a_filter() {
    let floor = Descent { rest: FILTER }.any().map(|term| term.count());
    assert_eq!(floor, Some(3), "the floor reads the filter");
    compare(
        "filter read / recursive descent",
        || drop(black_box(black_box(FILTER).parse::<Filter>())),
        || drop(black_box(Descent { rest: black_box(FILTER) }.any())),
    );
}

fn evaluating_a_filter() {
    let user = user();
    let resource = Resource::from(user.clone());
    let schemas = Schemas::user();
    let text = r#"userName eq "Anna.Berg@example.com" and active eq true and emails[type eq "work" and value co "@example.com"]"#;
    let Ok(filter) = text.parse::<Filter>() else { return say("the filter of the benchmark cannot be read") };
    let Ok(matcher) = filter.matcher(&schemas, Mode::Strict) else { return say("the filter of the benchmark is refused") };
    let contains = |text: &str, part: &str| text.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()));
    let closure = |user: &User| {
        user.user_name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("Anna.Berg@example.com"))
            && user.active == Some(true)
            && user.emails.iter().any(|email| {
                email.kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("work"))
                    && email.value.as_deref().is_some_and(|value| contains(value, "@example.com"))
            })
    };
    assert!(matcher.matches(&user) && matcher.matches(&resource) && closure(&user), "all three agree");
    let floor = || _ = black_box(closure(black_box(&user)));
    compare("filter over a User / closure", || _ = black_box(matcher.matches(black_box(&user))), floor);
    compare("filter over a Resource / closure", || _ = black_box(matcher.matches(black_box(&resource))), floor);
}

fn reading_a_patch() {
    let text = patch_text("Anna", "Berg");
    assert!(PatchOp::from_json(text.as_bytes(), Mode::Strict).is_ok() && bare(&text).is_some(), "both read the patch");
    say(&format!("a patch of 7 operations, {} bytes", text.len()));
    compare(
        "PatchOp read / borrowed serde",
        || drop(black_box(PatchOp::from_json(black_box(text.as_bytes()), Mode::Strict))),
        || drop(black_box(bare(black_box(&text)))),
    );
}

fn patching_a_user() {
    let schemas = Schemas::user();
    let mut resource = Resource::from(user());
    let patches = ["Anna", "Berta"].map(|name| PatchOp::from_json(patch_text(name, name).as_bytes(), Mode::Strict));
    let [Ok(one), Ok(other)] = &patches else { return say("the patch of the benchmark cannot be read") };
    assert_eq!(one.apply(&mut resource, &schemas, Mode::Strict), Ok(true), "the patch changes the user");
    let mut typed = user();
    let mut apply = |patch: &PatchOp| drop(black_box(patch.apply(black_box(&mut resource), &schemas, Mode::Strict)));
    compare(
        "patch of 7 operations applied / assignments",
        || {
            apply(other);
            apply(one);
        },
        || {
            assign(black_box(&mut typed), "Berta");
            assign(black_box(&mut typed), "Anna");
        },
    );
}

fn patching_a_group() {
    let member = |number: usize| format!(r#"{{"value":"26118915-6090-4610-87e4-{number:012}","type":"User"}}"#);
    let list = |numbers: std::ops::Range<usize>| numbers.map(member).collect::<Vec<_>>().join(",");
    let group = format!(r#"{{"displayName":"Crane drivers","members":[{}]}}"#, list(0..1_000));
    let gone = "26118915-6090-4610-87e4-000000000500";
    let text = format!(
        r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{{"op":"remove","path":"members[value eq \"{gone}\"]"}},
            {{"op":"add","path":"members","value":[{}]}}]}}"#,
        list(950..1_050)
    );
    let (Ok(group), Ok(patch)) = (Resource::from_json(group.as_bytes()), PatchOp::from_json(text.as_bytes(), Mode::Strict)) else {
        return say("the group of the benchmark cannot be read");
    };
    let added = patch.operations().last().and_then(|operation| operation.value()).and_then(Value::as_array).unwrap_or_default().to_vec();
    let schemas = Schemas::group();
    let count = |group: &Resource| group.get("members").and_then(Value::as_array).map(<[Value]>::len);
    let patched = || {
        let mut group = group.clone();
        let _ = patch.apply(&mut group, &schemas, Mode::Strict);
        group
    };
    let hashed = || by_hash_set(group.clone(), gone, &added);
    assert_eq!((count(&patched()), count(&hashed())), (Some(1_049), Some(1_049)), "both come to the same group");
    compare("100 members in, 1 out, of 1,000 / hash set", || drop(black_box(patched())), || drop(black_box(hashed())));
}

/// What a program does that knows nothing but this one thing: a member that goes, members who come, and each of them once.
fn by_hash_set(mut group: Resource, gone: &str, added: &[Value]) -> Resource {
    if let Some(Value::Array(members)) = group.attributes_mut().get_mut("members") {
        let id = |member: &Value| member.as_object().and_then(|object| object.get("value")).and_then(Value::as_str).map(str::to_owned);
        members.retain(|member| id(member).as_deref() != Some(gone));
        let mut there: HashSet<String> = members.iter().filter_map(id).collect();
        for member in added {
            if id(member).is_some_and(|id| there.insert(id)) {
                members.push(member.clone());
            }
        }
    }
    group
}

fn user() -> User {
    let mut user = User::new("anna.berg@example.com");
    user.name = Some(Name::new("Anna", "Berg"));
    user.display_name = Some("Anna Berg".to_owned());
    user.title = Some("Engineer".to_owned());
    user.locale = Some("de-DE".to_owned());
    user.emails = vec![Email::work("anna.berg@example.com")];
    user.active = Some(true);
    user.enterprise.get_or_insert_default().department = Some("Cranes".to_owned());
    user
}

fn patch_text(given_name: &str, word: &str) -> String {
    format!(
        r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
            {{"op":"replace","path":"name.givenName","value":"{given_name}"}},
            {{"op":"replace","path":"displayName","value":"{word} Berg"}},
            {{"op":"replace","path":"title","value":"{word}"}},
            {{"op":"replace","path":"locale","value":"de-{word}"}},
            {{"op":"replace","path":"nickName","value":"{given_name}"}},
            {{"op":"replace","path":"emails[type eq \"work\"].value","value":"{word}@example.com"}},
            {{"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"{word}"}}]}}"#
    )
}

/// The same patch as [`patch_text`], written by hand for a typed user.
fn assign(user: &mut User, word: &str) {
    user.name.get_or_insert_default().given_name = Some(word.to_owned());
    user.display_name = Some(format!("{word} Berg"));
    user.title = Some(word.to_owned());
    user.locale = Some(format!("de-{word}"));
    user.nick_name = Some(word.to_owned());
    for email in user.emails.iter_mut().filter(|email| email.kind.as_deref() == Some("work")) {
        email.value = Some(format!("{word}@example.com"));
    }
    user.enterprise.get_or_insert_default().department = Some(word.to_owned());
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read, and then dropped")]
struct BarePatch<'a> {
    #[serde(borrow)]
    schemas: Vec<&'a str>,
    #[serde(borrow, rename = "Operations")]
    operations: Vec<BareOperation<'a>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read, and then dropped")]
struct BareOperation<'a> {
    op: &'a str,
    // A path has quotation marks, which are escaped.
    #[serde(borrow)]
    path: Cow<'a, str>,
    value: &'a str,
}

fn bare(text: &str) -> Option<BarePatch<'_>> {
    serde_json::from_str(text).ok()
}

/// A filter as the floor reads it.
#[expect(dead_code, reason = "read, and then dropped")]
enum Term<'a> {
    Compare(&'a str, &'a str, &'a str),
    And(Vec<Self>),
    Or(Vec<Self>),
}

impl Term<'_> {
    fn count(&self) -> usize {
        match self {
            Self::Compare(..) => 1,
            Self::And(terms) | Self::Or(terms) => terms.iter().map(Term::count).sum(),
        }
    }
}

/// Comparisons with strings that have no escapes, `and`, `or` and parentheses: no more than [`FILTER`] needs.
struct Descent<'a> {
    rest: &'a str,
}

impl<'a> Descent<'a> {
    fn any(&mut self) -> Option<Term<'a>> {
        let first = self.all()?;
        let mut terms = vec![first];
        while let Some(rest) = self.rest.strip_prefix(" or ") {
            self.rest = rest;
            terms.push(self.all()?);
        }
        if terms.len() == 1 { terms.pop() } else { Some(Term::Or(terms)) }
    }

    fn all(&mut self) -> Option<Term<'a>> {
        let first = self.one()?;
        let mut terms = vec![first];
        while let Some(rest) = self.rest.strip_prefix(" and ") {
            self.rest = rest;
            terms.push(self.one()?);
        }
        if terms.len() == 1 { terms.pop() } else { Some(Term::And(terms)) }
    }

    fn one(&mut self) -> Option<Term<'a>> {
        if let Some(rest) = self.rest.strip_prefix('(') {
            self.rest = rest;
            let inner = self.any()?;
            self.rest = self.rest.strip_prefix(')')?;
            return Some(inner);
        }
        let (path, rest) = self.rest.split_once(' ')?;
        let (operator, rest) = rest.split_once(' ')?;
        let (value, rest) = rest.strip_prefix('"')?.split_once('"')?;
        self.rest = rest;
        Some(Term::Compare(path, operator, value))
    }
}
