//! A browser that is driven.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use fantoccini::{Client, ClientBuilder};
use serde_json::{Value, json};

/// The driver of the browser, which ends with whoever started it.
pub(crate) struct Driver(Child, u16);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Driver {
    /// Nothing where there is no browser to drive.
    pub(crate) fn start() -> Option<Self> {
        let driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut driver = driver.ok()?;
        let lines = BufReader::new(driver.stdout.take()?).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        Some(Self(driver, port?))
    }

    pub(crate) async fn browser(&self, scripts: bool, width: u32) -> Client {
        let preferences = json!({ "profile.managed_default_content_settings.javascript": if scripts { 1 } else { 2 } });
        let options = json!({
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--force-prefers-reduced-motion", format!("--window-size={width},1000")],
            "prefs": preferences,
            // A window is not narrower than 500 points, a telephone is.
            "mobileEmulation": (width < 500).then(|| json!({ "deviceMetrics": {"width": width, "height": 800, "pixelRatio": 1.0} })),
        });
        let Value::Object(mut options) = options else {
            unreachable!()
        };
        options.retain(|_, value| !value.is_null());
        let capabilities = json!({ "goog:chromeOptions": options });
        let mut builder =
            ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        builder.capabilities(capabilities.as_object().unwrap().clone());
        builder
            .connect(&format!("http://127.0.0.1:{}", self.1))
            .await
            .unwrap()
    }
}
