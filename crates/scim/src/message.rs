//! Messages: lists and errors.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::error::{Error, read_json};
use crate::resource::Resource;

/// Where the next page of a list begins (RFC 9865 section 2): opaque, made by the service provider.
///
/// # Examples
///
/// ```
/// let cursor = idbridge_scim::Cursor::new("VGVzdA==");
/// assert_eq!(cursor.as_str(), "VGVzdA==");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// Takes a cursor as it stands.
    #[must_use]
    pub fn new(cursor: impl Into<String>) -> Self {
        Self(cursor.into())
    }

    /// The cursor as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A page of a list (RFC 7644 section 3.4.2, RFC 9865 section 2), as AWS writes it.
///
/// Asked with a cursor, AWS answers `itemsPerPage` and, while more follows, `nextCursor`; asked without, `totalResults` and `startIndex`, where
/// `totalResults` is the number on this one page and not a grand total. A page may be short although more follow: only a missing
/// [`next_cursor`](Self::next_cursor) ends a walk.
///
/// # Examples
///
/// ```
/// use idbridge_scim::ListResponse;
///
/// let page = ListResponse::from_json(br#"{"itemsPerPage":100,"nextCursor":"VGVzdA","Resources":[]}"#)?;
/// assert_eq!(page.next_cursor().map(|cursor| cursor.as_str()), Some("VGVzdA"));
/// assert_eq!(page.total_results(), None);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    total_results: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items_per_page: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_index: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<Cursor>,
    #[serde(default, deserialize_with = "null_as_empty")]
    schemas: Vec<String>,
    // RFC 7644 section 3.4.2: REQUIRED if totalResults is non-zero; some servers write null for none.
    #[serde(rename = "Resources", default, deserialize_with = "null_as_empty")]
    resources: Vec<Resource>,
}

impl ListResponse {
    /// A page asked for with a cursor.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Cursor, ListResponse};
    ///
    /// let page = ListResponse::cursor_page(vec![], 100, Some(Cursor::new("VGVzdA")));
    /// assert_eq!(page.next_cursor(), Some(&Cursor::new("VGVzdA")));
    /// ```
    #[must_use]
    pub fn cursor_page(resources: Vec<Resource>, items_per_page: u64, next_cursor: Option<Cursor>) -> Self {
        Self {
            items_per_page: Some(items_per_page),
            next_cursor,
            schemas: vec![crate::SchemaUri::LIST_RESPONSE.as_str().to_owned()],
            resources,
            ..Self::default()
        }
    }

    /// A page asked for without a cursor, whose totals are those of the page, as AWS writes them.
    ///
    /// # Examples
    ///
    /// ```
    /// let page = idbridge_scim::ListResponse::single_page(vec![]);
    /// assert_eq!(page.total_results(), Some(0));
    /// ```
    #[must_use]
    pub fn single_page(resources: Vec<Resource>) -> Self {
        let count = u64::try_from(resources.len()).ok();
        Self {
            total_results: count,
            items_per_page: count,
            start_index: Some(1),
            schemas: vec![crate::SchemaUri::LIST_RESPONSE.as_str().to_owned()],
            resources,
            ..Self::default()
        }
    }

    /// Reads a page.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) if the text is not a JSON object of this shape.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        read_json(json)
    }

    /// The number of results, where the service provider says one.
    #[must_use]
    pub fn total_results(&self) -> Option<u64> {
        self.total_results
    }

    /// Where the next page begins; `None` on the last page, and on every page asked for without a cursor.
    #[must_use]
    pub fn next_cursor(&self) -> Option<&Cursor> {
        self.next_cursor.as_ref()
    }

    /// The schemas that the message says it follows.
    #[must_use]
    pub fn schemas(&self) -> &[String] {
        &self.schemas
    }

    /// The resources of this page.
    #[must_use]
    pub fn resources(&self) -> &[Resource] {
        &self.resources
    }

    /// The resources of this page, to keep.
    #[must_use]
    pub fn into_resources(self) -> Vec<Resource> {
        self.resources
    }
}

fn null_as_empty<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// An error message (RFC 7644 section 3.12), as AWS writes it: no `scimType`, the status as a string, the schema under `schema` and `schemas`.
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorResponse {
    #[serde(default, deserialize_with = "null_as_empty", skip_serializing_if = "Vec::is_empty")]
    schema: Vec<String>,
    #[serde(default, deserialize_with = "null_as_empty", skip_serializing_if = "Vec::is_empty")]
    schemas: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scim_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(default, deserialize_with = "text_or_number", skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception_request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_stamp: Option<String>,
}

impl ErrorResponse {
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
        let schema = vec![crate::SchemaUri::ERROR.as_str().to_owned()];
        Self {
            schemas: schema.clone(),
            schema,
            scim_type: None,
            detail: Some(detail.into()),
            status: Some(status.to_string()),
            exception_request_id: Some(request_id.into()),
            time_stamp: Some(time_stamp.into()),
        }
    }

    /// Reads an error message.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) if the text is not a JSON object of this shape.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        read_json(json)
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
    pub fn scim_type(&self) -> Option<&str> {
        self.scim_type.as_deref()
    }

    /// The identifier under which AWS's support finds the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.exception_request_id.as_deref()
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

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Status {
        Text(String),
        Number(u16),
    }
    Ok(Option::deserialize(deserializer)?.map(|status| match status {
        Status::Text(text) => text,
        Status::Number(number) => number.to_string(),
    }))
}
