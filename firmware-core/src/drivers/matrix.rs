//! The 4 x 3 keypad matrix and the button beside it.
//!
//! At rest every column is low, so that any key pulls its row low and wakes the processor. A scan lifts all columns but
//! one at a time; it ends with every column low again.

use embedded_hal::digital::{InputPin, OutputPin};

use crate::logic::keypad::Contacts;

/// Puts the columns at rest.
pub fn rest<O: OutputPin>(columns: &mut [O; 3]) -> Result<(), O::Error> {
    columns.iter_mut().try_for_each(OutputPin::set_low)
}

/// Which contacts are closed. Columns move only if a row says that a key is down.
pub fn scan<I, O, E>(rows: &mut [I; 4], columns: &mut [O; 3], button: &mut I) -> Result<Contacts, E>
where
    I: InputPin<Error = E>,
    O: OutputPin<Error = E>,
{
    let mut contacts = Contacts::default();
    if button.is_low()? {
        contacts.close_button();
    }
    if !any_low(rows)? {
        return Ok(contacts);
    }
    for selected in 0..columns.len() {
        for (column, pin) in columns.iter_mut().enumerate() {
            pin.set_state((column != selected).into())?;
        }
        for (row, pin) in rows.iter_mut().enumerate() {
            if pin.is_low()? {
                contacts.close(row, selected);
            }
        }
    }
    rest(columns)?;
    Ok(contacts)
}

fn any_low<I: InputPin>(rows: &mut [I; 4]) -> Result<bool, I::Error> {
    for row in rows {
        if row.is_low()? {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    extern crate std;

    use embedded_hal_mock::eh1::digital::{Mock, State, Transaction};
    use std::vec::Vec;

    use super::*;
    use crate::logic::keypad::Key;

    fn input(levels: &[State]) -> Mock {
        Mock::new(
            &levels
                .iter()
                .map(|level| Transaction::get(*level))
                .collect::<Vec<_>>(),
        )
    }

    fn output(levels: &[State]) -> Mock {
        Mock::new(
            &levels
                .iter()
                .map(|level| Transaction::set(*level))
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn a_quiet_keypad_moves_no_column() {
        let mut rows = [(); 4].map(|()| input(&[State::High]));
        let mut columns = [(); 3].map(|()| output(&[]));
        let mut button = input(&[State::High]);
        assert!(
            scan(&mut rows, &mut columns, &mut button)
                .expect("no error")
                .is_empty()
        );
        rows.iter_mut()
            .chain(&mut columns)
            .chain([&mut button])
            .for_each(Mock::done);
    }

    #[test]
    fn a_key_is_found_where_its_row_and_column_cross() {
        use State::{High, Low};
        let mut rows = [
            input(&[High, High, High, High]),
            input(&[Low, High, High, Low]),
            input(&[High, High, High]),
            input(&[High, High, High]),
        ];
        let mut columns = [
            output(&[Low, High, High, Low]),
            output(&[High, Low, High, Low]),
            output(&[High, High, Low, Low]),
        ];
        let mut button = input(&[High]);
        let contacts = scan(&mut rows, &mut columns, &mut button).expect("no error");
        assert_eq!(contacts.single(), Some(Key::Digit(6)));
        rows.iter_mut()
            .chain(&mut columns)
            .chain([&mut button])
            .for_each(Mock::done);
    }
}
