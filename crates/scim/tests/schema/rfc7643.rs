//! The characteristics that RFC 7643 gives each attribute.
//!
//! One line for each: path, type, `many`, `required`, `exact`, mutability, returned, uniqueness, `[canonical values]`, `->reference types`.

/// RFC 7643 section 8.7.1, with verified erratum 8471 (`groups.$ref` names a Group alone).
pub(crate) const USER: &str = "
userName string required readWrite default server
name complex readWrite default none
name.formatted string readWrite default none
name.familyName string readWrite default none
name.givenName string readWrite default none
name.middleName string readWrite default none
name.honorificPrefix string readWrite default none
name.honorificSuffix string readWrite default none
displayName string readWrite default none
nickName string readWrite default none
profileUrl reference readWrite default none ->external
title string readWrite default none
userType string readWrite default none
preferredLanguage string readWrite default none
locale string readWrite default none
timezone string readWrite default none
active boolean readWrite default none
password string writeOnly never none
emails complex many readWrite default none
emails.value string readWrite default none
emails.display string readWrite default none
emails.type string readWrite default none [work home other]
emails.primary boolean readWrite default none
phoneNumbers complex many readWrite default none
phoneNumbers.value string readWrite default none
phoneNumbers.display string readWrite default none
phoneNumbers.type string readWrite default none [work home mobile fax pager other]
phoneNumbers.primary boolean readWrite default none
ims complex many readWrite default none
ims.value string readWrite default none
ims.display string readWrite default none
ims.type string readWrite default none [aim gtalk icq xmpp msn skype qq yahoo]
ims.primary boolean readWrite default none
photos complex many readWrite default none
photos.value reference readWrite default none ->external
photos.display string readWrite default none
photos.type string readWrite default none [photo thumbnail]
photos.primary boolean readWrite default none
addresses complex many readWrite default none
addresses.formatted string readWrite default none
addresses.streetAddress string readWrite default none
addresses.locality string readWrite default none
addresses.region string readWrite default none
addresses.postalCode string readWrite default none
addresses.country string readWrite default none
addresses.type string readWrite default none [work home other]
groups complex many readOnly default none
groups.value string readOnly default none
groups.$ref reference readOnly default none ->Group
groups.display string readOnly default none
groups.type string readOnly default none [direct indirect]
entitlements complex many readWrite default none
entitlements.value string readWrite default none
entitlements.display string readWrite default none
entitlements.type string readWrite default none
entitlements.primary boolean readWrite default none
roles complex many readWrite default none
roles.value string readWrite default none
roles.display string readWrite default none
roles.type string readWrite default none
roles.primary boolean readWrite default none
x509Certificates complex many readWrite default none
x509Certificates.value binary readWrite default none
x509Certificates.display string readWrite default none
x509Certificates.type string readWrite default none
x509Certificates.primary boolean readWrite default none
";

/// RFC 7643 section 8.7.1, with verified erratum 8472 (`manager.value` compares with case).
pub(crate) const ENTERPRISE_USER: &str = "
employeeNumber string readWrite default none
costCenter string readWrite default none
organization string readWrite default none
division string readWrite default none
department string readWrite default none
manager complex readWrite default none
manager.value string exact readWrite default none
manager.$ref reference readWrite default none ->User
manager.displayName string readOnly default none
";

/// RFC 7643 section 8.7.1, with verified erratum 5368 (`displayName` is required, as section 4.2 says).
pub(crate) const GROUP: &str = "
displayName string required readWrite default none
members complex many readWrite default none
members.value string immutable default none
members.$ref reference immutable default none ->User,Group
members.type string immutable default none [User Group]
";

/// RFC 7643 section 8.7.2, with `type` of section 5, `primary` of section 8.5 and `pagination` of RFC 9865 section 2.4.
pub(crate) const SERVICE_PROVIDER_CONFIG: &str = "
documentationUri reference readOnly default none ->external
patch complex required readOnly default none
patch.supported boolean required readOnly default none
bulk complex required readOnly default none
bulk.supported boolean required readOnly default none
bulk.maxOperations integer required readOnly default none
bulk.maxPayloadSize integer required readOnly default none
filter complex required readOnly default none
filter.supported boolean required readOnly default none
filter.maxResults integer required readOnly default none
changePassword complex required readOnly default none
changePassword.supported boolean required readOnly default none
sort complex required readOnly default none
sort.supported boolean required readOnly default none
etag complex required readOnly default none
etag.supported boolean required readOnly default none
authenticationSchemes complex many required readOnly default none
authenticationSchemes.type string required readOnly default none [oauth oauth2 oauthbearertoken httpbasic httpdigest]
authenticationSchemes.name string required readOnly default none
authenticationSchemes.description string required readOnly default none
authenticationSchemes.specUri reference readOnly default none ->external
authenticationSchemes.documentationUri reference readOnly default none ->external
authenticationSchemes.primary boolean readOnly default none
pagination complex readOnly default none
pagination.cursor boolean required readOnly default none
pagination.index boolean required readOnly default none
pagination.defaultPaginationMethod string readOnly default none [cursor index]
pagination.defaultPageSize integer readOnly default none
pagination.maxPageSize integer readOnly default none
pagination.cursorTimeout integer readOnly default none
";

/// RFC 7643 section 8.7.2, with verified erratum 7522 (`schemaExtensions` is a list).
pub(crate) const RESOURCE_TYPE: &str = "
id string readOnly default none
name string required readOnly default none
description string readOnly default none
endpoint reference required readOnly default none ->uri
schema reference required exact readOnly default none ->uri
schemaExtensions complex many required readOnly default none
schemaExtensions.schema reference required exact readOnly default none ->uri
schemaExtensions.required boolean required readOnly default none
";

/// RFC 7643 section 8.7.2, with verified errata 5607 (`referenceTypes` is a list), 8415 and 8435 (`binary` is a type).
pub(crate) const SCHEMA: &str = "
id string required readOnly default none
name string required readOnly default none
description string readOnly default none
attributes complex many required readOnly default none
attributes.name string required exact readOnly default none
attributes.type string required readOnly default none [string complex boolean decimal integer dateTime reference binary]
attributes.multiValued boolean required readOnly default none
attributes.description string exact readOnly default none
attributes.required boolean readOnly default none
attributes.canonicalValues string many exact readOnly default none
attributes.caseExact boolean readOnly default none
attributes.mutability string exact readOnly default none [readOnly readWrite immutable writeOnly]
attributes.returned string exact readOnly default none [always never default request]
attributes.uniqueness string exact readOnly default none [none server global]
attributes.referenceTypes string many exact readOnly default none
attributes.subAttributes complex many readOnly default none
attributes.subAttributes.name string required exact readOnly default none
attributes.subAttributes.type string required readOnly default none [string boolean decimal integer dateTime reference binary]
attributes.subAttributes.multiValued boolean required readOnly default none
attributes.subAttributes.description string exact readOnly default none
attributes.subAttributes.required boolean readOnly default none
attributes.subAttributes.canonicalValues string many exact readOnly default none
attributes.subAttributes.caseExact boolean readOnly default none
attributes.subAttributes.mutability string exact readOnly default none [readOnly readWrite immutable writeOnly]
attributes.subAttributes.returned string exact readOnly default none [always never default request]
attributes.subAttributes.uniqueness string exact readOnly default none [none server global]
attributes.subAttributes.referenceTypes string many exact readOnly default none
";

/// RFC 7643 section 3.1, and section 3 for `schemas`.
pub(crate) const COMMON: &str = "
id string exact readOnly always server
externalId string exact readWrite default none
meta complex readOnly default none
meta.resourceType string exact readOnly default none
meta.created dateTime readOnly default none
meta.lastModified dateTime readOnly default none
meta.location reference exact readOnly default none ->uri
meta.version string exact readOnly default none
schemas reference many required readWrite always none ->uri
";
