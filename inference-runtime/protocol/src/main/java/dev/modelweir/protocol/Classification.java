package dev.modelweir.protocol;

import static dev.modelweir.protocol.InferenceException.invalid;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The classification extension: of an output's scores, the greatest ones with their places, as
 * strings {@code value:place}. Labels, which the extension knows as a third part, ONNX models have
 * none of.
 */
public final class Classification {
  private Classification() {}

  /**
   * The greatest scores along the last dimension, greatest first, equal ones in their order; NaN
   * counts as the least.
   *
   * @param scores of a numeric datatype
   * @param classes how many to keep, 1 or more; all of them when there are fewer
   * @return a BYTES tensor of the same name, whose last dimension is the number kept; a scalar
   *     becomes one of one dimension
   * @throws InferenceException with {@link InferenceException.Code#INVALID} when the datatype is
   *     not numeric
   */
  public static Tensor of(Tensor scores, int classes) {
    if (scores.type() == DataType.BOOL || scores.type() == DataType.BYTES) {
      throw invalid(
          "output \"%s\" has datatype %s, of which there is no classification",
          scores.name(), scores.type());
    }
    long[] dims = scores.shape().rank() == 0 ? new long[] {1} : scores.shape().toArray();
    int width = Math.toIntExact(dims[dims.length - 1]);
    int kept = Math.min(width, classes);
    ByteBuffer data = scores.data().duplicate().order(scores.data().order());
    int elements = data.limit() / scores.type().size();
    List<byte[]> texts = new ArrayList<>();
    long[] keys = new long[width];
    int[] best = new int[kept];
    for (int row = 0; row < elements; row += width) {
      for (int i = 0; i < width; i++) {
        keys[i] = key(scores.type(), data, row + i);
      }
      for (int place : greatest(keys, best)) {
        String text = text(scores.type(), data, row + place) + ":" + place;
        texts.add(text.getBytes(StandardCharsets.US_ASCII));
      }
    }
    dims[dims.length - 1] = kept;
    return new Tensor(scores.name(), DataType.BYTES, Shape.of(dims), joined(texts));
  }

  /** Fills best with the places of the greatest keys, greatest first, equal ones in order. */
  private static int[] greatest(long[] keys, int[] best) {
    // A heap of the best so far with the worst of them on top: n log k even when k is large.
    for (int i = 0; i < keys.length; i++) {
      if (i < best.length) {
        best[i] = i;
        rise(keys, best, i);
      } else if (keys[i] > keys[best[0]]) {
        best[0] = i;
        sink(keys, best, best.length);
      }
    }
    for (int size = best.length - 1; size > 0; size--) {
      int worst = best[0];
      best[0] = best[size];
      best[size] = worst;
      sink(keys, best, size);
    }
    return best;
  }

  private static void rise(long[] keys, int[] heap, int from) {
    int child = from;
    while (child > 0 && worse(keys, heap[child], heap[(child - 1) / 2])) {
      int parent = (child - 1) / 2;
      swap(heap, child, parent);
      child = parent;
    }
  }

  private static void sink(long[] keys, int[] heap, int size) {
    int parent = 0;
    for (int child = 1; child < size; child = 2 * parent + 1) {
      if (child + 1 < size && worse(keys, heap[child + 1], heap[child])) {
        child++;
      }
      if (!worse(keys, heap[child], heap[parent])) {
        return;
      }
      swap(heap, child, parent);
      parent = child;
    }
  }

  private static boolean worse(long[] keys, int a, int b) {
    return keys[a] < keys[b] || (keys[a] == keys[b] && a > b);
  }

  private static void swap(int[] heap, int a, int b) {
    int kept = heap[a];
    heap[a] = heap[b];
    heap[b] = kept;
  }

  /** A number that orders as the element does, whatever its datatype. */
  private static long key(DataType type, ByteBuffer data, int index) {
    return switch (type) {
      case UINT64 -> data.getLong(8 * index) ^ Long.MIN_VALUE;
      case FP16, BF16, FP32, FP64 -> key(real(type, data, index));
      default -> integer(type, data, index);
    };
  }

  private static long key(double value) {
    if (Double.isNaN(value)) {
      return Long.MIN_VALUE;
    }
    long bits = Double.doubleToRawLongBits(value + 0.0); // -0 equals 0
    return bits < 0 ? bits ^ Long.MAX_VALUE : bits;
  }

  private static double real(DataType type, ByteBuffer data, int index) {
    return switch (type) {
      case FP16 -> Float.float16ToFloat(data.getShort(2 * index));
      case BF16 -> Float.intBitsToFloat(data.getShort(2 * index) << 16);
      case FP32 -> data.getFloat(4 * index);
      case FP64 -> data.getDouble(8 * index);
      default -> throw new IllegalArgumentException(type + " holds no reals");
    };
  }

  private static long integer(DataType type, ByteBuffer data, int index) {
    return switch (type) {
      case UINT8 -> Byte.toUnsignedLong(data.get(index));
      case UINT16 -> Short.toUnsignedLong(data.getShort(2 * index));
      case UINT32 -> Integer.toUnsignedLong(data.getInt(4 * index));
      case INT8 -> data.get(index);
      case INT16 -> data.getShort(2 * index);
      case INT32 -> data.getInt(4 * index);
      case INT64, UINT64 -> data.getLong(8 * index);
      default -> throw new IllegalArgumentException(type + " holds no integers");
    };
  }

  private static String text(DataType type, ByteBuffer data, int index) {
    return switch (type) {
      case UINT64 -> Long.toUnsignedString(integer(type, data, index));
      case FP64 -> Double.toString(real(type, data, index));
      case FP16, BF16, FP32 -> Float.toString((float) real(type, data, index));
      default -> Long.toString(integer(type, data, index));
    };
  }

  private static ByteBuffer joined(List<byte[]> texts) {
    int total = 0;
    for (byte[] text : texts) {
      total = Math.addExact(total, Integer.BYTES + text.length);
    }
    ByteBuffer joined = ByteBuffer.allocate(total).order(ByteOrder.nativeOrder());
    for (byte[] text : texts) {
      joined.putInt(text.length).put(text);
    }
    return joined.flip();
  }
}
