// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.server;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * A network between clients and an HTTP server that works until it is told otherwise: it passes on
 * requests and answers, and does to some what real ones do.
 */
public final class FaultyNetwork implements AutoCloseable {

  /** What becomes of a request. */
  public interface Fate {
    void befall(Exchange exchange) throws IOException, InterruptedException;
  }

  /** Nothing happens to it. */
  public static final Fate PASSED = exchange -> exchange.reply(exchange.serverAnswer());

  /** The connection is dropped before the request reaches the server. */
  public static final Fate LOST = Exchange::drop;

  /** The server does it, and the connection is dropped before its answer comes. */
  public static final Fate ANSWER_LOST =
      exchange -> {
        var unused = exchange.serverAnswer();
        exchange.drop();
      };

  private record Order(Predicate<String> requests, Fate fate) {}

  private final URI server;
  private final ServerSocket listening;
  private final ExecutorService connections = Executors.newCachedThreadPool();
  private final ConcurrentLinkedQueue<Order> orders = new ConcurrentLinkedQueue<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private volatile Fate usual = PASSED;

  /** Before the server at {@code server}, on a free port of this machine. */
  public FaultyNetwork(URI server) throws IOException {
    this.server = server;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    connections.execute(this::accept);
  }

  /** The server does it, and whoever asked hears another answer. */
  public static Fate answeredAs(int status, String code) {
    return exchange -> {
      var unused = exchange.serverAnswer();
      exchange.answer(status, code);
    };
  }

  /** The server never hears of it. */
  public static Fate refusedAs(int status, String code) {
    return exchange -> exchange.answer(status, code);
  }

  /** The server never hears of it, and whoever asked gets this document as if all were well. */
  public static Fate answeredWith(String document) {
    return exchange -> exchange.answerWith(200, document);
  }

  /** The server never hears of it, and whoever asked gets a page of this media type. */
  public static Fate page(int status, String type, String text) {
    return exchange ->
        exchange.write(
            "HTTP/1.1 %d Said\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(status, type, text.length(), text)
                .getBytes(StandardCharsets.US_ASCII));
  }

  /** Nothing happens to it; {@code length} hears how many bytes its answer has. */
  public static Fate measured(IntConsumer length) {
    return exchange -> {
      HttpBytes answer = exchange.serverAnswer();
      length.accept(answer.all().length);
      exchange.reply(answer);
    };
  }

  /** The answer breaks off after so many of its bytes, headers among them. */
  public static Fate cutAfter(int bytes) {
    return exchange -> {
      byte[] answer = exchange.serverAnswer().all();
      exchange.write(Arrays.copyOf(answer, Math.min(bytes, answer.length)));
      exchange.drop();
    };
  }

  /**
   * The connection is dropped now, and the request reaches the server when {@code late} is counted
   * down; {@code done} is, when the server has answered.
   */
  public static Fate delayed(CountDownLatch late, CountDownLatch done) {
    return exchange -> {
      exchange.drop();
      late.await();
      var unused = exchange.serverAnswer();
      done.countDown();
    };
  }

  /** Its address, instead of the server's. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  /** The next request whose first line begins so, as {@code PUT}, meets this fate. */
  public void next(String begin, Fate fate) {
    orders.add(new Order(line -> line.startsWith(begin), fate));
  }

  /** So does the next whose first line begins and contains so. */
  public void next(String begin, String part, Fate fate) {
    orders.add(new Order(line -> line.startsWith(begin) && line.contains(part), fate));
  }

  /** From now on, requests that have no fate of their own meet this one. */
  public void usually(Fate fate) {
    usual = fate;
  }

  /** The first lines of all requests, in order. */
  public List<String> requests() {
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
    try (client;
        BufferedInputStream in = new BufferedInputStream(client.getInputStream())) {
      for (HttpBytes request = HttpBytes.request(in, client.getOutputStream());
          request != null;
          request = HttpBytes.request(in, client.getOutputStream())) {
        seen.add(request.firstLine());
        fate(request.firstLine()).befall(new Exchange(client, request));
      }
    } catch (IOException e) {
      return; // The client has gone, or was sent away.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Fate fate(String line) {
    for (Order order : orders) {
      if (order.requests.test(line) && orders.remove(order)) {
        return order.fate;
      }
    }
    return usual;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    connections.shutdownNow();
  }

  /** One request, read whole, and its client. */
  public final class Exchange {
    private final Socket client;
    private final HttpBytes request;

    private Exchange(Socket client, HttpBytes request) {
      this.client = client;
      this.request = request;
    }

    /** Sends it to the server and gives the whole answer. */
    HttpBytes serverAnswer() throws IOException {
      try (Socket upstream = new Socket(server.getHost(), server.getPort());
          BufferedInputStream in = new BufferedInputStream(upstream.getInputStream())) {
        upstream.getOutputStream().write(request.all());
        upstream.getOutputStream().flush();
        return HttpBytes.answer(in, request.firstLine().startsWith("HEAD"));
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
      String body = request.firstLine().startsWith("HEAD") ? "" : text;
      String answer =
          "HTTP/1.1 %d Said\r\nContent-Length: %d\r\nETag: \"x\"\r\n\r\n%s"
              .formatted(status, text.length(), body);
      write(answer.getBytes(StandardCharsets.US_ASCII));
    }

    void reply(HttpBytes answer) throws IOException {
      write(answer.all());
    }

    void write(byte[] bytes) throws IOException {
      client.getOutputStream().write(bytes);
      client.getOutputStream().flush();
    }

    /** Closes the connection; what it still sends is not read. */
    void drop() throws IOException {
      client.close();
    }
  }
}
