//! What a change of the documents means, between two places that have them.

use std::io::{self, Write};

use codegen::Home;
use contract::report::Style;
use diff::Verdict;
use review::report::{self, Hints};
use review::{Options, Review};

use crate::arguments::{self, Format};
use crate::environment::Environment;
use crate::pipe::Pipe;
use crate::settings::{FailOn, Wire};
use crate::{Exit, barrier, output, progress, today};

mod input;
mod pair;
mod place;

use input::{approvals, at_once, documents, inputs, parsed};
use pair::pair;
use place::{Place, places};

/// Reviews every document that two sides have.
pub(crate) fn run(
    out: &mut dyn Write,
    style: Style,
    environment: &Environment,
    arguments: &arguments::Review,
) -> io::Result<Exit> {
    let (base, head) = places(environment, arguments)?;
    let today = today::today()?;
    let fail_on = FailOn {
        wire: arguments
            .fail_on
            .unwrap_or(environment.settings.fail_on.wire),
        ..environment.settings.fail_on
    };
    let options = Options {
        today: &today,
        wire_only: arguments.wire_only,
        needs_approval: match fail_on.wire {
            Wire::Breaking => Some(Verdict::Breaking),
            Wire::Risky => Some(Verdict::Risky),
            Wire::Never => None,
        },
        gate: &|document| environment.settings.gate(document),
        // Where a client stands, a change of its contract does not change.
        generate: &|checked| barrier::generate(checked, &Home::default()),
    };
    let mut approvals = approvals(environment, &head, &today)?;
    let (old, new) = inputs(environment, &base, &head)?;
    if old.is_empty() && new.is_empty() {
        return Err(io::Error::other(format!(
            "no document in `{}`, neither in {} nor in {}",
            environment.settings.documents,
            base.shown(),
            head.shown()
        )));
    }
    let (old, new) = at_once(|| parsed(old), || parsed(new));
    // What a program reads holds a review or nothing.
    let mut stderr = Pipe(io::stderr());
    let told: &mut dyn Write = match arguments.format {
        Format::Terminal => out,
        _ => &mut stderr,
    };
    let (old, new) = match (documents(told, style, old)?, documents(told, style, new)?) {
        (Ok(old), Ok(new)) => (old, new),
        (one, two) => {
            for (_, file) in &arguments.write {
                output::remove(file)?;
            }
            let exits = one.err().into_iter().chain(two.err());
            return Ok(exits.reduce(Exit::worse).unwrap_or(Exit::ContractErrors));
        }
    };
    let are_files = matches!((&base, &head), (Place::File(_), _) | (_, Place::File(_)));
    let mut documents = progress::during("comparing", || {
        pair(environment, old, new, are_files, &mut approvals, options)
    });
    documents.retain(|document| !document.is_empty());
    let review = Review {
        base: base.shown(),
        head: head.shown(),
        documents,
        approvals: approvals.problems(),
    };
    write(out, style, environment, arguments.format, &review)?;
    for (format, file) in &arguments.write {
        let plain = Style::Plain;
        output::to_file(file, |out| write(out, plain, environment, *format, &review))?;
    }
    if arguments.format == Format::Changelog && review.documents.is_empty() {
        writeln!(stderr, "nothing changed: {} → {}", review.base, review.head)?;
    }
    let exit = exit(&review, arguments.format);
    if exit == Exit::Fine && fail_on.version && arguments.format != Format::Changelog {
        return version(&mut stderr, &review);
    }
    Ok(exit)
}

fn write(
    out: &mut dyn Write,
    style: Style,
    environment: &Environment,
    format: Format,
    review: &Review,
) -> io::Result<()> {
    let hints = Hints {
        command: environment.command.clone(),
        approvals: environment.settings.approvals.clone(),
        snapshots: environment.settings.snapshots.clone(),
    };
    match format {
        Format::Terminal => report::terminal(out, style, review, &hints),
        Format::Markdown => report::markdown(out, review, &hints),
        Format::Github => report::github(out, review),
        Format::Changelog => report::changelog(out, review),
        Format::Json => report::json(out, review),
        Format::Sarif => report::sarif(out, review),
        Format::Outputs => report::outputs(out, review),
    }
}

fn exit(review: &Review, format: Format) -> Exit {
    if !review.generates() || review.has_bad_approvals() {
        return Exit::ContractErrors;
    }
    // A changelog tells of breaking changes; it does not judge them.
    match format != Format::Changelog && review.unapproved().next().is_some() {
        true => Exit::Unapproved,
        false => Exit::Fine,
    }
}

/// Whether every crate's version rises as much as its callers feel.
fn version(out: &mut dyn Write, review: &Review) -> io::Result<Exit> {
    let crates = review.documents.iter().filter_map(|document| {
        let package = document.package.as_ref()?;
        let wanted = package.version.wanted.as_ref()?;
        (!package.version.is_enough).then_some((&document.name, wanted))
    });
    let mut exit = Exit::Fine;
    for (document, wanted) in crates {
        let message =
            format!("the client of `{document}` needs the version {wanted} (`fail-on.crate`)");
        crate::tell(out, &message)?;
        exit = Exit::Unapproved;
    }
    Ok(exit)
}
