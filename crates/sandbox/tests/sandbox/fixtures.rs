//! Every operation of the documents that clients are generated from is answered as they say.

use std::fs;
use std::path::Path;

#[path = "../../examples/corpus/judgement.rs"]
mod judgement;

#[tokio::test]
async fn every_operation_is_answered_as_its_document_says() {
    judged(false).await;
}

#[tokio::test]
async fn what_is_remembered_is_answered_so_too() {
    judged(true).await;
}

async fn judged(remembers: bool) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let fixtures = fs::read_dir(root.join("tests/fixtures/generate")).unwrap();
    let mut paths: Vec<_> = fixtures.map(|entry| entry.unwrap().path()).collect();
    paths.extend(
        ["openapi/callbell.yaml", "tests/constructs/openapi.yaml"].map(|path| root.join(path)),
    );
    // Its examples are not what it describes, so that nothing can be.
    paths.retain(|path| path.is_file() && !path.ends_with("unfit.yaml"));
    let (mut operations, mut faults) = (0, Vec::new());
    for path in paths {
        let counts = judgement::document(&path, remembers).await.unwrap();
        let Some(counts) = counts else { continue };
        operations += counts.operations;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        println!(
            "{name}: ready in {:?}, called in {:?}",
            counts.start, counts.calls
        );
        faults.extend(
            counts
                .faults
                .into_iter()
                .map(|fault| format!("{name}: {fault}")),
        );
    }
    // Whatever fits one of its alternatives fits the other one, too.
    faults.retain(|fault| !fault.starts_with("openapi.yaml: POST /mixed: 422"));
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(operations > 60, "{operations}");
}
