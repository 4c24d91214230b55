//! Error messages.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::error::{Error, read_json};
use crate::message::{NullAsEmpty, ScimType, fill, keep, spelled, write_json};
use crate::uri::SchemaUri;
use crate::value::Object;

/// An error message (RFC 7644 section 3.12).
///
/// [`new`](Self::new) builds one as the RFC has it. AWS writes no `scimType`, the schema under `schema` and `schemas`, and two members of its own;
/// [`aws`](Self::aws) builds one so. The status is a string on the wire, and a number is read as well. Members are named
/// without case (RFC 7643 section 2.1); one that is there twice, in whatever spelling, is refused. Members that neither has are kept.
///
/// # Examples
///
/// ```
/// use idbridge_scim::ErrorResponse;
///
/// let error = ErrorResponse::from_json(
///     br#"{"schema":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"Refused to create a new, duplicate resource.","status":"409"}"#,
/// )?;
/// assert_eq!(error.status(), Some(409));
/// assert_eq!(error.detail(), Some("Refused to create a new, duplicate resource."));
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorResponse {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    schema: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    schemas: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scim_type: Option<ScimType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception_request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_stamp: Option<String>,
    #[serde(flatten)]
    other: Object,
}

impl ErrorResponse {
    /// An error of `status`, as the RFC has it.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{ErrorResponse, ScimType};
    ///
    /// let error = ErrorResponse::new(400).with_scim_type(ScimType::MUTABILITY).with_detail("id is given by the service");
    /// assert_eq!(
    ///     error.to_json(),
    ///     r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"scimType":"mutability","detail":"id is given by the service","status":"400"}"#
    /// );
    /// ```
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self { schemas: vec![SchemaUri::ERROR.as_str().to_owned()], status: Some(status.to_string()), ..Self::default() }
    }

    /// The same error with a keyword.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{ErrorResponse, ScimType};
    ///
    /// let error = ErrorResponse::new(400).with_scim_type(ScimType::MUTABILITY);
    /// assert_eq!(error.scim_type(), Some(&ScimType::MUTABILITY));
    /// ```
    #[must_use]
    pub fn with_scim_type(mut self, scim_type: ScimType) -> Self {
        self.scim_type = Some(scim_type);
        self
    }

    /// The same error with words for people.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// An error in AWS's shape; `time_stamp` is `YYYY-MM-DD HH:MM:SS.fff`, without a zone.
    ///
    /// # Examples
    ///
    /// ```
    /// let error = idbridge_scim::ErrorResponse::aws(409, "It is there.", "request-1", "2026-01-02 03:04:05.678");
    /// assert_eq!(error.to_string(), "409: It is there.");
    /// assert_eq!(error.request_id(), Some("request-1"));
    /// ```
    #[must_use]
    pub fn aws(status: u16, detail: impl Into<String>, request_id: impl Into<String>, time_stamp: impl Into<String>) -> Self {
        let error = Self::new(status).with_detail(detail);
        Self { schema: error.schemas.clone(), exception_request_id: Some(request_id.into()), time_stamp: Some(time_stamp.into()), ..error }
    }

    /// Reads an error message.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) if the text is not a JSON object of this shape.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        read_json(json)
    }

    /// Writes compact JSON, members that neither the RFC nor AWS has at the end.
    #[must_use]
    pub fn to_json(&self) -> String {
        write_json(self)
    }

    /// The HTTP status that the message repeats.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status.as_deref()?.parse().ok()
    }

    /// What went wrong, in the service provider's words.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// The keyword of RFC 7644 section 3.12, table 9. AWS sends none.
    #[must_use]
    pub fn scim_type(&self) -> Option<&ScimType> {
        self.scim_type.as_ref()
    }

    /// The identifier under which AWS's support finds the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.exception_request_id.as_deref()
    }

    /// The members that neither the RFC nor AWS has, as they were read.
    #[must_use]
    pub fn other(&self) -> &Object {
        &self.other
    }
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.status, &self.detail) {
            (Some(status), Some(detail)) => write!(f, "{status}: {detail}"),
            (Some(text), None) | (None, Some(text)) => f.write_str(text),
            (None, None) => f.write_str("an error without a status or a detail"),
        }
    }
}

impl<'de> Deserialize<'de> for ErrorResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("ErrorResponse", MEMBERS, ErrorVisitor)
    }
}

/// The members that this crate knows, spelled as they are on the wire.
const MEMBERS: &[&str] = &["schema", "schemas", "scimType", "detail", "status", "exceptionRequestId", "timeStamp"];

struct ErrorVisitor;

impl<'de> Visitor<'de> for ErrorVisitor {
    type Value = ErrorResponse;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an error message")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ErrorResponse, A::Error> {
        let (mut schema, mut schemas, mut scim_type) = (None, None, None);
        let (mut detail, mut status) = (None, None);
        let (mut exception_request_id, mut time_stamp) = (None, None);
        let mut other = Object::new();
        while let Some(name) = map.next_key::<String>()? {
            match spelled(&name, MEMBERS) {
                "schema" => fill(&mut map, &mut schema, "schema")?,
                "schemas" => fill(&mut map, &mut schemas, "schemas")?,
                "scimType" => fill(&mut map, &mut scim_type, "scimType")?,
                "detail" => fill(&mut map, &mut detail, "detail")?,
                "status" => fill::<_, Option<Status>>(&mut map, &mut status, "status")?,
                "exceptionRequestId" => fill(&mut map, &mut exception_request_id, "exceptionRequestId")?,
                "timeStamp" => fill(&mut map, &mut time_stamp, "timeStamp")?,
                name => keep(&mut map, &mut other, name)?,
            }
        }
        let (NullAsEmpty(schema), NullAsEmpty(schemas)) = (schema.unwrap_or_default(), schemas.unwrap_or_default());
        let status = status.flatten().map(|status| match status {
            Status::Text(text) => text,
            Status::Number(number) => number.to_string(),
        });
        Ok(ErrorResponse {
            schema,
            schemas,
            scim_type: scim_type.flatten(),
            detail: detail.flatten(),
            status,
            exception_request_id: exception_request_id.flatten(),
            time_stamp: time_stamp.flatten(),
            other,
        })
    }
}

/// RFC 7644 section 3.12 has the status as a string; some service providers write a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Status {
    Text(String),
    Number(u16),
}
