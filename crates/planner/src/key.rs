//! Keys: how the directory's users and groups are told apart.
//!
//! Names, e-mail addresses and the service's identifiers all change or end; the directory's identifier does not. So it is what links, plans and
//! stores name a record by, and what `externalId` carries to the service (E-4).

use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// Returns the key as it was given. It is opaque: compared byte for byte, never parsed, and any text is one.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<T: Into<Box<str>>> From<T> for $name {
            fn from(id: T) -> Self {
                Self(id.into())
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

key! {
    /// The directory's own, stable identifier of a person. It never changes; names and e-mail addresses do.
    ///
    /// A person who is deleted and hired again under another identifier is another person (E-9).
    ///
    /// # Examples
    ///
    /// ```
    /// let key = idbridge_planner::UserKey::from("5c3912df6b6cfc4920051280");
    /// assert_eq!(key.as_str(), "5c3912df6b6cfc4920051280");
    /// ```
    UserKey
}

key! {
    /// The directory's own, stable identifier of a group. It never changes; names do.
    ///
    /// # Examples
    ///
    /// ```
    /// let key = idbridge_planner::GroupKey::from("6026da081f24755306c2ee0d");
    /// assert_eq!(key.as_str(), "6026da081f24755306c2ee0d");
    /// ```
    GroupKey
}

/// A user's or a group's key.
///
/// The two kinds do not mix: user `7` and group `7` are two records. Users come before groups, each in the order of their bytes, and so does every
/// list that is ordered by key.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{GroupKey, Key, UserKey};
///
/// assert_eq!(Key::from(UserKey::from("7")).to_string(), "user 7");
/// assert_ne!(Key::from(UserKey::from("7")), Key::from(GroupKey::from("7")));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "SCIM core has users and groups; a third kind would be a breaking change for every caller")]
pub enum Key {
    /// A user.
    User(UserKey),
    /// A group.
    Group(GroupKey),
}

impl Key {
    /// Returns the identifier, whichever kind it is of.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::User(key) => key.as_str(),
            Self::Group(key) => key.as_str(),
        }
    }
}

impl From<UserKey> for Key {
    fn from(key: UserKey) -> Self {
        Self::User(key)
    }
}

impl From<GroupKey> for Key {
    fn from(key: GroupKey) -> Self {
        Self::Group(key)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(key) => write!(f, "user {key}"),
            Self::Group(key) => write!(f, "group {key}"),
        }
    }
}
