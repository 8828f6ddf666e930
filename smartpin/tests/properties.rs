//! What holds for every window, every PIN and every request.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use fpe::ff1::{FF1, FlexibleNumeralString};
use proptest::prelude::*;
use smartpin::{
    DailyHours, Generation, Grant, Index, LockKey, NotAGrant, Openness, Pin, PinError, Reserved,
    SerialError, SerialNumber, SiteKey, Stay, Variant, WINDOWS, Window, WindowError, WindowKind,
};

fn lock_key() -> impl Strategy<Value = LockKey> {
    any::<[u8; 16]>().prop_map(LockKey::from_bytes)
}

fn windows() -> impl Strategy<Value = Window> {
    (0..WINDOWS).prop_map(|number| Window::from_number(number).expect("below the count"))
}

fn variants() -> impl Strategy<Value = Variant> {
    (0..Variant::COUNT).prop_map(|number| Variant::new(number).expect("0 to 7"))
}

fn stays() -> impl Strategy<Value = Stay> {
    (windows(), variants()).prop_map(|(window, variant)| Stay { window, variant })
}

/// All numbers of ten digits, those about the borders between kinds more often than others.
fn indexes() -> impl Strategy<Value = u64> {
    let near = |border: u64| border.saturating_sub(3)..border + 3;
    prop_oneof![
        0..Pin::COUNT,
        near(Index::COUNT),
        near(u64::from(WINDOWS)),
        (0_u64..8).prop_map(|variant| variant * u64::from(WINDOWS) + 781_189_120),
    ]
}

fn digits() -> impl Strategy<Value = Pin> {
    prop::array::uniform10(0_u8..10).prop_map(|digits| Pin::from_digits(&digits).expect("digits"))
}

proptest! {
    #[test]
    fn every_window_and_variant_comes_back(key in lock_key(), stay in stays(), generation: u32) {
        let (key, generation) = (key.pin_key(), Generation(generation));
        let read = key.read(&key.issue(stay, generation), generation);
        prop_assert_eq!(read.map(Index::grant), Ok(Grant::Stay(stay)));
    }

    /// Of an index that is not reserved, number, grant, bytes and PIN are one.
    #[test]
    fn every_index_is_one_grant_or_reserved(number in indexes(), key in lock_key(), generation: u32) {
        let Some(index) = Index::from_number(number) else {
            prop_assert!((6_366_252_640..).contains(&number));
            return Ok(());
        };
        prop_assert!(number < 6_366_252_640);
        prop_assert_eq!(index.number(), number);
        prop_assert_eq!(index.grant().index(), index);
        let Grant::Stay(stay) = index.grant();
        prop_assert_eq!(u64::from(stay.variant.get()) * 795_781_580 + u64::from(stay.window.number()), number);
        let bytes = index.to_bytes();
        prop_assert_eq!(&bytes[..4], stay.window.number().to_le_bytes());
        prop_assert_eq!(bytes[4], stay.variant.get());
        prop_assert_eq!(Index::from_bytes(bytes), Some(index));
        let (key, generation) = (key.pin_key(), Generation(generation));
        prop_assert_eq!(key.read(&key.issue(index, generation), generation), Ok(index));
    }

    #[test]
    fn every_five_bytes_are_one_index_or_none(bytes: [u8; 5]) {
        if let Some(index) = Index::from_bytes(bytes) {
            prop_assert_eq!(index.to_bytes(), bytes);
            prop_assert_eq!(Index::from_number(index.number()), Some(index));
        }
    }

    #[test]
    fn indexes_are_ordered_as_their_numbers(one in 0..Index::COUNT, other in 0..Index::COUNT) {
        let [index, next] = [one, other].map(|number| Index::from_number(number).expect("below the count"));
        prop_assert_eq!(index.cmp(&next), one.cmp(&other));
    }

    #[test]
    fn a_grant_comes_back_from_its_name(number in 0..Index::COUNT) {
        let grant = Index::from_number(number).expect("below the count").grant();
        prop_assert_eq!(grant.to_string().parse(), Ok(grant));
    }

    #[test]
    fn every_text_is_the_name_of_one_grant_or_none(text in "[0-9T:/-]{0,40}|.*") {
        if let Ok(grant) = text.parse::<Grant>() {
            prop_assert_eq!(grant.to_string(), text);
        }
    }

    #[test]
    fn siblings_are_the_pins_of_one_window(stay in stays(), other in stays()) {
        let grant = Grant::Stay(stay);
        let siblings: Vec<_> = grant.siblings().collect();
        prop_assert_eq!(siblings.len(), usize::from(Variant::COUNT));
        prop_assert_eq!(siblings[usize::from(stay.variant.get())], grant);
        for (variant, sibling) in (0..).zip(&siblings) {
            prop_assert_eq!(sibling.variant().get(), variant);
            prop_assert!(grant.is_sibling(*sibling));
        }
        let other = Grant::Stay(other);
        prop_assert_eq!(grant.is_sibling(other), siblings.contains(&other));
    }

    #[test]
    fn a_grant_is_open_from_its_start_to_its_end(stay in stays(), start in 0_u8..24, end in 0_u8..24, minutes in -1_000_i64..700_000) {
        let (grant, daily) = (Grant::Stay(stay), DailyHours::new(start, end).expect("hours of a day"));
        let (Some(opens), Some(over)) = (grant.opens_at(daily), grant.over_at(daily)) else {
            panic!("a stay has both");
        };
        let now = opens + TimeDelta::minutes(minutes);
        let expected = match (now < opens, now < over) {
            (true, _) => Openness::NotYet,
            (_, true) => Openness::Open,
            _ => Openness::Over,
        };
        prop_assert_eq!(grant.openness(daily, &now), expected);
    }

    #[test]
    fn every_ten_digits_are_one_stay_or_refused(key in lock_key(), pin in digits(), generation: u32) {
        let (key, generation) = (key.pin_key(), Generation(generation));
        if let Ok(index) = key.read(&pin, generation) {
            prop_assert_eq!(key.issue(index, generation).digits(), pin.digits());
        }
    }

    #[test]
    fn a_window_is_what_it_is_made_of(window in windows()) {
        let again = match window.kind() {
            WindowKind::Hourly { start, hours } => Window::hourly(start, hours),
            WindowKind::Daily { first, last } => {
                Window::daily(first, u16::try_from((last - first).num_days()).expect("few days"))
            }
        };
        prop_assert_eq!(again, Ok(window));
        let (start, end) = window.bounds(DailyHours::default());
        prop_assert!(end - start >= TimeDelta::hours(24));
    }

    #[test]
    fn a_request_is_the_window_it_shows_or_an_error(start in 0_i64..1_100_000, minutes in -60_i64..600_000) {
        let start = day(2020, 1, 1) + TimeDelta::hours(start);
        let end = start + TimeDelta::minutes(minutes);
        if let Ok(window) = Window::for_request(start, end) {
            match window.kind() {
                WindowKind::Hourly { start: begins, hours } => {
                    prop_assert_eq!((begins, begins + TimeDelta::hours(hours.into())), (start, end));
                }
                WindowKind::Daily { first, last } => prop_assert_eq!((first, last), (start.date(), end.date())),
            }
        }
    }

    #[test]
    fn batches_are_as_single_ones(key in lock_key(), pins in prop::collection::vec(digits(), 0..600), generation: u32) {
        let (key, generation) = (key.pin_key(), Generation(generation));
        let mut batch = Vec::new();
        key.read_batch(&pins, generation, |read| batch.push(read));
        let single: Vec<_> = pins.iter().map(|pin| key.read(pin, generation)).collect();
        prop_assert_eq!(&batch, &single);
        let indexes: Vec<_> = single.into_iter().flatten().collect();
        let mut issued = Vec::new();
        key.issue_batch(&indexes, generation, |pin| issued.push(pin.digits()));
        let expected: Vec<_> =
            indexes.iter().map(|index| key.issue(*index, generation).digits()).collect();
        prop_assert_eq!(issued, expected);
    }

    #[test]
    fn a_range_is_as_its_pins(key in lock_key(), start in prop_oneof![0..Pin::COUNT, Pin::COUNT - 400..Pin::COUNT + 100], length in 0_u64..300, generation: u32) {
        let (key, generation) = (key.pin_key(), Generation(generation));
        let mut range = Vec::new();
        key.read_range(start..start + length, generation, |read| range.push(read));
        let pin = |number| format!("{number:010}").parse::<Pin>().expect("ten digits");
        let pins = (start..start + length).filter(|number| *number < Pin::COUNT).map(pin);
        let single: Vec<_> = pins.map(|pin| key.read(&pin, generation)).collect();
        prop_assert_eq!(range, single);
    }

    /// The `fpe` crate is an independent implementation of FF1.
    #[test]
    fn fpe_agrees(site: [u8; 16], pin in digits(), generation: u32) {
        let lock = SiteKey::from_bytes(site).lock_key(&"SL-000042".parse().expect("a serial number"));
        let oracle = FF1::<aes::Aes128>::new(&oracle_key(site), 10).expect("radix 10");
        let text = FlexibleNumeralString::from(pin.digits().map(u16::from).to_vec());
        let plain = Vec::<u16>::from(oracle.decrypt(&generation.to_be_bytes(), &text).expect("ten digits"));
        let index = plain.iter().fold(0_u64, |index, digit| index * 10 + u64::from(*digit));
        let windows = u64::from(WINDOWS);
        let expected = (index < 8 * windows).then(|| (index % windows, index / windows));
        let read = lock.pin_key().read(&pin, Generation(generation)).map(Index::grant);
        let read = read.ok().map(|Grant::Stay(stay)| (stay.window.number().into(), stay.variant.get().into()));
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn text_of_any_kind_is_a_pin_or_an_error(text: String) {
        if let Ok(pin) = text.parse::<Pin>() {
            let kept: String = text.chars().filter(char::is_ascii_digit).collect();
            prop_assert_eq!(pin.grouped().to_string().replace('-', ""), kept);
        }
    }
}

/// The PIN key of SL-000042, derived here with CMAC as a plain byte string: SP 800-108r1 spelt out.
fn oracle_key(site: [u8; 16]) -> [u8; 16] {
    let derive = |key: [u8; 16], message: &[u8]| {
        smartpin::StoreKey::from_bytes(key)
            .expand()
            .cmac(&[message])
    };
    let lock = derive(site, b"\0\0\0\x01smartpin/lock\0SL-000042\0\0\0\x80");
    derive(lock, b"\0\0\0\x01smartpin/pin\0\0\0\0\x80")
}

fn day(year: i32, month: u32, day: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(year, month, day)
        .expect("a date")
        .and_hms_opt(0, 0, 0)
        .expect("midnight")
}

#[test]
fn limits_of_a_request() {
    let start = day(2026, 12, 1) + TimeDelta::hours(15);
    let hours = |hours| Window::for_request(start, start + TimeDelta::hours(hours));
    let days = |days, hour| {
        Window::for_request(
            start,
            day(2026, 12, 1) + TimeDelta::days(days) + TimeDelta::hours(hour),
        )
    };
    let is_daily = |window: Result<Window, _>| {
        matches!(window.map(Window::kind), Ok(WindowKind::Daily { .. }))
    };
    assert_eq!(hours(-1), Err(WindowError::TooShort { hours: -1 }));
    assert_eq!(hours(0), Err(WindowError::TooShort { hours: 0 }));
    assert_eq!(hours(23), Err(WindowError::TooShort { hours: 23 }));
    assert_eq!(hours(24), Window::hourly(start, 24));
    assert_eq!(hours(768), Window::hourly(start, 768));
    assert!(is_daily(hours(769)));
    assert!(is_daily(days(365, 23)));
    assert_eq!(days(366, 0), Err(WindowError::TooLong { days: 366 }));
    let half_past = start + TimeDelta::minutes(30);
    assert_eq!(
        Window::for_request(half_past, start + TimeDelta::hours(48)),
        Err(WindowError::StartOffTheHour)
    );
    assert_eq!(
        Window::for_request(start, half_past + TimeDelta::hours(48)),
        Err(WindowError::EndOffTheHour)
    );
}

#[test]
fn limits_of_windows() {
    let start = day(2026, 12, 1);
    assert_eq!(
        Window::hourly(start, 23),
        Err(WindowError::TooShort { hours: 23 })
    );
    assert_eq!(
        Window::hourly(start, 769),
        Err(WindowError::TooManyHours { hours: 769 })
    );
    assert_eq!(
        Window::daily(start.date(), 31),
        Err(WindowError::TooFewDays { days: 31 })
    );
    assert_eq!(
        Window::daily(start.date(), 366),
        Err(WindowError::TooLong { days: 366 })
    );
    assert_eq!(
        Window::hourly(start + TimeDelta::seconds(1), 24),
        Err(WindowError::StartOffTheHour)
    );
}

#[test]
fn the_range_of_starts() {
    let epoch = day(2020, 1, 1);
    assert_eq!(Window::hourly(epoch, 24).map(Window::number), Ok(0));
    assert_eq!(
        Window::hourly(epoch - TimeDelta::hours(1), 24),
        Err(WindowError::TooEarly)
    );
    assert_eq!(
        Window::daily(epoch.date(), 32).map(Window::number),
        Ok(781_189_120)
    );
    assert_eq!(
        Window::daily(epoch.date() - TimeDelta::days(1), 32),
        Err(WindowError::TooEarly)
    );
    let last_hour = epoch + TimeDelta::hours(1_048_575);
    assert_eq!(
        Window::hourly(last_hour, 768).map(Window::number),
        Ok(781_189_119)
    );
    assert_eq!(
        Window::hourly(last_hour + TimeDelta::hours(1), 24),
        Err(WindowError::TooLate)
    );
    let last_day = epoch.date() + TimeDelta::days(43_689);
    assert_eq!(
        Window::daily(last_day, 365).map(Window::number),
        Ok(WINDOWS - 1)
    );
    assert_eq!(
        Window::daily(last_day + TimeDelta::days(1), 32),
        Err(WindowError::TooLate)
    );
    assert_eq!(Window::from_number(WINDOWS), None);
}

#[test]
fn the_last_starts_are_those_that_the_error_names() {
    let (hour, last_day) = (day(2139, 8, 15) + TimeDelta::hours(15), day(2139, 8, 14));
    assert!(Window::hourly(hour, 24).is_ok());
    assert!(Window::daily(last_day.date(), 32).is_ok());
    let late = [
        Window::hourly(hour + TimeDelta::hours(1), 24),
        Window::daily(day(2139, 8, 15).date(), 32),
    ];
    for window in late {
        let message = window.expect_err("out of range").to_string();
        assert!(
            message.contains("2139-08-15T15:00") && message.contains("2139-08-14"),
            "{message}"
        );
    }
}

/// The least and the greatest dates that there are, and the least fraction of a second.
#[test]
fn dates_beyond_reason_are_refused() {
    let (least, most) = (NaiveDateTime::MIN, day(262_142, 12, 31));
    assert!(matches!(
        Window::for_request(least, most),
        Err(WindowError::TooLong { .. })
    ));
    assert!(Window::for_request(most, least).is_err());
    assert_eq!(
        Window::daily(NaiveDate::MIN, 32),
        Err(WindowError::TooEarly)
    );
    assert_eq!(Window::daily(NaiveDate::MAX, 32), Err(WindowError::TooLate));
    assert_eq!(Window::hourly(most, 24), Err(WindowError::TooLate));
    let nearly = day(2026, 12, 1) + TimeDelta::nanoseconds(1);
    assert_eq!(
        Window::hourly(nearly, 24),
        Err(WindowError::StartOffTheHour)
    );
}

#[test]
fn daily_windows_keep_the_hours_of_the_lock() {
    assert_eq!(DailyHours::new(24, 0), None);
    assert_eq!(DailyHours::new(0, 24), None);
    let hours = DailyHours::new(23, 0).expect("hours of a day");
    assert_eq!((hours.start(), hours.end()), (23, 0));
    // A stay to midnight names the day that begins there.
    let (start, end) = (day(2027, 12, 31) + TimeDelta::hours(15), day(2028, 3, 1));
    let window = Window::for_request(start, end).expect("61 days");
    assert_eq!(
        window.bounds(hours),
        (day(2027, 12, 31) + TimeDelta::hours(23), end)
    );
    let hourly = Window::hourly(start, 24).expect("a day");
    assert_eq!(hourly.bounds(hours), hourly.bounds(DailyHours::default()));
}

/// The last index that stands for a PIN, and the first and the last that are reserved.
#[test]
fn reserved_begins_where_the_indexes_end() {
    let site = [7; 16];
    let oracle = FF1::<aes::Aes128>::new(&oracle_key(site), 10).expect("radix 10");
    let key = SiteKey::from_bytes(site)
        .lock_key(&"SL-000042".parse().expect("a serial number"))
        .pin_key();
    let read = |index: u64| {
        let plain: Vec<u16> = format!("{index:010}")
            .bytes()
            .map(|b| u16::from(b - b'0'))
            .collect();
        let cipher = oracle.encrypt(&[0; 4], &FlexibleNumeralString::from(plain));
        let digits: Vec<u8> = Vec::<u16>::from(cipher.expect("ten digits"))
            .iter()
            .map(|&digit| digit as u8)
            .collect();
        key.read(
            &Pin::from_digits(&digits).expect("ten digits"),
            Generation(0),
        )
    };
    let last = Window::from_number(WINDOWS - 1).expect("the last window");
    let stay = |window, variant| {
        let variant = Variant::new(variant).expect("0 to 7");
        Ok(Grant::Stay(Stay { window, variant }))
    };
    let grant = |index| read(index).map(Index::grant);
    assert_eq!(read(0), Ok(Index::FIRST));
    assert_eq!(grant(0), stay(Window::FIRST, 0));
    assert_eq!(grant(795_781_579), stay(last, 0));
    assert_eq!(grant(795_781_580), stay(Window::FIRST, 1));
    assert_eq!(grant(6_366_252_639), stay(last, 7));
    assert_eq!(read(6_366_252_640), Err(Reserved));
    assert_eq!(read(9_999_999_999), Err(Reserved));
    assert_eq!(Variant::new(8), None);
}

/// The first and the last index of each kind of window in smartpin.md, and of what is reserved.
#[test]
fn where_the_kinds_of_grants_meet() {
    let grant = |number| Index::from_number(number).map(|index| index.grant().to_string());
    let table = [
        (0, Some("2020-01-01T00:00/2020-01-02T00:00/0")),
        (781_189_119, Some("2139-08-15T15:00/2139-09-16T15:00/0")),
        (781_189_120, Some("2020-01-01/2020-02-02/0")),
        (795_781_579, Some("2139-08-14/2140-08-13/0")),
        (795_781_580, Some("2020-01-01T00:00/2020-01-02T00:00/1")),
        (6_366_252_639, Some("2139-08-14/2140-08-13/7")),
        (6_366_252_640, None),
        (6_591_561_412, None),
        (9_999_999_999, None),
        (10_000_000_000, None),
        (u64::MAX, None),
    ];
    for (number, expected) in table {
        assert_eq!(grant(number).as_deref(), expected, "{number}");
    }
}

#[test]
fn what_names_no_grant_is_refused() {
    for text in [
        "",
        "2026-12-01T15:00/2026-12-05T11:00",
        "2026-12-01T15:00/2026-12-05T11:00/10",
        "2026-12-01T15:00/2026-12-05T11:00/8",
        "2026-12-01T15:00/2026-12-05T11:30/0",
        "2026-12-01T15:00/2026-12-05T+1:00/0",
        "2026-12-01T15:00/2026-12-02T11:00/0",
        "2026-12-05T15:00/2026-12-01T15:00/0",
        "2026-12-01T15:00/2026-12-05/0",
        "2026-12-01/2026-12-05/0",
        "2026-13-01/2027-12-05/0",
        "+026-12-01/2027-01-05/0",
    ] {
        assert_eq!(text.parse::<Grant>(), Err(NotAGrant), "{text}");
    }
}

#[test]
fn bytes_beyond_the_indexes_are_none() {
    let last = Index::from_number(6_366_252_639).expect("the last stay");
    let [p0, p1, p2, p3, block] = last.to_bytes();
    assert_eq!(
        (u32::from_le_bytes([p0, p1, p2, p3]), block),
        (WINDOWS - 1, 7)
    );
    assert_eq!(Index::from_bytes([p0 + 1, p1, p2, p3, 0]), None);
    assert_eq!(Index::from_bytes([0, 0, 0, 0, 8]), None);
    assert_eq!(Index::from_bytes([0; 5]), Some(Index::FIRST));
}

fn grants_of(window: Window) -> impl Iterator<Item = Grant> {
    let variant = Variant::ZERO;
    Grant::Stay(Stay { window, variant }).siblings()
}

#[test]
fn how_many_days_a_grant_lasts() {
    let start = day(2026, 12, 1);
    let days = |window: Result<Window, _>| {
        let window = window.expect("a window");
        let days: Vec<_> = grants_of(window).map(Grant::length_days).collect();
        assert!(days.iter().all(|length| *length == days[0]), "{days:?}");
        days[0].expect("a stay has a length")
    };
    for (hours, length) in [(24, 1), (25, 2), (48, 2), (92, 4), (767, 32), (768, 32)] {
        assert_eq!(days(Window::hourly(start, hours)), length, "{hours} h");
    }
    for length in [32, 33, 365] {
        assert_eq!(days(Window::daily(start.date(), length)), length);
    }
}

#[test]
fn a_block_makes_room_for_one_variant() {
    let grants: Vec<_> = grants_of(Window::FIRST).collect();
    let open = |most, blocked| {
        grants
            .iter()
            .filter(|grant| grant.has_room(most, blocked))
            .count()
    };
    assert_eq!(
        [open(1, 0), open(4, 0), open(1, 1), open(4, 4)],
        [1, 4, 2, 8]
    );
    assert!(grants[7].has_room(u8::MAX, u8::MAX));
}

#[test]
fn pins_as_people_type_them() {
    let pin: Pin = " 019-220 4713 ".parse().expect("a PIN");
    assert_eq!(pin.grouped().to_string(), "019-220-4713");
    assert_eq!("019220471".parse::<Pin>().err(), Some(PinError::Length(9)));
    assert_eq!(
        "01922047133".parse::<Pin>().err(),
        Some(PinError::Length(11))
    );
    assert_eq!(
        "0192204l13".parse::<Pin>().err(),
        Some(PinError::NotADigit('l'))
    );
    assert!(Pin::from_digits(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 10]).is_none());
    assert!(Pin::from_digits(&[0; 9]).is_none());
}

#[test]
fn secrets_do_not_show() {
    let site = SiteKey::from_bytes([0xab; 16]);
    let lock = site.lock_key(&"A".parse().expect("a serial number"));
    let pin: Pin = "2346930987".parse().expect("a PIN");
    let shown = format!(
        "{site:?} {lock:?} {:?} {:?} {pin:?}",
        lock.pin_key(),
        lock.store_key()
    );
    assert!(
        !shown.contains("234") && !shown.to_lowercase().contains("ab"),
        "{shown}"
    );
}

#[test]
fn keys_and_serial_numbers_as_text() {
    assert!(SiteKey::from_hex("000102030405060708090A0b0c0d0e0f").is_ok());
    let message = |text| SiteKey::from_hex(text).err().map(|error| error.to_string());
    assert_eq!(message("00"), Some("a key has 32 hex digits, not 2".into()));
    let wrong = "000102030405060708090a0b0c0d0e0g";
    assert_eq!(
        message(wrong),
        Some("a key has hex digits alone; character 32 is none".into())
    );
    assert!("SL-000042".parse::<SerialNumber>().is_ok());
    assert_eq!("".parse::<SerialNumber>(), Err(SerialError::Length(0)));
    assert_eq!(
        "A".repeat(33).parse::<SerialNumber>(),
        Err(SerialError::Length(33))
    );
    assert_eq!(
        "sl".parse::<SerialNumber>(),
        Err(SerialError::Character('s'))
    );
}
