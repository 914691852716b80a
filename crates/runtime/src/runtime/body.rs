use bytes::{Bytes, BytesMut};
use reqwest::Response;
use tokio::time::{Instant, timeout_at};

/// The body of a response as far as it was read, up to a size.
pub(crate) struct Body {
    /// The only piece, as most responses have one: nothing is copied.
    first: Bytes,
    /// All pieces, once there are several.
    all: BytesMut,
    largest: usize,
}

/// Why a body was not read to its end.
#[derive(Debug)]
pub(crate) enum BodyError {
    Late,
    TooLarge { largest: usize },
    Broken(reqwest::Error),
}

impl Body {
    pub(crate) fn new(largest: usize) -> Self {
        Self {
            first: Bytes::new(),
            all: BytesMut::new(),
            largest,
        }
    }

    /// Reads to the end, or up to the limit; what announces itself as larger is not
    /// begun, unless it is an error, of which every byte may help.
    pub(crate) async fn read(
        &mut self,
        response: &mut Response,
        deadline: Instant,
    ) -> Result<(), BodyError> {
        let largest = self.largest;
        let announced = response.content_length().unwrap_or_default();
        let fits = usize::try_from(announced).is_ok_and(|size| size <= largest);
        if fits || !response.status().is_success() {
            while let Some(piece) = timeout_at(deadline, response.chunk())
                .await
                .map_err(|_| BodyError::Late)?
                .map_err(BodyError::Broken)?
            {
                self.add(piece)?;
            }
            return Ok(());
        }
        Err(BodyError::TooLarge { largest })
    }

    pub(crate) fn add(&mut self, mut piece: Bytes) -> Result<(), BodyError> {
        let room = self.largest - self.len();
        let fits = piece.len() <= room;
        piece.truncate(room);
        match self.len() {
            0 => self.first = piece,
            _ => {
                if self.all.is_empty() {
                    self.all.extend_from_slice(&self.first);
                    self.first = Bytes::new();
                }
                self.all.extend_from_slice(&piece);
            }
        }
        match fits {
            true => Ok(()),
            false => Err(BodyError::TooLarge {
                largest: self.largest,
            }),
        }
    }

    fn len(&self) -> usize {
        self.first.len() + self.all.len()
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        match self.all.is_empty() {
            true => self.first,
            false => self.all.freeze(),
        }
    }
}
