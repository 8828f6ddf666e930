//! The store against a flash that fails: power cuts, flipped bits, random images, refused writes.

extern crate std;

mod bench;
mod cuts;
mod nor;
