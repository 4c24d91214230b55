//! The directory: who there is, and by which address.

use std::path::Path;

use idbridge_application::Denied;
use idbridge_mapping::directory::{Snapshot, User, jumpcloud};

use crate::{Failure, files};

/// The directory that is used when no other is given.
const BUNDLED: &[u8] = include_bytes!("../data/directory.json");

/// The directory file, as it was at the start.
pub(crate) struct People {
    pub(crate) snapshot: Snapshot,
    emails: Vec<String>,
}

/// Whom an e-mail address belongs to.
pub(crate) enum Found<'a> {
    Nobody,
    Person(&'a User),
    /// Nobody knows who of them is meant.
    Several,
}

impl People {
    pub(crate) fn read(path: Option<&Path>) -> Result<Self, Failure> {
        let snapshot = match path {
            None => jumpcloud::read(BUNDLED)?,
            Some(path) => {
                let bytes = files::read("the directory file", path)?;
                jumpcloud::read(&bytes).map_err(|error| format!("the directory file {}: {error}", path.display()))?
            }
        };
        let mut emails: Vec<String> = snapshot.users().values().filter_map(|user| email(user).map(str::to_owned)).collect();
        emails.sort();
        emails.dedup();
        Ok(Self { snapshot, emails })
    }

    /// Finds a person by e-mail address, which nobody types with the capitals of the directory.
    pub(crate) fn find(&self, typed: &str) -> Found<'_> {
        let typed = typed.trim().to_lowercase();
        let is_meant = |user: &&User| email(user).is_some_and(|email| email.to_lowercase() == typed);
        let mut found = self.snapshot.users().values().filter(is_meant);
        match (found.next(), found.next()) {
            (None, _) => Found::Nobody,
            (Some(user), None) => Found::Person(user),
            (Some(_), Some(_)) => Found::Several,
        }
    }

    /// The addresses, in alphabetical order.
    pub(crate) fn emails(&self) -> &[String] {
        &self.emails
    }
}

/// What a person is called.
pub(crate) fn email(user: &User) -> Option<&str> {
    user.email.as_deref().map(str::trim).filter(|email| !email.is_empty())
}

/// Why somebody may not sign in, as it is told to themselves.
pub(crate) fn explain(denied: &Denied) -> String {
    match denied {
        Denied::Staged => "Your account has not been let in yet: it is staged in the directory.".to_owned(),
        Denied::Suspended => "Your account is suspended in the directory.".to_owned(),
        Denied::NotAuthorised => "You are in no group that may use it, and nobody has let you in by yourself.".to_owned(),
        Denied::Held { .. } => "Your record in the directory cannot be used as it is.".to_owned(),
        Denied::NameShared { .. } => "Somebody else has the same e-mail address, and one would be taken for the other.".to_owned(),
        _ => "It is not set up for anybody.".to_owned(),
    }
}
