use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::runtime::limiter::*;

fn limiter(requests: u32) -> Arc<Limiter> {
    Arc::new(Limiter::new(RateLimit::new(
        requests,
        Duration::from_secs(1),
    )))
}

/// Sends so many requests at once, each arriving and being answered as `timing`
/// says, and gives the times of arrival in the order of the calls.
async fn arrivals(
    limiter: &Arc<Limiter>,
    count: u64,
    timing: fn(u64) -> (u64, u64),
) -> Vec<Instant> {
    let calls = (0..count).map(|n| {
        let limiter = Arc::clone(limiter);
        tokio::spawn(async move {
            let slot = limiter.slot().await;
            let (there, back) = timing(n);
            sleep(Duration::from_millis(there)).await;
            let arrived = Instant::now();
            sleep(Duration::from_millis(back)).await;
            drop(slot);
            arrived
        })
    });
    let mut arrived = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        arrived.push(call.await.unwrap());
    }
    arrived
}

fn most_in_a_second(mut arrived: Vec<Instant>) -> usize {
    arrived.sort();
    let window = |(n, first): (usize, &Instant)| {
        let end = *first + Duration::from_secs(1);
        arrived.partition_point(|a| *a < end) - n
    };
    arrived
        .iter()
        .enumerate()
        .map(window)
        .max()
        .unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn no_window_sees_more_however_the_network_delays() {
    // The first ones take long to arrive, as when connections are set up.
    for timing in [
        (|_| (0, 0)) as fn(u64) -> (u64, u64),
        |n| (if n < 300 { 700 } else { 1 }, 5),
        |n| (fastrand::u64(0..400) * (n % 3), fastrand::u64(0..900)),
    ] {
        let start = Instant::now();
        let arrived = arrivals(&limiter(300), 10_000, timing).await;
        assert_eq!(most_in_a_second(arrived), 300);
        assert!(start.elapsed() > Duration::from_secs(33));
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_used_to_the_full() {
    let start = Instant::now();
    arrivals(&limiter(300), 10_000, |_| (0, 0)).await;
    assert!(
        start.elapsed() < Duration::from_millis(33_100),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_first_goes_first() {
    let arrived = arrivals(&limiter(10), 200, |n| (0, n % 7 * 100)).await;
    assert!(arrived.is_sorted());
}

#[tokio::test(start_paused = true)]
async fn whoever_gives_up_leaves_the_queue_and_the_limit() {
    let limiter = limiter(1);
    let first = limiter.slot().await;
    let waits = tokio::time::timeout(Duration::from_secs(5), limiter.slot()).await;
    assert!(waits.is_err(), "the first is still under way");
    drop(first);
    let start = Instant::now();
    drop(limiter.slot().await);
    assert!(start.elapsed() > Duration::from_secs(1));
    assert!(start.elapsed() < Duration::from_millis(1100));
}
