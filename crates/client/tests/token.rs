//! The token is never given away (IM-10).

#![allow(
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

use std::fs;

use idbridge_client::{BearerToken, Endpoint, ErrorKind, encode};
use idbridge_scim::protocol::Request;

const SECRET: &str = "hunter2-hunter2";

/// IM-10: the token is not in `Debug`, neither its own nor that of a request that carries it.
#[test]
fn im_10_a_token_is_never_printed() {
    let token = BearerToken::new(SECRET).unwrap();
    assert_eq!(format!("{token:?} {token:#?}"), "BearerToken(..) BearerToken(..)");
    let endpoint = Endpoint::parse("https://scim.example.com/t").unwrap();
    let message = encode(&Request::ServiceProviderConfig, &endpoint, &token).unwrap();
    let authorization = &message.headers()["authorization"];
    assert_eq!(authorization, "Bearer hunter2-hunter2");
    assert!(authorization.is_sensitive());
    assert!(!format!("{message:?}").contains(SECRET));
}

/// IM-10: an error about a token holds nothing of it.
#[test]
fn im_10_an_error_says_what_is_wrong_and_nothing_of_the_token() {
    for (token, expected) in [
        (String::new(), "nothing"),
        (format!("{SECRET}\n"), "a line break at byte 15 of 16"),
        (format!(" {SECRET}"), "a space at byte 0 of 16"),
        (format!("{SECRET}\u{7f}"), "a control character at byte 15 of 16"),
        (format!("{SECRET}ü"), "a character that is not ASCII at byte 15 of 17"),
        ("x".repeat(8 * 1024 + 1), "8193 bytes"),
    ] {
        let error = BearerToken::new(token).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Token { .. }));
        let message = error.to_string();
        assert!(message.ends_with(&format!(", found {expected}")), "{message}");
        assert!(!format!("{message}{error:?}").contains("hunter2"));
    }
    assert!(BearerToken::new("x".repeat(8 * 1024)).is_ok());
    // The longest tokens that AWS makes, with the characters that are in them.
    assert!(BearerToken::new("0aZ/=+-\\.~_".repeat(56)).is_ok());
}

/// A token file is what an editor or `echo` writes: a line.
#[test]
fn a_token_is_read_from_a_file_without_its_line_break() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let endpoint = Endpoint::parse("https://scim.example.com/t").unwrap();
    for content in [SECRET.to_owned(), format!("{SECRET}\n"), format!("{SECRET}\r\n")] {
        fs::write(&path, content).unwrap();
        let token = BearerToken::from_file(&path).unwrap();
        let message = encode(&Request::ServiceProviderConfig, &endpoint, &token).unwrap();
        assert_eq!(message.headers()["authorization"], "Bearer hunter2-hunter2");
    }
    for content in [format!("{SECRET}\n\n").into_bytes(), Vec::new(), vec![b'x'; 100_000], vec![0xFF, 0xFE], b"two words".to_vec()] {
        fs::write(&path, content).unwrap();
        assert!(matches!(BearerToken::from_file(&path).unwrap_err().kind(), ErrorKind::Token { .. }));
    }
    let error = BearerToken::from_file(folder.path().join("none")).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TokenFile { .. }));
    assert!(error.to_string().ends_with("none cannot be read"));
    assert!(std::error::Error::source(&error).is_some());
}
