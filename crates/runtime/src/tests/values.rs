use crate::runtime::stream::Decoder as _;
use crate::runtime::values::Lines;

#[test]
fn lines_and_records_are_read() {
    let cases: [(&str, &[&str]); 7] = [
        ("1\n2\n", &["1", "2"]),
        ("{\"a\": 1}\r\n\r\n \n[2]", &["{\"a\": 1}\r", "[2]"]),
        ("\u{1e}1\n\u{1e}2\n", &["1", "2"]),
        ("\u{1e}{\u{1e}2\n", &["{", "2"]),
        ("", &[]),
        ("\n\n", &[]),
        ("half", &["half"]),
    ];
    for (body, wanted) in cases {
        for size in 1..=body.len().max(1) {
            let mut lines = Lines::default();
            let mut all = Vec::new();
            for piece in body.as_bytes().chunks(size) {
                lines.feed(piece);
                all.extend(std::iter::from_fn(|| lines.take()));
            }
            all.extend(lines.finish().unwrap());
            assert_eq!(all, wanted, "{body:?} by {size}");
        }
    }
}
