//! The core User and its enterprise extension, as RFC 7643 section 8.7.1 has them with the verified errata.
//!
//! Where that section's JSON says other than the text of sections 2 and 4, the JSON stands: `caseExact` is false for references, `password` and the
//! bytes of a certificate, and `addresses` has no `primary`. Filters compare references and bytes with case all the same, as sections 2.3.6 and 2.3.7
//! have it.

use std::borrow::Cow;

use super::define::{Words, boolean, complex, reference, schema, simple, suggested, text};
use super::{AttributeDefinition, AttributeType, Mutability, Returned, Schema};
use crate::uri::SchemaUri;

const EXTERNAL: Words = &[Cow::Borrowed("external")];
const GROUPS: Words = &[Cow::Borrowed("Group")];
const USERS: Words = &[Cow::Borrowed("User")];
const PLACES: Words = &[Cow::Borrowed("work"), Cow::Borrowed("home"), Cow::Borrowed("other")];
const PHONES: Words = &[
    Cow::Borrowed("work"),
    Cow::Borrowed("home"),
    Cow::Borrowed("mobile"),
    Cow::Borrowed("fax"),
    Cow::Borrowed("pager"),
    Cow::Borrowed("other"),
];
const MESSENGERS: Words = &[
    Cow::Borrowed("aim"),
    Cow::Borrowed("gtalk"),
    Cow::Borrowed("icq"),
    Cow::Borrowed("xmpp"),
    Cow::Borrowed("msn"),
    Cow::Borrowed("skype"),
    Cow::Borrowed("qq"),
    Cow::Borrowed("yahoo"),
];
const PICTURES: Words = &[Cow::Borrowed("photo"), Cow::Borrowed("thumbnail")];
const MEMBERSHIPS: Words = &[Cow::Borrowed("direct"), Cow::Borrowed("indirect")];

static NAME: [AttributeDefinition; 6] = [
    text("formatted", "The whole name, ready to show."),
    text("familyName", "The family name."),
    text("givenName", "The given name."),
    text("middleName", "The middle names."),
    text("honorificPrefix", "What stands before the name, such as Dr."),
    text("honorificSuffix", "What stands behind the name, such as III."),
];

/// The sub-attributes that most lists of a User have, with the words that are suggested for `type`.
const fn values(value: AttributeDefinition, types: Words) -> [AttributeDefinition; 4] {
    [
        value,
        // The JSON says readWrite, and its description READ-ONLY; the characteristic is what a program reads.
        text("display", "What to show for the value."),
        suggested("type", "What the value is for.", types),
        boolean("primary", "Whether this is the preferred value; true at most once."),
    ]
}

static EMAILS: [AttributeDefinition; 4] = values(text("value", "The email address."), PLACES);
static PHONE_NUMBERS: [AttributeDefinition; 4] = values(text("value", "The phone number."), PHONES);
static IMS: [AttributeDefinition; 4] = values(text("value", "The address in the messenger."), MESSENGERS);
static PHOTOS: [AttributeDefinition; 4] = values(reference("value", "Where the photo is.", EXTERNAL), PICTURES);
static ENTITLEMENTS: [AttributeDefinition; 4] = values(text("value", "The entitlement."), &[]);
static ROLES: [AttributeDefinition; 4] = values(text("value", "The role."), &[]);
static CERTIFICATES: [AttributeDefinition; 4] = values(simple("value", AttributeType::Binary, "The certificate, as DER in base64."), &[]);

static ADDRESSES: [AttributeDefinition; 7] = [
    text("formatted", "The whole address, ready to print; it may have several lines."),
    text("streetAddress", "Street and house number; it may have several lines."),
    text("locality", "The city."),
    text("region", "The state or region."),
    text("postalCode", "The postal code."),
    text("country", "The country, in two letters."),
    suggested("type", "What the address is for.", PLACES),
];

static MEMBER_OF: [AttributeDefinition; 4] = [
    text("value", "The id of the group.").read_only(),
    // Verified erratum 8471: a User is a member of groups, so `User` is not among the types.
    reference("$ref", "The URI of the group.", GROUPS).read_only(),
    text("display", "The name of the group.").read_only(),
    suggested("type", "Whether the user is a member itself or through another group.", MEMBERSHIPS).read_only(),
];

static ATTRIBUTES: [AttributeDefinition; 21] = [
    text("userName", "The name that the user signs in with.").needed().unique(),
    complex("name", "The parts of the user's name.", &NAME),
    text("displayName", "The name to show."),
    text("nickName", "The name that friends use."),
    reference("profileUrl", "A page about the user.", EXTERNAL),
    text("title", "The job title."),
    text("userType", "How the user belongs to the organization, such as Employee."),
    text("preferredLanguage", "The language to write to the user in."),
    text("locale", "The place whose formats of dates and numbers are used."),
    text("timezone", "The time zone, by its name in the IANA database."),
    boolean("active", "Whether the user may sign in."),
    // RFC 7643 section 4.1.1: a password MUST NOT be returned in any form.
    text("password", "The password, as it is typed.").written(Mutability::WriteOnly).given(Returned::Never),
    complex("emails", "The email addresses.", &EMAILS).many(),
    complex("phoneNumbers", "The phone numbers.", &PHONE_NUMBERS).many(),
    complex("ims", "The addresses in messengers.", &IMS).many(),
    complex("photos", "Photos of the user.", &PHOTOS).many(),
    complex("addresses", "The postal addresses.", &ADDRESSES).many(),
    // RFC 7643 section 4.1.2: changes MUST be made through the Group.
    complex("groups", "The groups that the user is a member of.", &MEMBER_OF).many().read_only(),
    complex("entitlements", "What the user is entitled to.", &ENTITLEMENTS).many(),
    complex("roles", "The user's roles.", &ROLES).many(),
    complex("x509Certificates", "The user's certificates.", &CERTIFICATES).many(),
];

pub(super) static USER: Schema = schema(SchemaUri::USER, "User", "A person who has an account.", &ATTRIBUTES);

static MANAGER: [AttributeDefinition; 3] = [
    // Verified erratum 8472: the value is an id, which is compared with case. The JSON requires neither it nor `$ref`.
    text("value", "The id of the manager.").exact(),
    reference("$ref", "The URI of the manager.", USERS),
    text("displayName", "The name of the manager.").read_only(),
];

static ENTERPRISE_ATTRIBUTES: [AttributeDefinition; 6] = [
    text("employeeNumber", "The number of the employee."),
    text("costCenter", "The cost center."),
    text("organization", "The organization."),
    text("division", "The division."),
    text("department", "The department."),
    complex("manager", "The user's manager.", &MANAGER),
];

pub(super) static ENTERPRISE_USER: Schema =
    schema(SchemaUri::ENTERPRISE_USER, "EnterpriseUser", "A person who works for an organization.", &ENTERPRISE_ATTRIBUTES);
