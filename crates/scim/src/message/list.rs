//! Pages of lists.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::error::{Error, read_json};
use crate::message::{NullAsEmpty, fill, keep, spelled, write_json};
use crate::resource::Resource;
use crate::uri::SchemaUri;
use crate::value::Object;

/// Where the next page of a list begins (RFC 9865 section 2): opaque, made by the service provider, and never empty.
///
/// # Examples
///
/// ```
/// use idbridge_scim::Cursor;
///
/// let cursor = Cursor::new("VGVzdA==");
/// assert_eq!(cursor.as_ref().map(Cursor::as_str), Some("VGVzdA=="));
/// assert_eq!(Cursor::new(""), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// Takes a cursor as it stands; none if it is empty, because an empty one asks for the first page (RFC 9865 section 2.1), and a walk that
    /// follows it would not end.
    #[must_use]
    pub fn new(cursor: impl Into<String>) -> Option<Self> {
        Some(cursor.into()).filter(|cursor| !cursor.is_empty()).map(Self)
    }

    /// The cursor as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).ok_or_else(|| de::Error::custom("a cursor is not empty"))
    }
}

/// A page of a list (RFC 7644 section 3.4.2, RFC 9865 section 2).
///
/// The RFC requires `totalResults`; a page without it is read all the same. Members are named
/// without case (RFC 7643 section 2.1); one that is there twice, in whatever spelling, is refused. Members that no RFC has are kept.
///
/// Asked with a cursor, AWS answers `itemsPerPage` and, while more follows, `nextCursor`; asked without, `totalResults` and `startIndex`, where
/// `totalResults` is the number on this one page and not a grand total. A page may be short although more follow: only a missing
/// [`next_cursor`](Self::next_cursor) ends a walk. An empty one is read as none: it would ask for the first page again.
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
///
/// Its resources are generic, or typed where it is read with [`from_json_as`](Self::from_json_as).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListResponse<R = Resource> {
    #[serde(skip_serializing_if = "Option::is_none")]
    total_results: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items_per_page: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_index: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_cursor: Option<Cursor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<Cursor>,
    schemas: Vec<String>,
    #[serde(rename = "Resources")]
    resources: Vec<R>,
    #[serde(flatten)]
    other: Object,
}

impl ListResponse {
    /// A page asked for with a cursor.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Cursor, ListResponse};
    ///
    /// let page = ListResponse::cursor_page(vec![], 100, Cursor::new("VGVzdA"));
    /// assert_eq!(page.next_cursor(), Cursor::new("VGVzdA").as_ref());
    /// ```
    #[must_use]
    pub fn cursor_page(resources: Vec<Resource>, items_per_page: u64, next_cursor: Option<Cursor>) -> Self {
        Self { items_per_page: Some(items_per_page), next_cursor, schemas: list_schemas(), resources, ..Self::default() }
    }

    /// A page asked for by its number, `startIndex` (RFC 7644 section 3.4.2.4): `total_results` of the whole list, whatever is on this page.
    ///
    /// `start_index` is the number of the first resource on the page, counted from 1.
    ///
    /// # Examples
    ///
    /// ```
    /// let page = idbridge_scim::ListResponse::index_page(vec![], 43, 41, 10);
    /// assert_eq!((page.total_results(), page.start_index(), page.items_per_page()), (Some(43), Some(41), Some(10)));
    /// ```
    #[must_use]
    pub fn index_page(resources: Vec<Resource>, total_results: u64, start_index: u64, items_per_page: u64) -> Self {
        Self {
            total_results: Some(total_results),
            items_per_page: Some(items_per_page),
            start_index: Some(start_index),
            schemas: list_schemas(),
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
        Self { total_results: count, items_per_page: count, start_index: Some(1), schemas: list_schemas(), resources, ..Self::default() }
    }

    /// The same page, which says where the page before it begins (RFC 9865 section 2.1).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Cursor, ListResponse};
    ///
    /// let page = ListResponse::cursor_page(vec![], 10, None);
    /// let page = Cursor::new("VGVzdA").map(|before| page.clone().with_previous_cursor(before)).unwrap_or(page);
    /// assert_eq!(page.previous_cursor().map(|cursor| cursor.as_str()), Some("VGVzdA"));
    /// ```
    #[must_use]
    pub fn with_previous_cursor(mut self, cursor: Cursor) -> Self {
        self.previous_cursor = Some(cursor);
        self
    }

    /// The same page, which says how many results there are in all. A service provider that counts none leaves it out of a cursor page.
    #[must_use]
    pub fn with_total_results(mut self, total_results: u64) -> Self {
        self.total_results = Some(total_results);
        self
    }

    /// Reads a page.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) if the text is not a JSON object of this shape.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        read_json(json)
    }

    /// Reads a page of typed resources, with no generic ones in between.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) if the text is not a JSON object of this shape, or one of the resources is none of this type. To
    /// pass over a bad resource and keep the others, read the page generic and convert each.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{ListResponse, User};
    ///
    /// let page = ListResponse::from_json_as::<User>(br#"{"totalResults":1,"Resources":[{"userName":"anna"}]}"#)?;
    /// assert_eq!(page.resources()[0].user_name.as_deref(), Some("anna"));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn from_json_as<R: DeserializeOwned>(json: &[u8]) -> Result<ListResponse<R>, Error> {
        read_json(json)
    }
}

impl<R> ListResponse<R> {
    /// Writes compact JSON, members that no RFC has at the end.
    #[must_use]
    pub fn to_json(&self) -> String
    where
        R: Serialize,
    {
        write_json(self)
    }

    /// The number of results, where the service provider says one.
    #[must_use]
    pub fn total_results(&self) -> Option<u64> {
        self.total_results
    }

    /// The number of resources on a page, where the service provider says one.
    #[must_use]
    pub fn items_per_page(&self) -> Option<u64> {
        self.items_per_page
    }

    /// The number of the first resource on this page, counted from 1, where the service provider says one.
    #[must_use]
    pub fn start_index(&self) -> Option<u64> {
        self.start_index
    }

    /// Where the page before this one begins; `None` on the first page, and wherever walks go forwards only.
    #[must_use]
    pub fn previous_cursor(&self) -> Option<&Cursor> {
        self.previous_cursor.as_ref()
    }

    /// Where the next page begins; `None` on the last page. A page asked for without a cursor has none at AWS, and may have one elsewhere (RFC 9865
    /// section 2.4).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::ListResponse;
    ///
    /// let page = ListResponse::from_json(br#"{"nextCursor":"","Resources":[]}"#)?;
    /// assert!(page.next_cursor().is_none());
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
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
    pub fn resources(&self) -> &[R] {
        &self.resources
    }

    /// The resources of this page, to keep.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::ListResponse;
    ///
    /// let page = ListResponse::from_json(br#"{"totalResults":1,"Resources":[{"id":"1"}]}"#)?;
    /// assert_eq!(page.into_resources().len(), 1);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn into_resources(self) -> Vec<R> {
        self.resources
    }

    /// The members that no RFC has, as they were read.
    #[must_use]
    pub fn other(&self) -> &Object {
        &self.other
    }
}

impl<R> Default for ListResponse<R> {
    fn default() -> Self {
        Self {
            total_results: None,
            items_per_page: None,
            start_index: None,
            previous_cursor: None,
            next_cursor: None,
            schemas: Vec::new(),
            resources: Vec::new(),
            other: Object::new(),
        }
    }
}

fn list_schemas() -> Vec<String> {
    vec![SchemaUri::LIST_RESPONSE.as_str().to_owned()]
}

impl<'de, R: Deserialize<'de>> Deserialize<'de> for ListResponse<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("ListResponse", MEMBERS, ListVisitor(PhantomData))
    }
}

/// The members that this crate knows, spelled as they are on the wire.
const MEMBERS: &[&str] = &["totalResults", "itemsPerPage", "startIndex", "previousCursor", "nextCursor", "schemas", "Resources"];

struct ListVisitor<R>(PhantomData<R>);

impl<'de, R: Deserialize<'de>> Visitor<'de> for ListVisitor<R> {
    type Value = ListResponse<R>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list response")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ListResponse<R>, A::Error> {
        let (mut total_results, mut items_per_page, mut start_index) = (None, None, None);
        let (mut previous_cursor, mut next_cursor) = (None, None);
        let cursor = |read: Option<Option<String>>| read.flatten().and_then(Cursor::new);
        let mut schemas = None;
        // RFC 7644 section 3.4.2: REQUIRED if totalResults is non-zero; some servers write null for none.
        let mut resources: Option<NullAsEmpty<R>> = None;
        let mut other = Object::new();
        while let Some(name) = map.next_key::<String>()? {
            match spelled(&name, MEMBERS) {
                "totalResults" => fill(&mut map, &mut total_results, "totalResults")?,
                "itemsPerPage" => fill(&mut map, &mut items_per_page, "itemsPerPage")?,
                "startIndex" => fill(&mut map, &mut start_index, "startIndex")?,
                "previousCursor" => fill(&mut map, &mut previous_cursor, "previousCursor")?,
                "nextCursor" => fill(&mut map, &mut next_cursor, "nextCursor")?,
                "schemas" => fill(&mut map, &mut schemas, "schemas")?,
                "Resources" => fill(&mut map, &mut resources, "Resources")?,
                name => keep(&mut map, &mut other, name)?,
            }
        }
        let NullAsEmpty(schemas) = schemas.unwrap_or_default();
        Ok(ListResponse {
            total_results: total_results.flatten(),
            items_per_page: items_per_page.flatten(),
            start_index: start_index.flatten(),
            previous_cursor: cursor(previous_cursor),
            next_cursor: cursor(next_cursor),
            schemas,
            resources: resources.unwrap_or_default().0,
            other,
        })
    }
}
