// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Queries at random over the tables of {@link SqlDifferences}, in words that the step and DuckDB
 * both have and mean alike but for the form of quotes.
 */
final class QueryGenerator {

  private static final int DEPTH = 3;

  private final Random random;

  QueryGenerator(long seed) {
    this.random = new Random(seed);
  }

  List<String> queries(int count) {
    List<String> queries = new ArrayList<>();
    while (queries.size() < count) {
      queries.add(query());
    }
    return queries;
  }

  private String query() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 ->
          "SELECT id, %s AS a, %s AS c FROM t%s".formatted(any(DEPTH), any(DEPTH), where(60));
      case 3 -> "SELECT id FROM t WHERE " + bool(DEPTH);
      case 4, 5 -> grouped();
      case 6 -> "SELECT %s FROM t%s".formatted(aggregates(), where(50));
      case 7 -> joined();
      case 8 -> setOperation();
      default -> limited();
    };
  }

  private String where(int percent) {
    String tame = "id NOT IN (4, 5, 10)";
    return random.nextInt(100) < percent
        ? " WHERE " + (random.nextBoolean() ? tame : tame + " AND " + bool(2))
        : "";
  }

  private String grouped() {
    String key = any(1);
    String having = random.nextInt(3) == 0 ? " HAVING COUNT(*) > 1" : "";
    return "SELECT %s AS k, %s FROM t%s GROUP BY %s%s"
        .formatted(key, aggregates(), where(50), key, having);
  }

  private String aggregates() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      all.add(aggregate() + " AS a" + i);
    }
    return String.join(", ", all);
  }

  private String aggregate() {
    return switch (random.nextInt(9)) {
      case 0 -> "COUNT(*)";
      case 1 -> "COUNT(" + any(2) + ")";
      case 2 -> "MIN(" + any(2) + ")";
      case 3 -> "MAX(" + any(2) + ")";
      case 4 -> "SUM(" + decimal(1) + ")";
      case 5 -> "SUM(" + of("j", "id", "x") + ")";
      case 6 -> "AVG(" + of("j", "id", "x", "i", "n", "m") + ")";
      case 7 -> "SUM(x) FILTER (WHERE " + bool(1) + ")";
      default -> "COUNT(*) FILTER (WHERE " + bool(2) + ")";
    };
  }

  private String joined() {
    String type = of("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN");
    String on =
        of(
            "t.j = u.k",
            "t.n = u.q",
            "t.d = u.z",
            "t.s = u.name",
            "t.`day` = u.`day`",
            "t.l = u.big",
            "t.i = u.big",
            "t.m = u.q AND t.j = u.k",
            "t.j + 1 = u.k",
            "t.w = u.k",
            "t.x = u.q");
    String rest = type.equals("JOIN") && random.nextBoolean() ? " WHERE " + bool(1) : "";
    return "SELECT t.id, u.k, u.q, %s AS c FROM t %s u ON %s%s"
        .formatted(of("u.z", "u.name", "u.big", "COALESCE(u.k, 9)"), type, on, rest)
        .replace("`day` =", "`day` =");
  }

  private String setOperation() {
    String word = of("UNION", "UNION ALL", "INTERSECT", "EXCEPT");
    return switch (random.nextInt(4)) {
      case 0 -> "SELECT %s FROM t %s SELECT %s FROM t".formatted(decimal(1), word, decimal(1));
      case 1 -> "SELECT %s FROM t %s SELECT %s FROM u".formatted(of("j", "l", "n"), word, "k");
      case 2 -> "SELECT %s FROM t %s SELECT name FROM u".formatted(of("s", "g"), word);
      default -> "SELECT d, g FROM t %s SELECT z, name FROM u".formatted(word);
    };
  }

  private String limited() {
    String order =
        "%s%s%s, id"
            .formatted(
                of("i", "n", "d", "s", "`day`", "wall", "b", "m", "f", "w", "bin"),
                of("", " DESC"),
                of("", " NULLS FIRST", " NULLS LAST"));
    return "SELECT id, %s AS c FROM t ORDER BY %s LIMIT %d OFFSET %d"
        .formatted(of("n", "s", "d", "`at`"), order, random.nextInt(12), random.nextInt(4));
  }

  private String of(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String any(int depth) {
    return switch (random.nextInt(7)) {
      case 0, 1 -> integer(depth);
      case 2, 3 -> decimal(depth);
      case 4 -> number(depth);
      case 5 -> text(depth);
      default -> of(bool(depth), "`day`", "wall", "`at`", "bin");
    };
  }

  private String integer(int depth) {
    if (depth == 0) {
      return of("id", "j", "i", "l", "7", "0", "-2");
    }
    String a = integer(depth - 1);
    String b = integer(depth - 1);
    return switch (random.nextInt(11)) {
      case 0 -> "(%s + %s)".formatted(a, b);
      case 1 -> "(%s - %s)".formatted(a, b);
      case 2 -> "(%s * %s)".formatted(a, of("2", "3", "-1"));
      case 3 -> "ABS(%s)".formatted(a);
      case 4 -> "MOD(%s, 3)".formatted(a);
      case 5 -> "CASE WHEN %s THEN %s ELSE %s END".formatted(bool(depth - 1), a, b);
      case 6 -> "COALESCE(%s, %s)".formatted(a, b);
      case 7 -> "NULLIF(%s, %s)".formatted(a, b);
      case 8 -> "CHAR_LENGTH(%s)".formatted(text(depth - 1));
      case 9 ->
          "EXTRACT(%s FROM %s)".formatted(of("YEAR", "MONTH", "DAY"), of("`day`", "wall", "`at`"));
      default -> "CAST(%s AS INTEGER)".formatted(of("x", "m", "j", "'12'"));
    };
  }

  private String decimal(int depth) {
    if (depth == 0) {
      return of("n", "m", "w", "0.5", "1.25", "n", "m");
    }
    String a = decimal(depth - 1);
    return switch (random.nextInt(9)) {
      case 0 -> "(%s + %s)".formatted(a, of("m", "0.5", "1", "j"));
      case 1 -> "(%s - %s)".formatted(a, of("m", "0.25", "2"));
      case 2 -> "(%s * %s)".formatted(of("n", "m"), of("2", "0.5", "j"));
      case 3 -> "COALESCE(%s, %s)".formatted(a, of("0", "0.5", "m"));
      case 4 -> "NULLIF(%s, %s)".formatted(a, of("0.25", "0", "1.25"));
      case 5 -> "ABS(%s)".formatted(a);
      case 6 -> "CAST(%s AS DECIMAL(20, 2))".formatted(of("j", "id", "n", "x", "'1.255'"));
      case 7 -> "CASE WHEN %s THEN %s ELSE %s END".formatted(bool(depth - 1), a, of("0", "m"));
      default -> "MOD(%s, 1)".formatted(of("n", "m"));
    };
  }

  private String number(int depth) {
    if (depth == 0) {
      return of("d", "x", "1e0", "x", "0.5e0");
    }
    String a = number(depth - 1);
    return switch (random.nextInt(6)) {
      case 0 -> "(%s + %s)".formatted(a, of("x", "1", "n"));
      case 1 -> "(%s * %s)".formatted(a, of("x", "0.5"));
      case 2 -> "(%s / %s)".formatted(a, of("x", "2", "d"));
      case 3 -> "COALESCE(%s, 0)".formatted(a);
      case 4 -> "CAST(%s AS DOUBLE)".formatted(of("n", "i", "w", "f", "l"));
      default -> "ABS(%s)".formatted(a);
    };
  }

  private String text(int depth) {
    if (depth == 0) {
      return of("s", "g", "'a'", "''", "'😀b'");
    }
    String a = text(depth - 1);
    return switch (random.nextInt(8)) {
      case 0 -> "(%s || %s)".formatted(a, text(depth - 1));
      case 1 ->
          "SUBSTRING(%s FROM %d FOR %d)".formatted(a, 1 + random.nextInt(3), random.nextInt(3));
      case 2 -> "REPLACE(%s, 'a', 'xy')".formatted(a);
      case 3 -> "TRIM(%s)".formatted(a);
      case 4 -> "COALESCE(%s, 'none')".formatted(a);
      case 5 -> "CASE WHEN %s THEN %s ELSE 'long text' END".formatted(bool(depth - 1), a);
      case 6 -> "CAST(%s AS VARCHAR)".formatted(of("i", "l", "n", "m", "`day`", "wall", "b"));
      default -> "LOWER(%s)".formatted(of("g", "'AbC'"));
    };
  }

  private String bool(int depth) {
    String compares = of("=", "<>", "<", "<=", ">", ">=");
    if (depth == 0) {
      return of("b", "id > 3", "n > 0.5", "s IS NULL", "d < 1", "j IS NOT NULL");
    }
    return switch (random.nextInt(14)) {
      case 0 -> "%s %s %s".formatted(decimal(depth - 1), compares, decimal(depth - 1));
      case 1 -> "%s %s %s".formatted(integer(depth - 1), compares, decimal(depth - 1));
      case 2 -> "%s %s %s".formatted(number(depth - 1), compares, number(depth - 1));
      case 3 -> "%s %s %s".formatted(of("f", "d", "x"), compares, of("n", "0.5", "1", "d", "l"));
      case 4 -> "%s %s %s".formatted(text(depth - 1), compares, text(depth - 1));
      case 5 ->
          "%s %s %s"
              .formatted(
                  of("`day`", "DATE '2017-09-05'"), compares, of("`day`", "DATE '1970-01-01'"));
      case 6 -> "wall %s TIMESTAMP '1970-01-01 00:00:00'".formatted(compares);
      case 7 -> "%s IN (%s, %s)".formatted(decimal(depth - 1), of("0.25", "1"), of("0.5", "1.25"));
      case 8 ->
          "%s BETWEEN %s AND %s".formatted(decimal(depth - 1), of("0", "-1"), of("1.25", "2"));
      case 9 -> "%s LIKE '%s'".formatted(text(depth - 1), of("a%", "_", "%b%", "%", ""));
      case 10 -> "(%s AND %s)".formatted(bool(depth - 1), bool(depth - 1));
      case 11 -> "(%s OR %s)".formatted(bool(depth - 1), bool(depth - 1));
      case 12 -> "NOT (%s)".formatted(bool(depth - 1));
      default -> "(%s) IS %s".formatted(bool(depth - 1), of("TRUE", "NOT TRUE", "FALSE", "NULL"));
    };
  }
}
