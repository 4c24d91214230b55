//! What carries an HTTP message to the service and back.

mod error;
#[cfg(feature = "ureq3")]
mod ureq3;

use std::sync::Arc;

pub use error::{Sent, TransportError};
#[cfg(feature = "ureq3")]
pub use ureq3::Ureq3Transport;

/// Something that sends an HTTP message and waits for the answer.
///
/// An implementor
/// - sends the message **at most once**, over however many connections: a write that goes out twice by itself would be done twice;
/// - gives every status back as an answer, errors and redirects too, and follows no redirect, which would carry the token to another place;
/// - gives an answer back only with its whole body: a body that ends before its announced length is [`Sent::Maybe`], never a shorter body;
/// - says [`Sent::No`] only if it knows that the message cannot have arrived;
/// - ends by itself after a time, and bounds the size of what it reads;
/// - puts nothing of the message's headers into an error.
///
/// It is called from several threads at once. A closure that takes the request is a transport, and so is an [`Arc`] or a `Box<dyn Transport>` of
/// one.
///
/// # Examples
///
/// ```
/// use idbridge_client::{Transport, TransportError};
///
/// let transport = |request: http::Request<Vec<u8>>| -> Result<_, TransportError> {
///     assert_eq!(request.uri().path(), "/Users");
///     Ok(http::Response::new(b"{}".to_vec()))
/// };
/// let response = transport.send(http::Request::get("http://127.0.0.1/Users").body(Vec::new())?)?;
/// assert_eq!(response.body(), b"{}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Transport: Send + Sync {
    /// Sends `request` and waits for its answer.
    ///
    /// # Errors
    ///
    /// [`TransportError`] if there is no whole answer; [`TransportError::was_sent`] says whether the request can have arrived.
    fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError>;
}

/// A closure is a transport: any HTTP library in a few lines, or a service in the same process.
impl<F> Transport for F
where
    F: Fn(http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> + Send + Sync,
{
    fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        self(request)
    }
}

impl Transport for &(dyn Transport + '_) {
    fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        (**self).send(request)
    }
}

impl Transport for Box<dyn Transport + '_> {
    fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        (**self).send(request)
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        (**self).send(request)
    }
}
