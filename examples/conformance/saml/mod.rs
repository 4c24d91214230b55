//! Answers vectors of SAML 2.0.
//!
//! | `kind` | asks | answers |
//! | --- | --- | --- |
//! | `response` | everything of a response: `now`, `sp_entity_id`, `acs_url`, `idp_entity_id`, `in_response_to` | `name_id`, `name_id_format`, `attributes`: lists of values by name |
//! | `response-signature` | the signatures of a response, and nothing else of it | |
//! | `authn-request-signature` | the same of a request as XML | |
//! | `metadata-signature`, `signed_metadata` | the same of metadata | |
//! | `dsig` | the same of any document with its signature directly in the root | |
//! | `authn_request_redirect` | a request as the raw query of a URL, for an SP with `sp_entity_id`, `acs_urls`, `acs_indexes`, `default_acs_url` | `id`, `issuer`, `acs_url`, `name_id_format`, `relay_state`, `force_authn`, `is_passive`, `requested_authn_context`, `subject` |
//! | `authn_request_post` | the same of a request that was posted | the same |
//! | `authn_request` | what a request says, believed or not | `id`, `issuer`, `acs_url` |
//! | `sp_metadata` | the first SP of the metadata, registered (http is allowed) | `entity_id`, `acs`: `index`, `url`, `default`; `default_acs_url`, `name_id_formats`, `authn_requests_signed`, `want_assertions_signed`, `signing_certs` and `encryption_certs`: how many |
//! | `idp_metadata` | the first identity provider of the metadata | `entity_id` |
//! | `c14n` | `scope`: `document` or `element`; `target`, `with_comments`, `inclusive_prefixes`, `remove_own_signature` | `out_b64` |
//!
//! Each has its text in `data_b64`; with `encoding` `base64` that is what was posted, and is decoded once more. `certs_pem` are the certificates of
//! the keys that are believed, `allow_sha1` takes SHA-1 with them. Each answer has `ok`; what is refused has `error` beside it and nothing else.

mod message;
mod metadata;
mod question;

use idbridge_saml::{Error, ExclusiveCanonicalization, Metadata, ReceivedRequest, XmlDocument};
use serde_json::{Map, Value, json};

use question::{Question, Strength};

/// What is answered, without `ok`.
type Members = Map<String, Value>;

/// Why a line is refused: what is wrong, and where.
struct Refusal(String);

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

/// Answers one line.
pub(crate) fn answer(line: &[u8]) -> Value {
    match answered(line) {
        Ok(mut members) => {
            members.insert("ok".to_owned(), Value::Bool(true));
            Value::Object(members)
        }
        Err(Refusal(error)) => refuse(error),
    }
}

/// The answer to what is no line to answer.
pub(crate) fn refuse(error: String) -> Value {
    json!({"ok": false, "error": error})
}

fn answered(line: &[u8]) -> Result<Members, Refusal> {
    let question = Question::read(line)?;
    match question.required_text("kind")? {
        "response" => message::response(&question),
        "authn_request_redirect" => message::redirected_request(&question),
        "authn_request_post" => message::posted_request(&question),
        "authn_request" => message::request(&question),
        "sp_metadata" => metadata::sp(&question),
        "idp_metadata" => metadata::idp(&question),
        "c14n" => canonical(&question),
        "response-signature" => {
            message::received_response(&question)?.verify_signature(&question.keys(Strength::OfItsTime)?)?;
            Ok(Members::new())
        }
        "authn-request-signature" => {
            ReceivedRequest::from_xml(&question.xml()?)?.verify_signature(&question.keys(Strength::OfItsTime)?)?;
            Ok(Members::new())
        }
        "metadata-signature" | "signed_metadata" => {
            Metadata::from_signed_xml(&question.xml()?, &question.keys(Strength::OfItsTime)?)?;
            Ok(Members::new())
        }
        "dsig" => {
            XmlDocument::parse(&question.xml()?)?.verify_signature(&question.keys(Strength::OfItsTime)?)?;
            Ok(Members::new())
        }
        other => Err(Refusal(format!("kind must be one of those that are documented, found {other:?}"))),
    }
}

fn canonical(question: &Question) -> Result<Members, Refusal> {
    let target = question.indexes("target")?;
    let is_whole = match question.text("scope")? {
        None => target.is_none(),
        Some("document") => true,
        Some("element") => false,
        Some(other) => return Err(Refusal(format!("scope must be document or element, found {other:?}"))),
    };
    let how = ExclusiveCanonicalization::new()
        .with_comments(question.flag("with_comments")?)
        .without_signature(question.flag("remove_own_signature")?)
        .with_inclusive_prefixes(question.texts("inclusive_prefixes")?)?;
    let xml = question.xml()?;
    let document = XmlDocument::parse(&xml)?;
    let out = if is_whole { how.document(&document)? } else { how.element(&document, &target.unwrap_or_default())? };
    Ok(members([("out_b64", question::to_base64(&out).into())]))
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Members {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
