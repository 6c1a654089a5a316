package io.maskstream.cli;

import io.maskstream.camera.CameraAddress;
import io.maskstream.camera.CameraSource;
import io.maskstream.camera.ProbeReport;
import io.maskstream.camera.PublisherSettings;
import io.maskstream.camera.SourceSettings;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Looks at a source before it is published.
@Command(
    name = "probe",
    mixinStandardHelpOptions = true,
    description =
        "Reads a camera or file for some seconds and says what it sends, and whether it can be"
            + " published.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:it fits the contract", "1:it does not, or cannot be read"})
final class CameraProbeCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "SOURCE",
      description = "A file, rtsp://…, http://…, /dev/videoN or testsrc:WIDTHxHEIGHT@FPS.")
  String source = "";

  @Option(
      names = "--for",
      paramLabel = "SPAN",
      description = "How much of it is read (default: ${DEFAULT-VALUE}).",
      defaultValue = "10s",
      converter = Span.class)
  Duration span = Duration.ofSeconds(10);

  @Option(
      names = "--track",
      paramLabel = "N",
      description = "Which video track, from 0; the source's default if not said.")
  int track = SourceSettings.DEFAULT_TRACK;

  @Option(names = "-o", description = "table or json.", defaultValue = "table")
  OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() {
    CameraAddress address;
    try {
      address = CameraAddress.of(source);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    ProbeReport report = read(address);
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case TABLE -> {
        out.println(report.summary());
        report.obstacles().forEach(obstacle -> out.println("✗ " + obstacle));
        if (report.fits()) {
          out.println("✓ fits the contract");
        }
        report.tips().forEach(tip -> out.println("tip: " + tip));
      }
      case JSON -> out.println(format.write(properties(report)));
    }
    return report.fits() ? 0 : 1;
  }

  private ProbeReport read(CameraAddress address) {
    try (CameraSource opened =
        CameraSource.open("probe", address, SourceSettings.STANDARD.withVideoTrack(track))) {
      return ProbeReport.of(opened, span, PublisherSettings.STANDARD.maxRequestBytes());
    }
  }

  private static Map<String, Object> properties(ProbeReport report) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("codec", report.format().codec().name().toLowerCase(Locale.ROOT));
    properties.put("profile", report.format().profile());
    properties.put("width", report.format().width());
    properties.put("height", report.format().height());
    properties.put("rotation_degrees", report.format().rotationDegrees());
    properties.put("container", report.format().container());
    properties.put("live", report.format().live());
    properties.put("access_units", report.accessUnits());
    properties.put("frames_per_second", report.framesPerSecond());
    properties.put("gop_access_units", report.longestGop());
    properties.put("gop_seconds", report.longestGopTime().toNanos() / 1e9);
    properties.put("b_frames", report.reorders());
    properties.put("bits_per_second", report.bitsPerSecond());
    properties.put("largest_unit_bytes", report.largestUnitBytes());
    properties.put("fits", report.fits());
    properties.put("obstacles", report.obstacles());
    properties.put("tips", report.tips());
    return properties;
  }
}
