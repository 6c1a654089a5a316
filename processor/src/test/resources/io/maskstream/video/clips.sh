#!/bin/sh
# Writes the small clips beside this script, of generated pictures: the encoders that make B-frames and open GOPs are not in
# the FFmpeg of the product. Made once with Debian 12's ffmpeg 5.1.9: sh clips.sh
set -eu
cd "$(dirname "$0")"
make() { # name, encoder and its options
  name=$1
  shift
  ffmpeg -v error -y -f lavfi -i testsrc2=size=98x68:rate=25:duration=2 -pix_fmt yuv420p "$@" -f mpegts "$name"
}
x264=keyint=12:min-keyint=12:scenecut=0:bframes=3:b-adapt=0:b-pyramid=normal:repeat-headers=1
make h264_open_gop.ts -c:v libx264 -preset fast -qp 34 -x264-params "$x264:open-gop=1"
make h264_closed_gop.ts -c:v libx264 -preset fast -qp 34 -x264-params "$x264:open-gop=0"
x265=keyint=12:min-keyint=12:scenecut=0:bframes=3:b-adapt=0:repeat-headers=1:log-level=none
make hevc_open_gop.ts -c:v libx265 -preset fast -x265-params "$x265:open-gop=1:qp=34"
make mpeg2_open_gop.ts -c:v mpeg2video -qscale:v 12 -g 12 -bf 2
make h264_interlaced.ts -vf interlace -flags +ildct+ilme -c:v libx264 -preset fast -qp 34 -x264-params "$x264:tff=1"
