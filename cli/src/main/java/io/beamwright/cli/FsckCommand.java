// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.fsck.Damage;
import io.beamwright.versioning.fsck.Fsck;
import io.beamwright.versioning.fsck.FsckReport;
import io.beamwright.versioning.fsck.Repair;
import io.beamwright.versioning.fsck.RepairReport;
import io.beamwright.versioning.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fsck}. */
@Command(
    name = "fsck",
    description = {
      "Check that the store holds what it should: every digest, extent, tree, commit, log and ref.",
      "Exit code 0 if it is sound, 4 if something is damaged."
    })
final class FsckCommand implements Subcommand {

  @Option(
      names = "--repo",
      paramLabel = "NAME",
      description = "Of commits, check only what this repo's branches and tags need.")
  private @Nullable String repo;

  @Option(
      names = "--quick",
      description = "Do not read the bytes of objects: only that they are there, and how many.")
  private boolean quick;

  @Option(
      names = "--files",
      description =
          "Read each file, too, that is a part of an object or in several: whether its entry names"
              + " its own bytes.")
  private boolean files;

  @Option(
      names = "--repair",
      description = "Bring back what this store has another copy of. Let nobody write meanwhile.")
  private boolean repair;

  @Option(
      names = "--repair-from",
      paramLabel = "URI",
      description = "Bring back what another store still has. Let nobody write meanwhile.")
  private @Nullable String repairFrom;

  @Override
  public Exit run(Session session) {
    if (quick && files) {
      throw new UserFault(
          "--quick reads no bytes, and --files reads all of them.", "Leave out one of them.");
    }
    boolean repairs = repair || repairFrom != null;
    if (repairs && (quick || repo != null)) {
      throw new UserFault(
          "A repair checks all of the store.", "Leave out --quick and --repo, or the repair.");
    }
    try (Storage storage = session.location().open()) {
      Optional<RepairReport> repaired =
          repairs ? Optional.of(repair(session, storage)) : Optional.empty();
      FsckReport report = check(storage);
      if (session.json()) {
        session.console().document(json -> write(json, report, repaired));
      } else {
        print(session.console(), storage.location(), report, repaired);
      }
      return report.isSound() ? Exit.FINE : Exit.ENVIRONMENT;
    }
  }

  private RepairReport repair(Session session, Storage storage) {
    if (repairFrom == null) {
      return Repair.run(storage, Optional.empty());
    }
    try (Storage source = session.locationOf(repairFrom).open()) {
      return Repair.run(storage, Optional.of(source));
    }
  }

  private FsckReport check(Storage storage) {
    Fsck.Depth depth = quick ? Fsck.Depth.QUICK : files ? Fsck.Depth.FILES : Fsck.Depth.OBJECTS;
    return Fsck.check(storage, depth, Optional.ofNullable(repo));
  }

  private static void print(
      Console console, String location, FsckReport report, Optional<RepairReport> repaired) {
    repaired.ifPresent(done -> print(console, location, done));
    for (Damage damage : report.damages()) {
      console.line("damaged " + location + "/" + damage.key() + ": " + damage.how());
      damage.neededBy().forEach(need -> console.line("  needed by " + need));
      if (damage.commits() > 0) {
        console.line("  commits that need it: " + damage.commits());
      }
      damage.copies().forEach(copy -> console.line("  a copy " + copy));
    }
    long untold = report.damageCount() - report.damages().size();
    if (untold > 0) {
      console.line("and " + untold + " more are damaged");
    }
    report.affected().forEach(commit -> console.line("affected " + commit));
    report.notices().forEach(notice -> console.line("notice: " + notice));
    print(console, report);
  }

  private static void print(Console console, String location, RepairReport repaired) {
    repaired
        .repaired()
        .forEach(
            done ->
                console.line("repaired " + location + "/" + done.key() + " from " + done.from()));
    repaired
        .failed()
        .forEach(
            left ->
                console.line("not repaired " + location + "/" + left.key() + ": " + left.why()));
  }

  private static void print(Console console, FsckReport report) {
    FsckReport.Checked checked = report.checked();
    console.line(
        "checked %d objects (%d bytes, %s), %d nodes, %d commits, %d entries"
            .formatted(
                checked.objects(),
                checked.objectBytes(),
                checked.bytesWereRead() ? "read" : "not read",
                checked.nodes(),
                checked.commits(),
                checked.entries()));
    if (checked.filesRead() > 0) {
      console.line("read " + checked.filesRead() + " files through their extents");
    }
    if (checked.unverified() > 0) {
      console.line(checked.unverified() + " entries are from before there were checksums");
    }
    FsckReport.Dangling dangling = report.dangling();
    if (dangling.objects() + dangling.nodes() + dangling.commits() > 0) {
      console.line(
          "nothing needs %d objects (%d bytes), %d nodes and %d commits"
              .formatted(
                  dangling.objects(),
                  dangling.objectBytes(),
                  dangling.nodes(),
                  dangling.commits()));
    }
    console.line(
        report.isSound()
            ? "sound"
            : report.damageCount()
                + " damaged, which "
                + report.affectedCount()
                + " commits need. Restore them from a copy: beamwright fsck --repair-from STORE");
  }

  private static void write(JsonGenerator json, FsckReport report, Optional<RepairReport> repaired)
      throws IOException {
    json.writeStartObject();
    json.writeBooleanField("sound", report.isSound());
    writeChecked(json, report);
    json.writeNumberField("damage_count", report.damageCount());
    json.writeArrayFieldStart("damages");
    for (Damage damage : report.damages()) {
      write(json, damage);
    }
    json.writeEndArray();
    json.writeNumberField("affected_count", report.affectedCount());
    write(json, "affected", report.affected());
    json.writeNumberField("notice_count", report.noticeCount());
    write(json, "notices", report.notices());
    if (repaired.isPresent()) {
      write(json, repaired.get());
    }
    json.writeEndObject();
  }

  private static void writeChecked(JsonGenerator json, FsckReport report) throws IOException {
    FsckReport.Checked checked = report.checked();
    json.writeObjectFieldStart("checked");
    json.writeNumberField("objects", checked.objects());
    json.writeNumberField("object_bytes", checked.objectBytes());
    json.writeBooleanField("bytes_were_read", checked.bytesWereRead());
    json.writeNumberField("files_read", checked.filesRead());
    json.writeNumberField("nodes", checked.nodes());
    json.writeNumberField("commits", checked.commits());
    json.writeNumberField("entries", checked.entries());
    json.writeNumberField("unverified", checked.unverified());
    json.writeEndObject();
    FsckReport.Dangling dangling = report.dangling();
    json.writeObjectFieldStart("dangling");
    json.writeNumberField("objects", dangling.objects());
    json.writeNumberField("object_bytes", dangling.objectBytes());
    json.writeNumberField("nodes", dangling.nodes());
    json.writeNumberField("commits", dangling.commits());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Damage damage) throws IOException {
    json.writeStartObject();
    json.writeStringField("key", damage.key().text());
    json.writeStringField("kind", damage.kind().name().toLowerCase(java.util.Locale.ROOT));
    json.writeStringField("how", damage.how());
    write(json, "needed_by", damage.neededBy());
    json.writeNumberField("commits", damage.commits());
    write(json, "copies", damage.copies());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, RepairReport repaired) throws IOException {
    json.writeArrayFieldStart("repaired");
    for (RepairReport.Repaired done : repaired.repaired()) {
      json.writeStartObject();
      json.writeStringField("key", done.key().text());
      json.writeStringField("from", done.from());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("not_repaired");
    for (RepairReport.Failed left : repaired.failed()) {
      json.writeStartObject();
      json.writeStringField("key", left.key().text());
      json.writeStringField("why", left.why());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
