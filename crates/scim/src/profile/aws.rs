//! AWS IAM Identity Center.

use std::borrow::Cow;

use crate::profile::{AttributeRule, PatchDialect, Profile, Rates, UpdateMethod, ValueClass};

/// The length that AWS's Identity Store gives most texts.
const LONG: usize = 1024;

const USER: &[AttributeRule] = &[
    AttributeRule::text("externalId", 256).without_space(),
    AttributeRule::text("userName", 128).required().without_space(),
    AttributeRule::text("name.givenName", LONG).required(),
    AttributeRule::text("name.familyName", LONG).required(),
    AttributeRule::text("name.formatted", LONG),
    AttributeRule::text("name.middleName", LONG),
    AttributeRule::text("name.honorificPrefix", LONG),
    AttributeRule::text("name.honorificSuffix", LONG),
    AttributeRule::text("displayName", LONG).required(),
    AttributeRule::text("nickName", LONG),
    AttributeRule::text("profileUrl", LONG).reference(),
    AttributeRule::text("title", LONG),
    AttributeRule::text("userType", LONG),
    AttributeRule::text("preferredLanguage", LONG),
    AttributeRule::text("locale", LONG),
    AttributeRule::text("timezone", LONG),
    AttributeRule::of("active", ValueClass::Boolean),
    AttributeRule::of("emails", ValueClass::SinglePrimaryValue),
    AttributeRule::text("emails.value", LONG),
    AttributeRule::text("emails.type", LONG),
    AttributeRule::of("emails.primary", ValueClass::Boolean),
    AttributeRule::of("addresses", ValueClass::SingleValue),
    AttributeRule::text("addresses.formatted", LONG),
    AttributeRule::text("addresses.streetAddress", LONG),
    AttributeRule::text("addresses.locality", LONG),
    AttributeRule::text("addresses.region", LONG),
    AttributeRule::text("addresses.postalCode", LONG),
    AttributeRule::text("addresses.country", LONG),
    AttributeRule::text("addresses.type", LONG),
    AttributeRule::of("addresses.primary", ValueClass::Boolean),
    AttributeRule::of("phoneNumbers", ValueClass::SingleValue),
    AttributeRule::text("phoneNumbers.value", LONG),
    AttributeRule::text("phoneNumbers.type", LONG),
    AttributeRule::of("phoneNumbers.primary", ValueClass::Boolean),
    AttributeRule::of("roles", ValueClass::SingleValue),
    AttributeRule::text("roles.value", LONG),
    AttributeRule::text("roles.type", LONG),
    AttributeRule::of("roles.primary", ValueClass::Boolean),
    AttributeRule::text("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber", LONG),
    AttributeRule::text("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter", LONG),
    AttributeRule::text("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization", LONG),
    AttributeRule::text("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division", LONG),
    AttributeRule::text("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", LONG),
    AttributeRule::text("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value", LONG),
    AttributeRule::text("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.$ref", LONG).reference(),
];

const GROUP: &[AttributeRule] = &[
    AttributeRule::text("externalId", 256).without_space(),
    AttributeRule::text("displayName", LONG).required(),
    AttributeRule::of("members", ValueClass::Values),
    AttributeRule::text("members.value", LONG),
    AttributeRule::text("members.type", LONG),
    AttributeRule::text("members.$ref", LONG).reference(),
];

impl Profile {
    /// AWS IAM Identity Center, as its SCIM developer guide, its user guide and its Identity Store model describe it in 2026.
    ///
    /// | what | value | source |
    /// | --- | --- | --- |
    /// | required of a user | `userName`, `name.givenName`, `name.familyName`, `displayName` | developer guide, `CreateUser` |
    /// | one value at most | `emails` (primary), `addresses`, `phoneNumbers`, `roles` | developer guide, limitations |
    /// | lengths | 1,024 characters; `userName` 128; `externalId` 256 | Identity Store model |
    /// | character class | see [`CharacterClass`](crate::CharacterClass) | Identity Store model, messages of the service |
    /// | refused besides | `< > ; : %`, tab, line feed, carriage return | reported by its users and other vendors; not in AWS's present text |
    /// | but not in URIs | `profileUrl`, `manager.$ref`, `members.$ref` | developer guide, example of `CreateUser` |
    /// | reserved names | `Administrator`, `AWSAdministrators` | Identity Store model |
    /// | members a request | 100 | developer guide, `CreateGroup` and `PatchGroup` |
    /// | PATCH of members | `add` and `remove` with a list of values; no `replace`, no removal of all | developer guide, `PatchGroup` |
    /// | not removable | `userName`, `active` | developer guide, `PatchUser` |
    /// | uncursored page | 100; some regions' documents say 50 | developer guide, `ListUsers` |
    /// | rates | 25 writes and 40 reads a second | user guide, quotas |
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Profile;
    ///
    /// let aws = Profile::aws_iam_identity_center();
    /// assert_eq!((aws.members_per_request, aws.rates.writes), (100, 25.0));
    /// ```
    #[must_use]
    pub fn aws_iam_identity_center() -> Self {
        Self {
            name: Cow::Borrowed("AWS IAM Identity Center"),
            user: Cow::Borrowed(USER),
            group: Cow::Borrowed(GROUP),
            refused_characters: Cow::Borrowed(&['<', '>', ';', ':', '%', '\t', '\n', '\r']),
            reserved_names: Cow::Borrowed(&[Cow::Borrowed("Administrator"), Cow::Borrowed("AWSAdministrators")]),
            members_per_request: 100,
            page_caps: Cow::Borrowed(&[50, 100]),
            user_update: UpdateMethod::Patch,
            patch: PatchDialect {
                removes_by_value_list: true,
                replaces_members: false,
                removes_extensions: false,
                not_removable: Cow::Borrowed(&[Cow::Borrowed("userName"), Cow::Borrowed("active")]),
            },
            rates: Rates { writes: 25.0, reads: 40.0 },
        }
    }
}
