//! Codes as digests: CMAC under the store key over what the code is for and what it is.

use smartpin::{Generation, Index, StoreMac};
use subtle::{Choice, ConstantTimeEq};

use super::state::{Custom, Sealed};
use crate::audit::PinId;
use crate::code::Code;

/// What a code is for. A digest for one purpose is none for another.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    Programming,
    /// The slot, from 0.
    Local(usize),
    Custom(PinId),
}

/// One AES block: purpose, slot or index, generation, length, and two digits a byte.
pub(super) fn digest(
    mac: &mut StoreMac,
    purpose: Purpose,
    generation: Generation,
    code: &Code,
) -> [u8; 16] {
    let (kind, place) = match purpose {
        Purpose::Programming => (1, [0; 5]),
        Purpose::Local(slot) => (2, [u8::try_from(slot).unwrap_or(u8::MAX), 0, 0, 0, 0]),
        Purpose::Custom(pin) => (3, pin.index.to_bytes()),
    };
    let length = u8::try_from(code.digits().len()).unwrap_or(u8::MAX);
    let mut packed = [0_u8; 5];
    for (byte, pair) in packed.iter_mut().zip(code.padded().chunks_exact(2)) {
        *byte = pair.iter().fold(0, |byte, digit| (byte << 4) | digit);
    }
    mac.cmac(&[
        &[kind],
        &place,
        &generation.0.to_le_bytes(),
        &[length],
        &packed,
    ])
}

impl Sealed {
    pub(super) fn new(
        mac: &mut StoreMac,
        purpose: Purpose,
        generation: Generation,
        code: &Code,
    ) -> Self {
        Self {
            generation,
            digest: digest(mac, purpose, generation, code),
        }
    }
}

/// Whether `code` is the sealed one, in the same time whether there is one or not.
pub(super) fn matches(
    mac: &mut StoreMac,
    purpose: Purpose,
    sealed: Option<&Sealed>,
    code: &Code,
) -> Choice {
    let there = Choice::from(u8::from(sealed.is_some()));
    let sealed = sealed.copied().unwrap_or(Sealed {
        generation: Generation(0),
        digest: [0; 16],
    });
    digest(mac, purpose, sealed.generation, code).ct_eq(&sealed.digest) & there
}

/// Whether `code` is this guest's, in the same time whether there is one or not.
pub(super) fn matches_custom(mac: &mut StoreMac, custom: Option<&Custom>, code: &Code) -> Choice {
    let nobody = PinId {
        index: Index::FIRST,
        generation: Generation(0),
    };
    let pin = custom.map_or(nobody, |custom| custom.pin);
    let sealed = custom
        .and_then(|custom| custom.digest)
        .map(|digest| Sealed {
            generation: pin.generation,
            digest,
        });
    matches(mac, Purpose::Custom(pin), sealed.as_ref(), code)
}
