//! Paths of PATCH operations.

use std::fmt;
use std::str::FromStr;

use crate::attr_name::AttrName;
use crate::attr_path::AttrPath;
use crate::error::{Error, ErrorKind, Location, excerpt};
use crate::filter::Filter;
use crate::filter::parse::{LONGEST, in_brackets, sub_attribute};
use crate::mode::Mode;

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
    /// Reads a path; [`FromStr`] is the same in [`Mode::Strict`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Path`] with what the grammar expects and what stands there; [`Error::at`] is the byte. Read are at most 10,000 bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Mode, Path};
    ///
    /// // A URN has a namespace and a name (RFC 8141); some clients leave the name out.
    /// assert!(Path::parse("urn:extension:colour", Mode::Strict).is_err());
    /// assert!(Path::parse("urn:extension:colour", Mode::Lenient).is_ok());
    /// ```
    pub fn parse(text: &str, mode: Mode) -> Result<Self, Error> {
        let invalid = |at: usize, expected| {
            let found = excerpt(text.get(at..).unwrap_or_default());
            Error::new(ErrorKind::Path { expected, found }, Location::Byte(at))
        };
        if text.len() > LONGEST {
            return Err(invalid(0, "at most 10,000 bytes"));
        }
        let open = text.find('[');
        let attribute: AttrPath = text.get(..open.unwrap_or(text.len())).unwrap_or_default().parse()?;
        if !mode.is_lenient() && attribute.schema().is_some_and(|uri| !uri.as_str().get(4..).unwrap_or_default().contains(':')) {
            return Err(invalid(0, "a URN with a namespace and a name"));
        }
        let Some(open) = open else {
            return Ok(Self::new(attribute));
        };
        if attribute.sub_attribute().is_some() {
            return Err(invalid(open, "a dot or the end, because a filter stands behind an attribute and not a sub-attribute"));
        }
        let (filter, end) = in_brackets(text, open + 1, mode).map_err(|error| match error.kind() {
            ErrorKind::Filter { expected, found } => Error::new(ErrorKind::Path { expected, found: found.clone() }, error.at().clone()),
            _ => error,
        })?;
        let rest = text.get(end..).unwrap_or_default();
        let sub_attribute = match rest.strip_prefix('.') {
            Some(sub) => Some(sub_attribute(sub).ok_or_else(|| invalid(end + 1, "a sub-attribute name"))?),
            None if rest.is_empty() => None,
            None => return Err(invalid(end, "a dot or the end")),
        };
        Ok(Self { attribute, value_filter: Some(filter), sub_attribute })
    }

    /// The path of an attribute or sub-attribute.
    #[must_use]
    pub fn new(attribute: AttrPath) -> Self {
        Self { attribute, value_filter: None, sub_attribute: None }
    }

    /// The path of a core attribute whose name is known when the program is written.
    ///
    /// # Panics
    ///
    /// If `name` is no attribute name, as [`AttrName::from_static`] does, or is a URI.
    #[must_use]
    pub fn of(name: &'static str) -> Self {
        Self::new(AttrPath::of(name))
    }

    /// The values of this multi-valued attribute that pass `filter`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Path`] if this path names a sub-attribute, or `filter` has a `valuePath` of its own.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttrPath, Filter, Path};
    ///
    /// let path = Path::of("addresses").where_value(Filter::equal(AttrPath::of("type"), "work"))?.then("region");
    /// assert_eq!(path.to_string(), "addresses[type eq \"work\"].region");
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn where_value(mut self, filter: Filter) -> Result<Self, Error> {
        filter.check_value_path(&self.attribute)?;
        self.value_filter = Some(filter);
        Ok(self)
    }

    /// The sub-attribute `name` of the values that this path names.
    ///
    /// # Panics
    ///
    /// If `name` is no attribute name, as [`AttrName::from_static`] does, or is a URI; and if this path names a sub-attribute already, or a whole
    /// schema, for neither has sub-attributes (RFC 7644 section 3.5.2).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Path;
    ///
    /// assert_eq!(Path::of("name").then("givenName").to_string(), "name.givenName");
    /// ```
    #[must_use]
    pub fn then(self, name: &'static str) -> Self {
        assert!(self.sub_attribute().is_none(), "a sub-attribute has no sub-attributes");
        assert!(!self.attribute.attribute().is_uri(), "a whole schema has no sub-attributes");
        self.with_sub_attribute(AttrName::plain(name))
    }

    /// The sub-attribute `name`, which is well-formed.
    pub(crate) fn with_sub_attribute(mut self, name: AttrName) -> Self {
        if self.value_filter.is_some() {
            self.sub_attribute = Some(name);
        } else {
            self.attribute = self.attribute.with_sub_attribute(name);
        }
        self
    }

    /// The values of this multi-valued attribute whose `name` is `value`.
    pub(crate) fn where_equal(mut self, name: &'static str, value: &str) -> Self {
        self.value_filter = Some(Filter::equal(AttrPath::of(name), value));
        self
    }

    /// The attribute, with its schema where the path names one.
    #[must_use]
    pub fn attribute(&self) -> &AttrPath {
        &self.attribute
    }

    /// The filter that chooses among the values.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Path;
    ///
    /// let path: Path = "emails[primary eq true].value".parse()?;
    /// assert_eq!(path.value_filter().map(ToString::to_string).as_deref(), Some("primary eq true"));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn value_filter(&self) -> Option<&Filter> {
        self.value_filter.as_ref()
    }

    /// The sub-attribute, whether it stands behind a dot or behind a `valuePath`.
    #[must_use]
    pub fn sub_attribute(&self) -> Option<&AttrName> {
        self.sub_attribute.as_ref().or_else(|| self.attribute.sub_attribute())
    }

    /// Whether it names a password, whose value is not shown.
    pub(crate) fn is_password(&self) -> bool {
        [Some(self.attribute.attribute()), self.sub_attribute()].into_iter().flatten().any(|name| name.is("password"))
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
        self.attribute.extension().is_none() && self.attribute.attribute().is(name)
            || self.attribute.extension().is_some_and(|schema| schema.as_str().eq_ignore_ascii_case(name))
    }
}

impl FromStr for Path {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text, Mode::Strict)
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
