//! What became of the operations of a bulk request.

use crate::error::{Error, excerpt, read_json};
use crate::etag::ETag;
use crate::message::bulk::{BulkMethod, found, invalid, take_member, take_operations, write_other};
use crate::message::error::ErrorResponse;
use crate::message::{integer, take, take_schemas};
use crate::resource::Resource;
use crate::value::{Object, Value};

const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

/// What became of the operations of a bulk request (RFC 7644 section 3.7).
///
/// There is one outcome for each operation that was tried; after `failOnErrors` errors the others are missing. Members that no RFC has are kept.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{BulkMethod, BulkOperationResponse, BulkResponse};
///
/// let created = BulkOperationResponse::new(BulkMethod::Post, 201).with_bulk_id("anna").with_location("https://example.com/v2/Users/u-1");
/// let response = BulkResponse::new(vec![created]);
/// assert_eq!(response.find("anna").and_then(|outcome| outcome.location()), Some("https://example.com/v2/Users/u-1"));
/// assert_eq!(BulkResponse::from_json(response.to_json().as_bytes(), 1)?, response);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BulkResponse {
    operations: Vec<BulkOperationResponse>,
    other: Object,
}

impl BulkResponse {
    /// An answer of these outcomes.
    #[must_use]
    pub fn new(operations: Vec<BulkOperationResponse>) -> Self {
        Self { operations, other: Object::new() }
    }

    /// The outcomes, in the order in which they are written.
    #[must_use]
    pub fn operations(&self) -> &[BulkOperationResponse] {
        &self.operations
    }

    /// The outcome of the operation that was named `bulk_id`.
    #[must_use]
    pub fn find(&self, bulk_id: &str) -> Option<&BulkOperationResponse> {
        self.operations.iter().find(|operation| operation.bulk_id() == Some(bulk_id))
    }

    /// The members that no RFC has, as they were read.
    #[must_use]
    pub fn other(&self) -> &Object {
        &self.other
    }

    /// Reads an answer of at most `max_operations` outcomes, which is the number of operations that were sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) if the text is not a JSON object. [`ErrorKind::Type`](crate::ErrorKind::Type) if `schemas` are
    /// those of another message. [`ErrorKind::Operation`](crate::ErrorKind::Operation) if there are too many outcomes, or one lacks its method or
    /// status; [`Error::at`] is then its index.
    pub fn from_json(json: &[u8], max_operations: usize) -> Result<Self, Error> {
        let mut body = Object::from(read_json::<Resource>(json)?);
        take_schemas(&mut body, SCHEMA, "a BulkResponse")?;
        let operations = take_operations(&mut body, max_operations)?;
        let operations = operations.into_iter().enumerate().map(|(index, object)| BulkOperationResponse::read(object, index));
        Ok(Self { operations: operations.collect::<Result<_, _>>()?, other: body })
    }

    /// Writes compact JSON, members that no RFC has at the end.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut body = Object::new();
        body.set("schemas", Value::Array(vec![SCHEMA.into()]));
        body.set("Operations", Value::Array(self.operations.iter().map(BulkOperationResponse::write).collect()));
        write_other(&mut body, &self.other);
        Value::Object(body).to_string()
    }
}

/// What became of one operation of a bulk request (RFC 7644 section 3.7).
///
/// # Examples
///
/// ```
/// use idbridge_scim::{BulkMethod, BulkOperationResponse, ErrorResponse, ScimType};
///
/// let error = ErrorResponse::new(409).with_scim_type(ScimType::UNIQUENESS);
/// let refused = BulkOperationResponse::new(BulkMethod::Post, 409).with_bulk_id("anna").with_error(&error);
/// assert!(!refused.is_success());
/// assert_eq!(refused.error(), Some(error));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct BulkOperationResponse {
    method: BulkMethod,
    bulk_id: Option<String>,
    version: Option<String>,
    location: Option<String>,
    status: u16,
    response: Option<Resource>,
    other: Object,
}

impl BulkOperationResponse {
    /// An operation of `method` that was answered with `status`.
    #[must_use]
    pub fn new(method: BulkMethod, status: u16) -> Self {
        Self { method, bulk_id: None, version: None, location: None, status, response: None, other: Object::new() }
    }

    /// The same outcome, of the operation of this name.
    #[must_use]
    pub fn with_bulk_id(mut self, bulk_id: impl Into<String>) -> Self {
        self.bulk_id = Some(bulk_id.into());
        self
    }

    /// The same outcome, of a resource that now has this version.
    #[must_use]
    pub fn with_version(mut self, version: &ETag) -> Self {
        self.version = Some(version.to_string());
        self
    }

    /// The same outcome, of the resource at this URL. RFC 7644 section 3.7 requires it, but for a POST that failed.
    #[must_use]
    pub fn with_location(mut self, location: impl Into<String>) -> Self {
        self.location = Some(location.into());
        self
    }

    /// The same outcome with the resource as it is now.
    #[must_use]
    pub fn with_resource(mut self, resource: Resource) -> Self {
        self.response = Some(resource);
        self
    }

    /// The same outcome with what went wrong. RFC 7644 section 3.7 requires it where the status is no success.
    #[must_use]
    pub fn with_error(mut self, error: &ErrorResponse) -> Self {
        // What this crate writes, it reads.
        self.response = Resource::from_json(error.to_json().as_bytes()).ok();
        self
    }

    /// What was done.
    #[must_use]
    pub fn method(&self) -> BulkMethod {
        self.method
    }

    /// The name that the client gave the operation.
    #[must_use]
    pub fn bulk_id(&self) -> Option<&str> {
        self.bulk_id.as_deref()
    }

    /// The version that the resource now has, if it is an entity tag.
    #[must_use]
    pub fn version(&self) -> Option<ETag> {
        self.version.as_deref()?.parse().ok()
    }

    /// The URL of the resource.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// The HTTP status that the operation would have been answered with; a string on the wire, and a number is read as well.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Whether the status says success (2xx).
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The resource as it is now, where the operation succeeded and the service provider sends it.
    #[must_use]
    pub fn resource(&self) -> Option<&Resource> {
        self.response.as_ref().filter(|_| self.is_success())
    }

    /// What went wrong, where the operation failed.
    #[must_use]
    pub fn error(&self) -> Option<ErrorResponse> {
        let response = self.response.as_ref().filter(|_| !self.is_success())?;
        ErrorResponse::from_json(response.to_json().as_bytes()).ok()
    }

    /// The members that no RFC has, as they were read.
    #[must_use]
    pub fn other(&self) -> &Object {
        &self.other
    }

    fn read(mut object: Object, index: usize) -> Result<Self, Error> {
        let method = BulkMethod::take(&mut object, index)?;
        let expected = "a status from 100 to 599";
        let status = take(&mut object, "status");
        let number = match &status {
            Some(Value::String(text)) => text.parse().map_err(|_| invalid(index, expected, excerpt(text)))?,
            other => {
                let number = other.as_ref().and_then(integer).ok_or_else(|| invalid(index, expected, found(other.as_ref())))?;
                u16::try_from(number).map_err(|_| invalid(index, expected, number.to_string()))?
            }
        };
        if !(100..600).contains(&number) {
            return Err(invalid(index, expected, number.to_string()));
        }
        let response = match take(&mut object, "response") {
            None => None,
            Some(Value::Object(response)) => Some(Resource::from(response)),
            Some(other) => return Err(invalid(index, "a response that is an object", other.type_name().to_owned())),
        };
        Ok(Self {
            method,
            bulk_id: take_member(&mut object, "bulkId", "a bulkId that is a string", index)?,
            version: take_member(&mut object, "version", "a version that is a string", index)?,
            location: take_member(&mut object, "location", "a location that is a string", index)?,
            status: number,
            response,
            other: object,
        })
    }

    fn write(&self) -> Value {
        let mut object = Object::new();
        let texts = [("location", &self.location), ("bulkId", &self.bulk_id), ("version", &self.version)];
        object.set("method", self.method.as_str());
        for (name, text) in texts {
            if let Some(text) = text {
                object.set(name, text.as_str());
            }
        }
        object.set("status", self.status.to_string());
        if let Some(response) = &self.response {
            object.set("response", Object::from(response.clone()));
        }
        write_other(&mut object, &self.other);
        Value::Object(object)
    }
}
