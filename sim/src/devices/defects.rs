//! What is wrong with one device, and whether anybody has noticed.

use serde::{Deserialize, Serialize};

/// Faults of one device.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Defects<F> {
    present: Vec<F>,
    /// Those of `present` that nobody has felt yet.
    unfelt: Vec<F>,
    /// Felt since [`Defects::take_felt`] was called last.
    felt: Vec<F>,
}

impl<F> Default for Defects<F> {
    fn default() -> Self {
        Self {
            present: Vec::new(),
            unfelt: Vec::new(),
            felt: Vec::new(),
        }
    }
}

impl<F: Copy + PartialEq> Defects<F> {
    pub(super) fn add(&mut self, fault: F) {
        self.present.push(fault);
        self.unfelt.push(fault);
    }

    /// Adds `fault` in place of all others.
    pub(super) fn replace(&mut self, fault: F) {
        self.clear();
        self.add(fault);
    }

    pub(super) fn clear(&mut self) {
        self.present.clear();
        self.unfelt.clear();
    }

    pub(super) fn remove(&mut self, is_gone: impl Fn(F) -> bool) {
        self.present.retain(|fault| !is_gone(*fault));
        self.unfelt.retain(|fault| !is_gone(*fault));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = F> {
        self.present.iter().copied()
    }

    pub(super) fn has(&self, fault: F) -> bool {
        self.present.contains(&fault)
    }

    /// Somebody noticed whichever of these is present.
    pub(super) fn feel(&mut self, is_felt: impl Fn(F) -> bool) {
        let felt = self.unfelt.extract_if(.., |fault| is_felt(*fault));
        self.felt.extend(felt);
    }

    /// Whether [`Defects::take_felt`] has anything to tell.
    pub(super) fn has_felt(&self) -> bool {
        !self.felt.is_empty()
    }

    /// What was felt for the first time since the last call.
    pub(super) fn take_felt(&mut self) -> Vec<F> {
        std::mem::take(&mut self.felt)
    }
}
