//! The form that posts itself (saml-bindings section 3.5.4).

use std::fmt;

use crate::binding::{RelayState, check_location};
use crate::encoding::to_base64;
use crate::error::{Error, ErrorKind};

/// A form that carries a message to its one recipient: as a page of HTML, or as values to put into a page of your own.
///
/// The page works without JavaScript, by a button, and under a content security policy, by a nonce or by the hash of its one script. It must not be
/// cached: [`headers`](Self::headers) are the ones to send it with.
///
/// # Security
///
/// The values are what logs a person in. `Debug` shows none of them.
///
/// # Examples
///
/// ```
/// # use std::time::{Duration, UNIX_EPOCH};
/// # use idbridge_saml::*;
/// # let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.pem"));
/// # let certificate = Certificate::from_pem(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.crt")))?;
/// # let credential = Credential::new(RsaSigner::from_pem(pem)?, certificate.clone())?;
/// # let acs = AssertionConsumerService::new(0, "https://sp.example.com/acs");
/// # let sp = RegisteredSp::from_xml(&SpMetadata::new(EntityId::new("https://sp.example.com")?, [acs]).to_xml()?, &Registration::new())?;
/// # let idp = IdentityProvider::new(EntityId::new("https://idp.example.com")?, "https://idp.example.com/sso");
/// # let login = Login::new(NameId::email_address("anna@example.com")?, now);
/// # let ids = ResponseIds::from_random([1; 16], [2; 16]);
/// let signed = idp.unsolicited(&sp, None, Some("\"><script>"))?.respond(&login, &ids, now)?.sign(&credential)?;
/// let form = signed.to_form()?;
/// let page = form.html(None)?;
/// assert!(page.contains("<form method=\"post\" action=\"https://sp.example.com/acs\">"));
/// assert!(page.contains("name=\"RelayState\" value=\"&quot;&gt;&lt;script&gt;\""));
///
/// let headers = form.headers();
/// assert!(headers.iter().any(|(name, value)| *name == "Cache-Control" && value == "no-store"));
/// assert!(headers.iter().any(|(_, value)| value.contains(PostForm::SCRIPT_HASH)));
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PostForm {
    action: String,
    name: &'static str,
    message: String,
    relay_state: Option<String>,
}

/// The one script of the page. Its hash is [`PostForm::SCRIPT_HASH`].
const SCRIPT: &str = "document.forms[0].submit()";

impl PostForm {
    /// The source expression of a content security policy that allows the script of the page, and no other one.
    pub const SCRIPT_HASH: &'static str = "'sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE='";

    pub(crate) fn new(action: &str, name: &'static str, xml: &[u8], relay_state: Option<&RelayState>) -> Result<Self, Error> {
        // Checked when the location was registered; once more here, where a browser is sent to it.
        check_location(action)?;
        let relay_state = relay_state.map(|relay_state| relay_state.as_str().to_owned());
        Ok(Self { action: action.to_owned(), name, message: to_base64(xml), relay_state })
    }

    /// The URL that is posted to.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The field's name: `SAMLResponse` or `SAMLRequest`.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.name
    }

    /// The field's value: the message in base64.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The value of the field `RelayState`, which must be there if, and only if, there is one.
    #[must_use]
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_deref()
    }

    /// The page. A `nonce` is put on the script, for a policy that goes by nonces; [`SCRIPT_HASH`](Self::SCRIPT_HASH) needs none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] for a nonce that is no base64 text.
    pub fn html(&self, nonce: Option<&str>) -> Result<String, Error> {
        let is_base64 =
            |nonce: &str| !nonce.is_empty() && nonce.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/-_=".contains(&byte));
        if nonce.is_some_and(|nonce| !is_base64(nonce)) {
            return Err(Error::whole(ErrorKind::Misuse { reason: "a nonce is a text in base64".to_owned() }));
        }
        let nonce = nonce.map(|nonce| format!(" nonce=\"{nonce}\"")).unwrap_or_default();
        let mut page = String::with_capacity(self.message.len() + 1_024);
        page.push_str("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Signing in</title>\n");
        page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.push_str("<meta name=\"robots\" content=\"noindex\">\n</head>\n<body>\n<form method=\"post\" action=\"");
        escape(&self.action, &mut page);
        page.push_str("\">\n");
        let fields = [(self.name, Some(&self.message)), ("RelayState", self.relay_state.as_ref())];
        for (name, value) in fields.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            page.push_str("<input type=\"hidden\" name=\"");
            page.push_str(name);
            page.push_str("\" value=\"");
            escape(value, &mut page);
            page.push_str("\">\n");
        }
        page.push_str("<p>You are being signed in.</p>\n<button type=\"submit\">Continue</button>\n</form>\n<script");
        page.push_str(&nonce);
        page.push('>');
        page.push_str(SCRIPT);
        page.push_str("</script>\n</body>\n</html>\n");
        Ok(page)
    }

    /// The headers to send the page with: its type, no caching, and a content security policy under which only its one script runs.
    ///
    /// There is no `form-action` in it: browsers apply that to where the recipient redirects to as well, which nobody knows here.
    #[must_use]
    pub fn headers(&self) -> [(&'static str, String); 4] {
        let policy = format!("default-src 'none'; script-src {}; base-uri 'none'; frame-ancestors 'none'", Self::SCRIPT_HASH);
        [
            ("Content-Type", "text/html; charset=utf-8".to_owned()),
            ("Cache-Control", "no-store".to_owned()),
            ("Content-Security-Policy", policy),
            ("Referrer-Policy", "no-referrer".to_owned()),
        ]
    }
}

impl fmt::Debug for PostForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostForm").field("action", &self.action).field("field", &self.name).finish_non_exhaustive()
    }
}

/// Escapes what ends a quoted value of HTML, and line ends, which a browser would change.
fn escape(text: &str, page: &mut String) {
    for c in text.chars() {
        match c {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            '\r' => page.push_str("&#13;"),
            '\n' => page.push_str("&#10;"),
            _ => page.push(c),
        }
    }
}
