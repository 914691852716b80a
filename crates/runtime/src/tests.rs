mod body;
mod events;
mod form;
mod limiter;
mod link;
mod media_type;
mod parameter;
mod pointer;
mod reading;
mod retry;
mod retry_after;
#[cfg(feature = "signatures")]
mod signature;
mod values;
