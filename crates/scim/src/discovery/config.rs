//! What a service provider can do.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{take, take_schemas, write_schemas};
use crate::complex::{Slot, complex_value};
use crate::error::{Error, read_json};
use crate::resource::Resource;
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

complex_value! {
    /// Whether a service provider does something (RFC 7643 section 5).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Support;
    ///
    /// assert_eq!(Support::new(true).supported, Some(true));
    /// assert_eq!(Support::default().supported, None);
    /// ```
    Support {
        /// Whether it does; REQUIRED by the RFC.
        supported: Option<bool> = "supported",
    }
}

complex_value! {
    /// Whether a service provider takes several operations in one request (RFC 7643 section 5, `bulk`).
    ///
    /// AWS says `supported: false`, with numbers that mean nothing then: 1 operation, or 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::BulkSupport;
    ///
    /// assert_eq!(BulkSupport::new(1_000, 1_048_576).max_operations, Some(1_000));
    /// ```
    BulkSupport {
        /// Whether it does; REQUIRED by the RFC.
        supported: Option<bool> = "supported",
        /// The most operations of one request, at most 2^63 - 1; REQUIRED by the RFC.
        max_operations: Option<u64> = "maxOperations",
        /// The most bytes of one request, at most 2^63 - 1; REQUIRED by the RFC.
        max_payload_size: Option<u64> = "maxPayloadSize",
    }
}

complex_value! {
    /// Whether a service provider filters lists (RFC 7643 section 5, `filter`).
    ///
    /// AWS says that an answer has at most 50 resources, and gives 100.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::FilterSupport;
    ///
    /// assert_eq!(FilterSupport::new(100).max_results, Some(100));
    /// ```
    FilterSupport {
        /// Whether it does; REQUIRED by the RFC.
        supported: Option<bool> = "supported",
        /// The most resources of one answer, at most 2^63 - 1; REQUIRED by the RFC.
        max_results: Option<u64> = "maxResults",
    }
}

complex_value! {
    /// How a service provider gives lists page by page (RFC 9865 section 2.4, `pagination`).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Pagination;
    ///
    /// let mut pagination = Pagination::new(true, false);
    /// pagination.max_page_size = Some(100);
    /// assert_eq!((pagination.cursor, pagination.index), (Some(true), Some(false)));
    /// ```
    Pagination {
        /// Whether there are pages by cursor; REQUIRED by the RFC.
        cursor: Option<bool> = "cursor",
        /// Whether there are pages by index; REQUIRED by the RFC.
        index: Option<bool> = "index",
        /// How pages are made where none is asked for: `cursor` or `index`.
        default_pagination_method: Option<String> = "defaultPaginationMethod",
        /// How many resources a page has where no number is asked for, at most 2^63 - 1.
        default_page_size: Option<u64> = "defaultPageSize",
        /// The most resources of one page, at most 2^63 - 1.
        max_page_size: Option<u64> = "maxPageSize",
        /// The fewest seconds that a cursor lives, at most 2^63 - 1.
        cursor_timeout: Option<u64> = "cursorTimeout",
    }
}

complex_value! {
    /// One way for clients to say who they are (RFC 7643 section 5, `authenticationSchemes`).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::AuthenticationScheme;
    ///
    /// let scheme = AuthenticationScheme::new("httpbasic", "HTTP Basic", "A name and a password.");
    /// assert_eq!(scheme.kind.as_deref(), Some("httpbasic"));
    /// ```
    AuthenticationScheme {
        /// The kind, `type` on the wire, such as `oauthbearertoken`; REQUIRED by the RFC.
        kind: Option<String> = "type",
        /// The name to show; REQUIRED by the RFC.
        name: Option<String> = "name",
        /// What it is; REQUIRED by the RFC.
        description: Option<String> = "description",
        /// Where it is specified.
        spec_uri: Option<String> = "specUri",
        /// Where its use is explained.
        documentation_uri: Option<String> = "documentationUri",
        /// Whether it is the preferred one.
        primary: Option<bool> = "primary",
    }
}

impl Support {
    /// Supported, or not.
    #[must_use]
    pub fn new(supported: bool) -> Self {
        Self { supported: Some(supported), ..Self::default() }
    }
}

impl BulkSupport {
    /// Supported, up to these numbers of operations and bytes.
    #[must_use]
    pub fn new(max_operations: u64, max_payload_size: u64) -> Self {
        Self { supported: Some(true), max_operations: Some(max_operations), max_payload_size: Some(max_payload_size), ..Self::default() }
    }

    /// Not supported.
    #[must_use]
    pub fn none() -> Self {
        Self { supported: Some(false), ..Self::new(0, 0) }
    }
}

impl FilterSupport {
    /// Supported, with answers of up to this number of resources.
    #[must_use]
    pub fn new(max_results: u64) -> Self {
        Self { supported: Some(true), max_results: Some(max_results), ..Self::default() }
    }

    /// Not supported.
    #[must_use]
    pub fn none() -> Self {
        Self { supported: Some(false), ..Self::new(0) }
    }
}

impl Pagination {
    /// Pages by cursor, by index, by both or by neither.
    #[must_use]
    pub fn new(cursor: bool, index: bool) -> Self {
        Self { cursor: Some(cursor), index: Some(index), ..Self::default() }
    }
}

impl AuthenticationScheme {
    /// A scheme of this kind.
    #[must_use]
    pub fn new(kind: impl Into<String>, name: impl Into<String>, description: impl Into<String>) -> Self {
        Self { kind: Some(kind.into()), name: Some(name.into()), description: Some(description.into()), ..Self::default() }
    }

    /// The bearer token of RFC 6750, which is what AWS takes.
    ///
    /// # Examples
    ///
    /// ```
    /// let scheme = idbridge_scim::AuthenticationScheme::bearer_token();
    /// assert_eq!(scheme.kind.as_deref(), Some("oauthbearertoken"));
    /// ```
    #[must_use]
    pub fn bearer_token() -> Self {
        let scheme = Self::new("oauthbearertoken", "OAuth Bearer Token", "A token in the header Authorization.");
        Self { spec_uri: Some("https://www.rfc-editor.org/info/rfc6750".to_owned()), primary: Some(true), ..scheme }
    }
}

/// What a service provider can do (RFC 7643 section 5).
///
/// Nothing is required when it is read: what a service provider leaves out stays `None`, and is written as left out. What it says need not be
/// what it does; see [`FilterSupport`] for an example.
///
/// # Examples
///
/// ```
/// use idbridge_scim::ServiceProviderConfig;
///
/// let config = ServiceProviderConfig::from_json(br#"{"patch":{"supported":true},"filter":{"supported":true,"maxResults":50}}"#)?;
/// assert!(config.supports_patch());
/// assert!(!config.supports_etag());
/// assert_eq!(config.filter.and_then(|filter| filter.max_results), Some(50));
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ServiceProviderConfig {
    /// Where the service is explained to people.
    pub documentation_uri: Option<String>,
    /// PATCH; REQUIRED by the RFC.
    pub patch: Option<Support>,
    /// Several operations in one request; REQUIRED by the RFC.
    pub bulk: Option<BulkSupport>,
    /// Filters; REQUIRED by the RFC.
    pub filter: Option<FilterSupport>,
    /// Changes of passwords; REQUIRED by the RFC.
    pub change_password: Option<Support>,
    /// Sorted lists; REQUIRED by the RFC.
    pub sort: Option<Support>,
    /// Versions of resources; REQUIRED by the RFC.
    pub etag: Option<Support>,
    /// How clients say who they are; REQUIRED by the RFC.
    pub authentication_schemes: Vec<AuthenticationScheme>,
    /// Pages of lists, RFC 9865 section 2.4. AWS has pages by cursor and does not say so here.
    pub pagination: Option<Pagination>,
    /// Members that this type does not know, and `schemas` where it is not the usual one, kept as they were read.
    pub other: Object,
}

impl ServiceProviderConfig {
    /// A service provider that takes these schemes and does nothing that is optional.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AuthenticationScheme, FilterSupport, ServiceProviderConfig};
    ///
    /// let mut config = ServiceProviderConfig::new(vec![AuthenticationScheme::bearer_token()]);
    /// config.filter = Some(FilterSupport::new(100));
    /// assert!(config.supports_filter());
    /// assert!(!config.supports_bulk());
    /// ```
    #[must_use]
    pub fn new(authentication_schemes: Vec<AuthenticationScheme>) -> Self {
        Self {
            patch: Some(Support::new(false)),
            bulk: Some(BulkSupport::none()),
            filter: Some(FilterSupport::none()),
            change_password: Some(Support::new(false)),
            sort: Some(Support::new(false)),
            etag: Some(Support::new(false)),
            authentication_schemes,
            ..Self::default()
        }
    }

    /// Reads what a service provider answers at `/ServiceProviderConfig`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) if the text is not a JSON object, and [`ErrorKind::Type`](crate::ErrorKind::Type), with the path,
    /// if a member that is known has another type.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        read(read_json(json)?)
    }

    /// Writes compact JSON.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::ServiceProviderConfig;
    ///
    /// let text = br#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],"etag":{"supported":true}}"#;
    /// assert_eq!(ServiceProviderConfig::from_json(text)?.to_json().as_bytes(), text);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        Value::Object(write(self.clone())).to_string()
    }

    /// Whether resources are changed by PATCH; what is not said is not supported.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{ServiceProviderConfig, Support};
    ///
    /// let mut config = ServiceProviderConfig::new(vec![]);
    /// assert!(!config.supports_patch());
    /// config.patch = Some(Support::new(true));
    /// assert!(config.supports_patch());
    /// ```
    #[must_use]
    pub fn supports_patch(&self) -> bool {
        is_supported(self.patch.as_ref())
    }

    /// Whether several operations go into one request; what is not said is not supported.
    #[must_use]
    pub fn supports_bulk(&self) -> bool {
        self.bulk.as_ref().is_some_and(|bulk| bulk.supported == Some(true))
    }

    /// Whether lists are filtered; what is not said is not supported.
    #[must_use]
    pub fn supports_filter(&self) -> bool {
        self.filter.as_ref().is_some_and(|filter| filter.supported == Some(true))
    }

    /// Whether passwords are changed; what is not said is not supported.
    #[must_use]
    pub fn supports_change_password(&self) -> bool {
        is_supported(self.change_password.as_ref())
    }

    /// Whether lists are sorted; what is not said is not supported.
    #[must_use]
    pub fn supports_sort(&self) -> bool {
        is_supported(self.sort.as_ref())
    }

    /// Whether resources have versions; what is not said is not supported.
    #[must_use]
    pub fn supports_etag(&self) -> bool {
        is_supported(self.etag.as_ref())
    }
}

fn is_supported(support: Option<&Support>) -> bool {
    support.is_some_and(|support| support.supported == Some(true))
}

fn read(mut object: Object) -> Result<ServiceProviderConfig, Error> {
    let object = &mut object;
    take_schemas(object, &SchemaUri::SERVICE_PROVIDER_CONFIG);
    Ok(ServiceProviderConfig {
        documentation_uri: take(object, "documentationUri")?,
        patch: take(object, "patch")?,
        bulk: take(object, "bulk")?,
        filter: take(object, "filter")?,
        change_password: take(object, "changePassword")?,
        sort: take(object, "sort")?,
        etag: take(object, "etag")?,
        authentication_schemes: take(object, "authenticationSchemes")?,
        pagination: take(object, "pagination")?,
        other: std::mem::take(object),
    })
}

fn write(mut config: ServiceProviderConfig) -> Object {
    let mut object = write_schemas(&mut config.other, &SchemaUri::SERVICE_PROVIDER_CONFIG);
    let members = [
        ("documentationUri", config.documentation_uri.write()),
        ("patch", config.patch.write()),
        ("bulk", config.bulk.write()),
        ("filter", config.filter.write()),
        ("changePassword", config.change_password.write()),
        ("sort", config.sort.write()),
        ("etag", config.etag.write()),
        ("authenticationSchemes", config.authentication_schemes.write()),
        ("pagination", config.pagination.write()),
    ];
    for (name, value) in members {
        if let Some(value) = value {
            object.set(name, value);
        }
    }
    for (name, value) in config.other {
        object.set(name.as_str(), value);
    }
    object
}

impl TryFrom<Resource> for ServiceProviderConfig {
    type Error = Error;

    /// Reads what was read as a resource already.
    ///
    /// # Errors
    ///
    /// Those of [`ServiceProviderConfig::from_json`].
    fn try_from(resource: Resource) -> Result<Self, Error> {
        read(resource.into())
    }
}

impl From<ServiceProviderConfig> for Resource {
    fn from(config: ServiceProviderConfig) -> Self {
        write(config).into()
    }
}

impl Serialize for ServiceProviderConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(self.clone()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ServiceProviderConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(Object::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
