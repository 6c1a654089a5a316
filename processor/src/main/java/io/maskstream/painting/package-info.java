/// Masks as pictures and files: painted frames, palette PNGs, COCO run lengths.
@NullMarked
package io.maskstream.painting;

import org.jspecify.annotations.NullMarked;
