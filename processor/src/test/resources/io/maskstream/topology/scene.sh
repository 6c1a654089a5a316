#!/bin/sh
# Makes scene.264 and scene.pts: 400 pictures of a moving scene, H.264 with three B-frames between references, GOPs of 50,
# an access unit delimiter before every picture. The pts of the pictures lie beside it, in decoding order.
# Run with an FFmpeg that has x264 (made with Debian's 5.1).
set -eu
cd "$(dirname "$0")"
ffmpeg -v error -y -f lavfi -i "testsrc2=size=160x120:rate=25:duration=16" -f lavfi -i "mandelbrot=size=80x60:rate=25" \
  -filter_complex "[0][1]overlay=40:30:shortest=1,format=yuv420p" -frames:v 400 \
  -c:v libx264 -preset medium -crf 36 -threads 1 \
  -x264-params "keyint=50:min-keyint=50:scenecut=0:open-gop=0:bframes=3:b-adapt=0:b-pyramid=normal:aud=1:repeat-headers=1" \
  scene.mp4
ffmpeg -v error -y -i scene.mp4 -c copy -bsf:v h264_mp4toannexb -f h264 scene.264
ffprobe -v error -select_streams v -show_entries packet=pts -of csv=p=0 scene.mp4 | tr -d ',' > scene.pts
rm scene.mp4
