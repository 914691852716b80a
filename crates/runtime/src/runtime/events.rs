//! Server-sent events (WHATWG, HTML Living Standard, section 9.2).

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use reqwest::header::{HeaderName, HeaderValue};
use serde::de::DeserializeOwned;

use super::draft::Draft;
use super::error::Failure;
use super::reading::{Unreadable, from_json, from_json_exactly};
use super::stream::{ByteStream, Decoder, Pushed, StreamError};

/// An event that a server sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event<T> {
    /// What it says.
    pub data: T,
    /// What kind it is of: `message`, unless the server says another.
    pub event: String,
    /// The last identifier that the server gave, with this event or before it.
    pub id: Option<String>,
    /// How long the server asked, with this event or before it, to wait before one connects again.
    pub retry: Option<Duration>,
}

/// The events of a response as a [`Stream`], each as soon as it is there. An error ends it: data that
/// does not fit the contract, a server that falls silent, a response that breaks off. So does data
/// that is `[DONE]` where the contract has JSON, as servers of language models end their streams.
pub struct Events<T> {
    events: Pushed<Blocks>,
    largest: usize,
    read: fn(&str) -> Result<Option<T>, Unreadable>,
    /// The request once more, where there is one.
    again: Option<Box<Draft>>,
    is_reconnecting: bool,
    connecting: Option<Connecting>,
    /// How many events came before this connection.
    before: u64,
}

type Connecting = Pin<Box<dyn Future<Output = Result<Option<ByteStream>, Failure>> + Send>>;

/// How long to wait before one connects again, where the server does not say.
const WAIT: Duration = Duration::from_secs(3);

impl<T: DeserializeOwned> Events<T> {
    pub(crate) fn json(
        bytes: ByteStream,
        largest: usize,
        again: Option<Box<Draft>>,
        is_exact: bool,
    ) -> Self {
        Self::new(
            bytes,
            largest,
            again,
            match is_exact {
                true => |data| json(data, from_json_exactly),
                false => |data| json(data, from_json),
            },
        )
    }
}

/// Reads data, unless it is the end.
fn json<T>(data: &str, read: fn(&[u8]) -> Result<T, Unreadable>) -> Result<Option<T>, Unreadable> {
    match data.trim() {
        "[DONE]" => Ok(None),
        data => read(data.as_bytes()).map(Some),
    }
}

impl Events<String> {
    pub(crate) fn text(bytes: ByteStream, largest: usize, again: Option<Box<Draft>>) -> Self {
        Self::new(bytes, largest, again, |data| Ok(Some(data.to_owned())))
    }
}

impl<T> Events<T> {
    fn new(
        bytes: ByteStream,
        largest: usize,
        again: Option<Box<Draft>>,
        read: fn(&str) -> Result<Option<T>, Unreadable>,
    ) -> Self {
        Self {
            events: Pushed::new(bytes, Blocks::default()),
            largest,
            read,
            again,
            is_reconnecting: false,
            connecting: None,
            before: 0,
        }
    }

    /// How long the server may be silent, in place of the client's `idle_timeout`. Comments that
    /// keep a connection alive count as something.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.events.bytes = self.events.bytes.idle_timeout(timeout);
        self
    }

    /// Connects again where the stream ends, falls silent or breaks off, and says by `Last-Event-ID`
    /// what came last: after the time that the server asked for, or 3 seconds, and after no less where
    /// the connection before brought no event. It ends when the server answers 204 (No Content), and
    /// with an error when no connection comes about.
    #[must_use]
    pub fn reconnecting(mut self) -> Self {
        self.is_reconnecting = true;
        self
    }

    /// The next event, for whoever has no use for the traits of streams. Dropping the future loses
    /// nothing.
    pub async fn next(&mut self) -> Option<Result<Event<T>, StreamError>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The way to another connection, if there is one.
    fn connect(&mut self) -> Option<Connecting> {
        let is_asked = self.is_reconnecting && !self.events.is_hopeless;
        let again = self.again.as_ref().filter(|_| is_asked)?;
        let mut draft = again.clone();
        let Blocks { id, retry, .. } = &self.events.decoder;
        let id = id.as_deref().map(HeaderValue::from_str);
        if let Some(Ok(id)) = id {
            draft.headers.insert(LAST_EVENT_ID, id);
        }
        let wait = match self.events.number > self.before {
            true => retry.unwrap_or(WAIT),
            // Whoever ends each connection at once is not asked in a circle.
            false => retry.unwrap_or(WAIT).max(WAIT),
        };
        Some(Box::pin(async move {
            tokio::time::sleep(wait).await;
            draft.send().await?.into_events()
        }))
    }

    /// Goes on with another response.
    fn go_on(&mut self, bytes: ByteStream) {
        let Blocks { id, retry, .. } = std::mem::take(&mut self.events.decoder);
        let number = self.events.number;
        let decoder = Blocks {
            id,
            retry,
            ..Blocks::default()
        };
        self.events = Pushed::new(bytes, decoder);
        (self.events.number, self.before) = (number, number);
    }
}

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

impl<T> Stream for Events<T> {
    type Item = Result<Event<T>, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(connecting) = &mut self.connecting {
                let connected = ready!(connecting.as_mut().poll(context));
                self.connecting = None;
                if let Ok(Some(bytes)) = connected {
                    self.go_on(bytes);
                } else {
                    self.is_reconnecting = false;
                    return Poll::Ready(connected.err().map(|failure| Err(failure.into())));
                }
            }
            let largest = self.largest;
            let block = match ready!(self.events.poll(context, largest)) {
                Some(Ok(block)) => block,
                ended => {
                    self.connecting = self.connect();
                    if self.connecting.is_some() {
                        continue;
                    }
                    return Poll::Ready(ended.and_then(Result::err).map(Err));
                }
            };
            let data = (self.read)(&block.data);
            if !matches!(data, Ok(Some(_))) {
                // It would come again.
                self.is_reconnecting = false;
                self.events.end();
            }
            let event = data.map(|data| {
                data.map(|data| Event {
                    data,
                    event: block.event,
                    id: self.events.decoder.id.clone(),
                    retry: self.events.decoder.retry,
                })
            });
            let unreadable = |error| {
                let what = format!("event {} of the response {error}", self.events.number);
                self.events.unreadable(what)
            };
            return Poll::Ready(event.map_err(unreadable).transpose());
        }
    }
}

// Nothing in it is pinned in its place.
impl<T> Unpin for Events<T> {}

impl<T> fmt::Debug for Events<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Events");
        shown.field("number", &self.events.number);
        shown.finish_non_exhaustive()
    }
}

/// An event with its data as it came.
#[derive(Debug, PartialEq)]
pub(crate) struct Block {
    pub(crate) data: String,
    pub(crate) event: String,
}

/// The lines of events, which a blank one ends.
#[derive(Default)]
pub(crate) struct Blocks {
    /// The line that has no end yet.
    line: Vec<u8>,
    /// Whether a line feed belongs to the line before.
    is_after_return: bool,
    /// Whether a first line was there: a mark of the byte order may stand in front of it.
    has_begun: bool,
    /// The data of the event at hand, each of its lines with an end.
    data: String,
    event: String,
    pub(crate) id: Option<String>,
    pub(crate) retry: Option<Duration>,
    whole: VecDeque<Block>,
}

impl Decoder for Blocks {
    type Item = Block;

    const NAME: &'static str = "event";

    fn feed(&mut self, piece: &[u8]) {
        for part in piece.split_inclusive(|byte| [b'\r', b'\n'].contains(byte)) {
            let is_rest = std::mem::take(&mut self.is_after_return) && part == b"\n";
            if is_rest {
                continue;
            }
            match part.split_last() {
                Some((end @ (b'\r' | b'\n'), part)) => {
                    self.line.extend_from_slice(part);
                    self.is_after_return = *end == b'\r';
                    let line = std::mem::take(&mut self.line);
                    self.end_line(&line);
                }
                _ => self.line.extend_from_slice(part),
            }
        }
    }

    fn take(&mut self) -> Option<Block> {
        self.whole.pop_front()
    }

    fn finish(&mut self) -> Result<Option<Block>, ()> {
        let is_comment = self.line.is_empty() || self.line.starts_with(b":");
        match is_comment && self.data.is_empty() {
            true => Ok(None),
            false => Err(()),
        }
    }

    fn kept(&self) -> usize {
        self.line.len() + self.data.len()
    }
}

impl Blocks {
    fn end_line(&mut self, line: &[u8]) {
        let line = match std::mem::replace(&mut self.has_begun, true) {
            true => line,
            false => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line),
        };
        let line = String::from_utf8_lossy(line);
        if line.is_empty() {
            return self.end_event();
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "event" => value.clone_into(&mut self.event),
            "id" if !value.contains('\0') => {
                self.id = Some(value.to_owned()).filter(|id| !id.is_empty());
            }
            "retry" if value.bytes().all(|digit| digit.is_ascii_digit()) => {
                self.retry = value.parse().ok().map(Duration::from_millis).or(self.retry);
            }
            _ => {}
        }
    }

    fn end_event(&mut self) {
        let event = std::mem::take(&mut self.event);
        let mut data = std::mem::take(&mut self.data);
        if data.pop().is_none() {
            return;
        }
        let event = match event.is_empty() {
            true => "message".to_owned(),
            false => event,
        };
        self.whole.push_back(Block { data, event });
    }
}
