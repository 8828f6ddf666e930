//! Hardware, and nothing but hardware: each driver borrows its peripherals, makes its calls, and keeps no state.

pub mod bridge;
pub mod clock;
pub mod lamp;
pub mod matrix;
