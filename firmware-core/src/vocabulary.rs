//! Enums of names: each name is declared once, with its text, its byte where it is stored, and what it means.

/// An enum of names whose text is fixed, for code that is generic over which.
pub trait Vocabulary: Copy + Eq + 'static {
    /// All names, in the order of their declaration.
    const ALL: &'static [Self];
    /// Their texts, in the same order.
    const TEXTS: &'static [&'static str];

    /// The name as text.
    fn as_str(self) -> &'static str;

    /// What it means, in a sentence.
    fn meaning(self) -> &'static str;

    /// The name of this text.
    #[must_use]
    fn named(text: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|name| name.as_str() == text)
    }
}

/// Declares an enum of names: for each its meaning as a doc comment, its text, and its byte where it is stored.
///
/// The enum has `ALL`, `as_str`, `named`, [`Display`](core::fmt::Display) and [`Vocabulary`]; with bytes also `byte` and
/// `from_byte`. Two names of one byte don't compile.
///
/// ```
/// firmware_core::vocabulary! {
///     /// What a traffic light shows.
///     pub enum Aspect {
///         /// Stop.
///         Red = 0 => "red",
///         /// Go.
///         Green = 1 => "green",
///     }
/// }
///
/// assert_eq!(Aspect::named("green"), Some(Aspect::Green));
/// assert_eq!(Aspect::from_byte(0), Some(Aspect::Red));
/// assert_eq!(Aspect::ALL.map(Aspect::as_str), ["red", "green"]);
/// ```
#[macro_export]
macro_rules! vocabulary {
    (
        $(#[$meta:meta])*
        $visibility:vis enum $name:ident {
            $($(#[doc = $doc:literal])+ $variant:ident = $byte:literal => $text:expr,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        $visibility enum $name {
            $($(#[doc = $doc])+ $variant = $byte,)+
        }

        $crate::vocabulary!(@texts $name { $($variant ($text) ($($doc)+))+ });

        impl $name {
            /// Its byte where it is stored.
            #[must_use]
            pub const fn byte(self) -> u8 {
                self as u8
            }

            /// The name that is stored as this byte.
            #[must_use]
            pub const fn from_byte(byte: u8) -> Option<Self> {
                match byte {
                    $($byte => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
    (
        $(#[$meta:meta])*
        $visibility:vis enum $name:ident {
            $($(#[doc = $doc:literal])+ $variant:ident => $text:expr,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visibility enum $name {
            $($(#[doc = $doc])+ $variant,)+
        }

        $crate::vocabulary!(@texts $name { $($variant ($text) ($($doc)+))+ });
    };
    (@texts $name:ident { $($variant:ident ($text:expr) ($($doc:literal)+))+ }) => {
        impl $name {
            /// All names, in the order of their declaration.
            pub const ALL: [Self; [$($text),+].len()] = [$(Self::$variant),+];

            /// The name as text.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// The name of this text.
            #[must_use]
            pub fn named(text: &str) -> Option<Self> {
                <Self as $crate::vocabulary::Vocabulary>::named(text)
            }
        }

        impl $crate::vocabulary::Vocabulary for $name {
            const ALL: &'static [Self] = &Self::ALL;
            const TEXTS: &'static [&'static str] = &[$($text),+];

            fn as_str(self) -> &'static str {
                self.as_str()
            }

            fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($doc),+).trim_ascii(),)+
                }
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::Vocabulary;
    use crate::audit::{Cause, ClockFault, EventKind, Field, OpenerKind, Reason, Refusal};
    use crate::settings::SettingName;

    fn assert_sound<T: Vocabulary + core::fmt::Debug>() {
        for (name, text) in T::ALL.iter().zip(T::TEXTS) {
            assert_eq!(name.as_str(), *text);
            assert_eq!(T::named(text), Some(*name), "{name:?} is alone in its text");
            assert!(name.meaning().ends_with('.'), "{name:?}");
        }
        assert_eq!(T::ALL.len(), T::TEXTS.len());
        assert_eq!(T::named("no such name"), None);
    }

    #[test]
    fn names_lead_back() {
        assert_sound::<EventKind>();
        assert_sound::<Field>();
        assert_sound::<OpenerKind>();
        assert_sound::<Cause>();
        assert_sound::<Reason>();
        assert_sound::<Refusal>();
        assert_sound::<ClockFault>();
        assert_sound::<SettingName>();
    }
}
