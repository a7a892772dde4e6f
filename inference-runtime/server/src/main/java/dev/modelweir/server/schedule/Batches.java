package dev.modelweir.server.schedule;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Puts the rows of several requests into one tensor and takes them apart again. */
final class Batches {
  private Batches() {}

  /** The inputs of all jobs, one behind the other along the first dimension. */
  static List<Tensor> join(List<Job> jobs, int rows, TensorAllocator memory) {
    List<Tensor> first = jobs.getFirst().inputs;
    List<Tensor> joined = new ArrayList<>(first.size());
    for (int i = 0; i < first.size(); i++) {
      long bytes = 0;
      for (Job job : jobs) {
        bytes += job.inputs.get(i).data().remaining();
      }
      ByteBuffer data = memory.allocate(Math.toIntExact(bytes));
      for (Job job : jobs) {
        data.put(job.inputs.get(i).data().duplicate());
      }
      Tensor example = first.get(i);
      joined.add(
          new Tensor(example.name(), example.type(), withRows(example.shape(), rows), data.flip()));
    }
    return joined;
  }

  static boolean hasRows(Tensor tensor, int rows) {
    return tensor.shape().rank() > 0 && tensor.shape().dim(0) == rows;
  }

  /**
   * The rows of one job.
   *
   * @param from first row
   * @param ofRows all rows of the output
   */
  static Tensor slice(Tensor output, int from, int rows, int ofRows) {
    ByteBuffer data = output.data();
    int start;
    int end;
    if (output.type() == DataType.BYTES) {
      int each = Math.toIntExact(output.shape().elements() / ofRows);
      start = skip(data, 0, from * each);
      end = skip(data, start, rows * each);
    } else {
      int each = data.remaining() / ofRows;
      start = from * each;
      end = start + rows * each;
    }
    return new Tensor(
        output.name(),
        output.type(),
        withRows(output.shape(), rows),
        data.slice(start, end - start).order(data.order()));
  }

  private static int skip(ByteBuffer strings, int start, int count) {
    int position = start;
    for (int i = 0; i < count; i++) {
      position += Integer.BYTES + strings.getInt(position);
    }
    return position;
  }

  private static Shape withRows(Shape shape, int rows) {
    long[] dims = shape.toArray();
    dims[0] = rows;
    return Shape.of(dims);
  }
}
