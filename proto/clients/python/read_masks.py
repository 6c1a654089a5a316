"""Writes the label maps of a topic of masks as pictures: read_masks.py BROKERS TOPIC COUNT DIR"""

import pathlib
import sys

import numpy as np
from confluent_kafka import Consumer
from google.protobuf import descriptor_pb2, message_factory

DESCRIPTORS = pathlib.Path(__file__).parents[2] / "target" / "maskstream.binpb"
FILES = descriptor_pb2.FileDescriptorSet.FromString(DESCRIPTORS.read_bytes()).file
Mask = message_factory.GetMessages(FILES)["maskstream.v1.Mask"]


def label_map(mask):
    """Class ids, height x width, 255 = ignore."""
    runs = mask.run_lengths
    labels = np.repeat(np.frombuffer(runs.class_ids, np.uint8), runs.lengths)
    return labels.reshape(mask.height, mask.width)


def masks(brokers, topic):
    """Every mask with its record, markers left out; goes on for ever."""
    consumer = Consumer({
        "bootstrap.servers": brokers,
        "group.id": "read-masks-python",
        "enable.auto.commit": False,  # read from the start each time
        "auto.offset.reset": "earliest",
    })
    consumer.subscribe([topic])
    while True:
        record = consumer.poll(1.0)
        if record is None:
            continue
        if record.error():
            raise RuntimeError(record.error())
        mask = Mask.FromString(record.value())
        if mask.WhichOneof("content") == "run_lengths":
            yield record, mask


if __name__ == "__main__":
    brokers, topic, count, folder = sys.argv[1:]
    for _, (record, mask) in zip(range(int(count)), masks(brokers, topic)):
        file = f"{record.partition()}-{record.offset()}.pgm"
        header = f"P5 {mask.width} {mask.height} 255\n".encode()  # grey is the class id
        pathlib.Path(folder, file).write_bytes(header + label_map(mask).tobytes())
        print(file, mask.identity.camera_id, mask.identity.sequence, flush=True)
