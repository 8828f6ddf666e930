//! The code, bit for bit: `vectors.json` holds PINs worked out by an independent program, and SP 800-38B's CMAC examples
//! stand below.

use chrono::NaiveDateTime;
use serde::Deserialize;
use smartpin::{DailyHours, Generation, LockKey, Pin, SiteKey, Stay, StoreKey, Variant, Window};
use subtle::ConstantTimeEq;

#[derive(Deserialize)]
struct Vectors {
    smartpin: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    site_key: String,
    serial: String,
    lock_key: String,
    generation: u32,
    variant: u8,
    programming_code: String,
    start: String,
    end: String,
    pin: String,
}

fn vectors() -> Vec<Vector> {
    let vectors: Vectors = serde_json::from_str(include_str!("vectors.json")).expect("well-formed");
    assert!(vectors.smartpin.len() >= 20);
    vectors.smartpin
}

fn civil(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").expect("a civil time")
}

/// The window that a vector's bounds are of, however it was asked for.
fn window(vector: &Vector) -> Window {
    let (start, end) = (civil(&vector.start), civil(&vector.end));
    let hourly = u16::try_from((end - start).num_hours())
        .ok()
        .and_then(|hours| Window::hourly(start, hours).ok());
    let days = u16::try_from((end.date() - start.date()).num_days()).expect("few days");
    hourly.unwrap_or_else(|| Window::daily(start.date(), days).expect("a legal window"))
}

#[test]
fn every_vector_is_issued_and_read() {
    for vector in vectors() {
        let site = SiteKey::from_hex(&vector.site_key).expect("a key");
        let lock = site.lock_key(&vector.serial.parse().expect("a serial number"));
        let (generation, variant) = (
            Generation(vector.generation),
            Variant::new(vector.variant).expect("0 to 7"),
        );
        let window = window(&vector);
        let stay = Stay { window, variant };
        assert_eq!(
            window.bounds(DailyHours::default()),
            (civil(&vector.start), civil(&vector.end)),
            "{}",
            vector.pin
        );
        for key in [
            lock.pin_key(),
            LockKey::from_hex(&vector.lock_key)
                .expect("a key")
                .pin_key(),
        ] {
            let pin: Pin = vector.pin.parse().expect("a PIN");
            assert!(
                bool::from(key.issue(stay, generation).ct_eq(&pin)),
                "{}",
                vector.pin
            );
            assert_eq!(
                key.read(&pin, generation),
                Ok(stay.index()),
                "{}",
                vector.pin
            );
        }
    }
}

#[test]
fn every_label_carries_its_programming_code() {
    for vector in vectors() {
        let lock = LockKey::from_hex(&vector.lock_key).expect("a key");
        let code: String = lock
            .programming_code()
            .iter()
            .map(|digit| char::from(b'0' + digit))
            .collect();
        assert_eq!(code, vector.programming_code);
    }
}

/// NIST SP 800-38B, appendix D.1 (AES-128), examples 1 to 4.
#[test]
fn cmac_examples() {
    const KEY: u128 = 0x2b7e_1516_28ae_d2a6_abf7_1588_09cf_4f3c;
    const MESSAGE: [u128; 4] = [
        0x6bc1_bee2_2e40_9f96_e93d_7e11_7393_172a,
        0xae2d_8a57_1e03_ac9c_9eb7_6fac_45af_8e51,
        0x30c8_1c46_a35c_e411_e5fb_c119_1a0a_52ef,
        0xf69f_2445_df4f_9b17_ad2b_417b_e66c_3710,
    ];
    let message: Vec<u8> = MESSAGE
        .iter()
        .flat_map(|block| block.to_be_bytes())
        .collect();
    // One after the other under one expanded key, as the lock does it.
    let mut mac = StoreKey::from_bytes(KEY.to_be_bytes()).expand();
    let examples: [(usize, u128); 4] = [
        (0, 0xbb1d_6929_e959_3728_7fa3_7d12_9b75_6746),
        (16, 0x070a_16b4_6b4d_4144_f79b_dd9d_d04a_287c),
        (40, 0xdfa6_6747_de9a_e630_30ca_3261_1497_c827),
        (64, 0x51f0_bebf_7e3b_9d92_fc49_7417_7936_3cfe),
    ];
    for (length, expected) in examples {
        let (head, tail) = message[..length].split_at(length / 3);
        assert_eq!(
            mac.cmac(&[head, tail]),
            expected.to_be_bytes(),
            "{length} bytes"
        );
    }
}
