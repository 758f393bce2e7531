// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.ipc.RemoteException;
import org.jspecify.annotations.Nullable;

/**
 * What can be wrong with HDFS, how it shows, and what to do about it.
 *
 * <p>Some of it shows only in the text of a message; where a text is not recognised, the trouble is
 * {@link #OTHER}, whose remedy is right, if less to the point. {@code %h} is the NameNode's
 * address, {@code %m} the first line of what Hadoop said.
 */
enum HdfsTrouble {
  UNKNOWN_HOST(
      "no host %h is known",
      "Check the name, and name the folder of core-site.xml and hdfs-site.xml by the option"
          + " hdfs.conf or by HADOOP_CONF_DIR if it is a nameservice.",
      List.of("UnknownHostException"),
      ""),
  REFUSED(
      "nothing listens at %h (connection refused)",
      "Check that the NameNode runs there, and that this is the port of dfs.namenode.rpc-address"
          + " (often 8020 or 9000).",
      List.of("ConnectException"),
      ""),
  NO_ANSWER(
      "the NameNode at %h does not answer (%m)",
      "Check the address, the network and its firewalls, and that the NameNode is well; wait"
          + " longer by the option hdfs.timeout.",
      List.of("ConnectTimeoutException", "SocketTimeoutException", "NoRouteToHostException"),
      ""),
  OTHER_VERSION(
      "the server at %h speaks another version of HDFS's protocol (%m)",
      "Use an HDFS of version 2.10 or later, and check that %h is its NameNode.",
      List.of("VersionMismatch", "RpcNoSuchMethodException"),
      ""),
  NOT_A_NAMENODE(
      "what answers at %h is not a NameNode (%m)",
      "Name the port of dfs.namenode.rpc-address (often 8020 or 9000), not that of a web page or"
          + " of another server.",
      List.of(
          "RpcNoSuchProtocolException",
          "InvalidProtocolBufferException",
          "InvalidWireTypeException",
          "RpcException"),
      "RPC response (has a length|exceeds)|Unknown protocol|protocol message|unable to parse"),
  STANDBY(
      "no NameNode of %h is active (%m)",
      "Check the NameNodes (hdfs haadmin -getAllServiceState); name a nameservice rather than one"
          + " of its NameNodes.",
      List.of("StandbyException"),
      "Operation category .* is not supported in state standby"),
  SAFE_MODE(
      "the NameNode is in safe mode, in which it changes nothing",
      "Wait until it has heard of its DataNodes, or see hdfs dfsadmin -safemode get.",
      List.of("SafeModeException"),
      "is in safe mode|Name node is in safe mode"),
  QUOTA(
      "a quota is used up: %m",
      "Delete something, or have the quota raised: hdfs dfsadmin -setQuota, -setSpaceQuota.",
      List.of(
          "QuotaExceededException",
          "NSQuotaExceededException",
          "DSQuotaExceededException",
          "QuotaByStorageTypeExceededException"),
      ""),
  NO_ROOM(
      "no DataNode takes it: none is alive, or none has room (%m)",
      "See hdfs dfsadmin -report, and start DataNodes or make room.",
      List.of(),
      "could only be written to|could only be replicated to|All datanodes .* are bad"
          + "|Failed to replace a bad datanode|No space left"),
  NO_COPY(
      "no DataNode that is alive has its bytes, or all their copies are damaged (%m)",
      "Start the DataNodes that hold it; see hdfs fsck on its path.",
      List.of("BlockMissingException", "ChecksumException", "CannotObtainBlockLengthException"),
      "Could not obtain"),
  DENIED(
      "permission denied (%m)",
      "Use a store in which you may write, another user by the option hdfs.user, or have the right"
          + " given: hdfs dfs -chmod, -setfacl.",
      List.of("AccessControlException"),
      ""),
  NOT_AUTHENTICATED(
      "the NameNode at %h wants to know for sure who you are (%m)",
      "With Kerberos: name its configuration by hdfs.conf or HADOOP_CONF_DIR, and get a ticket:"
          + " kinit USER",
      List.of("SaslException", "KerberosAuthException", "InvalidToken"),
      "SIMPLE authentication is not enabled|cannot authenticate via|GSS initiate failed"),
  SYMBOLIC_LINK(
      "there is a symbolic link on its path, which a store never follows",
      "Put the folder or file itself in its place.",
      List.of("UnresolvedPathException", "UnresolvedLinkException"),
      ""),
  NOT_A_FOLDER(
      "there is a file on its path where the store needs a folder (%m)",
      "Move it away, or use another store.",
      List.of("ParentNotDirectoryException", "FileAlreadyExistsException"),
      "is not a directory"),
  HOLDS_KEYS(
      "it is a folder that holds keys",
      "Look after HDFS at %h and repeat the command.",
      List.of("PathIsNotEmptyDirectoryException"),
      "Directory is not empty"),
  NOT_A_FILE(
      "it is a folder, and the store needs a file there",
      "Move it away, or use another store.",
      List.of("PathIsDirectoryException"),
      "is a directory"),
  FULL_FOLDER(
      "HDFS refuses the name (%m)",
      "See dfs.namenode.fs-limits.max-directory-items and max-component-length of the NameNode.",
      List.of(
          "MaxDirectoryItemsExceededException",
          "PathComponentTooLongException",
          "InvalidPathException"),
      ""),
  INTERRUPTED(
      "it was interrupted",
      "Repeat the command.",
      List.of("InterruptedIOException", "ClosedByInterruptException", "InterruptedException"),
      "interrupted"),
  LOST(
      "the connection to the NameNode at %h was lost (%m)",
      "Check that the NameNode runs and that %h is its port of dfs.namenode.rpc-address, and"
          + " repeat the command.",
      List.of("EOFException", "SocketException"),
      "Connection reset|Broken pipe|Failed on local exception|Couldn't set up IO streams"),
  OTHER("%m", "Look after HDFS at %h and repeat the command.", List.of(), "");

  // Those whose text says more than their type.
  private static final List<HdfsTrouble> BY_TEXT_FIRST =
      List.of(NOT_AUTHENTICATED, NOT_A_NAMENODE, NO_ROOM, NOT_A_FOLDER);

  private final String reason;
  private final String remedy;
  private final Pattern types;
  private final @Nullable Pattern text;

  HdfsTrouble(String reason, String remedy, List<String> types, String text) {
    this.reason = reason;
    this.remedy = remedy;
    this.types = Pattern.compile(String.join("|", types));
    this.text = text.isEmpty() ? null : Pattern.compile(text, Pattern.CASE_INSENSITIVE);
  }

  /** What {@code failure} or, where that says nothing, what caused it shows. */
  static HdfsTrouble of(Throwable failure) {
    for (Throwable one = failure; one != null; one = one.getCause()) {
      HdfsTrouble trouble = ofThis(one);
      if (trouble != OTHER) {
        return trouble;
      }
    }
    return OTHER;
  }

  private static HdfsTrouble ofThis(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    String type = type(failure);
    return BY_TEXT_FIRST.stream()
        .filter(trouble -> trouble.shows(message))
        .findFirst()
        .or(
            () ->
                Arrays.stream(values())
                    .filter(trouble -> trouble.types.matcher(type).matches())
                    .findFirst())
        .or(() -> Arrays.stream(values()).filter(trouble -> trouble.shows(message)).findFirst())
        .orElse(OTHER);
  }

  private boolean shows(String message) {
    return text != null && text.matcher(message).find();
  }

  // What the NameNode threw comes as the name of its class.
  private static String type(Throwable failure) {
    String name =
        failure instanceof RemoteException remote
            ? String.valueOf(remote.getClassName())
            : failure.getClass().getName();
    return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
  }

  /** Whether it may be over in a moment, as when a NameNode is started again. */
  boolean mayPass() {
    return switch (this) {
      case REFUSED, NO_ANSWER, LOST, STANDBY, SAFE_MODE -> true;
      default -> false;
    };
  }

  String reason(String host, IOException failure) {
    return filled(reason, host, failure);
  }

  String remedy(String host, IOException failure) {
    return filled(remedy, host, failure);
  }

  private static String filled(String text, String host, IOException failure) {
    return text.replace("%h", host).replace("%m", HdfsFaults.firstLine(failure));
  }
}
