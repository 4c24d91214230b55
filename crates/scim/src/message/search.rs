//! Queries that are sent as a body.

use crate::error::{Error, ErrorKind, Location, read_json};
use crate::filter::Filter;
use crate::message::{Cursor, mismatch, take, take_integer, take_schemas, take_text};
use crate::mode::Mode;
use crate::protocol::{AttributeSelection, ListQuery, Paging, Sort, SortOrder};
use crate::resource::Resource;
use crate::value::{Object, Value};

const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// A query that is sent with POST to `/.search`, because a URL is too long or too public for it (RFC 7644 section 3.4.3).
///
/// It asks what a [`ListQuery`] asks as query parameters. The first page of a walk is asked for with an empty `cursor` (RFC 9865 section 3). Members
/// that no RFC has are kept.
///
/// # Examples
///
/// ```
/// use idbridge_scim::protocol::ListQuery;
/// use idbridge_scim::{Filter, Mode, SearchRequest};
///
/// let search = SearchRequest::new(ListQuery::filtered(Filter::user_name("anna@example.com")));
/// assert_eq!(
///     search.to_json(),
///     r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"userName eq \"anna@example.com\""}"#
/// );
/// assert_eq!(SearchRequest::from_json(search.to_json().as_bytes(), Mode::Strict)?, search);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchRequest {
    query: ListQuery,
    other: Object,
}

impl SearchRequest {
    /// A message that asks `query`.
    #[must_use]
    pub fn new(query: ListQuery) -> Self {
        Self { query, other: Object::new() }
    }

    /// What is asked.
    #[must_use]
    pub fn query(&self) -> &ListQuery {
        &self.query
    }

    /// What is asked, to be changed in place.
    pub fn query_mut(&mut self) -> &mut ListQuery {
        &mut self.query
    }

    /// What is asked, to keep.
    #[must_use]
    pub fn into_query(self) -> ListQuery {
        self.query
    }

    /// The members that no RFC has, as they were read.
    #[must_use]
    pub fn other(&self) -> &Object {
        &self.other
    }

    /// Reads a message; `mode` says how its filter is read.
    ///
    /// A `startIndex` below 1 is 1, and a `count` below 0 is 0, as RFC 7644 section 3.4.2.4 says; a `count` above 4,294,967,295 is that. A
    /// `sortOrder` without `sortBy` orders nothing and is left out.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] if the text is not a JSON object. [`ErrorKind::Type`] if a member has another type, is the second of two that exclude
    /// each other, or `schemas` are those of another message; [`Error::at`] is the member. [`ErrorKind::Filter`] if the text
    /// of `filter` is malformed, and [`ErrorKind::Path`] if a path is; [`Error::at`] is the byte in that text.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::protocol::Paging;
    /// use idbridge_scim::{Mode, SearchRequest};
    ///
    /// let search = SearchRequest::from_json(br#"{"sortBy":"userName","startIndex":0,"count":10}"#, Mode::Strict)?;
    /// assert_eq!(search.query().paging, Paging::StartIndex(1));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn from_json(json: &[u8], mode: Mode) -> Result<Self, Error> {
        let mut body = Object::from(read_json::<Resource>(json)?);
        take_schemas(&mut body, SCHEMA, "a SearchRequest")?;
        let query = ListQuery {
            filter: take_text(&mut body, "filter")?.map(|filter| Filter::parse(&filter, mode)).transpose()?,
            sort: sort(&mut body)?,
            paging: paging(&mut body)?,
            // RFC 7644 section 3.4.2.4: "A negative value SHALL be interpreted as "0"".
            count: take_integer(&mut body, "count")?.map(|count| u32::try_from(count.max(0)).unwrap_or(u32::MAX)),
            selection: selection(&mut body)?,
        };
        Ok(Self { query, other: body })
    }

    /// Writes compact JSON, members that no RFC has at the end.
    #[must_use]
    pub fn to_json(&self) -> String {
        let query = &self.query;
        let mut body = Object::new();
        body.set("schemas", Value::Array(vec![SCHEMA.into()]));
        let paths = query.selection.paths().iter().map(|path| path.to_string().into()).collect();
        match &query.selection {
            AttributeSelection::Default => {}
            AttributeSelection::Only(_) => body.set("attributes", Value::Array(paths)),
            AttributeSelection::Except(_) => body.set("excludedAttributes", Value::Array(paths)),
        }
        if let Some(filter) = &query.filter {
            body.set("filter", filter.to_string());
        }
        if let Some(sort) = &query.sort {
            body.set("sortBy", sort.by().to_string());
            body.set("sortOrder", sort.order().as_str());
        }
        match &query.paging {
            Paging::None => {}
            Paging::StartIndex(index) => body.set("startIndex", number(*index)),
            Paging::FirstPage => body.set("cursor", ""),
            Paging::From(cursor) => body.set("cursor", cursor.as_str()),
        }
        if let Some(count) = query.count {
            body.set("count", number(u64::from(count)));
        }
        for (name, value) in self.other.iter() {
            body.set(name.as_str(), value.clone());
        }
        Value::Object(body).to_string()
    }
}

/// RFC 7644 section 3.9: `attributes` and `excludedAttributes` exclude each other.
fn selection(body: &mut Object) -> Result<AttributeSelection, Error> {
    let only = paths(body, "attributes")?;
    let except = paths(body, "excludedAttributes")?;
    match (only.is_empty(), except.is_empty()) {
        (true, true) => Ok(AttributeSelection::Default),
        (false, true) => Ok(AttributeSelection::Only(only)),
        (true, false) => Ok(AttributeSelection::Except(except)),
        (false, false) => Err(excluded("attributes or excludedAttributes", "excludedAttributes")),
    }
}

fn paths(body: &mut Object, member: &str) -> Result<Vec<crate::AttrPath>, Error> {
    let Some(value) = take(body, member) else {
        return Ok(Vec::new());
    };
    let values = value.as_array().ok_or_else(|| mismatch("an array", &value, member))?;
    let read = values.iter().map(|value| value.as_str().ok_or_else(|| mismatch("a string", value, member))?.parse());
    read.collect()
}

fn sort(body: &mut Object) -> Result<Option<Sort>, Error> {
    let by = take_text(body, "sortBy")?.map(|path| path.parse()).transpose()?;
    let order = take_text(body, "sortOrder")?;
    let order = match order.as_deref() {
        // RFC 7644 section 3.4.2.3: "If a value for "sortBy" is provided and no "sortOrder" is specified, "sortOrder" SHALL default to ascending".
        None => SortOrder::Ascending,
        Some(text) => SortOrder::from_keyword(text).ok_or_else(|| mismatch("ascending or descending", &text.into(), "sortOrder"))?,
    };
    Ok(by.map(|by| Sort::new(by, order)))
}

fn paging(body: &mut Object) -> Result<Paging, Error> {
    let start_index = take_integer(body, "startIndex")?;
    let cursor = take_text(body, "cursor")?;
    match (start_index, cursor) {
        (None, None) => Ok(Paging::None),
        // RFC 7644 section 3.4.2.4: "A value less than 1 SHALL be interpreted as 1".
        (Some(index), None) => Ok(Paging::StartIndex(u64::try_from(index).unwrap_or_default().max(1))),
        (None, Some(cursor)) => Ok(Cursor::new(cursor).map_or(Paging::FirstPage, Paging::From)),
        (Some(_), Some(_)) => Err(excluded("startIndex or cursor", "cursor")),
    }
}

fn excluded(expected: &'static str, member: &str) -> Error {
    Error::new(ErrorKind::Type { expected, found: "both" }, Location::Attribute(member.to_owned()))
}

/// The number as JSON; one beyond what a list can hold is the largest.
fn number(number: u64) -> Value {
    Value::Number(i64::try_from(number).unwrap_or(i64::MAX).into())
}
