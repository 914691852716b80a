use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use reqwest::{Body, Request};

use super::file::File;
use super::multipart::Parts;

/// A request that may be sent more than once: what is read while it is sent is opened each time.
pub(crate) struct Outgoing {
    pub(crate) request: Request,
    upload: Option<Box<Upload>>,
}

/// A body that is read while it is sent.
#[derive(Clone)]
pub(crate) enum Upload {
    File(File),
    /// Under a media type.
    Parts(Parts, &'static str),
}

impl From<Request> for Outgoing {
    fn from(request: Request) -> Self {
        Self {
            request,
            upload: None,
        }
    }
}

impl Outgoing {
    pub(crate) fn new(request: Request, upload: Option<Upload>) -> Self {
        Self {
            request,
            upload: upload.map(Box::new),
        }
    }

    /// The same to be sent another time, if that can be.
    pub(crate) fn try_clone(&self) -> Option<Self> {
        let upload = self.upload.as_ref();
        if upload.is_some_and(|upload| !upload.is_repeatable()) {
            return None;
        }
        Some(Self {
            request: self.request.try_clone()?,
            upload: upload.cloned(),
        })
    }

    /// The request with its body.
    ///
    /// # Errors
    /// Why there is no body.
    pub(crate) fn into_request(self) -> Result<Request, String> {
        let Self {
            mut request,
            upload,
        } = self;
        let Some(upload) = upload else {
            return Ok(request);
        };
        let (pieces, length) = match *upload {
            Upload::File(file) => match file.as_bytes() {
                Some(bytes) => {
                    // Of an empty body it would not be said (RFC 9110, section 8.6).
                    let length = HeaderValue::from(bytes.len());
                    request.headers_mut().insert(CONTENT_LENGTH, length);
                    *request.body_mut() = Some(bytes.clone().into());
                    return Ok(request);
                }
                None => file.pieces()?,
            },
            Upload::Parts(parts, media_type) => {
                let (pieces, length, media_type) = parts.pieces(media_type)?;
                let media_type = HeaderValue::try_from(media_type);
                let media_type = media_type.map_err(|error| error.to_string())?;
                request.headers_mut().insert(CONTENT_TYPE, media_type);
                (pieces, length)
            }
        };
        if let Some(length) = length {
            request.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        *request.body_mut() = Some(Body::wrap_stream(pieces));
        Ok(request)
    }
}

impl Upload {
    fn is_repeatable(&self) -> bool {
        match self {
            Self::File(file) => file.is_repeatable(),
            Self::Parts(parts, _) => parts.is_repeatable(),
        }
    }
}
