// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.binary.BinaryReader;
import io.beamwright.versioning.binary.BinaryWriter;
import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.file.TableFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The bytes of a file's entry in a leaf. */
final class FileEntryCodec {

  /** A file of more extents has them in an object of their own. */
  static final int MOST_EXTENTS = 64;

  /** Table facts of more bytes lie in an object of their own. */
  static final int MOST_TABLE_BYTES = 4_096;

  private static final int NO_TABLE = 0;
  private static final int TABLE_HERE = 1;
  private static final int TABLE_ELSEWHERE = 2;

  private FileEntryCodec() {}

  static NodeEntry encode(FileEntry entry) {
    byte[] path = entry.path().utf8();
    BinaryWriter identity = new BinaryWriter(path.length + Sha256.BYTES + 16);
    identity.varint(path.length).bytes(path);
    identity.u8(entry.kind().code()).u8(entry.executable() ? 1 : 0);
    identity.varint(entry.size()).sha256(entry.sha256());
    List<byte[]> attachments = new ArrayList<>(0);
    BinaryWriter facts = new BinaryWriter(48);
    encodeExtents(entry.file().extents(), facts, attachments);
    encodeTable(entry.file().table(), facts, attachments);
    return NodeEntry.file(identity.toBytes(), facts.toBytes(), attachments);
  }

  private static void encodeExtents(
      List<Extent> extents, BinaryWriter facts, List<byte[]> attachments) {
    facts.varint(extents.size());
    if (extents.size() <= MOST_EXTENTS) {
      extents.forEach(extent -> encode(extent, facts));
      return;
    }
    BinaryWriter object = new BinaryWriter(48 * extents.size());
    extents.forEach(extent -> encode(extent, object));
    attach(object.toBytes(), facts, attachments);
  }

  private static void encodeTable(
      Optional<TableFacts> table, BinaryWriter facts, List<byte[]> attachments) {
    if (table.isEmpty()) {
      facts.u8(NO_TABLE);
      return;
    }
    byte[] json = CanonicalJson.bytes(table.get().toJson());
    if (json.length <= MOST_TABLE_BYTES) {
      facts.u8(TABLE_HERE).varint(json.length).bytes(json);
    } else {
      attach(json, facts.u8(TABLE_ELSEWHERE), attachments);
    }
  }

  private static void attach(byte[] object, BinaryWriter facts, List<byte[]> attachments) {
    Extent whole = new Extent(ObjectRef.of(Sha256.of(object)), 0, object.length);
    encode(whole, facts);
    attachments.add(object);
  }

  private static void encode(Extent extent, BinaryWriter out) {
    out.sha256(extent.object().id()).varint(extent.object().generation());
    out.varint(extent.offset()).varint(extent.length());
  }

  /**
   * The file that {@code entry} names; {@code files} reads what lies elsewhere.
   *
   * @throws MalformedBytes if it is no such entry
   */
  static FileEntry decode(NodeEntry entry, StoredFiles files) {
    BinaryReader in = entry.afterPath();
    try {
      FilePath path = new FilePath(entry.path().toString());
      FileKind kind = FileKind.ofCode(in.u8());
      boolean executable = executable(in.u8());
      StoredFile file = decodeFile(in.varint(), in.sha256(), entry.factsReader(), files);
      return new FileEntry(path, kind, executable, file);
    } catch (UserFault | IllegalArgumentException e) {
      throw new MalformedBytes("has an entry that cannot be: " + e.getMessage());
    }
  }

  private static boolean executable(int code) {
    if (code > 1) {
      throw new MalformedBytes("has an entry whose executable bit is " + code);
    }
    return code == 1;
  }

  private static StoredFile decodeFile(
      long size, Sha256 sha256, BinaryReader facts, StoredFiles files) {
    int count = facts.smallVarint();
    List<Extent> extents =
        count <= MOST_EXTENTS
            ? decodeExtents(count, facts)
            : decodeAllExtents(count, new BinaryReader(decodeElsewhere(facts, files)));
    return new StoredFile(size, sha256, extents, decodeTable(facts, files));
  }

  private static List<Extent> decodeAllExtents(int count, BinaryReader in) {
    List<Extent> extents = decodeExtents(count, in);
    in.requireEnd();
    return extents;
  }

  private static List<Extent> decodeExtents(int count, BinaryReader in) {
    List<Extent> extents = new ArrayList<>(Math.min(count, 1 << 16));
    for (int i = 0; i < count; i++) {
      extents.add(decodeExtent(in));
    }
    return extents;
  }

  private static Extent decodeExtent(BinaryReader in) {
    ObjectRef object = new ObjectRef(in.sha256(), in.smallVarint());
    return new Extent(object, in.varint(), in.varint());
  }

  private static Optional<TableFacts> decodeTable(BinaryReader in, StoredFiles files) {
    int where = in.u8();
    return switch (where) {
      case NO_TABLE -> Optional.empty();
      case TABLE_HERE -> Optional.of(tableFacts(in.bytes(in.count())));
      case TABLE_ELSEWHERE -> Optional.of(tableFacts(decodeElsewhere(in, files)));
      default -> throw new MalformedBytes("has table facts in form " + where);
    };
  }

  private static byte[] decodeElsewhere(BinaryReader in, StoredFiles files) {
    Extent whole = decodeExtent(in);
    if (whole.offset() != 0) {
      throw new MalformedBytes("names a part of an object where all of one is needed");
    }
    return files.readAll(
        new StoredFile(whole.length(), whole.object().id(), List.of(whole), Optional.empty()));
  }

  private static TableFacts tableFacts(byte[] json) {
    try {
      return CanonicalJson.read(CanonicalJson.parse(json), TableFacts::fromJson);
    } catch (JsonProcessingException e) {
      throw new MalformedBytes("has table facts that are not JSON: " + e.getOriginalMessage());
    }
  }

  /** The objects that hold what the facts of {@code entry} have no room for. */
  static List<Extent> attachments(NodeEntry entry) {
    BinaryReader in = entry.factsReader();
    List<Extent> attachments = new ArrayList<>(0);
    int count = in.smallVarint();
    if (count > MOST_EXTENTS) {
      attachments.add(decodeExtent(in));
    } else {
      for (int i = 0; i < count; i++) {
        skipExtent(in);
      }
    }
    if (in.u8() == TABLE_ELSEWHERE) {
      attachments.add(decodeExtent(in));
    }
    return attachments;
  }

  /** Goes over the facts of one entry, as far as they lie in the node. */
  static void skipFacts(BinaryReader in) {
    int count = in.smallVarint();
    int here = count <= MOST_EXTENTS ? count : 1;
    for (int i = 0; i < here; i++) {
      skipExtent(in);
    }
    switch (in.u8()) {
      case NO_TABLE -> {}
      case TABLE_HERE -> in.skip(in.count());
      case TABLE_ELSEWHERE -> skipExtent(in);
      default -> throw new MalformedBytes("has table facts in an unknown form");
    }
  }

  private static void skipExtent(BinaryReader in) {
    in.skip(Sha256.BYTES);
    in.smallVarint();
    long offset = in.varint();
    long length = in.varint();
    if (offset > Long.MAX_VALUE - length) {
      throw new MalformedBytes("names bytes that no object has: " + offset + "+" + length);
    }
  }
}
