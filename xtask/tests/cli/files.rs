//! What stands where a command writes, and what a command leaves when it is killed.

use std::fs;
use std::process;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use crate::strangers::ends;
use crate::{PING, run, workspace};

#[test]
fn what_cannot_be_replaced_is_named() {
    let folder = workspace(&[("ping.yaml", PING)]);
    assert_eq!(run(&folder, &["generate"]).0, 0);
    let generated = folder.path().join("crates/ping/src/generated.rs");
    fs::remove_file(&generated).unwrap();
    fs::create_dir(&generated).unwrap();
    for arguments in [&["generate"][..], &["generate", "--check"]] {
        let (code, text) = run(&folder, arguments);
        assert_eq!(code, 1, "{text}");
        let says = "`crates/ping/src/generated.rs` is no file; remove it";
        assert!(text.contains(says), "{text}");
    }
    fs::remove_dir_all(folder.path().join("crates/ping/src")).unwrap();
    fs::write(folder.path().join("crates/ping/src"), "no folder").unwrap();
    let (code, text) = run(&folder, &["generate"]);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("cannot read `crates/ping/src/generated.rs`: "),
        "{text}"
    );
    fs::remove_dir_all(folder.path().join("crates")).unwrap();
    fs::write(folder.path().join("crates"), "no folder").unwrap();
    let (code, text) = run(&folder, &["generate"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("crates"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_code_is_not_waited_for() {
    let folder = workspace(&[("ping.yaml", PING)]);
    fs::create_dir_all(folder.path().join("crates/ping/src")).unwrap();
    let pipe = folder.path().join("crates/ping/src/generated.rs");
    assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
    let text = ends(folder.path(), &["generate", "--check"]);
    assert!(text.contains("is no file"), "{text}");
}

#[test]
fn code_that_is_no_text_is_replaced() {
    let folder = workspace(&[("ping.yaml", PING)]);
    assert_eq!(run(&folder, &["generate"]).0, 0);
    let generated = folder.path().join("crates/ping/src/generated.rs");
    fs::write(&generated, [0xff, 0xfe]).unwrap();
    assert_eq!(run(&folder, &["generate", "--check"]).0, 4);
    assert_eq!(run(&folder, &["generate"]).0, 0);
    assert_eq!(run(&folder, &["generate", "--check"]).0, 0);
}

/// The number of a process that has ended.
#[cfg(target_os = "linux")]
fn ended() -> u32 {
    let mut child = Command::new("true").spawn().unwrap();
    let number = child.id();
    child.wait().unwrap();
    number
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_killed_command_left_the_next_one_removes() {
    let folder = workspace(&[("ping.yaml", PING)]);
    assert_eq!(run(&folder, &["generate"]).0, 0);
    let (ended, lives) = (ended(), process::id());
    let at = |path: &str| folder.path().join(path);
    let left = [
        at(&format!("crates/ping/src/.generated-generated-{ended}.tmp")),
        at(&format!("openapi/.generated-other-{ended}.tmp")),
        at(&format!(".generated-a-b-{ended}.tmp")),
    ];
    fs::write(&left[0], "half").unwrap();
    fs::write(&left[1], "half").unwrap();
    fs::create_dir_all(left[2].join("src")).unwrap();
    fs::write(left[2].join("src/lib.rs"), "half").unwrap();
    // Of a process that goes on, and of none.
    let kept = [
        at(&format!(".generated-ping-{lives}.tmp")),
        at(".generated-ping.tmp"),
        at(".generated-.tmp"),
    ];
    for kept in &kept {
        fs::write(kept, "").unwrap();
    }
    assert_eq!(run(&folder, &["generate", "--check"]).0, 0);
    assert!(
        left.iter().all(|left| left.exists()),
        "a check writes nothing"
    );
    assert_eq!(run(&folder, &["generate"]).0, 0);
    assert!(!left.iter().any(|left| left.exists()));
    assert!(kept.iter().all(|kept| kept.exists()));

    // Where nothing tells what goes on, time does.
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 60 * 60);
    let file = fs::File::options().write(true).open(&kept[0]).unwrap();
    file.set_modified(old).unwrap();
    assert_eq!(run(&folder, &["generate"]).0, 0);
    assert!(!kept[0].exists());
}

#[test]
fn a_document_that_lacks_its_crate_gets_it() {
    // As `new` leaves it when it is killed between the two.
    let folder = workspace(&[("ping.yaml", PING)]);
    fs::write(folder.path().join("ping.yaml"), PING).unwrap();
    let (code, text) = run(&folder, &["new", "ping", "ping.yaml"]);
    assert_eq!(code, 1, "{text}");
    let says = "`openapi/ping.yaml` is there already, but its crate is not: \
        `cargo xtask generate` makes it";
    assert!(text.contains(says), "{text}");
    assert_eq!(run(&folder, &["generate"]).0, 0);
    assert_eq!(run(&folder, &["generate", "--check"]).0, 0);
}

/// Wherever it is killed, what is there is whole, and `generate` goes on from it.
#[test]
fn a_new_document_that_is_interrupted_is_there_or_is_not() {
    let started = Instant::now();
    let mut whole = None;
    let mut killed = 0;
    for step in 0..24 {
        let folder = workspace(&[]);
        let api = folder.path().join("api");
        fs::create_dir(&api).unwrap();
        let (head, path) = PING.split_once("  /ping:\n").unwrap();
        let document = format!("{head}  /ping: {{$ref: ping.yaml}}\n");
        fs::write(
            api.join("ping.yaml"),
            path.replace("\n    ", "\n").trim_start(),
        )
        .unwrap();
        fs::write(api.join("openapi.yaml"), &document).unwrap();
        let new = ["new", "ping", "api/openapi.yaml"];
        let Some(whole) = whole else {
            assert_eq!(run(&folder, &new).0, 0);
            whole = Some(started.elapsed());
            continue;
        };
        let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .current_dir(folder.path())
            .args(new)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(whole * step / 24);
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());

        let own = folder.path().join("openapi/ping");
        let krate = folder.path().join("crates/ping");
        assert!(
            own.exists() || !krate.exists(),
            "a crate without its document"
        );
        let again = match own.exists() {
            true => {
                assert_eq!(
                    fs::read_to_string(own.join("openapi.yaml")).unwrap(),
                    document
                );
                assert!(own.join("ping.yaml").exists());
                run(&folder, &["generate"])
            }
            false => run(&folder, &new),
        };
        assert_eq!(again.0, 0, "{}", again.1);
        assert_eq!(run(&folder, &["generate", "--check"]).0, 0);
        let left = crate::files(folder.path()).into_iter();
        let left: Vec<_> = left
            .filter(|(path, _)| path.to_string_lossy().contains(".generated-"))
            .collect();
        assert!(left.is_empty() || !cfg!(target_os = "linux"), "{left:?}");
    }
    assert!(killed > 0, "no run was interrupted");
}

#[test]
fn another_document_s_errors_keep_none_from_coming_in() {
    let bad = PING.replace("paths", "pahts");
    let folder = workspace(&[("bad.yaml", &bad)]);
    fs::write(folder.path().join("ping.yaml"), PING).unwrap();
    let (code, text) = run(&folder, &["new", "ping", "ping.yaml"]);
    assert_eq!(code, 0, "{text}");
    for path in [
        "openapi/ping.yaml",
        "crates/ping/Cargo.toml",
        "crates/ping/src/generated.rs",
    ] {
        assert!(folder.path().join(path).is_file(), "{path}");
    }
}
