//! The pieces of a site that are written by themselves, on as many threads as there are.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::edition::{Edition, Page};
use crate::html::View;
use crate::{File, Site, file, search, text};

/// A piece of a site, in one language.
#[derive(Clone, Debug)]
pub(crate) struct Task<'a> {
    edition: &'a Edition,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Page(Page),
    Search,
    Contract,
}

impl<'a> Task<'a> {
    /// All of them, in the order of the site.
    pub(crate) fn all(site: &'a Site) -> Vec<Self> {
        let pages = site.places.pages(site.has_changelog());
        let tasks = site.editions.iter().flat_map(|edition| {
            let pages = pages.iter().cloned().map(What::Page);
            let whats = pages.chain([What::Search, What::Contract]);
            whats.map(move |what| Self { edition, what })
        });
        tasks.collect()
    }

    /// Whether it shows how the generated client is called.
    pub(crate) fn shows_calls(&self, site: &Site) -> bool {
        match self.what {
            What::Page(Page::Operation(_)) => true,
            What::Page(Page::Index) => site.places.is_single,
            _ => false,
        }
    }

    fn files(&self, site: &Site) -> Vec<File> {
        let (edition, tag) = (self.edition, &self.edition.tag);
        match &self.what {
            What::Page(page) => {
                let view = View {
                    site,
                    edition,
                    page,
                };
                let path = format!("{tag}/{}", site.places.file(page));
                vec![
                    file(format!("{path}.html"), view.write()),
                    file(format!("{path}.md"), text::page(&view)),
                ]
            }
            What::Search => vec![file(
                format!("{tag}/search.js"),
                search::index(site, edition),
            )],
            What::Contract => {
                let contract = serde_json::to_string_pretty(&edition.root.to_json());
                let contract = contract.unwrap_or_default() + "\n";
                vec![file(format!("{tag}/{}.json", site.name), contract)]
            }
        }
    }
}

/// The files of tasks, each with the number that the task has here.
pub(crate) fn done<'t>(
    site: &Site,
    tasks: impl IntoIterator<Item = (usize, &'t Task<'t>)>,
) -> Vec<(usize, Vec<File>)> {
    let tasks: Vec<_> = tasks.into_iter().collect();
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(tasks.len()));
    let work = || {
        while let Some((number, task)) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
            let files = task.files(site);
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push((*number, files));
        }
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let others = (1..threads.min(tasks.len())).map(|_| scope.spawn(work));
        let others: Vec<_> = others.collect();
        work();
        for other in others {
            other.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}
