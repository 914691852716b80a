//! From a checked document to what the generator accepts. One pass is one file.
//!
//! A pass may rewrite what the generator would refuse or misread. What it drops,
//! it says in a finding.

use contract::source::Node;
use contract::{Checked, Findings};

use crate::generate::Reads;

mod additional;
mod alternative;
pub(crate) mod bodies;
mod choices;
mod directions;
pub(crate) mod discriminators;
mod enums;
pub(crate) mod events;
pub(crate) mod examples;
pub(crate) mod extensible_enum;
mod extensions;
mod floats;
mod inheritance;
mod inherited;
mod media;
pub(crate) mod multipart;
mod nullables;
mod one_or_array;
mod open_enums;
pub(crate) mod operation_ids;
pub(crate) mod parameters;
mod patches;
mod property_names;
mod recursion;
mod references;
pub(crate) mod responses;
mod shapes;
pub(crate) mod stand_ins;
pub(crate) mod type_names;
mod unfit;
mod unused;
mod way;
mod words;

use stand_ins::StandIns;

/// So deep schemas within schemas are looked into by passes that cannot know how deep they go.
const DEPTH: usize = 8;

/// A document as the generator takes it, and what its author should know.
pub(crate) struct Normalised {
    pub(crate) document: Node,
    pub(crate) findings: Findings,
}

/// What passes read and write.
struct Pass<'a> {
    /// The document as written, with positions.
    checked: &'a Checked,
    /// How the client reads.
    reads: Reads,
    /// The document as rewritten so far.
    document: &'a mut Node,
    stand_ins: &'a mut StandIns,
    findings: &'a mut Findings,
}

/// Every pass, in order.
const PASSES: &[fn(Pass<'_>)] = &[
    extensions::pass,
    examples::pass,
    events::gather,
    unused::pass,
    references::pass,
    events::pass,
    words::pass,
    operation_ids::pass,
    parameters::pass,
    bodies::pass,
    responses::pass,
    unfit::pass,
    floats::pass,
    directions::pass,
    inheritance::pass,
    discriminators::pass,
    shapes::pass,
    additional::pass,
    choices::pass,
    recursion::pass,
    nullables::pass,
    patches::pass,
    property_names::pass,
    type_names::pass,
    open_enums::pass,
    extensible_enum::pass,
    enums::pass,
    one_or_array::pass,
];

pub(crate) fn normalise(checked: &Checked, reads: Reads) -> Normalised {
    let mut document = checked.document().root().clone();
    let mut findings = Findings::new();
    let mut stand_ins = StandIns::new(&document);
    for pass in PASSES {
        pass(Pass {
            checked,
            reads,
            document: &mut document,
            stand_ins: &mut stand_ins,
            findings: &mut findings,
        });
    }
    stand_ins.write(&mut document);
    Normalised { document, findings }
}
