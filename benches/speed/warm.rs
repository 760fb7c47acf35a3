//! The engine in this process, against floors. All are timed in turn, so that whatever else the machine does
//! slows all of them.

use crate::inputs;
use serde_json::Value;
use std::hint::black_box;
use std::time::{Duration, Instant};
use toprail::macro_event::{answer, respond_to_bytes};

/// How long a measurement goes on.
const LONG_ENOUGH: Duration = Duration::from_millis(2500);

/// Medians, in microseconds.
pub(crate) struct Warm {
    /// Bytes in, bytes out.
    pub(crate) bytes: [usize; 2],
    /// An event's bytes to the response's bytes.
    pub(crate) transform: f64,
    /// serde_json parses the event and writes the response.
    pub(crate) floor: f64,
    /// serde_json parses and writes the event, and parses and writes the response.
    pub(crate) both: f64,
    /// Reading the event's bytes and writing the response's.
    pub(crate) copy: f64,
}

/// Measures an event.
pub(crate) fn measure(event: &[u8]) -> Warm {
    let response = respond_to_bytes(None, event).body;
    assert_eq!(response["status"], "success", "{}", response["errorMessage"]);
    let output = serde_json::to_vec(&response).expect("JSON");
    let [mut transform, mut floor, mut both, mut copy] = [(); 4].map(|()| Vec::new());
    let started = Instant::now();
    while started.elapsed() < LONG_ENOUGH || transform.len() < 15 {
        transform.push(micros(|| answer(None, black_box(event)).body));
        floor.push(micros(|| {
            let value: Value = serde_json::from_slice(black_box(event)).expect("JSON");
            (value, serde_json::to_vec(black_box(&response)))
        }));
        both.push(micros(|| [event, &output].map(|bytes| round_trip(black_box(bytes)))));
        copy.push(micros(|| (black_box(event).to_vec(), black_box(&output).clone())));
    }
    let bytes = [event.len(), output.len()];
    Warm { bytes, transform: median(transform), floor: median(floor), both: median(both), copy: median(copy) }
}

fn round_trip(bytes: &[u8]) -> (Value, Vec<u8>) {
    let value: Value = serde_json::from_slice(bytes).expect("JSON");
    let written = serde_json::to_vec(&value).expect("JSON");
    (value, written)
}

/// The median time of the engine for 1, 2, 4 … 64 times as many methods.
pub(crate) fn growth(base: usize) -> Vec<(f64, f64)> {
    let point = |factor: usize| {
        let methods = base * factor;
        let event = inputs::event_of(&inputs::after_sam(methods, 1));
        let times = (0..40).map(|_| micros(|| answer(None, &event).body)).collect();
        (as_f64(methods), median(times))
    };
    FACTORS.map(point).to_vec()
}

/// How much larger the templates get.
pub(crate) const FACTORS: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];

fn micros<T>(run: impl FnOnce() -> T) -> f64 {
    let started = Instant::now();
    // What was made is freed inside the time, as it is in the function.
    drop(black_box(run()));
    started.elapsed().as_secs_f64() * 1e6
}

/// The middle of some values.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The exponent `b` of `y = a x^b`, by least squares on logarithms.
pub(crate) fn exponent(points: &[(f64, f64)]) -> f64 {
    let logs: Vec<_> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / as_f64(logs.len());
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let covariance: f64 = logs.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    covariance / logs.iter().map(|point| (point.0 - x).powi(2)).sum::<f64>()
}

/// A count as a number to calculate with.
#[allow(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
pub(crate) fn as_f64(count: usize) -> f64 {
    count as f64
}
