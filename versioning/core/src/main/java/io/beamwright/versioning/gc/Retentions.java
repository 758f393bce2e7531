// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.Storage;
import java.time.Instant;
import java.util.Optional;

/** The rules of repos, each a log, so that it can be told who let what go. */
public final class Retentions {

  private final Storage storage;

  /** The rules of the store at {@code storage}. */
  public Retentions(Storage storage) {
    this.storage = storage;
  }

  /** The rule of {@code repo}, if it has one: without one, everything is kept. */
  public Optional<Retention> of(Repo repo) {
    return log(repo)
        .newest()
        .flatMap(
            entry ->
                entry.read(
                    storage,
                    "the rules of repo " + repo.name(),
                    json ->
                        json.required("cleared").booleanValue()
                            ? Optional.empty()
                            : Optional.of(Retention.of(json))));
  }

  /** From now on {@code rule} is the rule of {@code repo}. */
  public void set(Repo repo, Retention rule) {
    long unused = log(repo).append(rule.bytes());
  }

  /** From now on everything of {@code repo} is kept that is still there. */
  public void clear(Repo repo, String by, Instant at) {
    long unused = log(repo).append(Retention.cleared(by, at));
  }

  private NumberedLog log(Repo repo) {
    return new NumberedLog(storage, StoreLayout.retentionLog(repo.id()));
  }
}
