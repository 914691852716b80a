//! The members of a workspace: a client that cargo does not know cannot be built.

use std::io;

use glob::{MatchOptions, Pattern};

use crate::documents::Client;
use crate::environment::MANIFEST;
use crate::manifest::{self, get};
use crate::settings::{Clients, Settings};

/// As cargo matches members: a star stands for no slash.
const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// The manifest of the root with a client among its members; `None` where it is one already, or
/// where another workspace is around it, which `is_inner` says.
///
/// # Errors
/// When the list of members cannot be written to, with what to do.
pub(crate) fn with(
    settings: &Settings,
    manifest: &str,
    client: &Client,
    is_inner: bool,
) -> io::Result<Option<String>> {
    let Clients::Crates {
        folder: pattern, ..
    } = &settings.clients
    else {
        return Ok(None);
    };
    let Ok(table) = manifest::parse(manifest) else {
        return Ok(None);
    };
    let member = member(pattern, &client.folder);
    let add = || {
        let line = format!("members = [\"{member}\"]");
        manifest::with_lines(MANIFEST, manifest, &["workspace"], &[line]).map(Some)
    };
    let Some(workspace) = get(&table, &["workspace"]).and_then(|w| w.as_ref().as_table()) else {
        return match is_inner || get(&table, &["package", "workspace"]).is_some() {
            false => add(),
            true => Err(io::Error::other(format!(
                "`{MANIFEST}` is of a member of a workspace, which must have `{}` as a member, \
                 too; put the contracts at the workspace's root, or configure `documents` and \
                 `clients` there",
                client.folder
            ))),
        };
    };
    let is_listed = |key: &str| {
        let listed = workspace.get(key).and_then(manifest::list);
        let all = listed.into_iter().flat_map(|list| list.as_ref().iter());
        let mut texts = all.filter_map(|item| item.as_ref().as_str());
        texts.any(|text| matches(text, &client.folder))
    };
    if is_listed("members") || is_listed("exclude") {
        return Ok(None);
    }
    match workspace.get("members").and_then(manifest::list) {
        Some(members) => Ok(Some(manifest::with_item(manifest, &members, &member))),
        None => add(),
    }
}

/// The pattern of all clients, where it says no more than a folder of them.
fn member(pattern: &str, folder: &str) -> String {
    match pattern.strip_suffix("{name}") {
        Some(outer) if outer.ends_with('/') && !outer.contains("{name}") => format!("{outer}*"),
        _ => folder.to_owned(),
    }
}

fn matches(pattern: &str, folder: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
    Pattern::new(pattern).is_ok_and(|pattern| pattern.matches_with(folder, OPTIONS))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::with;
    use crate::documents::Client;
    use crate::settings::{Clients, Settings};

    fn text(manifest: &str, pattern: &str, folder: &str) -> Option<String> {
        let settings = Settings {
            clients: Clients::Crates {
                folder: pattern.to_owned(),
                package: "{name}".to_owned(),
            },
            ..Settings::default()
        };
        let client = Client {
            folder: folder.to_owned(),
            package: None,
            generated: String::new(),
            runtime: (String::new(), String::new()),
        };
        with(&settings, manifest, &client, false).unwrap()
    }

    #[test]
    fn a_client_is_made_a_member_once() {
        for (manifest, expected) in [
            (
                "[workspace]\nmembers = [\"app\"]\n",
                "[workspace]\nmembers = [\"app\", \"clients/*\"]\n",
            ),
            (
                "[workspace]\nmembers = [\"app\",] # all\n",
                "[workspace]\nmembers = [\"app\", \"clients/*\",] # all\n",
            ),
            (
                "[workspace]\nmembers = [\n    \"app\",\n]\n",
                "[workspace]\nmembers = [\n    \"app\",\n    \"clients/*\",\n]\n",
            ),
            (
                "[workspace]\nmembers = []\n",
                "[workspace]\nmembers = [\"clients/*\"]\n",
            ),
            (
                "[workspace]\nresolver = \"3\"\n",
                "[workspace]\nmembers = [\"clients/*\"]\nresolver = \"3\"\n",
            ),
            (
                "[package]\nname = \"a\"\n",
                "[package]\nname = \"a\"\n\n[workspace]\nmembers = [\"clients/*\"]\n",
            ),
        ] {
            let once = text(manifest, "clients/{name}", "clients/ping").unwrap();
            assert_eq!(once, expected);
            assert_eq!(
                text(&once, "clients/{name}", "clients/ping"),
                None,
                "{once}"
            );
        }
    }

    #[test]
    fn what_cargo_knows_or_leaves_out_stays_as_it_is() {
        for manifest in [
            "[workspace]\nmembers = [\"clients/*\"]\n",
            "[workspace]\nmembers = ['./clients/pin?/']\n",
            "workspace.members = [\"clients/ping\"]\n",
            "[workspace]\nexclude = [\"clients/ping\"]\n",
        ] {
            assert_eq!(
                text(manifest, "clients/{name}", "clients/ping"),
                None,
                "{manifest}"
            );
        }
        let deeper = "[workspace]\nmembers = [\"clients/*\"]\n";
        let once = text(deeper, "clients/{name}/rust", "clients/ping/rust").unwrap();
        assert_eq!(
            once,
            "[workspace]\nmembers = [\"clients/*\", \"clients/ping/rust\"]\n"
        );
    }
}
