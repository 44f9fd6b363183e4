//! Stack for what descends as deep as the limits of the source allow.

/// Below this many bytes left, [`enough`] goes on a new segment; the main thread of a program has more.
const LEFT: usize = 4 << 20;
/// The size of a new segment.
const SEGMENT: usize = 32 << 20;
/// The stack of a thread of its own, on which [`enough`] finds enough.
pub const WHOLE: usize = SEGMENT + LEFT;

/// Runs `f` with stack for the deepest expression within limits, on whichever thread the caller is.
pub fn enough<R>(f: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(LEFT, SEGMENT, f)
}
