package io.maskstream.metrics;

/// How the processor is.
///
/// @param live whether it can go on; if not, a restart is the remedy
/// @param ready whether it reads its cameras now
/// @param reason in words
public record Health(boolean live, boolean ready, String reason) {}
