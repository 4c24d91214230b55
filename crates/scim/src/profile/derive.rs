//! A profile from what a service provider says of itself, and from what it does otherwise.

use std::borrow::Cow;

use crate::discovery::ServiceProviderConfig;
use crate::profile::{AttributeRule, CharacterClass, Profile, Rates, UpdateMethod, ValueClass};

/// Something that one service provider does otherwise than the RFCs say, by a name that can be written down.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{Deviation, Profile, Resource};
///
/// let profile = Profile::rfc().with(Deviation::Required("displayName".into())).with(Deviation::RefusedCharacters(vec![':']));
/// let user = Resource::from_json(br#"{"userName":"a:b"}"#)?;
/// let findings: Vec<String> = profile.check_user(&user).iter().map(ToString::to_string).collect();
/// assert_eq!(
///     findings,
///     [
///         "userName has the character ':' (U+003A) at 1, which the service refuses",
///         "displayName is required by the service and is missing",
///     ]
/// );
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Deviation {
    /// The attribute at this path is required.
    Required(String),
    /// The attribute at this path, and what is below it, is refused.
    Unsupported(String),
    /// The multi-valued attribute takes one value at most.
    SingleValued(String),
    /// The multi-valued attribute takes one value at most, and it must be primary.
    SinglePrimary(String),
    /// A text that is there must have at least one character, and at most so many.
    Longest(usize),
    /// Texts that are no references must not have these characters.
    RefusedCharacters(Vec<char>),
    /// No user and no group may have one of these names.
    ReservedNames(Vec<String>),
    /// One request takes so many members.
    MembersPerRequest(usize),
    /// Members are removed with a list of values.
    RemovesMembersByValueList,
    /// Members are not replaced, and not removed all at once.
    NoMemberReplacement,
    /// An extension is not removed as a whole.
    NoExtensionRemoval,
    /// The attribute may be changed and not removed.
    NotRemovable(String),
    /// A list without a cursor that has exactly so many resources may be cut.
    CutAt(usize),
    /// So many requests a second are taken.
    Rates(Rates),
}

impl Profile {
    /// What a service provider that describes itself so takes; what it does otherwise is added with [`Profile::with`].
    ///
    /// `patch` decides how users are updated, and `filter.maxResults` where a list may be cut.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Deviation, Profile, ServiceProviderConfig};
    ///
    /// let config = ServiceProviderConfig::from_json(br#"{"patch":{"supported":true},"filter":{"supported":true,"maxResults":50}}"#)?;
    /// let profile = Profile::from_config("Example", &config).with(Deviation::MembersPerRequest(100));
    /// assert_eq!((&*profile.page_caps, profile.members_per_request), (&[50][..], 100));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn from_config(name: impl Into<Cow<'static, str>>, config: &ServiceProviderConfig) -> Self {
        let cut = config.filter.as_ref().and_then(|filter| usize::try_from(filter.max_results?).ok()).filter(|most| *most > 0);
        Self {
            name: name.into(),
            user_update: if config.supports_patch() { UpdateMethod::Patch } else { UpdateMethod::Put },
            page_caps: Cow::Owned(cut.into_iter().collect()),
            ..Self::rfc()
        }
    }

    /// The same profile with one more deviation.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Deviation, Profile};
    ///
    /// let profile = Profile::rfc().with(Deviation::MembersPerRequest(100)).with(Deviation::NoMemberReplacement);
    /// assert!(!profile.patch.replaces_members);
    /// ```
    #[must_use]
    pub fn with(mut self, deviation: Deviation) -> Self {
        match deviation {
            Deviation::Required(path) => self.each_rule(|rule| {
                if rule.path.eq_ignore_ascii_case(&path) {
                    rule.required = true;
                }
            }),
            Deviation::Unsupported(path) => {
                let is_within = |rule: &AttributeRule| {
                    let below = rule.path.get(path.len()..).unwrap_or_default();
                    let starts = rule.path.get(..path.len()).is_some_and(|start| start.eq_ignore_ascii_case(&path));
                    starts && (below.is_empty() || below.starts_with(['.', ':']))
                };
                self.user.to_mut().retain(|rule| !is_within(rule));
                self.group.to_mut().retain(|rule| !is_within(rule));
            }
            Deviation::SingleValued(path) => self.each_list(&path, ValueClass::SingleValue),
            Deviation::SinglePrimary(path) => self.each_list(&path, ValueClass::SinglePrimaryValue),
            Deviation::Longest(longest) => self.each_rule(|rule| rule.longest = longest),
            Deviation::RefusedCharacters(characters) => {
                self.refused_characters.to_mut().extend(characters);
                self.each_rule(|rule| {
                    if rule.value == ValueClass::Text && rule.characters == CharacterClass::Any && !is_reference(&rule.path) {
                        rule.characters = CharacterClass::AnyButRefused;
                    }
                });
            }
            Deviation::ReservedNames(names) => self.reserved_names.to_mut().extend(names.into_iter().map(Cow::Owned)),
            Deviation::MembersPerRequest(most) => self.members_per_request = most,
            Deviation::RemovesMembersByValueList => self.patch.removes_by_value_list = true,
            Deviation::NoMemberReplacement => self.patch.replaces_members = false,
            Deviation::NoExtensionRemoval => self.patch.removes_extensions = false,
            Deviation::NotRemovable(path) => self.patch.not_removable.to_mut().push(Cow::Owned(path)),
            Deviation::CutAt(count) => self.page_caps.to_mut().push(count),
            Deviation::Rates(rates) => self.rates = rates,
        }
        self
    }

    fn each_rule(&mut self, mut change: impl FnMut(&mut AttributeRule)) {
        self.user.to_mut().iter_mut().chain(self.group.to_mut()).for_each(&mut change);
    }

    fn each_list(&mut self, path: &str, class: ValueClass) {
        self.each_rule(|rule| {
            if rule.value == ValueClass::Values && rule.path.eq_ignore_ascii_case(path) {
                rule.value = class;
            }
        });
    }
}

/// The attributes of RFC 7643 whose text is a URI.
fn is_reference(path: &str) -> bool {
    path.ends_with("$ref") || path.eq_ignore_ascii_case("profileUrl") || path.eq_ignore_ascii_case("photos.value")
}
