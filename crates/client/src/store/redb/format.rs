//! What is in a state file, apart from redb's own pages.
//!
//! | table | key | value |
//! | --- | --- | --- |
//! | `idbridge-state` | `header` | the version of this layout, the number of commits, of records in `index` and of records in `sent`, as text |
//! | `index` | a record's key | a record's value |
//! | `sent` | a record's key that begins with `sent/` | a record's value |
//!
//! Each value has a checksum of its key and itself in front, 8 bytes.

use redb::{ReadableTable, Table, TableDefinition};

use crate::store::redb::fault::Fault;

pub(super) const HEADER: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("idbridge-state");
pub(super) const INDEX: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("index");
pub(super) const SENT: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("sent");

const HEADER_KEY: &str = "header";
const VERSION: u64 = 1;

/// What the file says of itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// The number of commits.
    pub(super) generation: u64,
    /// The number of records in the index.
    pub(super) index: u64,
    /// The number of records with last-sent values.
    pub(super) sent: u64,
}

impl Header {
    pub(super) fn read(table: &impl ReadableTable<&'static str, &'static [u8]>) -> Result<Self, Fault> {
        let Some(sealed) = table.get(HEADER_KEY)? else {
            return Err(Fault::Damaged("it has no header".to_owned()));
        };
        let text = String::from_utf8_lossy(unseal(HEADER_KEY, sealed.value())?).into_owned();
        let mut numbers = text.split(' ').map(str::parse);
        match (numbers.next(), numbers.next(), numbers.next(), numbers.next()) {
            (Some(Ok(VERSION)), Some(Ok(generation)), Some(Ok(index)), Some(Ok(sent))) => Ok(Self { generation, index, sent }),
            (Some(Ok(version)), ..) if version != VERSION => {
                Err(Fault::Foreign(format!("the format {version}, and this version of idbridge writes and reads the format {VERSION}")))
            }
            _ => Err(Fault::Damaged("its header cannot be read".to_owned())),
        }
    }

    pub(super) fn write(self, table: &mut Table<'_, &'static str, &'static [u8]>) -> Result<(), Fault> {
        let text = format!("{VERSION} {} {} {}", self.generation, self.index, self.sent);
        table.insert(HEADER_KEY, seal(HEADER_KEY, text.as_bytes()).as_slice())?;
        Ok(())
    }
}

/// A value with its checksum in front.
pub(super) fn seal(key: &str, value: &[u8]) -> Vec<u8> {
    [&checksum(key, value).to_le_bytes(), value].concat()
}

/// The value behind its checksum, if that is right.
pub(super) fn unseal<'a>(key: &str, sealed: &'a [u8]) -> Result<&'a [u8], Fault> {
    match sealed.split_first_chunk() {
        Some((sum, value)) if u64::from_le_bytes(*sum) == checksum(key, value) => Ok(value),
        // The key names a person's record, not a person.
        _ => Err(Fault::Damaged(format!("the record {key} was altered"))),
    }
}

/// FNV-1a with 64 bits: it finds every change of a single byte, and it is not made against anybody who means harm.
fn checksum(key: &str, value: &[u8]) -> u64 {
    // 0xFF is in no UTF-8 text, so a byte cannot move from the key into the value unseen.
    let bytes = key.bytes().chain([0xFF]).chain(value.iter().copied());
    bytes.fold(0xCBF2_9CE4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_fnv_1a() {
        // The test vector "foobar" of the FNV reference code, continued with the separator.
        let foobar = 0x8594_4171_F739_67E8_u64;
        assert_eq!(checksum("foobar", b""), (foobar ^ 0xFF).wrapping_mul(0x0100_0000_01B3));
    }

    #[test]
    fn a_value_is_found_altered_at_every_byte() {
        let sealed = seal("user/1", b"value");
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(unseal("user/1", &altered).is_err(), "byte {at}");
            assert!(unseal("user/1", &sealed[..at]).is_err(), "cut at {at}");
        }
        assert!(unseal("user/2", &sealed).is_err());
        assert_eq!(unseal("user/1", &sealed).unwrap(), b"value");
    }
}
