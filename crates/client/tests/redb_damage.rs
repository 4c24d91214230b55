//! State files that were cut off or altered: an error each, and never a panic, an empty state or another one.

#![allow(
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod common;

use std::fs;
use std::path::Path;

use idbridge_client::{Error, ErrorKind, RedbStore, StateStore};
use idbridge_planner::{State, StateChange};

const COMMITS: usize = 12;
const USERS: usize = 9 * COMMITS;

/// A state file as a crash leaves it or as it was closed, and what is in it.
struct Original {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
    state: State,
}

impl Original {
    fn new(is_closed: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.redb");
        let mut state = State::default();
        let mut store = RedbStore::open(&path).unwrap();
        for batch in 0..COMMITS {
            let mut records: Vec<_> = (0..10).flat_map(|number| common::link(&mut state, batch * 10 + number, batch * 10)).collect();
            records.extend(state.apply(&StateChange::UserUnlinked { key: common::key(batch * 10) }));
            store.commit(&records).unwrap();
        }
        if is_closed {
            drop(store);
        }
        let bytes = fs::read(&path).unwrap();
        Self { folder, bytes, state }
    }

    /// Opens a file with these bytes, both ways. It is refused as damaged or foreign, or nothing is missing in it.
    fn is_refused(&self, bytes: &[u8], what: &str) -> bool {
        let path = self.folder.path().join("altered.redb");
        fs::write(&path, bytes).unwrap();
        let copied = self.read(RedbStore::open_read_only(&path), what);
        assert_eq!(fs::read(&path).unwrap(), bytes, "{what}: reading altered the file");
        let opened = self.read(RedbStore::open(&path), what);
        assert_eq!(copied, opened, "{what}");
        fs::remove_file(&path).unwrap();
        opened
    }

    fn read(&self, store: Result<RedbStore, Error>, what: &str) -> bool {
        let result = store.and_then(|mut store| {
            let users = common::check(&mut store)?;
            Ok((users, common::load(&mut store)?))
        });
        match result {
            Ok((users, state)) => {
                assert_eq!(users, USERS, "{what}");
                assert_eq!(state, self.state, "{what}");
                false
            }
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::StateDamaged { .. } | ErrorKind::StateForeign { .. }), "{what}: {error:?}");
                true
            }
        }
    }
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below
    }
}

/// A file that is cut off anywhere, as a full disk or a broken copy leaves it.
#[test]
fn a_file_that_is_cut_off_is_refused() {
    for original in [Original::new(true), Original::new(false)] {
        let mut dice = Dice(1);
        let length = original.bytes.len();
        let fixed = [0, 1, 8, 9, 10, 63, 64, 319, 320, 512, 4095, 4096, 4097, 8191, 8192, 8193, length - 4096, length - 1];
        let rolled: Vec<_> = (0..40).map(|_| dice.roll(length)).collect();
        for cut in fixed.into_iter().chain(rolled) {
            assert!(original.is_refused(&original.bytes[..cut], &format!("cut at {cut}")), "cut at {cut}");
        }
    }
}

/// A file with bytes behind its end, which something else wrote there.
#[test]
fn a_file_that_is_longer_loses_nothing() {
    for original in [Original::new(true), Original::new(false)] {
        for more in [1, 512, 4096, 100_000] {
            let mut bytes = original.bytes.clone();
            bytes.resize(bytes.len() + more, 0);
            original.is_refused(&bytes, &format!("{more} bytes more"));
        }
    }
}

/// One bit in each byte of redb's header: its magic, its sizes, its two commits.
#[test]
fn a_header_with_a_wrong_bit_loses_nothing() {
    for (is_closed, original) in [(true, Original::new(true)), (false, Original::new(false))] {
        let mut dice = Dice(2);
        // All of what is no commit, and every fourth byte of the two commits.
        for at in (0..64).chain((64..320).step_by(4)) {
            let bit = dice.roll(8);
            // In a file that a crash left, this bit says which of the two commits was the last. With the other value, it is the file of a crash
            // one commit earlier, whole in itself; nothing in the file could say that it is not.
            if !is_closed && at == 9 && bit == 0 {
                continue;
            }
            let mut bytes = original.bytes.clone();
            bytes[at] ^= 1 << bit;
            original.is_refused(&bytes, &format!("bit {bit} of byte {at}"));
        }
    }
}

/// Blocks of zeros, as a file system may leave them after a crash, at the place of each page; and the header's.
#[test]
fn pages_of_zeros_lose_nothing() {
    for original in [Original::new(true), Original::new(false)] {
        let pages = original.bytes.len() / 4096;
        let refused = (0..pages).filter(|page| {
            let mut bytes = original.bytes.clone();
            bytes[page * 4096..][..4096].fill(0);
            original.is_refused(&bytes, &format!("page {page}"))
        });
        let refused: Vec<_> = refused.collect();
        assert!(refused.contains(&0) && refused.len() > 5, "{refused:?} of {pages}");
    }
}

/// Random bytes anywhere, from one to a few pages of them; pages that changed places.
#[test]
fn altered_bytes_lose_nothing() {
    for original in [Original::new(true), Original::new(false)] {
        let mut dice = Dice(3);
        for number in 0..60 {
            let mut bytes = original.bytes.clone();
            let length = [1, 8, 64, 4096, 10_000][number % 5];
            let at = dice.roll(bytes.len() - length);
            for byte in &mut bytes[at..at + length] {
                *byte = u8::try_from(dice.roll(256)).unwrap();
            }
            original.is_refused(&bytes, &format!("{length} bytes at {at}"));
        }
        let pages = original.bytes.len() / 4096;
        for _ in 0..20 {
            let (from, to) = (dice.roll(pages), dice.roll(pages));
            let mut bytes = original.bytes.clone();
            bytes.copy_within(from * 4096..(from + 1) * 4096, to * 4096);
            original.is_refused(&bytes, &format!("page {from} over {to}"));
        }
    }
}

/// Other files are named as what they are, and nothing is written to them.
#[test]
fn a_file_of_another_kind_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.redb");
    for (content, expected) in [
        ("{\"users\":[]}".as_bytes(), "is no state file that this version can use: found a file of another kind"),
        (b"SQLite format 3\0", "is no state file that this version can use: found a file of another kind"),
        (b"", "is damaged: it is empty; put back a copy of it, or move it away to begin again from what the service holds"),
        (
            &[0; 10_000],
            "is damaged: its beginning is filled with zeros; put back a copy of it, or move it away to begin again from what the service holds",
        ),
    ] {
        fs::write(&path, content).unwrap();
        for error in [RedbStore::open(&path).unwrap_err(), RedbStore::open_read_only(&path).unwrap_err()] {
            assert!(error.to_string().ends_with(expected), "{error}");
            assert_eq!(error.path(), Some(path.as_path()));
        }
        assert_eq!(fs::read(&path).unwrap(), content);
    }
}

const HEADER: redb::TableDefinition<'_, &str, &[u8]> = redb::TableDefinition::new("idbridge-state");

/// A redb file of another program, and a state file of a later version.
#[test]
fn a_database_of_another_kind_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let found = |path: &Path| match RedbStore::open(path).unwrap_err().kind() {
        ErrorKind::StateForeign { found, .. } => found.clone(),
        other => panic!("{other:?}"),
    };
    let foreign = folder.path().join("foreign.redb");
    let database = redb::Database::create(&foreign).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(redb::TableDefinition::<u64, u64>::new("numbers")).unwrap().insert(1, 2).unwrap();
    transaction.commit().unwrap();
    drop(database);
    assert_eq!(found(&foreign), "a database of another program");

    let later = folder.path().join("later.redb");
    drop(RedbStore::open(&later).unwrap());
    write_header(&later, b"2 0 0 0");
    assert_eq!(found(&later), "the format 2, and this version of idbridge writes and reads the format 1");
}

/// The header counts the records, so that a table that lost some is noticed.
#[test]
fn a_file_that_lost_records_is_refused() {
    let original = Original::new(true);
    for header in ["1 12 110 108", "1 12 109 107", "1 12 0 0", "1 12", "", "x"] {
        let path = original.folder.path().join("state.redb");
        fs::write(&path, &original.bytes).unwrap();
        write_header(&path, header.as_bytes());
        assert!(original.is_refused(&fs::read(&path).unwrap(), header), "{header}");
    }
    let path = original.folder.path().join("state.redb");
    fs::write(&path, &original.bytes).unwrap();
    write_header(&path, b"1 12 109 108");
    assert!(!original.is_refused(&fs::read(&path).unwrap(), "the same header"));
}

/// Writes the header with the checksum that the store puts in front of each value (64-bit FNV-1a).
fn write_header(path: &Path, text: &[u8]) {
    let bytes = b"header\xFF".iter().chain(text);
    let sum = bytes.fold(0xCBF2_9CE4_8422_2325_u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3));
    let database = redb::Database::open(path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(HEADER).unwrap().insert("header", [&sum.to_le_bytes(), text].concat().as_slice()).unwrap();
    transaction.commit().unwrap();
}

/// A file that is altered while it is open is noticed at the latest when it is opened again, and nothing wrong is read until then.
#[test]
fn a_file_that_is_altered_while_it_is_open_gives_no_wrong_value() {
    let original = Original::new(true);
    let path = original.folder.path().join("open.redb");
    fs::write(&path, &original.bytes).unwrap();
    let mut store = RedbStore::open(&path).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[8192..].fill(0xA5);
    fs::write(&path, &bytes).unwrap();
    for number in 0..10 * COMMITS {
        let key = State::last_sent_record(&common::key(number).into());
        match store.read(&key) {
            Ok(sent) => assert_eq!(sent.is_some(), number % 10 != 0),
            Err(error) => assert!(matches!(error.kind(), ErrorKind::StateDamaged { .. }), "{error:?}"),
        }
    }
    drop(store);
    assert!(matches!(RedbStore::open(&path).unwrap_err().kind(), ErrorKind::StateDamaged { .. }));
}
