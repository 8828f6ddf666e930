//! What a target asks its bench for while it works, and what it tells it.

use embedded_hal::i2c::{I2c, Operation};
use embedded_storage::nor_flash::{NorFlash, ReadNorFlash};
use link::message::{BusOperation, Output, Reply, WAITING};

use super::{Lost, unasked};
use crate::devices::{Level, Line};
use crate::world::Wiring;

/// What a target waits for; none where it could not be done.
pub(super) type Answer = Option<Answered>;

/// What was done for a target.
#[derive(Default)]
pub(super) struct Answered {
    /// The bytes that it asked for, if any.
    pub(super) bytes: Vec<u8>,
    /// How many bytes of flash after those are erased.
    pub(super) erased: u32,
}

impl From<Vec<u8>> for Answered {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, erased: 0 }
    }
}

/// Does on the bench what a target asks for or tells; the answer, where it waits for one.
pub(super) fn serve(reply: &Reply<'_>, wiring: Wiring<'_>) -> Result<Option<Answer>, Lost> {
    let answer = match reply {
        Reply::Bus {
            address,
            operations,
        } => transact(wiring, *address, operations).map(Answered::from),
        Reply::Read { address, length } => read(wiring, *address, *length),
        Reply::Write { address, bytes } => {
            let written = wiring.flash().write(*address, bytes);
            written.is_ok().then(Answered::default)
        }
        Reply::Erase { from, to } => {
            let erased = wiring.flash().erase(*from, *to);
            erased.is_ok().then(Answered::default)
        }
        Reply::Volts => Some(wiring.millivolts().to_le_bytes().to_vec().into()),
        Reply::Receive => Some(wiring.waiting(WAITING).into()),
        _ => return told(reply, wiring).map(|()| None),
    };
    Ok(Some(answer))
}

/// Does what needs no answer.
fn told(reply: &Reply<'_>, wiring: Wiring<'_>) -> Result<(), Lost> {
    match reply {
        Reply::Pins(pins) => pins.iter().try_for_each(|pin| drive(wiring, *pin))?,
        Reply::Sent(bytes) => wiring.send(bytes),
        Reply::Taken(count) => {
            for _ in 0..*count {
                let _ = wiring.receive();
            }
        }
        Reply::Audited(line) => {
            let entry = line
                .parse()
                .map_err(|_| "the target told an audit entry that nobody understands")?;
            wiring.audited(entry);
        }
        _ => return Err(unasked(reply)),
    }
    Ok(())
}

fn drive(wiring: Wiring<'_>, pin: u8) -> Result<(), Lost> {
    let driven = Output::read(pin);
    let (output, high) = driven.ok_or("the target drove a pin that isn't there")?;
    wiring.write(line(output), Level::high_if(high));
    Ok(())
}

/// The bytes of flash without those at the end that are erased, and how many are erased after all that was asked for: a
/// lock that starts reads all of its flash, and most of that is.
fn read(wiring: Wiring<'_>, address: u32, length: u16) -> Answer {
    let mut bytes = vec![0; usize::from(length)];
    wiring.flash().read(address, &mut bytes).ok()?;
    let written = bytes.iter().rposition(|byte| *byte != 0xFF);
    bytes.truncate(written.map_or(0, |last| last + 1));
    let erased = erased_from(wiring, address.saturating_add(length.into()));
    Some(Answered { bytes, erased })
}

/// How many bytes from this one on are erased.
fn erased_from(wiring: Wiring<'_>, address: u32) -> u32 {
    let mut flash = wiring.flash();
    let mut piece = [0; 256];
    let mut behind = address;
    while flash.read(behind, &mut piece).is_ok() && piece.iter().all(|byte| *byte == 0xFF) {
        behind += piece.len() as u32;
    }
    behind - address
}

/// The bytes that a transaction read, one part after the other; none where nobody acknowledged.
fn transact(wiring: Wiring<'_>, address: u8, told: &[BusOperation<'_>]) -> Option<Vec<u8>> {
    let mut read: Vec<Vec<u8>> = told
        .iter()
        .map(|operation| match operation {
            BusOperation::Write(_) => Vec::new(),
            BusOperation::Read(length) => vec![0; usize::from(*length)],
        })
        .collect();
    let mut operations: Vec<_> = told
        .iter()
        .zip(&mut read)
        .map(|(operation, read)| match operation {
            BusOperation::Write(bytes) => Operation::Write(bytes),
            BusOperation::Read(_) => Operation::Read(read),
        })
        .collect();
    wiring.bus().transaction(address, &mut operations).ok()?;
    drop(operations);
    Some(read.concat())
}

fn line(output: Output) -> Line {
    match output {
        Output::Column1 => Line::Column1,
        Output::Column2 => Line::Column2,
        Output::Column3 => Line::Column3,
        Output::Green => Line::Green,
        Output::Red => Line::Red,
        Output::Buzzer => Line::Buzzer,
        Output::Throw => Line::Throw,
        Output::Withdraw => Line::Withdraw,
    }
}
