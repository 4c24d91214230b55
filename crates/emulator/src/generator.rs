//! Numbers and identifiers that look random and are the same in every run.
//!
//! Nothing here is for security: an identifier can be foretold by whoever knows the seed, and that is what a test wants.

/// A sequence of numbers that follows from its seed: `SplitMix64` over a counter.
#[derive(Debug, Clone)]
pub(crate) struct Generator {
    state: u64,
}

impl Generator {
    /// The sequence of `stream` under `seed`; streams keep identifiers apart from draws.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        Self { state: mix(seed ^ mix(stream)) }
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.state)
    }

    /// The next identifier, shaped as the bare UUID that AWS gives since 2023.
    ///
    /// The older form, ten hexadecimal digits before the UUID, is not made here; a seeded resource may have it.
    pub(crate) fn next_uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        let (first, second, third) = (high >> 32, high >> 16 & 0xFFFF, high & 0x0FFF | 0x7000);
        let (fourth, fifth) = (low >> 48 & 0x3FFF | 0x8000, low & 0xFFFF_FFFF_FFFF);
        format!("{first:08x}-{second:04x}-{third:04x}-{fourth:04x}-{fifth:012x}")
    }
}

/// Spreads the bits of `number`: the finaliser of `SplitMix64`, which maps no two numbers to one.
pub(crate) fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

/// A digest of `parts` under `seed`, to tell a cursor that was made here from one that was not; no protection against an attacker.
pub(crate) fn digest(seed: u64, parts: &[&str]) -> u64 {
    let mut state = mix(seed);
    for part in parts {
        // The length keeps ("ab", "c") apart from ("a", "bc").
        state = mix(state ^ u64::try_from(part.len()).unwrap_or_default());
        for byte in part.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }
    mix(state)
}

#[cfg(test)]
mod tests {
    use super::{Generator, digest};

    #[test]
    fn identifiers_are_shaped_as_uuids_and_follow_from_the_seed() {
        let mut one = Generator::new(1, 0);
        let id = one.next_uuid();
        assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert_eq!(id, Generator::new(1, 0).next_uuid());
        assert_ne!(id, one.next_uuid());
        assert_ne!(id, Generator::new(1, 1).next_uuid());
        assert_ne!(id, Generator::new(2, 0).next_uuid());
    }

    #[test]
    fn a_digest_keeps_the_borders_of_its_parts() {
        assert_ne!(digest(1, &["ab", "c"]), digest(1, &["a", "bc"]));
    }
}
