//! Versions of resources: entity tags, and requests that depend on them.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Location};
use crate::resource::Resource;

/// The version of a resource: an entity tag ([RFC 9110 section 8.8.3], RFC 7644 section 3.14).
///
/// It stands in the header `ETag`, and as a text under `meta.version`. A *strong* tag names one sequence of bytes, a *weak* one (`W/` in front) a
/// state of the resource however it is written. A tag has at most 1,024 bytes between its quotes here.
///
/// Two tags are `==` if they are written alike. Whether they name the same version is for [`matches_strongly`](Self::matches_strongly) and
/// [`matches_weakly`](Self::matches_weakly) to say.
///
/// # Examples
///
/// ```
/// use idbridge_scim::ETag;
///
/// let held: ETag = "W/\"3694e05e9dff591\"".parse()?;
/// assert!(held.is_weak());
/// assert_eq!(held.tag(), "3694e05e9dff591");
/// assert!(held.matches_weakly(&ETag::strong("3694e05e9dff591")?));
/// assert_eq!(held.to_string(), "W/\"3694e05e9dff591\"");
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
///
/// [RFC 9110 section 8.8.3]: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ETag {
    is_weak: bool,
    tag: Box<str>,
}

/// The most bytes between the quotes of a tag.
const LONGEST: usize = 1_024;

impl ETag {
    /// A tag that names one sequence of bytes: `"tag"`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Type`] at the byte that no tag may have: a double quote, a space or a control character. [`ErrorKind::Identifier`] if it has
    /// more than 1,024 bytes.
    pub fn strong(tag: &str) -> Result<Self, Error> {
        Self::checked(false, tag, 0)
    }

    /// A tag that names a state of the resource, however it is written: `W/"tag"`.
    ///
    /// # Errors
    ///
    /// As of [`strong`](Self::strong).
    pub fn weak(tag: &str) -> Result<Self, Error> {
        Self::checked(true, tag, 0)
    }

    /// Takes `tag`, which begins at the byte `start` of a text, if it has only what stands between the quotes of a tag.
    fn checked(is_weak: bool, tag: &str, start: usize) -> Result<Self, Error> {
        if tag.len() > LONGEST {
            return Err(Error::new(ErrorKind::Identifier { longest: LONGEST, found: tag.len() }, Location::Whole));
        }
        // RFC 9110 section 8.8.3: etagc = %x21 / %x23-7E / obs-text.
        let is_refused = |character: char| matches!(character, '"' | ' ') || character.is_control();
        match tag.find(is_refused) {
            Some(at) => Err(malformed(start + at)),
            None => Ok(Self { is_weak, tag: tag.into() }),
        }
    }

    /// Whether `W/` stands in front.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.is_weak
    }

    /// What stands between the quotes.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Whether both are strong and have the same tag: the strong comparison of RFC 9110 section 8.8.3.2.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::ETag;
    ///
    /// assert!(ETag::strong("1")?.matches_strongly(&ETag::strong("1")?));
    /// assert!(!ETag::weak("1")?.matches_strongly(&ETag::weak("1")?));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn matches_strongly(&self, other: &Self) -> bool {
        !self.is_weak && !other.is_weak && self.tag == other.tag
    }

    /// Whether both have the same tag, weak or strong: the weak comparison of RFC 9110 section 8.8.3.2.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::ETag;
    ///
    /// let (weak, strong): (ETag, ETag) = ("W/\"1\"".parse()?, "\"1\"".parse()?);
    /// assert!(weak.matches_weakly(&strong) && !weak.matches_strongly(&strong));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn matches_weakly(&self, other: &Self) -> bool {
        self.tag == other.tag
    }
}

impl FromStr for ETag {
    type Err = Error;

    /// Reads `"tag"` or `W/"tag"`; the `W` is a capital, as RFC 9110 section 8.8.3 has it.
    fn from_str(text: &str) -> Result<Self, Error> {
        match read_one(text, 0)? {
            (tag, end) if end == text.len() => Ok(tag),
            (_, end) => Err(malformed(end)),
        }
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weakness = if self.is_weak { "W/" } else { "" };
        write!(f, "{weakness}\"{}\"", self.tag)
    }
}

/// Reads the tag that begins at the byte `start` of `text`, and says where it ends.
fn read_one(text: &str, start: usize) -> Result<(ETag, usize), Error> {
    let rest = text.get(start..).unwrap_or_default();
    let (is_weak, quoted, begin) = match rest.strip_prefix("W/") {
        Some(quoted) => (true, quoted, start + 2),
        None => (false, rest, start),
    };
    let tag = quoted.strip_prefix('"').ok_or_else(|| malformed(begin))?;
    let (tag, _) = tag.split_once('"').ok_or_else(|| malformed(text.len()))?;
    Ok((ETag::checked(is_weak, tag, begin + 1)?, begin + tag.len() + 2))
}

fn malformed(at: usize) -> Error {
    Error::new(ErrorKind::Type { expected: "an entity tag such as W/\"1\"", found: "another text" }, Location::Byte(at))
}

/// The versions that a [`Precondition`] names.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{ETag, ETags};
///
/// let named: ETags = "W/\"1\", \"2\"".parse()?;
/// assert_eq!(named, ETags::These(vec![ETag::weak("1")?, ETag::strong("2")?]));
/// assert_eq!(named.to_string(), "W/\"1\", \"2\"");
/// assert_eq!("*".parse::<ETags>()?, ETags::Any);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 9110 section 13.1.1 has these two and no others")]
pub enum ETags {
    /// `*`: any version, as long as there is one.
    Any,
    /// One of these.
    These(Vec<ETag>),
}

impl From<ETag> for ETags {
    fn from(tag: ETag) -> Self {
        Self::These(vec![tag])
    }
}

impl FromStr for ETags {
    type Err = Error;

    /// Reads the value of a header `If-Match` or `If-None-Match`: `*`, or tags with commas between them.
    fn from_str(text: &str) -> Result<Self, Error> {
        let is_blank = |character: char| matches!(character, ' ' | '\t');
        if text.trim_matches(is_blank) == "*" {
            return Ok(Self::Any);
        }
        let mut tags = Vec::new();
        let mut at = 0;
        loop {
            // RFC 9110 section 5.6.1.2: "A recipient MUST parse and ignore a reasonable number of empty list elements".
            let rest = text.get(at..).unwrap_or_default();
            at += rest.len() - rest.trim_start_matches(|character| is_blank(character) || character == ',').len();
            if at == text.len() {
                // A list of nothing would be a condition that nothing, or everything, meets.
                return if tags.is_empty() { Err(malformed(at)) } else { Ok(Self::These(tags)) };
            }
            let (tag, end) = read_one(text, at)?;
            tags.push(tag);
            let rest = text.get(end..).unwrap_or_default();
            let follows = rest.trim_start_matches(is_blank);
            at = end + rest.len() - follows.len();
            if !follows.is_empty() && !follows.starts_with(',') {
                return Err(malformed(at));
            }
        }
    }
}

impl fmt::Display for ETags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::These(tags) => tags.iter().enumerate().try_for_each(|(index, tag)| {
                let separator = if index == 0 { "" } else { ", " };
                write!(f, "{separator}{tag}")
            }),
        }
    }
}

/// On which versions of its resource a request depends (RFC 7644 section 3.14, RFC 9110 section 13.1).
///
/// # Examples
///
/// ```
/// use idbridge_scim::{ETag, Precondition};
///
/// let read = ETag::weak("a330bc54f0671c9")?;
/// // A change is made only to the version that was read, and a version that is known is not read again.
/// assert!(Precondition::if_match(read.clone()).holds(Some(&read)));
/// assert!(!Precondition::if_none_match(read.clone()).holds(Some(&read)));
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 7644 section 3.14 has these two and no others")]
pub enum Precondition {
    /// `If-Match`: only if the resource has one of these versions; the answer is otherwise 412.
    IfMatch(ETags),
    /// `If-None-Match`: only if the resource has none of these versions; the answer is otherwise 304 to a read and 412 to a write.
    IfNoneMatch(ETags),
}

impl Precondition {
    /// Only if the resource has the version `tag`.
    #[must_use]
    pub fn if_match(tag: ETag) -> Self {
        Self::IfMatch(tag.into())
    }

    /// Only if the resource has another version than `tag`.
    #[must_use]
    pub fn if_none_match(tag: ETag) -> Self {
        Self::IfNoneMatch(tag.into())
    }

    /// The versions that are named.
    #[must_use]
    pub fn tags(&self) -> &ETags {
        match self {
            Self::IfMatch(tags) | Self::IfNoneMatch(tags) => tags,
        }
    }

    /// Whether the request may go on, where `current` is the resource's version and `None` says that there is no resource.
    ///
    /// Tags compare weakly in both. RFC 9110 section 13.1.1 has `If-Match` compare strongly, which no weak tag ever passes, while the figures of RFC
    /// 7644 sections 3.5.1 and 3.5.2 send weak tags in it. [`holds_strongly`](Self::holds_strongly) is the other rule.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{ETag, ETags, Precondition};
    ///
    /// let current = ETag::weak("2")?;
    /// assert!(Precondition::IfMatch(ETags::Any).holds(Some(&current)));
    /// assert!(!Precondition::IfMatch(ETags::Any).holds(None));
    /// assert!(!Precondition::if_match(ETag::weak("1")?).holds(Some(&current)));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn holds(&self, current: Option<&ETag>) -> bool {
        self.holds_by(current, ETag::matches_weakly)
    }

    /// As [`holds`](Self::holds), with the strong comparison in `If-Match` that RFC 9110 section 13.1.1 asks for.
    #[must_use]
    pub fn holds_strongly(&self, current: Option<&ETag>) -> bool {
        match self {
            Self::IfMatch(_) => self.holds_by(current, ETag::matches_strongly),
            // RFC 9110 section 13.1.2: "A recipient MUST use the weak comparison function when comparing entity tags for If-None-Match".
            Self::IfNoneMatch(_) => self.holds_by(current, ETag::matches_weakly),
        }
    }

    fn holds_by(&self, current: Option<&ETag>, matches: impl Fn(&ETag, &ETag) -> bool) -> bool {
        let is_named = current.is_some_and(|current| match self.tags() {
            ETags::Any => true,
            ETags::These(tags) => tags.iter().any(|tag| matches(tag, current)),
        });
        match self {
            Self::IfMatch(_) => is_named,
            Self::IfNoneMatch(_) => !is_named,
        }
    }
}

impl Resource {
    /// The resource's version, `meta.version` (RFC 7643 section 3.1), if it is a text that is an entity tag.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{ETag, Resource};
    ///
    /// let user = Resource::from_json(br#"{"id":"7","meta":{"version":"W/\"e180ee84\""}}"#)?;
    /// assert_eq!(user.version(), Some(ETag::weak("e180ee84")?));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn version(&self) -> Option<ETag> {
        self.get("meta")?.as_object()?.get("version")?.as_str()?.parse().ok()
    }
}
