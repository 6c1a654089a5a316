package io.maskstream.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A share such as `5%` or `0.05`.
final class Share implements ITypeConverter<Double> {

  @Override
  public Double convert(String text) {
    boolean percent = text.endsWith("%");
    try {
      double number = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
      double share = percent ? number / 100 : number;
      if (share > 0 && share <= 1) {
        return share;
      }
    } catch (NumberFormatException _) {
      // Refused below.
    }
    throw new TypeConversionException(
        "a share is a percentage such as 5%, or a number above 0 to 1: " + text);
  }
}
