# Sets JAVA_HOME to a JDK of at least version 25; sourced by mvnw, maskstream and .ci/run.
# Looks at JAVA_HOME, the PATH and the usual JVM folders, in this order; MASKSTREAM_JVM_FOLDERS names
# one folder of JDKs instead of the usual ones.

jdk_major() { # the major version of the JDK in folder $1, nothing if it holds no compiler
  [ -x "$1/bin/javac" ] || return 0
  if [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
  else
    "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'
  fi
}

jdk_fits() {
  jdk_version=$(jdk_major "$1")
  [ "${jdk_version:-0}" -ge 25 ]
}

find_jdk() {
  if [ -n "${JAVA_HOME:-}" ] && jdk_fits "$JAVA_HOME"; then return 0; fi
  jdk_javac=$(command -v javac 2>/dev/null) || jdk_javac=
  if [ -n "$jdk_javac" ]; then
    jdk_folder=$(dirname "$(dirname "$(readlink -f "$jdk_javac")")")
    if jdk_fits "$jdk_folder"; then JAVA_HOME=$jdk_folder; return 0; fi
  fi
  if [ -n "${MASKSTREAM_JVM_FOLDERS:-}" ]; then
    set -- "$MASKSTREAM_JVM_FOLDERS"/*
  else
    set -- /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home \
      "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*
  fi
  for jdk_folder in "$@"; do
    if jdk_fits "$jdk_folder"; then JAVA_HOME=$jdk_folder; return 0; fi
  done
  cat >&2 <<'TEXT'
Maskstream needs a JDK 25 or newer; none was found in JAVA_HOME, on the PATH or in the usual folders (/usr/lib/jvm, ~/.sdkman, ~/.jdks).
Install one, for example Eclipse Temurin 25 (https://adoptium.net; package temurin-25-jdk), or point JAVA_HOME at it.
TEXT
  return 1
}

find_jdk || exit 1
export JAVA_HOME
