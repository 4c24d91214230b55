//! One operation of a bulk request.

use std::fmt::Write as _;

use crate::error::{Error, ErrorKind, Location, excerpt};
use crate::etag::{ETag, Precondition};
use crate::id::ResourceId;
use crate::message::bulk::{BulkMethod, found, invalid, reference, take_member, write_other};
use crate::message::take;
use crate::mode::Mode;
use crate::patch::PatchOp;
use crate::protocol::{Request, ResourceType};
use crate::resource::Resource;
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

/// One operation of a [`BulkRequest`](crate::BulkRequest): what a request of its own would be (RFC 7644 section 3.7).
///
/// A new resource has a `bulkId`, under which other operations refer to it before it has an `id`: `bulkId:x` in the place of the `id`. Members
/// that no RFC has are kept.
///
/// # Examples
///
/// ```
/// use idbridge_scim::protocol::ResourceType;
/// use idbridge_scim::{BulkOperation, Resource};
///
/// let group = Resource::from_json(br#"{"displayName":"Staff","members":[{"value":"bulkId:anna"}]}"#)?;
/// let operation = BulkOperation::create(ResourceType::Group, "staff", group);
/// assert_eq!((operation.path(), operation.bulk_id()), ("/Groups", Some("staff")));
/// assert_eq!(operation.references(), ["anna"]);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct BulkOperation {
    method: BulkMethod,
    bulk_id: Option<String>,
    version: Option<ETag>,
    path: String,
    data: Option<Resource>,
    other: Object,
    /// Whether there are references in the path or the data, so that those without any are passed over.
    refers: bool,
}

impl BulkOperation {
    fn new(method: BulkMethod, path: String, data: Option<Resource>) -> Self {
        let refers = refers(&path, data.as_ref());
        Self { method, bulk_id: None, version: None, path, data, other: Object::new(), refers }
    }

    /// `POST`: a new resource, which others refer to as `bulk_id`.
    #[must_use]
    pub fn create(resource_type: ResourceType, bulk_id: impl Into<String>, data: Resource) -> Self {
        Self::new(BulkMethod::Post, format!("/{}", resource_type.endpoint()), Some(data)).with_bulk_id(bulk_id)
    }

    /// `PUT`: a resource in the place of what it was.
    #[must_use]
    pub fn replace(resource_type: ResourceType, id: &ResourceId, data: Resource) -> Self {
        Self::new(BulkMethod::Put, path_of(resource_type, id), Some(data))
    }

    /// `PATCH`: changes of a resource.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::protocol::{Request, ResourceType};
    /// use idbridge_scim::{BulkOperation, Mode, PatchOp, PatchOperation, Path, ResourceId};
    ///
    /// let (id, patch) = (ResourceId::new("u-1")?, PatchOp::new(vec![PatchOperation::replace(Path::of("active"), false)]));
    /// let operation = BulkOperation::patch(ResourceType::User, &id, &patch);
    /// assert_eq!(operation.to_request(Mode::Strict)?, Request::patch(ResourceType::User, id, patch));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn patch(resource_type: ResourceType, id: &ResourceId, patch: &PatchOp) -> Self {
        Self::new(BulkMethod::Patch, path_of(resource_type, id), Some(write_patch(patch)))
    }

    /// `DELETE`: one resource less.
    #[must_use]
    pub fn delete(resource_type: ResourceType, id: &ResourceId) -> Self {
        Self::new(BulkMethod::Delete, path_of(resource_type, id), None)
    }

    /// The same operation under this `bulkId`, by which its outcome is found again.
    #[must_use]
    pub fn with_bulk_id(mut self, bulk_id: impl Into<String>) -> Self {
        self.bulk_id = Some(bulk_id.into());
        self
    }

    /// The same operation, only for this version of the resource.
    #[must_use]
    pub fn with_version(mut self, version: ETag) -> Self {
        self.version = Some(version);
        self
    }

    /// What is done.
    #[must_use]
    pub fn method(&self) -> BulkMethod {
        self.method
    }

    /// The name that the client gave the operation, and the resource that it creates.
    #[must_use]
    pub fn bulk_id(&self) -> Option<&str> {
        self.bulk_id.as_deref()
    }

    /// The version that the resource must have.
    #[must_use]
    pub fn version(&self) -> Option<&ETag> {
        self.version.as_ref()
    }

    /// The resource's path, relative to the base URL: `/Users`, or `/Users/{id}` with the `id` percent-encoded.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The body: a resource, or the JSON of a `PatchOp` where the method is `PATCH`.
    #[must_use]
    pub fn data(&self) -> Option<&Resource> {
        self.data.as_ref()
    }

    /// The members that no RFC has, as they were read.
    #[must_use]
    pub fn other(&self) -> &Object {
        &self.other
    }

    /// The `bulkId` of the resource that this operation creates.
    pub(super) fn created(&self) -> Option<&str> {
        self.bulk_id().filter(|_| self.method == BulkMethod::Post)
    }

    /// The bulkIds that it refers to, in its path and anywhere in its data, in the order of their first places.
    ///
    /// A text is a reference if it is `bulkId:` and a bulkId, and nothing else.
    #[must_use]
    pub fn references(&self) -> Vec<&str> {
        let mut references: Vec<&str> = self.path.split('/').filter_map(reference::referred).collect();
        for (_, value) in self.data.iter().flat_map(|data| data.attributes().iter()) {
            reference::collect(value, &mut references);
        }
        let mut seen = std::collections::BTreeSet::new();
        references.retain(|bulk_id| seen.insert(*bulk_id));
        references
    }

    /// Puts identifiers in the place of the references that `id_of` knows, and says how many there were.
    pub(super) fn resolve<'a>(&mut self, id_of: &impl Fn(&str) -> Option<&'a ResourceId>) -> usize {
        if !self.refers {
            return 0;
        }
        let mut count = 0;
        if self.path.split('/').any(|segment| reference::referred(segment).is_some()) {
            let segments = self.path.split('/').map(|segment| match reference::referred(segment).and_then(id_of) {
                Some(id) => {
                    count += 1;
                    encoded(id)
                }
                None => segment.to_owned(),
            });
            self.path = segments.collect::<Vec<_>>().join("/");
        }
        if let Some(data) = &mut self.data {
            count += data.attributes_mut().iter_mut().map(|(_, value)| reference::resolve(value, id_of)).sum::<usize>();
        }
        self.refers = refers(&self.path, self.data.as_ref());
        count
    }

    /// The request that this operation stands for: its `version` becomes an `If-Match`, and `mode` says how the data of a PATCH is read.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Operation`] if the path is not that of a User or a Group, names a resource that is not created yet, or has an `id` where none
    /// belongs; and what reading a [`PatchOp`] says of the data of a `PATCH`.
    pub fn to_request(&self, mode: Mode) -> Result<Request, Error> {
        let whole = |expected, found: &str| Error::new(ErrorKind::Operation { expected, found: excerpt(found) }, Location::Whole);
        let path = self.path.strip_prefix('/').unwrap_or_default();
        let (endpoint, id) = match path.split_once('/') {
            Some((endpoint, id)) => (endpoint, Some(id)),
            None => (path, None),
        };
        let known = [ResourceType::User, ResourceType::Group].into_iter().find(|known| known.endpoint() == endpoint);
        let resource_type = known.ok_or_else(|| whole("a path below /Users or /Groups", &self.path))?;
        let data = || self.data.clone().unwrap_or_default();
        let Some(id) = id else {
            let is_post = self.method == BulkMethod::Post;
            return if is_post { Ok(Request::create(resource_type, data())) } else { Err(whole("a path with an id", &self.path)) };
        };
        if reference::referred(id).is_some() {
            return Err(whole("an id in the place of a bulkId", &self.path));
        }
        let id = decoded(id).and_then(|id| ResourceId::new(id).ok()).ok_or_else(|| whole("a path with an id", &self.path))?;
        let request = match self.method {
            BulkMethod::Post => return Err(whole("a path without an id", &self.path)),
            BulkMethod::Put => Request::replace(resource_type, id, data()),
            BulkMethod::Patch => Request::patch(resource_type, id, PatchOp::from_resource(data(), mode)?),
            BulkMethod::Delete => Request::delete(resource_type, id),
        };
        Ok(match &self.version {
            Some(version) => request.with_precondition(Precondition::if_match(version.clone())),
            None => request,
        })
    }

    /// Reads the operation at `index`.
    pub(super) fn read(mut object: Object, index: usize) -> Result<Self, Error> {
        let method = BulkMethod::take(&mut object, index)?;
        let bulk_id = take_member(&mut object, "bulkId", "a bulkId that is a string", index)?;
        // RFC 7644 section 3.7: bulkId is "REQUIRED when "method" is "POST"".
        if bulk_id.as_deref().map_or(method == BulkMethod::Post, str::is_empty) {
            let found = if bulk_id.is_some() { "an empty one" } else { "none" };
            return Err(invalid(index, "a bulkId", found.to_owned()));
        }
        let version = take_member(&mut object, "version", "a version that is a string", index)?;
        let version =
            version.map(|text| text.parse().map_err(|_| invalid(index, "a version such as W/\"1\"", excerpt(&text)))).transpose()?;
        let path = take_member(&mut object, "path", "a path that is a string", index)?;
        let path = path.ok_or_else(|| invalid(index, "a path", "none".to_owned()))?;
        if !path.starts_with('/') {
            return Err(invalid(index, "a path that begins with a slash", excerpt(&path)));
        }
        let data = match take(&mut object, "data") {
            Some(Value::Object(data)) => Some(Resource::from(data)),
            // The figures of RFC 7644 section 3.7.3 have the operations of a PATCH alone.
            Some(Value::Array(operations)) if method == BulkMethod::Patch => {
                let mut data = Resource::new();
                data.attributes_mut().set("schemas", vec![Value::from(SchemaUri::PATCH_OP.as_str())]);
                data.attributes_mut().set("Operations", operations);
                Some(data)
            }
            // RFC 7644 section 3.7: data is "REQUIRED in a request when "method" is "POST", "PUT", or "PATCH"".
            None if method == BulkMethod::Delete => None,
            other => return Err(invalid(index, "data that is an object", found(other.as_ref()))),
        };
        Ok(Self { bulk_id, version, other: object, ..Self::new(method, path, data) })
    }

    /// Writes the operation.
    pub(super) fn write(&self) -> Value {
        let mut object = Object::new();
        object.set("method", self.method.as_str());
        object.set("path", self.path.as_str());
        if let Some(bulk_id) = &self.bulk_id {
            object.set("bulkId", bulk_id.as_str());
        }
        if let Some(version) = &self.version {
            object.set("version", version.to_string());
        }
        if let Some(data) = &self.data {
            object.set("data", Object::from(data.clone()));
        }
        write_other(&mut object, &self.other);
        Value::Object(object)
    }
}

/// Whether there are references in the path of an operation or in its data.
fn refers(path: &str, data: Option<&Resource>) -> bool {
    let mut values = data.into_iter().flat_map(|data| data.attributes().iter());
    path.split('/').any(|segment| reference::referred(segment).is_some()) || values.any(|(_, value)| reference::is_in(value))
}

/// The data of a PATCH.
fn write_patch(patch: &PatchOp) -> Resource {
    // What this crate writes, it reads.
    Resource::from_json(patch.to_json().as_bytes()).unwrap_or_default()
}

fn path_of(resource_type: ResourceType, id: &ResourceId) -> String {
    format!("/{}/{}", resource_type.endpoint(), encoded(id))
}

/// RFC 3986 section 2.1, leaving only the unreserved characters of section 2.3 as they are.
fn encoded(id: &ResourceId) -> String {
    let mut encoded = String::with_capacity(id.as_str().len());
    for byte in id.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// One segment of a path without its percent-encoding; none if it is more than one, the encoding is broken, or what it says is not UTF-8.
fn decoded(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'/' => return None,
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}
