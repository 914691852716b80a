//! What a review wants of a manifest: the version, and whether it is the workspace's.

use serde::Deserialize;

#[derive(Deserialize)]
struct Manifest {
    package: Option<Package>,
    workspace: Option<Workspace>,
}

#[derive(Deserialize)]
struct Workspace {
    package: Option<Package>,
}

#[derive(Deserialize)]
struct Package {
    version: Option<Version>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Version {
    Own(String),
    Inherited { workspace: bool },
}

/// The version of a package, which may be that of the workspace.
pub(crate) fn version(manifest: &str, workspace: Option<&str>) -> Option<String> {
    match read(manifest)?.package?.version? {
        Version::Own(version) => Some(version),
        Version::Inherited { workspace: false } => None,
        Version::Inherited { workspace: true } => {
            match read(workspace?)?.workspace?.package?.version? {
                Version::Own(version) => Some(version),
                Version::Inherited { .. } => None,
            }
        }
    }
}

/// Whether a manifest is that of a workspace.
pub(crate) fn is_workspace(manifest: &str) -> bool {
    read(manifest).is_some_and(|manifest| manifest.workspace.is_some())
}

fn read(manifest: &str) -> Option<Manifest> {
    basic_toml::from_str(manifest).ok()
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn a_version_is_the_package_s_own_or_the_workspace_s() {
        let root = "[workspace]\n\n[workspace.package]\nversion = \"0.3.1\" # one for all\n";
        let own = "[package]\nname = \"a\"\nversion = '1.2.3'\n[dependencies]\nversion = \"9\"\n";
        let inherits = "[package]\nversion.workspace = true\n";
        assert_eq!(version(own, Some(root)).as_deref(), Some("1.2.3"));
        assert_eq!(version(inherits, Some(root)).as_deref(), Some("0.3.1"));
        let table = "[package]\nversion = { workspace = true }\n";
        assert_eq!(version(table, Some(root)).as_deref(), Some("0.3.1"));
        assert_eq!(version(inherits, None), None);
        let none = "[package]\nname = \"a\"\n[dependencies]\nversion = \"9\"\n";
        assert_eq!(version(none, Some(root)), None);
    }

    #[test]
    fn a_manifest_is_written_in_any_way_that_toml_has() {
        let root = "workspace = { package = { version = \"0.3.1\" } }";
        for own in [
            "[package] # what it is\nversion = \"1.2.3\"",
            "[ package ]\n  version=\"1.2.3\"",
            "package.version = \"1.2.3\"",
            "[\"package\"]\n\"version\" = '''1.2.3'''",
            "[package]\ndescription = \"\"\"\n[dependencies]\n\"\"\"\nversion = \"1.2.3\"",
            "[package]\r\nversion = \"1.2.3\"\r\n",
        ] {
            assert_eq!(version(own, Some(root)).as_deref(), Some("1.2.3"), "{own}");
        }
        for own in [
            "package.version.workspace = true",
            "[package.version]\nworkspace = true",
        ] {
            assert_eq!(version(own, Some(root)).as_deref(), Some("0.3.1"), "{own}");
        }
        assert_eq!(version("[package", Some(root)), None);
    }
}
