use contract::{Document, Source, diff};
fn main() {
    let a: Vec<String> = std::env::args().skip(1).collect();
    let read =
        |n: &String| Document::parse(Source::read(std::path::Path::new(n), n.as_str()).unwrap());
    let t = std::time::Instant::now();
    let (o, n) = (read(&a[0]), read(&a[1]));
    let p = t.elapsed();
    let changes = diff::diff(&o, &n, "2026-11-21");
    eprintln!(
        "parse {p:?} all {:?} {} changes",
        t.elapsed(),
        changes.len()
    );
    for c in changes.iter().take(60) {
        println!(
            "{} [{}] {} @{}:{} -> {}:{}",
            c.verdict,
            c.id,
            c.title,
            c.old.span.line,
            c.old.span.column,
            c.new.span.line,
            c.new.span.column
        );
        for r in &c.reasons {
            println!("     {:?} {} {}", r.flow, r.verdict, r.text);
        }
        println!(
            "     used by {} {:?}",
            c.used_by.len(),
            c.used_by.first().map(|u| &u.operation)
        );
    }
}
