//! Strict or lenient.

/// How much of what real provisioning clients send is taken: one value that the caller passes wherever something is read or applied.
///
/// | what | strict | lenient |
/// | --- | --- | --- |
/// | operation names | `add`, `remove`, `replace` | in any case (Entra ID) |
/// | a boolean | `true`, `false` | the strings `"True"` and `"False"` in any case as well (Entra ID, AWS) |
/// | keys of a value without a path | attributes and extensions | dotted names and flattened extension URIs as well (Entra ID) |
/// | an attribute that no schema knows, in a value without a path | refused | left out, as RFC 7644 section 3.3 lets a service provider do |
/// | `remove` with a `value` | refused | takes away those values and no others (Entra ID, JumpCloud, AWS) |
/// | a `valuePath` that matches nothing | refused | `add` and `replace` create the value; `remove` does nothing |
/// | a `replace` of a value that a `valuePath` matched | the value is replaced | its sub-attributes are merged |
/// | `manager` as a string | refused | is its `value`; an empty one takes it away (Entra ID) |
/// | a string for a complex value of a list | refused | is its `value` |
/// | one value for a list, in a `replace` | refused | is a list of one |
/// | a read-only attribute | refused | taken where it is what is there already (Okta) |
/// | two primary values in one write | refused | the last one is primary |
/// | white space in a filter | one space where the grammar has one | any |
/// | `not` without parentheses, `TRUE` | refused | taken |
/// | a PatchOp that does not name its schema | refused | taken |
/// | a URN with a namespace and no name, in a path | refused | taken |
/// | `emails[type eq "work"].value eq "x"` | refused | is `emails[type eq "work" and value eq "x"]` (Entra ID) |
///
/// What is written is always strict, whatever was read.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{Mode, PatchOp};
///
/// let sent = br#"{"Operations":[{"op":"Replace","path":"active","value":"False"}]}"#;
/// assert!(PatchOp::from_json(sent, Mode::Strict).is_err());
/// assert!(PatchOp::from_json(sent, Mode::Lenient).is_ok());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a caller chooses one of the two")]
pub enum Mode {
    /// What RFC 7643 and RFC 7644 say, and nothing else.
    Strict,
    /// What Entra ID, Okta and JumpCloud send as well.
    Lenient,
}

impl Mode {
    pub(crate) fn is_lenient(self) -> bool {
        self == Self::Lenient
    }
}
