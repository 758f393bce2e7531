// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.fault.UserFault;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SecurityManager;
import org.apache.spark.SecurityManager$;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.master.MasterMessages;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import scala.reflect.ClassTag$;

/**
 * Which ports a Master listens on: it says so over Spark's protocol, as it says to Spark's own
 * tests.
 */
record MasterPorts(int uiPort) {

  /**
   * Asks it.
   *
   * @param ourHost the address of this machine that it sees
   * @throws EnvironmentFault if nothing answers in time
   * @throws UserFault if what answers is no Master, or another's protocol
   */
  static MasterPorts ask(
      SparkMaster.Address address, String ourHost, SparkConf configuration, Duration most) {
    RpcEnv rpc = open(ourHost, configuration, most);
    try {
      RpcEndpointRef master =
          rpc.setupEndpointRef(
              new RpcAddress(address.host(), address.port()), Master.ENDPOINT_NAME());
      MasterMessages.BoundPortsResponse ports =
          master.askSync(
              MasterMessages.BoundPortsRequest$.MODULE$,
              ClassTag$.MODULE$.apply(MasterMessages.BoundPortsResponse.class));
      return new MasterPorts(ports.webUIPort());
    } catch (Exception e) {
      throw fault(address, e);
    } finally {
      rpc.shutdown();
    }
  }

  private static RpcEnv open(String ourHost, SparkConf configuration, Duration most) {
    SparkConf hasty = configuration.clone();
    hasty.set("spark.rpc.lookupTimeout", most.toSeconds() + "s");
    hasty.set("spark.rpc.askTimeout", most.toSeconds() + "s");
    try {
      SecurityManager security =
          new SecurityManager(
              hasty,
              SecurityManager$.MODULE$.$lessinit$greater$default$2(),
              SecurityManager$.MODULE$.$lessinit$greater$default$3());
      return RpcEnv.create("beamwright-check", ourHost, 0, hasty, security, true);
    } catch (IllegalArgumentException e) {
      throw ContextSettings.refused(e);
    }
  }

  private static Fault fault(SparkMaster.Address address, Exception failure) {
    for (Throwable link = failure; link != null; link = link.getCause()) {
      String message = String.valueOf(link.getMessage());
      if (link instanceof TimeoutException || message.contains("Cannot receive any reply")) {
        return ClusterCheck.absent(address, failure);
      }
      if (message.contains("InvalidClassException") || message.contains("ClassNotFoundException")) {
        return new UserFault(
            "The Spark at " + address + " is another version: it does not understand this one.",
            "Name a cluster of Spark " + org.apache.spark.package$.MODULE$.SPARK_VERSION() + ".",
            failure);
      }
      if (message.toLowerCase(Locale.ROOT).contains("sasl")) {
        return new UserFault(
            "The Spark at " + address + " does not let us in.",
            "Set spark.authenticate and spark.authenticate.secret as the cluster has them.",
            failure);
      }
    }
    return new UserFault(
        "What answers at " + address + " is not a Spark Master.",
        "Name the host and the port of the Master, as its log says them: spark://HOST:7077, and"
            + " not the port of its web pages.",
        failure);
  }
}
