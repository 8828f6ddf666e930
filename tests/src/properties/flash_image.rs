//! Flash that holds anything, and a store that is used on it.

use chrono::{DateTime, TimeDelta};
use crc::{CRC_32_ISCSI, Crc};
use firmware_core::audit::{Cause, Event, PinId, Reason, Stamp};
use firmware_core::civil::{CivilTime, UtcTime};
use firmware_core::code::Code;
use firmware_core::logic::access::Memory;
use firmware_core::logic::lockout::Tally;
use firmware_core::logic::programming::Slot;
use firmware_core::logic::trust::Mark;
use firmware_core::settings::SettingName;
use firmware_core::store::layout::{BANK_B, LOG, SECTOR, SIZE};
use firmware_core::store::{Store, StoreError};
use sim::devices::NorChip;
use sim::devices::flash::FlashOutcome;
use sim::fault::{Cut, PowerCut};
use sim::rng::{Random, Stream};
use sim::time::Lapse;
use smartpin::{DailyHours, Generation, Grant, Index, LockKey, Stay, Variant, Window};

use super::feed::Feed;

const KEY: [u8; 16] = [7; 16];
const SECTORS: usize = (SIZE / SECTOR) as usize;
/// Acts of one input at most: each reads the whole flash some times.
const ACTS: usize = 20;
/// No flash lives to see so many; with twice as many the store refuses to write.
const MOST_WRITES: u32 = 1 << 24;
/// Codes that there are: each is compared with every one that is stored, and that takes its time.
const CODES: u8 = 4;
const CHECKSUM: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);
const ZONES: [&str; 4] = ["UTC0", "MST7MDT,M3.2.0,M11.1.0", "<+0545>-5:45", "no rule"];

/// The input is acts, each a byte that says which and what it needs: damage while the supply is off (bytes set, bits
/// flipped, sectors lost or overwritten with others, records and log entries with a right checksum and any body), and use
/// while it is on (settings, codes, blocks, first uses, tries, the log), with cuts inside.
///
/// Whatever the flash holds, a store opens, and what it says then the next says, too, which finds nothing more to mend.
/// What a change returned `Ok` for is read again after a boot; what it was cut in is old or new, field by field; a full
/// table changes nothing. No word is written twice.
///
/// # Panics
///
/// Where that doesn't hold.
pub fn holds(input: &[u8]) {
    let mut feed = Feed::new(input);
    let mut bench = Bench::new();
    for _ in 0..ACTS {
        let Some(act) = feed.next() else { break };
        match act % 16 {
            0 => bench.damage(&mut feed, set_byte),
            1 => bench.damage(&mut feed, flip_bit),
            2 => bench.damage(&mut feed, lose_sector),
            3 => bench.damage(&mut feed, copy_sector),
            4 => bench.damage(&mut feed, forge_record),
            5 => bench.damage(&mut feed, forge_entry),
            6 => bench.damage(&mut feed, scribble),
            7 => bench.cut_in_next(&mut feed),
            _ => bench.change(Change::of(act, &mut feed)),
        }
    }
    bench.reopen();
}

/// A change of the image; what lies outside changes nothing.
type Damage = fn(&mut [u8], &mut Feed<'_>);

fn address(feed: &mut Feed<'_>) -> usize {
    let [low, middle, high] = feed.array();
    u32::from_le_bytes([low, middle, high, 0]) as usize
}

fn set_byte(image: &mut [u8], feed: &mut Feed<'_>) {
    put(image, address(feed), &[feed.byte()]);
}

fn flip_bit(image: &mut [u8], feed: &mut Feed<'_>) {
    if let Some(byte) = image.get_mut(address(feed)) {
        *byte ^= 1 << (feed.byte() % 8);
    }
}

fn sector(feed: &mut Feed<'_>) -> std::ops::Range<usize> {
    let start = usize::from(feed.byte()) % SECTORS * SECTOR as usize;
    start..start + SECTOR as usize
}

fn lose_sector(image: &mut [u8], feed: &mut Feed<'_>) {
    image[sector(feed)].fill(0xFF);
}

fn copy_sector(image: &mut [u8], feed: &mut Feed<'_>) {
    let (from, to) = (sector(feed), sector(feed));
    image.copy_within(from, to.start);
}

/// Key, length, both inverted; number and body; a checksum of all.
fn forge_record(image: &mut [u8], feed: &mut Feed<'_>) {
    let at = usize::from(feed.u16()) * 4 % BANK_B.end as usize;
    let [key, length] = feed.array();
    let number = feed.u32() % MOST_WRITES;
    let body = feed.bytes(usize::from(length) % 125);
    let size = (body.len() + 4) as u8;
    let mut frame = vec![key, size, !key, !size];
    frame.extend(number.to_le_bytes());
    frame.extend(body);
    frame.resize(frame.len().next_multiple_of(4), 0);
    frame.extend(CHECKSUM.checksum(&frame).to_le_bytes());
    put(image, at, &frame);
}

/// Length, entry, and a checksum of both.
fn forge_entry(image: &mut [u8], feed: &mut Feed<'_>) {
    let slot = usize::from(feed.u16()) % ((LOG.end - LOG.start) / 32) as usize;
    let length = feed.byte() % 28;
    let mut bytes = vec![length];
    bytes.extend(feed.bytes(length.into()));
    bytes.resize(28, 0);
    bytes.extend(CHECKSUM.checksum(&bytes).to_le_bytes());
    put(image, LOG.start as usize + slot * 32, &bytes);
}

fn scribble(image: &mut [u8], feed: &mut Feed<'_>) {
    let (at, length) = (address(feed), feed.byte());
    put(image, at, feed.bytes(usize::from(length) % 64));
}

fn put(image: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(place) = image.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

struct Bench {
    key: LockKey,
    chip: NorChip,
    store: Store,
    /// What the store says of itself.
    seen: Vec<String>,
    /// The next change is cut in this flash operation, with this pattern.
    cut: Option<(u8, u8)>,
}

impl Bench {
    fn new() -> Self {
        let key = LockKey::from_bytes(KEY);
        let mut chip = blank();
        let (store, opened) = Store::open(&mut chip, &key);
        assert!(opened.fresh && !opened.repaired);
        let seen = sight(&store, &mut chip);
        Self {
            key,
            chip,
            store,
            seen,
            cut: None,
        }
    }

    fn damage(&mut self, feed: &mut Feed<'_>, damage: Damage) {
        let mut image = self.chip.image();
        damage(&mut image, feed);
        self.chip = blank();
        self.chip.load(&image);
        (self.store, _) = Store::open(&mut self.chip, &self.key);
        self.reopen();
    }

    /// What the store says, the next one says, too.
    fn reopen(&mut self) {
        let before = sight(&self.store, &mut self.chip);
        self.reopen_as(&before);
    }

    fn reopen_as(&mut self, before: &[String]) {
        let (store, opened) = Store::open(&mut self.chip, &self.key);
        self.store = store;
        self.seen = sight(&self.store, &mut self.chip);
        assert_eq!(self.seen, before);
        assert!(!opened.fresh && !opened.repaired, "{opened:?}");
        self.keeps_to_the_rules();
    }

    fn cut_in_next(&mut self, feed: &mut Feed<'_>) {
        self.cut = Some((feed.byte(), feed.byte()));
    }

    fn change(&mut self, change: Change) {
        let before = std::mem::take(&mut self.seen);
        let (mut store, mut chip) = (self.store.clone(), self.chip.clone());
        let outcome = change.apply(&mut store, &mut chip);
        let after = sight(&store, &mut chip);
        if outcome == Err(StoreError::Full) {
            assert_eq!(after, before, "{change:?}");
        }
        if let Some((operation, pattern)) = self.cut.take() {
            self.cut(change, operation, pattern);
            let seen = sight(&self.store, &mut self.chip);
            for ((seen, before), after) in seen.iter().zip(&before).zip(&after) {
                assert!(
                    seen == before || seen == after,
                    "{change:?} cut: {seen}, neither {before} nor {after}"
                );
            }
            self.reopen_as(&seen);
        } else {
            (self.store, self.chip) = (store, chip);
            self.reopen_as(&after);
        }
    }

    /// The supply fails in a flash operation of the change, if it has so many, and comes back.
    fn cut(&mut self, change: Change, operation: u8, pattern: u8) {
        self.chip.arm(PowerCut {
            at: Cut::AtFlashOperation(u64::from(operation % 8) + 1),
            lasting: Lapse::from_micros(1),
            pattern,
            again: None,
        });
        // Whoever the power fails learns nothing of the outcome.
        let _: Result<(), StoreError> = change.apply(&mut self.store, &mut self.chip);
        self.chip.disarm();
        self.chip.supply(true);
        (self.store, _) = Store::open(&mut self.chip, &self.key);
    }

    fn keeps_to_the_rules(&mut self) {
        let refused = self
            .chip
            .take_records()
            .find(|record| record.outcome == FlashOutcome::Refused);
        assert_eq!(refused, None, "nothing of the chip is worn");
    }
}

fn blank() -> NorChip {
    NorChip::new(SECTORS, Random::new(1, Stream::Flash))
}

/// Something that a lock does to its store.
#[derive(Clone, Copy, Debug)]
enum Change {
    Tally([u8; 4]),
    Mark(u32),
    Set(SettingName, u8),
    Code { slot: u8, number: u8 },
    Delete(u8),
    Block(u8),
    Unblock(u8),
    Use { day: u8, full: bool },
    Custom { day: u8, number: u8 },
    Reset,
    Boot,
    TooShort,
    Locked,
}

impl Change {
    fn of(act: u8, feed: &mut Feed<'_>) -> Self {
        match act % 16 {
            8 => Self::Tally(feed.array()),
            9 => Self::Mark(feed.u32()),
            10 => {
                let name = usize::from(feed.byte()) % SettingName::ALL.len();
                Self::Set(SettingName::ALL[name], feed.byte())
            }
            11 => Self::Code {
                slot: feed.byte() % 11,
                number: feed.byte(),
            },
            12 if act < 128 => Self::Block(feed.byte()),
            12 => Self::Unblock(feed.byte()),
            13 => Self::Use {
                day: feed.byte(),
                full: act < 128,
            },
            14 => Self::Custom {
                day: feed.byte(),
                number: feed.byte(),
            },
            _ => match act >> 4 {
                0..=2 => Self::TooShort,
                3..=7 => Self::Locked,
                8..=10 => Self::Boot,
                11..=13 => Self::Delete(feed.byte()),
                _ => Self::Reset,
            },
        }
    }

    fn apply(self, store: &mut Store, chip: &mut NorChip) -> Result<(), StoreError> {
        let pin = |day| PinId {
            generation: store.settings().generation,
            ..pin(day)
        };
        match self {
            Self::Tally([tries, rung, spent, rest]) => store.set_tally(
                chip,
                Tally {
                    tries,
                    rung: rung % 3,
                    spent,
                    pending: rest.is_multiple_of(2),
                    // Minutes of a lockout that can be: others are not read.
                    lockout: (1..=60).contains(&rest).then_some(rest),
                },
            ),
            Self::Mark(seconds) => store.set_mark(chip, mark(seconds)),
            Self::Set(name, value) => {
                let mut settings = store.settings().clone();
                // What is refused is written as it was.
                settings.set(name, &text(name, value)).unwrap_or_default();
                let since = (value > 99).then(|| end_of(Index::FIRST.grant()));
                let since = since.flatten();
                store.set_settings(chip, settings, since)
            }
            Self::Code { slot: 0, number } => store.set_programming_code(chip, &code(number)),
            Self::Code { slot, number } => {
                store.set_local_code(chip, self::slot(slot), &code(number))
            }
            Self::Delete(number) => store.delete_local_code(chip, slot(number)).map(drop),
            Self::Block(day) => store.block(chip, pin(day), &ended).map(drop),
            Self::Unblock(day) => store.unblock(chip, pin(day)).map(drop),
            Self::Use { day, full: true } => store.remember_first_use(chip, pin(day), &|_| None),
            Self::Use { day, full: false } => store.remember_first_use(chip, pin(day), &ended),
            Self::Custom { day, number } => {
                store.save_custom(chip, pin(day), &code(number), &ended)
            }
            Self::Reset => store.restore_factory(chip),
            Self::Boot => store.count_boot(chip, store.tally()),
            Self::TooShort => append(
                store,
                chip,
                Event::Denied {
                    reason: Reason::TooShort,
                    pin: None,
                    count: 1,
                },
            ),
            Self::Locked => append(store, chip, Event::Locked(Cause::Auto)),
        }
    }
}

fn append(store: &mut Store, chip: &mut NorChip, event: Event) -> Result<(), StoreError> {
    store
        .append(
            chip,
            Stamp::Utc(UtcTime(1_800_000_000)),
            event,
            store.mark(),
        )
        .map(drop)
}

fn text(name: SettingName, value: u8) -> String {
    match name {
        SettingName::Timezone => ZONES[usize::from(value) % ZONES.len()].into(),
        SettingName::LockoutMinutes => format!("1,{},60", value % 64),
        SettingName::SmartpinEnabled | SettingName::PassageMode | SettingName::Beeps => {
            if value.is_multiple_of(2) { "on" } else { "off" }.into()
        }
        _ => value.to_string(),
    }
}

fn mark(seconds: u32) -> Mark {
    Mark {
        latest: Some(UtcTime(1_800_000_000 + i64::from(seconds))),
        trusted: !seconds.is_multiple_of(3),
    }
}

fn slot(number: u8) -> Slot {
    Slot::new(number % Slot::COUNT + 1).expect("a slot")
}

fn code(number: u8) -> Code {
    let digits: [u8; 7] = std::array::from_fn(|place| ((number % CODES) >> (place % 2)) & 1);
    Code::from_digits(&digits).expect("digits")
}

fn pin(day: u8) -> PinId {
    let start = DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::days(20_600 + i64::from(day));
    let stay = Stay {
        window: Window::hourly(start, 48).expect("a window"),
        variant: Variant::new(day % Variant::COUNT).unwrap_or_default(),
    };
    PinId {
        index: stay.index(),
        generation: Generation(0),
    }
}

fn end_of(grant: Grant) -> Option<CivilTime> {
    grant.over_at(DailyHours::default())
}

/// Of even days, stays are over.
fn ended(grant: Grant) -> Option<CivilTime> {
    end_of(grant).filter(|end| end.and_utc().timestamp() / 86_400 % 2 == 0)
}

/// What a store says of everything that these acts can touch, each changed whole or not at all.
fn sight(store: &Store, chip: &mut NorChip) -> Vec<String> {
    let mut entries = Vec::new();
    store
        .entries(chip, 0, |entry| entries.push(entry))
        .expect("the log can be read");
    let config = (
        store.settings(),
        store.first_use_since(),
        store.raise_required(),
    );
    let mut seen = vec![
        format!("{config:?}"),
        format!("{:?}", store.tally()),
        format!("{:?}", store.mark()),
        format!("{:?} {}", store.erased_end(), store.boots()),
        format!("{entries:?}"),
    ];
    seen.extend((0..CODES).map(|number| {
        let code = code(number);
        format!("code {number}: {:?}", store.compare(&code))
    }));
    seen.extend((0..24).map(|day| {
        let pin = PinId {
            generation: store.settings().generation,
            ..pin(day)
        };
        format!(
            "day {day}: {}, {}, {}",
            store.is_blocked(pin),
            store.is_used(pin),
            store.custom_saves(pin)
        )
    }));
    seen
}
