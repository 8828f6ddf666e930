//! Faults whose numbers make no sense.

use super::Found;
use crate::fault::{Cut, Fault, FlashFault, PowerCut};
use crate::scenario::model::fault::Injection;
use crate::scenario::span::Spanned;

pub(super) fn check(injection: &Spanned<Injection>, found: &mut Found) {
    let complaint = match injection.fault {
        Fault::PowerCut(PowerCut { at: Cut::Now, .. }) => {
            "a power cut needs `after_flash_bytes` or `at_flash_operation`"
        }
        Fault::PowerCut(cut) if cut.lasting.micros() == 0 => {
            "a power cut lasts longer than nothing"
        }
        Fault::Flash(FlashFault::FlipBits(0)) => "flipping no bits breaks nothing",
        Fault::Flash(FlashFault::WornSector(32..)) => "the flash has sectors 0 to 31",
        _ => return,
    };
    found.add(injection.span.head(), complaint);
}
