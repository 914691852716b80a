//! The documentation of a contract: a static site in each of its languages, made of the contract
//! and of nothing else.
#![warn(missing_docs)]

use std::collections::{BTreeMap, HashMap};
use std::panic::resume_unwind;
use std::thread;

use contract::source::Node;
use edition::{Edition, Page, Places};
pub use release::Release;
use request::Maker;
use serde_json::Value;
use task::Task;

mod authentication;
mod edition;
mod fact;
mod field;
mod highlight;
mod html;
mod markdown;
mod release;
mod request;
pub mod sample;
mod search;
mod shown;
mod task;
mod text;
mod words;

const STYLE: &str = include_str!("assets/style.css");
const SCRIPT: &str = include_str!("assets/script.js");
const TRY: &str = include_str!("assets/try.js");

/// A file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path from the root of the site, with `/`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// A call of an operation in a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Method and path: `POST /pets`.
    pub operation: String,
    /// What the contract calls the example; nothing where nothing is sent.
    pub example: String,
    /// The language.
    pub language: sample::Language,
    /// A program, or a command of a shell.
    pub code: String,
}

/// What an operation is given where it is shown.
#[derive(Clone, Debug)]
pub struct Given {
    /// The parameters that must be there, by name.
    pub parameters: BTreeMap<String, Value>,
    /// What is sent, by the name of the example, with [files](contract::form::file) as such.
    pub bodies: Vec<(String, Value)>,
}

/// What a site is made of.
#[derive(Debug)]
pub struct Site {
    /// What the contract is called in addresses.
    name: String,
    /// How variables of the environment begin in samples.
    prefix: String,
    editions: Vec<Edition>,
    places: Places,
    changelog: Option<String>,
    /// The newest first.
    releases: Vec<Release>,
    /// Calls by the client that is generated, by operation and example.
    rust: HashMap<(String, String), String>,
    url: Option<String>,
}

impl Site {
    /// The site of a document in its own language.
    ///
    /// ```
    /// use contract::{Document, Source};
    /// use docs::Site;
    ///
    /// let text = "info: {title: Pets, version: 1.0.0}\npaths: {/pets: {get: {summary: All pets}}}";
    /// let document = Document::parse(Source::new("pets.yaml", text));
    /// let files = Site::new("pets", "en", document.root().clone()).files();
    /// let index = files.iter().find(|file| file.path == "en/index.html").unwrap();
    /// assert!(index.text.contains("All pets"));
    /// ```
    #[must_use]
    pub fn new(name: &str, language: &str, root: Node) -> Self {
        let edition = Edition::new(language, root);
        let prefix = name.chars().map(|c| match c.is_ascii_alphanumeric() {
            true => c.to_ascii_uppercase(),
            false => '_',
        });
        Self {
            places: Places::of(&edition),
            name: name.to_owned(),
            prefix: prefix.collect(),
            editions: vec![edition],
            changelog: None,
            releases: Vec::new(),
            rust: HashMap::new(),
            url: None,
        }
    }

    /// Adds a language, with the document in it.
    #[must_use]
    pub fn translated(mut self, language: &str, root: Node) -> Self {
        self.editions.push(Edition::new(language, root));
        self
    }

    /// Adds a page with what has changed, from Markdown.
    #[must_use]
    pub fn changelog(mut self, markdown: impl Into<String>) -> Self {
        self.changelog = Some(markdown.into());
        self
    }

    /// Adds what every release changed to that page, the newest first.
    #[must_use]
    pub fn releases(mut self, releases: Vec<Release>) -> Self {
        self.releases = releases;
        self
    }

    fn has_changelog(&self) -> bool {
        self.changelog.is_some() || !self.releases.is_empty()
    }

    /// Adds how the generated client is called: by operation, as `POST /pets`, and example.
    #[must_use]
    pub fn rust(mut self, calls: impl IntoIterator<Item = ((String, String), String)>) -> Self {
        self.rust.extend(calls);
        self
    }

    /// Says where the site will be found, for a sitemap.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into().trim_end_matches('/').to_owned());
        self
    }

    /// What each operation is given, by its title, as the generated client is given it.
    #[must_use]
    pub fn given(&self) -> BTreeMap<String, Given> {
        let edition = &self.editions[0];
        let operations = edition.api.operations.iter();
        let given = operations.map(|operation| {
            let given = Given {
                parameters: self.maker(edition).parameters(operation),
                bodies: shown::given(self, edition, operation),
            };
            (operation.title(), given)
        });
        given.collect()
    }

    /// How variables of the environment begin in samples: `PETS` of `PETS_API_KEY`.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The languages, the document's own first.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.editions.iter().map(|edition| edition.tag.as_str())
    }

    /// Every sample of every example, whichever language it is for: for whoever runs them.
    #[must_use]
    pub fn samples(&self) -> Vec<Sample> {
        let edition = &self.editions[0];
        let calls = edition.api.operations.iter().flat_map(|operation| {
            let calls = shown::all_calls(self, edition, operation).into_iter();
            calls.flat_map(move |call| {
                let code = call.code.into_iter();
                code.map(move |(language, code)| Sample {
                    operation: operation.title(),
                    example: call.name.clone(),
                    language,
                    code,
                })
            })
        });
        calls.collect()
    }

    /// The files, in order.
    #[must_use]
    pub fn files(&self) -> Vec<File> {
        let tasks = Task::all(self);
        let done = task::done(self, tasks.iter().enumerate());
        self.put_together(done)
    }

    /// The same with the calls that `calls` gives, as for [`rust`](Self::rust), while pages without
    /// calls are written: the generator takes its time.
    #[must_use]
    pub fn files_with<C>(self, calls: impl FnOnce() -> C + Send) -> Vec<File>
    where
        C: IntoIterator<Item = ((String, String), String)> + Send,
    {
        let (calls, mut done) = thread::scope(|scope| {
            let calls = scope.spawn(calls);
            let tasks = Task::all(&self);
            let tasks = tasks.iter().enumerate();
            let plain = tasks.filter(|(_, task)| !task.shows_calls(&self));
            let done = task::done(&self, plain);
            let calls = calls.join().unwrap_or_else(|panic| resume_unwind(panic));
            (calls, done)
        });
        let site = self.rust(calls);
        let tasks = Task::all(&site);
        let tasks = tasks.iter().enumerate();
        done.extend(task::done(
            &site,
            tasks.filter(|(_, task)| task.shows_calls(&site)),
        ));
        site.put_together(done)
    }

    /// What stands before the languages, and what was done for those.
    fn put_together(&self, mut done: Vec<(usize, Vec<File>)>) -> Vec<File> {
        let mut files = vec![
            file("index.html", html::choice(self)),
            file("style.css", STYLE),
            file("script.js", as_loaded(SCRIPT)),
            file("try.js", as_loaded(TRY)),
            file("llms.txt", text::llms(self)),
        ];
        files.extend(self.sitemap());
        done.sort_by_key(|(number, _)| *number);
        files.extend(done.into_iter().flat_map(|(_, files)| files));
        files
    }

    /// Every page with its translations, where it is known where they will be.
    fn sitemap(&self) -> Option<File> {
        let url = self.url.as_ref()?;
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
             xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
        );
        let address = |edition: &Edition, page: &Page| {
            let address = format!("{url}/{}/{}.html", edition.tag, self.places.file(page));
            contract::escape::html(&address)
        };
        for page in self.places.pages(self.has_changelog()) {
            for edition in &self.editions {
                out.push_str(&format!("  <url><loc>{}</loc>", address(edition, &page)));
                for other in &self.editions {
                    out.push_str(&format!(
                        "<xhtml:link rel=\"alternate\" hreflang=\"{}\" href=\"{}\"/>",
                        other.tag,
                        address(other, &page)
                    ));
                }
                out.push_str("</url>\n");
            }
        }
        out.push_str("</urlset>\n");
        Some(file("sitemap.xml", out))
    }

    pub(crate) fn maker<'a>(&'a self, edition: &'a Edition) -> Maker<'a> {
        Maker {
            root: &edition.root,
            api: &edition.api,
            prefix: &self.prefix,
        }
    }
}

/// A script as readers load it, without what is for those who write it. No text in it goes over
/// several lines.
fn as_loaded(script: &str) -> String {
    let lines = script.lines().map(str::trim_start);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn file(path: impl Into<String>, text: impl Into<String>) -> File {
    File {
        path: path.into(),
        text: text.into(),
    }
}
