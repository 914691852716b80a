//! Numbers within their bounds.

use contract::schema::{Shape, Types};
use rand::RngExt as _;
use serde_json::Number;

use crate::Chance;

/// What a number is at most where nobody says it: one that a reader takes in at once.
const USUAL: f64 = 100.0;

pub(crate) fn number(shape: &Shape<'_>, chances: &mut Chance) -> Option<Number> {
    let is_integer = shape.types.and(Types::NUMBER) == Types::INTEGER;
    let step = shape.multiple_of.iter().copied().reduce(common);
    let step = match (step, is_integer) {
        (Some(step), true) => common(step, 1.0),
        (Some(step), false) => step,
        (None, true) => 1.0,
        (None, false) => 0.01,
    };
    let (least, most) = bounds(shape);
    let (first, last) = steps(shape, step, least, most);
    // A narrow range of any numbers has none on the steps that read well.
    if first > last {
        return (!is_integer && shape.multiple_of.is_empty())
            .then(|| Number::from_f64(f64::midpoint(least, most)))?;
    }
    let at = chances.random_range(first..=last);
    match is_integer || step.fract() == 0.0 {
        true => Some(Number::from(at.checked_mul(step as i64)?)),
        // Written from the decimal, so that it reads as one.
        false => Number::from_f64(rounded(at as f64 * step)),
    }
}

/// The least and the most, where one is not said close to the other.
fn bounds(shape: &Shape<'_>) -> (f64, f64) {
    let (least, most) = match (shape.range.least, shape.range.most) {
        (Some(least), Some(most)) => (least, most),
        (Some(least), None) => (least, least + USUAL),
        (None, Some(most)) if most < 1.0 => (most - USUAL, most),
        (None, Some(most)) => (1.0, most),
        (None, None) => (1.0, USUAL),
    };
    match shape.format {
        Some("int32") => (least.max(i32::MIN.into()), most.min(i32::MAX.into())),
        _ => (least, most),
    }
}

/// The first and the last step within the bounds.
fn steps(shape: &Shape<'_>, step: f64, least: f64, most: f64) -> (i64, i64) {
    let (mut first, mut last) = ((least / step).ceil(), (most / step).floor());
    let (excludes_least, excludes_most) = shape.exclusive;
    if excludes_least && shape.range.least.is_some() && first * step <= least {
        first += 1.0;
    }
    if excludes_most && shape.range.most.is_some() && last * step >= most {
        last -= 1.0;
    }
    // What is beyond is as far as they go.
    (first as i64, last as i64)
}

/// The least common multiple, of decimals, too.
fn common(a: f64, b: f64) -> f64 {
    let (mut x, mut y) = (a.abs(), b.abs());
    for _ in 0..64 {
        if y < 1e-9 {
            break;
        }
        (x, y) = (y, x % y);
    }
    match x > 1e-9 {
        true => rounded((a * b / x).abs()),
        false => a,
    }
}

fn rounded(number: f64) -> f64 {
    format!("{number:.9}").parse().unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use contract::schema::{Bounds, Shape, Types};

    use super::number;
    use crate::chance;

    #[test]
    fn the_only_number_is_found_at_once() {
        let range = |least, most| Bounds {
            least: Some(least),
            most: Some(most),
        };
        let none = (false, false);
        for (types, range, exclusive, steps, expected) in [
            (Types::INTEGER, range(1.0, 3.0), (true, true), vec![], "2"),
            (
                Types::INTEGER,
                range(5.0, 9.0),
                (true, false),
                vec![2.0, 4.0],
                "8",
            ),
            (Types::INTEGER, range(0.5, 1.5), none, vec![0.5], "1"),
            (
                Types::NUMBER,
                range(0.25, 0.5),
                (true, true),
                vec![0.125],
                "0.375",
            ),
            (Types::NUMBER, range(0.001, 0.003), none, vec![], "0.002"),
        ] {
            let shape = Shape {
                types,
                range,
                exclusive,
                multiple_of: steps,
                ..Shape::default()
            };
            for seed in 0..9 {
                let found = number(&shape, &mut chance(seed)).map(|number| number.to_string());
                assert_eq!(found.as_deref(), Some(expected), "{shape:?}");
            }
        }
    }
}
