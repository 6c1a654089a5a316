#!/bin/sh
# Writes a golden list: sh framemd5.sh FOLDER > framemd5.txt, of the shared clips; generated.txt is of the folder of this script.
# It was made with the ffmpeg of Debian 12 (5.1.9), which is older than the FFmpeg under test and decodes AV1 with dav1d.
# Per video track: its number of pictures and the digest of all its lines, then the first 40 pictures as pts, bytes, MD5.
set -eu
cd "$1"
for clip in $(find . -type f ! -name '*.sh' ! -name '*.txt' ! -name 'bad_*' ! -name 'loss_*' | sed 's|^\./||' | LC_ALL=C sort); do
  tracks=$(ffprobe -v error -select_streams v -show_entries stream=index -of csv=p=0 "$clip" | tr -d ', ' | sort -nu)
  track=0
  for index in $tracks; do
    ffmpeg -v error -nostdin -noautorotate -i "$clip" -map "0:$index" -autoscale 0 -fps_mode passthrough \
      -enc_time_base -1 -copyts -f framemd5 - </dev/null | grep -v '^#' | tr -d ' ' | cut -d, -f3,5,6 | tr , ' ' > /tmp/framemd5.$$
    echo "$clip $track $(wc -l < /tmp/framemd5.$$) $(cut -d' ' -f2,3 /tmp/framemd5.$$ | md5sum | cut -c1-32)"
    head -n 40 /tmp/framemd5.$$ | sed 's/^/  /'
    track=$((track + 1))
  done
done
rm -f /tmp/framemd5.$$
