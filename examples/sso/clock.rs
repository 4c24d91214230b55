//! The one place where the clock is read.

use std::time::SystemTime;

pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}
