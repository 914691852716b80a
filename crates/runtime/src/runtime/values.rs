//! Bodies that are one value of JSON after another, each on a line (`application/x-ndjson`,
//! `application/jsonl`), or behind a separator of records (RFC 7464).

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, BytesMut};
use futures_core::Stream;

use super::reading::Unreadable;
use super::stream::{ByteStream, Decoder, Pushed, StreamError};

/// The values of a response as a [`Stream`], each as soon as it is there. An error ends it: one that
/// does not fit the contract, a server that falls silent, a response that breaks off.
pub struct Values<T> {
    lines: Pushed<Lines>,
    largest: usize,
    read: fn(&[u8]) -> Result<T, Unreadable>,
}

impl<T> Values<T> {
    pub(crate) fn new(
        bytes: ByteStream,
        largest: usize,
        read: fn(&[u8]) -> Result<T, Unreadable>,
    ) -> Self {
        Self {
            lines: Pushed::new(bytes, Lines::default()),
            largest,
            read,
        }
    }

    /// How long the server may be silent, in place of the client's `idle_timeout`.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.lines.bytes = self.lines.bytes.idle_timeout(timeout);
        self
    }

    /// The next value, for whoever has no use for the traits of streams. Dropping the future loses
    /// nothing.
    pub async fn next(&mut self) -> Option<Result<T, StreamError>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T> Stream for Values<T> {
    type Item = Result<T, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let (largest, read) = (self.largest, self.read);
        let line = match ready!(self.lines.poll(context, largest)) {
            Some(Ok(line)) => line,
            Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            None => return Poll::Ready(None),
        };
        Poll::Ready(Some(read(&line).map_err(|error| {
            self.lines.end();
            let what = format!("value {} of the response {error}", self.lines.number);
            self.lines.unreadable(what)
        })))
    }
}

// Nothing in it is pinned in its place.
impl<T> Unpin for Values<T> {}

impl<T> fmt::Debug for Values<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Values");
        shown.field("number", &self.lines.number);
        shown.finish_non_exhaustive()
    }
}

/// Lines that hold something.
#[derive(Default)]
pub(crate) struct Lines {
    buffer: BytesMut,
    /// So much of it has no end of a line.
    searched: usize,
}

impl Decoder for Lines {
    type Item = BytesMut;

    const NAME: &'static str = "value";

    fn feed(&mut self, piece: &[u8]) {
        self.buffer.extend_from_slice(piece);
    }

    fn take(&mut self) -> Option<BytesMut> {
        loop {
            let rest = &self.buffer[self.searched..];
            let is_end = |byte: &u8| [b'\n', SEPARATOR].contains(byte);
            let Some(end) = rest.iter().position(is_end) else {
                self.searched = self.buffer.len();
                return None;
            };
            let line = self.buffer.split_to(self.searched + end);
            self.buffer.advance(1);
            self.searched = 0;
            if !is_blank(&line) {
                return Some(line);
            }
        }
    }

    fn finish(&mut self) -> Result<Option<BytesMut>, ()> {
        // The last one need not have an end.
        let line = std::mem::take(&mut self.buffer);
        Ok((!is_blank(&line)).then_some(line))
    }

    fn kept(&self) -> usize {
        self.buffer.len()
    }
}

/// In front of each text of a sequence (RFC 7464, section 2.2). JSON has neither it nor ends of lines
/// in its texts.
const SEPARATOR: u8 = 0x1e;

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}
