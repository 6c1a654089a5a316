/// Tests and benchmark of the mask codec.
package io.maskstream.proto;
