package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Array;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sources;
import us.hebi.matlab.mat.types.Struct;

/// Labels in a file of MATLAB's version 5, compressed or not.
final class MatlabFile {

  /// Starts a file of version 7.3, or stands behind its first 512 bytes.
  private static final String HDF5 = "\u0089HDF\r\n\u001a\n";

  private static final int HDF5_BLOCK = 512;

  private MatlabFile() {}

  /// @param variable its name, and the names of a struct's fields behind dots
  /// @throws LabelledSetException if the file cannot be read, has no such matrix, or has a value
  ///   that means nothing
  static ClassPicture labels(Path file, String variable, LabelValues values) {
    byte[] bytes = bytes(file);
    if (isHdf5(bytes, 0) || isHdf5(bytes, HDF5_BLOCK)) {
      throw new LabelledSetException(
          "MATLAB file has version 7.3 (HDF5): %s; version 5 is read, save it again with -v7"
              .formatted(file));
    }
    try (MatFile variables =
        Mat5.newReader(Sources.wrap(bytes)).disableSubsystemProcessing().readMat()) {
      Matrix matrix = matrix(file, variable, variables);
      return values.classes(
          file,
          matrix.getNumCols(),
          matrix.getNumRows(),
          (x, y) -> whole(matrix.getDouble(y, x), file, variable, x, y));
    } catch (LabelledSetException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // broken files make the library throw either
      throw new LabelledSetException(
          "cannot read MATLAB file %s: %s; version 5 is read, bytes=%d"
              .formatted(file, e, bytes.length),
          e);
    }
  }

  private static int whole(double value, Path file, String variable, int x, int y) {
    if (value != Math.rint(value)) {
      throw new LabelledSetException(
          "label is no whole number: %s variable=%s value=%s x=%d y=%d; labels are class ids"
              .formatted(file, variable, value, x, y));
    }
    return (int) value;
  }

  private static Matrix matrix(Path file, String variable, MatFile variables) {
    String[] names = variable.split("\\.");
    Array found = variable(file, names[0], variables);
    String path = names[0];
    for (int i = 1; i < names.length; i++) {
      if (!(found instanceof Struct struct) || struct.getNumElements() < 1) {
        throw new LabelledSetException(
            "variable is no struct: %s %s is a %s; a field %s is wanted of it"
                .formatted(file, path, kind(found), names[i]));
      }
      List<String> fields = struct.getFieldNames();
      if (!fields.contains(names[i])) {
        throw new LabelledSetException(
            "MATLAB file has no %s.%s: %s; %s has %s"
                .formatted(path, names[i], file, path, String.join(", ", fields)));
      }
      found = struct.get(names[i], 0);
      path += "." + names[i];
    }
    if (!(found instanceof Matrix matrix)
        || matrix.getNumDimensions() != 2
        || matrix.getNumElements() == 0) {
      throw new LabelledSetException(
          "labels are no matrix: %s %s is a %s; rows and columns of class ids are wanted"
              .formatted(file, path, kind(found)));
    }
    return matrix;
  }

  private static Array variable(Path file, String name, MatFile variables) {
    List<String> names = new ArrayList<>();
    for (MatFile.Entry entry : variables.getEntries()) {
      if (entry.getName().equals(name)) {
        return entry.getValue();
      }
      names.add(entry.getName());
    }
    throw new LabelledSetException(
        "MATLAB file has no %s: %s; it has %s"
            .formatted(name, file, names.isEmpty() ? "none" : String.join(", ", names)));
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new LabelledSetException("cannot read MATLAB file %s: %s".formatted(file, e), e);
    }
  }

  private static boolean isHdf5(byte[] bytes, int at) {
    int end = at + HDF5.length();
    return bytes.length >= end
        && new String(bytes, at, HDF5.length(), StandardCharsets.ISO_8859_1).equals(HDF5);
  }

  private static String kind(Array array) {
    return array.getType() + " of " + Arrays.toString(array.getDimensions());
  }
}
