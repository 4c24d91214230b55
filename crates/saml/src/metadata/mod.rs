//! Metadata: what parties say of themselves (saml-metadata).
//!
//! ```text
//!   text --> Metadata --> EntityDescriptor --> SpSsoDescriptor, IdpSsoDescriptor      what a file says
//!                               `--Registration--> RegisteredSp                       what an IdP believes of one SP
//!   IdpMetadata, SpMetadata --> text                                                  what is given to the other side
//! ```

mod endpoint;
mod entity;
mod finding;
mod idp;
mod idp_metadata;
mod read;
mod registered_sp;
mod registration;
mod role;
mod sp;
mod sp_metadata;
mod url;
mod write;

pub use endpoint::{AssertionConsumerService, Binding, SingleSignOnService};
pub use entity::EntityDescriptor;
pub use finding::MetadataFinding;
pub use idp::IdpSsoDescriptor;
pub use idp_metadata::IdpMetadata;
pub use read::Metadata;
pub use registered_sp::RegisteredSp;
pub use registration::Registration;
pub use sp::SpSsoDescriptor;
pub use sp_metadata::SpMetadata;
pub(crate) use url::{check_url, url_expects};
