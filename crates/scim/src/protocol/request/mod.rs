//! What is asked.

mod build;

use crate::etag::Precondition;
use crate::id::ResourceId;
use crate::message::{BulkRequest, SearchRequest};
use crate::patch::PatchOp;
use crate::protocol::ResourceType;
use crate::protocol::query::{AttributeSelection, ListQuery};
use crate::resource::Resource;
use crate::uri::SchemaUri;

/// One request (RFC 7644 sections 3 and 4).
///
/// A request is built by the function of its name, and says less common things with [`with_precondition`](Self::with_precondition),
/// [`with_attributes`](Self::with_attributes) and [`without_attributes`](Self::without_attributes).
///
/// # Examples
///
/// ```
/// use idbridge_scim::protocol::{Request, ResourceType};
/// use idbridge_scim::{ETag, Precondition, ResourceId};
///
/// let request = Request::delete(ResourceType::User, ResourceId::new("u-1")?).with_precondition(Precondition::if_match(ETag::weak("7")?));
/// assert_eq!((request.method(), request.operation(), request.is_write()), ("DELETE", "DeleteUser", true));
/// assert!(matches!(request, Request::Delete { resource_type: ResourceType::User, .. }));
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Request {
    /// `POST /Users` (section 3.3).
    #[non_exhaustive]
    Create {
        /// What is created.
        resource_type: ResourceType,
        /// The new resource, without an `id`.
        resource: Resource,
        /// With which attributes it is answered.
        selection: AttributeSelection,
    },
    /// `GET /Users/{id}` (section 3.4.1).
    #[non_exhaustive]
    Read {
        /// What is read.
        resource_type: ResourceType,
        /// Which one.
        id: ResourceId,
        /// With which attributes.
        selection: AttributeSelection,
        /// Of which versions.
        precondition: Option<Precondition>,
    },
    /// `GET /Users` (section 3.4.2).
    #[non_exhaustive]
    List {
        /// What is listed.
        resource_type: ResourceType,
        /// Which part of the list.
        query: ListQuery,
    },
    /// `GET /`: resources of every type (section 3.4.2.1).
    #[non_exhaustive]
    ListRoot {
        /// Which part of the list.
        query: ListQuery,
    },
    /// `POST /Users/.search` (section 3.4.3).
    #[non_exhaustive]
    Search {
        /// What is listed.
        resource_type: ResourceType,
        /// Which part of the list.
        search: Box<SearchRequest>,
    },
    /// `POST /.search`: resources of every type (section 3.4.3).
    #[non_exhaustive]
    SearchRoot {
        /// Which part of the list.
        search: Box<SearchRequest>,
    },
    /// `PUT /Users/{id}` (section 3.5.1).
    #[non_exhaustive]
    Replace {
        /// What is replaced.
        resource_type: ResourceType,
        /// Which one.
        id: ResourceId,
        /// The whole resource as it shall be.
        resource: Resource,
        /// With which attributes it is answered.
        selection: AttributeSelection,
        /// Of which versions.
        precondition: Option<Precondition>,
    },
    /// `PATCH /Users/{id}` (section 3.5.2).
    #[non_exhaustive]
    Patch {
        /// What is changed.
        resource_type: ResourceType,
        /// Which one.
        id: ResourceId,
        /// The changes.
        patch: PatchOp,
        /// With which attributes it is answered.
        selection: AttributeSelection,
        /// Of which versions.
        precondition: Option<Precondition>,
    },
    /// `DELETE /Users/{id}` (section 3.6).
    #[non_exhaustive]
    Delete {
        /// What is deleted.
        resource_type: ResourceType,
        /// Which one.
        id: ResourceId,
        /// Of which versions.
        precondition: Option<Precondition>,
    },
    /// `POST /Bulk` (section 3.7).
    #[non_exhaustive]
    Bulk {
        /// The operations.
        bulk: BulkRequest,
    },
    /// `/Me`: the resource of whoever asks (section 3.11).
    #[non_exhaustive]
    Me {
        /// What is done to it.
        action: MeAction,
        /// With which attributes it is answered.
        selection: AttributeSelection,
        /// Of which versions.
        precondition: Option<Precondition>,
    },
    /// `GET /ServiceProviderConfig` (section 4).
    ServiceProviderConfig,
    /// `GET /ResourceTypes` (section 4).
    ResourceTypes,
    /// `GET /ResourceTypes/{name}` (section 4).
    #[non_exhaustive]
    ResourceType {
        /// Which one, such as `User`.
        name: String,
    },
    /// `GET /Schemas` (section 4).
    Schemas,
    /// `GET /Schemas/{uri}` (section 4).
    #[non_exhaustive]
    Schema {
        /// Which one.
        uri: SchemaUri,
    },
}

/// What is done to the resource of whoever asks (RFC 7644 section 3.11).
///
/// # Examples
///
/// ```
/// use idbridge_scim::protocol::{MeAction, Request};
///
/// let request = Request::me(MeAction::Delete);
/// assert_eq!((request.method(), request.is_write()), ("DELETE", true));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 7644 section 3.11 has these five and no others")]
pub enum MeAction {
    /// `POST /Me`: self-registration.
    Create(Resource),
    /// `GET /Me`.
    Read,
    /// `PUT /Me`: the whole resource as it shall be.
    Replace(Resource),
    /// `PATCH /Me`.
    Patch(PatchOp),
    /// `DELETE /Me`.
    Delete,
}

/// What a request says.
impl Request {
    /// The type of the resources that it names, where it names one.
    #[must_use]
    pub fn resource_type(&self) -> Option<ResourceType> {
        match self {
            Self::Create { resource_type, .. }
            | Self::Read { resource_type, .. }
            | Self::List { resource_type, .. }
            | Self::Search { resource_type, .. }
            | Self::Replace { resource_type, .. }
            | Self::Patch { resource_type, .. }
            | Self::Delete { resource_type, .. } => Some(*resource_type),
            _ => None,
        }
    }

    /// The `id` of the resource that it is about, where it names one.
    #[must_use]
    pub fn id(&self) -> Option<&ResourceId> {
        match self {
            Self::Read { id, .. } | Self::Replace { id, .. } | Self::Patch { id, .. } | Self::Delete { id, .. } => Some(id),
            _ => None,
        }
    }

    /// Which part of a list is asked for, in the URL or in the body.
    #[must_use]
    pub fn query(&self) -> Option<&ListQuery> {
        match self {
            Self::List { query, .. } | Self::ListRoot { query } => Some(query),
            Self::Search { search, .. } | Self::SearchRoot { search } => Some(search.query()),
            _ => None,
        }
    }

    /// The versions on which it depends.
    #[must_use]
    pub fn precondition(&self) -> Option<&Precondition> {
        match self {
            Self::Read { precondition, .. }
            | Self::Replace { precondition, .. }
            | Self::Patch { precondition, .. }
            | Self::Delete { precondition, .. }
            | Self::Me { precondition, .. } => precondition.as_ref(),
            _ => None,
        }
    }

    /// With which attributes it is answered.
    #[must_use]
    pub fn selection(&self) -> &AttributeSelection {
        match self {
            Self::Create { selection, .. }
            | Self::Read { selection, .. }
            | Self::Replace { selection, .. }
            | Self::Patch { selection, .. }
            | Self::Me { selection, .. } => selection,
            _ => self.query().map_or(&AttributeSelection::Default, |query| &query.selection),
        }
    }

    /// Whether it changes anything at the service provider. A search does not, although it is a POST.
    #[must_use]
    pub fn is_write(&self) -> bool {
        match self {
            Self::Create { .. } | Self::Replace { .. } | Self::Patch { .. } | Self::Delete { .. } | Self::Bulk { .. } => true,
            Self::Me { action, .. } => *action != MeAction::Read,
            Self::Read { .. } | Self::List { .. } | Self::ListRoot { .. } | Self::Search { .. } | Self::SearchRoot { .. } => false,
            Self::ServiceProviderConfig => false,
            Self::ResourceTypes | Self::ResourceType { .. } | Self::Schemas | Self::Schema { .. } => false,
        }
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &'static str {
        match self {
            Self::Create { .. } | Self::Search { .. } | Self::SearchRoot { .. } | Self::Bulk { .. } => "POST",
            Self::Replace { .. } => "PUT",
            Self::Patch { .. } => "PATCH",
            Self::Delete { .. } => "DELETE",
            Self::Me { action, .. } => action.method(),
            Self::Read { .. } | Self::List { .. } | Self::ListRoot { .. } | Self::ServiceProviderConfig => "GET",
            Self::ResourceTypes | Self::ResourceType { .. } | Self::Schemas | Self::Schema { .. } => "GET",
        }
    }

    /// The name of the operation: AWS's, such as `CreateUser`, and one of the same form for what AWS does not have.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        use ResourceType::{Group, User};
        match self {
            Self::Create { resource_type: User, .. } => "CreateUser",
            Self::Create { resource_type: Group, .. } => "CreateGroup",
            Self::Read { resource_type: User, .. } => "GetUser",
            Self::Read { resource_type: Group, .. } => "GetGroup",
            Self::List { resource_type: User, .. } => "ListUsers",
            Self::List { resource_type: Group, .. } => "ListGroups",
            Self::ListRoot { .. } => "ListAll",
            Self::Search { resource_type: User, .. } => "SearchUsers",
            Self::Search { resource_type: Group, .. } => "SearchGroups",
            Self::SearchRoot { .. } => "SearchAll",
            Self::Replace { resource_type: User, .. } => "PutUser",
            Self::Replace { resource_type: Group, .. } => "PutGroup",
            Self::Patch { resource_type: User, .. } => "PatchUser",
            Self::Patch { resource_type: Group, .. } => "PatchGroup",
            Self::Delete { resource_type: User, .. } => "DeleteUser",
            Self::Delete { resource_type: Group, .. } => "DeleteGroup",
            Self::Bulk { .. } => "Bulk",
            Self::Me { action, .. } => action.operation(),
            Self::ServiceProviderConfig => "ServiceProviderConfig",
            Self::ResourceTypes => "ListResourceTypes",
            Self::ResourceType { .. } => "GetResourceType",
            Self::Schemas => "ListSchemas",
            Self::Schema { .. } => "GetSchema",
        }
    }
}

impl MeAction {
    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &'static str {
        match self {
            Self::Create(_) => "POST",
            Self::Read => "GET",
            Self::Replace(_) => "PUT",
            Self::Patch(_) => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    fn operation(&self) -> &'static str {
        match self {
            Self::Create(_) => "CreateMe",
            Self::Read => "GetMe",
            Self::Replace(_) => "PutMe",
            Self::Patch(_) => "PatchMe",
            Self::Delete => "DeleteMe",
        }
    }
}
