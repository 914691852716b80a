//! The generator in a process of its own. What it does to a document that nobody foresaw,
//! be it a panic or a stack without end, ends that process and not the tool.

use std::io::{self, Read, Write};
use std::process::{Command, Output, Stdio};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Asked, Call, Home, attempt, attempt_calls};
use contract::source::Node;

/// Begins what the other process says when there is code, and when there is none.
const CODE: &str = "code\n";
const REASON: &str = "reason\n";

/// What the other process is asked for.
#[derive(Deserialize, Serialize)]
struct Request {
    home: Home,
    document: Value,
    /// Where calls are asked for, and no code.
    calls: Option<Asked>,
}

/// Generates in the process that a command starts, which calls [`answer`].
pub(super) fn ask(command: Command, document: &Node, home: &Home) -> Result<String, String> {
    let request = Request {
        home: home.clone(),
        document: document.to_json(),
        calls: None,
    };
    answered(command, &request)
}

/// The same of calls.
pub(super) fn ask_calls(
    command: Command,
    document: &Node,
    home: &Home,
    asked: Asked,
) -> Result<Vec<Call>, String> {
    let request = Request {
        home: home.clone(),
        document: document.to_json(),
        calls: Some(asked),
    };
    let answered = answered(command, &request)?;
    serde_json::from_str(&answered).map_err(|error| error.to_string())
}

fn answered(mut command: Command, request: &Request) -> Result<String, String> {
    let failed = |error: io::Error| format!("the generator's process: {error}");
    let request = serde_json::to_string(request);
    let request = request.map_err(|error| failed(error.into()))?;
    let output = exchange(&mut command, request).map_err(failed)?;
    let told = String::from_utf8_lossy(&output.stdout);
    match told.strip_prefix(CODE) {
        Some(code) => Ok(code.to_owned()),
        None => Err(match told.strip_prefix(REASON) {
            Some(reason) => reason.to_owned(),
            None => "the generator does not come to an end: it uses up its stack".to_owned(),
        }),
    }
}

fn exchange(command: &mut Command, request: String) -> io::Result<Output> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // It reads all before it writes. One that ended has said why.
        let _ = stdin.write_all(request.as_bytes());
    }
    child.wait_with_output()
}

/// The other side of a [barrier](super::generate_behind): reads a document, and writes its
/// code or why there is none.
///
/// # Errors
/// When reading or writing fails.
pub fn answer(input: &mut dyn Read, output: &mut dyn Write) -> io::Result<()> {
    let Request {
        home,
        document,
        calls: asked,
    } = serde_json::from_reader(input)?;
    let document = Node::from(document);
    let answered = match asked {
        None => attempt(&document, &home),
        Some(asked) => attempt_calls(&document, &home, &asked)
            .and_then(|calls| serde_json::to_string(&calls).map_err(|error| error.to_string())),
    };
    match answered {
        Ok(made) => write!(output, "{CODE}{made}"),
        Err(reason) => write!(output, "{REASON}{reason}"),
    }
}
