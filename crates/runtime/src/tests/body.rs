use bytes::Bytes;

use crate::runtime::body::*;

fn added(pieces: &[&'static str], largest: usize) -> (Bytes, bool) {
    let mut body = Body::new(largest);
    let mut all_fit = true;
    for piece in pieces {
        all_fit &= body.add(Bytes::from_static(piece.as_bytes())).is_ok();
    }
    (body.into_bytes(), all_fit)
}

#[test]
fn pieces_become_one_body() {
    assert_eq!(added(&[], 9), (Bytes::new(), true));
    assert_eq!(added(&["abc"], 3), ("abc".into(), true));
    assert_eq!(added(&["", "abc", "", "de"], 5), ("abcde".into(), true));
}

#[test]
fn what_is_too_large_is_kept_up_to_the_limit() {
    assert_eq!(added(&["abcd"], 3), ("abc".into(), false));
    assert_eq!(added(&["ab", "cd"], 3), ("abc".into(), false));
    assert_eq!(added(&["a"], 0), (Bytes::new(), false));
}
