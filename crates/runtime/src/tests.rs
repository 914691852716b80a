mod body;
mod form;
mod limiter;
mod media_type;
mod parameter;
mod reading;
mod retry;
mod retry_after;
