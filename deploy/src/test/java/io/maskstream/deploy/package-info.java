/// The Helm chart, rendered and read as a cluster would.
@org.jspecify.annotations.NullMarked
package io.maskstream.deploy;
