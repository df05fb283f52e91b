# To be sourced by sh. How Java is called within the image; the class data archive is made with the
# same words, because it holds for one class path only.

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
cli_flags="-Xms16m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xss512k"

# Sorted by name. Java's own 'lib/*' takes the order of the file system, which another machine's
# copy of the image need not have.
class_path=$(LC_ALL=C; export LC_ALL; printf ':%s' /opt/halab/lib/*.jar)
class_path=${class_path#:}

share=
if [ -f /opt/halab/halab.jsa ]; then
  share="-XX:SharedArchiveFile=/opt/halab/halab.jsa -Xshare:auto"
fi
