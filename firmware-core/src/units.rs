//! Quantities with their unit, besides [time](crate::time).

/// An electric potential in thousandths of a volt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millivolts(pub u16);
