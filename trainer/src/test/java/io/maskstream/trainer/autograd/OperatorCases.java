package io.maskstream.trainer.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Small graphs of every operator, odd sizes among them.
final class OperatorCases {

  private final List<OperatorCase> cases = new ArrayList<>();

  private OperatorCases() {}

  static List<OperatorCase> all() {
    OperatorCases all = new OperatorCases();
    ConvolutionCases.add(all);
    PoolingCases.add(all);
    ElementCases.add(all);
    NormalizationCases.add(all);
    ShapeCases.add(all);
    ResizeCases.add(all);
    ReductionCases.add(all);
    return all.cases;
  }

  void add(String name, Consumer<OperatorCase> contents) {
    OperatorCase operatorCase = new OperatorCase(name);
    contents.accept(operatorCase);
    cases.add(operatorCase);
  }
}
