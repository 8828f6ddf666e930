//! The LED's two halves, and the buzzer that sounds with them.

use embedded_hal::digital::OutputPin;

use crate::logic::signal::Light;

/// Shows a light, and sounds while one shines if `audible`.
pub fn show<O: OutputPin>(
    green: &mut O,
    red: &mut O,
    buzzer: &mut O,
    light: Light,
    audible: Sound,
) -> Result<(), O::Error> {
    green.set_state(matches!(light, Light::Green | Light::Orange).into())?;
    red.set_state(matches!(light, Light::Red | Light::Orange).into())?;
    buzzer.set_state((audible == Sound::On && light != Light::Dark).into())
}

/// Whether flashes are heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// Seen alone.
    Off,
    /// Seen and heard.
    On,
}

#[cfg(test)]
mod tests {
    use embedded_hal_mock::eh1::digital::{Mock, State, Transaction};

    use super::*;

    #[test]
    fn orange_is_both_halves_and_dark_is_silent() {
        use State::{High, Low};
        let table = [
            (Light::Dark, Sound::On, [Low, Low, Low]),
            (Light::Green, Sound::On, [High, Low, High]),
            (Light::Red, Sound::Off, [Low, High, Low]),
            (Light::Orange, Sound::On, [High, High, High]),
        ];
        for (light, sound, levels) in table {
            let [mut green, mut red, mut buzzer] =
                levels.map(|level| Mock::new(&[Transaction::set(level)]));
            show(&mut green, &mut red, &mut buzzer, light, sound).expect("no error");
            [green, red, buzzer].iter_mut().for_each(Mock::done);
        }
    }
}
