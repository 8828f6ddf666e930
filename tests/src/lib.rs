//! Whole-program tests of locksim live in `tests/`.
