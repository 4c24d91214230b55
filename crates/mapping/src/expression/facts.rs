//! What an expression can ask for.

use std::collections::BTreeMap;

use minijinja::Value;

use crate::directory::{Group, User};
use crate::expression::Expression;
use crate::expression::scan::Chain;
use crate::finding::ExpressionFailure;
use crate::rule::{AddressPart, Source, Surroundings, address_of, phone_number_of};

/// The fields of a person that are one text.
pub(super) const FIELDS: [&str; 14] = [
    "id",
    "username",
    "email",
    "firstname",
    "middlename",
    "lastname",
    "displayname",
    "jobTitle",
    "company",
    "department",
    "costCenter",
    "employeeType",
    "employeeIdentifier",
    "location",
];
/// What of a person is more than one text.
pub(super) const ADDRESSES: &str = "addresses";
pub(super) const PHONE_NUMBERS: &str = "phoneNumbers";
pub(super) const ATTRIBUTES: &str = "attributes";
pub(super) const MANAGER: &str = "manager";
pub(super) const GROUPS: &str = "groups";
/// What only a group has.
pub(super) const GROUP_NAME: &str = "name";
/// Everything that a group has.
pub(super) const OF_A_GROUP: [&str; 3] = ["id", GROUP_NAME, ATTRIBUTES];
/// The one thing that there is of a telephone number.
pub(super) const NUMBER: &str = "number";

/// Whether `name` is of what is around a person.
pub(super) fn is_around(name: &str) -> bool {
    name == MANAGER || name == GROUPS
}

/// What an expression can ask for: a person with what is around them, or a group.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{Expression, Facts, Surroundings, directory::{DirectoryId, User}};
///
/// let user = User::new(DirectoryId::new("u1")?);
/// let surroundings = Surroundings::none();
/// assert_eq!(Expression::new("id | upper")?.evaluate(&Facts::of_user(&user, &surroundings)), Ok(Some("U1".to_owned())));
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a>(Of<'a>);

#[derive(Debug, Clone, Copy)]
enum Of<'a> {
    User(&'a User, &'a Surroundings<'a>),
    Group(&'a Group),
}

impl<'a> Facts<'a> {
    /// A person, with what is around them.
    #[must_use]
    pub fn of_user(user: &'a User, surroundings: &'a Surroundings<'a>) -> Self {
        Self(Of::User(user, surroundings))
    }

    /// A group.
    #[must_use]
    pub fn of_group(group: &'a Group) -> Self {
        Self(Of::Group(group))
    }

    pub(super) fn is_partial(&self) -> bool {
        match self.0 {
            Of::User(_, surroundings) => surroundings.is_partial(),
            Of::Group(_) => false,
        }
    }

    /// The values of these names; what is absent is not among them.
    pub(super) fn context<'n>(&self, names: impl IntoIterator<Item = &'n Chain>) -> Result<Value, ExpressionFailure> {
        let mut context = Table::default();
        for chain in names {
            match self.0 {
                Of::User(user, surroundings) => of_user(user, surroundings, chain, &mut context)?,
                Of::Group(group) => of_group(group, chain, &mut context)?,
            }
        }
        Ok(context.into_value())
    }
}

fn of_user(user: &User, surroundings: &Surroundings<'_>, chain: &Chain, context: &mut Table) -> Result<(), ExpressionFailure> {
    match chain.root() {
        ADDRESSES => {
            let Some(kind) = chain.part(0) else { return Ok(()) };
            // The table is there even if the address is not, so that to ask for a part of it is not an error.
            let address = context.table(ADDRESSES).table(kind);
            let found = address_of(user, kind);
            for part in AddressPart::ALL {
                address.text(&part.to_string(), found.and_then(|found| part.of(found)))?;
            }
            Ok(())
        }
        PHONE_NUMBERS => {
            let Some(kind) = chain.part(0) else { return Ok(()) };
            context.table(PHONE_NUMBERS).table(kind).text(NUMBER, phone_number_of(user, kind))
        }
        ATTRIBUTES => attributes(&user.custom, chain, context),
        MANAGER => {
            let manager = context.table(MANAGER);
            let Some((found, name)) = surroundings.manager_of(user).zip(chain.part(0)) else { return Ok(()) };
            manager.field(found, name)
        }
        GROUPS => {
            let groups = surroundings.groups_of(user);
            within(groups.iter().map(|group| group.len()).sum())?;
            context.values.insert(GROUPS.to_owned(), groups.iter().copied().collect());
            Ok(())
        }
        name => context.field(user, name),
    }
}

fn of_group(group: &Group, chain: &Chain, context: &mut Table) -> Result<(), ExpressionFailure> {
    match chain.root() {
        "id" => context.text("id", Some(group.id.as_str())),
        GROUP_NAME => context.text(GROUP_NAME, group.name.as_deref()),
        ATTRIBUTES => attributes(&group.custom, chain, context),
        _ => Ok(()),
    }
}

/// The attribute that is asked for, or all of them if that is not known before.
fn attributes(custom: &BTreeMap<String, String>, chain: &Chain, context: &mut Table) -> Result<(), ExpressionFailure> {
    let attributes = context.table(ATTRIBUTES);
    if let Some(name) = chain.part(0) {
        return attributes.text(name, custom.get(name).map(String::as_str));
    }
    within(custom.iter().map(|(name, text)| name.len() + text.len()).sum())?;
    custom.iter().try_for_each(|(name, text)| attributes.text(name, Some(text)))
}

fn within(length: usize) -> Result<(), ExpressionFailure> {
    let longest = Expression::LONGEST_TEXT;
    if length > longest { Err(ExpressionFailure::TooLong { longest }) } else { Ok(()) }
}

/// A table that is being filled.
#[derive(Default)]
struct Table {
    values: BTreeMap<String, Value>,
    tables: BTreeMap<String, Self>,
}

impl Table {
    /// The table at `name`, made if there is none.
    fn table(&mut self, name: &str) -> &mut Self {
        self.tables.entry(name.to_owned()).or_default()
    }

    /// A text of a person, trimmed as rules trim it.
    fn field(&mut self, user: &User, name: &str) -> Result<(), ExpressionFailure> {
        let text = Source::word(name).and_then(|source| source.text_of_user(user));
        self.text(name, text.as_deref())
    }

    /// A text, trimmed; a blank one is absent.
    fn text(&mut self, name: &str, text: Option<&str>) -> Result<(), ExpressionFailure> {
        if let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) {
            within(text.len())?;
            self.values.insert(name.to_owned(), Value::from(text));
        }
        Ok(())
    }

    fn into_value(self) -> Value {
        let mut values = self.values;
        values.extend(self.tables.into_iter().map(|(name, table)| (name, table.into_value())));
        Value::from(values)
    }
}
