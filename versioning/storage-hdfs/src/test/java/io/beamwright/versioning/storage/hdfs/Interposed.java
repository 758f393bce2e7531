// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import io.beamwright.versioning.storage.Storage;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.DFSClient;
import org.apache.hadoop.hdfs.protocol.ClientProtocol;

/** A storage whose calls to the NameNode can be counted, lost, and answered otherwise. */
final class Interposed {

  /** A call to the NameNode that has not been made yet. */
  @FunctionalInterface
  interface Call {
    Object make() throws IOException;
  }

  /** What becomes of a call. */
  @FunctionalInterface
  interface Fate {
    Object of(Call call) throws IOException;
  }

  private record Ordered(String method, int number, Fate fate) {}

  private final List<Ordered> ordered = new CopyOnWriteArrayList<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
  private final Storage storage;

  Interposed(URI root) throws IOException {
    Configuration configuration =
        HdfsConnection.configuration(root, HdfsOptions.of(root, Map.of(), Map.of()));
    URI nameNode = URI.create("hdfs://" + root.getAuthority());
    DFSClient real = new DFSClient(nameNode, configuration);
    ClientProtocol between =
        (ClientProtocol)
            Proxy.newProxyInstance(
                ClientProtocol.class.getClassLoader(),
                new Class<?>[] {ClientProtocol.class},
                (proxy, method, arguments) -> called(real.getNamenode(), method, arguments));
    DFSClient client = new DFSClient(null, between, configuration, null);
    this.storage = new HdfsStorage(root, client, configuration, new HdfsFaults(root));
  }

  /** The storage; it is not closed. */
  Storage storage() {
    return storage;
  }

  /**
   * Orders that the {@code number}-th call of {@code method} from now on, from 1, has this fate.
   */
  void order(String method, int number, Fate fate) {
    int before = counts.getOrDefault(method, new AtomicInteger()).get();
    ordered.add(new Ordered(method, before + number, fate));
  }

  /** The names of all calls since the last time. */
  List<String> takeCalls() {
    List<String> taken = List.copyOf(calls);
    calls.clear();
    return taken;
  }

  private Object called(ClientProtocol nameNode, Method method, Object[] arguments)
      throws Throwable {
    calls.add(method.getName());
    int number =
        counts.computeIfAbsent(method.getName(), name -> new AtomicInteger()).incrementAndGet();
    Call call = () -> make(nameNode, method, arguments);
    for (Ordered one : ordered) {
      if (one.method().equals(method.getName()) && one.number() == number) {
        return one.fate().of(call);
      }
    }
    return call.make();
  }

  private static Object make(ClientProtocol nameNode, Method method, Object[] arguments)
      throws IOException {
    try {
      return method.invoke(nameNode, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new AssertionError(e);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
