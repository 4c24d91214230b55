//! What is known of a request besides the person's tags.

use std::collections::BTreeMap;

/// Values of condition keys that are no tags of the person, such as `aws:RequestedRegion` or `ec2:ResourceTag/Team`.
///
/// A key that is not in it is unknown, which is not the same as absent. Keys are known in any case of their letters. What it says of
/// `aws:PrincipalTag/..` is not looked at: that is what the person's tags are for.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::abac::policy::Context;
///
/// let context = Context::new().with("aws:RequestedRegion", ["eu-west-1"]).without("aws:TagKeys");
/// assert_eq!(context.values("AWS:requestedregion"), Some(&["eu-west-1".to_owned()][..]));
/// assert_eq!(context.values("aws:TagKeys"), Some(&[][..]));
/// assert_eq!(context.values("aws:SourceIp"), None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context(BTreeMap<String, Vec<String>>);

impl Context {
    /// Nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with the values that `key` has in the request; one that it had before is forgotten. No values say that the key is absent.
    #[must_use]
    pub fn with(mut self, key: &str, values: impl IntoIterator<Item: Into<String>>) -> Self {
        self.0.insert(key.to_lowercase(), values.into_iter().map(Into::into).collect());
        self
    }

    /// The same, with the knowledge that the request has no `key`.
    #[must_use]
    pub fn without(self, key: &str) -> Self {
        self.with(key, [""; 0])
    }

    /// The values of `key`: none if it is absent, and nothing if it is unknown.
    #[must_use]
    pub fn values(&self, key: &str) -> Option<&[String]> {
        self.0.get(&key.to_lowercase()).map(Vec::as_slice)
    }
}
