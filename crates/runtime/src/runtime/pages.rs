use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use progenitor_client::ResponseValue;

use super::error::{Error, ErrorKind, Failure, Parts};
use super::pagination::{Astray, Walk};
use super::request::Read;

/// The pages of an operation as a [`Stream`]: each is a call of its own, with limits, credentials
/// and repetitions as any other, that is made when it is asked for. No more than one is kept.
///
/// An error ends it; [`Error::page`] says at which page. So does a page that says of the next what
/// an earlier one said, and an address that is not the API's: nothing is asked there.
pub struct Pages<T, E> {
    at: At<T, E>,
    read: Read<T, E>,
}

/// The items of all pages as a [`Stream`], each page of them asked for when the items of the one
/// before are taken. An error ends it, as it does [`Pages`].
pub struct Items<I, T, E> {
    pages: Pages<T, E>,
    of: fn(T) -> Vec<I>,
    left: vec::IntoIter<I>,
}

enum At<T, E> {
    Before(Box<Walk>),
    Asking(Asking<T, E>),
    /// No page can be asked for any more.
    Astray(Failure),
    End,
}

/// A page, and what comes after it.
type Asking<T, E> = Pin<Box<dyn Future<Output = Result<Page<T, E>, Error<E>>> + Send>>;
type Page<T, E> = (ResponseValue<T>, At<T, E>);

impl<T: 'static, E: 'static> Pages<T, E> {
    pub(crate) fn new(walk: Walk, read: Read<T, E>) -> Self {
        let at = At::Before(Box::new(walk));
        Self { at, read }
    }

    /// The next page, for whoever has no use for the traits of streams. Dropping the future loses
    /// nothing.
    pub async fn next(&mut self) -> Option<Result<ResponseValue<T>, Error<E>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The items that each page has.
    pub fn items<I>(self, of: fn(T) -> Vec<I>) -> Items<I, T, E> {
        Items {
            pages: self,
            of,
            left: Vec::new().into_iter(),
        }
    }
}

impl<I, T: 'static, E: 'static> Items<I, T, E> {
    /// The next item, for whoever has no use for the traits of streams. Dropping the future loses
    /// nothing.
    pub async fn next(&mut self) -> Option<Result<I, Error<E>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

async fn ask<T, E>(mut walk: Box<Walk>, read: Read<T, E>) -> Result<Page<T, E>, Error<E>> {
    walk.number += 1;
    let number = walk.number;
    let sent = walk.draft.clone().send().await;
    let response = sent.map_err(|failure| failure.of_page(number))?;
    let after = match walk.advance(&response.received) {
        Ok(true) => At::Before(walk),
        Ok(false) => At::End,
        Err(why) => At::Astray(astray(&walk, why)),
    };
    let page = read(response).map_err(|error| error.of_page(number))?;
    Ok((page, after))
}

/// The next page is not asked for.
fn astray(walk: &Walk, why: Astray) -> Failure {
    Failure::new(Parts {
        kind: ErrorKind::UnreadableAnswer,
        operation: walk.draft.operation,
        what: format!("it cannot be asked for: {why}").into(),
        page: Some(walk.number + 1),
        attempts: 0,
        processed: false,
        received: None,
        source: None,
    })
}

impl<T: 'static, E: 'static> Stream for Pages<T, E> {
    type Item = Result<ResponseValue<T>, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let read = self.read;
        loop {
            let at = std::mem::replace(&mut self.at, At::End);
            self.at = match at {
                At::Before(walk) => At::Asking(Box::pin(ask(walk, read))),
                At::Asking(mut asking) => {
                    let Poll::Ready(asked) = asking.as_mut().poll(context) else {
                        self.at = At::Asking(asking);
                        return Poll::Pending;
                    };
                    let asked = asked.map(|(page, after)| {
                        self.at = after;
                        page
                    });
                    return Poll::Ready(Some(asked));
                }
                At::Astray(failure) => return Poll::Ready(Some(Err(failure.into()))),
                At::End => return Poll::Ready(None),
            };
        }
    }
}

impl<I, T: 'static, E: 'static> Stream for Items<I, T, E> {
    type Item = Result<I, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.left.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            // Only one page is kept.
            self.left = Vec::new().into_iter();
            match ready!(Pin::new(&mut self.pages).poll_next(context)) {
                Some(Ok(page)) => self.left = (self.of)(page.into_inner()).into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

// Nothing in them is pinned in its place.
impl<T, E> Unpin for Pages<T, E> {}
impl<I, T, E> Unpin for Items<I, T, E> {}

impl<T, E> fmt::Debug for Pages<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

impl<I, T, E> fmt::Debug for Items<I, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}
