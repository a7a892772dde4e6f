# Sourced by mvnw: selects the JDK that builds Modelweir, because the machine's default may be older.
# Order: JAVA_HOME, `java` on the PATH, then the usual install folders.

modelweir_jdk=25

# Prints the feature version (such as 25) of the JDK in $1, or nothing when there is none.
jdk_version() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

find_jdk() {
  path_java=$(command -v javac || true)
  [ -z "$path_java" ] || path_java=$(dirname "$(dirname "$(readlink -f "$path_java")")")
  set +f
  for jdk in "${JAVA_HOME:-}" "$path_java" \
    /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    version=$(jdk_version "$jdk")
    if [ -n "$version" ] && [ "$version" -ge "$modelweir_jdk" ]; then
      printf '%s\n' "$jdk"
      break
    fi
  done
  set -f
}

JAVA_HOME=$(find_jdk)
if [ -z "$JAVA_HOME" ]; then
  cat >&2 <<MESSAGE
Modelweir needs a JDK $modelweir_jdk or newer and found none (JAVA_HOME, PATH, /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks).
Install one, for example:  apt-get install temurin-25-jdk   or   sdk install java 25-tem
then run the same command again, or point JAVA_HOME at it.
MESSAGE
  exit 1
fi
export JAVA_HOME
