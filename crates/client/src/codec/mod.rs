//! SCIM requests as HTTP messages, and HTTP messages as SCIM answers (RFC 7644 section 3).

mod decode;
mod encode;

pub use decode::decode;
pub use encode::encode;
