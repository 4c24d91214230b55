//! Which column is which attribute.

use std::collections::BTreeMap;

use crate::directory::csv::field::Field;
use crate::error::{Error, ErrorKind, Location};

/// JumpCloud's names for columns, besides those that have a number or the type of an address or telephone number in them.
const JUMPCLOUD: [(&str, &str); 31] = [
    ("id", "id"),
    ("_id", "id"),
    ("Username", "username"),
    ("Email", "email"),
    ("FirstName", "firstname"),
    ("MiddleName", "middlename"),
    ("LastName", "lastname"),
    ("DisplayName", "displayname"),
    ("preferredName", "displayname"),
    ("JobTitle", "jobTitle"),
    ("Department", "department"),
    ("CostCenter", "costCenter"),
    ("Company", "company"),
    ("EmployeeType", "employeeType"),
    ("EmployeeIdentifier", "employeeIdentifier"),
    ("Location", "location"),
    ("manager", "manager"),
    ("state", "state"),
    ("suspended", "suspended"),
    ("active", "active"),
    ("activated", "activated"),
    ("account_locked", "account_locked"),
    ("password_expired", "password_expired"),
    ("locale", "attributes.locale"),
    ("groups", "groups"),
    ("mobile_number", "phoneNumbers.mobile.number"),
    ("home_number", "phoneNumbers.home.number"),
    ("work_number", "phoneNumbers.work.number"),
    ("other_number", "phoneNumbers.other.number"),
    ("work_mobile_number", "phoneNumbers.work_mobile.number"),
    ("work_fax_number", "phoneNumbers.work_fax.number"),
];

/// The parts of an address, by the second half of a column's name.
const PARTS: [(&str, &str); 7] = [
    ("streetAddress", "streetAddress"),
    ("city", "locality"),
    ("locality", "locality"),
    ("state", "region"),
    ("region", "region"),
    ("postalCode", "postalCode"),
    ("country", "country"),
];

/// Names of columns that hold passwords.
const PASSWORDS: [&str; 6] = ["password", "passwd", "pwd", "userpassword", "initialpassword", "temporarypassword"];

/// Which column is read as which attribute. Names of columns compare without case, spaces, `_` and `-`.
///
/// An attribute is named as rules print it: `id`, `username`, `email`, `firstname`, `middlename`, `lastname`, `displayname`, `jobTitle`,
/// `company`, `department`, `employeeIdentifier`, `employeeType`, `costCenter`, `location`, `manager`, `state`, `suspended`, `active`,
/// `activated`, `account_locked`, `password_expired`, `addresses.work.locality` (or `streetAddress`, `region`, `postalCode`, `country`),
/// `phoneNumbers.work.number`, `attributes.region`; `group` is one group's name, `groups` several with `;` between them, and `groups:|` several
/// with `|`.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::csv::Columns;
///
/// // JumpCloud's columns, and one more.
/// let columns = Columns::jumpcloud().with("Office", "addresses.work.locality")?;
/// assert_ne!(columns, Columns::jumpcloud());
///
/// // These columns only.
/// let columns = Columns::from_pairs([("Mail", "email"), ("Team", "group")])?;
/// assert!(columns.with("Mail 2", "emial").is_err());
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    named: BTreeMap<String, Field>,
    /// Whether `Group1`, `Attribute1_name` and their like are read.
    has_numbered: bool,
}

impl Columns {
    /// The columns of JumpCloud's import file, as the table of the [module](crate::directory::csv) says; the default.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::csv::{self, Columns};
    ///
    /// assert_eq!(Columns::default(), Columns::jumpcloud());
    /// let table = b"username,e-mail,First Name,Work_City,Attribute1_name,Attribute1_value\nanna,anna@example.com,Anna,Oslo,badge,7\n";
    /// let snapshot = csv::read(table)?;
    /// let anna = &snapshot.users()["anna"];
    /// assert_eq!(anna.email.as_deref(), Some("anna@example.com"));
    /// assert_eq!(anna.first_name.as_deref(), Some("Anna"));
    /// assert_eq!(anna.work_address().and_then(|address| address.locality.as_deref()), Some("Oslo"));
    /// assert_eq!(anna.custom["badge"], "7");
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn jumpcloud() -> Self {
        let named = JUMPCLOUD.into_iter().filter_map(|(column, field)| Some((comparable(column), Field::named(field)?)));
        let parts = ["work", "home", "other"].into_iter().flat_map(|kind| {
            PARTS.into_iter().filter_map(move |(column, part)| {
                Some((comparable(&format!("{kind}_{column}")), Field::named(&format!("addresses.{kind}.{part}"))?))
            })
        });
        Self { named: named.chain(parts).collect(), has_numbered: true }
    }

    /// These columns, each with the attribute that it is read as, and no others.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`] if there is no such attribute, a column is there twice, or a column is one for passwords, which are never read.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::csv::Columns;
    ///
    /// assert!(Columns::from_pairs([("Mail", "email"), ("Cost Centre", "costCenter"), ("Region", "attributes.region")]).is_ok());
    /// for (pairs, expected) in [
    ///     ([("Mail", "email"), ("MAIL", "username")], "the column \"MAIL\" is there twice"),
    ///     ([("Mail", "email"), ("Password", "attributes.p")], "the column \"Password\" is one for passwords, which are never read"),
    ///     (
    ///         [("Mail", "email"), ("Office", "office")],
    ///         "the column \"Office\" must be an attribute such as email or attributes.region, found \"office\"",
    ///     ),
    /// ] {
    ///     let error = Columns::from_pairs(pairs).unwrap_err();
    ///     assert_eq!(error.to_string(), format!("invalid directory file: {expected}"));
    /// }
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Error> {
        let mut columns = Self { named: BTreeMap::new(), has_numbered: false };
        for (column, field) in pairs {
            if columns.named.contains_key(&comparable(column)) {
                return Err(refused(format!("the column {column:?} is there twice")));
            }
            columns = columns.with(column, field)?;
        }
        Ok(columns)
    }

    /// The same, with `column` read as `field` in place of anything else.
    ///
    /// # Errors
    ///
    /// As [`Columns::from_pairs`].
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::csv::{self, Columns, Options};
    ///
    /// // Somebody keeps the log-in name in a column of their own; the address stays where JumpCloud has it.
    /// let mut options = Options::default();
    /// options.columns = Columns::jumpcloud().with("Login", "username")?;
    /// let snapshot = csv::read_with(b"Login,Email,Group1\nanna,anna@example.com,Staff\n", None, &options)?;
    /// assert_eq!(snapshot.users()["anna"].email.as_deref(), Some("anna@example.com"));
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    pub fn with(mut self, column: &str, field: &str) -> Result<Self, Error> {
        let key = comparable(column);
        if key.is_empty() {
            return Err(refused("a column must have a name".to_owned()));
        }
        if PASSWORDS.contains(&key.as_str()) {
            return Err(refused(format!("the column {column:?} is one for passwords, which are never read")));
        }
        let Some(field) = Field::named(field) else {
            return Err(refused(format!("the column {column:?} must be an attribute such as email or attributes.region, found {field:?}")));
        };
        self.named.insert(key, field);
        Ok(self)
    }

    /// What a column with this header is read as.
    ///
    /// Passwords are asked for first, so that no mapping can name one. A numbered column is any number: how many there are is for the table to say.
    pub(super) fn field(&self, header: &str) -> Option<Field> {
        let key = comparable(header);
        if PASSWORDS.contains(&key.as_str()) {
            return None;
        }
        if let Some(field) = self.named.get(&key) {
            return Some(field.clone());
        }
        if !self.has_numbered {
            return None;
        }
        if number(&key, "group", "").is_some() {
            return Some(Field::Group);
        }
        number(&key, "attribute", "name")
            .map(Field::AttributeName)
            .or_else(|| number(&key, "attribute", "value").map(Field::AttributeValue))
    }
}

impl Default for Columns {
    fn default() -> Self {
        Self::jumpcloud()
    }
}

/// A column's name as it is compared.
///
/// Spreadsheets and exports write one name in many ways (`First Name`, `first_name`, `FIRSTNAME`), and no two attributes differ by that alone.
pub(super) fn comparable(header: &str) -> String {
    let kept = header.chars().filter(|character| !character.is_whitespace() && !matches!(character, '_' | '-'));
    kept.flat_map(char::to_lowercase).collect()
}

/// The number between `before` and `after`, if that is all of `key`.
///
/// Signs and other digits than ASCII's are refused, and so is a number beyond 32 bits: such a column is one of no meaning, not an error.
fn number(key: &str, before: &str, after: &str) -> Option<u32> {
    let digits = key.strip_prefix(before)?.strip_suffix(after)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// The error of a mapping of columns that cannot be one; it is nowhere in a text.
fn refused(reason: String) -> Error {
    Error::new(ErrorKind::Shape { reason }, Location::Whole)
}
