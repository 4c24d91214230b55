//! The core Group, as RFC 7643 section 8.7.1 has it with the verified errata.

use std::borrow::Cow;

use super::define::{Words, complex, reference, schema, suggested, text};
use super::{AttributeDefinition, Mutability, Schema};
use crate::uri::SchemaUri;

const MEMBER_TYPES: Words = &[Cow::Borrowed("User"), Cow::Borrowed("Group")];

// The JSON has these three; `display`, which RFC 7643 section 2.4 gives to any list, is not among them (erratum 6011 is not verified).
static MEMBERS: [AttributeDefinition; 3] = [
    text("value", "The id of the member.").written(Mutability::Immutable),
    reference("$ref", "The URI of the member.", MEMBER_TYPES).written(Mutability::Immutable),
    suggested("type", "The type of the member.", MEMBER_TYPES).written(Mutability::Immutable),
];

static ATTRIBUTES: [AttributeDefinition; 2] = [
    // RFC 7643 section 4.2: REQUIRED. Section 8.7.1 had `false`, which verified erratum 5368 puts right.
    text("displayName", "The name of the group.").needed(),
    complex("members", "The members of the group.", &MEMBERS).many(),
];

pub(super) static GROUP: Schema = schema(SchemaUri::GROUP, "Group", "Users, and other groups, under one name.", &ATTRIBUTES);
