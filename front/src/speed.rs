//! How fast virtual time passes.

/// How fast virtual time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speed {
    /// So many times as fast as the host's.
    Times(u32),
    /// From event to event, without waiting.
    Unbound,
}

impl Speed {
    pub(crate) const ALL: [Self; 6] = [
        Self::Times(1),
        Self::Times(10),
        Self::Times(60),
        Self::Times(600),
        Self::Times(3_600),
        Self::Unbound,
    ];

    pub(crate) fn faster(self) -> Self {
        *Self::ALL
            .iter()
            .find(|speed| **speed > self)
            .unwrap_or(&Self::Unbound)
    }

    pub(crate) fn slower(self) -> Self {
        *Self::ALL
            .iter()
            .rev()
            .find(|speed| **speed < self)
            .unwrap_or(&Self::Times(1))
    }
}

impl std::fmt::Display for Speed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Times(times) => write!(formatter, "{times}x"),
            Self::Unbound => formatter.write_str("as fast as it goes"),
        }
    }
}
