use std::convert::Infallible;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use tokio::time::{Instant, Sleep, sleep_until};

use super::call::innermost;
use super::deadline::after;
use super::error::{Error, ErrorKind, Failure, Parts};
use super::operation::Operation;
use super::response::Received;

/// Why a stream ended before its end. The API cannot refuse any more.
pub type StreamError = Error<Infallible>;

/// The body of a response, piece by piece: no more is kept than the piece at hand.
///
/// It is bounded by silence and not by size: a server that sends nothing for the client's
/// `idle_timeout` ends it with an error, while somebody waits for the next piece. An error ends it.
pub struct ByteStream {
    pieces: Pieces,
    idle_timeout: Duration,
    /// When the wait for the next piece ends, if somebody waits.
    end: Option<Pin<Box<Sleep>>>,
    is_waiting: bool,
    has_ended: bool,
    pub(crate) origin: Origin,
}

type Pieces = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>;

/// What is said of where a stream came from, when it fails.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) operation: &'static Operation,
    pub(crate) status: StatusCode,
    pub(crate) attempts: u32,
    /// How many bytes came.
    pub(crate) bytes: u64,
}

impl Origin {
    /// What a stream ends with.
    pub(crate) fn failed(
        &self,
        kind: ErrorKind,
        what: String,
        source: Option<reqwest::Error>,
    ) -> StreamError {
        let received = Received {
            status: self.status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        };
        let failure = Failure::new(Parts {
            kind,
            operation: self.operation,
            what: what.into(),
            page: None,
            attempts: self.attempts,
            // It was answered.
            processed: true,
            received: Some(received),
            source: source.map(|error| error.without_url().into()),
        });
        failure.into()
    }
}

impl ByteStream {
    pub(crate) fn new(response: reqwest::Response, idle_timeout: Duration, origin: Origin) -> Self {
        Self {
            pieces: Box::pin(response.bytes_stream()),
            idle_timeout,
            end: None,
            is_waiting: false,
            has_ended: false,
            origin,
        }
    }

    /// How long the server may be silent, in place of the client's `idle_timeout`.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// The next piece, for whoever has no use for the traits of streams. Dropping the future loses
    /// nothing.
    pub async fn next(&mut self) -> Option<Result<Bytes, StreamError>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// All of it, if there are no more bytes than these.
    ///
    /// # Errors
    /// As the stream has, and when there are more.
    pub async fn collect(mut self, largest: usize) -> Result<Bytes, StreamError> {
        let mut all = BytesMut::new();
        while let Some(piece) = self.next().await {
            let piece = piece?;
            if piece.len() > largest - all.len() {
                let what = format!("the response is larger than {largest} bytes");
                return Err(self.origin.failed(ErrorKind::UnreadableAnswer, what, None));
            }
            all.extend_from_slice(&piece);
        }
        Ok(all.freeze())
    }

    /// Whether the server was silent for too long.
    fn is_late(&mut self, context: &mut Context<'_>) -> bool {
        if !self.is_waiting {
            self.is_waiting = true;
            let at = after(Instant::now(), self.idle_timeout);
            match &mut self.end {
                Some(end) => end.as_mut().reset(at),
                None => self.end = Some(Box::pin(sleep_until(at))),
            }
        }
        let end = self.end.as_mut();
        end.is_some_and(|end| end.as_mut().poll(context).is_ready())
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.has_ended {
            return Poll::Ready(None);
        }
        let Poll::Ready(piece) = self.pieces.as_mut().poll_next(context) else {
            if !self.is_late(context) {
                return Poll::Pending;
            }
            self.has_ended = true;
            let what = format!("the server was silent for {:?}", self.idle_timeout);
            return Poll::Ready(Some(Err(self.origin.failed(
                ErrorKind::TimedOut,
                what,
                None,
            ))));
        };
        self.is_waiting = false;
        match piece {
            Some(Ok(piece)) => {
                self.origin.bytes += piece.len() as u64;
                Poll::Ready(Some(Ok(piece)))
            }
            Some(Err(error)) => {
                self.has_ended = true;
                let bytes = self.origin.bytes;
                let why = innermost(&error);
                let what = format!("the response breaks off after {bytes} bytes: {why}");
                let kind = ErrorKind::UnreadableAnswer;
                Poll::Ready(Some(Err(self.origin.failed(kind, what, Some(error)))))
            }
            None => {
                self.has_ended = true;
                Poll::Ready(None)
            }
        }
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream")
            .field("operation", &self.origin.operation.id)
            .field("bytes", &self.origin.bytes)
            .finish_non_exhaustive()
    }
}

/// For readers of bytes, such as `tokio_util::io::StreamReader`.
impl<E: fmt::Debug + Send + Sync + 'static> From<Error<E>> for std::io::Error {
    fn from(error: Error<E>) -> Self {
        let kind = match error.kind() {
            ErrorKind::TimedOut => std::io::ErrorKind::TimedOut,
            _ => std::io::ErrorKind::Other,
        };
        Self::new(kind, error)
    }
}

/// What arrives in a response one after another, each with its end: it is read as soon as it is
/// there. An error ends it.
pub(crate) struct Pushed<D> {
    pub(crate) bytes: ByteStream,
    pub(crate) decoder: D,
    /// How many came.
    pub(crate) number: u64,
    has_ended: bool,
    /// Whether it would be no better another time.
    pub(crate) is_hopeless: bool,
}

/// Takes pieces of a body apart.
pub(crate) trait Decoder: Unpin {
    type Item;

    /// What an item is called.
    const NAME: &'static str;

    /// A piece more.
    fn feed(&mut self, piece: &[u8]);

    /// What came to its end.
    fn take(&mut self) -> Option<Self::Item>;

    /// What is left at the end of the body, if that is a whole one; an error, if it is a part.
    fn finish(&mut self) -> Result<Option<Self::Item>, ()>;

    /// How many bytes are kept.
    fn kept(&self) -> usize;
}

impl<D: Decoder> Pushed<D> {
    pub(crate) fn new(bytes: ByteStream, decoder: D) -> Self {
        Self {
            bytes,
            decoder,
            number: 0,
            has_ended: false,
            is_hopeless: false,
        }
    }

    /// Ends it.
    pub(crate) fn end(&mut self) {
        self.has_ended = true;
    }

    pub(crate) fn poll(
        &mut self,
        context: &mut Context<'_>,
        largest: usize,
    ) -> Poll<Option<Result<D::Item, StreamError>>> {
        loop {
            if self.has_ended {
                return Poll::Ready(None);
            }
            if let Some(item) = self.decoder.take() {
                self.number += 1;
                return Poll::Ready(Some(Ok(item)));
            }
            // Of what is kept nothing came to its end.
            if self.decoder.kept() > largest {
                self.has_ended = true;
                self.is_hopeless = true;
                let (name, number) = (D::NAME, self.number + 1);
                let what =
                    format!("{name} {number} of the response is larger than {largest} bytes");
                return Poll::Ready(Some(Err(self.unreadable(what))));
            }
            let failed = match ready!(Pin::new(&mut self.bytes).poll_next(context)) {
                Some(Ok(piece)) => {
                    self.decoder.feed(&piece);
                    continue;
                }
                Some(Err(error)) => error,
                None => {
                    self.has_ended = true;
                    match self.decoder.finish() {
                        Ok(None) => return Poll::Ready(None),
                        Ok(Some(item)) => {
                            self.number += 1;
                            return Poll::Ready(Some(Ok(item)));
                        }
                        Err(()) => {
                            let number = self.number + 1;
                            self.unreadable(format!(
                                "the response ends in the middle of {} {number}",
                                D::NAME
                            ))
                        }
                    }
                }
            };
            self.has_ended = true;
            return Poll::Ready(Some(Err(failed)));
        }
    }

    pub(crate) fn unreadable(&self, what: String) -> StreamError {
        let kind = ErrorKind::UnreadableAnswer;
        self.bytes.origin.failed(kind, what, None)
    }
}
