package vectorgrad.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;

/// A web server on this machine that can misbehave in every way a test asks for: it hands the raw
/// stream to the test and closes it when the test is done with it.
final class Loopback implements AutoCloseable {
  /// What was asked for.
  record Request(String path, OptionalInt rangeStart) {}

  /// Writes the answer.
  @FunctionalInterface
  interface Handler {
    void answer(Request request, OutputStream out) throws IOException;
  }

  private final ServerSocket server;
  private final Handler handler;
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  Loopback(Handler handler) throws IOException {
    this.handler = handler;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  URI uri() {
    return URI.create(
        "http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort());
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String path = in.readLine().split(" ", -1)[1];
      OptionalInt start = OptionalInt.empty();
      for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
        if (line.startsWith("Range: bytes=")) {
          start = OptionalInt.of(Integer.parseInt(line.replaceAll("\\D", "")));
        }
      }
      Request request = new Request(path, start);
      requests.add(request);
      handler.answer(request, socket.getOutputStream());
      socket.shutdownOutput();
    } catch (SocketException e) {
      // The client went away, as clients do when they have seen enough.
      requests.add(new Request("gone", OptionalInt.empty()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// An answer without a range.
  static void whole(OutputStream out, byte[] body) throws IOException {
    head(out, "200 OK", body.length, "");
    out.write(body);
  }

  /// An answer to a range from `start` on.
  static void rest(OutputStream out, byte[] body, int start) throws IOException {
    String range =
        "Content-Range: bytes %d-%d/%d\r\n".formatted(start, body.length - 1, body.length);
    head(out, "206 Partial Content", body.length - start, range);
    out.write(Arrays.copyOfRange(body, start, body.length));
  }

  /// The whole, or its rest where that is asked for.
  static void ranged(Request request, OutputStream out, byte[] body) throws IOException {
    if (request.rangeStart().isPresent()) {
      rest(out, body, request.rangeStart().getAsInt());
    } else {
      whole(out, body);
    }
  }

  /// Another status, without a body.
  static void status(OutputStream out, String status) throws IOException {
    head(out, status, 0, "");
  }

  static void head(OutputStream out, String status, int length, String more) throws IOException {
    String text =
        "HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n"
            .formatted(status, length, more);
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
