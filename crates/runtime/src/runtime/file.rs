use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use reqwest::header::{HeaderName, HeaderValue};
use tokio::io::{AsyncRead, ReadBuf};

/// What is sent as a file: a body of bytes, or a part of a form.
///
/// It is read while it is sent, and never held whole. What is made of bytes or of a path may be sent
/// again when an attempt fails; a reader or a stream is there [once](Self::is_repeatable), for
/// whichever call or clone is sent first. What takes long to send needs more time for an attempt than
/// other calls: requests have `attempt_timeout` and `timeout`.
///
/// ```
/// use sdk_runtime::File;
///
/// let file = File::open("photos/anna.png").media_type("image/png");
/// assert_eq!((file.name(), file.is_repeatable()), (Some("anna.png"), true));
/// assert!(!File::reader(&b"anything"[..], None).is_repeatable());
/// ```
#[derive(Clone)]
pub struct File {
    content: Content,
    name: Option<String>,
    pub(crate) media_type: Option<String>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    Path(Arc<Path>),
    Once(Arc<Mutex<Option<Pieces>>>, Option<u64>),
}

/// A body, piece by piece.
pub(crate) type Pieces = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// So many bytes are read at once.
const PIECE: usize = 64 * 1024;

impl File {
    fn new(content: Content) -> Self {
        Self {
            content,
            name: None,
            media_type: None,
            headers: Vec::new(),
        }
    }

    /// These bytes.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::new(Content::Bytes(bytes.into()))
    }

    /// What stands at a path, under its name. It is opened when it is sent, each time anew; if that
    /// cannot be, the call fails, and nothing is sent.
    pub fn open(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name();
        let name = name.map(|name| name.to_string_lossy().into_owned());
        let file = Self::new(Content::Path(path.into()));
        Self { name, ..file }
    }

    /// What a reader gives, with its length where it is known: some servers ask for it.
    pub fn reader(reader: impl AsyncRead + Send + 'static, length: Option<u64>) -> Self {
        Self::stream(Read::new(reader, length), length)
    }

    /// What a stream gives, with its length where it is known.
    pub fn stream(
        stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
        length: Option<u64>,
    ) -> Self {
        let pieces: Pieces = Box::pin(stream);
        Self::new(Content::Once(Arc::new(Mutex::new(Some(pieces))), length))
    }

    /// What a form calls the file.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What a form says that the file is, in place of what the contract says.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// A header of its part in a form.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// What a form calls the file, if anything.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Whether it can be sent again, by a repetition or by a clone of the request.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        !matches!(self.content, Content::Once(..))
    }

    /// What is sent, and how many bytes that are.
    ///
    /// # Errors
    /// Why it cannot be.
    pub(crate) fn pieces(&self) -> Result<(Pieces, Option<u64>), String> {
        match &self.content {
            Content::Bytes(bytes) => {
                let length = bytes.len() as u64;
                Ok((Box::pin(Whole(Some(bytes.clone()))), Some(length)))
            }
            Content::Path(path) => {
                let unreadable = |error| format!("`{}` cannot be read: {error}", path.display());
                let about = std::fs::metadata(path).map_err(unreadable)?;
                if about.is_dir() {
                    return Err(format!("`{}` is a folder", path.display()));
                }
                let file = std::fs::File::open(path).map_err(unreadable)?;
                let length = about.is_file().then_some(about.len());
                let reader = Read::new(tokio::fs::File::from_std(file), length);
                Ok((Box::pin(reader), length))
            }
            Content::Once(pieces, length) => {
                let mut held = pieces.lock().unwrap_or_else(PoisonError::into_inner);
                let pieces = held
                    .take()
                    .ok_or("a file that is there once was sent already")?;
                Ok((pieces, *length))
            }
        }
    }

    /// The bytes, if it is those.
    pub(crate) fn as_bytes(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }
}

/// Without its content.
impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("is_repeatable", &self.is_repeatable())
            .finish_non_exhaustive()
    }
}

impl From<Bytes> for File {
    fn from(bytes: Bytes) -> Self {
        Self::bytes(bytes)
    }
}

impl From<Vec<u8>> for File {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl From<String> for File {
    fn from(text: String) -> Self {
        Self::bytes(text)
    }
}

impl From<&'static [u8]> for File {
    fn from(bytes: &'static [u8]) -> Self {
        Self::bytes(bytes)
    }
}

impl From<&'static str> for File {
    fn from(text: &'static str) -> Self {
        Self::bytes(text)
    }
}

/// What stands at the path.
impl From<PathBuf> for File {
    fn from(path: PathBuf) -> Self {
        Self::open(path)
    }
}

/// What stands at the path.
impl From<&Path> for File {
    fn from(path: &Path) -> Self {
        Self::open(path)
    }
}

/// One piece.
pub(crate) struct Whole(pub(crate) Option<Bytes>);

impl Stream for Whole {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

/// What a reader gives.
struct Read {
    reader: Pin<Box<dyn AsyncRead + Send>>,
    /// So many bytes are left: what grows while it is sent would be more than was announced.
    left: u64,
}

impl Read {
    fn new(reader: impl AsyncRead + Send + 'static, length: Option<u64>) -> Self {
        Self {
            reader: Box::pin(reader),
            left: length.unwrap_or(u64::MAX),
        }
    }
}

impl Stream for Read {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let most = usize::try_from(self.left).map_or(PIECE, |left| left.min(PIECE));
        let mut piece = BytesMut::zeroed(most);
        let mut buffer = ReadBuf::new(&mut piece);
        ready!(self.reader.as_mut().poll_read(context, &mut buffer))?;
        let read = buffer.filled().len();
        piece.truncate(read);
        self.left -= read as u64;
        Poll::Ready((read > 0).then(|| Ok(piece.freeze())))
    }
}
