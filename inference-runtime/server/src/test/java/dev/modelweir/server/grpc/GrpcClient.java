package dev.modelweir.server.grpc;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** grpc-java's client, with the messages that protoc makes. */
public final class GrpcClient implements AutoCloseable {
  private static final String SERVICE = "inference.GRPCInferenceService/";

  private final ManagedChannel channel;

  public GrpcClient(int port, ClientInterceptor... interceptors) {
    channel =
        NettyChannelBuilder.forAddress("localhost", port)
            .usePlaintext()
            .intercept(interceptors)
            .compressorRegistry(compressors())
            .decompressorRegistry(
                DecompressorRegistry.getDefaultInstance().with(new Deflate(), true))
            .maxInboundMessageSize(100_000_000)
            .build();
  }

  public <A extends Message> A call(String method, Message request, A answer) {
    return call(method, request, answer, CallOptions.DEFAULT);
  }

  private static CompressorRegistry compressors() {
    CompressorRegistry known = CompressorRegistry.newEmptyInstance();
    known.register(Codec.Identity.NONE);
    known.register(new Codec.Gzip());
    known.register(new Deflate());
    return known;
  }

  /** What grpc-java leaves to its users. */
  private static final class Deflate implements Codec {
    @Override
    public String getMessageEncoding() {
      return "deflate";
    }

    @Override
    public OutputStream compress(OutputStream out) {
      return new DeflaterOutputStream(out);
    }

    @Override
    public InputStream decompress(InputStream in) {
      return new InflaterInputStream(in);
    }
  }

  <A extends Message> A call(String method, Message request, A answer, CallOptions options) {
    return ClientCalls.blockingUnaryCall(
        channel, descriptor(SERVICE + method, MethodType.UNARY, answer), options, request);
  }

  /** Calls a method by its whole name with any bytes. */
  byte[] call(String method, byte[] request) {
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName(method)
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    return ClientCalls.blockingUnaryCall(channel, descriptor, CallOptions.DEFAULT, request);
  }

  <A extends Message> ClientCall<Message, A> begin(String method, A answer) {
    return channel.newCall(
        descriptor(SERVICE + method, MethodType.UNARY, answer), CallOptions.DEFAULT);
  }

  public <A extends Message> StreamObserver<Message> stream(
      String method, A answer, StreamObserver<A> answers) {
    return ClientCalls.asyncBidiStreamingCall(
        channel.newCall(
            descriptor(SERVICE + method, MethodType.BIDI_STREAMING, answer), CallOptions.DEFAULT),
        answers);
  }

  private static <A extends Message> MethodDescriptor<Message, A> descriptor(
      String name, MethodType type, A answer) {
    return MethodDescriptor.<Message, A>newBuilder()
        .setType(type)
        .setFullMethodName(name)
        .setRequestMarshaller(new Proto<>(null))
        .setResponseMarshaller(new Proto<>(parser(answer)))
        .build();
  }

  @SuppressWarnings("unchecked")
  private static <A extends Message> Parser<A> parser(A message) {
    return (Parser<A>) message.getParserForType();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private record Proto<M extends Message>(Parser<M> parser)
      implements MethodDescriptor.Marshaller<M> {
    @Override
    public InputStream stream(M message) {
      return new ByteArrayInputStream(message.toByteArray());
    }

    @Override
    public M parse(InputStream in) {
      try {
        return parser.parseFrom(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream in) {
      try {
        return in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
