#!/bin/sh
# Contracts in any CI: `check.sh [BASE]`, with `cargo sdk` installed and the history there.
set -eu
cargo sdk lint --deny-warnings
cargo sdk generate --check
cargo sdk review "${1:-origin/main}" --write markdown=review.md
