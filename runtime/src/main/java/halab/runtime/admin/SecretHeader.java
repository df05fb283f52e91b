package halab.runtime.admin;

import halab.runtime.lab.Secret;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Puts the lab's secret on every call, and turns away every call without it. */
public final class SecretHeader {
  private static final Metadata.Key<String> KEY =
      Metadata.Key.of("halab-secret", Metadata.ASCII_STRING_MARSHALLER);

  private SecretHeader() {}

  public static ClientInterceptor send(Secret secret) {
    return new ClientInterceptor() {
      @Override
      public <Q, A> ClientCall<Q, A> interceptCall(
          MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
          @Override
          public void start(Listener<A> listener, Metadata headers) {
            headers.put(KEY, secret.reveal());
            super.start(listener, headers);
          }
        };
      }
    };
  }

  public static ServerInterceptor require(Secret secret) {
    return new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (secret.matches(headers.get(KEY))) {
          return next.startCall(call, headers);
        }
        call.close(
            Status.UNAUTHENTICATED.withDescription("the lab's secret is missing or wrong"),
            new Metadata());
        return new ServerCall.Listener<>() {};
      }
    };
  }
}
