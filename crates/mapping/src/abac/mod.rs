//! Attribute-based access control (ABAC): the tags that AWS knows a person by, and the policies that ask for them.
//!
//! ```text
//!   a person's tags  key -> value ----> policy::Statement::condition_on ---> ConditionResult
//!   a policy         JSON ------------> policy::lint --------------------> PolicyFinding
//! ```

pub mod policy;
