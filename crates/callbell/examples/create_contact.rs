//! Creates a contact and prints it: with the real API when `CALLBELL_API_KEY` is
//! set, else with a sandbox inside this process.

use std::error::Error;
use std::process::ExitCode;

use callbell::types::{CreateContactRequest, Source};
use callbell::{API_KEY_VARIABLE, ApiKey, Client, SetupError};
use callbell_sandbox::Sandbox;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let sandbox;
    let client = match Client::from_env() {
        Err(SetupError::KeyMissing) => {
            sandbox = Sandbox::start().await?;
            let url = sandbox.url();
            println!("`{API_KEY_VARIABLE}` is not set: using a sandbox at {url}\n");
            let key = ApiKey::new("YOUR_API_KEY")?;
            Client::builder(&key).base_url(url).build()?
        }
        client => client?,
    };

    let request = CreateContactRequest::new("123456789", "John Doe", Source::Whatsapp);
    let created = client.create_contact(&request).await?;

    println!("{} {:#?}", created.status(), created.contact);
    Ok(())
}
