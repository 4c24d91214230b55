//! A small company, from its first day to the day on which half of it seems to have left.
//!
//! Each chapter runs against the emulated service. What they need besides this crate is shown once, in the first chapter, and shared by the others:
//! how the records of a directory become wishes, and the loop that owns the connection and the store.
//!
//! | chapter | what it shows |
//! | --- | --- |
//! | [The first day](first_day) | wishes, a look, a plan, a run; and that the second run does nothing |
//! | [A crash](crash) | a process that ends between a request and its answer, and what the next one does |
//! | [Names, groups, people](changes) | what changes, what is deactivated, and what alone is deleted |
//! | [What is not done](not_done) | a record that is held, a source that is not complete, the guard, and what waits behind it |
//! | [One thing at a time](events) | somebody joins: what an event touches, and a look, a plan and a run of that alone |
//! | [A plan in a file](review) | a plan that is saved, read by a person and carried out later; and refused when it is out of date |
//! | [What others do](others) | drift that is listed and set back, and an account that is never touched |
//! | [A service that is down](outage) | how long it is left alone, and that nothing is concluded meanwhile |

pub mod changes;
pub mod crash;
pub mod events;
pub mod first_day;
pub mod not_done;
pub mod others;
pub mod outage;
pub mod review;
