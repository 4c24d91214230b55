//! A bulk request.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, excerpt, read_json};
use crate::id::ResourceId;
use crate::message::bulk::order::{self, BulkStep};
use crate::message::bulk::{BulkOperation, invalid, take_operations, write_other};
use crate::message::{mismatch, take_integer, take_schemas};
use crate::resource::Resource;
use crate::value::{Object, Value};

const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// Many operations in one request (RFC 7644 section 3.7).
///
/// The `bulkId` of each operation that has one is its own. Operations may refer to resources that others create, before or behind them:
/// [`order`](Self::order) says in which order they can run, and [`resolve`](Self::resolve) puts in the `id` of what was created. Members that no
/// RFC has are kept.
///
/// # Examples
///
/// ```
/// use idbridge_scim::protocol::ResourceType;
/// use idbridge_scim::{BulkOperation, BulkRequest, BulkStep, Resource, ResourceId};
///
/// let group = Resource::from_json(br#"{"displayName":"Staff","members":[{"value":"bulkId:anna"}]}"#)?;
/// let user = Resource::from_json(br#"{"userName":"anna@example.com"}"#)?;
/// let mut bulk = BulkRequest::new(vec![
///     BulkOperation::create(ResourceType::Group, "staff", group),
///     BulkOperation::create(ResourceType::User, "anna", user),
/// ])?;
/// assert_eq!(bulk.order(), [BulkStep::Run(1), BulkStep::Run(0)]);
/// // The user was created as u-1.
/// assert_eq!(bulk.resolve("anna", &ResourceId::new("u-1")?), 1);
/// assert!(bulk.operations()[0].references().is_empty());
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct BulkRequest {
    fail_on_errors: Option<u32>,
    operations: Vec<BulkOperation>,
    other: Object,
}

impl BulkRequest {
    /// How many operations to take where nothing else is known: 1,000. A service provider says its own number as `bulk.maxOperations`.
    pub const MAX_OPERATIONS: usize = 1_000;

    /// A request of these operations.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Operation`](crate::ErrorKind::Operation) if a `bulkId` is there twice or is empty; [`Error::at`] is the operation's index.
    pub fn new(operations: Vec<BulkOperation>) -> Result<Self, Error> {
        let mut seen = BTreeSet::new();
        for (index, operation) in operations.iter().enumerate() {
            match operation.bulk_id() {
                Some("") => return Err(invalid(index, "a bulkId", "an empty one".to_owned())),
                // RFC 7644 section 3.7: the bulkId is "unique within a bulk request".
                Some(bulk_id) if !seen.insert(bulk_id) => {
                    return Err(invalid(index, "a bulkId of its own", format!("{} again", excerpt(bulk_id))));
                }
                _ => {}
            }
        }
        Ok(Self { fail_on_errors: None, operations, other: Object::new() })
    }

    /// The same request, given up after this number of errors. What was done by then stays done.
    #[must_use]
    pub fn with_fail_on_errors(mut self, errors: u32) -> Self {
        self.fail_on_errors = Some(errors);
        self
    }

    /// After how many errors the service provider gives up; without a number it goes on to the end.
    #[must_use]
    pub fn fail_on_errors(&self) -> Option<u32> {
        self.fail_on_errors
    }

    /// The operations, in the order in which they are written.
    #[must_use]
    pub fn operations(&self) -> &[BulkOperation] {
        &self.operations
    }

    /// The operations, to keep.
    #[must_use]
    pub fn into_operations(self) -> Vec<BulkOperation> {
        self.operations
    }

    /// The members that no RFC has, as they were read.
    #[must_use]
    pub fn other(&self) -> &Object {
        &self.other
    }

    /// The steps in which the operations can run, each operation in one of them.
    ///
    /// Whatever an operation refers to comes before it; operations that have nothing to do with each other stay as they are written, because a
    /// service provider that reorders must do what the client meant (RFC 7644 section 3.7).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{BulkRequest, BulkStep};
    ///
    /// let json = br#"{"Operations":[
    ///     {"method":"POST","path":"/Groups","bulkId":"a","data":{"members":[{"value":"bulkId:b"}]}},
    ///     {"method":"POST","path":"/Groups","bulkId":"b","data":{"members":[{"value":"bulkId:a"}]}}
    /// ]}"#;
    /// let bulk = BulkRequest::from_json(json, BulkRequest::MAX_OPERATIONS)?;
    /// assert_eq!(bulk.order(), [BulkStep::Circular(vec![0, 1])]);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn order(&self) -> Vec<BulkStep> {
        order::steps(&self.operations)
    }

    /// Puts `id` in the place of every reference to `bulk_id`, and says how many there were.
    ///
    /// A service provider does so once the resource is created and has its permanent `id` (RFC 7644 section 3.7.2). Operations without
    /// references are passed over, the others are read once; [`resolve_all`](Self::resolve_all) reads them once for many resources.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{BulkOperation, BulkRequest, Resource, ResourceId};
    /// use idbridge_scim::protocol::ResourceType;
    ///
    /// let group = Resource::from_json(br#"{"members":[{"value":"bulkId:anna"}]}"#)?;
    /// let mut bulk = BulkRequest::new(vec![BulkOperation::create(ResourceType::Group, "crew", group)])?;
    /// assert_eq!(bulk.resolve("anna", &ResourceId::new("u-1")?), 1);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn resolve(&mut self, bulk_id: &str, id: &ResourceId) -> usize {
        self.resolve_by(|referred| (referred == bulk_id).then_some(id))
    }

    /// Puts the `id` of each `bulkId` in `ids` in the place of every reference to it, and says how many there were.
    ///
    /// This is [`resolve`](Self::resolve) for many resources at once, such as all that a step before has created.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::collections::BTreeMap;
    ///
    /// use idbridge_scim::{BulkRequest, ResourceId};
    ///
    /// let json = br#"{"Operations":[
    ///     {"method":"POST","path":"/Groups","bulkId":"g","data":{"members":[{"value":"bulkId:a"},{"value":"bulkId:b"}]}}
    /// ]}"#;
    /// let mut bulk = BulkRequest::from_json(json, BulkRequest::MAX_OPERATIONS)?;
    /// let ids = BTreeMap::from([("a".to_owned(), ResourceId::new("u-1")?), ("b".to_owned(), ResourceId::new("u-2")?)]);
    /// assert_eq!(bulk.resolve_all(&ids), 2);
    /// assert!(bulk.operations()[0].references().is_empty());
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn resolve_all(&mut self, ids: &BTreeMap<String, ResourceId>) -> usize {
        self.resolve_by(|referred| ids.get(referred))
    }

    fn resolve_by<'a>(&mut self, id_of: impl Fn(&str) -> Option<&'a ResourceId>) -> usize {
        self.operations.iter_mut().map(|operation| operation.resolve(&id_of)).sum()
    }

    /// Reads a request of at most `max_operations` operations.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) if the text is not a JSON object. [`ErrorKind::Type`](crate::ErrorKind::Type) if a member has
    /// another type, or `schemas` are those of another message. [`ErrorKind::Operation`](crate::ErrorKind::Operation) if there are too many
    /// operations, one of them lacks what its method needs, or two have the same `bulkId`; [`Error::at`] is then its index.
    pub fn from_json(json: &[u8], max_operations: usize) -> Result<Self, Error> {
        let mut body = Object::from(read_json::<Resource>(json)?);
        take_schemas(&mut body, SCHEMA, "a BulkRequest")?;
        let expected = "a whole number from 0 to 4,294,967,295";
        let errors = take_integer(&mut body, "failOnErrors")?;
        let fail_on_errors =
            errors.map(|errors| u32::try_from(errors).map_err(|_| mismatch(expected, &Value::Number(errors.into()), "failOnErrors")));
        let operations = take_operations(&mut body, max_operations)?;
        let operations = operations.into_iter().enumerate().map(|(index, object)| BulkOperation::read(object, index));
        let request = Self::new(operations.collect::<Result<_, _>>()?)?;
        Ok(Self { fail_on_errors: fail_on_errors.transpose()?, other: body, ..request })
    }

    /// Writes compact JSON, members that no RFC has at the end.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut body = Object::new();
        body.set("schemas", Value::Array(vec![SCHEMA.into()]));
        if let Some(errors) = self.fail_on_errors {
            body.set("failOnErrors", Value::Number(i64::from(errors).into()));
        }
        body.set("Operations", Value::Array(self.operations.iter().map(BulkOperation::write).collect()));
        write_other(&mut body, &self.other);
        Value::Object(body).to_string()
    }
}
