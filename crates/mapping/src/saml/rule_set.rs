//! What an assertion says of people, as a table.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use idbridge_saml::NameIdFormat;

use crate::error::Error;
use crate::finding::{Finding, FindingKind};
use crate::rule::Source;
use crate::saml::NAME_ID;
use crate::saml::rule::{SamlRule, SamlSource, check_source, invalid};

/// AWS IAM Identity Center: the most attributes for access control.
const MOST_TAGS: usize = 50;

/// What an assertion says of a person, as a table that a caller can print, change and compare.
///
/// The NameID comes from one source, and the attributes have the order of the rules. [`SamlRuleSet::jumpcloud`] is the table to start from.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{AddressPart, SamlRule, SamlRuleSet, Source};
///
/// let rules = SamlRuleSet::jumpcloud()
///     .with_attribute(SamlRule::access_control("Region", Source::WorkAddress(AddressPart::Region))?)?
///     .with_attribute(SamlRule::constant("urn:example:origin", "idbridge")?)?;
/// assert!(rules.to_string().contains("addresses.work.region          https://aws.amazon.com/SAML/Attributes/AccessControl:Region\n"));
///
/// let error = rules.with_attribute(SamlRule::new("urn:example:origin", Source::Company)?).unwrap_err();
/// assert_eq!(error.to_string(), "invalid SAML rule for urn:example:origin: expected one rule for each attribute, found \"a second one\"");
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamlRuleSet {
    name_id: Source,
    format: NameIdFormat,
    attributes: Vec<SamlRule>,
}

impl SamlRuleSet {
    /// What JumpCloud's connector for AWS IAM Identity Center sends: the e-mail address as the NameID, and no attributes.
    ///
    /// AWS finds the person by the NameID, which must be the SCIM `userName`; both are the e-mail address, trimmed in the same way.
    #[must_use]
    pub fn jumpcloud() -> Self {
        Self { name_id: Source::Email, format: NameIdFormat::EMAIL_ADDRESS, attributes: Vec::new() }
    }

    /// The same, with the NameID from another source.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SamlRule`](crate::ErrorKind::SamlRule) for a source that no person has as a text.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{SamlRuleSet, Source};
    ///
    /// let rules = SamlRuleSet::jumpcloud().with_name_id(Source::Username)?.with_name_id_format("urn:oasis:names:tc:SAML:1.0:nameid-format:unspecified".into());
    /// assert_eq!(rules.name_id_source(), &Source::Username);
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    pub fn with_name_id(mut self, source: Source) -> Result<Self, Error> {
        check_source(NAME_ID, &source)?;
        self.name_id = source;
        Ok(self)
    }

    /// The same, with another format of the NameID; any text is one. A NameID of the format `emailAddress` must be an e-mail address.
    #[must_use]
    pub fn with_name_id_format(mut self, format: NameIdFormat) -> Self {
        self.format = format;
        self
    }

    /// The same, with one more attribute, behind those that are there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SamlRule`](crate::ErrorKind::SamlRule) if there is one of the same name, because AWS refuses a log-in that has one twice, and for
    /// the fifty-first tag for access control, because AWS takes fifty.
    pub fn with_attribute(mut self, rule: SamlRule) -> Result<Self, Error> {
        if self.attributes.iter().any(|known| known.name() == rule.name()) {
            return Err(invalid(rule.name(), "one rule for each attribute", "a second one"));
        }
        let is_tag = |rule: &SamlRule| rule.access_control_key().is_some();
        if is_tag(&rule) && self.attributes.iter().filter(|known| is_tag(known)).count() >= MOST_TAGS {
            return Err(invalid(rule.name(), "at most 50 attributes for access control", "one more"));
        }
        self.attributes.push(rule);
        Ok(self)
    }

    /// What is worth a look in the rules themselves: keys for access control that are equal without case (AB-05).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{AddressPart, SamlRule, SamlRuleSet, Source};
    ///
    /// let rules = SamlRuleSet::jumpcloud()
    ///     .with_attribute(SamlRule::access_control("Region", Source::WorkAddress(AddressPart::Region))?)?
    ///     .with_attribute(SamlRule::access_control("region", Source::Location)?)?;
    /// let finding = rules.findings().remove(0).to_string();
    /// assert!(finding.starts_with("the keys Region and region differ only in case, and AWS takes them for two"));
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let mut known: BTreeMap<String, &str> = BTreeMap::new();
        let mut findings = Vec::new();
        for rule in &self.attributes {
            let Some(key) = rule.access_control_key() else { continue };
            match known.entry(key.to_lowercase()) {
                Entry::Vacant(entry) => {
                    entry.insert(key);
                }
                Entry::Occupied(entry) => {
                    let kind = FindingKind::KeysDifferInCase { first: (*entry.get()).to_owned(), second: key.to_owned() };
                    findings.push(Finding::new(kind).at(rule.name()));
                }
            }
        }
        findings
    }

    /// Where the NameID comes from.
    #[must_use]
    pub fn name_id_source(&self) -> &Source {
        &self.name_id
    }

    /// The format of the NameID.
    #[must_use]
    pub fn name_id_format(&self) -> &NameIdFormat {
        &self.format
    }

    /// The attributes, in order.
    #[must_use]
    pub fn attributes(&self) -> &[SamlRule] {
        &self.attributes
    }

    /// Whether what a person is told to be may come from their groups.
    pub(crate) fn reads_groups(&self) -> bool {
        self.attributes().iter().any(|rule| matches!(rule.source(), SamlSource::User(Source::Custom(_))))
    }
}

impl fmt::Display for SamlRuleSet {
    /// Writes the table, one rule a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {:<29}  {NAME_ID} of the format {}", self.name_id.to_string(), self.format)?;
        for rule in &self.attributes {
            writeln!(f, "  {rule}")?;
        }
        Ok(())
    }
}
