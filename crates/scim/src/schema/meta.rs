//! The schemas of what a service provider says of itself, as RFC 7643 section 8.7.2 has them with the verified errata.

use std::borrow::Cow;

use super::define::{Words, boolean, complex, reference, schema, simple, suggested, text};
use super::{AttributeDefinition, AttributeType, Schema};
use crate::uri::SchemaUri;

const EXTERNAL: Words = &[Cow::Borrowed("external")];
const URI: Words = &[Cow::Borrowed("uri")];
const SCHEMES: Words = &[
    Cow::Borrowed("oauth"),
    Cow::Borrowed("oauth2"),
    Cow::Borrowed("oauthbearertoken"),
    Cow::Borrowed("httpbasic"),
    Cow::Borrowed("httpdigest"),
];
const PAGINATION_METHODS: Words = &[Cow::Borrowed("cursor"), Cow::Borrowed("index")];
const TYPES: Words = &[
    Cow::Borrowed("string"),
    Cow::Borrowed("complex"),
    Cow::Borrowed("boolean"),
    Cow::Borrowed("decimal"),
    Cow::Borrowed("integer"),
    Cow::Borrowed("dateTime"),
    Cow::Borrowed("reference"),
    // RFC 7643 section 7 with verified erratum 8435: a value may be binary too.
    Cow::Borrowed("binary"),
];
// Verified erratum 8415: a sub-attribute is binary at times, and never complex.
const SIMPLE_TYPES: Words = &[
    Cow::Borrowed("string"),
    Cow::Borrowed("boolean"),
    Cow::Borrowed("decimal"),
    Cow::Borrowed("integer"),
    Cow::Borrowed("dateTime"),
    Cow::Borrowed("reference"),
    Cow::Borrowed("binary"),
];
const MUTABILITIES: Words =
    &[Cow::Borrowed("readOnly"), Cow::Borrowed("readWrite"), Cow::Borrowed("immutable"), Cow::Borrowed("writeOnly")];
const RETURNS: Words = &[Cow::Borrowed("always"), Cow::Borrowed("never"), Cow::Borrowed("default"), Cow::Borrowed("request")];
const UNIQUENESSES: Words = &[Cow::Borrowed("none"), Cow::Borrowed("server"), Cow::Borrowed("global")];

const fn supported() -> AttributeDefinition {
    boolean("supported", "Whether the service provider does it.").needed().read_only()
}

const fn count(name: &'static str, description: &'static str) -> AttributeDefinition {
    simple(name, AttributeType::Integer, description).read_only()
}

static SUPPORT: [AttributeDefinition; 1] = [supported()];

static BULK: [AttributeDefinition; 3] = [
    supported(),
    count("maxOperations", "The most operations of one request.").needed(),
    count("maxPayloadSize", "The most bytes of one request.").needed(),
];

static FILTER: [AttributeDefinition; 2] = [supported(), count("maxResults", "The most resources of one answer.").needed()];

// The JSON lacks `type` and `primary`. RFC 7643 section 5 requires the one, and the example of section 8.5 has both.
static AUTHENTICATION_SCHEMES: [AttributeDefinition; 6] = [
    suggested("type", "The kind of the scheme.", SCHEMES).needed().read_only(),
    text("name", "The name of the scheme.").needed().read_only(),
    text("description", "What the scheme is.").needed().read_only(),
    reference("specUri", "Where the scheme is specified.", EXTERNAL).read_only(),
    reference("documentationUri", "Where the use of the scheme is explained.", EXTERNAL).read_only(),
    boolean("primary", "Whether this is the preferred scheme; true at most once.").read_only(),
];

// RFC 9865 section 2.4 adds these to RFC 7643.
static PAGINATION: [AttributeDefinition; 6] = [
    boolean("cursor", "Whether there are pages by cursor.").needed().read_only(),
    boolean("index", "Whether there are pages by index.").needed().read_only(),
    suggested("defaultPaginationMethod", "How pages are made where none is asked for.", PAGINATION_METHODS).read_only(),
    count("defaultPageSize", "How many resources a page has where no number is asked for."),
    count("maxPageSize", "The most resources of one page."),
    count("cursorTimeout", "The fewest seconds that a cursor lives."),
];

static CONFIG_ATTRIBUTES: [AttributeDefinition; 9] = [
    reference("documentationUri", "Where the service is explained to people.", EXTERNAL).read_only(),
    complex("patch", "Whether resources are changed by PATCH.", &SUPPORT).needed().read_only(),
    complex("bulk", "Whether several operations go into one request.", &BULK).needed().read_only(),
    complex("filter", "Whether lists are filtered.", &FILTER).needed().read_only(),
    complex("changePassword", "Whether passwords are changed.", &SUPPORT).needed().read_only(),
    complex("sort", "Whether lists are sorted.", &SUPPORT).needed().read_only(),
    complex("etag", "Whether resources have versions.", &SUPPORT).needed().read_only(),
    complex("authenticationSchemes", "How clients say who they are.", &AUTHENTICATION_SCHEMES).many().needed().read_only(),
    complex("pagination", "How lists are given page by page.", &PAGINATION).read_only(),
];

pub(super) static SERVICE_PROVIDER_CONFIG: Schema =
    schema(SchemaUri::SERVICE_PROVIDER_CONFIG, "Service Provider Configuration", "What a service provider can do.", &CONFIG_ATTRIBUTES);

static SCHEMA_EXTENSIONS: [AttributeDefinition; 2] = [
    reference("schema", "The URI of the extension.", URI).needed().exact().read_only(),
    boolean("required", "Whether every resource of the type has the extension.").needed().read_only(),
];

static RESOURCE_TYPE_ATTRIBUTES: [AttributeDefinition; 6] = [
    text("id", "The identifier of the type; often its name.").read_only(),
    text("name", "The name of the type.").needed().read_only(),
    text("description", "What resources of the type are.").read_only(),
    reference("endpoint", "Where resources of the type are, behind the base URL.", URI).needed().read_only(),
    reference("schema", "The URI of the type's own schema.", URI).needed().exact().read_only(),
    // Verified erratum 7522: a list. Section 6 calls it OPTIONAL, and the JSON requires it.
    complex("schemaExtensions", "The extensions of the type.", &SCHEMA_EXTENSIONS).many().needed().read_only(),
];

pub(super) static RESOURCE_TYPE: Schema =
    schema(SchemaUri::RESOURCE_TYPE, "ResourceType", "A type of resource.", &RESOURCE_TYPE_ATTRIBUTES);

/// What an attribute is described by, and what follows. A macro, because a constant array cannot be taken apart and made longer.
macro_rules! characteristics {
    ($types:expr $(, $more:expr)?) => {
        [
            text("name", "The name of the attribute.").needed().exact().read_only(),
            suggested("type", "The type of the value.", $types).needed().read_only(),
            boolean("multiValued", "Whether there is a list of values.").needed().read_only(),
            text("description", "What the attribute is for.").exact().read_only(),
            boolean("required", "Whether a resource must have the attribute.").read_only(),
            text("canonicalValues", "The values that are suggested.").many().exact().read_only(),
            boolean("caseExact", "Whether strings compare with case.").read_only(),
            suggested("mutability", "When the attribute may be written.", MUTABILITIES).exact().read_only(),
            suggested("returned", "When the attribute is returned.", RETURNS).exact().read_only(),
            suggested("uniqueness", "Whether the value is unique.", UNIQUENESSES).exact().read_only(),
            // Verified erratum 5607: a list, in attributes and in sub-attributes.
            text("referenceTypes", "The resource types that a reference may name.").many().exact().read_only(),
            $($more,)?
        ]
    };
}

static SUB_ATTRIBUTES: [AttributeDefinition; 11] = characteristics!(SIMPLE_TYPES);

// The one attribute whose sub-attributes are complex: a schema could not describe itself otherwise.
static ATTRIBUTES: [AttributeDefinition; 12] =
    characteristics!(TYPES, complex("subAttributes", "The sub-attributes of a complex attribute.", &SUB_ATTRIBUTES).many().read_only());

static SCHEMA_ATTRIBUTES: [AttributeDefinition; 4] = [
    text("id", "The URI of the schema.").needed().read_only(),
    text("name", "The name of the schema.").needed().read_only(),
    text("description", "What the schema is for.").read_only(),
    complex("attributes", "The attributes of the schema.", &ATTRIBUTES).many().needed().read_only(),
];

pub(super) static SCHEMA: Schema = schema(SchemaUri::SCHEMA, "Schema", "A list of attributes and their kinds.", &SCHEMA_ATTRIBUTES);
