//! The words of the characteristics, as JSON has them.

use std::fmt;

use super::{AttributeType, Mutability, Returned, Uniqueness};

/// A characteristic that is one of a few words.
pub(super) trait Word: Copy + 'static {
    /// Each of them.
    const ALL: &'static [Self];
    /// What an error says of something that is none of them.
    const EXPECTED: &'static str;
    /// What an error says of something that is no string.
    const EXPECTED_STRING: &'static str;

    /// The word.
    fn word(self) -> &'static str;
}

macro_rules! words {
    ($type:ident, $name:literal, $expected:literal, { $($variant:ident = $word:literal,)* }) => {
        impl $type {
            /// The word on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Word for $type {
            const ALL: &'static [Self] = &[$(Self::$variant,)*];
            const EXPECTED: &'static str = concat!("the ", $name, " ", $expected);
            const EXPECTED_STRING: &'static str = concat!("a ", $name, " that is a string");

            fn word(self) -> &'static str {
                self.as_str()
            }
        }
    };
}

words!(AttributeType, "type", "string, boolean, decimal, integer, dateTime, binary, reference or complex", {
    String = "string",
    Boolean = "boolean",
    Decimal = "decimal",
    Integer = "integer",
    DateTime = "dateTime",
    Binary = "binary",
    Reference = "reference",
    Complex = "complex",
});

words!(Mutability, "mutability", "readOnly, readWrite, immutable or writeOnly", {
    ReadOnly = "readOnly",
    ReadWrite = "readWrite",
    Immutable = "immutable",
    WriteOnly = "writeOnly",
});

words!(Returned, "returned", "always, never, default or request", {
    Always = "always",
    Never = "never",
    Default = "default",
    Request = "request",
});

words!(Uniqueness, "uniqueness", "none, server or global", {
    None = "none",
    Server = "server",
    Global = "global",
});
