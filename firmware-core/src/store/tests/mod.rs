//! The store against a flash that fails: power cuts, flipped bits, random images, refused writes.

extern crate std;

mod behaviour;
mod bench;
mod cuts;
mod damage;
mod nor;
