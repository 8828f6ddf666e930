//! The answer for a person's eyes.

use super::{Answer, Exhaustive};
use sim::odds::estimate::{CodeKind, Effort, Estimate};

/// All of it, with a line's end.
pub(super) fn table(answer: &Answer) -> String {
    let smartpins = &answer.smartpins;
    let mut counts = vec![
        [
            "SmartPINs that open".to_owned(),
            share(smartpins.open, smartpins.of),
        ],
        [
            "  hourly windows".to_owned(),
            grouped(smartpins.hourly_windows),
        ],
        [
            "  daily windows".to_owned(),
            grouped(smartpins.daily_windows),
        ],
        [
            "  PINs of each".to_owned(),
            smartpins.pins_per_window.to_string(),
        ],
    ];
    counts.extend(
        smartpins
            .exhaustive
            .map(|count| ["  by reading all".to_owned(), verdict(count)]),
    );
    let head = [
        "guessing a",
        "digits",
        "right",
        "first day",
        "later days",
        "1 % after",
        "50 % after",
    ];
    let guesses = rows(&answer.codes);
    format!(
        "at {} on the wall ({}), on a lock that nobody has used\n\n{}\n{}",
        answer.civil,
        answer.timezone,
        aligned(&counts),
        aligned(&[&[head.map(str::to_owned)][..], &guesses].concat()),
    )
}

fn verdict(count: Exhaustive) -> String {
    let told = if count.agrees {
        "both counts agree"
    } else {
        "THE COUNTS DISAGREE"
    };
    format!("{}, {told}", grouped(count.pins))
}

/// Kinds that take the same guesses share a row.
fn rows(codes: &[Estimate]) -> Vec<[String; 7]> {
    let alike = |a: &Estimate, b: &Estimate| (a.digits, a.open, a.of) == (b.digits, b.open, b.of);
    codes.chunk_by(alike).filter_map(row).collect()
}

fn row(alike: &[Estimate]) -> Option<[String; 7]> {
    let one = alike.first()?;
    let names: Vec<_> = alike.iter().map(|estimate| name(estimate.kind)).collect();
    Some([
        names.join(", "),
        one.digits.to_string(),
        one_in(one.open, one.of),
        grouped(one.guesses_on_first_day),
        format!("{:.1}", one.guesses_a_day),
        after(one.to_1_percent),
        after(one.to_50_percent),
    ])
}

fn name(kind: CodeKind) -> &'static str {
    match kind {
        CodeKind::SmartPin => "SmartPIN",
        CodeKind::CustomPin => "custom PIN",
        CodeKind::LocalCode => "local code",
        CodeKind::ProgrammingCode => "programming code",
    }
}

fn share(open: u64, of: u64) -> String {
    format!("{} of {}, {}", grouped(open), grouped(of), one_in(open, of))
}

fn one_in(open: u64, of: u64) -> String {
    match open {
        0 => "none".to_owned(),
        open => format!("1 in {}", grouped((of + open / 2) / open)),
    }
}

fn after(effort: Option<Effort>) -> String {
    effort.map_or_else(|| "never".to_owned(), |effort| lasting(effort.seconds))
}

/// So many seconds in the unit that fits.
fn lasting(seconds: f64) -> String {
    const UNITS: [(f64, &str); 4] = [
        (365.25 * 86_400.0, "years"),
        (86_400.0, "days"),
        (3_600.0, "h"),
        (60.0, "min"),
    ];
    let fitting = UNITS.iter().find(|(size, _)| seconds >= 2.0 * size);
    let (size, unit) = fitting.copied().unwrap_or((1.0, "s"));
    let number = seconds / size;
    if number < 100.0 {
        format!("{number:.1} {unit}")
    } else {
        format!("{} {unit}", grouped(number.round() as u64))
    }
}

/// `10,000,000,000`
fn grouped(number: u64) -> String {
    if number < 1_000 {
        return number.to_string();
    }
    format!("{},{:03}", grouped(number / 1_000), number % 1_000)
}

/// Columns as wide as their widest cell: names to the left, numbers to the right.
fn aligned<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> String {
    let widths: [usize; COLUMNS] = std::array::from_fn(|column| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(String::len).max().unwrap_or(0)
    });
    let line = |row: &[String; COLUMNS]| {
        let cells = row.iter().zip(widths).enumerate();
        let cells: Vec<_> = cells
            .map(|(column, (cell, width))| match column {
                0 => format!("{cell:<width$}"),
                _ if COLUMNS == 2 => cell.clone(),
                _ => format!("{cell:>width$}"),
            })
            .collect();
        cells.join("  ") + "\n"
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_groups() {
        let table = [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (361_653, "361,653"),
            (10_000_000_000, "10,000,000,000"),
        ];
        for (number, expected) in table {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn a_span_has_the_unit_that_fits() {
        let table = [
            (19.6, "19.6 s"),
            (119.0, "119 s"),
            (120.0, "2.0 min"),
            (7_200.0, "2.0 h"),
            (86_400.0 * 118.6, "119 days"),
            (86_400.0 * 365.25 * 85_400.0, "85,400 years"),
        ];
        for (seconds, expected) in table {
            assert_eq!(lasting(seconds), expected);
        }
    }

    #[test]
    fn a_share_is_told_as_one_in_so_many() {
        assert_eq!(one_in(361_653, 10_000_000_000), "1 in 27,651");
        assert_eq!(one_in(0, 10_000_000_000), "none");
    }

    #[test]
    fn counts_that_disagree_are_told_aloud() {
        let told = |agrees| verdict(Exhaustive { pins: 7, agrees });
        assert_eq!(told(true), "7, both counts agree");
        assert!(told(false).contains("DISAGREE"));
    }
}
