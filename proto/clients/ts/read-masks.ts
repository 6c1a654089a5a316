// Writes the label maps of a topic of masks as pictures: node read-masks.js BROKERS TOPIC COUNT DIR
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFileRegistry, fromBinary, type Message } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { decompress } from "fzstd";
import kafkajs from "kafkajs";

// What this program reads of maskstream.v1.Mask.
type Mask = Message & {
  identity: { cameraId: string; sequence: bigint };
  width: number;
  height: number;
  content: { case: "runLengths"; value: { classIds: Uint8Array; lengths: number[] } } | { case: "png" | "marker" };
};

const DESCRIPTORS = process.env.MASKSTREAM_DESCRIPTORS ?? "../../target/maskstream.binpb";
const files = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(DESCRIPTORS)));
const MaskSchema = files.getMessage("maskstream.v1.Mask")!;

// Masks are compressed with zstd, which kafkajs leaves to others.
const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: () => Promise.reject(new Error("this program only reads")),
  decompress: async (batch: Buffer) => Buffer.from(decompress(batch)),
});

/** Class ids, row by row, 255 = ignore. */
function labelMap({ width, height }: Mask, runs: { classIds: Uint8Array; lengths: number[] }): Uint8Array {
  const labels = new Uint8Array(width * height);
  let end = 0;
  runs.lengths.forEach((length, run) => labels.fill(runs.classIds[run], end, (end += length)));
  return labels;
}

const [brokers, topic, count, folder] = process.argv.slice(2);
const kafka = new Kafka({ brokers: brokers.split(","), logLevel: logLevel.WARN });
const consumer = kafka.consumer({ groupId: "read-masks-ts" });
let left = Number(count);
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  autoCommit: false, // read from the start each time
  eachMessage: async ({ partition, message }) => {
    const mask = fromBinary(MaskSchema, message.value!) as Mask;
    if (mask.content.case !== "runLengths" || left === 0) return;
    const file = `${partition}-${message.offset}.pgm`;
    const header = `P5 ${mask.width} ${mask.height} 255\n`; // grey is the class id
    writeFileSync(join(folder, file), Buffer.concat([Buffer.from(header), labelMap(mask, mask.content.value)]));
    console.log(file, mask.identity.cameraId, mask.identity.sequence.toString());
    if (--left === 0) setImmediate(() => consumer.disconnect());
  },
});
