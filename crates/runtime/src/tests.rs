mod body;
mod form;
mod limiter;
mod media_type;
mod parameter;
mod retry;
mod retry_after;
