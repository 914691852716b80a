//! Faults as they are written.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fault::{Fault, Faults, Kind, Weather};

/// What is to go wrong. The contract says the rest, and checks it.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Written {
    next: Vec<WrittenFault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    always: Option<WrittenFault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weather: Option<WrittenWeather>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct WrittenFault {
    kind: WrittenKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    delay_ms: u64,
    forwarded: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WrittenKind {
    Status,
    Page,
    #[default]
    Delay,
    Truncated,
    Reset,
    Lost,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct WrittenWeather {
    errors: f64,
    latency_ms: [u64; 2],
}

impl From<WrittenFault> for Fault {
    fn from(written: WrittenFault) -> Self {
        let status = written.status.unwrap_or(500);
        let kind = match written.kind {
            WrittenKind::Status => Kind::Status(status),
            WrittenKind::Page => Kind::Page {
                status,
                content_type: written
                    .content_type
                    .unwrap_or_else(|| "text/html".to_owned()),
                body: written.body.unwrap_or_default().into(),
            },
            WrittenKind::Delay => Kind::Nothing,
            WrittenKind::Truncated => Kind::Truncated,
            WrittenKind::Reset => Kind::Reset,
            WrittenKind::Lost => Kind::Lost,
        };
        let mut fault = Self::new(kind).delayed(Duration::from_millis(written.delay_ms));
        for (name, value) in &written.headers {
            fault = fault.header(name, value);
        }
        fault.forwarded = written.forwarded;
        fault.operation = written.operation;
        fault
    }
}

impl From<Fault> for WrittenFault {
    fn from(fault: Fault) -> Self {
        let mut written = Self {
            headers: fault.headers.into_iter().collect(),
            delay_ms: u64::try_from(fault.delay.as_millis()).unwrap_or(u64::MAX),
            forwarded: fault.forwarded,
            operation: fault.operation,
            ..Self::default()
        };
        written.kind = match fault.kind {
            Kind::Status(status) => {
                written.status = Some(status);
                WrittenKind::Status
            }
            Kind::Page {
                status,
                content_type,
                body,
            } => {
                written.status = Some(status);
                written.content_type = Some(content_type);
                written.body = Some(String::from_utf8_lossy(&body).into_owned());
                WrittenKind::Page
            }
            Kind::Nothing => WrittenKind::Delay,
            Kind::Truncated => WrittenKind::Truncated,
            Kind::Reset => WrittenKind::Reset,
            Kind::Lost => WrittenKind::Lost,
        };
        written
    }
}

/// What goes wrong.
pub(super) fn told(faults: &Faults) -> Value {
    let (next, always, weather) = faults.all();
    let weather = weather.map(|weather| {
        let times = [weather.latency.start(), weather.latency.end()];
        WrittenWeather {
            errors: weather.errors,
            latency_ms: times.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
        }
    });
    let written = Written {
        next: next.into_iter().map(Into::into).collect(),
        always: always.map(Into::into),
        weather,
    };
    serde_json::to_value(written).unwrap_or_default()
}

/// # Errors
/// When what is said means nothing.
pub(super) fn add(faults: &Faults, written: Value) -> Result<(), String> {
    let written: Written = serde_json::from_value(written).map_err(|error| error.to_string())?;
    if let Some(WrittenWeather { errors, latency_ms }) = written.weather {
        let [least, most] = latency_ms.map(Duration::from_millis);
        if least > most {
            return Err("`latency_ms` is the least and the most, in this order".to_owned());
        }
        faults.weather(Weather::new(0).errors(errors).latency(least..=most));
    }
    if let Some(always) = written.always {
        faults.always(Some(always.into()));
    }
    faults.add(written.next.into_iter().map(Into::into));
    Ok(())
}
