use std::time::Duration;

use tokio::time::Instant;

/// Longer than any process runs, and short enough to be added to any instant.
const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// An instant so much later.
pub(crate) fn after(instant: Instant, duration: Duration) -> Instant {
    instant + duration.min(FAR)
}
