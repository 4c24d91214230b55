//! Bytes that nobody can foretell.

use idbridge_saml::ResponseIds;

use crate::Failure;

/// The letters of texts that people type: no `I`, `L`, `O` and `U`, which are taken for others.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Bytes of the system's generator.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| format!("the system has no random bytes: {error}"))?;
    Ok(bytes)
}

/// 128 random bits as a text for cookies, forms and URLs.
pub(crate) fn token() -> Result<String, Failure> {
    Ok(bytes::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// 80 random bits as a text to be typed: `7Q2M-X9RB-...`.
pub(crate) fn code() -> Result<String, Failure> {
    let letters: Vec<char> =
        bytes::<16>()?.iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32))).map(|letter| char::from(*letter)).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}

/// The identifiers of one response.
pub(crate) fn response_ids() -> Result<ResponseIds, Failure> {
    Ok(ResponseIds::from_random(bytes()?, bytes()?))
}

/// Whether two texts are the same, in a time that does not tell where they differ.
pub(crate) fn is_same(left: &str, right: &str) -> bool {
    let difference = left.bytes().zip(right.bytes()).fold(0, |difference, (left, right)| difference | (left ^ right));
    left.len() == right.len() && difference == 0
}
