//! What reading and writing SCIM costs, as a ratio to a floor measured in the same run, because machines are noisy.
//!
//! ```text
//! cargo bench -p idbridge-benches --bench scim
//! cargo bench -p idbridge-benches --bench scim -- --quick    to see that it runs
//! ```
//!
//! | measured | floor |
//! | --- | --- |
//! | JSON into a typed `User` | the same text into bare structs by serde |
//! | JSON into a generic `Resource` | the same |
//! | a typed `User` into JSON | the bare struct into JSON by serde |
//! | a generic `Resource` into JSON | the same |
//! | a page of 100 users into a `ListResponse`, typed and generic | the same text into bare structs by serde |
//! | a typed `User` from a `Resource`, and back | a copy of the `Resource` |
//! | a typed `Group` of 1,000 members from JSON, and back | the same by serde |
//!
//! Each thing that the crate does is one function here.

mod measure;

use std::hint::black_box;

use idbridge_scim::{Group, ListResponse, Resource, User};
use measure::{compare, say};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

fn main() {
    reading_and_writing_users();
    reading_a_page();
    reading_and_writing_a_group();
}

/// One full user, in and out, typed and generic.
fn reading_and_writing_users() {
    let text = USER;
    let (Some(bare), Some(user), Some(resource)) = (read::<BareUser>(text), read::<User>(text), read::<Resource>(text)) else {
        return say("the user of the benchmark cannot be read");
    };
    say(&format!("one user, {} bytes", text.len()));
    let floor = || drop(black_box(read::<BareUser>(black_box(text))));
    compare("JSON to User / serde", || drop(black_box(User::from_json(black_box(text.as_bytes())))), floor);
    compare("JSON to Resource / serde", || drop(black_box(Resource::from_json(black_box(text.as_bytes())))), floor);
    let floor = || drop(black_box(serde_json::to_string(black_box(&bare))));
    compare("User to JSON / serde", || drop(black_box(black_box(&user).to_json())), floor);
    compare("Resource to JSON / serde", || drop(black_box(resource.to_json())), floor);
    let floor = || drop(black_box(resource.clone()));
    compare("Resource to User, with its copy / copy", || drop(black_box(User::try_from(resource.clone()))), floor);
    compare("User to Resource, with its copy / copy of the Resource", || drop(black_box(Resource::from(user.clone()))), floor);
}

/// A page of a hundred users, as a list answers it.
fn reading_a_page() {
    let users = vec![USER; 100].join(",");
    let text = format!(
        r#"{{"totalResults":100,"itemsPerPage":100,"startIndex":1,"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[{users}]}}"#
    );
    assert_eq!(ListResponse::from_json(text.as_bytes()).map(|page| page.resources().len()), Ok(100), "the page is read");
    say(&format!("a page of 100 users, {} bytes", text.len()));
    let floor = || drop(black_box(read::<BarePage>(black_box(&text))));
    compare(
        "JSON to ListResponse<User> / serde",
        || drop(black_box(ListResponse::from_json_as::<User>(black_box(text.as_bytes())))),
        floor,
    );
    compare("JSON to ListResponse / serde", || drop(black_box(ListResponse::from_json(black_box(text.as_bytes())))), floor);
}

/// A group of a thousand members, in and out.
fn reading_and_writing_a_group() {
    let member = r#"{"value":"26118915-6090-4610-87e4-49d8ca9f808d","$ref":"../Users/26118915-6090-4610-87e4-49d8ca9f808d","type":"User"}"#;
    let members = vec![member; 1_000].join(",");
    let text = format!(r#"{{"id":"e9e30dba-f08f-4109-8486-d5c6a331660a","displayName":"Crane drivers","members":[{members}]}}"#);
    let (Some(bare), Some(group)) = (read::<BareGroup>(&text), read::<Group>(&text)) else {
        return say("the group of the benchmark cannot be read");
    };
    say(&format!("a group of 1,000 members, {} bytes", text.len()));
    let floor = || drop(black_box(read::<BareGroup>(black_box(&text))));
    compare("JSON to Group / serde", || drop(black_box(Group::from_json(black_box(text.as_bytes())))), floor);
    let floor = || drop(black_box(serde_json::to_string(black_box(&bare))));
    compare("Group to JSON / serde", || drop(black_box(black_box(&group).to_json())), floor);
}

fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(text.as_bytes()).ok()
}

/// A user with what a service provider returns of most people (RFC 7643 section 8.2 and 8.3, in part).
const USER: &str = concat!(
    r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"#,
    r#""id":"9067729b3d-94f1e0b3-c394-48d5-8ab1-2c122a167074","externalId":"5c3912df6b6cfc4920051280","#,
    r#""meta":{"resourceType":"User","created":"2026-01-23T04:56:22Z","lastModified":"2026-05-13T04:42:34Z"},"#,
    r#""userName":"anna.berg@example.com","#,
    r#""name":{"formatted":"Dr. Anna M Berg","familyName":"Berg","givenName":"Anna","middleName":"M","honorificPrefix":"Dr."},"#,
    r#""displayName":"Anna Berg","nickName":"Anni","title":"Engineer","userType":"Employee","preferredLanguage":"de-DE","#,
    r#""locale":"de-DE","timezone":"Europe/Berlin","active":true,"#,
    r#""emails":[{"value":"anna.berg@example.com","type":"work","primary":true},{"value":"anna@example.org","type":"home"}],"#,
    r#""addresses":[{"streetAddress":"1 Harbour Road","locality":"Hamburg","region":"HH","postalCode":"20457","country":"DE","type":"work","primary":true}],"#,
    r#""phoneNumbers":[{"value":"555-0100","type":"work"},{"value":"555-0101","type":"mobile"}],"#,
    r#""groups":[{"value":"e9e30dba-f08f-4109-8486-d5c6a331660a","display":"Crane drivers"}],"roles":[{"value":"engineer"}],"#,
    r#""urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"701984","costCenter":"4130","#,
    r#""organization":"Harbour","division":"Cranes","department":"Steel","#,
    r#""manager":{"value":"26118915-6090-4610-87e4-49d8ca9f808d","displayName":"Carla Smith"}}}"#,
);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "read, and then dropped")]
struct BarePage {
    total_results: u64,
    items_per_page: u64,
    start_index: u64,
    schemas: Vec<String>,
    #[serde(rename = "Resources")]
    resources: Vec<BareUser>,
}

/// Declares what anybody would write who needs these attributes and no others, without case and without loss.
macro_rules! bare {
    ($(#[$of_struct:meta])* $name:ident { $($(#[$of_field:meta])* $field:ident: $type:ty = $empty:literal,)* }) => {
        $(#[$of_struct])*
        #[derive(Deserialize, Serialize)]
        #[serde(rename_all = "camelCase")]
        struct $name {
            $($(#[$of_field])* #[serde(default, skip_serializing_if = $empty)] $field: $type,)*
        }
    };
}

bare! {
    BareUser {
        schemas: Vec<String> = "Vec::is_empty",
        id: Option<String> = "Option::is_none",
        external_id: Option<String> = "Option::is_none",
        meta: Option<BareMeta> = "Option::is_none",
        user_name: Option<String> = "Option::is_none",
        name: Option<BareName> = "Option::is_none",
        display_name: Option<String> = "Option::is_none",
        nick_name: Option<String> = "Option::is_none",
        profile_url: Option<String> = "Option::is_none",
        title: Option<String> = "Option::is_none",
        user_type: Option<String> = "Option::is_none",
        preferred_language: Option<String> = "Option::is_none",
        locale: Option<String> = "Option::is_none",
        timezone: Option<String> = "Option::is_none",
        active: Option<bool> = "Option::is_none",
        password: Option<String> = "Option::is_none",
        emails: Vec<BareValue> = "Vec::is_empty",
        addresses: Vec<BareAddress> = "Vec::is_empty",
        phone_numbers: Vec<BareValue> = "Vec::is_empty",
        ims: Vec<BareValue> = "Vec::is_empty",
        photos: Vec<BareValue> = "Vec::is_empty",
        groups: Vec<BareReference> = "Vec::is_empty",
        entitlements: Vec<BareValue> = "Vec::is_empty",
        roles: Vec<BareValue> = "Vec::is_empty",
        #[serde(rename = "x509Certificates")]
        certificates: Vec<BareValue> = "Vec::is_empty",
        #[serde(rename = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")]
        enterprise: Option<BareEnterprise> = "Option::is_none",
    }
}

bare! {
    BareGroup {
        schemas: Vec<String> = "Vec::is_empty",
        id: Option<String> = "Option::is_none",
        external_id: Option<String> = "Option::is_none",
        meta: Option<BareMeta> = "Option::is_none",
        display_name: Option<String> = "Option::is_none",
        members: Vec<BareReference> = "Vec::is_empty",
    }
}

bare! {
    BareMeta {
        resource_type: Option<String> = "Option::is_none",
        created: Option<String> = "Option::is_none",
        last_modified: Option<String> = "Option::is_none",
        location: Option<String> = "Option::is_none",
        version: Option<String> = "Option::is_none",
    }
}

bare! {
    BareName {
        formatted: Option<String> = "Option::is_none",
        family_name: Option<String> = "Option::is_none",
        given_name: Option<String> = "Option::is_none",
        middle_name: Option<String> = "Option::is_none",
        honorific_prefix: Option<String> = "Option::is_none",
        honorific_suffix: Option<String> = "Option::is_none",
    }
}

bare! {
    BareValue {
        value: Option<String> = "Option::is_none",
        display: Option<String> = "Option::is_none",
        #[serde(rename = "type")]
        kind: Option<String> = "Option::is_none",
        primary: Option<bool> = "Option::is_none",
    }
}

bare! {
    BareReference {
        value: Option<String> = "Option::is_none",
        #[serde(rename = "$ref")]
        reference: Option<String> = "Option::is_none",
        display: Option<String> = "Option::is_none",
        #[serde(rename = "type")]
        kind: Option<String> = "Option::is_none",
    }
}

bare! {
    BareAddress {
        formatted: Option<String> = "Option::is_none",
        street_address: Option<String> = "Option::is_none",
        locality: Option<String> = "Option::is_none",
        region: Option<String> = "Option::is_none",
        postal_code: Option<String> = "Option::is_none",
        country: Option<String> = "Option::is_none",
        #[serde(rename = "type")]
        kind: Option<String> = "Option::is_none",
        primary: Option<bool> = "Option::is_none",
    }
}

bare! {
    BareEnterprise {
        employee_number: Option<String> = "Option::is_none",
        cost_center: Option<String> = "Option::is_none",
        organization: Option<String> = "Option::is_none",
        division: Option<String> = "Option::is_none",
        department: Option<String> = "Option::is_none",
        manager: Option<BareManager> = "Option::is_none",
    }
}

bare! {
    BareManager {
        value: Option<String> = "Option::is_none",
        #[serde(rename = "$ref")]
        reference: Option<String> = "Option::is_none",
        display_name: Option<String> = "Option::is_none",
    }
}
