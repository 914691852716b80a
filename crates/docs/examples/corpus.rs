//! `cargo run --release -p docs --example corpus FOLDER|FILE…`: the site of every document that
//! passes the gate: how many files it has, how large they are, and how long they take.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use contract::Document;
use contract::lint::admit;
use docs::Site;

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = Vec::new();
    for argument in std::env::args().skip(1) {
        let path = PathBuf::from(argument);
        match path.is_dir() {
            true => {
                let entries = std::fs::read_dir(&path)?.map(|entry| Ok(entry?.path()));
                paths.extend(entries.collect::<std::io::Result<Vec<_>>>()?);
            }
            false => paths.push(path),
        }
    }
    paths.sort();
    let (mut sites, mut refused) = (0, 0);
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let started = Instant::now();
        let document = Document::read(&path, name.as_ref())?;
        let Ok(checked) = admit(document) else {
            refused += 1;
            println!("{name}: refused");
            continue;
        };
        let read = started.elapsed();
        let files = Site::new(&name, "en", checked.written().clone()).files();
        let all = started.elapsed();
        let bytes: usize = files.iter().map(|file| file.text.len()).sum();
        sites += 1;
        println!(
            "{name}: {} files, {} KiB, read {} ms, written {} ms, {} MiB",
            files.len(),
            bytes / 1024,
            read.as_millis(),
            (all - read).as_millis(),
            peak()
        );
    }
    println!("sites {sites} refused {refused}");
    Ok(())
}

/// The most memory that the process has had, in MiB.
fn peak() -> usize {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let digits = line.map(|line| line.trim().trim_end_matches(" kB").to_owned());
    digits
        .and_then(|digits| digits.parse::<usize>().ok())
        .unwrap_or_default()
        / 1024
}
