//! Paths of PATCH operations.

use std::fmt;
use std::str::FromStr;

use crate::attr_name::AttrName;
use crate::attr_path::AttrPath;
use crate::error::{Error, ErrorKind, Location, excerpt};
use crate::filter::Filter;

/// The target of a PATCH operation (RFC 7644 section 3.5.2, rule `PATH`): an attribute path, or a `valuePath` with an optional sub-attribute.
///
/// # Examples
///
/// ```
/// use idbridge_scim::Path;
///
/// let path: Path = "addresses[type eq \"work\"].locality".parse()?;
/// assert_eq!(path.attribute().to_string(), "addresses");
/// assert_eq!(path.sub_attribute().map(|sub| sub.as_str()), Some("locality"));
/// assert_eq!(path.to_string(), "addresses[type eq \"work\"].locality");
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    attribute: AttrPath,
    value_filter: Option<Filter>,
    sub_attribute: Option<AttrName>,
}

impl Path {
    /// The path of an attribute or sub-attribute.
    #[must_use]
    pub fn new(attribute: AttrPath) -> Self {
        Self { attribute, value_filter: None, sub_attribute: None }
    }

    /// The path of a core attribute whose name is known when the program is written.
    #[must_use]
    pub fn of(name: &'static str) -> Self {
        Self::new(AttrPath::new(AttrName::from_static(name)))
    }

    /// The values of this multi-valued attribute that pass `filter`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttrName, AttrPath, Filter, Path};
    ///
    /// let work = Filter::equal(AttrPath::new(AttrName::from_static("type")), "work");
    /// let path = Path::of("addresses").where_value(work).then(AttrName::from_static("region"));
    /// assert_eq!(path.to_string(), "addresses[type eq \"work\"].region");
    /// ```
    #[must_use]
    pub fn where_value(mut self, filter: Filter) -> Self {
        self.value_filter = Some(filter);
        self
    }

    /// The sub-attribute `name` of the values that this path names.
    #[must_use]
    pub fn then(mut self, name: AttrName) -> Self {
        if self.value_filter.is_some() {
            self.sub_attribute = Some(name);
        } else {
            self.attribute = self.attribute.with_sub_attribute(name);
        }
        self
    }

    /// The attribute, with its schema where the path names one.
    #[must_use]
    pub fn attribute(&self) -> &AttrPath {
        &self.attribute
    }

    /// The filter that chooses among the values.
    #[must_use]
    pub fn value_filter(&self) -> Option<&Filter> {
        self.value_filter.as_ref()
    }

    /// The sub-attribute, whether it stands behind a dot or behind a `valuePath`.
    #[must_use]
    pub fn sub_attribute(&self) -> Option<&AttrName> {
        self.sub_attribute.as_ref().or_else(|| self.attribute.sub_attribute())
    }

    /// Whether this path is `name`, or lies below it.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Path;
    ///
    /// let path: Path = "name.givenName".parse()?;
    /// assert!(path.is_within("name"));
    /// assert!(!path.is_within("givenName"));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn is_within(&self, name: &str) -> bool {
        self.attribute.schema().is_none() && self.attribute.attribute().is(name)
            || self.attribute.schema().is_some_and(|schema| schema.as_str().eq_ignore_ascii_case(name))
    }
}

impl FromStr for Path {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let invalid = |at: usize, expected| {
            let found = excerpt(text.get(at..).unwrap_or_default());
            Error::new(ErrorKind::Path { expected, found }, Location::Byte(at))
        };
        let Some(open) = text.find('[') else {
            return Ok(Self::new(text.parse()?));
        };
        let attribute: AttrPath = text.get(..open).unwrap_or_default().parse()?;
        if attribute.sub_attribute().is_some() {
            return Err(invalid(open, "a dot or the end, because a filter stands behind an attribute and not a sub-attribute"));
        }
        // A value may hold a bracket of its own, so the filter ends at the last one.
        let Some(close) = text.rfind(']').filter(|close| *close > open) else {
            return Err(invalid(open, "a filter in brackets"));
        };
        let filter: Filter = text.get(open + 1..close).unwrap_or_default().parse().map_err(|error: Error| {
            let inner = if let Location::Byte(at) = error.at() { *at } else { 0 };
            Error::new(error.kind().clone(), Location::Byte(open + 1 + inner))
        })?;
        let rest = text.get(close + 1..).unwrap_or_default();
        let sub_attribute = match rest.strip_prefix('.') {
            Some(sub) => Some(AttrName::new(sub).map_err(|_| invalid(close + 2, "a sub-attribute name"))?),
            None if rest.is_empty() => None,
            None => return Err(invalid(close + 1, "a dot or the end")),
        };
        Ok(Self { attribute, value_filter: Some(filter), sub_attribute })
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.attribute)?;
        if let Some(filter) = &self.value_filter {
            write!(f, "[{filter}]")?;
        }
        match &self.sub_attribute {
            Some(sub) => write!(f, ".{sub}"),
            None => Ok(()),
        }
    }
}
