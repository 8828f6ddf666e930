//! Screens and updates.
