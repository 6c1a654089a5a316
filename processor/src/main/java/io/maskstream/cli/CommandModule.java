package io.maskstream.cli;

/// A command of another module, found where that module is on the class path. Its class is a
/// picocli command; it is named in `META-INF/services`.
public interface CommandModule {

  /// The word after `maskstream`.
  String name();
}
