//! Requests and replies, as the pages see them.

use std::fmt;

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, LOCATION, REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use idbridge_saml::PostForm;

/// A request whose body has been read.
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// The query as it came, because signatures are over just these octets.
    pub(crate) query: Option<String>,
    cookies: Vec<String>,
    body: Bytes,
}

/// Why a form or a query was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FormError {
    NotUtf8,
    Escape,
    Twice(String),
    TooMany,
}

/// The most fields of a form or of a query.
const MOST_FIELDS: usize = 16;

/// The fields of a form or of a query, each once.
pub(crate) struct Fields(Vec<(String, String)>);

impl Request {
    pub(crate) fn new(head: &http::request::Parts, body: Bytes) -> Self {
        let cookies = head.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let cookies = cookies.flat_map(|value| value.split(';')).map(|cookie| cookie.trim().to_owned()).collect();
        let query = head.uri.query().map(str::to_owned);
        Self { method: head.method.clone(), path: head.uri.path().to_owned(), query, cookies, body }
    }

    /// The cookie `name`; none if it is there twice, because then somebody else set one.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let mut values = self.cookies.iter().filter_map(|cookie| cookie.split_once('=')).filter(|(known, _)| *known == name);
        let (_, value) = values.next()?;
        values.next().is_none().then_some(value)
    }

    pub(crate) fn body(&self) -> Result<&str, FormError> {
        std::str::from_utf8(&self.body).map_err(|_| FormError::NotUtf8)
    }

    pub(crate) fn form(&self) -> Result<Fields, FormError> {
        Fields::read(self.body()?)
    }

    pub(crate) fn query_fields(&self) -> Result<Fields, FormError> {
        Fields::read(self.query.as_deref().unwrap_or_default())
    }
}

impl Fields {
    fn read(text: &str) -> Result<Self, FormError> {
        let mut fields: Vec<(String, String)> = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decoded(name)?, decoded(value)?);
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(FormError::Twice(name));
            }
            // No form and no query here has as many; each more would be compared with all before it.
            if fields.len() == MOST_FIELDS {
                return Err(FormError::TooMany);
            }
            fields.push((name, value));
        }
        Ok(Self(fields))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Decodes `application/x-www-form-urlencoded`.
fn decoded(text: &str) -> Result<String, FormError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
                let (high, low) = (digit().ok_or(FormError::Escape)?, digit().ok_or(FormError::Escape)?);
                high * 16 + low
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).map_err(|_| FormError::NotUtf8)
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 => f.write_str("the form is not in UTF-8"),
            Self::Escape => f.write_str("the form has a % without two digits behind it"),
            Self::Twice(name) => write!(f, "the form has the field {name} twice"),
            Self::TooMany => write!(f, "the form has more than {MOST_FIELDS} fields"),
        }
    }
}

/// What is sent back.
#[derive(Debug)]
pub(crate) struct Reply(Response<Bytes>);

impl Reply {
    /// A page. `form_action` is where its forms may lead beside this very host.
    pub(crate) fn page(status: StatusCode, html: String, form_action: Option<&str>) -> Self {
        let form_action = form_action.map(|origin| format!(" {origin}")).unwrap_or_default();
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{form_action}; base-uri 'none'; frame-ancestors 'none'"
        );
        Self::new(status, html).with(CONTENT_TYPE, "text/html; charset=utf-8").with(CONTENT_SECURITY_POLICY, &policy)
    }

    /// The page that posts a response to where it is for.
    pub(crate) fn post(form: &PostForm) -> Result<Self, idbridge_saml::Error> {
        let reply = Self::new(StatusCode::OK, form.html(None)?);
        let headers = form.headers().into_iter().filter_map(|(name, value)| Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value)));
        Ok(headers.fold(reply, |reply, (name, value)| reply.with(name, &value)))
    }

    /// Go there, by GET.
    pub(crate) fn see_other(location: &str) -> Self {
        Self::new(StatusCode::SEE_OTHER, String::new()).with(LOCATION, location)
    }

    /// A file that is the same for everybody.
    pub(crate) fn file(content_type: &str, text: &str) -> Self {
        Self::new(StatusCode::OK, text.to_owned()).with(CONTENT_TYPE, content_type)
    }

    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        // What cannot be in a header is left out, as a browser would leave it out.
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers_mut().insert(name, value);
        }
        self
    }

    /// Sets a cookie that no script reads and no other site's form sends.
    pub(crate) fn with_cookie(mut self, name: &str, value: &str, is_secure: bool, lives: Lives) -> Self {
        let secure = if is_secure { "; Secure" } else { "" };
        let age = if lives == Lives::Ended { "; Max-Age=0" } else { "" };
        if let Ok(value) = HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")) {
            self.0.headers_mut().append(SET_COOKIE, value);
        }
        self
    }

    pub(crate) fn into_response(self) -> Response<Bytes> {
        self.0
    }

    fn new(status: StatusCode, body: String) -> Self {
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = status;
        Self(response).with(CACHE_CONTROL, "no-store").with(REFERRER_POLICY, "no-referrer").with(X_CONTENT_TYPE_OPTIONS, "nosniff")
    }
}

/// How long a cookie lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lives {
    WithTheBrowser,
    Ended,
}
