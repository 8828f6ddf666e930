//! The H-bridge that moves the bolt.

use embedded_hal::digital::OutputPin;

use crate::logic::bolt::End;

/// Drives towards an end, or lets the motor rest. The input that goes low does so first: both are never high together.
pub fn drive<O: OutputPin>(
    throw: &mut O,
    withdraw: &mut O,
    towards: Option<End>,
) -> Result<(), O::Error> {
    match towards {
        None => {
            throw.set_low()?;
            withdraw.set_low()
        }
        Some(End::Thrown) => {
            withdraw.set_low()?;
            throw.set_high()
        }
        Some(End::Withdrawn) => {
            throw.set_low()?;
            withdraw.set_high()
        }
    }
}

#[cfg(test)]
mod tests {
    use embedded_hal_mock::eh1::digital::{Mock, State, Transaction};

    use super::*;

    #[test]
    fn the_low_input_goes_first() {
        let table = [
            (None, State::Low, State::Low),
            (Some(End::Thrown), State::High, State::Low),
            (Some(End::Withdrawn), State::Low, State::High),
        ];
        for (towards, throw_level, withdraw_level) in table {
            let mut throw = Mock::new(&[Transaction::set(throw_level)]);
            let mut withdraw = Mock::new(&[Transaction::set(withdraw_level)]);
            drive(&mut throw, &mut withdraw, towards).expect("no error");
            throw.done();
            withdraw.done();
        }
    }
}
