//! How a request is built.

use crate::attr_path::AttrPath;
use crate::etag::Precondition;
use crate::id::ResourceId;
use crate::message::{BulkRequest, SearchRequest};
use crate::patch::PatchOp;
use crate::protocol::query::{AttributeSelection, ListQuery};
use crate::protocol::{MeAction, Request, ResourceType};
use crate::resource::Resource;
use crate::uri::SchemaUri;

/// How a request is built.
impl Request {
    /// `POST /Users`: a new resource.
    #[must_use]
    pub fn create(resource_type: ResourceType, resource: Resource) -> Self {
        Self::Create { resource_type, resource, selection: AttributeSelection::Default }
    }

    /// `GET /Users/{id}`: one resource.
    #[must_use]
    pub fn read(resource_type: ResourceType, id: ResourceId) -> Self {
        Self::Read { resource_type, id, selection: AttributeSelection::Default, precondition: None }
    }

    /// `GET /Users`: a page of the resources of one type.
    #[must_use]
    pub fn list(resource_type: ResourceType, query: ListQuery) -> Self {
        Self::List { resource_type, query }
    }

    /// `GET /`: a page of the resources of every type.
    #[must_use]
    pub fn list_root(query: ListQuery) -> Self {
        Self::ListRoot { query }
    }

    /// `POST /Users/.search`: a page of the resources of one type, with the query in the body.
    #[must_use]
    pub fn search(resource_type: ResourceType, search: SearchRequest) -> Self {
        Self::Search { resource_type, search: Box::new(search) }
    }

    /// `POST /.search`: a page of the resources of every type, with the query in the body.
    #[must_use]
    pub fn search_root(search: SearchRequest) -> Self {
        Self::SearchRoot { search: Box::new(search) }
    }

    /// `PUT /Users/{id}`: a resource in the place of what it was.
    #[must_use]
    pub fn replace(resource_type: ResourceType, id: ResourceId, resource: Resource) -> Self {
        Self::Replace { resource_type, id, resource, selection: AttributeSelection::Default, precondition: None }
    }

    /// `PATCH /Users/{id}`: changes of one resource.
    #[must_use]
    pub fn patch(resource_type: ResourceType, id: ResourceId, patch: PatchOp) -> Self {
        Self::Patch { resource_type, id, patch, selection: AttributeSelection::Default, precondition: None }
    }

    /// `DELETE /Users/{id}`: one resource less.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::protocol::{Request, ResourceType};
    /// use idbridge_scim::ResourceId;
    ///
    /// let request = Request::delete(ResourceType::User, ResourceId::new("u-1")?);
    /// assert_eq!(request.method(), "DELETE");
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn delete(resource_type: ResourceType, id: ResourceId) -> Self {
        Self::Delete { resource_type, id, precondition: None }
    }

    /// `POST /Bulk`: many operations in one request.
    #[must_use]
    pub fn bulk(bulk: BulkRequest) -> Self {
        Self::Bulk { bulk }
    }

    /// `/Me`: the resource of whoever asks.
    #[must_use]
    pub fn me(action: MeAction) -> Self {
        Self::Me { action, selection: AttributeSelection::Default, precondition: None }
    }

    /// `GET /ResourceTypes/{name}`: one type of resources.
    #[must_use]
    pub fn resource_type_named(name: impl Into<String>) -> Self {
        Self::ResourceType { name: name.into() }
    }

    /// `GET /Schemas/{uri}`: one schema.
    #[must_use]
    pub fn schema(uri: SchemaUri) -> Self {
        Self::Schema { uri }
    }

    /// The same request, only for these versions of the resource (section 3.14).
    ///
    /// A request that is not about one resource that is there, such as a create or a list, stays as it is.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::protocol::{Request, ResourceType};
    /// use idbridge_scim::{ETag, Precondition, ResourceId};
    ///
    /// let known = Precondition::if_none_match(ETag::weak("e180ee84")?);
    /// let request = Request::read(ResourceType::User, ResourceId::new("u-1")?).with_precondition(known.clone());
    /// assert_eq!(request.precondition(), Some(&known));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn with_precondition(mut self, wanted: Precondition) -> Self {
        match &mut self {
            Self::Read { precondition, .. }
            | Self::Replace { precondition, .. }
            | Self::Patch { precondition, .. }
            | Self::Delete { precondition, .. }
            | Self::Me { precondition, .. } => *precondition = Some(wanted),
            _ => {}
        }
        self
    }

    /// The same request, answered with these attributes and those that are always returned (section 3.9).
    ///
    /// A request whose answer is no resource, such as a deletion, stays as it is.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::ResourceId;
    /// use idbridge_scim::protocol::{AttributeSelection, Request, ResourceType};
    ///
    /// let request = Request::read(ResourceType::User, ResourceId::new("u-1")?).with_attributes(["userName".parse()?]);
    /// assert_eq!(request.selection(), &AttributeSelection::only(["userName".parse()?]));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn with_attributes(self, paths: impl IntoIterator<Item = AttrPath>) -> Self {
        self.with_selection(AttributeSelection::only(paths))
    }

    /// The same request, answered without these attributes (section 3.9).
    #[must_use]
    pub fn without_attributes(self, paths: impl IntoIterator<Item = AttrPath>) -> Self {
        self.with_selection(AttributeSelection::except(paths))
    }

    /// The same request, answered with this selection of attributes (section 3.9).
    #[must_use]
    pub fn with_selection(mut self, wanted: AttributeSelection) -> Self {
        match &mut self {
            Self::Create { selection, .. }
            | Self::Read { selection, .. }
            | Self::Replace { selection, .. }
            | Self::Patch { selection, .. }
            | Self::Me { selection, .. } => *selection = wanted,
            Self::List { query, .. } | Self::ListRoot { query } => query.selection = wanted,
            Self::Search { search, .. } | Self::SearchRoot { search } => search.query_mut().selection = wanted,
            _ => {}
        }
        self
    }
}
