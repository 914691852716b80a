//! Pages as readers have them: in a browser, by keyboard, in the dark, on a telephone, and without
//! scripts. Needs chromium and its driver; says loudly where they are missing.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use contract::Document;
use docs::Site;
use driver::Driver;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use overlay::Overlay;
use sandbox::Sandbox;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

mod driver;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const LANGUAGES: [(&str, &str, &str); 5] = [
    ("en", "Create a contact", "Search"),
    ("es", "Crear un contacto", "Buscar"),
    ("fr", "Créer un contact", "Rechercher"),
    ("it", "Creare un contatto", "Cerca"),
    ("pt", "Criar um contato", "Buscar"),
];

/// The site of this repository's contract, on the disk.
fn site() -> PathBuf {
    let folder = Path::new(ROOT).join("openapi");
    let document = Document::read(&folder.join("callbell.yaml"), "callbell.yaml").unwrap();
    let mut site = Site::new("callbell", "en", document.root().clone());
    site = site.changelog("# Changelog\n\n## Unreleased\n\n- A line.\n");
    for (language, ..) in &LANGUAGES[1..] {
        let name = format!("callbell.{language}.overlay.yaml");
        let source = contract::Source::read(&folder.join(&name), name.as_str()).unwrap();
        let (overlay, _) = Overlay::read(source);
        let mut root = document.root().clone();
        overlay.apply(&mut root, 0).unwrap();
        site = site.translated(language, root);
    }
    written(&site, "site")
}

/// A site as a folder.
fn written(site: &Site, name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&target);
    for file in site.files() {
        let path = target.join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file.text).unwrap();
    }
    target
}

fn address(site: &Path, path: &str) -> String {
    format!("file://{}/{path}", site.display())
}

async fn value(browser: &Client, script: &str) -> Value {
    browser
        .execute(&format!("return {script};"), Vec::new())
        .await
        .unwrap()
}

/// Keeps what a page looks like, for whoever looks.
async fn picture(browser: &Client, name: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
    fs::create_dir_all(&folder).unwrap();
    let picture = browser.screenshot().await.unwrap();
    fs::write(folder.join(format!("{name}.png")), picture).unwrap();
}

/// Waits until something is so.
async fn until(browser: &Client, script: &str) {
    for _ in 0..100 {
        if value(browser, script).await == json!(true) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    panic!("never: {script}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_do_what_readers_expect() {
    let Some(driver) = Driver::start() else {
        eprintln!("SKIPPED: no page is looked at, there is no chromedriver");
        return;
    };
    let site = site();
    let browser = driver.browser(true, 1400).await;
    let axe = Path::new(ROOT).join("target/npm/node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(axe).ok();
    if axe.is_none() {
        eprintln!("SKIPPED: axe-core is not in target/npm; accessibility is not checked");
    }
    for (language, title, search) in LANGUAGES {
        browser
            .goto(&address(&site, &format!("{language}/index.html")))
            .await
            .unwrap();
        let heading = value(
            &browser,
            "document.querySelector('#create-contact h2').firstChild.textContent",
        )
        .await;
        assert_eq!(heading.as_str().unwrap().trim(), title);
        assert_eq!(
            value(&browser, "document.getElementById('find').placeholder").await,
            search
        );
        assert_eq!(
            value(&browser, "document.documentElement.lang").await,
            language
        );
        picture(&browser, language).await;
        if let Some(axe) = &axe {
            accessible(&browser, axe, language).await;
        }
    }

    tabs(&browser, &site).await;
    copies(&browser, &site).await;
    searches(&browser, &site).await;
    keeps_the_place(&browser, &site).await;
    themes(&browser, &site, axe.as_deref()).await;
    browser.close().await.unwrap();

    without_scripts(&driver, &site).await;
    on_a_telephone(&driver, &site).await;
    tries(&driver, &site).await;
    sends_files(&driver).await;
}

/// Serves a site on loopback, as a page from the disk may call nobody.
async fn served(site: &Path) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let site = site.to_owned();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 8192];
            let read = stream.read(&mut head).await.unwrap_or_default();
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let path = head
                .split(' ')
                .nth(1)
                .unwrap_or_default()
                .trim_start_matches('/');
            let body = fs::read(site.join(path)).unwrap_or_default();
            let kind = match path.rsplit('.').next() {
                Some("css") => "text/css",
                Some("js") => "text/javascript",
                _ => "text/html; charset=utf-8",
            };
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            );
            let _ = stream.write_all(&[answer.as_bytes(), &body].concat()).await;
        }
    });
    port
}

/// The example is sent to a sandbox, with a key that is kept nowhere.
async fn tries(driver: &Driver, site: &Path) {
    let contract = Path::new(ROOT).join("openapi/callbell.yaml");
    let sandbox = Sandbox::from_path(contract).unwrap().start().await.unwrap();
    let port = served(site).await;
    let browser = driver.browser(true, 1400).await;
    let page = format!("http://127.0.0.1:{port}/es/index.html");
    browser.goto(&page).await.unwrap();
    browser
        .execute("document.querySelector('.try').click()", Vec::new())
        .await
        .unwrap();
    until(&browser, "!!document.querySelector('.trial .send')").await;
    let fill = "const [address, path, key] = document.querySelectorAll('.trial input'); address.value = arguments[0]; key.value = 'YOUR_API_KEY'; document.querySelector('.trial .send').click()";
    browser
        .execute(fill, vec![json!(sandbox.url())])
        .await
        .unwrap();
    until(
        &browser,
        "document.querySelector('.trial [role=status]').textContent.startsWith('200')",
    )
    .await;
    let answer = value(&browser, "document.querySelector('.trial pre').textContent").await;
    assert!(answer.as_str().unwrap().contains("John Doe"), "{answer}");
    let requests = sandbox.take_requests();
    let sent = requests
        .iter()
        .find(|request| request.method == "POST")
        .unwrap();
    let header = sent
        .headers
        .iter()
        .find(|(name, _)| name == "authorization");
    assert_eq!(header.unwrap().1, "Bearer YOUR_API_KEY");
    let kept = value(
        &browser,
        "JSON.stringify(Object.values(localStorage)) + document.cookie",
    )
    .await;
    assert!(!kept.as_str().unwrap().contains("YOUR_API_KEY"), "{kept}");
    picture(&browser, "try").await;
    // Nobody is there: it is said, in the reader's language.
    let gone = "const [address] = document.querySelectorAll('.trial input'); address.value = 'http://127.0.0.1:9'; document.querySelector('.trial .send').click()";
    browser.execute(gone, Vec::new()).await.unwrap();
    until(
        &browser,
        "document.querySelector('.trial [role=status]').textContent.startsWith('Sin respuesta')",
    )
    .await;
    browser.close().await.unwrap();
}

const UPLOAD: &str = "
openapi: 3.0.3
info: {title: Photos, version: 1.0.0}
servers: [{url: /v1/}]
security: [{login: []}]
paths:
  /photos:
    post:
      operationId: addPhoto
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [title, photo]
              properties:
                title: {type: string}
                photo: {type: string, format: binary}
      responses: {'204': {description: Added}}
components: {securitySchemes: {login: {type: http, scheme: basic}}}
";

/// A form is filled in by the reader, with a file.
async fn sends_files(driver: &Driver) {
    let document = Document::parse(contract::Source::new("photos.yaml", UPLOAD));
    let site = Site::new("photos", "en", document.root().clone());
    let port = served(&written(&site, "site-of-photos")).await;
    let checked = contract::lint::gate(document).unwrap();
    let sandbox = Sandbox::of(checked).start().await.unwrap();
    let browser = driver.browser(true, 1400).await;
    let page = format!("http://127.0.0.1:{port}/en/index.html");
    browser.goto(&page).await.unwrap();
    let click = "document.querySelector('.try').click()";
    browser.execute(click, Vec::new()).await.unwrap();
    until(&browser, "!!document.querySelector('.trial .send')").await;
    let fill = "const [address, path, key, ...fields] = document.querySelectorAll('.trial input');
        address.value = arguments[0]; key.value = 'anna:pässword';
        const held = new DataTransfer(); held.items.add(new File(['PNG'], 'me.png', {type: 'image/png'}));
        for (const field of fields) if (field.type === 'file') field.files = held.files; else field.value = 'A title';
        document.querySelector('.trial .send').click()";
    let address = vec![json!(sandbox.url())];
    browser.execute(fill, address).await.unwrap();
    let status = "document.querySelector('.trial [role=status]').textContent.startsWith('204')";
    until(&browser, status).await;
    let requests = sandbox.take_requests();
    let sent = requests.iter().find(|one| one.method == "POST").unwrap();
    let body = String::from_utf8_lossy(&sent.body);
    assert!(
        body.contains("A title") && body.contains("filename=\"me.png\""),
        "{body}"
    );
    let named = |(name, _): &&(String, String)| name == "authorization";
    let authorization = &sent.headers.iter().find(named).unwrap().1;
    assert_eq!(authorization, "Basic YW5uYTpww6Rzc3dvcmQ=");
    browser.close().await.unwrap();
}

async fn accessible(browser: &Client, axe: &str, what: &str) {
    browser.execute(axe, Vec::new()).await.unwrap();
    let script = "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']})\
                  .then((result) => done(result.violations.map((one) => one.id + ': ' + one.nodes[0].html)));";
    let violations = browser.execute_async(script, Vec::new()).await.unwrap();
    assert_eq!(violations, json!([]), "{what}");
}

/// One language of programs is chosen for the whole page, and for the next one.
async fn tabs(browser: &Client, site: &Path) {
    browser.goto(&address(site, "en/index.html")).await.unwrap();
    let shown = "[...document.querySelectorAll('.sample')].filter((one) => one.offsetParent).map((one) => one.dataset.tab).join()";
    assert_eq!(value(browser, shown).await, "cURL");
    let python = Locator::XPath("//button[@role='tab'][text()='Python']");
    browser.find(python).await.unwrap().click().await.unwrap();
    assert_eq!(value(browser, shown).await, "Python");
    browser.goto(&address(site, "fr/index.html")).await.unwrap();
    assert_eq!(value(browser, shown).await, "Python");
    // The arrows go on to the next one.
    let python = browser.find(python).await.unwrap();
    python.click().await.unwrap();
    python
        .send_keys(&char::from(Key::Right).to_string())
        .await
        .unwrap();
    assert_eq!(value(browser, shown).await, "C#");
}

async fn copies(browser: &Client, site: &Path) {
    browser.goto(&address(site, "en/index.html")).await.unwrap();
    let script = "window.copied = []; document.execCommand = () => window.copied.push(document.activeElement.value); \
                  Object.defineProperty(navigator, 'clipboard', {value: undefined})";
    browser.execute(script, Vec::new()).await.unwrap();
    let button = "[...document.querySelectorAll('.copy')].find((one) => one.offsetParent)";
    browser
        .execute(&format!("{button}.click()"), Vec::new())
        .await
        .unwrap();
    until(browser, &format!("{button}.textContent === 'Copied'")).await;
    let copied = value(browser, "window.copied[0]").await;
    let expected = value(
        browser,
        &format!("{button}.parentElement.querySelector('pre').textContent"),
    )
    .await;
    assert_eq!(copied, expected);
}

async fn searches(browser: &Client, site: &Path) {
    browser.goto(&address(site, "pt/index.html")).await.unwrap();
    browser
        .execute(
            "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '/', bubbles: true}))",
            Vec::new(),
        )
        .await
        .unwrap();
    assert_eq!(value(browser, "document.activeElement.id").await, "find");
    let find = browser.find(Locator::Id("find")).await.unwrap();
    // Accents need not be written.
    find.send_keys("usuario atribuido").await.unwrap();
    until(browser, "document.querySelectorAll('#found a').length > 0").await;
    picture(browser, "search").await;
    find.send_keys(&char::from(Key::Down).to_string())
        .await
        .unwrap();
    let link = browser.active_element().await.unwrap();
    link.send_keys(&char::from(Key::Enter).to_string())
        .await
        .unwrap();
    until(
        browser,
        "location.hash.length > 1 && !!document.querySelector(':target')",
    )
    .await;
    find.clear().await.unwrap();
    find.send_keys("zzz").await.unwrap();
    until(
        browser,
        "document.getElementById('found').textContent === 'Nenhum resultado'",
    )
    .await;
}

/// A link leads to its place, opens what is closed, and is the same in another language.
async fn keeps_the_place(browser: &Client, site: &Path) {
    let hash = "#create-contact--429--Retry-After";
    browser
        .goto(&address(site, &format!("en/index.html{hash}")))
        .await
        .unwrap();
    until(
        browser,
        "document.querySelector(':target').closest('details').open",
    )
    .await;
    browser
        .find(Locator::Css(".languages a[hreflang=it]"))
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
    until(browser, "document.documentElement.lang === 'it'").await;
    assert_eq!(value(browser, "location.hash").await, hash);
    // The language is the reader's from now on.
    browser.goto(&address(site, "index.html")).await.unwrap();
    until(browser, "document.documentElement.lang === 'it'").await;
}

async fn themes(browser: &Client, site: &Path, axe: Option<&str>) {
    browser.goto(&address(site, "en/index.html")).await.unwrap();
    let ground = "getComputedStyle(document.body).backgroundColor";
    let light = value(browser, ground).await;
    browser
        .find(Locator::Css(".theme"))
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
    let dark = value(browser, ground).await;
    assert_ne!(light, dark);
    browser.refresh().await.unwrap();
    assert_eq!(value(browser, ground).await, dark);
    picture(browser, "dark").await;
    if let Some(axe) = axe {
        accessible(browser, axe, "dark").await;
    }
}

/// Everything is there: each sample below the other.
async fn without_scripts(driver: &Driver, site: &Path) {
    let browser = driver.browser(false, 1400).await;
    browser.goto(&address(site, "it/index.html")).await.unwrap();
    let samples = browser.find_all(Locator::Css(".sample")).await.unwrap();
    assert!(samples.len() >= 3 * 8, "{}", samples.len());
    for sample in &samples {
        assert!(sample.is_displayed().await.unwrap());
    }
    for button in browser.find_all(Locator::Css("button")).await.unwrap() {
        assert!(!button.is_displayed().await.unwrap());
    }
    picture(&browser, "without-scripts").await;
    browser.goto(&address(site, "index.html")).await.unwrap();
    let links = browser.find_all(Locator::Css("main a")).await.unwrap();
    assert_eq!(links.len(), LANGUAGES.len());
    browser.close().await.unwrap();
}

async fn on_a_telephone(driver: &Driver, site: &Path) {
    let browser = driver.browser(true, 320).await;
    for page in ["en/index.html", "fr/index.html", "en/changelog.html"] {
        browser.goto(&address(site, page)).await.unwrap();
        assert_eq!(value(&browser, "innerWidth").await, 320);
        let width = value(&browser, "document.documentElement.scrollWidth").await;
        assert_eq!(width, 320, "{page}");
    }
    picture(&browser, "telephone").await;
    browser.close().await.unwrap();
}
