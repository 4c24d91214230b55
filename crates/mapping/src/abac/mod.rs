//! Attribute-based access control (ABAC): the tags that AWS knows a person by, and the policies that ask for them.
//!
//! ```text
//!   an assertion --AccessControl:<Key>------------+
//!                                                 +--> EffectiveTags, each with its origin
//!   a user at AWS --AccessControlAttributes-------+        |
//!                                                          | to_map
//!   a policy, JSON ----> policy::Statement::condition_on <-+--> ConditionResult
//!                  ----> policy::lint <--------------------+--> PolicyFinding
//! ```
//!
//! The attributes of an assertion are rules ([`SamlRule::access_control`](crate::SamlRule::access_control)); those of a user at AWS are set in its
//! console, and [`Selector::all`] lists what can be. Which of the two wins is [`Precedence`].

mod access_control;
mod finding;
mod key;
mod people;
pub mod policy;
mod selector;
mod tags;
mod written;

pub use access_control::AccessControlAttributes;
pub use finding::TagFinding;
pub use key::TagKey;
pub use people::{PeopleTags, TagRules};
pub use selector::Selector;
pub use tags::{EffectiveTags, Precedence, Tag, TagOrigin};
