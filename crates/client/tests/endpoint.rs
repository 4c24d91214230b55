//! Where a tenant's service is (IM-03).

#![allow(
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

use idbridge_client::{Endpoint, ErrorKind};

fn refusal(text: &str) -> String {
    let error = Endpoint::parse(text).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Endpoint { .. }), "{error:?}");
    error.to_string()
}

/// IM-03: spaces around the URL and slashes behind it are taken away.
#[test]
fn im_03_an_endpoint_is_normalised() {
    for (given, expected) in [
        ("https://scim.eu-west-1.amazonaws.com/Hw59-083d/scim/v2", "https://scim.eu-west-1.amazonaws.com/Hw59-083d/scim/v2"),
        ("  https://scim.eu-west-1.amazonaws.com/Hw59-083d/scim/v2/\n", "https://scim.eu-west-1.amazonaws.com/Hw59-083d/scim/v2"),
        ("https://scim.us-east-1.api.aws/t/scim/v2//", "https://scim.us-east-1.api.aws/t/scim/v2"),
        ("HTTPS://SCIM.Example.COM:443/Tenant", "https://scim.example.com/Tenant"),
        ("https://scim.example.com:8443/t", "https://scim.example.com:8443/t"),
        ("https://scim.example.com", "https://scim.example.com"),
        ("https://scim.example.com/", "https://scim.example.com"),
        ("https://[2001:DB8::1]:8443/t", "https://[2001:db8::1]:8443/t"),
        ("https://192.0.2.1/t", "https://192.0.2.1/t"),
        ("https://scim.example.com/a%20b/v2", "https://scim.example.com/a%20b/v2"),
    ] {
        let endpoint = Endpoint::parse(given).unwrap();
        assert_eq!(endpoint.to_string(), expected, "{given:?}");
        assert_eq!(Endpoint::parse(expected).unwrap(), endpoint);
    }
}

/// IM-03: `http` is for this machine only, written in any way.
#[test]
fn im_03_http_is_for_loopback_only() {
    for text in [
        "http://127.0.0.1:8080/t/scim/v2",
        "http://127.8.9.10/t",
        "http://localhost:1/t",
        "http://LocalHost/t",
        "http://[::1]:8080/t",
        "http://[0:0:0:0:0:0:0:1]/t",
    ] {
        assert!(Endpoint::parse(text).unwrap().is_loopback(), "{text}");
    }
    assert_eq!(Endpoint::parse("http://127.0.0.1:80/t").unwrap().to_string(), "http://127.0.0.1/t");
    for text in [
        "http://scim.example.com/t",
        "http://localhost.example.com/t",
        "http://127.0.0.1.example.com/t",
        "http://128.0.0.1/t",
        "http://0.0.0.0/t",
        "http://[::2]/t",
        "http://[::ffff:127.0.0.1]/t",
    ] {
        assert!(refusal(text).contains("http:// is for this machine only"), "{text}");
    }
}

/// IM-03: what does not belong there is refused, and the message says what was found and what to give, without repeating what may be secret.
#[test]
fn im_03_userinfo_query_and_fragment_are_refused() {
    for (text, expected) in [
        (
            "https://user:hunter2@scim.example.com/t",
            "expected a URL without a user name, found a user name or password in front of the host",
        ),
        ("http://localhost@evil.example.com/t", "expected a URL without a user name, found a user name or password in front of the host"),
        ("https://scim.example.com/t?token=hunter2", "expected a URL without a query, found a ? and what follows it"),
        ("https://scim.example.com/t#hunter2", "expected a URL without a fragment, found a # and what follows it"),
        ("", "expected a URL such as https://scim.eu-west-1.amazonaws.com/TENANT/scim/v2, found nothing"),
        (
            "scim.example.com/t",
            "expected a URL such as https://scim.eu-west-1.amazonaws.com/TENANT/scim/v2, found no https:// at its beginning",
        ),
        ("ftp://scim.example.com/t", "expected https://, found another scheme"),
        ("https://scim.example.com/a b", "expected a URL without spaces in it, found a space or a line break"),
        ("https://scim.example.com/a\u{0}b", "expected a URL without spaces in it, found a space or a line break"),
        ("https:///t", "expected a host behind https://, found none"),
        ("https://:443/t", "expected a host behind https://, found none"),
        ("https://scim.example.com:0/t", "expected a port from 1 to 65535, found \"0\" behind the host"),
        ("https://scim.example.com:99999/t", "expected a port from 1 to 65535, found \"99999\" behind the host"),
        ("https://scim.example.com:https/t", "expected a port from 1 to 65535, found something else behind the host"),
        ("https://127.1/t", "expected the name or the address of a host, found \"127.1\""),
        ("https://a..b/t", "expected the name or the address of a host, found \"a..b\""),
        ("https://[::1/t", "expected a port from 1 to 65535, found something else behind the host"),
        ("https://münchen.example.com/t", "expected the name or the address of a host, found \"münchen.example.com\""),
        ("https://scim.example.com/a/../b", "expected a path with a name between any two slashes, found an empty, . or .. part in it"),
        ("https://scim.example.com/a//b", "expected a path with a name between any two slashes, found an empty, . or .. part in it"),
        ("https://scim.example.com/ü", "expected a path of the characters that a URL has, found 'ü' in it"),
        ("https://scim.example.com/\"t\"", "expected a path of the characters that a URL has, found '\"' in it"),
    ] {
        let message = refusal(text);
        assert_eq!(message, format!("invalid SCIM endpoint: {expected}"), "{text:?}");
        assert!(!message.contains("hunter2"));
    }
}

/// The tenant's name is the path: AWS shows one tenant under two hosts.
#[test]
fn the_name_is_the_path() {
    assert_eq!(Endpoint::parse("https://scim.eu-west-1.api.aws/Hw59/scim/v2/").unwrap().name(), "/Hw59/scim/v2");
    assert_eq!(Endpoint::parse("https://scim.example.com").unwrap().name(), "/");
    assert_eq!("https://scim.example.com/x".parse::<Endpoint>().unwrap().name(), "/x");
}
