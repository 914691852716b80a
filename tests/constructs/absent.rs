//! What is sent of what holds nothing: absent, null and empty are three things.

use super::generated::{MergePatch, types};
use super::{answer, asked, header};

/// What is sent of a value, and the same after it was read.
async fn sent(sparse: &types::Sparse, answered: &str) -> (String, types::Sparse) {
    let (client, request) = answer("200", "application/json", answered).await;
    let read = client.put_sparse(1, sparse).await.unwrap().into_inner();
    (asked(request).await.1, read)
}

#[tokio::test]
async fn absent_null_and_empty_are_three_things() {
    let new = types::Sparse::new;
    let (none, no_map) = (Vec::<String>::new(), Vec::<(String, String)>::new());
    let inner = types::SparseInner::new();
    let cases = [
        // What is required may be null, and is always sent.
        (new(), r#"{"owner":null}"#),
        (new().owner("o").plain("p"), r#"{"owner":"o","plain":"p"}"#),
        (new().note_null(), r#"{"note":null,"owner":null}"#),
        (new().note_null().note("n"), r#"{"note":"n","owner":null}"#),
        (new().note("n").note_null(), r#"{"note":null,"owner":null}"#),
        (new().type_null(), r#"{"owner":null,"type":null}"#),
        (
            new().count_null().places_null(),
            r#"{"count":null,"owner":null,"places":null}"#,
        ),
        (
            new().tags(none.clone()).labels(no_map),
            r#"{"labels":{},"owner":null,"tags":[]}"#,
        ),
        (new().tags(["a"]), r#"{"owner":null,"tags":["a"]}"#),
        (
            new().tags(none).tags(["a"]),
            r#"{"owner":null,"tags":["a"]}"#,
        ),
        (
            new().places([]).meta([("a", 1)]),
            r#"{"meta":{"a":1},"owner":null,"places":[]}"#,
        ),
        (new().inner_null(), r#"{"inner":null,"owner":null}"#),
        (
            new().inner(inner.deep_one_null()),
            r#"{"inner":{"deep-one":null},"owner":null}"#,
        ),
    ];
    for (value, wanted) in cases {
        let (said, _) = sent(&value, "{}").await;
        assert_eq!(said, wanted);
    }
    // What is read is nothing either way.
    let (_, read) = sent(&new(), r#"{"owner": "o", "tags": null, "note": null}"#).await;
    assert_eq!((read.tags.len(), read.note), (0, None));
}

#[tokio::test]
async fn what_the_contract_does_not_list_is_kept() {
    let (_, read) = sent(
        &types::Sparse::new(),
        r#"{"owner": "o", "later": {"deep": [1.5, null]}, "tags": null}"#,
    )
    .await;
    assert_eq!(read.additional_properties["later"]["deep"][0], 1.5);
    let (said, _) = sent(&read.tags(Vec::<String>::new()), "{}").await;
    assert_eq!(
        said,
        r#"{"owner":"o","tags":[],"later":{"deep":[1.5,null]}}"#
    );
    let (said, _) = sent(
        &types::Sparse::new().additional_properties([("a", 1)]),
        "{}",
    )
    .await;
    assert_eq!(said, r#"{"owner":null,"a":1}"#);
}

#[tokio::test]
async fn a_merge_patch_says_what_changed() {
    let patch = types::SparsePatch::new;
    let read: types::Sparse = serde_json::from_str(
        r#"{"owner": "o", "note": "n", "tags": ["a"], "inner": {"deep-one": 1, "kept": 2}}"#,
    )
    .unwrap();
    let changed = |change: fn(&mut types::Sparse)| {
        let mut changed = read.clone();
        change(&mut changed);
        MergePatch::between(&read, &changed)
    };
    let cases: [(MergePatch<types::SparsePatch>, &str); 7] = [
        ((&patch().owner("new")).into(), r#"{"owner":"new"}"#),
        ((&patch().note_null()).into(), r#"{"note":null}"#),
        (changed(|_| {}), "{}"),
        (
            changed(|all| all.owner = Some("new".into())),
            r#"{"owner":"new"}"#,
        ),
        (changed(|all| all.note = None), r#"{"note":null}"#),
        (
            changed(|all| all.tags.push("b".into())),
            r#"{"tags":["a","b"]}"#,
        ),
        (
            changed(|all| all.inner.as_mut().unwrap().deep_one = None),
            r#"{"inner":{"deep-one":null}}"#,
        ),
    ];
    for (patch, wanted) in cases {
        let (client, request) = answer("204", "text/plain", "").await;
        client.merge_sparse(1, patch.clone()).await.unwrap();
        let (head, body) = asked(request).await;
        let media_type = header(&head, "content-type");
        assert_eq!(media_type, Some("application/merge-patch+json"));
        assert_eq!(body, wanted);
        let (client, request) = answer("204", "text/plain", "").await;
        client.merge_all().body(patch).await.unwrap();
        assert_eq!(asked(request).await.1, wanted);
    }
    let (client, request) = answer("204", "text/plain", "").await;
    client.merge_sparse(1, &patch().note("n")).await.unwrap();
    assert_eq!(asked(request).await.1, r#"{"note":"n"}"#);
}
