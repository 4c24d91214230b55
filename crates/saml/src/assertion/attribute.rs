//! An attribute of a person (saml-core section 2.7.3.1).

/// A named list of values.
///
/// # Examples
///
/// ```
/// use idbridge_saml::Attribute;
///
/// let department = Attribute::new("department", ["Research", "Teaching"]);
/// assert_eq!(department.values(), ["Research", "Teaching"]);
///
/// let tag = Attribute::access_control("CostCenter", "4711");
/// assert_eq!(tag.name(), "https://aws.amazon.com/SAML/Attributes/AccessControl:CostCenter");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    name: String,
    name_format: Option<String>,
    friendly_name: Option<String>,
    values: Vec<String>,
}

impl Attribute {
    /// What the name of an attribute for access control begins with; the tag's key follows. AWS IAM Identity Center user guide, "Attributes for
    /// access control".
    pub const ACCESS_CONTROL: &'static str = "https://aws.amazon.com/SAML/Attributes/AccessControl:";

    /// An attribute with any number of values; one without values is left out of an assertion.
    #[must_use]
    pub fn new<V: Into<String>>(name: impl Into<String>, values: impl IntoIterator<Item = V>) -> Self {
        Self { name: name.into(), name_format: None, friendly_name: None, values: values.into_iter().map(Into::into).collect() }
    }

    /// A tag for access control in AWS: one key, byte for byte as it is given, and one value, because AWS takes no more.
    ///
    /// Which keys and values AWS takes is not checked here.
    #[must_use]
    pub fn access_control(key: &str, value: impl Into<String>) -> Self {
        Self::new(format!("{}{key}", Self::ACCESS_CONTROL), [value.into()])
    }

    /// The same, with a `NameFormat`.
    #[must_use]
    pub fn with_name_format(mut self, name_format: impl Into<String>) -> Self {
        self.name_format = Some(name_format.into());
        self
    }

    /// The same, with a `FriendlyName`, which is for people only.
    #[must_use]
    pub fn with_friendly_name(mut self, friendly_name: impl Into<String>) -> Self {
        self.friendly_name = Some(friendly_name.into());
        self
    }

    /// `Name`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `NameFormat`, if it is said.
    #[must_use]
    pub fn name_format(&self) -> Option<&str> {
        self.name_format.as_deref()
    }

    /// `FriendlyName`, if it is said.
    #[must_use]
    pub fn friendly_name(&self) -> Option<&str> {
        self.friendly_name.as_deref()
    }

    /// The values, in order.
    #[must_use]
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// The tag's key, if it is an attribute for access control.
    #[must_use]
    pub fn access_control_key(&self) -> Option<&str> {
        self.name.strip_prefix(Self::ACCESS_CONTROL)
    }
}
