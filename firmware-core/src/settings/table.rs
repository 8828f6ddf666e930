//! How the table of settings becomes types.

/// Declares every setting once: its meaning, its name, the byte of the name in the log, its type, its value from the
/// factory, and the values that it takes.
///
/// A row of `fields` is a field of [`Settings`](super::Settings). What has more to it than a type and a range is under
/// `others`: those have a name, a byte and a range here, and are read and written by hand.
macro_rules! settings {
    (
        fields {
            $($(#[doc = $doc:literal])+ $name:ident = $byte:literal => $field:ident: $type:ty = $factory:expr, $values:tt;)+
        }
        others {
            $($(#[doc = $other_doc:literal])+ $other:ident = $other_byte:literal => $text:ident, $other_values:tt;)+
        }
    ) => {
        /// Every setting.
        ///
        /// [`Settings::set`] and [`Settings::raise_generation`] keep each within its range; who writes a field keeps it
        /// there.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Settings {
            $($(#[doc = $doc])+ pub $field: $type,)+
            /// When daily windows begin and end.
            pub daily_hours: DailyHours,
            /// Where the lock hangs.
            pub timezone: Zone,
            /// The generation of SmartPINs that opens.
            pub generation: Generation,
        }

        impl Default for Settings {
            /// As from the factory.
            fn default() -> Self {
                Self {
                    $($field: $factory,)+
                    daily_hours: DailyHours::default(),
                    timezone: Zone::default(),
                    generation: Generation::default(),
                }
            }
        }

        vocabulary! {
            /// A setting, by its public name, in the order in which people read about them.
            pub enum SettingName {
                $($(#[doc = $doc])+ $name = $byte => stringify!($field),)+
                $($(#[doc = $other_doc])+ $other = $other_byte => stringify!($text),)+
            }
        }

        impl SettingName {
            /// The values that it takes.
            #[must_use]
            pub const fn values(self) -> Values {
                match self {
                    $(Self::$name => values!$values,)+
                    $(Self::$other => values!$other_values,)+
                }
            }

            /// The values that it takes, as a person would say it.
            #[must_use]
            pub const fn expects(self) -> &'static str {
                match self {
                    $(Self::$name => in_words!$values,)+
                    $(Self::$other => in_words!$other_values,)+
                }
            }
        }

        impl Settings {
            /// Gives a setting the value that `text` stands for. On an error everything stays as it was.
            ///
            /// The forms are those of [`SettingName::expects`]; [`Settings::get`] writes them.
            pub fn set(&mut self, name: SettingName, text: &str) -> Result<(), SettingError> {
                let values = name.values();
                let read = match name {
                    $(SettingName::$name => Value::read(text, values).map(|value| self.$field = value),)+
                    $(SettingName::$other => return self.set_other(Other::$other, text),)+
                };
                read.ok_or(SettingError::Refused(name))
            }

            /// Whether every value is one that could have been set: what bytes from outside are held against.
            #[must_use]
            pub fn is_in_range(&self) -> bool {
                $(self.$field.is_in(SettingName::$name.values()))&&+
            }
        }

        /// The settings that are read and written by hand.
        #[derive(Clone, Copy)]
        enum Other {
            $($other,)+
        }

        impl fmt::Display for Text<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.name {
                    $(SettingName::$name => self.settings.$field.write(f),)+
                    $(SettingName::$other => self.settings.write_other(Other::$other, f),)+
                }
            }
        }
    };
}

/// The values of a row of the table.
macro_rules! values {
    (on or off) => {
        Values::Switch
    };
    ($min:literal..=$max:literal) => {
        Values::Number(&[Range {
            min: $min,
            max: $max,
        }])
    };
    ($alone:literal or $min:literal..=$max:literal) => {
        Values::Number(&[
            Range {
                min: $alone,
                max: $alone,
            },
            Range {
                min: $min,
                max: $max,
            },
        ])
    };
    (ladder of $min:literal..=$max:literal) => {
        Values::Ladder(Range {
            min: $min,
            max: $max,
        })
    };
    (zone) => {
        Values::Zone
    };
    (rises by $step:literal) => {
        Values::Rising { step: $step }
    };
}

/// The values of a row of the table, as a person would say it.
macro_rules! in_words {
    (on or off) => {
        "on or off"
    };
    ($min:literal..=$max:literal) => {
        concat!($min, " to ", $max)
    };
    ($alone:literal or $min:literal..=$max:literal) => {
        concat!($alone, ", or ", $min, " to ", $max)
    };
    (ladder of $min:literal..=$max:literal) => {
        concat!(
            "three numbers such as 1,5,15, each ",
            $min,
            " to ",
            $max,
            ", not falling"
        )
    };
    (zone) => {
        "a POSIX TZ rule such as CET-1CEST,M3.5.0,M10.5.0/3"
    };
    (rises by $step:literal) => {
        concat!("a number that rises, by ", $step, " at most")
    };
}
