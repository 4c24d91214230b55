//! The two identifiers of a resource.

use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Location};

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $longest:expr, $example:expr) => {
        $(#[$doc])*
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("let id = idbridge_scim::", stringify!($name), "::new(\"", $example, "\")?;")]
        #[doc = concat!("assert_eq!(id.as_str(), \"", $example, "\");")]
        /// # Ok::<(), idbridge_scim::Error>(())
        /// ```
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// Takes the identifier as it stands.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::Identifier`] if it is empty or too long to be one.
            pub fn new(id: impl Into<String>) -> Result<Self, Error> {
                const LONGEST: usize = $longest;
                let id = id.into();
                if id.is_empty() || id.len() > LONGEST {
                    let kind = ErrorKind::Identifier { longest: LONGEST, found: id.len() };
                    return Err(Error::new(kind, Location::Whole));
                }
                Ok(Self(id.into_boxed_str()))
            }

            /// The identifier as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(id: String) -> Result<Self, Error> {
                Self::new(id)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into_string()
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

identifier! {
    /// The `id` that a service provider gave a resource (RFC 7643 section 3.1): opaque, compared with case, at most 1,024 bytes here.
    ///
    /// At AWS, permission-set assignments hang on it, so a resource is never deleted and created again.
    ResourceId, 1024, "9067729b3d-94f1e0b3-c394-48d5-8ab1-2c122a167074"
}

identifier! {
    /// The `externalId` that a provisioning client gave a resource (RFC 7643 section 3.1): opaque, compared with case, at most 1,024 bytes here.
    ///
    /// A service provider may take less (AWS: 256 characters); [`Profile::check_user`](crate::Profile::check_user) tells.
    ExternalId, 1024, "5c3912df6b6cfc4920051280"
}
