use std::sync::atomic::{AtomicU32, Ordering};

/// What calls of a client may repeat together.
///
/// An outage makes every call fail, and each would be sent several times: the more there are,
/// the worse for who tries to come back. So repetitions are paid for. A repetition after which
/// the call succeeds is paid back, and so is a fifth of one for each call that succeeds at once.
pub(crate) struct Budget {
    /// In fifths of a repetition.
    left: AtomicU32,
    most: u32,
}

/// What a repetition costs.
const REPETITION: u32 = 5;

impl Budget {
    /// For so many repetitions without a success.
    pub(crate) fn new(repetitions: u32) -> Self {
        let most = repetitions.saturating_mul(REPETITION);
        Self {
            left: AtomicU32::new(most),
            most,
        }
    }

    /// Whether one more may be sent.
    pub(crate) fn takes(&self) -> bool {
        let take = |left: u32| left.checked_sub(REPETITION);
        let taken = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        taken.is_ok()
    }

    /// A call succeeded after so many repetitions; of a call that had many, only the last counts.
    pub(crate) fn succeeded(&self, repetitions: u32) {
        let back = match repetitions {
            0 => 1,
            _ => REPETITION,
        };
        let give = |left: u32| Some(left.saturating_add(back).min(self.most));
        // It always gives, so it cannot fail.
        let _ = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, give);
    }
}
