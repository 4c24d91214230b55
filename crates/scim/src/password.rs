//! Passwords.

use std::fmt;

/// The clear text of a `password` (RFC 7643 section 4.1.1), which is written to a service provider and never returned.
///
/// `Debug` writes `Password(..)`, and there is no `Display`.
///
/// # Security
///
/// A [`User`](crate::User) that is written as JSON, or becomes a [`Resource`](crate::Resource), carries the password in clear text. Where it is the
/// attribute `password` of a resource or of any [`Object`](crate::Object), `Debug` writes `(..)` for it, and so do a [`Change`](crate::Change) and a
/// [`PatchOperation`](crate::PatchOperation) of it. The `Debug` of a [`Value`](crate::Value) alone, and whatever is JSON, show it. Comparing two
/// passwords takes longer the more they agree, and the text is not overwritten when it is dropped.
///
/// # Examples
///
/// ```
/// use idbridge_scim::Password;
///
/// let password = Password::new("t1meMa$heen");
/// assert_eq!(format!("{password:?}"), "Password(..)");
/// assert_eq!(password.reveal(), "t1meMa$heen");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Box<str>);

impl Password {
    /// Takes a password as it stands.
    #[must_use]
    pub fn new(password: impl Into<String>) -> Self {
        Self(password.into().into_boxed_str())
    }

    /// The password in clear text.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_text(self) -> String {
        self.0.into_string()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}
