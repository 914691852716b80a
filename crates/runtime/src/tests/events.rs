use std::time::Duration;

use proptest::prelude::*;

use crate::runtime::events::{Block, Blocks};
use crate::runtime::stream::Decoder as _;

/// The kind of an event, and its data.
type Named = (String, String);

/// The events in a body that comes in pieces of this size, and how it ends.
fn read(body: &[u8], size: usize) -> (Vec<Named>, bool, Blocks) {
    let mut blocks = Blocks::default();
    let mut all = Vec::new();
    for piece in body.chunks(size.max(1)) {
        blocks.feed(piece);
        while let Some(Block { data, event }) = blocks.take() {
            all.push((event, data));
        }
    }
    let is_whole = blocks.finish().is_ok();
    (all, is_whole, blocks)
}

/// The examples of the standard, and what it says of each field.
#[test]
fn events_are_read_as_the_standard_says() {
    let message = |data: &str| ("message".to_owned(), data.to_owned());
    let cases: [(&str, Vec<Named>, bool); 17] = [
        ("data: 1\r\ndata: 2\r\n\r\n", vec![message("1\n2")], true),
        (
            "data: YHOO\ndata: +2\ndata: 10\n\n",
            vec![message("YHOO\n+2\n10")],
            true,
        ),
        (
            ": test stream\n\ndata: first\nid: 1\n\ndata:second\nid\n\n",
            vec![message("first"), message("second")],
            true,
        ),
        (
            "data\n\ndata\ndata\n\ndata:",
            vec![message(""), message("\n")],
            false,
        ),
        (
            "data:test\n\ndata: test\n\ndata:  test\n\n",
            vec![message("test"), message("test"), message(" test")],
            true,
        ),
        (
            "event: add\ndata: 1\n\ndata: 2\n\n",
            vec![("add".into(), "1".into()), message("2")],
            true,
        ),
        // What has no data is no event.
        ("event: add\n\ndata: 2\n\n", vec![message("2")], true),
        (
            "data: 1\r\n\r\ndata: 2\r\rdata: 3\n\n",
            vec![message("1"), message("2"), message("3")],
            true,
        ),
        (
            "\u{feff}data: 1\n\n\u{feff}data: 2\n\n",
            vec![message("1")],
            true,
        ),
        ("other: 1\ndata: 2\nDATA: 3\n\n", vec![message("2")], true),
        ("data: a:b: c\n\n", vec![message("a:b: c")], true),
        ("", vec![], true),
        ("\n\n\n", vec![], true),
        (": alive", vec![], true),
        ("data: 1\n", vec![], false),
        ("dat", vec![], false),
        (
            "retry: x\nretry: 20\nid: a\0b\nid: c\ndata: \u{1F600}\n\n",
            vec![message("\u{1F600}")],
            true,
        ),
    ];
    for (body, wanted, ends) in cases {
        for size in 1..=body.len().max(1) {
            let (all, is_whole, _) = read(body.as_bytes(), size);
            assert_eq!((&all, is_whole), (&wanted, ends), "{body:?} by {size}");
        }
    }
    let (_, _, blocks) = read(b"retry: 20\nretry: +1\nid: a\0b\nid: c\ndata: 1\n\n", 4);
    assert_eq!(
        (blocks.id.as_deref(), blocks.retry),
        (Some("c"), Some(Duration::from_millis(20)))
    );
    let (all, ..) = read(b"data: \xff\n\n", 3);
    assert_eq!(all, [message("\u{fffd}")]);
}

proptest! {
    /// However a body is cut, it says the same.
    #[test]
    fn pieces_change_nothing(body in "[\\r\\n:a d\u{feff}]{0,40}(data: x(\\r|\\n|\\r\\n)){0,3}[\\r\\n]{0,3}", size in 1_usize..9) {
        let whole = read(body.as_bytes(), body.len());
        let cut = read(body.as_bytes(), size);
        prop_assert_eq!((whole.0, whole.1), (cut.0, cut.1));
    }
}
