#!/usr/bin/env python3
"""Times training steps of a trainable graph in PyTorch, for comparison with `maskstream train bench`.

Run by hand beside it, on the same file and an idle machine; it needs Debian's python3-torch and python3-onnx:
    maskstream train graph --net fcn_r18-d8 --classes voc --out r18.onnx
    maskstream train bench --init r18.onnx --classes 21 --batch 2 --precision fp32,bf16
    python3 trainer/pytorch_steps.py r18.onnx --batch 2
"""
import argparse
import contextlib
import os
import resource
import statistics
import time

import onnx
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper

LEARNED = {"Conv": (1, 2), "ConvTranspose": (1, 2), "Gemm": (1, 2), "BatchNormalization": (1, 2)}


class Net(torch.nn.Module):
    """Runs the nodes of the graph that the output `logits` needs."""

    def __init__(self, path):
        super().__init__()
        graph = onnx.load(path).graph
        needed, self.nodes = {"logits"}, []
        for node in reversed(graph.node):
            if needed & set(node.output):
                needed |= set(node.input)
                attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
                self.nodes.insert(0, (node.op_type, list(node.input), list(node.output), attributes))
        learned = {inputs[i] for op, inputs, _, _ in self.nodes for i in LEARNED.get(op, ()) if i < len(inputs)}
        self.constants, self.decayed = {}, set()
        for tensor in graph.initializer:
            value = torch.from_numpy(numpy_helper.to_array(tensor).copy())
            if tensor.name in learned:
                value = torch.nn.Parameter(value)
                self.register_parameter(tensor.name.replace(".", "_"), value)
            self.constants[tensor.name] = value
        self.classes = graph.output[0].type.tensor_type.shape.dim[1].dim_value

    def forward(self, image):
        values = {**self.constants, "image": image, "": None}
        last = {name: i for i, (_, inputs, _, _) in enumerate(self.nodes) for name in inputs}
        for i, (op, inputs, outputs, a) in enumerate(self.nodes):
            values[outputs[0]] = self.run(op, [values[name] for name in inputs], a)
            for name in inputs:
                if last[name] == i and name not in self.constants:
                    values.pop(name, None)
        return values["logits"]

    def run(self, op, x, a):
        if op == "Conv":
            padding, x[0] = self.padded(x[0], a)
            return F.conv2d(*x, stride=a.get("strides", 1), padding=padding, dilation=a.get("dilations", 1),
                            groups=a.get("group", 1))
        if op == "ConvTranspose":
            assert not any(a.get("pads", ()))
            return F.conv_transpose2d(*x, stride=a["strides"], groups=a.get("group", 1))
        if op == "BatchNormalization":
            return F.batch_norm(x[0], x[3], x[4], x[1], x[2], self.training, 1 - a.get("momentum", 0.9),
                                a.get("epsilon", 1e-5))
        if op == "MaxPool":
            padding, x[0] = self.padded(x[0], a)
            return F.max_pool2d(x[0], a["kernel_shape"], a["strides"], padding, ceil_mode=bool(a.get("ceil_mode", 0)))
        if op == "Resize":
            return F.interpolate(x[0], size=x[3][2:].tolist(), mode="bilinear", align_corners=False)
        if op == "Slice":
            axes = x[3].tolist() if len(x) > 3 else range(len(x[1]))
            for axis, start, end in zip(axes, x[1].tolist(), x[2].tolist()):
                x[0] = x[0][(slice(None),) * axis + (slice(start, end),)]
            return x[0]
        if op == "Shape":
            return torch.tensor(x[0].shape)[a.get("start", 0):a.get("end")]
        if op == "Dropout":
            return F.dropout(x[0], 0.5 if len(x) < 2 else x[1].item(), self.training)
        if op == "Gather":
            return x[0].index_select(a.get("axis", 0), x[1].reshape(-1))
        if op == "Concat":
            return torch.cat(x, a["axis"])
        return {"Add": torch.add, "Sub": torch.sub, "Mul": torch.mul, "Div": torch.div, "Relu": torch.relu,
                "Identity": lambda v: v}[op](*x)

    @staticmethod
    def padded(x, a):
        top, left, bottom, right = a.get("pads", (0, 0, 0, 0))
        if (top, left) == (bottom, right):
            return (top, left), x
        return 0, F.pad(x, (left, right, top, bottom))


def measure(path, batch, width, height, precision, layout, steps):
    net = Net(path).train().to(memory_format=layout)
    weights = [p for p in net.parameters() if p.dim() > 1]
    others = [p for p in net.parameters() if p.dim() == 1]
    optimizer = torch.optim.SGD([{"params": weights, "weight_decay": 5e-4}, {"params": others}], lr=1e-6, momentum=0.9)
    seconds = []
    for i in range(-3, steps):
        image = (torch.rand(batch, height, width, 3) * 255).permute(0, 3, 1, 2).contiguous(memory_format=layout)
        labels = torch.randint(0, net.classes, (batch, height, width))
        start = time.perf_counter()
        casts = torch.autocast("cpu", torch.bfloat16) if precision == "bf16" else contextlib.nullcontext()
        with casts:
            logits = net(image)
        loss = F.cross_entropy(logits.float(), labels, ignore_index=255)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        loss.item()
        if i >= 0:
            seconds.append(time.perf_counter() - start)
    return min(seconds), statistics.median(seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("graph")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--size", default="480x360")
    parser.add_argument("--precision", default="fp32,bf16")
    parser.add_argument("--layout", default="planes,pixels", help="planes: NCHW; pixels: channels last")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--steps", type=int, default=10)
    arguments = parser.parse_args()
    width, height = map(int, arguments.size.split("x"))
    torch.set_num_threads(arguments.threads)
    layouts = {"planes": torch.contiguous_format, "pixels": torch.channels_last}
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads")
    for precision in arguments.precision.split(","):
        for layout in arguments.layout.split(","):
            best, median = measure(arguments.graph, arguments.batch, width, height, precision, layouts[layout],
                                   arguments.steps)
            print(f"{precision:5} {layout:7} best {best:.3f} s, median {median:.3f} s", flush=True)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


if __name__ == "__main__":
    main()
