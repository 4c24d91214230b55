//! What reading a directory takes of memory, in bytes beside each byte of the text, counted at the allocator.
//!
//! ```text
//! cargo bench -p idbridge-benches --bench mapping_memory               1,000, 10,000 and 100,000 people
//! cargo bench -p idbridge-benches --bench mapping_memory -- --quick    1,000 people, to see that it runs
//! ```
//!
//! Counted are the bytes that were asked for, not the pages of the process: so the figures are the same in each run and on each machine. The peak is
//! what a read needs at most at one time besides the text, with the snapshot that it makes; it grows with the text and no faster, because records
//! are taken one by one.

mod company;
mod measure;

use company::Company;
use idbridge_mapping::directory::jumpcloud;
use measure::{is_quick, judge, say};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most bytes that a read may need at one time for each byte of the text.
const PEAK: f64 = 4.0;
/// The most bytes that a read may need at one time for each byte of the snapshot: there is no second copy of the directory.
const BESIDES: f64 = 1.25;

fn main() {
    for users in [1_000, 10_000, 100_000] {
        measure_company(users);
        if is_quick() {
            break;
        }
    }
}

fn measure_company(users: u32) {
    let text = Company::new(users).text();
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let Ok(snapshot) = jumpcloud::read(text.as_bytes()) else { return say("the company of the benchmark cannot be read") };
    let peak = bytes(MEMORY.peak_usage().saturating_sub(before));
    let kept = bytes(MEMORY.current_usage().saturating_sub(before));
    say(&format!("{} people, {} bytes of text", snapshot.users().len(), text.len()));
    judge("  the snapshot", kept / bytes(text.len()), "bytes a byte of text", None);
    judge("  at most at one time", peak / bytes(text.len()), "bytes a byte of text", Some(PEAK));
    judge("  at most at one time", peak / kept, "bytes a byte of the snapshot", Some(BESIDES));
}

fn bytes(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
