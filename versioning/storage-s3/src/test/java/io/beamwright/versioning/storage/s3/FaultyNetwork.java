// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * A network between a client and a server that works until it is told otherwise: it passes on HTTP
 * requests, one a connection, and does to some what real ones do.
 */
final class FaultyNetwork implements AutoCloseable {

  /** What becomes of a request. */
  interface Fate {
    void befall(Exchange exchange) throws IOException;
  }

  /** The connection is dropped before the request reaches the server. */
  static final Fate LOST = exchange -> {};

  /** The server does it, and the connection is dropped before its answer comes. */
  static final Fate ANSWER_LOST = Exchange::serverAnswer;

  /** The server does it, and whoever asked hears another answer. */
  static Fate answeredAs(int status, String code) {
    return exchange -> {
      var unused = exchange.serverAnswer();
      exchange.answer(status, code);
    };
  }

  /** The server never hears of it. */
  static Fate refusedAs(int status, String code) {
    return exchange -> exchange.answer(status, code);
  }

  /** The server never hears of it, and whoever asked gets this document as if all were well. */
  static Fate answeredWith(String document) {
    return exchange -> exchange.answerWith(200, document);
  }

  /** The answer breaks off after so many of its bytes, headers among them. */
  static Fate cutAfter(int bytes) {
    return exchange -> {
      byte[] answer = exchange.serverAnswer();
      exchange.reply(java.util.Arrays.copyOf(answer, Math.min(bytes, answer.length)));
    };
  }

  /**
   * The connection is dropped now, and the request reaches the server when {@code late} is counted
   * down; {@code done} is, when the server has answered.
   */
  static Fate delayed(CountDownLatch late, CountDownLatch done) {
    return exchange -> {
      exchange.drop();
      try {
        late.await();
      } catch (InterruptedException e) {
        return;
      }
      var unused = exchange.serverAnswer();
      done.countDown();
    };
  }

  private record Order(Predicate<String> requests, Fate fate) {}

  private final URI server;
  private final ServerSocket listening;
  private final ExecutorService connections = Executors.newCachedThreadPool();
  private final ConcurrentLinkedQueue<Order> orders = new ConcurrentLinkedQueue<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  FaultyNetwork(URI server) throws IOException {
    this.server = server;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    connections.execute(this::accept);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  /** The next request whose first line begins so, as {@code PUT}, meets this fate. */
  void next(String begin, Fate fate) {
    orders.add(new Order(line -> line.startsWith(begin), fate));
  }

  /** So does the next whose first line begins and contains so. */
  void next(String begin, String part, Fate fate) {
    orders.add(new Order(line -> line.startsWith(begin) && line.contains(part), fate));
  }

  /** The first lines of all requests, in order. */
  List<String> requests() {
    return List.copyOf(seen);
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        connections.execute(() -> serve(client));
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      Exchange exchange = new Exchange(client);
      if (exchange.isEmpty()) {
        return;
      }
      seen.add(exchange.firstLine());
      fate(exchange.firstLine()).befall(exchange);
    } catch (IOException e) {
      // The client has gone.
    }
  }

  private Fate fate(String line) {
    for (Order order : orders) {
      if (order.requests.test(line) && orders.remove(order)) {
        return order.fate;
      }
    }
    return exchange -> exchange.reply(exchange.serverAnswer());
  }

  @Override
  public void close() throws IOException {
    listening.close();
    connections.shutdownNow();
  }

  /** One request, read whole, and its client. */
  final class Exchange {
    private final Socket client;
    private final List<String> head = new ArrayList<>();
    private final byte[] body;

    Exchange(Socket client) throws IOException {
      this.client = client;
      InputStream in = new BufferedInputStream(client.getInputStream());
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        head.add(line);
      }
      if (head.removeIf(line -> line.toLowerCase(Locale.ROOT).startsWith("expect:"))) {
        reply("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      int length =
          head.stream()
              .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
              .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
              .findFirst()
              .orElse(0);
      body = in.readNBytes(length);
      head.removeIf(line -> line.toLowerCase(Locale.ROOT).startsWith("connection:"));
    }

    private static String line(InputStream in) throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        if (b != '\r') {
          line.write(b);
        }
      }
      return line.toString(StandardCharsets.ISO_8859_1);
    }

    boolean isEmpty() {
      return head.isEmpty();
    }

    String firstLine() {
      return head.get(0);
    }

    /** Sends it to the server and gives the whole answer. */
    byte[] serverAnswer() throws IOException {
      try (Socket upstream = new Socket(server.getHost(), server.getPort())) {
        OutputStream out = upstream.getOutputStream();
        String text = String.join("\r\n", head) + "\r\nConnection: close\r\n\r\n";
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
        return upstream.getInputStream().readAllBytes();
      }
    }

    void answer(int status, String code) throws IOException {
      String text =
          code.isEmpty()
              ? ""
              : "<Error><Code>" + code + "</Code><Message>said by the network</Message></Error>";
      answerWith(status, text);
    }

    void answerWith(int status, String text) throws IOException {
      String answer =
          "HTTP/1.1 %d Said\r\nContent-Length: %d\r\nETag: \"x\"\r\nConnection: close\r\n\r\n%s"
              .formatted(status, text.length(), text);
      reply(answer.getBytes(StandardCharsets.US_ASCII));
    }

    void reply(byte[] bytes) throws IOException {
      client.getOutputStream().write(bytes);
      client.getOutputStream().flush();
    }

    void drop() throws IOException {
      client.close();
    }
  }
}
