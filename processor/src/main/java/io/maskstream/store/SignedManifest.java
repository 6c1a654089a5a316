package io.maskstream.store;

/// The text of a manifest with its signature, before either is believed.
///
/// @param text of at most [Manifest#MAX_BYTES]
/// @param signature empty if there is none
@SuppressWarnings("ArrayRecordComponent") // bytes are compared by nobody
record SignedManifest(byte[] text, byte[] signature) {}
