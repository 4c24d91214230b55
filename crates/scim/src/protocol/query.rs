//! Which resources are asked for, in which order, and with which of their attributes.

use std::fmt;

use crate::attr_path::AttrPath;
use crate::filter::Filter;
use crate::message::Cursor;

/// Which part of a list is asked for (RFC 7644 section 3.4.2).
///
/// A service provider need not take all of it: AWS takes filters of a few forms, cursors and a count, and answers 400 to everything else.
///
/// # Examples
///
/// ```
/// use idbridge_scim::protocol::{ListQuery, Sort};
/// use idbridge_scim::Filter;
///
/// let query = ListQuery::filtered(Filter::user_name("anna@example.com"))
///     .sorted(Sort::descending("meta.lastModified".parse()?))
///     .starting_at(11)
///     .with_count(10)
///     .with_attributes(["userName".parse()?]);
/// assert_eq!(query.count, Some(10));
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ListQuery {
    /// Only resources that pass.
    pub filter: Option<Filter>,
    /// In which order.
    pub sort: Option<Sort>,
    /// How pages are asked for.
    pub paging: Paging,
    /// The most resources on a page; the service provider's default without one. AWS: 1 to 100.
    pub count: Option<u32>,
    /// With which attributes.
    pub selection: AttributeSelection,
}

/// How the pages of a list are asked for.
///
/// The two ways exclude each other: by index (RFC 7644 section 3.4.2.4) and by cursor (RFC 9865).
///
/// # Examples
///
/// ```
/// use idbridge_scim::protocol::{ListQuery, Paging};
///
/// assert_eq!(ListQuery::default().starting_at(11).paging, Paging::StartIndex(11));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 7644 and RFC 9865 have these and no others")]
pub enum Paging {
    /// No parameter: the service provider gives one page, and at AWS never says that it is cut.
    #[default]
    None,
    /// `startIndex`: the page whose first resource has this number, counted from 1.
    StartIndex(u64),
    /// `?cursor` without a value: the first page of a walk (RFC 9865 section 2.1).
    FirstPage,
    /// `?cursor=VALUE`: the page that begins there.
    From(Cursor),
}

impl ListQuery {
    /// One page of what passes `filter`, without a cursor.
    #[must_use]
    pub fn filtered(filter: Filter) -> Self {
        Self { filter: Some(filter), ..Self::default() }
    }

    /// The first page of a walk over everything, or over what passes `filter`.
    #[must_use]
    pub fn first_page(filter: Option<Filter>) -> Self {
        Self { filter, paging: Paging::FirstPage, ..Self::default() }
    }

    /// The page of the same walk that begins at `cursor`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Cursor;
    /// use idbridge_scim::protocol::{ListQuery, Paging};
    ///
    /// if let Some(cursor) = Cursor::new("VGVzdA") {
    ///     let next = ListQuery::first_page(None).next_page(cursor.clone());
    ///     assert_eq!(next.paging, Paging::From(cursor));
    /// }
    /// ```
    #[must_use]
    pub fn next_page(&self, cursor: Cursor) -> Self {
        Self { paging: Paging::From(cursor), ..self.clone() }
    }

    /// The same query, for the page whose first resource has the number `index`, counted from 1; 0 is taken as 1 (RFC 7644 section 3.4.2.4).
    #[must_use]
    pub fn starting_at(self, index: u64) -> Self {
        Self { paging: Paging::StartIndex(index.max(1)), ..self }
    }

    /// The same query, for at most `count` resources on a page.
    #[must_use]
    pub fn with_count(self, count: u32) -> Self {
        Self { count: Some(count), ..self }
    }

    /// The same query, in this order.
    #[must_use]
    pub fn sorted(self, sort: Sort) -> Self {
        Self { sort: Some(sort), ..self }
    }

    /// The same query, answered with these attributes and those that are always returned.
    #[must_use]
    pub fn with_attributes(self, paths: impl IntoIterator<Item = AttrPath>) -> Self {
        Self { selection: AttributeSelection::only(paths), ..self }
    }

    /// The same query, answered without these attributes.
    #[must_use]
    pub fn without_attributes(self, paths: impl IntoIterator<Item = AttrPath>) -> Self {
        Self { selection: AttributeSelection::except(paths), ..self }
    }
}

/// By which attribute a list is sorted, and which way (RFC 7644 section 3.4.2.3).
///
/// # Examples
///
/// ```
/// use idbridge_scim::protocol::{Sort, SortOrder};
///
/// let sort = Sort::ascending("name.familyName".parse()?);
/// assert_eq!(sort.order(), SortOrder::Ascending);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    // Few lists are sorted, and every request is as large as a list.
    by: Box<AttrPath>,
    order: SortOrder,
}

impl Sort {
    /// From the smallest to the largest.
    #[must_use]
    pub fn ascending(by: AttrPath) -> Self {
        Self::new(by, SortOrder::Ascending)
    }

    /// From the largest to the smallest.
    #[must_use]
    pub fn descending(by: AttrPath) -> Self {
        Self::new(by, SortOrder::Descending)
    }

    pub(crate) fn new(by: AttrPath, order: SortOrder) -> Self {
        Self { by: Box::new(by), order }
    }

    /// `sortBy`: the attribute. Of a multi-valued one, the primary value counts, or else the first.
    #[must_use]
    pub fn by(&self) -> &AttrPath {
        &self.by
    }

    /// `sortOrder`: which way.
    #[must_use]
    pub fn order(&self) -> SortOrder {
        self.order
    }
}

/// Which way a list is sorted: `sortOrder` (RFC 7644 section 3.4.2.3).
///
/// # Examples
///
/// ```
/// assert_eq!(idbridge_scim::protocol::SortOrder::default().to_string(), "ascending");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "RFC 7644 section 3.4.2.3 has these two and no others")]
pub enum SortOrder {
    /// `ascending`, which holds where nothing is said.
    #[default]
    Ascending,
    /// `descending`.
    Descending,
}

impl SortOrder {
    /// The keyword on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ascending => "ascending",
            Self::Descending => "descending",
        }
    }

    /// The order that `keyword` names, compared without case; none if it names none.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::protocol::SortOrder;
    ///
    /// assert_eq!(SortOrder::from_keyword("Descending"), Some(SortOrder::Descending));
    /// assert_eq!(SortOrder::from_keyword("downwards"), None);
    /// ```
    #[must_use]
    pub fn from_keyword(keyword: &str) -> Option<Self> {
        [Self::Ascending, Self::Descending].into_iter().find(|order| order.as_str().eq_ignore_ascii_case(keyword))
    }
}

impl fmt::Display for SortOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// With which attributes a resource is returned (RFC 7644 section 3.9).
///
/// # Examples
///
/// ```
/// use idbridge_scim::protocol::AttributeSelection;
///
/// let selection = AttributeSelection::only(["userName".parse()?, "name.givenName".parse()?]);
/// assert_eq!(selection.paths().len(), 2);
/// assert!(!selection.is_default());
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 7644 section 3.9: the two parameters exclude each other")]
pub enum AttributeSelection {
    /// No parameter: the attributes that the schema returns by default.
    #[default]
    Default,
    /// `attributes`: these, and those that are always returned.
    Only(Vec<AttrPath>),
    /// `excludedAttributes`: the default ones without these.
    Except(Vec<AttrPath>),
}

impl AttributeSelection {
    /// These attributes and those that are always returned; the default if there are none.
    #[must_use]
    pub fn only(paths: impl IntoIterator<Item = AttrPath>) -> Self {
        let paths: Vec<AttrPath> = paths.into_iter().collect();
        if paths.is_empty() { Self::Default } else { Self::Only(paths) }
    }

    /// The default attributes without these; the default if there are none.
    #[must_use]
    pub fn except(paths: impl IntoIterator<Item = AttrPath>) -> Self {
        let paths: Vec<AttrPath> = paths.into_iter().collect();
        if paths.is_empty() { Self::Default } else { Self::Except(paths) }
    }

    /// Whether nothing is said.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.paths().is_empty()
    }

    /// The attributes that are named.
    #[must_use]
    pub fn paths(&self) -> &[AttrPath] {
        match self {
            Self::Default => &[],
            Self::Only(paths) | Self::Except(paths) => paths,
        }
    }
}
