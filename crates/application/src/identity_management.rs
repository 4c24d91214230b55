//! Identity management, as far as single sign-on has to do with it.

use std::error::Error as StdError;
use std::time::SystemTime;

use crate::certificate::NewKey;
use crate::error::Error;
use crate::finding::Finding;
use crate::settings::Application;

/// Identity management and single sign-on are switched on and off each by itself.
impl Application {
    /// Whether identity management is switched on. It is not from the beginning.
    #[must_use]
    pub fn is_identity_management_active(&self) -> bool {
        self.has_identity_management
    }

    /// Notes that identity management is on, once the service has answered, and makes sure that there is a certificate: that of single sign-on, if
    /// there is one already.
    ///
    /// Single sign-on is recommended with it and not required; what comes back says what is missing.
    ///
    /// # Errors
    ///
    /// As of [`ensure_certificate`](Self::ensure_certificate); nothing is switched on then.
    pub fn activate_identity_management(
        &mut self,
        now: SystemTime,
        make: impl FnOnce() -> Result<NewKey, Box<dyn StdError + Send + Sync>>,
    ) -> Result<Vec<Finding>, Error> {
        self.ensure_certificate(now, make)?;
        self.has_identity_management = true;
        Ok(self.findings(now))
    }

    /// Notes that identity management is off. Single sign-on goes on, and the certificate stays.
    pub fn deactivate_identity_management(&mut self) {
        self.has_identity_management = false;
    }
}
