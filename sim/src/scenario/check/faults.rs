//! Faults whose numbers make no sense.

use super::Found;
use crate::scenario::model::fault::{Fault, Flash, Injection, KeyFault, PowerCut};
use crate::scenario::span::Spanned;

pub(super) fn check(injection: &Spanned<Injection>, found: &mut Found) {
    let complaint = match &injection.fault {
        Fault::PowerCut(PowerCut {
            after_flash_bytes: None,
            at_flash_operation: None,
            ..
        }) => Some("a power cut needs `after_flash_bytes` or `at_flash_operation`"),
        Fault::PowerCut(PowerCut {
            after_flash_bytes: Some(_),
            at_flash_operation: Some(_),
            ..
        }) => Some("a power cut has `after_flash_bytes` or `at_flash_operation`, not both"),
        Fault::PowerCut(PowerCut {
            at_flash_operation: Some(0),
            ..
        }) => Some("flash operations are counted from 1"),
        Fault::PowerCut(cut) if cut.lasting.micros() == 0 => {
            Some("a power cut lasts longer than nothing")
        }
        Fault::Battery(battery) if !(0.0..=10.0).contains(&battery.volts) => {
            Some("four cells in series give 0 to 10 volts")
        }
        Fault::Key(KeyFault::Ghost(false)) => Some("`ghost` is true, or left out"),
        Fault::Key(KeyFault::BounceMs(101..)) => Some("contacts bounce for 100 ms at most"),
        Fault::Flash(Flash::FlipBits(0)) => Some("flipping no bits breaks nothing"),
        Fault::Flash(Flash::WornSector(32..)) => Some("the flash has sectors 0 to 31"),
        _ => None,
    };
    if let Some(complaint) = complaint {
        found.add(injection.span.head(), complaint);
    }
}
